//! One SQL text for both databases: the few types that differ are written `{uuid}`, `{time}`, `{date}`,
//! `{bytes}`, `{bool}` and `{without_rowid}`.
//! No table is named here.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

/// Runs each statement in order, with the types of the database in use.
pub(crate) async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    for statement in statements {
        let sql = translate(statement, connection.get_database_backend());
        connection.execute_unprepared(&sql).await?;
    }
    Ok(())
}

fn translate(statement: &str, backend: DbBackend) -> String {
    let is_postgres = backend == DbBackend::Postgres;
    let (uuid, time, date) =
        if is_postgres { ("uuid", "timestamptz", "date") } else { ("blob", "text", "text") };
    statement
        .replace("{uuid}", uuid)
        .replace("{time}", time)
        .replace("{date}", date)
        .replace("{bytes}", if is_postgres { "bytea" } else { "blob" })
        .replace("{bool}", "boolean")
        // SQLite numbers rows in the order they came; without the number there is no order.
        .replace("{without_rowid}", if is_postgres { "" } else { " WITHOUT ROWID" })
}
