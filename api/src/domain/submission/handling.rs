//! Who has a submission, since when, and until when.
//! No state changes here.

use async_graphql::{MaybeUndefined, SimpleObject};
use chrono::{DateTime as Time, NaiveDate, TimeDelta, Utc};
use entity::ballot;
use entity::role_grant::Role;
use entity::submission::{self, Column, NO_DAY};
use sea_orm::{ColumnTrait, Condition};
use strum::IntoEnumIterator;

use super::desk::{self, Standing};
use super::rules::{self, Action, Edge, Need};
use crate::access::policy::{Reach, reach};
use crate::access::{Act, Gate, today};
use crate::error::Result;
use crate::filter::DateFilter;
use crate::reference;
use crate::scalar::{Date, DateTime};

/// Who has a submission, since when, and until when (thời hạn giải quyết). An approved one that cannot be decided before a
/// council has voted waits for that council (`VOTE`), one of which councils have refused everybody for good to be rejected
/// (`REJECT`). Saturdays, Sundays and the public holidays
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
    /// The last of these days; null where `workingDays` is.
    due_on: Option<Date>,
    /// When the time ends: the end of that day in Vietnam; null where `workingDays` is.
    due_at: Option<DateTime>,
    /// Whole hours until then; below 0 when it is over, null where `workingDays` is.
    hours_left: Option<i32>,
    /// Whether it is over.
    is_overdue: bool,
    /// Where the number of days is written; null where `workingDays` is.
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

/// A step for which a submission waits, since when, and the roles that may take it.
struct Turn {
    action: Action,
    since: Time<Utc>,
    roles: Vec<Role>,
}

/// Whose turn it is; none when it waits for nobody any more.
fn turn(row: &submission::Model, standing: &Standing) -> Option<Turn> {
    let edge = rules::next(row.state)?;
    let action = edge.action;
    let roles = |act: Act| roles(act, standing);
    if !is_waiting(row) {
        let since = standing.back_since?;
        return Some(Turn { action, since, roles: roles(Act::OnwardSubmissionSend) });
    }
    let since = row.waiting_since.unwrap_or(row.created_at);
    if action != Action::Decide {
        return Some(Turn { action, since, roles: roles(edge.act) });
    }
    let of_council = |act: Act| Turn { action: Action::Vote, since, roles: roles(act) };
    if let Some(state) = standing.voted_on {
        return Some(of_council(ends(state)));
    }
    if !standing.deciders.anybody || standing.is_lapsed {
        // Nobody in its line decides any of its titles, or nobody is left on it: it is rejected, or it would lie for good.
        let roles = roles(Act::SubmissionReject);
        return Some(Turn { action: Action::Reject, since, roles });
    }
    if standing.is_unheard {
        return Some(of_council(Act::BallotOpen));
    }
    let mut roles = roles(edge.act);
    if !standing.deciders.by_unit {
        roles.retain(|role| reach(edge.act, *role) == Reach::Tenant);
    }
    Some(Turn { action, since, roles })
}

/// What takes a ballot on: the secretary ends the voting, who presides confirms.
const fn ends(state: ballot::State) -> Act {
    match state {
        ballot::State::Open => Act::BallotClose,
        ballot::State::Counting | ballot::State::Closed => Act::BallotCloseConfirm,
    }
}

/// The roles that an act reaches something for, as far as its tenant has them.
fn roles(act: Act, standing: &Standing) -> Vec<Role> {
    let is_there = |role: Role| role != Role::CentralOfficer || standing.is_central;
    let may = |role: &Role| reach(act, *role) != Reach::Nothing && is_there(*role);
    Role::iter().filter(may).collect()
}

/// The handling of a submission; none when it waits for nobody any more.
pub(super) fn of(
    row: &submission::Model,
    standing: &Standing,
    now: Time<Utc>,
) -> Option<SubmissionHandling> {
    let Turn { action, since, roles } = turn(row, standing)?;
    let law = reference::handling(row.state, today(since)).filter(|_| row.due_on != NO_DAY);
    let due_on = Some(row.due_on).filter(|day| *day != NO_DAY);
    let due_at = due_on.and_then(end_of);
    let left = due_at.map(|end| end - now);
    Some(SubmissionHandling {
        action,
        roles,
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

/// Those whose next step the caller may take. That they wait, or are back, is said of all of them first: what is over is not
/// even looked at.
pub(super) async fn waits_for_caller(gate: &Gate) -> Result<Condition> {
    let may_send = gate.actor()?.may(Act::OnwardSubmissionSend);
    let back = if may_send { desk::back(gate).await? } else { Vec::new() };
    let is_back = (!back.is_empty()).then(|| Column::Id.is_in(back.clone()));
    let waits = Condition::any().add(Column::WaitingSince.is_not_null()).add_option(is_back);
    let sends = Condition::all()
        .add(gate.scope::<submission::Entity>(Act::OnwardSubmissionSend)?)
        .add(Column::Id.is_in(back));
    let mut any = Condition::any()
        .add(sends)
        .add(to_reject(gate)?)
        .add(to_open(gate)?)
        .add(to_close(gate)?)
        .add(to_confirm(gate)?);
    for edge in rules::onward() {
        any = any.add(own(gate, edge)?);
    }
    Ok(Condition::all().add(waits).add(any))
}

/// Those that wait for an edge which the caller may take.
fn own(gate: &Gate, edge: &Edge) -> Result<Condition> {
    let actor = gate.actor()?;
    let mut own = Condition::all()
        .add(Column::State.is_in(edge.from.iter().copied()))
        .add(gate.scope::<submission::Entity>(edge.act)?);
    if edge.needs.contains(&Need::OtherPerson) {
        own = own.add(Column::AuthorId.ne(actor.user));
    }
    if edge.action == Action::Decide && actor.may(edge.act) {
        own = own.add(Column::WaitingSince.is_not_null()).add(desk::for_caller(gate)?);
    }
    Ok(own)
}

/// Those that nobody could decide, for the caller to reject.
fn to_reject(gate: &Gate) -> Result<Condition> {
    let actor = gate.actor()?;
    let rejects = gate.scope::<submission::Entity>(Act::SubmissionReject)?;
    if !actor.may(Act::SubmissionReject) {
        return Ok(rejects);
    }
    let others = desk::for_nobody(gate)?.add(Column::AuthorId.ne(actor.user));
    Ok(others.add(rejects))
}

/// Those that wait for a council, for the caller to put before it.
fn to_open(gate: &Gate) -> Result<Condition> {
    let opens = gate.scope::<submission::Entity>(Act::BallotOpen)?;
    if !gate.actor()?.may(Act::BallotOpen) {
        return Ok(opens);
    }
    Ok(desk::for_council(gate)?.add(opens))
}

/// Those on which a ballot is open, for the caller to end.
fn to_close(gate: &Gate) -> Result<Condition> {
    let closes = gate.scope::<submission::Entity>(Act::BallotClose)?;
    if !gate.actor()?.may(Act::BallotClose) {
        return Ok(closes);
    }
    Ok(desk::voting(gate)?.add(closes))
}

/// Those on which a ballot has ended, for the caller to confirm that. His seat tells, for his role reaches councils and no
/// submissions.
fn to_confirm(gate: &Gate) -> Result<Condition> {
    if !gate.actor()?.may(Act::BallotCloseConfirm) {
        return Ok(Condition::any().add(Column::Id.is_null()));
    }
    desk::counting(gate)
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
    use crate::domain::submission::desk::Deciders;

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

        let of = |now| of(&sent, &Standing::default(), now);
        let before = of(at(15, 30)).unwrap();
        assert_eq!((before.hours_left, before.is_overdue), (Some(1), false));
        assert_eq!(
            (before.due_on, before.due_at),
            (Some(Date(day(12))), Some(DateTime(at(17, 0))))
        );
        assert_eq!((before.action, before.working_days), (Action::Receive, Some(5)));
        let over = of(at(17, 30)).unwrap();
        assert_eq!((over.hours_left, over.is_overdue), (Some(-1), true));
    }

    #[test]
    fn officers_of_central_have_steps_at_central_alone() {
        let sent = row(State::Sent, day(4).and_hms_opt(1, 0, 0).unwrap().and_utc());
        let roles = |is_central| {
            let standing = Standing { is_central, ..Standing::default() };
            of(&sent, &standing, sent.created_at).unwrap().roles
        };

        assert_eq!(roles(false), [Role::CouncilSecretary, Role::StandingOfficer]);
        assert!(roles(true).contains(&Role::CentralOfficer));
    }

    #[test]
    fn a_draft_waits_without_a_last_day() {
        let draft = row(State::Draft, day(4).and_hms_opt(1, 0, 0).unwrap().and_utc());
        let draft = of(&draft, &Standing::default(), draft.created_at).unwrap();

        assert_eq!((draft.due_on, draft.is_overdue, draft.working_days), (None, false, None));
        assert!(draft.roles.contains(&Role::UnitOfficer));
    }

    #[test]
    fn an_approved_one_waits_for_those_who_can_answer_it() {
        let approved = row(State::Approved, day(4).and_hms_opt(1, 0, 0).unwrap().and_utc());
        let waits = |standing: Standing| of(&approved, &standing, approved.created_at);
        let by = |by_unit| Deciders { anybody: true, by_unit, by_caller: false };
        let office = Standing { deciders: by(true), ..Standing::default() };
        let told = waits(office).unwrap();
        assert_eq!((told.action, told.due_on), (Action::Decide, None));
        assert!(told.roles.contains(&Role::ProvinceChair) && told.roles.contains(&Role::UnitHead));
        let root = waits(Standing { deciders: by(false), ..office }).unwrap();
        assert!(root.roles.contains(&Role::ProvinceChair), "{root:?}");
        assert!(!root.roles.contains(&Role::UnitHead), "{root:?}");
        let nobody = waits(Standing::default()).unwrap();
        assert_eq!((nobody.action, nobody.roles), (Action::Reject, vec![Role::ProvinceChair]));
        let refused = waits(Standing { is_lapsed: true, ..office }).unwrap();
        assert_eq!(refused.action, Action::Reject, "nobody is left on it");
        let council = |standing: Standing| {
            let told = waits(standing).unwrap();
            assert_eq!(told.action, Action::Vote);
            told.roles
        };
        let unheard = council(Standing { is_unheard: true, ..office });
        assert_eq!(unheard, [Role::CouncilSecretary, Role::StandingOfficer]);
        let by = |state| council(Standing { voted_on: Some(state), ..office });
        assert_eq!(by(ballot::State::Open), [Role::CouncilSecretary]);
        assert_eq!(by(ballot::State::Counting), [Role::CouncilMember]);
    }

    #[test]
    fn an_answered_one_waits_for_nobody_unless_it_was_sent_back() {
        let approved = row(State::Approved, day(4).and_hms_opt(1, 0, 0).unwrap().and_utc());
        let answer = submission::Model { waiting_since: None, ..approved };
        assert_eq!(of(&answer, &Standing::default(), answer.created_at), None);
        assert!(!is_waiting(&answer));
        let since = answer.created_at + TimeDelta::days(3);
        let back = Standing { back_since: Some(since), ..Standing::default() };
        let back = of(&answer, &back, since).unwrap();
        assert_eq!((back.action, back.since), (Action::Decide, DateTime(since)));
        assert!(back.roles.contains(&Role::StandingOfficer), "{back:?}");
        assert!(!back.roles.contains(&Role::UnitHead), "{back:?}");
    }
}
