//! Quotas, regulations on public notices and documents of a tenant's own can end: their last day changes, nothing else
//! does.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        rights(manager, GRANT).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rights(manager, REVOKE).await?;
        run(manager, DOWN).await
    }
}

async fn rights(manager: &SchemaManager<'_>, words: &[&str]) -> Result<(), DbErr> {
    if manager.get_connection().get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    run(manager, words).await
}

const UP: &[&str] = &[
    "ALTER TABLE quota ADD COLUMN version integer NOT NULL DEFAULT 1",
    "ALTER TABLE notice_rule ADD COLUMN version integer NOT NULL DEFAULT 1",
    "ALTER TABLE own_document ADD COLUMN version integer NOT NULL DEFAULT 1",
];

const GRANT: &[&str] = &[
    "GRANT UPDATE (valid_to, version) ON quota TO thidua_runtime",
    "GRANT UPDATE (valid_to, version) ON notice_rule TO thidua_runtime",
    "GRANT UPDATE (expired_on, version) ON own_document TO thidua_runtime",
];

const REVOKE: &[&str] = &[
    "REVOKE UPDATE (expired_on, version) ON own_document FROM thidua_runtime",
    "REVOKE UPDATE (valid_to, version) ON notice_rule FROM thidua_runtime",
    "REVOKE UPDATE (valid_to, version) ON quota FROM thidua_runtime",
];

const DOWN: &[&str] = &[
    "ALTER TABLE own_document DROP COLUMN version",
    "ALTER TABLE notice_rule DROP COLUMN version",
    "ALTER TABLE quota DROP COLUMN version",
];
