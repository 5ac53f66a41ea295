//! The command line: what is typed, and which room does it.
//! No work enters here; each command has a file of its own.

#![expect(
    clippy::doc_markdown,
    reason = "these comments are the help text of the command line, shown as they stand"
)]

mod audit;
mod backup;
mod demo;
mod doctor;
mod log;
mod login;
mod migrate;
mod out;
mod schema;
mod serve;
mod user;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::access::Database;
use crate::config::{Config, Options};

const EXAMPLES: &str = "\
Examples:
  thidua                                  start on http://127.0.0.1:8080 with SQLite and the demo
  thidua --bind 127.0.0.1:9000 --no-demo  another port, an empty database
  DATABASE_URL=postgres://thidua:SECRET@db/thidua thidua --bind 0.0.0.0:8080
                                          PostgreSQL 15 or newer, for others to reach
  thidua serve --print-config             show what is in force, secrets masked
  thidua doctor                           check everything and say what to do
  thidua user create --tenant lai_chau --username an.nguyen \\
    --display-name 'Nguyễn An' --role TENANT_ADMINISTRATOR < password.txt

Settings come from flags, then from the environment (THIDUA_BIND for --bind, and so on), then from a
TOML file with the names of the flags: --config, else thidua.toml in the data directory.
";

const USER_EXAMPLES: &str = "\
Examples:
  thidua user create --tenant central --username an.nguyen --display-name 'Nguyễn An' \\
    --role CENTRAL_OFFICER
  thidua user create --tenant lai_chau --username binh.lo --display-name 'Lò Bình' \\
    --role UNIT_OFFICER --unit vp-ubnd < password.txt
  thidua user create --tenant quang_tri --username chi.tran --display-name 'Trần Chi' \\
    --role CLUSTER_COORDINATOR --cluster 351
";

const AUDIT_EXAMPLES: &str = "\
Examples:
  thidua audit checkpoint > 2026-11-21.note     keep it where the server cannot reach it
  thidua audit export --output audit.jsonl
  thidua audit verify audit.jsonl --key thidua/audit+1a2b3c4d+AbC... --checkpoint 2026-11-21.note
";

/// Thi Đua: a GraphQL API for emulation and commendation.
///
/// Without a command it serves.
#[derive(Debug, Parser)]
#[command(name = "thidua", version, after_help = EXAMPLES)]
struct Cli {
    /// Configuration file [env: THIDUA_CONFIG] [default: thidua.toml of the data directory, if present]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    serve: serve::Flags,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API (what `thidua` does without a command)
    Serve(serve::Flags),
    /// Bring the database up to date, or say how it stands
    #[command(subcommand)]
    Migrate(migrate::Command),
    /// The demo: real clusters and titles, invented people and scores
    #[command(subcommand)]
    Demo(demo::Command),
    /// The sealed audit log: write it out, check it offline, print its newest checkpoint
    #[command(subcommand, after_help = AUDIT_EXAMPLES)]
    Audit(audit::Command),
    /// Copy the embedded database while it is being written to, and check the copy
    Backup(backup::Backup),
    /// Print the GraphQL schema (SDL)
    Schema,
    /// Manage users where there is nobody yet to do it over the API
    #[command(subcommand, after_help = USER_EXAMPLES)]
    User(user::Command),
    /// Check configuration, directory, database, keys and clock, and say what to do
    Doctor,
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    run(cli).unwrap_or_else(|fault| {
        out::fault(&fault);
        ExitCode::FAILURE
    })
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let config = || Config::load(cli.options.clone(), cli.config.clone());
    let command = cli.command.unwrap_or(Command::Serve(cli.serve));
    if matches!(command, Command::Schema) {
        schema::print()?;
        return Ok(ExitCode::SUCCESS);
    }
    if matches!(command, Command::Doctor) {
        return Ok(system().block_on(doctor::run(config())));
    }
    if let Command::Audit(audit::Command::Verify(wish)) = &command {
        audit::verify(wish)?;
        return Ok(ExitCode::SUCCESS);
    }
    let config = config()?;
    log::start(&config);
    let work = async {
        match command {
            Command::Serve(flags) => serve::run(config, flags).await,
            Command::Migrate(command) => migrate::run(&config, command).await,
            Command::Demo(command) => demo::run(&config, command).await,
            Command::Audit(command) => audit::run(&config, command).await,
            Command::Backup(wish) => backup::run(&config, wish).await,
            Command::User(command) => user::run(&config, command).await,
            Command::Schema | Command::Doctor => Ok(()),
        }
    };
    system().block_on(work)?;
    Ok(ExitCode::SUCCESS)
}

fn system() -> actix_web::rt::SystemRunner {
    actix_web::rt::System::new()
}

/// Opens the database of a configuration; makes the data directory when it is missing.
async fn open(config: &Config) -> anyhow::Result<Database> {
    use anyhow::Context;
    config
        .make_data_dir()
        .with_context(|| format!("cannot make the data directory {}", config.data_dir.display()))?;
    let opened = Database::open(&config.address()).await;
    opened.with_context(|| {
        format!("cannot open the database {}; see thidua doctor", config.shown_url())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Cli {
        Cli::try_parse_from(std::iter::once("thidua").chain(words.iter().copied())).unwrap()
    }

    #[test]
    fn the_command_line_is_sound() {
        <Cli as clap::CommandFactory>::command().debug_assert();
    }

    #[test]
    fn a_flag_may_stand_before_or_after_the_command() {
        for words in [["--workers", "2", "serve"], ["serve", "--workers", "2"]] {
            assert_eq!(parse(&words).options.workers, Some(2));
        }
    }

    #[test]
    fn a_switch_may_be_turned_off() {
        assert_eq!(parse(&["--development"]).options.development, Some(true));
        assert_eq!(parse(&["--development=false"]).options.development, Some(false));
        assert_eq!(parse(&["--no-demo", "serve"]).options.no_demo, Some(true));
        assert_eq!(parse(&[]).options.no_demo, None);
    }

    #[test]
    fn the_password_of_a_flag_is_not_shown() {
        let cli = parse(&["--database-url", "postgres://u:hidden@db/t"]);
        assert!(!format!("{cli:?}").contains("hidden"));
    }
}
