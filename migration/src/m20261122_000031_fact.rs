//! What the rules of eligibility look at: year records, discipline, initiatives, opinions that were asked for.

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
CREATE TABLE year_record (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    subject_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    year integer NOT NULL,
    completion_rating text,
    registered_titles text NOT NULL,
    cluster_rank integer,
    cluster_scope text,
    members_total integer,
    members_completed integer,
    members_advanced integer,
    members_base_fighter integer,
    members_disciplined integer,
    source text,
    version integer NOT NULL,
    CONSTRAINT year_record_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT year_record_subject_id_year_key UNIQUE (tenant_id, subject_id, year),
    CONSTRAINT year_record_subject_id_fkey FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id),
    CONSTRAINT year_record_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT year_record_rank_check CHECK (cluster_rank IS NULL OR cluster_rank >= 1),
    CONSTRAINT year_record_members_check CHECK (members_total IS NULL OR members_total >= 0)
)
    ",
    "CREATE INDEX year_record_tenant_id_unit_id_idx ON year_record (tenant_id, unit_id)",
    r"
CREATE TABLE discipline (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    subject_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    stage text NOT NULL,
    form text,
    from_day {date} NOT NULL,
    end_day {date},
    decision text,
    note text,
    version integer NOT NULL,
    CONSTRAINT discipline_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT discipline_subject_id_fkey FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id),
    CONSTRAINT discipline_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT discipline_days_check CHECK (end_day IS NULL OR end_day >= from_day),
    CONSTRAINT discipline_form_check CHECK ((stage = 'IMPOSED') = (form IS NOT NULL))
)
    ",
    "CREATE INDEX discipline_tenant_id_subject_id_idx ON discipline (tenant_id, subject_id)",
    "CREATE INDEX discipline_tenant_id_unit_id_idx ON discipline (tenant_id, unit_id)",
    r"
CREATE TABLE initiative (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    title text NOT NULL,
    kind text NOT NULL,
    scope text NOT NULL,
    recognised_by text NOT NULL,
    recognised_on {date} NOT NULL,
    used_for text,
    used_year integer,
    version integer NOT NULL,
    CONSTRAINT initiative_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT initiative_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT initiative_used_check CHECK ((used_for IS NULL) = (used_year IS NULL))
)
    ",
    "CREATE INDEX initiative_tenant_id_unit_id_idx ON initiative (tenant_id, unit_id)",
    r"
CREATE TABLE initiative_author (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    initiative_id {uuid} NOT NULL,
    subject_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    CONSTRAINT initiative_author_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT initiative_author_subject_id_key UNIQUE (tenant_id, initiative_id, subject_id),
    CONSTRAINT initiative_author_initiative_id_fkey FOREIGN KEY (tenant_id, initiative_id) REFERENCES initiative (tenant_id, id),
    CONSTRAINT initiative_author_subject_id_fkey FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id),
    CONSTRAINT initiative_author_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id)
)
    ",
    "CREATE INDEX initiative_author_tenant_id_subject_id_idx ON initiative_author (tenant_id, subject_id)",
    "CREATE INDEX initiative_author_tenant_id_unit_id_idx ON initiative_author (tenant_id, unit_id)",
    r"
CREATE TABLE clearance (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    subject_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    year integer NOT NULL,
    source text NOT NULL,
    question text,
    asked_on {date} NOT NULL,
    answered_on {date},
    answered_by text,
    finding text,
    is_blocking {bool},
    version integer NOT NULL,
    CONSTRAINT clearance_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT clearance_subject_id_fkey FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id),
    CONSTRAINT clearance_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT clearance_answered_check CHECK ((answered_on IS NULL) = (is_blocking IS NULL)),
    CONSTRAINT clearance_days_check CHECK (answered_on IS NULL OR answered_on >= asked_on)
)
    ",
    "CREATE INDEX clearance_tenant_id_subject_id_idx ON clearance (tenant_id, subject_id)",
    "CREATE INDEX clearance_tenant_id_unit_id_idx ON clearance (tenant_id, unit_id)",
];

const OWNED: &[(&str, Shows, Rights)] = &[
    ("year_record", Shows::Tenant, Rights::Change),
    ("discipline", Shows::Tenant, Rights::Change),
    ("initiative", Shows::Tenant, Rights::Change),
    ("initiative_author", Shows::Tenant, Rights::Append),
    ("clearance", Shows::Tenant, Rights::Change),
];

const DOWN: &[&str] = &[
    "DROP TABLE clearance",
    "DROP TABLE initiative_author",
    "DROP TABLE initiative",
    "DROP TABLE discipline",
    "DROP TABLE year_record",
];
