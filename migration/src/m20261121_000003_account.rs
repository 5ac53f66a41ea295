//! Users, their roles, their refresh tokens, and the throttle of sign-in.

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

const UP: &[&str] = &[
    r"
CREATE TABLE account (
    tenant_id {uuid} NOT NULL CONSTRAINT account_tenant_id_fkey REFERENCES tenant (id),
    id {uuid} NOT NULL,
    username text NOT NULL,
    display_name text NOT NULL,
    name_search text NOT NULL,
    password_hash text NOT NULL,
    is_active {bool} NOT NULL,
    created_at {time} NOT NULL,
    version integer NOT NULL,
    CONSTRAINT account_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT account_tenant_id_username_key UNIQUE (tenant_id, username)
)
    ",
    r"
CREATE TABLE role_grant (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    user_id {uuid} NOT NULL,
    role text NOT NULL,
    unit_id {uuid},
    cluster_id {uuid},
    valid_from {date} NOT NULL,
    valid_to {date},
    granted_by {uuid},
    revoked_at {time},
    version integer NOT NULL,
    CONSTRAINT role_grant_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT role_grant_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES account (tenant_id, id),
    CONSTRAINT role_grant_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT role_grant_granted_by_fkey FOREIGN KEY (tenant_id, granted_by) REFERENCES account (tenant_id, id),
    CONSTRAINT role_grant_valid_check CHECK (valid_to IS NULL OR valid_to >= valid_from)
)
    ",
    r"
CREATE INDEX role_grant_tenant_id_user_id_idx ON role_grant (tenant_id, user_id)
    ",
    r"
CREATE INDEX role_grant_tenant_id_unit_id_idx ON role_grant (tenant_id, unit_id)
    ",
    r"
CREATE INDEX role_grant_tenant_id_granted_by_idx ON role_grant (tenant_id, granted_by)
    ",
    r"
CREATE TABLE refresh_token (
    user_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    tenant_id {uuid} NOT NULL,
    family_id {uuid} NOT NULL,
    token_hash text NOT NULL CONSTRAINT refresh_token_token_hash_key UNIQUE,
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    used_at {time},
    successor_id {uuid},
    revoked_at {time},
    CONSTRAINT refresh_token_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT refresh_token_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES account (tenant_id, id)
)
    ",
    r"
CREATE INDEX refresh_token_tenant_id_user_id_idx ON refresh_token (tenant_id, user_id)
    ",
    r"
CREATE INDEX refresh_token_user_id_family_id_idx ON refresh_token (user_id, family_id)
    ",
    r"
CREATE TABLE sign_in_throttle (
    key text NOT NULL CONSTRAINT sign_in_throttle_pkey PRIMARY KEY,
    failures integer NOT NULL,
    window_started_at {time} NOT NULL,
    last_failed_at {time} NOT NULL
)
    ",
];

const DOWN: &[&str] = &[
    "DROP TABLE sign_in_throttle",
    "DROP TABLE refresh_token",
    "DROP TABLE role_grant",
    "DROP TABLE account",
];
