//! Tenants, the codes they are known by, and who continues whom.

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
    r"
CREATE TABLE tenant (
    id {uuid} NOT NULL CONSTRAINT tenant_pkey PRIMARY KEY,
    code text NOT NULL,
    code_scheme text NOT NULL,
    slug text NOT NULL CONSTRAINT tenant_slug_key UNIQUE,
    name text NOT NULL,
    kind text NOT NULL,
    valid_from {date} NOT NULL,
    valid_to {date},
    CONSTRAINT tenant_code_key UNIQUE (code_scheme, code),
    CONSTRAINT tenant_valid_check CHECK (valid_to IS NULL OR valid_to >= valid_from)
)
    ",
    r"
CREATE TABLE tenant_code (
    scheme text NOT NULL,
    code text NOT NULL,
    tenant_id {uuid} NOT NULL CONSTRAINT tenant_code_tenant_id_fkey REFERENCES tenant (id),
    valid_from {date} NOT NULL,
    valid_to {date},
    CONSTRAINT tenant_code_pkey PRIMARY KEY (scheme, code)
)
    ",
    r"
CREATE INDEX tenant_code_code_idx ON tenant_code (code)
    ",
    r"
CREATE INDEX tenant_code_tenant_id_idx ON tenant_code (tenant_id)
    ",
    r"
CREATE TABLE tenant_lineage (
    predecessor_id {uuid} NOT NULL CONSTRAINT tenant_lineage_predecessor_id_fkey REFERENCES tenant (id),
    successor_id {uuid} NOT NULL CONSTRAINT tenant_lineage_successor_id_fkey REFERENCES tenant (id),
    effective_on {date} NOT NULL,
    citation text NOT NULL,
    CONSTRAINT tenant_lineage_pkey PRIMARY KEY (predecessor_id, successor_id)
)
    ",
    r"
CREATE INDEX tenant_lineage_successor_id_idx ON tenant_lineage (successor_id)
    ",
];

const DOWN: &[&str] = &["DROP TABLE tenant_lineage", "DROP TABLE tenant_code", "DROP TABLE tenant"];
