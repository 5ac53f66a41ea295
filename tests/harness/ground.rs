//! The database beneath the server: rows written and read without a gate, to build worlds and to look at what is left.
//! No domain enters here.

#![expect(clippy::disallowed_methods, reason = "the harness builds worlds beneath the gate")]

use anyhow::Result;
use api::access::{Address, Database};
use migration::{Migrator, MigratorTrait};
use sea_orm::sea_query::Condition;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, EntityTrait,
    IntoActiveModel, ModelTrait, QueryFilter, QueryResult, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};

use crate::wait;

/// A connection of the tests' own to a database.
pub struct Ground {
    database: Database,
}

impl Ground {
    /// Opens a database as the server does: `sqlite://…` or `postgres://…`.
    pub fn connect(url: &str) -> Result<Self> {
        let address = Address { url: url.to_owned(), connections: 2 };
        Ok(Self { database: wait(Database::open(&address))? })
    }

    /// Applies every migration.
    pub fn migrate(&self) -> Result<()> {
        Ok(wait(Migrator::up(self.pool(), None))?)
    }

    /// The connections themselves.
    #[must_use]
    pub fn pool(&self) -> &DatabaseConnection {
        self.database.pool()
    }

    /// Whether this is PostgreSQL; otherwise it is SQLite.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        self.database.is_postgres()
    }

    /// Runs a query in SQL.
    pub fn query(&self, sql: &str) -> Result<Vec<QueryResult>> {
        let backend = if self.is_postgres() { DbBackend::Postgres } else { DbBackend::Sqlite };
        Ok(wait(self.pool().query_all_raw(Statement::from_string(backend, sql)))?)
    }

    /// Every row of a table that meets the condition.
    pub fn rows<E: EntityTrait>(&self, condition: Condition) -> Result<Vec<E::Model>> {
        Ok(wait(E::find().filter(condition).all(self.pool()))?)
    }

    /// Adds one row.
    pub fn add<M>(&self, row: M) -> Result<()>
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    {
        Ok(wait(add(self.pool(), row))?)
    }

    /// Begins a transaction that may write.
    pub async fn begin(&self) -> Result<DatabaseTransaction> {
        let mode = (!self.is_postgres()).then_some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode: mode, ..Default::default() };
        Ok(self.pool().begin_with_options(options).await?)
    }
}

/// Adds a row through any connection.
pub(crate) async fn add<C, M>(connection: &C, row: M) -> Result<(), sea_orm::DbErr>
where
    C: ConnectionTrait,
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
{
    M::Entity::insert(row.into_active_model()).exec_without_returning(connection).await?;
    Ok(())
}
