//! Reads of criteria sets.
//! No write enters here.

use async_graphql::{Context, ID, Object};
use entity::{criteria_set, criterion};
use sea_orm::{ColumnTrait, Condition, QueryOrder};
use uuid::Uuid;

use super::{CriteriaSet, Criterion};
use crate::access::{Act, Gate};
use crate::domain::Ask;
use crate::domain::cluster::Cluster;
use crate::error::{Code, Fault, Result};
use crate::filter::row_id;

/// Questions about criteria sets.
#[derive(Default)]
pub struct CriterionQuery;

/// Questions about criteria sets.
#[Object]
impl CriterionQuery {
    /// A criteria set by its id, or that of a cluster and year: the locked one, else the newest draft. Null
    /// when there is none or the caller may not read it.
    #[expect(clippy::too_many_arguments, reason = "the two ways to name a set")]
    async fn criteria_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the set; alone.")] id: Option<ID>,
        #[graphql(desc = "Id of the cluster; with `year`.")] cluster_id: Option<ID>,
        #[graphql(desc = "The year; with `clusterId`.")] year: Option<i32>,
    ) -> Option<Result<CriteriaSet>> {
        async { find(ctx.gate()?, id, cluster_id, year).await }.await.transpose()
    }
}

async fn find(
    gate: &Gate,
    id: Option<ID>,
    cluster_id: Option<ID>,
    year: Option<i32>,
) -> Result<Option<CriteriaSet>> {
    match (id, cluster_id, year) {
        (Some(id), None, None) => set(gate, &id).await,
        (None, Some(cluster), Some(year)) => {
            let Some(cluster) = row_id::<Cluster>(&cluster) else { return Ok(None) };
            Ok(current(gate, cluster, year).await?.map(CriteriaSet::from))
        }
        (Some(_) | None, Some(_) | None, Some(_) | None) => {
            let fault = Fault::at(Code::InvalidCombination, "id");
            Err(fault.with("detail", "id | clusterId + year").into())
        }
    }
}

/// The set of a cluster and year as the caller may read it: the locked one, else the newest draft.
pub async fn current(gate: &Gate, cluster: Uuid, year: i32) -> Result<Option<criteria_set::Model>> {
    use criteria_set::Column;
    let of_year = Condition::all().add(Column::ClusterId.eq(cluster)).add(Column::Year.eq(year));
    // LOCKED stands behind DRAFT in the alphabet.
    gate.rows::<criteria_set::Entity>(Act::ClusterRead)?
        .filter(of_year)
        .shape(|select| select.order_by_desc(Column::State).order_by_desc(Column::Revision))
        .first()
        .await
}

pub(in crate::domain) async fn set(gate: &Gate, id: &ID) -> Result<Option<CriteriaSet>> {
    let Some(id) = row_id::<CriteriaSet>(id) else { return Ok(None) };
    Ok(gate.load::<criteria_set::Entity>(id).await?.map(CriteriaSet::from))
}

pub(in crate::domain) async fn node(gate: &Gate, id: &ID) -> Result<Option<Criterion>> {
    let Some(id) = row_id::<Criterion>(id) else { return Ok(None) };
    Ok(gate.load::<criterion::Entity>(id).await?.map(Criterion::from))
}
