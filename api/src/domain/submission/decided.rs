//! The decisions that answered submissions, read for many submissions at once.
//! Nothing is decided here.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use async_graphql::dataloader;
use entity::{decision, decision_submission};
use sea_orm::{ColumnTrait, QueryOrder};
use uuid::Uuid;

use super::above;
use crate::access::{Act, Gate, Loader};
use crate::domain::decision::Decision;
use crate::error::{Error, Result};

/// The decisions that answered one submission.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Decisions(pub(super) Uuid);

impl dataloader::Loader<Decisions> for Loader {
    type Value = Vec<Decision>;
    type Error = Arc<Error>;

    async fn load(
        &self,
        keys: &[Decisions],
    ) -> Result<HashMap<Decisions, Vec<Decision>>, Arc<Error>> {
        decisions(self.gate(), keys).await.map_err(Arc::new)
    }
}

async fn decisions(gate: &Gate, keys: &[Decisions]) -> Result<HashMap<Decisions, Vec<Decision>>> {
    let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
    let mut pairs: BTreeSet<(Uuid, Uuid)> = here(gate, &ids).await?.into_iter().collect();
    pairs.extend(above::recorded(gate, &ids).await?);
    let rows = gate
        .rows::<decision::Entity>(Act::DecisionRead)?
        .filter(decision::Column::Id.is_in(pairs.iter().map(|(_, decision)| *decision)))
        .shape(|select| {
            select.order_by_asc(decision::Column::DecidedOn).order_by_asc(decision::Column::Id)
        })
        .all()
        .await?;
    let mut found: HashMap<Decisions, Vec<Decision>> = HashMap::new();
    for row in rows {
        for (submission, _) in pairs.iter().filter(|(_, decision)| *decision == row.id) {
            found.entry(Decisions(*submission)).or_default().push(row.clone().into());
        }
    }
    Ok(found)
}

/// Submissions with the decision of the own tenant that answered each.
async fn here(gate: &Gate, ids: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    let these = decision_submission::Column::SubmissionId.is_in(ids.iter().copied());
    let rows = gate.rows::<decision_submission::Entity>(Act::SubmissionRead)?.filter(these);
    Ok(rows.all().await?.into_iter().map(|row| (row.submission_id, row.decision_id)).collect())
}
