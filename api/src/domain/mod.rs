//! The rooms: one folder a domain, each with its nouns, reads, writes and rules.
//! No SQL connection and no bytes of HTTP enter here; a room uses another's nouns and rules only.

mod above;
pub mod account;
pub mod audit;
pub mod award;
pub mod ballot;
pub mod bonus;
pub mod budget;
pub mod cluster;
pub mod comparison;
pub mod council;
pub mod criterion;
pub mod decision;
mod ending;
pub mod exemplar;
pub mod fund;
pub mod initiative;
mod input;
pub mod meeting;
pub mod movement;
mod node;
pub mod notice;
mod once;
pub mod onward;
pub mod quota;
pub mod record;
pub mod registry;
pub mod rule;
pub mod score;
pub mod statistics;
pub mod subject;
pub mod submission;
pub mod tenant;
pub mod unit;

use async_graphql::{Context, MergedObject, MergedSubscription};

use crate::access::{Gate, Once};
use crate::error::{Error, Result};

pub(crate) use above::{Under, payload_under, under};
pub use node::Node;

/// The payload of a change that is made once where the client gave a key: `keyed!(ctx, input => Payload: work)`.
macro_rules! keyed {
    ($ctx:ident, $input:ident => $payload:ident: $work:path) => {{
        let key = $input.idempotency_key.clone();
        let done = async {
            let gate = $ctx.once(key.as_deref())?;
            gate.answer(Box::pin($work(&gate, $input))).await
        };
        $payload::of(done.await)
    }};
}
pub(crate) use keyed;

/// Questions: what may be read is decided by the roles in the current tenant of the token.
#[derive(MergedObject, Default)]
pub struct Query(
    account::AccountQuery,
    account::FactorQuery,
    account::ExternalQuery,
    tenant::TenantQuery,
    unit::UnitQuery,
    cluster::ClusterQuery,
    criterion::CriterionQuery,
    comparison::ComparisonQuery,
    council::CouncilQuery,
    ballot::RegulationQuery,
    ballot::BallotQuery,
    ballot::AwaitingQuery,
    ballot::PreviewQuery,
    meeting::MeetingQuery,
    award::AwardQuery,
    subject::SubjectQuery,
    initiative::ProposalQuery,
    rule::RuleQuery,
    rule::DocumentQuery,
    bonus::BonusQuery,
    bonus::BonusRateQuery,
    quota::QuotaQuery,
    quota::LedgerQuery,
    quota::BasisQuery,
    fund::FundQuery,
    submission::SubmissionQuery,
    onward::OnwardQuery,
    decision::DecisionQuery,
    registry::RegistryQuery,
    registry::PublicQuery,
    statistics::StatisticsQuery,
    statistics::TargetQuery,
    movement::MovementQuery,
    exemplar::ExemplarQuery,
    notice::NoticeQuery,
    audit::AuditQuery,
    audit::AuditProofQuery,
    node::NodeQuery,
    budget::BudgetQuery,
);

/// Changes: each is one transaction with its audit entries; several in one request run in order.
#[derive(MergedObject, Default)]
pub struct Mutation(
    account::AccountMutation,
    account::StatusMutation,
    account::FactorMutation,
    account::ExternalMutation,
    unit::UnitMutation,
    cluster::ClusterMutation,
    criterion::CriterionMutation,
    score::ScoreMutation,
    comparison::ComparisonMutation,
    subject::SubjectMutation,
    record::RecordMutation,
    initiative::ProposalMutation,
    rule::RuleMutation,
    rule::RegisterMutation,
    award::AwardTypeMutation,
    bonus::BonusRateMutation,
    council::CouncilMutation,
    ballot::RegulationMutation,
    ballot::RegulationEndMutation,
    ballot::OpenMutation,
    ballot::CastMutation,
    ballot::PaperMutation,
    ballot::CloseMutation,
    ballot::TieMutation,
    meeting::PlanMutation,
    meeting::SessionPaperMutation,
    meeting::ConductMutation,
    meeting::MinutesMutation,
    meeting::TaskMutation,
    quota::QuotaMutation,
    quota::QuotaEndMutation,
    quota::BasisMutation,
    fund::FundMutation,
    statistics::TargetMutation,
    movement::MovementMutation,
    exemplar::ExemplarMutation,
    notice::NoticeMutation,
    notice::NoticeRuleMutation,
    submission::SubmissionMutation,
    submission::ConditionMutation,
    onward::OnwardMutation,
    decision::DecisionMutation,
    registry::RegistryMutation,
    registry::ImportMutation,
);

/// What is told again whenever it changes, over a WebSocket (`graphql-transport-ws`) or as server-sent events.
#[derive(MergedSubscription, Default)]
pub struct Subscription(meeting::MeetingSubscription);

/// How a resolver comes to the gate of its request.
pub trait Ask {
    /// The gate of the request.
    fn gate(&self) -> Result<&Gate>;
    /// The gate of a change that is made once, where the client gave a key.
    fn once(&self, key: Option<&str>) -> Result<Gate>;
}

impl Ask for Context<'_> {
    fn gate(&self) -> Result<&Gate> {
        self.data::<Gate>().map_err(|fault| Error::broken(&fault.message))
    }

    fn once(&self, key: Option<&str>) -> Result<Gate> {
        let gate = self.gate()?.clone();
        let Some(key) = key else { return Ok(gate) };
        let field = self.field();
        let arguments = field.arguments().map_err(|fault| Error::broken(&fault.message))?;
        Ok(gate.once_as(Once::new(field.name(), key, once::fingerprint(&arguments))?))
    }
}
