//! Criteria sets of a cluster and year, and their trees of criteria.

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
CREATE TABLE criteria_set (
    cluster_id {uuid} NOT NULL CONSTRAINT criteria_set_cluster_id_fkey REFERENCES cluster (id),
    id {uuid} NOT NULL,
    year integer NOT NULL,
    revision integer NOT NULL,
    name text NOT NULL,
    source text,
    state text NOT NULL,
    rounding text NOT NULL,
    decimals smallint NOT NULL,
    tie_rules text NOT NULL,
    locked_at {time},
    version integer NOT NULL,
    CONSTRAINT criteria_set_pkey PRIMARY KEY (cluster_id, id),
    CONSTRAINT criteria_set_cluster_id_year_revision_key UNIQUE (cluster_id, year, revision),
    CONSTRAINT criteria_set_decimals_check CHECK (decimals BETWEEN 0 AND 4),
    CONSTRAINT criteria_set_locked_check CHECK ((state = 'LOCKED') = (locked_at IS NOT NULL))
)
    ",
    r"
CREATE UNIQUE INDEX criteria_set_cluster_id_year_locked_key ON criteria_set (cluster_id, year) WHERE state = 'LOCKED'
    ",
    r"
CREATE TABLE criterion (
    cluster_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    set_id {uuid} NOT NULL,
    parent_id {uuid},
    code text NOT NULL,
    name text NOT NULL,
    position integer NOT NULL,
    max_points bigint NOT NULL,
    kind text NOT NULL,
    parameters text NOT NULL,
    unit text,
    data_source text,
    evidence text NOT NULL,
    scorer text NOT NULL,
    due_on {date},
    CONSTRAINT criterion_pkey PRIMARY KEY (cluster_id, id),
    CONSTRAINT criterion_set_id_fkey FOREIGN KEY (cluster_id, set_id) REFERENCES criteria_set (cluster_id, id),
    CONSTRAINT criterion_parent_id_fkey FOREIGN KEY (cluster_id, parent_id) REFERENCES criterion (cluster_id, id),
    CONSTRAINT criterion_cluster_id_set_id_code_key UNIQUE (cluster_id, set_id, code)
)
    ",
    r"
CREATE INDEX criterion_cluster_id_parent_id_idx ON criterion (cluster_id, parent_id)
    ",
];

const DOWN: &[&str] = &["DROP TABLE criterion", "DROP TABLE criteria_set"];
