//! One title judged by hand: what its rule and the conditions of every title ask of the facts at hand.
//! No rule is read here; it is the law of one day, written down.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};
use uuid::Uuid;

/// What the statements found about the people of one list.
#[derive(Default)]
pub(super) struct People {
    /// Names and subjects in the order of the list.
    pub(super) nominees: Vec<(String, Uuid)>,
    /// The rating of the year.
    pub(super) ratings: HashMap<Uuid, String>,
    /// Titles of the year.
    pub(super) awards: HashSet<(Uuid, String)>,
    /// Who has an initiative that serves.
    pub(super) initiatives: HashSet<Uuid>,
    /// Whose case is open.
    pub(super) cases: HashSet<Uuid>,
}

/// Worst first, so that a list of conditions is as good as its least.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Failed,
    Unknown,
    Passed,
}

fn when(holds: bool) -> Verdict {
    if holds { Verdict::Passed } else { Verdict::Failed }
}

fn verdict(people: &People, of: Uuid) -> Verdict {
    let rating = people.ratings.get(&of).map(String::as_str);
    let has = |code: &str| people.awards.contains(&(of, code.to_owned()));
    // Whether the standard of an advanced labourer is met beyond the rating, a person has to say.
    let meets_standard = match rating {
        Some("GOOD" | "EXCELLENT") | None => Verdict::Unknown,
        Some(_) => Verdict::Failed,
    };
    let advanced = when(has("ADVANCED_LABOURER")).max(meets_standard);
    let excellent = rating.map_or(Verdict::Unknown, |rating| when(rating == "EXCELLENT"));
    let effect = excellent.max(when(people.initiatives.contains(&of)));
    let not_yet = when(!has("BASE_EMULATION_FIGHTER"));
    let no_case = when(!people.cases.contains(&of));
    [advanced, effect, not_yet, no_case].into_iter().min().unwrap_or(Verdict::Passed)
}

/// Every nominee with his verdict, as GraphQL answers it.
pub(super) fn judged(people: &People) -> Value {
    let one = |(name, subject): &(String, Uuid)| {
        let verdict = match verdict(people, *subject) {
            Verdict::Failed => "FAILED",
            Verdict::Unknown => "UNKNOWN",
            Verdict::Passed => "PASSED",
        };
        json!({ "name": name, "eligibility": { "verdict": verdict } })
    };
    let nominees: Vec<Value> = people.nominees.iter().map(one).collect();
    json!({ "submission": { "nominees": nominees } })
}
