//! The bonus of an award comes back as often as the award is taken away, and is paid again as often as it is given back.
//! Who writes an entry about an award stands in line for it; a decision is paid once as before.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if is_sqlite(manager) {
            run(manager, &[UP_SQLITE.join(";").as_str()]).await
        } else {
            run(manager, UP).await
        }
    }

    /// Of entries about one award the first of each kind stays.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &[FIRST]).await?;
        if is_sqlite(manager) {
            run(manager, &[DOWN_SQLITE.join(";").as_str()]).await
        } else {
            run(manager, DOWN).await
        }
    }
}

/// SQLite takes no key away: the table is made anew, by one connection, because another one may still see the old table
/// under the name.
fn is_sqlite(manager: &SchemaManager<'_>) -> bool {
    manager.get_connection().get_database_backend() == DbBackend::Sqlite
}

const FIRST: &str = "
DELETE FROM fund_entry WHERE EXISTS (
    SELECT 1 FROM fund_entry AS other
    WHERE other.tenant_id = fund_entry.tenant_id
      AND other.id < fund_entry.id
      AND (other.award_id = fund_entry.award_id OR other.repaid_award = fund_entry.repaid_award))";

const UP: &[&str] = &[
    "ALTER TABLE fund_entry DROP CONSTRAINT fund_entry_award_id_key",
    "DROP INDEX fund_entry_repaid_award_key",
    OF_AWARD,
    OF_REPAID,
];

const DOWN: &[&str] = &[
    "DROP INDEX fund_entry_tenant_id_award_id_idx",
    "DROP INDEX fund_entry_tenant_id_repaid_award_idx",
    "ALTER TABLE fund_entry ADD CONSTRAINT fund_entry_award_id_key UNIQUE (tenant_id, award_id)",
    ONE_REPAID,
];

/// What both forms of the table have, so that rows move from one to the other.
macro_rules! fund_entry {
    ($key:literal) => {
        concat!(
            "
CREATE TABLE fund_entry_new (
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
    repaid_award {uuid},
    CONSTRAINT fund_entry_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT fund_entry_decision_id_key UNIQUE (tenant_id, decision_id),",
            $key,
            "
    CONSTRAINT fund_entry_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT fund_entry_decision_id_fkey FOREIGN KEY (tenant_id, decision_id) REFERENCES decision (tenant_id, id),
    CONSTRAINT fund_entry_award_id_fkey FOREIGN KEY (tenant_id, award_id) REFERENCES award (tenant_id, id),
    CONSTRAINT fund_entry_author_id_fkey FOREIGN KEY (tenant_id, author_id) REFERENCES account (tenant_id, id),
    CONSTRAINT fund_entry_amount_check CHECK (amount > 0),
    CONSTRAINT fund_entry_bonus_check CHECK ((purpose = 'BONUS') = (decision_id IS NOT NULL)),
    CONSTRAINT fund_entry_recovery_check CHECK ((purpose = 'RECOVERY') = (award_id IS NOT NULL))
)"
        )
    };
}

const COPY: &str = "
INSERT INTO fund_entry_new (tenant_id, id, unit_id, year, direction, purpose, amount, on_day, decision_id, award_id, note, author_id, author_name, at, repaid_award)
SELECT tenant_id, id, unit_id, year, direction, purpose, amount, on_day, decision_id, award_id, note, author_id, author_name, at, repaid_award FROM fund_entry";
const DROP: &str = "DROP TABLE fund_entry";
const RENAME: &str = "ALTER TABLE fund_entry_new RENAME TO fund_entry";
const OF_UNIT: &str =
    "CREATE INDEX fund_entry_tenant_id_unit_id_idx ON fund_entry (tenant_id, unit_id, year, id)";
const OF_AUTHOR: &str =
    "CREATE INDEX fund_entry_tenant_id_author_id_idx ON fund_entry (tenant_id, author_id)";
const OF_AWARD: &str =
    "CREATE INDEX fund_entry_tenant_id_award_id_idx ON fund_entry (tenant_id, award_id)";
const OF_REPAID: &str =
    "CREATE INDEX fund_entry_tenant_id_repaid_award_idx ON fund_entry (tenant_id, repaid_award)";
const ONE_REPAID: &str =
    "CREATE UNIQUE INDEX fund_entry_repaid_award_key ON fund_entry (tenant_id, repaid_award)";

const UP_SQLITE: &[&str] =
    &[fund_entry!(""), COPY, DROP, RENAME, OF_UNIT, OF_AUTHOR, OF_AWARD, OF_REPAID];

const DOWN_SQLITE: &[&str] = &[
    fund_entry!(
        "
    CONSTRAINT fund_entry_award_id_key UNIQUE (tenant_id, award_id),"
    ),
    COPY,
    DROP,
    RENAME,
    OF_UNIT,
    OF_AUTHOR,
    ONE_REPAID,
];
