//! How many rounds the frozen rule of a candidate allows and whether it leaves the choice to the one who decides after them:
//! beside the text of the rule, for statements to compare.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &ADD).await?;
        let is_postgres = manager.get_connection().get_database_backend() == DbBackend::Postgres;
        run(manager, &[if is_postgres { READ_POSTGRES } else { READ_SQLITE }]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &DROP).await
    }
}

const ADD: [&str; 2] = [
    "ALTER TABLE ballot_candidate ADD COLUMN max_rounds integer NOT NULL DEFAULT 1",
    "ALTER TABLE ballot_candidate ADD COLUMN authority_decides boolean NOT NULL DEFAULT false",
];
const DROP: [&str; 2] = [
    "ALTER TABLE ballot_candidate DROP COLUMN authority_decides",
    "ALTER TABLE ballot_candidate DROP COLUMN max_rounds",
];
const READ_POSTGRES: &str = "UPDATE ballot_candidate SET max_rounds = coalesce((rule::json ->> 'max_rounds')::integer, 1), \
     authority_decides = coalesce(rule::json ->> 'after_rounds' = 'AUTHORITY_DECIDES', false)";
const READ_SQLITE: &str = "UPDATE ballot_candidate SET max_rounds = coalesce(json_extract(rule, '$.max_rounds'), 1), \
     authority_decides = coalesce(json_extract(rule, '$.after_rounds') = 'AUTHORITY_DECIDES', false)";
