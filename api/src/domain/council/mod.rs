//! Councils: their seats, which belong to posts, and who holds them from when to when.
//! What a session or a ballot decides does not enter here.

mod mutation;
mod part;
mod query;
mod related;
mod rules;
mod single;

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use chrono::NaiveDate;
use entity::council::{self, Kind};
use entity::council_seat::{self, Role};
use entity::{account, seat_holder};

use super::account::User;
use super::unit::{self, Unit};
use super::{Ask, under};
use crate::access::{Act, Gate, Tx};
use crate::error::Result;
use crate::scalar::{Date, NodeType};

pub use mutation::CouncilMutation;
pub use query::CouncilQuery;
pub(super) use query::{node, one};
pub(super) use related::{Below, below};
pub(super) use rules::{considers, stands};

/// Nouns that are a row and nothing else, shared by the rooms of councils, sessions and ballots.
macro_rules! noun {
    ($($(#[$doc:meta])* $noun:ident of $table:ident),* $(,)?) => {
        $(
            $(#[$doc])*
            #[derive(Clone)]
            pub struct $noun(Arc<$table::Model>);

            $crate::answer!($noun = $table::Model => 0);

            impl From<$table::Model> for $noun {
                fn from(row: $table::Model) -> Self {
                    Self(Arc::new(row))
                }
            }

            impl NodeType for $noun {
                const PREFIX: &'static str = stringify!($noun);
            }
        )*
    };
}
pub(super) use noun;

noun! {
    /// A council of emulation and commendation, a standing part of one, or a council of initiatives.
    Council of council,
    /// A seat of a council: it belongs to a post, not to a person.
    CouncilSeat of council_seat,
    /// Who holds a seat of a council, from when to when.
    SeatHolder of seat_holder,
}

under! {
    CouncilSeat => Council of council by council_id,
    SeatHolder => CouncilSeat of council_seat by seat_id,
}

/// A council of emulation and commendation (Hội đồng Thi đua - Khen thưởng), a standing part of one, or a
/// council of initiatives (Hội đồng sáng kiến). Read by the roles of the tenant, and by those who hold a
/// seat in it.
#[Object]
impl Council {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The office whose council it is; null for the council of the tenant itself, and for a caller who
    /// may not read units.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        unit::one(ctx, self.0.unit_id?).await.transpose()
    }

    /// The council whose standing part this is (Thường trực Hội đồng); null for a council of its own.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<Council>> {
        one(ctx, self.0.parent_id?).await.transpose()
    }

    /// What kind of council it is.
    async fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Name in Vietnamese.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// First day in force.
    async fn valid_from(&self) -> Date {
        Date(self.0.valid_from)
    }

    /// Last day in force; null while it goes on.
    async fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }

    /// Its seats in force on a day, in their order.
    async fn seats(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In force on this day; today when absent.")] as_of: Option<Date>,
    ) -> Result<Vec<CouncilSeat>> {
        let gate = ctx.gate()?;
        let day = as_of.map_or_else(|| gate.today(), |day| day.0);
        let rows = below::<council_seat::Entity>(gate, self.0.id).await?;
        let standing = rows.into_iter().filter(|row| stands(row.valid_from, row.valid_to, day));
        Ok(standing.map(CouncilSeat::from).collect())
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// A seat of a council: it belongs to a post, not to a person.
#[Object]
impl CouncilSeat {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// Place in the order of the council, from 1.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// The post to which the seat belongs, such as "Giám đốc Sở Nội vụ".
    async fn post_title(&self) -> &str {
        &self.0.post_title
    }

    /// The organisation of the post, as it is written in the decision.
    async fn organisation(&self) -> &str {
        &self.0.organisation
    }

    /// The unit of the post: its nominees are a conflict of interest; null where it is no unit of the
    /// tenant, and for a caller who may not read units.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        unit::one(ctx, self.0.unit_id?).await.transpose()
    }

    /// What the seat is in the council.
    async fn role(&self) -> Role {
        self.0.role
    }

    /// Whether the seat has a vote.
    async fn votes(&self) -> bool {
        self.0.role.votes()
    }

    /// First day in force.
    async fn valid_from(&self) -> Date {
        Date(self.0.valid_from)
    }

    /// Last day in force; null while it goes on.
    async fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }

    /// Who holds the seat on a day; null while it is vacant.
    async fn holder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "On this day; today when absent.")] as_of: Option<Date>,
    ) -> Result<Option<SeatHolder>> {
        let gate = ctx.gate()?;
        let day = as_of.map_or_else(|| gate.today(), |day| day.0);
        let rows = below::<seat_holder::Entity>(gate, self.0.id).await?;
        let held = rows.into_iter().find(|row| stands(row.valid_from, row.valid_to, day));
        Ok(held.map(SeatHolder::from))
    }

    /// Everyone who held, holds or will hold the seat, oldest first.
    async fn holders(&self, ctx: &Context<'_>) -> Result<Vec<SeatHolder>> {
        let rows = below::<seat_holder::Entity>(ctx.gate()?, self.0.id).await?;
        Ok(rows.into_iter().map(SeatHolder::from).collect())
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// Who holds a seat of a council, from when to when.
#[Object]
impl SeatHolder {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The user; null for a caller who may not read users.
    async fn user(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.gate()?.load::<account::Entity>(self.0.user_id).await?.map(User::from))
    }

    /// The holder's name when the seat was given.
    async fn name(&self) -> &str {
        &self.0.holder_name
    }

    /// Whether the holder only acts for a vacant post (quyền, phụ trách).
    async fn is_acting(&self) -> bool {
        self.0.is_acting
    }

    /// First day.
    async fn valid_from(&self) -> Date {
        Date(self.0.valid_from)
    }

    /// Last day; null while it goes on.
    async fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// Refuses what a council would do on a day on which it, or the council whose part it is, is not in force.
pub(super) async fn stands_on(
    tx: &Tx,
    council: &council::Model,
    (day, path): (NaiveDate, &str),
) -> Result<()> {
    rules::stands_on(council, day, path)?;
    let Some(parent) = council.parent_id else { return Ok(()) };
    let parent = tx.one::<council::Entity>(Act::CouncilRead, parent).await?;
    rules::stands_on(&parent, day, path)
}
