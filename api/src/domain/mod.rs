//! The rooms: one folder a domain, each with its nouns, reads, writes and rules.
//! No SQL connection and no bytes of HTTP enter here; a room uses another's nouns and rules only.

pub mod account;
pub mod audit;
pub mod award;
pub mod budget;
pub mod cluster;
pub mod comparison;
pub mod criterion;
pub mod decision;
mod input;
mod node;
mod once;
pub mod registry;
pub mod score;
pub mod statistics;
pub mod subject;
pub mod submission;
pub mod tenant;
pub mod unit;

use async_graphql::{Context, MergedObject};

use crate::access::{Gate, Once};
use crate::error::{Error, Result};

pub use node::Node;

/// Questions: what may be read is decided by the roles in the current tenant of the token.
#[derive(MergedObject, Default)]
pub struct Query(
    account::AccountQuery,
    account::FactorQuery,
    tenant::TenantQuery,
    unit::UnitQuery,
    cluster::ClusterQuery,
    criterion::CriterionQuery,
    comparison::ComparisonQuery,
    award::AwardQuery,
    subject::SubjectQuery,
    submission::SubmissionQuery,
    decision::DecisionQuery,
    registry::RegistryQuery,
    registry::PublicQuery,
    statistics::StatisticsQuery,
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
    submission::SubmissionMutation,
    decision::DecisionMutation,
    registry::RegistryMutation,
    registry::ImportMutation,
);

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
