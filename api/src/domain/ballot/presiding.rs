//! Ballots of which the caller may confirm the end: his seat tells, whatever he may read beside.
//! Nothing is confirmed here.

use entity::ballot::{Column, State};
use entity::{council_seat, seat_holder};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{ColumnTrait, Condition, EntityTrait, Iterable, JoinType, QuerySelect, RelationDef};

use crate::access::{Act, Gate};
use crate::domain::input;
use crate::error::Result;

/// The condition on ballots whose voting another person has ended, in a council over which the caller presides.
pub(in crate::domain) fn to_confirm(gate: &Gate) -> Result<Condition> {
    Ok(Condition::all()
        .add(Column::State.eq(State::Counting))
        .add(Column::ClosedBy.ne(gate.actor()?.user))
        .add(Column::CouncilId.in_subquery(presided(gate)?)))
}

/// The councils in which the caller holds a seat today that presides.
fn presided(gate: &Gate) -> Result<SelectStatement> {
    use council_seat::Column as Seat;
    use seat_holder::Column as Holder;
    let today = gate.today();
    let seat: RelationDef = seat_holder::Entity::belongs_to(council_seat::Entity)
        .from((Holder::TenantId, Holder::SeatId))
        .to((Seat::TenantId, Seat::Id))
        .into();
    let presiding = council_seat::Role::iter().filter(|role| role.presides());
    let held = gate
        .rows::<seat_holder::Entity>(Act::CouncilRead)?
        .shape(|select| select.join(JoinType::InnerJoin, seat))
        .filter(Holder::UserId.eq(gate.actor()?.user))
        .filter(Seat::Role.is_in(presiding))
        .filter(input::in_force(Holder::ValidFrom, Holder::ValidTo, today))
        .filter(input::in_force(Seat::ValidFrom, Seat::ValidTo, today));
    Ok(held.column(Holder::CouncilId))
}
