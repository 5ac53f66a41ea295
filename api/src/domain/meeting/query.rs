//! Reads of sessions.
//! No write enters here.

use async_graphql::{Context, ID, InputObject, Object, OneofObject};
use entity::council_session::{self, Column, Form, State};
use sea_orm::{ColumnTrait, Condition, QueryOrder};

use super::CouncilSession;
use crate::access::{Act, Gate};
use crate::domain::Ask;
use crate::domain::council::Council;
use crate::error::Result;
use crate::filter::{DateFilter, IdFilter, IntFilter, combine, row_id};
use crate::page::{Direction, Key, List, OrderBy, PageArgs, PageRequest, fingerprint};

crate::enum_filter!(
    /// Comparators of `CouncilSessionState`.
    CouncilSessionStateFilter, State
);
crate::enum_filter!(
    /// Comparators of `CouncilSessionForm`.
    CouncilSessionFormFilter, Form
);

/// Conditions on sessions of councils; all given ones must hold.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub(crate) struct CouncilSessionWhere {
    /// All of these hold.
    and: Option<Vec<CouncilSessionWhere>>,
    /// One of these holds.
    or: Option<Vec<CouncilSessionWhere>>,
    /// This does not hold; a row without the value that is asked for is found neither way.
    not: Option<Box<CouncilSessionWhere>>,
    /// By id.
    id: Option<IdFilter>,
    /// By council.
    council_id: Option<IdFilter>,
    /// By year.
    year: Option<IntFilter>,
    /// By the day for which it is planned.
    planned_on: Option<DateFilter>,
    /// By where it stands.
    state: Option<CouncilSessionStateFilter>,
    /// By how the members come together.
    form: Option<CouncilSessionFormFilter>,
}

impl CouncilSessionWhere {
    fn condition(self) -> Result<Condition> {
        let mut all = combine(self.and, self.or, self.not, Self::condition)?;
        if let Some(filter) = self.id {
            all = all.add(filter.on::<CouncilSession>(Column::Id)?);
        }
        if let Some(filter) = self.council_id {
            all = all.add(filter.on::<Council>(Column::CouncilId)?);
        }
        if let Some(filter) = self.year {
            all = all.add(filter.on(Column::Year)?);
        }
        if let Some(filter) = self.planned_on {
            all = all.add(filter.on(Column::PlannedOn)?);
        }
        if let Some(filter) = self.state {
            all = all.add(filter.on(Column::State)?);
        }
        if let Some(filter) = self.form {
            all = all.add(filter.on(Column::Form)?);
        }
        Ok(all)
    }
}

/// One key of the order of sessions of councils.
#[derive(Clone, Debug, Hash, OneofObject)]
pub(crate) enum CouncilSessionOrder {
    /// By the day for which they are planned.
    PlannedOn(OrderBy),
    /// By year.
    Year(OrderBy),
    /// By number within the council and the year.
    Number(OrderBy),
}

impl CouncilSessionOrder {
    fn key(&self) -> Key<council_session::Entity> {
        let (column, order) = match self {
            Self::PlannedOn(order) => (Column::PlannedOn, order),
            Self::Year(order) => (Column::Year, order),
            Self::Number(order) => (Column::Number, order),
        };
        Key { column, direction: order.direction }
    }
}

/// Questions about sessions of councils.
#[derive(Default)]
pub struct MeetingQuery;

/// Questions about sessions of councils.
#[Object]
impl MeetingQuery {
    /// One session of a council by its id; null when there is none or the caller may not read it.
    async fn council_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the session.")] id: ID,
    ) -> Option<Result<CouncilSession>> {
        async { node(ctx.gate()?, &id).await }.await.transpose()
    }

    /// The sessions of a council in a year, by number; empty for a caller who may not read them. Across councils and
    /// years, and page by page: `allCouncilSessions`.
    async fn council_sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the council.")] council_id: ID,
        #[graphql(desc = "Year of the sessions.")] year: i32,
    ) -> Result<Vec<CouncilSession>> {
        let gate = ctx.gate()?;
        let Some(council) = row_id::<Council>(&council_id) else { return Ok(Vec::new()) };
        let rows = gate.rows::<council_session::Entity>(Act::CouncilSessionRead)?;
        let rows = rows.filter(Column::CouncilId.eq(council)).filter(Column::Year.eq(year));
        let rows = rows.shape(|select| select.order_by_asc(Column::Number)).all().await?;
        Ok(rows.into_iter().map(CouncilSession::from).collect())
    }

    /// Sessions of all councils and years that the caller may read, page by page; those of one council by `councilId`.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a list")]
    async fn all_council_sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions.")] r#where: Option<CouncilSessionWhere>,
        #[graphql(desc = "Order; by `plannedOn`, newest first, when absent.")] order_by: Option<
            Vec<CouncilSessionOrder>,
        >,
        #[graphql(desc = "How many from the beginning, 0 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<List<CouncilSession>> {
        let conditions = fingerprint("allCouncilSessions", &(&r#where, &order_by));
        let newest =
            || vec![CouncilSessionOrder::PlannedOn(OrderBy { direction: Direction::Desc })];
        let keys =
            order_by.unwrap_or_else(newest).iter().take(3).map(CouncilSessionOrder::key).collect();
        let request =
            PageRequest::new(ctx, PageArgs { first, after, last, before }, keys, conditions);
        let rows = ctx.gate()?.rows::<council_session::Entity>(Act::CouncilSessionRead)?;
        let rows = rows.filter(r#where.unwrap_or_default().condition()?);
        Ok(rows.page(request).await?.list(CouncilSession::from))
    }
}

pub(in crate::domain) async fn node(gate: &Gate, id: &ID) -> Result<Option<CouncilSession>> {
    let Some(id) = row_id::<CouncilSession>(id) else { return Ok(None) };
    Ok(gate.load::<council_session::Entity>(id).await?.map(CouncilSession::from))
}
