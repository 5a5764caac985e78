//! The shape of a resource type.

use std::sync::Arc;

use crate::diagnostic::closest;
use crate::value::Type;

/// A resource type as its provider declares it.
#[derive(Clone, Debug)]
pub struct ResourceSchema {
    /// `aws_subnet`
    pub name: Arc<str>,
    /// Which of the provider's releases in the table have it.
    pub releases: Releases,
    /// Its attributes and nested blocks.
    pub members: Members,
}

/// Which of the releases in a provider's table have something. The tables of azurerm and google hold one release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Releases {
    /// All of them.
    All,
    /// Only the older one (aws 3): it is gone since.
    OlderOnly,
    /// Only the newer one (aws 6).
    NewerOnly,
}

/// Attributes and nested blocks, in name order.
#[derive(Clone, Debug, Default)]
pub struct Members(pub(super) Vec<(Arc<str>, Member)>);

/// An attribute or a nested block.
#[derive(Clone, Debug)]
pub struct Member {
    /// Which releases have it.
    pub releases: Releases,
    /// What it is.
    pub kind: MemberKind,
}

/// What a member is.
#[derive(Clone, Debug)]
pub enum MemberKind {
    /// `name = value`
    Attribute(Attribute),
    /// `name { … }`
    Block(Block),
}

/// An attribute.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Its type; all attributes of object types are required.
    pub ty: Type,
    /// Who gives it its value.
    pub presence: Presence,
    /// Its value must not be shown.
    pub sensitive: bool,
    /// The provider advises against it.
    pub deprecated: bool,
    /// It is sent but never kept in plan or state.
    pub write_only: bool,
}

/// Who gives an attribute its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The configuration, always.
    Required,
    /// The configuration, or nobody.
    Optional,
    /// The configuration, otherwise the provider.
    OptionalComputed,
    /// The provider.
    Computed,
}

/// A nested block.
#[derive(Clone, Debug)]
pub struct Block {
    /// How several blocks of the name make one value.
    pub nesting: Nesting,
    /// At least so many.
    pub min: u32,
    /// At most so many; `None` for no limit.
    pub max: Option<u32>,
    /// What it holds.
    pub members: Members,
}

/// How several blocks of one name make one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// One object or null.
    Single,
    /// A list of objects.
    List,
    /// A set of objects.
    Set,
    /// A map of objects by block label.
    Map,
}

/// What a path leads to.
#[derive(Clone, Debug)]
pub enum Place<'a> {
    /// An attribute.
    Attribute(&'a Attribute),
    /// A nested block.
    Block(&'a Block),
    /// Something inside an attribute, of this type.
    Inside(&'a Attribute, Type),
}

impl ResourceSchema {
    /// What a path leads to. Steps are names; for maps any key is one. Indexes of lists and sets are no steps:
    /// `["ingress", "cidr_blocks"]`. `None` if there is no such thing.
    #[must_use]
    pub fn find<'p>(&self, steps: impl IntoIterator<Item = &'p str>) -> Option<Place<'_>> {
        self.members.find(steps)
    }
}

impl Members {
    /// The member of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Member> {
        let index = self.0.binary_search_by(|(other, _)| other.as_ref().cmp(name)).ok()?;
        self.0.get(index).map(|(_, member)| member)
    }

    /// The attribute of a name; `None` if there is none or it is a block.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        match &self.get(name)?.kind {
            MemberKind::Attribute(attribute) => Some(attribute),
            MemberKind::Block(_) => None,
        }
    }

    /// The nested block of a name; `None` if there is none or it is an attribute.
    #[must_use]
    pub fn block(&self, name: &str) -> Option<&Block> {
        match &self.get(name)?.kind {
            MemberKind::Attribute(_) => None,
            MemberKind::Block(block) => Some(block),
        }
    }

    /// All members, in name order.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Member)> {
        self.0.iter().map(|(name, member)| (name, member))
    }

    /// As [`ResourceSchema::find`], from here.
    #[must_use]
    pub fn find<'p>(&self, steps: impl IntoIterator<Item = &'p str>) -> Option<Place<'_>> {
        let mut members = self;
        let mut steps = steps.into_iter();
        let mut name = steps.next()?;
        loop {
            match &members.get(name)?.kind {
                MemberKind::Attribute(attribute) => return attribute.find(steps),
                MemberKind::Block(block) => match steps.next() {
                    None => return Some(Place::Block(block)),
                    Some(next) => (members, name) = (&block.members, next),
                },
            }
        }
    }

    /// The known name that a mistyped one is closest to; `None` if none is close.
    #[must_use]
    pub fn suggest(&self, name: &str) -> Option<&str> {
        closest(name, self.0.iter().map(|(known, _)| known.as_ref()))
    }
}

impl Attribute {
    /// Whether Terraform lets it be written as nested blocks too: lists and sets of objects.
    #[must_use]
    pub fn may_be_blocks(&self) -> bool {
        matches!(&self.ty, Type::List(item) | Type::Set(item) if matches!(**item, Type::Object(_)))
    }

    fn find<'p>(&self, steps: impl Iterator<Item = &'p str>) -> Option<Place<'_>> {
        let mut inside: Option<Type> = None;
        for name in steps {
            let mut ty = inside.as_ref().unwrap_or(&self.ty);
            while let Type::List(item) | Type::Set(item) = ty {
                ty = item;
            }
            inside = Some(match ty {
                Type::Object(attributes) => attributes.get(name)?.ty.clone(),
                Type::Map(item) => (**item).clone(),
                Type::Any => Type::Any,
                Type::Bool | Type::Number | Type::String | Type::Tuple(_) | Type::List(_) | Type::Set(_) => {
                    return None;
                }
            });
        }
        Some(inside.map_or(Place::Attribute(self), |ty| Place::Inside(self, ty)))
    }
}
