#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;

fn number(text: &str) -> Number {
    Number::parse(text).unwrap()
}

#[test]
fn a_number_is_small() {
    assert!(size_of::<Number>() <= 24, "{}", size_of::<Number>());
}

#[test]
fn printing_is_terraforms() {
    let third = number("10").div(&number("3")).unwrap();
    assert_eq!(
        third.to_string(),
        "3.3333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333332"
    );
    assert_eq!(number("1e400").to_string(), format!("1{}", "0".repeat(400)));
    assert_eq!(number("1e-400").to_string(), format!("0.{}1", "0".repeat(399)));
    assert_eq!(number("0.1").add(&number("0.2")).unwrap().to_string(), "0.3");
    assert_eq!(number("9007199254740993").to_string(), "9007199254740993");
    assert_eq!(number("-1.50").to_string(), "-1.5");
}

#[test]
fn precision_is_that_of_the_better_operand() {
    let sevenths = Number::from(3).div(&Number::from(7)).unwrap();
    assert_eq!(sevenths.to_string(), "0.42857142857142857144");
    let root = Number::from_f64(2_f64.sqrt()).unwrap();
    assert_eq!(root.to_string(), "1.4142135623730951");
    assert_eq!(root.mul(&number("1")).unwrap().to_string(), "1.4142135623730951454746218587388284504413604736328125");
    let hundredth = number("0.1").mul(&number("0.1")).unwrap().to_string();
    assert_eq!(
        hundredth,
        "0.010000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001"
    );
}

#[test]
fn long_integers_are_rounded_at_512_bits() {
    let digits = "1234567890".repeat(17);
    let printed = number(&digits).to_string();
    assert_eq!(printed, format!("{}12346{}", "1234567890".repeat(15), "0".repeat(15)));
}

#[test]
fn remainder_has_the_sign_of_the_dividend() {
    for (left, right, rest) in [
        ("5", "-3", "2"),
        ("-5", "3", "-2"),
        ("5.5", "2", "1.5"),
        ("-5.5", "2", "-1.5"),
        ("5.5", "-2", "1.5"),
        ("1e30", "7", "1"),
        ("0.3", "0.1", "0"),
        ("5", "0", "5"),
    ] {
        assert_eq!(number(left).rem(&number(right)).unwrap().to_string(), rest, "{left} % {right}");
    }
}

#[test]
fn infinity_and_signed_zero_are_terraforms() {
    let zero = number("0");
    assert_eq!(number("1").div(&zero).unwrap().to_string(), "+Inf");
    assert_eq!(number("-1").div(&zero).unwrap().to_string(), "-Inf");
    assert_eq!(zero.div(&zero), Err(Undefined::ZeroByZero));
    assert_eq!(zero.mul(&number("-1")).unwrap().to_string(), "-0");
    assert_eq!(zero.neg(), zero);
    assert_eq!(number("1e999999999").to_string(), "+Inf");
    assert!(number("1e999999999") > number("1e20000"));
    assert!(number("-Inf") < number("-1e20000"));
}

#[test]
fn hostile_exponents_and_digits_cost_nothing() {
    assert_eq!(Number::parse("1e600000000"), None);
    assert_eq!(Number::parse(&"9".repeat(1_000_000)), None);
    assert_eq!(number("1e-999999999"), Number::ZERO);
    let mut power = number("1e20000");
    for _ in 0..40 {
        power = power.mul(&power).unwrap();
        assert!(power.to_string().len() < 1000);
    }
    assert!(power.is_infinite());
}

#[test]
fn text_that_is_no_number_is_refused() {
    for text in ["", "1_000", "0x10", " 1", "1 ", "1e", "e5", ".", "-", "1.2.3", "--1", "0b1", "１"] {
        assert_eq!(Number::parse(text), None, "{text:?}");
    }
    for (text, value) in [("+5", 5), ("5.", 5), ("1p3", 8), ("1e5", 100_000), ("1E+2", 100), ("007", 7)] {
        assert_eq!(number(text).to_i64(), Some(value), "{text:?}");
    }
}

#[test]
fn floor_and_ceil_go_the_right_way() {
    for (text, floor, ceil) in [("1.5", 1, 2), ("-1.5", -2, -1), ("2", 2, 2), ("-0.5", -1, 0), ("1e-400", 0, 1)] {
        assert_eq!(number(text).floor().to_i64(), Some(floor), "{text}");
        assert_eq!(number(text).ceil().to_i64(), Some(ceil), "{text}");
    }
}

#[test]
fn integers_of_any_base_are_read() {
    for (text, base, value) in
        [("ff", 16, "255"), ("-FF", 16, "-255"), ("Z", 62, "61"), ("z", 62, "35"), ("10", 2, "2")]
    {
        assert_eq!(Number::parse_integer(text, base).unwrap().to_string(), value);
    }
    assert_eq!(Number::parse_integer("8", 8), None);
    let large = Number::parse_integer("7fffffffffffffffffffffffff", 16).unwrap();
    assert_eq!(large.div(&Number::from(7)).unwrap().to_string().split_once('.').unwrap().0.len(), 31);
}

#[test]
fn f64_round_trips() {
    for value in [0.1, -2.5, 1e300, 5e-324, 123_456_789.125, f64::MAX, -0.0] {
        assert_eq!(Number::from_f64(value).unwrap().to_f64().to_bits(), f64::to_bits(value));
    }
    assert_eq!(Number::from_f64(f64::NAN), None);
    assert_eq!(number("0.1").to_f64(), 0.1);
    assert_eq!(number("1e400").to_f64(), f64::INFINITY);
}
