//! Bonuses: the base salary and the multipliers, dated.

use sea_orm_migration::prelude::*;

use crate::dialect::run;
use crate::wall;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        wall::open(manager, OPEN).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DOWN).await
    }
}

const UP: &[&str] = &[
    r"
CREATE TABLE base_salary (
    id {uuid} NOT NULL CONSTRAINT base_salary_pkey PRIMARY KEY,
    amount bigint NOT NULL,
    citation text NOT NULL,
    valid_from {date} NOT NULL,
    valid_to {date},
    CONSTRAINT base_salary_valid_from_key UNIQUE (valid_from),
    CONSTRAINT base_salary_amount_check CHECK (amount > 0)
)
    ",
    r"
CREATE TABLE bonus_rate (
    id {uuid} NOT NULL CONSTRAINT bonus_rate_pkey PRIMARY KEY,
    award_type_code text NOT NULL,
    subject_kind text NOT NULL,
    tenths integer NOT NULL,
    citation text NOT NULL,
    confidence text NOT NULL,
    valid_from {date} NOT NULL,
    valid_to {date},
    CONSTRAINT bonus_rate_valid_from_key UNIQUE (award_type_code, subject_kind, valid_from),
    CONSTRAINT bonus_rate_tenths_check CHECK (tenths > 0)
)
    ",
];

const OPEN: &[(&str, &str)] = &[("base_salary", "SELECT"), ("bonus_rate", "SELECT")];

const DOWN: &[&str] = &["DROP TABLE bonus_rate", "DROP TABLE base_salary"];
