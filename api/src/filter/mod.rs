//! Comparators of `where` arguments: from what a client writes to conditions of SQL.
//! Only columns that a list names are compared; an absent comparator is no condition.

mod choice;
mod moment;

use async_graphql::{ID, InputObject, InputType, MaybeUndefined};
use sea_orm::sea_query::LikeExpr;
use sea_orm::{ColumnTrait, Condition, Value};
use uuid::Uuid;

use crate::error::{Code, Fault, Result};
use crate::scalar::{Date, NodeType, decode};
use crate::text::search_form;

pub(crate) use choice::chosen;
pub use moment::DateTimeFilter;

/// Most values of `in` and `notIn`.
const MOST: usize = 200;

/// Comparators of ids.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub struct IdFilter {
    /// Is this one.
    pub eq: MaybeUndefined<ID>,
    /// Is not this one; a row without a value is not found.
    pub neq: MaybeUndefined<ID>,
    /// Is one of these, at most 200.
    pub r#in: MaybeUndefined<Vec<ID>>,
    /// Is none of these, at most 200; a row without a value is not found.
    pub not_in: MaybeUndefined<Vec<ID>>,
    /// Has no value (true) or has one (false).
    pub is_null: MaybeUndefined<bool>,
}

/// Comparators of texts; codes are compared exactly.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub struct TextFilter {
    /// Is exactly this.
    pub eq: MaybeUndefined<String>,
    /// Is not this; a row without a value is not found.
    pub neq: MaybeUndefined<String>,
    /// Is one of these, at most 200.
    pub r#in: MaybeUndefined<Vec<String>>,
    /// Is none of these, at most 200; a row without a value is not found.
    pub not_in: MaybeUndefined<Vec<String>>,
    /// Has no value (true) or has one (false).
    pub is_null: MaybeUndefined<bool>,
}

/// Comparators of names: `contains` and `startsWith` ignore case and accents ("dong ha" finds "Đông Hà").
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub struct NameFilter {
    /// Is exactly this.
    pub eq: MaybeUndefined<String>,
    /// Is one of these, at most 200.
    pub r#in: MaybeUndefined<Vec<String>>,
    /// Contains this, whatever the case and the accents.
    pub contains: MaybeUndefined<String>,
    /// Begins with this, whatever the case and the accents.
    pub starts_with: MaybeUndefined<String>,
}

/// Comparators of whole numbers.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub struct IntFilter {
    /// Equals.
    pub eq: MaybeUndefined<i32>,
    /// Does not equal.
    pub neq: MaybeUndefined<i32>,
    /// Is one of these, at most 200.
    pub r#in: MaybeUndefined<Vec<i32>>,
    /// Is less.
    pub lt: MaybeUndefined<i32>,
    /// Is less or equal.
    pub lte: MaybeUndefined<i32>,
    /// Is greater.
    pub gt: MaybeUndefined<i32>,
    /// Is greater or equal.
    pub gte: MaybeUndefined<i32>,
}

/// Comparators of days.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub struct DateFilter {
    /// Is this day.
    pub eq: MaybeUndefined<Date>,
    /// Is before.
    pub lt: MaybeUndefined<Date>,
    /// Is this day or before.
    pub lte: MaybeUndefined<Date>,
    /// Is after.
    pub gt: MaybeUndefined<Date>,
    /// Is this day or after.
    pub gte: MaybeUndefined<Date>,
    /// Has no value (true) or has one (false).
    pub is_null: MaybeUndefined<bool>,
}

/// Comparators of what is so, or is not, or is not known.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub struct BooleanFilter {
    /// Is so (true) or is not (false); what is not known is neither.
    pub eq: MaybeUndefined<bool>,
    /// Is not known (true) or is (false).
    pub is_null: MaybeUndefined<bool>,
}

/// Declares the comparators of one enum, with the words of the schema about them; with `is_null` of one that may be
/// missing. Those words name the enum as the schema does, which the type of the server need not.
#[macro_export]
macro_rules! enum_filter {
    ($(#[$doc:meta])* $name:ident, $ty:ty $(, $is_null:ident)?) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, Hash, async_graphql::InputObject)]
        pub(crate) struct $name {
            /// Is this.
            pub(crate) eq: async_graphql::MaybeUndefined<$ty>,
            /// Is not this; a row without a value is not found.
            pub(crate) neq: async_graphql::MaybeUndefined<$ty>,
            /// Is one of these.
            pub(crate) r#in: async_graphql::MaybeUndefined<Vec<$ty>>,
            /// Is none of these; a row without a value is not found.
            pub(crate) not_in: async_graphql::MaybeUndefined<Vec<$ty>>,
            $(
                /// Has no value (true) or has one (false).
                pub(crate) $is_null: async_graphql::MaybeUndefined<bool>,
            )?
        }

        impl $name {
            /// The condition on a column.
            pub(crate) fn on(
                self,
                column: impl sea_orm::ColumnTrait,
            ) -> $crate::error::Result<sea_orm::Condition> {
                $crate::filter::Comparison::new(column)
                    .eq(self.eq)?
                    .neq(self.neq)?
                    .is_in(self.r#in)?
                    $(.nullable(self.$is_null)?)?
                    .not_in(self.not_in)
                    .map($crate::filter::Comparison::finish)
            }
        }
    };
}

/// A condition on one column, built comparator by comparator.
pub struct Comparison<C> {
    column: C,
    condition: Condition,
}

/// What a comparator is given; null is no value.
fn given<T: InputType>(value: MaybeUndefined<T>) -> Result<Option<T>> {
    match value {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Value(value) => Ok(Some(value)),
        MaybeUndefined::Null => {
            let fault = Fault::at(Code::InvalidFormat, "where");
            Err(fault.with("expected", "a comparator is a value or absent, not null").into())
        }
    }
}

/// Longest text that is looked for in a name.
const LONGEST: usize = 500;

/// A text to be found in names.
fn short(text: &str) -> Result<String> {
    if text.chars().count() <= LONGEST {
        return Ok(literal(text));
    }
    Err(Fault::at(Code::TooLong, "where").with("max", LONGEST).into())
}

/// At most so many values as one comparator takes.
fn few<T>(values: Vec<T>) -> Result<Vec<T>> {
    if values.len() > MOST {
        return Err(Fault::at(Code::OutOfRange, "where.in")
            .with("min", 0)
            .with("max", MOST)
            .into());
    }
    Ok(values)
}

impl<C: ColumnTrait> Comparison<C> {
    /// No condition yet.
    pub fn new(column: C) -> Self {
        Self { column, condition: Condition::all() }
    }

    /// The finished condition.
    pub fn finish(self) -> Condition {
        self.condition
    }

    fn and<T, F>(mut self, value: MaybeUndefined<T>, condition: F) -> Result<Self>
    where
        T: InputType,
        F: FnOnce(C, T) -> Result<sea_orm::sea_query::SimpleExpr>,
    {
        if let Some(value) = given(value)? {
            self.condition = self.condition.add(condition(self.column, value)?);
        }
        Ok(self)
    }

    /// Adds `=`.
    pub fn eq<T: InputType + Into<Value>>(self, value: MaybeUndefined<T>) -> Result<Self> {
        self.and(value, |column, value| Ok(column.eq(value)))
    }

    /// Adds `<>`.
    pub fn neq<T: InputType + Into<Value>>(self, value: MaybeUndefined<T>) -> Result<Self> {
        self.and(value, |column, value| Ok(column.ne(value)))
    }

    /// Adds `IN`.
    pub fn is_in<T: InputType + Into<Value>>(self, values: MaybeUndefined<Vec<T>>) -> Result<Self> {
        self.and(values, |column, values| Ok(column.is_in(few(values)?)))
    }

    /// Adds `IS NULL`, or `IS NOT NULL`.
    pub fn nullable(self, is_null: MaybeUndefined<bool>) -> Result<Self> {
        self.and(is_null, |column, is_null| {
            Ok(if is_null { column.is_null() } else { column.is_not_null() })
        })
    }

    /// Adds `NOT IN`.
    pub fn not_in<T: InputType + Into<Value>>(
        self,
        values: MaybeUndefined<Vec<T>>,
    ) -> Result<Self> {
        self.and(values, |column, values| Ok(column.is_not_in(few(values)?)))
    }
}

impl IdFilter {
    /// The condition on a column of ids of one type; ids of other types match nothing.
    pub fn on<N: NodeType>(self, column: impl ColumnTrait) -> Result<Condition> {
        let read = |id: ID| row_id::<N>(&id).unwrap_or_default();
        let all = |ids: Vec<ID>| few(ids).map(|ids| ids.into_iter().map(read).collect::<Vec<_>>());
        Comparison::new(column)
            .and(self.eq, |column, id| Ok(column.eq(read(id))))?
            .and(self.neq, |column, id| Ok(column.ne(read(id))))?
            .and(self.r#in, |column, ids| Ok(column.is_in(all(ids)?)))?
            .and(self.not_in, |column, ids| Ok(column.is_not_in(all(ids)?)))?
            .nullable(self.is_null)
            .map(Comparison::finish)
    }
}

impl TextFilter {
    /// The condition on a column.
    pub fn on(self, column: impl ColumnTrait) -> Result<Condition> {
        Comparison::new(column)
            .eq(self.eq)?
            .neq(self.neq)?
            .is_in(self.r#in)?
            .not_in(self.not_in)?
            .nullable(self.is_null)
            .map(Comparison::finish)
    }
}

impl NameFilter {
    /// The condition on the column of the name and the column of its search form.
    pub fn on<C: ColumnTrait>(self, name: C, search: C) -> Result<Condition> {
        let exact = Comparison::new(name).eq(self.eq)?.is_in(self.r#in)?.finish();
        let found = Comparison::new(search)
            .and(self.contains, |column, text| {
                Ok(column.like(pattern(&format!("%{}%", short(&text)?))))
            })?
            .and(self.starts_with, |column, text| {
                Ok(column.like(pattern(&format!("{}%", short(&text)?))))
            })?
            .finish();
        Ok(exact.add(found))
    }
}

/// What makes the sign behind it a plain one in a pattern of `LIKE`; SQLite has none unless it is named.
const PLAIN: char = '!';

fn pattern(text: &str) -> LikeExpr {
    LikeExpr::new(text).escape(PLAIN)
}

/// The search form of a text in which every sign stands for itself.
fn literal(text: &str) -> String {
    let is_special = |sign: char| matches!(sign, '%' | '_' | PLAIN);
    let plain = |sign: char| is_special(sign).then_some(PLAIN).into_iter().chain([sign]);
    search_form(text).chars().flat_map(plain).collect()
}

impl IntFilter {
    /// The condition on a column.
    pub fn on(self, column: impl ColumnTrait) -> Result<Condition> {
        Comparison::new(column)
            .eq(self.eq)?
            .neq(self.neq)?
            .is_in(self.r#in)?
            .and(self.lt, |column, value| Ok(column.lt(value)))?
            .and(self.lte, |column, value| Ok(column.lte(value)))?
            .and(self.gt, |column, value| Ok(column.gt(value)))?
            .and(self.gte, |column, value| Ok(column.gte(value)))
            .map(Comparison::finish)
    }
}

impl BooleanFilter {
    /// The condition on a column.
    pub fn on(self, column: impl ColumnTrait) -> Result<Condition> {
        let compared = Comparison::new(column).eq(self.eq)?.nullable(self.is_null)?;
        Ok(compared.finish())
    }
}

impl DateFilter {
    /// The condition on a column.
    pub fn on(self, column: impl ColumnTrait) -> Result<Condition> {
        Comparison::new(column)
            .and(self.eq, |column, day| Ok(column.eq(day.0)))?
            .and(self.lt, |column, day| Ok(column.lt(day.0)))?
            .and(self.lte, |column, day| Ok(column.lte(day.0)))?
            .and(self.gt, |column, day| Ok(column.gt(day.0)))?
            .and(self.gte, |column, day| Ok(column.gte(day.0)))?
            .nullable(self.is_null)
            .map(Comparison::finish)
    }
}

/// The row behind an id of one type; none for ids of other types and for other texts.
#[must_use]
pub fn row_id<N: NodeType>(id: &ID) -> Option<Uuid> {
    decode(id).filter(|(prefix, _)| *prefix == N::PREFIX).map(|(_, id)| id)
}

/// The row behind an id given as an argument of a mutation.
pub fn input_id<N: NodeType>(id: &ID, path: &str) -> Result<Uuid> {
    row_id::<N>(id).ok_or_else(|| Fault::at(Code::InvalidId, path).into())
}

/// The rows behind a list of ids given as an argument of a mutation; a fault tells which of them it is about.
pub fn input_ids<N: NodeType>(ids: &[ID], path: &str) -> Result<Vec<Uuid>> {
    let one = |(index, id): (usize, &ID)| input_id::<N>(id, &format!("{path}.{index}"));
    ids.iter().enumerate().map(one).collect()
}

/// The conditions of `and`, `or` and `not`.
pub fn combine<W>(
    and: Option<Vec<W>>,
    or: Option<Vec<W>>,
    not: Option<Box<W>>,
    condition: impl Fn(W) -> Result<Condition>,
) -> Result<Condition> {
    let mut all = Condition::all();
    for part in few(and.unwrap_or_default())? {
        all = all.add(condition(part)?);
    }
    if let Some(parts) = or {
        let mut any = Condition::any();
        for part in few(parts)? {
            any = any.add(condition(part)?);
        }
        all = all.add(any);
    }
    if let Some(part) = not {
        all = all.add(condition(*part)?.not());
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_patterns_are_plain_in_a_name() {
        assert_eq!(literal("  Tỷ lệ 100% "), "ty le 100!%");
        assert_eq!(literal("a_b!"), "a!_b!!");
    }
}
