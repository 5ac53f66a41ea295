//! What came of a rule: a finding for each condition, with the facts it rests on.
//! Nothing is evaluated here.

use std::sync::Arc;

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use super::confirm::Confirmation;
use super::facts::{Award, Case, Verdict};
use super::note::Note;
use super::tree::Node;

/// One condition with what came of it; the parts are those of the condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding<'r> {
    pub(crate) node: &'r Node,
    pub(crate) verdict: Verdict,
    pub(crate) used: Vec<Used>,
    /// How many were found, where they are counted.
    pub(crate) found: Option<i32>,
    /// Whether it would stand otherwise with what is recorded of the units that a collective continues.
    pub(crate) rests_before: bool,
    /// From where it is known, where there is more than one source.
    pub(crate) note: Option<Note>,
    /// The last word of a person, where one alone can confirm it.
    pub(crate) confirmed: Option<Arc<Confirmation>>,
    pub(crate) parts: Vec<Finding<'r>>,
}

impl Finding<'_> {
    /// How much is missing: conditions that fail, and such as nobody can say yet. Of several ways the nearest one counts.
    pub(super) fn distance(&self) -> Distance {
        let parts = || self.parts.iter().map(Self::distance);
        if self.verdict == Verdict::Passed {
            return Distance::default();
        }
        if let Node::Any(_) = self.node {
            return parts().min().unwrap_or_default();
        }
        // A condition on earlier awards without one fails as a whole.
        let is_without = matches!(self.node, Node::After(_)) && self.used.is_empty();
        if self.parts.is_empty() || is_without || matches!(self.node, Node::Not(_)) {
            let is_failed = self.verdict == Verdict::Failed;
            return Distance { failed: i32::from(is_failed), unknown: i32::from(!is_failed) };
        }
        parts().fold(Distance::default(), |sum, it| Distance {
            failed: sum.failed.saturating_add(it.failed),
            unknown: sum.unknown.saturating_add(it.unknown),
        })
    }
}

/// How far a way is from being met; what fails weighs more than what is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Distance {
    failed: i32,
    unknown: i32,
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
    /// A public notice of a proposal.
    Notice,
    /// A property of the subject itself.
    Subject,
    /// A place in the published comparison of a cluster (kết quả cụm, khối đã công bố): place of how many; the
    /// reference is the name of the cluster, the id that of the cluster.
    Comparison,
    /// The members of a collective, counted by their own records: how many of how many.
    MemberCount,
    /// A member of a collective whose own record stands against it, by name; only for who may read the person, and
    /// not kept with a submission.
    Member,
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
    Finding {
        node,
        verdict,
        used: sorted(used),
        found: None,
        note: None,
        confirmed: None,
        rests_before: false,
        parts: Vec::new(),
    }
}

/// A condition that was not looked at, because the award from which it counts is not there: shown, and open.
pub(super) fn unasked(node: &Node) -> Finding<'_> {
    let parts = node.parts().iter().map(unasked).collect();
    Finding { parts, ..leaf(node, Verdict::Unknown, Vec::new()) }
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

pub(super) fn used_case(case: &Case) -> Used {
    Used {
        year: Some(case.from.year()),
        kind: UsedKind::Discipline,
        what: case.form.map_or_else(
            || sea_orm::ActiveEnum::to_value(&case.stage),
            |form| sea_orm::ActiveEnum::to_value(&form),
        ),
        reference: case.decision.clone(),
        id: Some(case.id),
    }
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
