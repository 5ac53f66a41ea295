//! `thidua migrate`, and what every start does: tables and reference data up to date, once for all nodes.
//! No table is named here.

use anyhow::{Context, bail};
use clap::Subcommand;
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};

use super::login::Login;
use super::{open, out};
use crate::access::{Database, audit};
use crate::config::Config;
use crate::reference;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Apply what is missing: tables, tenants, catalogue; safe to repeat and on several nodes at once
    Up(Login),
    /// Say which changes are applied and which are missing; changes nothing
    Status,
}

/// Names the lock that nodes take in turn ("thiđua" in ASCII).
const LOCK: i64 = 0x0074_6869_6475_6101;

pub(super) async fn run(config: &Config, command: Command) -> anyhow::Result<()> {
    let database = open(config).await?;
    match command {
        Command::Up(login) => {
            match up(&database).await? {
                0 => out::line("up to date"),
                done => out::line(format!("{done} change(s) applied; up to date")),
            }
            if let Some(name) = login.make(&database).await? {
                out::line(format!("servers may sign in as {name}, with thidua serve --no-migrate"));
            }
        }
        Command::Status => status(&database).await?,
    }
    Ok(database.close().await?)
}

async fn status(database: &Database) -> anyhow::Result<()> {
    for file in Migrator::get_migration_with_status_read_only(database.pool()).await? {
        out::line(format!("{:<8} {}", file.status().to_string().to_lowercase(), file.name()));
    }
    let word = if is_current(database).await? { "applied" } else { "pending" };
    out::line(format!("{word:<8} reference data (tenants, lineage, codes, award catalogue)"));
    Ok(())
}

/// Whether nothing is missing; changes nothing.
pub(super) async fn is_current(database: &Database) -> anyhow::Result<bool> {
    let pending = Migrator::get_pending_migrations_read_only(database.pool()).await;
    let pending =
        pending.context("the database was written by a newer version, or cannot be read")?;
    Ok(pending.is_empty() && reference::is_current(database.pool()).await?)
}

/// Makes sure that nothing is missing: by applying it, or by refusing when that is not wanted.
pub(super) async fn ensure(database: &Database, may_change: bool) -> anyhow::Result<()> {
    if is_current(database).await? {
        return Ok(());
    }
    if !may_change {
        bail!("the database is not up to date; run: thidua migrate up");
    }
    up(database).await.map(drop)
}

/// Applies what is missing in one transaction, one node at a time; hands back how many changes.
async fn up(database: &Database) -> anyhow::Result<usize> {
    if is_current(database).await? {
        return Ok(0);
    }
    let transaction = begin(database).await?;
    let pending = Migrator::get_pending_migrations(&transaction).await?.len();
    Migrator::up(&transaction, None).await.context("a migration failed; nothing was changed")?;
    let is_loaded = reference::load(&transaction).await?;
    if pending > 0 {
        adopt(&transaction).await?;
    }
    transaction.commit().await?;
    tracing::info!(migrations = pending, reference_data = is_loaded, "database is up to date");
    Ok(pending + usize::from(is_loaded))
}

/// Hands audit entries to the sealer that were written before there was one.
async fn adopt(transaction: &DatabaseTransaction) -> anyhow::Result<()> {
    let adopted = audit::adopt(transaction).await;
    let adopted = adopted.map_err(|fault| anyhow::anyhow!("audit entries: {fault:?}"))?;
    tracing::info!(adopted, "audit entries wait for their seal");
    Ok(())
}

/// A transaction that no other node holds at the same time.
pub(super) async fn begin(database: &Database) -> anyhow::Result<DatabaseTransaction> {
    let is_postgres = database.is_postgres();
    let mode = (!is_postgres).then_some(SqliteTransactionMode::Immediate);
    let options = TransactionOptions { sqlite_transaction_mode: mode, ..Default::default() };
    let transaction = database.pool().begin_with_options(options).await?;
    if is_postgres {
        // The limits of the pool are made for requests; here another node may be at work.
        let statements = "SET LOCAL lock_timeout = '120s'; SET LOCAL statement_timeout = '600s'";
        transaction.execute_unprepared(statements).await?;
        let lock = format!("SELECT pg_advisory_xact_lock({LOCK})");
        transaction
            .execute_unprepared(&lock)
            .await
            .context("another node holds the database too long")?;
    }
    Ok(transaction)
}
