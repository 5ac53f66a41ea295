//! The arithmetic of quotas: whole numbers throughout.
//! No query enters here.

use chrono::{Datelike, NaiveDate};
use entity::quota::{self, Rounding};
use entity::quota_entry::State;
use entity::unit;
use uuid::Uuid;

/// How many a quota allows of a base, before waivers.
pub(super) fn limit(row: &quota::Model, base: i32) -> i32 {
    let Some(percent) = row.share_percent else { return row.most.unwrap_or_default() };
    let hundredths = i64::from(base) * i64::from(percent);
    let extra = match row.rounding {
        Rounding::Down => 0,
        Rounding::HalfUp => 50,
        Rounding::Up => 99,
    };
    i32::try_from((hundredths + extra) / 100).unwrap_or(i32::MAX)
}

/// Whether a quota is meant for a unit.
pub(super) fn is_for(row: &quota::Model, (id, kind): (Uuid, unit::Kind)) -> bool {
    row.unit_kind.is_none_or(|it| it == kind) && row.unit_id.is_none_or(|it| it == id)
}

/// Whether a quota of a unit by name stands in the place of another one for the unit: of the same title and severity, for
/// some of the same people.
pub(super) fn goes_before(row: &quota::Model, other: &quota::Model, unit: Uuid) -> bool {
    let is_named = row.unit_id == Some(unit) && other.unit_id.is_none();
    let is_for_some = overlap(row.subject_kind, other.subject_kind)
        && overlap(row.commendation_type, other.commendation_type);
    let is_alike = row.award_type_code == other.award_type_code && row.severity == other.severity;
    is_named && is_alike && is_for_some
}

fn overlap<T: Copy + PartialEq>(one: Option<T>, other: Option<T>) -> bool {
    one.is_none() || other.is_none() || one == other
}

/// Why a quota is not about a unit and a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Apart {
    /// It is for another unit, or for units of another kind.
    Unit,
    /// It is in force on no day of the year.
    Year,
}

/// Why a quota is not about a unit and a year; none where it is.
pub(super) fn apart(row: &quota::Model, (unit, year): ((Uuid, unit::Kind), i32)) -> Option<Apart> {
    if !is_for(row, unit) {
        return Some(Apart::Unit);
    }
    let is_over = row.valid_to.is_some_and(|last| last.year() < year);
    (is_over || row.valid_from.year() > year).then_some(Apart::Year)
}

/// The day on which quotas are asked about what is done on a day for a year: a list of an earlier year takes of what held
/// at the end of that year, one of a later year of what holds at its beginning.
pub(super) fn reckoned((on, year): (NaiveDate, i32)) -> NaiveDate {
    let day = |month, day| NaiveDate::from_ymd_opt(year, month, day);
    match (day(1, 1), day(12, 31)) {
        (Some(first), Some(last)) => on.clamp(first, last),
        (Some(_) | None, Some(_) | None) => on,
    }
}

/// Whether what is done on a day for a year can be refused for the sake of a quota.
pub(super) fn is_in_force(row: &quota::Model, when: (NaiveDate, i32)) -> bool {
    row.valid_from <= reckoned(when) && counts(row, when)
}

/// Whether a quota counts what is done on a day for a year: it says how many there may be in a year, whichever day of it
/// is its first one. What is done after its end is no concern of it.
pub(super) fn counts(row: &quota::Model, (on, year): (NaiveDate, i32)) -> bool {
    row.valid_from.year() <= year && row.valid_to.is_none_or(|last| last >= reckoned((on, year)))
}

/// The last day of a quota where the year of it goes on without it.
pub(super) fn early_end(row: &quota::Model) -> Option<NaiveDate> {
    row.valid_to.filter(|last| (last.month(), last.day()) != (12, 31))
}

/// Whether two quotas of one title say of the same proposals how many there may be, on some of the same days. What only
/// warns may stand beside what is refused.
pub(super) fn collide(one: &quota::Model, other: &quota::Model) -> bool {
    let meant = |row: &quota::Model| {
        let place = (row.unit_kind, row.unit_id);
        (row.subject_kind, row.commendation_type, place, row.base, row.severity)
    };
    let is_over = |row: &quota::Model, by: &quota::Model| {
        row.valid_to.is_some_and(|last| last < by.valid_from)
    };
    one.award_type_code == other.award_type_code
        && meant(one) == meant(other)
        && !is_over(one, other)
        && !is_over(other, one)
}

/// How many are asked for beyond what is left.
pub(super) fn over(limit: i32, waived: i32, taken: i32, asked: i32) -> i32 {
    let most = i64::from(limit) + i64::from(waived);
    let over = i64::from(taken) + i64::from(asked) - most;
    i32::try_from(over.max(0)).unwrap_or(i32::MAX).min(asked)
}

/// How many places an entry takes: what came back counts against what was consumed.
pub(super) fn takes(state: State, amount: i32) -> i32 {
    match state {
        State::Reserved | State::Consumed => amount,
        State::Released => 0,
        State::Returned => amount.saturating_neg(),
    }
}

/// How many places come back with an award: never more than are still consumed, because not every award has taken one.
pub(super) fn comes_back(events: i32, consumed: i32) -> i32 {
    events.clamp(0, consumed.max(0))
}

/// What becomes of the places that a submission has reserved of one quota when nominees of it are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    /// Still reserved, for nominees who are not answered yet.
    pub(super) reserved: i32,
    /// Given.
    pub(super) consumed: i32,
    /// Given back.
    pub(super) released: i32,
    /// Needed beside them, of what is left of the quota.
    pub(super) beyond: i32,
}

/// Who is answered: for how many places were reserved, and to how many the title is given.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answers {
    pub(super) proposed: i32,
    pub(super) given: i32,
    /// Of those to whom it is given, how many may need a place that was not reserved.
    pub(super) moved: i32,
}

/// Divides what was reserved. Places of those who failed serve those who came down from a higher title first.
pub(super) fn parts(reserved: i32, answers: Answers) -> Parts {
    let answered = answers.proposed.clamp(0, reserved.max(0));
    let consumed = answers.given.clamp(0, answered);
    Parts {
        reserved: reserved.max(0) - answered,
        consumed,
        released: answered - consumed,
        beyond: (answers.given - consumed).clamp(0, answers.moved.max(0)),
    }
}

#[cfg(test)]
mod tests {
    use entity::eligibility_rule::Severity;
    use entity::quota::Base;
    use proptest::prelude::*;

    use super::*;

    fn share(percent: i32, rounding: Rounding) -> quota::Model {
        quota::Model {
            tenant_id: Uuid::nil(),
            id: Uuid::nil(),
            award_type_code: String::new(),
            subject_kind: None,
            commendation_type: None,
            unit_kind: None,
            unit_id: None,
            base: Base::Advanced,
            share_percent: Some(percent),
            most: None,
            rounding,
            severity: Severity::Block,
            citation: String::new(),
            valid_from: NaiveDate::default(),
            valid_to: None,
            author_id: Uuid::nil(),
            version: 1,
        }
    }

    #[test]
    fn a_share_becomes_a_whole_number() {
        assert_eq!(limit(&share(15, Rounding::Down), 82), 12);
        assert_eq!(limit(&share(15, Rounding::Up), 82), 13);
        assert_eq!(limit(&share(15, Rounding::HalfUp), 82), 12);
        assert_eq!(limit(&share(15, Rounding::HalfUp), 90), 14);
        assert_eq!(limit(&share(15, Rounding::Up), 100), 15);
        assert_eq!(limit(&share(20, Rounding::Down), 0), 0);
    }

    #[test]
    fn a_quota_is_about_its_units_and_the_years_of_its_days() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let row = quota::Model {
            unit_kind: Some(unit::Kind::Office),
            valid_from: day("2025-07-01"),
            valid_to: Some(day("2026-12-31")),
            ..share(15, Rounding::Down)
        };
        let office = (Uuid::nil(), unit::Kind::Office);
        let of = |year| apart(&row, (office, year));
        assert_eq!([2025, 2026].map(of), [None; 2]);
        assert_eq!([2024, 2027].map(of), [Some(Apart::Year); 2]);
        let province = (Uuid::from_u128(1), unit::Kind::Province);
        assert_eq!(apart(&row, (province, 2026)), Some(Apart::Unit));
        let open = quota::Model { unit_kind: None, valid_to: None, ..row };
        assert_eq!(apart(&open, (province, 2090)), None);
        let named = quota::Model { unit_id: Some(Uuid::nil()), ..open };
        assert_eq!(apart(&named, (province, 2090)), Some(Apart::Unit));
        assert_eq!(apart(&named, (office, 2090)), None);
    }

    #[test]
    fn a_quota_of_a_unit_by_name_goes_before_that_of_its_kind() {
        use entity::nominee::SubjectKind::{Collective, Individual};
        let (here, there) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let every = || share(15, Rounding::Down);
        let named = || quota::Model { unit_id: Some(here), ..every() };
        assert!(goes_before(&named(), &every(), here));
        assert!(!goes_before(&named(), &every(), there) && !goes_before(&every(), &named(), here));
        assert!(!goes_before(&named(), &named(), here), "both hold");
        let of = |kind, row: quota::Model| quota::Model { subject_kind: Some(kind), ..row };
        assert!(goes_before(&of(Individual, named()), &every(), here));
        assert!(!goes_before(&of(Individual, named()), &of(Collective, every()), here));
        let warns = quota::Model { severity: Severity::Warn, ..every() };
        let another = quota::Model { award_type_code: "A".to_owned(), ..every() };
        assert!(!goes_before(&named(), &warns, here) && !goes_before(&named(), &another, here));
    }

    #[test]
    fn what_counts_for_a_year_takes_of_the_quota_of_that_year() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let row = |from: &str, to: Option<&str>| quota::Model {
            valid_from: day(from),
            valid_to: to.map(day),
            ..share(15, Rounding::Down)
        };
        let told = |row: &quota::Model, on: &str, year| {
            let when = (day(on), year);
            (is_in_force(row, when), counts(row, when))
        };
        let last_year = row("2025-01-01", Some("2025-12-31"));
        assert_eq!(told(&last_year, "2026-02-01", 2025), (true, true), "decided late");
        assert_eq!(told(&last_year, "2026-02-01", 2026), (false, false));
        let this_year = row("2026-01-01", None);
        assert_eq!(told(&this_year, "2026-02-01", 2025), (false, false), "a list of last year");
        assert_eq!(told(&this_year, "2026-02-01", 2026), (true, true));
        assert_eq!(told(&this_year, "2025-11-01", 2026), (true, true), "a list of next year");
        let half = row("2026-03-01", Some("2026-06-30"));
        assert_eq!(told(&half, "2026-02-01", 2026), (false, true), "counted, not refused yet");
        assert_eq!(told(&half, "2026-06-30", 2026), (true, true));
        assert_eq!(told(&half, "2026-07-01", 2026), (false, false), "it has ended");
        assert_eq!(told(&half, "2027-01-10", 2026), (false, false), "it had ended by then");
        assert_eq!(early_end(&half), Some(day("2026-06-30")));
        assert_eq!((early_end(&last_year), early_end(&this_year)), (None, None));
    }

    #[test]
    fn quotas_on_the_same_proposals_collide() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let first = quota::Model {
            valid_from: day("2025-01-01"),
            valid_to: Some(day("2025-12-31")),
            ..share(15, Rounding::Down)
        };
        let second = |from: &str| quota::Model { valid_from: day(from), ..share(20, Rounding::Up) };
        assert!(collide(&first, &second("2025-12-31")), "one day is enough");
        assert!(collide(&second("2025-12-31"), &first));
        assert!(!collide(&first, &second("2026-01-01")), "one after the other");
        assert!(!collide(&second("2026-01-01"), &first));
        let same = || second("2025-07-01");
        let warns = quota::Model { severity: Severity::Warn, ..same() };
        let fixed = quota::Model { base: Base::Count, ..same() };
        let offices = quota::Model { unit_kind: Some(unit::Kind::Office), ..same() };
        let named = quota::Model { unit_id: Some(Uuid::from_u128(1)), ..same() };
        for apart in [warns, fixed, offices, named] {
            assert!(!collide(&first, &apart), "{apart:?}");
        }
    }

    #[test]
    fn what_was_reserved_is_divided() {
        let parts = |reserved, (proposed, given, moved)| {
            let Parts { reserved, consumed, released, beyond } =
                parts(reserved, Answers { proposed, given, moved });
            (reserved, consumed, released, beyond)
        };
        assert_eq!(parts(3, (3, 3, 0)), (0, 3, 0, 0), "all are given it");
        assert_eq!(parts(3, (3, 1, 0)), (0, 1, 2, 0), "two failed");
        assert_eq!(parts(3, (3, 3, 1)), (0, 3, 0, 0), "one failed, one came down in his place");
        assert_eq!(parts(3, (3, 5, 2)), (0, 3, 0, 2), "two came down");
        assert_eq!(parts(3, (1, 1, 0)), (2, 1, 0, 0), "two are not answered yet");
        assert_eq!(parts(0, (0, 2, 2)), (0, 0, 0, 2), "nothing was reserved");
        assert_eq!(parts(0, (2, 2, 2)), (0, 0, 0, 2), "sent before there was a quota");
    }

    proptest! {
        #[test]
        fn nothing_of_a_reservation_is_lost_or_made(
            reserved in 0..50_i32, proposed in 0..50_i32, given in 0..50_i32, moved in 0..50_i32,
        ) {
            let parts = parts(reserved, Answers { proposed, given, moved });
            prop_assert_eq!(parts.reserved + parts.consumed + parts.released, reserved);
            prop_assert!(parts.reserved >= 0 && parts.consumed >= 0 && parts.released >= 0);
            prop_assert!((0..=moved).contains(&parts.beyond));
            prop_assert!(parts.consumed + parts.beyond <= given);
            prop_assert!(parts.consumed <= proposed);
        }

        #[test]
        fn what_comes_back_was_taken(consumed in 0..50_i32, awards in prop::collection::vec(0..5_i32, 0..60)) {
            let mut left = takes(State::Consumed, consumed);
            for events in awards {
                let back = comes_back(events, left);
                prop_assert!((0..=events).contains(&back));
                left += takes(State::Returned, back);
                prop_assert!((0..=consumed).contains(&left));
                prop_assert!(back == events || left == 0);
            }
        }

        #[test]
        fn what_is_over_is_never_negative_and_never_more_than_asked(
            limit in 0..100_i32, waived in 0..10_i32, taken in 0..200_i32, asked in 0..50_i32,
        ) {
            let over = over(limit, waived, taken, asked);
            prop_assert!((0..=asked).contains(&over));
            prop_assert!(over > 0 || taken + asked <= limit + waived || asked == 0);
        }
    }
}
