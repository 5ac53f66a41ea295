//! What a decision takes of a quota without a submission stands in the ledger, too, and every entry tells which decision
//! used it up and when.

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

    /// What was taken without a submission cannot be told any more.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &["DELETE FROM quota_entry WHERE submission_id IS NULL"]).await?;
        if is_sqlite(manager) {
            run(manager, &[DOWN_SQLITE.join(";").as_str()]).await
        } else {
            run(manager, DOWN).await
        }
    }
}

/// SQLite takes no `NOT NULL` away and adds no key of two columns: the table is made anew, by one connection, because
/// another one may still see the old table under the name.
fn is_sqlite(manager: &SchemaManager<'_>) -> bool {
    manager.get_connection().get_database_backend() == DbBackend::Sqlite
}

const UP: &[&str] = &[
    "ALTER TABLE quota_entry ALTER COLUMN submission_id DROP NOT NULL",
    "ALTER TABLE quota_entry ADD COLUMN decision_id {uuid}",
    "ALTER TABLE quota_entry ADD COLUMN at {time}",
    r"
ALTER TABLE quota_entry ADD CONSTRAINT quota_entry_decision_id_fkey
    FOREIGN KEY (tenant_id, decision_id) REFERENCES decision (tenant_id, id)
    ",
    r"
ALTER TABLE quota_entry ADD CONSTRAINT quota_entry_cause_check
    CHECK (submission_id IS NOT NULL OR decision_id IS NOT NULL)
    ",
    OF_DECISION,
];

const DOWN: &[&str] = &[
    "DROP INDEX quota_entry_tenant_id_decision_id_idx",
    "ALTER TABLE quota_entry DROP CONSTRAINT quota_entry_cause_check",
    "ALTER TABLE quota_entry DROP COLUMN at",
    "ALTER TABLE quota_entry DROP COLUMN decision_id",
    "ALTER TABLE quota_entry ALTER COLUMN submission_id SET NOT NULL",
];

/// What both forms of the table have, so that rows move from one to the other.
macro_rules! quota_entry {
    ($null:literal, $columns:literal, $keys:literal) => {
        concat!(
            "
CREATE TABLE quota_entry_new (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    quota_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    year integer NOT NULL,
    submission_id {uuid}",
            $null,
            ",
    amount integer NOT NULL,
    state text NOT NULL,
    version integer NOT NULL,",
            $columns,
            "
    CONSTRAINT quota_entry_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT quota_entry_submission_id_key UNIQUE (tenant_id, submission_id, quota_id),
    CONSTRAINT quota_entry_quota_id_fkey FOREIGN KEY (tenant_id, quota_id) REFERENCES quota (tenant_id, id),
    CONSTRAINT quota_entry_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT quota_entry_submission_id_fkey FOREIGN KEY (tenant_id, submission_id) REFERENCES submission (tenant_id, id),",
            $keys,
            "
    CONSTRAINT quota_entry_amount_check CHECK (amount >= 0)
)"
        )
    };
}

const COPY: &str = "
INSERT INTO quota_entry_new (tenant_id, id, quota_id, unit_id, year, submission_id, amount, state, version)
SELECT tenant_id, id, quota_id, unit_id, year, submission_id, amount, state, version FROM quota_entry";
const DROP: &str = "DROP TABLE quota_entry";
const RENAME: &str = "ALTER TABLE quota_entry_new RENAME TO quota_entry";
const OF_QUOTA: &str =
    "CREATE INDEX quota_entry_tenant_id_quota_id_idx ON quota_entry (tenant_id, quota_id, year)";
const OF_UNIT: &str =
    "CREATE INDEX quota_entry_tenant_id_unit_id_idx ON quota_entry (tenant_id, unit_id, year)";
const OF_DECISION: &str =
    "CREATE INDEX quota_entry_tenant_id_decision_id_idx ON quota_entry (tenant_id, decision_id)";

const UP_SQLITE: &[&str] = &[
    quota_entry!(
        "",
        "
    decision_id {uuid},
    at {time},",
        "
    CONSTRAINT quota_entry_decision_id_fkey FOREIGN KEY (tenant_id, decision_id) REFERENCES decision (tenant_id, id),
    CONSTRAINT quota_entry_cause_check CHECK (submission_id IS NOT NULL OR decision_id IS NOT NULL),"
    ),
    COPY,
    DROP,
    RENAME,
    OF_QUOTA,
    OF_UNIT,
    OF_DECISION,
];

const DOWN_SQLITE: &[&str] =
    &[quota_entry!(" NOT NULL", "", ""), COPY, DROP, RENAME, OF_QUOTA, OF_UNIT];
