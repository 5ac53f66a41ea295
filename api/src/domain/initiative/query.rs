//! Reads of proposals to recognise initiatives.
//! No write enters here.

use async_graphql::{Context, ID, InputObject, Object, OneofObject};
use entity::initiative::{Kind, Scope};
use entity::initiative_proposal::{self, Column, State};
use sea_orm::Condition;

use super::InitiativeProposal;
use crate::access::{Act, Gate};
use crate::domain::Ask;
use crate::domain::council::Council;
use crate::domain::unit::Unit;
use crate::error::Result;
use crate::filter::{DateFilter, IdFilter, NameFilter, combine, row_id};
use crate::page::{Direction, Key, List, OrderBy, PageArgs, PageRequest, fingerprint};

crate::enum_filter!(
    /// Comparators of `InitiativeProposalState`.
    InitiativeProposalStateFilter, State
);
crate::enum_filter!(
    /// Comparators of `InitiativeScope`.
    InitiativeScopeFilter, Scope
);
crate::enum_filter!(
    /// Comparators of `InitiativeKind`.
    InitiativeKindFilter, Kind
);

/// Conditions on proposals to recognise initiatives; all given ones must hold.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub(crate) struct InitiativeProposalWhere {
    /// All of these hold.
    and: Option<Vec<InitiativeProposalWhere>>,
    /// One of these holds.
    or: Option<Vec<InitiativeProposalWhere>>,
    /// This does not hold; a row without the value that is asked for is found neither way.
    not: Option<Box<InitiativeProposalWhere>>,
    /// By id.
    id: Option<IdFilter>,
    /// By the unit in which it was made, exactly; for a unit and all below it use `withinUnit`.
    unit_id: Option<IdFilter>,
    /// By the council on whose agenda it is or was last.
    council_id: Option<IdFilter>,
    /// By title.
    title: Option<NameFilter>,
    /// By kind of work.
    kind: Option<InitiativeKindFilter>,
    /// By the scope that is asked for.
    scope: Option<InitiativeScopeFilter>,
    /// By where it stands.
    state: Option<InitiativeProposalStateFilter>,
    /// By the day on which it was proposed.
    proposed_on: Option<DateFilter>,
}

impl InitiativeProposalWhere {
    fn condition(self) -> Result<Condition> {
        let mut all = combine(self.and, self.or, self.not, Self::condition)?;
        if let Some(filter) = self.id {
            all = all.add(filter.on::<InitiativeProposal>(Column::Id)?);
        }
        if let Some(filter) = self.unit_id {
            all = all.add(filter.on::<Unit>(Column::UnitId)?);
        }
        if let Some(filter) = self.council_id {
            all = all.add(filter.on::<Council>(Column::CouncilId)?);
        }
        if let Some(filter) = self.title {
            all = all.add(filter.on(Column::Title, Column::TitleSearch)?);
        }
        if let Some(filter) = self.kind {
            all = all.add(filter.on(Column::Kind)?);
        }
        if let Some(filter) = self.scope {
            all = all.add(filter.on(Column::Scope)?);
        }
        if let Some(filter) = self.state {
            all = all.add(filter.on(Column::State)?);
        }
        if let Some(filter) = self.proposed_on {
            all = all.add(filter.on(Column::ProposedOn)?);
        }
        Ok(all)
    }
}

/// One key of the order of proposals to recognise initiatives.
#[derive(Clone, Debug, Hash, OneofObject)]
pub(crate) enum InitiativeProposalOrder {
    /// By the day on which they were proposed.
    ProposedOn(OrderBy),
    /// By title.
    Title(OrderBy),
}

impl InitiativeProposalOrder {
    fn key(&self) -> Key<initiative_proposal::Entity> {
        let (column, order) = match self {
            Self::ProposedOn(order) => (Column::ProposedOn, order),
            Self::Title(order) => (Column::Title, order),
        };
        Key { column, direction: order.direction }
    }
}

/// Questions about proposals to recognise initiatives.
#[derive(Default)]
pub struct ProposalQuery;

/// Questions about proposals to recognise initiatives.
#[Object]
impl ProposalQuery {
    /// One proposal to recognise an initiative by its id; null when there is none or the caller may not read it.
    async fn initiative_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the proposal.")] id: ID,
    ) -> Option<Result<InitiativeProposal>> {
        async { node(ctx.gate()?, &id).await }.await.transpose()
    }

    /// Proposals to recognise initiatives that the caller may read.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a list")]
    async fn initiative_proposals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions.")] r#where: Option<InitiativeProposalWhere>,
        #[graphql(desc = "Order; the last proposed first when absent.")] order_by: Option<
            Vec<InitiativeProposalOrder>,
        >,
        #[graphql(desc = "Of this unit and those below it.")] within_unit: Option<ID>,
        #[graphql(desc = "With `withinUnit`: at most so many steps down; all when absent.")] depth: Option<i32>,
        #[graphql(desc = "How many from the beginning, 0 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<List<InitiativeProposal>> {
        let gate = ctx.gate()?;
        let asked = (&r#where, &order_by, &within_unit, depth);
        let conditions = fingerprint("initiativeProposals", &asked);
        let newest =
            || vec![InitiativeProposalOrder::ProposedOn(OrderBy { direction: Direction::Desc })];
        let order = order_by.unwrap_or_else(newest);
        let keys = order.iter().take(3).map(InitiativeProposalOrder::key).collect();
        let request =
            PageRequest::new(ctx, PageArgs { first, after, last, before }, keys, conditions);
        let mut rows = gate.rows::<initiative_proposal::Entity>(Act::InitiativeProposalRead)?;
        rows = rows.filter(r#where.unwrap_or_default().condition()?);
        if let Some(above) = within_unit {
            let above = row_id::<Unit>(&above).unwrap_or_default();
            rows = rows.filter(gate.within(Column::UnitId, above, depth)?);
        }
        Ok(rows.page(request).await?.list(InitiativeProposal::from))
    }
}

pub(in crate::domain) async fn node(gate: &Gate, id: &ID) -> Result<Option<InitiativeProposal>> {
    let Some(id) = row_id::<InitiativeProposal>(id) else { return Ok(None) };
    let found = gate.load::<initiative_proposal::Entity>(id).await?;
    Ok(found.map(InitiativeProposal::from))
}
