//! Values for the inputs of the schema, of which every text and id is the one that is given.
//! Nothing is asked here.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};
use serde_json::{Value, json};

/// Deeper inputs are left out where that is allowed.
const DEEPEST: u32 = 4;

/// The enums and inputs of the schema.
pub(super) struct Inputs {
    /// First value of each.
    enums: BTreeMap<String, String>,
    /// Fields with their types, and whether exactly one is to be given.
    inputs: BTreeMap<String, (bool, Vec<(String, String)>)>,
}

impl Inputs {
    pub(super) fn read() -> &'static Self {
        static READ: OnceLock<Inputs> = OnceLock::new();
        READ.get_or_init(|| {
            let mut read = Self { enums: BTreeMap::new(), inputs: BTreeMap::new() };
            for definition in parse_schema(api::app::sdl()).unwrap().definitions {
                read.note(definition);
            }
            read
        })
    }

    fn note(&mut self, definition: TypeSystemDefinition) {
        let TypeSystemDefinition::Type(it) = definition else { return };
        let name = it.node.name.node.to_string();
        let is_one_of = it.node.directives.iter().any(|one| one.node.name.node == "oneOf");
        match it.node.kind {
            TypeKind::Enum(list) => {
                self.enums.insert(name, list.values[0].node.value.node.to_string());
            }
            TypeKind::InputObject(input) => {
                let fields = input.fields.iter().map(|field| {
                    (field.node.name.node.to_string(), field.node.ty.node.to_string())
                });
                self.inputs.insert(name, (is_one_of, fields.collect()));
            }
            TypeKind::Scalar
            | TypeKind::Object(_)
            | TypeKind::Interface(_)
            | TypeKind::Union(_) => {}
        }
    }

    /// A value of a type, given as the SDL writes it.
    pub(super) fn value(&self, of: &str, text: &Value, depth: u32) -> Value {
        let of = of.trim_end_matches('!');
        if let Some(item) = of.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            return json!([self.value(item, text, depth)]);
        }
        if let Some(value) = self.enums.get(of) {
            return json!(value);
        }
        match of {
            "Int" => json!(1),
            "Float" => json!(1.5),
            "Boolean" => json!(true),
            _ => match self.inputs.get(of) {
                Some((is_one_of, fields)) => self.object((*is_one_of, fields), text, depth),
                None => text.clone(),
            },
        }
    }

    fn object(
        &self,
        (is_one_of, fields): (bool, &[(String, String)]),
        text: &Value,
        depth: u32,
    ) -> Value {
        let wanted = fields.iter().filter(|(_, of)| depth < DEEPEST || of.ends_with('!'));
        let wanted = wanted.take(if is_one_of { 1 } else { usize::MAX });
        wanted.map(|(name, of)| (name.clone(), self.value(of, text, depth + 1))).collect()
    }
}
