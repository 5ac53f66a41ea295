//! Which awards a period of decisions takes in: whole years come from totals, what the edges of the period cut off
//! a year comes from its rows, so that no question reads more rows than those of two years and of the years in
//! which later acts are undone. No SQL is run here.

use std::collections::BTreeSet;

use chrono::{Datelike, Months, NaiveDate};
use entity::{award, award_cell};
use sea_orm::{ColumnTrait, Condition};

use crate::error::{Code, Fault, Result};

/// Longest period that is parted by month.
const MONTHS: u32 = 24;
/// Years that a day can have.
const YEARS: (i32, i32) = (1, 9999);

/// A period of decisions, and the day on which the registry is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Span {
    pub(super) from: Option<NaiveDate>,
    pub(super) to: Option<NaiveDate>,
    /// The registry as it stood at the end of this day; as it stands when absent.
    pub(super) known: Option<NaiveDate>,
}

/// What of a span is read from totals and what from rows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// Whole years; none where no year is whole. Open where the period is.
    years: Option<(Option<i32>, Option<i32>)>,
    /// Years among them of which the rows are read.
    apart: BTreeSet<i32>,
    /// Days of which the rows are read.
    days: Vec<(NaiveDate, NaiveDate)>,
    undated: Undated,
}

/// Awards of which no day of decision is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Undated {
    /// They are in no period.
    No,
    /// All of them.
    All,
    /// Those that count no year after this one.
    To(i32),
}

/// Years that must be read from rows; none stands for awards without a day of decision.
pub(super) type Touched = BTreeSet<Option<i32>>;

pub(super) fn first_day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year.clamp(YEARS.0, YEARS.1), 1, 1).unwrap_or_default()
}

pub(super) fn last_day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year.clamp(YEARS.0, YEARS.1), 12, 31).unwrap_or_default()
}

/// The last year that is over at the end of a day.
pub(super) fn whole_year(day: NaiveDate) -> i32 {
    if day == last_day(day.year()) { day.year() } else { day.year().saturating_sub(1) }
}

/// The first day of the month in which a day lies.
pub(super) fn month(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)
}

impl Span {
    /// The period within both bounds, of years and of days.
    pub(super) fn new(
        (first, last): (Option<i32>, Option<i32>),
        (from, to): (Option<NaiveDate>, Option<NaiveDate>),
    ) -> Self {
        let from = first.map(first_day).into_iter().chain(from).max();
        let to = last.map(last_day).into_iter().chain(to).min();
        Self { from, to, known: None }
    }

    /// A period that can be parted by month: bounded on both sides, and short.
    pub(super) fn demand_months(&self) -> Result<()> {
        let is_short = self.from.zip(self.to).is_some_and(|(from, to)| {
            month(from).and_then(|it| it.checked_add_months(Months::new(MONTHS))).is_some_and(
                // The first of the months after the longest period.
                |after| to < after,
            )
        });
        if is_short {
            return Ok(());
        }
        let fault = Fault::at(Code::InvalidCombination, "groupBy");
        let detail = "MONTH needs decisions of a period of at most {months} months";
        Err(fault.with("detail", detail).with("months", MONTHS).into())
    }

    /// The last day of which decisions count.
    pub(super) fn last(&self) -> Option<NaiveDate> {
        self.to.into_iter().chain(self.known).min()
    }

    /// Parts the span; by month everything that has a day is read from rows.
    pub(super) fn plan(&self, is_by_month: bool, touched: &Touched) -> Plan {
        let (from, to) = (self.from, self.last());
        let undated = match (self.from.or(self.to), self.known) {
            (Some(_), _) => Undated::No,
            (None, None) => Undated::All,
            (None, Some(day)) => Undated::To(whole_year(day)),
        };
        let mut days = BTreeSet::new();
        if is_by_month && let Some(whole) = from.zip(to) {
            days.insert(whole);
            return Plan {
                years: None,
                apart: touched_years(touched),
                days: in_order(days),
                undated,
            };
        }
        let mut years = (from.map(|day| day.year()), to.map(|day| day.year()));
        if let Some(from) = from.filter(|day| *day != first_day(day.year())) {
            let end = last_day(from.year());
            days.insert((from, to.map_or(end, |to| to.min(end))));
            years.0 = Some(from.year().saturating_add(1));
        }
        if let Some(to) = to.filter(|day| *day != last_day(day.year())) {
            let begin = first_day(to.year());
            days.insert((from.map_or(begin, |from| from.max(begin)), to));
            years.1 = Some(to.year().saturating_sub(1));
        }
        let is_any = years.0.is_none_or(|first| years.1.is_none_or(|last| first <= last));
        let years = is_any.then_some(years);
        let apart = touched_years(touched);
        for year in apart.iter().filter(|year| holds(years, **year)) {
            days.insert((first_day(*year), last_day(*year)));
        }
        Plan { years, apart, days: in_order(days), undated }
    }
}

fn in_order(days: BTreeSet<(NaiveDate, NaiveDate)>) -> Vec<(NaiveDate, NaiveDate)> {
    days.into_iter().filter(|(from, to)| from <= to).collect()
}

fn touched_years(touched: &Touched) -> BTreeSet<i32> {
    touched.iter().copied().flatten().collect()
}

fn holds(years: Option<(Option<i32>, Option<i32>)>, year: i32) -> bool {
    years.is_some_and(|(first, last)| {
        first.is_none_or(|first| first <= year) && last.is_none_or(|last| year <= last)
    })
}

impl Plan {
    /// Which totals count; none where all comes from rows.
    pub(super) fn totals(&self, touched: &Touched) -> Option<Condition> {
        use award_cell::Column::{CountingToYear, DecidedYear};
        let mut any = Condition::any();
        if let Some((first, last)) = self.years {
            let mut dated = Condition::all().add(DecidedYear.is_not_null());
            dated = dated.add_option(first.map(|first| DecidedYear.gte(first)));
            dated = dated.add_option(last.map(|last| DecidedYear.lte(last)));
            if !self.apart.is_empty() {
                dated = dated.add(DecidedYear.is_not_in(self.apart.iter().copied()));
            }
            any = any.add(dated);
        }
        if !touched.contains(&None) {
            let undated = Condition::all().add(DecidedYear.is_null());
            match self.undated {
                Undated::No => {}
                Undated::All if self.years == Some((None, None)) && self.apart.is_empty() => {
                    return Some(Condition::all());
                }
                Undated::All => any = any.add(undated),
                Undated::To(year) => any = any.add(undated.add(CountingToYear.lte(year))),
            }
        }
        (!any.is_empty()).then_some(any)
    }

    /// Which rows count; none where all comes from totals.
    pub(super) fn rows(&self, touched: &Touched) -> Option<Condition> {
        use award::Column::{CountingToYear, DecidedOn};
        let mut any = Condition::any();
        for (from, to) in &self.days {
            any = any.add(DecidedOn.between(*from, *to));
        }
        if touched.contains(&None) {
            let undated = Condition::all().add(DecidedOn.is_null());
            match self.undated {
                Undated::No => {}
                Undated::All => any = any.add(undated),
                Undated::To(year) => any = any.add(undated.add(CountingToYear.lte(year))),
            }
        }
        (!any.is_empty()).then_some(any)
    }

    /// Whether days are read from rows.
    pub(super) const fn has_rows(&self) -> bool {
        !self.days.is_empty()
    }

    /// Whether an award that is read from rows lies in the span.
    pub(super) fn takes(&self, decided_on: Option<NaiveDate>, counting_to: i32) -> bool {
        match (decided_on, self.undated) {
            (Some(day), _) => self.days.iter().any(|(from, to)| *from <= day && day <= *to),
            (None, Undated::No) => false,
            (None, Undated::All) => true,
            (None, Undated::To(year)) => counting_to <= year,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn span(from: &str, to: &str) -> Span {
        let of = |text: &str| (!text.is_empty()).then(|| day(text));
        Span { from: of(from), to: of(to), known: None }
    }

    /// Whole years, and days that are read from rows.
    type Parts = (Option<(Option<i32>, Option<i32>)>, Vec<String>);

    fn parts(span: Span) -> Parts {
        let plan = span.plan(false, &Touched::new());
        (plan.years, plan.days.iter().map(|(from, to)| format!("{from}/{to}")).collect())
    }

    #[test]
    fn whole_years_are_read_from_totals_and_edges_from_rows() {
        assert_eq!(parts(span("", "")), (Some((None, None)), vec![]));
        assert_eq!(
            parts(span("2020-01-01", "2021-12-31")),
            (Some((Some(2020), Some(2021))), vec![])
        );
        assert_eq!(
            parts(span("2020-03-05", "2023-06-30")),
            (
                Some((Some(2021), Some(2022))),
                vec!["2020-03-05/2020-12-31".to_owned(), "2023-01-01/2023-06-30".to_owned()]
            )
        );
        let within = vec!["2020-03-05/2020-06-30".to_owned()];
        assert_eq!(parts(span("2020-03-05", "2020-06-30")), (None, within));
        let begin = vec!["2020-01-01/2020-06-30".to_owned()];
        assert_eq!(parts(span("2020-01-01", "2020-06-30")), (None, begin));
        let end = vec!["2020-03-05/2020-12-31".to_owned()];
        assert_eq!(parts(span("2020-03-05", "2020-12-31")), (None, end.clone()));
        assert_eq!(parts(span("2020-03-05", "")), (Some((Some(2021), None)), end));
        assert_eq!(parts(span("2020-03-05", "2019-06-30")).1, Vec::<String>::new());
    }

    #[test]
    fn years_in_which_later_acts_are_undone_are_read_from_rows() {
        let known = Span { known: Some(day("2023-06-30")), ..Span::default() };
        let plan = known.plan(false, &Touched::from([Some(2019), Some(2024), None]));
        assert_eq!(plan.years, Some((None, Some(2022))));
        assert_eq!(plan.undated, Undated::To(2022));
        let days = [(day("2019-01-01"), day("2019-12-31")), (day("2023-01-01"), day("2023-06-30"))];
        assert_eq!(plan.days, days);
        assert!(plan.takes(Some(day("2019-05-05")), 2018) && plan.takes(None, 2022));
        assert!(!plan.takes(Some(day("2023-07-01")), 2018) && !plan.takes(None, 2023));
    }

    #[test]
    fn months_need_a_short_period() {
        assert!(span("2020-02-15", "2022-01-31").demand_months().is_ok());
        assert!(span("2020-02-15", "2022-02-01").demand_months().is_err());
        assert!(span("2020-02-15", "").demand_months().is_err());
        let plan = span("2020-01-01", "2020-12-31").plan(true, &Touched::new());
        assert_eq!((plan.years, plan.days.len()), (None, 1));
    }
}
