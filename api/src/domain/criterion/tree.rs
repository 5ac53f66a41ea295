//! Checks a drafted tree of criteria before anybody is scored by it.
//! No points, no measures, no async, no SQL, no roles, no GraphQL enter here.

use std::collections::{BTreeMap, BTreeSet};

use strum::{Display, EnumString, IntoStaticStr};

use super::rules::{Kind, Step};
use crate::scalar::Decimal;

/// The most criteria a tree may have, groups included.
pub const MAX_CRITERIA: usize = 300;

/// The most levels a tree may have, a criterion without a parent being the first.
pub const MAX_DEPTH: usize = 5;

/// The most points a criterion may give, in points; no total can overflow below it.
pub const MAX_POINTS: i64 = 1_000_000;

/// One criterion of a tree as somebody wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriterionDraft {
    /// Its name within the tree.
    pub code: String,
    /// The code of the group it stands in; null at the top.
    pub parent: Option<String>,
    /// The most points it gives, or in a group the sum of what stands below.
    pub max: Decimal,
    /// How it turns measures into points.
    pub kind: Kind,
}

/// One thing that is wrong with a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeFault {
    /// The criterion at fault; null where it is the tree as a whole.
    pub code: Option<String>,
    /// What is wrong.
    pub flaw: Flaw,
}

/// What can be wrong with a tree; the names are stable.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Display, EnumString, IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Flaw {
    /// The tree has more than 300 criteria; nothing else was looked at.
    TooManyCriteria,
    /// The tree has nothing to score.
    NoLeaf,
    /// The code is blank.
    CodeBlank,
    /// An earlier criterion has the same code.
    CodeTaken,
    /// No criterion has the code given as parent.
    ParentUnknown,
    /// The parent is not a group.
    ParentNotGroup,
    /// The criterion stands below itself.
    Cycle,
    /// The criterion stands deeper than the fifth level.
    TooDeep,
    /// The maximum is below zero.
    MaxNegative,
    /// The maximum is above a million points.
    MaxTooHigh,
    /// The maximum of a group is not the sum of those right below it.
    MaxNotSum,
    /// The maximum of a `BONUS_PENALTY` is not the one among its parameters.
    MaxNotOfParameters,
    /// A parameter that counts points or percent is below zero.
    ParameterNegative,
    /// The minimum of a `BONUS_PENALTY` is above zero, or below minus a million points.
    MinOutOfRange,
    /// A `STEP` has no interval.
    StepsMissing,
    /// An interval begins before the one above it in the list.
    StepsUnsorted,
    /// An interval begins inside another one.
    StepsOverlap,
    /// An interval holds nothing.
    StepEmpty,
    /// An interval gives more than the maximum.
    StepAboveMax,
    /// A `SAMPLE` does not say what its precondition is.
    PreconditionBlank,
}

type ByCode<'a> = BTreeMap<&'a str, &'a CriterionDraft>;

/// Whether members can be scored by the tree; every fault is told at once, in the order given.
pub fn check_tree(drafts: &[CriterionDraft]) -> Result<(), Vec<TreeFault>> {
    if drafts.len() > MAX_CRITERIA {
        return Err(vec![TreeFault { code: None, flaw: Flaw::TooManyCriteria }]);
    }
    let mut faults = Vec::new();
    if drafts.iter().all(|draft| draft.kind.is_group()) {
        faults.push(TreeFault { code: None, flaw: Flaw::NoLeaf });
    }
    let by_code: ByCode<'_> = drafts.iter().map(|draft| (draft.code.as_str(), draft)).collect();
    let sums = sums_by_parent(drafts);
    let mut seen = BTreeSet::new();
    for draft in drafts {
        let taken = (!seen.insert(&draft.code)).then_some(Flaw::CodeTaken);
        let sum = sums.get(draft.code.as_str()).copied().unwrap_or(0);
        let flaws = name_flaws(draft).into_iter().chain(taken);
        let flaws = flaws.chain(place_flaws(draft, &by_code));
        let flaws = flaws.chain(max_flaws(draft, sum)).chain(parameter_flaws(draft));
        faults.extend(flaws.map(|flaw| TreeFault { code: Some(draft.code.clone()), flaw }));
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn sums_by_parent(drafts: &[CriterionDraft]) -> BTreeMap<&str, i128> {
    let mut sums = BTreeMap::new();
    for draft in drafts {
        if let Some(parent) = &draft.parent {
            *sums.entry(parent.as_str()).or_default() += i128::from(draft.max.units());
        }
    }
    sums
}

fn name_flaws(draft: &CriterionDraft) -> Option<Flaw> {
    draft.code.trim().is_empty().then_some(Flaw::CodeBlank)
}

fn place_flaws(draft: &CriterionDraft, by_code: &ByCode<'_>) -> Option<Flaw> {
    let parent = draft.parent.as_deref()?;
    let Some(group) = by_code.get(parent) else { return Some(Flaw::ParentUnknown) };
    if !group.kind.is_group() {
        return Some(Flaw::ParentNotGroup);
    }
    let mut level = 1;
    let mut above = Some(parent);
    while let Some(code) = above {
        level += 1;
        if code == draft.code {
            return Some(Flaw::Cycle);
        }
        // The cycle is above this criterion and told at those that are part of it.
        if level > MAX_CRITERIA {
            return None;
        }
        above = by_code.get(code).and_then(|group| group.parent.as_deref());
    }
    (level > MAX_DEPTH).then_some(Flaw::TooDeep)
}

fn max_flaws(draft: &CriterionDraft, sum: i128) -> Vec<Flaw> {
    let limit = i128::from(MAX_POINTS) * i128::from(Decimal::SCALE);
    let max = i128::from(draft.max.units());
    let is_sum = !draft.kind.is_group() || max == sum;
    let is_own = !matches!(&draft.kind, Kind::BonusPenalty { max, .. } if *max != draft.max);
    told([
        (max >= 0, Flaw::MaxNegative),
        (max <= limit, Flaw::MaxTooHigh),
        (is_sum, Flaw::MaxNotSum),
        (is_own, Flaw::MaxNotOfParameters),
    ])
}

fn parameter_flaws(draft: &CriterionDraft) -> Vec<Flaw> {
    let natural = |numbers: &[Decimal]| {
        (numbers.iter().all(|number| *number >= Decimal::ZERO), Flaw::ParameterNegative)
    };
    match &draft.kind {
        Kind::Group
        | Kind::Direct
        | Kind::Quantitative { .. }
        | Kind::Qualitative
        | Kind::Ratio
        | Kind::AllOrNothing => Vec::new(),
        Kind::Fixed { points_per_unit } => told([natural(&[*points_per_unit])]),
        Kind::BonusPenalty { bonus, penalty, min, max: _ } => {
            let least = Decimal::from_units(-MAX_POINTS * Decimal::SCALE);
            let is_min = (least..=Decimal::ZERO).contains(min);
            told([natural(&[*bonus, *penalty]), (is_min, Flaw::MinOutOfRange)])
        }
        Kind::Step { steps } => step_flaws(steps, draft.max),
        Kind::Sample { points_per_hit, precondition } => {
            let is_named = !precondition.trim().is_empty();
            told([natural(&[*points_per_hit]), (is_named, Flaw::PreconditionBlank)])
        }
    }
}

fn step_flaws(steps: &[Step], max: Decimal) -> Vec<Flaw> {
    let pairs = || steps.iter().zip(steps.iter().skip(1));
    let natural = |step: &Step| step.from >= Decimal::ZERO && step.points >= Decimal::ZERO;
    // The last interval holds its upper border too, so it may be a single percentage.
    let is_filled = pairs().all(|(step, _)| step.to.is_none_or(|to| step.from < to))
        && steps.last().is_none_or(|step| step.to.is_none_or(|to| step.from <= to));
    let is_apart = |(step, next): (&Step, &Step)| step.to.is_some_and(|to| to <= next.from);
    told([
        (!steps.is_empty(), Flaw::StepsMissing),
        (steps.iter().all(natural), Flaw::ParameterNegative),
        (pairs().all(|(step, next)| step.from <= next.from), Flaw::StepsUnsorted),
        (pairs().all(is_apart), Flaw::StepsOverlap),
        (is_filled, Flaw::StepEmpty),
        (steps.iter().all(|step| step.points <= max), Flaw::StepAboveMax),
    ])
}

/// The flaws of the conditions that do not hold.
fn told<const N: usize>(conditions: [(bool, Flaw); N]) -> Vec<Flaw> {
    conditions.into_iter().filter(|(holds, _)| !holds).map(|(_, flaw)| flaw).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn draft(code: &str, parent: &str, max: &str, kind: Kind) -> CriterionDraft {
        let parent = (!parent.is_empty()).then(|| parent.to_owned());
        CriterionDraft { code: code.to_owned(), parent, max: d(max), kind }
    }

    fn step(from: &str, to: &str, points: &str) -> Step {
        Step { from: d(from), to: Decimal::parse(to), points: d(points) }
    }

    /// The faults as "code FLAW", in order.
    fn faults(drafts: &[CriterionDraft]) -> Vec<String> {
        let shown = |fault: TreeFault| format!("{} {}", fault.code.unwrap_or_default(), fault.flaw);
        check_tree(drafts).err().into_iter().flatten().map(shown).collect()
    }

    fn leaf(kind: Kind) -> Vec<String> {
        faults(&[draft("1", "", "5", kind)])
    }

    fn steps(steps: &[Step]) -> Vec<String> {
        leaf(Kind::Step { steps: steps.to_vec() })
    }

    /// The annex to plan 157/KH-UBND of Cần Thơ, 115 points.
    fn annex() -> Vec<CriterionDraft> {
        let sample = Kind::Sample { points_per_hit: d("0.4"), precondition: "plan".to_owned() };
        let shares = [step("88", "90", "2"), step("90", "100", "4"), step("100", "100", "5")];
        vec![
            draft("5.1", "5", "5", Kind::AllOrNothing),
            draft("5", "0", "15", Kind::Group),
            draft("0", "", "115", Kind::Group),
            draft("1", "0", "20", sample),
            draft("2", "0", "40", Kind::Ratio),
            draft("3", "0", "20", Kind::Ratio),
            draft("4", "0", "20", Kind::Ratio),
            draft("5.2", "5", "5", Kind::Step { steps: shares.to_vec() }),
            draft("5.3", "5", "5", Kind::AllOrNothing),
        ]
    }

    #[test]
    fn a_real_scale_is_accepted_in_any_order() {
        assert_eq!(check_tree(&annex()), Ok(()));
    }

    #[test]
    fn a_group_is_the_sum_of_what_stands_right_below() {
        let mut drafts = annex();
        drafts[0].max = d("5.0001");

        assert_eq!(faults(&drafts), ["5 MAX_NOT_SUM"]);
    }

    #[test]
    fn codes_and_parents_are_told_apart() {
        let drafts = [
            draft("a", "", "1", Kind::Direct),
            draft("a", "", "1", Kind::Direct),
            draft("b", "x", "1", Kind::Direct),
            draft("c", "a", "1", Kind::Direct),
            draft(" ", "", "1", Kind::Direct),
        ];

        let expected = ["a CODE_TAKEN", "b PARENT_UNKNOWN", "c PARENT_NOT_GROUP", "  CODE_BLANK"];
        assert_eq!(faults(&drafts), expected);
    }

    #[test]
    fn a_cycle_is_told_where_it_is() {
        let drafts = [
            draft("a", "b", "0", Kind::Group),
            draft("b", "a", "0", Kind::Group),
            draft("c", "c", "0", Kind::Group),
            draft("d", "a", "0", Kind::Direct),
        ];

        assert_eq!(faults(&drafts), ["a CYCLE", "b CYCLE", "c CYCLE"]);
    }

    #[test]
    fn five_levels_are_enough() {
        let mut drafts: Vec<CriterionDraft> = Vec::new();
        for (code, parent) in [("1", ""), ("2", "1"), ("3", "2"), ("4", "3")] {
            drafts.push(draft(code, parent, "7", Kind::Group));
        }
        drafts.push(draft("5", "4", "7", Kind::Direct));
        assert_eq!(faults(&drafts), [""; 0]);

        drafts[4].kind = Kind::Group;
        drafts.push(draft("6", "5", "7", Kind::Direct));
        assert_eq!(faults(&drafts), ["6 TOO_DEEP"]);
    }

    #[test]
    fn a_tree_has_something_to_score_and_not_too_much() {
        let many: Vec<CriterionDraft> =
            (0..301).map(|code| draft(&code.to_string(), "", "1", Kind::Direct)).collect();

        assert_eq!(check_tree(&many[..300]), Ok(()));
        assert_eq!(faults(&many), [" TOO_MANY_CRITERIA"]);
        assert_eq!(faults(&[]), [" NO_LEAF"]);
        assert_eq!(faults(&[draft("1", "", "0", Kind::Group)]), [" NO_LEAF"]);
    }

    #[test]
    fn a_maximum_has_bounds() {
        let of = |max| faults(&[draft("1", "", max, Kind::Direct)]);

        assert_eq!(of("0"), [""; 0]);
        assert_eq!(of("-0.0001"), ["1 MAX_NEGATIVE"]);
        assert_eq!(of("1000000"), [""; 0]);
        assert_eq!(of("1000000.0001"), ["1 MAX_TOO_HIGH"]);
    }

    #[test]
    fn parameters_are_sensible() {
        let bonus = |bonus, min, max| {
            let (bonus, penalty) = (d(bonus), d("1"));
            leaf(Kind::BonusPenalty { bonus, penalty, min: d(min), max: d(max) })
        };
        let precondition = " ".to_owned();

        assert_eq!(bonus("1", "-3", "5"), [""; 0]);
        assert_eq!(bonus("1", "0", "3"), ["1 MAX_NOT_OF_PARAMETERS"]);
        assert_eq!(bonus("-1", "0.5", "5"), ["1 PARAMETER_NEGATIVE", "1 MIN_OUT_OF_RANGE"]);
        assert_eq!(leaf(Kind::Fixed { points_per_unit: d("-1") }), ["1 PARAMETER_NEGATIVE"]);
        let sample = Kind::Sample { points_per_hit: d("1"), precondition };
        assert_eq!(leaf(sample), ["1 PRECONDITION_BLANK"]);
    }

    #[test]
    fn intervals_rise_and_do_not_overlap() {
        let two =
            |a: (&str, &str), b: (&str, &str)| steps(&[step(a.0, a.1, "1"), step(b.0, b.1, "2")]);

        assert_eq!(steps(&[]), ["1 STEPS_MISSING"]);
        assert_eq!(two(("0", "50"), ("60", "")), [""; 0]);
        assert_eq!(two(("0", "50"), ("50", "50")), [""; 0]);
        assert_eq!(two(("0", "50"), ("49.9999", "60")), ["1 STEPS_OVERLAP"]);
        assert_eq!(two(("0", ""), ("50", "60")), ["1 STEPS_OVERLAP"]);
        assert_eq!(two(("0", "0"), ("50", "60")), ["1 STEP_EMPTY"]);
        assert_eq!(two(("0", "50"), ("60", "55")), ["1 STEP_EMPTY"]);
        assert_eq!(two(("50", "60"), ("0", "50")), ["1 STEPS_UNSORTED", "1 STEPS_OVERLAP"]);
        assert_eq!(steps(&[step("0", "", "5.1")]), ["1 STEP_ABOVE_MAX"]);
        assert_eq!(steps(&[step("-1", "", "5")]), ["1 PARAMETER_NEGATIVE"]);
    }
}
