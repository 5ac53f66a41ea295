//! Reads of councils.
//! No write enters here.

use async_graphql::{Context, ID, InputObject, Object, OneofObject};
use entity::council::{self, Column, Kind};
use sea_orm::Condition;
use uuid::Uuid;

use super::Council;
use crate::access::{Act, Gate};
use crate::domain::unit::Unit;
use crate::domain::{Ask, input};
use crate::error::Result;
use crate::filter::{IdFilter, NameFilter, combine, row_id};
use crate::page::{Key, List, OrderBy, PageArgs, PageRequest, fingerprint};
use crate::scalar::Date;

crate::enum_filter!(
    /// Comparators of `CouncilKind`.
    CouncilKindFilter, Kind
);

/// Conditions on councils; all given ones must hold.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub(crate) struct CouncilWhere {
    /// All of these hold.
    and: Option<Vec<CouncilWhere>>,
    /// One of these holds.
    or: Option<Vec<CouncilWhere>>,
    /// This does not hold; a row without the value that is asked for is found neither way.
    not: Option<Box<CouncilWhere>>,
    /// By id.
    id: Option<IdFilter>,
    /// By the council whose standing part it is.
    parent_id: Option<IdFilter>,
    /// By the office whose council it is; the council of the tenant itself has none.
    unit_id: Option<IdFilter>,
    /// By name.
    name: Option<NameFilter>,
    /// By kind.
    kind: Option<CouncilKindFilter>,
}

impl CouncilWhere {
    fn condition(self) -> Result<Condition> {
        let mut all = combine(self.and, self.or, self.not, Self::condition)?;
        for (filter, column) in [(self.id, Column::Id), (self.parent_id, Column::ParentId)] {
            if let Some(filter) = filter {
                all = all.add(filter.on::<Council>(column)?);
            }
        }
        if let Some(filter) = self.unit_id {
            all = all.add(filter.on::<Unit>(Column::UnitId)?);
        }
        if let Some(filter) = self.name {
            all = all.add(filter.on(Column::Name, Column::NameSearch)?);
        }
        if let Some(filter) = self.kind {
            all = all.add(filter.on(Column::Kind)?);
        }
        Ok(all)
    }
}

/// One key of the order of councils.
#[derive(Clone, Debug, Hash, OneofObject)]
pub(crate) enum CouncilOrder {
    /// By name.
    Name(OrderBy),
    /// By the first day in force.
    ValidFrom(OrderBy),
}

impl CouncilOrder {
    fn key(&self) -> Key<council::Entity> {
        let (column, order) = match self {
            Self::Name(order) => (Column::Name, order),
            Self::ValidFrom(order) => (Column::ValidFrom, order),
        };
        Key { column, direction: order.direction }
    }
}

/// Questions about councils.
#[derive(Default)]
pub struct CouncilQuery;

/// Questions about councils.
#[Object]
impl CouncilQuery {
    /// One council of the current tenant by its id, whatever its dates; null when there is none or the
    /// caller may not read it.
    async fn council(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the council.")] id: ID,
    ) -> Option<Result<Council>> {
        async { node(ctx.gate()?, &id).await }.await.transpose()
    }

    /// Councils of the current tenant that the caller may read: those of the tenant, or those in which the caller
    /// holds a seat. Those in force today, unless `asOf` names another day.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a list")]
    async fn councils(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions.")] r#where: Option<CouncilWhere>,
        #[graphql(desc = "Order; by name when absent.")] order_by: Option<Vec<CouncilOrder>>,
        #[graphql(desc = "In force on this day; today when absent.")] as_of: Option<Date>,
        #[graphql(desc = "How many from the beginning, 0 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<List<Council>> {
        let gate = ctx.gate()?;
        let conditions = fingerprint("councils", &(&r#where, &order_by, as_of));
        let order = order_by.unwrap_or_else(|| vec![CouncilOrder::Name(OrderBy::default())]);
        let keys = order.iter().take(3).map(CouncilOrder::key).collect();
        let request =
            PageRequest::new(ctx, PageArgs { first, after, last, before }, keys, conditions);
        let day = as_of.map_or_else(|| gate.today(), |day| day.0);
        let mut rows = gate.rows::<council::Entity>(Act::CouncilRead)?;
        rows = rows.filter(input::in_force(Column::ValidFrom, Column::ValidTo, day));
        rows = rows.filter(r#where.unwrap_or_default().condition()?);
        Ok(rows.page(request).await?.list(Council::from))
    }
}

pub(in crate::domain) async fn node(gate: &Gate, id: &ID) -> Result<Option<Council>> {
    let Some(id) = row_id::<Council>(id) else { return Ok(None) };
    Ok(gate.load::<council::Entity>(id).await?.map(Council::from))
}

/// One council as the caller may read it, batched.
pub(in crate::domain) async fn one(ctx: &Context<'_>, id: Uuid) -> Result<Option<Council>> {
    Ok(ctx.gate()?.load::<council::Entity>(id).await?.map(Council::from))
}
