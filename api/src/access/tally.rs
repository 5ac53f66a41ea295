//! Many rows at once: those of a bulk write, and totals that are kept in step with the rows they count.
//! No domain enters here.

use std::collections::BTreeSet;

use entity::award;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, IdenStatic, IntoActiveModel,
    Iterable, QueryFilter, QueryOrder, QuerySelect, Statement, TryIntoModel, Value,
};
use uuid::Uuid;

use super::audit::Change;
use super::gate::{Gate, find};
use super::tx::{Stored, Tx, current_version, set_uuid};
use super::{Readable, policy};
use crate::error::{Error, Result};

/// Rows of one statement; SQLite takes 32,766 values.
const BATCH: usize = 250;

impl Tx {
    /// Whether a row is part of what another tenant has sent to the caller's.
    pub(super) fn is_addressed<E: Stored>(&self, row: &E::ActiveModel) -> Result<bool> {
        let addressee = E::addressee().and_then(|column| set_uuid(row.get(column)));
        Ok(addressee == Some(self.gate().actor()?.tenant))
    }

    /// Adds rows, each with its audit entry, as [`Tx::add`] adds one: a few statements however many they are. Not for
    /// clusters, each of which is an owner that the transaction has yet to see.
    pub async fn add_many<E: Stored>(&self, rows: Vec<E::Model>) -> Result<()> {
        for row in &rows {
            self.note_added::<E>(row)?;
        }
        self.add_many_derived::<E>(rows).await
    }

    /// Adds rows that need no audit entries of their own.
    #[expect(clippy::disallowed_methods, reason = "rows of bulk writes are added here")]
    pub async fn add_many_derived<E: Stored>(&self, rows: Vec<E::Model>) -> Result<()> {
        self.demand_reach::<E>(&rows).await?;
        for batch in self.batches::<E>(rows)? {
            E::insert_many(batch).exec_without_returning(&self.at::<E>()).await?;
        }
        Ok(())
    }

    /// Adds rows or takes the place of those with the same owner and id: for totals, whose writers stand
    /// in line.
    #[expect(clippy::disallowed_methods, reason = "totals are written here")]
    pub async fn put_derived<E: Stored>(&self, rows: Vec<E::Model>) -> Result<()> {
        self.demand_reach::<E>(&rows).await?;
        for batch in self.batches::<E>(rows)? {
            let insert = E::insert_many(batch).on_conflict(renewed::<E>());
            insert.exec_without_returning(&self.at::<E>()).await?;
        }
        Ok(())
    }

    /// Rows in the scope of the act, held until the end, in the order of their ids: two writers never wait for each
    /// other. Of one that is not among them [`Tx::lock`] says why.
    pub async fn lock_all<E: Readable>(&self, ids: &[Uuid]) -> Result<Vec<E::Model>> {
        let gate = self.gate();
        let condition = policy::condition::<E>(gate.actor()?, self.act, gate.today());
        let Some(condition) = condition.filter(|_| !ids.is_empty()) else { return Ok(Vec::new()) };
        let these = find::<E>().filter(E::id().is_in(ids.iter().copied())).filter(condition);
        let held = these.order_by_asc(E::id()).lock_exclusive();
        let rows = held.all(&self.at::<E>()).await?;
        for row in &rows {
            self.enter::<E>(row)?;
            self.reach::<E>(row)?;
        }
        Ok(rows)
    }

    /// Saves rows, each as it was read and as it is now, and counts their versions up, in a few statements however many
    /// they are. For tables whose rows are never removed: what is not there would be added.
    #[expect(clippy::disallowed_methods, reason = "rows of bulk writes are saved here")]
    pub async fn save_many<E: Stored>(&self, rows: Vec<(E::Model, E::Model)>) -> Result<()> {
        let column = E::version().ok_or_else(|| Error::broken("a row that never changes"))?;
        let mut saved = Vec::with_capacity(rows.len());
        for (before, after) in rows {
            let version = current_version::<E>(&before).unwrap_or_default();
            let mut row = after.into_active_model();
            row.set(column, Value::Int(Some(version.saturating_add(1))));
            let after = row.try_into_model()?;
            self.demand_move::<E>(&before, &after).await?;
            self.record(Change::saved::<E>(&before, &after)?)?;
            saved.push(after);
        }
        let version = saved.first().and_then(current_version::<E>).unwrap_or_default();
        for batch in self.batches::<E>(saved)? {
            let count = u64::try_from(batch.len());
            let insert = E::insert_many(batch).on_conflict(unless_changed::<E>(column));
            let done = insert.exec_without_returning(&self.at::<E>()).await?;
            if count != Ok(done) {
                return Err(Error::conflict(version));
            }
        }
        Ok(())
    }

    /// Like [`Tx::stand_in_line`], for many owners at once, who are waited for in their order.
    pub async fn stand_in_lines(&self, what: &str, owners: &BTreeSet<Uuid>) -> Result<()> {
        let backend = self.connection().get_database_backend();
        if backend != DbBackend::Postgres || owners.is_empty() {
            return Ok(());
        }
        let lines: Vec<String> = owners.iter().map(|owner| format!("{what} {owner}")).collect();
        let sql = "SELECT pg_advisory_xact_lock(hashtextextended(line, 0))
            FROM unnest(string_to_array($1, ',')) AS line";
        let statement = Statement::from_sql_and_values(backend, sql, [lines.join(",").into()]);
        self.connection().execute_raw(statement).await?;
        Ok(())
    }

    /// Waits for whoever stands in the line of [`Tx::stand_in_line`], and is waited for by those who come to stand there;
    /// others who only pass are let by.
    pub async fn pass_line(&self, what: &str, owner: Uuid) -> Result<()> {
        let backend = self.connection().get_database_backend();
        if backend != DbBackend::Postgres {
            return Ok(());
        }
        let sql = "SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))";
        let statement =
            Statement::from_sql_and_values(backend, sql, [format!("{what} {owner}").into()]);
        self.connection().execute_raw(statement).await?;
        Ok(())
    }

    /// Rows as they are written, so many at a time; whoever has to know of one is noted.
    fn batches<E: Stored>(&self, rows: Vec<E::Model>) -> Result<Vec<Vec<E::ActiveModel>>> {
        let mut batches: Vec<Vec<E::ActiveModel>> = Vec::new();
        for row in rows {
            self.stir::<E>(&row);
            self.outdate_holder::<E>(&row)?;
            let row = row.into_active_model().reset_all();
            self.check_owner::<E>(&row)?;
            match batches.last_mut() {
                Some(batch) if batch.len() < BATCH => batch.push(row),
                Some(_) | None => batches.push(vec![row]),
            }
        }
        Ok(batches)
    }
}

/// A row with the same owner and id becomes the one that is brought.
fn renewed<E: Stored>() -> OnConflict {
    let (owner, id) = (E::owner(), E::id());
    let is_key = |column: &E::Column| [owner, id].iter().any(|key| key.as_str() == column.as_str());
    let others: Vec<E::Column> = E::Column::iter().filter(|column| !is_key(column)).collect();
    OnConflict::columns([owner, id]).update_columns(others).to_owned()
}

/// The same, where it is the version before.
fn unless_changed<E: Stored>(version: E::Column) -> OnConflict {
    let (table, version) = (E::NAME, version.as_str());
    let is_before = format!(r#""{table}"."{version}" = excluded."{version}" - 1"#);
    renewed::<E>().action_and_where(Expr::cust(is_before)).to_owned()
}

/// Letters and digits of public codes: none that is read as another.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Length of public codes: sixty bits.
const LENGTH: usize = 12;

impl Gate {
    /// A new public code, short and not to be guessed.
    pub fn new_code(&self) -> Result<String> {
        let mut bytes = [0; LENGTH];
        getrandom::fill(&mut bytes).map_err(|fault| Error::broken(&fault.to_string()))?;
        let letter = |byte: &u8| LETTERS.get(usize::from(byte & 31)).map(|it| char::from(*it));
        Ok(bytes.iter().filter_map(letter).collect())
    }

    /// The award of a public code, whoever asks: nobody needs to be signed in.
    pub async fn award_of_code(&self, code: &str) -> Result<Option<award::Model>> {
        let connection = self.connection(false)?;
        connection.lease.enter_code(code).await?;
        let of_code = award::Column::PublicCode.eq(code);
        Ok(find::<award::Entity>().filter(of_code).one(&connection).await?)
    }
}
