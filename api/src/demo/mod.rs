//! The demo: real clusters, units and tables, with invented people, scores and submissions.
//! It goes only into an empty database, whole or not at all; nothing here is served to a caller.

#![expect(
    clippy::disallowed_methods,
    reason = "the loader fills an empty database beneath the gate; no caller is served"
)]

mod award;
mod cluster;
mod comparison;
mod council;
mod council_vote;
mod criteria;
mod measure;
mod person;
mod random;
mod regulation;
mod rows;
mod score;
mod subject;
mod submission;
#[cfg(test)]
mod tests;
mod unit;

use std::collections::HashSet;

use anyhow::{Context, anyhow, ensure};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    account, cluster as cluster_table, submission as submission_table, unit as unit_table,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QuerySelect};
use uuid::Uuid;

use crate::access::{Hashing, Password};
use rows::Rows;

/// The password of every account of the demo.
pub const PASSWORD: &str = "thidua-demo";

/// What a database holds beside the reference data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing: the demo may be loaded.
    Nothing,
    /// The demo, and nobody who is not of the demo.
    Demo,
    /// Data of its own.
    Other,
}

/// How far the loading is.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// The table being filled.
    pub table: &'static str,
    /// Rows written so far.
    pub done: u64,
    /// Rows to be written in all.
    pub total: u64,
}

/// What the database holds; at most four statements.
pub async fn content(connection: &impl ConnectionTrait) -> anyhow::Result<Content> {
    let select = account::Entity::find().select_only().column(account::Column::Id);
    let held: Vec<Uuid> = select.into_tuple().all(connection).await?;
    if held.is_empty() {
        let is_free = is_free::<unit_table::Entity>(unit_table::Column::Id, connection).await?
            && is_free::<cluster_table::Entity>(cluster_table::Column::Id, connection).await?
            && is_free::<submission_table::Entity>(submission_table::Column::Id, connection)
                .await?;
        return Ok(if is_free { Content::Nothing } else { Content::Other });
    }
    let ours: HashSet<Uuid> = person::account_ids()?.into_iter().collect();
    Ok(if held.iter().all(|id| ours.contains(id)) { Content::Demo } else { Content::Other })
}

async fn is_free<E: EntityTrait>(
    id: E::Column,
    connection: &impl ConnectionTrait,
) -> anyhow::Result<bool> {
    let select = E::find().select_only().column_as(id.count(), "count");
    let count: Option<i64> = select.into_tuple().one(connection).await?;
    Ok(count == Some(0))
}

/// Loads the demo into an empty database that has the reference data. The caller's transaction
/// makes it whole or nothing; `show` is told after every batch.
pub async fn load(
    connection: &impl ConnectionTrait,
    show: &mut impl FnMut(Step),
) -> anyhow::Result<()> {
    ensure!(content(connection).await? == Content::Nothing, "the database holds data already");
    let rows = build(&hash().await?).context("the data files of the demo")?;
    rows.write(connection, show).await
}

/// Every row of the demo; the same each time, but for the hash of the password.
fn build(hash: &str) -> anyhow::Result<Rows> {
    let mut rows = Rows::default();
    let names = unit::build(&mut rows)?;
    person::build(&mut rows, hash)?;
    let clusters = cluster::build(&mut rows, &names)?;
    let scales = criteria::build(&mut rows, &clusters)?;
    for scale in &scales {
        let scored = score::build(&mut rows, scale);
        comparison::build(&mut rows, scale, &scored)?;
    }
    submission::build(&mut rows, &names)?;
    subject::build(&mut rows, &names)?;
    council::build(&mut rows, &names)?;
    award::build(&mut rows)?;
    Ok(rows)
}

/// One hash for all accounts: they share the password.
async fn hash() -> anyhow::Result<String> {
    let hashed = async { Hashing::new()?.hash(&Password::typed(PASSWORD)).await };
    hashed.await.map_err(|fault| anyhow!("cannot hash the password: {fault:?}"))
}

/// A moment of a day in Vietnam, so many minutes after midnight.
fn moment(day: NaiveDate, minutes: i64) -> DateTime<Utc> {
    day.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::minutes(minutes)
        - TimeDelta::hours(7)
}

/// A day of a year.
fn day(year: i32, month: u32, day: u32) -> anyhow::Result<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
        .with_context(|| format!("no day {year}-{month}-{day}"))
}
