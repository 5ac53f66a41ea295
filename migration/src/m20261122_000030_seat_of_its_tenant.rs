//! A seat is taken by a unit of its own tenant: in a cluster in which several sit, all of them see every seat, and
//! the second wall alone would let one take the seat of another. A referential check looks behind every policy.
//! Part of that wall, so on PostgreSQL only.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

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

async fn run(manager: &SchemaManager<'_>, statement: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if connection.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    connection.execute_unprepared(statement).await.map(drop)
}

const UP: &str = "ALTER TABLE cluster_member ADD CONSTRAINT cluster_member_unit_id_fkey
    FOREIGN KEY (tenant_id, unit_id) REFERENCES unit (tenant_id, id)";

const DOWN: &str = "ALTER TABLE cluster_member DROP CONSTRAINT cluster_member_unit_id_fkey";
