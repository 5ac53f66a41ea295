//! What stands against a decision on nominees that had to be made public.
//! No query enters here.

use chrono::{DateTime, NaiveDate, Utc};
use entity::complaint_step::Kind;
use entity::notice;

use crate::error::{Code, Fault};

/// What is asked for a title or form: for how many days, and by what. No days where nobody has set a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) days: i32,
    pub(super) citation: String,
}

/// The strictest of several.
pub(super) fn strictest(asked: impl Iterator<Item = Asked>) -> Option<Asked> {
    // Of equal ones the first: the law before a regulation.
    asked.reduce(|one, other| if other.days > one.days { other } else { one })
}

/// How many days a notice stood before a day, its first and last day included.
fn stood(notice: &notice::Model, before: NaiveDate) -> i64 {
    let last = before.pred_opt().unwrap_or(before).min(notice.last_on);
    (last - notice.opened_on).num_days().saturating_add(1).max(0)
}

/// Refuses a decision before the nominees were public for as long as is asked.
pub(super) fn demand(
    asked: &Asked,
    notices: &[&notice::Model],
    (decided_on, path): (NaiveDate, &str),
) -> Result<(), Fault> {
    let is_over = |notice: &&&notice::Model| {
        notice.last_on < decided_on && stood(notice, decided_on) >= i64::from(asked.days.max(1))
    };
    if notices.iter().any(|notice| is_over(&notice)) {
        return Ok(());
    }
    let fault = Fault::at(Code::NoticeNotOver, path);
    Err(fault.with("days", asked.days.max(1)).with("citation", &asked.citation))
}

/// Whether a complaint with these steps is answered.
pub(super) fn is_answered(steps: &[Kind]) -> bool {
    steps.iter().any(|kind| matches!(kind, Kind::Upheld | Kind::Dismissed))
}

/// Whether a complaint was upheld and the list was not sent again since.
pub(super) fn still_stands(steps: &[(Kind, DateTime<Utc>)], sent: Option<DateTime<Utc>>) -> bool {
    let upheld = steps.iter().find(|step| step.0 == Kind::Upheld);
    upheld.is_some_and(|upheld| sent.is_none_or(|sent| sent <= upheld.1))
}

/// Whether a step can follow those before it: it is looked into once, and answered after that.
pub(super) fn follows(before: &[Kind], next: Kind) -> bool {
    match next {
        Kind::Handled => before.is_empty(),
        Kind::Upheld | Kind::Dismissed => before == [Kind::Handled],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn posted(first: &str, last: &str) -> notice::Model {
        notice::Model {
            tenant_id: uuid::Uuid::nil(),
            id: uuid::Uuid::nil(),
            submission_id: uuid::Uuid::nil(),
            unit_id: uuid::Uuid::nil(),
            place: String::new(),
            opened_on: day(first),
            last_on: day(last),
            author_id: uuid::Uuid::nil(),
            author_name: String::new(),
            at: DateTime::default(),
        }
    }

    #[test]
    fn the_days_are_counted_with_the_first_and_the_last() {
        let asked = Asked { days: 10, citation: "Quy chế".to_owned() };
        let is_right = |first, last, decided: &str| {
            demand(&asked, &[&posted(first, last)], (day(decided), "input")).is_ok()
        };
        assert!(is_right("2026-03-01", "2026-03-10", "2026-03-11"));
        assert!(!is_right("2026-03-01", "2026-03-10", "2026-03-10"), "on the last day");
        assert!(!is_right("2026-03-01", "2026-03-09", "2026-04-10"), "nine days");
        assert!(demand(&asked, &[], (day("2026-03-11"), "input")).is_err());
        let none = Asked { days: 0, ..asked };
        assert!(
            demand(&none, &[], (day("2026-03-11"), "input")).is_err(),
            "it must be posted at all"
        );
        let posted = [&posted("2026-03-10", "2026-03-10")];
        assert!(demand(&none, &posted, (day("2026-03-11"), "input")).is_ok());
    }

    #[test]
    fn a_complaint_is_looked_into_and_answered_once() {
        assert!(follows(&[], Kind::Handled) && !follows(&[], Kind::Upheld));
        assert!(follows(&[Kind::Handled], Kind::Dismissed));
        assert!(!follows(&[Kind::Handled], Kind::Handled));
        assert!(!follows(&[Kind::Handled, Kind::Upheld], Kind::Dismissed));
        assert!(is_answered(&[Kind::Handled, Kind::Upheld]) && !is_answered(&[Kind::Handled]));
    }

    #[test]
    fn an_upheld_complaint_stands_until_the_list_is_sent_again() {
        let at = |second| DateTime::from_timestamp(second, 0).unwrap();
        let upheld = [(Kind::Handled, at(1)), (Kind::Upheld, at(5))];
        assert!(still_stands(&upheld, Some(at(0))) && still_stands(&upheld, None));
        assert!(!still_stands(&upheld, Some(at(6))));
        assert!(!still_stands(&[(Kind::Dismissed, at(5))], Some(at(0))));
    }

    #[test]
    fn the_strictest_counts() {
        let asked = |days: i32, citation: &str| Asked { days, citation: citation.to_owned() };
        let all = [asked(0, "Luật"), asked(10, "Quy chế"), asked(7, "Cũ")];
        assert_eq!(strictest(all.into_iter()), Some(asked(10, "Quy chế")));
        assert_eq!(
            strictest([asked(5, "Luật"), asked(5, "Quy chế")].into_iter()),
            Some(asked(5, "Luật"))
        );
    }
}
