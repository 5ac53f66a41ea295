//! Initiatives that are proposed, put before a council of initiatives, and recognised or not by its vote.
//! What was recognised is a record of its authors; no vote is counted here.

mod mutation;
mod query;
mod rules;

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::initiative::{self, Kind, Scope};
use entity::initiative_proposal::{self, State};
use entity::initiative_proposer;
use uuid::Uuid;

use super::Ask;
use super::council::{self, Council, below, noun};
use super::record::Initiative;
use super::subject::{self, Subject};
use super::unit::{self, Unit};
use crate::error::Result;
use crate::scalar::{Date, NodeType};

pub use mutation::ProposalMutation;
pub use query::ProposalQuery;
pub(super) use query::node;

noun! {
    /// A proposal to recognise an initiative (đề nghị công nhận sáng kiến).
    InitiativeProposal of initiative_proposal,
}

/// A proposal to recognise an initiative (đề nghị công nhận sáng kiến). It counts for nothing before a council of
/// initiatives has voted on it and it is recognised. Read by the unit and those above it in the tenant, by the council
/// office, the chair and the auditor, and, once it is on an agenda, by the members of that council.
#[Object]
impl InitiativeProposal {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The unit in which it was made; null when the caller may not read it.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        unit::one(ctx, self.0.unit_id).await.transpose()
    }

    /// The council on whose agenda it is or was last; null before, and for a caller who may not read councils.
    async fn council(&self, ctx: &Context<'_>) -> Option<Result<Council>> {
        council::one(ctx, self.0.council_id?).await.transpose()
    }

    /// Title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// What kind of work it is.
    async fn kind(&self) -> Kind {
        self.0.kind
    }

    /// How far its effect is asked to be recognised (phạm vi ảnh hưởng): the council votes on this.
    async fn scope(&self) -> Scope {
        self.0.scope
    }

    /// What is new in it, how it is applied and what came of it (nội dung, hiệu quả áp dụng).
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// Where the effect is shown: papers, links, figures; null where nobody has said so.
    async fn evidence(&self) -> Option<&str> {
        self.0.evidence.as_deref()
    }

    /// Names of the authors, as they were when it was proposed.
    async fn author_names(&self) -> Vec<&str> {
        self.0.author_names.lines().collect()
    }

    /// The authors (tác giả); those whom the caller may not read are left out.
    async fn authors(&self, ctx: &Context<'_>) -> Result<Vec<Subject>> {
        let rows = below::<initiative_proposer::Entity>(ctx.gate()?, self.0.id).await?;
        let work = rows.into_iter().map(|row| subject::one(ctx, row.subject_id));
        Ok(futures_util::future::try_join_all(work).await?.into_iter().flatten().collect())
    }

    /// The day on which it was proposed.
    async fn proposed_on(&self) -> Date {
        Date(self.0.proposed_on)
    }

    /// Where it stands.
    async fn state(&self) -> State {
        self.0.state
    }

    /// Number of the decision by which it was recognised; null before.
    async fn decision(&self) -> Option<&str> {
        self.0.decision.as_deref()
    }

    /// Why it was withdrawn or not recognised; null otherwise.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// The recognised initiative; null before, and for a caller who may not read it.
    async fn initiative(&self, ctx: &Context<'_>) -> Result<Option<Initiative>> {
        let Some(id) = self.0.initiative_id else { return Ok(None) };
        Ok(ctx.gate()?.load::<initiative::Entity>(id).await?.map(Initiative::from))
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// One proposal as the caller may read it, batched.
pub(super) async fn one(ctx: &Context<'_>, id: Uuid) -> Result<Option<InitiativeProposal>> {
    let found = ctx.gate()?.load::<initiative_proposal::Entity>(id).await?;
    Ok(found.map(InitiativeProposal::from))
}
