//! The symbol of a decision in one spelling: numbers of a register are told apart by it.

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

// Older records may hold one number in two spellings: the key is no unique one, the register refuses new doubles.
const UP: &[&str] = &[
    "ALTER TABLE decision ADD COLUMN symbol_key text NOT NULL DEFAULT ''",
    "UPDATE decision SET symbol_key = lower(replace(replace(replace(symbol, ' ', ''), 'Đ', 'd'), 'đ', 'd'))",
    "CREATE INDEX decision_symbol_key_idx ON decision (tenant_id, issuer_key, symbol_key, year, number)",
];

const DOWN: &[&str] =
    &["DROP INDEX decision_symbol_key_idx", "ALTER TABLE decision DROP COLUMN symbol_key"];
