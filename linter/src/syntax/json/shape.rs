//! Which properties of a JSON file are blocks, and how the strings in the others are meant.

/// How the strings in an attribute are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strings {
    /// Templates: `"${var.x}"` is a reference.
    Templates,
    /// Text as it stands, whatever is in it.
    Literal,
    /// Expressions: `"aws_vpc.main"` is a reference, `"list(string)"` a type.
    Expressions,
    /// Text, but for the property `configuration_aliases`, which holds references.
    ProviderRequirement,
}

/// What the properties of a body are. Everything not named is an attribute.
#[derive(Debug)]
pub struct BodyShape {
    /// Properties that are blocks.
    pub blocks: &'static [BlockShape],
    /// Attributes whose strings are meant otherwise than `strings` says.
    pub attributes: &'static [(&'static str, Strings)],
    /// How the strings in all other attributes are meant.
    pub strings: Strings,
}

/// A block type.
#[derive(Debug)]
pub struct BlockShape {
    /// Its name.
    pub name: &'static str,
    /// How many labels it has: each is one level of objects.
    pub labels: usize,
    /// What is in it.
    pub body: &'static BodyShape,
}

impl BodyShape {
    pub(super) fn block(&self, name: &str) -> Option<&'static BlockShape> {
        self.blocks.iter().find(|block| block.name == name)
    }

    pub(super) fn strings_of(&self, name: &str) -> Strings {
        self.attributes.iter().find(|(known, _)| *known == name).map_or(self.strings, |(_, strings)| *strings)
    }
}

const fn block(name: &'static str, labels: usize, body: &'static BodyShape) -> BlockShape {
    BlockShape { name, labels, body }
}

/// A body of attributes only, strings being templates.
static TEMPLATES: BodyShape = BodyShape { blocks: &[], attributes: &[], strings: Strings::Templates };
/// A body of attributes only, strings being text: a file of variable values.
pub(super) static LITERALS: BodyShape = BodyShape { blocks: &[], attributes: &[], strings: Strings::Literal };
static REQUIREMENTS: BodyShape = BodyShape { blocks: &[], attributes: &[], strings: Strings::ProviderRequirement };
static CLOUD: BodyShape =
    BodyShape { blocks: &[block("workspaces", 0, &LITERALS)], attributes: &[], strings: Strings::Literal };

/// A configuration file of Terraform.
pub(super) static TERRAFORM_FILE: BodyShape = BodyShape {
    blocks: &[
        block("resource", 2, &RESOURCE),
        block("data", 2, &RESOURCE),
        block("ephemeral", 2, &RESOURCE),
        block("module", 1, &MODULE),
        block("variable", 1, &VARIABLE),
        block("output", 1, &OUTPUT),
        block("locals", 0, &TEMPLATES),
        block("provider", 1, &PROVIDER),
        block("terraform", 0, &TERRAFORM),
        block("check", 1, &CHECK),
        block("moved", 0, &REFERENCES),
        block("import", 0, &IMPORT),
        block("removed", 0, &REMOVED),
    ],
    attributes: &[],
    strings: Strings::Templates,
};

static TERRAFORM: BodyShape = BodyShape {
    blocks: &[
        block("required_providers", 0, &REQUIREMENTS),
        block("backend", 1, &LITERALS),
        block("cloud", 0, &CLOUD),
        block("provider_meta", 1, &TEMPLATES),
    ],
    attributes: &[("experiments", Strings::Expressions), ("language", Strings::Expressions)],
    strings: Strings::Literal,
};

static PROVIDER: BodyShape = BodyShape {
    blocks: &[block("dynamic", 1, &DYNAMIC)],
    attributes: &[("alias", Strings::Literal), ("version", Strings::Literal)],
    strings: Strings::Templates,
};

static MODULE: BodyShape = BodyShape {
    blocks: &[],
    attributes: &[
        ("source", Strings::Literal),
        ("version", Strings::Literal),
        ("providers", Strings::Expressions),
        ("depends_on", Strings::Expressions),
    ],
    strings: Strings::Templates,
};

static VARIABLE: BodyShape = BodyShape {
    blocks: &[block("validation", 0, &TEMPLATES)],
    attributes: &[("type", Strings::Expressions)],
    strings: Strings::Literal,
};

static OUTPUT: BodyShape = BodyShape {
    blocks: &[block("precondition", 0, &TEMPLATES)],
    attributes: &[("description", Strings::Literal), ("depends_on", Strings::Expressions)],
    strings: Strings::Templates,
};

static RESOURCE: BodyShape = BodyShape {
    blocks: &[
        block("lifecycle", 0, &LIFECYCLE),
        block("provisioner", 1, &PROVISIONER),
        block("connection", 0, &TEMPLATES),
        block("dynamic", 1, &DYNAMIC),
    ],
    attributes: &[("provider", Strings::Expressions), ("depends_on", Strings::Expressions)],
    strings: Strings::Templates,
};

static LIFECYCLE: BodyShape = BodyShape {
    blocks: &[block("precondition", 0, &TEMPLATES), block("postcondition", 0, &TEMPLATES)],
    attributes: &[("ignore_changes", Strings::Expressions), ("replace_triggered_by", Strings::Expressions)],
    strings: Strings::Templates,
};

static PROVISIONER: BodyShape = BodyShape {
    blocks: &[block("connection", 0, &TEMPLATES)],
    attributes: &[("when", Strings::Expressions), ("on_failure", Strings::Expressions)],
    strings: Strings::Templates,
};

static DYNAMIC: BodyShape = BodyShape {
    blocks: &[block("content", 0, &CONTENT)],
    attributes: &[("iterator", Strings::Expressions)],
    strings: Strings::Templates,
};

static CONTENT: BodyShape =
    BodyShape { blocks: &[block("dynamic", 1, &DYNAMIC)], attributes: &[], strings: Strings::Templates };

static CHECK: BodyShape = BodyShape {
    blocks: &[block("data", 2, &RESOURCE), block("assert", 0, &TEMPLATES)],
    attributes: &[],
    strings: Strings::Templates,
};

static REFERENCES: BodyShape = BodyShape { blocks: &[], attributes: &[], strings: Strings::Expressions };

static IMPORT: BodyShape = BodyShape {
    blocks: &[],
    attributes: &[("to", Strings::Expressions), ("provider", Strings::Expressions)],
    strings: Strings::Templates,
};

static REMOVED: BodyShape = BodyShape {
    blocks: &[block("lifecycle", 0, &TEMPLATES), block("provisioner", 1, &PROVISIONER)],
    attributes: &[("from", Strings::Expressions)],
    strings: Strings::Templates,
};
