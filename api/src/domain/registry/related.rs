//! What hangs on an award, read for many awards at once.
//! No rule enters here.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader;
use entity::award_proposal::State;
use entity::{award_act, award_proposal};
use sea_orm::{ColumnTrait, QueryOrder};
use uuid::Uuid;

use crate::access::{Act, Gate, Loader};
use crate::error::{Error, Result};

/// The acts of an award.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Acts(pub(super) Uuid);

/// The open proposal about an award.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Open(pub(super) Uuid);

impl dataloader::Loader<Acts> for Loader {
    type Value = Vec<award_act::Model>;
    type Error = Arc<Error>;

    async fn load(
        &self,
        keys: &[Acts],
    ) -> Result<HashMap<Acts, Vec<award_act::Model>>, Arc<Error>> {
        acts(self.gate(), keys).await.map_err(Arc::new)
    }
}

impl dataloader::Loader<Open> for Loader {
    type Value = Option<award_proposal::Model>;
    type Error = Arc<Error>;

    async fn load(
        &self,
        keys: &[Open],
    ) -> Result<HashMap<Open, Option<award_proposal::Model>>, Arc<Error>> {
        open(self.gate(), keys).await.map_err(Arc::new)
    }
}

async fn acts(gate: &Gate, keys: &[Acts]) -> Result<HashMap<Acts, Vec<award_act::Model>>> {
    use award_act::Column::{AwardId, Sequence};
    let rows = gate
        .rows::<award_act::Entity>(Act::AwardRead)?
        .filter(AwardId.is_in(keys.iter().map(|key| key.0)))
        .shape(|select| select.order_by_asc(Sequence))
        .all()
        .await?;
    let mut found: HashMap<Acts, Vec<award_act::Model>> = HashMap::new();
    for row in rows {
        found.entry(Acts(row.award_id)).or_default().push(row);
    }
    Ok(found)
}

async fn open(gate: &Gate, keys: &[Open]) -> Result<HashMap<Open, Option<award_proposal::Model>>> {
    use award_proposal::Column::{AwardId, State as StateColumn};
    let rows = gate
        .rows::<award_proposal::Entity>(Act::AwardRead)?
        .filter(AwardId.is_in(keys.iter().map(|key| key.0)))
        .filter(StateColumn.eq(State::Open))
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| (Open(row.award_id), Some(row))).collect())
}
