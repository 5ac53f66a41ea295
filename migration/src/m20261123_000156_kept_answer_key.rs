//! A key of a repeated request is looked for whatever the operation: it stands for one request of its user.

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
    "CREATE INDEX kept_answer_tenant_id_user_id_key_idx ON kept_answer (tenant_id, user_id, key)",
];

const DOWN: &[&str] = &["DROP INDEX kept_answer_tenant_id_user_id_key_idx"];
