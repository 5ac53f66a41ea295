//! Titles and honours that a tenant defines beside those of the law.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::dialect::run;
use crate::wall::{self, Rights, Shows};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        wall::raise(manager, &[("award_type", Shows::Common, Rights::Change)]).await
    }

    /// Refused while a tenant has a title of its own that something names.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &["DELETE FROM award_type WHERE tenant_id IS NOT NULL"]).await?;
        if manager.get_connection().get_database_backend() == DbBackend::Postgres {
            run(manager, DOWN_POSTGRES).await?;
        }
        run(manager, DOWN).await
    }
}

const UP: &[&str] = &[
    "ALTER TABLE award_type ADD COLUMN tenant_id {uuid} CONSTRAINT award_type_tenant_id_fkey REFERENCES tenant (id)",
    "ALTER TABLE award_type ADD COLUMN origin text NOT NULL DEFAULT 'LAW' CONSTRAINT award_type_origin_check CHECK ((origin = 'LAW') = (tenant_id IS NULL))",
    "ALTER TABLE award_type ADD COLUMN version integer NOT NULL DEFAULT 1",
    "CREATE INDEX award_type_tenant_id_idx ON award_type (tenant_id)",
];

const DOWN: &[&str] = &[
    "DROP INDEX award_type_tenant_id_idx",
    "ALTER TABLE award_type DROP COLUMN version",
    "ALTER TABLE award_type DROP COLUMN origin",
    "ALTER TABLE award_type DROP COLUMN tenant_id",
];

const DOWN_POSTGRES: &[&str] = &[
    "DROP POLICY award_type_select ON award_type",
    "DROP POLICY award_type_insert ON award_type",
    "DROP POLICY award_type_update ON award_type",
    "DROP POLICY award_type_delete ON award_type",
    "DROP POLICY award_type_owner ON award_type",
    "ALTER TABLE award_type NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE award_type DISABLE ROW LEVEL SECURITY",
    "REVOKE INSERT, UPDATE ON award_type FROM thidua_runtime",
];
