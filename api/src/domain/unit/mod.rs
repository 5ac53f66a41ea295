//! Units: the tree of a tenant, dated, with lineage.
//! Nothing enters here that crosses tenants: clusters do that.

mod mutation;
mod query;
mod related;

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::tenant;
use entity::unit::{self, Kind};

use super::Ask;
use super::tenant::Tenant;
use crate::error::{Error, Result};
use crate::scalar::{Date, NodeType};

pub use mutation::UnitMutation;
pub use query::UnitQuery;
pub(super) use query::node;
pub(super) use related::one;

/// A unit of a tenant (đơn vị): an office, a department, a commune, a division. Units form a tree of
/// any depth; they are dated and never deleted.
#[derive(Clone)]
pub struct Unit(Arc<unit::Model>);

crate::answer!(Unit = unit::Model => 0);

impl From<unit::Model> for Unit {
    fn from(row: unit::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl NodeType for Unit {
    const PREFIX: &'static str = "Unit";
}

/// A unit of a tenant (đơn vị): an office, a department, a commune, a division. Units form a tree of
/// any depth; they are dated and never deleted. Read by roles of the tenant; unit roles read their own
/// unit, those below it and those above it.
#[Object]
impl Unit {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The tenant the unit belongs to.
    async fn tenant(&self, ctx: &Context<'_>) -> Result<Tenant> {
        let found = ctx.gate()?.look_up::<tenant::Entity>(self.0.tenant_id).await?;
        found.map(Tenant::from).ok_or_else(|| Error::broken("a unit without tenant"))
    }

    /// The unit directly above; null for the root, and for a caller who may not read it.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        one(ctx, self.0.parent_id?).await.transpose()
    }

    /// The units above, from the root down to the one directly above.
    async fn ancestors(&self, ctx: &Context<'_>) -> Result<Vec<Unit>> {
        ctx.gate()?.load_by(related::Ancestors(self.0.id)).await
    }

    /// The units directly below that are in force, by name; for large trees page through
    /// `units(withinUnit:, depth: 1)` instead.
    async fn children(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In force on this day; today when absent.")] as_of: Option<Date>,
    ) -> Result<Vec<Unit>> {
        let gate = ctx.gate()?;
        let day = as_of.map_or_else(|| gate.today(), |day| day.0);
        gate.load_by(related::Children(self.0.id, day)).await
    }

    /// Units that this one continues, after a merger or a split.
    async fn predecessors(&self, ctx: &Context<'_>) -> Result<Vec<Unit>> {
        ctx.gate()?.load_by(related::Kin::Predecessors(self.0.id)).await
    }

    /// Units that continue this one.
    async fn successors(&self, ctx: &Context<'_>) -> Result<Vec<Unit>> {
        ctx.gate()?.load_by(related::Kin::Successors(self.0.id)).await
    }

    /// Code within the tenant; unique there for ever.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Name in Vietnamese.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What kind of unit it is.
    async fn kind(&self) -> Kind {
        self.0.kind
    }

    /// First day in force.
    async fn valid_from(&self) -> Date {
        Date(self.0.valid_from)
    }

    /// Last day in force; null while it goes on.
    async fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
