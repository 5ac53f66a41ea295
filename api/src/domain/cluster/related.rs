//! What stands around a cluster, read for many clusters at once.
//! No rule enters here.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader;
use entity::{cluster_head, cluster_member, criteria_set};
use sea_orm::{ColumnTrait, FromQueryResult, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{ClusterHead, ClusterMember};
use crate::access::{Act, Gate, Loader};
use crate::domain::input;
use crate::error::{Error, Result};

/// The members of a cluster in a year.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Members(pub(super) Uuid, pub(super) i32);

/// Head and deputies of a cluster in a year.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Heads(pub(super) Uuid, pub(super) i32);

/// The years in which a cluster has a criteria set.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Years(pub(super) Uuid);

impl dataloader::Loader<Members> for Loader {
    type Value = Vec<ClusterMember>;
    type Error = Arc<Error>;

    async fn load(
        &self,
        keys: &[Members],
    ) -> Result<HashMap<Members, Vec<ClusterMember>>, Arc<Error>> {
        members(self.gate(), keys).await.map_err(Arc::new)
    }
}

impl dataloader::Loader<Heads> for Loader {
    type Value = Vec<ClusterHead>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Heads]) -> Result<HashMap<Heads, Vec<ClusterHead>>, Arc<Error>> {
        heads(self.gate(), keys).await.map_err(Arc::new)
    }
}

impl dataloader::Loader<Years> for Loader {
    type Value = Vec<i32>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Years]) -> Result<HashMap<Years, Vec<i32>>, Arc<Error>> {
        years(self.gate(), keys).await.map_err(Arc::new)
    }
}

/// The members of clusters in force on some day of a year, by position, as the caller may read them.
pub async fn members_in(
    gate: &Gate,
    clusters: &[Uuid],
    year: i32,
) -> Result<Vec<cluster_member::Model>> {
    use cluster_member::Column;
    gate.rows::<cluster_member::Entity>(Act::ClusterRead)?
        .filter(Column::ClusterId.is_in(clusters.iter().copied()))
        .filter(input::in_year(Column::ValidFrom, Column::ValidTo, year))
        .shape(|select| select.order_by_asc(Column::Position).order_by_asc(Column::Id))
        .all()
        .await
}

async fn members(gate: &Gate, keys: &[Members]) -> Result<HashMap<Members, Vec<ClusterMember>>> {
    let mut found: HashMap<Members, Vec<ClusterMember>> = HashMap::new();
    for (year, clusters) in by_year(keys.iter().map(|key| (key.1, key.0))) {
        for row in members_in(gate, &clusters, year).await? {
            found.entry(Members(row.cluster_id, year)).or_default().push(row.into());
        }
    }
    Ok(found)
}

async fn heads(gate: &Gate, keys: &[Heads]) -> Result<HashMap<Heads, Vec<ClusterHead>>> {
    use cluster_head::Column;
    let mut found: HashMap<Heads, Vec<ClusterHead>> = HashMap::new();
    for (year, clusters) in by_year(keys.iter().map(|key| (key.1, key.0))) {
        // HEAD stands behind DEPUTY in the alphabet.
        let rows = gate
            .rows::<cluster_head::Entity>(Act::ClusterRead)?
            .filter(Column::ClusterId.is_in(clusters))
            .filter(Column::Year.eq(year))
            .filter(Column::EndedAt.is_null())
            .shape(|select| select.order_by_desc(Column::Position).order_by_asc(Column::Id))
            .all()
            .await?;
        for row in rows {
            found.entry(Heads(row.cluster_id, year)).or_default().push(row.into());
        }
    }
    Ok(found)
}

#[derive(FromQueryResult)]
struct YearOf {
    cluster_id: Uuid,
    year: i32,
}

async fn years(gate: &Gate, keys: &[Years]) -> Result<HashMap<Years, Vec<i32>>> {
    use criteria_set::Column;
    let rows = gate
        .rows::<criteria_set::Entity>(Act::ClusterRead)?
        .filter(Column::ClusterId.is_in(keys.iter().map(|key| key.0)))
        .shape(|select| {
            let columns = select.select_only().columns([Column::ClusterId, Column::Year]);
            columns.distinct().order_by_asc(Column::Year)
        })
        .all_as::<YearOf>()
        .await?;
    let mut found: HashMap<Years, Vec<i32>> = HashMap::new();
    for row in rows {
        found.entry(Years(row.cluster_id)).or_default().push(row.year);
    }
    Ok(found)
}

fn by_year(keys: impl Iterator<Item = (i32, Uuid)>) -> HashMap<i32, Vec<Uuid>> {
    let mut years: HashMap<i32, Vec<Uuid>> = HashMap::new();
    for (year, cluster) in keys {
        years.entry(year).or_default().push(cluster);
    }
    years
}
