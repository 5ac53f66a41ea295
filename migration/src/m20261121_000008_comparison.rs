//! Comparisons of a cluster by year and their published places.

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
CREATE TABLE comparison (
    cluster_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    year integer NOT NULL,
    set_id {uuid} NOT NULL,
    state text NOT NULL,
    ballot text NOT NULL,
    inputs_hash text,
    reason text,
    published_at {time},
    version integer NOT NULL,
    CONSTRAINT comparison_pkey PRIMARY KEY (cluster_id, id),
    CONSTRAINT comparison_cluster_id_year_key UNIQUE (cluster_id, year),
    CONSTRAINT comparison_set_id_fkey FOREIGN KEY (cluster_id, set_id) REFERENCES criteria_set (cluster_id, id),
    CONSTRAINT comparison_published_check CHECK ((state = 'PUBLISHED') = (published_at IS NOT NULL))
)
    ",
    r"
CREATE INDEX comparison_cluster_id_set_id_idx ON comparison (cluster_id, set_id)
    ",
    r"
CREATE TABLE comparison_row (
    cluster_id {uuid} NOT NULL,
    comparison_id {uuid} NOT NULL,
    member_id {uuid} NOT NULL,
    unit_id {uuid},
    year integer NOT NULL,
    rank integer,
    total bigint,
    CONSTRAINT comparison_row_pkey PRIMARY KEY (cluster_id, comparison_id, member_id),
    CONSTRAINT comparison_row_comparison_id_fkey FOREIGN KEY (cluster_id, comparison_id) REFERENCES comparison (cluster_id, id),
    CONSTRAINT comparison_row_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES cluster_member (cluster_id, id)
)
    ",
    r"
CREATE INDEX comparison_row_cluster_id_member_id_idx ON comparison_row (cluster_id, member_id)
    ",
    r"
CREATE INDEX comparison_row_cluster_id_year_idx ON comparison_row (cluster_id, year)
    ",
];

const DOWN: &[&str] = &["DROP TABLE comparison_row", "DROP TABLE comparison"];
