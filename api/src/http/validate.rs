//! Says once whether a document fits the schema: the library's strict rules, and what they leave
//! open when an argument holds a variable.
//! No values of variables: whatever is true here is true for every caller.

use async_graphql::parser::types::{
    Directive, ExecutableDocument, Field, OperationDefinition, OperationType, Selection,
    SelectionSet, Type,
};
use async_graphql::{Executor, Name, Positioned, Request, ServerError, Value};
use async_graphql_value::Value as Literal;

use super::fault::{Fault, VALIDATION, located};
use super::types::{Types, named};

/// Its name and its value.
type Argument = (Positioned<Name>, Positioned<Literal>);

/// No operation has this name. The library validates before it looks for the operation, so asking
/// for it validates a document and can never run it.
const NO_OPERATION: &str = "-";

/// What the library answers to a valid document that is asked for [`NO_OPERATION`].
const VALID: &str = r#"Unknown operation named "-""#;

/// Stands for a variable inside a literal. The name of an enum value never has a `$`, and JSON has
/// no enum values, so nothing a caller sends is equal to it.
fn hole() -> Value {
    Value::Enum(Name::new("$"))
}

pub(super) fn is_hole(value: &Value) -> bool {
    matches!(value, Value::Enum(name) if name.as_str() == "$")
}

/// Checks the whole document against the strict schema and the types of its SDL.
pub(super) async fn check(
    schema: &impl Executor,
    types: &Types,
    document: &ExecutableDocument,
) -> Result<(), Fault> {
    let mut errors = definitions(types, document);
    if errors.is_empty() {
        errors = strict(schema, document).await;
    }
    if errors.is_empty() {
        errors = literals(types, document);
    }
    if errors.is_empty() { Ok(()) } else { Err(Fault::errors(&VALIDATION, errors)) }
}

async fn strict(schema: &impl Executor, document: &ExecutableDocument) -> Vec<ServerError> {
    let mut request = Request::new("").operation_name(NO_OPERATION);
    request.set_parsed_query(document.clone());
    let errors = schema.execute(request).await.errors;
    if matches!(errors.as_slice(), [error] if error.message == VALID) { Vec::new() } else { errors }
}

/// The types of variables, which the library must not meet unknown (it panics on the default of a
/// list of them), and the root of a subscription, of which the library runs fields only.
fn definitions(types: &Types, document: &ExecutableDocument) -> Vec<ServerError> {
    let mut errors = Vec::new();
    for (_, operation) in document.operations.iter() {
        if operation.node.ty == OperationType::Subscription && !has_one_root(&operation.node) {
            let message = "A subscription selects one field, by itself and always".to_owned();
            errors.push(located(message, vec![operation.pos]));
        }
        for variable in &operation.node.variable_definitions {
            let of = &variable.node.var_type.node;
            if !types.is_input(of) {
                let message = format!("\"{}\" is not an input type", named(of));
                errors.push(located(message, vec![variable.pos]));
            }
        }
    }
    errors
}

/// Whether the root is one field: not in a fragment, not left out by a directive, not of the introspection.
fn has_one_root(operation: &OperationDefinition) -> bool {
    match operation.selection_set.node.items.as_slice() {
        [root] => match &root.node {
            Selection::Field(field) => {
                let field = &field.node;
                field.directives.is_empty() && !field.name.node.starts_with("__")
            }
            Selection::FragmentSpread(_) | Selection::InlineFragment(_) => false,
        },
        _ => false,
    }
}

/// Checks every literal, also around variables, where the library leaves the argument unread.
fn literals(types: &Types, document: &ExecutableDocument) -> Vec<ServerError> {
    let mut reader = Reader { types, errors: Vec::new() };
    for (_, operation) in document.operations.iter() {
        reader.operation(&operation.node);
    }
    for fragment in document.fragments.values() {
        let of = &fragment.node.type_condition.node.on.node;
        reader.set(of, &fragment.node.selection_set.node);
    }
    reader.errors
}

struct Reader<'a> {
    types: &'a Types,
    errors: Vec<ServerError>,
}

/// The type of an argument of a directive or of a field of the introspection, which no SDL lists.
fn built_in(name: &str) -> Option<Type> {
    Type::new(match name {
        "if" => "Boolean!",
        "includeDeprecated" => "Boolean",
        "name" => "String!",
        _ => return None,
    })
}

impl<'a> Reader<'a> {
    fn operation(&mut self, operation: &'a OperationDefinition) {
        self.directives(&operation.directives);
        self.set(self.types.root(operation.ty), &operation.selection_set.node);
    }

    fn set(&mut self, of: &'a Name, set: &'a SelectionSet) {
        for selection in &set.items {
            self.directives(selection.node.directives());
            match &selection.node {
                Selection::Field(field) => self.field(of, field),
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    let of = condition.map_or(of, |condition| &condition.node.on.node);
                    self.set(of, &inline.node.selection_set.node);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn field(&mut self, of: &'a Name, field: &'a Positioned<Field>) {
        let types = self.types;
        let Some(output) = types.field(of, &field.node.name.node) else {
            self.built_in(&field.node.arguments);
            return self.set(of, &field.node.selection_set.node);
        };
        for (name, value) in &field.node.arguments {
            if let Some(input) = output.arguments.get(&name.node) {
                self.argument((name, value), &input.of);
            }
        }
        self.set(&output.of, &field.node.selection_set.node);
    }

    fn directives(&mut self, directives: &'a [Positioned<Directive>]) {
        for directive in directives {
            self.built_in(&directive.node.arguments);
        }
    }

    fn built_in(&mut self, arguments: &'a [Argument]) {
        for (name, value) in arguments {
            if let Some(of) = built_in(&name.node) {
                self.argument((name, value), &of);
            }
        }
    }

    fn argument(&mut self, (name, value): (&Positioned<Name>, &Positioned<Literal>), of: &Type) {
        let literal = value.node.clone().into_const_with(|_| Ok::<_, ()>(hole()));
        if let Err(error) = self.types.check(of, &literal.unwrap_or_else(|()| hole())) {
            let message = format!("Argument \"{}\"{error}", name.node);
            self.errors.push(located(message, vec![value.pos]));
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use async_graphql::{EmptyMutation, EmptySubscription, Schema};

    use super::*;

    const SDL: &str = "
        input Where { code: String n: Int! }
        type Unit { id: ID! rows(where: Where): [Unit!]! }
        type Query { units(where: Where, first: Int): [Unit!]! }
    ";

    fn messages(text: &str) -> Vec<String> {
        let types = Types::read(SDL).expect("the SDL is right");
        let document = parse_query(text).expect("the test sends GraphQL");
        let mut errors = definitions(&types, &document);
        errors.extend(literals(&types, &document));
        errors.into_iter().map(|error| error.message).collect()
    }

    struct Query;

    #[async_graphql::Object]
    impl Query {
        async fn units(&self, first: Option<i32>) -> i32 {
            assert_eq!(first, Some(i32::MIN), "a document that is only validated ran");
            0
        }
    }

    async fn strictly(text: &str) -> Vec<String> {
        let schema = Schema::new(Query, EmptyMutation, EmptySubscription);
        let document = parse_query(text).expect("the test sends GraphQL");
        let errors = strict(&schema, &document).await;
        errors.into_iter().map(|error| error.message).collect()
    }

    #[tokio::test]
    async fn the_library_validates_and_does_not_run() {
        for text in ["{ units }", "query A { units } query B { units(first: 1) }"] {
            assert_eq!(strictly(text).await, [""; 0], "{text}");
        }
        let errors = strictly("query($a: Int) { units(first: \"1\") nope }").await;
        assert_eq!(errors.len(), 3, "{errors:?}");
    }

    #[test]
    fn literals_around_variables_are_read() {
        let sound = "query($c: String) { units(where: {code: $c, n: 1}) { ...F } } \
                     fragment F on Unit { rows(where: {code: $c, n: 1}) { id } }";
        assert!(messages(sound).is_empty());
        for (text, message) in [
            (
                "units(where: {code: $c, n: \"1\"}) { id }",
                "Argument \"where\".n: expected Int, found a string",
            ),
            ("units(where: {code: $c}) { id }", "Argument \"where\".n: Int! is required"),
            (
                "units(where: {code: $c, n: 1, m: 2}) { id }",
                "Argument \"where\": Where has no field m",
            ),
            (
                "units { ... { rows(where: {code: $c}) { id } } }",
                "Argument \"where\".n: Int! is required",
            ),
        ] {
            assert_eq!(messages(&format!("query($c: String) {{ {text} }}")), [message]);
        }
    }

    #[test]
    fn what_no_sdl_lists_is_read_too() {
        assert!(
            messages("{ units { id @include(if: true) } __type(name: \"a\") { name } }").is_empty()
        );
        for text in [
            "{ units { id @skip(if: [$w $w]) } }",
            "{ ...F @include(if: {a: $w}) }",
            "{ __type(name: [$w]) { name } }",
            "{ __type(name: \"a\") { fields(includeDeprecated: [$w]) { name } } }",
        ] {
            assert_eq!(messages(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn variables_have_input_types() {
        assert_eq!(messages("query($a: [Nope!] = [1]) { a }"), ["\"Nope\" is not an input type"]);
        assert_eq!(messages("query($a: Unit) { a }"), ["\"Unit\" is not an input type"]);
    }

    #[test]
    fn a_subscription_has_one_root_field() {
        assert!(messages("subscription { a: b { c } }").is_empty());
        for root in ["a b", "__typename", "... { a }", "a @skip(if: true)", "...F"] {
            let text = format!("subscription {{ {root} }} fragment F on Unit {{ id }}");
            assert_eq!(messages(&text).len(), 1, "{root}");
        }
    }
}
