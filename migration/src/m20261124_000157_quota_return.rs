//! The place of an award that is cancelled comes back into its quota by an entry of its own, which names the award.

use sea_orm_migration::prelude::*;

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await
    }

    /// What came back cannot be told any more: it counts as used again.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DOWN).await
    }
}

const UP: &[&str] = &[
    "ALTER TABLE quota_entry ADD COLUMN award_id {uuid}",
    "CREATE INDEX quota_entry_tenant_id_award_id_idx ON quota_entry (tenant_id, award_id)",
];

const DOWN: &[&str] = &[
    "DELETE FROM quota_entry WHERE award_id IS NOT NULL",
    "DROP INDEX quota_entry_tenant_id_award_id_idx",
    "ALTER TABLE quota_entry DROP COLUMN award_id",
];
