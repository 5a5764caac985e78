//! Functions: their bounds, and what they keep of unknown and secret values.

use super::print::printed;
use super::scope::evaluated;
use crate::value::{Kind, Knowledge, OriginKind, Value};

/// What a symbol is called, `[…]` around those of a list, `?` around members of a collection of unknown extent.
fn shape(value: &Value) -> String {
    let many = |values: &mut dyn Iterator<Item = &Value>| values.map(shape).collect::<Vec<_>>().join(" ");
    if let Some(symbol) = value.symbol() {
        return symbol.address.to_string();
    }
    match &value.kind {
        Kind::List(_, items) | Kind::Tuple(items) => format!("[{}]", many(&mut items.iter())),
        Kind::Unknown(unknown) => match &unknown.knowledge {
            Knowledge::Members(members) => {
                let sign = |certain: bool| if certain { "" } else { "?" };
                let one = |member: &crate::value::Member| format!("{}{}", shape(&member.value), sign(member.certain));
                format!("members({})", members.iter().map(one).collect::<Vec<_>>().join(" "))
            }
            Knowledge::OneOf(values) => format!("one of({})", many(&mut values.iter())),
            _ => "unknown".to_owned(),
        },
        _ => printed(value),
    }
}

#[test]
fn symbols_pass_through_collections() {
    for (text, expected) in [
        ("element([res.a, res.b], 3)", "res.b"),
        ("lookup({x = res.a}, \"x\")", "res.a"),
        ("lookup({x = res.a}, \"y\", res.b)", "res.b"),
        ("flatten([[res.a], [[\"x\"], \"y\"]])", "members(res.a? unknown? \"x\" \"y\")"),
        ("flatten([[tostring(res.a)], [tostring(res.b)]])", "[res.a res.b]"),
        ("concat([res.a], [\"x\"])", "[res.a \"x\"]"),
        ("concat([res.a], var.ul)", "members(res.a unknown?)"),
        ("values({b = res.b, a = res.a})", "[res.a res.b]"),
        ("merge({x = res.a}, {y = res.b}).x", "res.a"),
        ("merge(var.um, {y = res.b})[\"y\"]", "res.b"),
        ("toset([res.a, \"x\"])", "members(res.a \"x\")"),
        ("tolist(toset([res.a]))", "members(res.a)"),
        ("distinct([res.a, res.a])", "[res.a]"),
        ("distinct([res.a, res.b])", "members(res.a res.b)"),
        ("sort([res.b, \"a\"])", "members(res.b \"a\")"),
        ("slice([res.a, res.b, 1], 0, 2)", "[res.a res.b]"),
        ("reverse([res.a, res.b])", "[res.b res.a]"),
        ("zipmap([\"x\"], [res.a]).x", "res.a"),
        ("one([res.a])", "res.a"),
        ("one([for x in [res.a] : x if var.ub])", "one of(res.a null)"),
        ("coalesce(null, res.a)", "res.a"),
        ("element([res.a, res.b], var.un)", "one of(res.a res.b)"),
        ("lookup({x = res.a, y = res.b}, var.us)", "one of(res.a res.b)"),
        ("setunion([res.a], [\"x\"])", "members(res.a \"x\")"),
        ("compact([tostring(res.a), \"\", \"x\"])", "members(res.a? \"x\")"),
        ("contains([res.a], res.a)", "true"),
        ("index([\"x\", res.a], \"x\")", "0"),
        ("setsubtract([res.a, res.b], [res.a])", "members(res.b?)"),
        ("matchkeys([res.a, res.b], [\"x\", \"y\"], [\"y\"])", "[res.b]"),
        ("keys(merge(var.um, {y = 1}))", "members(\"y\" unknown?)"),
    ] {
        assert_eq!(shape(&evaluated(text).unwrap()), expected, "{text}");
    }
}

#[test]
fn values_taken_out_of_collections_keep_their_origin() {
    for text in [
        "element([\"a\", \"b\"], 1)",
        "lookup({x = \"b\"}, \"x\")",
        "concat([\"a\"], [\"b\"])[1]",
        "flatten([[\"a\"], [\"b\"]])[1]",
        "merge({x = \"a\"}, {x = \"b\"}).x",
        "values({x = \"b\"})[0]",
        "tolist([\"a\", \"b\"])[1]",
        "tolist(toset([\"b\"]))[0]",
        "sort([\"b\", \"a\"])[1]",
        "coalesce(\"\", \"b\")",
        "zipmap([\"x\"], [\"b\"]).x",
    ] {
        let value = evaluated(text).unwrap();
        let written =
            value.origin.iter().flat_map(|origin| origin.steps()).find(|step| step.kind == OriginKind::Literal);
        let span = written.and_then(|step| step.span).unwrap_or_else(|| panic!("{text} has no origin"));
        let range = usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap();
        assert_eq!(&text[range], "\"b\"", "{text}");
    }
}

#[test]
fn work_that_configuration_can_ask_for_is_bounded() {
    for text in [
        "setproduct(range(1000), range(1000))",
        "setproduct(range(1000), range(1000), range(1000), range(1000), range(1000), range(1000), range(1000))",
        "format(\"%1000000000d\", 1)",
        "format(\"%.1000000000f\", 1)",
        "format(\"%99999999999999999999999s\", 1)",
        "regex(\"(a{1000}){1000}\", \"a\")",
        "join(\"\", [format(\"%9000000s\", 1), format(\"%9000000s\", 1)])",
        "join(format(\"%9000000s\", 1), [1, 2, 3])",
        "indent(1e9, \"a\\nb\")",
        "replace(format(\"%100000s\", 1), \" \", format(\"%1000s\", 1))",
        "replace(format(\"%100000s\", 1), \"/ /\", format(\"%1000s\", 1))",
        "replace(format(\"%100000s\", 1), \"\", format(\"%1000s\", 1))",
        "split(\" \", format(\"%1000000s\", 1))",
        "regexall(\" \", format(\"%1000000s\", 1))",
        "regex(\"(a{1000}){20}\", format(\"%2000000s\", 1))",
        "tostring(1e20000 * 1e20000)",
        "format(\"%d\", 1e20000 * 1e20000)",
        "formatlist(\"%9000000s\", [1])[0] == \"\" ? 1 : join(\"\", formatlist(\"%9000000s\", [1, 2]))",
    ] {
        let message = evaluated(text).map(|value| value.brief()).unwrap_err();
        assert!(message.to_lowercase().contains("limit reached"), "{text}: {message}");
        let caught = evaluated(&format!("try({text}, 0)"));
        assert!(caught.is_err() || text.starts_with("tostring"), "{text} is hidden by try()");
    }
    for text in ["range(1e9)", "range(0, 1, 1e-9)", "regex(\"a{1001}\", \"a\")", "chunklist(range(10), 1e30)"] {
        assert!(evaluated(text).is_err(), "{text}");
    }
}

#[test]
fn hostile_patterns_neither_hang_nor_overflow() {
    let deep = format!("{}a{}", "(".repeat(5000), ")".repeat(5000));
    for pattern in
        [deep.as_str(), "((a*)*)*b", "(a|a)*b", "(a+)+$", "[", "(?P<", "\\Q", "\\", "[[:", "(?", "{1,2", "a{2", "x{,3}"]
    {
        let text = format!("regexall({}, format(\"%5000s\", \"a\"))", Value::quote(pattern));
        // An answer or an error: either will do.
        let answer = evaluated(&text);
        assert!(answer.is_ok() || !answer.unwrap_err().is_empty(), "{pattern}");
    }
}

#[test]
fn secrets_do_not_show_in_messages() {
    for text in [
        "parseint(sensitive(\"hush\"), 10)",
        "tonumber(sensitive(\"hush\"))",
        "tonumber(sensitive({a = \"hush\"}).a)",
        "abs(sensitive(\"hush\"))",
        "abs([for x in sensitive([\"hush\"]) : x][0])",
        "format(\"%d\", sensitive(\"hush\"))",
        "format(sensitive(\"%hush\"), 1)",
        "lookup({}, sensitive(\"hush\"))",
        "sum([1, sensitive(\"hush\")])",
        "regex(sensitive(\"(hush\"), \"a\")",
        "tobool(sensitive(\"hush\"))",
        "element([1], sensitive(\"hush\"))",
        "alltrue(sensitive([\"hush\"]))",
        "setunion(sensitive([\"hush\"]), [[1]])",
        "max(sensitive(\"hush\"))",
    ] {
        let message = evaluated(text).map(|value| value.brief()).unwrap_err();
        assert!(!message.contains("hush"), "{text}: {message}");
    }
}

#[test]
fn messages_say_what_is_wrong_and_where() {
    for (text, words) in [
        ("upper(null)", "\"str\""),
        ("upper()", "Not enough arguments"),
        ("upper(1, 2)", "Too many arguments"),
        ("uper(\"a\")", "no function named \"uper\""),
        ("abs(\"x\")", "a number is required, but this is \"x\""),
        ("join(\",\", [1, [2]])", "[1]"),
        ("range(0, 5, -1)", "lead away"),
        ("lookup({a = 1}, \"b\")", "no key \"b\""),
        ("merge([1])", "a map or object is required"),
        ("slice([1], 0, 3)", "after the list's 1 items"),
        ("format(\"%s %s\", 1)", "argument 2"),
        ("regex(\"z\", \"a\")", "matches no part"),
    ] {
        let message = evaluated(text).map(|value| value.brief()).unwrap_err();
        assert!(message.contains(words), "{text}: {message}");
    }
}
