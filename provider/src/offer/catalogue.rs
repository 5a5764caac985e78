//! The descriptions.

use std::collections::BTreeMap;
use std::sync::Arc;

use palisade::value::{ObjectAttribute, Type};

use super::{Attribute, Block, Function, Parameter, Presence, Schema};

/// The resource that judges.
pub const GATE: &str = "palisade_gate";
/// The data source that judges.
pub const CHECK: &str = "palisade_check";
/// The function that gives messages.
pub const VIOLATIONS: &str = "violations";
/// The function that gives whether there are any.
pub const COMPLIANT: &str = "compliant";
/// The function that reads an environment out of a name.
pub const ENVIRONMENT_OF: &str = "environment_of";
/// The function that compares ranges.
pub const CIDR_OVERLAPS: &str = "cidr_overlaps";

fn attribute(name: &'static str, ty: Type, presence: Presence, description: &'static str) -> Attribute {
    Attribute { name, ty, presence, description }
}

fn object<const N: usize>(attributes: [(&str, Type); N]) -> Type {
    let attributes = attributes.into_iter().map(|(name, ty)| (Arc::from(name), ObjectAttribute::required(ty)));
    Type::Object(Arc::new(attributes.collect::<BTreeMap<_, _>>()))
}

/// The provider's own configuration.
#[must_use]
pub fn provider() -> Schema {
    use Presence::Optional;
    Schema {
        description: "Judges what Terraform is about to do by the rules of Palisade: segregation, firewalls, time, TLS \
                      and logging. Without any argument it finds the nearest `palisade.hcl` above the directory in which \
                      Terraform runs, and uses the built-in rules.",
        attributes: vec![
            attribute(
                "config",
                Type::String,
                Optional,
                "Path of the configuration file, instead of the nearest `palisade.hcl`.",
            ),
            attribute(
                "environment",
                Type::String,
                Optional,
                "The environment that everything belongs to, such as `prod`; otherwise it is inferred.",
            ),
            attribute(
                "fail_on",
                Type::String,
                Optional,
                "Findings of this severity or above count: `low`, `medium`, `high` or `critical`. Otherwise as the \
                 configuration file says, or `medium`.",
            ),
            attribute(
                "mode",
                Type::String,
                Optional,
                "`enforce` (the default): findings that count are errors. `advise`: they are warnings.",
            ),
            attribute(
                "rulesets",
                Type::list(Type::String),
                Optional,
                "Folders of rules, and `builtin` for those that come with Palisade, instead of what the configuration \
                 file names. Paths start from the directory in which Terraform runs.",
            ),
        ],
        blocks: Vec::new(),
    }
}

/// `palisade_gate`
#[must_use]
pub fn gate() -> Schema {
    use Presence::{Computed, Optional, Required};
    let verdict = object([("rule", Type::String), ("subject", Type::String), ("verdict", Type::String)]);
    Schema {
        description: "A gate that opens only for what complies. It judges its subjects when they are planned, and what \
                      is not known then when it is applied; resources that depend on it are not touched while it is \
                      closed. The state keeps what was judged, by which rules, with which verdict: no values. Messages may \
                      quote values, but not those of attributes that the resource's own schema calls sensitive.",
        attributes: vec![
            attribute("name", Type::String, Required, "What the gate is called in messages. Also its `id`."),
            attribute(
                "environment",
                Type::String,
                Optional,
                "The environment that the subjects belong to, instead of the provider's.",
            ),
            attribute("id", Type::String, Computed, "The name."),
            attribute(
                "policy_digest",
                Type::String,
                Computed,
                "SHA-256 over rules, configuration and gate. When it changes, the subjects are judged again.",
            ),
            attribute(
                "verdict",
                Type::String,
                Computed,
                "`pass`; or `undetermined`, when a rule could not be decided; or `fail`, which only `advise` lets through.",
            ),
            attribute(
                "record",
                Type::list(verdict),
                Computed,
                "What each rule that concerns a subject came to: `pass`, `fail` or `undetermined`.",
            ),
        ],
        blocks: vec![Block {
            name: "subject",
            min: 1,
            description: "Something to judge.",
            attributes: vec![
                attribute("type", Type::String, Required, "The resource type: `aws_security_group`."),
                attribute(
                    "config",
                    Type::Any,
                    Required,
                    "Its arguments, as an object: what the resource itself is given. Blocks are objects or lists of \
                     objects.",
                ),
                attribute("name", Type::String, Optional, "What it is called in messages and waivers."),
            ],
        }],
    }
}

/// `palisade_check`
#[must_use]
pub fn check() -> Schema {
    use Presence::{Computed, Optional, Required};
    let finding = object([
        ("rule", Type::String),
        ("severity", Type::String),
        ("verdict", Type::String),
        ("address", Type::String),
        ("message", Type::String),
        ("file", Type::String),
        ("line", Type::Number),
        ("waived", Type::Bool),
    ]);
    Schema {
        description: "Judges a directory, a plan file or a state as `palisade check` does. Findings that count are \
                      errors, or in mode `advise` only returned.",
        attributes: vec![
            attribute("path", Type::String, Required, "The directory, plan file, plan JSON or state."),
            attribute("environment", Type::String, Optional, "The environment, instead of the provider's."),
            attribute("fail_on", Type::String, Optional, "The severity that counts, instead of the provider's."),
            attribute("mode", Type::String, Optional, "`enforce` or `advise`, instead of the provider's."),
            attribute("workspace", Type::String, Optional, "The workspace that `terraform.workspace` is."),
            attribute(
                "var_files",
                Type::list(Type::String),
                Optional,
                "Files with values of variables, for directories.",
            ),
            attribute("variables", Type::map(Type::String), Optional, "Values of variables, for directories."),
            attribute("id", Type::String, Computed, "The path."),
            attribute("passed", Type::Bool, Computed, "Whether no finding counts."),
            attribute("policy_digest", Type::String, Computed, "SHA-256 over rules, configuration and gate."),
            attribute("findings", Type::list(finding), Computed, "What was found, by file and line."),
        ],
        blocks: Vec::new(),
    }
}

/// The functions.
#[must_use]
pub fn functions() -> Vec<Function> {
    vec![violations(), compliant(), environment_of(), cidr_overlaps()]
}

fn subject() -> Vec<Parameter> {
    vec![
        Parameter { name: "type", ty: Type::String, description: "The resource type: `aws_security_group`." },
        Parameter {
            name: "config",
            ty: Type::Any,
            description: "Its arguments, as an object. Blocks are objects or lists of objects.",
        },
    ]
}

fn violations() -> Function {
    Function {
        name: VIOLATIONS,
        summary: "What is wrong with a resource of a type with these arguments",
        description: "The messages of all rules that the arguments violate, worst first; an empty list if they comply. \
                          Rules that need other resources do not count. While arguments are unknown that decide, the \
                          result is unknown, but known to be as long as what is certain already. The rules are the \
                          built-in ones and what the nearest `palisade.hcl` above the directory says in which Terraform \
                          runs: functions know nothing of the `provider` block.",
        parameters: subject(),
        result: Type::list(Type::String),
        example: r#"locals {
  ingress = [{ from_port = 443, to_port = 443, protocol = "tcp", cidr_blocks = [var.clients] }]
}

resource "aws_security_group" "web" {
  dynamic "ingress" {
    for_each = local.ingress
    content {
      from_port   = ingress.value.from_port
      to_port     = ingress.value.to_port
      protocol    = ingress.value.protocol
      cidr_blocks = ingress.value.cidr_blocks
    }
  }

  lifecycle {
    precondition {
      condition     = provider::palisade::compliant("aws_security_group", { ingress = local.ingress })
      error_message = join("\n", provider::palisade::violations("aws_security_group", { ingress = local.ingress }))
    }
  }
}"#,
    }
}

fn compliant() -> Function {
    Function {
        name: COMPLIANT,
        summary: "Whether a resource of a type with these arguments complies",
        description: "False if a rule is violated, whatever else is unknown; unknown while arguments are unknown that \
                          decide; otherwise true. The rules are those of `violations`.",
        parameters: subject(),
        result: Type::Bool,
        example: r#"variable "clients" {
  type = string

  validation {
    condition = provider::palisade::compliant("aws_security_group_rule", {
      type = "ingress", protocol = "tcp", from_port = 22, to_port = 22, cidr_blocks = [var.clients]
    })
    error_message = "Administration must not be open to these clients."
  }
}"#,
    }
}

fn environment_of() -> Function {
    Function {
        name: ENVIRONMENT_OF,
        summary: "The environment that a name means",
        description: "The environment that a name means, such as `prod` for `app-production-1`; null if it means none \
                          or several.",
        parameters: vec![Parameter { name: "name", ty: Type::String, description: "A name." }],
        result: Type::String,
        example: r#"check "environment" {
  assert {
    condition     = provider::palisade::environment_of(terraform.workspace) != null
    error_message = "The workspace must name an environment."
  }
}"#,
    }
}

fn cidr_overlaps() -> Function {
    Function {
        name: CIDR_OVERLAPS,
        summary: "Whether two address ranges have an address in common",
        description: "Whether two address ranges such as `10.0.0.0/16` or `fd00::/8` have an address in common.",
        parameters: vec![
            Parameter { name: "a", ty: Type::String, description: "An address range." },
            Parameter { name: "b", ty: Type::String, description: "Another." },
        ],
        result: Type::Bool,
        example: r#"variable "range" {
  type = string

  validation {
    condition     = !provider::palisade::cidr_overlaps(var.range, "10.0.0.0/16")
    error_message = "This range belongs to production."
  }
}"#,
    }
}
