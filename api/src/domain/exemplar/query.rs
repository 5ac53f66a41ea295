//! Reads of exemplars.
//! No write enters here.

use async_graphql::{Context, ID, InputObject, Object, OneofObject};
use entity::exemplar::{self, Column, Kind};
use sea_orm::Condition;

use super::Exemplar;
use super::coverage::{self, ExemplarCoverage};
use crate::access::{Act, Gate};
use crate::domain::Ask;
use crate::domain::movement::Movement;
use crate::domain::subject::Subject;
use crate::domain::unit::Unit;
use crate::error::Result;
use crate::filter::{DateFilter, IdFilter, NameFilter, TextFilter, combine, row_id};
use crate::page::{Direction, Key, List, OrderBy, PageArgs, PageRequest, fingerprint};

crate::enum_filter!(
    /// Comparators of `ExemplarKind`.
    ExemplarKindFilter, Kind
);

/// Conditions on exemplars; all given ones must hold.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub(crate) struct ExemplarWhere {
    /// All of these hold.
    and: Option<Vec<ExemplarWhere>>,
    /// One of these holds.
    or: Option<Vec<ExemplarWhere>>,
    /// This does not hold; a row without the value that is asked for is found neither way.
    not: Option<Box<ExemplarWhere>>,
    /// By id.
    id: Option<IdFilter>,
    /// By the unit where it was found.
    unit_id: Option<IdFilter>,
    /// By the one it is about.
    subject_id: Option<IdFilter>,
    /// By the movement in which it was found.
    movement_id: Option<IdFilter>,
    /// By title.
    title: Option<NameFilter>,
    /// By kind.
    kind: Option<ExemplarKindFilter>,
    /// By field of activity.
    field: Option<TextFilter>,
    /// By the day it was found.
    discovered_on: Option<DateFilter>,
}

impl ExemplarWhere {
    fn condition(self) -> Result<Condition> {
        let mut all = combine(self.and, self.or, self.not, Self::condition)?;
        if let Some(filter) = self.id {
            all = all.add(filter.on::<Exemplar>(Column::Id)?);
        }
        if let Some(filter) = self.unit_id {
            all = all.add(filter.on::<Unit>(Column::UnitId)?);
        }
        if let Some(filter) = self.subject_id {
            all = all.add(filter.on::<Subject>(Column::SubjectId)?);
        }
        if let Some(filter) = self.movement_id {
            all = all.add(filter.on::<Movement>(Column::MovementId)?);
        }
        if let Some(filter) = self.title {
            all = all.add(filter.on(Column::Title, Column::TitleSearch)?);
        }
        if let Some(filter) = self.kind {
            all = all.add(filter.on(Column::Kind)?);
        }
        if let Some(filter) = self.field {
            all = all.add(filter.on(Column::Field)?);
        }
        if let Some(filter) = self.discovered_on {
            all = all.add(filter.on(Column::DiscoveredOn)?);
        }
        Ok(all)
    }
}

/// One key of the order of exemplars.
#[derive(Clone, Debug, Hash, OneofObject)]
pub(crate) enum ExemplarOrder {
    /// By the day they were found.
    DiscoveredOn(OrderBy),
    /// By title.
    Title(OrderBy),
}

impl ExemplarOrder {
    fn key(&self) -> Key<exemplar::Entity> {
        let (column, order) = match self {
            Self::DiscoveredOn(order) => (Column::DiscoveredOn, order),
            Self::Title(order) => (Column::Title, order),
        };
        Key { column, direction: order.direction }
    }
}

/// Questions about exemplars.
#[derive(Default)]
pub struct ExemplarQuery;

/// Questions about exemplars.
#[Object]
impl ExemplarQuery {
    /// One exemplar by its id; null when there is none or the caller may not read it.
    async fn exemplar(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the exemplar.")] id: ID,
    ) -> Option<Result<Exemplar>> {
        async { node(ctx.gate()?, &id).await }.await.transpose()
    }

    /// Exemplars of the current tenant.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a list")]
    async fn exemplars(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions.")] r#where: Option<ExemplarWhere>,
        #[graphql(desc = "Order; the last found first when absent.")] order_by: Option<
            Vec<ExemplarOrder>,
        >,
        #[graphql(desc = "Of this unit and those below it.")] within_unit: Option<ID>,
        #[graphql(desc = "With `withinUnit`: at most so many steps down; all when absent.")] depth: Option<i32>,
        #[graphql(desc = "How many from the beginning, 0 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<List<Exemplar>> {
        let gate = ctx.gate()?;
        let conditions = fingerprint("exemplars", &(&r#where, &order_by, &within_unit, depth));
        let newest = || vec![ExemplarOrder::DiscoveredOn(OrderBy { direction: Direction::Desc })];
        let keys = order_by.unwrap_or_else(newest).iter().take(3).map(ExemplarOrder::key).collect();
        let request =
            PageRequest::new(ctx, PageArgs { first, after, last, before }, keys, conditions);
        let mut rows = gate.rows::<exemplar::Entity>(Act::ExemplarRead)?;
        rows = rows.filter(r#where.unwrap_or_default().condition()?);
        if let Some(above) = within_unit {
            let above = row_id::<Unit>(&above).unwrap_or_default();
            rows = rows.filter(gate.within(Column::UnitId, above, depth)?);
        }
        Ok(rows.page(request).await?.list(Exemplar::from))
    }

    /// In which fields of activity exemplars were found and how far they came, by field: what is missing is to be
    /// looked for.
    async fn exemplar_coverage(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this unit and those below it; of the whole tenant when absent.")]
        within_unit: Option<ID>,
    ) -> Result<Vec<ExemplarCoverage>> {
        let above = within_unit.map(|id| row_id::<Unit>(&id).unwrap_or_default());
        coverage::read(ctx.gate()?, above).await
    }
}

pub(in crate::domain) async fn node(gate: &Gate, id: &ID) -> Result<Option<Exemplar>> {
    let Some(id) = row_id::<Exemplar>(id) else { return Ok(None) };
    Ok(gate.load::<exemplar::Entity>(id).await?.map(Exemplar::from))
}
