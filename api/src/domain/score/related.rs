//! The changes of scores, read for many scores at once.
//! No rule enters here.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader;
use entity::score_change::{self, Column};
use sea_orm::{ColumnTrait, QueryOrder};
use uuid::Uuid;

use crate::access::{Act, Gate, Loader};
use crate::error::{Error, Result};

/// The changes of one score.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Changes(pub(super) Uuid);

impl dataloader::Loader<Changes> for Loader {
    type Value = Vec<score_change::Model>;
    type Error = Arc<Error>;

    async fn load(
        &self,
        keys: &[Changes],
    ) -> Result<HashMap<Changes, Vec<score_change::Model>>, Arc<Error>> {
        changes(self.gate(), keys).await.map_err(Arc::new)
    }
}

async fn changes(
    gate: &Gate,
    keys: &[Changes],
) -> Result<HashMap<Changes, Vec<score_change::Model>>> {
    let rows = gate
        .rows::<score_change::Entity>(Act::ScoreRead)?
        .filter(Column::ScoreId.is_in(keys.iter().map(|key| key.0)))
        .shape(|select| select.order_by_asc(Column::Id))
        .all()
        .await?;
    let mut found: HashMap<Changes, Vec<score_change::Model>> = HashMap::new();
    for row in rows {
        found.entry(Changes(row.score_id)).or_default().push(row);
    }
    Ok(found)
}
