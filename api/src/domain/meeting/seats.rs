//! Who is invited to a session as he is shown: whether he came, who stands in for him, whether it is the caller.
//! Nothing is written here.

use async_graphql::{Context, ID, Object};
use entity::session_seat::{Invitation, Presence};
use entity::{account, council_seat, seat_holder};

use super::SessionSeat;
use crate::domain::Ask;
use crate::domain::account::User;
use crate::domain::council::{CouncilSeat, below, stands};
use crate::error::Result;
use crate::scalar::NodeType;

/// A member invited to a session: whether he came, who stood in for him.
#[Object]
impl SessionSeat {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The seat.
    async fn seat_id(&self) -> ID {
        CouncilSeat::node_id(self.0.seat_id)
    }

    /// Name of the holder and the post, as they were when the session was planned.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether the seat is the caller's own today, or he stands in for the member.
    async fn is_mine(&self, ctx: &Context<'_>) -> Result<bool> {
        let gate = ctx.gate()?;
        let (user, today) = (gate.actor()?.user, gate.today());
        if self.0.substitute_id == Some(user) {
            return Ok(true);
        }
        let held = below::<seat_holder::Entity>(gate, self.0.seat_id).await?;
        let is_own = |row: &seat_holder::Model| {
            row.user_id == user && stands(row.valid_from, row.valid_to, today)
        };
        if !held.iter().any(is_own) {
            return Ok(false);
        }
        // A seat that is closed speaks no more, whatever its holder's days are.
        let seat = gate.load::<council_seat::Entity>(self.0.seat_id).await?;
        Ok(seat.is_some_and(|seat| stands(seat.valid_from, seat.valid_to, today)))
    }

    /// What the seat is in the council; a guest (khách mời) is heard, and counts for no quorum and no vote. Null for
    /// a caller who may not read the seat.
    async fn role(&self, ctx: &Context<'_>) -> Result<Option<council_seat::Role>> {
        let seat = ctx.gate()?.load::<council_seat::Entity>(self.0.seat_id).await?;
        Ok(seat.map(|seat| seat.role))
    }

    /// Whether the seat has a vote.
    async fn votes(&self) -> bool {
        self.0.votes
    }

    /// What became of the invitation.
    async fn invitation(&self) -> Invitation {
        self.0.invitation
    }

    /// Whether the member takes part.
    async fn presence(&self) -> Presence {
        self.0.presence
    }

    /// Whether the member votes on paper.
    async fn on_paper(&self) -> bool {
        self.0.on_paper
    }

    /// The user who stands in for the member: who records attendance anew sends his id back. Null when nobody does, and for
    /// a caller who may not read users.
    async fn substitute(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        let Some(id) = self.0.substitute_id else { return Ok(None) };
        Ok(ctx.gate()?.load::<account::Entity>(id).await?.map(User::from))
    }

    /// Name of the one who stands in for the member; null when nobody does.
    async fn substitute_name(&self) -> Option<&str> {
        self.0.substitute_name.as_deref()
    }

    /// The written mandate of the substitute, its number and day; null where nobody stands in, or none was recorded.
    async fn mandate(&self) -> Option<&str> {
        self.0.mandate.as_deref()
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
