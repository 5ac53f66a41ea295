//! Reads of decisions.
//! No write enters here.

use async_graphql::{Context, ID, InputObject, Object, OneofObject};
use entity::decision::{self, Column, Kind};
use entity::decision_gap;
use sea_orm::{ColumnTrait, Condition, QueryOrder};

use super::{Decision, DecisionGap};
use crate::access::{Act, Gate};
use crate::domain::unit::Unit;
use crate::domain::{Ask, input};
use crate::error::Result;
use crate::filter::{DateFilter, IdFilter, IntFilter, TextFilter, combine, row_id};
use crate::page::{Direction, Key, List, OrderBy, PageArgs, PageRequest, fingerprint};

crate::enum_filter!(
    /// Comparators of `AwardActKind`.
    AwardActKindFilter, Kind
);

/// Conditions on decisions; all given ones must hold.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub(crate) struct DecisionWhere {
    /// All of these hold.
    and: Option<Vec<DecisionWhere>>,
    /// One of these holds.
    or: Option<Vec<DecisionWhere>>,
    /// This does not hold; a row without the value that is asked for is found neither way.
    not: Option<Box<DecisionWhere>>,
    /// By id.
    id: Option<IdFilter>,
    /// By the unit in whose register it stands.
    unit_id: Option<IdFilter>,
    /// By what it does.
    kind: Option<AwardActKindFilter>,
    /// By number.
    number: Option<IntFilter>,
    /// By symbol.
    symbol: Option<TextFilter>,
    /// By year of the number.
    year: Option<IntFilter>,
    /// By day.
    decided_on: Option<DateFilter>,
}

impl DecisionWhere {
    fn condition(self) -> Result<Condition> {
        let mut all = combine(self.and, self.or, self.not, Self::condition)?;
        if let Some(filter) = self.id {
            all = all.add(filter.on::<Decision>(Column::Id)?);
        }
        if let Some(filter) = self.unit_id {
            all = all.add(filter.on::<Unit>(Column::UnitId)?);
        }
        if let Some(filter) = self.kind {
            all = all.add(filter.on(Column::Kind)?);
        }
        for (filter, column) in [(self.number, Column::Number), (self.year, Column::Year)] {
            if let Some(filter) = filter {
                all = all.add(filter.on(column)?);
            }
        }
        if let Some(filter) = self.symbol {
            all = all.add(filter.on(Column::Symbol)?);
        }
        if let Some(filter) = self.decided_on {
            all = all.add(filter.on(Column::DecidedOn)?);
        }
        Ok(all)
    }
}

/// One key of the order of decisions.
#[derive(Clone, Debug, Hash, OneofObject)]
pub(crate) enum DecisionOrder {
    /// By day.
    DecidedOn(OrderBy),
    /// By the time they were recorded.
    CreatedAt(OrderBy),
}

impl DecisionOrder {
    fn key(&self) -> Key<decision::Entity> {
        let (column, order) = match self {
            Self::DecidedOn(order) => (Column::DecidedOn, order),
            Self::CreatedAt(order) => (Column::CreatedAt, order),
        };
        Key { column, direction: order.direction }
    }
}

/// Questions about decisions.
#[derive(Default)]
pub struct DecisionQuery;

/// Questions about decisions.
#[Object]
impl DecisionQuery {
    /// One decision by its id; null when there is none or the caller may not read it.
    async fn decision(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the decision.")] id: ID,
    ) -> Option<Result<Decision>> {
        async { node(ctx.gate()?, &id).await }.await.transpose()
    }

    /// Decisions of the current tenant that the caller may read.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a list")]
    async fn decisions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions.")] r#where: Option<DecisionWhere>,
        #[graphql(desc = "Order; newest first when absent.")] order_by: Option<Vec<DecisionOrder>>,
        #[graphql(desc = "In the registers of this unit and those below it.")] within_unit: Option<
            ID,
        >,
        #[graphql(desc = "How many from the beginning, 0 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<List<Decision>> {
        let gate = ctx.gate()?;
        let conditions = fingerprint("decisions", &(&r#where, &order_by, &within_unit));
        let newest = || vec![DecisionOrder::DecidedOn(OrderBy { direction: Direction::Desc })];
        let keys = order_by.unwrap_or_else(newest).iter().take(3).map(DecisionOrder::key).collect();
        let request =
            PageRequest::new(ctx, PageArgs { first, after, last, before }, keys, conditions);
        let mut rows = gate.rows::<decision::Entity>(Act::DecisionRead)?;
        rows = rows.filter(r#where.unwrap_or_default().condition()?);
        if let Some(above) = within_unit {
            let above = row_id::<Unit>(&above).unwrap_or_default();
            rows = rows.filter(gate.within(Column::UnitId, above, None)?);
        }
        Ok(rows.page(request).await?.list(Decision::from))
    }

    /// Numbers of the registers of a unit that no decision has, and why; at most 100, the first ones of the year.
    async fn decision_gaps(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit whose register it is.")] unit_id: ID,
        #[graphql(desc = "Year of the numbers, 1948 to 2100.")] year: i32,
    ) -> Result<Vec<DecisionGap>> {
        use decision_gap::Column::{FirstNumber, UnitId, Year};
        use sea_orm::QuerySelect;
        let year = input::year(year, "year")?;
        let unit = row_id::<Unit>(&unit_id).unwrap_or_default();
        let rows = ctx
            .gate()?
            .rows::<decision_gap::Entity>(Act::DecisionRead)?
            .filter(Condition::all().add(UnitId.eq(unit)).add(Year.eq(year)))
            .shape(|select| select.order_by_asc(FirstNumber).limit(100))
            .all()
            .await?;
        Ok(rows.into_iter().map(DecisionGap).collect())
    }
}

pub(in crate::domain) async fn node(gate: &Gate, id: &ID) -> Result<Option<Decision>> {
    let Some(id) = row_id::<Decision>(id) else { return Ok(None) };
    Ok(gate.load::<decision::Entity>(id).await?.map(Decision::from))
}
