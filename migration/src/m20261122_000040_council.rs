//! Councils, their seats, who holds them, and roles that hold in one council.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::dialect::run;
use crate::wall::{self, Rights, Shows};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        // SQLite adds no key to a table that is there: the gate reads the council before it grants.
        if manager.get_database_backend() == DbBackend::Postgres {
            run(manager, UP_POSTGRES).await?;
        }
        wall::raise(manager, OWNED).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            run(manager, DOWN_POSTGRES).await?;
        }
        run(manager, DOWN).await
    }
}

const UP: &[&str] = &[
    r"
CREATE TABLE council (
    tenant_id {uuid} NOT NULL CONSTRAINT council_tenant_id_fkey REFERENCES tenant (id),
    id {uuid} NOT NULL,
    unit_id {uuid},
    parent_id {uuid},
    kind text NOT NULL,
    name text NOT NULL,
    name_search text NOT NULL,
    valid_from {date} NOT NULL,
    valid_to {date},
    version integer NOT NULL,
    CONSTRAINT council_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT council_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT council_parent_id_fkey FOREIGN KEY (tenant_id, parent_id) REFERENCES council (tenant_id, id),
    CONSTRAINT council_valid_check CHECK (valid_to IS NULL OR valid_to >= valid_from)
)
    ",
    "CREATE INDEX council_tenant_id_unit_id_idx ON council (tenant_id, unit_id)",
    "CREATE INDEX council_tenant_id_parent_id_idx ON council (tenant_id, parent_id)",
    r"
CREATE TABLE council_seat (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    council_id {uuid} NOT NULL,
    position integer NOT NULL,
    post_title text NOT NULL,
    organisation text NOT NULL,
    unit_id {uuid},
    role text NOT NULL,
    valid_from {date} NOT NULL,
    valid_to {date},
    version integer NOT NULL,
    CONSTRAINT council_seat_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT council_seat_council_id_fkey FOREIGN KEY (tenant_id, council_id) REFERENCES council (tenant_id, id),
    CONSTRAINT council_seat_unit_id_fkey FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id),
    CONSTRAINT council_seat_valid_check CHECK (valid_to IS NULL OR valid_to >= valid_from)
)
    ",
    "CREATE INDEX council_seat_tenant_id_council_id_idx ON council_seat (tenant_id, council_id)",
    "CREATE INDEX council_seat_tenant_id_unit_id_idx ON council_seat (tenant_id, unit_id)",
    r"
CREATE TABLE seat_holder (
    tenant_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    council_id {uuid} NOT NULL,
    seat_id {uuid} NOT NULL,
    user_id {uuid} NOT NULL,
    holder_name text NOT NULL,
    is_acting {bool} NOT NULL,
    grant_id {uuid} NOT NULL,
    valid_from {date} NOT NULL,
    valid_to {date},
    version integer NOT NULL,
    CONSTRAINT seat_holder_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT seat_holder_council_id_fkey FOREIGN KEY (tenant_id, council_id) REFERENCES council (tenant_id, id),
    CONSTRAINT seat_holder_seat_id_fkey FOREIGN KEY (tenant_id, seat_id) REFERENCES council_seat (tenant_id, id),
    CONSTRAINT seat_holder_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES account (tenant_id, id),
    CONSTRAINT seat_holder_grant_id_fkey FOREIGN KEY (tenant_id, grant_id) REFERENCES role_grant (tenant_id, id),
    CONSTRAINT seat_holder_valid_check CHECK (valid_to IS NULL OR valid_to >= valid_from)
)
    ",
    "CREATE INDEX seat_holder_tenant_id_council_id_idx ON seat_holder (tenant_id, council_id)",
    "CREATE INDEX seat_holder_tenant_id_seat_id_idx ON seat_holder (tenant_id, seat_id)",
    "CREATE INDEX seat_holder_tenant_id_user_id_idx ON seat_holder (tenant_id, user_id)",
    "CREATE INDEX seat_holder_tenant_id_grant_id_idx ON seat_holder (tenant_id, grant_id)",
    "ALTER TABLE role_grant ADD COLUMN council_id {uuid}",
    "CREATE INDEX role_grant_tenant_id_council_id_idx ON role_grant (tenant_id, council_id)",
];

const UP_POSTGRES: &[&str] = &[
    "ALTER TABLE role_grant ADD CONSTRAINT role_grant_council_id_fkey FOREIGN KEY (tenant_id, council_id) REFERENCES council (tenant_id, id)",
];

const OWNED: &[(&str, Shows, Rights)] = &[
    ("council", Shows::Tenant, Rights::Change),
    ("council_seat", Shows::Tenant, Rights::Change),
    ("seat_holder", Shows::Tenant, Rights::Change),
];

const DOWN_POSTGRES: &[&str] =
    &["ALTER TABLE role_grant DROP CONSTRAINT role_grant_council_id_fkey"];

const DOWN: &[&str] = &[
    "DROP INDEX role_grant_tenant_id_council_id_idx",
    "ALTER TABLE role_grant DROP COLUMN council_id",
    "DROP TABLE seat_holder",
    "DROP TABLE council_seat",
    "DROP TABLE council",
];
