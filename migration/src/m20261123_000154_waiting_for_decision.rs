//! What was approved waits until a decision, or a proposal to an authority above, answers it.

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
UPDATE submission SET waiting_since = decided_at
WHERE state = 'APPROVED'
    AND NOT EXISTS (
        SELECT 1 FROM decision_submission AS answer
        WHERE answer.tenant_id = submission.tenant_id AND answer.submission_id = submission.id)
    AND NOT EXISTS (
        SELECT 1 FROM onward_nominee AS line
        JOIN onward ON onward.tenant_id = line.tenant_id AND onward.id = line.onward_id
        WHERE line.tenant_id = submission.tenant_id AND line.submission_id = submission.id
            AND onward.packages > 0)
"];

const DOWN: &[&str] = &["UPDATE submission SET waiting_since = NULL WHERE state = 'APPROVED'"];
