//! Scores by layer, their changes, and who scores whom.

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
CREATE TABLE score (
    cluster_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    set_id {uuid} NOT NULL,
    criterion_id {uuid} NOT NULL,
    member_id {uuid} NOT NULL,
    layer text NOT NULL,
    assessor_id {uuid} NOT NULL,
    value bigint,
    reference bigint,
    is_met {bool},
    evidence_url text,
    explanation text,
    reason text,
    recorded_by {uuid} NOT NULL,
    recorded_at {time} NOT NULL,
    version integer NOT NULL,
    CONSTRAINT score_pkey PRIMARY KEY (cluster_id, id),
    CONSTRAINT score_set_id_fkey FOREIGN KEY (cluster_id, set_id) REFERENCES criteria_set (cluster_id, id),
    CONSTRAINT score_criterion_id_fkey FOREIGN KEY (cluster_id, criterion_id) REFERENCES criterion (cluster_id, id),
    CONSTRAINT score_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES cluster_member (cluster_id, id),
    CONSTRAINT score_cell_key UNIQUE (cluster_id, set_id, criterion_id, member_id, layer, assessor_id)
)
    ",
    r"
CREATE INDEX score_cluster_id_criterion_id_idx ON score (cluster_id, criterion_id)
    ",
    r"
CREATE INDEX score_cluster_id_member_id_idx ON score (cluster_id, member_id)
    ",
    r"
CREATE TABLE score_change (
    cluster_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    score_id {uuid} NOT NULL,
    member_id {uuid} NOT NULL,
    at {time} NOT NULL,
    actor_name text NOT NULL,
    before text NOT NULL,
    after text NOT NULL,
    reason text NOT NULL,
    CONSTRAINT score_change_pkey PRIMARY KEY (cluster_id, id),
    CONSTRAINT score_change_score_id_fkey FOREIGN KEY (cluster_id, score_id) REFERENCES score (cluster_id, id),
    CONSTRAINT score_change_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES cluster_member (cluster_id, id)
)
    ",
    r"
CREATE INDEX score_change_cluster_id_score_id_idx ON score_change (cluster_id, score_id, id)
    ",
    r"
CREATE INDEX score_change_cluster_id_member_id_idx ON score_change (cluster_id, member_id)
    ",
    r"
CREATE TABLE peer_assignment (
    cluster_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    year integer NOT NULL,
    assessor_id {uuid} NOT NULL,
    member_id {uuid} NOT NULL,
    CONSTRAINT peer_assignment_pkey PRIMARY KEY (cluster_id, id),
    CONSTRAINT peer_assignment_assessor_id_fkey FOREIGN KEY (cluster_id, assessor_id) REFERENCES cluster_member (cluster_id, id),
    CONSTRAINT peer_assignment_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES cluster_member (cluster_id, id),
    CONSTRAINT peer_assignment_pair_key UNIQUE (cluster_id, year, assessor_id, member_id),
    CONSTRAINT peer_assignment_self_check CHECK (assessor_id <> member_id)
)
    ",
    r"
CREATE INDEX peer_assignment_cluster_id_assessor_id_idx ON peer_assignment (cluster_id, assessor_id)
    ",
    r"
CREATE INDEX peer_assignment_cluster_id_member_id_idx ON peer_assignment (cluster_id, member_id)
    ",
];

const DOWN: &[&str] =
    &["DROP TABLE peer_assignment", "DROP TABLE score_change", "DROP TABLE score"];
