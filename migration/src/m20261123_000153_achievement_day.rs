//! The day of an achievement: of a nominee, and of the award that came of it. Sudden achievements and movements of one year
//! are told apart by it.

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
    "ALTER TABLE nominee ADD COLUMN achieved_on {date}",
    "ALTER TABLE award ADD COLUMN achieved_on {date}",
];

const DOWN: &[&str] =
    &["ALTER TABLE award DROP COLUMN achieved_on", "ALTER TABLE nominee DROP COLUMN achieved_on"];
