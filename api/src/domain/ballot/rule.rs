//! How votes become a verdict, and what a regulation may change of the law: whole numbers only.
//! No query, no clock and no person enters here.

use entity::ballot_candidate;
use entity::ballot_rule::{
    self, Absentee, AfterRounds, Base, Comparison, OverQuota, Recusal, Secrecy, Tie,
};
use serde::{Deserialize, Serialize};

use crate::error::{Code, Fault, Result};
use crate::reference::LawRule;

/// A share of whole numbers.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, async_graphql::SimpleObject,
)]
#[graphql(name = "BallotShare")]
pub(crate) struct Share {
    /// What is counted.
    pub(crate) numerator: i32,
    /// Of how many.
    pub(crate) denominator: i32,
}

impl Share {
    /// The least number that is this share of a number, or more.
    fn least(self, of: i64) -> i64 {
        let (numerator, denominator) = self.wide();
        (numerator * of + denominator - 1) / denominator
    }

    fn wide(self) -> (i64, i64) {
        (i64::from(self.numerator), i64::from(self.denominator.max(1)))
    }

    pub(super) fn is_at_least(self, other: Self) -> bool {
        let ((own, own_of), (least, least_of)) = (self.wide(), other.wide());
        own * least_of >= least * own_of
    }
}

/// A rule as it is in force for one title: of the law, or of the regulation of a council.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Rule {
    pub(crate) quorum: Share,
    pub(crate) threshold: Share,
    pub(crate) comparison: Comparison,
    pub(crate) base: Base,
    pub(crate) absentee: Absentee,
    pub(crate) recusal: Recusal,
    pub(crate) max_rounds: i32,
    pub(crate) after_rounds: AfterRounds,
    pub(crate) tie: Tie,
    pub(crate) over_quota: OverQuota,
    pub(crate) secrecy: Secrecy,
    pub(crate) citation: String,
    /// Whether a regulation of the council sets it.
    pub(crate) is_regulation: bool,
}

/// The rule by which a candidate of a ballot is voted on, as it was frozen.
pub(in crate::domain) fn rule_of(row: &ballot_candidate::Model) -> Result<Rule> {
    Ok(serde_json::from_str(&row.rule)?)
}

/// What was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Members of the council, holders or not.
    pub(crate) members: i32,
    /// Of them with a conflict of interest.
    pub(crate) recused: i32,
    /// Of those, the ones who are there or have sent an opinion.
    pub(crate) recused_present: i32,
    /// Members present or with a written opinion, without those who are recused.
    pub(crate) voting: i32,
    pub(crate) yes: i32,
    pub(crate) no: i32,
    pub(crate) abstain: i32,
    pub(crate) invalid: i32,
    /// Whether nobody met and too few have answered.
    pub(crate) lacks_quorum: bool,
}

/// What the votes mean under a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// Of how many the votes are a share.
    pub(crate) base: i32,
    /// Least number of yes votes.
    pub(crate) needed: i32,
    pub(crate) is_passed: bool,
}

/// Counts against a rule. An empty base passes nothing; where too few have answered there is none.
pub(crate) fn verdict(rule: &Rule, counts: Counts) -> Verdict {
    let shrinks = rule.recusal == Recusal::ShrinksBase;
    let base = match rule.base {
        Base::AllMembers => counts.members - if shrinks { counts.recused } else { 0 },
        Base::Present => counts.voting + if shrinks { 0 } else { counts.recused_present },
        Base::Cast => counts.yes + counts.no + counts.abstain,
    };
    let base = base.max(0);
    let needed = needed(rule, base);
    let base = if counts.lacks_quorum { 0 } else { base };
    Verdict { base, needed, is_passed: base > 0 && counts.yes >= needed }
}

/// Least number of yes votes of a base: as many as the share or more, or more than the share.
pub(crate) fn needed(rule: &Rule, base: i32) -> i32 {
    let (numerator, denominator) = rule.threshold.wide();
    let least = match rule.comparison {
        Comparison::AtLeast => rule.threshold.least(i64::from(base)),
        Comparison::MoreThan => numerator * i64::from(base) / denominator + 1,
    };
    i32::try_from(least).unwrap_or(i32::MAX)
}

/// Least number of members for a ballot.
pub(crate) fn quorum(rule: &Rule, members: i32) -> i32 {
    i32::try_from(rule.quorum.least(i64::from(members))).unwrap_or(i32::MAX)
}

/// Whether a nominee of a list is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    Yes,
    /// It passed, and others with more votes took the places.
    OverQuota,
    /// It passed with as many votes as another one, and there is one place too few.
    Tied,
    /// It did not pass.
    No,
}

/// Who takes the places where fewer are there than pass: by votes, from the highest down.
pub(crate) fn taken(rule: &Rule, places: Option<usize>, passed: &[Option<i32>]) -> Vec<Taken> {
    let mut votes: Vec<i32> = passed.iter().copied().flatten().collect();
    votes.sort_unstable_by(|one, other| other.cmp(one));
    let places = places.filter(|_| rule.over_quota == OverQuota::HighestVotes);
    let beyond = places.and_then(|places| votes.get(places).copied());
    let edge = places.and_then(|places| votes.get(places.checked_sub(1)?).copied());
    let one = |votes: &Option<i32>| match (votes, beyond) {
        (None, _) => Taken::No,
        (Some(_), None) => Taken::Yes,
        (Some(votes), Some(beyond)) if *votes > beyond => Taken::Yes,
        (Some(votes), Some(_)) if edge == Some(*votes) && rule.tie == Tie::ChairDecides => {
            Taken::Tied
        }
        (Some(_), Some(_)) => Taken::OverQuota,
    };
    passed.iter().map(one).collect()
}

/// Refuses what no vote can ever meet: more than all.
pub(super) fn can_pass(rule: &Rule) -> Result<()> {
    let is_whole = rule.threshold.numerator == rule.threshold.denominator;
    if is_whole && rule.comparison == Comparison::MoreThan {
        let fault = Fault::at(Code::InvalidCombination, "input.comparison");
        return Err(fault.with("detail", "threshold, comparison").into());
    }
    Ok(())
}

/// Refuses a list whose nominees cannot be voted on together: one roll, one list of places, one way to decide between
/// equals and one box hold for all of a ballot.
pub(super) fn together(rules: &[Rule]) -> Result<()> {
    let parts = |rule: &Rule| (rule.absentee, rule.over_quota, rule.tie, rule.secrecy);
    let Some(first) = rules.first().map(parts) else { return Ok(()) };
    if rules.iter().all(|rule| parts(rule) == first) {
        return Ok(());
    }
    let fault = Fault::at(Code::InvalidCombination, "input.candidateIds");
    Err(fault.with("detail", "absentee, overQuota, tie, secrecy").into())
}

/// Refuses a regulation that asks for less than the law, with its citation. Whatever else the law leaves to regulations,
/// a lower quorum is refused everywhere, and a show of hands wherever the law does not leave it to them.
pub(super) fn above_floor(rule: &Rule, law: &LawRule) -> Result<()> {
    let floor = Rule::from(law);
    let is_strict = rule.threshold != floor.threshold
        || rule.comparison == floor.comparison
        || rule.comparison == Comparison::MoreThan;
    let is_open = rule.secrecy == Secrecy::Open && !law.may_be_open;
    let is_set_aside = floor.after_rounds == AfterRounds::Lapses
        && rule.after_rounds == AfterRounds::AuthorityDecides;
    let below = [
        (!rule.threshold.is_at_least(floor.threshold), "input.threshold"),
        (!is_strict, "input.comparison"),
        (breadth(rule.base) < breadth(floor.base), "input.base"),
        (!rule.quorum.is_at_least(floor.quorum), "input.quorum"),
        (rule.max_rounds > floor.max_rounds, "input.maxRounds"),
        (is_set_aside, "input.afterRounds"),
        (is_open, "input.secrecy"),
        (
            floor.absentee == Absentee::WrittenOpinionCounts
                && rule.absentee == Absentee::DoesNotVote,
            "input.absentee",
        ),
    ];
    let always = ["input.quorum", "input.secrecy"];
    match below.iter().find(|(is_below, path)| *is_below && (law.floor || always.contains(path))) {
        Some((_, path)) => Err(too_low(path, law).into()),
        None => Ok(()),
    }
}

/// What is asked for less than, with the citation of that alone: the quorum is from elsewhere than the share of votes.
fn too_low(path: &str, law: &LawRule) -> Fault {
    let fault = Fault::at(Code::RuleBelowFloor, path);
    if path != "input.quorum" {
        return fault.with("citation", &law.citation);
    }
    let (numerator, denominator) = law.quorum;
    let fault = fault.with("case", "QUORUM").with("least", format!("{numerator}/{denominator}"));
    fault.with("citation", &law.quorum_citation)
}

const fn breadth(base: Base) -> u8 {
    match base {
        Base::AllMembers => 2,
        Base::Present => 1,
        Base::Cast => 0,
    }
}

impl From<&LawRule> for Rule {
    fn from(row: &LawRule) -> Self {
        let share = |(numerator, denominator)| Share { numerator, denominator };
        Self {
            quorum: share(row.quorum),
            threshold: share(row.threshold),
            comparison: row.comparison,
            base: row.base,
            absentee: row.absentee,
            recusal: row.recusal,
            max_rounds: row.max_rounds,
            after_rounds: row.after_rounds,
            tie: row.tie,
            over_quota: row.over_quota,
            secrecy: row.secrecy,
            citation: row.citation.clone(),
            is_regulation: false,
        }
    }
}

impl From<&ballot_rule::Model> for Rule {
    fn from(row: &ballot_rule::Model) -> Self {
        let share = |numerator, denominator| Share { numerator, denominator };
        Self {
            quorum: share(row.quorum_numerator, row.quorum_denominator),
            threshold: share(row.threshold_numerator, row.threshold_denominator),
            comparison: row.comparison,
            base: row.base,
            absentee: row.absentee,
            recusal: row.recusal,
            max_rounds: row.max_rounds,
            after_rounds: row.after_rounds,
            tie: row.tie,
            over_quota: row.over_quota,
            secrecy: row.secrecy,
            citation: row.citation.clone(),
            is_regulation: true,
        }
    }
}
