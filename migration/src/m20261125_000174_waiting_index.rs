//! What waits for somebody is a small part of all that was ever sent: its own index, by the last day, so that nobody's list
//! of work reads what is over.

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
    "CREATE INDEX submission_tenant_id_due_on_waiting_idx ON submission (tenant_id, due_on, id) WHERE waiting_since IS NOT NULL",
];

const DOWN: &[&str] = &["DROP INDEX submission_tenant_id_due_on_waiting_idx"];
