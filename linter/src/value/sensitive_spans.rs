//! Where sensitive values are written down, so that excerpts of source can mask them.

use super::{Origin, OriginKind, Value};
use crate::source::Span;

impl Value {
    /// Adds the places where the sensitive values in this value are written: the place each came from in the end. A
    /// computed value has only the attribute or argument that it was computed for, and that place is given whole.
    pub fn sensitive_spans(&self, spans: &mut Vec<Span>) {
        if self.marks.is_sensitive() {
            spans.extend(self.origin.as_deref().and_then(written));
        }
        // A sensitive collection of parts that were written in different places has no place of its own.
        for child in self.as_items().into_iter().flatten() {
            child.sensitive_spans_within(self, spans);
        }
        for child in self.as_fields().into_iter().flat_map(|fields| fields.values()) {
            child.sensitive_spans_within(self, spans);
        }
    }

    /// Parts of a sensitive value are sensitive, whether they are marked themselves or not.
    fn sensitive_spans_within(&self, whole: &Self, spans: &mut Vec<Span>) {
        if whole.marks.is_sensitive() && !self.marks.is_sensitive() {
            self.clone().marked(whole.marks).sensitive_spans(spans);
        } else {
            self.sensitive_spans(spans);
        }
    }
}

/// The last step of the way, if text of the value stands there. A reference or a block's header holds none.
fn written(origin: &Origin) -> Option<Span> {
    let last = origin.steps().last()?;
    match last.kind {
        OriginKind::Literal
        | OriginKind::Attribute(_)
        | OriginKind::VariableDefault(_)
        | OriginKind::VariableFile(_)
        | OriginKind::VariableGiven(_)
        | OriginKind::ModuleArgument(_) => last.span,
        OriginKind::Reference(_)
        | OriginKind::Block(_)
        | OriginKind::ProviderDefault
        | OriginKind::AssumedDefault
        | OriginKind::Plan => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::SourceMap;
    use crate::value::{Fields, Marks};

    fn spans(value: &Value) -> Vec<(u32, u32)> {
        let mut spans = Vec::new();
        value.sensitive_spans(&mut spans);
        spans.into_iter().map(|span| (span.start, span.end)).collect()
    }

    #[test]
    fn the_place_is_where_the_value_was_written() {
        let file = SourceMap::default().add(std::path::Path::new("a.tf"), Arc::from(&b""[..]));
        let at = |start| Some(Span::new(file, start, start + 5));
        let literal = Origin::new(OriginKind::Literal, at(10));
        let reference = Origin::after(OriginKind::Reference("var.x".into()), at(20), Some(literal));
        let attribute = Origin::after(OriginKind::Attribute("password".into()), at(30), Some(reference));
        let computed = Origin::new(OriginKind::Attribute("password".into()), at(40));
        let header = Origin::new(OriginKind::Block("auth".into()), at(50));
        let value = |origin| Value::from("x").marked(Marks::SENSITIVE).from_origin(Some(origin));
        assert_eq!(spans(&value(Arc::clone(&attribute))), [(10, 15)]);
        assert_eq!(spans(&value(computed)), [(40, 45)]);
        assert_eq!(spans(&value(Arc::clone(&header))), []);
        assert_eq!(spans(&Value::from("x").from_origin(Some(Arc::clone(&attribute)))), []);
        let part = Value::from("x").from_origin(Some(attribute));
        let list = Value::tuple([part]);
        assert_eq!(spans(&list), []);
        assert_eq!(spans(&list.clone().marked(Marks::SENSITIVE).from_origin(Some(header))), [(10, 15)]);
        let whole = Value::object(Fields::from([("a".into(), list.marked(Marks::SENSITIVE))]));
        assert_eq!(spans(&whole), [(10, 15)]);
    }
}
