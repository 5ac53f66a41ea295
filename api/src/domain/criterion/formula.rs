//! Turns what a member reports for a criterion into points.
//! No tree, no ranks, no floating point, no async, no SQL, no roles, no GraphQL enter here.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

use super::rules::{Kind, Measure, Step};
use crate::scalar::Decimal;

/// What becomes of the digits that are cut off; points below zero round like those above.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum RoundingMode {
    /// A half goes away from zero.
    #[default]
    HalfUp,
    /// A half goes to the even neighbour.
    HalfEven,
    /// Everything goes towards zero.
    Down,
}

/// How points are rounded, once, after the whole formula is worked out exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rounding {
    mode: RoundingMode,
    decimals: u8,
}

/// Two decimals, a half goes away from zero.
impl Default for Rounding {
    fn default() -> Self {
        Self { mode: RoundingMode::HalfUp, decimals: 2 }
    }
}

impl Rounding {
    /// The rounding to so many decimals, or nothing where they are more than four.
    #[must_use]
    pub const fn new(mode: RoundingMode, decimals: u8) -> Option<Self> {
        if decimals > 4 { None } else { Some(Self { mode, decimals }) }
    }

    /// What becomes of the digits that are cut off.
    #[must_use]
    pub const fn mode(self) -> RoundingMode {
        self.mode
    }

    /// How many fraction digits are kept, 0 to 4.
    #[must_use]
    pub const fn decimals(self) -> u8 {
        self.decimals
    }

    /// The rounded mean, or nothing where there are no parts.
    #[must_use]
    pub fn mean(self, parts: &[Decimal]) -> Option<Decimal> {
        let units: i128 = parts.iter().map(|part| i128::from(part.units())).sum();
        self.round(Exact::of(units, u128::try_from(parts.len()).ok()?))
    }

    fn round(self, exact: Exact) -> Option<Decimal> {
        let (whole, rest) = exact.units()?;
        let step = 10_u128.pow(4_u32.checked_sub(u32::from(self.decimals))?);
        let (kept, cut) = (whole / step, whole % step);
        let against_half = if step == 1 {
            rest.cmp(&(exact.divisor - rest))
        } else {
            cut.cmp(&(step / 2)).then(rest.cmp(&0))
        };
        let is_up = match self.mode {
            RoundingMode::HalfUp => against_half.is_ge(),
            RoundingMode::HalfEven => against_half.is_gt() || against_half.is_eq() && kept % 2 == 1,
            RoundingMode::Down => false,
        };
        let magnitude = i128::try_from((kept + u128::from(is_up)) * step).ok()?;
        let signed = if exact.is_negative { -magnitude } else { magnitude };
        i64::try_from(signed).ok().map(Decimal::from_units)
    }
}

/// `factor × part ÷ divisor` ten-thousandths, not yet worked out.
#[derive(Debug, Clone, Copy)]
struct Exact {
    is_negative: bool,
    factor: u128,
    part: u128,
    divisor: u128,
}

impl Exact {
    const fn of(units: i128, divisor: u128) -> Self {
        Self { is_negative: units < 0, factor: 1, part: units.unsigned_abs(), divisor }
    }

    /// A share of points; neither part nor divisor is negative.
    fn share(points: Decimal, part: i128, divisor: i128) -> Self {
        Self {
            is_negative: points.units() < 0,
            factor: wide(points).unsigned_abs(),
            part: part.unsigned_abs(),
            divisor: divisor.unsigned_abs(),
        }
    }

    /// Whole ten-thousandths and the remainder; nothing where the divisor is zero.
    fn units(&self) -> Option<(u128, u128)> {
        let Some(product) = self.factor.checked_mul(self.part) else { return self.long_units() };
        Some((product.checked_div(self.divisor)?, product.checked_rem(self.divisor)?))
    }

    /// The same for a product beyond 128 bits: bit by bit, as on paper. The divisor is at most
    /// 2^127 (twice the product of two `i64`), so twice a remainder still fits.
    fn long_units(&self) -> Option<(u128, u128)> {
        let (mut whole, mut rest) = (0_u128, 0_u128);
        let part = self.part.checked_rem(self.divisor)?;
        let times = self.part.checked_div(self.divisor)?;
        for bit in (0..u128::BITS - self.factor.leading_zeros()).rev() {
            let added = if self.factor >> bit & 1 == 1 { part } else { 0 };
            let (twice, first) = carried(rest + rest, self.divisor);
            let (sum, second) = carried(twice + added, self.divisor);
            whole = whole.checked_mul(2)?.checked_add(first + second)?;
            rest = sum;
        }
        Some((whole.checked_add(self.factor.checked_mul(times)?)?, rest))
    }
}

/// A sum below twice the divisor, as the remainder and what is carried.
const fn carried(sum: u128, divisor: u128) -> (u128, u128) {
    if sum < divisor { (sum, 0) } else { (sum - divisor, 1) }
}

/// The best of a cluster in one quantity: the highest actual over target, or the highest actual.
#[derive(Debug, Clone, Copy)]
pub struct Lead {
    actual: i128,
    target: i128,
}

/// Leads are ordered by their exact quotient.
impl Ord for Lead {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.actual * other.target).cmp(&(other.actual * self.target))
    }
}

impl PartialOrd for Lead {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Lead {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Lead {}

/// All that turns measures of one criterion into points.
///
/// The formulas are those of the Quảng Trị police cluster application and of the annex to plan
/// 157/KH-UBND of Cần Thơ, 18/11/2025. What those leave open is decided here:
///
/// - No measure, or one that fails [`Measure::check`], has no points; zero points are a score.
/// - `QUANTITATIVE` with target: a target of zero is met by an actual of zero (half the maximum)
///   and surpassed by any other (the maximum). It has no quotient, so it never leads the others.
/// - `QUANTITATIVE` with target: where the leader only just meets the target, so does everyone at
///   target: half the maximum. All who share the highest quotient above target lead.
/// - `QUANTITATIVE` without target: where the highest actual is zero, everyone has zero.
/// - A sole member is its own leader: above target, or with any actual where there is no target,
///   it has the maximum.
/// - Nothing to be done (`reference` of zero) counts as all done, in `RATIO`, `ALL_OR_NOTHING`
///   and `STEP` (the best interval): a member without a case loses nothing by it. The Cần Thơ
///   annex, row 5.1, grants the points "also if already 100 % before the plan".
/// - `STEP` intervals hold the lower border, the last one both; outside them the points are zero.
/// - `SAMPLE` is capped at the maximum as `FIXED` is, and zero without its precondition.
/// - `BONUS_PENALTY` may be negative, down to its minimum; it may lift a total above the base scale
///   (Ho Chi Minh City about 2008: 97 + 10 = 107).
/// - A maximum with more decimals than the rounding is rounded as any other points are.
#[derive(Debug, Clone, Copy)]
pub struct Formula<'a> {
    /// The kind of the criterion, with its parameters.
    pub kind: &'a Kind,
    /// The maximum of the criterion.
    pub max: Decimal,
    /// How its points are rounded.
    pub rounding: Rounding,
}

impl Formula<'_> {
    /// The points of one measure; `peers` are those of all members of the cluster.
    #[must_use]
    pub fn points(&self, own: &Measure, peers: &[Measure]) -> Option<Decimal> {
        self.points_against(own, peers.iter().filter_map(|peer| self.lead(peer)).max())
    }

    /// The points of one measure where the best of the other members is known already.
    #[must_use]
    pub fn points_against(&self, own: &Measure, best: Option<Lead>) -> Option<Decimal> {
        own.check(self.kind, self.max).ok()?;
        let all = |holds: bool| Exact::of(if holds { wide(self.max) } else { 0 }, 1);
        let exact = match self.kind {
            Kind::Group => return None,
            Kind::Direct => Exact::of(wide(own.value?), 1),
            Kind::Quantitative { with_target } => self.quantity(own, best, *with_target)?,
            Kind::Qualitative => all(own.met?),
            Kind::Fixed { points_per_unit } => self.capped(*points_per_unit, own.value?),
            Kind::BonusPenalty { bonus, penalty, min, max } => {
                let gained = wide(*bonus) * wide(own.value?);
                let lost = wide(*penalty) * wide(own.reference?);
                clamped(gained - lost, *min, *max)
            }
            Kind::Ratio if own.reference? == Decimal::ZERO => all(true),
            Kind::Ratio => Exact::share(self.max, wide(own.value?), wide(own.reference?)),
            Kind::Step { steps } => Exact::of(wide(looked_up(steps, own)?), 1),
            Kind::Sample { points_per_hit, .. } if own.met? => {
                self.capped(*points_per_hit, own.value?)
            }
            Kind::Sample { .. } => all(false),
            Kind::AllOrNothing => all(own.value == own.reference),
        };
        self.rounding.round(exact)
    }

    /// What a member brings to the contest for the lead; nothing in kinds that know no leader.
    #[must_use]
    pub fn lead(&self, measure: &Measure) -> Option<Lead> {
        let Kind::Quantitative { with_target } = self.kind else { return None };
        measure.check(self.kind, self.max).ok()?;
        let target = if *with_target { wide(measure.reference?) } else { 1 };
        (target > 0).then_some(Lead { actual: wide(measure.value?), target })
    }

    fn quantity(&self, own: &Measure, best: Option<Lead>, with_target: bool) -> Option<Exact> {
        let share = |part, divisor| Some(Exact::share(self.max, part, divisor));
        let Some(own) = self.lead(own) else {
            return if own.value? > Decimal::ZERO { share(1, 1) } else { share(1, 2) };
        };
        let best = best.map_or(own, |best| best.max(own));
        if !with_target {
            return share(own.actual, best.actual.max(1));
        }
        if own.actual <= own.target {
            return share(own.actual, 2 * own.target);
        }
        let (lead, over) = (best.actual - best.target, own.actual - own.target);
        share(own.target * lead + over * best.target, 2 * own.target * lead)
    }

    /// Points for each of a count, at most the maximum.
    fn capped(&self, points: Decimal, count: Decimal) -> Exact {
        clamped(wide(points) * wide(count), Decimal::ZERO, self.max)
    }
}

fn wide(number: Decimal) -> i128 {
    i128::from(number.units())
}

/// A product of two decimals, kept between two decimals.
fn clamped(product: i128, min: Decimal, max: Decimal) -> Exact {
    let scale = i128::from(Decimal::SCALE);
    let units = product.max(wide(min) * scale).min(wide(max) * scale);
    Exact::of(units, scale.unsigned_abs())
}

/// The points of the interval that holds the share, in percent, of what was to be done.
fn looked_up(steps: &[Step], own: &Measure) -> Option<Decimal> {
    let (done, due) = (wide(own.value?), wide(own.reference?));
    if due == 0 {
        return Some(steps.iter().map(|step| step.points).max().unwrap_or_default());
    }
    let share_to =
        |border: Decimal| (done * 100 * i128::from(Decimal::SCALE)).cmp(&(due * wide(border)));
    let last = steps.len().checked_sub(1);
    let holds = |(place, step): &(usize, &Step)| {
        share_to(step.from).is_ge()
            && step.to.is_none_or(|to| {
                share_to(to).is_lt() || Some(*place) == last && share_to(to).is_eq()
            })
    };
    Some(steps.iter().enumerate().find(holds).map_or(Decimal::ZERO, |(_, step)| step.points))
}

#[cfg(test)]
mod arithmetic {
    use proptest::prelude::*;

    use super::*;

    fn rounded(mode: RoundingMode, decimals: u8, units: i128, divisor: u128) -> i64 {
        let rounding = Rounding::new(mode, decimals).unwrap();
        rounding.round(Exact::of(units, divisor)).unwrap().units()
    }

    #[test]
    fn the_mode_decides_what_a_half_becomes() {
        let at_cents = |mode| [250, 350, -250, 249, 251].map(|units| rounded(mode, 2, units, 1));

        assert_eq!(at_cents(RoundingMode::HalfUp), [300, 400, -300, 200, 300]);
        assert_eq!(at_cents(RoundingMode::HalfEven), [200, 400, -200, 200, 300]);
        assert_eq!(at_cents(RoundingMode::Down), [200, 300, -200, 200, 200]);
    }

    #[test]
    fn a_half_is_a_half_only_without_a_remainder() {
        assert_eq!(rounded(RoundingMode::HalfEven, 2, 7_501, 30), 300);
        assert_eq!(rounded(RoundingMode::HalfEven, 4, 5, 2), 2);
        assert_eq!(rounded(RoundingMode::HalfEven, 4, 7, 2), 4);
        assert_eq!(rounded(RoundingMode::HalfUp, 4, 5, 2), 3);
        assert_eq!(rounded(RoundingMode::HalfUp, 4, -5, 2), -3);
        assert_eq!(rounded(RoundingMode::Down, 4, 29_999, 10_000), 2);
        assert_eq!(rounded(RoundingMode::HalfUp, 0, 5_000, 1), 10_000);
    }

    #[test]
    fn what_cannot_be_said_is_nothing() {
        let rounding = Rounding::default();

        assert_eq!(Rounding::new(RoundingMode::Down, 5), None);
        assert_eq!(rounding.mean(&[]), None);
        assert_eq!(rounding.round(Exact::of(1, 0)), None);
        assert_eq!(rounding.round(Exact::of(2 * i128::from(i64::MAX), 1)), None);
    }

    proptest! {
        #[test]
        fn long_division_agrees_with_the_short_one(
            factor in any::<u64>(), part in any::<u64>(), divisor in 1..=u64::MAX,
        ) {
            let [factor, part, divisor] = [factor, part, divisor].map(u128::from);
            let exact = Exact { is_negative: false, factor, part, divisor };

            prop_assert_eq!(exact.long_units(), exact.units());
        }

        #[test]
        fn long_division_is_exact_beyond_128_bits(
            factor in 1..=i64::MAX, part in any::<u32>(), over in any::<u32>(), by in 1_u128..=1 << 63,
        ) {
            let (factor, part) = (u128::from(factor.unsigned_abs()), u128::from(part));
            let divisor = part + u128::from(over) + 1;
            let plain = Exact { is_negative: false, factor, part, divisor };
            let wide = Exact { part: part * by, divisor: divisor * by, ..plain };

            let (whole, rest) = plain.units().unwrap();
            prop_assert_eq!(wide.long_units(), Some((whole, rest * by)));
        }

        #[test]
        fn a_rounded_number_is_the_nearest(units in -1_000_000_i128..1_000_000, divisor in 1_u128..99) {
            let near = i128::from(rounded(RoundingMode::HalfUp, 3, units, divisor));
            let apart = (near * i128::try_from(divisor).unwrap() - units).unsigned_abs();

            prop_assert_eq!(near % 10, 0);
            prop_assert!(2 * apart <= 10 * divisor);
        }
    }
}
