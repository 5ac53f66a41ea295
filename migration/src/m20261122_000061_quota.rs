//! Quotas: how many may be proposed, what of it is taken, and what was waived.

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
CREATE TABLE quota (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    award_type_code text NOT NULL,
    subject_kind text,
    unit_kind text,
    base text NOT NULL,
    share_percent integer,
    most integer,
    rounding text NOT NULL,
    severity text NOT NULL,
    citation text NOT NULL,
    valid_from {date} NOT NULL,
    valid_to {date},
    author_id {uuid} NOT NULL,
    CONSTRAINT quota_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT quota_author_id_fkey FOREIGN KEY (tenant_id, author_id) REFERENCES account (tenant_id, id),
    CONSTRAINT quota_size_check CHECK ((share_percent IS NULL) <> (most IS NULL)),
    CONSTRAINT quota_base_check CHECK ((base = 'COUNT') = (most IS NOT NULL)),
    CONSTRAINT quota_share_check CHECK (share_percent IS NULL OR (share_percent BETWEEN 1 AND 100)),
    CONSTRAINT quota_most_check CHECK (most IS NULL OR most >= 0),
    CONSTRAINT quota_valid_check CHECK (valid_to IS NULL OR valid_to >= valid_from)
)
    ",
    "CREATE INDEX quota_tenant_id_author_id_idx ON quota (tenant_id, author_id)",
    r"
CREATE TABLE quota_entry (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    quota_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    year integer NOT NULL,
    submission_id {uuid} NOT NULL,
    amount integer NOT NULL,
    state text NOT NULL,
    version integer NOT NULL,
    CONSTRAINT quota_entry_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT quota_entry_submission_id_key UNIQUE (tenant_id, submission_id, quota_id),
    CONSTRAINT quota_entry_quota_id_fkey FOREIGN KEY (tenant_id, quota_id) REFERENCES quota (tenant_id, id),
    CONSTRAINT quota_entry_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT quota_entry_submission_id_fkey FOREIGN KEY (tenant_id, submission_id) REFERENCES submission (tenant_id, id),
    CONSTRAINT quota_entry_amount_check CHECK (amount >= 0)
)
    ",
    "CREATE INDEX quota_entry_tenant_id_quota_id_idx ON quota_entry (tenant_id, quota_id, year)",
    "CREATE INDEX quota_entry_tenant_id_unit_id_idx ON quota_entry (tenant_id, unit_id, year)",
    r"
CREATE TABLE quota_waiver (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    quota_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    year integer NOT NULL,
    extra integer NOT NULL,
    reason text NOT NULL,
    author_id {uuid} NOT NULL,
    author_name text NOT NULL,
    at {time} NOT NULL,
    CONSTRAINT quota_waiver_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT quota_waiver_quota_id_fkey FOREIGN KEY (tenant_id, quota_id) REFERENCES quota (tenant_id, id),
    CONSTRAINT quota_waiver_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT quota_waiver_author_id_fkey FOREIGN KEY (tenant_id, author_id) REFERENCES account (tenant_id, id),
    CONSTRAINT quota_waiver_extra_check CHECK (extra > 0)
)
    ",
    "CREATE INDEX quota_waiver_tenant_id_quota_id_idx ON quota_waiver (tenant_id, quota_id, year)",
    "CREATE INDEX quota_waiver_tenant_id_unit_id_idx ON quota_waiver (tenant_id, unit_id, year)",
    "CREATE INDEX quota_waiver_tenant_id_author_id_idx ON quota_waiver (tenant_id, author_id)",
];

const OWNED: &[(&str, Shows, Rights)] = &[
    ("quota", Shows::Tenant, Rights::Append),
    ("quota_entry", Shows::Tenant, Rights::Change),
    ("quota_waiver", Shows::Tenant, Rights::Append),
];

const DOWN: &[&str] = &["DROP TABLE quota_waiver", "DROP TABLE quota_entry", "DROP TABLE quota"];
