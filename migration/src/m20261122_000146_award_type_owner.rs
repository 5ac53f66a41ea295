//! Rows name a title of the law or of their own tenant. A foreign key cannot say so, for the titles of the law have no
//! tenant, and its checks see through row-level security: a trigger asks what the writer itself can see.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Tables whose rows name a title; whichever migration makes one of them anew on SQLite makes its triggers anew.
const TABLES: [&str; 6] =
    ["award", "award_cell", "candidate", "nominee", "onward_nominee", "onward_result"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if is_postgres(manager) {
            run(manager, &[FUNCTION]).await?;
        }
        each(manager, POSTGRES, SQLITE).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        each(manager, POSTGRES_DOWN, SQLITE_DOWN).await?;
        if is_postgres(manager) {
            run(manager, &["DROP FUNCTION award_type_of_tenant()"]).await?;
        }
        Ok(())
    }
}

fn is_postgres(manager: &SchemaManager<'_>) -> bool {
    manager.get_connection().get_database_backend() == DbBackend::Postgres
}

async fn each(
    manager: &SchemaManager<'_>,
    postgres: &[&str],
    sqlite: &[&str],
) -> Result<(), DbErr> {
    let statements = if is_postgres(manager) { postgres } else { sqlite };
    for table in TABLES {
        for statement in statements {
            run(manager, &[&statement.replace("{table}", table)]).await?;
        }
    }
    Ok(())
}

const FUNCTION: &str = "
CREATE FUNCTION award_type_of_tenant() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.award_type_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM award_type
        WHERE id = NEW.award_type_id AND (tenant_id IS NULL OR tenant_id = NEW.tenant_id)
    ) THEN
        RAISE EXCEPTION '% names a title of another tenant', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NEW;
END
$$
";

const POSTGRES: &[&str] = &["
CREATE TRIGGER {table}_award_type_of_tenant BEFORE INSERT OR UPDATE OF award_type_id, tenant_id ON {table}
FOR EACH ROW EXECUTE FUNCTION award_type_of_tenant()"];

const POSTGRES_DOWN: &[&str] = &["DROP TRIGGER {table}_award_type_of_tenant ON {table}"];

const SQLITE: &[&str] = &[
    "
CREATE TRIGGER {table}_award_type_of_tenant_added BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM award_type WHERE id = NEW.award_type_id AND tenant_id <> NEW.tenant_id)
BEGIN SELECT RAISE(ABORT, '{table} names a title of another tenant'); END",
    "
CREATE TRIGGER {table}_award_type_of_tenant_changed BEFORE UPDATE OF award_type_id, tenant_id ON {table}
WHEN EXISTS (SELECT 1 FROM award_type WHERE id = NEW.award_type_id AND tenant_id <> NEW.tenant_id)
BEGIN SELECT RAISE(ABORT, '{table} names a title of another tenant'); END",
];

const SQLITE_DOWN: &[&str] = &[
    "DROP TRIGGER {table}_award_type_of_tenant_added",
    "DROP TRIGGER {table}_award_type_of_tenant_changed",
];
