//! What came of a rule: a finding for each condition, with the facts it rests on.
//! Nothing is evaluated here.

use serde::{Deserialize, Serialize};

use super::facts::{Award, Verdict};
use super::tree::Node;

/// One condition with what came of it; the parts are those of the condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding<'r> {
    pub(crate) node: &'r Node,
    pub(crate) verdict: Verdict,
    pub(crate) used: Vec<Used>,
    /// How many were found, where they are counted.
    pub(crate) found: Option<i32>,
    pub(crate) parts: Vec<Finding<'r>>,
}

/// What kind of fact was used.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, async_graphql::Enum, Deserialize, Serialize,
)]
#[graphql(name = "EligibilityFactKind")]
pub(crate) enum UsedKind {
    /// An award of the registry.
    Award,
    /// A record of a year.
    YearRecord,
    /// A case of discipline.
    Discipline,
    /// An initiative.
    Initiative,
    /// An opinion that was asked for.
    Clearance,
    /// A property of the subject itself.
    Subject,
}

/// A fact that a condition rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Used {
    pub(crate) year: Option<i32>,
    pub(crate) kind: UsedKind,
    /// Code of the award, rating, title of the initiative.
    pub(crate) what: String,
    /// Number of the decision or letter.
    pub(crate) reference: Option<String>,
    pub(crate) id: Option<uuid::Uuid>,
}

pub(super) fn leaf(node: &Node, verdict: Verdict, used: Vec<Used>) -> Finding<'_> {
    Finding { node, verdict, used: sorted(used), found: None, parts: Vec::new() }
}

pub(super) fn counted(node: &Node, verdict: Verdict, used: Vec<Used>, found: usize) -> Finding<'_> {
    Finding { found: i32::try_from(found).ok(), ..leaf(node, verdict, used) }
}

fn sorted(mut used: Vec<Used>) -> Vec<Used> {
    used.sort();
    used.dedup();
    used
}

pub(super) fn of_subject(node: &Node, holds: Option<bool>, what: Option<String>) -> Finding<'_> {
    let kind = UsedKind::Subject;
    let used = what.map(|what| Used { year: None, kind, what, reference: None, id: None });
    leaf(node, holds.map_or(Verdict::Unknown, Verdict::of), used.into_iter().collect())
}

pub(super) fn used_award(award: &Award) -> Used {
    Used {
        year: Some(award.year),
        kind: UsedKind::Award,
        what: award.code.clone(),
        reference: award.decision.clone(),
        id: Some(award.id),
    }
}
