//! The database: two ways in, one for requests and one for those who set it up, and what was heard of it lately.
//! No table and no scope enters here.

use std::time::Duration;

use sea_orm::{ConnectOptions, Database as SeaDatabase, DatabaseConnection, DbBackend, DbErr};

use super::link::{self, Opening};
use super::pool::{Lease, Pool};
use super::revocation::Revocations;
use super::sight::{ROLE, Sight};

/// The connections of requests, and those of migrations, the demo and the doctor.
#[derive(Clone, Debug)]
pub struct Database {
    owner: DatabaseConnection,
    pool: Pool,
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
            .map_sqlx_postgres_opts(link::postgres)
            .map_sqlx_sqlite_opts(link::sqlite);
        let owner = SeaDatabase::connect(options).await?;
        let pool = Pool::new(Opening::new(&address.url, ROLE)?, address.connections);
        Ok(Self { owner, pool, revocations: Revocations::default() })
    }

    /// Whether this is PostgreSQL; otherwise it is SQLite.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        self.owner.get_database_backend() == DbBackend::Postgres
    }

    /// What this node knows of rights taken back.
    #[must_use]
    pub fn revocations(&self) -> &Revocations {
        &self.revocations
    }

    /// The way in for those who act before there is an actor: migrations, the demo, the doctor.
    #[must_use]
    pub fn pool(&self) -> &DatabaseConnection {
        &self.owner
    }

    /// Whether the database answers a request.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.pool.reader(Sight::default()).ping().await
    }

    /// A loan for reading.
    pub(super) fn reader(&self, sight: Sight) -> Lease {
        self.pool.reader(sight)
    }

    /// A loan with an open transaction that may write.
    pub(super) async fn writer(&self, sight: Sight) -> Result<Lease, DbErr> {
        self.pool.writer(sight).await
    }

    /// Closes the connections after the statements under way have ended.
    pub async fn close(self) -> Result<(), DbErr> {
        self.pool.close();
        self.owner.close().await
    }
}
