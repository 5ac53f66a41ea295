//! The ways of the schema to objects, read from the SDL: by id, several ids, conditions, orders, below units, cursors.
//! A way asks for many objects at once. Nobody who asks enters here.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_graphql::parser::types::{FieldDefinition, InputValueDefinition};
use serde_json::{Value, json};

use super::sdl::{Sdl, is_list, named};
use super::store::snake;

/// Root fields of one query, and ids of one list, that the limits of the server allow.
const FIELDS: usize = 30;
const IDS: usize = 100;

/// The path of conditions against things.
const CONTRARY: &str = "contrary condition";

/// What is put into a way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Things {
    /// Ids of these types; when there are several, of those that lead somewhere.
    Ids(Vec<String>),
    /// Texts of this type's column, as the table has it.
    Texts(String, String),
    /// Cursors of the list itself.
    Cursors,
    /// Nothing.
    Nothing,
}

/// How a document is made of things.
#[derive(Clone, Debug)]
enum Shape {
    /// One field with all of them in a list.
    Together(String, String),
    /// A field for each.
    Each(String, String),
}

/// One way of the schema to objects.
#[derive(Debug)]
pub(super) struct Way {
    /// Root field.
    pub(super) field: String,
    /// Kind of path, as it is counted.
    pub(super) path: &'static str,
    /// What of the field leads there: an argument, a condition, an order.
    pub(super) by: String,
    pub(super) things: Things,
    /// Whether an answer about things that are hidden is that about nothing; a list is only searched otherwise.
    pub(super) finds: bool,
    shape: Shape,
    batch: AtomicUsize,
}

/// Ways of which the first that leads somewhere is taken.
pub(super) type Choice = Vec<Way>;

impl Way {
    fn new(
        field: &FieldDefinition,
        (path, by): (&'static str, &str),
        things: Things,
        shape: Shape,
    ) -> Self {
        let most = if matches!(shape, Shape::Together(..)) { IDS } else { FIELDS };
        let (field, by) = (field.name.node.to_string(), by.to_owned());
        Self { field, path, by, things, finds: true, shape, batch: AtomicUsize::new(most) }
    }

    fn only_searched(self) -> Self {
        Self { finds: false, ..self }
    }

    /// The same with one type of ids.
    pub(super) fn of_types(&self, types: Vec<String>, is_public: bool) -> Self {
        let batch = AtomicUsize::new(self.batch());
        let (field, by, shape) = (self.field.clone(), self.by.clone(), self.shape.clone());
        let finds = self.finds && !is_public;
        Self { field, path: self.path, by, things: Things::Ids(types), finds, shape, batch }
    }

    /// How many things at a time.
    pub(super) fn batch(&self) -> usize {
        self.batch.load(Ordering::Relaxed)
    }

    /// Takes fewer at a time from now on; whether there are fewer than before.
    pub(super) fn shrink(&self, asked: usize) -> bool {
        self.batch.fetch_min(asked.div_ceil(2), Ordering::Relaxed);
        asked > 1
    }

    /// The document about these things.
    pub(super) fn text(&self, things: &[String]) -> String {
        match &self.shape {
            Shape::Together(before, after) => format!("{{ {before}{}{after} }}", json!(things)),
            Shape::Each(before, after) if self.things == Things::Nothing => {
                format!("{{ {before}{after} }}")
            }
            Shape::Each(before, after) => {
                let one = |(number, thing): (usize, &String)| {
                    format!("a{number}: {before}{}{after}", json!(thing))
                };
                let fields: Vec<String> = things.iter().enumerate().map(one).collect();
                format!("{{ {} }}", fields.join("\n"))
            }
        }
    }

    /// Whether it leads to what is not named.
    pub(super) fn is_contrary(&self) -> bool {
        self.path == CONTRARY
    }

    /// What it is called where something is wrong with it.
    pub(super) fn name(&self) -> String {
        format!("{}({})", self.field, self.by)
    }
}

/// Whether an answer says that there is nothing.
pub(super) fn is_nothing(body: &Value) -> bool {
    let is_empty = |value: &Value| match value {
        Value::Null => true,
        Value::Array(items) => items.iter().all(Value::is_null),
        Value::Object(page) => {
            page.get("nodes") == Some(&json!([])) && page.get("totalCount") == Some(&json!(0))
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    };
    let data = body["data"].as_object();
    data.is_some_and(|data| data.values().all(is_empty))
}

/// Every way that the schema has; a root field has one at least.
pub(super) fn all(sdl: &Sdl) -> Vec<Choice> {
    sdl.roots("Query").iter().flat_map(|field| Maker::new(sdl, &field.node).choices()).collect()
}

/// Makes the ways of one root field.
struct Maker<'a> {
    sdl: &'a Sdl,
    field: &'a FieldDefinition,
    selection: String,
    /// The type of what is found.
    row: String,
    is_page: bool,
}

impl<'a> Maker<'a> {
    fn new(sdl: &'a Sdl, field: &'a FieldDefinition) -> Self {
        let ty = Sdl::type_of(field);
        let is_page = sdl.is_connection(&ty);
        // One step further down than lists; any object of all is wide enough.
        let depth = usize::from(!is_page && ty != "Node");
        let selection = if sdl.is_leaf(&ty) { String::new() } else { sdl.selection(&ty, depth) };
        Self { sdl, field, selection, row: sdl.row_of(&ty), is_page }
    }

    fn choices(&self) -> Vec<Choice> {
        let mut choices = vec![vec![self.plain()]];
        for argument in &self.field.arguments {
            let argument = &argument.node;
            match (named(argument).as_str(), argument.name.node.as_str()) {
                ("ID", _) => choices.push(self.by_id(argument)),
                (ty, "where") => choices.extend(self.conditions(ty)),
                (ty, "orderBy") => choices.extend(self.orders(ty)),
                (_, "after") => choices.push(vec![self.cursor("after", "first")]),
                (_, "before") => choices.push(vec![self.cursor("before", "last")]),
                _ => {}
            }
        }
        choices
    }

    fn way(&self, by: (&'static str, &str), things: Things, shape: Shape) -> Way {
        Way::new(self.field, by, things, shape)
    }

    /// `field(ARGUMENTS) { … }` in two parts: up to the thing, and from there.
    fn each(&self, begin: &str, end: &str, more: &str) -> Shape {
        let Self { field, selection, .. } = self;
        let rest = self.sdl.required(field, begin, false);
        let page = if self.is_page { ", first: 5" } else { "" };
        Shape::Each(
            format!("{}({begin}: ", field.name.node),
            format!("{end}{rest}{more}{page}) {selection}"),
        )
    }

    /// The field as it is asked without anything that leads to one object.
    fn plain(&self) -> Way {
        let Self { field, selection, sdl, .. } = self;
        let rest = sdl.required(field, "", false);
        let rest = if rest.is_empty() { rest } else { format!("({})", &rest[2..]) };
        let shape = Shape::Each(format!("{}{rest} ", field.name.node), selection.clone());
        self.way(("plain", ""), Things::Nothing, shape).only_searched()
    }

    fn types_for(&self, name: &str) -> Vec<String> {
        let nodes = self.sdl.nodes();
        let own = nodes.contains(&self.row).then_some(self.row.as_str());
        let known = self.sdl.types_for(name, own);
        if known.is_empty() { nodes } else { known }
    }

    fn by_id(&self, argument: &InputValueDefinition) -> Choice {
        let name = argument.name.node.as_str();
        let things = Things::Ids(self.types_for(name));
        let Self { field, selection, sdl, .. } = self;
        if is_list(argument) {
            let rest = sdl.required(field, name, false);
            let shape = Shape::Together(
                format!("{}({name}: ", field.name.node),
                format!("{rest}) {selection}"),
            );
            return vec![self.way(("ids", name), things, shape)];
        }
        let path = if self.is_page { "below" } else { "id" };
        let more = sdl.required(field, name, true).replace(&sdl.required(field, name, false), "");
        let mut choice = vec![self.way((path, name), things.clone(), self.each(name, "", ""))];
        if !more.is_empty() {
            choice.push(self.way((path, name), things, self.each(name, "", &more)));
        }
        choice
    }

    /// A condition on one field: in two parts, with the thing between.
    fn on(&self, before: &str, after: &str) -> Shape {
        match self.each("where", after, "") {
            Shape::Each(begin, end) => Shape::Each(format!("{begin}{before}"), end),
            shape @ Shape::Together(..) => shape,
        }
    }

    fn together(&self, before: &str, after: &str) -> Shape {
        match self.on(before, after) {
            Shape::Each(begin, end) => {
                Shape::Together(begin, end.replace("first: 5)", "first: 50)"))
            }
            shape @ Shape::Together(..) => shape,
        }
    }

    fn conditions(&self, ty: &str) -> Vec<Choice> {
        let mut choices = Vec::new();
        for field in self.sdl.inputs(ty) {
            let name = field.node.name.node.as_str();
            let kind = named(&field.node);
            if kind == ty {
                continue;
            }
            if kind == "ID" {
                let things = Things::Ids(self.types_for(name));
                let shape = self.on(&format!("{{ {name}: "), " }");
                choices.push(vec![self.way(("condition", name), things, shape)]);
                continue;
            }
            let comparators = self.sdl.inputs(&kind);
            let of = comparators.iter().find(|it| it.node.name.node == "eq");
            match of.map(|it| named(&it.node)).as_deref() {
                Some("ID") => choices.extend(self.on_ids(name)),
                Some("String") => {
                    let known: BTreeSet<&str> =
                        comparators.iter().map(|it| it.node.name.node.as_str()).collect();
                    choices.extend(self.on_texts(name, &known));
                }
                Some(_) | None => choices.push(vec![self.on_others(name, &field.node)]),
            }
        }
        choices
    }

    fn on_ids(&self, name: &str) -> Vec<Choice> {
        let things = Things::Ids(self.types_for(name));
        let way = |path, by: &str, shape| {
            self.way((path, &format!("{name} {by}")), things.clone(), shape)
        };
        let one_of = self.together(&format!("{{ {name}: {{ in: "), " } }");
        let none_of = self.together(&format!("{{ {name}: {{ notIn: "), " } }");
        let nested = self.on(&format!("{{ or: [{{ not: {{ {name}: {{ neq: "), " } } }] }");
        vec![
            vec![way("condition", "in", one_of)],
            vec![way("condition", "eq", self.on(&format!("{{ {name}: {{ eq: "), " } }"))],
            vec![way("nested condition", "or not neq", nested)],
            vec![way(CONTRARY, "notIn", none_of).only_searched()],
        ]
    }

    fn on_texts(&self, name: &str, known: &BTreeSet<&str>) -> Vec<Choice> {
        let things = Things::Texts(self.row.clone(), snake(name));
        let way =
            |by: &str, shape| self.way(("text", &format!("{name} {by}")), things.clone(), shape);
        let mut choices =
            vec![vec![way("in", self.together(&format!("{{ {name}: {{ in: "), " } }"))]];
        for by in ["eq", "contains", "startsWith"].into_iter().filter(|by| known.contains(by)) {
            choices.push(vec![way(by, self.on(&format!("{{ {name}: {{ {by}: "), " } }"))]);
        }
        choices
    }

    /// A condition that names no object: of states, years, days.
    fn on_others(&self, name: &str, field: &InputValueDefinition) -> Way {
        let kind = named(field);
        let comparators = self.sdl.inputs(&kind);
        let has = |known: &str| comparators.iter().find(|it| it.node.name.node == known);
        let mut filling = super::sdl::Filling::plain();
        let value = match (has("gte"), has("in")) {
            (Some(it), _) if named(&it.node) == "Int" => "{ gte: 1900 }".to_owned(),
            (Some(_), _) => "{ gte: \"1900-01-01\" }".to_owned(),
            (None, Some(it)) => {
                let values = self.sdl.values(&named(&it.node));
                format!("{{ in: [{}] }}", values.join(", "))
            }
            (None, None) => self.sdl.literal(field, &mut filling),
        };
        let (Shape::Each(before, after) | Shape::Together(before, after)) =
            self.on(&format!("{{ {name}: {value} "), "}");
        let shape = Shape::Each(before, after.replace("first: 5)", "first: 50)"));
        self.way(("other condition", name), Things::Nothing, shape).only_searched()
    }

    /// Each order in both directions, the list from both ends.
    fn orders(&self, ty: &str) -> Vec<Choice> {
        let Self { field, selection, .. } = self;
        let mut choices = Vec::new();
        for key in self.sdl.inputs(ty) {
            let key = key.node.name.node.as_str();
            for (direction, size) in [("ASC", "first"), ("DESC", "last")] {
                let order = format!("orderBy: [{{ {key}: {{ direction: {direction} }} }}]");
                let before = format!("{}({order}, {size}: 50) ", field.name.node);
                let shape = Shape::Each(before, selection.clone());
                let way =
                    self.way(("order", &format!("{key} {direction}")), Things::Nothing, shape);
                choices.push(vec![way.only_searched()]);
            }
        }
        choices
    }

    fn cursor(&self, argument: &str, size: &str) -> Way {
        let Self { field, selection, .. } = self;
        let after = format!(", {size}: 20) {selection}");
        let shape = Shape::Each(format!("{}({argument}: ", field.name.node), after);
        self.way(("cursor", argument), Things::Cursors, shape).only_searched()
    }
}
