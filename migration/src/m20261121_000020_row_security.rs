//! The second wall around every table made so far; tables made later raise it themselves.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::wall::{self, Rights, Shows};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        wall::role(manager).await?;
        wall::raise(manager, OWNED).await?;
        wall::open(manager, OPEN).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        if connection.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        for (table, ..) in OWNED {
            connection.execute_unprepared(&lower(table)).await?;
        }
        for (table, _) in OPEN {
            let sql = format!("REVOKE ALL ON {table} FROM {}", wall::ROLE);
            connection.execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

const OWNED: &[(&str, Shows, Rights)] = &[
    ("account", Shows::Tenant, Rights::Change),
    ("audit_event", Shows::Tenant, Rights::Append),
    ("cluster", Shows::ClusterItself, Rights::Change),
    ("cluster_head", Shows::Cluster, Rights::Change),
    ("cluster_member", Shows::Seat, Rights::Change),
    ("comparison", Shows::Cluster, Rights::Change),
    ("comparison_row", Shows::Cluster, Rights::Append),
    ("criteria_set", Shows::Cluster, Rights::Change),
    ("criterion", Shows::Cluster, Rights::All),
    ("nominee", Shows::Tenant, Rights::All),
    ("peer_assignment", Shows::Cluster, Rights::All),
    ("refresh_token", Shows::Token, Rights::All),
    ("role_grant", Shows::Tenant, Rights::Change),
    ("score", Shows::Cluster, Rights::Change),
    ("score_change", Shows::Cluster, Rights::Append),
    ("submission", Shows::Tenant, Rights::Change),
    ("submission_document", Shows::Tenant, Rights::All),
    ("submission_transition", Shows::Tenant, Rights::Append),
    ("unit", Shows::Tenant, Rights::Change),
    ("unit_above", Shows::Tenant, Rights::Append),
    ("unit_lineage", Shows::Tenant, Rights::Append),
];

/// Tables that nobody owns: public facts, and counters that hold hashes only.
const OPEN: &[(&str, &str)] = &[
    ("audit_checkpoint", "SELECT, INSERT"),
    ("audit_node", "SELECT, INSERT"),
    ("audit_pending", "SELECT, INSERT, DELETE"),
    ("award_type", "SELECT"),
    ("reference_data", "SELECT"),
    ("revocation", "SELECT, INSERT, DELETE"),
    ("seaql_migrations", "SELECT"),
    ("sign_in_throttle", "SELECT, INSERT, UPDATE, DELETE"),
    ("tenant", "SELECT"),
    ("tenant_code", "SELECT"),
    ("tenant_lineage", "SELECT"),
];

fn lower(table: &str) -> String {
    let drops: Vec<String> = ["select", "insert", "update", "delete", "owner"]
        .map(|name| format!("DROP POLICY {table}_{name} ON {table};"))
        .into();
    format!(
        "{} ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY; \
         REVOKE ALL ON {table} FROM {};",
        drops.concat(),
        wall::ROLE
    )
}
