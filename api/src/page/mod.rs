//! Pages: keyset order, signed cursors, Relay connections.
//! No table enters here; what may be read was decided before.

mod cursor;

use async_graphql::connection::{Connection, Edge, EmptyFields};
use async_graphql::{Context, Enum, InputObject, OutputType, SimpleObject};
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ModelTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
};

use cursor::Part;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub use cursor::fuzz;
pub use cursor::{Cursor, Secret, fingerprint};

use crate::error::{Code, Error, Fault, Result};

/// Rows of a page when neither `first` nor `last` is given.
const DEFAULT: u64 = 25;
/// Most rows of a page.
const MOST: u64 = 100;
/// What the schema says of the place of a page; the library's own words do not tell when a cursor is null.
pub const PAGE_INFO: &str = "Where a page lies in its list. `startCursor` and `endCursor` are the cursors of its first \
    and its last object, to be sent back as `before` and `after`; both are null for an empty page.";

/// Direction of an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Enum)]
pub enum Direction {
    /// Smallest first.
    #[default]
    Asc,
    /// Greatest first.
    Desc,
}

/// How one field orders a list.
#[derive(Clone, Copy, Debug, Default, Hash, InputObject)]
#[graphql(name = "OrderBy")]
pub struct OrderBy {
    /// Smallest or greatest first.
    #[graphql(default)]
    pub direction: Direction,
}

/// The four paging arguments of a list.
#[derive(Clone, Debug, Default)]
pub struct PageArgs {
    /// How many from the beginning.
    pub first: Option<i32>,
    /// Begin after this cursor.
    pub after: Option<String>,
    /// How many from the end.
    pub last: Option<i32>,
    /// End before this cursor.
    pub before: Option<String>,
}

/// One key of an order.
#[derive(Debug)]
pub struct Key<E: EntityTrait> {
    /// The column; null at most where it holds days or times, and then behind all others in either direction.
    pub column: E::Column,
    /// Smallest or greatest first.
    pub direction: Direction,
}

/// A page to be read: where it begins, how long it is, in which order.
#[derive(Debug)]
pub struct PageRequest<E: EntityTrait> {
    args: PageArgs,
    keys: Vec<Key<E>>,
    fingerprint: u64,
    wants_total: bool,
    secret: Secret,
}

impl<E: EntityTrait> PageRequest<E> {
    /// A page of the list whose conditions and order have this fingerprint.
    #[must_use]
    pub fn new(ctx: &Context<'_>, args: PageArgs, keys: Vec<Key<E>>, fingerprint: u64) -> Self {
        let wants_total = ctx.look_ahead().field("totalCount").exists();
        let secret = ctx.data_opt::<Secret>().cloned().unwrap_or_default();
        Self { args, keys, fingerprint, wants_total, secret }
    }
}

/// A page that was read.
#[derive(Debug)]
pub struct Page<M> {
    /// The rows in their order.
    pub rows: Vec<M>,
    cursors: Vec<Cursor>,
    has_next: bool,
    has_previous: bool,
    total: Option<u64>,
}

/// Fields of every list beside the Relay ones.
#[derive(SimpleObject)]
pub struct ListFields {
    /// Number of objects in the whole list, not only on this page; costs 10.
    pub total_count: i32,
}

/// The GraphQL form of a page.
pub type List<T> = Connection<Cursor, T, ListFields, EmptyFields>;

impl<M> Page<M> {
    /// The same page of other things.
    pub fn map<T>(self, make: impl Fn(M) -> T) -> Page<T> {
        let Self { rows, cursors, has_next, has_previous, total } = self;
        let rows = rows.into_iter().map(make).collect();
        Page { rows, cursors, has_next, has_previous, total }
    }

    /// The connection of this page, each row made into its GraphQL object.
    pub fn list<T: OutputType>(self, node: impl Fn(M) -> T) -> List<T> {
        let total_count = self.total.and_then(|total| i32::try_from(total).ok()).unwrap_or(0);
        let fields = ListFields { total_count };
        let mut list = Connection::with_additional_fields(self.has_previous, self.has_next, fields);
        let edges = self.cursors.into_iter().zip(self.rows);
        list.edges = edges.map(|(cursor, row)| Edge::new(cursor, node(row))).collect();
        list
    }
}

struct Window {
    limit: u64,
    backwards: bool,
    from: Option<Vec<Part>>,
}

fn window<E: EntityTrait>(request: &PageRequest<E>) -> Result<Window> {
    let args = &request.args;
    let count = |name: &str, value: i32| {
        u64::try_from(value).ok().filter(|count| *count <= MOST).ok_or_else(|| {
            Error::from(Fault::at(Code::OutOfRange, name).with("min", 0).with("max", MOST))
        })
    };
    let both = |detail: &str| Fault::at(Code::InvalidCombination, "first").with("detail", detail);
    let (limit, backwards) = match (args.first, args.last) {
        (Some(_), Some(_)) => return Err(both("first, last").into()),
        (Some(first), None) => (count("first", first)?, false),
        (None, Some(last)) => (count("last", last)?, true),
        (None, None) => (DEFAULT, args.before.is_some() && args.after.is_none()),
    };
    let cursor = match (&args.after, &args.before) {
        (Some(_), Some(_)) => return Err(both("after, before").into()),
        (Some(after), None) if !backwards => Some(("after", after)),
        (None, Some(before)) if backwards => Some(("before", before)),
        (None, None) => None,
        (Some(_), None) => return Err(both("last, after").into()),
        (None, Some(_)) => return Err(both("first, before").into()),
    };
    let read = |(name, text): (&str, &String)| {
        Cursor::read(text, request.fingerprint, &request.secret)
            .filter(|parts| parts.len() == request.keys.len() + 1)
            .ok_or_else(|| Error::from(Fault::at(Code::InvalidCursor, name)))
    };
    Ok(Window { limit, backwards, from: cursor.map(read).transpose()? })
}

/// Reads one page: the rows in one statement, the total in a second one when it is asked for.
pub(crate) async fn read<E, C>(
    select: Select<E>,
    id: E::Column,
    request: PageRequest<E>,
    connection: &C,
) -> Result<Page<E::Model>>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E> + Sync,
    C: ConnectionTrait,
{
    let asked = ask(select, id, request, connection).await?;
    let rows = match asked.slice() {
        Some(slice) => slice.all(connection).await?,
        None => Vec::new(),
    };
    Ok(asked.page(rows, |row| row))
}

/// The same, each row with the one row of another table that a join finds beside it.
pub(crate) async fn read_beside<E, F, C>(
    (select, beside): (Select<E>, F),
    id: E::Column,
    request: PageRequest<E>,
    connection: &C,
) -> Result<Page<(E::Model, Option<F::Model>)>>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E> + Sync,
    F: EntityTrait,
    F::Model: Sync,
    C: ConnectionTrait,
{
    let asked = ask(select, id, request, connection).await?;
    let rows = match asked.slice() {
        Some(slice) => slice.select_also(beside).all(connection).await?,
        None => Vec::new(),
    };
    Ok(asked.page(rows, |(row, _)| row))
}

/// A page whose window is known, and whose total was read.
struct Asked<E: EntityTrait> {
    select: Select<E>,
    keys: Vec<(E::Column, Direction)>,
    window: Window,
    total: Option<u64>,
    request: PageRequest<E>,
}

async fn ask<E: EntityTrait, C: ConnectionTrait>(
    select: Select<E>,
    id: E::Column,
    request: PageRequest<E>,
    connection: &C,
) -> Result<Asked<E>>
where
    E::Model: Sync,
{
    let window = window(&request)?;
    let total = if request.wants_total {
        Some(select.clone().select_only().column(id).count(connection).await?)
    } else {
        None
    };
    let mut keys: Vec<(E::Column, Direction)> =
        request.keys.iter().map(|key| (key.column, key.direction)).collect();
    keys.push((id, keys.last().map_or(Direction::Asc, |(_, direction)| *direction)));
    Ok(Asked { select, keys, window, total, request })
}

impl<E: EntityTrait> Asked<E>
where
    E::Model: ModelTrait<Entity = E>,
{
    /// The rows to be read: one more than asked for tells whether there are more.
    fn slice(&self) -> Option<Select<E>> {
        let limit = self.window.limit;
        (limit > 0).then(|| slice(self.select.clone(), &self.keys, &self.window).limit(limit + 1))
    }

    fn page<R>(self, mut rows: Vec<R>, model: impl Fn(&R) -> &E::Model) -> Page<R> {
        let has_more = u64::try_from(rows.len()).unwrap_or(u64::MAX) > self.window.limit;
        if has_more {
            rows.pop();
        }
        if self.window.backwards {
            rows.reverse();
        }
        let cursor = |row: &R| {
            let value = |(column, direction): &(E::Column, Direction)| {
                Part::of(&model(row).get(*column)).or_else(|| for_none(*column, *direction))
            };
            let parts = self.keys.iter().filter_map(value).collect();
            Cursor::new(parts, self.request.fingerprint, self.request.secret.clone())
        };
        let has_from = self.window.from.is_some();
        let (has_next, has_previous) =
            if self.window.backwards { (has_from, has_more) } else { (has_more, has_from) };
        let cursors = rows.iter().map(cursor).collect();
        Page { rows, cursors, has_next, has_previous, total: self.total }
    }
}

/// What stands for no value of a column that may have none.
fn for_none(column: impl ColumnTrait, direction: Direction) -> Option<Part> {
    let def = column.def();
    if def.is_null() { Part::last(def.get_column_type(), direction) } else { None }
}

/// What is compared and ordered by: the column, or what stands for no value in it. It stands in the statement itself:
/// with a value of the statement it would be no term of an index.
fn term<E: EntityTrait>(column: E::Column, direction: Direction) -> Expr {
    let plain = Expr::col((E::default(), column));
    match for_none(column, direction).and_then(|part| part.written()) {
        Some(text) => Func::coalesce([plain, Expr::Constant(text.into())]).into(),
        None => plain,
    }
}

fn slice<E: EntityTrait>(
    mut select: Select<E>,
    keys: &[(E::Column, Direction)],
    window: &Window,
) -> Select<E> {
    let is_ascending = |direction: Direction| (direction == Direction::Asc) != window.backwards;
    if let Some(from) = &window.from {
        select = select.filter(beyond::<E>(keys, from, is_ascending));
    }
    for (column, direction) in keys {
        let term = term::<E>(*column, *direction);
        select = if is_ascending(*direction) {
            select.order_by_asc(term)
        } else {
            select.order_by_desc(term)
        };
    }
    select
}

/// Rows beyond a key: greater in the first column, or equal there and greater in the next, and so on. That the first
/// column is at least equal says no more, but lets the database begin there in its index.
fn beyond<E: EntityTrait>(
    keys: &[(E::Column, Direction)],
    from: &[Part],
    is_ascending: impl Fn(Direction) -> bool,
) -> Condition {
    let mut bound = Condition::all();
    if let Some(((column, direction), part)) = keys.iter().zip(from).next() {
        let (ascending, value) = (is_ascending(*direction), part.value());
        let term = term::<E>(*column, *direction);
        bound = bound.add(if ascending { term.gte(value) } else { term.lte(value) });
    }
    let mut any = Condition::any();
    let mut equal = Condition::all();
    for ((column, direction), part) in keys.iter().zip(from) {
        let (value, term) = (part.value(), term::<E>(*column, *direction));
        let same = term.clone().eq(part.value());
        let step = if is_ascending(*direction) { term.gt(value) } else { term.lt(value) };
        any = any.add(equal.clone().add(step));
        equal = equal.add(same);
    }
    bound.add(any)
}

#[cfg(test)]
mod tests {
    use entity::{award, submission};
    use sea_orm::{DbBackend, QueryTrait};

    use super::*;

    #[expect(clippy::disallowed_methods, reason = "the statement is looked at, and never run")]
    fn order<E: EntityTrait>(column: E::Column, direction: Direction) -> [String; 2] {
        [DbBackend::Sqlite, DbBackend::Postgres].map(|backend| {
            let window = Window { limit: 1, backwards: false, from: None };
            let sql = slice(E::find(), &[(column, direction)], &window).build(backend).sql;
            sql.split(" ORDER BY ").skip(1).collect()
        })
    }

    /// The terms are those of indexes that a migration has made.
    #[test]
    fn an_order_by_what_may_be_missing_is_that_of_its_index() {
        let sent = |direction| order::<submission::Entity>(submission::Column::SentAt, direction);
        let decided = |direction| order::<award::Entity>(award::Column::DecidedOn, direction);

        for (found, term) in [
            (sent(Direction::Asc), r#""submission"."sent_at", '9999-12-01T00:00:00+00:00') ASC"#),
            (sent(Direction::Desc), r#""submission"."sent_at", '0001-01-01T00:00:00+00:00') DESC"#),
            (decided(Direction::Asc), r#""award"."decided_on", '9999-12-01') ASC"#),
            (decided(Direction::Desc), r#""award"."decided_on", '0001-01-01') DESC"#),
        ] {
            assert_eq!(found, [(); 2].map(|()| format!("COALESCE({term}")));
        }
    }
}
