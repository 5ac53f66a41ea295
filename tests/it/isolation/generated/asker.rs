//! One principal at work: asks by every way and every mutation for what is hidden, and judges the answers.

use std::collections::BTreeMap;
use std::fmt::Write;

use harness::client::Answer;
use serde_json::json;
use uuid::Uuid;

use super::super::sight::Hidden;
use super::super::whole;
use super::Run;
use super::chance::Chance;
use super::country::{Principal, Side};
use super::tally::Tally;
use super::ways::{Things, Way};
use super::writes;
use crate::{operation, schema};

/// One in so many ways is asked by one principal before the lot decides; by people whose roles are over fewer. Where
/// fewer people ask, each asks more ways: [`WAY_ASKERS`] ask every way.
const WAY_SHARES: [usize; 2] = [20, 26];
const WAY_ASKERS: usize = 3;
/// One in so many of the operations with everything nested.
const NESTED_SHARES: usize = 8;
/// One in so many people selects all that is nested in the answers of mutations: where one is refused, none of it is there.
const DEEP_SHARES: usize = 4;
/// One in so many people asks for what needs a secret: wrong ones count against everybody who comes from here.
const SECRET_SHARES: usize = 40;

/// One principal at work.
pub(super) struct Asker<'a> {
    pub(super) run: &'a Run<'a>,
    pub(super) principal: &'a Principal<'a>,
    pub(super) number: usize,
}

/// What is left to be asked for, by the place of each way that was begun: no case is counted twice.
type Left = BTreeMap<usize, Vec<String>>;

impl Asker<'_> {
    fn foreign(&self) -> &(Side, Hidden) {
        let Principal { province, is_over, .. } = self.principal;
        &self.run.foreign[*province][usize::from(*is_over)]
    }

    /// A share of the ways, every mutation, a share of everything nested; then at random until there are enough cases
    /// or none is left.
    pub(super) fn ask_all(&self, wanted: usize, mut chance: Chance) -> Tally {
        let (mut tally, mut left) = (Tally::default(), Left::new());
        let mut open: Vec<usize> = (0..self.run.ways.len()).collect();
        let most = (self.run.people / WAY_ASKERS).max(1);
        let shares = WAY_SHARES[usize::from(self.principal.is_over)].min(most);
        for place in open.iter().skip(self.number % shares).step_by(shares) {
            self.go(*place, (&mut left, &mut chance), &mut tally);
        }
        self.nested(&mut chance, &mut tally);
        self.mutate(&mut chance, &mut tally);
        while tally.total() < wanted && tally.faults().is_empty() && !open.is_empty() {
            let which = chance.below(open.len());
            if !self.go(open[which], (&mut left, &mut chance), &mut tally) {
                let _ = open.swap_remove(which);
            }
        }
        tally
    }

    /// Everything that a way is asked for.
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
        things
    }

    /// Asks one way for as many of the things that are left as one request takes; whether more are left.
    fn go(
        &self,
        place: usize,
        (left, chance): (&mut Left, &mut Chance),
        tally: &mut Tally,
    ) -> bool {
        let way = &self.run.ways[place];
        let things = left.entry(place).or_insert_with(|| self.things(way, chance));
        let rest = things.len().saturating_sub(way.batch());
        let taken = things.split_off(rest);
        if !taken.is_empty() {
            self.ask(way, &taken, tally);
        }
        rest > 0
    }

    fn send(&self, text: &str) -> Answer {
        self.principal.client(self.run.server).run(text, json!({}))
    }

    fn ask(&self, way: &Way, things: &[String], tally: &mut Tally) {
        let text = way.text(things);
        let answer = self.send(&text);
        let codes = answer.top_codes();
        if codes.iter().any(|code| code.ends_with("_LIMIT_EXCEEDED")) && way.shrink(things.len()) {
            things.chunks(way.batch()).for_each(|things| self.ask(way, things, tally));
            return;
        }
        let leaks = self.foreign().1.found_in(&whole(&answer), &text);
        let may_be_wrong = way.things == Things::Cursors;
        let is_known = |code: &String| is_refusal(code, may_be_wrong);
        let is_right = leaks.is_empty() && answer.status == 200 && codes.iter().all(is_known);
        if !is_right {
            tally.fault(&way.name(), self.fault(&text, &format!("{leaks:?} in {answer}")));
        } else if way.finds
            && !way.is_nothing(&answer.body)
            && let Some(fault) = self.differs(way, things, &answer)
        {
            tally.fault(&way.name(), fault);
        }
        tally.count(way.path, &way.field, things.len());
        tally.note(way.name(), way.text(&things[..1]));
    }

    /// How an answer differs from that about things that do not exist.
    fn differs(&self, way: &Way, things: &[String], answer: &Answer) -> Option<String> {
        let others: Vec<String> = things.iter().map(|thing| other(thing)).collect();
        let twin = self.send(&way.text(&others));
        let (one, two) = (face(answer, things), face(&twin, &others));
        let what = || format!("differs: {one}\nfrom: {two}");
        (one != two).then(|| self.fault(&way.text(things), &what()))
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
                let fault = self.fault(&what, &format!("{leaks:?} in {answer}"));
                tally.fault(&format!("nested {field}"), fault);
            }
            tally.count("nested", &field, 1);
            tally.note(format!("nested {field}"), operation::text(&field).to_owned());
        }
    }

    fn mutate(&self, chance: &mut Chance, tally: &mut Tally) {
        let side = &self.foreign().0;
        let is_asked = |writes: &writes::Writes| {
            self.number.is_multiple_of(SECRET_SHARES)
                || writes.parts.iter().all(|part| part.has_ids)
        };
        let how = (self.is_deep(), chance);
        for writes in writes::all(&self.run.sdl, side, how).into_iter().filter(is_asked) {
            let answer = self.send(&writes.text());
            let codes = answer.top_codes();
            if !codes.is_empty() && writes.parts.len() > 1 {
                // A fault at the top ends the others too: each by itself.
                writes.parts.iter().for_each(|one| self.write(&writes::Writes::only(one), tally));
            } else {
                self.judge(&writes, &answer, tally);
            }
        }
    }

    fn is_deep(&self) -> bool {
        self.number.is_multiple_of(DEEP_SHARES)
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
            let fields: Vec<&str> = writes.parts.iter().map(|part| part.field.as_str()).collect();
            tally.fault(&fields.join(" "), self.fault(&text, &format!("{leaks:?} in {answer}")));
        }
        for (number, part) in writes.parts.iter().enumerate() {
            let errors = answer.body["data"][format!("a{number}")]["errors"].as_array();
            let is_refused = !codes.is_empty() || errors.is_some_and(|errors| !errors.is_empty());
            if part.has_ids && !is_refused {
                let fault = self.fault(&part.text, &format!("was done: {answer}"));
                tally.fault(&part.field, fault);
            }
            tally.count("mutation", &part.field, 1);
            // What is nested is noted too, whoever asks last.
            let kind = format!("{} {}", part.field, self.is_deep());
            tally.note(kind, format!("mutation {{ {} }}", part.text));
        }
    }

    fn fault(&self, what: &str, found: &str) -> String {
        let short = |text: &str| text.chars().take(1_500).collect::<String>();
        let name = &self.principal.person.username;
        let mut fault = format!("{name} reads ");
        write!(fault, "{}\nasked: {}", short(found), short(what)).unwrap();
        fault
    }
}

/// An answer without its id and what was given in the question.
pub(super) fn face(answer: &Answer, given: &[String]) -> String {
    let request = answer.header("x-request-id").unwrap_or_default();
    let text = answer.text.replace(request, "(id)");
    given.iter().fold(text, |text, word| text.replace(word.as_str(), "(given)"))
}

/// The code of a fault of ours.
const INTERNAL: &str = "INTERNAL_SERVER_ERROR";

/// Whether a query may be refused with this code: it says nothing; and what leads to no object may be wrong input.
fn is_refusal(code: &str, may_be_wrong: bool) -> bool {
    let is_wrong = ["BAD_USER_INPUT", "INVALID_COMBINATION"].contains(&code);
    ["NOT_FOUND", "FORBIDDEN"].contains(&code) || may_be_wrong && is_wrong
}

/// A thing like another, of nothing that exists.
pub(super) fn other(thing: &str) -> String {
    #[expect(clippy::disallowed_methods, reason = "an id of nothing")]
    let id = Uuid::now_v7();
    match api::scalar::decode(thing) {
        Some((prefix, _)) => api::scalar::encode(prefix, id),
        None => format!("{thing}{}", id.simple()),
    }
}
