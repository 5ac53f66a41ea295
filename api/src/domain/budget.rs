//! What a caller may still ask for: the budget of points as the caller sees it.
//! No counting: the hall prices requests and keeps the budgets.

use async_graphql::{Context, Object, SimpleObject};

use crate::error::{Error, Result};
use crate::scalar::DateTime;

/// One budget of points on the node that answers.
#[derive(Clone, Debug, SimpleObject)]
pub struct RateBudget {
    /// Points of a full budget.
    pub limit: i32,
    /// Points left, this request already paid.
    pub remaining: i32,
    /// Points that flow back every second.
    pub restore_rate: i32,
    /// When the budget is full again if nothing more is asked.
    pub reset_at: DateTime,
}

/// What this request costs and what the caller and the tenant may still spend. One point is a row that the
/// database may touch, or a hundred fields that are resolved. Every node of the service keeps its own budgets.
#[derive(Clone, Debug, SimpleObject)]
pub struct RateLimit {
    /// Points this request costs.
    pub cost: i32,
    /// The caller's own budget.
    #[graphql(flatten)]
    pub caller: RateBudget,
    /// The budget that all users of the tenant share.
    pub tenant: RateBudget,
}

/// The reads of this room.
#[derive(Default)]
pub struct BudgetQuery;

#[Object]
impl BudgetQuery {
    /// What this request costs and what the caller and the tenant may still spend; everyone signed in. The
    /// headers `RateLimit`, `RateLimit-Policy` and `GraphQL-Cost` say the same of every answer.
    #[expect(clippy::unused_async, reason = "resolvers are async")]
    async fn rate_limit(&self, context: &Context<'_>) -> Result<RateLimit> {
        context.data_opt::<RateLimit>().cloned().ok_or(Error::Unauthenticated)
    }
}
