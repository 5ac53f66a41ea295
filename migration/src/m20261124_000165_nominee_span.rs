//! Over which years the achievements of a nominee count, and in which field: what the award that comes of it says.

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
    "ALTER TABLE nominee ADD COLUMN counting_from integer",
    "ALTER TABLE nominee ADD COLUMN field text",
];

const DOWN: &[&str] =
    &["ALTER TABLE nominee DROP COLUMN field", "ALTER TABLE nominee DROP COLUMN counting_from"];
