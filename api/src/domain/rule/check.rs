//! The rules that apply to one question, taken together.
//! Pure: no query.
//!
//! Branches are alternatives of the law, conditions must all hold; what only warns never decides. The day of
//! receipt says which rules apply; where rules changed before the decision and the newer ones are more
//! favourable, those apply (Luật 06/2026/QH16, Điều 4).

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
        row.award_type_code.as_ref().is_none_or(|code| *code == question.award)
            && row.subject_kind.is_none_or(|it| it == kind)
            && row.commendation_type.is_none_or(|it| it == question.commendation)
            && row.valid_from <= day
            && row.valid_to.is_none_or(|last| last >= day)
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
        if rows().any(is_way) {
            return Some(Silence::OnlyWarns);
        }
        let is_about = rows().any(|row| row.award_type_code.is_some());
        Some(if is_about { Silence::NoWay } else { Silence::NoRule })
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
    /// Under the other rules, where they differ.
    pub(crate) other: Option<Ruling<'r>>,
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
    let changed = transitions.iter().map(|it| it.from);
    let newer = changed.filter(|from| question.day < *from && *from <= decided_on).max();
    let Some(from) = newer else { return Choice { chosen: old, other: None } };
    let new = rule_on(rules, subject, question, from);
    if new.verdict > old.verdict {
        return Choice { chosen: new, other: Some(old) };
    }
    Choice { chosen: old, other: Some(new) }
}
