//! How much a request says once its variables are written out: each use of a variable is a copy of its value.
//! No schema: this pass comes before anything is made of the values, and each fragment is read once.

use std::collections::HashMap;

use async_graphql::Variables;
use async_graphql::parser::types::{
    Directive, ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Value as Given};
use async_graphql_value::Value;

use super::limits::{Limit, LimitError, Limits};

/// Bytes of text that count as one value more.
const TEXT_UNIT: usize = 64;

/// Refuses an operation whose values are too many; `variables` hold the defaults already.
pub(super) fn check(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
    limits: &Limits,
) -> Result<(), LimitError> {
    if variables.is_empty() {
        return Ok(()); // Literals alone are bounded by the words of the document.
    }
    let weights: HashMap<&Name, u32> =
        variables.iter().map(|(name, value)| (name, given(value))).collect();
    let mut count = Count { document, weights, known: HashMap::new() };
    let sent = count.weights.values().fold(0_u32, |sum, weight| sum.saturating_add(*weight));
    let used = count.set(&operation.selection_set.node);
    let used = used.saturating_add(count.directives(&operation.directives));
    let most = match operation.ty {
        OperationType::Query | OperationType::Subscription => limits.asked_values,
        OperationType::Mutation => limits.sent_values,
    };
    LimitError::check(Limit::Values, most, sent.max(used))
}

struct Count<'a> {
    document: &'a ExecutableDocument,
    weights: HashMap<&'a Name, u32>,
    /// Fragments that were read; no fragment contains itself.
    known: HashMap<&'a Name, u32>,
}

impl<'a> Count<'a> {
    fn set(&mut self, set: &'a SelectionSet) -> u32 {
        set.items.iter().fold(0, |sum, item| {
            let directives = self.directives(item.node.directives());
            sum.saturating_add(directives).saturating_add(self.selection(&item.node))
        })
    }

    fn selection(&mut self, selection: &'a Selection) -> u32 {
        match selection {
            Selection::Field(field) => {
                let arguments = field.node.arguments.iter();
                let own = arguments
                    .fold(0_u32, |sum, (_, value)| sum.saturating_add(self.value(&value.node)));
                own.saturating_add(self.set(&field.node.selection_set.node))
            }
            Selection::InlineFragment(inline) => self.set(&inline.node.selection_set.node),
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                if let Some(known) = self.known.get(name) {
                    return *known;
                }
                let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
                    return 0;
                };
                let found = self.set(&fragment.node.selection_set.node);
                self.known.insert(name, found);
                found
            }
        }
    }

    fn directives(&self, directives: &[Positioned<Directive>]) -> u32 {
        let arguments = directives.iter().flat_map(|directive| &directive.node.arguments);
        arguments.fold(0, |sum, (_, value)| sum.saturating_add(self.value(&value.node)))
    }

    fn value(&self, value: &Value) -> u32 {
        match value {
            Value::Variable(name) => self.weights.get(name).copied().unwrap_or(1),
            Value::List(values) => sum(values.iter().map(|value| self.value(value))),
            Value::Object(fields) => sum(fields.values().map(|value| self.value(value))),
            Value::String(text) => text_weight(text),
            Value::Null
            | Value::Number(_)
            | Value::Boolean(_)
            | Value::Binary(_)
            | Value::Enum(_) => 1,
        }
    }
}

/// The weight of a value without variables.
fn given(value: &Given) -> u32 {
    match value {
        Given::List(values) => sum(values.iter().map(given)),
        Given::Object(fields) => sum(fields.values().map(given)),
        Given::String(text) => text_weight(text),
        Given::Null | Given::Number(_) | Given::Boolean(_) | Given::Binary(_) | Given::Enum(_) => 1,
    }
}

/// A list or an object, and what is in it.
fn sum(parts: impl Iterator<Item = u32>) -> u32 {
    parts.fold(1, u32::saturating_add)
}

fn text_weight(text: &str) -> u32 {
    u32::try_from(text.len() / TEXT_UNIT).unwrap_or(u32::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use async_graphql::value;

    use super::*;

    fn run(text: &str, variables: Given) -> Result<(), LimitError> {
        let limits = Limits { asked_values: 100, sent_values: 200, ..Limits::default() };
        let document = parse_query(text).expect("the test sends GraphQL");
        let (_, operation) = document.operations.iter().next().expect("one operation");
        check(&document, &operation.node, &Variables::from_value(variables), &limits)
    }

    fn bomb(uses: usize) -> String {
        format!("query($w: W) {{ a(x: [{}]) }}", "$w ".repeat(uses))
    }

    #[test]
    fn each_use_of_a_variable_is_a_copy() {
        let ten = || value!({ "w": [1, 2, 3, 4, 5, 6, 7, 8, 9] });
        assert!(run(&bomb(9), ten()).is_ok());
        assert_eq!(run(&bomb(10), ten()).err().map(|it| it.actual), Some(101));
        assert!(run(&bomb(10).replace("query", "mutation"), ten()).is_ok());
        assert!(run(&bomb(20).replace("query", "mutation"), ten()).is_err());
    }

    #[test]
    fn fragments_and_directives_count_as_often_as_they_stand_there() {
        let fragment = "fragment F on Q { b(x: $w) @include(if: $w) }";
        let text = |spreads: &str| format!("query($w: W) {{ a {{ {spreads} }} }} {fragment}");
        let ten = || value!({ "w": [1, 2, 3, 4, 5, 6, 7, 8, 9] });
        assert!(run(&text(&"...F ".repeat(5)), ten()).is_ok());
        assert!(run(&text(&"...F ".repeat(6)), ten()).is_err());
        let wide = format!("query($w: W) {{ a @include(if: [{}]) }}", "$w ".repeat(10));
        assert!(run(&wide, ten()).is_err());
    }

    #[test]
    fn long_texts_and_what_is_not_used_count_too() {
        assert!(run("query($w: W) { a }", value!({ "w": ("x".repeat(64 * 99)) })).is_ok());
        assert!(run("query($w: W) { a }", value!({ "w": ("x".repeat(64 * 100)) })).is_err());
    }
}
