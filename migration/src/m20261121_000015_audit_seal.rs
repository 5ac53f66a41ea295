//! The audit log is sealed: whose unit an entry is about, the grant used, a salt; the leaves that wait, the
//! tree and its signed checkpoints. What was written stays as it is: the tables refuse changes themselves.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        let is_postgres = manager.get_connection().get_database_backend() == DbBackend::Postgres;
        if is_postgres {
            run(manager, &[REFUSE]).await?;
        }
        for table in KEPT {
            for guard in if is_postgres { POSTGRES_GUARDS } else { SQLITE_GUARDS } {
                run(manager, &[&guard.replace("{table}", table)]).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_postgres = manager.get_connection().get_database_backend() == DbBackend::Postgres;
        for table in KEPT {
            for guard in if is_postgres { POSTGRES_FREE } else { SQLITE_FREE } {
                run(manager, &[&guard.replace("{table}", table)]).await?;
            }
        }
        if is_postgres {
            run(manager, &["DROP FUNCTION audit_refuse()"]).await?;
        }
        run(manager, DOWN).await
    }
}

/// Tables whose rows are only ever added.
const KEPT: &[&str] = &["audit_event", "audit_node", "audit_checkpoint"];

const UP: &[&str] = &[
    "ALTER TABLE audit_event ADD COLUMN grant_id {uuid}",
    "ALTER TABLE audit_event ADD COLUMN unit_id {uuid}",
    "ALTER TABLE audit_event ADD COLUMN salt {uuid}",
    r"
CREATE INDEX audit_event_tenant_id_unit_id_idx ON audit_event (tenant_id, unit_id, id)
    ",
    r"
CREATE TABLE audit_pending (
    event_id {uuid} NOT NULL,
    leaf {bytes} NOT NULL,
    CONSTRAINT audit_pending_pkey PRIMARY KEY (event_id)
)
    ",
    r"
CREATE TABLE audit_node (
    level integer NOT NULL,
    place bigint NOT NULL,
    hash {bytes} NOT NULL,
    event_id {uuid},
    CONSTRAINT audit_node_pkey PRIMARY KEY (level, place),
    CONSTRAINT audit_node_event_id_key UNIQUE (event_id),
    CONSTRAINT audit_node_event_id_check CHECK ((level = 0) = (event_id IS NOT NULL))
)
    ",
    r"
CREATE TABLE audit_checkpoint (
    size bigint NOT NULL,
    root {bytes} NOT NULL,
    at {time} NOT NULL,
    public_key {bytes} NOT NULL,
    signature {bytes} NOT NULL,
    CONSTRAINT audit_checkpoint_pkey PRIMARY KEY (size)
)
    ",
];

const DOWN: &[&str] = &[
    "DROP TABLE audit_checkpoint",
    "DROP TABLE audit_node",
    "DROP TABLE audit_pending",
    "DROP INDEX audit_event_tenant_id_unit_id_idx",
    "ALTER TABLE audit_event DROP COLUMN salt",
    "ALTER TABLE audit_event DROP COLUMN unit_id",
    "ALTER TABLE audit_event DROP COLUMN grant_id",
];

const REFUSE: &str = r"
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$
";

const POSTGRES_GUARDS: &[&str] = &[
    "CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table}
     FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}
     FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
];

const POSTGRES_FREE: &[&str] = &[
    "DROP TRIGGER {table}_only_added ON {table}",
    "DROP TRIGGER {table}_never_emptied ON {table}",
];

const SQLITE_GUARDS: &[&str] = &[
    "CREATE TRIGGER {table}_never_changed BEFORE UPDATE ON {table}
     BEGIN SELECT RAISE(ABORT, 'rows of {table} are only added'); END",
    "CREATE TRIGGER {table}_never_removed BEFORE DELETE ON {table}
     BEGIN SELECT RAISE(ABORT, 'rows of {table} are only added'); END",
];

const SQLITE_FREE: &[&str] =
    &["DROP TRIGGER {table}_never_changed", "DROP TRIGGER {table}_never_removed"];
