//! What the law said of the nominees at each step, as it was written down.
//! Nothing is evaluated here.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, Object, dataloader};
use entity::appraisal::{self, Step};
use entity::{appraisal_finding, nominee};
use sea_orm::{ColumnTrait, QueryOrder};
use uuid::Uuid;

use super::Nominee;
use super::related::grouped;
use crate::access::{Act, Gate, Loader};
use crate::domain::Ask;
use crate::domain::rule::{self, EligibilityOutcome, Rules, Verdict};
use crate::error::{Error, Result};
use crate::scalar::{Date, DateTime};

/// What the law said of the nominees when a submission took a step.
#[derive(Clone)]
pub(crate) struct Appraisal(Arc<appraisal::Model>);

/// What the law said of the nominees when a submission took a step; written once, never changed.
#[Object]
impl Appraisal {
    /// The step.
    async fn step(&self) -> Step {
        self.0.step
    }

    /// When it was taken.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// Name of the one who took it, as it was then.
    async fn actor_name(&self) -> &str {
        &self.0.actor_name
    }

    /// SHA-256 of the rules that applied, 64 hexadecimal digits: the version of the law.
    async fn rules_hash(&self) -> &str {
        &self.0.rules_hash
    }

    /// What was said of each nominee, in the order of the list.
    async fn findings(&self, ctx: &Context<'_>) -> Result<Vec<AppraisalFinding>> {
        let rows = ctx.gate()?.load_by(Findings(self.0.id)).await?;
        let rules = rule::thaw_rules(&self.0.rules)?;
        let of = |row| AppraisalFinding { row, rules: Arc::clone(&rules) };
        Ok(rows.into_iter().map(of).collect())
    }
}

/// What the law said of one nominee.
pub(crate) struct AppraisalFinding {
    row: appraisal_finding::Model,
    rules: Rules,
}

/// What the law said of one nominee at a step, with the facts it rested on.
#[Object]
impl AppraisalFinding {
    /// The nominee; null when he was taken off the list since.
    async fn nominee(&self, ctx: &Context<'_>) -> Option<Result<Nominee>> {
        let found = ctx.gate().ok()?.load::<nominee::Entity>(self.row.nominee_id).await;
        found.map(|row| row.map(Nominee::from)).transpose()
    }

    /// Name of the nominee, as it was then.
    async fn nominee_name(&self) -> &str {
        &self.row.nominee_name
    }

    /// Place in the list, from 1.
    async fn position(&self) -> i32 {
        self.row.position
    }

    /// Code of the title or form.
    async fn award_type_code(&self) -> &str {
        &self.row.award_type_code
    }

    /// How it stood; unknown for a name that was only written down.
    async fn verdict(&self) -> Verdict {
        Verdict::named(&self.row.verdict)
    }

    /// The day whose rules applied; null for a name that was only written down.
    async fn rules_of(&self) -> Option<Date> {
        self.row.rules_of.map(Date)
    }

    /// What came of each rule, as it was worded then.
    #[expect(clippy::unused_async, reason = "resolvers are async")]
    async fn outcomes(&self) -> Result<Vec<EligibilityOutcome>> {
        rule::thaw(&self.row.outcomes, &self.rules)
    }
}

/// The appraisals of one submission.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Appraisals(pub(super) Uuid);

/// The findings of one appraisal.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Findings(Uuid);

impl dataloader::Loader<Appraisals> for Loader {
    type Value = Vec<Appraisal>;
    type Error = Arc<Error>;

    async fn load(
        &self,
        keys: &[Appraisals],
    ) -> Result<HashMap<Appraisals, Self::Value>, Arc<Error>> {
        let rows = appraisals(self.gate(), keys).await.map_err(Arc::new)?;
        let made = |row| Appraisal(Arc::new(row));
        Ok(grouped(rows, |row| Appraisals(row.submission_id), made))
    }
}

impl dataloader::Loader<Findings> for Loader {
    type Value = Vec<appraisal_finding::Model>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Findings]) -> Result<HashMap<Findings, Self::Value>, Arc<Error>> {
        let rows = findings(self.gate(), keys).await.map_err(Arc::new)?;
        Ok(grouped(rows, |row| Findings(row.appraisal_id), |row| row))
    }
}

async fn appraisals(gate: &Gate, keys: &[Appraisals]) -> Result<Vec<appraisal::Model>> {
    use appraisal::Column;
    gate.rows::<appraisal::Entity>(Act::SubmissionRead)?
        .filter(Column::SubmissionId.is_in(keys.iter().map(|key| key.0)))
        .shape(|select| select.order_by_asc(Column::Id))
        .all()
        .await
}

async fn findings(gate: &Gate, keys: &[Findings]) -> Result<Vec<appraisal_finding::Model>> {
    use appraisal_finding::Column;
    gate.rows::<appraisal_finding::Entity>(Act::SubmissionRead)?
        .filter(Column::AppraisalId.is_in(keys.iter().map(|key| key.0)))
        .shape(|select| select.order_by_asc(Column::Position).order_by_asc(Column::Id))
        .all()
        .await
}
