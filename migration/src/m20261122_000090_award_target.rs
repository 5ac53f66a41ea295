//! Yearly targets of awards: what a plan or a decision asks of a unit, or of the own members of a cluster.

use sea_orm_migration::prelude::*;

use crate::dialect::run;
use crate::wall::{self, Rights, Shows};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        wall::raise(manager, &[("award_target", Shows::Tenant, Rights::Change)]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &["DROP TABLE award_target"]).await
    }
}

const UP: &[&str] = &[
    r"
CREATE TABLE award_target (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    cluster_id {uuid},
    year integer NOT NULL,
    measure text NOT NULL,
    basis text NOT NULL,
    award_type_codes text NOT NULL,
    level text,
    subject_kind text,
    comparator text NOT NULL,
    value bigint NOT NULL,
    base integer,
    source text NOT NULL,
    source_on {date} NOT NULL,
    what text NOT NULL,
    withdrawn_on {date},
    author_id {uuid} NOT NULL,
    created_at {time} NOT NULL,
    version integer NOT NULL,
    CONSTRAINT award_target_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT award_target_what_key UNIQUE (tenant_id, unit_id, year, what),
    CONSTRAINT award_target_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT award_target_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES cluster (id),
    CONSTRAINT award_target_author_id_fkey FOREIGN KEY (tenant_id, author_id) REFERENCES account (tenant_id, id),
    CONSTRAINT award_target_value_check CHECK (value >= 0),
    CONSTRAINT award_target_base_check CHECK ((measure = 'SUBJECT_SHARE') = (base IS NOT NULL))
)
    ",
    "CREATE INDEX award_target_tenant_id_year_idx ON award_target (tenant_id, year, id)",
    "CREATE INDEX award_target_cluster_id_idx ON award_target (cluster_id)",
    "CREATE INDEX award_target_tenant_id_author_id_idx ON award_target (tenant_id, author_id)",
];
