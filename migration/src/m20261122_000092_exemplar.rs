//! Exemplars: who was found, and what was done with the story; both written once.

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
CREATE TABLE exemplar (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    title_search text NOT NULL,
    story text,
    field text,
    subject_id {uuid},
    award_id {uuid},
    movement_id {uuid},
    discovered_on {date} NOT NULL,
    author_id {uuid} NOT NULL,
    created_at {time} NOT NULL,
    CONSTRAINT exemplar_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT exemplar_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT exemplar_subject_id_fkey FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id),
    CONSTRAINT exemplar_award_id_fkey FOREIGN KEY (tenant_id, award_id) REFERENCES award (tenant_id, id),
    CONSTRAINT exemplar_movement_id_fkey FOREIGN KEY (tenant_id, movement_id) REFERENCES movement (tenant_id, id),
    CONSTRAINT exemplar_author_id_fkey FOREIGN KEY (tenant_id, author_id) REFERENCES account (tenant_id, id)
)
    ",
    "CREATE INDEX exemplar_tenant_id_discovered_on_idx ON exemplar (tenant_id, discovered_on, id)",
    "CREATE INDEX exemplar_tenant_id_unit_id_idx ON exemplar (tenant_id, unit_id)",
    "CREATE INDEX exemplar_tenant_id_subject_id_idx ON exemplar (tenant_id, subject_id)",
    "CREATE INDEX exemplar_tenant_id_award_id_idx ON exemplar (tenant_id, award_id)",
    "CREATE INDEX exemplar_tenant_id_movement_id_idx ON exemplar (tenant_id, movement_id)",
    "CREATE INDEX exemplar_tenant_id_author_id_idx ON exemplar (tenant_id, author_id)",
    r"
CREATE TABLE exemplar_step (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    exemplar_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    field text,
    sequence integer NOT NULL,
    stage text NOT NULL,
    on_day {date} NOT NULL,
    owner text,
    plan text,
    note text,
    spread_to_id {uuid},
    actor_id {uuid} NOT NULL,
    actor_name text NOT NULL,
    at {time} NOT NULL,
    CONSTRAINT exemplar_step_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT exemplar_step_sequence_key UNIQUE (tenant_id, exemplar_id, sequence),
    CONSTRAINT exemplar_step_spread_to_id_key UNIQUE (tenant_id, exemplar_id, spread_to_id),
    CONSTRAINT exemplar_step_exemplar_id_fkey FOREIGN KEY (tenant_id, exemplar_id) REFERENCES exemplar (tenant_id, id),
    CONSTRAINT exemplar_step_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT exemplar_step_spread_to_id_fkey FOREIGN KEY (tenant_id, spread_to_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT exemplar_step_actor_id_fkey FOREIGN KEY (tenant_id, actor_id) REFERENCES account (tenant_id, id),
    CONSTRAINT exemplar_step_coached_check CHECK (stage <> 'COACHED' OR (owner IS NOT NULL AND plan IS NOT NULL)),
    CONSTRAINT exemplar_step_spread_check CHECK ((stage = 'SPREAD') = (spread_to_id IS NOT NULL))
)
    ",
    "CREATE INDEX exemplar_step_tenant_id_unit_id_idx ON exemplar_step (tenant_id, unit_id)",
    "CREATE INDEX exemplar_step_tenant_id_spread_to_id_idx ON exemplar_step (tenant_id, spread_to_id)",
    "CREATE INDEX exemplar_step_tenant_id_actor_id_idx ON exemplar_step (tenant_id, actor_id)",
];

const OWNED: &[(&str, Shows, Rights)] = &[
    ("exemplar", Shows::Tenant, Rights::Append),
    ("exemplar_step", Shows::Tenant, Rights::Append),
];

const DOWN: &[&str] = &["DROP TABLE exemplar_step", "DROP TABLE exemplar"];
