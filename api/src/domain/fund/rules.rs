//! What an entry of a fund must say, and what a fund comes to: whole numbers throughout.
//! No query enters here.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use entity::award_act;
use entity::decision::Kind;
use entity::fund_entry::{Direction, Purpose};

use crate::error::{Code, Fault, Result};

/// Most of one entry, in đồng.
pub(super) const MOST: i64 = 1_000_000_000_000_000;

/// What an entry names beside its purpose.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    pub(super) amount: bool,
    pub(super) decision: bool,
    pub(super) award: bool,
}

/// Refuses an entry whose parts do not go together. The amount of bonuses stands with the awards: nobody types it.
pub(super) fn demand(direction: Direction, purpose: Purpose, named: Named) -> Result<(), Fault> {
    let Named { amount, decision, award } = named;
    let says = |wanted: (bool, bool, bool)| (amount, decision, award) == wanted;
    let is_right = match purpose {
        Purpose::Allocation | Purpose::Contribution => {
            direction == Direction::In && says((true, false, false))
        }
        Purpose::Recovery => direction == Direction::In && says((false, false, true)),
        Purpose::Repayment => direction == Direction::Out && says((false, false, true)),
        Purpose::Bonus => direction == Direction::Out && says((false, true, false)),
        Purpose::Organising => direction == Direction::Out && says((true, false, false)),
        Purpose::Other => says((true, false, false)),
    };
    if is_right {
        return Ok(());
    }
    let detail = "BONUS: OUT, decisionId; RECOVERY: IN, awardId; REPAYMENT: OUT, awardId; the others: amount";
    Err(Fault::at(Code::InvalidCombination, "input.purpose").with("detail", detail))
}

/// Refuses an entry of a day to come, or of another year than that of its day.
pub(super) fn day((year, on): (i32, NaiveDate), today: NaiveDate) -> Result<(), Fault> {
    if on > today {
        let fault = Fault::at(Code::OutOfRange, "input.on");
        return Err(fault.with("min", "1948-01-01").with("max", today));
    }
    if on.year() != year {
        return Err(Fault::at(Code::InvalidCombination, "input.year").with("detail", "year, on"));
    }
    Ok(())
}

/// An amount in đồng, given as text.
pub(super) fn amount(text: &str) -> Result<i64, Fault> {
    let digits = text.trim();
    let is_whole = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    if !is_whole {
        let fault = Fault::at(Code::InvalidFormat, "input.amount");
        return Err(fault.with("expected", "a whole number, 1 or more"));
    }
    let number = digits.parse().ok();
    number
        .filter(|amount| (1..=MOST).contains(amount))
        .ok_or_else(|| Fault::at(Code::OutOfRange, "input.amount").with("min", 1).with("max", MOST))
}

/// Whether an award stood at a moment, by its acts.
pub(super) fn was_valid(acts: &[award_act::Model], at: DateTime<Utc>) -> bool {
    let last = acts.iter().filter(|act| act.at <= at).max_by_key(|act| act.sequence);
    last.is_some_and(|act| !matches!(act.kind, Kind::Cancel | Kind::Revoke))
}

/// What of the bonus of an award is out of the fund: what its decision paid, less what came back, with what was paid again.
pub(super) fn outstanding(first: i64, later: impl Iterator<Item = (Direction, i64)>) -> i64 {
    let (back, again) = sums(later);
    first.saturating_add(again).saturating_sub(back)
}

/// Refuses a payment of more than is left of the fund of a year; said of what tells the amount.
pub(super) fn covered(
    (year, left): (i32, i64),
    (purpose, amount): (Purpose, i64),
) -> Result<(), Fault> {
    if amount <= left {
        return Ok(());
    }
    let path = match purpose {
        Purpose::Bonus => "input.decisionId",
        Purpose::Repayment | Purpose::Recovery => "input.awardId",
        Purpose::Allocation | Purpose::Contribution | Purpose::Organising | Purpose::Other => {
            "input.amount"
        }
    };
    let fault = Fault::at(Code::FundInsufficient, path);
    Err(fault.with("year", year).with("balance", left).with("amount", amount))
}

/// A share of what came in, rounded down to the đồng.
pub(super) fn share(income: i64, (numerator, denominator): (i64, i64)) -> i64 {
    income.saturating_mul(numerator).checked_div(denominator).unwrap_or_default()
}

/// What came in and what went out.
pub(super) fn sums(entries: impl Iterator<Item = (Direction, i64)>) -> (i64, i64) {
    entries.fold((0, 0), |(income, spending), (direction, amount)| match direction {
        Direction::In => (amount.saturating_add(income), spending),
        Direction::Out => (income, amount.saturating_add(spending)),
    })
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;

    #[test]
    fn every_purpose_has_its_direction_and_its_parts() {
        let pairs = Purpose::iter()
            .flat_map(|purpose| Direction::iter().map(move |direction| (purpose, direction)));
        let all = pairs.flat_map(|pair| (0..8_u8).map(move |parts| (pair, parts)));
        let right = all.filter(|((purpose, direction), parts)| {
            let [amount, decision, award] = [1, 2, 4].map(|bit| parts & bit != 0);
            demand(*direction, *purpose, Named { amount, decision, award }).is_ok()
        });
        let right: Vec<_> = right
            .map(|((purpose, direction), parts)| format!("{purpose:?} {direction:?} {parts:03b}"))
            .collect();
        assert_eq!(
            right,
            [
                "Allocation In 001",
                "Contribution In 001",
                "Recovery In 100",
                "Bonus Out 010",
                "Repayment Out 100",
                "Organising Out 001",
                "Other In 001",
                "Other Out 001",
            ]
        );
    }

    #[test]
    fn no_more_is_paid_than_is_left() {
        for (left, amount, is_covered) in
            [(5, 5, true), (5, 4, true), (5, 6, false), (-1, 1, false)]
        {
            let paid = covered((2026, left), (Purpose::Other, amount));
            assert_eq!(paid.is_ok(), is_covered, "{amount} of {left}");
        }
        let fault = covered((2026, 0), (Purpose::Bonus, 1)).unwrap_err();
        assert_eq!(fault.code, Code::FundInsufficient);
    }

    #[test]
    fn what_came_back_is_not_out() {
        use Direction::{In, Out};
        for (first, later, out) in [
            (7, vec![], 7),
            (0, vec![], 0),
            (0, vec![Out], 7),
            (7, vec![In], 0),
            (7, vec![In, Out], 7),
            (7, vec![In, Out, In], 0),
            (0, vec![Out, In], 0),
        ] {
            let entries = later.iter().map(|direction| (*direction, 7));
            assert_eq!(outstanding(first, entries), out, "{first}, {later:?}");
        }
    }

    #[test]
    fn an_amount_is_a_whole_number_of_dong() {
        assert_eq!(amount(" 2530000 ").unwrap(), 2_530_000);
        for wrong in ["0", "1000000000000001", "99999999999999999999"] {
            assert_eq!(amount(wrong).unwrap_err().code, Code::OutOfRange, "{wrong}");
        }
        for wrong in ["", "abc", "-1", "1.5", "1e3", "+5"] {
            assert_eq!(amount(wrong).unwrap_err().code, Code::InvalidFormat, "{wrong}");
        }
    }
}
