//! Scores: what is reported of the members of a cluster, criterion by criterion.
//! No total and no rank enters here: the comparison makes them.

mod assign;
mod mutation;
mod related;
mod rules;
mod sheet;
pub(in crate::domain) use rules::measure;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::score::{self, Layer};
use entity::score_change;
use serde_json::Value as Json;

use super::Ask;
use crate::access::Answer;
use crate::error::Result;
use crate::scalar::{DateTime, Decimal, NodeType};

pub use mutation::ScoreMutation;

/// One score: what one side reported of one member for one criterion.
#[derive(Clone)]
pub struct Score {
    row: Arc<score::Model>,
    criterion: String,
}

impl Score {
    /// The score of a row, with the code of its criterion.
    pub(super) fn new(row: score::Model, criterion: String) -> Self {
        Self { row: Arc::new(row), criterion }
    }
}

impl Answer for Score {
    fn keep(&self) -> Result<Json> {
        Ok(serde_json::to_value((&*self.row, &self.criterion))?)
    }

    fn recall(kept: Json) -> Result<Self> {
        let (row, criterion) = serde_json::from_value(kept)?;
        Ok(Self::new(row, criterion))
    }
}

impl NodeType for Score {
    const PREFIX: &'static str = "Score";
}

/// One change of a score after it was first given; written once.
#[derive(SimpleObject)]
pub(crate) struct ScoreChange {
    /// When it was changed.
    at: DateTime,
    /// Name of the one who changed it, as it was then; null when that is someone of another tenant.
    actor_name: Option<String>,
    /// What was reported before, as JSON text.
    before: String,
    /// What is reported since, as JSON text.
    after: String,
    /// Why.
    reason: String,
}

impl ScoreChange {
    fn seen_from(tenant: uuid::Uuid, row: score_change::Model) -> Self {
        let at = DateTime(row.at);
        let is_own = row.actor_tenant_id == Some(tenant);
        let score_change::Model { actor_name, before, after, reason, .. } = row;
        Self { at, actor_name: is_own.then_some(actor_name), before, after, reason }
    }
}

/// One score: what one side reported of one member for one criterion. Zero is a score; missing is not.
#[Object]
impl Score {
    /// Opaque id.
    async fn id(&self) -> ID {
        Self::node_id(self.row.id)
    }

    /// Code of the criterion.
    async fn criterion(&self) -> &str {
        &self.criterion
    }

    /// Who stands behind it.
    async fn layer(&self) -> Layer {
        self.row.layer
    }

    /// The value reported; `ScoreInput` says for each kind what it is. Null for `QUALITATIVE`.
    async fn value(&self) -> Option<Decimal> {
        self.row.value.map(Decimal::from_units)
    }

    /// What the value is held against: the own target, what was to be done, or the faults, as `ScoreInput` says for
    /// each kind; null for kinds that have none.
    async fn reference(&self) -> Option<Decimal> {
        self.row.reference.map(Decimal::from_units)
    }

    /// Whether it is met, for `QUALITATIVE`; whether the precondition holds, for `SAMPLE`; null for other kinds.
    async fn is_met(&self) -> Option<bool> {
        self.row.is_met
    }

    /// Link to evidence (minh chứng); null where none was given.
    async fn evidence_url(&self) -> Option<&str> {
        self.row.evidence_url.as_deref()
    }

    /// Explanation (giải trình); null where none was given.
    async fn explanation(&self) -> Option<&str> {
        self.row.explanation.as_deref()
    }

    /// Reason of the last change, or of a verified score that differs from the self score; null where none was given.
    async fn reason(&self) -> Option<&str> {
        self.row.reason.as_deref()
    }

    /// When it was last recorded.
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.row.recorded_at)
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.row.version
    }

    /// Changes since it was first given, oldest first.
    async fn changes(&self, ctx: &Context<'_>) -> Result<Vec<ScoreChange>> {
        let rows = ctx.gate()?.load_by(related::Changes(self.row.id)).await?;
        let tenant = ctx.gate()?.actor()?.tenant;
        Ok(rows.into_iter().map(|row| ScoreChange::seen_from(tenant, row)).collect())
    }
}
