//! The second wall, on PostgreSQL: row-level security that holds even where a query forgot its scope.
//! SQLite has nothing of the kind; there the scope of the query is the one wall.
//!
//! A policy looks at the row's own columns and at settings of the transaction, never at another table. A setting
//! that is missing shows no row and lets none be written.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

/// The role in which requests act; it owns nothing.
pub(crate) const ROLE: &str = "thidua_runtime";

/// The current tenant of the caller.
const TENANT: &str = "(SELECT nullif(current_setting('thidua.tenant', true), '')::uuid)";
/// The clusters that the caller's tenant organises or sits in, or that the caller's grants name.
const CLUSTERS: &str =
    "((SELECT nullif(current_setting('thidua.clusters', true), '')::uuid[])::uuid[])";
/// The hash of the refresh token that was brought.
const TOKEN: &str = "(SELECT nullif(current_setting('thidua.token', true), ''))";

/// The public code that was brought.
const CODE: &str = "(SELECT nullif(current_setting('thidua.code', true), ''))";

/// To whom the rows of a table show.
#[derive(Clone, Copy)]
pub(crate) enum Shows {
    /// To the tenant in `tenant_id`.
    Tenant,
    /// What a tenant adds to what is everyone's: its own to it, rows without a tenant to all, who never change them.
    Common,
    /// To those of the cluster in `cluster_id`.
    Cluster,
    /// Clusters themselves: to those of the cluster, and to the organiser.
    ClusterItself,
    /// Seats: to those of the cluster, and to the tenant that sits there.
    Seat,
    /// Awards: to the tenant, and to everyone who brings the public code of one.
    Code,
    /// What a tenant sends: to it, and to the tenant in `addressee_tenant_id`.
    Sent,
    /// What either side of something sent writes down: to both.
    Between,
    /// Refresh tokens: to the tenant, to the one who brings the token, and, expired, to the sweeper.
    Token,
}

/// What requests may do with rows that show.
#[derive(Clone, Copy)]
pub(crate) enum Rights {
    /// Read and add: rows are never changed.
    Append,
    /// Read, add and change.
    Change,
    /// Read, add, change and remove; to hold a row before it is removed is to change it.
    All,
}

impl Rights {
    fn words(self) -> &'static str {
        match self {
            Self::Append => "SELECT, INSERT",
            Self::Change => "SELECT, INSERT, UPDATE",
            Self::All => "SELECT, INSERT, UPDATE, DELETE",
        }
    }
}

impl Shows {
    /// The condition on rows that are seen, and the one on rows that are written.
    fn conditions(self) -> (String, String) {
        let tenant = format!("tenant_id = {TENANT}");
        let cluster = format!("cluster_id = ANY {CLUSTERS}");
        match self {
            Self::Tenant => (tenant.clone(), tenant),
            Self::Common => (format!("tenant_id IS NULL OR {tenant}"), tenant),
            Self::Cluster => (cluster.clone(), cluster),
            Self::ClusterItself => {
                let organiser = format!("organiser_id = {TENANT}");
                (format!("id = ANY {CLUSTERS} OR {organiser}"), organiser)
            }
            Self::Seat => {
                let either = format!("{cluster} OR {tenant}");
                (either.clone(), either)
            }
            Self::Code => (format!("{tenant} OR public_code = {CODE}"), tenant),
            Self::Sent => (format!("{tenant} OR addressee_tenant_id = {TENANT}"), tenant),
            Self::Between => {
                let either = format!("{tenant} OR addressee_tenant_id = {TENANT}");
                (either.clone(), either)
            }
            Self::Token => {
                let seen = format!("{tenant} OR token_hash = {TOKEN} OR expires_at < now()");
                (seen, tenant)
            }
        }
    }
}

/// Makes the role in which requests act, where the server has none yet.
pub(crate) async fn role(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    role_named(manager, ROLE).await
}

/// Makes a role that owns nothing and signs in nowhere, where the server has none yet.
pub(crate) async fn role_named(manager: &SchemaManager<'_>, name: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if connection.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    // A role belongs to the whole server: another database may make it at the same moment.
    let sql = format!(
        "DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN
                CREATE ROLE {name} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$;
        DO $$ BEGIN
            IF NOT pg_has_role(current_user, '{name}', 'MEMBER') THEN
                EXECUTE format('GRANT {name} TO %I', current_user);
            END IF;
        END $$;"
    );
    connection.execute_unprepared(&sql).await.map(drop)
}

/// Hides the rows of owned tables behind the wall, and says what requests may do with those that show.
pub(crate) async fn raise(
    manager: &SchemaManager<'_>,
    tables: &[(&str, Shows, Rights)],
) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if connection.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    for (table, shows, rights) in tables {
        connection.execute_unprepared(&guard(table, *shows, *rights)).await?;
    }
    Ok(())
}

/// Opens tables that nobody owns to requests, for what the words say.
pub(crate) async fn open(
    manager: &SchemaManager<'_>,
    tables: &[(&str, &str)],
) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if connection.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    for (table, words) in tables {
        connection.execute_unprepared(&format!("GRANT {words} ON {table} TO {ROLE}")).await?;
    }
    Ok(())
}

/// The owner's policy is for migrations that change rows: forced security would hide all of them from it.
fn guard(table: &str, shows: Shows, rights: Rights) -> String {
    let (seen, written) = shows.conditions();
    let held = if matches!(shows, Shows::Common) { &written } else { &seen };
    format!(
        "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY {table}_select ON {table} FOR SELECT TO {ROLE} USING ({seen});
        CREATE POLICY {table}_insert ON {table} FOR INSERT TO {ROLE} WITH CHECK ({written});
        CREATE POLICY {table}_update ON {table} FOR UPDATE TO {ROLE} USING ({held}) WITH CHECK ({written});
        CREATE POLICY {table}_delete ON {table} FOR DELETE TO {ROLE} USING ({held});
        DO $$ BEGIN
            EXECUTE format('CREATE POLICY {table}_owner ON {table} TO %I USING (true) WITH CHECK (true)', current_user);
        END $$;
        GRANT {} ON {table} TO {ROLE};",
        rights.words()
    )
}
