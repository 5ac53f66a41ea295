//! One batch loader for every table, per request: many single questions become one statement.
//! Each table is read under its own reading act; no domain enters here.

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

use entity::owned::Shared;
use sea_orm::{ColumnTrait, EntityTrait, ModelTrait, Value};
use uuid::Uuid;

use super::Readable;
use super::gate::{Gate, Rows};
use crate::error::Error;

/// Reads batches through a gate.
pub struct Loader(pub(super) Gate);

macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub struct $name<E>(Uuid, PhantomData<fn() -> E>);

        impl<E> $name<E> {
            pub(super) fn new(id: Uuid) -> Self {
                Self(id, PhantomData)
            }
        }

        impl<E> Clone for $name<E> {
            fn clone(&self) -> Self {
                Self(self.0, PhantomData)
            }
        }

        impl<E> PartialEq for $name<E> {
            fn eq(&self, other: &Self) -> bool {
                self.0 == other.0
            }
        }

        impl<E> Eq for $name<E> {}

        impl<E> Hash for $name<E> {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.0.hash(state);
            }
        }
    };
}

key! {
    /// A row that someone owns.
    Key
}
key! {
    /// A row of a shared table.
    Entry
}

impl<E: Readable> async_graphql::dataloader::Loader<Key<E>> for Loader
where
    E::Model: Sync,
{
    type Value = E::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Key<E>]) -> Result<HashMap<Key<E>, E::Model>, Arc<Error>> {
        let rows = self.0.rows::<E>(E::READ).map_err(Arc::new)?;
        let found = by_id(rows, E::id(), keys.iter().map(|key| key.0)).await?;
        Ok(found.into_iter().map(|(id, row)| (Key::new(id), row)).collect())
    }
}

impl<E: Shared> async_graphql::dataloader::Loader<Entry<E>> for Loader
where
    E::Model: Sync,
{
    type Value = Arc<E::Model>;
    type Error = Arc<Error>;

    async fn load(
        &self,
        keys: &[Entry<E>],
    ) -> Result<HashMap<Entry<E>, Arc<E::Model>>, Arc<Error>> {
        let found = self.0.shared::<E>(keys.iter().map(|key| key.0)).await.map_err(Arc::new)?;
        Ok(found.into_iter().map(|(id, row)| (Entry::new(id), row)).collect())
    }
}

async fn by_id<E: EntityTrait>(
    rows: Rows<'_, E>,
    id: E::Column,
    keys: impl Iterator<Item = Uuid>,
) -> Result<Vec<(Uuid, E::Model)>, Arc<Error>> {
    let found = rows.filter(id.is_in(keys)).all().await.map_err(Arc::new)?;
    Ok(found.into_iter().filter_map(|row| uuid(&row.get(id)).map(|id| (id, row))).collect())
}

/// The UUID in a column's value; none for null and for other types.
#[must_use]
pub fn uuid(value: &Value) -> Option<Uuid> {
    if let Value::Uuid(Some(id)) = value { Some(*id) } else { None }
}

impl Loader {
    /// The gate of the request, for loaders that a domain adds.
    #[must_use]
    pub fn gate(&self) -> &Gate {
        &self.0
    }
}

impl Debug for Loader {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Loader")
    }
}
