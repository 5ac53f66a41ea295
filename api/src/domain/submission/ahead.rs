//! What a page of submissions is going to be asked for, read for all its rows at once.
//! No rule enters here; a submission that was not prepared asks for the same by itself.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use async_graphql::Context;
use entity::{award_type, submission, unit};
use uuid::Uuid;

use super::Submission;
use super::related::{self, Part, Summary};
use crate::access::{Gate, Rows};
use crate::domain::award::AwardType;
use crate::domain::unit::Unit;
use crate::error::Result;
use crate::page::{Page, PageRequest};

/// A row with what is known beside it.
pub(super) struct Known {
    row: submission::Model,
    pub(super) unit: OnceLock<Option<Unit>>,
    pub(super) summary: OnceLock<Vec<Part>>,
    pub(super) awards: OnceLock<Vec<AwardType>>,
}

impl Known {
    /// The row itself.
    pub(super) fn row(&self) -> &submission::Model {
        &self.row
    }
}

impl From<submission::Model> for Known {
    fn from(row: submission::Model) -> Self {
        Self { row, unit: OnceLock::new(), summary: OnceLock::new(), awards: OnceLock::new() }
    }
}

impl std::ops::Deref for Known {
    type Target = submission::Model;

    fn deref(&self) -> &submission::Model {
        &self.row
    }
}

/// The parts of a page that need more than the rows themselves.
pub(super) struct Wanted {
    unit: bool,
    summary: bool,
    awards: bool,
}

impl Wanted {
    /// What the selection below a list asks for.
    pub(super) fn of(ctx: &Context<'_>) -> Self {
        let asks = |field: &str| {
            ctx.look_ahead().field("nodes").field(field).exists()
                || ctx.look_ahead().field("edges").field("node").field(field).exists()
        };
        let awards = asks("awardTypes");
        let summary = awards || asks("nomineesCount") || asks("allowedActions");
        Self { unit: asks("unit"), summary, awards }
    }

    /// Reads the page itself, with the units of its rows where they are asked for.
    pub(super) async fn page(
        &self,
        rows: Rows<'_, submission::Entity>,
        request: PageRequest<submission::Entity>,
    ) -> Result<Page<Submission>> {
        if !self.unit {
            return Ok(rows.page(request).await?.map(Submission::from));
        }
        let page = rows.page_beside::<unit::Entity>(submission::Column::UnitId, request).await?;
        Ok(page.map(|(row, unit)| {
            let submission = Submission::from(row);
            submission.0.unit.get_or_init(|| unit.map(Unit::from));
            submission
        }))
    }

    /// Reads what stands below it, at most one statement for each part.
    pub(super) async fn prepare(&self, gate: &Gate, page: &[Submission]) -> Result<()> {
        if page.is_empty() {
            return Ok(());
        }
        if self.summary {
            let keys: Vec<Summary> =
                page.iter().map(|submission| Summary(submission.0.id)).collect();
            let mut found = related::summaries(gate, &keys).await?;
            for (submission, key) in page.iter().zip(keys) {
                submission.0.summary.get_or_init(|| found.remove(&key).unwrap_or_default());
            }
        }
        if self.awards {
            awards(gate, page).await?;
        }
        Ok(())
    }
}

async fn awards(gate: &Gate, page: &[Submission]) -> Result<()> {
    let parts = page.iter().filter_map(|submission| submission.0.summary.get()).flatten();
    let ids: HashSet<Uuid> = parts.map(|part| part.award_type_id).collect();
    let found = gate.shared::<award_type::Entity>(ids).await?;
    for submission in page {
        let parts = submission.0.summary.get().into_iter().flatten();
        let awards = parts.filter_map(|part| found.get(&part.award_type_id).cloned());
        submission.0.awards.get_or_init(|| awards.map(AwardType::from).collect());
    }
    Ok(())
}

impl From<submission::Model> for Submission {
    fn from(row: submission::Model) -> Self {
        Self(Arc::new(row.into()))
    }
}
