//! Submissions: proposals of commendation on their way from a unit to the one who decides.
//! No rule of eligibility and no ballot enters here; they have rooms of their own.

mod above;
mod actions;
mod ahead;
mod appraisal;
mod children;
mod confirm;
mod content;
mod decided;
mod desk;
mod door;
mod handling;
mod inputs;
mod mutation;
mod office;
mod outlook;
mod parts;
mod query;
mod related;
mod rules;
mod sought;
mod span;
mod take;
mod twice;
mod unheard;
mod workers;

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::submission::{self, CommendationType, State};
use entity::{account, award_type, submission_transition, unit};
use serde_json::Value as Json;
use strum::IntoEnumIterator;

use super::Ask;
use super::account::User;
use super::award::AwardType;
use super::decision::Decision;
use super::unit::Unit;
use crate::access::Answer;
use crate::alike::Alike;
use crate::error::{Code, Error, Fault, Result};
use crate::scalar::{Date, DateTime, NodeType};
use crate::text::Language;

use actions::Allowed;
pub use children::{Document, Nominee};
pub(super) use children::{document, nominee, proposed_opinion};
pub use confirm::ConditionMutation;
pub(super) use desk::relation;
pub(super) use door::Door;
pub use mutation::SubmissionMutation;
pub use query::SubmissionQuery;
pub(super) use query::node;
use rules::Action;
pub(super) use take::end_waiting;

/// A submission (hồ sơ đề nghị khen thưởng): nominees of one unit on their way to a decision.
#[derive(Clone)]
pub struct Submission(Arc<ahead::Known>);

impl Answer for Submission {
    fn keep(&self) -> Result<Json> {
        Ok(serde_json::to_value(self.0.row())?)
    }

    fn recall(kept: Json) -> Result<Self> {
        Ok(Self::from(serde_json::from_value::<submission::Model>(kept)?))
    }
}

impl NodeType for Submission {
    const PREFIX: &'static str = "Submission";
}

/// One step that a submission took.
pub(crate) struct SubmissionTransition(submission_transition::Model);

/// One step that a submission took; written once, never changed.
#[Object]
impl SubmissionTransition {
    /// What was done; null only for a step that this version does not know.
    async fn action(&self) -> Option<Action> {
        Action::iter().find(|action| <&str>::from(*action) == self.0.action)
    }

    /// State before.
    async fn from_state(&self) -> State {
        self.0.from_state
    }

    /// State after.
    async fn to_state(&self) -> State {
        self.0.to_state
    }

    /// Name of the one who did it, as it was then.
    async fn actor_name(&self) -> &str {
        &self.0.actor_name
    }

    /// The reason or remark given; null where there is none.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// When it was done.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}

/// A submission (hồ sơ đề nghị khen thưởng): nominees of one unit on their way to a decision. Read by the
/// unit and those above it in the tenant, by the council office, the chair and the auditor.
#[Object]
impl Submission {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// Number within the tenant and the year, from 1.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// Title, such as "Đề nghị tặng danh hiệu … năm 2025".
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The unit that submits; null when the caller may not read it.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        match self.0.unit.get() {
            Some(known) => known.clone().map(Ok),
            None => super::unit::one(ctx, self.0.unit_id).await.transpose(),
        }
    }

    /// Year of the achievements.
    async fn year(&self) -> i32 {
        self.0.year
    }

    /// First day of the counting period; null where it is the calendar year.
    async fn period_from(&self) -> Option<Date> {
        self.0.period_from.map(Date)
    }

    /// Last day of the counting period; null where it is the calendar year.
    async fn period_to(&self) -> Option<Date> {
        self.0.period_to.map(Date)
    }

    /// Type of commendation (loại hình khen thưởng).
    async fn commendation_type(&self) -> CommendationType {
        self.0.commendation_type
    }

    /// Where it stands inside the tenant.
    async fn state(&self) -> State {
        self.0.state
    }

    /// Where it stands as the unit is told, apart from how far the council office has come inside.
    async fn office_status(&self, ctx: &Context<'_>) -> Result<office::OfficeStatus> {
        let told = ctx.gate()?.load_by(office::Told(self.0.id, self.0.state)).await?;
        told.ok_or_else(|| Error::broken("a submission without status"))
    }

    /// Remark of the unit; null where there is none.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// Why it was last returned or rejected; null otherwise.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// Who wrote it; null when the caller may not read users.
    async fn author(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        user(ctx, self.0.author_id).await.transpose()
    }

    /// Who approved or rejected it; null before, and when the caller may not read users.
    async fn decided_by(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        user(ctx, self.0.decided_by?).await.transpose()
    }

    /// When it was begun.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was last sent; null before.
    async fn sent_at(&self) -> Option<DateTime> {
        self.0.sent_at.map(DateTime)
    }

    /// When it was approved or rejected; null before.
    async fn decided_at(&self) -> Option<DateTime> {
        self.0.decided_at.map(DateTime)
    }

    /// Who has it, since when, and until when (thời hạn giải quyết); null when it waits for nobody any more. An
    /// approved one on which a ballot is open or is counted waits for those who end it or confirm its end (`VOTE`); what an
    /// authority above has sent back waits to be sent there again.
    async fn handling(&self, ctx: &Context<'_>) -> Result<Option<handling::SubmissionHandling>> {
        let gate = ctx.gate()?;
        let standing = desk::Standing::of(gate, self.0.row()).await?;
        Ok(handling::of(self.0.row(), &standing, gate.now()))
    }

    /// How many of the persons it proposes work directly, beside the target of the year.
    async fn direct_workers(&self, ctx: &Context<'_>) -> Result<workers::SubmissionDirectWorkers> {
        let (unit, year) = (self.0.unit_id, self.0.year);
        ctx.gate()?.load_by(workers::Workers { submission: self.0.id, unit, year }).await
    }

    /// Counts changes of the submission and of its parts; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Number of nominees.
    async fn nominees_count(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(i32::try_from(self.nominees_total(ctx).await?).unwrap_or(i32::MAX))
    }

    /// The titles and forms it proposes, each once.
    async fn award_types(&self, ctx: &Context<'_>) -> Result<Vec<AwardType>> {
        if let Some(known) = self.0.awards.get() {
            return Ok(known.clone());
        }
        let gate = ctx.gate()?;
        let summary = gate.load_by(related::Summary(self.0.id)).await?;
        let awards =
            summary.iter().map(|part| gate.look_up::<award_type::Entity>(part.award_type_id));
        let found = futures_util::future::try_join_all(awards).await?;
        Ok(found.into_iter().flatten().map(AwardType::from).collect())
    }

    /// The nominees in their order, at most 500.
    async fn nominees(&self, ctx: &Context<'_>) -> Result<Vec<Nominee>> {
        ctx.gate()?.load_by(related::Nominees(self.0.id)).await
    }

    /// The documents, in the order they were added, at most 100.
    async fn documents(&self, ctx: &Context<'_>) -> Result<Vec<Document>> {
        ctx.gate()?.load_by(related::Documents(self.0.id)).await
    }

    /// The decisions that answered it, here and of authorities above, by day; those that the caller may read.
    async fn decisions(&self, ctx: &Context<'_>) -> Result<Vec<Decision>> {
        ctx.gate()?.load_by(decided::Decisions(self.0.id)).await
    }

    /// The steps it took, oldest first.
    async fn transitions(&self, ctx: &Context<'_>) -> Result<Vec<SubmissionTransition>> {
        let steps = ctx.gate()?.load_by(related::Transitions(self.0.id)).await?;
        Ok(steps.into_iter().map(SubmissionTransition).collect())
    }

    /// What the law said of its nominees at each step that asked it, oldest first, as it was written down then.
    async fn appraisals(&self, ctx: &Context<'_>) -> Result<Vec<appraisal::Appraisal>> {
        ctx.gate()?.load_by(appraisal::Appraisals(self.0.id)).await
    }

    /// Everything that can be done with a submission: whether the caller can do it now, or why not. In a list of
    /// submissions the law is not asked about their nominees; of a single one it is.
    async fn allowed_actions(&self, ctx: &Context<'_>) -> Result<Alike<Allowed>> {
        let language = ctx.data_opt::<Language>().copied().unwrap_or_default();
        let nominees = self.nominees_total(ctx).await?;
        Ok(Alike(Allowed::of(self, nominees, ctx.gate()?, language).await?))
    }
}

impl Submission {
    async fn nominees_total(&self, ctx: &Context<'_>) -> Result<usize> {
        if let Some(known) = self.0.summary.get() {
            return Ok(related::total(known));
        }
        let summary = ctx.gate()?.load_by(related::Summary(self.0.id)).await?;
        Ok(related::total(&summary))
    }
}

async fn user(ctx: &Context<'_>, id: uuid::Uuid) -> Result<Option<User>> {
    Ok(ctx.gate()?.load::<account::Entity>(id).await?.map(User::from))
}

/// A unit that must be in force on a day.
fn require_in_force(unit: &unit::Model, day: chrono::NaiveDate) -> Result<()> {
    if unit.valid_from <= day && unit.valid_to.is_none_or(|last| last >= day) {
        return Ok(());
    }
    Err(Error::from(Fault::at(Code::NotInForce, "input.unitId")))
}
