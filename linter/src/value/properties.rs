//! Laws that hold for all values.

use dashu_int::IBig;
use proptest::prelude::*;

use super::*;

fn number(text: &str) -> Number {
    Number::parse(text).unwrap_or(Number::ZERO)
}

fn primitive() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::from),
        (-5_i64..5).prop_map(Value::from),
        "[ab01]{0,2}".prop_map(Value::string),
        Just(Value::null()),
        Just(Value::unknown(Type::String, Reason::NoValue("var.x".into()))),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    primitive().prop_recursive(3, 24, 4, |inner| {
        let named = prop::collection::btree_map(
            "[ab]".prop_map(|name| std::sync::Arc::from(name.as_str())),
            inner.clone(),
            0..3,
        );
        prop_oneof![prop::collection::vec(inner, 0..4).prop_map(Value::tuple), named.prop_map(Value::object),]
    })
}

fn ty() -> impl Strategy<Value = Type> {
    let simple = prop_oneof![Just(Type::Any), Just(Type::Bool), Just(Type::Number), Just(Type::String)];
    simple.prop_recursive(3, 12, 3, |inner| {
        let attribute = (inner.clone(), any::<bool>()).prop_map(|(ty, optional)| ObjectAttribute { ty, optional });
        let named =
            prop::collection::btree_map("[ab]".prop_map(|name| std::sync::Arc::from(name.as_str())), attribute, 0..3);
        prop_oneof![
            inner.clone().prop_map(Type::list),
            inner.clone().prop_map(Type::set),
            inner.clone().prop_map(Type::map),
            prop::collection::vec(inner, 0..3).prop_map(|items| Type::Tuple(items.into())),
            named.prop_map(|attributes| Type::Object(std::sync::Arc::new(attributes))),
        ]
    })
}

proptest! {
    #[test]
    fn conversion_to_the_same_type_again_changes_nothing(value in value(), ty in ty()) {
        if let Ok(once) = convert(&value, &ty) {
            let twice = convert(&once, &ty);
            prop_assert!(twice.as_ref().is_ok_and(|twice| twice.same(&once)), "{once:?} {twice:?}");
        }
    }

    #[test]
    fn a_converted_value_is_of_the_type(value in value(), ty in ty()) {
        if let Ok(converted) = convert(&value, &ty) {
            prop_assert!(!converted.type_of().excludes(&ty.without_optional()), "{converted:?}");
        }
    }

    #[test]
    fn values_convert_only_where_their_types_do(value in value(), ty in ty()) {
        if convert(&value, &ty).is_ok() {
            prop_assert!(converts(&value.type_of(), &ty), "{} {ty}", value.type_of());
        }
    }

    #[test]
    fn unification_does_not_depend_on_order(left in value(), right in value()) {
        let (left, right) = (left.type_of(), right.type_of());
        prop_assert_eq!(unify(&[left.clone(), right.clone()]), unify(&[right, left]));
    }

    #[test]
    fn all_types_convert_to_the_unified_one(values in prop::collection::vec(value(), 1..4)) {
        let types: Vec<Type> = values.iter().map(Value::type_of).collect();
        if let Some(unified) = unify(&types) {
            for ty in &types {
                prop_assert!(converts(ty, &unified), "{ty} {unified}");
            }
        }
    }

    #[test]
    fn sets_do_not_depend_on_the_order_of_their_items(values in prop::collection::vec(value(), 0..6), turn in 0_usize..6) {
        let Ok(list) = convert(&Value::tuple(values), &Type::list(Type::Any)) else { return Ok(()) };
        let items = list.as_items().unwrap_or_default().to_vec();
        let mut turned = items.clone();
        turned.rotate_left(turn % items.len().max(1));
        let item = list.type_of().item().cloned().unwrap_or(Type::Any);
        let (set, other) = (Value::set_of(item.clone(), items), Value::set_of(item, turned));
        if set.is_wholly_known() {
            prop_assert!(set.same(&other), "{set:?} {other:?}");
            prop_assert_eq!(equal(&set, &other), Some(true));
        }
    }

    #[test]
    fn equality_is_symmetric_and_reflexive(left in value(), right in value()) {
        prop_assert_eq!(equal(&left, &right), equal(&right, &left));
        prop_assert!(equal(&left, &left) != Some(false));
        prop_assert_eq!(left.is_wholly_known(), equal(&left, &left) == Some(true));
    }

    #[test]
    fn equal_known_values_of_one_type_have_one_key(left in value(), right in value()) {
        if left.is_wholly_known() && right.is_wholly_known() && left.type_of() == right.type_of() {
            prop_assert_eq!(equal(&left, &right) == Some(true), left.key_text() == right.key_text());
        }
    }

    #[test]
    fn numbers_print_as_they_are_written(text in "-?[1-9][0-9]{0,60}(\\.[0-9]{0,60}[1-9])?") {
        prop_assert_eq!(number(&text).to_string(), text);
    }

    #[test]
    fn numbers_are_read_as_they_print(digits in "[1-9][0-9]{0,200}", exponent in -400_i32..400) {
        let number = number(&format!("{digits}e{exponent}"));
        prop_assert_eq!(Number::parse(&number.to_string()), Some(number));
    }

    #[test]
    fn arithmetic_of_integers_is_exact(left in any::<i128>(), right in any::<i128>()) {
        let (a, b) = (number(&left.to_string()), number(&right.to_string()));
        let (left, right) = (IBig::from(left), IBig::from(right));
        let printed = |number: Result<Number, Undefined>| number.map(|number| number.to_string());
        prop_assert_eq!(printed(a.add(&b)), Ok((&left + &right).to_string()));
        prop_assert_eq!(printed(a.sub(&b)), Ok((&left - &right).to_string()));
        prop_assert_eq!(printed(a.mul(&b)), Ok((&left * &right).to_string()));
        prop_assert_eq!(a.cmp(&b), left.cmp(&right));
        if !b.is_zero() {
            let rest = a.rem(&b).map(|rest| rest.abs().to_string());
            let expected = (&left % &right).to_string();
            prop_assert_eq!(rest, Ok(expected.trim_start_matches('-').to_owned()));
        }
    }

    #[test]
    fn division_is_undone_by_multiplication(left in 1_i64..1_000_000_000, right in 1_i64..1_000_000_000) {
        let (a, b) = (number(&left.to_string()), number(&right.to_string()));
        let back = a.div(&b).and_then(|quotient| quotient.mul(&b)).map(|product| product.to_f64());
        prop_assert_eq!(back, Ok(a.to_f64()));
    }

    #[test]
    fn floats_survive(value in any::<f64>()) {
        if let Some(number) = Number::from_f64(value) {
            prop_assert_eq!(number.to_f64().to_bits(), value.to_bits());
            if value.is_finite() {
                prop_assert_eq!(number.to_string().parse::<f64>(), Ok(value));
            }
        }
    }
}
