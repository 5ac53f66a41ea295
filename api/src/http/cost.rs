//! The price of an operation in rows and in fields, known before it runs.
//! No measuring: what an operation really cost is counted elsewhere.

use std::collections::HashMap;

use async_graphql::parser::types::{
    ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Value, Variables};

use super::limits::{Limit, LimitError, Limits};
use super::types::Types;

/// Rows of a connection when neither `first` nor `last` says how many.
const DEFAULT_PAGE: u32 = 25;
/// Fields that cost as much as a row.
const FIELDS: u32 = 100;
/// Price of a mutation's root field, before what it returns.
const MUTATION: u32 = 10;
/// Leaf fields that count rows; other leaves are columns of a row already paid for.
const COUNTERS: [(&str, u32); 2] = [("totalCount", 10), ("estimatedCount", 1)];
/// Fields of a connection that hold its rows.
const ROWS: [&str; 2] = ["nodes", "edges"];
/// Arguments that say how many rows.
const SIZES: [&str; 2] = ["first", "last"];
/// Arguments that say how long a list is that is not a connection.
const LENGTHS: [&str; 3] = ["ids", "first", "last"];
/// How long such a list is taken to be when nothing says it; one that is not listed below is read
/// by one statement, and costs one row.
const LIST: u32 = 10;
/// Lists that are shorter or longer than that, by the type they belong to.
const KNOWN: [(&str, &str, u32); 6] = [
    ("Tenant", "successors", 2),
    ("Tenant", "predecessors", 2),
    ("Unit", "successors", 2),
    ("Unit", "predecessors", 2),
    ("Unit", "ancestors", 5),
    ("Submission", "appraisals", 3),
];
/// The list that fans out most, and how long it is taken to be below itself: `parent` leads back
/// from each of its rows, so that a document could ask for all of them again and again.
const FAN: (&str, &str, u32) = ("Unit", "children", 40);
/// How long the lists of the introspection are taken to be; `types` itself counts once.
const LISTS: [(&str, u32); 6] = [
    ("fields", 30),
    ("inputFields", 10),
    ("enumValues", 10),
    ("args", 2),
    ("interfaces", 2),
    ("possibleTypes", 2),
];

/// The price of one operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cost {
    /// Rows the database may touch.
    pub(super) rows: u32,
    /// Fields that are resolved, each as often as its row; the processor's share of the price.
    pub(super) cells: u32,
    /// Fields of the introspection that are resolved for each type of the schema.
    pub(super) introspection: u32,
    /// A page size is a variable: with other variables the price is another.
    pub(super) varies: bool,
}

impl Cost {
    /// What the request takes from the budgets: a point a row, and a point for a hundred fields.
    pub(super) const fn points(&self) -> u32 {
        let fields = self.cells.saturating_add(self.introspection);
        let points = self.rows.saturating_add(fields / FIELDS);
        if points == 0 { 1 } else { points }
    }

    pub(super) fn check(&self, limits: &Limits) -> Result<(), LimitError> {
        LimitError::check(Limit::Cost, limits.cost, self.points())?;
        LimitError::check(Limit::Fields, limits.cells, self.cells)?;
        LimitError::check(Limit::Fields, limits.introspection, self.introspection)
    }
}

/// Prices an operation in time linear in its document; the document must be free of cycles.
pub(super) fn price(
    types: &Types,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
) -> Cost {
    let mut till = Till {
        types,
        document,
        variables,
        known: HashMap::new(),
        is_below_fan: false,
        varies: false,
    };
    let price = till.set(Some(types.root(operation.ty).as_str()), &operation.selection_set.node);
    let mut rows = price.rows.times(1);
    if operation.ty == OperationType::Mutation {
        rows = rows.saturating_add(price.fields.saturating_mul(MUTATION));
    }
    let Price { cells, introspection, .. } = price;
    Cost { rows, cells: cells.times(1), introspection, varies: till.varies }
}

/// A sum of which a part is paid once and a part for each row of a page.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    fixed: u32,
    per_row: u32,
}

impl Sum {
    const fn once(fixed: u32) -> Self {
        Self { fixed, per_row: 0 }
    }

    const fn add(self, other: Self) -> Self {
        Self {
            fixed: self.fixed.saturating_add(other.fixed),
            per_row: self.per_row.saturating_add(other.per_row),
        }
    }

    const fn times(self, rows: u32) -> u32 {
        self.fixed.saturating_add(self.per_row.saturating_mul(rows))
    }
}

/// The price of a selection set; how many rows its page has is said by the field around it.
#[derive(Debug, Clone, Copy, Default)]
struct Price {
    rows: Sum,
    cells: Sum,
    introspection: u32,
    /// It selects `nodes` or `edges`.
    is_page: bool,
    /// Fields of this set itself.
    fields: u32,
}

impl Price {
    const fn add(self, other: Self) -> Self {
        Self {
            rows: self.rows.add(other.rows),
            cells: self.cells.add(other.cells),
            introspection: self.introspection.saturating_add(other.introspection),
            is_page: self.is_page || other.is_page,
            fields: self.fields.saturating_add(other.fields),
        }
    }
}

struct Till<'a> {
    types: &'a Types,
    document: &'a ExecutableDocument,
    variables: &'a Variables,
    /// By name, and whether it stands below [`FAN`].
    known: HashMap<(&'a str, bool), Price>,
    is_below_fan: bool,
    varies: bool,
}

impl<'a> Till<'a> {
    /// `of` is the type the set is selected on; none when the schema has no such type.
    fn set(&mut self, of: Option<&'a str>, set: &'a SelectionSet) -> Price {
        set.items.iter().fold(Price::default(), |price, selection| {
            price.add(match &selection.node {
                Selection::Field(field) => self.field(of, &field.node),
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    let of = condition.map(|condition| condition.node.on.node.as_str()).or(of);
                    self.set(of, &inline.node.selection_set.node)
                }
                Selection::FragmentSpread(spread) => {
                    self.fragment(spread.node.fragment_name.node.as_str())
                }
            })
        })
    }

    fn fragment(&mut self, name: &str) -> Price {
        if let Some(price) = self.known.get(&(name, self.is_below_fan)) {
            return *price;
        }
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Price::default();
        };
        let of = fragment.node.type_condition.node.on.node.as_str();
        let price = self.set(Some(of), &fragment.node.selection_set.node);
        self.known.insert((name.as_str(), self.is_below_fan), price);
        price
    }

    fn field(&mut self, of: Option<&'a str>, field: &'a Field) -> Price {
        let name = field.name.node.as_str();
        if of.is_some_and(|of| of.starts_with("__")) {
            return self.introspection(field);
        }
        let one = Price { fields: 1, cells: Sum::once(1), ..Price::default() };
        if field.selection_set.node.items.is_empty() {
            let counter = COUNTERS.iter().find(|(counter, _)| *counter == name);
            return Price { rows: Sum::once(counter.map_or(0, |(_, price)| *price)), ..one };
        }
        if matches!(name, "__schema" | "__type") {
            return Price { introspection: self.introspection(field).introspection, ..one };
        }
        let types = self.types;
        let output = of.and_then(|of| types.field(of, name));
        let (is_below_fan, is_fan) = (self.is_below_fan, of == Some(FAN.0) && name == FAN.1);
        self.is_below_fan |= is_fan;
        let below = self.set(output.map(|output| output.of.as_str()), &field.selection_set.node);
        self.is_below_fan = is_below_fan;
        // `edges { node { … } }` holds the object that `nodes` is.
        let object = u32::from(name != "edges");
        if ROWS.contains(&name) && field.arguments.is_empty() {
            let rows = Sum { fixed: 0, per_row: below.rows.times(1).saturating_add(object) };
            let cells = Sum { fixed: 0, per_row: below.cells.times(1).saturating_add(1) };
            return Price { rows, cells, is_page: true, ..one };
        }
        if output.is_some_and(|output| output.is_list) {
            let known = KNOWN.iter().find(|(on, list, _)| (Some(*on), *list) == (of, name));
            let known = known.map(|(_, _, length)| *length);
            let known = known.or((is_fan && is_below_fan).then_some(FAN.2));
            let length = self.number(field, &LENGTHS).or(known);
            let rows = below.rows.times(1).saturating_add(1).saturating_mul(length.unwrap_or(1));
            let cells = below.cells.times(1).saturating_mul(length.unwrap_or(LIST));
            return Price { rows: Sum::once(rows), cells: one.cells.add(Sum::once(cells)), ..one };
        }
        let page = self.number(field, &SIZES).or_else(|| below.is_page.then_some(DEFAULT_PAGE));
        let rows = below.rows.times(page.unwrap_or(1)).saturating_add(1);
        let cells = below.cells.times(page.unwrap_or(1)).saturating_add(1);
        Price { rows: Sum::once(rows), cells: Sum::once(cells), ..one }
    }

    /// The types of the introspection are in no SDL; its lists are known by their names.
    fn introspection(&mut self, field: &'a Field) -> Price {
        let name = field.name.node.as_str();
        let length = LISTS.iter().find(|(list, _)| *list == name).map_or(1, |(_, length)| *length);
        let below = self.set(Some("__"), &field.selection_set.node);
        let price = below.introspection.saturating_add(1).saturating_mul(length);
        Price { introspection: price, ..Price::default() }
    }

    /// The number, or the number of ids, that the first of these arguments says; none when the
    /// field has none of them.
    fn number(&mut self, field: &Field, names: &[&str]) -> Option<u32> {
        let mut found = None;
        for argument in names.iter().filter_map(|name| field.get_argument(name)) {
            let value = argument.node.clone().into_const_with(|name| {
                self.varies = true;
                self.variables.get(&name).cloned().ok_or(())
            });
            if let Ok(Value::Number(number)) = &value {
                let rows = number.as_i64().unwrap_or(i64::MAX).max(0);
                return Some(u32::try_from(rows).unwrap_or(u32::MAX));
            }
            if let Ok(Value::List(items)) = &value {
                return Some(u32::try_from(items.len()).unwrap_or(u32::MAX));
            }
            // One that is not sent leaves it to the next to say how many.
            found = Some(DEFAULT_PAGE);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use async_graphql::value;

    use super::*;

    const SDL: &str = "
        type Query { units: [Unit!]! nodes(ids: [ID!]!): [Unit]! }
        type Unit { id: ID! name: String parts: [Unit!]! }
    ";

    fn cost(text: &str, variables: Value) -> Cost {
        let document = parse_query(text).expect("the test sends GraphQL");
        let (_, operation) = document.operations.iter().next().expect("one operation");
        let types = Types::read(SDL).expect("the SDL is right");
        price(&types, &document, &operation.node, &Variables::from_value(variables))
    }

    fn rows(text: &str) -> u32 {
        cost(text, Value::Null).rows
    }

    #[test]
    fn an_object_costs_its_row_and_a_leaf_nothing() {
        assert_eq!(rows("{ __typename }"), 0);
        assert_eq!(rows("{ viewer { id name tenant { name } } }"), 2);
        assert_eq!(rows("{ __schema { types { name fields { name } } } }"), 0);
    }

    #[test]
    fn a_connection_costs_its_page() {
        assert_eq!(rows("{ clusters { nodes { id } } }"), 26);
        assert_eq!(rows("{ clusters(first: 10) { nodes { id host { name } } } }"), 21);
        assert_eq!(rows("{ clusters(last: 10) { edges { cursor node { id } } } }"), 11);
        assert_eq!(rows("{ clusters(first: 0) { totalCount nodes { id } } }"), 11);
        assert_eq!(
            rows("{ a(first: 10) { nodes { b(first: 10) { nodes { id } totalCount } } } }"),
            221
        );
    }

    #[test]
    fn a_page_size_may_be_a_variable() {
        let text = "query($n: Int) { clusters(first: $n) { nodes { id } } }";
        assert_eq!(cost(text, value!({"n": 3})).rows, 4);
        assert_eq!(cost(text, value!({})).rows, 26);
        assert_eq!(cost(text, value!({"n": -1})).rows, 1);
        assert_eq!(cost(text, value!({"n": 1e99})).rows, u32::MAX);
        assert!(cost(text, value!({"n": 3})).varies);
        let either = "query($n: Int, $m: Int) { clusters(first: $n, last: $m) { nodes { id } } }";
        assert_eq!(cost(either, value!({"m": 100})).rows, 101);
        assert_eq!(cost(either, value!({"n": null, "m": 100})).rows, 101);
        assert_eq!(cost(either, value!({})).rows, 26);
        assert!(!cost("{ clusters(first: 3) { nodes { id } } }", Value::Null).varies);
    }

    #[test]
    fn a_field_is_a_cell_in_every_row() {
        let cells = |text: &str| cost(text, Value::Null).cells;
        assert_eq!(cells("{ viewer { id name } }"), 3);
        assert_eq!(cells("{ clusters(first: 10) { totalCount nodes { id name } } }"), 32);
        let many = format!(
            "{{ a(first: 50) {{ nodes {{ b(first: 90) {{ nodes {{ {} }} }} }} }} }}",
            "id ".repeat(100)
        );
        let price = cost(&many, Value::Null);
        assert_eq!((price.rows, price.cells > 450_000), (4_601, true));
        let limits = Limits { cells: 400_000, ..Limits::default() };
        assert!(price.check(&limits).is_err());
    }

    #[test]
    fn a_plain_list_is_taken_to_be_short() {
        let price = cost("{ units { parts { id name } } }", Value::Null);
        assert_eq!((price.rows, price.cells), (2, 211));
    }

    #[test]
    fn a_list_below_itself_is_taken_to_be_long() {
        let sdl = "type Query { unit: Unit } type Unit { id: ID parent: Unit children: [Unit!]! }";
        let types = Types::read(sdl).expect("the SDL is right");
        let cells = |text: &str| {
            let document = parse_query(text).expect("the test sends GraphQL");
            let (_, operation) = document.operations.iter().next().expect("one operation");
            price(&types, &document, &operation.node, &Variables::default()).cells
        };
        assert_eq!(cells("{ unit { children { id } } }"), 12);
        assert_eq!(cells("{ unit { children { parent { children { id } } } } }"), 422);
        let fragment = "fragment F on Unit { children { id } }";
        assert_eq!(cells(&format!("{{ unit {{ ...F children {{ ...F }} }} }} {fragment}")), 423);
    }

    #[test]
    fn objects_by_their_ids_cost_one_each() {
        let text = "query($ids: [ID!]!) { nodes(ids: $ids) { id name } }";
        let price = cost(text, value!({"ids": ["a", "b", "c"]}));
        assert_eq!((price.rows, price.cells, price.varies), (3, 7, true));
    }

    #[test]
    fn the_introspection_of_tools_passes_and_its_circles_do_not() {
        let check = |text: &str| cost(text, Value::Null).check(&Limits::default());
        assert_eq!(check(&super::super::shape::introspection()), Ok(()));
        assert_eq!(check("{ __schema { types { fields { type { fields { name } } } } } }"), Ok(()));
        for circle in [
            "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"
                .to_owned(),
            format!("{{ __type(name: \"Query\") {{ fields {{ {} }} }} }}", "name ".repeat(250)),
        ] {
            let error = check(&circle).expect_err("is refused");
            assert_eq!(error.code(), "FIELD_LIMIT_EXCEEDED");
        }
    }

    #[test]
    fn a_mutation_costs_ten_a_field() {
        assert_eq!(rows("mutation { a { id } b { errors { code } } }"), 23);
        assert_eq!(rows("mutation { ...F } fragment F on Mutation { a b c }"), 30);
    }

    #[test]
    fn fragments_are_priced_once_and_multiplied() {
        let fragments = (0..20).map(|i| {
            format!("fragment f{i} on Q {{ a(first: 100) {{ nodes {{ ...f{} }} }} }} ", i + 1)
        });
        let text = format!("{{...f0}} {} fragment f20 on Q {{id}}", fragments.collect::<String>());
        assert_eq!(rows(&text), u32::MAX);
        assert_eq!(rows("{ ...F a { ...F } } fragment F on Q { totalCount }"), 21);
    }
}
