//! Decisions of commendation: numbered papers that give awards, correct them and take them back.
//! No award is written here: the registry does that.

mod authority;
mod foreseen;
mod law;
mod mutation;
mod pending;
mod places;
mod query;
mod reach;
mod related;
mod rules;
#[cfg(test)]
mod sample;
mod series;
mod vote;
mod wish;

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::decision::{self, Kind, Source};
use entity::{decision_gap, tenant};

use super::Ask;
use super::award::AwardDecider;
use super::registry::Award;
use super::submission::Submission;
use super::tenant::Tenant;
use super::unit::{self, Unit};
use crate::error::Result;
use crate::scalar::{Date, DateTime, NodeType};

pub(super) use foreseen::Foreseen;
pub(super) use law::{foresee, weigh};
pub use mutation::DecisionMutation;
pub use query::DecisionQuery;
pub(super) use query::node;
pub(super) use reach::gives;
pub(super) use rules::{fits, is_own};
pub(super) use series::{Paper, PaperInput, Series, key_of_name, symbol_key};
pub(super) use vote::{Voted, closed_votes, left_by_vote, vote_missing};
pub(super) use wish::{MOVEMENT_YEARS, Wish, achieved_within, give};

/// A decision of commendation (quyết định khen thưởng).
#[derive(Clone)]
pub struct Decision(Arc<decision::Model>);

crate::answer!(Decision = decision::Model => 0);

impl From<decision::Model> for Decision {
    fn from(row: decision::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl NodeType for Decision {
    const PREFIX: &'static str = "Decision";
}

/// The words by which people name a decision: number and symbol.
pub(super) fn label(number: Option<i32>, symbol: &str) -> String {
    number.map_or_else(|| symbol.to_owned(), |number| format!("{number}/{symbol}"))
}

/// A decision of commendation (quyết định khen thưởng): it gives awards, corrects them or takes them back. Written
/// once, never changed. Read by roles of the tenant; unit roles read those of their own line.
#[Object]
impl Decision {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The unit whose head decides, or, for a decision of others, the unit that recorded it; null when the
    /// caller may not read it.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        unit::one(ctx, self.0.unit_id).await.transpose()
    }

    /// What it does to awards.
    async fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Who decided; null where older records do not tell.
    async fn issuer(&self) -> Option<AwardDecider> {
        self.0.issuer.as_deref()?.parse().ok()
    }

    /// The issuer's name as it stands on the paper.
    async fn issuer_name(&self) -> &str {
        &self.0.issuer_name
    }

    /// The tenant that issued it, closed ones too; null for authorities that are none.
    async fn issuer_tenant(&self, ctx: &Context<'_>) -> Option<Result<Tenant>> {
        let found = ctx.gate().ok()?.look_up::<tenant::Entity>(self.0.issuer_tenant_id?).await;
        found.map(|row| row.map(Tenant::from)).transpose()
    }

    /// Number within issuer, symbol and year; null where older records have none.
    async fn number(&self) -> Option<i32> {
        self.0.number
    }

    /// What stands behind the number, such as `QĐ-UBND`.
    async fn symbol(&self) -> &str {
        &self.0.symbol
    }

    /// Number and symbol as people write them, such as `12/QĐ-UBND`.
    async fn label(&self) -> String {
        label(self.0.number, &self.0.symbol)
    }

    /// Year of the number.
    async fn year(&self) -> i32 {
        self.0.year
    }

    /// Day of the decision.
    async fn decided_on(&self) -> Date {
        Date(self.0.decided_on)
    }

    /// Post of the one who signed; null where nobody has recorded it.
    async fn signer_post(&self) -> Option<&str> {
        self.0.signer_post.as_deref()
    }

    /// What it rests on (căn cứ), in the order of the paper.
    async fn legal_basis(&self) -> Vec<&str> {
        self.0.legal_basis.lines().filter(|line| !line.is_empty()).collect()
    }

    /// Decided here, or taken over from older records.
    async fn source(&self) -> Source {
        self.0.source
    }

    /// The submissions it answers; those that the caller may read.
    async fn submissions(&self, ctx: &Context<'_>) -> Result<Vec<Submission>> {
        ctx.gate()?.load_by(related::Answered(self.0.id)).await
    }

    /// Its list: the awards it gave, at most 500, those that the caller may read.
    async fn awards(&self, ctx: &Context<'_>) -> Result<Vec<Award>> {
        ctx.gate()?.load_by(related::Given(self.0.id)).await
    }

    /// When it was recorded.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}

/// Numbers of a series that no decision has, and why.
pub(crate) struct DecisionGap(decision_gap::Model);

/// Numbers of a series that no decision of this registry has, and why.
#[Object]
impl DecisionGap {
    /// The unit whose series it is; null when the caller may not read it.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        unit::one(ctx, self.0.unit_id).await.transpose()
    }

    /// What stands behind the numbers, such as `QĐ-UBND`.
    async fn symbol(&self) -> &str {
        &self.0.symbol
    }

    /// Year of the numbers.
    async fn year(&self) -> i32 {
        self.0.year
    }

    /// First number that is missing.
    async fn first_number(&self) -> i32 {
        self.0.first_number
    }

    /// Last number that is missing.
    async fn last_number(&self) -> i32 {
        self.0.last_number
    }

    /// Why they are missing.
    async fn reason(&self) -> &str {
        &self.0.reason
    }
}
