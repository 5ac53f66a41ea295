//! The results as Markdown, and the machine they come from.
//! Nothing is measured here.

use std::fmt::Write;
use std::process::Command;
use std::time::Duration;

use harness::ground::Ground;

use crate::load::Measured;
use crate::options::Options;

/// All rounds of one scenario on one database.
pub(crate) struct Outcome {
    pub(crate) scenario: &'static str,
    pub(crate) floor: Vec<Measured>,
    pub(crate) server: Vec<Measured>,
    /// Bytes of a body: of the floor and of the server.
    pub(crate) bytes: (usize, usize),
}

/// Median of the rounds.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    let is_odd = values.len() % 2 == 1;
    Some(if is_odd { upper } else { values[middle - 1].midpoint(upper) })
}

fn of(rounds: &[Measured], value: impl Fn(&Measured) -> Option<f64>) -> Option<f64> {
    median(rounds.iter().map(value).collect::<Option<_>>()?)
}

fn shown(value: Option<f64>, digits: usize) -> String {
    value.map_or("n/a".to_owned(), |value| format!("{value:.digits$}"))
}

fn cpu(round: &Measured) -> Option<f64> {
    let database = round.used.database.unwrap_or_default();
    round.each(round.used.server.map(|server| server + database))
}

/// The table of one database.
pub(crate) fn render(database: &str, outcomes: &[Outcome]) -> String {
    let mut text = format!("\n{database}\n\n");
    text += "| scenario | | requests/s (range) | p50 ms | p99 ms | CPU server us | CPU database us | bytes |\n";
    text += "| --- | --- | --- | --- | --- | --- | --- | --- |\n";
    for outcome in outcomes {
        let lines = [
            ("(a) floor", &outcome.floor, outcome.bytes.0),
            ("(b) GraphQL", &outcome.server, outcome.bytes.1),
        ];
        for (name, rounds, bytes) in lines {
            text += &line(outcome.scenario, name, (rounds, bytes));
        }
    }
    text += "\n| (b)/(a) | requests/s | CPU, server and database | range of the CPU ratio |\n";
    text += "| --- | --- | --- | --- |\n";
    for outcome in outcomes {
        text += &ratios(outcome);
    }
    text
}

fn line(scenario: &str, name: &str, (rounds, bytes): (&[Measured], usize)) -> String {
    let rates = || rounds.iter().map(Measured::rate);
    let least = rates().fold(f64::INFINITY, f64::min);
    let most = rates().fold(0.0, f64::max);
    format!(
        "| {scenario} | {name} | {} ({least:.0}-{most:.0}) | {} | {} | {} | {} | {bytes} |\n",
        shown(of(rounds, |round| Some(round.rate())), 0),
        shown(of(rounds, |round| Some(round.percentile(50))), 2),
        shown(of(rounds, |round| Some(round.percentile(99))), 2),
        shown(of(rounds, |round| round.each(round.used.server)), 0),
        shown(of(rounds, |round| round.each(round.used.database)), 0),
    )
}

/// Of the rounds that stood side by side.
fn ratios(outcome: &Outcome) -> String {
    let pairs = || outcome.floor.iter().zip(&outcome.server);
    let rate = median(pairs().map(|(floor, server)| server.rate() / floor.rate()).collect());
    let cpus: Option<Vec<f64>> =
        pairs().map(|(floor, server)| Some(cpu(server)? / cpu(floor)?)).collect();
    let range = cpus.as_ref().map_or("n/a".to_owned(), |cpus| {
        let least = cpus.iter().copied().fold(f64::INFINITY, f64::min);
        let most = cpus.iter().copied().fold(0.0, f64::max);
        format!("{least:.2}-{most:.2}")
    });
    format!(
        "| {} | {} | {} | {range} |\n",
        outcome.scenario,
        shown(rate, 2),
        shown(cpus.and_then(median), 2)
    )
}

/// Cores that other processes used meanwhile: the median and the most of all rounds.
pub(crate) fn foreign(outcomes: &[Outcome]) -> String {
    let rounds = outcomes.iter().flat_map(|outcome| outcome.floor.iter().chain(&outcome.server));
    let cores = |round: &Measured| {
        round.used.foreign().map(|time: Duration| time.as_secs_f64() / round.seconds)
    };
    let cores: Vec<f64> = rounds.filter_map(cores).collect();
    let most = cores.iter().copied().fold(0.0, f64::max);
    format!(
        "Other processes used {} cores (most in a round: {most:.2}).\n",
        shown(median(cores), 2)
    )
}

/// What the figures come from.
pub(crate) fn machine(options: &Options) -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let processor = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processor.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let model = model.map_or("unknown processor", |(_, model)| model.trim());
    let mut text = format!("{cores} cores, {model}, {}\n", system());
    let Options { scale, clients, rounds, seconds, .. } = options;
    let build = if cfg!(debug_assertions) { "WITHOUT OPTIMISATION" } else { "release build" };
    let _ = writeln!(
        text,
        "{build}, scale {scale}, {clients} connections, {rounds} interleaved rounds of {seconds} s; server, \
         database and load share the cores; medians of the rounds"
    );
    text
}

fn system() -> String {
    let kernel = Command::new("uname").arg("-srm").output().ok();
    let kernel = kernel.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    kernel.unwrap_or_else(|| std::env::consts::OS.to_owned())
}

/// The version of a database.
pub(crate) fn version(ground: &Ground) -> String {
    let (name, sql) = if ground.is_postgres() {
        ("PostgreSQL", "SHOW server_version")
    } else {
        ("SQLite", "SELECT sqlite_version()")
    };
    let rows = ground.query(sql).unwrap_or_default();
    let version = rows.first().and_then(|row| row.try_get_by_index::<String>(0).ok());
    format!("{name} {}", version.unwrap_or_default())
}
