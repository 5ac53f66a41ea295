//! Keys rotate while requests come in, and none is refused.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use api::access::{Issuer, KeySource, Keys};
use entity::role_grant::Role;
use harness::cases;
use harness::client::Client;
use harness::server::{Options, Server};
use harness::stage::{Case, Stage};
use harness::world::World;

use super::person::{Session, reads};

pub(super) fn cases() -> Vec<Case> {
    cases![keys_rotate_without_a_refused_request]
}

const SIGNING: &str = "session-key.pem";
const OTHER: &str = "session-key-other.pem";
/// Callers at once.
const CALLERS: usize = 8;

/// What a load balancer knows: which node takes requests.
#[derive(Default)]
struct Balance {
    away: [AtomicBool; 2],
    next: AtomicUsize,
    reads: AtomicUsize,
    refused: AtomicUsize,
    over: AtomicBool,
}

impl Balance {
    fn node(&self) -> usize {
        let next = self.next.fetch_add(1, Ordering::Relaxed) % 2;
        if self.away[next].load(Ordering::SeqCst) { 1 - next } else { next }
    }

    /// Reads with one token by turns, on a new connection each time: nodes come and go.
    fn call(&self, urls: &[String; 2], token: &str) {
        while !self.over.load(Ordering::Relaxed) {
            let client = Client::new(&urls[self.node()]).with_token(token);
            let count = if reads(&client) { &self.reads } else { &self.refused };
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Restarts one node after the other; each takes no requests meanwhile.
    fn roll(&self, nodes: &mut [Server; 2]) {
        for (node, away) in nodes.iter_mut().zip(&self.away) {
            away.store(true, Ordering::SeqCst);
            thread::sleep(Duration::from_millis(500));
            node.restart().unwrap();
            away.store(false, Ordering::SeqCst);
        }
    }
}

/// A new key as the server makes it.
fn new_key() -> String {
    let folder = tempfile::tempdir().unwrap();
    let issuer = Issuer { name: "thidua".to_owned(), audience: "thidua-api".to_owned() };
    Keys::open(&KeySource::Directory(folder.path().to_owned()), issuer).unwrap();
    fs::read_to_string(folder.path().join(SIGNING)).unwrap()
}

fn write(data: &Path, signing: &str, other: Option<&str>) {
    fs::write(data.join(SIGNING), signing).unwrap();
    match other {
        Some(other) => fs::write(data.join(OTHER), other).unwrap(),
        None => fs::remove_file(data.join(OTHER)).unwrap(),
    }
}

fn keys_rotate_without_a_refused_request(stage: &Stage) {
    let one = stage.own_server(Options { demo: true, ..Options::default() });
    let mut nodes = [one.node().unwrap(), one];
    let world = World::on(&nodes[1]);
    let urls = [nodes[0].url(), nodes[1].url()];
    let data = nodes[1].data();
    let begin = |node: &Server| {
        Session::begin(&node.client(), world.a.person(Role::StandingOfficer)).client
    };
    let token = |client: &Client| client.token().unwrap().to_owned();
    let old = begin(&nodes[0]);
    let balance = Balance::default();
    let (first, second) = (fs::read_to_string(data.join(SIGNING)).unwrap(), new_key());

    let new = thread::scope(|scope| {
        for _ in 0..CALLERS {
            scope.spawn(|| balance.call(&urls, &token(&old)));
        }
        write(&data, &first, Some(&second));
        balance.roll(&mut nodes);
        write(&data, &second, Some(&first));
        balance.roll(&mut nodes);
        let new = begin(&nodes[0]);
        let token = token(&new);
        let (balance, urls) = (&balance, &urls);
        scope.spawn(move || balance.call(urls, &token));
        thread::sleep(Duration::from_secs(1));
        balance.over.store(true, Ordering::Relaxed);
        new
    });

    let [reads_made, refused] =
        [&balance.reads, &balance.refused].map(|count| count.load(Ordering::Relaxed));
    eprintln!("{reads_made} reads while keys were rotated, {refused} refused");
    assert!(reads_made > 100 && refused == 0, "{reads_made} {refused}");
    write(&data, &second, None);
    balance.roll(&mut nodes);
    let again = Client::new(&urls[0]);
    assert!(reads(&again.with_token(&token(&new))), "of the new key");
    assert!(!reads(&again.with_token(&token(&old))), "of the key that was dropped");
}
