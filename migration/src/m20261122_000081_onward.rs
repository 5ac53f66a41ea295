//! Proposals to an authority above the tenant: drafts, the packages that were sent, and what became of them.

use sea_orm_migration::prelude::*;

use crate::dialect::run;
use crate::wall::{self, Rights, Shows};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DRAFTS).await?;
        run(manager, SENT).await?;
        wall::raise(manager, OWNED).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DOWN).await
    }
}

const DRAFTS: &[&str] = &[
    r"
CREATE TABLE onward (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    number integer NOT NULL,
    year integer NOT NULL,
    title text NOT NULL,
    authority text NOT NULL,
    addressee_tenant_id {uuid} CONSTRAINT onward_addressee_tenant_id_fkey REFERENCES tenant (id),
    addressee_name text NOT NULL,
    note text,
    author_id {uuid} NOT NULL,
    packages integer NOT NULL,
    created_at {time} NOT NULL,
    version integer NOT NULL,
    CONSTRAINT onward_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT onward_number_key UNIQUE (tenant_id, year, number),
    CONSTRAINT onward_author_id_fkey FOREIGN KEY (tenant_id, author_id) REFERENCES account (tenant_id, id)
)
    ",
    "CREATE INDEX onward_tenant_id_created_at_idx ON onward (tenant_id, created_at, id)",
    "CREATE INDEX onward_tenant_id_author_id_idx ON onward (tenant_id, author_id)",
    "CREATE INDEX onward_addressee_tenant_id_idx ON onward (addressee_tenant_id)",
    r"
CREATE TABLE onward_nominee (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    onward_id {uuid} NOT NULL,
    nominee_id {uuid} NOT NULL,
    submission_id {uuid} NOT NULL,
    position integer NOT NULL,
    award_type_id {uuid} NOT NULL CONSTRAINT onward_nominee_award_type_id_fkey REFERENCES award_type (id),
    CONSTRAINT onward_nominee_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT onward_nominee_nominee_id_key UNIQUE (tenant_id, onward_id, nominee_id),
    CONSTRAINT onward_nominee_onward_id_fkey FOREIGN KEY (tenant_id, onward_id) REFERENCES onward (tenant_id, id),
    CONSTRAINT onward_nominee_nominee_id_fkey FOREIGN KEY (tenant_id, nominee_id) REFERENCES nominee (tenant_id, id),
    CONSTRAINT onward_nominee_submission_id_fkey FOREIGN KEY (tenant_id, submission_id) REFERENCES submission (tenant_id, id)
)
    ",
    "CREATE INDEX onward_nominee_tenant_id_nominee_id_idx ON onward_nominee (tenant_id, nominee_id)",
    "CREATE INDEX onward_nominee_tenant_id_submission_id_idx ON onward_nominee (tenant_id, submission_id)",
    "CREATE INDEX onward_nominee_award_type_id_idx ON onward_nominee (award_type_id)",
];

const SENT: &[&str] = &[
    r"
CREATE TABLE onward_package (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    onward_id {uuid} NOT NULL,
    number integer NOT NULL,
    addressee_tenant_id {uuid} CONSTRAINT onward_package_addressee_tenant_id_fkey REFERENCES tenant (id),
    addressee_name text NOT NULL,
    authority text NOT NULL,
    title text NOT NULL,
    letter_number text NOT NULL,
    letter_date {date} NOT NULL,
    content text NOT NULL,
    sha256 text NOT NULL,
    sent_at {time} NOT NULL,
    CONSTRAINT onward_package_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT onward_package_number_key UNIQUE (tenant_id, onward_id, number),
    CONSTRAINT onward_package_onward_id_fkey FOREIGN KEY (tenant_id, onward_id) REFERENCES onward (tenant_id, id),
    CONSTRAINT onward_package_addressee_check CHECK (addressee_tenant_id IS NULL OR addressee_tenant_id <> tenant_id)
)
    ",
    "CREATE INDEX onward_package_tenant_id_sent_at_idx ON onward_package (tenant_id, sent_at, id)",
    "CREATE INDEX onward_package_addressee_tenant_id_idx ON onward_package (addressee_tenant_id, sent_at, id)",
    r"
CREATE TABLE onward_event (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    onward_id {uuid} NOT NULL,
    package_id {uuid} NOT NULL,
    number integer NOT NULL,
    addressee_tenant_id {uuid} CONSTRAINT onward_event_addressee_tenant_id_fkey REFERENCES tenant (id),
    kind text NOT NULL,
    reason text,
    by_tenant_id {uuid} NOT NULL CONSTRAINT onward_event_by_tenant_id_fkey REFERENCES tenant (id),
    actor_name text NOT NULL,
    decision_number integer,
    decision_symbol text,
    decided_on {date},
    signer_post text,
    issuer text,
    issuer_name text,
    decision_id {uuid},
    at {time} NOT NULL,
    CONSTRAINT onward_event_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT onward_event_number_key UNIQUE (tenant_id, onward_id, number),
    CONSTRAINT onward_event_package_id_fkey FOREIGN KEY (tenant_id, package_id) REFERENCES onward_package (tenant_id, id),
    CONSTRAINT onward_event_decision_id_fkey FOREIGN KEY (tenant_id, decision_id) REFERENCES decision (tenant_id, id),
    CONSTRAINT onward_event_writer_check CHECK (by_tenant_id = tenant_id OR by_tenant_id = addressee_tenant_id),
    CONSTRAINT onward_event_reason_check CHECK (kind <> 'RETURNED' OR reason IS NOT NULL)
)
    ",
    "CREATE INDEX onward_event_tenant_id_package_id_idx ON onward_event (tenant_id, package_id)",
    "CREATE INDEX onward_event_tenant_id_decision_id_idx ON onward_event (tenant_id, decision_id)",
    "CREATE INDEX onward_event_addressee_tenant_id_idx ON onward_event (addressee_tenant_id, onward_id, number)",
    "CREATE INDEX onward_event_by_tenant_id_idx ON onward_event (by_tenant_id)",
    r"
CREATE TABLE onward_result (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    onward_id {uuid} NOT NULL,
    package_id {uuid} NOT NULL,
    event_id {uuid} NOT NULL,
    addressee_tenant_id {uuid} CONSTRAINT onward_result_addressee_tenant_id_fkey REFERENCES tenant (id),
    position integer NOT NULL,
    name text NOT NULL,
    outcome text NOT NULL,
    award_type_id {uuid} CONSTRAINT onward_result_award_type_id_fkey REFERENCES award_type (id),
    reason text,
    CONSTRAINT onward_result_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT onward_result_position_key UNIQUE (tenant_id, package_id, position),
    CONSTRAINT onward_result_package_id_fkey FOREIGN KEY (tenant_id, package_id) REFERENCES onward_package (tenant_id, id),
    CONSTRAINT onward_result_event_id_fkey FOREIGN KEY (tenant_id, event_id) REFERENCES onward_event (tenant_id, id),
    CONSTRAINT onward_result_award_check CHECK ((outcome = 'REFUSED') = (award_type_id IS NULL))
)
    ",
    "CREATE INDEX onward_result_tenant_id_onward_id_idx ON onward_result (tenant_id, onward_id)",
    "CREATE INDEX onward_result_tenant_id_event_id_idx ON onward_result (tenant_id, event_id)",
    "CREATE INDEX onward_result_addressee_tenant_id_idx ON onward_result (addressee_tenant_id, onward_id)",
    "CREATE INDEX onward_result_award_type_id_idx ON onward_result (award_type_id)",
];

/// What was sent is never changed: a package that is sent anew is another one.
const OWNED: &[(&str, Shows, Rights)] = &[
    ("onward", Shows::Tenant, Rights::Change),
    ("onward_nominee", Shows::Tenant, Rights::All),
    ("onward_package", Shows::Sent, Rights::Append),
    ("onward_event", Shows::Between, Rights::Append),
    ("onward_result", Shows::Between, Rights::Append),
];

const DOWN: &[&str] = &[
    "DROP TABLE onward_result",
    "DROP TABLE onward_event",
    "DROP TABLE onward_package",
    "DROP TABLE onward_nominee",
    "DROP TABLE onward",
];
