//! What stands in a criteria set, read for many sets at once.
//! No rule enters here.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader;
use entity::{criteria_set, criterion};
use sea_orm::{ColumnTrait, Condition, QueryOrder};
use uuid::Uuid;

use super::Criterion;
use super::draft::depth_first;
use crate::access::{Act, Gate, Loader};
use crate::error::{Error, Result};

/// The criteria of a set (cluster, set) in the order of the tree.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Tree(pub(super) Uuid, pub(super) Uuid);

/// The criteria right below one (cluster, criterion).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Below(pub(super) Uuid, pub(super) Uuid);

impl dataloader::Loader<Tree> for Loader {
    type Value = Vec<Criterion>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Tree]) -> Result<HashMap<Tree, Vec<Criterion>>, Arc<Error>> {
        trees(self.gate(), keys).await.map_err(Arc::new)
    }
}

impl dataloader::Loader<Below> for Loader {
    type Value = Vec<Criterion>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Below]) -> Result<HashMap<Below, Vec<Criterion>>, Arc<Error>> {
        below(self.gate(), keys).await.map_err(Arc::new)
    }
}

/// The criteria of one set as the caller may read them, in the order of the tree.
pub async fn criteria(gate: &Gate, set: &criteria_set::Model) -> Result<Vec<criterion::Model>> {
    use criterion::Column::{ClusterId, SetId};
    let of_set = Condition::all().add(ClusterId.eq(set.cluster_id)).add(SetId.eq(set.id));
    Ok(in_order(rows(gate, of_set).await?))
}

/// Rows of one set, sorted by position, in the order of the tree.
pub(super) fn in_order(rows: Vec<criterion::Model>) -> Vec<criterion::Model> {
    depth_first(rows, |row| row.id, |row| row.parent_id)
}

async fn rows(gate: &Gate, filter: Condition) -> Result<Vec<criterion::Model>> {
    use criterion::Column::{Code, Position};
    gate.rows::<criterion::Entity>(Act::ClusterRead)?
        .filter(filter)
        .shape(|select| select.order_by_asc(Position).order_by_asc(Code))
        .all()
        .await
}

async fn trees(gate: &Gate, keys: &[Tree]) -> Result<HashMap<Tree, Vec<Criterion>>> {
    use criterion::Column::{ClusterId, SetId};
    let of_these = Condition::all()
        .add(ClusterId.is_in(keys.iter().map(|key| key.0)))
        .add(SetId.is_in(keys.iter().map(|key| key.1)));
    let mut sets: HashMap<Tree, Vec<criterion::Model>> = HashMap::new();
    for row in rows(gate, of_these).await? {
        sets.entry(Tree(row.cluster_id, row.set_id)).or_default().push(row);
    }
    let ordered = |rows| in_order(rows).into_iter().map(Criterion::from).collect();
    Ok(sets.into_iter().map(|(key, rows)| (key, ordered(rows))).collect())
}

async fn below(gate: &Gate, keys: &[Below]) -> Result<HashMap<Below, Vec<Criterion>>> {
    use criterion::Column::{ClusterId, ParentId};
    let of_these = Condition::all()
        .add(ClusterId.is_in(keys.iter().map(|key| key.0)))
        .add(ParentId.is_in(keys.iter().map(|key| key.1)));
    let mut found: HashMap<Below, Vec<Criterion>> = HashMap::new();
    for row in rows(gate, of_these).await? {
        let Some(parent) = row.parent_id else { continue };
        found.entry(Below(row.cluster_id, parent)).or_default().push(row.into());
    }
    Ok(found)
}
