//! A bad network between server and PostgreSQL: it delays, cuts and leaves connections half-open. What was
//! acknowledged is there, nothing is done by half, and afterwards every connection and every place is sound (L4).

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use harness::client::Client;
use harness::ground::Ground;
use harness::people::PASSWORD;
use harness::proxy::{End, Fate, Proxy};
use harness::server::Options;
use harness::stage::{Case, Stage};
use harness::world::Id;
use harness::{cases, setting};
use serde_json::{Value, json};

pub(crate) fn cases() -> Vec<Case> {
    cases![postgres: a_bad_wire_to_the_database_loses_nothing_and_poisons_nothing]
}

/// Requests of a run; `TEST_CUTS` says otherwise.
const REQUESTS: usize = 400;
const CLIENTS: usize = 6;
/// How long the test waits until all is well again; that it takes less is printed, not asserted.
const PATIENCE: Duration = Duration::from_mins(1);
const CREATE: &str = "mutation($input: SubmissionCreateInput!) {
  submissionCreate(input: $input) { submission { id } errors { code } }
}";
const READ: &str = "{ submissions(first: 20) { nodes { id title unit { name } nomineesCount } } }";

/// Most connections live through some statements; each then ends in its own way.
fn fate(_: u64) -> Fate {
    let random = Id::new("").uuid.as_u128();
    let part = |shift: u32, most: u128| u64::try_from((random >> shift) % most).unwrap();
    let end = match part(0, 16) {
        0 => End::Silence(Duration::from_secs(15)),
        1..8 => End::Reset,
        _ => End::Close,
    };
    let delay = Duration::from_millis(if part(8, 4) == 0 { part(12, 5) } else { 0 });
    let most = Some(500 + part(20, 60_000));
    let is_up = part(40, 2) == 0;
    Fate { delay, up: most.filter(|_| is_up), down: most.filter(|_| !is_up), end }
}

fn is_done(client: &Client, query: &str, variables: Value) -> bool {
    let answer = client.run(query, variables);
    answer.status == 200 && answer.top_codes().is_empty()
}

fn write(office: &Client, unit: &Value, title: &str) -> bool {
    let input = json!({ "unitId": unit, "title": title, "year": 2026 });
    is_done(office, CREATE, json!({ "input": input }))
}

fn a_bad_wire_to_the_database_loses_nothing_and_poisons_nothing(stage: &Stage) {
    let first = stage.own_server(Options { demo: true, ..Options::default() });
    let url = first.database_url().unwrap();
    let place = url.rsplit_once('@').and_then(|(_, place)| place.split_once('/')).unwrap().0;
    let proxy = Proxy::to(place.parse().unwrap()).unwrap();
    let node = first.through(proxy.address()).unwrap();
    let office = node.client().sign_in("lai_chau", "lai_chau.office", PASSWORD);
    let query = "{ units(where: { code: { eq: \"vp-dbqh\" } }) { nodes { id } } }";
    let unit = office.run(query, json!({})).ok()["units"]["nodes"][0]["id"].clone();
    let requests = setting("TEST_CUTS").map_or(REQUESTS, |text| text.parse().unwrap());

    proxy.draw(fate);
    proxy.cut();
    let (acknowledged, read) = storm(requests, &office, &unit);

    proxy.draw(|_| Fate::default());
    let after = mended(&office, &unit);
    let ended = proxy.ended();
    assert!(ended > 0 && proxy.taken() > ended, "nothing was cut");
    eprintln!(
        "{requests} requests over a bad wire: {ended} connections of {} ended in the middle, {} writes acknowledged, \
         {read} reads answered; sound again {after:?} after it was mended",
        proxy.taken(),
        acknowledged.len(),
    );
    assert!(read > 0 && !acknowledged.is_empty() && acknowledged.len() < requests / 2);
    whole(&Ground::connect(&url).unwrap(), &acknowledged);
}

/// Reads and writes by turns; the titles that were acknowledged, and how many reads were answered.
fn storm(requests: usize, office: &Client, unit: &Value) -> (Vec<String>, usize) {
    let (next, read) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let acknowledged = Mutex::new(Vec::new());
    let one = |number: usize| {
        let title = format!("Dây hỏng {number}.");
        if number.is_multiple_of(2) {
            read.fetch_add(usize::from(is_done(office, READ, json!({}))), Ordering::Relaxed);
        } else if write(office, unit, &title) {
            acknowledged.lock().unwrap().push(title);
        }
    };
    let numbers = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|number| *number < requests);
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| std::iter::from_fn(numbers).for_each(one));
        }
    });
    (acknowledged.into_inner().unwrap(), read.into_inner())
}

/// Waits until fifty pairs of a read and a write go well one after the other.
fn mended(office: &Client, unit: &Value) -> Duration {
    let begun = Instant::now();
    let mut sound = 0;
    while sound < 50 {
        assert!(begun.elapsed() < PATIENCE, "not sound again");
        let is_sound = is_done(office, READ, json!({})) && write(office, unit, "Dây lành");
        sound = if is_sound { sound + 1 } else { 0 };
    }
    begun.elapsed()
}

/// What was acknowledged is there once, and every submission has come with its entry in the log.
fn whole(ground: &Ground, acknowledged: &[String]) {
    let rows =
        ground.query("SELECT title AS text FROM submission WHERE title LIKE 'Dây hỏng %'").unwrap();
    let titles: Vec<String> = rows.iter().map(|row| row.try_get("", "text").unwrap()).collect();
    for title in acknowledged {
        assert_eq!(titles.iter().filter(|there| *there == title).count(), 1, "{title}");
    }
    let bare = ground
        .query(
            "SELECT s.title AS text FROM submission s WHERE s.title LIKE 'Dây %' AND NOT EXISTS (
               SELECT 1 FROM audit_event e WHERE e.tenant_id = s.tenant_id AND e.object_id = s.id)",
        )
        .unwrap();
    assert!(bare.is_empty(), "{} submissions without an entry", bare.len());
}
