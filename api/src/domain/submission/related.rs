//! What stands below a submission, read for many submissions at once.
//! No rule enters here.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader;
use entity::{nominee, submission, submission_document, submission_transition};
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{ColumnTrait, DbErr, FromQueryResult, QueryOrder, QueryResult, QuerySelect};
use uuid::Uuid;

use super::rules::WORKFLOW;
use super::{Document, Nominee};
use crate::access::{Act, Gate, Loader};
use crate::error::{Error, Result};

/// How many nominees one submission proposes for each title.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Summary(pub(super) Uuid);

/// The nominees of one submission.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Nominees(pub(super) Uuid);

/// The documents of one submission.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Documents(pub(super) Uuid);

/// The steps of one submission.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Transitions(pub(super) Uuid);

/// The acts of the workflow that reach one submission, where the table of rights alone cannot tell.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Reached(pub(super) Uuid);

/// One line of a [`Summary`].
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Part {
    submission_id: Uuid,
    pub(super) award_type_id: Uuid,
    nominees: i64,
}

/// The number of nominees of a summary.
pub(super) fn total(summary: &[Part]) -> usize {
    summary.iter().filter_map(|part| usize::try_from(part.nominees).ok()).sum()
}

macro_rules! batch {
    ($key:ty => $value:ty, $load:path) => {
        impl dataloader::Loader<$key> for Loader {
            type Value = $value;
            type Error = Arc<Error>;

            async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, $value>, Arc<Error>> {
                $load(self.gate(), keys).await.map_err(Arc::new)
            }
        }
    };
}

batch!(Summary => Vec<Part>, summaries);
batch!(Nominees => Vec<Nominee>, nominees);
batch!(Documents => Vec<Document>, documents);
batch!(Transitions => Vec<submission_transition::Model>, transitions);
batch!(Reached => Vec<Act>, reached);

pub(super) async fn summaries(
    gate: &Gate,
    keys: &[Summary],
) -> Result<HashMap<Summary, Vec<Part>>> {
    use nominee::Column;
    let parts: Vec<Part> = gate
        .rows::<nominee::Entity>(Act::SubmissionRead)?
        .filter(Column::SubmissionId.is_in(keys.iter().map(|key| key.0)))
        .shape(|select| {
            select
                .select_only()
                .columns([Column::SubmissionId, Column::AwardTypeId])
                .column_as(Column::Id.count(), "nominees")
                .group_by(Column::SubmissionId)
                .group_by(Column::AwardTypeId)
                .order_by_asc(Column::AwardTypeId)
        })
        .all_as()
        .await?;
    Ok(grouped(parts, |part| Summary(part.submission_id), |part| part))
}

async fn nominees(gate: &Gate, keys: &[Nominees]) -> Result<HashMap<Nominees, Vec<Nominee>>> {
    use nominee::Column;
    let rows = gate
        .rows::<nominee::Entity>(Act::SubmissionRead)?
        .filter(Column::SubmissionId.is_in(keys.iter().map(|key| key.0)))
        .shape(|select| select.order_by_asc(Column::Position).order_by_asc(Column::Id))
        .all()
        .await?;
    Ok(grouped(rows, |row| Nominees(row.submission_id), Nominee::from))
}

async fn documents(gate: &Gate, keys: &[Documents]) -> Result<HashMap<Documents, Vec<Document>>> {
    use submission_document::Column;
    let rows = gate
        .rows::<submission_document::Entity>(Act::SubmissionRead)?
        .filter(Column::SubmissionId.is_in(keys.iter().map(|key| key.0)))
        .shape(|select| select.order_by_asc(Column::Id))
        .all()
        .await?;
    Ok(grouped(rows, |row| Documents(row.submission_id), Document::from))
}

async fn transitions(
    gate: &Gate,
    keys: &[Transitions],
) -> Result<HashMap<Transitions, Vec<submission_transition::Model>>> {
    use submission_transition::Column;
    let rows = gate
        .rows::<submission_transition::Entity>(Act::SubmissionRead)?
        .filter(Column::SubmissionId.is_in(keys.iter().map(|key| key.0)))
        .shape(|select| select.order_by_asc(Column::Id))
        .all()
        .await?;
    Ok(grouped(rows, |row| Transitions(row.submission_id), |row| row))
}

/// Asks for every act at once: one statement, one column an act.
async fn reached(gate: &Gate, keys: &[Reached]) -> Result<HashMap<Reached, Vec<Act>>> {
    use submission::Column;
    let mut rights = Vec::new();
    for edge in &WORKFLOW {
        rights.push((edge.act, SimpleExpr::from(gate.scope::<submission::Entity>(edge.act)?)));
    }
    let rows: Vec<Rights> = gate
        .rows::<submission::Entity>(Act::SubmissionRead)?
        .filter(Column::Id.is_in(keys.iter().map(|key| key.0)))
        .shape(|select| {
            let select = select.select_only().column(Column::Id);
            rights
                .into_iter()
                .fold(select, |select, (act, right)| select.column_as(right, act.name()))
        })
        .all_as()
        .await?;
    Ok(rows.into_iter().map(|row| (Reached(row.id), row.acts)).collect())
}

/// One line of the answer to [`Reached`].
struct Rights {
    id: Uuid,
    acts: Vec<Act>,
}

impl FromQueryResult for Rights {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        let mut acts = Vec::new();
        for edge in &WORKFLOW {
            if row.try_get("", edge.act.name())? {
                acts.push(edge.act);
            }
        }
        Ok(Self { id: row.try_get("", "id")?, acts })
    }
}

pub(super) fn grouped<R, K: Eq + std::hash::Hash, V>(
    rows: Vec<R>,
    key: impl Fn(&R) -> K,
    value: impl Fn(R) -> V,
) -> HashMap<K, Vec<V>> {
    let mut found: HashMap<K, Vec<V>> = HashMap::new();
    for row in rows {
        found.entry(key(&row)).or_default().push(value(row));
    }
    found
}
