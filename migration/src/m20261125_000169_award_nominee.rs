//! An award names a nominee of its own tenant: the column had an index, but nothing held it to a row.

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
        if is_sqlite(manager) { anew(manager, UP_SQLITE).await } else { run(manager, UP).await }
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if is_sqlite(manager) { anew(manager, DOWN_SQLITE).await } else { run(manager, DOWN).await }
    }
}

/// SQLite adds no key to a table that is there: the table is made anew with its rows.
fn is_sqlite(manager: &SchemaManager<'_>) -> bool {
    manager.get_connection().get_database_backend() == DbBackend::Sqlite
}

/// Makes the table in this form and moves its rows; what stood on the table goes with it and is made anew too.
async fn anew(manager: &SchemaManager<'_>, form: &str) -> Result<(), DbErr> {
    run(manager, &[LATER, SET_ASIDE, DROP, form, COPY, DROP_BEFORE]).await?;
    run(manager, INDEXES).await?;
    run(manager, TRIGGERS).await
}

const UP: &[&str] = &[
    "ALTER TABLE award ADD CONSTRAINT award_nominee_id_fkey FOREIGN KEY (tenant_id, nominee_id) REFERENCES nominee (tenant_id, id)",
];

const DOWN: &[&str] = &["ALTER TABLE award DROP CONSTRAINT award_nominee_id_fkey"];

/// What both forms of the table have, so that rows move from one to the other.
macro_rules! award {
    ($key:literal) => {
        concat!(
            "
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
    enterprise {bool} CONSTRAINT award_enterprise_check CHECK (enterprise IS NULL OR subject_kind = 'COLLECTIVE'),
    achieved_on {date},
    nominee_id {uuid},
    CONSTRAINT award_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT award_public_code_key UNIQUE (tenant_id, public_code),
    CONSTRAINT award_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT award_subject_id_fkey FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id),
    CONSTRAINT award_decision_id_fkey FOREIGN KEY (tenant_id, decision_id) REFERENCES decision (tenant_id, id),",
            $key,
            "
    CONSTRAINT award_counting_check CHECK (counting_to_year >= counting_from_year),
    CONSTRAINT award_events_check CHECK (events >= 1 AND (events = 1 OR subject_id IS NULL))
)"
        )
    };
}

/// Rows that name those of the table are checked at the end of the transaction.
const LATER: &str = "PRAGMA defer_foreign_keys = ON";
const SET_ASIDE: &str = "CREATE TABLE award_before AS SELECT * FROM award";
const DROP: &str = "DROP TABLE award";
const UP_SQLITE: &str = award!(
    "
    CONSTRAINT award_nominee_id_fkey FOREIGN KEY (tenant_id, nominee_id) REFERENCES nominee (tenant_id, id),"
);
const DOWN_SQLITE: &str = award!("");
const COPY: &str = "
INSERT INTO award (tenant_id, id, unit_id, subject_id, subject_kind, subject_name_as_recorded, name_search, sex, leadership_class, direct_worker, manager, award_type_id, award_type_code, name_as_recorded, counting_from_year, counting_to_year, commendation_type, movement_years, field, issuer_name, issuer_tenant_id, decision_id, decision_label, decided_on, bonus_raw, bonus_paid, source, events, public_code, state, created_at, version, enterprise, achieved_on, nominee_id)
SELECT tenant_id, id, unit_id, subject_id, subject_kind, subject_name_as_recorded, name_search, sex, leadership_class, direct_worker, manager, award_type_id, award_type_code, name_as_recorded, counting_from_year, counting_to_year, commendation_type, movement_years, field, issuer_name, issuer_tenant_id, decision_id, decision_label, decided_on, bonus_raw, bonus_paid, source, events, public_code, state, created_at, version, enterprise, achieved_on, nominee_id FROM award_before ORDER BY rowid";
const DROP_BEFORE: &str = "DROP TABLE award_before";

const INDEXES: &[&str] = &[
    "CREATE INDEX award_tenant_id_unit_id_idx ON award (tenant_id, unit_id, created_at, id)",
    "CREATE INDEX award_tenant_id_created_at_idx ON award (tenant_id, created_at, id)",
    "CREATE INDEX award_tenant_id_counting_to_year_idx ON award (tenant_id, counting_to_year, award_type_code, id)",
    "CREATE INDEX award_tenant_id_subject_name_idx ON award (tenant_id, subject_name_as_recorded, id)",
    "CREATE INDEX award_tenant_id_subject_id_idx ON award (tenant_id, subject_id, counting_to_year)",
    "CREATE INDEX award_tenant_id_decision_id_idx ON award (tenant_id, decision_id)",
    "CREATE INDEX award_award_type_id_idx ON award (award_type_id)",
    "CREATE INDEX award_issuer_tenant_id_idx ON award (issuer_tenant_id)",
    "CREATE INDEX award_public_code_idx ON award (public_code)",
    "CREATE INDEX award_tenant_id_decided_on_idx ON award (tenant_id, decided_on, id)",
    "CREATE INDEX award_tenant_id_nominee_id_idx ON award (tenant_id, nominee_id)",
];

/// The title of an award is of the law or of its tenant.
const TRIGGERS: &[&str] = &[
    "
CREATE TRIGGER award_award_type_of_tenant_added BEFORE INSERT ON award
WHEN EXISTS (SELECT 1 FROM award_type WHERE id = NEW.award_type_id AND tenant_id <> NEW.tenant_id)
BEGIN SELECT RAISE(ABORT, 'award names a title of another tenant'); END",
    "
CREATE TRIGGER award_award_type_of_tenant_changed BEFORE UPDATE OF award_type_id, tenant_id ON award
WHEN EXISTS (SELECT 1 FROM award_type WHERE id = NEW.award_type_id AND tenant_id <> NEW.tenant_id)
BEGIN SELECT RAISE(ABORT, 'award names a title of another tenant'); END",
];
