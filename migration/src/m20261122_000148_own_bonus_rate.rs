//! Multipliers of bonuses that a tenant sets for titles of its own: their last day changes, nothing else does.

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
        wall::raise(manager, &[("own_bonus_rate", Shows::Tenant, Rights::Append)]).await?;
        if manager.get_connection().get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        run(manager, &["GRANT UPDATE (valid_to, version) ON own_bonus_rate TO thidua_runtime"])
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &["DROP TABLE own_bonus_rate"]).await
    }
}

/// Codes of a tenant's own have a colon, those of the law have none.
const UP: &[&str] = &[
    r"
CREATE TABLE own_bonus_rate (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    award_type_code text NOT NULL,
    subject_kind text NOT NULL,
    tenths integer NOT NULL,
    citation text NOT NULL,
    valid_from {date} NOT NULL,
    valid_to {date},
    author_id {uuid} NOT NULL,
    version integer NOT NULL,
    CONSTRAINT own_bonus_rate_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT own_bonus_rate_author_id_fkey FOREIGN KEY (tenant_id, author_id) REFERENCES account (tenant_id, id),
    CONSTRAINT own_bonus_rate_award_type_code_check CHECK (award_type_code LIKE '%:%'),
    CONSTRAINT own_bonus_rate_subject_kind_check CHECK (subject_kind IN ('INDIVIDUAL', 'COLLECTIVE')),
    CONSTRAINT own_bonus_rate_tenths_check CHECK (tenths > 0),
    CONSTRAINT own_bonus_rate_valid_check CHECK (valid_to IS NULL OR valid_to >= valid_from)
)
    ",
    "CREATE INDEX own_bonus_rate_tenant_id_author_id_idx ON own_bonus_rate (tenant_id, author_id)",
];
