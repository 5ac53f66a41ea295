//! Comparators of moments.
//! No day enters here: a day of Vietnam begins at 17:00 of the day before in UTC.

use async_graphql::{InputObject, MaybeUndefined};
use sea_orm::{ColumnTrait, Condition};

use super::Comparison;
use crate::error::Result;
use crate::scalar::DateTime;

/// Comparators of moments; moments are kept in milliseconds.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub struct DateTimeFilter {
    /// Is this moment.
    pub eq: MaybeUndefined<DateTime>,
    /// Is before.
    pub lt: MaybeUndefined<DateTime>,
    /// Is this moment or before.
    pub lte: MaybeUndefined<DateTime>,
    /// Is after.
    pub gt: MaybeUndefined<DateTime>,
    /// Is this moment or after.
    pub gte: MaybeUndefined<DateTime>,
    /// Has no value (true) or has one (false).
    pub is_null: MaybeUndefined<bool>,
}

impl DateTimeFilter {
    /// The condition on a column.
    pub fn on(self, column: impl ColumnTrait) -> Result<Condition> {
        Comparison::new(column)
            .and(self.eq, |column, moment| Ok(column.eq(moment.0)))?
            .and(self.lt, |column, moment| Ok(column.lt(moment.0)))?
            .and(self.lte, |column, moment| Ok(column.lte(moment.0)))?
            .and(self.gt, |column, moment| Ok(column.gt(moment.0)))?
            .and(self.gte, |column, moment| Ok(column.gte(moment.0)))?
            .nullable(self.is_null)
            .map(Comparison::finish)
    }
}
