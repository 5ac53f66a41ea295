//! Who is considered under an item of an agenda.
//! Nothing is written here.

use async_graphql::{Context, ID, Object};
use entity::{award_type, nominee};
use sea_orm::ActiveEnum;

use super::super::Ask;
use super::super::award::AwardType;
use super::super::initiative::{self, InitiativeProposal};
use super::super::record::PartyOpinion;
use super::super::submission::{self, Nominee};
use super::Candidate;
use crate::error::{Error, Result};
use crate::scalar::NodeType;

/// Who exactly is put on an agenda: what a vote is about. A nominee who is another one later was not voted on.
pub(in crate::domain) fn identity(nominee: &nominee::Model) -> String {
    let subject = nominee.subject_id.map(|id| id.to_string()).unwrap_or_default();
    format!("{} {subject} {}", nominee.kind.to_value(), nominee.name)
}

/// Who is considered under an item of the agenda, for which title; or which initiative.
#[Object]
impl Candidate {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// Place in the list, from 1.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// Name, as the submission has it; the title of an initiative.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The nominee; null for an initiative, and for a caller who may not read the submission.
    async fn nominee(&self, ctx: &Context<'_>) -> Result<Option<Nominee>> {
        let Some(id) = self.0.nominee_id else { return Ok(None) };
        Ok(ctx.gate()?.load::<nominee::Entity>(id).await?.map(Nominee::from))
    }

    /// The title or form; null for an initiative.
    async fn award_type(&self, ctx: &Context<'_>) -> Result<Option<AwardType>> {
        let Some(id) = self.0.award_type_id else { return Ok(None) };
        let found = ctx.gate()?.look_up::<award_type::Entity>(id).await?;
        Ok(Some(
            found.map(AwardType::from).ok_or_else(|| Error::broken("a candidate without title"))?,
        ))
    }

    /// The initiative that is to be recognised; null for a nominee.
    async fn initiative_proposal(&self, ctx: &Context<'_>) -> Result<Option<InitiativeProposal>> {
        let Some(id) = self.0.proposal_id else { return Ok(None) };
        initiative::one(ctx, id).await
    }

    /// The opinion of the Party committee (ý kiến của cấp ủy Đảng) on the title; null where the rules of today ask for
    /// none, and for a caller who may not read the submission.
    async fn party_opinion(&self, ctx: &Context<'_>) -> Result<Option<PartyOpinion>> {
        let gate = ctx.gate()?;
        let (Some(nominee), Some(award)) = (self.0.nominee_id, self.0.award_type_id) else {
            return Ok(None);
        };
        let Some(nominee) = gate.load::<nominee::Entity>(nominee).await? else { return Ok(None) };
        submission::proposed_opinion(gate, &nominee, award).await
    }

    /// The candidate of a higher title that this one comes from; null for a candidate of its own.
    async fn downgraded_from_id(&self) -> Option<ID> {
        self.0.downgraded_from.map(Self::node_id)
    }

    /// Why it was moved to a lower title; null for a candidate of its own.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }
}
