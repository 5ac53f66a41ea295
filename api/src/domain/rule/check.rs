//! The rules that apply to one question, taken together.
//! Pure: no query.
//!
//! Branches are alternatives of the law, conditions must all hold; what only warns never decides. The day of
//! receipt says which rules apply; where rules changed before the decision and the newer ones are more
//! favourable, those apply (Luật 06/2026/QH16, Điều 4).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::eligibility_rule::{self, Part, Severity};
use entity::nominee::SubjectKind;
use strum::IntoStaticStr;

use super::evaluate::evaluate;
use super::facts::{Facts, Question, Verdict};
use super::finding::Finding;
use super::tree::Node;

/// A rule as it is applied: national, or one that a tenant added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) row: eligibility_rule::Model,
    pub(crate) tree: Node,
    /// Added by the tenant.
    pub(crate) is_own: bool,
}

impl Rule {
    /// Whether it is about this question on a day.
    fn applies(&self, kind: SubjectKind, question: &Question, day: NaiveDate) -> bool {
        let row = &self.row;
        self.is_about(kind, question)
            && row.valid_from <= day
            && row.valid_to.is_none_or(|last| last >= day)
    }

    /// Whether it is about this question on some day.
    fn is_about(&self, kind: SubjectKind, question: &Question) -> bool {
        let row = &self.row;
        row.award_type_code.as_ref().is_none_or(|code| *code == question.award)
            && row.subject_kind.is_none_or(|it| it == kind)
            && row.commendation_type.is_none_or(|it| it == question.commendation)
    }

    /// The days from which on it stands, and no longer does.
    fn changes(&self) -> impl Iterator<Item = NaiveDate> {
        let end = self.row.valid_to.and_then(|last| last.succ_opt());
        [Some(self.row.valid_from), end].into_iter().flatten()
    }
}

/// What came of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome<'r> {
    pub(crate) rule: &'r Rule,
    pub(crate) finding: Finding<'r>,
}

/// What came of all rules in force on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ruling<'r> {
    pub(crate) day: NaiveDate,
    pub(crate) verdict: Verdict,
    pub(crate) outcomes: Vec<Outcome<'r>>,
}

/// Why the rules of a day leave it to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Silence {
    /// None is about the title or form, for this kind of subject and type of commendation.
    NoRule,
    /// Those about it set conditions, and none says what it is given for.
    NoWay,
    /// Those that say what it is given for only warn.
    OnlyWarns,
}

impl Ruling<'_> {
    /// Why nothing is decided, where that lies in the rules and not in the facts.
    pub(crate) fn silence(&self) -> Option<Silence> {
        let rows = || self.outcomes.iter().map(|it| &it.rule.row);
        let is_way = |row: &eligibility_rule::Model| row.part == Part::Branch;
        let decides = rows().any(|row| is_way(row) && row.severity == Severity::Block);
        if self.verdict != Verdict::Unknown || decides {
            return None;
        }
        if self.has_way() {
            return Some(Silence::OnlyWarns);
        }
        let is_about = rows().any(|row| row.award_type_code.is_some());
        Some(if is_about { Silence::NoWay } else { Silence::NoRule })
    }

    /// Whether one of the rules says what it is given for.
    fn has_way(&self) -> bool {
        self.outcomes.iter().any(|it| it.rule.row.part == Part::Branch)
    }

    /// Whether a condition stands against it, whatever the way.
    pub(crate) fn is_barred(&self) -> bool {
        let is_against = |it: &Outcome<'_>| {
            let row = &it.rule.row;
            row.part == Part::Condition
                && row.severity == Severity::Block
                && it.finding.verdict == Verdict::Failed
        };
        self.outcomes.iter().any(is_against)
    }
}

/// The rulings of both days, the one that applies first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice<'r> {
    pub(crate) chosen: Ruling<'r>,
    /// Under the other rules, where a transition of the law lies between.
    pub(crate) other: Option<Ruling<'r>>,
    /// What chose between them.
    pub(crate) ground: Ground,
    /// The days between receipt and decision on which rules changed and for which no transition is recorded, in order.
    pub(crate) unsettled: Vec<NaiveDate>,
}

/// By what the rules of one day were chosen.
#[derive(Clone, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Ground {
    /// No transition of the law lies between receipt and decision.
    Receipt,
    /// A transition of the law keeps the older rules, because the newer ones are not more favourable.
    Kept(Transition),
    /// A transition of the law lets the newer rules in, because they are more favourable.
    Newer(Transition),
    /// A transition of the law asks which rules are better, and none that it brought is recorded: people compare.
    NewerUnrecorded(Transition),
    /// A transition of the law asks which rules are better, and none of the day of receipt is recorded: people compare.
    OlderUnrecorded(Transition),
}

impl Ground {
    /// The transition of the law that lies between.
    pub(crate) fn transition(&self) -> Option<&Transition> {
        match self {
            Self::Kept(change)
            | Self::Newer(change)
            | Self::NewerUnrecorded(change)
            | Self::OlderUnrecorded(change) => Some(change),
            Self::Receipt => None,
        }
    }
}

/// A change of the law for which the day of receipt decides, and newer rules only where they are better.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Transition {
    pub(crate) from: NaiveDate,
    pub(crate) citation: String,
}

/// What the rules in force on a day say.
pub(crate) fn rule_on<'r>(
    rules: &'r [Rule],
    (kind, facts): (SubjectKind, &Facts),
    question: &Question,
    day: NaiveDate,
) -> Ruling<'r> {
    let outcomes: Vec<_> = rules
        .iter()
        .filter(|rule| rule.applies(kind, question, day))
        .map(|rule| Outcome { rule, finding: evaluate(&rule.tree, facts, question) })
        .collect();
    Ruling { day, verdict: verdict(&outcomes), outcomes }
}

fn verdict(outcomes: &[Outcome<'_>]) -> Verdict {
    let blocking = || outcomes.iter().filter(|it| it.rule.row.severity == Severity::Block);
    let of = |part: Part| blocking().filter(move |it| it.rule.row.part == part);
    let conditions = Verdict::all(of(Part::Condition).map(|it| it.finding.verdict));
    let mut branches = of(Part::Branch).map(|it| it.finding.verdict).peekable();
    // Without a branch the law says nothing that could be computed: a person has to look.
    let branch = if branches.peek().is_some() { Verdict::any(branches) } else { Verdict::Unknown };
    Verdict::all([conditions, branch])
}

/// The ruling that applies to what was received on one day and is decided on another.
pub(crate) fn choose<'r>(
    rules: &'r [Rule],
    subject: (SubjectKind, &Facts),
    question: &Question,
    (decided_on, transitions): (NaiveDate, &[Transition]),
) -> Choice<'r> {
    let old = rule_on(rules, subject, question, question.day);
    let is_between = |from: NaiveDate| question.day < from && from <= decided_on;
    let of_it = rules.iter().filter(|rule| rule.is_about(subject.0, question));
    let mut unsettled: BTreeSet<NaiveDate> =
        of_it.flat_map(Rule::changes).filter(|day| is_between(*day)).collect();
    let newer = transitions.iter().filter(|it| is_between(it.from)).max_by_key(|it| it.from);
    let is_recorded = newer.is_some_and(|it| unsettled.contains(&it.from));
    unsettled.retain(|day| transitions.iter().all(|it| it.from != *day));
    let unsettled = unsettled.into_iter().collect();
    let Some(newer) = newer.cloned() else {
        return Choice { chosen: old, other: None, ground: Ground::Receipt, unsettled };
    };
    let new = rule_on(rules, subject, question, newer.from);
    let is_better = new.verdict > old.verdict;
    let ground = match (old.has_way(), is_better) {
        (false, _) => Ground::OlderUnrecorded(newer),
        (true, true) => {
            let ground = Ground::Newer(newer);
            return Choice { chosen: new, other: Some(old), ground, unsettled };
        }
        (true, false) if is_recorded => Ground::Kept(newer),
        (true, false) => Ground::NewerUnrecorded(newer),
    };
    Choice { chosen: old, other: Some(new), ground, unsettled }
}
