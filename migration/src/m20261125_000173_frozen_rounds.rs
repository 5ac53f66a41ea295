//! How many rounds the frozen rule of a candidate allows: a number beside the text of the rule, for statements to compare.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &[ADD]).await?;
        let is_postgres = manager.get_connection().get_database_backend() == DbBackend::Postgres;
        run(manager, &[if is_postgres { READ_POSTGRES } else { READ_SQLITE }]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &["ALTER TABLE ballot_candidate DROP COLUMN max_rounds"]).await
    }
}

const ADD: &str = "ALTER TABLE ballot_candidate ADD COLUMN max_rounds integer NOT NULL DEFAULT 1";
const READ_POSTGRES: &str =
    "UPDATE ballot_candidate SET max_rounds = coalesce((rule::json ->> 'max_rounds')::integer, 1)";
const READ_SQLITE: &str =
    "UPDATE ballot_candidate SET max_rounds = coalesce(json_extract(rule, '$.max_rounds'), 1)";
