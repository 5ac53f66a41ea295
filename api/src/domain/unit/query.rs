//! Reads of units.
//! No write enters here.

use async_graphql::{Context, ID, InputObject, Object, OneofObject};
use entity::unit::{self, Column, Kind};
use sea_orm::Condition;

use super::Unit;
use crate::access::{Act, Gate};
use crate::domain::{Ask, input};
use crate::error::Result;
use crate::filter::{DateFilter, IdFilter, NameFilter, TextFilter, combine, row_id};
use crate::page::{Key, List, OrderBy, PageArgs, PageRequest, fingerprint};
use crate::scalar::Date;

crate::enum_filter!(
    /// Comparators of `UnitKind`.
    UnitKindFilter, Kind
);

/// Conditions on units; all given ones must hold.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub(crate) struct UnitWhere {
    /// All of these hold.
    and: Option<Vec<UnitWhere>>,
    /// One of these holds.
    or: Option<Vec<UnitWhere>>,
    /// This does not hold; a row without the value that is asked for is found neither way.
    not: Option<Box<UnitWhere>>,
    /// By id.
    id: Option<IdFilter>,
    /// By the unit directly above.
    parent_id: Option<IdFilter>,
    /// By code.
    code: Option<TextFilter>,
    /// By name.
    name: Option<NameFilter>,
    /// By kind.
    kind: Option<UnitKindFilter>,
    /// By the first day in force.
    valid_from: Option<DateFilter>,
    /// By the last day in force.
    valid_to: Option<DateFilter>,
}

impl UnitWhere {
    fn condition(self) -> Result<Condition> {
        let mut all = combine(self.and, self.or, self.not, Self::condition)?;
        for (filter, column) in [(self.id, Column::Id), (self.parent_id, Column::ParentId)] {
            if let Some(filter) = filter {
                all = all.add(filter.on::<Unit>(column)?);
            }
        }
        if let Some(filter) = self.code {
            all = all.add(filter.on(Column::Code)?);
        }
        if let Some(filter) = self.name {
            all = all.add(filter.on(Column::Name, Column::NameSearch)?);
        }
        if let Some(filter) = self.kind {
            all = all.add(filter.on(Column::Kind)?);
        }
        for (filter, column) in
            [(self.valid_from, Column::ValidFrom), (self.valid_to, Column::ValidTo)]
        {
            if let Some(filter) = filter {
                all = all.add(filter.on(column)?);
            }
        }
        Ok(all)
    }
}

/// One key of the order of units.
#[derive(Clone, Debug, Hash, OneofObject)]
pub(crate) enum UnitOrder {
    /// By name.
    Name(OrderBy),
    /// By code.
    Code(OrderBy),
    /// By the first day in force.
    ValidFrom(OrderBy),
}

impl UnitOrder {
    fn key(&self) -> Key<unit::Entity> {
        let (column, order) = match self {
            Self::Name(order) => (Column::Name, order),
            Self::Code(order) => (Column::Code, order),
            Self::ValidFrom(order) => (Column::ValidFrom, order),
        };
        Key { column, direction: order.direction }
    }
}

/// Questions about units.
#[derive(Default)]
pub struct UnitQuery;

/// Questions about units.
#[Object]
impl UnitQuery {
    /// One unit of the current tenant by its id, whatever its dates; null when there is none or the
    /// caller may not read it.
    async fn unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the unit.")] id: ID,
    ) -> Option<Result<Unit>> {
        async { node(ctx.gate()?, &id).await }.await.transpose()
    }

    /// Units of the current tenant that the caller may read: those in force today, unless `asOf` names another day.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a list")]
    async fn units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions.")] r#where: Option<UnitWhere>,
        #[graphql(desc = "Order; by name when absent.")] order_by: Option<Vec<UnitOrder>>,
        #[graphql(desc = "In force on this day; today when absent.")] as_of: Option<Date>,
        #[graphql(desc = "This unit and those below it.")] within_unit: Option<ID>,
        #[graphql(
            desc = "With `withinUnit`: at most so many steps down, 0 for the unit alone; all when absent."
        )]
        depth: Option<i32>,
        #[graphql(desc = "How many from the beginning, 0 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<List<Unit>> {
        let gate = ctx.gate()?;
        let conditions = fingerprint("units", &(&r#where, &order_by, as_of, &within_unit, depth));
        let order = order_by.unwrap_or_else(|| vec![UnitOrder::Name(OrderBy::default())]);
        let keys = order.iter().take(3).map(UnitOrder::key).collect();
        let request =
            PageRequest::new(ctx, PageArgs { first, after, last, before }, keys, conditions);
        let day = as_of.map_or_else(|| gate.today(), |day| day.0);
        let mut rows = gate.rows::<unit::Entity>(Act::UnitRead)?;
        rows = rows.filter(input::in_force(Column::ValidFrom, Column::ValidTo, day));
        rows = rows.filter(r#where.unwrap_or_default().condition()?);
        if let Some(above) = within_unit {
            let above = row_id::<Unit>(&above).unwrap_or_default();
            rows = rows.filter(gate.within(Column::Id, above, depth)?);
        }
        Ok(rows.page(request).await?.list(Unit::from))
    }
}

pub(in crate::domain) async fn node(gate: &Gate, id: &ID) -> Result<Option<Unit>> {
    let Some(id) = row_id::<Unit>(id) else { return Ok(None) };
    Ok(gate.load::<unit::Entity>(id).await?.map(Unit::from))
}
