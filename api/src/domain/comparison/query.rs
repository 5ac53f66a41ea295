//! Reads of comparisons.
//! No write enters here.

use async_graphql::{Context, ID, Object};
use uuid::Uuid;

use super::load;
use super::nouns::{ClusterComparison, assemble};
use crate::access::Gate;
use crate::domain::Ask;
use crate::domain::cluster::Cluster;
use crate::error::Result;
use crate::filter::row_id;

/// Questions about comparisons.
#[derive(Default)]
pub struct ComparisonQuery;

/// Questions about comparisons.
#[Object]
impl ComparisonQuery {
    /// The comparison of the members of a cluster in a year; null when the caller may not read the cluster.
    async fn cluster_comparison(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cluster.")] cluster_id: ID,
        #[graphql(desc = "The year, such as 2025.")] year: i32,
    ) -> Option<Result<ClusterComparison>> {
        compare(ctx, &cluster_id, year).await.transpose()
    }
}

async fn compare(ctx: &Context<'_>, id: &ID, year: i32) -> Result<Option<ClusterComparison>> {
    let gate = ctx.gate()?;
    let Some(cluster) = row_id::<Cluster>(id) else { return Ok(None) };
    of(gate, cluster, year).await
}

/// The comparison of a cluster in a year as the caller may read it.
pub(in crate::domain) async fn of(
    gate: &Gate,
    cluster: Uuid,
    year: i32,
) -> Result<Option<ClusterComparison>> {
    load::read(gate, cluster, year).await?.map(assemble).transpose()
}
