//! The database: two ways in, one for requests and one for those who set it up, and what was heard of it lately.
//! No table and no scope enters here.

use std::sync::atomic::AtomicU32;
use std::time::Duration;

use anyhow::{Context, ensure};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database as SeaDatabase, DatabaseConnection, DbBackend, DbErr,
    QueryResult, Statement,
};
use uuid::Uuid;

use super::link::{self, Opening};
use super::pool::{Counted, Lease, Pool};
use super::pulse::Pulses;
use super::revocation::Revocations;
use super::shelf::Shelf;
use super::sight::{ROLE, Sight};

/// The connections of requests, and those of migrations, the demo and the doctor.
#[derive(Clone, Debug)]
pub struct Database {
    owner: DatabaseConnection,
    pool: Pool,
    revocations: Revocations,
    pulses: Pulses,
    pub(super) shelf: Shelf,
}

/// What lifts the wall: powers of the role in which requests act, tables of an owner that hide nothing, and a
/// login above the wall, from which a connection could step out of its role.
const WALL: &str = "
    SELECT concat_ws(' and ', CASE WHEN r.rolsuper THEN 'a superuser' END,
        CASE WHEN r.rolbypassrls THEN 'free of row-level security' END,
        CASE WHEN EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid) THEN 'an owner' END) AS powers,
      coalesce((SELECT string_agg(c.relname::text, ', ') FROM pg_class c
        WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
          AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid
            AND a.attname IN ('organiser_id', 'cluster_id')
              OR a.attrelid = c.oid AND a.attname = 'tenant_id' AND c.relname <> 'tenant_code')), '') AS bare,
      coalesce((SELECT s.rolname::text FROM pg_roles s WHERE s.rolname = session_user
        AND (s.rolsuper OR s.rolbypassrls
          OR EXISTS (SELECT FROM pg_class c WHERE c.relowner = s.oid))), '') AS login
    FROM pg_roles r WHERE r.rolname = current_user";

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
        let (revocations, pulses) = (Revocations::default(), Pulses::default());
        Ok(Self { owner, pool, revocations, pulses, shelf: Shelf::default() })
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

    /// What this node knows of changes that somebody waits for.
    #[must_use]
    pub fn pulses(&self) -> &Pulses {
        &self.pulses
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

    /// Whether requests stand behind the second wall: their role owns nothing and lifts no policy, and every
    /// table with an owner hides its rows. Only for PostgreSQL.
    pub async fn check_wall(&self) -> anyhow::Result<()> {
        let lease = self.pool.reader(Sight::default());
        let statements = AtomicU32::new(0);
        let connection = Counted { lease: &lease, statements: &statements, sees_clusters: false };
        let ask = Statement::from_string(DbBackend::Postgres, WALL);
        let row =
            connection.query_one_raw(ask).await.context("requests cannot act in their role")?;
        let row = row.context("the catalogue gave no answer")?;
        let powers: String = row.try_get("", "powers")?;
        ensure!(powers.is_empty(), "the role of requests is {powers}: it must have no such power");
        let bare: String = row.try_get("", "bare")?;
        ensure!(
            bare.is_empty(),
            "row-level security is not forced on {bare}; run: thidua migrate up"
        );
        let login: String = row.try_get("", "login")?;
        if !login.is_empty() {
            tracing::warn!(
                "the server signs in to the database as {login}, who stands above row-level security; \
                 make a login of its own: thidua migrate up --server-login"
            );
        }
        Ok(())
    }

    /// Runs statements in one loan, as a request does in the sight of a tenant; only to test the loans.
    #[doc(hidden)]
    pub async fn lend(
        &self,
        tenant: Option<Uuid>,
        for_writing: bool,
        statements: &[String],
    ) -> Result<Vec<QueryResult>, DbErr> {
        let mut sight = Sight::default();
        tenant.and_then(|tenant| sight.enter(tenant));
        let pool = &self.pool;
        let lease = if for_writing { pool.writer(sight).await? } else { pool.reader(sight) };
        let backend = self.owner.get_database_backend();
        let mut rows = Vec::new();
        for sql in statements {
            let counted =
                Counted { lease: &lease, statements: &AtomicU32::new(0), sees_clusters: false };
            rows = counted.query_all_raw(Statement::from_string(backend, sql.as_str())).await?;
        }
        if for_writing {
            lease.commit().await?;
        }
        Ok(rows)
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
