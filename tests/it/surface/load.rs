//! More than can be done at once: what is accepted is done, the rest is refused early, and afterwards all is well.

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use entity::role_grant::Role;
use harness::client::{Answer, Client};
use harness::ground::Ground;
use harness::server::{Options, Server};
use harness::stage::{Case, Stage};
use harness::world::World;
use harness::{cases, wait};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde_json::json;

use super::{assert_refused, count, create};
use crate::pace::{at_rate, percentile};

pub(crate) fn cases() -> Vec<Case> {
    cases![a_full_line_refuses_early_and_moves_on, a_burst_beyond_capacity_is_shed_and_forgotten]
}

/// The table of units, locked by somebody else: on SQLite every write waits, on PostgreSQL all that touches units.
pub(super) struct Locked {
    transaction: Option<DatabaseTransaction>,
    _ground: Ground,
}

impl Locked {
    pub(super) fn units(server: &Server) -> Self {
        let ground = Ground::connect(&server.database_url().unwrap()).unwrap();
        let transaction = wait(ground.begin()).unwrap();
        if ground.is_postgres() {
            let lock = "LOCK TABLE unit IN ACCESS EXCLUSIVE MODE";
            wait(transaction.execute_unprepared(lock)).unwrap();
        }
        Self { transaction: Some(transaction), _ground: ground }
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        if let Some(transaction) = self.transaction.take() {
            wait(transaction.rollback()).unwrap();
        }
    }
}

fn with_places(stage: &Stage, reads: u32, writes: u32) -> Server {
    let variables = [("READS", reads), ("WRITES", writes)]
        .map(|(name, places)| (format!("THIDUA_CONCURRENT_{name}"), places.to_string()));
    stage.own_server(Options { demo: true, variables: variables.into(), ..Options::default() })
}

#[track_caller]
fn assert_shed(answer: &Answer) {
    assert_eq!(answer.status, 503, "{answer}");
    assert_refused(answer, "OVERLOADED", "");
    assert_eq!(answer.header("retry-after"), Some("1"), "{answer}");
}

/// Nothing moves while the table is locked: whoever finds no place in the line is answered before it moves again.
fn a_full_line_refuses_early_and_moves_on(stage: &Stage) {
    const PLACES: usize = 2 + 32;
    const ASKED: usize = PLACES + 16;
    let server = with_places(stage, 8, 2);
    let World { a, .. } = World::on(&server);
    let (officer, parent) = (a.sign_in(&server, Role::StandingOfficer), a.office.to_string());
    let codes: Vec<String> = (0..ASKED).map(|at| format!("crowd-{at}")).collect();
    let locked = Locked::units(&server);
    let (sender, answers) = mpsc::channel();

    let (done, shed) = thread::scope(|scope| {
        for code in &codes {
            let (sender, officer, parent) = (sender.clone(), &officer, &parent);
            scope.spawn(move || sender.send(create(officer, parent, code)).unwrap());
        }
        let early: Vec<Answer> = answers.iter().take(ASKED - PLACES).collect();
        early.iter().for_each(assert_shed);
        // Readers have a line of their own.
        officer.run("{ tenants(first: 1) { totalCount } }", json!({})).ok();
        drop(locked);
        let late: Vec<Answer> = answers.iter().take(PLACES).collect();
        let (done, shed): (Vec<_>, Vec<_>) =
            late.into_iter().partition(|answer| answer.status == 200);
        shed.iter().for_each(assert_shed);
        (done.len(), early.len() + shed.len())
    });

    assert!(done >= 2 && done + shed == ASKED, "{done} done, {shed} refused");
    assert_eq!(
        count(&officer, &codes),
        i64::try_from(done).unwrap(),
        "what was refused was not run"
    );
    for at in 0..20 {
        create(&officer, &parent, &format!("calm-{at}")).ok();
    }
    eprintln!("{ASKED} writes at once, {PLACES} places: {done} done, {shed} refused");
}

const READ: &str = "{ units(first: 50) { totalCount nodes { id name parent { name } } } }";

/// How many reads a second a few callers get done who wait for their answers, in this time.
fn capacity(client: &Client, time: Duration) -> f64 {
    let begun = Instant::now();
    let done: usize = thread::scope(|scope| {
        let readers: Vec<_> = (0..4).map(|_| scope.spawn(|| read(client, begun + time))).collect();
        readers.into_iter().map(|reader| reader.join().unwrap()).sum()
    });
    f64::from(u32::try_from(done).unwrap()) / begun.elapsed().as_secs_f64()
}

fn read(client: &Client, until: Instant) -> usize {
    std::iter::from_fn(|| (Instant::now() < until).then(|| client.run(READ, json!({})).ok()))
        .count()
}

/// At most 128 requests are under way at a time; far more than there are places.
fn a_burst_beyond_capacity_is_shed_and_forgotten(stage: &Stage) {
    let server = with_places(stage, 2, 2);
    let World { a, .. } = World::on(&server);
    let officer = a.sign_in(&server, Role::StandingOfficer);
    let calm = capacity(&officer, Duration::from_secs(1));

    let time = Duration::from_secs(3);
    let answers = at_rate(calm * 5.0, time, |_| officer.run(READ, json!({})));

    let (done, shed): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|(answer, _)| answer.status == 200);
    for (answer, _) in &shed {
        assert_shed(answer);
    }
    assert!(done.iter().all(|(answer, _)| answer.top_codes().is_empty()));
    let goodput = f64::from(u32::try_from(done.len()).unwrap()) / time.as_secs_f64();
    let after = capacity(&officer, Duration::from_secs(1));
    eprintln!(
        "{:?}: {calm:.0} reads/s alone; at 5 times that {goodput:.0} done, {} of {} refused; done p50 {:?}, p99 {:?}, \
         refused p99 {:?}; {after:.0} reads/s afterwards",
        stage.backend,
        shed.len(),
        shed.len() + done.len(),
        percentile(&times(&done), 50),
        percentile(&times(&done), 99),
        percentile(&times(&shed), 99),
    );
    assert!(!done.is_empty() && !shed.is_empty(), "{} done, {} refused", done.len(), shed.len());
}

fn times(answers: &[(Answer, Duration)]) -> Vec<Duration> {
    answers.iter().map(|(_, time)| *time).collect()
}
