//! A session as it goes on: who is there, how many have voted, where session and ballots stand; nothing more.
//! No member's vote enters here: a number of voters is told, never which of them.

use std::future::ready;

use async_graphql::{Context, ID, Object, Subscription};
use entity::council_session::{self, State};
use entity::session_seat::{self, Presence};
use entity::{ballot, ballot_register};
use futures_util::Stream;
use futures_util::stream::once;
use uuid::Uuid;

use super::{AgendaItem, CouncilSession, SessionSeat};
use crate::access::{Act, Following, Gate};
use crate::domain::Ask;
use crate::domain::ballot::Ballot;
use crate::domain::council::{CouncilSeat, below};
use crate::error::{Error, Result};
use crate::filter::row_id;
use crate::scalar::NodeType;

/// What is told again whenever it changes, over `graphql-transport-ws` or as server-sent events.
#[derive(Default)]
pub struct MeetingSubscription;

/// What is told again whenever it changes, over `graphql-transport-ws` or as server-sent events.
#[Subscription]
impl MeetingSubscription {
    /// A session of a council as it goes on (diễn biến kỳ họp): first as it is, then whenever something of what
    /// was asked for has changed, at most four times a second. Whether the caller may still read it is asked
    /// anew each time. Error `NOT_FOUND` when there is no such session or the caller may not read it. Role: as
    /// for `councilSession`.
    async fn session_live(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the session.")] session_id: ID,
    ) -> Result<impl Stream<Item = SessionLive>> {
        let following = ctx.data_opt::<Following>();
        let live = Box::pin(live(ctx.gate()?, following, &session_id)).await?;
        Ok(once(ready(live)))
    }
}

/// The session now, and from now on its council is followed.
async fn live(gate: &Gate, following: Option<&Following>, id: &ID) -> Result<SessionLive> {
    let not_found = || Error::not_found().at("sessionId");
    let id = row_id::<CouncilSession>(id).ok_or_else(not_found)?;
    let row = read(gate, id).await?.ok_or_else(not_found)?;
    let is_new = following.is_some_and(|following| following.start(gate, row.council_id));
    // What changed between the reading and the following would never be told.
    let row = if is_new { read(gate, id).await?.ok_or_else(not_found)? } else { row };
    Ok(SessionLive(row))
}

async fn read(gate: &Gate, id: Uuid) -> Result<Option<council_session::Model>> {
    gate.rows::<council_session::Entity>(Act::CouncilSessionRead)?.one(id).await
}

/// A session of a council as it goes on.
pub(crate) struct SessionLive(council_session::Model);

/// A session of a council as it goes on: who is present, where it stands, and of each ballot how many have voted.
/// It tells nobody's vote and nobody's turn.
#[Object]
impl SessionLive {
    /// The session.
    async fn session_id(&self) -> ID {
        CouncilSession::node_id(self.0.id)
    }

    /// Where it stands.
    async fn state(&self) -> State {
        self.0.state
    }

    /// Counts changes of the session itself: as `CouncilSession.version`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Who is present, in person or by a substitute, in the order of seats.
    async fn present(&self, ctx: &Context<'_>) -> Result<Vec<SessionAttendee>> {
        let rows = below::<session_seat::Entity>(ctx.gate()?, self.0.id).await?;
        let rows = rows.into_iter().filter(|row| row.presence == Presence::Present);
        Ok(rows.map(SessionAttendee).collect())
    }

    /// The ballots, oldest first.
    async fn ballots(&self, ctx: &Context<'_>) -> Result<Vec<BallotLive>> {
        let rows = below::<ballot::Entity>(ctx.gate()?, self.0.id).await?;
        Ok(rows.into_iter().map(BallotLive).collect())
    }
}

/// Someone who is present at a session.
pub(crate) struct SessionAttendee(session_seat::Model);

/// Someone who is present at a session: a member, or who stands in for one.
#[Object]
impl SessionAttendee {
    /// The invitation of the member.
    async fn session_seat_id(&self) -> ID {
        SessionSeat::node_id(self.0.id)
    }

    /// The seat.
    async fn seat_id(&self) -> ID {
        CouncilSeat::node_id(self.0.seat_id)
    }

    /// Name of the holder and the post, as they were when the session was planned.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Who stands in for the member; null when he is there himself.
    async fn substitute_name(&self) -> Option<&str> {
        self.0.substitute_name.as_deref()
    }

    /// Whether the seat has a vote.
    async fn votes(&self) -> bool {
        self.0.votes
    }
}

/// A ballot as it goes on.
pub(crate) struct BallotLive(ballot::Model);

/// A ballot as it goes on: where it stands and how many have voted of how many on the roll; not who has, and
/// nothing of what was chosen.
#[Object]
impl BallotLive {
    /// The ballot.
    async fn ballot_id(&self) -> ID {
        Ballot::node_id(self.0.id)
    }

    /// The item of the agenda.
    async fn item_id(&self) -> ID {
        AgendaItem::node_id(self.0.item_id)
    }

    /// Round, from 1.
    async fn round(&self) -> i32 {
        self.0.round
    }

    /// Where it stands.
    async fn state(&self) -> ballot::State {
        self.0.state
    }

    /// Counts changes by those who open and close it, never votes: as `Ballot.version`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// How many on the roll have a vote.
    async fn voting(&self) -> i32 {
        self.0.voting
    }

    /// How many have voted online so far.
    async fn cast(&self, ctx: &Context<'_>) -> Result<i32> {
        let rows = below::<ballot_register::Entity>(ctx.gate()?, self.0.id).await?;
        Ok(i32::try_from(rows.len()).unwrap_or(i32::MAX))
    }
}
