//! Sessions of councils: agenda, candidates, papers, who came, ties, tasks, minutes.
//! No vote is counted here: ballots have a room of their own.

mod attendance;
mod cancel;
mod candidates;
mod conduct;
mod frozen;
mod initiatives;
mod live;
mod minutes;
mod named;
mod nominees;
mod papers;
mod plan;
mod query;
mod reach;
mod record;
mod rules;
mod seats;
mod substitute;
mod tasks;

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::agenda_item::{self, Kind, Outcome};
use entity::council_session::{self, Form, State};
use entity::session_seat::{self, Presence};
use entity::{ballot, candidate, declared_tie, session_minutes, session_paper, session_task};

use super::ballot::Ballot;
use super::council::{Council, below, noun};
use super::{Ask, under};
use crate::access::Gate;
use crate::error::{Error, Result};
use crate::scalar::{Date, DateTime, NodeType};

pub(super) use candidates::identity;
pub use conduct::ConductMutation;
pub(super) use frozen::minutes;
pub use frozen::{MinutesMutation, SessionMinutes};
pub use live::MeetingSubscription;
pub use papers::SessionPaperMutation;
pub use plan::PlanMutation;
pub use query::MeetingQuery;
pub(super) use query::node;
pub(super) use rules::{appraised, own_seat, session_is};
pub use tasks::TaskMutation;

noun! {
    /// A session of a council (kỳ họp Hội đồng), numbered per council and year.
    CouncilSession of council_session,
    /// An item of the agenda of a session.
    AgendaItem of agenda_item,
    /// Who is considered under an item of the agenda.
    Candidate of candidate,
    /// A paper of a session.
    SessionPaper of session_paper,
    /// A member invited to a session.
    SessionSeat of session_seat,
    /// A tie to a nominee that a member has declared.
    DeclaredTie of declared_tie,
    /// A task that a session has given.
    SessionTask of session_task,
}

under! {
    AgendaItem => CouncilSession of council_session by session_id,
    Candidate => AgendaItem of agenda_item by item_id,
    DeclaredTie => AgendaItem of agenda_item by item_id,
}

/// A session of a council (kỳ họp Hội đồng), numbered per council and year; no `Session`, which is that of a sign-in.
/// Read by those who read the council, save the tenant administrator.
#[Object]
impl CouncilSession {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The council that sits.
    async fn council(&self, ctx: &Context<'_>) -> Result<Council> {
        let found = ctx.gate()?.load::<entity::council::Entity>(self.0.council_id).await?;
        found.map(Council::from).ok_or_else(|| Error::broken("a session without council"))
    }

    /// Year of the session.
    async fn year(&self) -> i32 {
        self.0.year
    }

    /// Number within the council and the year, from 1.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// Title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The day it is planned for.
    async fn planned_on(&self) -> Date {
        Date(self.0.planned_on)
    }

    /// Where it sits; null where nobody has named a place.
    async fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }

    /// Whether the members meet, or each is asked for a written opinion.
    async fn form(&self) -> Form {
        self.0.form
    }

    /// Where it stands.
    async fn state(&self) -> State {
        self.0.state
    }

    /// When it was opened; null before.
    async fn opened_at(&self) -> Option<DateTime> {
        self.0.opened_at.map(DateTime)
    }

    /// When it was closed; null before.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }

    /// When it was cancelled; null for one that was not.
    async fn cancelled_at(&self) -> Option<DateTime> {
        self.0.cancelled_at.map(DateTime)
    }

    /// Why it was cancelled, which explains that its number has no session; null for one that was not.
    async fn cancel_reason(&self) -> Option<&str> {
        self.0.cancel_reason.as_deref()
    }

    /// The agenda in its order.
    async fn items(&self, ctx: &Context<'_>) -> Result<Vec<AgendaItem>> {
        let rows = below::<agenda_item::Entity>(ctx.gate()?, self.0.id).await?;
        Ok(rows.into_iter().map(AgendaItem::from).collect())
    }

    /// The papers in the order they were added.
    async fn papers(&self, ctx: &Context<'_>) -> Result<Vec<SessionPaper>> {
        let rows = below::<session_paper::Entity>(ctx.gate()?, self.0.id).await?;
        Ok(rows.into_iter().map(SessionPaper::from).collect())
    }

    /// Everyone invited, in the order of seats.
    async fn seats(&self, ctx: &Context<'_>) -> Result<Vec<SessionSeat>> {
        let rows = below::<session_seat::Entity>(ctx.gate()?, self.0.id).await?;
        Ok(rows.into_iter().map(SessionSeat::from).collect())
    }

    /// Number of voting members who are present, in person or by a substitute.
    async fn present_count(&self, ctx: &Context<'_>) -> Result<i32> {
        let rows = below::<session_seat::Entity>(ctx.gate()?, self.0.id).await?;
        let present = rows.iter().filter(|row| row.votes && row.presence == Presence::Present);
        Ok(i32::try_from(present.count()).unwrap_or(i32::MAX))
    }

    /// The tasks it has given.
    async fn tasks(&self, ctx: &Context<'_>) -> Result<Vec<SessionTask>> {
        let rows = below::<session_task::Entity>(ctx.gate()?, self.0.id).await?;
        Ok(rows.into_iter().map(SessionTask::from).collect())
    }

    /// The ballots, oldest first.
    async fn ballots(&self, ctx: &Context<'_>) -> Result<Vec<Ballot>> {
        let rows = below::<ballot::Entity>(ctx.gate()?, self.0.id).await?;
        Ok(rows.into_iter().map(Ballot::from).collect())
    }

    /// The minutes in Vietnamese (biên bản): the last version of a closed session; before that a draft, marked so, made
    /// from what is recorded at the moment.
    async fn minutes(&self, ctx: &Context<'_>) -> Result<String> {
        minutes(ctx.gate()?, &self.0).await
    }

    /// Every version of the minutes, oldest first; empty before the session is closed.
    async fn minutes_versions(&self, ctx: &Context<'_>) -> Result<Vec<SessionMinutes>> {
        let rows = below::<session_minutes::Entity>(ctx.gate()?, self.0.id).await?;
        Ok(rows.into_iter().map(SessionMinutes::from).collect())
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// An item of the agenda of a session.
#[Object]
impl AgendaItem {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// Place in the agenda, from 1.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// What it is.
    async fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// How many can be taken of a list for each of its titles; null where there is no limit.
    async fn places(&self) -> Option<i32> {
        self.0.places
    }

    /// How it ended; null while it is open.
    async fn outcome(&self) -> Option<Outcome> {
        self.0.outcome
    }

    /// What was concluded; null while it is open, and where nothing was written down.
    async fn conclusion(&self) -> Option<&str> {
        self.0.conclusion.as_deref()
    }

    /// Who is considered, in order.
    async fn candidates(&self, ctx: &Context<'_>) -> Result<Vec<Candidate>> {
        let rows = below::<candidate::Entity>(ctx.gate()?, self.0.id).await?;
        Ok(rows.into_iter().map(Candidate::from).collect())
    }

    /// Conflicts of interest that members have declared.
    async fn ties(&self, ctx: &Context<'_>) -> Result<Vec<DeclaredTie>> {
        let rows = below::<declared_tie::Entity>(ctx.gate()?, self.0.id).await?;
        Ok(rows.into_iter().map(DeclaredTie::from).collect())
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// A paper of a session: what is known of a file, not the file.
#[Object]
impl SessionPaper {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The item it belongs to; null for the whole session.
    async fn item_id(&self) -> Option<ID> {
        self.0.item_id.map(AgendaItem::node_id)
    }

    /// Title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Name of the file.
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }

    /// Media type of the file.
    async fn media_type(&self) -> &str {
        &self.0.media_type
    }

    /// Size of the file in bytes, as text.
    async fn size_bytes(&self) -> String {
        self.0.size_bytes.to_string()
    }

    /// SHA-256 of the file, in hexadecimal digits.
    async fn sha256(&self) -> &str {
        &self.0.sha256
    }

    /// When it was added.
    async fn added_at(&self) -> DateTime {
        DateTime(self.0.added_at)
    }
}

/// A conflict of interest that a member has declared, such as a family tie to a nominee: he does not vote on the
/// item. It is no tie of votes: what is decided on that is a `TieDecision`.
#[Object]
impl DeclaredTie {
    /// The seat of the member.
    async fn seat_id(&self) -> ID {
        super::council::CouncilSeat::node_id(self.0.seat_id)
    }

    /// What the conflict of interest is.
    async fn reason(&self) -> &str {
        &self.0.reason
    }
}

/// A task that a session has given (nhiệm vụ sau kết luận).
#[Object]
impl SessionTask {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// What is to be done.
    async fn task(&self) -> &str {
        &self.0.task
    }

    /// Who has to do it.
    async fn owner(&self) -> &str {
        &self.0.owner
    }

    /// Until when; null without a day.
    async fn due_on(&self) -> Option<Date> {
        self.0.due_on.map(Date)
    }

    /// Where it stands.
    async fn state(&self) -> session_task::State {
        self.0.state
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
