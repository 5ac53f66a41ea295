//! What the regulation of a council asks of a ballot.

use sea_orm_migration::prelude::*;

use crate::dialect::run;
use crate::wall::{self, Rights, Shows};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        wall::raise(manager, &[("ballot_rule", Shows::Tenant, Rights::Change)]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &["DROP TABLE ballot_rule"]).await
    }
}

const UP: &[&str] = &[
    r"
CREATE TABLE ballot_rule (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    council_id {uuid} NOT NULL,
    award_code text,
    quorum_numerator integer NOT NULL,
    quorum_denominator integer NOT NULL,
    threshold_numerator integer NOT NULL,
    threshold_denominator integer NOT NULL,
    comparison text NOT NULL,
    base text NOT NULL,
    absentee text NOT NULL,
    recusal text NOT NULL,
    max_rounds integer NOT NULL,
    after_rounds text NOT NULL,
    tie text NOT NULL,
    over_quota text NOT NULL,
    secrecy text NOT NULL,
    citation text NOT NULL,
    valid_from {date} NOT NULL,
    valid_to {date},
    version integer NOT NULL,
    CONSTRAINT ballot_rule_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT ballot_rule_council_id_fkey FOREIGN KEY (tenant_id, council_id) REFERENCES council (tenant_id, id),
    CONSTRAINT ballot_rule_quorum_check CHECK (quorum_numerator BETWEEN 1 AND quorum_denominator),
    CONSTRAINT ballot_rule_threshold_check CHECK (threshold_numerator BETWEEN 1 AND threshold_denominator),
    CONSTRAINT ballot_rule_rounds_check CHECK (max_rounds BETWEEN 1 AND 2),
    CONSTRAINT ballot_rule_valid_check CHECK (valid_to IS NULL OR valid_to >= valid_from)
)
    ",
    "CREATE INDEX ballot_rule_tenant_id_council_id_idx ON ballot_rule (tenant_id, council_id)",
];
