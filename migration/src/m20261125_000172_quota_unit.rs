//! A quota may be meant for one unit by name; before those for its kind.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        if is_sqlite(manager) { Ok(()) } else { run(manager, UP_POSTGRES).await }
    }

    /// A quota of one unit would become one of every unit: it goes, with its ledger.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if !is_sqlite(manager) {
            run(manager, DOWN_POSTGRES).await?;
        }
        run(manager, DOWN).await
    }
}

/// SQLite adds no key of two columns to a table; units are never removed.
fn is_sqlite(manager: &SchemaManager<'_>) -> bool {
    manager.get_connection().get_database_backend() == DbBackend::Sqlite
}

const UP: &[&str] = &[
    "ALTER TABLE quota ADD COLUMN unit_id {uuid}",
    "CREATE INDEX quota_tenant_id_unit_id_idx ON quota (tenant_id, unit_id)",
];

const UP_POSTGRES: &[&str] = &["
ALTER TABLE quota ADD CONSTRAINT quota_unit_id_fkey
    FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id)"];

const DOWN_POSTGRES: &[&str] = &["ALTER TABLE quota DROP CONSTRAINT quota_unit_id_fkey"];

const DOWN: &[&str] = &[
    "
DELETE FROM quota_entry WHERE EXISTS (
    SELECT 1 FROM quota WHERE quota.tenant_id = quota_entry.tenant_id
      AND quota.id = quota_entry.quota_id AND quota.unit_id IS NOT NULL)",
    "
DELETE FROM quota_waiver WHERE EXISTS (
    SELECT 1 FROM quota WHERE quota.tenant_id = quota_waiver.tenant_id
      AND quota.id = quota_waiver.quota_id AND quota.unit_id IS NOT NULL)",
    "DELETE FROM quota WHERE unit_id IS NOT NULL",
    "DROP INDEX quota_tenant_id_unit_id_idx",
    "ALTER TABLE quota DROP COLUMN unit_id",
];
