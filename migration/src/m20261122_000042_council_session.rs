//! Sessions of councils: agenda, candidates, papers, who was invited and came, ties, tasks.

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
CREATE TABLE council_session (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    council_id {uuid} NOT NULL,
    year integer NOT NULL,
    number integer NOT NULL,
    title text NOT NULL,
    planned_on {date} NOT NULL,
    place text,
    state text NOT NULL,
    opened_at {time},
    closed_at {time},
    created_by {uuid} NOT NULL,
    version integer NOT NULL,
    CONSTRAINT council_session_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT council_session_council_id_fkey FOREIGN KEY (tenant_id, council_id) REFERENCES council (tenant_id, id),
    CONSTRAINT council_session_created_by_fkey FOREIGN KEY (tenant_id, created_by) REFERENCES account (tenant_id, id),
    CONSTRAINT council_session_number_key UNIQUE (tenant_id, council_id, year, number)
)
    ",
    "CREATE INDEX council_session_tenant_id_council_id_idx ON council_session (tenant_id, council_id)",
    "CREATE INDEX council_session_tenant_id_created_by_idx ON council_session (tenant_id, created_by)",
    r"
CREATE TABLE agenda_item (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    council_id {uuid} NOT NULL,
    session_id {uuid} NOT NULL,
    position integer NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    places integer,
    outcome text,
    conclusion text,
    version integer NOT NULL,
    CONSTRAINT agenda_item_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT agenda_item_council_id_fkey FOREIGN KEY (tenant_id, council_id) REFERENCES council (tenant_id, id),
    CONSTRAINT agenda_item_session_id_fkey FOREIGN KEY (tenant_id, session_id) REFERENCES council_session (tenant_id, id)
)
    ",
    "CREATE INDEX agenda_item_tenant_id_council_id_idx ON agenda_item (tenant_id, council_id)",
    "CREATE INDEX agenda_item_tenant_id_session_id_idx ON agenda_item (tenant_id, session_id)",
    r"
CREATE TABLE candidate (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    council_id {uuid} NOT NULL,
    item_id {uuid} NOT NULL,
    position integer NOT NULL,
    nominee_id {uuid},
    unit_id {uuid},
    author_id {uuid},
    name text NOT NULL,
    award_type_id {uuid} NOT NULL,
    award_code text NOT NULL,
    downgraded_from {uuid},
    reason text,
    CONSTRAINT candidate_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT candidate_council_id_fkey FOREIGN KEY (tenant_id, council_id) REFERENCES council (tenant_id, id),
    CONSTRAINT candidate_item_id_fkey FOREIGN KEY (tenant_id, item_id) REFERENCES agenda_item (tenant_id, id),
    CONSTRAINT candidate_nominee_id_fkey FOREIGN KEY (tenant_id, nominee_id) REFERENCES nominee (tenant_id, id),
    CONSTRAINT candidate_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT candidate_author_id_fkey FOREIGN KEY (tenant_id, author_id) REFERENCES account (tenant_id, id),
    CONSTRAINT candidate_award_type_id_fkey FOREIGN KEY (award_type_id) REFERENCES award_type (id),
    CONSTRAINT candidate_downgraded_from_fkey FOREIGN KEY (tenant_id, downgraded_from) REFERENCES candidate (tenant_id, id),
    CONSTRAINT candidate_item_key UNIQUE (tenant_id, item_id, nominee_id, award_type_id)
)
    ",
    "CREATE INDEX candidate_tenant_id_council_id_idx ON candidate (tenant_id, council_id)",
    "CREATE INDEX candidate_tenant_id_item_id_idx ON candidate (tenant_id, item_id)",
    "CREATE INDEX candidate_tenant_id_nominee_id_idx ON candidate (tenant_id, nominee_id)",
    "CREATE INDEX candidate_tenant_id_unit_id_idx ON candidate (tenant_id, unit_id)",
    "CREATE INDEX candidate_tenant_id_author_id_idx ON candidate (tenant_id, author_id)",
    "CREATE INDEX candidate_award_type_id_idx ON candidate (award_type_id)",
    "CREATE INDEX candidate_tenant_id_downgraded_from_idx ON candidate (tenant_id, downgraded_from)",
    r"
CREATE TABLE session_paper (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    council_id {uuid} NOT NULL,
    session_id {uuid} NOT NULL,
    item_id {uuid},
    title text NOT NULL,
    file_name text NOT NULL,
    media_type text NOT NULL,
    size_bytes bigint NOT NULL,
    sha256 text NOT NULL,
    added_by {uuid} NOT NULL,
    added_at {time} NOT NULL,
    CONSTRAINT session_paper_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT session_paper_council_id_fkey FOREIGN KEY (tenant_id, council_id) REFERENCES council (tenant_id, id),
    CONSTRAINT session_paper_session_id_fkey FOREIGN KEY (tenant_id, session_id) REFERENCES council_session (tenant_id, id),
    CONSTRAINT session_paper_item_id_fkey FOREIGN KEY (tenant_id, item_id) REFERENCES agenda_item (tenant_id, id),
    CONSTRAINT session_paper_added_by_fkey FOREIGN KEY (tenant_id, added_by) REFERENCES account (tenant_id, id)
)
    ",
    "CREATE INDEX session_paper_tenant_id_council_id_idx ON session_paper (tenant_id, council_id)",
    "CREATE INDEX session_paper_tenant_id_session_id_idx ON session_paper (tenant_id, session_id)",
    "CREATE INDEX session_paper_tenant_id_item_id_idx ON session_paper (tenant_id, item_id)",
    "CREATE INDEX session_paper_tenant_id_added_by_idx ON session_paper (tenant_id, added_by)",
    r"
CREATE TABLE session_seat (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    council_id {uuid} NOT NULL,
    session_id {uuid} NOT NULL,
    seat_id {uuid} NOT NULL,
    position integer NOT NULL,
    name text NOT NULL,
    votes {bool} NOT NULL,
    invitation text NOT NULL,
    presence text NOT NULL,
    on_paper {bool} NOT NULL,
    substitute_id {uuid},
    substitute_name text,
    mandate text,
    version integer NOT NULL,
    CONSTRAINT session_seat_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT session_seat_council_id_fkey FOREIGN KEY (tenant_id, council_id) REFERENCES council (tenant_id, id),
    CONSTRAINT session_seat_session_id_fkey FOREIGN KEY (tenant_id, session_id) REFERENCES council_session (tenant_id, id),
    CONSTRAINT session_seat_seat_id_fkey FOREIGN KEY (tenant_id, seat_id) REFERENCES council_seat (tenant_id, id),
    CONSTRAINT session_seat_substitute_id_fkey FOREIGN KEY (tenant_id, substitute_id) REFERENCES account (tenant_id, id),
    CONSTRAINT session_seat_seat_key UNIQUE (tenant_id, session_id, seat_id)
)
    ",
    "CREATE INDEX session_seat_tenant_id_council_id_idx ON session_seat (tenant_id, council_id)",
    "CREATE INDEX session_seat_tenant_id_session_id_idx ON session_seat (tenant_id, session_id)",
    "CREATE INDEX session_seat_tenant_id_seat_id_idx ON session_seat (tenant_id, seat_id)",
    "CREATE INDEX session_seat_tenant_id_substitute_id_idx ON session_seat (tenant_id, substitute_id)",
    r"
CREATE TABLE declared_tie (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    council_id {uuid} NOT NULL,
    session_id {uuid} NOT NULL,
    item_id {uuid} NOT NULL,
    seat_id {uuid} NOT NULL,
    reason text NOT NULL,
    declared_by {uuid} NOT NULL,
    CONSTRAINT declared_tie_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT declared_tie_council_id_fkey FOREIGN KEY (tenant_id, council_id) REFERENCES council (tenant_id, id),
    CONSTRAINT declared_tie_session_id_fkey FOREIGN KEY (tenant_id, session_id) REFERENCES council_session (tenant_id, id),
    CONSTRAINT declared_tie_item_id_fkey FOREIGN KEY (tenant_id, item_id) REFERENCES agenda_item (tenant_id, id),
    CONSTRAINT declared_tie_seat_id_fkey FOREIGN KEY (tenant_id, seat_id) REFERENCES council_seat (tenant_id, id),
    CONSTRAINT declared_tie_declared_by_fkey FOREIGN KEY (tenant_id, declared_by) REFERENCES account (tenant_id, id),
    CONSTRAINT declared_tie_seat_key UNIQUE (tenant_id, item_id, seat_id)
)
    ",
    "CREATE INDEX declared_tie_tenant_id_council_id_idx ON declared_tie (tenant_id, council_id)",
    "CREATE INDEX declared_tie_tenant_id_session_id_idx ON declared_tie (tenant_id, session_id)",
    "CREATE INDEX declared_tie_tenant_id_item_id_idx ON declared_tie (tenant_id, item_id)",
    "CREATE INDEX declared_tie_tenant_id_seat_id_idx ON declared_tie (tenant_id, seat_id)",
    "CREATE INDEX declared_tie_tenant_id_declared_by_idx ON declared_tie (tenant_id, declared_by)",
    r"
CREATE TABLE session_task (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    council_id {uuid} NOT NULL,
    session_id {uuid} NOT NULL,
    position integer NOT NULL,
    task text NOT NULL,
    owner text NOT NULL,
    due_on {date},
    state text NOT NULL,
    version integer NOT NULL,
    CONSTRAINT session_task_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT session_task_council_id_fkey FOREIGN KEY (tenant_id, council_id) REFERENCES council (tenant_id, id),
    CONSTRAINT session_task_session_id_fkey FOREIGN KEY (tenant_id, session_id) REFERENCES council_session (tenant_id, id)
)
    ",
    "CREATE INDEX session_task_tenant_id_council_id_idx ON session_task (tenant_id, council_id)",
    "CREATE INDEX session_task_tenant_id_session_id_idx ON session_task (tenant_id, session_id)",
];

const OWNED: &[(&str, Shows, Rights)] = &[
    ("council_session", Shows::Tenant, Rights::Change),
    ("agenda_item", Shows::Tenant, Rights::Change),
    ("candidate", Shows::Tenant, Rights::Append),
    ("session_paper", Shows::Tenant, Rights::Append),
    ("session_seat", Shows::Tenant, Rights::Change),
    ("declared_tie", Shows::Tenant, Rights::Append),
    ("session_task", Shows::Tenant, Rights::Change),
];

const DOWN: &[&str] = &[
    "DROP TABLE session_task",
    "DROP TABLE declared_tie",
    "DROP TABLE session_seat",
    "DROP TABLE session_paper",
    "DROP TABLE candidate",
    "DROP TABLE agenda_item",
    "DROP TABLE council_session",
];
