//! What hangs on an award, read for many awards at once.
//! No rule enters here.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader;
use entity::award_proposal::State;
use entity::{award, award_act, award_proposal};
use sea_orm::{ColumnTrait, QueryOrder};
use uuid::Uuid;

use super::Award;
use crate::access::{Act, Gate, Loader};
use crate::error::{Error, Result};

/// The acts of an award.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Acts(pub(super) Uuid);

/// The award that a nominee was given.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct GivenTo(pub(in crate::domain) Uuid);

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

impl dataloader::Loader<GivenTo> for Loader {
    type Value = Option<Award>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[GivenTo]) -> Result<HashMap<GivenTo, Option<Award>>, Arc<Error>> {
        given(self.gate(), keys).await.map_err(Arc::new)
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

async fn given(gate: &Gate, keys: &[GivenTo]) -> Result<HashMap<GivenTo, Option<Award>>> {
    use award::Column::{Id, NomineeId};
    let rows = gate
        .rows::<award::Entity>(Act::AwardRead)?
        .filter(NomineeId.is_in(keys.iter().map(|key| key.0)))
        .shape(|select| select.order_by_asc(Id))
        .all()
        .await?;
    let pair = |row: award::Model| Some((GivenTo(row.nominee_id?), Some(Award::from(row))));
    Ok(rows.into_iter().filter_map(pair).collect())
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
