//! A rule that a tenant added can end: its last day changes, nothing else does.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &["ALTER TABLE own_rule ADD COLUMN version integer NOT NULL DEFAULT 1"])
            .await?;
        rights(manager, "GRANT UPDATE (valid_to, version) ON own_rule TO thidua_runtime").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rights(manager, "REVOKE UPDATE (valid_to, version) ON own_rule FROM thidua_runtime")
            .await?;
        run(manager, &["ALTER TABLE own_rule DROP COLUMN version"]).await
    }
}

async fn rights(manager: &SchemaManager<'_>, words: &str) -> Result<(), DbErr> {
    if manager.get_connection().get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    run(manager, &[words]).await
}
