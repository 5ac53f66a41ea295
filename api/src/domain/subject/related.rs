//! What stands around a subject, read for many subjects at once.
//! No rule enters here.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader;
use entity::subject_membership::{self, Column};
use sea_orm::{ColumnTrait, QueryOrder};
use uuid::Uuid;

use crate::access::{Act, Loader};
use crate::error::{Error, Result};

/// The times in which one subject belonged to units.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Memberships(pub(super) Uuid);

impl dataloader::Loader<Memberships> for Loader {
    type Value = Vec<subject_membership::Model>;
    type Error = Arc<Error>;

    async fn load(
        &self,
        keys: &[Memberships],
    ) -> Result<HashMap<Memberships, Self::Value>, Arc<Error>> {
        let rows = self.gate().rows::<subject_membership::Entity>(Act::SubjectRead);
        let rows = rows
            .map_err(Arc::new)?
            .filter(Column::SubjectId.is_in(keys.iter().map(|key| key.0)))
            .shape(|select| select.order_by_asc(Column::ValidFrom))
            .all()
            .await
            .map_err(Arc::new)?;
        let mut found: HashMap<_, Self::Value> = HashMap::new();
        for row in rows {
            found.entry(Memberships(row.subject_id)).or_default().push(row);
        }
        Ok(found)
    }
}
