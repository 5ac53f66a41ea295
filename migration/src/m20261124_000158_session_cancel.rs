//! A session that was planned may be cancelled before it sits: when, and why, which explains its number.

use sea_orm_migration::prelude::*;

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await
    }

    /// A session that was cancelled is one that is over.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DOWN).await
    }
}

const UP: &[&str] = &[
    "ALTER TABLE council_session ADD COLUMN cancelled_at {time}",
    "ALTER TABLE council_session ADD COLUMN cancel_reason text",
];

const DOWN: &[&str] = &[
    "UPDATE session_seat SET invitation = 'DECLINED' WHERE invitation = 'WITHDRAWN'",
    "UPDATE council_session SET state = 'CLOSED', closed_at = cancelled_at WHERE state = 'CANCELLED'",
    "ALTER TABLE council_session DROP COLUMN cancel_reason",
    "ALTER TABLE council_session DROP COLUMN cancelled_at",
];
