//! Numbers of which quotas are shares, recorded for a unit and a year; written once, the last one counts.

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
        run(manager, &["DROP TABLE quota_basis"]).await
    }
}

const UP: &[&str] = &[
    r"
CREATE TABLE quota_basis (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    year integer NOT NULL,
    base text NOT NULL,
    subject_kind text,
    number integer NOT NULL,
    source text NOT NULL,
    author_id {uuid} NOT NULL,
    author_name text NOT NULL,
    at {time} NOT NULL,
    CONSTRAINT quota_basis_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT quota_basis_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT quota_basis_author_id_fkey FOREIGN KEY (tenant_id, author_id) REFERENCES account (tenant_id, id),
    CONSTRAINT quota_basis_number_check CHECK (number >= 0)
)
    ",
    "CREATE INDEX quota_basis_tenant_id_unit_id_idx ON quota_basis (tenant_id, unit_id, year)",
    "CREATE INDEX quota_basis_tenant_id_author_id_idx ON quota_basis (tenant_id, author_id)",
];

const OWNED: &[(&str, Shows, Rights)] = &[("quota_basis", Shows::Tenant, Rights::Append)];
