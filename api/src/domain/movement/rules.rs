//! How long a movement lasts, as the statutory form parts it.
//! No row enters here.

use chrono::{Days, Months, NaiveDate};
use entity::movement::Duration;

/// The class of a period whose last day is part of it.
pub(super) fn duration(first: NaiveDate, last: Option<NaiveDate>) -> Duration {
    let Some(over) = last.and_then(|last| last.checked_add_days(Days::new(1))) else {
        return Duration::Unknown;
    };
    let after = |years: u32| first.checked_add_months(Months::new(years * 12)).unwrap_or(first);
    if over < after(1) {
        Duration::UnderOneYear
    } else if over == after(1) {
        Duration::OneYear
    } else if over < after(3) {
        Duration::OneToThreeYears
    } else if over < after(5) {
        Duration::ThreeToFiveYears
    } else {
        Duration::FiveYearsOrMore
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_is_counted_with_its_last_day() {
        let of = |first, last| duration(day(first), Some(day(last)));
        assert_eq!(of("2026-01-01", "2026-12-30"), Duration::UnderOneYear);
        assert_eq!(of("2026-01-01", "2026-12-31"), Duration::OneYear);
        assert_eq!(of("2026-01-01", "2027-01-01"), Duration::OneToThreeYears);
        assert_eq!(of("2024-02-29", "2025-02-27"), Duration::OneYear, "clamped at the leap day");
        assert_eq!(of("2024-01-01", "2026-12-30"), Duration::OneToThreeYears);
        assert_eq!(of("2024-01-01", "2026-12-31"), Duration::ThreeToFiveYears);
        assert_eq!(of("2021-01-01", "2025-12-30"), Duration::ThreeToFiveYears);
        assert_eq!(of("2021-01-01", "2025-12-31"), Duration::FiveYearsOrMore);
        assert_eq!(duration(day("2026-01-01"), None), Duration::Unknown);
    }
}
