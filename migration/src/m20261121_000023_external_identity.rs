//! Identities of external providers, each linked to one account of a tenant.

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
CREATE TABLE external_identity (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    user_id {uuid} NOT NULL,
    issuer text NOT NULL,
    subject text NOT NULL,
    created_at {time} NOT NULL,
    CONSTRAINT external_identity_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT external_identity_issuer_subject_key UNIQUE (tenant_id, issuer, subject),
    CONSTRAINT external_identity_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES account (tenant_id, id)
)
    ",
    "CREATE INDEX external_identity_tenant_id_user_id_idx ON external_identity (tenant_id, user_id)",
];

const OWNED: &[(&str, Shows, Rights)] = &[("external_identity", Shows::Tenant, Rights::All)];

const DOWN: &[&str] = &["DROP TABLE external_identity"];
