//! Public notices: the regulations that ask for them, what was posted, and the complaints that came; all written once.

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
CREATE TABLE notice_rule (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    award_type_code text,
    days integer NOT NULL,
    citation text NOT NULL,
    valid_from {date} NOT NULL,
    valid_to {date},
    author_id {uuid} NOT NULL,
    CONSTRAINT notice_rule_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT notice_rule_author_id_fkey FOREIGN KEY (tenant_id, author_id) REFERENCES account (tenant_id, id),
    CONSTRAINT notice_rule_days_check CHECK (days BETWEEN 1 AND 365),
    CONSTRAINT notice_rule_valid_check CHECK (valid_to IS NULL OR valid_to >= valid_from)
)
    ",
    "CREATE INDEX notice_rule_tenant_id_author_id_idx ON notice_rule (tenant_id, author_id)",
    r"
CREATE TABLE notice (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    submission_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    place text NOT NULL,
    opened_on {date} NOT NULL,
    last_on {date} NOT NULL,
    author_id {uuid} NOT NULL,
    author_name text NOT NULL,
    at {time} NOT NULL,
    CONSTRAINT notice_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT notice_submission_id_fkey FOREIGN KEY (tenant_id, submission_id) REFERENCES submission (tenant_id, id),
    CONSTRAINT notice_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT notice_author_id_fkey FOREIGN KEY (tenant_id, author_id) REFERENCES account (tenant_id, id),
    CONSTRAINT notice_period_check CHECK (last_on >= opened_on)
)
    ",
    "CREATE INDEX notice_tenant_id_submission_id_idx ON notice (tenant_id, submission_id)",
    "CREATE INDEX notice_tenant_id_unit_id_idx ON notice (tenant_id, unit_id)",
    "CREATE INDEX notice_tenant_id_author_id_idx ON notice (tenant_id, author_id)",
    r"
CREATE TABLE complaint (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    notice_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    complainant text NOT NULL,
    content text NOT NULL,
    filed_on {date} NOT NULL,
    author_id {uuid} NOT NULL,
    author_name text NOT NULL,
    at {time} NOT NULL,
    CONSTRAINT complaint_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT complaint_notice_id_fkey FOREIGN KEY (tenant_id, notice_id) REFERENCES notice (tenant_id, id),
    CONSTRAINT complaint_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT complaint_author_id_fkey FOREIGN KEY (tenant_id, author_id) REFERENCES account (tenant_id, id)
)
    ",
    "CREATE INDEX complaint_tenant_id_notice_id_idx ON complaint (tenant_id, notice_id)",
    "CREATE INDEX complaint_tenant_id_unit_id_idx ON complaint (tenant_id, unit_id)",
    "CREATE INDEX complaint_tenant_id_author_id_idx ON complaint (tenant_id, author_id)",
    r"
CREATE TABLE complaint_step (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    complaint_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    sequence integer NOT NULL,
    kind text NOT NULL,
    words text NOT NULL,
    actor_id {uuid} NOT NULL,
    actor_name text NOT NULL,
    at {time} NOT NULL,
    CONSTRAINT complaint_step_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT complaint_step_sequence_key UNIQUE (tenant_id, complaint_id, sequence),
    CONSTRAINT complaint_step_complaint_id_fkey FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaint (tenant_id, id),
    CONSTRAINT complaint_step_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT complaint_step_actor_id_fkey FOREIGN KEY (tenant_id, actor_id) REFERENCES account (tenant_id, id)
)
    ",
    "CREATE INDEX complaint_step_tenant_id_unit_id_idx ON complaint_step (tenant_id, unit_id)",
    "CREATE INDEX complaint_step_tenant_id_actor_id_idx ON complaint_step (tenant_id, actor_id)",
];

const OWNED: &[(&str, Shows, Rights)] = &[
    ("notice_rule", Shows::Tenant, Rights::Append),
    ("notice", Shows::Tenant, Rights::Append),
    ("complaint", Shows::Tenant, Rights::Append),
    ("complaint_step", Shows::Tenant, Rights::Append),
];

const DOWN: &[&str] = &[
    "DROP TABLE complaint_step",
    "DROP TABLE complaint",
    "DROP TABLE notice",
    "DROP TABLE notice_rule",
];
