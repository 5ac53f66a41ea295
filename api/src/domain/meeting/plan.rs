//! A session before it sits: agenda, candidates, papers, invitations.
//! No vote enters here.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{Datelike, NaiveDate};
use entity::agenda_item::{self, Kind};
use entity::appraisal::Step;
use entity::council_session::{self, Form, State};
use entity::session_seat::{Invitation, Presence};
use entity::{council, council_seat, nominee, seat_holder, session_seat};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::cancel::{SessionCancelInput, SessionCancelPayload, cancel};
use super::{AgendaItem, CouncilSession, initiatives, nominees, rules};
use crate::access::{Act, Gate, Tx};
use crate::domain::council::{Council, considers, stands, stands_on};
use crate::domain::submission::{Door, Nominee};
use crate::domain::{Ask, input, keyed, payload_under};
use crate::error::{Code, Fault, Result};
use crate::filter::{input_id, row_id};
use crate::payload;
use crate::scalar::Date;

/// Most items of an agenda, and most nominees of one item.
const MOST: usize = 200;
/// Most nominees that are put on the agenda at one time.
const JUDGED: usize = 500;

/// An item to be put on the agenda.
#[derive(InputObject)]
pub(crate) struct AgendaItemInput {
    /// What it is.
    kind: Kind,
    /// Title, at most 300 characters.
    title: String,
    /// How many can be taken of an award list for each of its titles, 1 to 1,000; absent where there is no limit, and
    /// for everything else.
    places: Option<i32>,
    /// Nominees of submissions, for an award list: 1 to 200 (`NO_NOMINEE`). Nobody stands on two items of one session,
    /// or on the agendas of two planned sessions of one council (`ALREADY_EXISTS`); once the first item is concluded, or the
    /// first session has sat or is cancelled, he may be put on another one.
    #[graphql(default)]
    nominee_ids: Vec<ID>,
    /// Proposals to recognise initiatives, for a list of initiatives; at most 200. Each was never voted on.
    #[graphql(default)]
    initiative_proposal_ids: Vec<ID>,
}

/// Input of `sessionPlan`.
#[derive(InputObject)]
pub(crate) struct SessionPlanInput {
    /// The council.
    council_id: ID,
    /// Year of the session, 1948 to 2100; its number is the next one.
    year: i32,
    /// Title, at most 300 characters.
    title: String,
    /// The day it is planned for.
    planned_on: Date,
    /// Where it sits, at most 300 characters.
    place: Option<String>,
    /// Whether the members meet, or each is asked for a written opinion.
    #[graphql(default_with = "Form::Meeting")]
    form: Form,
    /// The agenda.
    #[graphql(default)]
    items: Vec<AgendaItemInput>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `agendaItemAdd`.
#[derive(InputObject)]
pub(crate) struct AgendaItemAddInput {
    /// The session.
    session_id: ID,
    /// The item.
    item: AgendaItemInput,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(SessionPlanPayload, session: CouncilSession, "session planned");
payload_under!(
    AgendaItemAddPayload, item: AgendaItem, "item added",
    session: CouncilSession, "session as it is now"
);

/// Sessions before they sit.
#[derive(Default)]
pub struct PlanMutation;

/// Sessions before they sit.
#[Object]
impl PlanMutation {
    /// Plans a session with its agenda and invites everyone who holds a seat; the council is in force on the day planned
    /// (`NOT_IN_FORCE`). A council of initiatives takes no award
    /// list, and no other council takes initiatives (`WRONG_COUNCIL`); the council of an office takes those of the
    /// office, as far as it can recognise them (`INITIATIVE_SCOPE_BEYOND`). Roles: central officer, council secretary,
    /// standing officer.
    async fn session_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session to plan.")] input: SessionPlanInput,
    ) -> async_graphql::Result<SessionPlanPayload> {
        keyed!(ctx, input => SessionPlanPayload: plan)
    }

    /// Adds an item to the agenda of a session that is not closed. Roles: those of `sessionPlan`.
    async fn agenda_item_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The item to add.")] input: AgendaItemAddInput,
    ) -> async_graphql::Result<AgendaItemAddPayload> {
        keyed!(ctx, input => AgendaItemAddPayload: item_add)
    }

    /// Cancels a session that was planned and never opened (hủy kỳ họp): the invitations end, who was to stand in for a
    /// member loses the right to, and what was on the agenda may be put on another one. The number stays used, and the
    /// reason says why it has no session. Roles: those of `sessionPlan`.
    async fn session_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why.")] input: SessionCancelInput,
    ) -> async_graphql::Result<SessionCancelPayload> {
        keyed!(ctx, input => SessionCancelPayload: cancel)
    }
}

async fn plan(gate: &Gate, input: SessionPlanInput) -> Result<CouncilSession> {
    let council = input_id::<Council>(&input.council_id, "input.councilId")?;
    let year = input::year(input.year, "input.year")?;
    let title = input::text(&input.title, "input.title", input::NAME)?;
    let place = input::optional_text(input.place.as_deref(), "input.place", input::NAME)?;
    let planned_on = input::day(input.planned_on, "input.plannedOn")?;
    if planned_on.year() != year {
        let fault = Fault::at(Code::InvalidCombination, "input.year");
        return Err(fault.with("detail", "year, plannedOn").into());
    }
    few(input.items.len(), "input.items")?;
    let door = door(gate, &input.items).await?;
    let tx = gate.begin(Act::SessionPlan).await?;
    let council = tx.one::<council::Entity>(Act::CouncilRead, council).await;
    let council = council.map_err(|e| e.at("input.councilId"))?;
    stands_on(&tx, &council, (planned_on, "input.councilId")).await?;
    tx.stand_in_line("sessions", council.id).await?;
    let of_year = Condition::all()
        .add(council_session::Column::CouncilId.eq(council.id))
        .add(council_session::Column::Year.eq(year));
    let column = council_session::Column::Number;
    let last = tx.greatest::<council_session::Entity>(council.tenant_id, column, of_year).await?;
    let row = council_session::ActiveModel {
        tenant_id: Set(council.tenant_id),
        id: Set(gate.new_id()),
        council_id: Set(council.id),
        year: Set(year),
        number: Set(last + 1),
        title: Set(title),
        planned_on: Set(planned_on),
        place: Set(place),
        form: Set(input.form),
        state: Set(State::Planned),
        opened_at: Set(None),
        closed_at: Set(None),
        created_by: Set(gate.actor()?.user),
        version: Set(1),
        cancelled_at: Set(None),
        cancel_reason: Set(None),
    };
    let row = tx.add::<council_session::Entity>(row).await?;
    for (position, item) in (1..).zip(&input.items) {
        let path = format!("input.items.{}", position - 1);
        add_item(&tx, (&council, &row), (position, item), &path).await?;
    }
    door.freeze(&tx, Step::Agenda).await?;
    invite(&tx, &row, row.planned_on).await?;
    tx.answer(CouncilSession::from(row)).await
}

fn few(count: usize, path: &str) -> Result<()> {
    if count > MOST {
        let fault = Fault::at(Code::OutOfRange, path).with("case", "COUNT");
        return Err(fault.with("min", 0).with("max", MOST).into());
    }
    Ok(())
}

/// What the law says of those who are put on the agenda; ids that lead nowhere are refused later.
async fn door(gate: &Gate, items: &[AgendaItemInput]) -> Result<Door> {
    let ids: Vec<Uuid> =
        items.iter().flat_map(|item| &item.nominee_ids).filter_map(row_id::<Nominee>).collect();
    if ids.is_empty() || !gate.actor()?.may(Act::AgendaItemAdd) {
        return Ok(Door::default());
    }
    if ids.len() > JUDGED {
        let fault = Fault::at(Code::OutOfRange, "input.items");
        return Err(fault.with("case", "COUNT").with("min", 0).with("max", JUDGED).into());
    }
    let these = Condition::all().add(nominee::Column::Id.is_in(ids));
    Door::read(gate, these, Step::Agenda).await
}

async fn add_item(
    tx: &Tx,
    (council, session): (&council::Model, &council_session::Model),
    (position, item): (i32, &AgendaItemInput),
    path: &str,
) -> Result<agenda_item::Model> {
    fits(item, path)?;
    considers(council, item.kind, &format!("{path}.kind"))?;
    let named = format!("{path}.nomineeIds");
    if item.kind == Kind::AwardList && item.nominee_ids.is_empty() {
        return Err(Fault::at(Code::NoNominee, &named).with("case", "LIST").into());
    }
    if item.places.is_some_and(|places| !(1..=1000).contains(&places)) {
        let fault = Fault::at(Code::OutOfRange, &format!("{path}.places"));
        return Err(fault.with("min", 1).with("max", 1000).into());
    }
    let row = agenda_item::ActiveModel {
        tenant_id: Set(session.tenant_id),
        id: Set(tx.gate().new_id()),
        council_id: Set(session.council_id),
        session_id: Set(session.id),
        position: Set(position),
        kind: Set(item.kind),
        title: Set(input::text(&item.title, &format!("{path}.title"), input::NAME)?),
        places: Set(item.places),
        outcome: Set(None),
        conclusion: Set(None),
        version: Set(1),
    };
    let row = tx.add::<agenda_item::Entity>(row).await?;
    nominees::put(tx, (council, &row), (&item.nominee_ids, &named)).await?;
    let proposals = format!("{path}.initiativeProposalIds");
    initiatives::put(tx, (council, &row), (&item.initiative_proposal_ids, &proposals)).await?;
    Ok(row)
}

/// Nominees and places are named for an award list, initiatives for a list of initiatives.
fn fits(item: &AgendaItemInput, path: &str) -> Result<()> {
    let lists = [
        (item.nominee_ids.len(), Kind::AwardList, "nomineeIds"),
        (item.initiative_proposal_ids.len(), Kind::InitiativeList, "initiativeProposalIds"),
    ];
    for (count, kind, name) in lists {
        let path = format!("{path}.{name}");
        few(count, &path)?;
        if count > 0 && item.kind != kind {
            let fault = Fault::at(Code::InvalidCombination, &path);
            return Err(fault.with("detail", format!("kind, {name}")).into());
        }
    }
    if item.places.is_some() && item.kind != Kind::AwardList {
        let fault = Fault::at(Code::InvalidCombination, &format!("{path}.places"));
        return Err(fault.with("detail", "kind, places").into());
    }
    Ok(())
}

/// Invites the holders of every seat on a day who are not invited yet; vacant seats are not invited.
pub(super) async fn invite(tx: &Tx, session: &council_session::Model, on: NaiveDate) -> Result<()> {
    let council = session.council_id;
    let invited = Condition::all().add(session_seat::Column::SessionId.eq(session.id));
    let invited = tx.all::<session_seat::Entity>(Act::CouncilSessionRead, invited).await?;
    let seats = Condition::all().add(council_seat::Column::CouncilId.eq(council));
    let seats = tx.all::<council_seat::Entity>(Act::CouncilRead, seats).await?;
    let held = Condition::all().add(seat_holder::Column::CouncilId.eq(council));
    let held = tx.all::<seat_holder::Entity>(Act::CouncilRead, held).await?;
    let stood = seats.into_iter().filter(|seat| stands(seat.valid_from, seat.valid_to, on));
    let mut invitations = Vec::new();
    for seat in stood.filter(|seat| invited.iter().all(|row| row.seat_id != seat.id)) {
        let holder = held
            .iter()
            .find(|row| row.seat_id == seat.id && stands(row.valid_from, row.valid_to, on));
        let Some(holder) = holder else { continue };
        invitations.push(session_seat::Model {
            tenant_id: session.tenant_id,
            id: tx.gate().new_id(),
            council_id: council,
            session_id: session.id,
            seat_id: seat.id,
            position: seat.position,
            name: format!("{}, {}", holder.holder_name, seat.post_title),
            votes: seat.role.votes(),
            invitation: Invitation::Sent,
            presence: Presence::Expected,
            on_paper: false,
            substitute_id: None,
            substitute_name: None,
            mandate: None,
            version: 1,
        });
    }
    tx.add_many::<session_seat::Entity>(invitations).await
}

/// A session that may still change.
pub(super) async fn still(tx: &Tx, id: Uuid) -> Result<council_session::Model> {
    let session = tx.lock::<council_session::Entity>(id).await;
    let session = session.map_err(|e| e.at("input.sessionId"))?;
    rules::in_state(&session, &[State::Planned, State::Open], "input.sessionId")?;
    Ok(session)
}

async fn item_add(gate: &Gate, input: AgendaItemAddInput) -> Result<AgendaItem> {
    let session = input_id::<CouncilSession>(&input.session_id, "input.sessionId")?;
    let door = door(gate, std::slice::from_ref(&input.item)).await?;
    let tx = gate.begin(Act::AgendaItemAdd).await?;
    let session = still(&tx, session).await?;
    let council = tx.one::<council::Entity>(Act::CouncilRead, session.council_id).await?;
    let of_session = Condition::all().add(agenda_item::Column::SessionId.eq(session.id));
    let column = agenda_item::Column::Position;
    let last = tx.greatest::<agenda_item::Entity>(session.tenant_id, column, of_session).await?;
    let row = add_item(&tx, (&council, &session), (last + 1, &input.item), "input.item").await?;
    door.freeze(&tx, Step::Agenda).await?;
    tx.answer(AgendaItem::from(row)).await
}
