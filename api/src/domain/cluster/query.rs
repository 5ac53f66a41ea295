//! Reads of clusters.
//! No write enters here.

use async_graphql::{Context, ID, InputObject, Object, OneofObject};
use entity::cluster::{self, Column, Kind};
use entity::{cluster_head, cluster_member, unit};
use sea_orm::{ColumnTrait, Condition};

use super::{Cluster, ClusterHead, ClusterMember};
use crate::access::{Act, Gate};
use crate::domain::tenant::Tenant;
use crate::domain::unit::Unit;
use crate::domain::{Ask, input};
use crate::error::Result;
use crate::filter::{IdFilter, TextFilter, combine, row_id};
use crate::page::{Key, List, OrderBy, PageArgs, PageRequest, fingerprint};
use crate::scalar::Date;

crate::enum_filter!(
    /// Comparators of `ClusterKind`.
    ClusterKindFilter, Kind
);

/// Conditions on clusters; all given ones must hold.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub(crate) struct ClusterWhere {
    /// All of these hold.
    and: Option<Vec<ClusterWhere>>,
    /// One of these holds.
    or: Option<Vec<ClusterWhere>>,
    /// This does not hold; a row without the value that is asked for is found neither way.
    not: Option<Box<ClusterWhere>>,
    /// By id.
    id: Option<IdFilter>,
    /// By code.
    code: Option<TextFilter>,
    /// By name, exactly as written.
    name: Option<TextFilter>,
    /// By kind.
    kind: Option<ClusterKindFilter>,
    /// By the code of the division.
    structure: Option<TextFilter>,
    /// By the tenant that organises it.
    organiser_id: Option<IdFilter>,
    /// By a unit of the current tenant that is a member, or was or will be one.
    member_unit_id: Option<ID>,
}

impl ClusterWhere {
    fn condition(self, gate: &Gate) -> Result<Condition> {
        let mut all = combine(self.and, self.or, self.not, |part| part.condition(gate))?;
        if let Some(unit) = self.member_unit_id {
            all = all.add(with_member(gate, &unit)?);
        }
        if let Some(filter) = self.id {
            all = all.add(filter.on::<Cluster>(Column::Id)?);
        }
        if let Some(filter) = self.organiser_id {
            all = all.add(filter.on::<Tenant>(Column::OrganiserId)?);
        }
        let texts = [
            (self.code, Column::Code),
            (self.name, Column::Name),
            (self.structure, Column::Structure),
        ];
        for (filter, column) in texts {
            if let Some(filter) = filter {
                all = all.add(filter.on(column)?);
            }
        }
        if let Some(filter) = self.kind {
            all = all.add(filter.on(Column::Kind)?);
        }
        Ok(all)
    }
}

/// Clusters in which a unit of the own tenant has a seat. The units of other tenants are not published to a cluster.
fn with_member(gate: &Gate, id: &ID) -> Result<Condition> {
    use cluster_member::Column as Of;
    let units = gate.rows::<unit::Entity>(Act::UnitRead)?.column(unit::Column::Id);
    let seats = gate
        .rows::<cluster_member::Entity>(Act::ClusterRead)?
        .filter(Of::TenantId.eq(gate.actor()?.tenant))
        .filter(Of::UnitId.in_subquery(units))
        .filter(Of::UnitId.eq(row_id::<Unit>(id).unwrap_or_default()))
        .column(Of::ClusterId);
    Ok(Condition::all().add(Column::Id.in_subquery(seats)))
}

/// One key of the order of clusters.
#[derive(Clone, Debug, Hash, OneofObject)]
pub(crate) enum ClusterOrder {
    /// By code.
    Code(OrderBy),
    /// By name.
    Name(OrderBy),
}

impl ClusterOrder {
    fn key(&self) -> Key<cluster::Entity> {
        let (column, order) = match self {
            Self::Code(order) => (Column::Code, order),
            Self::Name(order) => (Column::Name, order),
        };
        Key { column, direction: order.direction }
    }
}

/// Questions about clusters.
#[derive(Default)]
pub struct ClusterQuery;

/// Questions about clusters.
#[Object]
impl ClusterQuery {
    /// One cluster by its id, whatever its dates; null when there is none or the caller may not read it.
    async fn cluster(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the cluster.")] id: ID,
    ) -> Option<Result<Cluster>> {
        async { node(ctx.gate()?, &id).await }.await.transpose()
    }

    /// Clusters that the caller may read: those the current tenant organises, those it leads, and those in which it
    /// has a seat. Present and former ones, unless `asOf` names a day on which they were in force.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a list")]
    async fn clusters(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions.")] r#where: Option<ClusterWhere>,
        #[graphql(desc = "Order, at most three keys; by code when absent.")] order_by: Option<
            Vec<ClusterOrder>,
        >,
        #[graphql(desc = "In force on this day; present and former ones when absent.")]
        as_of: Option<Date>,
        #[graphql(desc = "How many from the beginning, 0 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<List<Cluster>> {
        let conditions = fingerprint("clusters", &(&r#where, &order_by, as_of));
        let order = order_by.unwrap_or_else(|| vec![ClusterOrder::Code(OrderBy::default())]);
        let keys = order.iter().take(3).map(ClusterOrder::key).collect();
        let page = PageRequest::new(ctx, PageArgs { first, after, last, before }, keys, conditions);
        let gate = ctx.gate()?;
        let mut rows = gate.rows::<cluster::Entity>(Act::ClusterRead)?;
        rows = rows.filter(r#where.unwrap_or_default().condition(gate)?);
        if let Some(day) = as_of {
            rows = rows.filter(input::in_force(Column::ValidFrom, Column::ValidTo, day.0));
        }
        Ok(rows.page(page).await?.list(Cluster::from))
    }
}

pub(in crate::domain) async fn node(gate: &Gate, id: &ID) -> Result<Option<Cluster>> {
    let Some(id) = row_id::<Cluster>(id) else { return Ok(None) };
    Ok(gate.load::<cluster::Entity>(id).await?.map(Cluster::from))
}

pub(in crate::domain) async fn member(gate: &Gate, id: &ID) -> Result<Option<ClusterMember>> {
    let Some(id) = row_id::<ClusterMember>(id) else { return Ok(None) };
    Ok(gate.load::<cluster_member::Entity>(id).await?.map(ClusterMember::from))
}

pub(in crate::domain) async fn head(gate: &Gate, id: &ID) -> Result<Option<ClusterHead>> {
    let Some(id) = row_id::<ClusterHead>(id) else { return Ok(None) };
    Ok(gate.load::<cluster_head::Entity>(id).await?.map(ClusterHead::from))
}
