//! The schema is complete: each root field has its operation, the operations ask for everything there is, and
//! everything is described.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::Name;
use async_graphql::Positioned;
use async_graphql::Value;
use async_graphql::parser::types::{
    ExecutableDocument, Field, FieldDefinition, InputValueDefinition, OperationType, Selection,
    SelectionSet, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use async_graphql::parser::{parse_query, parse_schema};
use harness::cases;
use harness::stage::{Case, Stage};

use crate::operation;

pub(crate) fn cases() -> Vec<Case> {
    cases![pure:
        every_root_field_has_its_operation,
        every_operation_asks_for_its_field_with_every_argument,
        the_operations_ask_for_every_field,
        everything_is_described,
        nothing_is_null_by_default,
    ]
}

/// The types of the schema by name.
struct Schema(BTreeMap<String, TypeDefinition>);

impl Schema {
    fn read() -> Self {
        let document = parse_schema(api::app::sdl()).unwrap();
        let types = document.definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(it) => Some((it.node.name.node.to_string(), it.node)),
            TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => None,
        });
        Self(types.collect())
    }

    fn fields(&self, name: &str) -> &[Positioned<FieldDefinition>] {
        match &self.0[name].kind {
            TypeKind::Object(it) => &it.fields,
            TypeKind::Interface(it) => &it.fields,
            TypeKind::Scalar
            | TypeKind::Union(_)
            | TypeKind::Enum(_)
            | TypeKind::InputObject(_) => &[],
        }
    }

    fn field(&self, on: &str, name: &str) -> &FieldDefinition {
        let found = self.fields(on).iter().find(|field| field.node.name.node == name);
        found.map_or_else(|| panic!("{on} has no field {name}"), |field| &field.node)
    }

    /// The type itself, and those that implement it.
    fn with_implementors(&self, name: &str) -> Vec<&str> {
        let is_one = |it: &TypeDefinition| match &it.kind {
            TypeKind::Object(object) => object.implements.iter().any(|it| it.node == name),
            TypeKind::Scalar
            | TypeKind::Interface(_)
            | TypeKind::Union(_)
            | TypeKind::Enum(_)
            | TypeKind::InputObject(_) => false,
        };
        let is_meant = |(own, it): &(&String, &TypeDefinition)| *own == name || is_one(it);
        self.0.iter().filter(is_meant).map(|(own, _)| own.as_str()).collect()
    }
}

/// Root fields of queries, mutations and subscriptions.
fn roots() -> BTreeMap<String, &'static str> {
    let schema = Schema::read();
    let of = |root: &'static str| {
        let fields = schema.fields(root).iter();
        fields.map(move |field| (field.node.name.node.to_string(), root)).collect::<Vec<_>>()
    };
    of("Query").into_iter().chain(of("Mutation")).chain(of("Subscription")).collect()
}

/// Names of the root fields of mutations.
pub(crate) fn mutations() -> Vec<String> {
    let schema = Schema::read();
    schema.fields("Mutation").iter().map(|field| field.node.name.node.to_string()).collect()
}

/// Names of the root fields of subscriptions.
pub(crate) fn subscriptions() -> Vec<String> {
    let schema = Schema::read();
    schema.fields("Subscription").iter().map(|field| field.node.name.node.to_string()).collect()
}

/// Names of the root fields of queries.
pub(crate) fn queries() -> Vec<String> {
    let schema = Schema::read();
    schema.fields("Query").iter().map(|field| field.node.name.node.to_string()).collect()
}

fn every_root_field_has_its_operation(_: &Stage) {
    let operations: BTreeSet<&String> = operation::all().keys().collect();

    assert_eq!(operations, roots().keys().collect());
}

fn every_operation_asks_for_its_field_with_every_argument(_: &Stage) {
    let schema = Schema::read();
    for (field, root) in roots() {
        let text = operation::text(&field);
        assert!(text.starts_with("# "), "{field}: the file begins with what it is");

        let document = parse_query(text).unwrap();

        let (name, asked) = root_field(&document);
        assert_eq!(
            name,
            Some(operation::pascal(&field).as_str()),
            "{field}: name of the operation"
        );
        assert_eq!(asked.name.node, field);
        let given = asked.arguments.iter();
        let given: Vec<_> =
            given.map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let variable = |it: &Positioned<InputValueDefinition>| {
            let name = it.node.name.to_string();
            (name.clone(), format!("${name}"))
        };
        let known: Vec<_> = schema.field(root, &field).arguments.iter().map(variable).collect();
        assert_eq!(given, known, "{field}: each argument is a variable of its name");
    }
}

fn root_field(document: &ExecutableDocument) -> (Option<&str>, &Field) {
    let operations: Vec<_> = document.operations.iter().collect();
    assert_eq!(operations.len(), 1, "one operation a file");
    let (name, operation) = operations[0];
    let items = &operation.node.selection_set.node.items;
    assert_eq!(items.len(), 1, "one root field a file");
    match &items[0].node {
        Selection::Field(field) => (name.map(Name::as_str), &field.node),
        Selection::FragmentSpread(_) | Selection::InlineFragment(_) => panic!("no field"),
    }
}

type Asked = BTreeSet<(String, String)>;

fn the_operations_ask_for_every_field(_: &Stage) {
    let missing = not_selected(roots().keys().map(|field| operation::text(field)));

    assert!(missing.is_empty(), "no operation asks for {missing:?}");
}

/// Fields of types that none of these documents asks for.
pub(crate) fn not_selected<'a>(documents: impl Iterator<Item = &'a str>) -> Vec<(String, String)> {
    let schema = Schema::read();
    let mut asked = Asked::new();
    for text in documents {
        let document = parse_query(text).unwrap();
        for (_, operation) in document.operations.iter() {
            let root = match operation.node.ty {
                OperationType::Query => "Query",
                OperationType::Mutation => "Mutation",
                OperationType::Subscription => "Subscription",
            };
            ask(&schema, root, &operation.node.selection_set.node, &mut asked);
        }
    }
    let known = schema.0.keys().flat_map(|name| {
        schema.fields(name).iter().map(|field| (name.clone(), field.node.name.node.to_string()))
    });
    known.filter(|field| !asked.contains(field)).collect()
}

fn ask(schema: &Schema, on: &str, set: &SelectionSet, asked: &mut Asked) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) if field.node.name.node == "__typename" => {}
            Selection::Field(field) => {
                let name = field.node.name.node.as_str();
                let every = schema.with_implementors(on).into_iter();
                asked.extend(every.map(|on| (on.to_owned(), name.to_owned())));
                let ty = schema.field(on, name).ty.node.to_string();
                let ty = ty.trim_matches(['[', ']', '!']);
                ask(schema, ty, &field.node.selection_set.node, asked);
            }
            Selection::InlineFragment(it) => {
                let on = it.node.type_condition.as_ref().map_or(on, |it| it.node.on.node.as_str());
                ask(schema, on, &it.node.selection_set.node, asked);
            }
            Selection::FragmentSpread(_) => panic!("the operations have no named fragments"),
        }
    }
}

fn everything_is_described(_: &Stage) {
    let mut bare = Vec::new();
    for (name, it) in &Schema::read().0 {
        note(&mut bare, name, it.description.as_ref());
        match &it.kind {
            TypeKind::Object(it) => fields(&mut bare, name, &it.fields),
            TypeKind::Interface(it) => fields(&mut bare, name, &it.fields),
            TypeKind::InputObject(it) => values(&mut bare, name, &it.fields),
            TypeKind::Enum(it) => it.values.iter().for_each(|value| {
                let path = format!("{name}.{}", value.node.value.node);
                note(&mut bare, &path, value.node.description.as_ref());
            }),
            TypeKind::Scalar | TypeKind::Union(_) => {}
        }
    }

    assert!(bare.is_empty(), "no description: {bare:?}");
}

fn note(bare: &mut Vec<String>, path: &str, description: Option<&Positioned<String>>) {
    if description.is_none_or(|text| text.node.trim().is_empty()) {
        bare.push(path.to_owned());
    }
}

fn fields(bare: &mut Vec<String>, on: &str, fields: &[Positioned<FieldDefinition>]) {
    for field in fields {
        let path = format!("{on}.{}", field.node.name.node);
        note(bare, &path, field.node.description.as_ref());
        values(bare, &path, &field.node.arguments);
    }
}

fn values(bare: &mut Vec<String>, on: &str, values: &[Positioned<InputValueDefinition>]) {
    for value in values {
        let path = format!("{on}.{}", value.node.name.node);
        note(bare, &path, value.node.description.as_ref());
    }
}

/// By the specification what is left out takes its default: with null as the default of a correction, everything that a
/// client does not name would be cleared.
fn nothing_is_null_by_default(_: &Stage) {
    let mut wrong = Vec::new();
    for (name, it) in &Schema::read().0 {
        match &it.kind {
            TypeKind::InputObject(it) => null_by_default(&mut wrong, name, &it.fields),
            TypeKind::Object(it) => it.fields.iter().for_each(|field| {
                let path = format!("{name}.{}", field.node.name.node);
                null_by_default(&mut wrong, &path, &field.node.arguments);
            }),
            TypeKind::Interface(_) | TypeKind::Enum(_) | TypeKind::Scalar | TypeKind::Union(_) => {}
        }
    }

    assert!(wrong.is_empty(), "what is left out would be null: {wrong:?}");
}

fn null_by_default(wrong: &mut Vec<String>, on: &str, values: &[Positioned<InputValueDefinition>]) {
    for value in values {
        if value.node.default_value.as_ref().is_some_and(|default| default.node == Value::Null) {
            wrong.push(format!("{on}.{}", value.node.name.node));
        }
    }
}
