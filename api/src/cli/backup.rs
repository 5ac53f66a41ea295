//! `thidua backup`: a copy of the embedded database while it is being written to.
//! PostgreSQL has tools of its own for this.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use clap::Args;
use sea_orm::{ConnectionTrait, Statement, Value};

use super::out;
use crate::access::{Address, Database};
use crate::config::Config;

#[derive(Args, Debug)]
pub(super) struct Backup {
    /// Where the copy goes; nothing may be there yet
    file: PathBuf,
}

pub(super) async fn run(config: &Config, wish: Backup) -> anyhow::Result<()> {
    if !config.is_embedded() {
        bail!(
            "PostgreSQL is copied by its own tools: pg_dump --format=custom --file={} (see the README)",
            wish.file.display()
        );
    }
    let url = config.database_url.expose().replace("mode=rwc", "mode=rw");
    // One connection: what is attached is seen by the statement after it.
    let opened = Database::open(&Address { url, connections: 1 }).await;
    let database = opened.with_context(|| {
        format!("cannot open the database {}; see thidua doctor", config.shown_url())
    })?;
    reserve(&wish.file)?;
    let copied = copy(&database, &wish.file).await;
    database.close().await?;
    if copied.is_err() {
        drop(std::fs::remove_file(&wish.file));
    }
    copied?;
    let bytes = std::fs::metadata(&wish.file)?.len();
    out::line(format!("{}: {bytes} bytes, checked", wish.file.display()));
    Ok(())
}

/// Makes the file, empty and for nobody else.
fn reserve(path: &Path) -> anyhow::Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).with_context(|| format!("cannot write {}", path.display()))
}

/// Copies one moment of the database, checks the copy and makes sure that it is on the disk.
async fn copy(database: &Database, path: &Path) -> anyhow::Result<()> {
    let name = path.to_str().context("the name of the file is not Unicode")?;
    let pool = database.pool();
    let with_name = |sql: &str| {
        let name = Value::from(name.to_owned());
        Statement::from_sql_and_values(pool.get_database_backend(), sql, [name])
    };
    pool.execute_raw(with_name("VACUUM INTO $1")).await.context("the copy failed")?;
    pool.execute_raw(with_name("ATTACH DATABASE $1 AS copy")).await?;
    for check in ["PRAGMA copy.integrity_check", "PRAGMA copy.foreign_key_check"] {
        let statement = Statement::from_string(pool.get_database_backend(), check);
        let rows = pool.query_all_raw(statement).await?;
        let first = rows.first().map(|row| row.try_get_by_index::<String>(0)).transpose()?;
        ensure!(first.as_deref().is_none_or(|found| found == "ok"), "{check}: {first:?}");
    }
    pool.execute_unprepared("DETACH DATABASE copy").await?;
    File::open(path)?.sync_all()?;
    Ok(())
}
