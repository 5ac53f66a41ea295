//! The seats of the caller's units in clusters, seen from inside a write.
//! No domain enters here.

use entity::{cluster, cluster_member};
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::gate::find;
use super::tx::Tx;
use crate::error::Result;

impl Tx {
    /// Every seat of one of the caller's units in the clusters of one organiser and structure, past and
    /// to come, whoever may read them. Whoever else asks stands in line until the end, so that nobody gives
    /// the unit another seat meanwhile. The unit must have been entered before.
    pub async fn seats(
        &self,
        unit: Uuid,
        organiser: Uuid,
        structure: &str,
    ) -> Result<Vec<(cluster::Model, cluster_member::Model)>> {
        use cluster::Column::{Id, OrganiserId, Structure};
        use cluster_member::Column::{TenantId, UnitId};
        self.demand(unit)?;
        self.stand_in_line(&format!("structure {structure}"), organiser).await?;
        let seats = find::<cluster_member::Entity>()
            .filter(TenantId.eq(self.gate().actor()?.tenant))
            .filter(UnitId.eq(unit))
            .all(&self.at::<cluster_member::Entity>())
            .await?;
        // A cluster that the tenant has left no longer shows of itself.
        let today = self.gate().today();
        for left in seats.iter().filter(|seat| seat.valid_to.is_some_and(|day| day < today)) {
            self.lease.enter_cluster(left.cluster_id).await?;
        }
        let clusters = find::<cluster::Entity>()
            .filter(OrganiserId.eq(organiser))
            .filter(Structure.eq(structure))
            .filter(Id.is_in(seats.iter().map(|seat| seat.cluster_id)))
            .all(&self.at::<cluster_member::Entity>())
            .await?;
        let with_cluster = |seat: cluster_member::Model| {
            let cluster = clusters.iter().find(|cluster| cluster.id == seat.cluster_id)?;
            Some((cluster.clone(), seat))
        };
        Ok(seats.into_iter().filter_map(with_cluster).collect())
    }
}
