//! Votes: who exactly was voted on, how many of those with a conflict of interest were there, and what the chair
//! decided where votes were equal.

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
    "ALTER TABLE candidate ADD COLUMN identity text",
    "ALTER TABLE ballot ADD COLUMN recused_present integer",
    r"
CREATE TABLE tie_decision (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    council_id {uuid} NOT NULL,
    ballot_id {uuid} NOT NULL,
    ballot_candidate_id {uuid} NOT NULL,
    is_taken {bool} NOT NULL,
    reason text NOT NULL,
    decided_by {uuid} NOT NULL,
    decided_by_name text NOT NULL,
    decided_at {time} NOT NULL,
    CONSTRAINT tie_decision_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT tie_decision_council_id_fkey FOREIGN KEY (tenant_id, council_id) REFERENCES council (tenant_id, id),
    CONSTRAINT tie_decision_ballot_id_fkey FOREIGN KEY (tenant_id, ballot_id) REFERENCES ballot (tenant_id, id),
    CONSTRAINT tie_decision_ballot_candidate_id_fkey FOREIGN KEY (tenant_id, ballot_candidate_id) REFERENCES ballot_candidate (tenant_id, id),
    CONSTRAINT tie_decision_decided_by_fkey FOREIGN KEY (tenant_id, decided_by) REFERENCES account (tenant_id, id),
    CONSTRAINT tie_decision_candidate_key UNIQUE (tenant_id, ballot_candidate_id)
)
    ",
    "CREATE INDEX tie_decision_tenant_id_council_id_idx ON tie_decision (tenant_id, council_id)",
    "CREATE INDEX tie_decision_tenant_id_ballot_id_idx ON tie_decision (tenant_id, ballot_id)",
    "CREATE INDEX tie_decision_tenant_id_decided_by_idx ON tie_decision (tenant_id, decided_by)",
];

const OWNED: &[(&str, Shows, Rights)] = &[("tie_decision", Shows::Tenant, Rights::Append)];

const DOWN: &[&str] = &[
    "DROP TABLE tie_decision",
    "ALTER TABLE ballot DROP COLUMN recused_present",
    "ALTER TABLE candidate DROP COLUMN identity",
];
