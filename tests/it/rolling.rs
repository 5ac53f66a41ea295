//! Nodes are replaced one after the other while people work, and nobody notices.
//! What is asked for does not matter here; that it is answered does.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use harness::client::{Call, Client};
use harness::people::PASSWORD;
use harness::server::{Options, Server};
use harness::stage::{Case, Stage};
use harness::{cases, setting};
use serde_json::{Value, json};

pub(crate) fn cases() -> Vec<Case> {
    cases![a_rolling_restart_fails_no_request]
}

/// How often a node is replaced; `TEST_RESTARTS` says otherwise.
const RESTARTS: usize = 4;
/// People at work.
const CLIENTS: usize = 3;
/// How often the balancer looks whether a node is ready; a node drains for a second.
const LOOK: Duration = Duration::from_millis(50);

const READ: &str = "{ units(first: 5) { nodes { name } } viewer { user { username } } }";
const WRITE: &str = "mutation($input: SubmissionCreateInput!) {
  submissionCreate(input: $input) { submission { id } errors { code message path } }
}";

/// What a balancer in front of the nodes knows.
struct Balancer {
    bases: Vec<String>,
    ready: Vec<AtomicBool>,
    is_over: AtomicBool,
    answered: AtomicUsize,
    refused: AtomicUsize,
}

impl Balancer {
    fn watch(&self) {
        let call = Call { method: "GET", path: "/readyz", ..Call::default() };
        while !self.is_over.load(Ordering::Relaxed) {
            for (base, ready) in self.bases.iter().zip(&self.ready) {
                let answer = Client::new(base).try_request(&call);
                ready.store(answer.is_ok_and(|answer| answer.status == 200), Ordering::Relaxed);
            }
            thread::sleep(LOOK);
        }
    }

    /// Sends one request to a node that is ready; to the next one only when it was refused at the door.
    fn ask(&self, turn: usize, token: &str, (query, variables): (&str, &Value)) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let headers =
            [("content-type", "application/json"), ("accept", "application/graphql-response+json")];
        let call =
            Call { method: "POST", path: "/graphql", headers: &headers, body: body.as_bytes() };
        for try_ in turn..turn + 200 {
            let place = try_ % self.bases.len();
            if !self.ready[place].load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(5));
                continue;
            }
            match Client::new(&self.bases[place]).with_token(token).try_request(&call) {
                Ok(answer) => {
                    self.answered.fetch_add(1, Ordering::Relaxed);
                    return answer.ok();
                }
                Err(ureq::Error::Io(fault))
                    if fault.kind() == std::io::ErrorKind::ConnectionRefused =>
                {
                    self.refused.fetch_add(1, Ordering::Relaxed);
                }
                Err(fault) => panic!("request {turn} failed: {fault}"),
            }
        }
        panic!("no node is ready")
    }
}

fn a_rolling_restart_fails_no_request(stage: &Stage) {
    let restarts = setting("TEST_RESTARTS").map_or(RESTARTS, |text| text.parse().unwrap());
    let arguments = vec!["--drain-seconds".to_owned(), "1".to_owned()];
    let first = stage.own_server(Options { demo: true, arguments, ..Options::default() });
    let mut nodes = [first.node().unwrap(), first];
    let balancer = Balancer {
        bases: nodes.iter().map(Server::url).collect(),
        ready: nodes.iter().map(|_| AtomicBool::new(true)).collect(),
        is_over: AtomicBool::new(false),
        answered: AtomicUsize::new(0),
        refused: AtomicUsize::new(0),
    };
    let office = nodes[0].client().sign_in("lai_chau", "lai_chau.office", PASSWORD);
    let token = office.token().unwrap().to_owned();
    let units =
        office.run("{ units(where: { code: { eq: \"vp-dbqh\" } }) { nodes { id } } }", json!({}));
    let unit = units.ok()["units"]["nodes"][0]["id"].clone();

    let written = thread::scope(|scope| {
        scope.spawn(|| balancer.watch());
        let work = |client: usize| {
            (
                client,
                scope.spawn({
                    let (balancer, token, unit) = (&balancer, &token, &unit);
                    move || work(balancer, token, (client, unit))
                }),
            )
        };
        let workers: Vec<_> = (0..CLIENTS).map(work).collect();
        for restart in 0..restarts {
            nodes[restart % 2].restart().unwrap();
            // Until the balancer has seen it back.
            thread::sleep(LOOK * 6);
        }
        balancer.is_over.store(true, Ordering::Relaxed);
        workers.into_iter().map(|(_, worker)| worker.join().unwrap()).sum::<usize>()
    });

    let query = "{ submissions(where: { title: { startsWith: \"Luân phiên\" } }) { totalCount } }";
    let kept = nodes[0].client().with_token(&token).run(query, json!({})).ok();
    assert_eq!(kept["submissions"]["totalCount"], written);
    let answered = balancer.answered.load(Ordering::Relaxed);
    let refused = balancer.refused.load(Ordering::Relaxed);
    eprintln!(
        "{restarts} restarts, {answered} requests answered, {refused} refused at the door, 0 failed"
    );
    assert!(written > restarts && answered > 10 * restarts, "{written} of {answered}");
}

/// Reads, and now and then writes, until it is over; tells how much was written.
fn work(balancer: &Balancer, token: &str, (client, unit): (usize, &Value)) -> usize {
    let mut written = 0;
    for turn in client.. {
        if balancer.is_over.load(Ordering::Relaxed) {
            break;
        }
        if turn % 10 == client {
            let title = format!("Luân phiên {client}-{turn}");
            let input = json!({ "input": { "unitId": unit, "title": title, "year": 2026 } });
            let made = balancer.ask(turn, token, (WRITE, &input));
            assert_eq!(made["submissionCreate"]["errors"], json!([]), "{made}");
            written += 1;
        } else {
            let _ = balancer.ask(turn, token, (READ, &json!({})));
        }
    }
    written
}
