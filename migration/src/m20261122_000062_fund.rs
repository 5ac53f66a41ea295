//! The fund of commendation: what comes in and goes out, written once.

use sea_orm_migration::prelude::*;

use crate::dialect::run;
use crate::wall::{self, Rights, Shows};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        wall::raise(manager, &[("fund_entry", Shows::Tenant, Rights::Append)]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &["DROP TABLE fund_entry"]).await
    }
}

const UP: &[&str] = &[
    r"
CREATE TABLE fund_entry (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    year integer NOT NULL,
    direction text NOT NULL,
    purpose text NOT NULL,
    amount bigint NOT NULL,
    on_day {date} NOT NULL,
    decision_id {uuid},
    award_id {uuid},
    note text,
    author_id {uuid} NOT NULL,
    author_name text NOT NULL,
    at {time} NOT NULL,
    CONSTRAINT fund_entry_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT fund_entry_decision_id_key UNIQUE (tenant_id, decision_id),
    CONSTRAINT fund_entry_award_id_key UNIQUE (tenant_id, award_id),
    CONSTRAINT fund_entry_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT fund_entry_decision_id_fkey FOREIGN KEY (tenant_id, decision_id) REFERENCES decision (tenant_id, id),
    CONSTRAINT fund_entry_award_id_fkey FOREIGN KEY (tenant_id, award_id) REFERENCES award (tenant_id, id),
    CONSTRAINT fund_entry_author_id_fkey FOREIGN KEY (tenant_id, author_id) REFERENCES account (tenant_id, id),
    CONSTRAINT fund_entry_amount_check CHECK (amount > 0),
    CONSTRAINT fund_entry_bonus_check CHECK ((purpose = 'BONUS') = (decision_id IS NOT NULL)),
    CONSTRAINT fund_entry_recovery_check CHECK ((purpose = 'RECOVERY') = (award_id IS NOT NULL))
)
    ",
    "CREATE INDEX fund_entry_tenant_id_unit_id_idx ON fund_entry (tenant_id, unit_id, year, id)",
    "CREATE INDEX fund_entry_tenant_id_author_id_idx ON fund_entry (tenant_id, author_id)",
];
