//! Generated isolation: everyone of a country of three provinces asks, by every operation of the schema and by every
//! path, for objects of provinces and clusters that the own province has nothing to do with. The operations are read
//! from the SDL and the objects from the database, so what is new is asked for without being named here; what cannot
//! be reached fails with what is missing. A case is a principal, an operation, an object and a path; one request
//! holds many. What people of one province may see of it is asked in the modules beside; subscriptions are followed
//! in [`super::follow`].

mod asker;
mod chance;
mod country;
mod scout;
mod sdl;
mod store;
mod tally;
mod ways;
mod writes;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use self::asker::Asker;
use self::chance::Chance;
use self::country::{Land, Principal, Side};
use self::sdl::Sdl;
use self::tally::Tally;
use self::ways::Way;
use super::assert_none;
use super::sight::Hidden;
use crate::fitting::Fitting;
use crate::schema;
use harness::cases;
use harness::server::{Options, Server};
use harness::stage::{Case, Stage};
use harness::world::{Country, World};

pub(super) fn cases() -> Vec<Case> {
    cases![a_country_of_strangers; pure: nothing_of_the_schema_is_unknown_to_the_generator]
}

/// How many cases there are at least, on both databases together.
const CASES: &str = "ISOLATION_CASES";
/// Another number makes other cases.
const SEED: &str = "ISOLATION_SEED";
/// Nobody asks for fewer; where fewer cases are wanted, fewer people ask.
const EACH: usize = 500;
/// So many work at a time.
const WORKERS: usize = 4;
/// What is the same for everyone who asks.
struct Run<'a> {
    server: &'a Server,
    sdl: Sdl,
    ways: Vec<Way>,
    /// What is wrong with ways that lead nowhere.
    dead: Option<String>,
    /// How many people ask.
    people: usize,
    own: [Side; 3],
    /// What is hidden from people of a province, and from those whose roles are over.
    foreign: [[(Side, Hidden); 2]; 3],
    /// Cursors of each list, by the province whose rows they name.
    cursors: BTreeMap<(usize, String), Vec<String>>,
}

fn nothing_of_the_schema_is_unknown_to_the_generator(_: &Stage) {
    let sdl = Sdl::read();
    let known: Vec<_> = ways::all(&sdl).into_iter().flatten().map(|way| way.field).collect();
    for field in schema::queries() {
        assert!(known.contains(&field), "no way through {field}");
    }
}

fn a_country_of_strangers(stage: &Stage) {
    let options = Options { backend: stage.backend, demo: true, ..Options::default() };
    let (server, metrics) = Server::watched(&options).unwrap();
    let country = Country::around(World::on(&server));
    // What the inputs of mutations are about stands in a country too.
    let [a, b, _] = country.provinces();
    let _fittings = [a, b].map(|province| Fitting::new(&country.world, province));
    for province in country.provinces() {
        country.world.certificate(province);
        country.world.rare(province);
    }
    let cases = harness::size(CASES, 100_000).div_ceil(2);
    let everyone = country::principals(&country);
    let share = (everyone.len() * EACH / cases).max(1);
    let people: Vec<_> = everyone.into_iter().step_by(share).collect();
    let land = Land::of(&country, &Sdl::read().nodes());
    let seed = u64::try_from(harness::size(SEED, 20_261_122)).unwrap();
    let wanted = cases.div_ceil(people.len());
    let run = Run::new(&server, &land, &people);
    let before = rows(&country, &land);

    let since = Instant::now();
    let tally = run.all(&people, wanted, seed);
    let (ways, seconds) = (run.ways.len(), since.elapsed().as_secs());
    eprintln!(
        "{:?}, seed {seed}: {} people, {ways} ways, {seconds} s: {tally}",
        stage.backend,
        people.len()
    );
    let mut faults = land.miscast(&country.world.ground);
    faults.extend(run.dead.clone());
    faults.extend(tally.uncovered(&run.sdl));
    let total = tally.total();
    faults.extend((total < wanted * people.len()).then(|| format!("only {total} cases")));
    faults.extend(tally.faults());
    faults.extend(changed(&before, &rows(&country, &land)));
    let texts = [("log", server.log()), ("metrics", metrics.get("/metrics").text)];
    faults.extend(texts.iter().filter_map(|(what, text)| named(what, text, &land)));
    assert_none(&faults);
}

/// Every row of the country, save the entries about sessions: a long run signs people in again.
fn rows(country: &Country, land: &Land) -> Vec<store::Row> {
    let mut rows = store::rows(&country.world.ground, &land.owners);
    rows.retain(|row| row.values.get("act").is_none_or(|act| act != "SignIn"));
    rows
}

/// What strangers changed.
fn changed(before: &[store::Row], after: &[store::Row]) -> Option<String> {
    let new: Vec<_> = after.iter().filter(|row| before.binary_search(row).is_err()).collect();
    let gone: Vec<_> = before.iter().filter(|row| after.binary_search(row).is_err()).collect();
    let is_same = new.is_empty() && gone.is_empty() && before.len() == after.len();
    (!is_same).then(|| format!("strangers changed {gone:?} to {new:?}"))
}

/// What a text names that is about nobody.
fn named(what: &str, text: &str, land: &Land) -> Option<String> {
    let named = land.everything().found_in(text, "");
    let is_named = !named.is_empty() || text.contains("canary") || text.is_empty();
    is_named.then(|| format!("the {what} names {named:?}: {}", text.len()))
}

impl Run<'_> {
    fn all(&self, people: &[Principal<'_>], wanted: usize, seed: u64) -> Tally {
        let tally = Mutex::new(Tally::default());
        let work = |worker: usize| {
            for (number, principal) in people.iter().enumerate().skip(worker).step_by(WORKERS) {
                let asker = Asker { run: self, principal, number };
                let found = asker.ask_all(wanted, Chance::new(seed, number));
                tally.lock().unwrap().add(found);
            }
        };
        let work = &work;
        thread::scope(|scope| {
            for worker in 0..WORKERS {
                let _ = scope.spawn(move || work(worker));
            }
        });
        tally.into_inner().unwrap()
    }
}
