//! Clusters and blocs, their members and their heads.

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
CREATE TABLE cluster (
    id {uuid} NOT NULL CONSTRAINT cluster_pkey PRIMARY KEY,
    organiser_id {uuid} NOT NULL CONSTRAINT cluster_organiser_id_fkey REFERENCES tenant (id),
    code text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    structure text NOT NULL,
    valid_from {date} NOT NULL,
    valid_to {date},
    version integer NOT NULL,
    CONSTRAINT cluster_organiser_id_code_key UNIQUE (organiser_id, code),
    CONSTRAINT cluster_valid_check CHECK (valid_to IS NULL OR valid_to >= valid_from)
)
    ",
    r"
CREATE TABLE cluster_member (
    cluster_id {uuid} NOT NULL CONSTRAINT cluster_member_cluster_id_fkey REFERENCES cluster (id),
    id {uuid} NOT NULL,
    tenant_id {uuid} NOT NULL CONSTRAINT cluster_member_tenant_id_fkey REFERENCES tenant (id),
    unit_id {uuid},
    name text NOT NULL,
    position integer NOT NULL,
    valid_from {date} NOT NULL,
    valid_to {date},
    version integer NOT NULL,
    CONSTRAINT cluster_member_pkey PRIMARY KEY (cluster_id, id),
    CONSTRAINT cluster_member_valid_check CHECK (valid_to IS NULL OR valid_to >= valid_from)
)
    ",
    r"
CREATE INDEX cluster_member_tenant_id_unit_id_idx ON cluster_member (tenant_id, unit_id, cluster_id)
    ",
    r"
CREATE TABLE cluster_head (
    cluster_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    year integer NOT NULL,
    member_id {uuid} NOT NULL,
    position text NOT NULL,
    ended_at {time},
    version integer NOT NULL,
    CONSTRAINT cluster_head_pkey PRIMARY KEY (cluster_id, id),
    CONSTRAINT cluster_head_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES cluster_member (cluster_id, id)
)
    ",
    r"
CREATE INDEX cluster_head_cluster_id_member_id_idx ON cluster_head (cluster_id, member_id)
    ",
    r"
CREATE UNIQUE INDEX cluster_head_cluster_id_year_key ON cluster_head (cluster_id, year) WHERE position = 'HEAD' AND ended_at IS NULL
    ",
    r"
CREATE UNIQUE INDEX cluster_head_cluster_id_year_member_id_key ON cluster_head (cluster_id, year, member_id) WHERE ended_at IS NULL
    ",
];

const DOWN: &[&str] =
    &["DROP TABLE cluster_head", "DROP TABLE cluster_member", "DROP TABLE cluster"];
