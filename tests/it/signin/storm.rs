//! Far more sign-ins than passwords can be hashed leave those alone who are signed in.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Answer, Client};
use harness::people::PASSWORD;
use harness::server::Options;
use harness::stage::{Case, Stage};
use harness::world::World;
use strum::IntoEnumIterator;

use super::person::{reads, try_sign_in};
use crate::pace::{at_rate, percentile, timed};

/// Sign-ins a second.
const RATE: f64 = 200.0;

pub(super) fn cases() -> Vec<Case> {
    cases![a_storm_of_sign_ins_leaves_readers_alone]
}

/// Times of reads, one after the other, until something ends.
fn times(reader: &Client, is_over: impl Fn() -> bool) -> Vec<Duration> {
    let read = || {
        let (is_read, time) = timed(|| reads(reader));
        assert!(is_read);
        time
    };
    std::iter::from_fn(|| (!is_over()).then(read)).collect()
}

/// `TEST_STORM_SECONDS=10` is the full size; times are printed, never asserted.
fn a_storm_of_sign_ins_leaves_readers_alone(stage: &Stage) {
    let time = Duration::from_secs(u64::try_from(harness::size("TEST_STORM_SECONDS", 2)).unwrap());
    let server = stage.own_server(Options { demo: true, ..Options::default() });
    let world = World::with_dear_passwords(&server);
    let client = server.client();
    let people: Vec<_> = Role::iter().map(|role| world.a.person(role)).collect();
    let reader = world.b.sign_in(&server, Role::Auditor);
    let calm: Vec<_> = (0..200).map(|_| timed(|| reads(&reader)).1).collect();

    let is_over = AtomicBool::new(false);
    let (answers, stormy) = thread::scope(|scope| {
        let reading = scope.spawn(|| times(&reader, || is_over.load(Ordering::Relaxed)));
        let ask = |number: usize| try_sign_in(&client, people[number % people.len()], PASSWORD);
        let answers = at_rate(RATE, time, ask);
        is_over.store(true, Ordering::Relaxed);
        (answers, reading.join().unwrap())
    });

    let is_begun = |answer: &Answer| answer.status == 200 && answer.payload_codes().is_empty();
    let begun = answers.iter().filter(|(answer, _)| is_begun(answer)).count();
    let is_put_off = |answer: &Answer| {
        let is_asked_to_wait = answer.payload_codes() == ["SIGN_IN_THROTTLED"];
        (is_asked_to_wait || matches!(answer.status, 429 | 503))
            && answer.header("retry-after").is_some()
    };
    let put_off = answers.iter().filter(|(answer, _)| is_put_off(answer)).count();
    let told = |times: &[Duration]| [50, 99].map(|percent| percentile(times, percent));
    eprintln!(
        "{:?}: {} sign-ins at {RATE} a second: {begun} signed in, {put_off} put off; reads p50 and p99 {:?} before, {:?} \
         meanwhile ({} reads)",
        stage.backend,
        answers.len(),
        told(&calm),
        told(&stormy),
        stormy.len(),
    );
    assert_eq!(begun + put_off, answers.len(), "everyone is signed in or told when to come again");
    assert!(begun > 0 && put_off > 0 && !stormy.is_empty());
}
