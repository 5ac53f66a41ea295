//! The sealer beneath the API: what is sealed stays, and of two sealers one works at a time.

use std::collections::HashSet;

use api::access::audit::note::Signer;
use api::access::audit::tree::{self, Frontier};
use api::access::audit::{Sealer, adopt};
use api::access::{Address, Database};
use chrono::DateTime;
use entity::{audit_checkpoint, audit_event, audit_node, audit_pending};
use harness::ground::Ground;
use harness::stage::{Case, Stage};
use harness::world::World;
use harness::{cases, wait};
use sea_orm::sea_query::Condition;
use uuid::Uuid;

pub(super) fn cases() -> Vec<Case> {
    cases![
        what_is_sealed_is_never_changed,
        of_two_sealers_one_works_at_a_time,
        entries_from_before_the_seal_are_sealed_too,
    ]
}

fn sealer(url: &str) -> Sealer {
    let folder = tempfile::tempdir().unwrap();
    let signer = Signer::open(None, folder.path()).unwrap();
    let address = Address { url: url.to_owned(), connections: 2 };
    Sealer::new(wait(Database::open(&address)).unwrap(), signer)
}

fn seal(sealer: &Sealer) -> usize {
    wait(sealer.seal(DateTime::UNIX_EPOCH)).unwrap_or_else(|fault| panic!("{fault:?}"))
}

fn rows<E: sea_orm::EntityTrait>(ground: &Ground) -> Vec<E::Model> {
    ground.rows::<E>(Condition::all()).unwrap()
}

fn what_is_sealed_is_never_changed(stage: &Stage) {
    let empty = stage.empty_database();
    let ground = empty.connect();
    ground.migrate().unwrap();
    let world = World::connect(&empty.url).unwrap();
    world.trail(&world.a, 3);
    assert!(seal(&sealer(&empty.url)) > 3);
    let kept = rows::<audit_event::Entity>(&ground);

    for sql in [
        "UPDATE audit_event SET act = 'Nothing'",
        "UPDATE audit_event SET salt = NULL",
        "DELETE FROM audit_event",
        "UPDATE audit_node SET place = place + 1000",
        "DELETE FROM audit_node WHERE level > 0",
        "UPDATE audit_checkpoint SET size = size + 1",
        "DELETE FROM audit_checkpoint",
    ] {
        let done = ground.query(sql);
        assert!(done.is_err_and(|fault| format!("{fault:#}").contains("only added")), "{sql}");
    }
    if ground.is_postgres() {
        assert!(ground.query("TRUNCATE audit_event").is_err());
    }
    assert_eq!(rows::<audit_event::Entity>(&ground), kept);
}

fn of_two_sealers_one_works_at_a_time(stage: &Stage) {
    let empty = stage.empty_database();
    let ground = empty.connect();
    ground.migrate().unwrap();
    let sealers = [sealer(&empty.url), sealer(&empty.url)];
    let leaf = |number: u32| tree::leaf(&number.to_be_bytes());
    let mut sealed = 0;
    for number in 0..200 {
        let event_id = Uuid::from_u128(u128::from(number) + 1);
        ground.add(audit_pending::Model { event_id, leaf: leaf(number).to_vec() }).unwrap();
        if number % 20 == 19 {
            sealed += std::thread::scope(|scope| {
                let both = sealers.each_ref().map(|it| scope.spawn(|| seal(it) + seal(it)));
                both.into_iter().map(|it| it.join().unwrap()).sum::<usize>()
            });
        }
    }
    sealed += seal(&sealers[0]);

    assert_eq!(sealed, 200, "each leaf once");
    assert!(rows::<audit_pending::Entity>(&ground).is_empty());
    let nodes = rows::<audit_node::Entity>(&ground);
    let mut leaves: Vec<_> = nodes.iter().filter(|node| node.level == 0).collect();
    leaves.sort_by_key(|node| node.place);
    let events: HashSet<_> = leaves.iter().map(|node| node.event_id).collect();
    assert_eq!((leaves.len(), events.len()), (200, 200));
    let mut tree = Frontier::default();
    let mut checkpoints = rows::<audit_checkpoint::Entity>(&ground);
    checkpoints.sort_by_key(|checkpoint| checkpoint.size);
    assert!(!checkpoints.is_empty(), "what was sealed was signed");
    let mut checkpoints = checkpoints.into_iter().peekable();
    for (place, node) in (0..).zip(&leaves) {
        assert_eq!(node.place, place, "no gap");
        let mut hash = [0; 32];
        hash.copy_from_slice(&node.hash);
        tree.push(hash, |_, _| {});
        let size = place + 1;
        if let Some(checkpoint) = checkpoints.next_if(|checkpoint| checkpoint.size == size) {
            assert_eq!(checkpoint.root, tree.root(), "root of {size}");
        }
    }
    assert_eq!(checkpoints.next(), None, "every checkpoint was looked at");
}

fn entries_from_before_the_seal_are_sealed_too(stage: &Stage) {
    let empty = stage.empty_database();
    let ground = empty.connect();
    ground.migrate().unwrap();
    let world = World::connect(&empty.url).unwrap();
    ground.query("DELETE FROM audit_pending").unwrap();
    let sealer = sealer(&empty.url);
    let events = rows::<audit_event::Entity>(&ground).len();

    let adopt = || wait(adopt(ground.pool())).unwrap_or_else(|fault| panic!("{fault:?}"));
    assert_eq!(adopt(), events);
    assert_eq!(adopt(), 0, "those that wait are known");
    assert_eq!(seal(&sealer), events);
    assert_eq!(adopt(), 0, "those that are sealed are known");
    world.trail(&world.a, 2);
    assert_eq!(seal(&sealer), 2);
    assert_eq!(seal(&sealer), 0);
}
