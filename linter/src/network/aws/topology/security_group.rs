//! The security groups of an interface: which filters stand before it, which groups it belongs to.

use std::sync::Arc;

use super::super::super::build::filters::{anybody, implied_rule};
use super::super::super::build::{Builder, Item};
use super::super::super::filter::{Direction, FilterKind};
use super::super::super::model::filter::{GroupName, PacketFilter, RulePeer};
use super::super::super::model::{FilterId, Label, Membership, Region};
use crate::value::{Reason, Value};

const TYPES: &[&str] = &["aws_security_group", "aws_default_security_group"];

/// The groups of an interface.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    /// Their filters.
    pub(super) filters: Vec<FilterId>,
    /// What it belongs to.
    pub(super) members: Vec<Membership>,
    /// Why it may belong to others.
    pub(super) open: Vec<Reason>,
}

impl Groups {
    /// No group and no filter: everything passes, as for interfaces that have none by nature.
    pub(super) fn is_none(&self) -> bool {
        self.filters.is_empty() && self.open.is_empty()
    }

    /// Groups of which nothing is known.
    pub(super) fn unknown(builder: &mut Builder<'_, '_>, item: Item<'_>) -> Self {
        let key: Arc<str> = format!("security groups of {} that are not known", builder.key(item)).into();
        let why = Reason::Error(format!("the security groups of {} are not known", builder.key(item)).into());
        Self { filters: vec![builder.unknown_filter(&key, "security group")], members: Vec::new(), open: vec![why] }
    }

    pub(super) fn add(&mut self, builder: &mut Builder<'_, '_>, root: usize, key: &Arc<str>, certain: bool) {
        if self.members.iter().any(|member| member.group == *key) {
            return;
        }
        let filter = filter(builder, root, key);
        let filter = if certain { filter } else { perhaps(builder, filter, key) };
        self.filters.push(filter);
        self.members.push(Membership { group: key.clone(), certain });
    }
}

/// The groups that some attributes name; the VPC's default group where they name none.
pub(super) fn groups(
    builder: &mut Builder<'_, '_>,
    item: Item<'_>,
    lists: &[Option<&Value>],
    vpc: &Arc<str>,
) -> Groups {
    let mut groups = Groups::default();
    for list in lists {
        let references = builder.references(item, *list, TYPES);
        for (key, certain) in references.all() {
            groups.add(builder, item.root, key, certain);
        }
        groups.open.extend(references.open);
    }
    if groups.filters.is_empty() && groups.open.is_empty() {
        let key = default_key(builder, vpc);
        groups.add(builder, item.root, &key, true);
    }
    if !groups.open.is_empty() {
        let key: Arc<str> = format!("security groups of {} that are not known", builder.key(item)).into();
        let filter = builder.unknown_filter(&key, "security group");
        groups.filters.push(filter);
    }
    groups
}

/// Adds groups that something else attaches to the interface.
pub(super) fn attach(builder: &mut Builder<'_, '_>, item: Item<'_>, value: Option<&Value>, groups: &mut Groups) {
    let references = builder.references(item, value, TYPES);
    let exists = builder.existence(item).0.must;
    for (key, certain) in references.all() {
        groups.add(builder, item.root, key, certain && exists);
    }
    groups.open.extend(references.open);
}

/// The key of a VPC's default group: its managed form if there is one.
fn default_key(builder: &Builder<'_, '_>, vpc: &Arc<str>) -> Arc<str> {
    for item in builder.items(&["aws_default_security_group"]) {
        if builder.refers(item, "vpc_id", super::vpc::NAMES).certain.contains(vpc) {
            return builder.key(item);
        }
    }
    format!("{vpc}.default_security_group_id").into()
}

fn filter(builder: &mut Builder<'_, '_>, root: usize, key: &Arc<str>) -> FilterId {
    if let Some(known) = builder.kept_filter(key).or_else(|| builder.filter(root, key, "security group")) {
        return known;
    }
    match key.strip_suffix(".default_security_group_id") {
        Some(vpc) if !vpc.contains("data.") => implied_default(builder, key, vpc),
        // A group that is declared without rules is in the table of filters; this one is not managed here.
        Some(_) | None => builder.unknown_filter(key, "security group"),
    }
}

/// The default group that AWS makes: everything from its own members, everything out.
fn implied_default(builder: &mut Builder<'_, '_>, key: &Arc<str>, vpc: &str) -> FilterId {
    let label = Label::implied(&format!("default security group of {vpc} (not declared)"), "security group");
    let own = RulePeer { region: Region::default(), group: Some(GroupName::Key(key.clone())), doubts: [].into() };
    let inward = implied_rule(&label, Direction::Ingress, own);
    let rules = vec![
        super::super::super::model::filter::Rule {
            label: label.saying("allows all in from its own members"),
            ..inward
        },
        implied_rule(&label, Direction::Egress, anybody()),
    ];
    builder.keep_filter(key.clone(), PacketFilter::new(label, FilterKind::AllowList, rules))
}

/// The filter of a group that an interface may not have.
fn perhaps(builder: &mut Builder<'_, '_>, filter: FilterId, key: &Arc<str>) -> FilterId {
    let full: Arc<str> = format!("{key} (perhaps)").into();
    if let Some(known) = builder.kept_filter(&full) {
        return known;
    }
    let Some(certain) = builder.topology.filter(filter).cloned() else { return filter };
    let doubts: Arc<[Reason]> = [Reason::Error(format!("whether {key} is attached is not known").into())].into();
    let rules = certain.rules().iter().cloned().map(|mut rule| {
        rule.exists.must = false;
        rule.doubts = rule.doubts.iter().chain(doubts.iter()).cloned().collect();
        rule
    });
    let rules = rules.collect();
    builder.keep_filter(full, PacketFilter::new(certain.label, certain.kind, rules))
}
