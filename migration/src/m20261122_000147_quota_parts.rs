//! What a submission has reserved of a quota is divided at the decision: what is given is consumed, the rest is
//! released. A submission has one reservation of a quota and any number of entries that a decision has answered.

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

    /// Of what was divided, what is given stays.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &[WHOLE]).await?;
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

const WHOLE: &str = "
DELETE FROM quota_entry WHERE EXISTS (
    SELECT 1 FROM quota_entry AS other
    WHERE other.tenant_id = quota_entry.tenant_id
      AND other.submission_id = quota_entry.submission_id
      AND other.quota_id = quota_entry.quota_id
      AND ((quota_entry.state = 'RELEASED' AND other.state <> 'RELEASED')
        OR (quota_entry.state = 'RESERVED' AND other.state = 'CONSUMED')
        OR (quota_entry.state = other.state AND other.id < quota_entry.id)))";

const UP: &[&str] = &[
    "ALTER TABLE quota_entry DROP CONSTRAINT quota_entry_submission_id_key",
    OF_SUBMISSION,
    ONE_RESERVATION,
];

const DOWN: &[&str] = &[
    "DROP INDEX quota_entry_reserved_key",
    "DROP INDEX quota_entry_tenant_id_submission_id_idx",
    "
ALTER TABLE quota_entry ADD CONSTRAINT quota_entry_submission_id_key
    UNIQUE (tenant_id, submission_id, quota_id)",
];

/// What both forms of the table have, so that rows move from one to the other.
macro_rules! quota_entry {
    ($key:literal) => {
        concat!(
            "
CREATE TABLE quota_entry_new (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    quota_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    year integer NOT NULL,
    submission_id {uuid},
    amount integer NOT NULL,
    state text NOT NULL,
    version integer NOT NULL,
    decision_id {uuid},
    at {time},
    CONSTRAINT quota_entry_pkey PRIMARY KEY (tenant_id, id),",
            $key,
            "
    CONSTRAINT quota_entry_quota_id_fkey FOREIGN KEY (tenant_id, quota_id) REFERENCES quota (tenant_id, id),
    CONSTRAINT quota_entry_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT quota_entry_submission_id_fkey FOREIGN KEY (tenant_id, submission_id) REFERENCES submission (tenant_id, id),
    CONSTRAINT quota_entry_decision_id_fkey FOREIGN KEY (tenant_id, decision_id) REFERENCES decision (tenant_id, id),
    CONSTRAINT quota_entry_cause_check CHECK (submission_id IS NOT NULL OR decision_id IS NOT NULL),
    CONSTRAINT quota_entry_amount_check CHECK (amount >= 0)
)"
        )
    };
}

const COPY: &str = "
INSERT INTO quota_entry_new (tenant_id, id, quota_id, unit_id, year, submission_id, amount, state, version, decision_id, at)
SELECT tenant_id, id, quota_id, unit_id, year, submission_id, amount, state, version, decision_id, at FROM quota_entry";
const DROP: &str = "DROP TABLE quota_entry";
const RENAME: &str = "ALTER TABLE quota_entry_new RENAME TO quota_entry";
const OF_QUOTA: &str =
    "CREATE INDEX quota_entry_tenant_id_quota_id_idx ON quota_entry (tenant_id, quota_id, year)";
const OF_UNIT: &str =
    "CREATE INDEX quota_entry_tenant_id_unit_id_idx ON quota_entry (tenant_id, unit_id, year)";
const OF_DECISION: &str =
    "CREATE INDEX quota_entry_tenant_id_decision_id_idx ON quota_entry (tenant_id, decision_id)";
const OF_SUBMISSION: &str = "CREATE INDEX quota_entry_tenant_id_submission_id_idx ON quota_entry (tenant_id, submission_id)";
const ONE_RESERVATION: &str = "
CREATE UNIQUE INDEX quota_entry_reserved_key ON quota_entry (tenant_id, submission_id, quota_id)
    WHERE state = 'RESERVED'";

const UP_SQLITE: &[&str] = &[
    quota_entry!(""),
    COPY,
    DROP,
    RENAME,
    OF_QUOTA,
    OF_UNIT,
    OF_DECISION,
    OF_SUBMISSION,
    ONE_RESERVATION,
];

const DOWN_SQLITE: &[&str] = &[
    quota_entry!(
        "
    CONSTRAINT quota_entry_submission_id_key UNIQUE (tenant_id, submission_id, quota_id),"
    ),
    COPY,
    DROP,
    RENAME,
    OF_QUOTA,
    OF_UNIT,
    OF_DECISION,
];
