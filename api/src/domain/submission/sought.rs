//! Conditions on submissions that look beyond their own rows: at their nominees, and at what the unit is told.
//! Each is made of rows in scope, so that nobody finds by them what he may not read.

use async_graphql::{ID, InputObject, MaybeUndefined};
use entity::onward_event::Kind;
use entity::submission::{self, Column, State};
use entity::{agenda_item, award_type, council_session, decision_submission, nominee};
use sea_orm::{ColumnTrait, Condition};
use strum::IntoEnumIterator;

use super::office::OfficeStatus;
use super::{above, office};
use crate::access::{Act, Gate, Rows};
use crate::domain::subject::Subject;
use crate::error::Result;
use crate::filter::{NameFilter, TextFilter, chosen, row_id};

/// Comparators of `SubmissionOfficeStatus`.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub(crate) struct SubmissionOfficeStatusFilter {
    /// Is this.
    eq: MaybeUndefined<OfficeStatus>,
    /// Is not this.
    neq: MaybeUndefined<OfficeStatus>,
    /// Is one of these.
    r#in: MaybeUndefined<Vec<OfficeStatus>>,
    /// Is none of these.
    not_in: MaybeUndefined<Vec<OfficeStatus>>,
}

impl SubmissionOfficeStatusFilter {
    /// The condition on submissions.
    pub(super) fn on(self, gate: &Gate) -> Result<Condition> {
        let course = Course::of(gate)?;
        let told = chosen((self.eq, self.neq), (self.r#in, self.not_in), OfficeStatus::iter())?;
        Ok(told.into_iter().fold(Condition::any(), |any, status| any.add(course.leads_to(status))))
    }
}

/// What became of submissions outside their own workflow, as conditions on them: see `office`.
struct Course {
    is_decided: Condition,
    is_sent_onward: Condition,
    waits_for_council: Condition,
    was_at_council: Condition,
}

impl Course {
    fn of(gate: &Gate) -> Result<Self> {
        let decided = gate
            .rows::<decision_submission::Entity>(Act::SubmissionRead)?
            .column(decision_submission::Column::SubmissionId);
        let ends = [Kind::Refused, Kind::Registered];
        let answered = Condition::all()
            .add(Column::Id.in_subquery(above::with_last(gate, &ends, true)?))
            .add(Column::Id.not_in_subquery(above::with_last(gate, &ends, false)?));
        let onward = above::with_last(gate, &[Kind::Returned], false)?;
        let ids = |rows: Rows<'_, submission::Entity>| rows.column(Column::Id);
        let over = office::on_agendas(gate)?.filter(is_over());
        let open = office::on_agendas(gate)?.filter(is_open());
        Ok(Self {
            is_decided: Condition::any().add(Column::Id.in_subquery(decided)).add(answered),
            is_sent_onward: Condition::all().add(Column::Id.in_subquery(onward)),
            waits_for_council: Condition::all().add(Column::Id.in_subquery(ids(open))),
            was_at_council: Condition::all().add(Column::Id.in_subquery(ids(over))),
        })
    }

    /// The condition under which a submission has a status.
    fn leads_to(&self, status: OfficeStatus) -> Condition {
        let is_in =
            |states: &[State]| Condition::all().add(Column::State.is_in(states.iter().copied()));
        let inside = is_in(&[State::Received, State::Appraised, State::Approved]);
        let open = inside.clone().add(self.is_decided.clone().not());
        let here = open.clone().add(self.is_sent_onward.clone().not());
        let free = here.clone().add(self.waits_for_council.clone().not());
        let is_done = Condition::any()
            .add(self.was_at_council.clone())
            .add(Column::State.eq(State::Approved));
        match status {
            OfficeStatus::Preparing => is_in(&[State::Draft, State::Recalled]),
            OfficeStatus::Sent => is_in(&[State::Sent]),
            OfficeStatus::Returned => is_in(&[State::Returned]),
            OfficeStatus::Rejected => is_in(&[State::Rejected]),
            OfficeStatus::Decided => inside.add(self.is_decided.clone()),
            OfficeStatus::SentOnward => open.add(self.is_sent_onward.clone()),
            OfficeStatus::AtCouncil => here.add(self.waits_for_council.clone()),
            OfficeStatus::AwaitingDecision => free.add(is_done),
            OfficeStatus::BeingAppraised => free.add(is_done.not()),
        }
    }
}

/// On an agenda that is dealt with: the session is over, and it was not put off.
fn is_over() -> Condition {
    let is_left = Condition::any()
        .add(agenda_item::Column::Outcome.is_null())
        .add(agenda_item::Column::Outcome.ne(agenda_item::Outcome::Deferred));
    Condition::all()
        .add(council_session::Column::State.eq(council_session::State::Closed))
        .add(is_left)
}

/// On an agenda that is not; what was on one that was cancelled is on none.
fn is_open() -> Condition {
    use council_session::State;
    let ended = [State::Closed, State::Cancelled];
    Condition::any()
        .add(council_session::Column::State.is_not_in(ended))
        .add(agenda_item::Column::Outcome.eq(agenda_item::Outcome::Deferred))
}

/// What one nominee of a submission must meet, all of it the same one.
pub(super) struct Someone {
    pub(super) name: Option<NameFilter>,
    pub(super) subject: Option<ID>,
    pub(super) award_type: Option<TextFilter>,
}

impl Someone {
    /// The condition on submissions; none when nothing is asked.
    pub(super) fn on(self, gate: &Gate) -> Result<Option<Condition>> {
        use nominee::Column as Of;
        if self.name.is_none() && self.subject.is_none() && self.award_type.is_none() {
            return Ok(None);
        }
        let mut rows = gate.rows::<nominee::Entity>(Act::SubmissionRead)?;
        if let Some(filter) = self.name {
            rows = rows.filter(filter.on(Of::Name, Of::NameSearch)?);
        }
        if let Some(id) = self.subject {
            rows = rows.filter(Of::SubjectId.eq(row_id::<Subject>(&id).unwrap_or_default()));
        }
        if let Some(filter) = self.award_type {
            let types = gate
                .catalogue::<award_type::Entity>()?
                .filter(filter.on(award_type::Column::Code)?)
                .column(award_type::Column::Id);
            rows = rows.filter(Of::AwardTypeId.in_subquery(types));
        }
        let submissions = rows.column(Of::SubmissionId);
        Ok(Some(Condition::all().add(Column::Id.in_subquery(submissions))))
    }
}
