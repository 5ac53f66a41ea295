//! Whether a collective is an enterprise: of the subject, of the award at its time, and in the totals.

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

/// What a collective is that is the whole of its unit, the unit tells. What it was when it was given an award nobody has
/// written down: of awards that are there it stays unknown until they are corrected, and so the totals stay as they are.
const UP: &[&str] = &[
    "ALTER TABLE subject ADD COLUMN enterprise {bool} CONSTRAINT subject_enterprise_check CHECK (enterprise IS NULL OR kind = 'COLLECTIVE')",
    r"
UPDATE subject SET enterprise = (
    SELECT unit.kind = 'ENTERPRISE' FROM unit
    WHERE unit.tenant_id = subject.tenant_id AND unit.id = subject.unit_id)
WHERE is_unit
    ",
    "ALTER TABLE award ADD COLUMN enterprise {bool} CONSTRAINT award_enterprise_check CHECK (enterprise IS NULL OR subject_kind = 'COLLECTIVE')",
    "ALTER TABLE award_cell ADD COLUMN enterprise {bool} CONSTRAINT award_cell_enterprise_check CHECK (enterprise IS NULL OR subject_kind = 'COLLECTIVE')",
];

const DOWN: &[&str] = &[
    "ALTER TABLE award_cell DROP COLUMN enterprise",
    "ALTER TABLE award DROP COLUMN enterprise",
    "ALTER TABLE subject DROP COLUMN enterprise",
];
