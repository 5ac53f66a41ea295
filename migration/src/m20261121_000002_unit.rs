//! Units of a tenant, the closure of their tree, and their lineage.

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
CREATE TABLE unit (
    tenant_id {uuid} NOT NULL CONSTRAINT unit_tenant_id_fkey REFERENCES tenant (id),
    id {uuid} NOT NULL,
    parent_id {uuid},
    code text NOT NULL,
    name text NOT NULL,
    name_search text NOT NULL,
    kind text NOT NULL,
    valid_from {date} NOT NULL,
    valid_to {date},
    version integer NOT NULL,
    CONSTRAINT unit_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT unit_tenant_id_code_key UNIQUE (tenant_id, code),
    CONSTRAINT unit_parent_id_fkey FOREIGN KEY (tenant_id, parent_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT unit_valid_check CHECK (valid_to IS NULL OR valid_to >= valid_from)
)
    ",
    r"
CREATE INDEX unit_tenant_id_parent_id_idx ON unit (tenant_id, parent_id)
    ",
    r"
CREATE INDEX unit_tenant_id_name_idx ON unit (tenant_id, name, id)
    ",
    r"
CREATE TABLE unit_above (
    tenant_id {uuid} NOT NULL,
    above_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    depth integer NOT NULL,
    CONSTRAINT unit_above_pkey PRIMARY KEY (tenant_id, above_id, unit_id),
    CONSTRAINT unit_above_above_id_fkey FOREIGN KEY (tenant_id, above_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT unit_above_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id)
)
    ",
    r"
CREATE INDEX unit_above_tenant_id_unit_id_idx ON unit_above (tenant_id, unit_id, above_id)
    ",
    r"
CREATE TABLE unit_lineage (
    tenant_id {uuid} NOT NULL,
    predecessor_id {uuid} NOT NULL,
    successor_id {uuid} NOT NULL,
    effective_on {date} NOT NULL,
    CONSTRAINT unit_lineage_pkey PRIMARY KEY (tenant_id, predecessor_id, successor_id),
    CONSTRAINT unit_lineage_predecessor_id_fkey FOREIGN KEY (tenant_id, predecessor_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT unit_lineage_successor_id_fkey FOREIGN KEY (tenant_id, successor_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT unit_lineage_self_check CHECK (predecessor_id <> successor_id)
)
    ",
    r"
CREATE INDEX unit_lineage_tenant_id_successor_id_idx ON unit_lineage (tenant_id, successor_id)
    ",
];

const DOWN: &[&str] = &["DROP TABLE unit_lineage", "DROP TABLE unit_above", "DROP TABLE unit"];
