//! Lists ordered by a time or a day that a row may lack: what stands for none is part of the order, so an index of the
//! column alone does not serve it. The texts are those that the statements have.

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

/// Those without come behind the others, from the smallest and from the greatest: one index each.
const UP: &[&str] = &[
    "CREATE INDEX submission_tenant_id_sent_at_rising_idx ON submission (tenant_id, COALESCE(sent_at, '9999-12-01T00:00:00+00:00'), id)",
    "CREATE INDEX submission_tenant_id_sent_at_falling_idx ON submission (tenant_id, COALESCE(sent_at, '0001-01-01T00:00:00+00:00'), id)",
    "CREATE INDEX award_tenant_id_decided_on_rising_idx ON award (tenant_id, COALESCE(decided_on, '9999-12-01'), id)",
    "CREATE INDEX award_tenant_id_decided_on_falling_idx ON award (tenant_id, COALESCE(decided_on, '0001-01-01'), id)",
];

const DOWN: &[&str] = &[
    "DROP INDEX award_tenant_id_decided_on_falling_idx",
    "DROP INDEX award_tenant_id_decided_on_rising_idx",
    "DROP INDEX submission_tenant_id_sent_at_falling_idx",
    "DROP INDEX submission_tenant_id_sent_at_rising_idx",
];
