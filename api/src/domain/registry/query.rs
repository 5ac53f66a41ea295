//! Reads of awards.
//! No write enters here.

use async_graphql::{Context, ID, InputObject, Object, OneofObject};
use entity::award::{self, Column, State};
use entity::decision::Source;
use entity::nominee::SubjectKind;
use entity::subject::{LeadershipClass, Sex};
use entity::submission::CommendationType;
use entity::{award_proposal, award_type};
use sea_orm::{ColumnTrait, Condition};

use super::Award;
use crate::access::{Act, Gate};
use crate::domain::Ask;
use crate::domain::award::{AwardFamilyFilter, AwardLevelFilter};
use crate::domain::decision::Decision;
use crate::domain::subject::Subject;
use crate::domain::tenant::Tenant;
use crate::domain::unit::Unit;
use crate::error::Result;
use crate::filter::{
    BooleanFilter, DateFilter, IdFilter, IntFilter, NameFilter, TextFilter, combine, row_id,
};
use crate::page::{Direction, Key, List, OrderBy, PageArgs, PageRequest, fingerprint};

crate::enum_filter!(
    /// Comparators of `AwardState`.
    AwardStateFilter, State
);
crate::enum_filter!(
    /// Comparators of `AwardSource`.
    AwardSourceFilter, Source
);
crate::enum_filter!(
    /// Comparators of `SubjectKind`.
    AwardSubjectKindFilter, SubjectKind
);
crate::enum_filter!(
    /// Comparators of `CommendationType`.
    AwardCommendationTypeFilter, CommendationType
);
crate::enum_filter!(
    /// Comparators of `Sex`.
    AwardSexFilter, Sex, is_null
);
crate::enum_filter!(
    /// Comparators of `LeadershipClass`.
    AwardLeadershipClassFilter, LeadershipClass, is_null
);

/// Conditions on awards; all given ones must hold.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub(crate) struct AwardWhere {
    /// All of these hold.
    and: Option<Vec<AwardWhere>>,
    /// One of these holds.
    or: Option<Vec<AwardWhere>>,
    /// This does not hold; a row without the value that is asked for is found neither way.
    not: Option<Box<AwardWhere>>,
    /// By id.
    id: Option<IdFilter>,
    /// By unit at that time, exactly; for a unit and all below it use `withinUnit`.
    unit_id: Option<IdFilter>,
    /// By subject.
    subject_id: Option<IdFilter>,
    /// By decision that gave it.
    decision_id: Option<IdFilter>,
    /// By tenant that gave it.
    issuer_tenant_id: Option<IdFilter>,
    /// By code of the title or form.
    award_type_code: Option<TextFilter>,
    /// By level of the title or form.
    level: Option<AwardLevelFilter>,
    /// By family of the title or form.
    family: Option<AwardFamilyFilter>,
    /// By field of activity.
    field: Option<TextFilter>,
    /// By name of the subject as recorded.
    subject_name: Option<NameFilter>,
    /// By kind of subject.
    subject_kind: Option<AwardSubjectKindFilter>,
    /// By type of commendation.
    commendation_type: Option<AwardCommendationTypeFilter>,
    /// By sex of the person.
    sex: Option<AwardSexFilter>,
    /// By leadership class of the person.
    leadership_class: Option<AwardLeadershipClassFilter>,
    /// By whether the collective was an enterprise.
    enterprise: Option<BooleanFilter>,
    /// By first year it counts.
    counting_from: Option<IntFilter>,
    /// By last year it counts.
    counting_to: Option<IntFilter>,
    /// By day of the decision.
    decided_on: Option<DateFilter>,
    /// By whether it stands.
    state: Option<AwardStateFilter>,
    /// Has a proposal to cancel or revoke it that waits for another person (true), or has none (false).
    has_open_proposal: Option<bool>,
    /// By where it comes from.
    source: Option<AwardSourceFilter>,
}

macro_rules! each {
    ($all:ident, $self:ident, $($field:ident => $column:ident),* $(,)?) => {
        $(if let Some(filter) = $self.$field {
            $all = $all.add(filter.on(Column::$column)?);
        })*
    };
}

impl AwardWhere {
    fn condition(self, gate: &Gate) -> Result<Condition> {
        let mut all = combine(self.and, self.or, self.not, |part| part.condition(gate))?;
        if self.level.is_some() || self.family.is_some() {
            all = all.add(of_type(gate, self.level, self.family)?);
        }
        if let Some(is_asked) = self.has_open_proposal {
            all = all.add(is_proposed(gate, is_asked)?);
        }
        if let Some(filter) = self.id {
            all = all.add(filter.on::<Award>(Column::Id)?);
        }
        if let Some(filter) = self.unit_id {
            all = all.add(filter.on::<Unit>(Column::UnitId)?);
        }
        if let Some(filter) = self.subject_id {
            all = all.add(filter.on::<Subject>(Column::SubjectId)?);
        }
        if let Some(filter) = self.decision_id {
            all = all.add(filter.on::<Decision>(Column::DecisionId)?);
        }
        if let Some(filter) = self.issuer_tenant_id {
            all = all.add(filter.on::<Tenant>(Column::IssuerTenantId)?);
        }
        if let Some(filter) = self.subject_name {
            all = all.add(filter.on(Column::SubjectNameAsRecorded, Column::NameSearch)?);
        }
        each! {
            all, self,
            award_type_code => AwardTypeCode,
            field => Field,
            subject_kind => SubjectKind,
            commendation_type => CommendationType,
            sex => Sex,
            leadership_class => LeadershipClass,
            enterprise => Enterprise,
            counting_from => CountingFromYear,
            counting_to => CountingToYear,
            decided_on => DecidedOn,
            state => State,
            source => Source,
        }
        Ok(all)
    }
}

/// Titles and forms of a level and a family.
fn of_type(
    gate: &Gate,
    level: Option<AwardLevelFilter>,
    family: Option<AwardFamilyFilter>,
) -> Result<Condition> {
    let mut rows = gate.catalogue::<award_type::Entity>()?;
    if let Some(filter) = level {
        rows = rows.filter(filter.on(award_type::Column::Level)?);
    }
    if let Some(filter) = family {
        rows = rows.filter(filter.on(award_type::Column::Family)?);
    }
    let types = rows.column(award_type::Column::Id);
    Ok(Condition::all().add(Column::AwardTypeId.in_subquery(types)))
}

/// Whether somebody has proposed to cancel or revoke it, and nobody has answered.
fn is_proposed(gate: &Gate, is_asked: bool) -> Result<Condition> {
    let open = gate
        .rows::<award_proposal::Entity>(Act::AwardRead)?
        .filter(award_proposal::Column::State.eq(award_proposal::State::Open))
        .column(award_proposal::Column::AwardId);
    let is_so =
        if is_asked { Column::Id.in_subquery(open) } else { Column::Id.not_in_subquery(open) };
    Ok(Condition::all().add(is_so))
}

/// One key of the order of awards.
#[derive(Clone, Debug, Hash, OneofObject)]
pub(crate) enum AwardOrder {
    /// By the time they were recorded.
    CreatedAt(OrderBy),
    /// By day of the decision; those whose day is not known behind the others, in either direction.
    DecidedOn(OrderBy),
    /// By the last year they count.
    CountingTo(OrderBy),
    /// By name of the subject.
    SubjectName(OrderBy),
    /// By code of the title or form.
    AwardTypeCode(OrderBy),
}

impl AwardOrder {
    fn key(&self) -> Key<award::Entity> {
        let (column, order) = match self {
            Self::CreatedAt(order) => (Column::CreatedAt, order),
            Self::DecidedOn(order) => (Column::DecidedOn, order),
            Self::CountingTo(order) => (Column::CountingToYear, order),
            Self::SubjectName(order) => (Column::SubjectNameAsRecorded, order),
            Self::AwardTypeCode(order) => (Column::AwardTypeCode, order),
        };
        Key { column, direction: order.direction }
    }
}

/// Questions about awards.
#[derive(Default)]
pub struct RegistryQuery;

/// Questions about awards.
#[Object]
impl RegistryQuery {
    /// One award by its id; null when there is none or the caller may not read it.
    async fn award(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the award.")] id: ID,
    ) -> Option<Result<Award>> {
        async { node(ctx.gate()?, &id).await }.await.transpose()
    }

    /// Awards of the current tenant that the caller may read, those that were cancelled or revoked among them: ask for
    /// `state` to have only those that stand. The newest are those that were recorded last, whatever the day of their
    /// decision: for that order by `decidedOn`.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a list")]
    async fn awards(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions.")] r#where: Option<AwardWhere>,
        #[graphql(desc = "Order; by `createdAt`, newest first, when absent.")] order_by: Option<
            Vec<AwardOrder>,
        >,
        #[graphql(desc = "Of this unit and those below it.")] within_unit: Option<ID>,
        #[graphql(desc = "With `withinUnit`: at most so many steps down; all when absent.")] depth: Option<i32>,
        #[graphql(desc = "How many from the beginning, 0 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<List<Award>> {
        let gate = ctx.gate()?;
        let conditions = fingerprint("awards", &(&r#where, &order_by, &within_unit, depth));
        let newest = || vec![AwardOrder::CreatedAt(OrderBy { direction: Direction::Desc })];
        let keys = order_by.unwrap_or_else(newest).iter().take(3).map(AwardOrder::key).collect();
        let request =
            PageRequest::new(ctx, PageArgs { first, after, last, before }, keys, conditions);
        let mut rows = gate.rows::<award::Entity>(Act::AwardRead)?;
        rows = rows.filter(r#where.unwrap_or_default().condition(gate)?);
        if let Some(above) = within_unit {
            let above = row_id::<Unit>(&above).unwrap_or_default();
            rows = rows.filter(gate.within(Column::UnitId, above, depth)?);
        }
        Ok(rows.page(request).await?.list(Award::from))
    }
}

pub(in crate::domain) async fn node(gate: &Gate, id: &ID) -> Result<Option<Award>> {
    let Some(id) = row_id::<Award>(id) else { return Ok(None) };
    Ok(gate.load::<award::Entity>(id).await?.map(Award::from))
}
