//! When a membership holds, and whether two of them collide.
//! No async, no SQL, no roles, no GraphQL enter here.

use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

/// A period of days; both ends are inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::domain) struct Period {
    /// First day.
    pub(in crate::domain) from: NaiveDate,
    /// Last day; none while it goes on.
    pub(in crate::domain) to: Option<NaiveDate>,
}

/// A seat a unit has in some cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seat {
    /// The membership.
    pub(super) member: Uuid,
    /// Code of the cluster.
    pub(super) cluster: String,
    /// When it holds.
    pub(super) period: Period,
}

impl Period {
    /// The period from one day to another.
    pub(in crate::domain) const fn new(from: NaiveDate, to: Option<NaiveDate>) -> Self {
        Self { from, to }
    }

    /// A calendar year.
    pub(in crate::domain) fn year(year: i32) -> Self {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
        Self::new(first, Some(last_day(year)))
    }

    /// Whether some day lies in both.
    pub(in crate::domain) fn overlaps(self, other: Self) -> bool {
        self.begins_by(other.to) && other.begins_by(self.to)
    }

    fn begins_by(self, last: Option<NaiveDate>) -> bool {
        last.is_none_or(|last| self.from <= last)
    }

    /// The period from one day to another, where it lies inside this one; without an end it ends with
    /// this one.
    pub(super) fn enclose(self, from: NaiveDate, to: Option<NaiveDate>) -> Option<Self> {
        let inner = Self::new(from, to.or(self.to));
        let ends_inside = self.to.is_none_or(|last| inner.to.is_some_and(|to| to <= last));
        (self.from <= from && inner.begins_by(inner.to) && ends_inside).then_some(inner)
    }

    /// The year that is shown when none is asked for: this year, or the nearest one in which the period
    /// holds.
    pub(super) fn shown_year(self, today: NaiveDate) -> i32 {
        let last = self.to.map_or(i32::MAX, |last| last.year());
        today.year().min(last).max(self.from.year())
    }
}

/// Last day of a year.
pub(super) fn last_day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or_default()
}

/// The seat that stands against another one: a unit is never in two clusters of one structure at a time.
pub(super) fn collision(seats: &[Seat], period: Period, except: Option<Uuid>) -> Option<&Seat> {
    let is_other = |seat: &&Seat| Some(seat.member) != except;
    seats.iter().filter(is_other).find(|seat| seat.period.overlaps(period))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period(from: &str, to: &str) -> Period {
        Period::new(day(from), to.parse().ok())
    }

    #[test]
    fn periods_overlap_when_they_share_a_day() {
        let table = [
            ("2025-01-01", "2025-06-30", "2025-06-30", "", true),
            ("2025-01-01", "2025-06-30", "2025-07-01", "", false),
            ("2025-01-01", "", "2030-01-01", "", true),
            ("2025-01-01", "", "2024-01-01", "2024-12-31", false),
            ("2025-01-01", "", "2024-01-01", "2025-01-01", true),
            ("2025-03-01", "2025-03-31", "2025-01-01", "2025-12-31", true),
        ];
        for (from, to, other_from, other_to, expected) in table {
            let (one, other) = (period(from, to), period(other_from, other_to));

            assert_eq!(one.overlaps(other), expected, "{one:?} {other:?}");
            assert_eq!(other.overlaps(one), expected, "{other:?} {one:?}");
        }
    }

    #[test]
    fn a_membership_stays_inside_its_cluster() {
        let cluster = period("2020-01-01", "2025-12-31");
        let enclosed = |from, to: &str| cluster.enclose(day(from), to.parse().ok());

        assert_eq!(enclosed("2020-01-01", ""), Some(cluster));
        assert_eq!(enclosed("2021-01-01", "2021-12-31"), Some(period("2021-01-01", "2021-12-31")));
        assert_eq!(enclosed("2019-12-31", ""), None);
        assert_eq!(enclosed("2025-01-01", "2026-01-01"), None);
        assert_eq!(enclosed("2026-01-01", ""), None);
        let open = period("2020-01-01", "");
        assert_eq!(open.enclose(day("2021-01-01"), None), Some(period("2021-01-01", "")));
    }

    #[test]
    fn the_year_shown_is_this_one_or_the_nearest() {
        let today = day("2026-11-21");

        assert_eq!(period("2017-01-01", "").shown_year(today), 2026);
        assert_eq!(period("2017-01-01", "2017-12-31").shown_year(today), 2017);
        assert_eq!(period("2027-03-01", "").shown_year(today), 2027);
    }

    #[test]
    fn a_unit_sits_in_one_cluster_of_a_structure_at_a_time() {
        let seat = |member, cluster: &str, from, to| Seat {
            member: Uuid::from_u128(member),
            cluster: cluster.to_owned(),
            period: period(from, to),
        };
        let seats = [seat(1, "351", "2025-01-01", "2025-06-30"), seat(2, "352", "2025-07-01", "")];
        let found = |from, to, except: Option<u128>| {
            let except = except.map(Uuid::from_u128);
            collision(&seats, period(from, to), except).map(|seat| seat.cluster.as_str())
        };

        assert_eq!(found("2024-01-01", "2024-12-31", None), None);
        assert_eq!(found("2025-06-30", "2025-06-30", None), Some("351"));
        assert_eq!(found("2026-01-01", "", None), Some("352"));
        assert_eq!(found("2026-01-01", "", Some(2)), None);
    }
}
