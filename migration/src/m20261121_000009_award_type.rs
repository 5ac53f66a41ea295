//! The catalogue of titles and forms of commendation, dated and cited.

use sea_orm_migration::prelude::*;

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DOWN).await
    }
}

const UP: &[&str] = &[r"
CREATE TABLE award_type (
    id {uuid} NOT NULL CONSTRAINT award_type_pkey PRIMARY KEY,
    code text NOT NULL,
    abbreviation text NOT NULL,
    name text NOT NULL,
    name_en text NOT NULL,
    name_search text NOT NULL,
    family text NOT NULL,
    level text NOT NULL,
    subject_kinds text NOT NULL,
    commendation_types text NOT NULL,
    cycle text NOT NULL,
    decided_by text NOT NULL,
    citation text NOT NULL,
    recorded_names text NOT NULL,
    valid_from {date} NOT NULL,
    valid_to {date},
    CONSTRAINT award_type_code_valid_from_key UNIQUE (code, valid_from),
    CONSTRAINT award_type_valid_check CHECK (valid_to IS NULL OR valid_to >= valid_from)
)
    "];

const DOWN: &[&str] = &["DROP TABLE award_type"];
