//! The registry of awards: acts that are written once, the awards that follow from them, and their totals.
//! No rule of eligibility enters here: what was decided is a fact.

mod behind;
pub(crate) mod cell;
mod certificate;
mod correction;
mod import;
mod inputs;
mod ledger;
mod mutation;
mod newcomer;
mod public;
mod query;
mod related;
pub mod rules;

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::award::{self, State};
use entity::award_proposal::Ground;
use entity::decision::{self as decision_table, Kind, Source};
use entity::nominee::SubjectKind;
use entity::subject::{LeadershipClass, Sex};
use entity::submission::CommendationType;
use entity::{award_act, award_proposal, award_type, nominee, subject, submission, tenant};

use super::Ask;
use super::award::AwardType;
use super::decision::Decision;
use super::subject::Subject;
use super::submission::Submission;
use super::tenant::Tenant;
use super::unit::{self, Unit};
use crate::access::today;
use crate::error::{Error, Result};
use crate::reference;
use crate::scalar::{Date, DateTime, NodeType};

pub use cell::totals;
pub use import::ImportMutation;
pub(super) use import::is_name_of_law;
pub(crate) use import::plan::{Known, Maker, Plan};
pub(crate) use import::{AwardRow, Names};
pub(super) use ledger::give;
pub use mutation::RegistryMutation;
pub(super) use newcomer::subjects_of;
pub use public::PublicQuery;
pub use query::RegistryQuery;
pub(super) use query::node;
pub(super) use related::GivenTo;

/// An award (khen thưởng) as it stands: a title or form that a subject was given.
#[derive(Clone)]
pub struct Award(Arc<award::Model>);

crate::answer!(Award = award::Model => 0);

impl From<award::Model> for Award {
    fn from(row: award::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl NodeType for Award {
    const PREFIX: &'static str = "Award";
}

/// An award (khen thưởng) as it stands: a title or form that a subject was given, with the names of that time. It
/// follows from its acts, which are never changed. Read by the unit and those above it in the tenant, by the
/// council office, the chair and the auditor.
#[Object]
impl Award {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The unit of the subject at that time; null when the caller may not read it.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        unit::one(ctx, self.0.unit_id).await.transpose()
    }

    /// The one who has it; null where older records give a number only, and for a caller who may not read the
    /// subject.
    async fn subject(&self, ctx: &Context<'_>) -> Option<Result<Subject>> {
        let found = ctx.gate().ok()?.load::<subject::Entity>(self.0.subject_id?).await;
        found.map(|row| row.map(Subject::from)).transpose()
    }

    /// A person, a collective or a household.
    async fn subject_kind(&self) -> SubjectKind {
        self.0.subject_kind
    }

    /// Name of the subject as it stands in the decision; empty where older records give a number only.
    async fn subject_name(&self) -> &str {
        &self.0.subject_name_as_recorded
    }

    /// Sex of the person; null where it is not known, and for what is no person.
    async fn sex(&self) -> Option<Sex> {
        self.0.sex
    }

    /// Leadership class of the person at that time; null where it is not known, and for what is no person.
    async fn leadership_class(&self) -> Option<LeadershipClass> {
        self.0.leadership_class
    }

    /// Whether the collective was an enterprise (doanh nghiệp) at that time; null where it is not known, and for what is no
    /// collective.
    async fn enterprise(&self) -> Option<bool> {
        self.0.enterprise
    }

    /// The title or form.
    async fn award_type(&self, ctx: &Context<'_>) -> Result<AwardType> {
        let found = ctx.gate()?.look_up::<award_type::Entity>(self.0.award_type_id).await?;
        found.map(AwardType::from).ok_or_else(|| Error::broken("an award without its type"))
    }

    /// Name of the title or form as it was recorded, such as "Chiến sỹ thi đua cấp tỉnh".
    async fn name_as_recorded(&self) -> &str {
        &self.0.name_as_recorded
    }

    /// First year of the achievements it counts.
    async fn counting_from(&self) -> i32 {
        self.0.counting_from_year
    }

    /// Last year of the achievements it counts.
    async fn counting_to(&self) -> i32 {
        self.0.counting_to_year
    }

    /// Type of commendation (loại hình khen thưởng).
    async fn commendation_type(&self) -> CommendationType {
        self.0.commendation_type
    }

    /// How many years the movement lasted in which it was given; null outside movements.
    async fn movement_years(&self) -> Option<i32> {
        self.0.movement_years
    }

    /// Day of the achievement (ngày lập thành tích), by which sudden ones and movements of a year are told apart; null
    /// where nobody has recorded it.
    async fn achieved_on(&self) -> Option<Date> {
        self.0.achieved_on.map(Date)
    }

    /// Field of activity (lĩnh vực); null where nobody has recorded it.
    async fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// Who gave it, as recorded; the words of the title where older records do not tell.
    async fn issuer_name(&self) -> &str {
        &self.0.issuer_name
    }

    /// The tenant that gave it, closed ones too; null for authorities that are none.
    async fn issuer_tenant(&self, ctx: &Context<'_>) -> Option<Result<Tenant>> {
        let found = ctx.gate().ok()?.look_up::<tenant::Entity>(self.0.issuer_tenant_id?).await;
        found.map(|row| row.map(Tenant::from)).transpose()
    }

    /// The decision that gave it; null where older records name none, and when the caller may not read it.
    async fn decision(&self, ctx: &Context<'_>) -> Option<Result<Decision>> {
        let id = self.0.decision_id?;
        let found = ctx.gate().ok()?.load::<decision_table::Entity>(id).await;
        found.map(|row| row.map(Decision::from)).transpose()
    }

    /// Day of the decision; null where older records tell none.
    async fn decided_on(&self) -> Option<Date> {
        self.0.decided_on.map(Date)
    }

    /// Bonus before rounding, in đồng, as a whole number in text; null when none is known.
    async fn bonus_raw(&self) -> Option<String> {
        self.0.bonus_raw.map(|amount| amount.to_string())
    }

    /// Bonus paid, in đồng, as a whole number in text; null when none is known.
    async fn bonus_paid(&self) -> Option<String> {
        self.0.bonus_paid.map(|amount| amount.to_string())
    }

    /// Decided here, or taken over from older records.
    async fn source(&self) -> Source {
        self.0.source
    }

    /// Number of awards this row stands for (lượt): more than 1 where older records give a number only.
    async fn events(&self) -> i32 {
        self.0.events
    }

    /// Code by which everyone can check the award with `awardPublic`; null for numbers of older records.
    async fn public_code(&self) -> Option<&str> {
        self.0.public_code.as_deref()
    }

    /// The certificate as a page of HTML to be printed, with the public code as a QR picture (in bằng, giấy chứng
    /// nhận); the title or form stands by its official name of that day, not as it was recorded. Null for an award that
    /// does not stand, names nobody or has no code.
    async fn certificate(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let gate = ctx.gate()?;
        let decision = match self.0.decision_id {
            Some(id) => gate.load::<decision_table::Entity>(id).await?,
            None => None,
        };
        let award_type = gate.look_up::<award_type::Entity>(self.0.award_type_id).await?;
        let award_type = award_type.ok_or_else(|| Error::broken("an award without its type"))?;
        let post = decision.as_ref().and_then(|row| row.signer_post.as_deref());
        certificate::page(&self.0, &award_type, post)
    }

    /// Whether it still stands.
    async fn state(&self) -> State {
        self.0.state
    }

    /// The submission that proposed it; null for what nobody proposed, for awards given before this was kept, and for a
    /// caller who may not read the submission.
    async fn submission(&self, ctx: &Context<'_>) -> Option<Result<Submission>> {
        let nominee = self.0.nominee_id?;
        let found = async {
            let gate = ctx.gate()?;
            let Some(nominee) = gate.load::<nominee::Entity>(nominee).await? else {
                return Ok(None);
            };
            gate.load::<submission::Entity>(nominee.submission_id).await
        };
        found.await.map(|row| row.map(Submission::from)).transpose()
    }

    /// What was done to it, oldest first; the award follows from these.
    async fn acts(&self, ctx: &Context<'_>) -> Result<Vec<AwardAct>> {
        let acts = ctx.gate()?.load_by(related::Acts(self.0.id)).await?;
        Ok(acts.into_iter().map(AwardAct).collect())
    }

    /// The proposal to cancel, revoke or restore it that waits for another person; null when none waits.
    async fn proposal(&self, ctx: &Context<'_>) -> Result<Option<AwardProposal>> {
        Ok(ctx.gate()?.load_by(related::Open(self.0.id)).await?.map(AwardProposal))
    }

    /// When it was recorded.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Counts acts and proposals; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// One act of the registry.
pub(crate) struct AwardAct(award_act::Model);

/// One act of the registry: written once, never changed.
#[Object]
impl AwardAct {
    /// Place among the acts of the award, from 1.
    async fn sequence(&self) -> i32 {
        self.0.sequence
    }

    /// What was done.
    async fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The decision behind it; null for awards of older records that name none, and when the caller may not read it.
    async fn decision(&self, ctx: &Context<'_>) -> Option<Result<Decision>> {
        let id = self.0.decision_id?;
        let found = ctx.gate().ok()?.load::<decision_table::Entity>(id).await;
        found.map(|row| row.map(Decision::from)).transpose()
    }

    /// Why; null where none was asked for, as when the award was given.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// The ground of the law, of a cancellation; null for other acts, and for cancellations before grounds were asked
    /// for.
    async fn ground(&self) -> Option<Ground> {
        self.0.ground
    }

    /// The article behind the ground; null where there is no ground.
    async fn ground_citation(&self) -> Option<&'static str> {
        let row = reference::cancel_ground(self.0.ground?, today(self.0.at))?;
        Some(row.citation.as_str())
    }

    /// What the act sets, as an object of JSON in text; the first act sets everything.
    async fn changes(&self) -> &str {
        &self.0.changes
    }

    /// Name of the one who proposed it; null where one person does it alone.
    async fn proposed_by_name(&self) -> Option<&str> {
        self.0.proposed_by_name.as_deref()
    }

    /// Name of the one who did it, as it was then.
    async fn actor_name(&self) -> &str {
        &self.0.actor_name
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}

/// A proposal to cancel, revoke or restore an award.
pub(crate) struct AwardProposal(award_proposal::Model);

/// A proposal to cancel, revoke or restore an award; another person confirms it with a decision.
#[Object]
impl AwardProposal {
    /// Cancel, revoke or restore.
    async fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Why.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// The ground of the law, of a cancellation; null for a proposal that is not one to cancel.
    async fn ground(&self) -> Option<Ground> {
        self.0.ground
    }

    /// What became of it.
    async fn state(&self) -> award_proposal::State {
        self.0.state
    }

    /// Name of the one who proposed it.
    async fn proposed_by_name(&self) -> &str {
        &self.0.proposed_by_name
    }

    /// When it was proposed.
    async fn proposed_at(&self) -> DateTime {
        DateTime(self.0.proposed_at)
    }
}
