//! Decisions, the registry of awards with its acts, and the totals that are kept in step with it.

use sea_orm_migration::prelude::*;

use crate::dialect::run;
use crate::wall::{self, Rights, Shows};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DECISIONS).await?;
        run(manager, AWARDS).await?;
        run(manager, TOTALS).await?;
        wall::raise(manager, OWNED).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DOWN).await
    }
}

const DECISIONS: &[&str] = &[
    r"
CREATE TABLE decision (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    kind text NOT NULL,
    issuer text,
    issuer_key text NOT NULL,
    issuer_name text NOT NULL,
    issuer_tenant_id {uuid} CONSTRAINT decision_issuer_tenant_id_fkey REFERENCES tenant (id),
    number integer,
    symbol text NOT NULL,
    year integer NOT NULL,
    decided_on {date} NOT NULL,
    signer_post text,
    legal_basis text NOT NULL,
    source text NOT NULL,
    recorded_by {uuid} NOT NULL,
    created_at {time} NOT NULL,
    CONSTRAINT decision_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT decision_number_key UNIQUE (tenant_id, issuer_key, symbol, year, number),
    CONSTRAINT decision_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT decision_recorded_by_fkey FOREIGN KEY (tenant_id, recorded_by) REFERENCES account (tenant_id, id),
    CONSTRAINT decision_number_check CHECK (number IS NULL OR number > 0)
)
    ",
    "CREATE INDEX decision_tenant_id_unit_id_idx ON decision (tenant_id, unit_id, decided_on, id)",
    "CREATE INDEX decision_tenant_id_decided_on_idx ON decision (tenant_id, decided_on, id)",
    "CREATE INDEX decision_tenant_id_recorded_by_idx ON decision (tenant_id, recorded_by)",
    "CREATE INDEX decision_issuer_tenant_id_idx ON decision (issuer_tenant_id)",
    r"
CREATE TABLE decision_gap (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    issuer_key text NOT NULL,
    symbol text NOT NULL,
    year integer NOT NULL,
    first_number integer NOT NULL,
    last_number integer NOT NULL,
    reason text NOT NULL,
    recorded_by {uuid} NOT NULL,
    created_at {time} NOT NULL,
    CONSTRAINT decision_gap_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT decision_gap_first_number_key UNIQUE (tenant_id, issuer_key, symbol, year, first_number),
    CONSTRAINT decision_gap_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT decision_gap_recorded_by_fkey FOREIGN KEY (tenant_id, recorded_by) REFERENCES account (tenant_id, id),
    CONSTRAINT decision_gap_number_check CHECK (last_number >= first_number)
)
    ",
    "CREATE INDEX decision_gap_tenant_id_unit_id_idx ON decision_gap (tenant_id, unit_id)",
    "CREATE INDEX decision_gap_tenant_id_recorded_by_idx ON decision_gap (tenant_id, recorded_by)",
    r"
CREATE TABLE decision_submission (
    tenant_id {uuid} NOT NULL,
    submission_id {uuid} NOT NULL,
    decision_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    CONSTRAINT decision_submission_pkey PRIMARY KEY (tenant_id, submission_id),
    CONSTRAINT decision_submission_submission_id_fkey FOREIGN KEY (tenant_id, submission_id) REFERENCES submission (tenant_id, id),
    CONSTRAINT decision_submission_decision_id_fkey FOREIGN KEY (tenant_id, decision_id) REFERENCES decision (tenant_id, id),
    CONSTRAINT decision_submission_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id)
)
    ",
    "CREATE INDEX decision_submission_tenant_id_decision_id_idx ON decision_submission (tenant_id, decision_id)",
    "CREATE INDEX decision_submission_tenant_id_unit_id_idx ON decision_submission (tenant_id, unit_id)",
];

const AWARDS: &[&str] = &[
    r"
CREATE TABLE award (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    subject_id {uuid},
    subject_kind text NOT NULL,
    subject_name_as_recorded text NOT NULL,
    name_search text NOT NULL,
    sex text,
    leadership_class text,
    direct_worker {bool},
    manager {bool},
    award_type_id {uuid} NOT NULL CONSTRAINT award_award_type_id_fkey REFERENCES award_type (id),
    award_type_code text NOT NULL,
    name_as_recorded text NOT NULL,
    counting_from_year integer NOT NULL,
    counting_to_year integer NOT NULL,
    commendation_type text NOT NULL,
    movement_years integer,
    field text,
    issuer_name text NOT NULL,
    issuer_tenant_id {uuid} CONSTRAINT award_issuer_tenant_id_fkey REFERENCES tenant (id),
    decision_id {uuid},
    decision_label text,
    decided_on {date},
    bonus_raw bigint,
    bonus_paid bigint,
    source text NOT NULL,
    events integer NOT NULL,
    public_code text,
    state text NOT NULL,
    created_at {time} NOT NULL,
    version integer NOT NULL,
    CONSTRAINT award_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT award_public_code_key UNIQUE (tenant_id, public_code),
    CONSTRAINT award_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT award_subject_id_fkey FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id),
    CONSTRAINT award_decision_id_fkey FOREIGN KEY (tenant_id, decision_id) REFERENCES decision (tenant_id, id),
    CONSTRAINT award_counting_check CHECK (counting_to_year >= counting_from_year),
    CONSTRAINT award_events_check CHECK (events >= 1 AND (events = 1 OR subject_id IS NULL))
)
    ",
    "CREATE INDEX award_tenant_id_unit_id_idx ON award (tenant_id, unit_id, created_at, id)",
    "CREATE INDEX award_tenant_id_created_at_idx ON award (tenant_id, created_at, id)",
    "CREATE INDEX award_tenant_id_counting_to_year_idx ON award (tenant_id, counting_to_year, award_type_code, id)",
    "CREATE INDEX award_tenant_id_subject_name_idx ON award (tenant_id, subject_name_as_recorded, id)",
    "CREATE INDEX award_tenant_id_subject_id_idx ON award (tenant_id, subject_id, counting_to_year)",
    "CREATE INDEX award_tenant_id_decision_id_idx ON award (tenant_id, decision_id)",
    "CREATE INDEX award_award_type_id_idx ON award (award_type_id)",
    "CREATE INDEX award_issuer_tenant_id_idx ON award (issuer_tenant_id)",
    "CREATE INDEX award_public_code_idx ON award (public_code)",
    r"
CREATE TABLE award_act (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    award_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    sequence integer NOT NULL,
    kind text NOT NULL,
    decision_id {uuid},
    reason text,
    changes text NOT NULL,
    proposed_by {uuid},
    proposed_by_name text,
    actor_id {uuid} NOT NULL,
    actor_name text NOT NULL,
    at {time} NOT NULL,
    CONSTRAINT award_act_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT award_act_sequence_key UNIQUE (tenant_id, award_id, sequence),
    CONSTRAINT award_act_award_id_fkey FOREIGN KEY (tenant_id, award_id) REFERENCES award (tenant_id, id),
    CONSTRAINT award_act_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT award_act_decision_id_fkey FOREIGN KEY (tenant_id, decision_id) REFERENCES decision (tenant_id, id),
    CONSTRAINT award_act_actor_id_fkey FOREIGN KEY (tenant_id, actor_id) REFERENCES account (tenant_id, id),
    CONSTRAINT award_act_proposed_by_fkey FOREIGN KEY (tenant_id, proposed_by) REFERENCES account (tenant_id, id),
    CONSTRAINT award_act_two_persons_check CHECK (kind NOT IN ('CANCEL', 'REVOKE') OR (proposed_by IS NOT NULL AND proposed_by <> actor_id)),
    CONSTRAINT award_act_decision_check CHECK (kind = 'AWARD' OR decision_id IS NOT NULL)
)
    ",
    "CREATE INDEX award_act_tenant_id_unit_id_idx ON award_act (tenant_id, unit_id)",
    "CREATE INDEX award_act_tenant_id_decision_id_idx ON award_act (tenant_id, decision_id)",
    "CREATE INDEX award_act_tenant_id_actor_id_idx ON award_act (tenant_id, actor_id)",
    "CREATE INDEX award_act_tenant_id_proposed_by_idx ON award_act (tenant_id, proposed_by)",
    r"
CREATE TABLE award_proposal (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    award_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    kind text NOT NULL,
    reason text NOT NULL,
    state text NOT NULL,
    proposed_by {uuid} NOT NULL,
    proposed_by_name text NOT NULL,
    proposed_at {time} NOT NULL,
    version integer NOT NULL,
    CONSTRAINT award_proposal_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT award_proposal_award_id_fkey FOREIGN KEY (tenant_id, award_id) REFERENCES award (tenant_id, id),
    CONSTRAINT award_proposal_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT award_proposal_proposed_by_fkey FOREIGN KEY (tenant_id, proposed_by) REFERENCES account (tenant_id, id)
)
    ",
    "CREATE INDEX award_proposal_tenant_id_award_id_idx ON award_proposal (tenant_id, award_id)",
    "CREATE INDEX award_proposal_tenant_id_unit_id_idx ON award_proposal (tenant_id, unit_id)",
    "CREATE INDEX award_proposal_tenant_id_proposed_by_idx ON award_proposal (tenant_id, proposed_by)",
    "CREATE UNIQUE INDEX award_proposal_open_key ON award_proposal (tenant_id, award_id) WHERE state = 'OPEN'",
];

const TOTALS: &[&str] = &[
    r"
CREATE TABLE award_subject (
    tenant_id {uuid} NOT NULL,
    subject_id {uuid} NOT NULL,
    ordinal integer NOT NULL,
    CONSTRAINT award_subject_pkey PRIMARY KEY (tenant_id, subject_id),
    CONSTRAINT award_subject_ordinal_key UNIQUE (tenant_id, ordinal),
    CONSTRAINT award_subject_subject_id_fkey FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id)
)
    ",
    r"
CREATE TABLE award_cell (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    is_subtree {bool} NOT NULL,
    award_type_id {uuid} NOT NULL CONSTRAINT award_cell_award_type_id_fkey REFERENCES award_type (id),
    subject_kind text NOT NULL,
    commendation_type text NOT NULL,
    counting_from_year integer NOT NULL,
    counting_to_year integer NOT NULL,
    decided_year integer,
    issuer_tenant_id {uuid} CONSTRAINT award_cell_issuer_tenant_id_fkey REFERENCES tenant (id),
    sex text,
    leadership_class text,
    direct_worker {bool},
    manager {bool},
    field text,
    events bigint NOT NULL,
    unnamed bigint NOT NULL,
    subjects {bytes} NOT NULL,
    version integer NOT NULL,
    CONSTRAINT award_cell_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT award_cell_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT award_cell_events_check CHECK (events >= 0 AND unnamed >= 0 AND unnamed <= events)
)
    ",
    "CREATE INDEX award_cell_tenant_id_unit_id_idx ON award_cell (tenant_id, unit_id, is_subtree, counting_to_year)",
    "CREATE INDEX award_cell_award_type_id_idx ON award_cell (award_type_id)",
    "CREATE INDEX award_cell_issuer_tenant_id_idx ON award_cell (issuer_tenant_id)",
];

const OWNED: &[(&str, Shows, Rights)] = &[
    ("decision", Shows::Tenant, Rights::Append),
    ("decision_gap", Shows::Tenant, Rights::Append),
    ("decision_submission", Shows::Tenant, Rights::Append),
    ("award", Shows::Code, Rights::Change),
    ("award_act", Shows::Tenant, Rights::Append),
    ("award_proposal", Shows::Tenant, Rights::Change),
    ("award_subject", Shows::Tenant, Rights::Append),
    ("award_cell", Shows::Tenant, Rights::Change),
];

const DOWN: &[&str] = &[
    "DROP TABLE award_cell",
    "DROP TABLE award_subject",
    "DROP TABLE award_proposal",
    "DROP TABLE award_act",
    "DROP TABLE award",
    "DROP TABLE decision_submission",
    "DROP TABLE decision_gap",
    "DROP TABLE decision",
];
