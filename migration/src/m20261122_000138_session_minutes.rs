//! The minutes of a session as they were frozen when it was closed, and every correction as a version of its own.

use sea_orm_migration::prelude::*;

use crate::dialect::run;
use crate::wall::{self, Rights, Shows};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        wall::raise(manager, OWNED).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DOWN).await
    }
}

const UP: &[&str] = &[
    r"
CREATE TABLE session_minutes (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    council_id {uuid} NOT NULL,
    session_id {uuid} NOT NULL,
    number integer NOT NULL,
    content text NOT NULL,
    sha256 text NOT NULL,
    chair_post text NOT NULL,
    secretary_post text NOT NULL,
    reason text,
    written_by {uuid} NOT NULL,
    written_at {time} NOT NULL,
    CONSTRAINT session_minutes_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT session_minutes_council_id_fkey FOREIGN KEY (tenant_id, council_id) REFERENCES council (tenant_id, id),
    CONSTRAINT session_minutes_session_id_fkey FOREIGN KEY (tenant_id, session_id) REFERENCES council_session (tenant_id, id),
    CONSTRAINT session_minutes_written_by_fkey FOREIGN KEY (tenant_id, written_by) REFERENCES account (tenant_id, id),
    CONSTRAINT session_minutes_number_key UNIQUE (tenant_id, session_id, number),
    CONSTRAINT session_minutes_reason_check CHECK (number >= 1 AND (number = 1 OR reason IS NOT NULL))
)
    ",
    "CREATE INDEX session_minutes_tenant_id_council_id_idx ON session_minutes (tenant_id, council_id)",
    "CREATE INDEX session_minutes_tenant_id_session_id_idx ON session_minutes (tenant_id, session_id)",
    "CREATE INDEX session_minutes_tenant_id_written_by_idx ON session_minutes (tenant_id, written_by)",
];

const OWNED: &[(&str, Shows, Rights)] = &[("session_minutes", Shows::Tenant, Rights::Append)];

const DOWN: &[&str] = &["DROP TABLE session_minutes"];
