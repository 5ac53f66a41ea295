//! Reads of targets.
//! No write enters here.

use async_graphql::{Context, ID, InputObject, Object, OneofObject};
use entity::award_target::{self, Column, Measure};
use sea_orm::Condition;

use super::AwardTarget;
use crate::access::Act;
use crate::domain::Ask;
use crate::domain::cluster::Cluster;
use crate::domain::unit::Unit;
use crate::error::Result;
use crate::filter::{DateFilter, IdFilter, IntFilter, combine, row_id};
use crate::page::{Direction, Key, List, OrderBy, PageArgs, PageRequest, fingerprint};

crate::enum_filter!(
    /// Comparators of `AwardTargetMeasure`.
    AwardTargetMeasureFilter, Measure
);

/// Conditions on targets of awards; all given ones must hold.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub(crate) struct AwardTargetWhere {
    /// All of these hold.
    and: Option<Vec<AwardTargetWhere>>,
    /// One of these holds.
    or: Option<Vec<AwardTargetWhere>>,
    /// This does not hold; a row without the value that is asked for is found neither way.
    not: Option<Box<AwardTargetWhere>>,
    /// By id.
    id: Option<IdFilter>,
    /// By the unit to which it is set.
    unit_id: Option<IdFilter>,
    /// By the cluster or bloc to whose members it is set.
    cluster_id: Option<IdFilter>,
    /// By year.
    year: Option<IntFilter>,
    /// By what it measures.
    measure: Option<AwardTargetMeasureFilter>,
    /// By the day it was withdrawn.
    withdrawn_on: Option<DateFilter>,
}

impl AwardTargetWhere {
    fn condition(self) -> Result<Condition> {
        let mut all = combine(self.and, self.or, self.not, Self::condition)?;
        if let Some(filter) = self.id {
            all = all.add(filter.on::<AwardTarget>(Column::Id)?);
        }
        if let Some(filter) = self.unit_id {
            all = all.add(filter.on::<Unit>(Column::UnitId)?);
        }
        if let Some(filter) = self.cluster_id {
            all = all.add(filter.on::<Cluster>(Column::ClusterId)?);
        }
        if let Some(filter) = self.year {
            all = all.add(filter.on(Column::Year)?);
        }
        if let Some(filter) = self.measure {
            all = all.add(filter.on(Column::Measure)?);
        }
        if let Some(filter) = self.withdrawn_on {
            all = all.add(filter.on(Column::WithdrawnOn)?);
        }
        Ok(all)
    }
}

/// One key of the order of targets.
#[derive(Clone, Debug, Hash, OneofObject)]
pub(crate) enum AwardTargetOrder {
    /// By year.
    Year(OrderBy),
    /// By the time they were set.
    CreatedAt(OrderBy),
}

impl AwardTargetOrder {
    fn key(&self) -> Key<award_target::Entity> {
        let (column, order) = match self {
            Self::Year(order) => (Column::Year, order),
            Self::CreatedAt(order) => (Column::CreatedAt, order),
        };
        Key { column, direction: order.direction }
    }
}

/// Questions about targets.
#[derive(Default)]
pub struct TargetQuery;

/// Questions about targets.
#[Object]
impl TargetQuery {
    /// Targets of awards in the current tenant, each with what the totals say to it. What a result costs does not
    /// grow with the awards behind it. Who may not read the awards themselves is told no small numbers about people.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a list")]
    async fn award_targets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions.")] r#where: Option<AwardTargetWhere>,
        #[graphql(desc = "Order; the latest year first when absent.")] order_by: Option<
            Vec<AwardTargetOrder>,
        >,
        #[graphql(desc = "Of this unit and those below it.")] within_unit: Option<ID>,
        #[graphql(desc = "With `withinUnit`: at most so many steps down; all when absent.")] depth: Option<i32>,
        #[graphql(desc = "How many from the beginning, 0 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<List<AwardTarget>> {
        let gate = ctx.gate()?;
        let conditions = fingerprint("awardTargets", &(&r#where, &order_by, &within_unit, depth));
        let latest = || vec![AwardTargetOrder::Year(OrderBy { direction: Direction::Desc })];
        let order = order_by.unwrap_or_else(latest);
        let keys = order.iter().take(3).map(AwardTargetOrder::key).collect();
        let request =
            PageRequest::new(ctx, PageArgs { first, after, last, before }, keys, conditions);
        let mut rows = gate.rows::<award_target::Entity>(Act::AwardTargetRead)?;
        rows = rows.filter(r#where.unwrap_or_default().condition()?);
        if let Some(above) = within_unit {
            let above = row_id::<Unit>(&above).unwrap_or_default();
            rows = rows.filter(gate.within(Column::UnitId, above, depth)?);
        }
        Ok(rows.page(request).await?.list(AwardTarget::from))
    }
}
