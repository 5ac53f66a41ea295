//! The drill: copy the database while it is being written to, restore it elsewhere, prove that the log is whole,
//! and go on working with it (D6).

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use harness::cases;
use harness::client::Client;
use harness::ground::Ground;
use harness::people::PASSWORD;
use harness::postgres::{self, Cluster};
use harness::server::{Options, Server};
use harness::stage::{Backend, Case, Stage};
use serde_json::{Value, json};

use crate::audit::export;

pub(crate) fn cases() -> Vec<Case> {
    cases![a_copy_made_under_way_is_restored_and_proved]
}

fn create(office: &Client, unit: &Value, title: &str) {
    let query = "mutation($input: SubmissionCreateInput!) {
      submissionCreate(input: $input) { submission { id } errors { code } }
    }";
    let input = json!({ "unitId": unit, "title": title, "year": 2026 });
    let _ = office.run(query, json!({ "input": input })).ok();
}

fn count(office: &Client, title: &str) -> i64 {
    let query = "query($title: String!) {
      submissions(where: { title: { startsWith: $title } }) { totalCount }
    }";
    let data = office.run(query, json!({ "title": title })).ok();
    data["submissions"]["totalCount"].as_i64().unwrap()
}

fn a_copy_made_under_way_is_restored_and_proved(stage: &Stage) {
    let server = stage.own_server(Options { demo: true, ..Options::default() });
    let office = server.client().sign_in("lai_chau", "lai_chau.office", PASSWORD);
    let query = "{ units(where: { code: { eq: \"vp-dbqh\" } }) { nodes { id } } }";
    let unit = office.run(query, json!({})).ok()["units"]["nodes"][0]["id"].clone();
    for number in 0..20 {
        create(&office, &unit, &format!("Trước sao lưu {number}"));
    }
    export::wait_until_sealed(&server);
    let note = export::keep_checkpoint(&server);

    let stop = AtomicBool::new(false);
    let (restored, _elsewhere) = thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut written = 0;
            while !stop.load(Ordering::Relaxed) {
                create(&office, &unit, &format!("Trong khi sao lưu {written}"));
                written += 1;
            }
            written
        });
        let ended = Raised(&stop);
        let restored = restore(stage.backend, &server);
        drop(ended);
        assert!(writer.join().unwrap() > 0, "nothing was written meanwhile");
        restored
    });

    let file = export::export(&server, &restored);
    let done = export::verify(&file, &["--checkpoint", note.to_str().unwrap()]);
    assert!(done.is_success(), "{}", done.text);
    let arguments = vec!["--database-url".to_owned(), restored.clone()];
    // The harness names no database of its own to this one.
    let options = Options { backend: Backend::Sqlite, arguments, ..Options::default() };
    let second = Server::start(options).unwrap();
    let office = second.client().sign_in("lai_chau", "lai_chau.office", PASSWORD);
    assert_eq!(count(&office, "Trước sao lưu "), 20);
    create(&office, &unit, "Sau khi phục hồi");
    assert_eq!(count(&office, "Sau khi phục hồi"), 1);
    // The new house has a key of its own; the log goes on under both.
    let ground = Ground::connect(&restored).unwrap();
    let begun = std::time::Instant::now();
    while !ground.query("SELECT event_id FROM audit_pending").unwrap().is_empty() {
        assert!(begun.elapsed().as_secs() < 30, "never sealed");
        thread::sleep(std::time::Duration::from_millis(100));
    }
    let file = export::export(&server, &restored);
    let done = export::verify(&file, &["--checkpoint", note.to_str().unwrap()]);
    assert!(done.is_success() && done.output.matches("\nkey ").count() == 2, "{}", done.text);
}

/// Raises the flag when it goes, so that a copy that fails does not leave its writer at work.
struct Raised<'a>(&'a AtomicBool);

impl Drop for Raised<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Copies the server's database and hands back the URL of what was restored from the copy; PostgreSQL's on
/// another server, where server binaries are found.
fn restore(backend: Backend, server: &Server) -> (String, Option<Cluster>) {
    let copy = server.data().join("copy");
    match backend {
        Backend::Sqlite => {
            let done = server.command(&["backup", copy.to_str().unwrap()]).unwrap();
            assert!(done.is_success() && done.output.contains("bytes, checked"), "{}", done.text);
            let again = server.command(&["backup", copy.to_str().unwrap()]).unwrap();
            assert!(!again.is_success(), "a copy is never overwritten");
            (format!("sqlite://{}?mode=rw", copy.display()), None)
        }
        Backend::Postgres => {
            let refused = server.command(&["backup", copy.to_str().unwrap()]).unwrap();
            assert!(!refused.is_success() && refused.text.contains("pg_dump"), "{}", refused.text);
            let from = server.database_url().unwrap();
            let elsewhere = Cluster::own(false).unwrap();
            let to = match &elsewhere {
                Some(elsewhere) => elsewhere.database("restored").unwrap(),
                None => postgres::shared().unwrap().database("restored").unwrap(),
            };
            if elsewhere.is_some() {
                let ground = Ground::connect(&to).unwrap();
                for role in ["thidua_runtime", "thidua_teller"] {
                    ground.query(&format!("CREATE ROLE {role} NOLOGIN")).unwrap();
                }
            }
            tool("pg_dump", &["--format=custom", "--file", copy.to_str().unwrap(), &from]);
            let into = ["--exit-on-error", "--no-owner", "--dbname", &to, copy.to_str().unwrap()];
            tool("pg_restore", &into);
            (to, elsewhere)
        }
    }
}

fn tool(name: &str, arguments: &[&str]) {
    let program = postgres::tool(name).unwrap_or_else(|| Path::new(name).to_owned());
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
}
