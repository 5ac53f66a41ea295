//! Submissions, their nominees, documents and steps.

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
CREATE TABLE submission (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    number integer NOT NULL,
    title text NOT NULL,
    title_search text NOT NULL,
    year integer NOT NULL,
    period_from {date},
    period_to {date},
    commendation_type text NOT NULL,
    state text NOT NULL,
    note text,
    reason text,
    author_id {uuid} NOT NULL,
    decided_by {uuid},
    created_at {time} NOT NULL,
    sent_at {time},
    decided_at {time},
    version integer NOT NULL,
    CONSTRAINT submission_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT submission_tenant_id_year_number_key UNIQUE (tenant_id, year, number),
    CONSTRAINT submission_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT submission_author_id_fkey FOREIGN KEY (tenant_id, author_id) REFERENCES account (tenant_id, id),
    CONSTRAINT submission_decided_by_fkey FOREIGN KEY (tenant_id, decided_by) REFERENCES account (tenant_id, id),
    CONSTRAINT submission_two_persons_check CHECK (decided_by IS NULL OR decided_by <> author_id),
    CONSTRAINT submission_decided_check CHECK ((state IN ('APPROVED', 'REJECTED')) = (decided_by IS NOT NULL)),
    CONSTRAINT submission_period_check CHECK (period_to IS NULL OR period_from IS NULL OR period_to >= period_from)
)
    ",
    r"
CREATE INDEX submission_tenant_id_unit_id_idx ON submission (tenant_id, unit_id, created_at, id)
    ",
    r"
CREATE INDEX submission_tenant_id_created_at_idx ON submission (tenant_id, created_at, id)
    ",
    r"
CREATE INDEX submission_tenant_id_state_idx ON submission (tenant_id, state, created_at, id)
    ",
    r"
CREATE INDEX submission_tenant_id_author_id_idx ON submission (tenant_id, author_id, id)
    ",
    r"
CREATE INDEX submission_tenant_id_decided_by_idx ON submission (tenant_id, decided_by)
    ",
    r"
CREATE TABLE nominee (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    submission_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    position integer NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    post text,
    award_type_id {uuid} NOT NULL CONSTRAINT nominee_award_type_id_fkey REFERENCES award_type (id),
    achievement text,
    version integer NOT NULL,
    CONSTRAINT nominee_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT nominee_submission_id_fkey FOREIGN KEY (tenant_id, submission_id) REFERENCES submission (tenant_id, id),
    CONSTRAINT nominee_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id)
)
    ",
    r"
CREATE INDEX nominee_tenant_id_submission_id_idx ON nominee (tenant_id, submission_id)
    ",
    r"
CREATE INDEX nominee_tenant_id_unit_id_idx ON nominee (tenant_id, unit_id)
    ",
    r"
CREATE INDEX nominee_award_type_id_idx ON nominee (award_type_id)
    ",
    r"
CREATE TABLE submission_document (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    submission_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    title text NOT NULL,
    file_name text NOT NULL,
    media_type text NOT NULL,
    size_bytes bigint NOT NULL,
    sha256 text NOT NULL,
    added_by {uuid} NOT NULL,
    added_at {time} NOT NULL,
    CONSTRAINT submission_document_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT submission_document_submission_id_fkey FOREIGN KEY (tenant_id, submission_id) REFERENCES submission (tenant_id, id),
    CONSTRAINT submission_document_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT submission_document_added_by_fkey FOREIGN KEY (tenant_id, added_by) REFERENCES account (tenant_id, id)
)
    ",
    r"
CREATE INDEX submission_document_tenant_id_submission_id_idx ON submission_document (tenant_id, submission_id)
    ",
    r"
CREATE INDEX submission_document_tenant_id_unit_id_idx ON submission_document (tenant_id, unit_id)
    ",
    r"
CREATE INDEX submission_document_tenant_id_added_by_idx ON submission_document (tenant_id, added_by)
    ",
    r"
CREATE TABLE submission_transition (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    submission_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    action text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    actor_id {uuid} NOT NULL,
    actor_name text NOT NULL,
    reason text,
    at {time} NOT NULL,
    CONSTRAINT submission_transition_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT submission_transition_submission_id_fkey FOREIGN KEY (tenant_id, submission_id) REFERENCES submission (tenant_id, id),
    CONSTRAINT submission_transition_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT submission_transition_actor_id_fkey FOREIGN KEY (tenant_id, actor_id) REFERENCES account (tenant_id, id)
)
    ",
    r"
CREATE INDEX submission_transition_tenant_id_submission_id_idx ON submission_transition (tenant_id, submission_id, id)
    ",
    r"
CREATE INDEX submission_transition_tenant_id_unit_id_idx ON submission_transition (tenant_id, unit_id)
    ",
    r"
CREATE INDEX submission_transition_tenant_id_actor_id_idx ON submission_transition (tenant_id, actor_id)
    ",
];

const DOWN: &[&str] = &[
    "DROP TABLE submission_transition",
    "DROP TABLE submission_document",
    "DROP TABLE nominee",
    "DROP TABLE submission",
];
