//! A session while it sits: who is there, who has a tie, what is concluded.
//! No vote enters here.

use async_graphql::{Context, ID, InputObject, Object};
use entity::agenda_item::{self, Outcome};
use entity::council_session::{self, State};
use entity::session_seat::{self, Invitation, Presence};
use entity::{ballot, council, council_seat, declared_tie};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, IntoActiveModel};

use super::plan::invite;
use super::{
    AgendaItem, CouncilSession, DeclaredTie, SessionSeat, frozen, record, rules, substitute,
};
use crate::access::{Act, Gate, Tx};
use crate::domain::council::{CouncilSeat, stands_on};
use crate::domain::{Ask, input, keyed, payload_under};
use crate::error::{Code, Error, Fault, Result};
use crate::filter::input_id;
use crate::payload;

/// Input of `sessionOpen` and `sessionClose`.
#[derive(InputObject)]
pub(crate) struct CouncilSessionStepInput {
    /// The session.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `invitationAnswer`.
#[derive(InputObject)]
pub(crate) struct InvitationAnswerInput {
    /// The invitation of the caller's own seat: a `SessionSeat`.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// Whether he will come.
    comes: bool,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `attendanceRecord`.
#[derive(InputObject)]
pub(crate) struct AttendanceRecordInput {
    /// The member: a `SessionSeat`.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// Whether the member takes part.
    presence: Presence,
    /// Whether he votes on paper; not for one who is absent.
    #[graphql(default)]
    on_paper: bool,
    /// A user who stands in for him and votes as the member; absent when nobody does, and where the member is `ABSENT`.
    substitute_id: Option<ID>,
    /// The written mandate of the substitute, its number and day; at most 4,000 characters.
    mandate: Option<String>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `tieDeclare`.
#[derive(InputObject)]
pub(crate) struct TieDeclareInput {
    /// The item of the agenda.
    item_id: ID,
    /// The seat of the member.
    seat_id: ID,
    /// What the conflict of interest is, at most 4,000 characters.
    reason: String,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `agendaItemConclude`.
#[derive(InputObject)]
pub(crate) struct AgendaItemConcludeInput {
    /// The item.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// How it ended.
    outcome: Outcome,
    /// What was concluded, at most 4,000 characters.
    conclusion: Option<String>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(SessionOpenPayload, session: CouncilSession, "session as it is now");
payload!(SessionClosePayload, session: CouncilSession, "session as it is now");
payload!(InvitationAnswerPayload, seat: SessionSeat, "member as he is now");
payload!(AttendanceRecordPayload, seat: SessionSeat, "member as he is now");
payload_under!(
    TieDeclarePayload, tie: DeclaredTie, "tie declared",
    item: AgendaItem, "item as it is now"
);
payload!(AgendaItemConcludePayload, item: AgendaItem, "item as it is now");

/// Sessions while they sit.
#[derive(Default)]
pub struct ConductMutation;

/// Sessions while they sit.
#[Object]
impl ConductMutation {
    /// Opens a planned session of a council that is in force today (`NOT_IN_FORCE`), and invites who was appointed to a
    /// seat since it was planned. Roles: chair, council secretary, standing officer.
    async fn session_open(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session.")] input: CouncilSessionStepInput,
    ) -> async_graphql::Result<SessionOpenPayload> {
        keyed!(ctx, input => SessionOpenPayload: open)
    }

    /// Closes a session whose ballots are all closed. Roles: those of `sessionOpen`.
    async fn session_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session.")] input: CouncilSessionStepInput,
    ) -> async_graphql::Result<SessionClosePayload> {
        keyed!(ctx, input => SessionClosePayload: close)
    }

    /// Answers the caller's own invitation. Role: council member.
    async fn invitation_answer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answer.")] input: InvitationAnswerInput,
    ) -> async_graphql::Result<InvitationAnswerPayload> {
        keyed!(ctx, input => InvitationAnswerPayload: answer)
    }

    /// Records whether a member takes part, and who stands in for him; a ballot that is open keeps its roll.
    /// A substitute gets the role `COUNCIL_MEMBER` until the planned day, where nobody meets until 30 days after it, and
    /// not beyond the day on which the session is closed; who stands in no more loses it at once. Roles: council
    /// secretary, standing officer.
    async fn attendance_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and how.")] input: AttendanceRecordInput,
    ) -> async_graphql::Result<AttendanceRecordPayload> {
        keyed!(ctx, input => AttendanceRecordPayload: attend)
    }

    /// Declares a conflict of interest that a member has on an item, such as a family tie to a nominee: he does not
    /// vote on it. A member declares for his own seat; the chair, the secretary for any. Roles: council secretary,
    /// council member.
    async fn tie_declare(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The conflict of interest.")] input: TieDeclareInput,
    ) -> async_graphql::Result<TieDeclarePayload> {
        keyed!(ctx, input => TieDeclarePayload: declare)
    }

    /// Records how an item of the agenda ended; a deferred one can be concluded again. Roles: chair, council
    /// secretary, standing officer.
    async fn agenda_item_conclude(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The conclusion.")] input: AgendaItemConcludeInput,
    ) -> async_graphql::Result<AgendaItemConcludePayload> {
        keyed!(ctx, input => AgendaItemConcludePayload: conclude)
    }
}

async fn open(gate: &Gate, input: CouncilSessionStepInput) -> Result<CouncilSession> {
    let id = input_id::<CouncilSession>(&input.id, "input.id")?;
    let tx = gate.begin(Act::SessionOpen).await?;
    let row = tx.lock_version::<council_session::Entity>(id, input.expected_version).await?;
    rules::in_state(&row, &[State::Planned], "input.id")?;
    let council = tx.one::<council::Entity>(Act::CouncilRead, row.council_id).await?;
    stands_on(&tx, &council, (gate.today(), "input.id")).await?;
    let mut changed = row.clone().into_active_model();
    changed.state = Set(State::Open);
    changed.opened_at = Set(Some(gate.now()));
    let row = tx.save::<council_session::Entity>(&row, changed).await?;
    // Whoever was appointed since it was planned takes part, too.
    invite(&tx, &row, gate.today()).await?;
    tx.answer(CouncilSession::from(row)).await
}

async fn close(gate: &Gate, input: CouncilSessionStepInput) -> Result<CouncilSession> {
    let id = input_id::<CouncilSession>(&input.id, "input.id")?;
    let titles = record::titles(gate, id).await?;
    let tx = gate.begin(Act::SessionClose).await?;
    let row = tx.lock_version::<council_session::Entity>(id, input.expected_version).await?;
    rules::in_state(&row, &[State::Open], "input.id")?;
    let of_session = Condition::all().add(ballot::Column::SessionId.eq(row.id));
    rules::all_closed(&tx.all::<ballot::Entity>(Act::BallotRead, of_session).await?)?;
    let mut changed = row.clone().into_active_model();
    changed.state = Set(State::Closed);
    changed.closed_at = Set(Some(gate.now()));
    let row = tx.save::<council_session::Entity>(&row, changed).await?;
    substitute::go(&tx, &row).await?;
    frozen::freeze(&tx, &row, &titles).await?;
    tx.answer(CouncilSession::from(row)).await
}

/// A member of a session that is not closed.
async fn member(
    tx: &Tx,
    id: &ID,
    version: i32,
) -> Result<(session_seat::Model, council_session::Model)> {
    let id = input_id::<SessionSeat>(id, "input.id")?;
    let row = tx.lock_version::<session_seat::Entity>(id, version).await?;
    // Held until the end: nothing is recorded of a session whose minutes are being frozen.
    let session = tx.lock::<council_session::Entity>(row.session_id).await?;
    rules::in_state(&session, &[State::Planned, State::Open], "input.id")?;
    Ok((row, session))
}

async fn answer(gate: &Gate, input: InvitationAnswerInput) -> Result<SessionSeat> {
    let tx = gate.begin(Act::InvitationAnswer).await?;
    let (row, _) = member(&tx, &input.id, input.expected_version).await?;
    let own = rules::own_seat(&tx, row.council_id).await?;
    if own.is_none_or(|own| own.id != row.seat_id) {
        return Err(Error::forbidden());
    }
    let mut changed = row.clone().into_active_model();
    changed.invitation = Set(if input.comes { Invitation::Accepted } else { Invitation::Declined });
    let row = tx.save::<session_seat::Entity>(&row, changed).await?;
    tx.answer(SessionSeat::from(row)).await
}

async fn attend(gate: &Gate, input: AttendanceRecordInput) -> Result<SessionSeat> {
    let mandate = input::optional_text(input.mandate.as_deref(), "input.mandate", input::TEXT)?;
    if input.substitute_id.is_some() != mandate.is_some() {
        let fault = Fault::at(Code::InvalidCombination, "input.mandate");
        return Err(fault.with("detail", "substituteId, mandate").into());
    }
    let tx = gate.begin(Act::AttendanceRecord).await?;
    let (row, session) = member(&tx, &input.id, input.expected_version).await?;
    let how = (input.presence, input.on_paper, input.substitute_id.is_some());
    rules::as_the_seat(&row, how)?;
    substitute::fits(how)?;
    let substitute = match &input.substitute_id {
        Some(id) => Some(substitute::named(&tx, (&session, row.seat_id), id).await?),
        None => None,
    };
    let now = substitute.as_ref().map(|user| user.id);
    substitute::hand_over(&tx, &session, (row.substitute_id, now)).await?;
    let mut changed = row.clone().into_active_model();
    changed.presence = Set(input.presence);
    changed.on_paper = Set(input.on_paper);
    changed.substitute_id = Set(substitute.as_ref().map(|user| user.id));
    changed.substitute_name = Set(substitute.map(|user| user.display_name));
    changed.mandate = Set(mandate);
    let row = tx.save::<session_seat::Entity>(&row, changed).await?;
    tx.answer(SessionSeat::from(row)).await
}

async fn declare(gate: &Gate, input: TieDeclareInput) -> Result<DeclaredTie> {
    let item = input_id::<AgendaItem>(&input.item_id, "input.itemId")?;
    let seat = input_id::<CouncilSeat>(&input.seat_id, "input.seatId")?;
    let reason = input::reason(&input.reason)?;
    let tx = gate.begin(Act::TieDeclare).await?;
    let item = tx.one::<agenda_item::Entity>(Act::CouncilSessionRead, item).await;
    let item = item.map_err(|e| e.at("input.itemId"))?;
    let session =
        tx.one::<council_session::Entity>(Act::CouncilSessionRead, item.session_id).await?;
    rules::in_state(&session, &[State::Planned, State::Open], "input.itemId")?;
    let seat = tx.one::<council_seat::Entity>(Act::CouncilRead, seat).await;
    let seat = seat.map_err(|e| e.at("input.seatId"))?;
    if seat.council_id != item.council_id {
        return Err(Error::not_found().at("input.seatId"));
    }
    rules::speaks_for(&tx, &session, seat.id).await?;
    let row = declared_tie::ActiveModel {
        tenant_id: Set(item.tenant_id),
        id: Set(gate.new_id()),
        council_id: Set(item.council_id),
        session_id: Set(item.session_id),
        item_id: Set(item.id),
        seat_id: Set(seat.id),
        reason: Set(reason),
        declared_by: Set(gate.actor()?.user),
    };
    let row = tx.add::<declared_tie::Entity>(row).await.map_err(|e| e.at("input.seatId"))?;
    tx.answer(DeclaredTie::from(row)).await
}

async fn conclude(gate: &Gate, input: AgendaItemConcludeInput) -> Result<AgendaItem> {
    let id = input_id::<AgendaItem>(&input.id, "input.id")?;
    let text = input::optional_text(input.conclusion.as_deref(), "input.conclusion", input::TEXT)?;
    let tx = gate.begin(Act::AgendaItemConclude).await?;
    let row = tx.lock_version::<agenda_item::Entity>(id, input.expected_version).await?;
    let session = tx.lock::<council_session::Entity>(row.session_id).await?;
    rules::in_state(&session, &[State::Open], "input.id")?;
    if let Some(outcome) = row.outcome.filter(|outcome| *outcome != Outcome::Deferred) {
        use sea_orm::ActiveEnum;
        let fault = Fault::at(Code::WrongState, "input.id").with("case", "ITEM");
        return Err(fault.with("state", outcome.to_value()).into());
    }
    let mut changed = row.clone().into_active_model();
    changed.outcome = Set(Some(input.outcome));
    changed.conclusion = Set(text);
    let row = tx.save::<agenda_item::Entity>(&row, changed).await?;
    tx.answer(AgendaItem::from(row)).await
}
