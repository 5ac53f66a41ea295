//! Proofs over the API, checked by code of our own that shares nothing with the server's: RFC 9162, sections
//! 2.1.3.2 and 2.1.4.2, and the form of signed notes.

use std::thread;
use std::time::{Duration, Instant};

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use entity::role_grant::Role;
use harness::cases;
use harness::client::Client;
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::operation;

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_path_leads_from_every_entry_to_a_signed_root,
        the_log_only_grows,
        sizes_that_never_were_prove_nothing,
    ]
}

type Hash = [u8; 32];

fn ask(client: &Client, field: &str, variables: Value) -> Value {
    client.run(operation::text(field), variables).ok()[field].clone()
}

fn node(left: &[u8], right: &[u8]) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

fn bytes(value: &Value) -> Vec<u8> {
    STANDARD.decode(value.as_str().unwrap_or_else(|| panic!("no text: {value}"))).unwrap()
}

fn path(value: &Value) -> Vec<Vec<u8>> {
    value["path"].as_array().unwrap().iter().map(bytes).collect()
}

/// The root that a path leads to (2.1.3.2); none when it is too short or too long.
fn climbed(leaf: &[u8], (position, size): (u64, u64), path: &[Vec<u8>]) -> Option<Vec<u8>> {
    let (mut at, mut last) = (position, size.checked_sub(1).filter(|last| position <= *last)?);
    let mut hash = leaf.to_vec();
    for other in path {
        if last == 0 {
            return None;
        }
        if at & 1 == 1 || at == last {
            hash = node(other, &hash).to_vec();
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            hash = node(&hash, other).to_vec();
        }
        (at, last) = (at >> 1, last >> 1);
    }
    (last == 0).then_some(hash)
}

/// Both roots that a consistency proof leads to (2.1.4.2).
fn grown(old: (u64, &[u8]), size: u64, path: &[Vec<u8>]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (from, old_root) = old;
    if from == size {
        return path.is_empty().then(|| (old_root.to_vec(), old_root.to_vec()));
    }
    let mut path = path.to_vec();
    if from.is_power_of_two() {
        path.insert(0, old_root.to_vec());
    }
    let (mut at, mut last) = (from - 1, size - 1);
    while at & 1 == 1 {
        (at, last) = (at >> 1, last >> 1);
    }
    let (first, rest) = path.split_first()?;
    let (mut earlier, mut later) = (first.clone(), first.clone());
    for other in rest {
        if last == 0 {
            return None;
        }
        if at & 1 == 1 || at == last {
            earlier = node(other, &earlier).to_vec();
            later = node(other, &later).to_vec();
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            later = node(&later, other).to_vec();
        }
        (at, last) = (at >> 1, last >> 1);
    }
    (last == 0).then_some((earlier, later))
}

/// Size and root of a checkpoint whose note says the same and is signed by the key it names.
fn checked(checkpoint: &Value) -> (u64, Vec<u8>) {
    let (size, root) = (checkpoint["size"].as_u64().unwrap(), bytes(&checkpoint["rootHash"]));
    let note = checkpoint["note"].as_str().unwrap();
    let (text, signature) = note.split_once("\n\n").unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[..3], ["thidua/audit", &size.to_string(), &STANDARD.encode(&root)]);
    assert_eq!(lines[3], checkpoint["at"], "{note}");
    let key = checkpoint["verifierKey"].as_str().unwrap().splitn(3, '+').nth(2).unwrap();
    let key = STANDARD.decode(key).unwrap();
    assert_eq!((key.len(), key[0]), (33, 1));
    let signed = signature.trim_end().rsplit_once(' ').unwrap().1;
    let signed = STANDARD.decode(signed).unwrap();
    let verified = UnparsedPublicKey::new(&ED25519, &key[1..])
        .verify(format!("{text}\n").as_bytes(), &signed[4..]);
    assert!(verified.is_ok(), "{note}");
    (size, root)
}

/// The proof of an entry once it is sealed.
fn sealed(client: &Client, id: &Value) -> Value {
    let begun = Instant::now();
    loop {
        let proof = ask(client, "auditProof", json!({ "eventId": id }));
        if !proof["position"].is_null() {
            return proof;
        }
        assert_eq!((&proof["checkpoint"], &proof["path"]), (&Value::Null, &json!([])));
        assert!(begun.elapsed() < Duration::from_secs(30), "never sealed: {proof}");
        thread::sleep(Duration::from_millis(100));
    }
}

fn a_path_leads_from_every_entry_to_a_signed_root(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    world.trail(&world.a, 40);
    let auditor = world.a.sign_in(&server, Role::Auditor);
    let events = ask(&auditor, "auditEvents", json!({ "first": 100 }))["nodes"].clone();
    assert!(events.as_array().unwrap().len() > 40);

    for event in events.as_array().unwrap() {
        let proof = sealed(&auditor, &event["id"]);

        let entry: Value = serde_json::from_str(proof["entry"].as_str().unwrap()).unwrap();
        assert_eq!(entry["act"], event["action"]);
        assert_eq!(entry["actorName"], event["actorName"]);
        assert_eq!(entry["requestId"], event["requestId"]);
        let leaf = [&[0], proof["entry"].as_str().unwrap().as_bytes()].concat();
        let leaf = Sha256::digest(leaf);
        assert_eq!(leaf.as_slice(), bytes(&proof["leafHash"]));
        let (size, root) = checked(&proof["checkpoint"]);
        let position = proof["position"].as_u64().unwrap();
        let path = path(&proof);
        assert_eq!(climbed(&leaf, (position, size), &path), Some(root.clone()), "{proof}");
        assert!(path.len() <= 64 - usize::try_from(size.leading_zeros()).unwrap());
        let elsewhere = climbed(&leaf, (position ^ 1, size), &path);
        assert_ne!(elsewhere, Some(root), "another position proves nothing");
    }
}

fn the_log_only_grows(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let auditor = world.a.sign_in(&server, Role::Auditor);
    let newest = || checked(&ask(&auditor, "auditCheckpoint", json!({})));
    let mut kept = vec![newest()];
    for round in [1, 2, 7] {
        world.trail(&world.a, round);
        let begun = Instant::now();
        while newest().0 <= kept.last().unwrap().0 {
            assert!(begun.elapsed() < Duration::from_secs(30), "no checkpoint");
            thread::sleep(Duration::from_millis(100));
        }
        kept.push(newest());
    }

    for (from, old) in &kept {
        for (to, new) in kept.iter().filter(|(to, _)| to >= from) {
            let found = ask(&auditor, "auditConsistency", json!({ "from": from, "to": to }));
            assert_eq!(bytes(&found["earlier"]["rootHash"]), *old);
            assert_eq!(bytes(&found["later"]["rootHash"]), *new);
            let roots = grown((*from, old), *to, &path(&found));
            assert_eq!(roots, Some((old.clone(), new.clone())), "{from} to {to}: {found}");
        }
    }
    let list = ask(&auditor, "auditCheckpoints", json!({ "first": 100 }));
    let sizes: Vec<u64> = list.as_array().unwrap().iter().map(|one| checked(one).0).collect();
    assert!(sizes.len() > 1 && sizes.is_sorted_by(|one, next| one > next), "{sizes:?}");
}

fn sizes_that_never_were_prove_nothing(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let auditor = world.a.sign_in(&server, Role::Auditor);
    let most = i64::from(i32::MAX);
    for (from, to) in [(0, 1), (-1, 1), (2, 1), (1, most), (most, most)] {
        let variables = json!({ "from": from, "to": to });
        let answer = auditor.run(operation::text("auditConsistency"), variables);
        let _ = answer.top("BAD_USER_INPUT");
    }
    let none = ask(&auditor, "auditCheckpoint", json!({ "size": 0 }));
    assert_eq!(none, Value::Null);
    for first in [0, 101] {
        let variables = json!({ "first": first });
        let answer = auditor.run(operation::text("auditCheckpoints"), variables);
        let _ = answer.top("BAD_USER_INPUT");
    }
}
