//! Why a ballot was ended although written opinions were outstanding: beside the ballot, not in the trail alone.

use sea_orm_migration::prelude::*;

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Of the ballots of before the trail alone tells it: its entries are read by who may read trails.
        run(manager, &["ALTER TABLE ballot ADD COLUMN close_reason text"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &["ALTER TABLE ballot DROP COLUMN close_reason"]).await
    }
}
