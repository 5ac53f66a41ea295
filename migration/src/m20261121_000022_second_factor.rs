//! The second factor of sign-in: its secrets, the codes for who lost it, and which tenants demand it.

use sea_orm_migration::prelude::*;

use crate::dialect::run;
use crate::wall::{self, Rights, Shows};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        wall::raise(manager, OWNED).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DOWN).await
    }
}

const UP: &[&str] = &[
    r"
CREATE TABLE second_factor (
    tenant_id {uuid} NOT NULL,
    user_id {uuid} NOT NULL,
    secret text NOT NULL,
    last_step bigint NOT NULL,
    created_at {time} NOT NULL,
    confirmed_at {time},
    CONSTRAINT second_factor_pkey PRIMARY KEY (tenant_id, user_id),
    CONSTRAINT second_factor_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES account (tenant_id, id)
)
    ",
    r"
CREATE TABLE recovery_code (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    user_id {uuid} NOT NULL,
    code_hash text NOT NULL,
    used_at {time},
    CONSTRAINT recovery_code_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT recovery_code_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES account (tenant_id, id)
)
    ",
    "CREATE INDEX recovery_code_tenant_id_user_id_idx ON recovery_code (tenant_id, user_id)",
    r"
CREATE TABLE sign_in_setting (
    tenant_id {uuid} NOT NULL CONSTRAINT sign_in_setting_tenant_id_fkey REFERENCES tenant (id),
    second_factor_required {bool} NOT NULL,
    version integer NOT NULL,
    CONSTRAINT sign_in_setting_pkey PRIMARY KEY (tenant_id)
)
    ",
];

const OWNED: &[(&str, Shows, Rights)] = &[
    ("second_factor", Shows::Tenant, Rights::All),
    ("recovery_code", Shows::Tenant, Rights::All),
    ("sign_in_setting", Shows::Tenant, Rights::Change),
];

const DOWN: &[&str] =
    &["DROP TABLE sign_in_setting", "DROP TABLE recovery_code", "DROP TABLE second_factor"];
