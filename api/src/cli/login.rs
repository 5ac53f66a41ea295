//! The login with which a server comes to PostgreSQL: it may act in the role of requests and nothing else.
//! Only for `thidua migrate up`, whose own login owns the tables.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use clap::Args;
use sea_orm::{ConnectionTrait, Statement};

use crate::access::{Database, ROLE, TELLER};
use crate::config::is_known_default;

#[derive(Args, Debug, Default)]
pub(super) struct Login {
    /// Make a login for servers, or give it a new password; PostgreSQL only. It stands below row-level security,
    /// unlike the owner of the tables: let `thidua serve --no-migrate` sign in with it
    #[arg(long, value_name = "NAME", requires = "server_password_file")]
    server_login: Option<String>,
    /// File with the password of that login
    #[arg(long, value_name = "FILE")]
    server_password_file: Option<PathBuf>,
}

impl Login {
    /// Makes the login that was asked for; tells its name.
    pub(super) async fn make(&self, database: &Database) -> anyhow::Result<Option<&str>> {
        let (Some(name), Some(file)) = (&self.server_login, &self.server_password_file) else {
            return Ok(None);
        };
        ensure!(database.is_postgres(), "--server-login: SQLite has no logins");
        let password = std::fs::read_to_string(file)
            .with_context(|| format!("--server-password-file: cannot read {}", file.display()))?;
        let password = password.trim();
        ensure!(
            password.len() >= 16 && !is_known_default(password),
            "--server-password-file: 16 characters or more, and none that everybody knows"
        );
        let pool = database.pool();
        let exists = ask(pool, EXISTS, name, password).await?;
        let words = if exists == "true" { ALTER } else { CREATE };
        let sql = ask(pool, words, name, password).await?;
        // With the role that empties the boxes of ballots, into which requests change for that alone.
        let sql = sql.replace(ROLE, &format!("{ROLE}, {TELLER}"));
        pool.execute_unprepared(&sql).await.context("--server-login: cannot make the login")?;
        Ok(Some(name))
    }
}

const EXISTS: &str = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1 AND $2 <> $3)::text";
const CREATE: &str = "SELECT format('CREATE ROLE %I LOGIN PASSWORD %L IN ROLE %I', $1, $2, $3)";
const ALTER: &str =
    "SELECT format('ALTER ROLE %1$I LOGIN PASSWORD %2$L; GRANT %3$I TO %1$I', $1, $2, $3)";

/// One text, made by the server itself, which knows how names and passwords are quoted.
async fn ask(
    connection: &impl ConnectionTrait,
    sql: &str,
    name: &str,
    password: &str,
) -> anyhow::Result<String> {
    let values = [name.into(), password.into(), ROLE.into()];
    let ask = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    let row = connection.query_one_raw(ask).await?.context("the database gave no answer")?;
    Ok(row.try_get_by_index(0)?)
}
