//! Mutations and variables made from the schema: something foreign stands wherever an id may stand.
//! No request is sent from here.

use std::cell::RefCell;

use async_graphql::parser::types::FieldDefinition;
use serde_json::{Value, json};

use super::chance::Chance;
use super::country::Side;
use super::sdl::{Filling, Sdl, is_list, named};

/// Mutations of one request.
const TOGETHER: usize = 5;

/// Mutations whose answer has types three steps down that nothing else shows.
const DEEPER: [&str; 1] = ["awardsImport"];

/// One mutation.
#[derive(Clone)]
pub(super) struct Part {
    pub(super) field: String,
    pub(super) text: String,
    /// Whether something foreign stands in it; otherwise its texts are empty, so that nothing can be done.
    pub(super) has_ids: bool,
}

/// Mutations of one request.
pub(super) struct Writes {
    pub(super) parts: Vec<Part>,
}

impl Writes {
    pub(super) fn text(&self) -> String {
        let one = |(number, part): (usize, &Part)| format!("a{number}: {}", part.text);
        let parts: Vec<String> = self.parts.iter().enumerate().map(one).collect();
        format!("mutation {{ {} }}", parts.join("\n"))
    }

    pub(super) fn only(part: &Part) -> Self {
        Self { parts: vec![part.clone()] }
    }
}

/// Every mutation of the schema once; whoever asks deeply selects what is nested in its answer too.
pub(super) fn all(sdl: &Sdl, side: &Side, (is_deep, chance): (bool, &mut Chance)) -> Vec<Writes> {
    let chance = RefCell::new(chance);
    let one = |field: &FieldDefinition| part(sdl, field, side, (is_deep, &chance));
    let parts = sdl.roots("Mutation").iter().map(|field| one(&field.node));
    let (with, without): (Vec<Part>, Vec<Part>) = parts.partition(|part| part.has_ids);
    let with = with.chunks(TOGETHER).map(|parts| Writes { parts: parts.to_vec() });
    // Those of sessions and passwords are each a request.
    let without = without.into_iter().map(|part| Writes { parts: vec![part] });
    with.chain(without).collect()
}

fn part(
    sdl: &Sdl,
    field: &FieldDefinition,
    side: &Side,
    (is_deep, chance): (bool, &RefCell<&mut Chance>),
) -> Part {
    let has_ids = field.arguments.iter().any(|it| sdl.has_ids(&it.node));
    let subject = sdl.subject(field);
    let mut taken = fill(sdl, field, (side, subject.as_deref()), (chance, !has_ids));
    if has_ids && taken.1 == 0 {
        taken = fill(sdl, field, (side, subject.as_deref()), (chance, true));
    }
    let name = field.name.node.to_string();
    let depth = 1 + usize::from(is_deep) + usize::from(DEEPER.contains(&name.as_str()));
    let answer = sdl.selection(&Sdl::type_of(field), depth);
    let (arguments, ids) = taken;
    let arguments = if arguments.is_empty() { arguments } else { format!("({arguments})") };
    Part { text: format!("{name}{arguments} {answer}"), field: name, has_ids: ids > 0 }
}

/// The arguments, and how many foreign ids stand in them.
fn fill(
    sdl: &Sdl,
    field: &FieldDefinition,
    (side, subject): (&Side, Option<&str>),
    (chance, takes_all): (&RefCell<&mut Chance>, bool),
) -> (String, usize) {
    let count = RefCell::new(0);
    let has_ids = field.arguments.iter().any(|it| sdl.has_ids(&it.node));
    let id = |name: &str| {
        let (id, is_foreign) = id(sdl, side, (name, subject), &mut chance.borrow_mut());
        *count.borrow_mut() += usize::from(is_foreign);
        id
    };
    let takes = |_: &str| takes_all || chance.borrow_mut().below(2) == 0;
    let mut filling = Filling { id: Box::new(id), takes: Box::new(takes), is_empty: !has_ids };
    let one = |it: &async_graphql::Positioned<
        async_graphql::parser::types::InputValueDefinition,
    >| { format!("{}: {}", it.node.name.node, sdl.literal(&it.node, &mut filling)) };
    let arguments: Vec<String> = field.arguments.iter().map(one).collect();
    drop(filling);
    (arguments.join(", "), count.into_inner())
}

/// A foreign id for a field of this name, and whether it is of anything that is not public.
fn id(
    sdl: &Sdl,
    side: &Side,
    (name, subject): (&str, Option<&str>),
    chance: &mut Chance,
) -> (String, bool) {
    let mut types = sdl.types_for(name, subject);
    if types.is_empty() {
        types.extend(subject.map(str::to_owned));
    }
    let mut ids = side.ids(&types);
    if ids.is_empty() {
        ids = side.every_id();
    }
    let id = chance.one(&ids).clone();
    let is_public = super::country::PUBLIC.iter().any(|node| id.starts_with(&format!("{node}_")));
    (id, !is_public)
}

/// Variables with which the written operation of a query leads to objects of one's own.
pub(super) fn variables(sdl: &Sdl, field: &str, own: &Side, chance: &mut Chance) -> Value {
    let known = sdl.roots("Query").iter().find(|it| it.node.name.node == field);
    let Some(known) = known.map(|it| &it.node) else { return json!({}) };
    let row = sdl.row_of(&Sdl::type_of(known));
    let row = sdl.nodes().contains(&row).then_some(row);
    let mut variables = json!({});
    let mut has_id = false;
    for argument in &known.arguments {
        let argument = &argument.node;
        let name = argument.name.node.as_str();
        let value = match (named(argument).as_str(), name) {
            // One of several ids leads to an object; a list is asked for all that it has.
            ("ID", "withinUnit") => continue,
            ("ID", _) if has_id && argument.ty.node.nullable => continue,
            ("ID", _) => {
                has_id = true;
                let ids = own.ids(&sdl.types_for(name, row.as_deref()));
                let ids = if ids.is_empty() { own.every_id() } else { ids };
                let id = json!(chance.one(&ids));
                if is_list(argument) { json!([id]) } else { id }
            }
            ("Int", "first") => json!(10),
            ("Int", "year") if !argument.ty.node.nullable => json!(harness::world::YEAR),
            ("Int", _) if !argument.ty.node.nullable => json!(1),
            ("String", _) if !argument.ty.node.nullable => json!(super::sdl::AWARD),
            _ if !argument.ty.node.nullable => sdl.value(argument),
            _ => continue,
        };
        variables[name] = value;
    }
    variables
}
