//! The arithmetic of bonuses (Nghị định 152/2025/NĐ-CP, Điều 49): whole numbers throughout.
//! No query enters here.

use entity::bonus_rate;
use entity::nominee::SubjectKind;

/// Amounts are rounded up to tens of thousands of đồng.
const STEP: i64 = 10_000;

/// What one award is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Amount {
    pub(super) raw: i64,
    pub(super) paid: i64,
    pub(super) is_superseded: bool,
}

/// An award of several at one time; only titles have a period in which the highest alone is paid.
#[derive(Clone, Copy, Debug)]
pub(super) struct Title {
    pub(super) amount: Option<Amount>,
    pub(super) period: Option<(i32, i32)>,
}

/// Whether a rate is meant for this kind; that of a person is the measure for a household.
pub(super) fn serves(rate: &bonus_rate::Model, kind: SubjectKind) -> bool {
    match kind {
        SubjectKind::Individual | SubjectKind::Household => {
            rate.subject_kind == SubjectKind::Individual
        }
        SubjectKind::Collective => rate.subject_kind == SubjectKind::Collective,
    }
}

/// So many tenths of the base salary, for a household half as much again; none where it does not fit.
pub(super) fn amount(tenths: i32, salary: i64, is_household: bool) -> Option<Amount> {
    let factor = if is_household { 15 } else { 10 };
    let hundredths = salary.checked_mul(i64::from(tenths))?.checked_mul(factor)?;
    let raw = up(hundredths, 100)? / 100;
    Some(Amount { raw, paid: up(raw, STEP)?, is_superseded: false })
}

/// The next multiple of a step, or the number itself.
fn up(number: i64, step: i64) -> Option<i64> {
    let rest = number.checked_rem(step)?;
    if rest == 0 { Some(number) } else { number.checked_add(step - rest) }
}

/// What is paid for each: of several titles for the same period only the highest, the first of equals.
pub(super) fn pay(titles: &[Title]) -> Vec<Option<Amount>> {
    let is_higher = |place: usize, other: usize, (one, two): (Amount, Amount)| {
        two.raw > one.raw || (two.raw == one.raw && other < place)
    };
    let paid = titles.iter().enumerate().map(|(place, title)| {
        let amount = title.amount?;
        let is_superseded = titles.iter().enumerate().any(|(other, it)| {
            other != place
                && title.period.is_some()
                && it.period == title.period
                && it.amount.is_some_and(|two| is_higher(place, other, (amount, two)))
        });
        let paid = if is_superseded { 0 } else { amount.paid };
        Some(Amount { paid, is_superseded, ..amount })
    });
    paid.collect()
}

/// What is left to pay when something was paid for the same: never less than nothing.
pub(super) fn rest(amount: Amount, already: i64) -> i64 {
    amount.paid.saturating_sub(already).max(0)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::*;
    use crate::reference;

    fn of(code: &str, kind: SubjectKind, on: &str) -> (i64, i64) {
        let day: NaiveDate = on.parse().unwrap();
        let holds =
            |from: NaiveDate, to: Option<NaiveDate>| from <= day && to.is_none_or(|to| day <= to);
        let salaries = reference::salaries().unwrap();
        let salary = salaries.iter().find(|it| holds(it.valid_from, it.valid_to)).unwrap();
        let rates = reference::rates().unwrap();
        let rate = rates.iter().find(|it| {
            it.award_type_code == code && serves(it, kind) && holds(it.valid_from, it.valid_to)
        });
        let amount = amount(rate.unwrap().tenths, salary.amount, kind == SubjectKind::Household);
        let amount = amount.unwrap();
        (amount.raw, amount.paid)
    }

    #[test]
    fn amounts_are_rounded_up_to_tens_of_thousands() {
        use SubjectKind::{Collective as C, Household as H, Individual as I};
        for (code, kind, before, after) in [
            ("NATIONAL_EMULATION_FIGHTER", I, (10_530_000, 10_530_000), (11_385_000, 11_390_000)),
            ("PROVINCIAL_EMULATION_FIGHTER", I, (7_020_000, 7_020_000), (7_590_000, 7_590_000)),
            ("BASE_EMULATION_FIGHTER", I, (2_340_000, 2_340_000), (2_530_000, 2_530_000)),
            ("ADVANCED_LABOURER", I, (702_000, 710_000), (759_000, 760_000)),
            ("EXCELLENT_LABOUR_COLLECTIVE", C, (3_510_000, 3_510_000), (3_795_000, 3_800_000)),
            ("ADVANCED_LABOUR_COLLECTIVE", C, (1_872_000, 1_880_000), (2_024_000, 2_030_000)),
            ("GOVERNMENT_EMULATION_FLAG", C, (28_080_000, 28_080_000), (30_360_000, 30_360_000)),
            ("PROVINCIAL_EMULATION_FLAG", C, (18_720_000, 18_720_000), (20_240_000, 20_240_000)),
            ("PM_CERTIFICATE", I, (8_190_000, 8_190_000), (8_855_000, 8_860_000)),
            ("PM_CERTIFICATE", C, (16_380_000, 16_380_000), (17_710_000, 17_710_000)),
            ("PM_CERTIFICATE", H, (12_285_000, 12_290_000), (13_282_500, 13_290_000)),
            ("PROVINCIAL_CERTIFICATE", I, (3_510_000, 3_510_000), (3_795_000, 3_800_000)),
            ("PROVINCIAL_CERTIFICATE", C, (7_020_000, 7_020_000), (7_590_000, 7_590_000)),
            ("LETTER_DEPARTMENT", I, (702_000, 710_000), (759_000, 760_000)),
            ("LETTER_DEPARTMENT", C, (1_404_000, 1_410_000), (1_518_000, 1_520_000)),
        ] {
            assert_eq!(of(code, kind, "2026-06-30"), before, "{code} {kind:?}");
            assert_eq!(of(code, kind, "2026-07-01"), after, "{code} {kind:?}");
        }
        let flags = 4 * of("GOVERNMENT_EMULATION_FLAG", C, "2025-12-31").1;
        assert_eq!(flags + of("NATIONAL_EMULATION_FIGHTER", I, "2025-12-31").1, 122_850_000);
    }

    #[test]
    fn of_titles_for_one_period_the_highest_is_paid() {
        let title = |tenths, period| Title { amount: amount(tenths, 2_340_000, false), period };
        let paid = |titles: &[Title]| -> Vec<i64> {
            pay(titles).into_iter().map(|amount| amount.unwrap().paid).collect()
        };

        let same = [title(3, Some((2025, 2025))), title(10, Some((2025, 2025)))];
        assert_eq!(paid(&same), [0, 2_340_000]);
        let other = [title(3, Some((2024, 2024))), title(10, Some((2025, 2025)))];
        assert_eq!(paid(&other), [710_000, 2_340_000]);
        let with_form = [title(10, Some((2025, 2025))), title(15, None)];
        assert_eq!(paid(&with_form), [2_340_000, 3_510_000]);
        let equal = [title(3, Some((2025, 2025))), title(3, Some((2025, 2025)))];
        assert_eq!(paid(&equal), [710_000, 0]);
    }

    proptest! {
        #[test]
        fn what_is_paid_is_the_next_ten_thousand(tenths in 1..3000_i32, salary in 1..100_000_i64, home: bool) {
            let amount = amount(tenths, salary * 100, home).unwrap();
            prop_assert_eq!(amount.paid % STEP, 0);
            prop_assert!(amount.paid >= amount.raw && amount.paid - amount.raw < STEP);
        }
    }
}
