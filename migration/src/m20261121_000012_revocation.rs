//! The version of a user's rights, and the outbox by which every node hears at once that it has changed.

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

const UP: &[&str] = &[
    "ALTER TABLE account ADD COLUMN authorisation integer NOT NULL DEFAULT 1",
    // Without owner: ids alone, which a node reads before it knows of any tenant.
    r"
CREATE TABLE revocation (
    id {uuid} NOT NULL CONSTRAINT revocation_pkey PRIMARY KEY,
    position bigint NOT NULL,
    at {time} NOT NULL,
    user_id {uuid} NOT NULL,
    family_id {uuid},
    authorisation integer,
    CONSTRAINT revocation_what_check CHECK ((family_id IS NULL) <> (authorisation IS NULL))
)
    ",
    "CREATE INDEX revocation_position_idx ON revocation (position)",
];

const DOWN: &[&str] = &["DROP TABLE revocation", "ALTER TABLE account DROP COLUMN authorisation"];
