//! Generated isolation: everyone of a country of three provinces asks, by every operation of the schema and by every
//! path, for objects of provinces and clusters that the own province has nothing to do with. The operations are read
//! from the SDL and the objects from the database, so what is new is asked for without being named here; what cannot
//! be reached fails with what is missing. A case is a principal, an operation, an object and a path; one request
//! holds many. What people of one province may see of it is asked in the modules beside.

mod chance;
mod country;
mod sdl;
mod store;
mod tally;
mod ways;
mod writes;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use entity::role_grant::Role;
use harness::cases;
use harness::client::Answer;
use harness::server::Server;
use harness::stage::{Case, Stage};
use harness::world::{Country, World};
use serde_json::json;
use uuid::Uuid;

use self::chance::Chance;
use self::country::{Land, Principal, Side};
use self::sdl::Sdl;
use self::tally::Tally;
use self::ways::{Choice, Things, Way, is_nothing};
use super::sight::Hidden;
use super::{assert_none, whole};
use crate::fitting::Fitting;
use crate::{operation, schema};

pub(super) fn cases() -> Vec<Case> {
    cases![a_country_of_strangers; pure: nothing_of_the_schema_is_unknown_to_the_generator]
}

/// How many cases there are at least, on both databases together.
const CASES: &str = "ISOLATION_CASES";
/// Another number makes other cases.
const SEED: &str = "ISOLATION_SEED";
/// So many work at a time.
const WORKERS: usize = 4;
/// One in so many ways, and of the operations with everything nested, is asked by one principal.
const WAY_SHARES: usize = 6;
const NESTED_SHARES: usize = 4;
/// One in so many people asks for what needs a secret: wrong ones count against everybody who comes from here.
const SECRET_SHARES: usize = 40;

/// Ways that lead nobody of the world to anything yet, and why: what they find is proved in a module of its own.
const DEAD_ENDS: [&str; 1] = [
    // Nobody of a world has an award that leads to another one.
    "mustProposeNow(unitId)",
];

/// Roles that together see what there is.
const WIDE: [Role; 7] = [
    Role::StandingOfficer,
    Role::Auditor,
    Role::TenantAdministrator,
    Role::ProvinceChair,
    Role::CouncilSecretary,
    Role::ClusterCoordinator,
    Role::UnitOfficer,
];

/// Types of ids that lead somewhere, by root field and argument or condition.
type Known = BTreeMap<(String, String), Vec<String>>;

/// What is the same for everyone who asks.
struct Run<'a> {
    server: &'a Server,
    sdl: Sdl,
    ways: Vec<Way>,
    own: [Side; 3],
    /// What is hidden from people of a province, and from those whose roles are over.
    foreign: [[(Side, Hidden); 2]; 3],
    /// Cursors of each list, by the province whose rows they name.
    cursors: BTreeMap<(usize, String), Vec<String>>,
}

fn nothing_of_the_schema_is_unknown_to_the_generator(_: &Stage) {
    let sdl = Sdl::read();
    assert!(sdl.roots("Subscription").is_empty(), "write a path through subscriptions");
    let known: Vec<_> = ways::all(&sdl).into_iter().flatten().map(|way| way.field).collect();
    for field in schema::queries() {
        assert!(known.contains(&field), "no way through {field}");
    }
}

fn a_country_of_strangers(stage: &Stage) {
    let server = stage.server();
    let country = Country::around(World::on(&server));
    // What the inputs of mutations are about stands in a country too.
    let [a, b, _] = country.provinces();
    let _fittings = [a, b].map(|province| Fitting::new(&country.world, province));
    let people = country::principals(&country);
    let land = Land::of(&country, &Sdl::read().nodes());
    land.assert_canaries(&country.world.ground);
    let seed = u64::try_from(harness::size(SEED, 20_261_122)).unwrap();
    let wanted = harness::size(CASES, 100_000).div_ceil(2 * people.len());
    people.iter().for_each(|principal| drop(principal.client(&server)));
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
    assert_none(&tally.faults);
    tally.assert_covered(&run.sdl);
    let total = tally.total();
    assert!(total >= wanted * people.len(), "only {total} cases");
    assert_same(&before, &rows(&country, &land));
    assert_nothing_in_logs(&server, &land);
}

/// Every row of the country, save the entries about sessions: a long run signs people in again.
fn rows(country: &Country, land: &Land) -> Vec<store::Row> {
    let mut rows = store::rows(&country.world.ground, &land.owners);
    rows.retain(|row| row.values.get("act").is_none_or(|act| act != "SignIn"));
    rows
}

#[track_caller]
fn assert_same(before: &[store::Row], after: &[store::Row]) {
    let changed: Vec<_> = after.iter().filter(|row| before.binary_search(row).is_err()).collect();
    assert!(changed.is_empty() && before.len() == after.len(), "strangers changed {changed:?}");
}

fn assert_nothing_in_logs(server: &Server, land: &Land) {
    let all = land.everything();
    for (what, text) in [("log", server.log()), ("metrics", server.client().get("/metrics").text)] {
        let named = all.found_in(&text, "");
        assert!(named.is_empty() && !text.contains("canary"), "the {what} names {named:?}");
    }
}

impl<'a> Run<'a> {
    fn new(server: &'a Server, land: &Land, people: &[Principal<'_>]) -> Self {
        let places = [0, 1, 2];
        let foreign = places.map(|place| [false, true].map(|is_over| land.foreign(place, is_over)));
        let own = places.map(|place| land.own(place));
        let (sdl, cursors) = (Sdl::read(), BTreeMap::new());
        let mut run = Self { server, sdl, ways: vec![], own, foreign, cursors };
        let (mut dead, mut known) = (Vec::new(), Known::new());
        for choice in ways::all(&run.sdl) {
            match run.leading(choice, &mut known, people) {
                Ok(way) => run.ways.push(way),
                Err(name) => dead.push(name),
            }
        }
        dead.retain(|name| !DEAD_ENDS.contains(&name.as_str()));
        assert!(
            dead.is_empty(),
            "nobody of the world reads anything of the own province by {dead:?}: add rows that are found by it to \
             tests/harness/world, or, with a reason, the way to `DEAD_ENDS`"
        );
        run.find_cursors(people);
        run
    }

    /// The way of a choice that leads someone of the first province to something of the own, with the types of ids
    /// that do; what was found for one comparator of a condition is known for the others.
    fn leading(
        &self,
        choice: Choice,
        known: &mut Known,
        people: &[Principal<'_>],
    ) -> Result<Way, String> {
        let name = choice[0].name();
        for way in choice {
            let leads = |things: &[String]| self.leads(&way, things, people);
            match &way.things {
                Things::Nothing | Things::Cursors => return Ok(way),
                Things::Texts(node, column) => {
                    let (texts, is_exact) = self.own[0].texts(node, column);
                    if !is_exact || leads(&texts) {
                        return Ok(way);
                    }
                }
                Things::Ids(types) => {
                    let word = way.by.split(' ').next().unwrap_or_default().to_owned();
                    let key = (way.field.clone(), word);
                    let types = known.get(&key).unwrap_or(types);
                    let find = |node: &&String| leads(&self.own[0].ids(&[(*node).clone()]));
                    let mut types: Vec<String> = types.iter().filter(find).cloned().collect();
                    if !types.is_empty() {
                        known.insert(key, types.clone());
                        let is_public = |node: &String| country::PUBLIC.contains(&node.as_str());
                        let all_public = types.iter().all(is_public);
                        types.retain(|node| all_public || !is_public(node));
                        return Ok(way.of_types(types, all_public));
                    }
                }
            }
        }
        Err(name)
    }

    /// Whether the way leads anyone of the first province who sees much to any of these things.
    fn leads(&self, way: &Way, things: &[String], people: &[Principal<'_>]) -> bool {
        // A contrary condition leads to what is not named.
        let things: Vec<String> = if way.is_contrary() {
            things.iter().take(1).map(|thing| other(thing)).collect()
        } else {
            things.to_vec()
        };
        let most = way.batch().min(20);
        let people = people.iter().filter(|it| it.province == 0 && !it.is_over);
        let mut people = people.filter(|it| WIDE.contains(&it.person.role));
        people.any(|principal| {
            let ask = |things: &[String]| {
                let answer = principal.client(self.server).run(&way.text(things), json!({}));
                let has_data = answer.status == 200 && answer.body["data"].is_object();
                has_data && !is_nothing(&answer.body)
            };
            things.chunks(most).take(3).any(ask)
        })
    }

    /// The first cursors of every list, for anyone who has one.
    fn find_cursors(&mut self, people: &[Principal<'_>]) {
        let lists: Vec<&Way> =
            self.ways.iter().filter(|way| way.things == Things::Cursors).collect();
        let mut cursors: BTreeMap<(usize, String), Vec<String>> = BTreeMap::new();
        for principal in people.iter().filter(|it| !it.is_over) {
            for way in &lists {
                let known = cursors.entry((principal.province, way.field.clone())).or_default();
                if known.len() < 2 {
                    let text = format!("{{ {}(first: 1) {{ edges {{ cursor }} }} }}", way.field);
                    let answer = principal.client(self.server).run(&text, json!({}));
                    let cursor = &answer.body["data"][&way.field]["edges"][0]["cursor"];
                    known.extend(cursor.as_str().map(str::to_owned));
                }
            }
        }
        self.cursors = cursors;
    }

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

/// One principal at work.
struct Asker<'a> {
    run: &'a Run<'a>,
    principal: &'a Principal<'a>,
    number: usize,
}

impl Asker<'_> {
    fn foreign(&self) -> &(Side, Hidden) {
        let Principal { province, is_over, .. } = self.principal;
        &self.run.foreign[*province][usize::from(*is_over)]
    }

    /// A share of the ways, every mutation, a share of everything nested; then at random until there are enough cases.
    fn ask_all(&self, wanted: usize, mut chance: Chance) -> Tally {
        let mut tally = Tally::default();
        for way in self.run.ways.iter().skip(self.number % WAY_SHARES).step_by(WAY_SHARES) {
            self.ask(way, &mut chance, &mut tally);
        }
        self.nested(&mut chance, &mut tally);
        self.mutate(&mut chance, &mut tally);
        while tally.total() < wanted && tally.faults.is_empty() {
            self.ask(chance.one(&self.run.ways), &mut chance, &mut tally);
        }
        tally
    }

    fn things(&self, way: &Way, chance: &mut Chance) -> Vec<String> {
        let side = &self.foreign().0;
        let mut things = match &way.things {
            Things::Ids(types) => side.ids(types),
            Things::Texts(node, column) => side.texts(node, column).0,
            Things::Cursors => {
                let others = (0..3).filter(|place| *place != self.principal.province);
                let lists =
                    others.filter_map(|place| self.run.cursors.get(&(place, way.field.clone())));
                lists.flatten().cloned().collect()
            }
            Things::Nothing => return vec![String::new()],
        };
        chance.shuffle(&mut things);
        things.truncate(way.batch());
        things
    }

    fn send(&self, text: &str) -> Answer {
        self.principal.client(self.run.server).run(text, json!({}))
    }

    fn ask(&self, way: &Way, chance: &mut Chance, tally: &mut Tally) {
        let things = self.things(way, chance);
        if things.is_empty() {
            return;
        }
        let text = way.text(&things);
        let answer = self.send(&text);
        let codes = answer.top_codes();
        if codes.iter().any(|code| code.ends_with("_LIMIT_EXCEEDED")) && way.shrink(things.len()) {
            return self.ask(way, chance, tally);
        }
        let leaks = self.foreign().1.found_in(&whole(&answer), &text);
        let may_be_wrong = matches!(way.things, Things::Cursors | Things::Nothing);
        let is_known = |code: &String| is_refusal(code, may_be_wrong);
        let is_right = leaks.is_empty() && answer.status == 200 && codes.iter().all(is_known);
        if !is_right {
            tally.faults.push(self.fault(&text, &format!("{leaks:?} in {answer}")));
        } else if way.finds && !is_nothing(&answer.body) {
            tally.faults.extend(self.differs(way, &things, &answer));
        }
        tally.count(way.path, &way.field, things.len());
        tally.note(way.name(), text);
    }

    /// How an answer differs from that about things that do not exist.
    fn differs(&self, way: &Way, things: &[String], answer: &Answer) -> Option<String> {
        let others: Vec<String> = things.iter().map(|thing| other(thing)).collect();
        let twin = self.send(&way.text(&others));
        let face = |answer: &Answer, given: &[String]| {
            let request = answer.header("x-request-id").unwrap_or_default().to_owned();
            let text = answer.text.replace(&request, "(id)");
            given.iter().fold(text, |text, word| text.replace(word.as_str(), "(given)"))
        };
        let (one, two) = (face(answer, things), face(&twin, &others));
        (one != two).then(|| self.fault(&way.text(things), &format!("differs: {one}\nfrom: {two}")))
    }

    /// Written operations, which select everything that is nested, about objects of the own province.
    fn nested(&self, chance: &mut Chance, tally: &mut Tally) {
        let queries = schema::queries().into_iter();
        for field in queries.skip(self.number % NESTED_SHARES).step_by(NESTED_SHARES) {
            let variables = writes::variables(
                &self.run.sdl,
                &field,
                &self.run.own[self.principal.province],
                chance,
            );
            let client = self.principal.client(self.run.server);
            let answer = client.run(operation::text(&field), variables.clone());
            let leaks = self.foreign().1.found_in(&whole(&answer), &variables.to_string());
            let is_known = |code: &String| is_refusal(code, true);
            if !leaks.is_empty() || answer.status != 200 || !answer.top_codes().iter().all(is_known)
            {
                let what = format!("{field} {variables}");
                tally.faults.push(self.fault(&what, &format!("{leaks:?} in {answer}")));
            }
            tally.count("nested", &field, 1);
            tally.note(format!("nested {field}"), operation::text(&field).to_owned());
        }
    }

    fn mutate(&self, chance: &mut Chance, tally: &mut Tally) {
        let side = &self.foreign().0;
        let is_asked = |writes: &writes::Writes| {
            self.number % SECRET_SHARES == 0 || writes.parts.iter().all(|part| part.has_ids)
        };
        for writes in writes::all(&self.run.sdl, side, chance).into_iter().filter(is_asked) {
            let answer = self.send(&writes.text());
            let codes = answer.top_codes();
            if !codes.is_empty() && writes.parts.len() > 1 {
                // A fault at the top ends the others too: each by itself.
                writes.parts.iter().for_each(|one| self.write(&writes.only(one), tally));
            } else {
                self.judge(&writes, &answer, tally);
            }
        }
    }

    fn write(&self, writes: &writes::Writes, tally: &mut Tally) {
        let answer = self.send(&writes.text());
        self.judge(writes, &answer, tally);
    }

    /// Every mutation in which something foreign stands is refused, and none says anything of it.
    fn judge(&self, writes: &writes::Writes, answer: &Answer, tally: &mut Tally) {
        let text = writes.text();
        let leaks = self.foreign().1.found_in(&whole(answer), &text);
        let codes = answer.top_codes();
        let is_broken =
            codes.iter().any(|code| code == INTERNAL || code.ends_with("_LIMIT_EXCEEDED"));
        if !leaks.is_empty() || is_broken || answer.body["data"].is_null() && codes.is_empty() {
            tally.faults.push(self.fault(&text, &format!("{leaks:?} in {answer}")));
        }
        for (number, part) in writes.parts.iter().enumerate() {
            let errors = answer.body["data"][format!("a{number}")]["errors"].as_array();
            let is_refused = !codes.is_empty() || errors.is_some_and(|errors| !errors.is_empty());
            if part.has_ids && !is_refused {
                tally.faults.push(self.fault(&part.text, &format!("was done: {answer}")));
            }
            tally.count("mutation", &part.field, 1);
            tally.note(part.field.clone(), format!("mutation {{ {} }}", part.text));
        }
    }

    fn fault(&self, what: &str, found: &str) -> String {
        let short = |text: &str| text.chars().take(1_500).collect::<String>();
        let mut fault = format!("{} asks {}: ", self.principal.person.username, short(what));
        write!(fault, "{}", short(found)).unwrap();
        fault
    }
}

/// The code of a fault of ours.
const INTERNAL: &str = "INTERNAL_SERVER_ERROR";

/// Whether a query may be refused with this code: it says nothing; and what leads to no object may be wrong input.
fn is_refusal(code: &str, may_be_wrong: bool) -> bool {
    ["NOT_FOUND", "FORBIDDEN"].contains(&code) || may_be_wrong && code == "BAD_USER_INPUT"
}

/// A thing like another, of nothing that exists.
fn other(thing: &str) -> String {
    #[expect(clippy::disallowed_methods, reason = "an id of nothing")]
    let id = Uuid::now_v7();
    match api::scalar::decode(thing) {
        Some((prefix, _)) => api::scalar::encode(prefix, id),
        None => format!("{thing}{}", id.simple()),
    }
}
