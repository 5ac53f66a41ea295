//! Since when a submission waits for its next step, and the last day of it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        let is_postgres = manager.get_connection().get_database_backend() == DbBackend::Postgres;
        run(manager, &[if is_postgres { DUE_POSTGRES } else { DUE_SQLITE }]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DOWN).await
    }
}

/// A page cannot be ordered by what is null: the last day of all stands for none.
const UP: &[&str] = &[
    "ALTER TABLE submission ADD COLUMN waiting_since {time}",
    "ALTER TABLE submission ADD COLUMN due_on {date} NOT NULL DEFAULT '9999-12-31'",
    "CREATE INDEX submission_tenant_id_due_on_idx ON submission (tenant_id, due_on, id)",
    r"
UPDATE submission SET waiting_since = COALESCE(
    (SELECT max(step.at) FROM submission_transition AS step
     WHERE step.tenant_id = submission.tenant_id AND step.submission_id = submission.id),
    created_at)
WHERE state NOT IN ('APPROVED', 'REJECTED')
    ",
];

/// Whole weeks of working days after the day in Vietnam, from a weekend one or two days less; a holiday since then is not
/// added to what already waits.
const DUE_POSTGRES: &str = r"
UPDATE submission SET due_on = came.day
    + CASE submission.state WHEN 'SENT' THEN 7 ELSE 28 END
    - CASE extract(isodow FROM came.day) WHEN 6 THEN 1 WHEN 7 THEN 2 ELSE 0 END
FROM (
    SELECT tenant_id, id, (waiting_since AT TIME ZONE 'UTC' + interval '7 hours')::date AS day
    FROM submission WHERE state IN ('SENT', 'RECEIVED')
) AS came
WHERE came.tenant_id = submission.tenant_id AND came.id = submission.id AND came.day >= '2025-01-01'
";

const DUE_SQLITE: &str = r"
UPDATE submission SET due_on = date(substr(waiting_since, 1, 19), '+7 hours',
    CASE state WHEN 'SENT' THEN '+7 days' ELSE '+28 days' END,
    CASE strftime('%w', substr(waiting_since, 1, 19), '+7 hours')
        WHEN '6' THEN '-1 days' WHEN '0' THEN '-2 days' ELSE '+0 days' END)
WHERE state IN ('SENT', 'RECEIVED')
    AND date(substr(waiting_since, 1, 19), '+7 hours') >= '2025-01-01'
";

const DOWN: &[&str] = &[
    "DROP INDEX submission_tenant_id_due_on_idx",
    "ALTER TABLE submission DROP COLUMN due_on",
    "ALTER TABLE submission DROP COLUMN waiting_since",
];
