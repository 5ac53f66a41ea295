//! What was answered to a change that carried a key: a repeated request gets the answer, not the change again.

use sea_orm_migration::prelude::*;

use crate::dialect::run;
use crate::wall::{self, Rights, Shows};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        wall::role(manager).await?;
        wall::raise(manager, &[("kept_answer", Shows::Tenant, Rights::All)]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DOWN).await
    }
}

const UP: &[&str] = &[
    r"
CREATE TABLE kept_answer (
    tenant_id {uuid} NOT NULL CONSTRAINT kept_answer_tenant_id_fkey REFERENCES tenant (id),
    id {uuid} NOT NULL,
    user_id {uuid} NOT NULL,
    operation text NOT NULL,
    key text NOT NULL,
    fingerprint text NOT NULL,
    answer text NOT NULL,
    at {time} NOT NULL,
    CONSTRAINT kept_answer_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT kept_answer_key UNIQUE (tenant_id, user_id, operation, key),
    CONSTRAINT kept_answer_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES account (tenant_id, id)
)
    ",
    r"
CREATE INDEX kept_answer_tenant_id_at_idx ON kept_answer (tenant_id, at)
    ",
];

const DOWN: &[&str] = &["DROP TABLE kept_answer"];
