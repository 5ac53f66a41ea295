//! What a session allows in its state, and who of a council may do what his seat is for.
//! No role and no clock enters here.

use entity::council_seat::{self, Role};
use entity::council_session::{self, State};
use entity::{ballot, seat_holder};
use sea_orm::{ActiveEnum, ColumnTrait, Condition};
use uuid::Uuid;

use crate::access::{Act, Tx};
use crate::domain::council::stands;
use crate::error::{Code, Fault, Result};

/// A session in one of these states.
pub(super) fn in_state(row: &council_session::Model, states: &[State], path: &str) -> Result<()> {
    if states.contains(&row.state) {
        return Ok(());
    }
    Err(Fault::at(Code::WrongState, path).with("state", row.state.to_value()).into())
}

/// No ballot of a session that is closed is still going on.
pub(super) fn all_closed(ballots: &[ballot::Model]) -> Result<()> {
    match ballots.iter().find(|row| row.state != ballot::State::Closed) {
        Some(row) => {
            Err(Fault::at(Code::WrongState, "input.id").with("state", row.state.to_value()).into())
        }
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
    let held = held.iter().find(|row| stands(row.valid_from, row.valid_to, today));
    let Some(held) = held else { return Ok(None) };
    let itself = Condition::all().add(council_seat::Column::Id.eq(held.seat_id));
    Ok(tx.all::<council_seat::Entity>(Act::CouncilRead, itself).await?.pop())
}

/// A member speaks for his own seat; the chair, the secretary and who has no seat speak for any.
pub(super) fn speaks_for(own: Option<&council_seat::Model>, seat: Uuid) -> Result<()> {
    let is_allowed = own.is_none_or(|own| {
        own.id == seat || own.role == Role::MemberSecretary || own.role.presides()
    });
    if is_allowed { Ok(()) } else { Err(Fault::at(Code::Forbidden, "input.seatId").into()) }
}
