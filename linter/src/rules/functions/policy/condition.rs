//! What conditions of a statement amount to.

use super::statement::{Answer, Statement, any_text};
use crate::value::Value;

/// Keys that say who it is or where from. Service-specific keys for accounts and sources end like these.
const LIMITING: &[&str] = &[
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourceaccount",
    "aws:sourceowner",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:userid",
    "aws:username",
    "kms:calleraccount",
    "kms:viaservice",
    "s3:dataaccesspointaccount",
    "lambda:eventsourcetoken",
];

/// Whether a condition limits who may use the statement, or from where.
pub(super) fn limits_who(statement: &Statement) -> Answer {
    any_condition(statement, |key, values| {
        if LIMITING.contains(&key) || key.ends_with(":sub") || key.ends_with(":aud") {
            return any_text(values, Answer::No, &|text| text == "*").not();
        }
        match key {
            "aws:sourceip" => any_text(values, Answer::No, &|text| matches!(text, "0.0.0.0/0" | "::/0" | "*")).not(),
            _ => Answer::No,
        }
    })
}

/// Whether the statement concerns requests without TLS.
pub(super) fn is_without_tls(statement: &Statement) -> Answer {
    any_condition(statement, |key, values| match key {
        "aws:securetransport" => {
            let texts = any_text(values, Answer::No, &|text| text.eq_ignore_ascii_case("false"));
            let plain = values.as_items().into_iter().flatten().any(|value| value.as_bool() == Some(false));
            texts.or(plain.into())
        }
        _ => Answer::No,
    })
}

fn any_condition(statement: &Statement, question: impl Fn(&str, &Value) -> Answer) -> Answer {
    let Some(conditions) = statement.field("conditions") else { return Answer::No };
    let Some(items) = conditions.as_items() else { return Answer::Open };
    let judge = |item: &Value| {
        let Some(fields) = item.as_fields() else { return Answer::Open };
        match (fields.get("key").and_then(Value::as_str), fields.get("values")) {
            (Some(key), Some(values)) => question(&key.to_ascii_lowercase(), values),
            (None, _) | (_, None) => Answer::Open,
        }
    };
    items.iter().map(judge).fold(Answer::No, Answer::or)
}
