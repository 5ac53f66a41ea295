//! Who is considered under an item of an agenda.
//! Nothing is written here.

use async_graphql::{Context, ID, Object};
use entity::{award_type, nominee};

use super::super::Ask;
use super::super::award::AwardType;
use super::super::record::PartyOpinion;
use super::super::submission;
use super::Candidate;
use crate::error::{Error, Result};
use crate::scalar::NodeType;

/// Who is considered under an item of the agenda, for which title.
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

    /// Name, as the submission has it.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The title or form.
    async fn award_type(&self, ctx: &Context<'_>) -> Result<AwardType> {
        let found = ctx.gate()?.look_up::<award_type::Entity>(self.0.award_type_id).await?;
        found.map(AwardType::from).ok_or_else(|| Error::broken("a candidate without title"))
    }

    /// The opinion of the Party committee (ý kiến của cấp ủy Đảng) on the title; null where the rules of today ask for
    /// none, and for a caller who may not read the submission.
    async fn party_opinion(&self, ctx: &Context<'_>) -> Result<Option<PartyOpinion>> {
        let gate = ctx.gate()?;
        let Some(nominee) = self.0.nominee_id else { return Ok(None) };
        let Some(nominee) = gate.load::<nominee::Entity>(nominee).await? else { return Ok(None) };
        submission::proposed_opinion(gate, &nominee, self.0.award_type_id).await
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
