//! A session that will not sit: the invitations to it end, and what was on its agenda waits for another one.
//! Nothing that a session has done is undone here: only one that was never opened is cancelled.

use async_graphql::{ID, InputObject};
use entity::council_session::{self, State};
use entity::initiative_proposal::{self as proposal, State as Course};
use entity::session_seat::{self, Invitation};
use entity::{agenda_item, candidate};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use super::{CouncilSession, rules, substitute};
use crate::access::{Act, Gate, Tx};
use crate::domain::input;
use crate::error::Result;
use crate::filter::input_id;
use crate::payload;

/// Input of `sessionCancel`.
#[derive(InputObject)]
pub(crate) struct SessionCancelInput {
    /// The session.
    pub(super) id: ID,
    /// Version the caller read.
    pub(super) expected_version: i32,
    /// Why it will not sit, at most 4,000 characters.
    pub(super) reason: String,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

payload!(SessionCancelPayload, session: CouncilSession, "session as it is now");

pub(super) async fn cancel(gate: &Gate, input: SessionCancelInput) -> Result<CouncilSession> {
    let id = input_id::<CouncilSession>(&input.id, "input.id")?;
    let reason = input::reason(&input.reason)?;
    let tx = gate.begin_because(Act::SessionCancel, Some(reason.clone())).await?;
    // Whoever records a member holds him first and then the session: so does this.
    let seats = invited(&tx, id).await?;
    let row = tx.lock_version::<council_session::Entity>(id, input.expected_version).await?;
    rules::in_state(&row, &[State::Planned], "input.id")?;
    let mut changed = row.clone().into_active_model();
    changed.state = Set(State::Cancelled);
    changed.cancelled_at = Set(Some(gate.now()));
    changed.cancel_reason = Set(Some(reason));
    let row = tx.save::<council_session::Entity>(&row, changed).await?;
    for seat in seats {
        substitute::hand_over(&tx, &row, (seat.substitute_id, None)).await?;
        let mut ended = seat.clone().into_active_model();
        ended.invitation = Set(Invitation::Withdrawn);
        tx.save::<session_seat::Entity>(&seat, ended).await?;
    }
    release(&tx, &row).await?;
    tx.answer(CouncilSession::from(row)).await
}

async fn invited(tx: &Tx, session: Uuid) -> Result<Vec<session_seat::Model>> {
    let of_session = Condition::all().add(session_seat::Column::SessionId.eq(session));
    let mut seats = tx.all::<session_seat::Entity>(Act::CouncilSessionRead, of_session).await?;
    seats.sort_by_key(|row| row.id);
    let mut held = Vec::new();
    for seat in seats {
        held.push(tx.lock::<session_seat::Entity>(seat.id).await?);
    }
    Ok(held)
}

/// The initiatives on its agenda are before no council any more, unless another session of it has them. Nominees may be put
/// on any agenda as before.
async fn release(tx: &Tx, session: &council_session::Model) -> Result<()> {
    let tenant = session.tenant_id;
    let items = Condition::all().add(agenda_item::Column::SessionId.eq(session.id));
    let items = tx.all_of::<agenda_item::Entity>(tenant, items).await?;
    let put = Condition::all()
        .add(candidate::Column::ItemId.is_in(items.iter().map(|row| row.id)))
        .add(candidate::Column::ProposalId.is_not_null());
    let put = tx.all_of::<candidate::Entity>(tenant, put).await?;
    if put.is_empty() {
        return Ok(());
    }
    tx.stand_in_line("initiatives", tenant).await?;
    let named = Condition::all()
        .add(proposal::Column::Id.is_in(put.iter().filter_map(|row| row.proposal_id)))
        .add(proposal::Column::CouncilId.eq(session.council_id))
        .add(proposal::Column::State.eq(Course::Proposed));
    let rows = tx.all_of::<proposal::Entity>(tenant, named).await?;
    let waiting = elsewhere(tx, session, &rows).await?;
    for row in rows.iter().filter(|row| !waiting.contains(&row.id)) {
        let mut changed = row.clone().into_active_model();
        changed.council_id = Set(None);
        tx.save::<proposal::Entity>(row, changed).await?;
    }
    Ok(())
}

/// Those of the proposals that another session of the council has on its agenda.
async fn elsewhere(
    tx: &Tx,
    session: &council_session::Model,
    rows: &[proposal::Model],
) -> Result<Vec<Uuid>> {
    let tenant = session.tenant_id;
    let named = Condition::all()
        .add(candidate::Column::CouncilId.eq(session.council_id))
        .add(candidate::Column::ProposalId.is_in(rows.iter().map(|row| row.id)));
    let candidates = tx.all_of::<candidate::Entity>(tenant, named).await?;
    let items = agenda_item::Column::Id.is_in(candidates.iter().map(|row| row.item_id));
    let items = tx.all_of::<agenda_item::Entity>(tenant, Condition::all().add(items)).await?;
    let standing = Condition::all()
        .add(council_session::Column::Id.is_in(items.iter().map(|row| row.session_id)))
        .add(council_session::Column::State.ne(State::Cancelled));
    let standing = tx.all_of::<council_session::Entity>(tenant, standing).await?;
    let stands = |item: &&agenda_item::Model| standing.iter().any(|it| it.id == item.session_id);
    let items: Vec<Uuid> = items.iter().filter(stands).map(|item| item.id).collect();
    let on_agenda = candidates.iter().filter(|row| items.contains(&row.item_id));
    Ok(on_agenda.filter_map(|row| row.proposal_id).collect())
}
