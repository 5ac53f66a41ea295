//! Bonuses that are paid again: an award was given back after its bonus had been recovered.

use sea_orm_migration::prelude::*;

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DOWN).await
    }
}

const UP: &[&str] = &[
    "ALTER TABLE fund_entry ADD COLUMN repaid_award {uuid}",
    "CREATE UNIQUE INDEX fund_entry_repaid_award_key ON fund_entry (tenant_id, repaid_award)",
];

const DOWN: &[&str] =
    &["DROP INDEX fund_entry_repaid_award_key", "ALTER TABLE fund_entry DROP COLUMN repaid_award"];
