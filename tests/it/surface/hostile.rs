//! Hostile documents, made by a generator from a seed: each is answered or refused within bounds that are recorded.
//! The server runs under a limit of memory, so that a fault here cannot take the machine.

use std::fmt::Write;
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

use super::{documents, leaks};

pub(crate) fn cases() -> Vec<Case> {
    cases![hostile_documents_stay_within_bounds]
}

/// Documents of a run; `TEST_DOCUMENTS` says otherwise.
const DOCUMENTS: usize = 2_000;
const SEED: u64 = 0x7468_6964_7561;
/// Longest document.
const LONGEST: usize = 64 << 10;
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

/// xorshift*: the same documents on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(high).unwrap() % end.max(1)
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    /// A number whose length is as likely as any other: many small ones, a few huge.
    fn scale(&mut self, most: usize) -> usize {
        let bits = usize::try_from(most.ilog2()).unwrap() + 1;
        let top = 1_usize << (self.below(bits) + 1);
        self.below(top.min(most)) + 1
    }
}

const FIELDS: [&str; 12] = [
    "__typename",
    "viewer{displayName}",
    "units(first:100){nodes{id name}}",
    "units{totalCount}",
    "submissions(first:50){nodes{id allowedActions{action allowed}}}",
    "clusters{nodes{id name}}",
    "tenants(first:100){nodes{slug}}",
    "awardTypes(first:100){nodes{code}}",
    "users{nodes{id}}",
    "auditEvents(first:100){nodes{id}}",
    "rateLimit{cost}",
    "nope",
];
const LETTERS: [&str; 10] =
    ["a", "\u{301}", "\u{202e}", "🦀", "\u{feff}", "\u{0}", "Đ", "\\u0000", "\\\"", "\u{2028}"];

/// One document of a kind that hurts, and its variables.
fn hostile(random: &mut Random) -> (String, Value) {
    let kind = random.below(10);
    let size = random.scale(4_000);
    let variables = if kind == 6 { bomb_of_variables(random, size) } else { json!({}) };
    let text = match kind {
        0 => aliases(random, size),
        1 => fragments(random),
        2 => format!("{{__typename {}}}", directives(random, size)),
        3 => lists(random),
        4 => literal(random, size),
        5 => unicode(random, size),
        6 => "query($where: UnitWhere, $first: Int){units(where:$where,first:$first){totalCount nodes{id}}}".to_owned(),
        7 => operations(random, size),
        8 => introspection(random),
        _ => broken(random, size),
    };
    let end =
        (0..=LONGEST.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    (text[..end].to_owned(), variables)
}

fn aliases(random: &mut Random, size: usize) -> String {
    let fields = (0..size).fold(String::new(), |mut text, at| {
        let field = random.pick(&FIELDS);
        write!(text, "a{at}:{field} ").unwrap();
        text
    });
    format!("{{{fields}}}")
}

fn fragments(random: &mut Random) -> String {
    if random.below(8) == 0 {
        return documents::bomb();
    }
    let (levels, times) = (random.scale(40), random.scale(30));
    let mut text = "{...f0} ".to_owned();
    for at in 0..levels {
        let spreads = format!("...f{} ", at + 1 - random.below(30) / 29 * (at + 1)).repeat(times);
        write!(text, "fragment f{at} on Query{{{spreads}{}}} ", random.pick(&FIELDS)).unwrap();
    }
    text + &format!("fragment f{levels} on Query{{{}}}", random.pick(&FIELDS))
}

fn directives(random: &mut Random, size: usize) -> String {
    let one = ["@include(if:true)", "@skip(if:false)", "@deprecated", "@a", "@oneOf"];
    (0..size).map(|_| random.pick(&one)).collect()
}

fn lists(random: &mut Random) -> String {
    let steps = [
        "children",
        "ancestors",
        "parent",
        "tenant{successors",
        "predecessors",
        "units(first:100){nodes",
        "cells",
        "nodes",
        "edges{node",
    ];
    let levels = random.scale(40);
    let (mut open, mut close) = ("{units(first:100){nodes{".to_owned(), "}}}".to_owned());
    for _ in 0..levels {
        let step = random.pick(&steps);
        write!(open, "{step}{{").unwrap();
        close.push_str(&"}".repeat(1 + step.matches('{').count()));
    }
    format!("{open}id {}{close}", "name ".repeat(random.scale(200)))
}

fn literal(random: &mut Random, size: usize) -> String {
    let value = match random.below(5) {
        0 => "[".repeat(size) + &"]".repeat(size),
        1 => "{and:[".repeat(size) + &"]}".repeat(size),
        2 => format!("{{code:{{in:[{}]}}}}", "\"x\",".repeat(size)),
        3 => format!("{{name:{{contains:\"\"\"{}\"\"\"}}}}", "%_".repeat(size)),
        _ => format!("{{or:[{}]}}", "{code:{eq:\"a\"}},".repeat(size)),
    };
    format!("{{units(where:{value}){{totalCount}}}}")
}

fn unicode(random: &mut Random, size: usize) -> String {
    let text: String = (0..size).map(|_| random.pick(&LETTERS)).collect();
    if random.below(2) == 0 {
        format!("{{units(where:{{name:{{contains:\"{text}\"}}}}){{totalCount}}}}")
    } else {
        format!("{{{text}}}")
    }
}

fn operations(random: &mut Random, size: usize) -> String {
    (0..size).fold(String::new(), |mut text, at| {
        write!(text, "query q{at}($v{at}:Int={at}){{{}}}", random.pick(&FIELDS)).unwrap();
        text
    })
}

fn introspection(random: &mut Random) -> String {
    let steps = ["fields", "type", "ofType", "args", "possibleTypes", "interfaces", "inputFields"];
    let path: Vec<&str> = (0..random.scale(16)).map(|_| random.pick(&steps)).collect();
    let root = random.pick(&[
        "__schema{types",
        "__schema{directives",
        "__schema{queryType",
        "__type(name:\"Unit\"){ofType",
    ]);
    format!(
        "{{{root}{{{}{{{}}}{}}}}}}}",
        path.join("{"),
        "name ".repeat(random.scale(60)),
        "}".repeat(path.len() - 1)
    )
}

/// Something that was GraphQL before bytes were taken out and put in.
fn broken(random: &mut Random, size: usize) -> String {
    let mut text: Vec<char> = aliases(random, size.min(100)).chars().collect();
    for _ in 0..random.scale(50) {
        if text.is_empty() {
            break;
        }
        let at = random.below(text.len());
        match random.below(3) {
            0 => drop(text.remove(at)),
            1 => text.insert(
                at,
                random
                    .pick(&["{", "}", "(", "\"", "...", "$", "@", "\u{0}", "#"])
                    .chars()
                    .next()
                    .unwrap(),
            ),
            _ => text.truncate(at + 1),
        }
    }
    text.into_iter().collect()
}

fn bomb_of_variables(random: &mut Random, size: usize) -> Value {
    match random.below(5) {
        0 => json!({ "where": { "code": { "in": vec!["x"; size * 4] } } }),
        1 => json!({ "where": { "or": vec![json!({ "code": { "eq": "a" } }); size] } }),
        2 => {
            json!({ "where": (0..size.min(60)).fold(json!({}), |inner, _| json!({ "not": inner })) })
        }
        3 => json!({ "first": size * 1_000 }),
        _ => json!({ "where": { "name": { "contains": "🦀%".repeat(size * 4) } }, "first": 1 }),
    }
}

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
    let (mut random, begun) = (Random(SEED), Instant::now());

    for _ in 0..count {
        record.note(&server, &officer, &hostile(&mut random));
    }

    let growth = used(&server).1.saturating_sub(memory);
    report(stage, &mut record, (&mut calibration, growth, begun.elapsed()));
    let (most, usual) =
        (percentile(&mut record.times, 100), percentile(&mut calibration.times, 50));
    assert!(growth <= GROWTH, "the server has grown by {growth} KiB");
    assert!(
        most <= usual * u64::from(TIMES),
        "{most} ns for one document, {usual} for a plain one"
    );
    assert!(record.ran > count / 20 && record.ran < count, "{} of {count} ran", record.ran);
    officer.run("{ viewer { displayName } }", json!({})).ok();
}

fn percentile<T: Copy + Ord>(values: &mut [T], percent: usize) -> T {
    values.sort_unstable();
    values[(values.len() * percent / 100).min(values.len() - 1)]
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
        percentile(&mut record.times, 50) / 1_000,
        percentile(&mut record.times, 99) / 1_000,
        percentile(&mut record.times, 100) / 1_000,
        percentile(&mut calibration.times, 50) / 1_000,
        percentile(&mut record.statements, 99),
        percentile(&mut record.statements, 100),
        percentile(&mut record.bytes, 99),
        percentile(&mut record.bytes, 100),
    );
}
