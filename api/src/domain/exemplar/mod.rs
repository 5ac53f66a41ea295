//! Exemplars: stories that others are to follow, through their four stages.
//! No award is given here.

mod coverage;
mod mutation;
mod query;
mod rules;

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::exemplar::{self, Kind};
use entity::exemplar_step::{self, Stage};
use entity::{award, movement, subject};

use super::council::{below, noun};
use super::movement::Movement;
use super::registry::Award;
use super::subject::Subject;
use super::unit::{self, Unit};
use super::{Ask, under};
use crate::access::Gate;
use crate::error::Result;
use crate::scalar::{Date, DateTime, NodeType};

pub use mutation::ExemplarMutation;
pub use query::ExemplarQuery;
pub(super) use query::node;

noun! {
    /// An exemplar (điển hình tiên tiến).
    Exemplar of exemplar,
    /// What was done with the story of an exemplar.
    ExemplarStep of exemplar_step,
}

under! { ExemplarStep => Exemplar of exemplar by exemplar_id }

/// An exemplar (điển hình tiên tiến): a story that others are to follow. Written once; where it stands follows from
/// its steps.
#[Object]
impl Exemplar {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The unit where it was found; null when the caller may not read it.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        unit::one(ctx, self.0.unit_id).await.transpose()
    }

    /// What kind of exemplar.
    async fn kind(&self) -> Kind {
        self.0.kind
    }

    /// What it is about.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The story; null where none was written.
    async fn story(&self) -> Option<&str> {
        self.0.story.as_deref()
    }

    /// Field of activity (lĩnh vực); null where none was named.
    async fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// The one it is about; null where none was named, and when the caller may not read it.
    async fn subject(&self, ctx: &Context<'_>) -> Option<Result<Subject>> {
        let found = ctx.gate().ok()?.load::<subject::Entity>(self.0.subject_id?).await;
        found.map(|row| row.map(Subject::from)).transpose()
    }

    /// The award it was commended with; null where there is none, and when the caller may not read it.
    async fn award(&self, ctx: &Context<'_>) -> Option<Result<Award>> {
        let found = ctx.gate().ok()?.load::<award::Entity>(self.0.award_id?).await;
        found.map(|row| row.map(Award::from)).transpose()
    }

    /// The movement in which it was found; null where it was found in none, and when the caller may not read it.
    async fn movement(&self, ctx: &Context<'_>) -> Option<Result<Movement>> {
        let found = ctx.gate().ok()?.load::<movement::Entity>(self.0.movement_id?).await;
        found.map(|row| row.map(Movement::from)).transpose()
    }

    /// The day it was found.
    async fn discovered_on(&self) -> Date {
        Date(self.0.discovered_on)
    }

    /// Where it stands: the stage of its last step.
    async fn stage(&self, ctx: &Context<'_>) -> Result<Stage> {
        let steps = below::<exemplar_step::Entity>(ctx.gate()?, self.0.id).await?;
        Ok(steps.last().map_or(Stage::Discovered, |step| step.stage))
    }

    /// What was done with it, oldest first.
    async fn steps(&self, ctx: &Context<'_>) -> Result<Vec<ExemplarStep>> {
        let steps = below::<exemplar_step::Entity>(ctx.gate()?, self.0.id).await?;
        Ok(steps.into_iter().map(ExemplarStep::from).collect())
    }

    /// When it was entered.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}

/// What was done with the story of an exemplar; written once, never changed.
#[Object]
impl ExemplarStep {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// Place among the steps, from 1.
    async fn sequence(&self) -> i32 {
        self.0.sequence
    }

    /// The stage that was reached.
    async fn stage(&self) -> Stage {
        self.0.stage
    }

    /// The day it was done.
    async fn on(&self) -> Date {
        Date(self.0.on_day)
    }

    /// Who takes care of it, at the stage `COACHED`; null at every other one.
    async fn owner(&self) -> Option<&str> {
        self.0.owner.as_deref()
    }

    /// By which plan, at the stage `COACHED`; null at every other one.
    async fn plan(&self) -> Option<&str> {
        self.0.plan.as_deref()
    }

    /// A remark, such as what was learned; null where there is none.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// The unit that takes it over; for `SPREAD`. Null when the caller may not read it.
    async fn spread_to(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        unit::one(ctx, self.0.spread_to_id?).await.transpose()
    }

    /// Name of the one who recorded it, as it was then.
    async fn actor_name(&self) -> &str {
        &self.0.actor_name
    }

    /// When it was recorded.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}
