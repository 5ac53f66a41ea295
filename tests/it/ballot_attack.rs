//! The catalogue of attacks on a closed ballot: someone who owns the database and reads the log pairs those who
//! have voted with what is on the list, by every order that either has. None may find more than chance does (D4).

use std::collections::HashMap;

use entity::owned::Owned;
use entity::{audit_event, ballot_listed, ballot_register};
use harness::cases;
use harness::stage::{Case, Stage};
use harness::world::{Id, World};
use sea_orm::sea_query::{Condition, SimpleExpr};
use sea_orm::{ColumnTrait, QueryResult};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::assembly::{Assembly, cast};

pub(crate) fn cases() -> Vec<Case> {
    cases![no_order_tells_who_voted_what]
}

/// Voters of one ballot.
const VOTERS: usize = 40;
/// Votes of a run; `TEST_VOTES` says otherwise.
const VOTES: usize = 400;

/// The order of the voters, that of the list, and its direction.
type Attack = (&'static str, &'static str, &'static str);
/// Receipts and choices found.
type Tally = HashMap<Attack, [usize; 2]>;

/// What is known after the closing, and what is true.
#[derive(Default)]
struct Evidence {
    /// Orders of those who have voted, by what gives the order.
    voters: Vec<(&'static str, Vec<Uuid>)>,
    /// Orders of what is on the list.
    list: Vec<(&'static str, Vec<String>)>,
    /// The receipt that each seat was really given.
    truth: HashMap<Uuid, String>,
    /// What each receipt stands for.
    choices: HashMap<String, String>,
}

fn no_order_tells_who_voted_what(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let votes = harness::setting("TEST_VOTES").map_or(VOTES, |text| text.parse().unwrap());
    let ballots = votes.div_ceil(VOTERS);
    let mut assembly = Assembly::new(&server, &world, VOTERS + 1);
    let voters = assembly.clients(&server, VOTERS);
    let seats: Vec<Uuid> = assembly.seats.iter().map(uuid).collect();
    let mut tally = Tally::new();
    let mut agreeing = 0.0;
    for ballot in 0..ballots {
        if ballot > 0 {
            assembly.convene(&server, &world);
        }
        assembly.attend(&["PRESENT"; VOTERS + 1]);
        let opened = assembly.open(&json!({}));
        let mut truth = HashMap::new();
        for place in order(ballot) {
            // Half of the votes are of each kind, by no rule that an order has.
            let letters = if chance().is_multiple_of(2) { "YN" } else { "NY" };
            let answer = cast(&voters[place], &opened, letters).ok();
            let receipt = answer["ballotCast"]["receipt"].as_str().unwrap().to_owned();
            truth.insert(seats[place], receipt);
        }
        let _ = assembly.close(&server, &opened);
        let evidence = Evidence::gather(&world, uuid(&opened["id"]), truth);
        agreeing += evidence.by_chance();
        evidence.attacks(&mut tally);
    }
    report(&tally, ballots, agreeing);
}

fn add(tally: &mut Tally, attack: Attack, [found, alike]: [usize; 2]) {
    let sum = tally.entry(attack).or_default();
    *sum = [sum[0] + found, sum[1] + alike];
}

/// The end of an id is random.
fn chance() -> u32 {
    let id = Id::new("").uuid;
    id.as_bytes()[12..].iter().fold(0, |number, byte| (number << 8) | u32::from(*byte))
}

/// The order in which people vote: another one in each ballot.
fn order(ballot: usize) -> Vec<usize> {
    let mut places: Vec<(u32, usize)> = (0..VOTERS).map(|place| (chance(), place)).collect();
    if ballot > 0 {
        places.sort_unstable();
    }
    places.into_iter().map(|(_, place)| place).collect()
}

/// By chance an order finds one receipt a ballot, and as many choices as the two kinds allow.
fn report(tally: &Tally, ballots: usize, agreeing: f64) {
    let mut lines: Vec<_> = tally.iter().collect();
    lines.sort();
    let votes = f64::from(u32::try_from(ballots * VOTERS).unwrap());
    let one_a_ballot = f64::from(u32::try_from(ballots).unwrap());
    eprintln!(
        "{votes} votes, {} attacks; by chance {one_a_ballot} receipts and {agreeing:.0} choices",
        lines.len()
    );
    for ((voters, list, way), [found, alike]) in lines {
        eprintln!("  {voters} against {list} {way}: {found} receipts, {alike} choices");
        // Six deviations: one run in a hundred million is above by chance.
        let many = 6.0_f64.mul_add(one_a_ballot.sqrt(), one_a_ballot);
        let found = f64::from(u32::try_from(*found).unwrap());
        assert!(found <= many, "{voters} against {list} {way} finds {found} receipts");
        let many = 6.0_f64.mul_add(votes.sqrt() / 2.0, agreeing);
        let alike = f64::from(u32::try_from(*alike).unwrap());
        assert!(alike <= many, "{voters} against {list} {way} finds {alike} choices");
    }
}

impl Evidence {
    fn gather(world: &World, ballot: Uuid, truth: HashMap<Uuid, String>) -> Self {
        let ground = &world.ground;
        let of = |column: SimpleExpr| Condition::all().add(column);
        let register = of(ballot_register::Column::BallotId.eq(ballot));
        let register = ground.rows::<ballot_register::Entity>(register).unwrap();
        let listed = of(ballot_listed::Column::BallotId.eq(ballot));
        let listed = ground.rows::<ballot_listed::Entity>(listed).unwrap();
        assert_eq!((register.len(), listed.len()), (VOTERS, VOTERS));
        let mut evidence = Self { truth, ..Self::default() };
        for row in &listed {
            evidence.choices.insert(row.receipt.clone(), format!("{:?}", row.choices));
        }
        let mut add = |name, orders: Vec<Uuid>| evidence.voters.push((name, orders));
        let mut seats: Vec<Uuid> = register.iter().map(|row| row.seat_id).collect();
        add("rows of the register", seats.clone());
        seats.sort();
        add("seats", seats);
        add("audit entries", audited(world, ballot));
        let mut add = |name, orders: Vec<String>| evidence.list.push((name, orders));
        let mut receipts: Vec<String> = listed.iter().map(|row| row.receipt.clone()).collect();
        add("rows of the list", receipts.clone());
        receipts.sort();
        add("receipts", receipts);
        let mut rows = listed;
        rows.sort_by(|one, other| {
            (&one.choices, &one.receipt).cmp(&(&other.choices, &other.receipt))
        });
        add("choices", rows.into_iter().map(|row| row.receipt).collect());
        if ground.is_postgres() {
            evidence.physical(world, ballot);
        } else {
            evidence.pages(world, ballot);
        }
        evidence
    }

    /// Places and transactions of PostgreSQL's rows.
    fn physical(&mut self, world: &World, ballot: Uuid) {
        for (name, order) in [("ctid", "ctid"), ("xmin", "xmin::text::bigint, ctid")] {
            let sql = |table: &str, column: &str| {
                format!(
                    "SELECT {column} FROM {table} WHERE ballot_id = '{ballot}' ORDER BY {order}"
                )
            };
            let voters = world.ground.query(&sql("ballot_register", "seat_id")).unwrap();
            self.voters.push((name, voters.iter().map(first::<Uuid>).collect()));
            let list = world.ground.query(&sql("ballot_listed", "receipt")).unwrap();
            self.list.push((name, list.iter().map(first::<String>).collect()));
        }
    }

    /// SQLite's own order of both tables.
    fn pages(&mut self, world: &World, ballot: Uuid) {
        let sql = |table: &str, column: &str| {
            let ballot = ballot.simple();
            format!(
                "SELECT {column} FROM {table} NOT INDEXED WHERE hex(ballot_id) = upper('{ballot}')"
            )
        };
        let voters = world.ground.query(&sql("ballot_register", "seat_id")).unwrap();
        self.voters.push(("pages", voters.iter().map(first::<Uuid>).collect()));
        let list = world.ground.query(&sql("ballot_listed", "receipt")).unwrap();
        self.list.push(("pages", list.iter().map(first::<String>).collect()));
    }

    /// Every order of the voters against every order of the list, forwards and backwards.
    fn attacks(&self, tally: &mut Tally) {
        for (voters, of_voters) in &self.voters {
            for (list, of_list) in &self.list {
                let backwards: Vec<String> = of_list.iter().rev().cloned().collect();
                add(tally, (voters, list, "forwards"), self.attack(of_voters, of_list));
                add(tally, (voters, list, "backwards"), self.attack(of_voters, &backwards));
            }
        }
    }

    /// Pairs two orders: receipts found, choices found.
    fn attack(&self, voters: &[Uuid], list: &[String]) -> [usize; 2] {
        assert_eq!((voters.len(), list.len()), (VOTERS, VOTERS));
        let pairs = voters.iter().zip(list).map(|(seat, guess)| (&self.truth[seat], guess));
        let of = |receipt: &String| &self.choices[receipt];
        let found = pairs.clone().filter(|(truth, guess)| truth == guess).count();
        [found, pairs.filter(|(truth, guess)| of(truth) == of(guess)).count()]
    }

    /// How many choices agree when the list is dealt out at random.
    fn by_chance(&self) -> f64 {
        let mut kinds: HashMap<&String, u32> = HashMap::new();
        for choices in self.choices.values() {
            *kinds.entry(choices).or_default() += 1;
        }
        let votes = f64::from(u32::try_from(VOTERS).unwrap());
        kinds.values().map(|count| f64::from(*count).powi(2) / votes).sum()
    }
}

/// Those who have voted, in the order of the audit entries of their casting: an entry names the seat.
fn audited(world: &World, ballot: Uuid) -> Vec<Uuid> {
    let of = Condition::all()
        .add(audit_event::Column::TenantId.eq(world.a.id.uuid))
        .add(audit_event::Column::ObjectType.eq(ballot_register::Entity::NAME));
    let mut events = world.ground.rows::<audit_event::Entity>(of).unwrap();
    events.retain(|event| event.changes.contains(&ballot.to_string()));
    events.sort_by_key(|event| event.id);
    assert_eq!(events.len(), VOTERS, "each vote has its entry");
    events.into_iter().map(|event| event.object_id).collect()
}

fn first<T: sea_orm::TryGetable>(row: &QueryResult) -> T {
    row.try_get_by_index(0).unwrap()
}

fn uuid(id: &Value) -> Uuid {
    api::scalar::decode(id.as_str().unwrap()).unwrap().1
}
