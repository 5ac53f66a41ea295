//! Writes rows in batches and transactions, and says how far it is.
//! No row is made here.

#![expect(clippy::disallowed_methods, reason = "the data set is written beneath the gate")]

use std::time::Instant;

use anyhow::Result;
use harness::ground::Ground;
use harness::wait;
use sea_orm::{
    DatabaseTransaction, EntityTrait, IntoActiveModel, Iterable, ModelTrait, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};

/// Values of one statement: SQLite takes 32,766.
const VALUES: usize = 20_000;
/// Rows of one transaction.
const ROWS: usize = 50_000;

/// Writes into an open transaction.
pub(super) struct Writer<'a> {
    ground: &'a Ground,
    transaction: Option<DatabaseTransaction>,
    pending: usize,
    total: usize,
    begun: Instant,
}

impl<'a> Writer<'a> {
    pub(super) fn begin(ground: &'a Ground) -> Self {
        Self { ground, transaction: None, pending: 0, total: 0, begun: Instant::now() }
    }

    /// Adds rows of one table.
    pub(super) fn add<M>(&mut self, rows: Vec<M>) -> Result<()>
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    {
        let batch = VALUES / <M::Entity as EntityTrait>::Column::iter().count().max(1);
        let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
        while rows.peek().is_some() {
            let batch: Vec<_> = rows.by_ref().take(batch).collect();
            self.pending += batch.len();
            self.total += batch.len();
            let transaction = self.transaction()?;
            wait(M::Entity::insert_many(batch).exec_without_returning(transaction))?;
        }
        if self.pending >= ROWS {
            self.commit()?;
        }
        Ok(())
    }

    fn transaction(&mut self) -> Result<&DatabaseTransaction> {
        let begun = match self.transaction.take() {
            Some(begun) => begun,
            None => wait(begin(self.ground))?,
        };
        Ok(self.transaction.insert(begun))
    }

    fn commit(&mut self) -> Result<()> {
        if let Some(transaction) = self.transaction.take() {
            wait(transaction.commit())?;
        }
        self.pending = 0;
        Ok(())
    }

    /// One line about what was just written.
    pub(super) fn say(&self, what: &str) {
        let seconds = self.begun.elapsed().as_secs_f64();
        eprintln!("  {seconds:6.1} s  {:>9} rows  {what}", self.total);
    }

    pub(super) fn finish(mut self) -> Result<()> {
        self.commit()
    }
}

async fn begin(ground: &Ground) -> Result<DatabaseTransaction> {
    let mode = (!ground.is_postgres()).then_some(SqliteTransactionMode::Immediate);
    let options = TransactionOptions { sqlite_transaction_mode: mode, ..Default::default() };
    Ok(ground.pool().begin_with_options(options).await?)
}
