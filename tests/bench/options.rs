//! The command line of the benchmark.
//! Nothing is measured here.

use clap::{Parser, ValueEnum};

/// Loads a country-like data set, then measures a hand-written handler (the floor) and our GraphQL over HTTP.
#[derive(Clone, Debug, Parser)]
#[command(name = "load", bin_name = "cargo bench -p tests --")]
pub(crate) struct Options {
    /// Size of the data set; 1 is the country: 34 provinces, 3,000 communes, 20,000 offices, 1,000 clusters
    /// with a year of scores, 200,000 submissions
    #[arg(long, default_value_t = 0.05)]
    pub(crate) scale: f64,
    /// Awards in the registries of all provinces together, over ten years
    #[arg(long, default_value_t = 20_000)]
    pub(crate) awards: usize,
    /// Ballots on which each of the council's eight members votes in a round of the scenario `casting`
    #[arg(long, default_value_t = 40)]
    pub(crate) votes: usize,
    /// Connections that are kept alive and busy, one thread each
    #[arg(long, default_value_t = 8)]
    pub(crate) clients: usize,
    /// Rounds; each measures every contestant once
    #[arg(long, default_value_t = 5)]
    pub(crate) rounds: usize,
    /// Seconds one contestant is under load in one round
    #[arg(long, default_value_t = 3.0)]
    pub(crate) seconds: f64,
    /// Which database; both when absent
    #[arg(long, value_enum)]
    pub(crate) database: Option<Choice>,
    /// Which scenarios, by a part of their name; all when absent
    #[arg(long, value_name = "NAME")]
    pub(crate) scenario: Option<String>,
    /// Keep one contestant under load for so many seconds and say how to profile it; with --scenario
    #[arg(long, value_name = "SECONDS")]
    pub(crate) profile: Option<f64>,
    /// With --profile: the floor in place of the server
    #[arg(long)]
    pub(crate) floor: bool,
    /// Given by `cargo bench`; means nothing
    #[arg(long, hide = true)]
    bench: bool,
}

impl Options {
    /// Open ballots that casting needs: each contestant has its own, in every round and before the first.
    pub(crate) fn ballots(&self) -> usize {
        (self.rounds + 1) * 2 * self.votes
    }
}

/// A database to be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Choice {
    /// Embedded.
    Sqlite,
    /// In production; by `TEST_DATABASE_URL`, else a cluster of its own.
    Postgres,
}
