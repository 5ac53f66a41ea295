//! Loans of connections: whoever goes away in the middle of a statement leaves nothing to the next borrower.
//! No GraphQL and no scope enters here.

use std::thread;
use std::time::Duration;

use api::access::{Address, Database};
use harness::cases;
use harness::ground::Ground;
use harness::stage::{Case, Stage};
use harness::wait;
use harness::world::Id;
use sea_orm::QueryResult;
use tokio::task::JoinSet;

pub(crate) fn cases() -> Vec<Case> {
    cases![a_cancelled_request_leaves_a_clean_connection]
}

/// How many requests are cut off; ten thousand in a full run.
const CANCELLATIONS: &str = "TEST_CANCELLATIONS";
/// Cut off between two looks at the pool.
const BATCH: usize = 25;

fn a_cancelled_request_leaves_a_clean_connection(stage: &Stage) {
    let empty = stage.empty_database();
    let ground = empty.connect();
    ground.migrate().unwrap();
    let total = harness::size(CANCELLATIONS, 400);
    let mut chance = Chance(0x5eed);

    for connections in [2, 8] {
        let address = Address { url: empty.url.clone(), connections };
        let database = wait(Database::open(&address)).unwrap();
        let mut cut_off = 0;
        for batch in 0..total.div_ceil(2 * BATCH) {
            cut_off += cancel(&database, &mut chance, batch);
            let place = format!("{connections} connections, batch {batch}");
            assert_clean(&database, &ground, &place);
        }
        assert!(cut_off > total / 10, "only {cut_off} were still at work when they were cut off");
        assert_quiet(&ground);
        eprintln!(
            "pool of {connections}: {cut_off} requests cut off in the middle, none left a trace"
        );
        wait(database.close()).unwrap();
    }
}

/// Numbers that are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// Begins requests that read or write and cuts each off after some microseconds; how many were still at work.
fn cancel(database: &Database, chance: &mut Chance, batch: usize) -> usize {
    let mut cut_off = 0;
    for number in 0..BATCH {
        let (database, writes) = (database.clone(), chance.below(2) == 0);
        let statements = if writes { writes_of(batch, number) } else { reads(&database) };
        let tenant = Some(Id::new("Tenant").uuid);
        let work =
            async move { database.lend(tenant, writes, &statements).await.map(|rows| rows.len()) };
        let (task,) = wait(async { (tokio::spawn(work),) });
        let microseconds = chance.below(3_000);
        thread::sleep(Duration::from_micros(microseconds));
        task.abort();
        match wait(task) {
            Ok(done) => assert!(done.is_ok(), "{microseconds} us: {done:?}"),
            Err(_cut_off) => cut_off += 1,
        }
    }
    cut_off
}

fn reads(database: &Database) -> Vec<String> {
    let nothing = if database.is_postgres() { "SELECT pg_sleep(0.0005)" } else { "SELECT 1" };
    [nothing, "SELECT count(*) FROM unit", nothing].map(str::to_owned).to_vec()
}

fn writes_of(batch: usize, number: usize) -> Vec<String> {
    ["one", "two"]
        .map(|half| write(&format!("{half} {batch} {number} {}", Id::new("Cut"))))
        .to_vec()
}

/// A row in a table that nobody owns.
fn write(key: &str) -> String {
    format!(
        "INSERT INTO sign_in_throttle (key, failures, window_started_at, last_failed_at)
        VALUES ('{key}', 1, '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00')"
    )
}

/// As many borrowers as there may be, all at once: each has nothing of those before, and what one writes is there.
#[track_caller]
fn assert_clean(database: &Database, ground: &Ground, place: &str) {
    let mut borrowers = JoinSet::new();
    let words = if database.is_postgres() {
        "SELECT concat_ws(' ', current_user, coalesce(current_setting('thidua.tenant', true), ''),
            coalesce(current_setting('thidua.clusters', true), ''), coalesce(current_setting('thidua.token', true), ''),
            pg_current_xact_id_if_assigned()::text)"
    } else {
        "SELECT 'thidua_runtime   ' AS words"
    };
    for _ in 0..8 {
        let database = database.clone();
        let read = async move { database.lend(None, false, &[words.to_owned()]).await };
        let _ = wait(async { borrowers.spawn(read) });
    }
    let found = wait(borrowers.join_all());
    for rows in found {
        let text = text(&rows.unwrap_or_else(|fault| panic!("{place}: {fault}")));
        assert_eq!(text, "thidua_runtime   ", "{place}");
    }

    let key = Id::new("Kept").to_string();
    let before = count(ground, &format!("key = '{key}'"));
    let _ = wait(database.lend(None, true, &[write(&key)]))
        .unwrap_or_else(|fault| panic!("{place}: {fault}"));
    assert_eq!((before, count(ground, &format!("key = '{key}'"))), (0, 1), "{place}: it was lost");
}

/// Both rows of a request that was cut off are there, or none; and nobody holds a transaction open.
#[track_caller]
fn assert_quiet(ground: &Ground) {
    assert_eq!(count(ground, "key LIKE 'one %'"), count(ground, "key LIKE 'two %'"));
    if ground.is_postgres() {
        let open = "SELECT count(*) AS open FROM pg_stat_activity
            WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
        let is_quiet = |_| {
            thread::sleep(Duration::from_millis(100));
            ground.query(open).unwrap()[0].try_get::<i64>("", "open").unwrap() == 0
        };
        assert!((0..50).any(is_quiet), "someone holds a transaction open");
    }
}

fn text(rows: &[QueryResult]) -> String {
    rows[0].try_get_by_index(0).unwrap()
}

fn count(ground: &Ground, condition: &str) -> i64 {
    let sql = format!("SELECT count(*) AS known FROM sign_in_throttle WHERE {condition}");
    ground.query(&sql).unwrap()[0].try_get("", "known").unwrap()
}
