//! What stands around a user, read for many users at once.
//! No rule enters here.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, dataloader};
use entity::{account, role_grant};
use sea_orm::{ColumnTrait, QueryOrder};
use uuid::Uuid;

use super::{Grant, User};
use crate::access::{Act, Gate, Loader};
use crate::domain::Ask;
use crate::error::{Error, Result};

/// The grants of one user.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct GrantsOf(pub(super) Uuid);

impl dataloader::Loader<GrantsOf> for Loader {
    type Value = Vec<Grant>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[GrantsOf]) -> Result<HashMap<GrantsOf, Vec<Grant>>, Arc<Error>> {
        grants(self.gate(), keys).await.map_err(Arc::new)
    }
}

async fn grants(gate: &Gate, keys: &[GrantsOf]) -> Result<HashMap<GrantsOf, Vec<Grant>>> {
    use role_grant::Column;
    let rows = gate
        .rows::<role_grant::Entity>(Act::UserRead)?
        .filter(Column::UserId.is_in(keys.iter().map(|key| key.0)))
        .shape(|select| select.order_by_asc(Column::ValidFrom).order_by_asc(Column::Id))
        .all()
        .await?;
    let mut found: HashMap<GrantsOf, Vec<Grant>> = HashMap::new();
    for row in rows {
        found.entry(GrantsOf(row.user_id)).or_default().push(row.into());
    }
    Ok(found)
}

/// One user as the caller may read him, batched.
pub(super) async fn user(ctx: &Context<'_>, id: Uuid) -> Result<Option<User>> {
    Ok(ctx.gate()?.load::<account::Entity>(id).await?.map(User::from))
}
