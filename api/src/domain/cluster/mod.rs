//! Clusters and blocs: who is in them and who leads them, year by year.
//! No tenant's own rows enter here: a cluster holds what its members published to it.

mod head;
mod member;
mod mutation;
mod query;
mod related;
pub(super) mod rules;

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::cluster::{self, Kind};
use entity::cluster_head::{self, Position};
use entity::{cluster_member, tenant};
use uuid::Uuid;

use super::tenant::Tenant;
use super::unit::Unit;
use super::{Ask, input, unit};
use crate::access::Gate;
use crate::error::{Error, Result};
use crate::scalar::{Date, DateTime, NodeType};

pub use mutation::ClusterMutation;
pub use query::ClusterQuery;
pub(super) use query::{head, member, node};
pub use related::members_in;
pub(super) use rules::Period;

/// A cluster or bloc of units that compete with each other (cụm thi đua, khối thi đua).
#[derive(Clone)]
pub struct Cluster(Arc<cluster::Model>);

/// A member of a cluster (thành viên cụm, khối), as published to it.
#[derive(Clone)]
pub struct ClusterMember {
    row: Arc<cluster_member::Model>,
    /// The tenant, where it was read together with the member.
    tenant: Option<Tenant>,
}

/// A head or deputy of a cluster in one year (Cụm trưởng, Cụm phó): a member, not a person.
#[derive(Clone)]
pub struct ClusterHead(Arc<cluster_head::Model>);

crate::answer!(Cluster = cluster::Model => 0, ClusterMember = cluster_member::Model => row, ClusterHead = cluster_head::Model => 0);

impl From<cluster::Model> for Cluster {
    fn from(row: cluster::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl From<cluster_member::Model> for ClusterMember {
    fn from(row: cluster_member::Model) -> Self {
        Self { row: Arc::new(row), tenant: None }
    }
}

impl ClusterMember {
    /// A member that was read together with its tenant.
    pub(super) fn with_tenant(row: cluster_member::Model, tenant: Tenant) -> Self {
        Self { row: Arc::new(row), tenant: Some(tenant) }
    }
}

impl From<cluster_head::Model> for ClusterHead {
    fn from(row: cluster_head::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl NodeType for Cluster {
    const PREFIX: &'static str = "Cluster";
}

impl NodeType for ClusterMember {
    const PREFIX: &'static str = "ClusterMember";
}

impl NodeType for ClusterHead {
    const PREFIX: &'static str = "ClusterHead";
}

impl Cluster {
    fn year(&self, gate: &Gate, year: Option<i32>) -> Result<i32> {
        let period = Period::new(self.0.valid_from, self.0.valid_to);
        year.map_or_else(|| Ok(period.shown_year(gate.today())), |year| input::year(year, "year"))
    }
}

/// A cluster or bloc of units that compete with each other (cụm thi đua, khối thi đua). Its members may
/// come from several tenants. Read by roles of the tenant that organises it, by its coordinators and
/// deputies, and by roles of the tenants and units that have a seat in it now or later.
#[Object]
impl Cluster {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// Code, unique among the clusters of its organiser for ever.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Name in Vietnamese.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// How its members were chosen.
    async fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Code of the division it is part of (cơ cấu phân cụm, khối): a unit is never in two clusters of one
    /// organiser and structure at a time.
    async fn structure(&self) -> &str {
        &self.0.structure
    }

    /// The tenant that organises it.
    async fn organiser(&self, ctx: &Context<'_>) -> Result<Tenant> {
        tenant_of(ctx, self.0.organiser_id).await
    }

    /// First day in force.
    async fn valid_from(&self) -> Date {
        Date(self.0.valid_from)
    }

    /// Last day in force; null while it goes on.
    async fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }

    /// Members in force on some day of the year, by position; at most 100 at a time.
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Year, 1948 to 2100; this year when absent, or the last one of a cluster that has ended."
        )]
        year: Option<i32>,
    ) -> Result<Vec<ClusterMember>> {
        let gate = ctx.gate()?;
        gate.load_by(related::Members(self.0.id, self.year(gate, year)?)).await
    }

    /// Head and deputies of the year, the head first; replaced ones are left out.
    async fn heads(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Year, 1948 to 2100; this year when absent, or the last one of a cluster that has ended."
        )]
        year: Option<i32>,
    ) -> Result<Vec<ClusterHead>> {
        let gate = ctx.gate()?;
        gate.load_by(related::Heads(self.0.id, self.year(gate, year)?)).await
    }

    /// Years that have a criteria set, drafts included, in rising order.
    async fn years(&self, ctx: &Context<'_>) -> Result<Vec<i32>> {
        ctx.gate()?.load_by(related::Years(self.0.id)).await
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// A member of a cluster (thành viên cụm, khối): a seat with a name and a tenant as published to the
/// cluster. Read by everyone who reads the cluster.
#[Object]
impl ClusterMember {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.row.id)
    }

    /// The cluster.
    async fn cluster(&self, ctx: &Context<'_>) -> Result<Cluster> {
        let found = ctx.gate()?.load::<cluster::Entity>(self.row.cluster_id).await?;
        found.map(Cluster::from).ok_or_else(|| Error::broken("a member without cluster"))
    }

    /// Name as published to the cluster; until the invitation is accepted, as the organiser wrote it.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// The tenant the member comes from.
    async fn tenant(&self, ctx: &Context<'_>) -> Result<Tenant> {
        match &self.tenant {
            Some(tenant) => Ok(tenant.clone()),
            None => tenant_of(ctx, self.row.tenant_id).await,
        }
    }

    /// The unit itself; null for a caller who may not read it in its own tenant, and while the invitation
    /// is open.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        let unit = self.row.unit_id?;
        own_unit(ctx, self.row.tenant_id, unit).await.transpose()
    }

    /// Place in lists of the cluster, from 1.
    async fn position(&self) -> i32 {
        self.row.position
    }

    /// First day in force.
    async fn valid_from(&self) -> Date {
        Date(self.row.valid_from)
    }

    /// Last day in force; null while it goes on.
    async fn valid_to(&self) -> Option<Date> {
        self.row.valid_to.map(Date)
    }

    /// Whether a unit takes the seat; false while the invitation of another tenant is open.
    async fn is_accepted(&self) -> bool {
        self.row.unit_id.is_some()
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.row.version
    }
}

/// A head or deputy of a cluster in one year (Cụm trưởng, Khối trưởng; Cụm phó, Khối phó): a member, not a
/// person; named users act for it. Read by everyone who reads the cluster.
#[Object]
impl ClusterHead {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The year, 1 January to 31 December.
    async fn year(&self) -> i32 {
        self.0.year
    }

    /// The member that holds the position.
    async fn member(&self, ctx: &Context<'_>) -> Result<ClusterMember> {
        let found = ctx.gate()?.load::<cluster_member::Entity>(self.0.member_id).await?;
        found.map(ClusterMember::from).ok_or_else(|| Error::broken("a head without member"))
    }

    /// The position.
    async fn position(&self) -> Position {
        self.0.position
    }

    /// When another one took the position over; null while it is held.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

async fn tenant_of(ctx: &Context<'_>, id: Uuid) -> Result<Tenant> {
    let found = ctx.gate()?.look_up::<tenant::Entity>(id).await?;
    found.map(Tenant::from).ok_or_else(|| Error::broken("a cluster with an unknown tenant"))
}

async fn own_unit(ctx: &Context<'_>, tenant: Uuid, id: Uuid) -> Result<Option<Unit>> {
    if ctx.gate()?.actor()?.tenant != tenant {
        return Ok(None);
    }
    unit::one(ctx, id).await
}
