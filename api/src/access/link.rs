//! One connection to either database, and how statements of sea-orm run on it.
//! No pool, no transaction and no scope enters here.

use std::io;
use std::str::FromStr;
use std::time::Duration;

use sea_orm::sea_query::Values;
use sea_orm::{DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, SqlSafeStr, SqlStr};

/// How long one statement may run before PostgreSQL ends it.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(8);
/// How long an answer of PostgreSQL is waited for: by then it has ended the statement itself, or nobody is there
/// any more and nothing will tell (a connection that is open on our side alone).
const PATIENCE: Duration = Duration::from_secs(12);
/// Statements that one connection keeps prepared.
const PREPARED: usize = 256;

/// How connections are opened.
#[derive(Clone, Debug)]
pub(super) enum Opening {
    /// Of the embedded database.
    Sqlite(SqliteConnectOptions),
    /// Of a PostgreSQL server.
    Postgres(PgConnectOptions),
}

/// One open connection.
pub(super) enum Link {
    /// To the embedded database.
    Sqlite(Box<SqliteConnection>),
    /// To a PostgreSQL server.
    Postgres(Box<PgConnection>),
}

impl Opening {
    /// Reads an address; PostgreSQL's connections act in the role that rows are hidden from.
    pub(super) fn new(url: &str, role: &str) -> Result<Self, DbErr> {
        if url.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(url).map_err(fault)?;
            return Ok(Self::Sqlite(sqlite(options).disable_statement_logging()));
        }
        let options = PgConnectOptions::from_str(url).map_err(fault)?;
        let options = postgres(options).options([("role", role)]).disable_statement_logging();
        Ok(Self::Postgres(options))
    }

    /// The kind of database.
    pub(super) fn backend(&self) -> DbBackend {
        match self {
            Self::Sqlite(_) => DbBackend::Sqlite,
            Self::Postgres(_) => DbBackend::Postgres,
        }
    }

    /// Opens one connection.
    pub(super) async fn open(&self) -> Result<Link, DbErr> {
        Ok(match self {
            Self::Sqlite(options) => {
                Link::Sqlite(Box::new(options.connect().await.map_err(fault)?))
            }
            Self::Postgres(options) => {
                Link::Postgres(Box::new(patient(options.connect()).await.map_err(fault)?))
            }
        })
    }
}

/// What every connection to PostgreSQL is told.
pub(super) fn postgres(options: PgConnectOptions) -> PgConnectOptions {
    // LIMIT is a parameter: without generic plans each execution is planned again.
    options.statement_cache_capacity(PREPARED).options([
        ("plan_cache_mode", "force_generic_plan".to_owned()),
        ("statement_timeout", STATEMENT_TIMEOUT.as_millis().to_string()),
        ("lock_timeout", "4000".to_owned()),
        ("idle_in_transaction_session_timeout", "20000".to_owned()),
        ("random_page_cost", "1.1".to_owned()),
    ])
}

/// What every connection to SQLite is told.
pub(super) fn sqlite(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(10))
        .foreign_keys(true)
        .statement_cache_capacity(PREPARED)
}

impl Link {
    /// Runs text as it stands, in one message; only text of our own.
    pub(super) async fn run(&mut self, sql: &str) -> Result<ExecResult, DbErr> {
        let text = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self {
            Self::Sqlite(link) => text.execute(&mut **link).await.map(Into::into),
            Self::Postgres(link) => patient(text.execute(&mut **link)).await.map(Into::into),
        }
        .map_err(fault)
    }

    /// Runs a statement that hands back no rows.
    pub(super) async fn execute(&mut self, statement: Statement) -> Result<ExecResult, DbErr> {
        let (sql, values) = parts(statement);
        match self {
            Self::Sqlite(link) => {
                sqlx::query_with(sql, values).execute(&mut **link).await.map(Into::into)
            }
            Self::Postgres(link) => {
                let done = sqlx::query_with(sql, values).execute(&mut **link);
                patient(done).await.map(Into::into)
            }
        }
        .map_err(fault)
    }

    /// The first row of a statement.
    pub(super) async fn one(&mut self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let (sql, values) = parts(statement);
        match self {
            Self::Sqlite(link) => sqlx::query_with(sql, values)
                .fetch_optional(&mut **link)
                .await
                .map(|row| row.map(Into::into)),
            Self::Postgres(link) => {
                let row = sqlx::query_with(sql, values).fetch_optional(&mut **link);
                patient(row).await.map(|row| row.map(Into::into))
            }
        }
        .map_err(fault)
    }

    /// Every row of a statement.
    pub(super) async fn all(&mut self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let (sql, values) = parts(statement);
        match self {
            Self::Sqlite(link) => sqlx::query_with(sql, values)
                .fetch_all(&mut **link)
                .await
                .map(|rows| rows.into_iter().map(Into::into).collect()),
            Self::Postgres(link) => {
                let rows = sqlx::query_with(sql, values).fetch_all(&mut **link);
                patient(rows).await.map(|rows| rows.into_iter().map(Into::into).collect())
            }
        }
        .map_err(fault)
    }
}

async fn patient<T>(answer: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
    let late = |_| Err(sqlx::Error::Io(io::ErrorKind::TimedOut.into()));
    tokio::time::timeout(PATIENCE, answer).await.unwrap_or_else(late)
}

fn parts(statement: Statement) -> (SqlStr, SqlxValues) {
    let values = statement.values.unwrap_or_else(|| Values(Vec::new()));
    (AssertSqlSafe(statement.sql).into_sql_str(), SqlxValues(values))
}

fn fault(fault: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(fault.into()))
}
