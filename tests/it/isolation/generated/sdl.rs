//! The schema as a generator reads it: what may be asked, what a type shows, and inputs that are written out.
//! Nobody who asks enters here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Mutex;

use async_graphql::Positioned;
use async_graphql::parser::types::{
    FieldDefinition, InputValueDefinition, Selection, TypeDefinition, TypeKind,
    TypeSystemDefinition,
};
use async_graphql::parser::{parse_query, parse_schema};

/// The code of a title that is in every catalogue.
pub(super) const AWARD: &str = "COMMEMORATIVE_MEDAL";

/// The types of the schema by name, and what is asked of them by type and depth: it is made once.
pub(super) struct Sdl {
    types: BTreeMap<String, TypeDefinition>,
    nodes: Vec<String>,
    selections: Mutex<BTreeMap<(String, usize), String>>,
}

/// The type of a value without its brackets and marks.
pub(super) fn named(value: &InputValueDefinition) -> String {
    plain(&value.ty.node.to_string())
}

fn plain(ty: &str) -> String {
    ty.trim_matches(['[', ']', '!']).to_owned()
}

/// Whether a value must be given.
fn is_required(value: &InputValueDefinition) -> bool {
    !value.ty.node.nullable && value.default_value.is_none()
}

pub(super) fn is_list(value: &InputValueDefinition) -> bool {
    value.ty.node.to_string().starts_with('[')
}

impl Sdl {
    pub(super) fn read() -> Self {
        let document = parse_schema(api::app::sdl()).unwrap();
        let types = document.definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(it) => Some((it.node.name.node.to_string(), it.node)),
            TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => None,
        });
        let (types, selections) = (types.collect(), Mutex::default());
        let mut sdl = Self { types, nodes: vec![], selections };
        sdl.nodes = sdl.implementors("Node");
        sdl
    }

    /// Root fields of a kind of operation; none when the schema has no such operations.
    pub(super) fn roots(&self, root: &str) -> &[Positioned<FieldDefinition>] {
        self.types.get(root).map_or(&[], |_| self.fields(root))
    }

    fn fields(&self, name: &str) -> &[Positioned<FieldDefinition>] {
        let Some(known) = self.types.get(name) else { return &[] };
        match &known.kind {
            TypeKind::Object(it) => &it.fields,
            TypeKind::Interface(it) => &it.fields,
            TypeKind::Scalar
            | TypeKind::Union(_)
            | TypeKind::Enum(_)
            | TypeKind::InputObject(_) => &[],
        }
    }

    /// Whether a type has no fields to ask for.
    pub(super) fn is_leaf(&self, name: &str) -> bool {
        let kind = self.types.get(name).map(|it| &it.kind);
        kind.is_none_or(|kind| matches!(kind, TypeKind::Scalar | TypeKind::Enum(_)))
    }

    /// The fields of an input; none when the type is no input.
    pub(super) fn inputs(&self, name: &str) -> &[Positioned<InputValueDefinition>] {
        let known = self.types.get(name).map(|it| &it.kind);
        if let Some(TypeKind::InputObject(it)) = known { &it.fields } else { &[] }
    }

    pub(super) fn values(&self, name: &str) -> Vec<String> {
        let known = self.types.get(name).map(|it| &it.kind);
        let Some(TypeKind::Enum(it)) = known else { return vec![] };
        it.values.iter().map(|value| value.node.value.node.to_string()).collect()
    }

    /// The type of a field without brackets.
    pub(super) fn type_of(field: &FieldDefinition) -> String {
        plain(&field.ty.node.to_string())
    }

    /// Whether a type is a page of a list.
    pub(super) fn is_connection(&self, name: &str) -> bool {
        let has = |known: &str| self.fields(name).iter().any(|it| it.node.name.node == known);
        has("nodes") && has("pageInfo")
    }

    /// The type of the rows of a list, or the type itself.
    pub(super) fn row_of(&self, name: &str) -> String {
        let nodes = self.fields(name).iter().find(|it| it.node.name.node == "nodes");
        let of_list = nodes.filter(|_| self.is_connection(name));
        of_list.map_or_else(|| name.to_owned(), |it| Self::type_of(&it.node))
    }

    /// Types whose objects have an id of their own.
    pub(super) fn nodes(&self) -> Vec<String> {
        self.nodes.clone()
    }

    fn implementors(&self, name: &str) -> Vec<String> {
        let is_one = |it: &TypeDefinition| {
            let TypeKind::Object(object) = &it.kind else { return false };
            object.implements.iter().any(|it| it.node == name)
        };
        self.types.iter().filter(|(_, it)| is_one(it)).map(|(own, _)| own.clone()).collect()
    }

    /// What is asked of a type: every field that is no object, and objects so many steps down.
    pub(super) fn selection(&self, name: &str, depth: usize) -> String {
        let key = (name.to_owned(), depth);
        let known = self.selections.lock().unwrap().get(&key).cloned();
        known.unwrap_or_else(|| {
            let made = self.made(name, depth);
            self.selections.lock().unwrap().insert(key, made.clone());
            made
        })
    }

    fn made(&self, name: &str, depth: usize) -> String {
        let mut parts = vec!["__typename".to_owned()];
        parts.extend(self.plain_fields(name, depth));
        let members = match &self.types[name].kind {
            TypeKind::Union(it) => it.members.iter().map(|it| it.node.to_string()).collect(),
            TypeKind::Interface(_) => self.implementors(name),
            TypeKind::Object(_)
            | TypeKind::Scalar
            | TypeKind::Enum(_)
            | TypeKind::InputObject(_) => vec![],
        };
        for member in members {
            let fields = self.plain_fields(&member, depth).join(" ");
            parts.push(format!("... on {member} {{ {fields} }}"));
        }
        format!("{{ {} }}", parts.join(" "))
    }

    fn plain_fields(&self, name: &str, depth: usize) -> Vec<String> {
        let is_connection = self.is_connection(name);
        let mut parts = Vec::new();
        for field in self.fields(name) {
            let field = &field.node;
            let ty = Self::type_of(field);
            if field.arguments.iter().any(|it| is_required(&it.node)) {
                continue;
            }
            if self.is_leaf(&ty) {
                parts.push(field.name.node.to_string());
            } else if is_connection {
                // An edge is asked for its cursor alone; its node is among the nodes.
                let is_edge = field.name.node == "edges";
                let inside = (!is_edge).then(|| self.selection(&ty, depth));
                let inside = inside.as_deref().unwrap_or("{ cursor }");
                parts.push(format!("{} {inside}", field.name.node));
            } else if depth > 0 {
                parts.push(format!("{} {}", field.name.node, self.selection(&ty, depth - 1)));
            }
        }
        parts
    }

    /// Arguments that a field must have, and, when `more`, whole numbers that it may have.
    pub(super) fn required(&self, field: &FieldDefinition, but: &str, more: bool) -> String {
        let mut text = String::new();
        for argument in &field.arguments {
            let argument = &argument.node;
            let is_number =
                more && named(argument) == "Int" && !is_page(argument.name.node.as_str());
            if argument.name.node == but || !(is_required(argument) || is_number) {
                continue;
            }
            let value = self.literal(argument, &mut Filling::plain());
            write!(text, ", {}: {value}", argument.name.node).unwrap();
        }
        text
    }

    /// A value that fits, as it is written in a document.
    pub(super) fn literal(
        &self,
        value: &InputValueDefinition,
        filling: &mut Filling<'_>,
    ) -> String {
        let name = value.name.node.as_str();
        let one = self.one(&named(value), name, filling);
        if is_list(value) { format!("[{one}]") } else { one }
    }

    /// The same as it is sent in variables.
    pub(super) fn value(&self, value: &InputValueDefinition) -> serde_json::Value {
        let text = self.literal(value, &mut Filling::plain());
        let document = parse_query(format!("{{ a(a: {text}) }}")).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        let Selection::Field(field) = &operation.node.selection_set.node.items[0].node else {
            return serde_json::Value::Null;
        };
        let (_, known) = &field.node.arguments[0];
        known.node.clone().into_const().unwrap().into_json().unwrap()
    }

    fn one(&self, ty: &str, name: &str, filling: &mut Filling<'_>) -> String {
        let text = if filling.is_empty { "\"\"" } else { "\"Một chữ\"" };
        match ty {
            "ID" => format!("\"{}\"", (filling.id)(name)),
            "String" if name == "awardTypeCode" => format!("\"{AWARD}\""),
            "Int" if name.to_lowercase().contains("year") => harness::world::YEAR.to_string(),
            "Int" => if filling.is_empty { "-1" } else { "1" }.to_owned(),
            "Boolean" => "false".to_owned(),
            "Date" => "\"2026-01-01\"".to_owned(),
            "DateTime" => "\"2026-01-01T00:00:00Z\"".to_owned(),
            "Decimal" => "\"1\"".to_owned(),
            _ => {
                let values = self.values(ty);
                if let Some(first) = values.first() {
                    return first.clone();
                }
                let inputs = self.inputs(ty);
                if inputs.is_empty() {
                    return text.to_owned();
                }
                let given = inputs.iter().filter_map(|field| self.given(&field.node, filling));
                format!("{{ {} }}", given.collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// A field of an input; none when it is left away.
    fn given(&self, field: &InputValueDefinition, filling: &mut Filling<'_>) -> Option<String> {
        let name = field.name.node.as_str();
        let is_given = is_required(field) || (filling.takes)(name);
        let is_given = is_given && name != "idempotencyKey";
        is_given.then(|| format!("{name}: {}", self.literal(field, filling)))
    }

    /// Whether an id stands anywhere in a value; no input of a mutation holds one of its own type.
    pub(super) fn has_ids(&self, value: &InputValueDefinition) -> bool {
        let ty = named(value);
        ty == "ID" || self.inputs(&ty).iter().any(|it| self.has_ids(&it.node))
    }

    /// The types whose ids a name asks for, as far as the name tells: `unitId`, `withinUnit`, `memberIds`.
    pub(super) fn types_for(&self, name: &str, own: Option<&str>) -> Vec<String> {
        let nodes = self.nodes();
        if name == "id" || name == "ids" {
            return own.map(|own| vec![own.to_owned()]).unwrap_or_default();
        }
        let stem = name.trim_end_matches("Ids").trim_end_matches("Id");
        let stem = crate::operation::pascal(stem);
        let last = stem.rfind(|letter: char| letter.is_ascii_uppercase()).unwrap_or_default();
        let exact = nodes.iter().filter(|node| stem.ends_with(node.as_str()));
        let longest = exact.max_by_key(|node| node.len()).cloned();
        let by_end = nodes.iter().filter(|node| node.ends_with(&stem[last..])).cloned();
        longest.map_or_else(|| by_end.collect(), |it| vec![it])
    }

    /// The type of object that a mutation is about: the longest whose name its own begins with, or what it answers.
    pub(super) fn subject(&self, mutation: &FieldDefinition) -> Option<String> {
        let name = crate::operation::pascal(&mutation.name.node);
        let nodes = self.nodes();
        let by_name = nodes.iter().filter(|node| name.starts_with(node.as_str()));
        if let Some(longest) = by_name.max_by_key(|node| node.len()) {
            return Some(longest.clone());
        }
        let answered = self.fields(&Self::type_of(mutation)).iter();
        let types: BTreeSet<String> = answered.map(|it| Self::type_of(&it.node)).collect();
        nodes.into_iter().find(|node| types.contains(node))
    }
}

fn is_page(argument: &str) -> bool {
    ["first", "last", "depth"].contains(&argument)
}

/// How an input is filled in.
pub(super) struct Filling<'a> {
    /// The id for a field of this name.
    pub(super) id: Box<dyn FnMut(&str) -> String + 'a>,
    /// Whether a field that may be absent is given.
    pub(super) takes: Box<dyn FnMut(&str) -> bool + 'a>,
    /// Texts are empty and numbers are below any.
    pub(super) is_empty: bool,
}

impl Filling<'_> {
    /// What must be there, and ids of nothing.
    pub(super) fn plain() -> Self {
        let (id, takes) = (|_: &str| "Nothing_0".to_owned(), |_: &str| false);
        Self { id: Box::new(id), takes: Box::new(takes), is_empty: false }
    }
}
