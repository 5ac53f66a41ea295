//! The ground of the law on which an award is cancelled.

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
    "ALTER TABLE award_proposal ADD COLUMN ground text CONSTRAINT award_proposal_ground_check CHECK (ground IS NULL OR kind = 'CANCEL')",
    "ALTER TABLE award_act ADD COLUMN ground text CONSTRAINT award_act_ground_check CHECK (ground IS NULL OR kind = 'CANCEL')",
];

const DOWN: &[&str] =
    &["ALTER TABLE award_act DROP COLUMN ground", "ALTER TABLE award_proposal DROP COLUMN ground"];
