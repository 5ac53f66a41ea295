//! A key stands for one request of its user, also where two operations come with it at the same moment.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        // SQLite cannot drop the wider key from a table; the narrower one implies it.
        if manager.get_connection().get_database_backend() == DbBackend::Postgres {
            run(manager, &["ALTER TABLE kept_answer DROP CONSTRAINT kept_answer_key"]).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_connection().get_database_backend() == DbBackend::Postgres {
            run(manager, WIDER).await?;
        }
        run(manager, DOWN).await
    }
}

const UP: &[&str] = &[
    // Of two requests that were done under one key the first stays: the other one, repeated, is refused.
    r"
DELETE FROM kept_answer WHERE EXISTS (
    SELECT 1 FROM kept_answer AS first
    WHERE first.tenant_id = kept_answer.tenant_id AND first.user_id = kept_answer.user_id
        AND first.key = kept_answer.key AND first.id < kept_answer.id
)
    ",
    "DROP INDEX kept_answer_tenant_id_user_id_key_idx",
    "CREATE UNIQUE INDEX kept_answer_tenant_id_user_id_key_key ON kept_answer (tenant_id, user_id, key)",
];

const DOWN: &[&str] = &[
    "DROP INDEX kept_answer_tenant_id_user_id_key_key",
    "CREATE INDEX kept_answer_tenant_id_user_id_key_idx ON kept_answer (tenant_id, user_id, key)",
];

const WIDER: &[&str] = &[
    "ALTER TABLE kept_answer ADD CONSTRAINT kept_answer_key UNIQUE (tenant_id, user_id, operation, key)",
];
