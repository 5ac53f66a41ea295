//! The state machine of a ballot: whatever people do in whatever order, the server does what the model says,
//! votes agree with the register, each member has one vote a round, and none comes after the closing.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use entity::{ballot_box, ballot_listed, ballot_register};
use harness::cases;
use harness::client::{Answer, Client};
use harness::stage::{Case, Stage};
use harness::world::World;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use proptest::{collection, prop_oneof, sample};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::Condition;
use serde_json::{Value, json};

use crate::assembly::{Assembly, presence, vote, with};
use crate::council::run;
use crate::operation;

pub(crate) fn cases() -> Vec<Case> {
    cases![whatever_people_do_votes_and_register_agree]
}

/// Members of the council; the unit of the last one is that of the nominees, so he has a conflict of interest.
const MEMBERS: usize = 7;
const TIED: usize = MEMBERS - 1;
/// Two thirds of seven.
const QUORUM: usize = 5;
/// Below it a closed ballot tells the verdict only.
const FEWEST: usize = 5;
const ROUNDS: usize = 2;
/// Histories of a run; `TEST_HISTORIES` says otherwise.
const HISTORIES: u32 = 12;

/// Something that somebody tries.
#[derive(Clone, Debug)]
enum Step {
    Cast { member: usize, letters: &'static str },
    Attend { member: usize, is_there: bool },
    Open { says_why: bool },
    Close { by: Hand, is_stale: bool },
    Confirm { by: Hand, is_stale: bool },
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Hand {
    Secretary,
    Chair,
    Member,
}

fn step() -> impl Strategy<Value = Step> {
    // Mostly the one whose part it is, so that histories come to their ends.
    let mostly = |right: Hand| {
        sample::select(vec![right, right, right, Hand::Secretary, Hand::Chair, Hand::Member])
    };
    let letters = sample::select(vec!["YY", "YN", "YA", "NY", "NN", "NA", "AY", "AN", "AA"]);
    let is_stale = || sample::select(vec![false, false, false, true]);
    let member = || 0..MEMBERS;
    prop_oneof![
        12 => (member(), letters).prop_map(|(member, letters)| Step::Cast { member, letters }),
        3 => (member(), sample::select(vec![true, true, false]))
            .prop_map(|(member, is_there)| Step::Attend { member, is_there }),
        3 => sample::select(vec![true, true, false]).prop_map(|says_why| Step::Open { says_why }),
        3 => (mostly(Hand::Secretary), is_stale()).prop_map(|(by, is_stale)| Step::Close { by, is_stale }),
        4 => (mostly(Hand::Chair), is_stale()).prop_map(|(by, is_stale)| Step::Confirm { by, is_stale }),
    ]
}

/// A ballot as the model knows it.
struct Round {
    ballot: Value,
    state: State,
    version: i64,
    /// Who could vote when it was opened.
    roll: Vec<bool>,
    votes: BTreeMap<usize, &'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Open,
    Counting,
    Closed,
}

impl Round {
    /// Yes, no and abstentions of one candidate, as far as they are told.
    fn result(&self, candidate: usize) -> Value {
        if self.votes.len() < FEWEST {
            return json!([null, null, null]);
        }
        let of = |letter: u8| {
            self.votes.values().filter(|word| word.as_bytes()[candidate] == letter).count()
        };
        json!([of(b'Y'), of(b'N'), of(b'A')])
    }
}

struct Play<'a> {
    world: &'a World,
    assembly: &'a Assembly,
    clients: &'a [Client],
    is_there: Vec<bool>,
    rounds: Vec<Round>,
}

fn whatever_people_do_votes_and_register_agree(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let mut assembly = Assembly::new(&server, &world, MEMBERS);
    let clients = assembly.clients(&server, MEMBERS);
    let cases: u32 =
        harness::setting("TEST_HISTORIES").map_or(HISTORIES, |text| text.parse().unwrap());
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut reached = [0; 4];
    for _ in 0..cases {
        let steps = collection::vec(step(), 20..60).new_tree(&mut runner).unwrap().current();
        assembly.convene(&server, &world);
        for (count, more) in
            reached.iter_mut().zip(play(Play::new(&world, &assembly, &clients), &steps))
        {
            *count += more;
        }
    }
    let [opened, cast, closed, second] = reached;
    eprintln!(
        "{cases} histories: {opened} ballots, {cast} votes, {closed} closed, {second} second rounds"
    );
    assert!(reached.iter().all(|count| *count > 0), "a part of the machine was never reached");
}

/// Plays one history; how many ballots were opened, votes given, ballots closed and second rounds opened.
fn play(mut play: Play<'_>, steps: &[Step]) -> [usize; 4] {
    for member in 0..MEMBERS - 1 {
        let _ = play.attend(member, true);
    }
    for (place, step) in steps.iter().enumerate() {
        let (expected, answer) = play.take(step);
        let codes = answer.payload_codes();
        let expected: Vec<String> = expected.map(str::to_owned).into_iter().collect();
        assert_eq!(codes, expected, "step {place} of {steps:?}: {answer}");
        play.check(&format!("step {place} of {steps:?}"));
    }
    let votes = play.rounds.iter().map(|round| round.votes.len()).sum();
    let closed = play.rounds.iter().filter(|round| round.state == State::Closed).count();
    [play.rounds.len(), votes, closed, play.rounds.len().saturating_sub(1)]
}

impl<'a> Play<'a> {
    fn new(world: &'a World, assembly: &'a Assembly, clients: &'a [Client]) -> Self {
        Self { world, assembly, clients, is_there: vec![false; MEMBERS], rounds: Vec::new() }
    }

    /// Does it; the code that the model expects, and the answer.
    fn take(&mut self, step: &Step) -> (Option<&'static str>, Answer) {
        match *step {
            Step::Cast { member, letters } => self.cast(member, letters),
            Step::Attend { member, is_there } => (None, self.attend(member, is_there)),
            Step::Open { says_why } => self.open(says_why),
            Step::Close { by, is_stale } => self.close(by, is_stale),
            Step::Confirm { by, is_stale } => self.confirm(by, is_stale),
        }
    }

    fn client(&self, hand: Hand) -> &Client {
        match hand {
            Hand::Secretary => &self.assembly.secretary,
            Hand::Chair => &self.clients[0],
            Hand::Member => &self.clients[1],
        }
    }

    fn attend(&mut self, member: usize, is_there: bool) -> Answer {
        let seat = self.assembly.read(&self.assembly.secretary)["seats"][member].clone();
        let input = json!({ "id": seat["id"], "expectedVersion": seat["version"] });
        let how = if is_there { "PRESENT" } else { "ABSENT" };
        self.is_there[member] = is_there;
        run(&self.assembly.secretary, "attendanceRecord", &with(input, &presence(how)))
    }

    fn cast(&mut self, member: usize, letters: &'static str) -> (Option<&'static str>, Answer) {
        let Some(round) = self.rounds.last_mut() else {
            // There is nothing to vote on yet: the id is that of no ballot.
            let none = json!({ "id": self.assembly.item, "choices": [] });
            return (Some("INVALID_ID"), run(&self.clients[member], "ballotCast", &none));
        };
        let answer = run(&self.clients[member], "ballotCast", &vote(&round.ballot, letters));
        let expected = if round.state != State::Open {
            Some("BALLOT_CLOSED")
        } else if member == TIED {
            Some("RECUSED")
        } else if !round.roll[member] {
            Some("NOT_ON_ROLL")
        } else if let Entry::Vacant(vote) = round.votes.entry(member) {
            vote.insert(letters);
            None
        } else {
            Some("ALREADY_VOTED")
        };
        (expected, answer)
    }

    fn open(&mut self, says_why: bool) -> (Option<&'static str>, Answer) {
        let mut input = json!({ "itemId": self.assembly.item });
        let mut expected = None;
        if let Some(last) = self.rounds.last() {
            input["reconsidersId"] = last.ballot["id"].clone();
            if says_why {
                input["reason"] = json!("Có tài liệu mới");
            }
            expected = match (last.state, says_why) {
                (_, false) => Some("REASON_REQUIRED"),
                (State::Open | State::Counting, true) => Some("WRONG_STATE"),
                (State::Closed, true) if self.rounds.len() == ROUNDS => Some("ROUNDS_EXHAUSTED"),
                (State::Closed, true) => None,
            };
        }
        if expected.is_none() && self.is_there.iter().filter(|there| **there).count() < QUORUM {
            expected = Some("NO_QUORUM");
        }
        let answer = run(&self.assembly.secretary, "ballotOpen", &input);
        if expected.is_none() {
            let ballot = answer.clone().ok()["ballotOpen"]["ballot"].clone();
            let roll = self.is_there.clone();
            let votes = BTreeMap::new();
            self.rounds.push(Round { ballot, state: State::Open, version: 1, roll, votes });
        }
        (expected, answer)
    }

    fn close(&mut self, by: Hand, is_stale: bool) -> (Option<&'static str>, Answer) {
        let answer = self.end("ballotClose", by, is_stale);
        let expected = match (by, self.rounds.last_mut()) {
            (_, None) => Some("INVALID_ID"),
            (Hand::Chair | Hand::Member, Some(_)) => Some("FORBIDDEN"),
            (Hand::Secretary, Some(_)) if is_stale => Some("CONFLICT"),
            (Hand::Secretary, Some(round)) if round.state == State::Open => {
                round.state = State::Counting;
                round.version += 1;
                None
            }
            (Hand::Secretary, Some(_)) => Some("WRONG_STATE"),
        };
        (expected, answer)
    }

    fn confirm(&mut self, by: Hand, is_stale: bool) -> (Option<&'static str>, Answer) {
        let answer = self.end("ballotCloseConfirm", by, is_stale);
        let expected = match (by, self.rounds.last_mut()) {
            (_, None) => Some("INVALID_ID"),
            (Hand::Secretary, Some(_)) => Some("FORBIDDEN"),
            (Hand::Chair | Hand::Member, Some(_)) if is_stale => Some("CONFLICT"),
            (_, Some(round)) if round.state != State::Counting => Some("WRONG_STATE"),
            (Hand::Member, Some(_)) => Some("FORBIDDEN"),
            (Hand::Chair, Some(round)) => {
                round.state = State::Closed;
                round.version += 1;
                None
            }
        };
        (expected, answer)
    }

    fn end(&self, mutation: &str, by: Hand, is_stale: bool) -> Answer {
        let (id, version) = self
            .rounds
            .last()
            .map_or((&self.assembly.item, 1), |round| (&round.ballot["id"], round.version));
        let version = if is_stale { version + 7 } else { version };
        let input = json!({ "id": id, "expectedVersion": version });
        run(self.client(by), mutation, &input)
    }

    /// What is kept and what is told agree with the model, of every round.
    fn check(&self, place: &str) {
        for round in &self.rounds {
            let id = json!({ "id": round.ballot["id"] });
            let told = self.assembly.secretary.run(operation::text("ballot"), id).ok();
            let told = &told["ballot"];
            let count = round.votes.len();
            assert_eq!(told["cast"], json!(count), "{place}");
            assert_eq!(told["version"], json!(round.version), "{place}");
            let is_closed = round.state == State::Closed;
            let in_box = if is_closed { 0 } else { count };
            let listed = if is_closed { count } else { 0 };
            assert_eq!(self.kept(&round.ballot["id"]), [count, in_box, listed], "{place}");
            let results = told["results"].as_array().unwrap();
            assert_eq!(results.is_empty(), !is_closed, "{place}");
            for (candidate, result) in results.iter().enumerate() {
                let counted = json!([result["yes"], result["no"], result["abstain"]]);
                assert_eq!(counted, round.result(candidate), "{place}");
            }
        }
    }

    /// Rows of the register, of the box and of the public list.
    fn kept(&self, id: &Value) -> [usize; 3] {
        let id = api::scalar::decode(id.as_str().unwrap()).unwrap().1;
        let ground = &self.world.ground;
        let of = |column: sea_orm::sea_query::SimpleExpr| Condition::all().add(column);
        let register = of(ballot_register::Column::BallotId.eq(id));
        let boxed = of(ballot_box::Column::BallotId.eq(id));
        let listed = of(ballot_listed::Column::BallotId.eq(id));
        [
            ground.rows::<ballot_register::Entity>(register).unwrap().len(),
            ground.rows::<ballot_box::Entity>(boxed).unwrap().len(),
            ground.rows::<ballot_listed::Entity>(listed).unwrap().len(),
        ]
    }
}
