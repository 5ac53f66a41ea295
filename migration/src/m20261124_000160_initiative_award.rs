//! An initiative names the award that rests on it: who has it, which title and which year may be corrected later.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// SQLite holds the check of foreign keys back within a transaction only.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if is_sqlite(manager) { run(manager, UP_SQLITE).await } else { run(manager, UP).await }
    }

    /// What served stays told by the title and the year.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if is_sqlite(manager) { run(manager, DOWN_SQLITE).await } else { run(manager, DOWN).await }
    }
}

/// SQLite adds no key to a table that is there: the table is made anew with its rows.
fn is_sqlite(manager: &SchemaManager<'_>) -> bool {
    manager.get_connection().get_database_backend() == DbBackend::Sqlite
}

const UP: &[&str] = &[
    "ALTER TABLE initiative ADD COLUMN award_id {uuid}",
    "ALTER TABLE initiative ADD CONSTRAINT initiative_award_id_fkey FOREIGN KEY (tenant_id, award_id) REFERENCES award (tenant_id, id)",
    "ALTER TABLE initiative ADD CONSTRAINT initiative_award_check CHECK (award_id IS NULL OR used_for IS NOT NULL)",
    OF_AWARD,
];

const DOWN: &[&str] = &[
    "DROP INDEX initiative_tenant_id_award_id_idx",
    "ALTER TABLE initiative DROP CONSTRAINT initiative_award_check",
    "ALTER TABLE initiative DROP CONSTRAINT initiative_award_id_fkey",
    "ALTER TABLE initiative DROP COLUMN award_id",
];

/// What both forms of the table have, so that rows move from one to the other.
macro_rules! initiative {
    ($column:literal, $keys:literal) => {
        concat!(
            "
CREATE TABLE initiative (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    title text NOT NULL,
    kind text NOT NULL,
    scope text NOT NULL,
    recognised_by text NOT NULL,
    recognised_on {date} NOT NULL,
    used_for text,
    used_year integer,
    version integer NOT NULL,",
            $column,
            "
    CONSTRAINT initiative_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT initiative_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),",
            $keys,
            "
    CONSTRAINT initiative_used_check CHECK ((used_for IS NULL) = (used_year IS NULL))
)"
        )
    };
}

/// Rows that name those of the table are checked at the end of the transaction.
const LATER: &str = "PRAGMA defer_foreign_keys = ON";
const SET_ASIDE: &str = "CREATE TABLE initiative_before AS SELECT * FROM initiative";
const DROP: &str = "DROP TABLE initiative";
const COPY: &str = "
INSERT INTO initiative (tenant_id, id, unit_id, title, kind, scope, recognised_by, recognised_on, used_for, used_year, version)
SELECT tenant_id, id, unit_id, title, kind, scope, recognised_by, recognised_on, used_for, used_year, version FROM initiative_before";
const DROP_BEFORE: &str = "DROP TABLE initiative_before";
const OF_UNIT: &str =
    "CREATE INDEX initiative_tenant_id_unit_id_idx ON initiative (tenant_id, unit_id)";
const OF_AWARD: &str =
    "CREATE INDEX initiative_tenant_id_award_id_idx ON initiative (tenant_id, award_id)";

const UP_SQLITE: &[&str] = &[
    LATER,
    SET_ASIDE,
    DROP,
    initiative!(
        "
    award_id {uuid},",
        "
    CONSTRAINT initiative_award_id_fkey FOREIGN KEY (tenant_id, award_id) REFERENCES award (tenant_id, id),
    CONSTRAINT initiative_award_check CHECK (award_id IS NULL OR used_for IS NOT NULL),"
    ),
    COPY,
    DROP_BEFORE,
    OF_UNIT,
    OF_AWARD,
];

const DOWN_SQLITE: &[&str] =
    &[LATER, SET_ASIDE, DROP, initiative!("", ""), COPY, DROP_BEFORE, OF_UNIT];
