//! Starts what the end-to-end tests stand on: a PostgreSQL cluster, the real server, clients, and worlds of rows.
//! No assertion about a domain enters here; those are the cases of `it`.
//!
//! A case is a function of a [`stage::Stage`]; the stage knows the database of this round, lends the shared server
//! with the demo, and starts servers and databases for those who break things. Every process and folder is
//! removed when its owner is dropped, when a case panics, and when the run is interrupted.

#![expect(
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::similar_names,
    clippy::unwrap_used,
    reason = "a test that cannot go on panics; the runner reports it"
)]

use std::future::Future;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

pub mod client;
pub mod ground;
pub mod people;
pub mod postgres;
mod process;
pub mod proxy;
pub mod server;
pub mod socket;
pub mod stage;
pub mod world;

/// Waits for a future: cases are plain functions.
pub fn wait<F: Future>(work: F) -> F::Output {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    let build = || Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    RUNTIME.get_or_init(build).block_on(work)
}

/// A setting of the test run: `TEST_DATABASE_URL`, `TEST_POSTGRES`, `TEST_KILLS` or the size of a case.
#[expect(
    clippy::disallowed_methods,
    reason = "the settings of the tests are not those of the server"
)]
#[must_use]
pub fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A size of the test run: of this setting, or the usual one.
#[must_use]
pub fn size(name: &str, usual: usize) -> usize {
    setting(name).map_or(usual, |size| size.parse().unwrap())
}

/// Removes everything shared; the last thing of a run.
pub fn finish() {
    stage::release();
    postgres::release();
}

/// A lock that a panicking case has not made unusable for the others.
fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A TCP port of the loopback that was free a moment ago.
fn free_port() -> std::io::Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// The last lines of a text.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(40)..).unwrap_or_default().join("\n")
}

/// The time between two looks at something that is starting.
const LOOK: Duration = Duration::from_millis(50);
