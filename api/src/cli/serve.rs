//! `thidua serve`: everything that has to be true before requests are answered.
//! No request is answered here.

use std::net::{SocketAddr, TcpListener};

use anyhow::Context;
use clap::Args;

use super::{demo, migrate, open, out};
use crate::access::Database;
use crate::config::Config;
use crate::demo::Content;

#[derive(Args, Clone, Debug, Default)]
pub(super) struct Flags {
    /// Print the effective configuration as TOML, secrets masked, and stop
    #[arg(long)]
    print_config: bool,
    /// Do not change the tables; refuse to start when the database is not up to date
    #[arg(long)]
    no_migrate: bool,
}

pub(super) async fn run(config: Config, flags: Flags) -> anyhow::Result<()> {
    if flags.print_config {
        return Ok(out::text(&config.to_toml())?);
    }
    check_address(&config)?;
    let database = open(&config).await?;
    migrate::ensure(&database, !flags.no_migrate).await?;
    let content = fill(&config, &database).await?;
    if content == Some(Content::Demo) && !config.bind.ip().is_loopback() {
        tracing::warn!(
            "everybody knows the password of the demo's accounts, and others reach this server"
        );
    }
    if database.is_postgres() {
        let wall = database.check_wall().await;
        match wall {
            Err(fault) if config.development => tracing::warn!("{fault:#}"),
            wall => wall?,
        }
    }
    crate::app::serve(config, database, |address| greet(address, content)).await
}

/// Finds out early that the address is taken: before tables are made and the demo is loaded.
fn check_address(config: &Config) -> anyhow::Result<()> {
    for bind in std::iter::once(config.bind).chain(config.metrics_bind) {
        drop(TcpListener::bind(bind).with_context(|| {
            format!("cannot listen on {bind}; choose another address with --bind or --metrics-bind")
        })?);
    }
    Ok(())
}

/// Loads the demo where it may load by itself: empty, embedded, and reached by nobody else. Tells what the database
/// holds; a server's login does not see the rows of tenants, so of PostgreSQL it tells nothing.
async fn fill(config: &Config, database: &Database) -> anyhow::Result<Option<Content>> {
    if database.is_postgres() {
        return Ok(None);
    }
    let content = crate::demo::content(database.pool()).await?;
    let may_load = config.demo && config.is_embedded() && config.bind.ip().is_loopback();
    if content != Content::Nothing || !may_load {
        return Ok(Some(content));
    }
    demo::load(database).await?;
    Ok(Some(Content::Demo))
}

fn greet(address: SocketAddr, content: Option<Content>) {
    out::line(format!("\nThi Đua: http://{address}/"));
    match content {
        Some(Content::Demo) => out::line(demo::SIGN_INS),
        Some(Content::Nothing) => out::line(
            "Chưa có người dùng / no user yet: thidua user create --help, or thidua demo load",
        ),
        Some(Content::Other) | None => {}
    }
}
