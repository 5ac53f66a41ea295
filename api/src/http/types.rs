//! The types of our own SDL, by name: what an argument, an input field or a variable may hold.
//! No documents: only questions about one value or one name are answered here.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, OperationType, Type, TypeDefinition, TypeKind,
    TypeSystemDefinition,
};
use async_graphql::{Name, Number, Positioned, Value};

/// Scalars of the specification, which an SDL does not list.
const BUILT_IN: [&str; 5] = ["Int", "Float", "String", "Boolean", "ID"];

/// Every named type of the schema.
pub(super) struct Types {
    by_name: HashMap<Name, Kind>,
    query: Name,
    mutation: Name,
    subscription: Name,
}

enum Kind {
    Scalar,
    Enum(HashSet<Name>),
    Input { one_of: bool, fields: HashMap<Name, Input> },
    Object(HashMap<Name, Output>),
    Union,
}

/// An argument or an input field.
pub(super) struct Input {
    pub(super) of: Type,
    has_default: bool,
}

/// A field of an object or an interface.
pub(super) struct Output {
    /// Name of the type without lists and exclamation marks.
    pub(super) of: Name,
    pub(super) is_list: bool,
    pub(super) arguments: HashMap<Name, Input>,
}

impl Types {
    pub(super) fn read(sdl: &str) -> Result<Self, async_graphql::parser::Error> {
        let by_name = BUILT_IN.iter().map(|name| (Name::new(name), Kind::Scalar)).collect();
        let [query, mutation, subscription] = ["Query", "Mutation", "Subscription"].map(Name::new);
        let mut types = Self { by_name, query, mutation, subscription };
        for definition in parse_schema(sdl)?.definitions {
            match definition {
                TypeSystemDefinition::Type(definition) => {
                    let name = definition.node.name.node.clone();
                    types.by_name.insert(name, Kind::of(definition.node));
                }
                TypeSystemDefinition::Schema(schema) => {
                    let node = |name: Option<Positioned<Name>>| name.map(|name| name.node);
                    types.query = node(schema.node.query).unwrap_or(types.query);
                    types.mutation = node(schema.node.mutation).unwrap_or(types.mutation);
                    let subscription = node(schema.node.subscription);
                    types.subscription = subscription.unwrap_or(types.subscription);
                }
                TypeSystemDefinition::Directive(_) => {}
            }
        }
        Ok(types)
    }

    /// The type whose fields are the root of such an operation.
    pub(super) const fn root(&self, kind: OperationType) -> &Name {
        match kind {
            OperationType::Query => &self.query,
            OperationType::Mutation => &self.mutation,
            OperationType::Subscription => &self.subscription,
        }
    }

    /// Whether a variable may have this type.
    pub(super) fn is_input(&self, of: &Type) -> bool {
        match self.by_name.get(named(of)) {
            Some(Kind::Scalar | Kind::Enum(_) | Kind::Input { .. }) => true,
            Some(Kind::Object(_) | Kind::Union) | None => false,
        }
    }

    /// A field by the name of its type; none for the introspection of the specification.
    pub(super) fn field(&self, of: &str, name: &str) -> Option<&Output> {
        match self.by_name.get(of)? {
            Kind::Object(fields) => fields.get(name),
            Kind::Scalar | Kind::Enum(_) | Kind::Input { .. } | Kind::Union => None,
        }
    }

    /// Checks a value against its type; the error says at which path and why.
    /// Scalars of our own are read, and refused, where they are used.
    pub(super) fn check(&self, of: &Type, value: &Value) -> Result<(), String> {
        if super::validate::is_hole(value) {
            return Ok(());
        }
        match (&of.base, value) {
            (_, Value::Null) if of.nullable => Ok(()),
            (_, Value::Null) => Err(format!(": expected {of}, found null")),
            (BaseType::List(item), Value::List(values)) => {
                values.iter().enumerate().try_for_each(|(index, value)| {
                    self.check(item, value).map_err(|error| format!("[{index}]{error}"))
                })
            }
            // By the specification a single value stands for a list of one.
            (BaseType::List(item), value) => self.check(item, value),
            (BaseType::Named(name), value) => self.named(name, value),
        }
    }

    fn named(&self, name: &Name, value: &Value) -> Result<(), String> {
        let fits = match self.by_name.get(name) {
            Some(Kind::Scalar) => fits_scalar(name, value),
            Some(Kind::Enum(values)) => match value {
                Value::Enum(value) => values.contains(value),
                Value::String(value) => values.contains(value.as_str()),
                Value::Null
                | Value::Number(_)
                | Value::Boolean(_)
                | Value::Binary(_)
                | Value::List(_)
                | Value::Object(_) => false,
            },
            Some(Kind::Input { one_of, fields }) => {
                return self.object(name, (*one_of, fields), value);
            }
            Some(Kind::Object(_) | Kind::Union) | None => false,
        };
        if fits { Ok(()) } else { Err(format!(": expected {name}, found {}", kind_of(value))) }
    }

    fn object(
        &self,
        name: &Name,
        (one_of, fields): (bool, &HashMap<Name, Input>),
        value: &Value,
    ) -> Result<(), String> {
        let Value::Object(values) = value else {
            return Err(format!(": expected {name}, found {}", kind_of(value)));
        };
        if one_of && (values.len() != 1 || values.values().any(|value| *value == Value::Null)) {
            return Err(format!(": {name} takes exactly one field, which must not be null"));
        }
        if let Some(unknown) = values.keys().find(|key| !fields.contains_key(*key)) {
            let unknown: String = unknown.chars().take(64).collect();
            return Err(format!(": {name} has no field {unknown}"));
        }
        for (key, field) in fields {
            match values.get(key) {
                Some(value) => {
                    self.check(&field.of, value).map_err(|error| format!(".{key}{error}"))?;
                }
                None if field.of.nullable || field.has_default => {}
                None => return Err(format!(".{key}: {} is required", field.of)),
            }
        }
        Ok(())
    }
}

impl Kind {
    fn of(definition: TypeDefinition) -> Self {
        let is_one_of = |name: &str| name == "oneOf";
        match definition.kind {
            TypeKind::Scalar => Self::Scalar,
            TypeKind::Union(_) => Self::Union,
            TypeKind::Object(object) => Self::Object(outputs(object.fields)),
            TypeKind::Interface(interface) => Self::Object(outputs(interface.fields)),
            TypeKind::Enum(list) => {
                Self::Enum(list.values.into_iter().map(|value| value.node.value.node).collect())
            }
            TypeKind::InputObject(input) => Self::Input {
                one_of: definition.directives.iter().any(|d| is_one_of(&d.node.name.node)),
                fields: inputs(input.fields),
            },
        }
    }
}

fn outputs(fields: Vec<Positioned<FieldDefinition>>) -> HashMap<Name, Output> {
    let field = |field: FieldDefinition| {
        let (of, is_list) = match &field.ty.node.base {
            BaseType::Named(name) => (name.clone(), false),
            BaseType::List(item) => (named(item).clone(), true),
        };
        (field.name.node, Output { of, is_list, arguments: inputs(field.arguments) })
    };
    fields.into_iter().map(|definition| field(definition.node)).collect()
}

fn inputs(values: Vec<Positioned<InputValueDefinition>>) -> HashMap<Name, Input> {
    let input = |input: InputValueDefinition| {
        let has_default = input.default_value.is_some();
        (input.name.node, Input { of: input.ty.node, has_default })
    };
    values.into_iter().map(|definition| input(definition.node)).collect()
}

/// The name inside the lists and exclamation marks of a type.
pub(super) fn named(of: &Type) -> &Name {
    match &of.base {
        BaseType::Named(name) => name,
        BaseType::List(item) => named(item),
    }
}

fn fits_scalar(name: &Name, value: &Value) -> bool {
    match (name.as_str(), value) {
        ("Int", Value::Number(number)) => fits_int(number),
        ("Float", Value::Number(_))
        | ("String" | "ID", Value::String(_))
        | ("Boolean", Value::Boolean(_)) => true,
        ("ID", Value::Number(number)) => number.is_i64() || number.is_u64(),
        (name, _) => !BUILT_IN.contains(&name),
    }
}

/// The specification's `Int` has 32 bits.
fn fits_int(number: &Number) -> bool {
    number.as_i64().is_some_and(|number| i32::try_from(number).is_ok())
}

/// The value itself is not repeated: it may be long or a password.
const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Boolean(_) => "a boolean",
        Value::Binary(_) => "bytes",
        Value::Enum(_) => "a name",
        Value::List(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;

    const SDL: &str = r#"
        "Doc" scalar Date
        enum Color { RED GREEN }
        input One @oneOf { a: Int b: String }
        input Place { name: String! x: Int = 1 inner: Place list: [Int!] color: Color one: One }
        type Query { place(input: Place!, at: Date): String }
    "#;

    fn check(of: &str, value: &Value) -> Result<(), String> {
        let types = Types::read(SDL).expect("the SDL is right");
        types.check(&Type::new(of).expect("a type"), value)
    }

    #[test]
    fn values_that_fit() {
        for (of, value) in [
            ("Int!", value!(1)),
            ("Float", value!(1)),
            ("ID", value!(7)),
            ("ID", value!("7")),
            ("Color", value!("RED")),
            ("Date!", value!("anything, the scalar itself reads it")),
            ("[Int!]!", value!([1, 2])),
            ("[[Int]]", value!(1)),
            ("Int", value!(null)),
            ("Place!", value!({"name": "a", "inner": {"name": "b", "list": 3}, "color": null})),
            ("One", value!({"a": 1})),
        ] {
            assert_eq!(check(of, &value), Ok(()), "{of} {value}");
        }
    }

    #[test]
    fn values_that_do_not_fit_say_where() {
        for (of, value, error) in [
            ("Int!", value!(null), ": expected Int!, found null"),
            ("Int", value!(1.5), ": expected Int, found a number"),
            ("Int", value!(3_000_000_000_i64), ": expected Int, found a number"),
            ("String", value!(1), ": expected String, found a number"),
            ("ID", value!(1.5), ": expected ID, found a number"),
            ("Color", value!("BLUE"), ": expected Color, found a string"),
            ("[Int!]", value!([1, null]), "[1]: expected Int!, found null"),
            ("Place", value!({}), ".name: String! is required"),
            ("Place", value!({"name": "a", "y": 1}), ": Place has no field y"),
            (
                "Place",
                value!({"name": "a", "inner": {"name": 1}}),
                ".inner.name: expected String, found a number",
            ),
            ("One", value!({}), ": One takes exactly one field, which must not be null"),
            ("One", value!({"a": null}), ": One takes exactly one field, which must not be null"),
            ("Query", value!({}), ": expected Query, found an object"),
            ("Nope", value!(1), ": expected Nope, found a number"),
        ] {
            assert_eq!(check(of, &value), Err(error.to_owned()), "{of} {value}");
        }
    }
}
