//! What hangs on a decision, read for many decisions at once.
//! No rule enters here.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader;
use entity::{award, decision_submission, submission};
use sea_orm::{ColumnTrait, QueryOrder};
use uuid::Uuid;

use crate::access::{Act, Gate, Loader};
use crate::domain::registry::Award;
use crate::domain::submission::Submission;
use crate::error::{Error, Result};

/// The submissions that a decision answers.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Answered(pub(super) Uuid);

/// The awards that a decision gave.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Given(pub(super) Uuid);

impl dataloader::Loader<Answered> for Loader {
    type Value = Vec<Submission>;
    type Error = Arc<Error>;

    async fn load(
        &self,
        keys: &[Answered],
    ) -> Result<HashMap<Answered, Vec<Submission>>, Arc<Error>> {
        answered(self.gate(), keys).await.map_err(Arc::new)
    }
}

impl dataloader::Loader<Given> for Loader {
    type Value = Vec<Award>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Given]) -> Result<HashMap<Given, Vec<Award>>, Arc<Error>> {
        given(self.gate(), keys).await.map_err(Arc::new)
    }
}

async fn answered(gate: &Gate, keys: &[Answered]) -> Result<HashMap<Answered, Vec<Submission>>> {
    use decision_submission::Column::{DecisionId, SubmissionId};
    let pairs = gate
        .rows::<decision_submission::Entity>(Act::SubmissionRead)?
        .filter(DecisionId.is_in(keys.iter().map(|key| key.0)))
        .shape(|select| select.order_by_asc(SubmissionId))
        .all()
        .await?;
    let rows = gate
        .rows::<submission::Entity>(Act::SubmissionRead)?
        .filter(submission::Column::Id.is_in(pairs.iter().map(|pair| pair.submission_id)))
        .all()
        .await?;
    let rows: HashMap<Uuid, submission::Model> =
        rows.into_iter().map(|row| (row.id, row)).collect();
    let mut found: HashMap<Answered, Vec<Submission>> = HashMap::new();
    for pair in pairs {
        let of_pair = rows.get(&pair.submission_id).cloned().map(Submission::from);
        found.entry(Answered(pair.decision_id)).or_default().extend(of_pair);
    }
    Ok(found)
}

async fn given(gate: &Gate, keys: &[Given]) -> Result<HashMap<Given, Vec<Award>>> {
    use award::Column::{DecisionId, Id};
    let rows = gate
        .rows::<award::Entity>(Act::AwardRead)?
        .filter(DecisionId.is_in(keys.iter().map(|key| key.0)))
        .shape(|select| select.order_by_asc(Id))
        .all()
        .await?;
    let mut found: HashMap<Given, Vec<Award>> = HashMap::new();
    for row in rows {
        let Some(decision) = row.decision_id else { continue };
        found.entry(Given(decision)).or_default().push(row.into());
    }
    Ok(found)
}
