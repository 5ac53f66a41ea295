//! Subjects of commendation: persons, collectives and households whose identity survives reorganisations.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::dialect::run;
use crate::wall::{self, Rights, Shows};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        if is_sqlite(manager) {
            run(manager, &[NOMINEE_UP_SQLITE.join(";").as_str()]).await?;
        } else {
            run(manager, NOMINEE_UP).await?;
        }
        wall::raise(manager, OWNED).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if is_sqlite(manager) {
            run(manager, &[NOMINEE_DOWN_SQLITE.join(";").as_str()]).await?;
        } else {
            run(manager, NOMINEE_DOWN).await?;
        }
        run(manager, DOWN).await
    }
}

/// SQLite adds no key of two columns to a table that exists: the table is made anew, by one connection, because
/// another one may still see the old table under the name.
fn is_sqlite(manager: &SchemaManager<'_>) -> bool {
    manager.get_connection().get_database_backend() == DbBackend::Sqlite
}

const UP: &[&str] = &[
    r"
CREATE TABLE subject (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    kind text NOT NULL,
    code text,
    name text NOT NULL,
    name_search text NOT NULL,
    unit_id {uuid} NOT NULL,
    is_unit {bool} NOT NULL,
    sex text,
    leadership_class text,
    direct_worker {bool} NOT NULL,
    manager {bool} NOT NULL,
    occupation text,
    size_class text,
    flag_eligible {bool},
    founded_on {date},
    created_at {time} NOT NULL,
    version integer NOT NULL,
    CONSTRAINT subject_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT subject_tenant_id_code_key UNIQUE (tenant_id, code),
    CONSTRAINT subject_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT subject_is_unit_check CHECK (NOT is_unit OR kind = 'COLLECTIVE')
)
    ",
    "CREATE INDEX subject_tenant_id_unit_id_idx ON subject (tenant_id, unit_id, name, id)",
    "CREATE INDEX subject_tenant_id_name_idx ON subject (tenant_id, name, id)",
    "CREATE UNIQUE INDEX subject_tenant_id_unit_id_key ON subject (tenant_id, unit_id) WHERE is_unit",
    r"
CREATE TABLE subject_membership (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    subject_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    valid_from {date} NOT NULL,
    valid_to {date},
    version integer NOT NULL,
    CONSTRAINT subject_membership_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT subject_membership_valid_from_key UNIQUE (tenant_id, subject_id, valid_from),
    CONSTRAINT subject_membership_subject_id_fkey FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id),
    CONSTRAINT subject_membership_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT subject_membership_valid_check CHECK (valid_to IS NULL OR valid_to >= valid_from)
)
    ",
    "CREATE INDEX subject_membership_tenant_id_unit_id_idx ON subject_membership (tenant_id, unit_id)",
];

const OWNED: &[(&str, Shows, Rights)] = &[
    ("subject", Shows::Tenant, Rights::Change),
    ("subject_membership", Shows::Tenant, Rights::Change),
];

const DOWN: &[&str] = &["DROP TABLE subject_membership", "DROP TABLE subject"];

const NOMINEE_INDEX: &str =
    "CREATE INDEX nominee_tenant_id_subject_id_idx ON nominee (tenant_id, subject_id)";

const NOMINEE_UP: &[&str] = &[
    "ALTER TABLE nominee ADD COLUMN subject_id {uuid}",
    r"
ALTER TABLE nominee ADD CONSTRAINT nominee_subject_id_fkey
    FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id)
    ",
    NOMINEE_INDEX,
];

const NOMINEE_DOWN: &[&str] = &["ALTER TABLE nominee DROP COLUMN subject_id"];

/// What both forms of the table have, so that rows move from one to the other.
macro_rules! nominee {
    ($column:literal, $key:literal) => {
        concat!(
            "
CREATE TABLE nominee_new (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    submission_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    position integer NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    post text,
    award_type_id {uuid} NOT NULL CONSTRAINT nominee_award_type_id_fkey REFERENCES award_type (id),
    achievement text,
    version integer NOT NULL,",
            $column,
            "
    CONSTRAINT nominee_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT nominee_submission_id_fkey FOREIGN KEY (tenant_id, submission_id) REFERENCES submission (tenant_id, id),",
            $key,
            "
    CONSTRAINT nominee_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id)
)"
        )
    };
}

const NOMINEE_COPY: &str = "
INSERT INTO nominee_new (tenant_id, id, submission_id, unit_id, position, kind, name, post, award_type_id, achievement, version)
SELECT tenant_id, id, submission_id, unit_id, position, kind, name, post, award_type_id, achievement, version FROM nominee";
const NOMINEE_DROP: &str = "DROP TABLE nominee";
const NOMINEE_RENAME: &str = "ALTER TABLE nominee_new RENAME TO nominee";
const NOMINEE_OF_SUBMISSION: &str =
    "CREATE INDEX nominee_tenant_id_submission_id_idx ON nominee (tenant_id, submission_id)";
const NOMINEE_OF_UNIT: &str =
    "CREATE INDEX nominee_tenant_id_unit_id_idx ON nominee (tenant_id, unit_id)";
const NOMINEE_OF_AWARD: &str = "CREATE INDEX nominee_award_type_id_idx ON nominee (award_type_id)";

const NOMINEE_UP_SQLITE: &[&str] = &[
    nominee!(
        "
    subject_id {uuid},",
        "
    CONSTRAINT nominee_subject_id_fkey FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id),"
    ),
    NOMINEE_COPY,
    NOMINEE_DROP,
    NOMINEE_RENAME,
    NOMINEE_OF_SUBMISSION,
    NOMINEE_OF_UNIT,
    NOMINEE_OF_AWARD,
    NOMINEE_INDEX,
];

const NOMINEE_DOWN_SQLITE: &[&str] = &[
    nominee!("", ""),
    NOMINEE_COPY,
    NOMINEE_DROP,
    NOMINEE_RENAME,
    NOMINEE_OF_SUBMISSION,
    NOMINEE_OF_UNIT,
    NOMINEE_OF_AWARD,
];
