//! What the unit is told of the course of its own submission, apart from the state inside the tenant.
//! Nothing of a session, a vote or an appraisal leaves here: only that there was one.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Enum, dataloader};
use entity::onward_event::Kind;
use entity::submission::{self, State};
use entity::{agenda_item, candidate, council, council_session, nominee};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, JoinType, QuerySelect, RelationDef};
use strum::EnumIter;
use uuid::Uuid;

use super::above;
use crate::access::{Act, Gate, Loader, Rows};
use crate::error::{Error, Result};

/// Where a submission stands as its unit is told (trạng thái đối với đơn vị trình). How far the council office has come
/// inside, what it found and who has it, is not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, Enum)]
#[graphql(name = "SubmissionOfficeStatus")]
pub(crate) enum OfficeStatus {
    /// In the hands of the unit: a draft, or taken back (đang chuẩn bị).
    Preparing,
    /// Sent, not received yet (đã gửi, chờ tiếp nhận).
    Sent,
    /// Received and being looked at (đang thẩm định).
    BeingAppraised,
    /// On the agenda of the council of the province or body, or put off to its next session (đang trình hội đồng).
    AtCouncil,
    /// The council has sat, or the chair has approved it; the decision is not issued yet (chờ quyết định).
    AwaitingDecision,
    /// Proposed to an authority above, which decides (đã trình cấp trên).
    SentOnward,
    /// Answered by a decision, here or of the authority above (đã có quyết định).
    Decided,
    /// Returned with a reason: the unit completes it and sends it again (trả lại để hoàn thiện).
    Returned,
    /// Rejected with a reason (không được chấp thuận).
    Rejected,
}

/// What became of a submission outside its own workflow.
#[expect(clippy::struct_excessive_bools, reason = "each is an answer of its own")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Course {
    is_decided: bool,
    is_sent_onward: bool,
    /// On an agenda that is not dealt with yet.
    waits_for_council: bool,
    /// On an agenda that is.
    was_at_council: bool,
}

/// The status that follows. A submission that went back to the unit is with the unit, whatever agenda still names it.
const fn status(state: State, course: Course) -> OfficeStatus {
    match state {
        State::Draft | State::Recalled => OfficeStatus::Preparing,
        State::Returned => OfficeStatus::Returned,
        State::Rejected => OfficeStatus::Rejected,
        State::Sent => OfficeStatus::Sent,
        State::Received | State::Appraised | State::Approved => {
            if course.is_decided {
                OfficeStatus::Decided
            } else if course.is_sent_onward {
                OfficeStatus::SentOnward
            } else if course.waits_for_council {
                OfficeStatus::AtCouncil
            } else if course.was_at_council || matches!(state, State::Approved) {
                OfficeStatus::AwaitingDecision
            } else {
                OfficeStatus::BeingAppraised
            }
        }
    }
}

/// The status of one submission in a state.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Told(pub(super) Uuid, pub(super) State);

impl dataloader::Loader<Told> for Loader {
    type Value = Option<OfficeStatus>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Told]) -> Result<HashMap<Told, Self::Value>, Arc<Error>> {
        told(self.gate(), keys).await.map_err(Arc::new)
    }
}

/// An item of an agenda that names a submission.
#[derive(FromQueryResult)]
struct Agenda {
    id: Uuid,
    session_state: council_session::State,
    outcome: Option<agenda_item::Outcome>,
}

async fn told(gate: &Gate, keys: &[Told]) -> Result<HashMap<Told, Option<OfficeStatus>>> {
    let is_inside =
        |key: &&Told| matches!(key.1, State::Received | State::Appraised | State::Approved);
    let ids: Vec<Uuid> = keys.iter().filter(is_inside).map(|key| key.0).collect();
    let mut courses: HashMap<Uuid, Course> = HashMap::new();
    if !ids.is_empty() {
        for row in agendas(gate, &ids).await? {
            // One that never sat and never will has nothing to do with it.
            if row.session_state == council_session::State::Cancelled {
                continue;
            }
            let course = courses.entry(row.id).or_default();
            let is_over = row.session_state == council_session::State::Closed
                && row.outcome != Some(agenda_item::Outcome::Deferred);
            course.waits_for_council |= !is_over;
            course.was_at_council |= is_over;
        }
        for (id, last) in above::last(gate, &ids).await? {
            let course = courses.entry(id).or_default();
            course.is_sent_onward = last.iter().any(|kind| *kind != Kind::Returned);
            course.is_decided = above::have_answered(&last);
        }
        for id in above::decided(gate, &ids).await? {
            courses.entry(id).or_default().is_decided = true;
        }
    }
    let one = |key: &Told| {
        let course = courses.get(&key.0).copied().unwrap_or_default();
        (*key, Some(status(key.1, course)))
    };
    Ok(keys.iter().map(one).collect())
}

macro_rules! link {
    ($from:ident.$column:ident => $to:ident) => {{
        let link: RelationDef = $from::Entity::belongs_to($to::Entity)
            .from(($from::Column::TenantId, $from::Column::$column))
            .to(($to::Column::TenantId, $to::Column::Id))
            .into();
        link
    }};
}

/// Submissions beside the agendas of the councils above the unit that name nominees of them; who reads the submission is
/// told no more of them.
pub(super) fn on_agendas(gate: &Gate) -> Result<Rows<'_, submission::Entity>> {
    let above = [council::Kind::Province, council::Kind::Central];
    let rows = gate
        .rows::<submission::Entity>(Act::SubmissionRead)?
        .filter(council::Column::Kind.is_in(above))
        .shape(|select| {
            select
                .join(JoinType::InnerJoin, link!(nominee.SubmissionId => submission).rev())
                .join(JoinType::InnerJoin, link!(candidate.NomineeId => nominee).rev())
                .join(JoinType::InnerJoin, link!(candidate.ItemId => agenda_item))
                .join(JoinType::InnerJoin, link!(agenda_item.SessionId => council_session))
                .join(JoinType::InnerJoin, link!(council_session.CouncilId => council))
        });
    Ok(rows)
}

async fn agendas(gate: &Gate, ids: &[Uuid]) -> Result<Vec<Agenda>> {
    on_agendas(gate)?
        .filter(submission::Column::Id.is_in(ids.iter().copied()))
        .shape(|select| {
            select
                .select_only()
                .column(submission::Column::Id)
                .column_as(council_session::Column::State, "session_state")
                .column(agenda_item::Column::Outcome)
                .distinct()
        })
        .all_as()
        .await
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;

    const NOTHING: Course = Course {
        is_decided: false,
        is_sent_onward: false,
        waits_for_council: false,
        was_at_council: false,
    };

    #[test]
    fn how_far_the_office_has_come_inside_is_not_told() {
        let plain: Vec<_> = State::iter().map(|state| status(state, NOTHING)).collect();
        assert_eq!(
            plain,
            [
                OfficeStatus::Preparing,
                OfficeStatus::Sent,
                OfficeStatus::BeingAppraised,
                OfficeStatus::Returned,
                OfficeStatus::BeingAppraised,
                OfficeStatus::AwaitingDecision,
                OfficeStatus::Rejected,
                OfficeStatus::Preparing,
            ]
        );
    }

    #[test]
    fn the_course_outside_says_more_only_while_it_is_not_with_the_unit() {
        let waits = Course { waits_for_council: true, ..NOTHING };
        let sat = Course { was_at_council: true, ..NOTHING };
        let onward = Course { is_sent_onward: true, ..sat };
        let decided = Course { is_decided: true, ..onward };
        for state in [State::Received, State::Appraised, State::Approved] {
            assert_eq!(status(state, waits), OfficeStatus::AtCouncil);
            let again = Course { was_at_council: true, ..waits };
            assert_eq!(status(state, again), OfficeStatus::AtCouncil);
            assert_eq!(status(state, sat), OfficeStatus::AwaitingDecision);
            assert_eq!(status(state, onward), OfficeStatus::SentOnward);
            assert_eq!(status(state, decided), OfficeStatus::Decided);
        }
        for state in [State::Draft, State::Sent, State::Returned, State::Recalled, State::Rejected]
        {
            assert_eq!(status(state, waits), status(state, NOTHING), "{state:?}");
        }
    }
}
