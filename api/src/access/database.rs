//! The database: how it is opened, what was heard of it lately, and a connection that counts its statements.
//! No table and no scope enters here.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database as SeaDatabase, DatabaseConnection,
    DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, SqliteTransactionMode,
    Statement, TransactionOptions, TransactionTrait,
};
use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::revocation::Revocations;

/// How long one statement may run before PostgreSQL ends it.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(8);

/// A pool of connections, and for SQLite the one place of its writer.
#[derive(Clone, Debug)]
pub struct Database {
    connection: DatabaseConnection,
    writer: Option<Arc<Semaphore>>,
    revocations: Revocations,
}

/// How a database is reached.
#[derive(Clone, Debug)]
pub struct Address {
    /// `sqlite://…?mode=rwc` or `postgres://…`.
    pub url: String,
    /// Connections of the pool.
    pub connections: u32,
}

impl Database {
    /// Opens the pool; connects at once.
    pub async fn open(address: &Address) -> Result<Self, DbErr> {
        let mut options = ConnectOptions::new(address.url.clone());
        options
            .max_connections(address.connections)
            .min_connections(1)
            .acquire_timeout(Duration::from_secs(5))
            .test_before_acquire(false)
            .sqlx_logging(false)
            .map_sqlx_postgres_opts(|options| {
                // LIMIT is a parameter: without generic plans each execution is planned again.
                options.statement_cache_capacity(256).options([
                    ("plan_cache_mode", "force_generic_plan".to_owned()),
                    ("statement_timeout", STATEMENT_TIMEOUT.as_millis().to_string()),
                    ("lock_timeout", "4000".to_owned()),
                    ("idle_in_transaction_session_timeout", "20000".to_owned()),
                    ("random_page_cost", "1.1".to_owned()),
                ])
            })
            .map_sqlx_sqlite_opts(|options| {
                options
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .busy_timeout(Duration::from_secs(10))
                    .foreign_keys(true)
                    .statement_cache_capacity(256)
            });
        let connection = SeaDatabase::connect(options).await?;
        let writer = (connection.get_database_backend() == DbBackend::Sqlite)
            .then(|| Arc::new(Semaphore::new(1)));
        Ok(Self { connection, writer, revocations: Revocations::default() })
    }

    /// Whether this is PostgreSQL; otherwise it is SQLite.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        self.connection.get_database_backend() == DbBackend::Postgres
    }

    /// What this node knows of rights taken back.
    #[must_use]
    pub fn revocations(&self) -> &Revocations {
        &self.revocations
    }

    /// The pool itself: for migrations, the demo and the doctor, which act before there is an actor.
    #[must_use]
    pub fn pool(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// Begins a transaction that may write; SQLite's writers stand in line.
    pub(super) async fn begin(
        &self,
    ) -> Result<(DatabaseTransaction, Option<OwnedSemaphorePermit>), DbErr> {
        let permit = match &self.writer {
            Some(writer) => {
                let permit = Arc::clone(writer).acquire_owned().await;
                Some(permit.map_err(|fault| DbErr::Custom(fault.to_string()))?)
            }
            None => None,
        };
        let mode = self.writer.as_ref().map(|_| SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode: mode, ..Default::default() };
        Ok((self.connection.begin_with_options(options).await?, permit))
    }

    /// Closes the pool after the statements under way have ended.
    pub async fn close(self) -> Result<(), DbErr> {
        self.connection.close().await
    }
}

/// A connection that counts the statements sent through it.
pub(super) struct Counted<'a, C> {
    pub(super) inner: &'a C,
    pub(super) statements: &'a AtomicU32,
}

impl<C> Counted<'_, C> {
    fn count(&self) {
        self.statements.fetch_add(1, Ordering::Relaxed);
    }
}

#[async_trait::async_trait]
impl<C: ConnectionTrait> ConnectionTrait for Counted<'_, C> {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.count();
        self.inner.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.count();
        self.inner.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.count();
        self.inner.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.count();
        self.inner.query_all_raw(statement).await
    }
}
