//! Whether a person works directly and whether he leads others: told, or not known. A "no" that nobody has said is none.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if is_sqlite(manager) {
            run(manager, &[UP_SQLITE.join(";").as_str()]).await
        } else {
            run(manager, UP).await
        }
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if is_sqlite(manager) {
            run(manager, &[DOWN_SQLITE.join(";").as_str()]).await
        } else {
            run(manager, DOWN).await
        }
    }
}

/// SQLite takes no `NOT NULL` away: another column takes the place of the old one, by one connection, because another one
/// may still see the old table under the name.
fn is_sqlite(manager: &SchemaManager<'_>) -> bool {
    manager.get_connection().get_database_backend() == DbBackend::Sqlite
}

/// Who has a leadership class was described by somebody: what stands there was said. Of all others only a "yes" was.
const UP: &[&str] = &[
    "ALTER TABLE subject ALTER COLUMN direct_worker DROP NOT NULL",
    "ALTER TABLE subject ALTER COLUMN manager DROP NOT NULL",
    "UPDATE subject SET direct_worker = NULL WHERE NOT direct_worker AND leadership_class IS NULL",
    "UPDATE subject SET manager = NULL WHERE NOT manager AND leadership_class IS NULL",
];

const DOWN: &[&str] = &[
    "UPDATE subject SET direct_worker = false WHERE direct_worker IS NULL",
    "UPDATE subject SET manager = false WHERE manager IS NULL",
    "ALTER TABLE subject ALTER COLUMN manager SET NOT NULL",
    "ALTER TABLE subject ALTER COLUMN direct_worker SET NOT NULL",
];

const UP_SQLITE: &[&str] = &[
    "ALTER TABLE subject ADD COLUMN direct_worker_told {bool}",
    "ALTER TABLE subject ADD COLUMN manager_told {bool}",
    "
UPDATE subject SET
    direct_worker_told = CASE WHEN direct_worker OR leadership_class IS NOT NULL THEN direct_worker END,
    manager_told = CASE WHEN manager OR leadership_class IS NOT NULL THEN manager END",
    OLD_DIRECT_WORKER,
    OLD_MANAGER,
    NEW_DIRECT_WORKER,
    NEW_MANAGER,
];

const DOWN_SQLITE: &[&str] = &[
    "ALTER TABLE subject ADD COLUMN direct_worker_told {bool} NOT NULL DEFAULT false",
    "ALTER TABLE subject ADD COLUMN manager_told {bool} NOT NULL DEFAULT false",
    "
UPDATE subject SET
    direct_worker_told = coalesce(direct_worker, false), manager_told = coalesce(manager, false)",
    OLD_DIRECT_WORKER,
    OLD_MANAGER,
    NEW_DIRECT_WORKER,
    NEW_MANAGER,
];

const OLD_DIRECT_WORKER: &str = "ALTER TABLE subject DROP COLUMN direct_worker";
const OLD_MANAGER: &str = "ALTER TABLE subject DROP COLUMN manager";
const NEW_DIRECT_WORKER: &str =
    "ALTER TABLE subject RENAME COLUMN direct_worker_told TO direct_worker";
const NEW_MANAGER: &str = "ALTER TABLE subject RENAME COLUMN manager_told TO manager";
