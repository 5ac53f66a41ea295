//! Emulation movements: who launched them, for whom, how long they last, and the statutory form that counts them.
//! No award enters here.

mod form;
mod mutation;
mod query;
mod rules;

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::movement::{self, Duration, Form, Level, Scope};

use super::council::noun;
use super::unit::{self, Unit};
use crate::error::Result;
use crate::scalar::{Date, DateTime, NodeType};

pub use mutation::MovementMutation;
pub use query::MovementQuery;
pub(super) use query::node;

noun! {
    /// An emulation movement (phong trào thi đua).
    Movement of movement,
}

/// An emulation movement (phong trào thi đua) in the register of a unit.
#[Object]
impl Movement {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The unit in whose register it stands; null when the caller may not read it.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        unit::one(ctx, self.0.unit_id).await.transpose()
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Who launched it.
    async fn level(&self) -> Level {
        self.0.level
    }

    /// For whom it is held.
    async fn scope(&self) -> Scope {
        self.0.scope
    }

    /// How it is held.
    async fn form(&self) -> Form {
        self.0.form
    }

    /// How long it lasts: follows from `launchedOn` and `endsOn`.
    async fn duration(&self) -> Duration {
        self.0.duration
    }

    /// The day it was launched (ngày phát động).
    async fn launched_on(&self) -> Date {
        Date(self.0.launched_on)
    }

    /// Its last day; null where none is known.
    async fn ends_on(&self) -> Option<Date> {
        self.0.ends_on.map(Date)
    }

    /// Number and day of the plan that launched it; null where none is known.
    async fn plan(&self) -> Option<&str> {
        self.0.plan.as_deref()
    }

    /// When it was entered.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
