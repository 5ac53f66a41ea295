//! What a seat and its holder must be.
//! No query and no role of the caller enters here.

use chrono::NaiveDate;
use entity::council_seat::{self, Role};
use entity::{agenda_item, council, seat_holder};
use uuid::Uuid;

use crate::error::{Code, Fault, Result};

/// Whether something stands on a day.
pub(crate) fn stands(from: NaiveDate, to: Option<NaiveDate>, day: NaiveDate) -> bool {
    from <= day && to.is_none_or(|last| last >= day)
}

/// Something that must be in force on a day.
pub(super) fn in_force(
    (from, to): (NaiveDate, Option<NaiveDate>),
    day: NaiveDate,
    path: &str,
) -> Result<()> {
    if stands(from, to, day) {
        return Ok(());
    }
    Err(Fault::at(Code::NotInForce, path).into())
}

/// Refuses what a council would do on a day on which it is not in force.
pub(super) fn stands_on(council: &council::Model, day: NaiveDate, path: &str) -> Result<()> {
    if stands(council.valid_from, council.valid_to, day) {
        return Ok(());
    }
    Err(Fault::at(Code::NotInForce, path).with("field", &council.name).into())
}

/// A council has one chair at a time; a seat that is created has no last day yet.
pub(super) fn one_chair(seats: &[council_seat::Model], new: (Role, NaiveDate)) -> Result<()> {
    let is_other = |seat: &council_seat::Model| {
        seat.role == Role::Chair && seat.valid_to.is_none_or(|last| last >= new.1)
    };
    if new.0 == Role::Chair && seats.iter().any(is_other) {
        return Err(Fault::at(Code::AlreadyExists, "input.role").with("case", "CHAIR").into());
    }
    Ok(())
}

/// Refuses to put before a council what another kind of council votes on: initiatives before one of emulation and
/// commendation, nominees before one of initiatives; and before the council of an office that has none, as there were some
/// once: they would be nobody's or everyone's.
pub(crate) fn considers(
    council: &council::Model,
    kind: agenda_item::Kind,
    path: &str,
) -> Result<()> {
    use agenda_item::Kind;
    let of_initiatives = council.kind == council::Kind::Initiative;
    let is_lost = council.kind == council::Kind::Office && council.unit_id.is_none();
    let is_right = match kind {
        Kind::AwardList => !of_initiatives && !is_lost,
        Kind::InitiativeList => of_initiatives,
        Kind::Report | Kind::Document | Kind::Other => true,
    };
    if is_right {
        return Ok(());
    }
    Err(Fault::at(Code::WrongCouncil, path).with("council", &council.name).into())
}

/// A period in which a user is to hold a seat.
#[derive(Clone, Copy)]
pub(super) struct Term {
    pub(super) seat: Uuid,
    pub(super) user: Uuid,
    pub(super) from: NaiveDate,
    pub(super) to: Option<NaiveDate>,
}

/// A seat has one holder at a time, and a user one seat of a council.
pub(super) fn beside(held: &[seat_holder::Model], term: Term) -> Result<()> {
    let overlaps = |row: &&seat_holder::Model| {
        row.valid_to.is_none_or(|last| last >= term.from)
            && term.to.is_none_or(|last| last >= row.valid_from)
    };
    let is_same = |row: &seat_holder::Model| row.seat_id == term.seat || row.user_id == term.user;
    if held.iter().filter(overlaps).any(is_same) {
        return Err(Fault::at(Code::SeatAlreadyHeld, "input.seatId").into());
    }
    Ok(())
}

/// Nobody gives a seat to himself.
pub(super) fn not_to_oneself(giver: Uuid, receiver: Uuid) -> Result<()> {
    if giver == receiver {
        return Err(Fault::at(Code::Forbidden, "input.userId").into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, day).unwrap()
    }

    fn held(seat: u128, user: u128, (from, to): (u32, Option<u32>)) -> seat_holder::Model {
        seat_holder::Model {
            tenant_id: Uuid::nil(),
            id: Uuid::nil(),
            council_id: Uuid::nil(),
            seat_id: Uuid::from_u128(seat),
            user_id: Uuid::from_u128(user),
            holder_name: String::new(),
            is_acting: false,
            grant_id: Uuid::nil(),
            valid_from: day(from),
            valid_to: to.map(day),
            version: 1,
        }
    }

    #[test]
    fn a_seat_has_one_holder_and_a_user_one_seat() {
        let known = [held(1, 1, (1, Some(10))), held(2, 2, (1, None))];
        let asks = |seat: u128, user: u128, from: u32, to: Option<u32>| {
            let (seat, user) = (Uuid::from_u128(seat), Uuid::from_u128(user));
            beside(&known, Term { seat, user, from: day(from), to: to.map(day) }).is_ok()
        };

        assert!(asks(1, 3, 11, None), "the seat is vacant then");
        assert!(!asks(1, 3, 10, None), "the last day is the holder's");
        assert!(!asks(3, 1, 5, Some(6)) && asks(3, 1, 11, None));
        assert!(!asks(2, 3, 20, None) && asks(3, 3, 1, None));
        assert!(not_to_oneself(Uuid::nil(), Uuid::nil()).is_err());
    }
}
