//! Reads of subjects.
//! No write enters here.

use async_graphql::{Context, ID, InputObject, Object, OneofObject};
use entity::nominee::SubjectKind;
use entity::subject::{self, Column, LeadershipClass};
use sea_orm::{ColumnTrait, Condition};

use super::Subject;
use crate::access::{Act, Gate};
use crate::domain::Ask;
use crate::domain::unit::Unit;
use crate::error::Result;
use crate::filter::{IdFilter, NameFilter, TextFilter, combine, row_id};
use crate::page::{Key, List, OrderBy, PageArgs, PageRequest, fingerprint};

crate::enum_filter!(
    /// Comparators of `SubjectKind`.
    SubjectKindFilter, SubjectKind
);
crate::enum_filter!(
    /// Comparators of `LeadershipClass`.
    LeadershipClassFilter, LeadershipClass
);

/// Conditions on subjects; all given ones must hold.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub(crate) struct SubjectWhere {
    /// All of these hold.
    and: Option<Vec<SubjectWhere>>,
    /// One of these holds.
    or: Option<Vec<SubjectWhere>>,
    /// This does not hold; a row without the value that is asked for is found neither way.
    not: Option<Box<SubjectWhere>>,
    /// By id.
    id: Option<IdFilter>,
    /// By unit, exactly; for a unit and all below it use `withinUnit`.
    unit_id: Option<IdFilter>,
    /// By code.
    code: Option<TextFilter>,
    /// By name.
    name: Option<NameFilter>,
    /// By kind.
    kind: Option<SubjectKindFilter>,
    /// By leadership class.
    leadership_class: Option<LeadershipClassFilter>,
    /// Is a unit itself as a collective (true), or is not (false).
    is_unit: Option<bool>,
}

impl SubjectWhere {
    fn condition(self) -> Result<Condition> {
        let mut all = combine(self.and, self.or, self.not, Self::condition)?;
        if let Some(filter) = self.id {
            all = all.add(filter.on::<Subject>(Column::Id)?);
        }
        if let Some(filter) = self.unit_id {
            all = all.add(filter.on::<Unit>(Column::UnitId)?);
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
        if let Some(filter) = self.leadership_class {
            all = all.add(filter.on(Column::LeadershipClass)?);
        }
        if let Some(is_unit) = self.is_unit {
            all = all.add(Column::IsUnit.eq(is_unit));
        }
        Ok(all)
    }
}

/// One key of the order of subjects.
#[derive(Clone, Debug, Hash, OneofObject)]
pub(crate) enum SubjectOrder {
    /// By name.
    Name(OrderBy),
    /// By the time they were entered.
    CreatedAt(OrderBy),
}

impl SubjectOrder {
    fn key(&self) -> Key<subject::Entity> {
        let (column, order) = match self {
            Self::Name(order) => (Column::Name, order),
            Self::CreatedAt(order) => (Column::CreatedAt, order),
        };
        Key { column, direction: order.direction }
    }
}

/// Questions about subjects.
#[derive(Default)]
pub struct SubjectQuery;

/// Questions about subjects.
#[Object]
impl SubjectQuery {
    /// One subject by its id; null when there is none or the caller may not read it.
    async fn subject(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the subject.")] id: ID,
    ) -> Option<Result<Subject>> {
        async { node(ctx.gate()?, &id).await }.await.transpose()
    }

    /// Subjects of the current tenant that the caller may read.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a list")]
    async fn subjects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions.")] r#where: Option<SubjectWhere>,
        #[graphql(desc = "Order; by name when absent.")] order_by: Option<Vec<SubjectOrder>>,
        #[graphql(desc = "Of this unit and those below it.")] within_unit: Option<ID>,
        #[graphql(desc = "With `withinUnit`: at most so many steps down; all when absent.")] depth: Option<i32>,
        #[graphql(desc = "How many from the beginning, 0 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<List<Subject>> {
        let gate = ctx.gate()?;
        let conditions = fingerprint("subjects", &(&r#where, &order_by, &within_unit, depth));
        let order = order_by.unwrap_or_else(|| vec![SubjectOrder::Name(OrderBy::default())]);
        let keys = order.iter().take(3).map(SubjectOrder::key).collect();
        let request =
            PageRequest::new(ctx, PageArgs { first, after, last, before }, keys, conditions);
        let mut rows = gate.rows::<subject::Entity>(Act::SubjectRead)?;
        rows = rows.filter(r#where.unwrap_or_default().condition()?);
        if let Some(above) = within_unit {
            let above = row_id::<Unit>(&above).unwrap_or_default();
            rows = rows.filter(gate.within(Column::UnitId, above, depth)?);
        }
        Ok(rows.page(request).await?.list(Subject::from))
    }
}

pub(in crate::domain) async fn node(gate: &Gate, id: &ID) -> Result<Option<Subject>> {
    let Some(id) = row_id::<Subject>(id) else { return Ok(None) };
    Ok(gate.load::<subject::Entity>(id).await?.map(Subject::from))
}
