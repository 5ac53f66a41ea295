//! The pulse of councils: a counter that every write about a council moves on, so that every node hears that
//! something has changed. It says neither what nor who nor when.

use sea_orm_migration::prelude::*;

use crate::dialect::run;
use crate::wall;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        // By column: of a row that can be read whole, the transaction that wrote it can be read too.
        let words = "SELECT (topic, beat), INSERT (topic, beat), UPDATE (beat)";
        wall::open(manager, &[("pulse", words)]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &["DROP TABLE pulse"]).await
    }
}

const UP: &[&str] = &[
    // Without owner: every node asks for all topics that are followed there, before it knows of any tenant.
    r"
CREATE TABLE pulse (
    topic {uuid} NOT NULL CONSTRAINT pulse_pkey PRIMARY KEY,
    beat bigint NOT NULL,
    CONSTRAINT pulse_beat_check CHECK (beat > 0)
)
    ",
];
