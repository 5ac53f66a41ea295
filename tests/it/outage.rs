//! PostgreSQL goes away under a running server and comes back: requests fail meanwhile in order, then go on by
//! themselves. Nothing is written here.

use std::thread;
use std::time::{Duration, Instant};

use harness::cases;
use harness::people::PASSWORD;
use harness::server::Options;
use harness::stage::{Case, Stage};
use serde_json::json;

pub(crate) fn cases() -> Vec<Case> {
    cases![postgres: a_server_outlives_its_database]
}

/// How long the test waits for the first answer; that it comes sooner is printed, not asserted.
const PATIENCE: Duration = Duration::from_secs(30);
const QUERY: &str = "{ units(first: 5) { totalCount } }";

fn a_server_outlives_its_database(stage: &Stage) {
    let server = stage.own_server(Options { demo: true, durable: true, ..Options::default() });
    let officer = server.client().sign_in("lai_chau", "lai_chau.officer", PASSWORD);
    let before = officer.run(QUERY, json!({})).ok();
    let cluster = server.cluster().unwrap();

    for outage in 1..=3 {
        cluster.kill_hard().unwrap();
        for _ in 0..10 {
            let answer = officer.run(QUERY, json!({}));
            assert!(answer.status >= 500 || !answer.top_codes().is_empty(), "{answer}");
            for word in ["postgres", "connection", "5432", "os error", "sqlx"] {
                assert!(!answer.text.to_lowercase().contains(word), "{answer}");
            }
        }
        cluster.restart().unwrap();
        let begun = Instant::now();
        let after = loop {
            let answer = officer.run(QUERY, json!({}));
            if answer.status == 200 && answer.top_codes().is_empty() {
                break answer.ok();
            }
            assert!(begun.elapsed() < PATIENCE, "still {answer}");
            thread::sleep(Duration::from_millis(50));
        };
        eprintln!("outage {outage}: answers again {:?} after the database", begun.elapsed());
        assert_eq!(after, before);
    }
}
