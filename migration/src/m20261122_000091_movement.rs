//! Emulation movements: who launched them, for whom, and how long they last.

use sea_orm_migration::prelude::*;

use crate::dialect::run;
use crate::wall::{self, Rights, Shows};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        wall::raise(manager, &[("movement", Shows::Tenant, Rights::Change)]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &["DROP TABLE movement"]).await
    }
}

const UP: &[&str] = &[
    r"
CREATE TABLE movement (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    name text NOT NULL,
    name_search text NOT NULL,
    level text NOT NULL,
    scope text NOT NULL,
    form text NOT NULL,
    duration text NOT NULL,
    launched_on {date} NOT NULL,
    ends_on {date},
    plan text,
    author_id {uuid} NOT NULL,
    created_at {time} NOT NULL,
    version integer NOT NULL,
    CONSTRAINT movement_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT movement_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT movement_author_id_fkey FOREIGN KEY (tenant_id, author_id) REFERENCES account (tenant_id, id),
    CONSTRAINT movement_period_check CHECK (ends_on IS NULL OR ends_on >= launched_on),
    CONSTRAINT movement_duration_check CHECK ((duration = 'UNKNOWN') = (ends_on IS NULL))
)
    ",
    "CREATE INDEX movement_tenant_id_launched_on_idx ON movement (tenant_id, launched_on, id)",
    "CREATE INDEX movement_tenant_id_unit_id_idx ON movement (tenant_id, unit_id)",
    "CREATE INDEX movement_tenant_id_author_id_idx ON movement (tenant_id, author_id)",
];
