//! The benchmark: a country-like data set on both databases, a hand-written handler (the floor) and our GraphQL
//! over HTTP under the same load in one run. `cargo bench -p tests -- --help` tells the options.
//!
//! The program starts itself again as the server (`serve`, `migrate`, `audit`) and as the floor (`floor`), so that both
//! are built alike. No time is asserted.

#![expect(
    clippy::indexing_slicing,
    reason = "a benchmark that cannot go on panics; nobody is served"
)]

mod casting;
mod cpu;
mod data;
mod floor;
mod load;
mod options;
mod scenario;
mod table;

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use harness::ground::Ground;
use harness::server::{self, Server};
use harness::stage::Backend;
use harness::{postgres, wait};
use sqlx::{AssertSqlSafe, Connection as _};

use cpu::Group;
use data::Targets;
use load::{Measured, Shot, Target};
use options::{Choice, Options};
use scenario::{SCENARIOS, Scenario};
use table::Outcome;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let command = std::env::args().nth(1).unwrap_or_default();
    let done = match command.as_str() {
        "serve" | "migrate" | "audit" => return api::main(),
        "floor" => floor::main(),
        _ => run(&Options::parse()),
    };
    harness::finish();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("{fault:?}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    let program = std::env::current_exe()?;
    server::set_program(&program.to_string_lossy());
    let mut text = table::machine(options);
    for (choice, backend) in
        [(Choice::Sqlite, Backend::Sqlite), (Choice::Postgres, Backend::Postgres)]
    {
        if options.database.is_some_and(|wanted| wanted != choice) {
            continue;
        }
        if backend == Backend::Postgres && !postgres::is_available() {
            eprintln!("{}", postgres::ABSENT);
            continue;
        }
        let arena = Arena::open(backend, options)?;
        if let Some(seconds) = options.profile {
            arena.profile(options, seconds)?;
        } else {
            text += &arena.measure(options)?;
        }
    }
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(())
}

/// The scenarios that are wanted.
fn wanted(options: &Options) -> impl Iterator<Item = &'static Scenario> {
    let part = options.scenario.clone().unwrap_or_default();
    SCENARIOS.iter().filter(move |scenario| scenario.name.contains(&part))
}

/// Both contestants on one filled database.
struct Arena {
    server: Server,
    floor: Floor,
    targets: Targets,
    ground: Ground,
    database: Option<Group>,
    version: String,
}

impl Arena {
    fn open(backend: Backend, options: &Options) -> Result<Self> {
        let Options { scale, awards, .. } = options;
        eprintln!("{backend:?}: loading, scale {scale}, {awards} awards");
        let mut server = Server::start(server::Options { backend, ..Default::default() })?;
        let url = server.database_url()?;
        let ground = Ground::connect(&url)?;
        let targets = data::load(&ground, options)?;
        settle(&ground, &url)?;
        server.restart()?;
        let connections = if ground.is_postgres() { 16 } else { 8 };
        Ok(Self {
            floor: Floor::start(&url, connections)?,
            server,
            targets,
            database: ground.is_postgres().then(|| Group::of_postgres(&ground)).flatten(),
            version: table::version(&ground),
            ground,
        })
    }

    fn addresses(&self) -> Result<(SocketAddr, SocketAddr)> {
        let server = self.server.url();
        let server = server.trim_start_matches("http://").parse().context("no address")?;
        Ok((self.floor.address, server))
    }

    fn contestants(&self, scenario: &Scenario) -> Result<[Target; 2]> {
        let (floor, server) = self.addresses()?;
        let shots = scenario::shots(scenario, &self.targets, (floor, server))?;
        Ok([
            self.target(floor, self.floor.child.id(), shots.floor),
            self.target(server, self.process()?, shots.server),
        ])
    }

    fn target(&self, address: SocketAddr, process: u32, shots: Vec<Shot>) -> Target {
        Target { address, process, database: self.database, shots }
    }

    fn process(&self) -> Result<u32> {
        self.server.process().context("the server ended")
    }

    fn measure(&self, options: &Options) -> Result<String> {
        let mut outcomes = Vec::new();
        for scenario in wanted(options) {
            outcomes.push(self.scenario(scenario, options)?);
        }
        if casting::NAME.contains(options.scenario.as_deref().unwrap_or_default()) {
            outcomes.push(casting::measure(self, options)?);
        }
        let text = table::render(&self.version, &outcomes);
        Ok(format!("{text}\n{}", table::foreign(&outcomes)))
    }

    fn scenario(&self, scenario: &'static Scenario, options: &Options) -> Result<Outcome> {
        let contestants = self.contestants(scenario)?;
        eprintln!("{}: {} (both answer the same)", scenario.name, scenario.what);
        let time = Duration::from_secs_f64(options.seconds);
        for target in &contestants {
            load::run(target, options.clients, time.mul_f64(0.5))?;
        }
        let [mut floor, mut server] = [Vec::new(), Vec::new()];
        for round in 1..=options.rounds {
            // Signed in anew: the rounds of a floor that takes minutes outlast a token.
            let contestants = self.contestants(scenario)?;
            floor.push(load::run(&contestants[0], options.clients, time)?);
            server.push(load::run(&contestants[1], options.clients, time)?);
            let rate = |rounds: &[Measured]| rounds.last().map_or(0.0, Measured::rate);
            eprintln!("  round {round}: {:.0} and {:.0} requests/s", rate(&floor), rate(&server));
        }
        let bytes = |shots: &[Shot]| shots.first().map_or(0, |shot| shot.length);
        let bytes = (bytes(&contestants[0].shots), bytes(&contestants[1].shots));
        Ok(Outcome { scenario: scenario.name, floor, server, bytes })
    }

    fn profile(&self, options: &Options, seconds: f64) -> Result<()> {
        for scenario in wanted(options) {
            let contestants = self.contestants(scenario)?;
            let target = &contestants[usize::from(!options.floor)];
            eprintln!(
                "{}: under load; meanwhile: perf record -F 997 -g -p {} -- sleep 5 && perf report --no-children",
                scenario.name, target.process
            );
            let time = Duration::from_secs_f64(seconds);
            let measured = load::run(target, options.clients, time)?;
            eprintln!("  {:.0} requests/s", measured.rate());
        }
        Ok(())
    }
}

/// Brings statistics and files to where they are in a database that has been in use for a while.
fn settle(ground: &Ground, url: &str) -> Result<()> {
    if !ground.is_postgres() {
        ground.query("PRAGMA wal_checkpoint(TRUNCATE)")?;
        return Ok(());
    }
    // A connection of its own: those of the pool end statements that take long.
    wait(async {
        let mut connection = sqlx::PgConnection::connect(url).await?;
        sqlx::raw_sql(AssertSqlSafe("VACUUM (ANALYZE)".to_owned()))
            .execute(&mut connection)
            .await?;
        connection.close().await?;
        Ok(())
    })
}

/// The process of the floor; it ends with its standard input.
struct Floor {
    child: Child,
    address: SocketAddr,
}

impl Floor {
    fn start(url: &str, connections: u32) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["floor", "--url", url, "--connections", &connections.to_string()]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        ensure!(!line.is_empty(), "the floor does not start");
        let port: u16 = line.trim().parse().context("no port")?;
        Ok(Self { child, address: SocketAddr::from(([127, 0, 0, 1], port)) })
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
