//! Reads of movements.
//! No write enters here.

use async_graphql::{Context, ID, InputObject, Object, OneofObject};
use entity::movement::{self, Column, Duration, Form, Level, Scope};
use sea_orm::Condition;

use super::Movement;
use super::form::{self, MovementForm, MovementFormBasis};
use crate::access::{Act, Gate};
use crate::domain::unit::Unit;
use crate::domain::{Ask, input};
use crate::error::Result;
use crate::filter::{DateFilter, IdFilter, NameFilter, combine, row_id};
use crate::page::{Direction, Key, List, OrderBy, PageArgs, PageRequest, fingerprint};

crate::enum_filter!(
    /// Comparators of `MovementLevel`.
    MovementLevelFilter, Level
);
crate::enum_filter!(
    /// Comparators of `MovementScope`.
    MovementScopeFilter, Scope
);
crate::enum_filter!(
    /// Comparators of `EmulationForm`.
    MovementFormFilter, Form
);
crate::enum_filter!(
    /// Comparators of `MovementDuration`.
    MovementDurationFilter, Duration
);

/// Conditions on movements; all given ones must hold.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub(crate) struct MovementWhere {
    /// All of these hold.
    and: Option<Vec<MovementWhere>>,
    /// One of these holds.
    or: Option<Vec<MovementWhere>>,
    /// This does not hold; a row without the value that is asked for is found neither way.
    not: Option<Box<MovementWhere>>,
    /// By id.
    id: Option<IdFilter>,
    /// By the unit in whose register it stands.
    unit_id: Option<IdFilter>,
    /// By name.
    name: Option<NameFilter>,
    /// By who launched it.
    level: Option<MovementLevelFilter>,
    /// By those for whom it is held.
    scope: Option<MovementScopeFilter>,
    /// By how it is held.
    form: Option<MovementFormFilter>,
    /// By how long it lasts.
    duration: Option<MovementDurationFilter>,
    /// By the day it was launched.
    launched_on: Option<DateFilter>,
    /// By its last day.
    ends_on: Option<DateFilter>,
}

impl MovementWhere {
    fn condition(self) -> Result<Condition> {
        let mut all = combine(self.and, self.or, self.not, Self::condition)?;
        if let Some(filter) = self.id {
            all = all.add(filter.on::<Movement>(Column::Id)?);
        }
        if let Some(filter) = self.unit_id {
            all = all.add(filter.on::<Unit>(Column::UnitId)?);
        }
        if let Some(filter) = self.name {
            all = all.add(filter.on(Column::Name, Column::NameSearch)?);
        }
        if let Some(filter) = self.level {
            all = all.add(filter.on(Column::Level)?);
        }
        if let Some(filter) = self.scope {
            all = all.add(filter.on(Column::Scope)?);
        }
        if let Some(filter) = self.form {
            all = all.add(filter.on(Column::Form)?);
        }
        if let Some(filter) = self.duration {
            all = all.add(filter.on(Column::Duration)?);
        }
        for (filter, column) in
            [(self.launched_on, Column::LaunchedOn), (self.ends_on, Column::EndsOn)]
        {
            if let Some(filter) = filter {
                all = all.add(filter.on(column)?);
            }
        }
        Ok(all)
    }
}

/// One key of the order of movements.
#[derive(Clone, Debug, Hash, OneofObject)]
pub(crate) enum MovementOrder {
    /// By the day they were launched.
    LaunchedOn(OrderBy),
    /// By name.
    Name(OrderBy),
}

impl MovementOrder {
    fn key(&self) -> Key<movement::Entity> {
        let (column, order) = match self {
            Self::LaunchedOn(order) => (Column::LaunchedOn, order),
            Self::Name(order) => (Column::Name, order),
        };
        Key { column, direction: order.direction }
    }
}

/// Questions about movements.
#[derive(Default)]
pub struct MovementQuery;

/// Questions about movements.
#[Object]
impl MovementQuery {
    /// One movement by its id; null when there is none or the caller may not read it.
    async fn movement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the movement.")] id: ID,
    ) -> Option<Result<Movement>> {
        async { node(ctx.gate()?, &id).await }.await.transpose()
    }

    /// Movements of the current tenant.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a list")]
    async fn movements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions.")] r#where: Option<MovementWhere>,
        #[graphql(desc = "Order; the last launched first when absent.")] order_by: Option<
            Vec<MovementOrder>,
        >,
        #[graphql(desc = "Of this unit and those below it.")] within_unit: Option<ID>,
        #[graphql(desc = "With `withinUnit`: at most so many steps down; all when absent.")] depth: Option<i32>,
        #[graphql(desc = "How many from the beginning, 0 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<List<Movement>> {
        let gate = ctx.gate()?;
        let conditions = fingerprint("movements", &(&r#where, &order_by, &within_unit, depth));
        let newest = || vec![MovementOrder::LaunchedOn(OrderBy { direction: Direction::Desc })];
        let keys = order_by.unwrap_or_else(newest).iter().take(3).map(MovementOrder::key).collect();
        let request =
            PageRequest::new(ctx, PageArgs { first, after, last, before }, keys, conditions);
        let mut rows = gate.rows::<movement::Entity>(Act::MovementRead)?;
        rows = rows.filter(r#where.unwrap_or_default().condition()?);
        if let Some(above) = within_unit {
            let above = row_id::<Unit>(&above).unwrap_or_default();
            rows = rows.filter(gate.within(Column::UnitId, above, depth)?);
        }
        Ok(rows.page(request).await?.list(Movement::from))
    }

    /// Form 0601.N/BNV-TĐKT (Thông tư 02/2023/TT-BNV): movements of a year by who launched them and for whom, split
    /// by how long they last and how they are held; every cell says by which conditions of `movements` its rows are
    /// found. What is not known is counted as not known.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a question")]
    async fn movement_form(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Year of the report, 1948 to 2100.")] year: i32,
        #[graphql(desc = "Which movements belong to the year.", default)] basis: MovementFormBasis,
        #[graphql(desc = "Of this unit and those below it; of the whole tenant when absent.")]
        within_unit: Option<ID>,
    ) -> Result<MovementForm> {
        let year = input::year(year, "year")?;
        let above = within_unit.map(|id| row_id::<Unit>(&id).unwrap_or_default());
        form::read(ctx.gate()?, (year, basis), above).await
    }
}

pub(in crate::domain) async fn node(gate: &Gate, id: &ID) -> Result<Option<Movement>> {
    let Some(id) = row_id::<Movement>(id) else { return Ok(None) };
    Ok(gate.load::<movement::Entity>(id).await?.map(Movement::from))
}
