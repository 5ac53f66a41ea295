//! Rows of shared tables, remembered on this node for a minute: they change with a new version of the
//! reference data only, and nearly every answer names some of them. No row that has an owner enters here.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entity::owned::Shared;
use quick_cache::sync::Cache;
use sea_orm::ModelTrait;
use uuid::Uuid;

use super::gate::Gate;
use super::loader::uuid;
use crate::error::Result;

/// Rows that one node remembers.
const ROWS: usize = 10_000;
/// How long a row is believed.
const BELIEVED: TimeDelta = TimeDelta::minutes(1);

/// The rows remembered.
#[derive(Clone)]
pub(super) struct Shelf(Arc<Cache<(TypeId, Uuid), Kept>>);

#[derive(Clone)]
struct Kept {
    row: Arc<dyn Any + Send + Sync>,
    read_at: DateTime<Utc>,
}

impl Default for Shelf {
    fn default() -> Self {
        Self(Arc::new(Cache::new(ROWS)))
    }
}

impl std::fmt::Debug for Shelf {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Shelf")
    }
}

impl Shelf {
    fn take<E: Shared>(&self, id: Uuid, now: DateTime<Utc>) -> Option<Arc<E::Model>>
    where
        E::Model: Sync + 'static,
    {
        let kept = self.0.get(&(TypeId::of::<E>(), id))?;
        let is_fresh = now.signed_duration_since(kept.read_at).abs() < BELIEVED;
        kept.row.downcast().ok().filter(|_| is_fresh)
    }

    /// Remembers a row, unless a tenant added it; hands it back.
    fn keep<E: Shared>(&self, id: Uuid, row: Arc<E::Model>, read_at: DateTime<Utc>) -> Arc<E::Model>
    where
        E::Model: Sync + 'static,
    {
        let has_owner = E::maker().is_some_and(|maker| uuid(&row.get(maker)).is_some());
        if !has_owner {
            let row = Arc::<E::Model>::clone(&row);
            self.0.insert((TypeId::of::<E>(), id), Kept { row, read_at });
        }
        row
    }
}

impl Gate {
    /// Rows of a shared table by their ids, at most a minute old; one statement for all that are not
    /// remembered, none when all are.
    pub async fn shared<E: Shared>(
        &self,
        ids: impl IntoIterator<Item = Uuid> + Send,
    ) -> Result<HashMap<Uuid, Arc<E::Model>>>
    where
        E::Model: Sync + 'static,
    {
        let rows = self.catalogue::<E>()?;
        let (kept, now) = (&self.inner().database.shelf, self.now());
        let mut found = HashMap::new();
        let mut missing = Vec::new();
        for id in ids {
            match kept.take::<E>(id, now) {
                Some(row) => drop(found.insert(id, row)),
                None => missing.push(id),
            }
        }
        if missing.is_empty() {
            return Ok(found);
        }
        for row in rows.filter(sea_orm::ColumnTrait::is_in(&E::id(), missing)).all().await? {
            if let Some(id) = uuid(&row.get(E::id())) {
                found.insert(id, kept.keep::<E>(id, Arc::new(row), now));
            }
        }
        Ok(found)
    }
}
