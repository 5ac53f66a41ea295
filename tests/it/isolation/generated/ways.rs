//! The ways of the schema to objects, read from the SDL: by id, several ids, conditions, orders, below units, cursors.
//! A way asks for many objects at once. Nobody who asks enters here.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_graphql::parser::types::{FieldDefinition, InputValueDefinition};
use harness::world::YEAR;
use serde_json::{Value, json};

use super::sdl::{Sdl, is_list, named};
use super::store::snake;

/// Root fields of one query, and ids of one list, that the limits of the server allow.
const FIELDS: usize = 30;
const IDS: usize = 100;

/// The path of root fields with no more than they must have.
pub(super) const PLAIN: &str = "plain";
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

/// How a document is made of things: what stands before the thing and after it, up to what is selected.
#[derive(Clone, Debug)]
enum Shape {
    /// One field with all of them in a list.
    Together(String, String),
    /// A field for each.
    Each(String, String),
}

impl Shape {
    /// The same with this in the place of things.
    fn with(self, value: &str) -> Self {
        match self {
            Self::Each(before, after) => Self::Each(before + value, after),
            Self::Together(before, after) => Self::Together(before + value, after),
        }
    }
}

/// What is selected of a type; of a type without fields nothing.
#[derive(Clone, Debug)]
struct Selected {
    ty: String,
    fields: String,
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
    selected: Selected,
    is_always_list: bool,
    batch: AtomicUsize,
}

/// Ways of which the first that leads somewhere is taken.
pub(super) type Choice = Vec<Way>;

impl Way {
    fn new(
        field: &FieldDefinition,
        (path, by): (&'static str, &str),
        things: Things,
        (shape, selected): (Shape, Selected),
    ) -> Self {
        let most = if matches!(shape, Shape::Together(..)) { IDS } else { FIELDS };
        let batch = AtomicUsize::new(most);
        let ty = field.ty.node.to_string();
        let is_always_list = ty.starts_with('[') && ty.ends_with('!');
        let (field, by) = (field.name.node.to_string(), by.to_owned());
        Self { field, path, by, things, finds: true, shape, selected, is_always_list, batch }
    }

    fn only_searched(self) -> Self {
        Self { finds: false, ..self }
    }

    /// The same with one type of ids.
    pub(super) fn of_types(self, types: Vec<String>, is_public: bool) -> Self {
        Self { things: Things::Ids(types), finds: self.finds && !is_public, ..self }
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

    /// The document about these things; what several fields select is written once.
    pub(super) fn text(&self, things: &[String]) -> String {
        let Selected { ty, fields } = &self.selected;
        match &self.shape {
            Shape::Together(before, after) => {
                format!("{{ {before}{}{after} {fields} }}", json!(things))
            }
            Shape::Each(before, after) if self.things == Things::Nothing => {
                format!("{{ {before}{after} {fields} }}")
            }
            Shape::Each(before, after) => {
                let is_shared = things.len() > 1 && !fields.is_empty();
                let each = if is_shared { "{ ...Selected }" } else { fields };
                let one = |(number, thing): (usize, &String)| {
                    format!("a{number}: {before}{}{after} {each}", json!(thing))
                };
                let roots: Vec<String> = things.iter().enumerate().map(one).collect();
                let fragment = format!(" fragment Selected on {ty} {fields}");
                let fragment = if is_shared { fragment.as_str() } else { "" };
                format!("{{ {} }}{fragment}", roots.join("\n"))
            }
        }
    }

    /// Whether an answer says that there is nothing; an empty list says so only where there is always a list.
    pub(super) fn is_nothing(&self, body: &Value) -> bool {
        let is_empty = |value: &Value| match value {
            Value::Null => true,
            Value::Array(items) => self.is_always_list && items.iter().all(Value::is_null),
            Value::Object(page) => {
                page.get("nodes") == Some(&json!([])) && page.get("totalCount") == Some(&json!(0))
            }
            Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        };
        let data = body["data"].as_object();
        data.is_some_and(|data| data.values().all(is_empty))
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

/// Every way that the schema has; a root field has one at least.
pub(super) fn all(sdl: &Sdl) -> Vec<Choice> {
    sdl.roots("Query").iter().flat_map(|field| Maker::new(sdl, &field.node).choices()).collect()
}

/// The same of the year before, where a year is asked for.
fn year_before(shape: &Shape) -> Option<Shape> {
    let Shape::Each(before, after) = shape else { return None };
    let year = |year: i32| format!("year: {year}");
    let other = after.replace(&year(YEAR), &year(YEAR - 1));
    (other != *after).then(|| Shape::Each(before.clone(), other))
}

/// Makes the ways of one root field.
struct Maker<'a> {
    sdl: &'a Sdl,
    field: &'a FieldDefinition,
    selected: Selected,
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
        let fields = if sdl.is_leaf(&ty) { String::new() } else { sdl.selection(&ty, depth) };
        let row = sdl.row_of(&ty);
        Self { sdl, field, selected: Selected { ty, fields }, row, is_page }
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
                (_, "first" | "last") => {}
                _ => choices.extend(self.others(argument)),
            }
        }
        choices
    }

    /// An argument that leads to no object, with each of its values; alone, or where that is not understood with
    /// another one.
    fn others(&self, argument: &InputValueDefinition) -> Vec<Choice> {
        let Self { field, sdl, .. } = self;
        let name = argument.name.node.as_str();
        let partners = field.arguments.iter().map(|it| &it.node).filter(|it| {
            let known = it.name.node.as_str();
            known != name
                && !["where", "orderBy", "first", "last", "after", "before"].contains(&known)
        });
        let partners = partners.map(|it| {
            format!(", {}: {}", it.name.node, sdl.literal(it, &mut super::sdl::Filling::plain()))
        });
        let beside: Vec<String> = [String::new()].into_iter().chain(partners).collect();
        let mut values = sdl.values(&named(argument));
        if values.is_empty() {
            values.push(sdl.literal(argument, &mut super::sdl::Filling::plain()));
        }
        let choice = |value: &String| {
            let by = format!("{name} {value}");
            let way = |beside: &String| {
                let shape = self.each(name, "", beside).with(value);
                self.way(("other argument", &by), Things::Nothing, shape).only_searched()
            };
            beside.iter().map(way).collect()
        };
        values.iter().map(choice).collect()
    }

    fn way(&self, by: (&'static str, &str), things: Things, shape: Shape) -> Way {
        Way::new(self.field, by, things, (shape, self.selected.clone()))
    }

    /// `field(ARGUMENTS) { … }` in two parts: up to the thing, and from there.
    fn each(&self, begin: &str, end: &str, more: &str) -> Shape {
        let rest = self.sdl.required(self.field, begin, false);
        let page = if self.is_page { ", first: 5" } else { "" };
        Shape::Each(
            format!("{}({begin}: ", self.field.name.node),
            format!("{end}{rest}{more}{page})"),
        )
    }

    /// The field as it is asked without anything that leads to one object.
    fn plain(&self) -> Way {
        let rest = self.sdl.required(self.field, "", false);
        let rest = if rest.is_empty() { rest } else { format!("({})", &rest[2..]) };
        let shape = Shape::Each(format!("{}{rest}", self.field.name.node), String::new());
        self.way((PLAIN, ""), Things::Nothing, shape).only_searched()
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
        let Self { field, sdl, .. } = self;
        if is_list(argument) {
            let rest = sdl.required(field, name, false);
            let shape =
                Shape::Together(format!("{}({name}: ", field.name.node), format!("{rest})"));
            return vec![self.way(("ids", name), things, shape)];
        }
        let path = if self.is_page { "below" } else { "id" };
        let more = sdl.required(field, name, true).replace(&sdl.required(field, name, false), "");
        let mut choice = vec![self.way((path, name), things.clone(), self.each(name, "", ""))];
        if !more.is_empty() {
            let shape = self.each(name, "", &more);
            choice.push(self.way((path, name), things.clone(), shape));
        }
        let shape = self.each(name, "", &more);
        let others = year_before(&shape).into_iter().chain(self.with_other_values(&shape));
        choice.extend(others.map(|shape| self.way((path, name), things.clone(), shape)));
        choice
    }

    /// The same with each other value of what must be chosen from a few.
    fn with_other_values(&self, shape: &Shape) -> Vec<Shape> {
        let Shape::Each(before, after) = shape else { return vec![] };
        let mut shapes = Vec::new();
        for argument in &self.field.arguments {
            let (name, values) =
                (&argument.node.name.node, self.sdl.values(&named(&argument.node)));
            let Some((first, others)) = values.split_first() else { continue };
            let given = format!("{name}: {first}");
            let others =
                others.iter().map(|value| after.replace(&given, &format!("{name}: {value}")));
            let others = others.filter(|other| other != after);
            shapes.extend(others.map(|after| Shape::Each(before.clone(), after)));
        }
        shapes
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
                Shape::Together(begin, end.replace("first: 5)", "first: 25)"))
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
            (Some(it), _) if named(&it.node) == "DateTime" => {
                "{ gte: \"1900-01-01T00:00:00Z\" }".to_owned()
            }
            (Some(_), _) => "{ gte: \"1900-01-01\" }".to_owned(),
            (None, Some(it)) => {
                let values = self.sdl.values(&named(&it.node));
                format!("{{ in: [{}] }}", values.join(", "))
            }
            (None, None) => self.sdl.literal(field, &mut filling),
        };
        let (Shape::Each(before, after) | Shape::Together(before, after)) =
            self.on(&format!("{{ {name}: {value} "), "}");
        let shape = Shape::Each(before, after.replace("first: 5)", "first: 25)"));
        self.way(("other condition", name), Things::Nothing, shape).only_searched()
    }

    /// Each order in both directions, the list from both ends.
    fn orders(&self, ty: &str) -> Vec<Choice> {
        let field = self.field;
        let mut choices = Vec::new();
        for key in self.sdl.inputs(ty) {
            let key = key.node.name.node.as_str();
            for (direction, size) in [("ASC", "first"), ("DESC", "last")] {
                let order = format!("orderBy: [{{ {key}: {{ direction: {direction} }} }}]");
                let before = format!("{}({order}, {size}: 25)", field.name.node);
                let shape = Shape::Each(before, String::new());
                let way =
                    self.way(("order", &format!("{key} {direction}")), Things::Nothing, shape);
                choices.push(vec![way.only_searched()]);
            }
        }
        choices
    }

    fn cursor(&self, argument: &str, size: &str) -> Way {
        let after = format!(", {size}: 20)");
        let shape = Shape::Each(format!("{}({argument}: ", self.field.name.node), after);
        self.way(("cursor", argument), Things::Cursors, shape).only_searched()
    }
}
