//! Votes by show of hands: who chose what, by name, and only in a ballot that is open.

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

// The reference with the secrecy in it: the database itself takes no name beside a choice of a secret ballot.
const UP: &[&str] = &[
    "ALTER TABLE ballot ADD COLUMN secrecy text NOT NULL DEFAULT 'SECRET'",
    "CREATE UNIQUE INDEX ballot_secrecy_key ON ballot (tenant_id, id, secrecy)",
    r"
CREATE TABLE open_vote (
    tenant_id {uuid} NOT NULL,
    ballot_id {uuid} NOT NULL,
    seat_id {uuid} NOT NULL,
    council_id {uuid} NOT NULL,
    secrecy text NOT NULL,
    choices text NOT NULL,
    CONSTRAINT open_vote_pkey PRIMARY KEY (tenant_id, ballot_id, seat_id),
    CONSTRAINT open_vote_seat_id_fkey FOREIGN KEY (tenant_id, ballot_id, seat_id) REFERENCES ballot_roll (tenant_id, ballot_id, seat_id),
    CONSTRAINT open_vote_ballot_id_fkey FOREIGN KEY (tenant_id, ballot_id, secrecy) REFERENCES ballot (tenant_id, id, secrecy),
    CONSTRAINT open_vote_council_id_fkey FOREIGN KEY (tenant_id, council_id) REFERENCES council (tenant_id, id),
    CONSTRAINT open_vote_secrecy_check CHECK (secrecy = 'OPEN')
)
    ",
    "CREATE INDEX open_vote_tenant_id_ballot_id_secrecy_idx ON open_vote (tenant_id, ballot_id, secrecy)",
    "CREATE INDEX open_vote_tenant_id_council_id_idx ON open_vote (tenant_id, council_id)",
];

const OWNED: &[(&str, Shows, Rights)] = &[("open_vote", Shows::Tenant, Rights::Append)];

const DOWN: &[&str] = &[
    "DROP TABLE open_vote",
    "DROP INDEX ballot_secrecy_key",
    "ALTER TABLE ballot DROP COLUMN secrecy",
];
