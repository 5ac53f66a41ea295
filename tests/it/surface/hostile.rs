//! Hostile documents, made by a generator from a seed: each is answered or refused within bounds that are recorded.
//! The server runs under a limit of memory, so that a fault here cannot take the machine.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use entity::role_grant::Role;
use harness::client::{Answer, Client};
use harness::server::{Options, Server};
use harness::stage::{Case, Stage};
use harness::world::World;
use harness::{cases, setting};
use serde_json::{Value, json};

use super::leaks;
use super::shapes::{Random, hostile};
use crate::pace::percentile;

pub(crate) fn cases() -> Vec<Case> {
    cases![hostile_documents_stay_within_bounds]
}

/// Documents of a run; `TEST_DOCUMENTS` says otherwise.
const DOCUMENTS: usize = 2_000;
const SEED: u64 = 0x7468_6964_7561;
/// Address space of the server: a document that wants more ends it, and the test.
const MEMORY: u64 = 4 << 30;
/// Most SQL statements of one document: a query has up to 30 root fields, and one that is asked for twice runs twice.
const STATEMENTS: u32 = 100;
/// Most bytes of an answer.
const BYTES: usize = 1 << 20;
/// Most memory the server may have grown by at the end, in KiB: caches are bounded.
const GROWTH: u64 = 96 << 10;
/// Processor time of one document, in times of the calibration's plain document.
const TIMES: u32 = 400;

/// What the server used so far: processor time in ticks of a hundredth of a second, and memory in KiB.
fn used(server: &Server) -> (u64, u64) {
    let id = server.process().unwrap();
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
    let after = stat.rsplit_once(')').unwrap().1;
    let field = |at: usize| after.split_whitespace().nth(at).unwrap().parse::<u64>().unwrap();
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    (field(11) + field(12), resident.trim().trim_end_matches(" kB").parse().unwrap())
}

/// Processor time of the server in nanoseconds: the sum over its threads, finer than ticks.
fn nanoseconds(server: &Server) -> u64 {
    let id = server.process().unwrap();
    let threads = fs::read_dir(format!("/proc/{id}/task")).unwrap().filter_map(Result::ok);
    let run = threads.filter_map(|thread| fs::read_to_string(thread.path().join("schedstat")).ok());
    run.filter_map(|text| text.split(' ').next()?.parse::<u64>().ok()).sum()
}

/// What was seen over all documents.
#[derive(Default)]
struct Record {
    times: Vec<u64>,
    statements: Vec<u32>,
    bytes: Vec<usize>,
    ran: usize,
}

impl Record {
    fn note(&mut self, server: &Server, client: &Client, (text, variables): &(String, Value)) {
        let before = nanoseconds(server);
        let answer = client.run(text, variables.clone());
        self.times.push(nanoseconds(server).saturating_sub(before));
        let sent = text.len() + variables.to_string().len();
        self.check(&answer, sent, text);
        self.bytes.push(answer.text.len());
        self.statements.push(answer.statements());
        self.ran += usize::from(answer.status == 200);
    }

    fn check(&self, answer: &Answer, sent: usize, text: &str) {
        assert!(answer.status < 500, "{}: {text:.500}\n{answer:.500}", self.times.len());
        assert!(answer.body.is_object(), "{}: {text:.500}\n{answer:.500}", self.times.len());
        assert!(
            answer.statements() <= STATEMENTS,
            "{}: {} statements: {text:.500}",
            self.times.len(),
            answer.statements()
        );
        assert!(
            answer.text.len() <= BYTES,
            "{}: {} bytes for {sent}: {text:.500}",
            self.times.len(),
            answer.text.len()
        );
        if answer.status != 200 {
            assert!(
                answer.text.len() <= 16 << 10,
                "{} bytes of refusal: {text:.500}",
                answer.text.len()
            );
            assert_eq!(leaks(answer, text), [""; 0], "{text:.500}\n{answer:.500}");
        }
    }
}

fn hostile_documents_stay_within_bounds(stage: &Stage) {
    let server = stage.own_server(Options { demo: true, development: true, ..Options::default() });
    let World { a, .. } = World::on(&server);
    let limit = format!("--as={MEMORY}");
    let id = server.process().unwrap().to_string();
    assert!(
        Command::new("prlimit")
            .args(["--pid", &id, &limit])
            .status()
            .is_ok_and(|status| status.success())
    );
    let officer = a.sign_in(&server, Role::StandingOfficer);
    let plain = ("{ viewer { displayName tenant { slug } } }".to_owned(), json!({}));
    let (mut calibration, mut record) = (Record::default(), Record::default());
    (0..200).for_each(|_| calibration.note(&server, &officer, &plain));
    let (_, memory) = used(&server);
    let count = setting("TEST_DOCUMENTS").map_or(DOCUMENTS, |count| count.parse().unwrap());
    let (mut random, begun) = (Random::new(SEED), Instant::now());

    for _ in 0..count {
        record.note(&server, &officer, &hostile(&mut random));
    }

    let growth = used(&server).1.saturating_sub(memory);
    report(stage, &mut record, (&mut calibration, growth, begun.elapsed()));
    let (most, usual) = (percentile(&record.times, 100), percentile(&calibration.times, 50));
    assert!(growth <= GROWTH, "the server has grown by {growth} KiB");
    assert!(
        most <= usual * u64::from(TIMES),
        "{most} ns for one document, {usual} for a plain one"
    );
    assert!(record.ran > count / 20 && record.ran < count, "{} of {count} ran", record.ran);
    officer.run("{ viewer { displayName } }", json!({})).ok();
}

fn report(
    stage: &Stage,
    record: &mut Record,
    (calibration, growth, time): (&mut Record, u64, Duration),
) {
    eprintln!(
        "{:?}: {} hostile documents in {:.0} s, {} ran; server CPU p50 {} us, p99 {} us, most {} us (a plain one: {} us); \
         SQL p99 {}, most {}; answer p99 {} bytes, most {}; memory grew by {growth} KiB",
        stage.backend,
        record.times.len(),
        time.as_secs_f64(),
        record.ran,
        percentile(&record.times, 50) / 1_000,
        percentile(&record.times, 99) / 1_000,
        percentile(&record.times, 100) / 1_000,
        percentile(&calibration.times, 50) / 1_000,
        percentile(&record.statements, 99),
        percentile(&record.statements, 100),
        percentile(&record.bytes, 99),
        percentile(&record.bytes, 100),
    );
}
