//! What the law said of every nominee when a submission took a step; written once.

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

/// A nominee may be taken off the list later: what was said of him stays, so that no key leads to him.
const UP: &[&str] = &[
    r"
CREATE TABLE appraisal (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    submission_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    step text NOT NULL,
    rules_hash text NOT NULL,
    rules text NOT NULL,
    actor_id {uuid} NOT NULL,
    actor_name text NOT NULL,
    at {time} NOT NULL,
    CONSTRAINT appraisal_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT appraisal_submission_id_fkey FOREIGN KEY (tenant_id, submission_id) REFERENCES submission (tenant_id, id),
    CONSTRAINT appraisal_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT appraisal_actor_id_fkey FOREIGN KEY (tenant_id, actor_id) REFERENCES account (tenant_id, id)
)
    ",
    "CREATE INDEX appraisal_tenant_id_submission_id_idx ON appraisal (tenant_id, submission_id, id)",
    "CREATE INDEX appraisal_tenant_id_unit_id_idx ON appraisal (tenant_id, unit_id)",
    "CREATE INDEX appraisal_tenant_id_actor_id_idx ON appraisal (tenant_id, actor_id)",
    r"
CREATE TABLE appraisal_finding (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    appraisal_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    position integer NOT NULL,
    nominee_id {uuid} NOT NULL,
    nominee_name text NOT NULL,
    subject_id {uuid},
    award_type_code text NOT NULL,
    verdict text NOT NULL,
    rules_of {date},
    outcomes text NOT NULL,
    CONSTRAINT appraisal_finding_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT appraisal_finding_appraisal_id_fkey FOREIGN KEY (tenant_id, appraisal_id) REFERENCES appraisal (tenant_id, id),
    CONSTRAINT appraisal_finding_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT appraisal_finding_subject_id_fkey FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id)
)
    ",
    "CREATE INDEX appraisal_finding_tenant_id_appraisal_id_idx ON appraisal_finding (tenant_id, appraisal_id, position)",
    "CREATE INDEX appraisal_finding_tenant_id_unit_id_idx ON appraisal_finding (tenant_id, unit_id)",
    "CREATE INDEX appraisal_finding_tenant_id_subject_id_idx ON appraisal_finding (tenant_id, subject_id)",
];

const OWNED: &[(&str, Shows, Rights)] = &[
    ("appraisal", Shows::Tenant, Rights::Append),
    ("appraisal_finding", Shows::Tenant, Rights::Append),
];

const DOWN: &[&str] = &["DROP TABLE appraisal_finding", "DROP TABLE appraisal"];
