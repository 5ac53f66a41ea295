//! Proposals to an authority above the tenant: put together from what a council has passed, sent as a frozen package,
//! followed until the authority has decided, and taken into the registry.
//! No vote is judged here: it came before. The law is asked again when a proposal is sent.

mod content;
mod draft;
mod follow;
mod inputs;
mod law;
mod lines;
mod mutation;
mod query;
mod register;
mod rules;
mod send;
mod sought;

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::onward_event::{self, Kind};
use entity::onward_result::{self, Outcome};
use entity::{award_type, nominee, onward, onward_nominee, onward_package, tenant};
use sea_orm::Iterable;
use uuid::Uuid;

use super::award::{AwardDecider, AwardType};
use super::council::{below, noun};
use super::decision::{self, Decision};
use super::submission::Nominee;
use super::tenant::Tenant;
use super::{Ask, under};
use crate::access::{Act, Gate};
use crate::error::{Error, Result};
use crate::scalar::{Date, DateTime, NodeType};

pub use mutation::OnwardMutation;
pub use query::OnwardQuery;
pub(super) use query::{node, package};
use rules::{OnwardState, Side};

noun! {
    /// A proposal to an authority above the tenant.
    OnwardSubmission of onward,
    /// Someone who is proposed to an authority above the tenant.
    OnwardNominee of onward_nominee,
    /// A package as it was sent to an authority above the tenant.
    OnwardPackage of onward_package,
    /// What became of a proposal.
    OnwardEvent of onward_event,
    /// What the authority decided on one nominee.
    OnwardResult of onward_result,
}

under! { OnwardPackage => OnwardSubmission of onward by onward_id }

async fn named(gate: &Gate, id: Option<Uuid>) -> Result<Option<Tenant>> {
    let Some(id) = id else { return Ok(None) };
    Ok(gate.look_up::<tenant::Entity>(id).await?.map(Tenant::from))
}

async fn title(gate: &Gate, id: Uuid) -> Result<AwardType> {
    let found = gate.look_up::<award_type::Entity>(id).await?;
    found.map(AwardType::from).ok_or_else(|| Error::broken("a title that is in no catalogue"))
}

async fn events(gate: &Gate, onward: Uuid) -> Result<Vec<onward_event::Model>> {
    below::<onward_event::Entity>(gate, onward).await
}

/// A proposal of the tenant to an authority above it, such as the Prime Minister (trình cấp trên khen thưởng). A draft
/// is seen in the tenant alone; what is sent is a package. Read by the council office, the chair and the auditor.
#[Object]
impl OnwardSubmission {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// Number within the tenant and the year, from 1.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// Year of the number.
    async fn year(&self) -> i32 {
        self.0.year
    }

    /// Title, such as "Đề nghị tặng Bằng khen của Thủ tướng Chính phủ".
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Who decides; null only for an authority that this version does not know.
    async fn authority(&self) -> Option<AwardDecider> {
        self.0.authority.parse().ok()
    }

    /// The tenant it is addressed to; null for an addressee that is none.
    async fn addressee(&self, ctx: &Context<'_>) -> Result<Option<Tenant>> {
        named(ctx.gate()?, self.0.addressee_tenant_id).await
    }

    /// Name of the addressee.
    async fn addressee_name(&self) -> &str {
        &self.0.addressee_name
    }

    /// Remark, which is not sent; null where there is none.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// Where it stands.
    async fn state(&self, ctx: &Context<'_>) -> Result<OnwardState> {
        let events = events(ctx.gate()?, self.0.id).await?;
        Ok(OnwardState::after(events.last().map(|event| event.kind)))
    }

    /// Who is proposed, in order.
    async fn nominees(&self, ctx: &Context<'_>) -> Result<Vec<OnwardNominee>> {
        let rows = below::<onward_nominee::Entity>(ctx.gate()?, self.0.id).await?;
        Ok(rows.into_iter().map(OnwardNominee::from).collect())
    }

    /// The packages that were sent, oldest first: one that was returned is sent anew as another one.
    async fn packages(&self, ctx: &Context<'_>) -> Result<Vec<OnwardPackage>> {
        let rows = below::<onward_package::Entity>(ctx.gate()?, self.0.id).await?;
        Ok(rows.into_iter().map(OnwardPackage::from).collect())
    }

    /// What became of it, oldest first.
    async fn events(&self, ctx: &Context<'_>) -> Result<Vec<OnwardEvent>> {
        let rows = events(ctx.gate()?, self.0.id).await?;
        Ok(rows.into_iter().map(OnwardEvent::from).collect())
    }

    /// When it was begun.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Counts changes of the draft; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// Someone who is proposed to an authority above the tenant.
#[Object]
impl OnwardNominee {
    /// Place in the list, from 1; results name it.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// The nominee; null when the caller may not read the submission.
    async fn nominee(&self, ctx: &Context<'_>) -> Result<Option<Nominee>> {
        let found = ctx.gate()?.load::<nominee::Entity>(self.0.nominee_id).await?;
        Ok(found.map(Nominee::from))
    }

    /// The title or form that the council has passed.
    async fn award_type(&self, ctx: &Context<'_>) -> Result<AwardType> {
        title(ctx.gate()?, self.0.award_type_id).await
    }
}

/// A package as it was sent to an authority above (hồ sơ trình): written once and never changed. Read by the council
/// office, the chair and the auditor of the tenant that sent it and of the tenant it was sent to.
#[Object]
impl OnwardPackage {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// Number within the proposal, from 1.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// The tenant that sent it; null only for one that is not in the register of tenants.
    async fn sender(&self, ctx: &Context<'_>) -> Result<Option<Tenant>> {
        named(ctx.gate()?, Some(self.0.tenant_id)).await
    }

    /// Who decides; null only for an authority that this version does not know.
    async fn authority(&self) -> Option<AwardDecider> {
        self.0.authority.parse().ok()
    }

    /// The tenant it is addressed to; null for an addressee that is none.
    async fn addressee(&self, ctx: &Context<'_>) -> Result<Option<Tenant>> {
        named(ctx.gate()?, self.0.addressee_tenant_id).await
    }

    /// Name of the addressee.
    async fn addressee_name(&self) -> &str {
        &self.0.addressee_name
    }

    /// Title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Number of the letter (số tờ trình).
    async fn letter_number(&self) -> &str {
        &self.0.letter_number
    }

    /// Day of the letter.
    async fn letter_date(&self) -> Date {
        Date(self.0.letter_date)
    }

    /// The package itself: JSON with the nominees as they were, their achievement reports and documents, minutes and
    /// ballots, findings of eligibility, opinions and quotas. These are the bytes that `sha256` is of.
    async fn content(&self) -> &str {
        &self.0.content
    }

    /// SHA-256 of the content, 64 hexadecimal digits.
    async fn sha256(&self) -> &str {
        &self.0.sha256
    }

    /// When it was sent.
    async fn sent_at(&self) -> DateTime {
        DateTime(self.0.sent_at)
    }

    /// Where this package stands; one that was returned stays so when the next one is sent.
    async fn state(&self, ctx: &Context<'_>) -> Result<OnwardState> {
        let events = events(ctx.gate()?, self.0.onward_id).await?;
        let mut own = events.iter().filter(|event| event.package_id == self.0.id);
        Ok(OnwardState::after(own.next_back().map(|event| event.kind)))
    }

    /// What became of this package, oldest first.
    async fn events(&self, ctx: &Context<'_>) -> Result<Vec<OnwardEvent>> {
        let rows = events(ctx.gate()?, self.0.onward_id).await?;
        let own = rows.into_iter().filter(|row| row.package_id == self.0.id);
        Ok(own.map(OnwardEvent::from).collect())
    }

    /// What was decided on each nominee, in order; empty before.
    async fn results(&self, ctx: &Context<'_>) -> Result<Vec<OnwardResult>> {
        let rows = below::<onward_result::Entity>(ctx.gate()?, self.0.onward_id).await?;
        let own = rows.into_iter().filter(|row| row.package_id == self.0.id);
        Ok(own.map(OnwardResult::from).collect())
    }

    /// What the caller can let happen to it now.
    async fn allowed_steps(&self, ctx: &Context<'_>) -> Result<Vec<Kind>> {
        let gate = ctx.gate()?;
        let events = events(gate, self.0.onward_id).await?;
        let Some(last) = events.last().filter(|last| last.package_id == self.0.id) else {
            return Ok(Vec::new());
        };
        let (state, side) = (OnwardState::after(Some(last.kind)), side(gate, &self.0)?);
        let actor = gate.actor()?;
        let is_free =
            |kind: &Kind| actor.may(act(*kind)) && rules::obstacle(*kind, state, side).is_none();
        Ok(Kind::iter().filter(is_free).collect())
    }

    /// Counts what became of the proposal; send it back as `expectedVersion`.
    async fn version(&self, ctx: &Context<'_>) -> Result<i32> {
        let events = events(ctx.gate()?, self.0.onward_id).await?;
        Ok(events.last().map_or(0, |event| event.number))
    }
}

/// The act by which something happens.
const fn act(kind: Kind) -> Act {
    match kind {
        Kind::Sent => Act::OnwardSubmissionSend,
        Kind::Received | Kind::UnderAppraisal | Kind::Returned => Act::OnwardPackageFollow,
        Kind::Awarded | Kind::Refused => Act::OnwardResultRecord,
        Kind::Registered => Act::OnwardResultRegister,
    }
}

fn side(gate: &Gate, package: &onward_package::Model) -> Result<Side> {
    if package.tenant_id == gate.actor()?.tenant {
        return Ok(Side::Sender { is_outside: package.addressee_tenant_id.is_none() });
    }
    Ok(Side::Addressee)
}

/// What became of a proposal to an authority above; written once, by the side that tells it.
#[Object]
impl OnwardEvent {
    /// What happened.
    async fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Number within the proposal, from 1.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// The reason or remark given; null where there is none.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// The tenant whose user wrote it down; null only for one that is not in the register of tenants.
    async fn recorded_by(&self, ctx: &Context<'_>) -> Result<Option<Tenant>> {
        named(ctx.gate()?, Some(self.0.by_tenant_id)).await
    }

    /// Name of that user; null for users of another tenant.
    #[expect(clippy::unused_async, reason = "resolvers are async")]
    async fn actor_name(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let is_own = self.0.by_tenant_id == ctx.gate()?.actor()?.tenant;
        Ok(is_own.then_some(self.0.actor_name.as_str()))
    }

    /// The decision as people cite it, such as `814/QĐ-TTg`; null before there is one.
    async fn decision_label(&self) -> Option<String> {
        let symbol = self.0.decision_symbol.as_deref()?;
        Some(decision::label(self.0.decision_number, symbol))
    }

    /// Day of the decision; null before there is one.
    async fn decided_on(&self) -> Option<Date> {
        self.0.decided_on.map(Date)
    }

    /// Post of the one who signed the decision; null before there is one, and where nobody has recorded it.
    async fn signer_post(&self) -> Option<&str> {
        self.0.signer_post.as_deref()
    }

    /// The decision in the registry of the sender; null before, and for a caller who may not read it.
    async fn decision(&self, ctx: &Context<'_>) -> Result<Option<Decision>> {
        let Some(id) = self.0.decision_id else { return Ok(None) };
        let found = ctx.gate()?.load::<entity::decision::Entity>(id).await?;
        Ok(found.map(Decision::from))
    }

    /// When it was written down.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}

/// What the authority decided on one nominee; written once.
#[Object]
impl OnwardResult {
    /// Place of the nominee in the list.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// Name of the nominee, as it was sent.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What was decided.
    async fn outcome(&self) -> Outcome {
        self.0.outcome
    }

    /// The title or form that was given; null where none was.
    async fn award_type(&self, ctx: &Context<'_>) -> Result<Option<AwardType>> {
        let Some(id) = self.0.award_type_id else { return Ok(None) };
        title(ctx.gate()?, id).await.map(Some)
    }

    /// The reason given; null where there is none.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }
}
