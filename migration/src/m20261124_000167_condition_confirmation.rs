//! What people said of conditions that only a person can confirm; written once.

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

/// A nominee or a document may be taken off a list that is returned later, and a rule of the law be replaced: what was
/// said stays, so that no key leads to them.
const UP: &[&str] = &[
    r"
CREATE TABLE condition_confirmation (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    submission_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    subject_id {uuid} NOT NULL,
    nominee_id {uuid} NOT NULL,
    nominee_name text NOT NULL,
    award_type_code text NOT NULL,
    year integer NOT NULL,
    commendation_type text NOT NULL,
    achieved_on {date},
    rule_id {uuid} NOT NULL,
    condition_key text NOT NULL,
    words_vi text NOT NULL,
    words_en text NOT NULL,
    citation text NOT NULL,
    answer text NOT NULL,
    reason text NOT NULL,
    document_id {uuid},
    document_title text,
    document_hash text,
    actor_id {uuid} NOT NULL,
    actor_name text NOT NULL,
    actor_role text NOT NULL,
    at {time} NOT NULL,
    CONSTRAINT condition_confirmation_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT condition_confirmation_submission_id_fkey FOREIGN KEY (tenant_id, submission_id) REFERENCES submission (tenant_id, id),
    CONSTRAINT condition_confirmation_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT condition_confirmation_subject_id_fkey FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id),
    CONSTRAINT condition_confirmation_actor_id_fkey FOREIGN KEY (tenant_id, actor_id) REFERENCES account (tenant_id, id)
)
    ",
    "CREATE INDEX condition_confirmation_tenant_id_submission_id_idx ON condition_confirmation (tenant_id, submission_id)",
    "CREATE INDEX condition_confirmation_tenant_id_unit_id_idx ON condition_confirmation (tenant_id, unit_id)",
    "CREATE INDEX condition_confirmation_tenant_id_subject_id_idx ON condition_confirmation (tenant_id, subject_id)",
    "CREATE INDEX condition_confirmation_tenant_id_actor_id_idx ON condition_confirmation (tenant_id, actor_id)",
];

const OWNED: &[(&str, Shows, Rights)] =
    &[("condition_confirmation", Shows::Tenant, Rights::Append)];

const DOWN: &[&str] = &["DROP TABLE condition_confirmation"];
