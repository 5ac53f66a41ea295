//! Which reference data (tenants, codes, award catalogue) the database holds, by the hash of its files.

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

const UP: &[&str] = &[r"
CREATE TABLE reference_data (
    name text NOT NULL CONSTRAINT reference_data_pkey PRIMARY KEY,
    hash text NOT NULL
)
    "];

const DOWN: &[&str] = &["DROP TABLE reference_data"];
