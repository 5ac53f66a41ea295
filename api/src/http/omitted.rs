//! Takes out of an operation what its caller left out: an argument or an input field whose
//! variable was not sent and has no default. The library would run it as an explicit null, which
//! in an update means "clear".
//! No checks: the document is valid and the variables are coerced when they come here.

use async_graphql::Variables;
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet,
};
use async_graphql_value::Value;

/// Whether some variable of the operation was left out: if not, there is nothing to remove.
pub(super) fn any(operation: &OperationDefinition, variables: &Variables) -> bool {
    let names = operation.variable_definitions.iter().map(|definition| &definition.node.name.node);
    names.into_iter().any(|name| !variables.contains_key(name))
}

/// Removes them from the whole document; `variables` must hold the defaults already.
pub(super) fn remove(document: &mut ExecutableDocument, variables: &Variables) {
    for fragment in document.fragments.values_mut() {
        in_set(&mut fragment.node.selection_set.node, variables);
    }
    match &mut document.operations {
        DocumentOperations::Single(operation) => {
            in_set(&mut operation.node.selection_set.node, variables);
        }
        DocumentOperations::Multiple(operations) => {
            for operation in operations.values_mut() {
                in_set(&mut operation.node.selection_set.node, variables);
            }
        }
    }
}

fn in_set(set: &mut SelectionSet, variables: &Variables) {
    for selection in &mut set.items {
        match &mut selection.node {
            Selection::Field(field) => {
                in_field(&mut field.node, variables);
                in_set(&mut field.node.selection_set.node, variables);
            }
            Selection::InlineFragment(inline) => {
                in_set(&mut inline.node.selection_set.node, variables);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn in_field(field: &mut Field, variables: &Variables) {
    field.arguments.retain(|(_, value)| !is_omitted(&value.node, variables));
    for (_, value) in &mut field.arguments {
        in_value(&mut value.node, variables);
    }
}

fn in_value(value: &mut Value, variables: &Variables) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, value| !is_omitted(value, variables));
            fields.values_mut().for_each(|value| in_value(value, variables));
        }
        // An item that was left out stays: by the specification it is null.
        Value::List(items) => items.iter_mut().for_each(|value| in_value(value, variables)),
        Value::Variable(_)
        | Value::Null
        | Value::Number(_)
        | Value::String(_)
        | Value::Boolean(_)
        | Value::Binary(_)
        | Value::Enum(_) => {}
    }
}

fn is_omitted(value: &Value, variables: &Variables) -> bool {
    matches!(value, Value::Variable(name) if !variables.contains_key(name))
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use async_graphql::{
        EmptyMutation, EmptySubscription, MaybeUndefined, Object, Request, Schema,
    };
    use async_graphql::{InputObject, ValidationMode, value};

    use super::*;

    struct Query;

    #[derive(InputObject)]
    struct Patch {
        note: MaybeUndefined<i32>,
        inner: Option<Box<Patch>>,
        list: Option<Vec<Option<i32>>>,
    }

    fn say(value: MaybeUndefined<i32>) -> String {
        match value {
            MaybeUndefined::Undefined => "omitted".to_owned(),
            MaybeUndefined::Null => "null".to_owned(),
            MaybeUndefined::Value(value) => value.to_string(),
        }
    }

    #[Object]
    impl Query {
        async fn patch(&self, input: Patch, note: MaybeUndefined<i32>) -> String {
            let inner = input.inner.map(|inner| say(inner.note));
            format!("{} {} {:?} {:?}", say(input.note), say(note), inner, input.list)
        }
    }

    async fn run(query: &str, variables: async_graphql::Value) -> String {
        // Fast, as in the service: the strict rules would miss the variables that were removed.
        let schema = Schema::build(Query, EmptyMutation, EmptySubscription)
            .validation_mode(ValidationMode::Fast)
            .finish();
        let variables = Variables::from_value(variables);
        let mut document = parse_query(query).expect("the test sends GraphQL");
        let (_, operation) = document.operations.iter().next().expect("one operation");
        if any(&operation.node, &variables) {
            remove(&mut document, &variables);
        }
        let mut request = Request::new(query).variables(variables);
        request.set_parsed_query(document);
        let schema = schema.execute(request).await.into_result().expect("runs");
        schema.data.into_json().expect("is JSON")["patch"].as_str().expect("is text").to_owned()
    }

    #[tokio::test]
    async fn a_literal_is_what_it_says() {
        assert_eq!(run("{patch(input:{})}", value!({})).await, "omitted omitted None None");
        assert_eq!(
            run("{patch(input:{note:null}, note:null)}", value!({})).await,
            "null null None None"
        );
    }

    const EACH: &str = "query($a: Int) { patch(note: $a, input: { note: $a,                         inner: { note: $a }, list: [$a] }) }";

    #[tokio::test]
    async fn a_variable_that_is_sent_is_what_it_says() {
        let null = run(EACH, value!({"a": null})).await;
        assert_eq!(null, "null null Some(\"null\") Some([None])");
        assert_eq!(run(EACH, value!({"a": 1})).await, "1 1 Some(\"1\") Some([Some(1)])");
    }

    #[tokio::test]
    async fn a_variable_that_is_left_out_is_left_out() {
        let omitted = run(EACH, value!({})).await;
        assert_eq!(omitted, "omitted omitted Some(\"omitted\") Some([None])");
    }

    #[tokio::test]
    async fn it_is_left_out_in_fragments_too() {
        let query = "query($a: Int) { ...F }                      fragment F on Query { ... { patch(note: $a, input: { note: $a }) } }";
        assert_eq!(run(query, value!({})).await, "omitted omitted None None");
    }

    #[tokio::test]
    async fn a_whole_input_is_untouched() {
        let query = "query($input: Patch!) { patch(input: $input) }";
        assert_eq!(run(query, value!({"input": {}})).await, "omitted omitted None None");
        assert_eq!(run(query, value!({"input": {"note": null}})).await, "null omitted None None");
    }
}
