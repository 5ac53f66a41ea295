//! Writes of councils: who sits there from when to when. A seat gives its holder the right to sit.
//! No history is rewritten here: a seat is closed and another one created.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use chrono::NaiveDate;
use entity::council::{self, Kind};
use entity::council_seat::{self, Role};
use entity::{account, role_grant, seat_holder};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel};

use super::part::sits_above;
use super::rules::{self, Term};
use super::single::{alone, fits_tenant, is_part_of, parent_of, stands_for, unit_of};
use super::{Council, CouncilSeat, SeatHolder};
use crate::access::{Act, Gate, Tx};
use crate::domain::account::User;
use crate::domain::{Ask, input, keyed, payload_under};
use crate::error::{Error, Result};
use crate::filter::input_id;
use crate::payload;
use crate::scalar::Date;
use crate::text::search_form;

/// Input of `councilCreate`.
#[derive(InputObject)]
pub(crate) struct CouncilCreateInput {
    /// What kind of council it is.
    kind: Kind,
    /// Name in Vietnamese, at most 300 characters.
    name: String,
    /// The office whose council it is: demanded of `OFFICE`, where it is not the root of the tenant; absent for the council
    /// of the tenant itself, and for a standing part, which is of the office of its council.
    unit_id: Option<ID>,
    /// The council whose standing part it is: of the same kind, in force on its first day, and no part itself; absent for
    /// a council of its own.
    parent_id: Option<ID>,
    /// First day in force.
    valid_from: Date,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `councilUpdate`; absent fields stay as they are.
#[derive(InputObject)]
pub(crate) struct CouncilUpdateInput {
    /// The council.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// Corrected name, at most 300 characters; null is refused (`REQUIRED`).
    name: MaybeUndefined<String>,
    /// Last day in force; null when it goes on.
    valid_to: MaybeUndefined<Date>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `councilSeatCreate`.
#[derive(InputObject)]
pub(crate) struct CouncilSeatCreateInput {
    /// The council.
    council_id: ID,
    /// The post to which the seat belongs, at most 300 characters.
    post_title: String,
    /// The organisation of the post, as it is written in the decision; at most 300 characters.
    organisation: String,
    /// The unit of the post, where it is one of the tenant; its nominees are a conflict of interest.
    unit_id: Option<ID>,
    /// What the seat is in the council.
    role: Role,
    /// First day in force.
    valid_from: Date,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `councilSeatClose`.
#[derive(InputObject)]
pub(crate) struct CouncilSeatCloseInput {
    /// The seat.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// Last day in force.
    valid_to: Date,
    /// Why it is closed, such as the decision's number; at most 4,000 characters.
    reason: String,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `seatHolderAppoint`.
#[derive(InputObject)]
pub(crate) struct SeatHolderAppointInput {
    /// The seat.
    seat_id: ID,
    /// Who is to hold it; not the caller.
    user_id: ID,
    /// Whether the holder only acts for a vacant post (quyền, phụ trách).
    #[graphql(default)]
    is_acting: bool,
    /// First day.
    valid_from: Date,
    /// Last day; without end when absent.
    valid_to: Option<Date>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `seatHolderEnd`.
#[derive(InputObject)]
pub(crate) struct SeatHolderEndInput {
    /// The holder of the seat.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// Last day.
    valid_to: Date,
    /// Why it ends, such as the decision's number; at most 4,000 characters.
    reason: String,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(CouncilCreatePayload, council: Council, "council created");
payload!(CouncilUpdatePayload, council: Council, "council as it is now");
payload_under!(
    CouncilSeatCreatePayload, seat: CouncilSeat, "seat created",
    council: Council, "council as it is now"
);
payload_under!(
    CouncilSeatClosePayload, seat: CouncilSeat, "seat as it is now",
    council: Council, "council as it is now"
);
payload_under!(
    SeatHolderAppointPayload, holder: SeatHolder, "holder appointed",
    seat: CouncilSeat, "seat as it is now"
);
payload_under!(
    SeatHolderEndPayload, holder: SeatHolder, "holder as it is now",
    seat: CouncilSeat, "seat as it is now"
);

/// Changes of councils.
#[derive(Default)]
pub struct CouncilMutation;

#[Object]
impl CouncilMutation {
    /// Creates a council, or the standing part of one. Roles: central officer, council secretary, standing
    /// officer, tenant administrator.
    async fn council_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The council to create.")] input: CouncilCreateInput,
    ) -> async_graphql::Result<CouncilCreatePayload> {
        keyed!(ctx, input => CouncilCreatePayload: create)
    }

    /// Corrects a council's name or ends it. Roles: those of `councilCreate`.
    async fn council_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The correction.")] input: CouncilUpdateInput,
    ) -> async_graphql::Result<CouncilUpdatePayload> {
        keyed!(ctx, input => CouncilUpdatePayload: update)
    }

    /// Adds a seat to a council. Roles: those of `councilCreate`.
    async fn council_seat_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The seat to create.")] input: CouncilSeatCreateInput,
    ) -> async_graphql::Result<CouncilSeatCreatePayload> {
        keyed!(ctx, input => CouncilSeatCreatePayload: seat_create)
    }

    /// Closes a seat on a day; it stays in history. Roles: those of `councilCreate`.
    async fn council_seat_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to close.")] input: CouncilSeatCloseInput,
    ) -> async_graphql::Result<CouncilSeatClosePayload> {
        keyed!(ctx, input => CouncilSeatClosePayload: seat_close)
    }

    /// Gives a seat to a user, with the role `COUNCIL_MEMBER` in that council for the same time; nobody gives one to
    /// himself. Who is to sit in a standing part holds a seat of its council on the first day (`INVALID_COMBINATION`).
    /// Roles: council secretary, tenant administrator.
    async fn seat_holder_appoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who is to sit where.")] input: SeatHolderAppointInput,
    ) -> async_graphql::Result<SeatHolderAppointPayload> {
        keyed!(ctx, input => SeatHolderAppointPayload: appoint)
    }

    /// Ends the time of a holder on a day, and the role with it. Roles: those of `seatHolderAppoint`.
    async fn seat_holder_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What ends.")] input: SeatHolderEndInput,
    ) -> async_graphql::Result<SeatHolderEndPayload> {
        keyed!(ctx, input => SeatHolderEndPayload: end)
    }
}

async fn create(gate: &Gate, input: CouncilCreateInput) -> Result<Council> {
    let name = input::text(&input.name, "input.name", input::NAME)?;
    let valid_from = input::day(input.valid_from, "input.validFrom")?;
    let tx = gate.begin(Act::CouncilCreate).await?;
    let parent = parent_of(&tx, input.parent_id).await?;
    let unit = unit_of(&tx, input.unit_id).await?;
    if let Some(parent) = &parent {
        is_part_of(parent, (input.kind, valid_from))?;
    }
    let unit_id = stands_for(input.kind, unit.as_ref(), parent.as_ref())?;
    fits_tenant(gate, input.kind).await?;
    if parent.is_none() {
        alone(&tx, (input.kind, unit_id, None), (valid_from, None)).await?;
    }
    let row = council::ActiveModel {
        tenant_id: Set(gate.actor()?.tenant),
        id: Set(gate.new_id()),
        unit_id: Set(unit_id),
        parent_id: Set(parent.map(|parent| parent.id)),
        kind: Set(input.kind),
        name_search: Set(search_form(&name)),
        name: Set(name),
        valid_from: Set(valid_from),
        valid_to: Set(None),
        version: Set(1),
    };
    let row = tx.add::<council::Entity>(row).await?;
    tx.answer(Council::from(row)).await
}

async fn update(gate: &Gate, input: CouncilUpdateInput) -> Result<Council> {
    let id = input_id::<Council>(&input.id, "input.id")?;
    let tx = gate.begin(Act::CouncilUpdate).await?;
    let row = tx.lock_version::<council::Entity>(id, input.expected_version).await?;
    let mut changed = row.clone().into_active_model();
    if let Some(name) = input::given(input.name, "input.name")? {
        let name = input::text(&name, "input.name", input::NAME)?;
        changed.name_search = Set(search_form(&name));
        changed.name = Set(name);
    }
    match input.valid_to {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => changed.valid_to = Set(None),
        MaybeUndefined::Value(day) => {
            let day = input::day(day, "input.validTo")?;
            input::period(Some(row.valid_from), Some(day), "input.validTo")?;
            changed.valid_to = Set(Some(day));
        }
    }
    if row.parent_id.is_none() {
        let to = changed.valid_to.try_as_ref().copied().flatten();
        alone(&tx, (row.kind, row.unit_id, Some(row.id)), (row.valid_from, to)).await?;
    }
    let row = tx.save::<council::Entity>(&row, changed).await?;
    tx.answer(Council::from(row)).await
}

async fn seat_create(gate: &Gate, input: CouncilSeatCreateInput) -> Result<CouncilSeat> {
    let council = input_id::<Council>(&input.council_id, "input.councilId")?;
    let valid_from = input::day(input.valid_from, "input.validFrom")?;
    let post_title = input::text(&input.post_title, "input.postTitle", input::NAME)?;
    let organisation = input::text(&input.organisation, "input.organisation", input::NAME)?;
    let tx = gate.begin(Act::CouncilSeatCreate).await?;
    let council = tx.lock::<council::Entity>(council).await.map_err(|e| e.at("input.councilId"))?;
    rules::in_force((council.valid_from, council.valid_to), valid_from, "input.validFrom")?;
    let of_council = Condition::all().add(council_seat::Column::CouncilId.eq(council.id));
    let seats = tx.all_of::<council_seat::Entity>(council.tenant_id, of_council.clone()).await?;
    rules::one_chair(&seats, (input.role, valid_from))?;
    let column = council_seat::Column::Position;
    let last = tx.greatest::<council_seat::Entity>(council.tenant_id, column, of_council).await?;
    let row = council_seat::ActiveModel {
        tenant_id: Set(council.tenant_id),
        id: Set(gate.new_id()),
        council_id: Set(council.id),
        position: Set(last + 1),
        post_title: Set(post_title),
        organisation: Set(organisation),
        unit_id: Set(unit_of(&tx, input.unit_id).await?.map(|unit| unit.id)),
        role: Set(input.role),
        valid_from: Set(valid_from),
        valid_to: Set(None),
        version: Set(1),
    };
    let row = tx.add::<council_seat::Entity>(row).await?;
    tx.answer(CouncilSeat::from(row)).await
}

async fn seat_close(gate: &Gate, input: CouncilSeatCloseInput) -> Result<CouncilSeat> {
    let id = input_id::<CouncilSeat>(&input.id, "input.id")?;
    let valid_to = input::day(input.valid_to, "input.validTo")?;
    let reason = input::reason(&input.reason)?;
    let tx = gate.begin_because(Act::CouncilSeatClose, Some(reason)).await?;
    let row = tx.lock_version::<council_seat::Entity>(id, input.expected_version).await?;
    input::period(Some(row.valid_from), Some(valid_to), "input.validTo")?;
    let mut changed = row.clone().into_active_model();
    changed.valid_to = Set(Some(valid_to));
    let row = tx.save::<council_seat::Entity>(&row, changed).await?;
    let held = Condition::all().add(seat_holder::Column::SeatId.eq(row.id));
    for holder in tx.all::<seat_holder::Entity>(Act::CouncilRead, held).await? {
        if holder.valid_to.is_none_or(|last| last > valid_to) {
            // A term cannot end before it begins; the seat itself speaks no more by then.
            let last = valid_to.max(holder.valid_from);
            leave(&tx, holder, last).await?;
        }
    }
    tx.answer(CouncilSeat::from(row)).await
}

/// Ends a term and the right that came with it.
async fn leave(
    tx: &Tx,
    row: seat_holder::Model,
    valid_to: NaiveDate,
) -> Result<seat_holder::Model> {
    let itself = Condition::all().add(role_grant::Column::Id.eq(row.grant_id));
    let tenant = tx.gate().actor()?.tenant;
    let right = tx.all_of::<role_grant::Entity>(tenant, itself).await?.pop();
    let right = right.ok_or_else(|| Error::broken("a holder without a right"))?;
    let mut ended = right.clone().into_active_model();
    ended.valid_to = Set(Some(valid_to));
    tx.save::<role_grant::Entity>(&right, ended).await?;
    let mut changed = row.clone().into_active_model();
    changed.valid_to = Set(Some(valid_to));
    tx.save::<seat_holder::Entity>(&row, changed).await
}

async fn appoint(gate: &Gate, input: SeatHolderAppointInput) -> Result<SeatHolder> {
    let seat = input_id::<CouncilSeat>(&input.seat_id, "input.seatId")?;
    let user = input_id::<User>(&input.user_id, "input.userId")?;
    let from = input::day(input.valid_from, "input.validFrom")?;
    let to = input.valid_to.map(|day| input::day(day, "input.validTo")).transpose()?;
    input::period(Some(from), to, "input.validTo")?;
    let actor = gate.actor()?;
    rules::not_to_oneself(actor.user, user)?;
    let tx = gate.begin(Act::SeatHolderAppoint).await?;
    let seat = tx.lock::<council_seat::Entity>(seat).await.map_err(|e| e.at("input.seatId"))?;
    rules::in_force((seat.valid_from, seat.valid_to), from, "input.seatId")?;
    let user = tx.one::<account::Entity>(Act::UserRead, user).await;
    let user = user.map_err(|e| e.at("input.userId"))?;
    tx.stand_in_line("council", seat.council_id).await?;
    sits_above(&tx, seat.council_id, (user.id, from)).await?;
    let of_council = Condition::all().add(seat_holder::Column::CouncilId.eq(seat.council_id));
    let held = tx.all::<seat_holder::Entity>(Act::CouncilRead, of_council).await?;
    rules::beside(&held, Term { seat: seat.id, user: user.id, from, to })?;
    let right = role_grant::Model {
        tenant_id: actor.tenant,
        id: gate.new_id(),
        user_id: user.id,
        role: role_grant::Role::CouncilMember,
        unit_id: None,
        cluster_id: None,
        council_id: Some(seat.council_id),
        valid_from: from,
        valid_to: to,
        granted_by: Some(actor.user),
        revoked_at: None,
        version: 1,
    };
    let right = tx.add::<role_grant::Entity>(right.into_active_model().reset_all()).await?;
    let row = seat_holder::ActiveModel {
        tenant_id: Set(actor.tenant),
        id: Set(gate.new_id()),
        council_id: Set(seat.council_id),
        seat_id: Set(seat.id),
        user_id: Set(user.id),
        holder_name: Set(user.display_name),
        is_acting: Set(input.is_acting),
        grant_id: Set(right.id),
        valid_from: Set(from),
        valid_to: Set(to),
        version: Set(1),
    };
    let row = tx.add::<seat_holder::Entity>(row).await?;
    tx.answer(SeatHolder::from(row)).await
}

async fn end(gate: &Gate, input: SeatHolderEndInput) -> Result<SeatHolder> {
    let id = input_id::<SeatHolder>(&input.id, "input.id")?;
    let valid_to = input::day(input.valid_to, "input.validTo")?;
    let reason = input::reason(&input.reason)?;
    let tx = gate.begin_because(Act::SeatHolderEnd, Some(reason)).await?;
    let row = tx.lock_version::<seat_holder::Entity>(id, input.expected_version).await?;
    input::period(Some(row.valid_from), Some(valid_to), "input.validTo")?;
    let row = leave(&tx, row, valid_to).await?;
    tx.answer(SeatHolder::from(row)).await
}
