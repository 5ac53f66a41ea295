//! Loans of connections: whoever goes away in the middle of a statement leaves nothing to the next borrower.
//! No GraphQL and no scope enters here.

use std::thread;
use std::time::{Duration, Instant};

use api::access::{Address, Database};
use harness::cases;
use harness::ground::Ground;
use harness::proxy::{End, Fate, Proxy};
use harness::stage::{Case, Stage};
use harness::wait;
use harness::world::Id;
use sea_orm::QueryResult;
use tokio::task::JoinSet;

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = cases![a_cancelled_request_leaves_a_clean_connection];
    cases.extend(cases![postgres: a_request_cancelled_on_a_bad_wire_leaves_a_clean_connection]);
    cases
}

/// How many requests are cut off; ten thousand in a full run.
const CANCELLATIONS: &str = "TEST_CANCELLATIONS";
/// How long a pool may take to be sound again; that it takes less is not asserted.
const PATIENCE: Duration = Duration::from_mins(1);
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
            cut_off += cancel((&database, Wire::Sound), &mut chance, batch);
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

/// Whether what is asked of the database may fail by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wire {
    Sound,
    Bad,
}

/// Connections live through some statements; then they are closed, reset, or say nothing for a while.
fn fate(number: u64) -> Fate {
    let end = match number % 4 {
        0 => End::Silence(Duration::from_millis(300)),
        1 => End::Close,
        _ => End::Reset,
    };
    let delay = Duration::from_millis(number % 2);
    let most = Some(600 + number * 7_919 % 2_000);
    let is_up = number.is_multiple_of(2);
    Fate { delay, up: most.filter(|_| is_up), down: most.filter(|_| !is_up), end }
}

fn a_request_cancelled_on_a_bad_wire_leaves_a_clean_connection(stage: &Stage) {
    let empty = stage.empty_database();
    let ground = empty.connect();
    ground.migrate().unwrap();
    let place = empty.url.rsplit_once('@').and_then(|(_, place)| place.split_once('/')).unwrap().0;
    let proxy = Proxy::to(place.parse().unwrap()).unwrap();
    let url = empty.url.replace(place, &proxy.address().to_string());
    let total = harness::size(CANCELLATIONS, 400);
    let mut chance = Chance(0x000d_1ce5);

    for connections in [2, 8] {
        proxy.draw(|_| Fate::default());
        let address = Address { url: url.clone(), connections };
        let database = wait(Database::open(&address)).unwrap();
        let (mut cut_off, mut answered, ended) = (0, 0, proxy.ended());
        proxy.draw(fate);
        proxy.cut();
        for batch in 0..total.div_ceil(2 * BATCH) {
            cut_off += cancel((&database, Wire::Bad), &mut chance, batch);
            answered += borrow(&database, &format!("{connections} connections, batch {batch}"))
                .into_iter()
                .flatten()
                .count();
        }
        let ended = proxy.ended() - ended;
        proxy.draw(|_| Fate::default());
        proxy.cut();
        sound_again(&database);
        assert_clean(&database, &ground, &format!("{connections} connections, mended"));
        let told = (cut_off, answered, ended);
        assert!(cut_off > total / 20 && answered > 0 && ended > 0, "{told:?} of {total}");
        eprintln!(
            "pool of {connections}: {cut_off} requests cut off in the middle on a wire of which {ended} connections \
             ended; {answered} borrowers meanwhile and all after it found nothing of them"
        );
        wait(database.close()).unwrap();
    }
    assert_quiet(&ground);
}

/// Waits until as many loans in a row as there are connections go well.
fn sound_again(database: &Database) {
    let begun = Instant::now();
    let mut sound = 0;
    while sound < 20 {
        assert!(begun.elapsed() < PATIENCE, "not sound again");
        let answer = wait(database.lend(None, false, &["SELECT 1".to_owned()]));
        sound = if answer.is_ok() { sound + 1 } else { 0 };
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
fn cancel((database, wire): (&Database, Wire), chance: &mut Chance, batch: usize) -> usize {
    let mut cut_off = 0;
    for number in 0..BATCH {
        let (database, writes) = (database.clone(), chance.below(2) == 0);
        let statements = if writes { writes_of(batch, number) } else { reads(&database) };
        let tenant = Some(Id::new("Tenant").uuid);
        let work =
            async move { database.lend(tenant, writes, &statements).await.map(|rows| rows.len()) };
        let (task,) = wait(async { (tokio::spawn(work),) });
        let microseconds = chance.below(if wire == Wire::Sound { 3_000 } else { 12_000 });
        thread::sleep(Duration::from_micros(microseconds));
        task.abort();
        match wait(task) {
            Ok(done) => assert!(done.is_ok() || wire == Wire::Bad, "{microseconds} us: {done:?}"),
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

/// As many borrowers as there may be, all at once: each that is answered has nothing of those before.
#[track_caller]
fn borrow(database: &Database, place: &str) -> Vec<Result<(), String>> {
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
    let answers = found.into_iter().map(|rows| rows.map_err(|fault| fault.to_string()));
    let clean = |rows: Vec<QueryResult>| assert_eq!(text(&rows), "thidua_runtime   ", "{place}");
    answers.map(|rows| rows.map(clean)).collect()
}

/// Borrowers find nothing, and what one writes is there.
#[track_caller]
fn assert_clean(database: &Database, ground: &Ground, place: &str) {
    for answer in borrow(database, place) {
        answer.unwrap_or_else(|fault| panic!("{place}: {fault}"));
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
