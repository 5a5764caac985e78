//! What a value holds at any depth: marks, unknowns, size.

use std::sync::Arc;

use super::{Fields, Kind, Marks, Object, Unknown, Value};

impl Value {
    /// The marks of the value and of everything in it.
    #[must_use]
    pub fn deep_marks(&self) -> Marks {
        let mut marks = self.marks;
        self.for_each_child(&mut |child| marks = marks.union(child.deep_marks()));
        marks
    }

    /// Whether nothing in the value is unknown.
    #[must_use]
    pub fn is_wholly_known(&self) -> bool {
        if self.is_unknown() {
            return false;
        }
        let mut known = true;
        self.for_each_child(&mut |child| known = known && child.is_wholly_known());
        known
    }

    /// The unknown values within, itself included, in order; at most [`Unknown::MAX_REASONS`], for they serve as reasons.
    #[must_use]
    pub fn unknowns_within(&self) -> Vec<&Unknown> {
        let mut found = Vec::new();
        collect_unknowns(self, &mut found);
        found
    }

    /// The value without any marks, at any depth.
    #[must_use]
    pub fn without_deep_marks(&self) -> Self {
        if self.deep_marks() == Marks::NONE { self.clone() } else { self.map_marks(&|_| Marks::NONE) }
    }

    /// The value with the marks of each part, at any depth, replaced by what `change` makes of them.
    #[must_use]
    pub fn map_marks(&self, change: &dyn Fn(Marks) -> Marks) -> Self {
        let kind = self.kind.map_children(&mut |child| child.map_marks(change));
        Self { kind, marks: change(self.marks), origin: self.origin.clone() }
    }

    /// How many values it is made of, itself included.
    #[must_use]
    pub fn count_parts(&self) -> usize {
        let mut count = 1_usize;
        self.for_each_child(&mut |child| count = count.saturating_add(child.count_parts()));
        count
    }

    /// Calls `visit` for each item or attribute of a known value.
    fn for_each_child<'v>(&'v self, visit: &mut dyn FnMut(&'v Value)) {
        match &self.kind {
            Kind::Unknown(_) | Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
            Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => items.iter().for_each(visit),
            Kind::Map(_, fields) => fields.values().for_each(visit),
            Kind::Object(object) => object.fields.values().for_each(visit),
        }
    }
}

impl Kind {
    /// The same with each item or attribute replaced; types stay as they are.
    fn map_children(&self, change: &mut dyn FnMut(&Value) -> Value) -> Self {
        match self {
            Self::Unknown(_) | Self::Null(_) | Self::Bool(_) | Self::Number(_) | Self::String(_) => self.clone(),
            Self::List(ty, items) => Self::List(ty.clone(), items.iter().map(change).collect()),
            Self::Set(ty, items) => Self::Set(ty.clone(), items.iter().map(change).collect()),
            Self::Tuple(items) => Self::Tuple(items.iter().map(change).collect()),
            Self::Map(ty, fields) => Self::Map(ty.clone(), Arc::new(map_fields(fields, change))),
            Self::Object(object) => Self::Object(Arc::new(Object {
                fields: map_fields(&object.fields, change),
                identity: object.identity.clone(),
            })),
        }
    }
}

fn map_fields(fields: &Fields, change: &mut dyn FnMut(&Value) -> Value) -> Fields {
    fields.iter().map(|(name, value)| (name.clone(), change(value))).collect()
}

fn collect_unknowns<'v>(value: &'v Value, found: &mut Vec<&'v Unknown>) {
    if found.len() >= Unknown::MAX_REASONS {
        return;
    }
    if let Some(unknown) = value.as_unknown() {
        found.push(unknown);
    }
    value.for_each_child(&mut |child| collect_unknowns(child, found));
}

impl Value {
    /// The value with each part that has `marks` replaced by what `change` makes of it.
    #[must_use]
    pub fn replace_marked(&self, marks: Marks, change: &dyn Fn(&Self) -> Self) -> Self {
        if self.marks.contains(marks) {
            return change(self);
        }
        let kind = self.kind.map_children(&mut |child| child.replace_marked(marks, change));
        Self { kind, marks: self.marks, origin: self.origin.clone() }
    }
}
