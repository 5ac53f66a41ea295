//! Who sits in a standing part of a council: those who sit in the council itself.
//! No session and no vote enters here.

use chrono::NaiveDate;
use entity::{council, seat_holder};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::rules;
use crate::access::{Act, Tx};
use crate::error::{Code, Fault, Result};

/// Refuses to seat somebody in a standing part who holds no seat of its council on his first day there: the part acts for
/// that council, out of its own members.
pub(super) async fn sits_above(
    tx: &Tx,
    council: Uuid,
    (user, on): (Uuid, NaiveDate),
) -> Result<()> {
    let council = tx.one::<council::Entity>(Act::CouncilRead, council).await?;
    let Some(parent) = council.parent_id else { return Ok(()) };
    let own = Condition::all()
        .add(seat_holder::Column::CouncilId.eq(parent))
        .add(seat_holder::Column::UserId.eq(user));
    let held = tx.all::<seat_holder::Entity>(Act::CouncilRead, own).await?;
    if held.iter().any(|row| rules::stands(row.valid_from, row.valid_to, on)) {
        return Ok(());
    }
    let fault = Fault::at(Code::InvalidCombination, "input.userId");
    Err(fault.with("detail", "userId: a holder of a seat of the council itself").into())
}
