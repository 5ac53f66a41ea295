//! The law as data: documents, and rules of eligibility as trees of conditions; what a tenant adds to both.

use sea_orm_migration::prelude::*;

use crate::dialect::run;
use crate::wall::{self, Rights, Shows};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        wall::raise(manager, OWNED).await?;
        wall::open(manager, OPEN).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DOWN).await
    }
}

const UP: &[&str] = &[
    r"
CREATE TABLE legal_document (
    id {uuid} NOT NULL CONSTRAINT legal_document_pkey PRIMARY KEY,
    number text NOT NULL,
    kind text NOT NULL,
    issuer text NOT NULL,
    title text NOT NULL,
    signed_on {date},
    in_force_on {date},
    expired_on {date},
    replaces text NOT NULL,
    confidence text NOT NULL,
    CONSTRAINT legal_document_number_key UNIQUE (number)
)
    ",
    r"
CREATE TABLE own_document (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    number text NOT NULL,
    kind text NOT NULL,
    issuer text NOT NULL,
    title text NOT NULL,
    signed_on {date},
    in_force_on {date},
    expired_on {date},
    replaces text NOT NULL,
    author_id {uuid} NOT NULL,
    CONSTRAINT own_document_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT own_document_number_key UNIQUE (tenant_id, number),
    CONSTRAINT own_document_author_id_fkey FOREIGN KEY (tenant_id, author_id) REFERENCES account (tenant_id, id)
)
    ",
    "CREATE INDEX own_document_tenant_id_author_id_idx ON own_document (tenant_id, author_id)",
    r"
CREATE TABLE eligibility_rule (
    id {uuid} NOT NULL CONSTRAINT eligibility_rule_pkey PRIMARY KEY,
    code text NOT NULL,
    award_type_code text,
    subject_kind text,
    commendation_type text,
    part text NOT NULL,
    name_vi text NOT NULL,
    name_en text NOT NULL,
    tree text NOT NULL,
    citation text NOT NULL,
    document_number text NOT NULL,
    severity text NOT NULL,
    confidence text NOT NULL,
    obliges {bool} NOT NULL,
    valid_from {date} NOT NULL,
    valid_to {date},
    CONSTRAINT eligibility_rule_code_valid_from_key UNIQUE (code, valid_from),
    CONSTRAINT eligibility_rule_valid_check CHECK (valid_to IS NULL OR valid_to >= valid_from),
    CONSTRAINT eligibility_rule_unsure_check CHECK (severity = 'WARN' OR confidence = 'SOURCED')
)
    ",
    r"
CREATE TABLE own_rule (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    award_type_code text,
    subject_kind text,
    commendation_type text,
    name_vi text NOT NULL,
    name_en text NOT NULL,
    tree text NOT NULL,
    citation text NOT NULL,
    severity text NOT NULL,
    valid_from {date} NOT NULL,
    valid_to {date},
    author_id {uuid} NOT NULL,
    CONSTRAINT own_rule_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT own_rule_author_id_fkey FOREIGN KEY (tenant_id, author_id) REFERENCES account (tenant_id, id),
    CONSTRAINT own_rule_valid_check CHECK (valid_to IS NULL OR valid_to >= valid_from)
)
    ",
    "CREATE INDEX own_rule_tenant_id_author_id_idx ON own_rule (tenant_id, author_id)",
];

const OWNED: &[(&str, Shows, Rights)] =
    &[("own_document", Shows::Tenant, Rights::Append), ("own_rule", Shows::Tenant, Rights::Append)];

const OPEN: &[(&str, &str)] = &[("legal_document", "SELECT"), ("eligibility_rule", "SELECT")];

const DOWN: &[&str] = &[
    "DROP TABLE own_rule",
    "DROP TABLE eligibility_rule",
    "DROP TABLE own_document",
    "DROP TABLE legal_document",
];
