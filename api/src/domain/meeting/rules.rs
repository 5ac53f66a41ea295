//! What a session allows in its state, and who of a council may do what his seat is for.
//! No role and no clock enters here.

use entity::council_seat::{self, Role};
use entity::council_session::{self, State};
use entity::role_grant::Role as Grants;
use entity::session_seat::Presence;
use entity::{ballot, council, seat_holder, session_seat, submission};
use sea_orm::{ActiveEnum, ColumnTrait, Condition};
use uuid::Uuid;

use crate::access::{Act, Tx};
use crate::domain::ballot::ballot_is;
use crate::domain::council::stands;
use crate::error::{Code, Fault, Result};

/// A session in one of these states.
pub(super) fn in_state(row: &council_session::Model, states: &[State], path: &str) -> Result<()> {
    if states.contains(&row.state) {
        return Ok(());
    }
    Err(session_is(row.state, path).into())
}

/// Why something cannot be done while a session stands as it does, whatever the path names.
pub(in crate::domain) fn session_is(state: State, path: &str) -> Fault {
    Fault::at(Code::WrongState, path).with("case", "SESSION").with("state", state.to_value())
}

/// What is put before a council was appraised: drafts, and what was sent back, taken back or rejected, is not. The
/// council of an office reviews what its own office writes before it is sent. A fault tells where the list stands in the
/// input.
pub(in crate::domain) fn appraised(
    council: &council::Model,
    rows: &[submission::Model],
    at: impl Fn(&submission::Model) -> String,
) -> Result<()> {
    use submission::State as Stage;
    let is_its_own = |row: &submission::Model| {
        council.kind == council::Kind::Office && council.unit_id == Some(row.unit_id)
    };
    let is_ready = |row: &&submission::Model| match row.state {
        Stage::Appraised | Stage::Approved => true,
        Stage::Draft | Stage::Returned | Stage::Recalled => is_its_own(row),
        Stage::Sent | Stage::Received | Stage::Rejected => false,
    };
    match rows.iter().find(|row| !is_ready(row)) {
        Some(row) => {
            let fault = Fault::at(Code::WrongState, &at(row)).with("case", "SUBMISSION");
            Err(fault.with("state", row.state.to_value()).into())
        }
        None => Ok(()),
    }
}

/// Who has no vote sends no written opinion, has no ballot of paper, and nobody who votes for him.
pub(super) fn as_the_seat(
    row: &session_seat::Model,
    (presence, on_paper, is_represented): (Presence, bool, bool),
) -> Result<()> {
    if row.votes || !(presence == Presence::Written || on_paper || is_represented) {
        return Ok(());
    }
    let fault = Fault::at(Code::InvalidCombination, "input.presence");
    Err(fault.with("detail", "votes, presence, onPaper, substituteId").into())
}

/// No ballot of a session that is closed is still going on.
pub(super) fn all_closed(ballots: &[ballot::Model]) -> Result<()> {
    match ballots.iter().find(|row| row.state != ballot::State::Closed) {
        Some(row) => Err(ballot_is(row.state, "input.id").into()),
        None => Ok(()),
    }
}

/// The seat that the caller holds today in a council.
pub(in crate::domain) async fn own_seat(
    tx: &Tx,
    council: Uuid,
) -> Result<Option<council_seat::Model>> {
    let (user, today) = (tx.gate().actor()?.user, tx.gate().today());
    let own = Condition::all()
        .add(seat_holder::Column::CouncilId.eq(council))
        .add(seat_holder::Column::UserId.eq(user));
    let held = tx.all::<seat_holder::Entity>(Act::CouncilRead, own).await?;
    let stood = held.iter().filter(|row| stands(row.valid_from, row.valid_to, today));
    let seats = Condition::all().add(council_seat::Column::Id.is_in(stood.map(|row| row.seat_id)));
    let seats = tx.all::<council_seat::Entity>(Act::CouncilRead, seats).await?;
    // A seat that is closed speaks no more, whatever its holder's days are.
    Ok(seats.into_iter().find(|seat| stands(seat.valid_from, seat.valid_to, today)))
}

/// A member speaks for his own seat, who stands in for a member for that one; the chair, the secretary and the officers
/// of the council speak for any.
pub(super) async fn speaks_for(
    tx: &Tx,
    session: &council_session::Model,
    seat: Uuid,
) -> Result<()> {
    let actor = tx.gate().actor()?;
    let officers = [Grants::CouncilSecretary, Grants::StandingOfficer, Grants::CentralOfficer];
    if actor.grants.iter().any(|grant| officers.contains(&grant.role)) {
        return Ok(());
    }
    let is_allowed = if let Some(own) = own_seat(tx, session.council_id).await? {
        own.id == seat || own.role == Role::MemberSecretary || own.role.presides()
    } else {
        let here = Condition::all()
            .add(session_seat::Column::SessionId.eq(session.id))
            .add(session_seat::Column::SeatId.eq(seat))
            .add(session_seat::Column::SubstituteId.eq(actor.user));
        !tx.all::<session_seat::Entity>(Act::CouncilSessionRead, here).await?.is_empty()
    };
    if is_allowed { Ok(()) } else { Err(Fault::at(Code::Forbidden, "input.seatId").into()) }
}
