//! What was done, by whom: written once, never changed.

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
CREATE TABLE audit_event (
    tenant_id {uuid} NOT NULL CONSTRAINT audit_event_tenant_id_fkey REFERENCES tenant (id),
    id {uuid} NOT NULL,
    at {time} NOT NULL,
    actor_id {uuid},
    actor_name text NOT NULL,
    role text,
    act text NOT NULL,
    object_type text NOT NULL,
    object_id {uuid} NOT NULL,
    cluster_id {uuid},
    changes text NOT NULL,
    reason text,
    request_id text NOT NULL,
    CONSTRAINT audit_event_pkey PRIMARY KEY (tenant_id, id)
)
    ",
    r"
CREATE INDEX audit_event_tenant_id_object_id_idx ON audit_event (tenant_id, object_id, id)
    ",
    r"
CREATE INDEX audit_event_tenant_id_actor_id_idx ON audit_event (tenant_id, actor_id, id)
    ",
    r"
CREATE INDEX audit_event_tenant_id_at_idx ON audit_event (tenant_id, at, id)
    ",
];

const DOWN: &[&str] = &["DROP TABLE audit_event"];
