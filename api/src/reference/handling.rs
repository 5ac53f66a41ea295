//! How long a step of a submission may take, and which days are no working days: rows of a file with their citations.
//! No submission enters here.

use chrono::{Datelike, NaiveDate, Weekday};
use entity::submission::State;
use serde::Deserialize;

const STEPS: &str = include_str!("../../data/submission/handling.toml");

/// How long one step may take.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LawHandling {
    /// The state in which a submission waits for the step.
    state: State,
    pub(crate) working_days: u16,
    pub(crate) citation: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

/// A day of every year on which nobody works.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Holiday {
    month: u32,
    day: u32,
    /// Said to whoever reads the file.
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "citation")]
    _citation: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    handling: Vec<LawHandling>,
    holiday: Vec<Holiday>,
}

fn file() -> &'static File {
    static READ: std::sync::OnceLock<File> = std::sync::OnceLock::new();
    READ.get_or_init(|| toml::from_str(STEPS).unwrap_or_default())
}

/// The row of a state on a day; none where nothing says how long it may take.
pub(crate) fn handling(state: State, on: NaiveDate) -> Option<&'static LawHandling> {
    let stands =
        |row: &&LawHandling| row.valid_from <= on && row.valid_to.is_none_or(|last| on <= last);
    file().handling.iter().filter(stands).find(|row| row.state == state)
}

/// The last day for a submission that came into a state on a day; none where nothing says how long it may take.
pub(crate) fn due_on(state: State, came: NaiveDate) -> Option<NaiveDate> {
    let law = handling(state, came)?;
    let following = came.iter_days().skip(1).filter(|day| is_working(*day));
    following.take(law.working_days.into()).last()
}

fn is_working(on: NaiveDate) -> bool {
    let is_off = |row: &Holiday| {
        let stands = row.valid_from <= on && row.valid_to.is_none_or(|last| on <= last);
        stands && (row.month, row.day) == (on.month(), on.day())
    };
    !matches!(on.weekday(), Weekday::Sat | Weekday::Sun) && !file().holiday.iter().any(is_off)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn the_file_is_read_and_says_how_long_the_office_has() {
        let days = |state| handling(state, day(2026, 1, 1)).map(|row| row.working_days);

        let found = [State::Sent, State::Received, State::Draft].map(days);
        assert_eq!(found, [Some(5), Some(20), None]);
        assert!(handling(State::Sent, day(2024, 12, 31)).is_none());
        let cited = file().handling.iter().all(|row| !row.citation.is_empty());
        assert!(cited && file().holiday.len() == 4);
    }

    #[test]
    fn weekends_and_holidays_are_left_out() {
        let due = |came| due_on(State::Sent, came);

        assert_eq!(due(day(2026, 11, 5)), Some(day(2026, 11, 12)), "Thursday to Thursday");
        assert_eq!(due(day(2026, 11, 7)), Some(day(2026, 11, 13)), "Saturday to Friday");
        // Thursday the 30th of April and Friday the 1st of May are holidays.
        assert_eq!(due(day(2026, 4, 28)), Some(day(2026, 5, 7)), "Tuesday to Thursday");
        assert_eq!(due_on(State::Received, day(2026, 11, 5)), Some(day(2026, 12, 3)));
        assert_eq!(due_on(State::Draft, day(2026, 11, 5)), None);
    }
}
