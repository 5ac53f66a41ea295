//! Who has a submission, since when, and until when.
//! No state changes here.

use async_graphql::{MaybeUndefined, SimpleObject};
use chrono::{DateTime as Time, NaiveDate, TimeDelta, Utc};
use entity::role_grant::Role;
use entity::submission::{self, Column, NO_DAY};
use sea_orm::{ColumnTrait, Condition};
use strum::IntoEnumIterator;

use super::rules::{self, Action, Need};
use crate::access::policy::{Reach, reach};
use crate::access::{Gate, today};
use crate::error::Result;
use crate::filter::DateFilter;
use crate::reference;
use crate::scalar::{Date, DateTime};

/// Who has a submission, since when, and until when (thời hạn giải quyết). Saturdays, Sundays and the public holidays
/// with a fixed day are no working days; the holidays that are announced each year are not known here, so the true day
/// can be a later one.
#[derive(Debug, SimpleObject, PartialEq, Eq)]
pub(crate) struct SubmissionHandling {
    /// The step for which it waits.
    action: Action,
    /// Whose step that is: the roles of its tenant that may take it.
    roles: Vec<Role>,
    /// Since when it waits.
    since: DateTime,
    /// Number of working days, counted from the day after; null where nothing says how long the step may take.
    working_days: Option<i32>,
    /// The last of them.
    due_on: Option<Date>,
    /// When it ends: the end of that day in Vietnam.
    due_at: Option<DateTime>,
    /// Whole hours until then; below 0 when it is over.
    hours_left: Option<i32>,
    /// Whether it is over.
    is_overdue: bool,
    /// Where it is written.
    citation: Option<String>,
}

/// Since when a submission waits that comes into a state now, and until when.
pub(super) fn clock(to: submission::State, now: Time<Utc>) -> (Option<Time<Utc>>, NaiveDate) {
    match rules::next(to) {
        Some(_) => (Some(now), reference::due_on(to, today(now)).unwrap_or(NO_DAY)),
        None => (None, NO_DAY),
    }
}

/// Whether a submission waits for a step: an approved one until it is answered.
pub(super) fn is_waiting(row: &submission::Model) -> bool {
    let is_answered = row.state == submission::State::Approved && row.waiting_since.is_none();
    rules::next(row.state).is_some() && !is_answered
}

/// The handling of a submission; none when it waits for nobody any more.
pub(super) fn of(row: &submission::Model, now: Time<Utc>) -> Option<SubmissionHandling> {
    let edge = rules::next(row.state).filter(|_| is_waiting(row))?;
    let since = row.waiting_since.unwrap_or(row.created_at);
    let law = reference::handling(row.state, today(since)).filter(|_| row.due_on != NO_DAY);
    let due_on = Some(row.due_on).filter(|day| *day != NO_DAY);
    let due_at = due_on.and_then(end_of);
    let left = due_at.map(|end| end - now);
    Some(SubmissionHandling {
        action: edge.action,
        roles: Role::iter().filter(|role| reach(edge.act, *role) != Reach::Nothing).collect(),
        since: DateTime(since),
        working_days: law.map(|law| law.working_days.into()),
        due_on: due_on.map(Date),
        due_at: due_at.map(DateTime),
        hours_left: left.map(whole_hours),
        is_overdue: left.is_some_and(|left| left < TimeDelta::zero()),
        citation: law.map(|law| law.citation.clone()),
    })
}

fn whole_hours(left: TimeDelta) -> i32 {
    i32::try_from(left.num_seconds().div_euclid(3600)).unwrap_or(i32::MIN)
}

/// Midnight in Vietnam, where there is no summer time.
fn end_of(day: NaiveDate) -> Option<Time<Utc>> {
    Some(day.succ_opt()?.and_hms_opt(0, 0, 0)?.and_utc() - TimeDelta::hours(7))
}

/// Those whose next step the caller may take.
pub(super) fn waits_for_caller(gate: &Gate) -> Result<Condition> {
    let user = gate.actor()?.user;
    let mut any = Condition::any();
    for edge in rules::onward() {
        let mut own = Condition::all()
            .add(Column::State.is_in(edge.from.iter().copied()))
            .add(gate.scope::<submission::Entity>(edge.act)?);
        if edge.needs.contains(&Need::OtherPerson) {
            own = own.add(Column::AuthorId.ne(user));
        }
        if edge.needs.contains(&Need::Waiting) {
            own = own.add(Column::WaitingSince.is_not_null());
        }
        any = any.add(own);
    }
    Ok(any)
}

/// The condition on the last day; a submission without one answers to nothing but `isNull: true`.
pub(super) fn due(filter: &DateFilter) -> Result<Condition> {
    let is_null = matches!(filter.is_null, MaybeUndefined::Value(true));
    let is_asked = matches!(filter.is_null, MaybeUndefined::Value(_));
    let is_null_now = if is_asked { MaybeUndefined::Undefined } else { filter.is_null };
    let filter = DateFilter { is_null: is_null_now, ..filter.clone() };
    let known = if is_null { Column::DueOn.eq(NO_DAY) } else { Column::DueOn.ne(NO_DAY) };
    Ok(filter.on(Column::DueOn)?.add(known))
}

#[cfg(test)]
mod tests {
    use entity::submission::State;

    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    fn row(state: State, came: Time<Utc>) -> submission::Model {
        let (waiting_since, due_on) = clock(state, came);
        let id = uuid::Uuid::nil();
        submission::Model {
            tenant_id: id,
            id,
            unit_id: id,
            number: 1,
            title: String::new(),
            title_search: String::new(),
            year: 2026,
            period_from: None,
            period_to: None,
            commendation_type: submission::CommendationType::Merit,
            state,
            note: None,
            reason: None,
            author_id: id,
            decided_by: None,
            created_at: came,
            sent_at: None,
            decided_at: None,
            waiting_since,
            due_on,
            version: 1,
        }
    }

    #[test]
    fn the_last_day_is_whole_and_the_hours_go_below_nothing() {
        // Half past midnight in Vietnam, on Thursday the 5th.
        let came = day(4).and_hms_opt(17, 30, 0).unwrap().and_utc();
        let at = |hour, minute| day(12).and_hms_opt(hour, minute, 0).unwrap().and_utc();
        let sent = row(State::Sent, came);

        let before = of(&sent, at(15, 30)).unwrap();
        assert_eq!((before.hours_left, before.is_overdue), (Some(1), false));
        assert_eq!(
            (before.due_on, before.due_at),
            (Some(Date(day(12))), Some(DateTime(at(17, 0))))
        );
        assert_eq!((before.action, before.working_days), (Action::Receive, Some(5)));
        let over = of(&sent, at(17, 30)).unwrap();
        assert_eq!((over.hours_left, over.is_overdue), (Some(-1), true));
    }

    #[test]
    fn a_draft_waits_without_a_last_day_and_an_answered_one_for_nobody() {
        let draft = row(State::Draft, day(4).and_hms_opt(1, 0, 0).unwrap().and_utc());
        let draft = of(&draft, draft.created_at).unwrap();

        assert_eq!((draft.due_on, draft.is_overdue, draft.working_days), (None, false, None));
        assert!(draft.roles.contains(&Role::UnitOfficer));
        let approved = row(State::Approved, day(4).and_hms_opt(1, 0, 0).unwrap().and_utc());
        let waits = of(&approved, approved.created_at).unwrap();
        assert_eq!((waits.action, waits.due_on), (Action::Decide, None));
        assert!(waits.roles.contains(&Role::ProvinceChair));
        let answer = submission::Model { waiting_since: None, ..approved };
        assert_eq!(of(&answer, answer.created_at), None);
        assert!(!is_waiting(&answer));
    }
}
