//! The log leaves the house and is checked elsewhere; what was done to the database behind its back shows.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use harness::cases;
use harness::ground::Ground;
use harness::people::PASSWORD;
use harness::server::{Done, Options, Server};
use harness::stage::{Case, Stage};
use serde_json::{Value, json};

pub(super) fn cases() -> Vec<Case> {
    cases![
        an_exported_log_is_checked_offline,
        what_an_administrator_of_the_database_does_is_noticed
    ]
}

/// A server with the demo, all of it sealed.
fn sealed(stage: &Stage) -> Server {
    let server = stage.own_server(Options { demo: true, ..Options::default() });
    wait_until_sealed(&server);
    server
}

/// Waits until nothing waits for the sealer any more.
pub(crate) fn wait_until_sealed(server: &Server) {
    let ground = Ground::connect(&server.database_url().unwrap()).unwrap();
    let begun = Instant::now();
    while !ground.query("SELECT event_id FROM audit_pending").unwrap().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(30), "never sealed");
        thread::sleep(Duration::from_millis(100));
    }
}

/// Exports the log of a database to a file in the server's folder.
pub(crate) fn export(server: &Server, url: &str) -> PathBuf {
    let path = server.data().join("audit.jsonl");
    let output = path.to_str().unwrap();
    let done = server.command(&["audit", "export", "--output", output, "--database-url", url]);
    let done = done.unwrap();
    assert!(done.is_success(), "{}", done.text);
    path
}

/// The newest checkpoint in a file beside the database.
pub(crate) fn keep_checkpoint(server: &Server) -> PathBuf {
    let done = server.command(&["audit", "checkpoint"]).unwrap();
    assert!(done.is_success() && done.output.starts_with("thidua/audit\n"), "{}", done.text);
    let path = server.data().join("kept.note");
    fs::write(&path, &done.output).unwrap();
    path
}

/// Checks a file as somebody who has nothing else: in an empty home, without configuration.
pub(crate) fn verify(file: &Path, more: &[&str]) -> Done {
    let mut arguments = vec!["audit", "verify", file.to_str().unwrap()];
    arguments.extend(more);
    harness::server::command(&arguments, &[]).unwrap()
}

/// The key that the log itself names.
fn key(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let head: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    head["keys"][0].as_str().unwrap().to_owned()
}

fn an_exported_log_is_checked_offline(stage: &Stage) {
    let server = sealed(stage);
    let note = keep_checkpoint(&server);
    let office = server.client().sign_in("lai_chau", "lai_chau.office", PASSWORD);
    let _ = office.run("{ viewer { displayName } }", json!({})).ok();
    wait_until_sealed(&server);

    let file = export(&server, &server.database_url().unwrap());
    let note = note.to_str().unwrap();
    let done = verify(&file, &["--key", &key(&file), "--checkpoint", note]);

    assert!(done.is_success(), "{}", done.text);
    assert!(
        done.output.starts_with("in order: ") && done.output.contains("rows/s"),
        "{}",
        done.text
    );
    let text = fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let refused = |lines: &[&str], what: &str| {
        let path = server.data().join("falsified.jsonl");
        fs::write(&path, format!("{}\n", lines.join("\n"))).unwrap();
        let done = verify(&path, &["--checkpoint", note]);
        assert!(!done.is_success() && done.text.contains(what), "{what}: {}", done.text);
    };
    let edited = lines[4].replace("Create", "Delete").replace("Send", "Lend");
    refused(&[&lines[..4], &[edited.as_str()], &lines[5..]].concat(), "position 3");
    refused(&[&lines[..4], &lines[5..]].concat(), "position 3");
    refused(&[&lines[..6], &[lines[5]], &lines[6..]].concat(), "position 5");
    refused(&lines[..1], "a checkpoint that was kept speaks of");
    let stranger = "thidua/audit+00000000+AQ==";
    assert!(!verify(&file, &["--key", stranger]).is_success());
}

/// With every right on the database, without the key: the triggers are dropped first.
fn what_an_administrator_of_the_database_does_is_noticed(stage: &Stage) {
    let server = sealed(stage);
    let note = keep_checkpoint(&server);
    let url = server.database_url().unwrap();
    let ground = Ground::connect(&url).unwrap();
    let guards = if ground.is_postgres() {
        [
            "DROP TRIGGER audit_event_only_added ON audit_event",
            "DROP TRIGGER audit_node_only_added ON audit_node",
        ]
    } else {
        ["DROP TRIGGER audit_event_never_changed", "DROP TRIGGER audit_event_never_removed"]
    };
    for guard in guards {
        ground.query(guard).unwrap();
    }
    let fifth = "(SELECT event_id FROM audit_node WHERE level = 0 AND place = 5)";
    let noticed = |what: &str| {
        let done = verify(&export(&server, &url), &["--checkpoint", note.to_str().unwrap()]);
        assert!(!done.is_success() && done.text.contains(what), "{what}: {}", done.text);
    };

    ground
        .query(&format!("UPDATE audit_event SET actor_name = 'Người khác' WHERE id = {fifth}"))
        .unwrap();
    noticed("position 5: the entry is not the one that was sealed");
    ground.query(&format!("DELETE FROM audit_event WHERE id = {fifth}")).unwrap();
    noticed("position 5: the entry is gone");
    if ground.is_postgres() {
        // The leaf as well: then the root tells.
        ground.query("DELETE FROM audit_node WHERE level = 0 AND place = 5").unwrap();
        let size = "UPDATE audit_node SET place = place - 1 WHERE level = 0 AND place > 5";
        ground.query("ALTER TABLE audit_node DROP CONSTRAINT audit_node_pkey").unwrap();
        ground.query(size).unwrap();
        let done = server.command(&["audit", "export", "--output", "x.jsonl"]).unwrap();
        assert!(!done.is_success() && done.text.contains("lacks a leaf"), "{}", done.text);
    }
}
