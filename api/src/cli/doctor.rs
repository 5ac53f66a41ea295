//! `thidua doctor`: what is well, what is not, and what to do about it.
//! Nothing is repaired here.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, ensure};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Statement, TryGetable};

use super::{migrate, out};
use crate::access::{Address, Database};
use crate::config::{Config, Faults};

/// One thing that was looked at.
enum Finding {
    Fine(String),
    Problem { what: String, cure: String },
}

#[derive(Default)]
struct Report(Vec<Finding>);

impl Report {
    fn fine(&mut self, what: impl Into<String>) {
        self.0.push(Finding::Fine(what.into()));
    }

    fn problem(&mut self, what: impl Into<String>, cure: impl Into<String>) {
        self.0.push(Finding::Problem { what: what.into(), cure: cure.into() });
    }

    /// Takes an outcome down: what is well, or the fault with its cure.
    fn take(&mut self, outcome: anyhow::Result<String>, cure: &str) {
        match outcome {
            Ok(what) => self.fine(what),
            Err(fault) => self.problem(format!("{fault:#}"), cure),
        }
    }

    fn print(&self) -> ExitCode {
        let mut problems = 0;
        for finding in &self.0 {
            match finding {
                Finding::Fine(what) => out::line(format!("ok       {what}")),
                Finding::Problem { what, cure } => {
                    problems += 1;
                    out::line(format!("problem  {what}\n         -> {cure}"));
                }
            }
        }
        out::line(match problems {
            0 => "everything is well".to_owned(),
            count => format!("{count} problem(s)"),
        });
        if problems == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

pub(super) async fn run(config: Result<Config, Faults>) -> ExitCode {
    let mut report = Report::default();
    match config {
        Ok(config) => {
            report.fine(format!("configuration; listens on {}", config.bind));
            report.fine(callers(&config));
            report.take(
                data_dir(&config),
                "make the directory writable for this user, or give --data-dir",
            );
            check_keys(&config, &mut report);
            check_database(&config, &mut report).await;
        }
        Err(faults) => {
            for fault in faults.lines() {
                report.problem(fault, "correct the setting; thidua --help lists them all");
            }
        }
    }
    report.print()
}

/// By what callers are told apart, which is wrong behind a proxy that nobody has named.
fn callers(config: &Config) -> String {
    if config.proxies.is_empty() {
        let told = "callers are told apart by the address of their connection";
        return format!("{told}; behind a proxy that is its own: give --trusted-proxies");
    }
    format!("callers behind {} are told apart by the address that it forwards", config.proxies)
}

fn data_dir(config: &Config) -> anyhow::Result<String> {
    let directory = &config.data_dir;
    let shown = directory.display();
    if !directory.exists() {
        return Ok(format!("data directory {shown} is not there yet; the first start makes it"));
    }
    let probe = directory.join(format!(".doctor-{}", std::process::id()));
    std::fs::write(&probe, b"")
        .with_context(|| format!("data directory {shown} is not writable"))?;
    std::fs::remove_file(&probe)?;
    Ok(format!("data directory {shown} is writable"))
}

fn check_keys(config: &Config, report: &mut Report) {
    let own = config.data_dir.join("session-key.pem");
    let signing = config.signing_key_file.clone().unwrap_or(own);
    if config.signing_key_file.is_none() && !signing.exists() {
        report.fine("signing key is not there yet; the first start makes it");
    } else {
        report.take(
            key(&signing),
            "give an Ed25519 key: openssl genpkey -algorithm ed25519 -out FILE",
        );
    }
    if let Some(second) = &config.second_key_file {
        let read =
            std::fs::read(second).with_context(|| format!("second key {}", second.display()));
        report.take(read.map(|_| "second key is readable".to_owned()), "correct --second-key-file");
    }
    let secret = config.data_dir.join("cursor-secret");
    if config.cursor_secret_file.is_none() && !secret.exists() {
        report.fine("cursor secret is not there yet; the first start makes it");
    } else {
        let secret = config.cursor_secret().map(|_| "cursor secret is good".to_owned());
        report.take(secret, "give a file of 32 random bytes, readable only by this user");
    }
}

/// Signs with the key and checks the signature.
fn key(path: &Path) -> anyhow::Result<String> {
    use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, jwk::Jwk};
    let shown = path.display();
    let pem = std::fs::read(path).with_context(|| format!("signing key {shown}"))?;
    let key = EncodingKey::from_ed_pem(&pem).with_context(|| format!("signing key {shown}"))?;
    let token = jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &serde_json::json!({}), &key)?;
    let public = DecodingKey::from_jwk(&Jwk::from_encoding_key(&key, Algorithm::EdDSA)?)?;
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    jsonwebtoken::decode::<serde_json::Value>(token, &public, &validation)
        .with_context(|| format!("signing key {shown} does not check its own signature"))?;
    check_mode(path)?;
    Ok(format!("signing key {shown} signs and checks"))
}

#[cfg(unix)]
fn check_mode(path: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path)?.permissions().mode();
    ensure!(mode.trailing_zeros() >= 6, "{} can be read by others; chmod 600 it", path.display());
    Ok(())
}

#[cfg(not(unix))]
fn check_mode(_path: &Path) -> anyhow::Result<()> {
    Ok(())
}

async fn check_database(config: &Config, report: &mut Report) {
    let url = config.database_url.expose().replace("mode=rwc", "mode=rw");
    let database = match Database::open(&Address { url, connections: 1 }).await {
        Ok(database) => database,
        Err(fault) => return report.problem(unreachable_text(config, &fault), cure(config)),
    };
    report.fine(format!("database {} answers", config.shown_url()));
    let update = "run: thidua migrate up";
    report.take(version(&database).await, "upgrade the server: PostgreSQL 15 or newer");
    report.take(migrations(&database).await, update);
    report.take(tenants(&database).await, update);
    report.take(clock(&database).await, "set the clock (NTP); tokens and dates depend on it");
    if let Err(fault) = database.close().await {
        report.problem(fault.to_string(), "look at the log of the database");
    }
}

fn unreachable_text(config: &Config, fault: &sea_orm::DbErr) -> String {
    format!("database {} does not answer: {fault}", config.shown_url())
}

fn cure(config: &Config) -> String {
    if config.is_embedded() {
        "if this is a new installation, start thidua or run: thidua migrate up".to_owned()
    } else {
        "is the server running, are host, name, user and password of DATABASE_URL right?".to_owned()
    }
}

async fn ask<T: TryGetable>(database: &Database, sql: &str) -> anyhow::Result<T> {
    let pool = database.pool();
    let statement = Statement::from_string(pool.get_database_backend(), sql);
    let row = pool.query_one_raw(statement).await?.context("the database gave no answer")?;
    Ok(row.try_get_by_index(0)?)
}

async fn version(database: &Database) -> anyhow::Result<String> {
    if database.is_postgres() {
        let number: String = ask(database, "SHOW server_version_num").await?;
        let major = number.parse::<u32>().unwrap_or_default() / 10_000;
        ensure!(major >= 15, "PostgreSQL {major} is older than 15");
        return Ok(format!("PostgreSQL {major}"));
    }
    let version: String = ask(database, "SELECT sqlite_version()").await?;
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or_default());
    let pair = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    ensure!(pair >= (3, 40), "SQLite {version} is older than 3.40");
    Ok(format!("SQLite {version}"))
}

async fn migrations(database: &Database) -> anyhow::Result<String> {
    ensure!(migrate::is_current(database).await?, "tables or reference data are not up to date");
    Ok("tables and reference data are up to date".to_owned())
}

async fn tenants(database: &Database) -> anyhow::Result<String> {
    let sql = "SELECT count(*) FROM tenant WHERE valid_to IS NULL AND kind IN ('PROVINCE', 'CITY')";
    let count: i64 = ask(database, sql).await.context("tenants cannot be counted")?;
    ensure!(count >= 34, "{count} of 34 provinces are loaded");
    Ok(format!("{count} provinces are loaded"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "no request is served; the clock itself is looked at"
)]
async fn clock(database: &Database) -> anyhow::Result<String> {
    let now = Utc::now();
    // The day of the first migration: this program did not exist before.
    let built = DateTime::from_timestamp(1_795_219_200, 0).unwrap_or_default();
    ensure!(now > built, "the clock of this machine says {now}: too early");
    if !database.is_postgres() {
        return Ok(format!("clock says {}", now.format("%F %R UTC")));
    }
    let theirs: i64 = ask(database, "SELECT floor(extract(epoch FROM now()))::bigint").await?;
    let apart = (theirs - now.timestamp()).abs();
    ensure!(apart <= 5, "the clocks of this machine and the database are {apart} s apart");
    Ok("clock agrees with the database".to_owned())
}
