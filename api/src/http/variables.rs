//! Makes the variables of a request those of its operation: declared ones, of the declared types,
//! with their defaults. The library does this only in part, and late.
//! No documents: the operation is valid when it comes here.

use async_graphql::parser::types::{OperationDefinition, VariableDefinition};
use async_graphql::{Positioned, ServerError, Value, Variables};

use super::fault::{Fault, INPUT, located};
use super::limits::{Limit, LimitError};
use super::types::Types;

/// The variables to run with; a nullable one without default that was not sent stays absent.
pub(super) fn coerce(
    (types, deepest): (&Types, u32),
    operation: &OperationDefinition,
    mut sent: Variables,
) -> Result<Variables, Fault> {
    for value in sent.values() {
        LimitError::check(Limit::Depth, deepest, depth(value))?;
    }
    let (mut coerced, mut errors) = (Variables::default(), Vec::new());
    for definition in &operation.variable_definitions {
        let name = &definition.node.name.node;
        match one(types, definition, sent.remove(name)) {
            Ok(Some(value)) => {
                coerced.insert(name.clone(), value);
            }
            Ok(None) => {}
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(coerced) } else { Err(Fault::errors(&INPUT, errors)) }
}

/// Lists and objects within each other; the reader of JSON has bounded them.
fn depth(value: &Value) -> u32 {
    match value {
        Value::List(values) => 1 + values.iter().map(depth).max().unwrap_or_default(),
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or_default(),
        Value::Null
        | Value::Number(_)
        | Value::String(_)
        | Value::Boolean(_)
        | Value::Binary(_)
        | Value::Enum(_) => 0,
    }
}

fn one(
    types: &Types,
    definition: &Positioned<VariableDefinition>,
    sent: Option<Value>,
) -> Result<Option<Value>, ServerError> {
    let VariableDefinition { name, var_type, default_value, .. } = &definition.node;
    let fault = |error: String| {
        located(format!("Variable \"${}\"{error}", name.node), vec![definition.pos])
    };
    match (sent, default_value) {
        (Some(value), _) => {
            types.check(&var_type.node, &value).map_err(fault)?;
            Ok(Some(value))
        }
        (None, Some(default)) => Ok(Some(default.node.clone())),
        (None, None) if var_type.node.nullable => Ok(None),
        (None, None) => Err(fault(format!(": {} is required", var_type.node))),
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use async_graphql::value;

    use super::*;

    fn run(variables: Value) -> Result<Value, Vec<String>> {
        let types = Types::read("type Query { a: Int }").expect("the SDL is right");
        let text = "query($id: ID!, $n: Int = 5, $list: [Int!]) { a }";
        let document = parse_query(text).expect("the test sends GraphQL");
        let (_, operation) = document.operations.iter().next().expect("one operation");
        let coerced = coerce((&types, 3), &operation.node, Variables::from_value(variables));
        coerced.map(Variables::into_value).map_err(|fault| {
            assert_eq!(fault.code(), "BAD_USER_INPUT");
            let errors = fault.into_errors(crate::text::Language::En, 20);
            errors.into_iter().map(|error| error.message).collect()
        })
    }

    #[test]
    fn keeps_what_is_declared_and_adds_defaults() {
        let coerced = run(value!({"id": "a", "other": 1})).expect("coerces");
        assert_eq!(coerced, value!({"id": "a", "n": 5}));
        let coerced = run(value!({"id": 1, "n": null, "list": 2})).expect("coerces");
        assert_eq!(coerced, value!({"id": 1, "n": null, "list": 2}));
    }

    #[test]
    fn a_value_that_nests_too_deeply_is_refused() {
        let types = Types::read("type Query { a: Int }").expect("the SDL is right");
        let document = parse_query("query($ids: [[[[ID]]]]) { a }").expect("GraphQL");
        let (_, operation) = document.operations.iter().next().expect("one operation");
        let check = |value| {
            let sent = Variables::from_value(value);
            coerce((&types, 3), &operation.node, sent).map_err(|fault| fault.code())
        };
        assert!(check(value!({"ids": [[["a"]]]})).is_ok());
        assert_eq!(check(value!({"ids": [[[["a"]]]]})).err(), Some("DEPTH_LIMIT_EXCEEDED"));
        assert_eq!(check(value!({"other": [[[{}]]]})).err(), Some("DEPTH_LIMIT_EXCEEDED"));
    }

    #[test]
    fn says_what_is_missing_or_wrong() {
        assert_eq!(run(value!({})), Err(vec!["Variable \"$id\": ID! is required".to_owned()]));
        assert_eq!(
            run(value!({"id": null, "list": [1, "2"]})),
            Err(vec![
                "Variable \"$id\": expected ID!, found null".to_owned(),
                "Variable \"$list\"[1]: expected Int, found a string".to_owned(),
            ])
        );
    }
}
