//! The end of what a tenant has set beside the law: what began stays as it was, and an end that would undo what was
//! decided under it is refused.
//! No rule of its own enters here, and no role.

use chrono::{DateTime, NaiveDate, Utc};
use entity::award::{self, Column};
use entity::decision::Source;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use super::input;
use crate::access::{Readable, Stored, Tx};
use crate::error::{Code, Fault, Result};
use crate::scalar::Date;

/// First and last day in force, as far as they are known.
pub(super) type Span = (Option<NaiveDate>, Option<NaiveDate>);

/// Rows that can end: their last day changes, nothing else does.
pub(super) trait Ends: Readable + Stored {
    /// The column of the last day.
    const LAST: Self::Column;

    /// From when to when a row stands.
    fn span(row: &Self::Model) -> Span;

    /// Whether something that can no longer be undone was done under a row after a day.
    fn is_used(
        tx: &Tx,
        row: &Self::Model,
        after: NaiveDate,
    ) -> impl Future<Output = Result<bool>> + Send;
}

/// The last day that is wished for.
pub(super) struct Last {
    day: NaiveDate,
    path: &'static str,
}

impl Last {
    /// A day of a year that can be named.
    pub(super) fn of(day: Date, path: &'static str) -> Result<Self> {
        Ok(Self { day: input::day(day, path)?, path })
    }

    /// Ends a row: not before it began, not later than it has ended already, and not before what was decided under it.
    pub(super) async fn end<E: Ends>(&self, tx: &Tx, (id, version): (Uuid, i32)) -> Result<E::Model>
    where
        E::Model: Clone,
    {
        let row = tx.lock_version::<E>(id, version).await?;
        let (from, to) = E::span(&row);
        input::period(from, Some(self.day), self.path)?;
        if to.is_some_and(|end| end < self.day) {
            // Another one may stand after it.
            return Err(Fault::at(Code::FinalState, self.path).into());
        }
        if self.day < tx.gate().today() && E::is_used(tx, &row, self.day).await? {
            return Err(Fault::at(Code::DecidedSince, self.path).with("day", self.day).into());
        }
        let mut ended: E::ActiveModel = row.clone().into_active_model();
        ended.set(E::LAST, Some(self.day).into());
        tx.save::<E>(&row, ended).await
    }
}

/// Whether such awards were decided after a day and since a row was made, here or by an authority whose decision was
/// recorded here.
pub(super) async fn was_awarded(
    tx: &Tx,
    which: Condition,
    (row, after): (Uuid, NaiveDate),
) -> Result<bool> {
    let since = which
        .add(Column::Source.eq(Source::Decision))
        .add(Column::DecidedOn.gt(after))
        .add_option(made(row).map(|at| Column::CreatedAt.gte(at)));
    let tenant = tx.gate().actor()?.tenant;
    // Years are positive: none is found where there is no such award.
    Ok(tx.greatest::<award::Entity>(tenant, Column::CountingToYear, since).await? > 0)
}

/// When a row was made, which its id tells.
fn made(id: Uuid) -> Option<DateTime<Utc>> {
    let (seconds, nanoseconds) = id.get_timestamp()?.to_unix();
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanoseconds)
}
