//! `object.*` and `object[*]`, with what is taken of each item.

use super::EvalError;
use super::alternatives::one_of;
use super::expression::{Evaluation, members_value};
use super::unknown_access::{alternatives_of, part};
use crate::source::Span;
use crate::syntax::Expr;
use crate::value::{Kind, Knowledge, Member, Type, Unknown, Value, convert, unify};

impl Evaluation<'_> {
    /// `object[*]each`: a value that is no sequence counts as a sequence of one, null as one of none.
    pub(super) fn splat(&self, object: Expr<'_>, each: Expr<'_>, span: Span) -> Result<Value, EvalError> {
        let source = self.strict().value(object)?;
        self.splat_value(&source, each, span).map(|result| result.marked(source.marks))
    }

    fn splat_value(&self, source: &Value, each: Expr<'_>, span: Span) -> Result<Value, EvalError> {
        match &source.kind {
            Kind::Unknown(unknown) => self.splat_unknown(source, unknown, each, span),
            Kind::Null(Type::List(_) | Type::Set(_) | Type::Tuple(_)) if !self.is_rules() => {
                Err(EvalError::new(span, "Splat expressions (with the * symbol) cannot be applied to null sequences"))
            }
            Kind::Null(_) => Ok(Value::tuple([])),
            Kind::Tuple(items) => Ok(Value::tuple(self.each(items, each, span)?)),
            Kind::List(ty, items) | Kind::Set(ty, items) => {
                let results = self.each(items, each, span)?;
                Ok(self.as_list(results, ty, each))
            }
            Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Map(..) | Kind::Object(_) => {
                Ok(Value::tuple(self.each(std::slice::from_ref(source), each, span)?))
            }
        }
    }

    fn each(&self, items: &[Value], each: Expr<'_>, span: Span) -> Result<Vec<Value>, EvalError> {
        let mut results = Vec::with_capacity(items.len());
        for item in items {
            self.context.spend(1, span)?;
            results.push(self.one(item, each)?);
        }
        Ok(results)
    }

    fn one(&self, item: &Value, each: Expr<'_>) -> Result<Value, EvalError> {
        Evaluation { item: Some(item), ..*self }.strict().value(each)
    }

    /// The results over a list or set are a list.
    fn as_list(&self, results: Vec<Value>, source: &Type, each: Expr<'_>) -> Value {
        if results.is_empty() {
            let generic = Kind::Unknown(Unknown::derived(source.clone(), []).into()).into();
            let ty = self.one(&generic, each).map_or(Type::Any, |value| value.type_of());
            return Kind::List(ty, [].into()).into();
        }
        let mut types: Vec<Type> = Vec::new();
        for ty in results.iter().map(Value::type_of) {
            if !types.contains(&ty) {
                types.push(ty);
            }
        }
        let ty = match types.as_slice() {
            [one] => Some(one.clone()),
            several => unify(several),
        };
        let Some(ty) = ty else { return Value::tuple(results) };
        let converted =
            |value: &Value| if value.type_of() == ty { Some(value.clone()) } else { convert(value, &ty).ok() };
        match results.iter().map(converted).collect::<Option<Vec<Value>>>() {
            Some(items) => Kind::List(ty, items.into()).into(),
            None => Value::tuple(results),
        }
    }

    fn splat_unknown(&self, source: &Value, unknown: &Unknown, each: Expr<'_>, span: Span) -> Result<Value, EvalError> {
        self.doubts();
        if let Some(alternatives) = alternatives_of(source) {
            let mut results = Vec::with_capacity(alternatives.len());
            for alternative in alternatives.iter() {
                match self.splat_value(alternative, each, span) {
                    Err(error) if !error.catchable => return Err(error),
                    Err(error) => {
                        self.fails_perhaps();
                        results.push(error.to_unknown());
                    }
                    Ok(result) => results.push(result),
                }
            }
            return Ok(one_of(results, Some(unknown)));
        }
        let item = match &unknown.ty {
            Type::List(item) | Type::Set(item) => (**item).clone(),
            Type::Any | Type::Tuple(_) => Type::Any,
            Type::Bool | Type::Number | Type::String | Type::Map(_) | Type::Object(_) => {
                return self.upgraded(source, unknown, each);
            }
        };
        let members: Vec<Member> = match &unknown.knowledge {
            Knowledge::Members(members) => members.to_vec(),
            _ => vec![Member { key: None, value: part(unknown, item, None), certain: false }],
        };
        let mut results = Vec::with_capacity(members.len());
        for member in members {
            self.context.spend(1, span)?;
            match self.one(&member.value, each) {
                Ok(value) => results.push(Member { key: None, value, certain: member.certain }),
                Err(error) if !error.catchable || unknown.ty != Type::Any => return Err(error),
                // The items of a value of open type may be of any kind; the source may not even be a sequence.
                Err(_) => {}
            }
        }
        let mut result = members_value(results, std::slice::from_ref(source));
        if let (Type::List(_) | Type::Set(_), Kind::Unknown(unknown)) = (&unknown.ty, &mut result.kind) {
            self.retype(unknown);
        }
        Ok(result)
    }

    /// The splat of an unknown list or set is an unknown list, if its items have one type.
    fn retype(&self, result: &mut std::sync::Arc<Unknown>) {
        let Knowledge::Members(members) = &result.knowledge else { return };
        let mut types = members.iter().map(|member| member.value.type_of());
        let Some(first) = types.next() else { return };
        if first != Type::Any && types.all(|ty| ty == first) {
            std::sync::Arc::make_mut(result).ty = Type::list(first);
        }
    }

    /// An unknown value that is no sequence: a sequence of one, or of none if it turns out null.
    fn upgraded(&self, source: &Value, unknown: &Unknown, each: Expr<'_>) -> Result<Value, EvalError> {
        let one = Value::tuple([self.one(source, each)?]);
        if unknown.refinement.not_null {
            return Ok(one);
        }
        Ok(one_of(vec![one, Value::tuple([])], Some(unknown)))
    }
}
