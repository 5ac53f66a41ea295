//! Invented measures: plausible for the kind of a criterion and the quality of a member.
//! No row is made here.

use super::criteria::Criterion;
use super::random::Random;
use crate::domain::criterion::rules::{Kind, Measure, Step};
use crate::scalar::Decimal;

/// How good a member is, 55 to 98 of a hundred, and a little better or worse each year.
pub(super) fn quality(member: &str, year: i32) -> i64 {
    let level = Random::of(&format!("quality {member}")).between(60, 94);
    level + Random::of(&format!("quality {member} {year}")).between(-5, 4)
}

/// What a member of such a quality reports.
pub(super) fn invented(criterion: &Criterion, quality: i64, random: &mut Random) -> Measure {
    let grade = (quality + random.between(-9, 9)).clamp(40, 100);
    let max = criterion.max.units();
    match &criterion.kind {
        Kind::Group => Measure::default(),
        // In quarters of a point.
        Kind::Direct => value(Decimal::from_units(max * grade.max(60) / 100 / 2500 * 2500)),
        Kind::Quantitative { with_target: true } => pair(grade + 30, 100),
        Kind::Quantitative { with_target: false } => value(whole(grade / 2 + random.between(0, 6))),
        Kind::Qualitative => met(random.chance(grade + 10)),
        Kind::Fixed { points_per_unit } => {
            value(whole(share(max / points_per_unit.units().max(1), grade)))
        }
        Kind::BonusPenalty { .. } => {
            pair(random.between(0, (grade - 40) / 20), random.between(0, (110 - grade) / 25))
        }
        Kind::Ratio => {
            let all = random.between(40, 200);
            pair(share(all, 60 + grade * 2 / 5), all)
        }
        Kind::Step { steps } => stepped(steps, grade),
        Kind::Sample { points_per_hit, .. } => {
            let size = max / points_per_hit.units().max(1);
            Measure { met: Some(true), ..value(whole(share(size, 40 + grade * 3 / 5))) }
        }
        Kind::AllOrNothing => {
            let all = random.between(18, 60);
            pair(if grade > 66 { all } else { all - random.between(1, 3) }, all)
        }
    }
}

/// A share around the borders of the intervals, of persons who can be counted.
fn stepped(steps: &[Step], grade: i64) -> Measure {
    let percent = |step: Option<&Step>| step.map_or(0, |step| step.from.units() / Decimal::SCALE);
    let (first, last) = (percent(steps.first()), percent(steps.last()));
    let all = if last > 50 { 400 } else { 20 };
    let reached = first + (last - first + 1) * (grade - 50) / 45;
    pair(share(all, reached.clamp(0, 100)), all)
}

/// The measure after a look at the evidence: one unit less; none when there is nothing to take.
pub(super) fn corrected(criterion: &Criterion, own: &Measure) -> Option<Measure> {
    let step = match criterion.kind {
        Kind::Direct => Decimal::SCALE / 2,
        Kind::Quantitative { .. }
        | Kind::Fixed { .. }
        | Kind::Ratio
        | Kind::Step { .. }
        | Kind::Sample { .. }
        | Kind::AllOrNothing => Decimal::SCALE,
        Kind::Group | Kind::Qualitative | Kind::BonusPenalty { .. } => return None,
    };
    let less = own.value?.checked_sub(Decimal::from_units(step))?;
    (less > Decimal::ZERO).then_some(Measure { value: Some(less), ..*own })
}

fn share(all: i64, percent: i64) -> i64 {
    (all * percent + 50) / 100
}

fn whole(number: i64) -> Decimal {
    Decimal::from_units(number * Decimal::SCALE)
}

fn value(value: Decimal) -> Measure {
    Measure { value: Some(value), ..Measure::default() }
}

fn pair(done: i64, of: i64) -> Measure {
    Measure { reference: Some(whole(of)), ..value(whole(done)) }
}

fn met(met: bool) -> Measure {
    Measure { met: Some(met), ..Measure::default() }
}
