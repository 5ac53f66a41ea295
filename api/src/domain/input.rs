//! Checks that many inputs share: texts, periods, years.
//! No row and no rule of a domain enters here.

use std::collections::HashSet;

use async_graphql::MaybeUndefined;
use chrono::{Datelike, NaiveDate};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use crate::error::{Code, Fault, Result};
use crate::scalar::Date;
use crate::text::official_form;

/// Longest name or title, in characters.
pub(super) const NAME: usize = 300;
/// Longest code, in characters.
pub(super) const CODE: usize = 60;
/// Longest free text, in characters.
pub(super) const TEXT: usize = 4000;
/// First year that can be named.
pub(super) const FIRST_YEAR: i32 = 1948;
/// First and last year that can be named.
const YEARS: (i32, i32) = (FIRST_YEAR, 2100);

/// The new value of a field that is never null; none when it stays as it is.
pub(super) fn given<T>(value: MaybeUndefined<T>, path: &str) -> Result<Option<T>> {
    match value {
        MaybeUndefined::Value(value) => Ok(Some(value)),
        MaybeUndefined::Null => Err(Fault::at(Code::Required, path).into()),
        MaybeUndefined::Undefined => Ok(None),
    }
}

/// A text that must be given, without surrounding space.
pub(super) fn text(value: &str, path: &str, most: usize) -> Result<String> {
    let value = value.trim();
    if value.is_empty() {
        return Err(Fault::at(Code::Required, path).into());
    }
    if value.chars().count() > most {
        return Err(Fault::at(Code::TooLong, path).with("max", most).into());
    }
    if value.chars().any(|letter| letter.is_control() && letter != '\n' && letter != '\t') {
        return Err(Fault::at(Code::InvalidFormat, path).with("expected", "printable text").into());
    }
    Ok(value.to_owned())
}

/// The number or symbol of an official paper, in one spelling.
pub(super) fn official(value: &str, path: &str) -> Result<String> {
    text(value, path, CODE).map(|value| official_form(&value))
}

/// A text that may be absent; an empty one counts as absent.
pub(super) fn optional_text(
    value: Option<&str>,
    path: &str,
    most: usize,
) -> Result<Option<String>> {
    match value.map(str::trim).filter(|value| !value.is_empty()) {
        Some(value) => text(value, path, most).map(Some),
        None => Ok(None),
    }
}

/// A reason that must be given.
pub(super) fn reason(value: &str) -> Result<String> {
    if value.trim().is_empty() {
        return Err(Fault::at(Code::ReasonRequired, "input.reason").into());
    }
    text(value, "input.reason", TEXT)
}

/// A link of the web.
pub(super) fn link(value: Option<&str>, path: &str) -> Result<Option<String>> {
    let Some(value) = optional_text(value, path, TEXT)? else { return Ok(None) };
    if value.starts_with("https://") || value.starts_with("http://") {
        return Ok(Some(value));
    }
    Err(Fault::at(Code::InvalidFormat, path).with("expected", "https://…").into())
}

/// A code: letters, digits, point, hyphen and underscore.
pub(super) fn code(value: &str, path: &str) -> Result<String> {
    let value = text(value, path, CODE)?;
    if value.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_')) {
        return Ok(value);
    }
    let expected = "letters, digits, point, hyphen, underscore";
    Err(Fault::at(Code::InvalidFormat, path).with("expected", expected).into())
}

/// A year that can be named.
pub(super) fn year(value: i32, path: &str) -> Result<i32> {
    if (YEARS.0..=YEARS.1).contains(&value) {
        return Ok(value);
    }
    Err(Fault::at(Code::OutOfRange, path).with("min", YEARS.0).with("max", YEARS.1).into())
}

/// A year that can be named, none before a first one.
pub(super) fn year_since(value: i32, first: i32, path: &str) -> Result<i32> {
    if (first..=YEARS.1).contains(&value) {
        return Ok(value);
    }
    Err(Fault::at(Code::OutOfRange, path).with("min", first).with("max", YEARS.1).into())
}

/// A day of a year that can be named.
pub(super) fn day(value: Date, path: &str) -> Result<NaiveDate> {
    year(value.0.year(), path)?;
    Ok(value.0)
}

/// A period whose end does not lie before its beginning.
pub(super) fn period(from: Option<NaiveDate>, to: Option<NaiveDate>, path: &str) -> Result<()> {
    match (from, to) {
        (Some(from), Some(to)) if to < from => Err(Fault::at(Code::PeriodReversed, path).into()),
        (Some(_) | None, Some(_) | None) => Ok(()),
    }
}

/// Years of which the last does not lie before the first.
pub(super) fn years(from: Option<i32>, to: Option<i32>, path: &str) -> Result<()> {
    match (from, to) {
        (Some(from), Some(to)) if to < from => Err(Fault::at(Code::PeriodReversed, path).into()),
        (Some(_) | None, Some(_) | None) => Ok(()),
    }
}

/// A day of what has happened: not one to come.
pub(super) fn past(day: NaiveDate, today: NaiveDate, path: &str) -> Result<()> {
    if day <= today {
        return Ok(());
    }
    let first = NaiveDate::from_ymd_opt(YEARS.0, 1, 1).unwrap_or_default();
    Err(Fault::at(Code::OutOfRange, path).with("min", first).with("max", today).into())
}

/// A day that does not lie before another one.
pub(super) fn not_before(day: NaiveDate, first: NaiveDate, path: &str) -> Result<()> {
    if day >= first {
        return Ok(());
    }
    let last = NaiveDate::from_ymd_opt(YEARS.1, 12, 31).unwrap_or_default();
    Err(Fault::at(Code::OutOfRange, path).with("min", first).with("max", last).into())
}

/// Where one of a list stands in the input: at its index; the list itself where it does not name that one.
pub(super) fn place(list: &[Uuid], one: Uuid, path: &str) -> String {
    match list.iter().position(|id| *id == one) {
        Some(index) => format!("{path}.{index}"),
        None => path.to_owned(),
    }
}

/// Refuses a list that names one twice, at the second place.
pub(super) fn each_once(list: &[Uuid], path: &str) -> Result<()> {
    let mut seen = HashSet::new();
    match list.iter().position(|id| !seen.insert(id)) {
        Some(index) => Err(twice(&format!("{path}.{index}")).into()),
        None => Ok(()),
    }
}

/// What is said of one that a list names a second time.
pub(super) fn twice(path: &str) -> Fault {
    Fault::at(Code::AlreadyExists, path).with("case", "TWICE")
}

/// The last day of what stands in the way, as a message says it.
pub(super) fn until(last: Option<NaiveDate>) -> String {
    last.map_or_else(|| "OPEN_ENDED".to_owned(), |day| day.to_string())
}

/// Rows in force on a day.
pub(super) fn in_force(from: impl ColumnTrait, to: impl ColumnTrait, day: NaiveDate) -> Condition {
    Condition::all().add(from.lte(day)).add(Condition::any().add(to.is_null()).add(to.gte(day)))
}

/// Rows in force on some day of a year.
pub(super) fn in_year(from: impl ColumnTrait, to: impl ColumnTrait, year: i32) -> Condition {
    let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    let last = NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or_default();
    Condition::all().add(from.lte(last)).add(Condition::any().add(to.is_null()).add(to.gte(first)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn the_second_of_two_is_told_by_its_place() {
        let [one, other] = [1, 2].map(Uuid::from_u128);
        let told = |list: &[Uuid]| match each_once(list, "input.ids") {
            Err(Error::Fault(fault)) => Some((fault.code, fault.path.join("."))),
            Err(other) => panic!("{other:?}"),
            Ok(()) => None,
        };
        assert_eq!(told(&[]), None);
        assert_eq!(told(&[one, other]), None);
        let at = |path: &str| Some((Code::AlreadyExists, path.to_owned()));
        assert_eq!(told(&[one, other, other, one]), at("input.ids.2"));
    }

    #[test]
    fn one_of_a_list_stands_at_its_place() {
        let list = [1, 2].map(Uuid::from_u128);
        assert_eq!(place(&list, list[1], "input.ids"), "input.ids.1");
        assert_eq!(place(&list, Uuid::nil(), "input.ids"), "input.ids", "not named");
    }
}
