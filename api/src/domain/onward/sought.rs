//! Which proposals and packages are looked for, and in which order.
//! Each condition is made of rows in scope.

use async_graphql::{InputObject, MaybeUndefined, OneofObject};
use entity::onward_event::Kind;
use entity::{onward, onward_event, onward_package};
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, Iterable, JoinType, QuerySelect, RelationDef};

use super::rules::OnwardState;
use super::{OnwardPackage, OnwardSubmission};
use crate::access::{Act, Gate};
use crate::error::Result;
use crate::filter::{DateFilter, DateTimeFilter, IdFilter, IntFilter, chosen, combine};
use crate::page::{Key, OrderBy};

/// Comparators of `OnwardState`.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub(crate) struct OnwardStateFilter {
    /// Is this.
    eq: MaybeUndefined<OnwardState>,
    /// Is not this.
    neq: MaybeUndefined<OnwardState>,
    /// Is one of these.
    r#in: MaybeUndefined<Vec<OnwardState>>,
    /// Is none of these.
    not_in: MaybeUndefined<Vec<OnwardState>>,
}

/// Another event of the same proposal.
const LATER: &str = "later";

/// The proposals whose last event is one of these.
fn with_last(gate: &Gate, kinds: Vec<Kind>) -> Result<SelectStatement> {
    use onward_event::Column;
    let later: RelationDef = onward_event::Entity::belongs_to(onward_event::Entity)
        .from((Column::TenantId, Column::OnwardId))
        .to((Column::TenantId, Column::OnwardId))
        .into();
    let later = later.on_condition(|event, later| {
        let number = Expr::col((later, Column::Number));
        Condition::all().add(number.gt(Expr::col((event, Column::Number))))
    });
    let rows = gate
        .rows::<onward_event::Entity>(Act::OnwardPackageRead)?
        .filter(Column::Kind.is_in(kinds))
        .filter(Expr::col((LATER, Column::Number)).is_null())
        .shape(|select| select.join_as(JoinType::LeftJoin, later, LATER));
    Ok(rows.column(Column::OnwardId))
}

impl OnwardStateFilter {
    fn on(self, gate: &Gate) -> Result<Condition> {
        let every = [None].into_iter().chain(Kind::iter().map(Some)).map(OnwardState::after);
        let states = chosen((self.eq, self.neq), (self.r#in, self.not_in), every)?;
        let is_meant = |kind: &Kind| states.contains(&OnwardState::after(Some(*kind)));
        let kinds: Vec<Kind> = Kind::iter().filter(is_meant).collect();
        let mut any = Condition::any();
        any = any.add(onward::Column::Id.in_subquery(with_last(gate, kinds)?));
        if states.contains(&OnwardState::Draft) {
            let sent = with_last(gate, Kind::iter().collect())?;
            any = any.add(onward::Column::Id.not_in_subquery(sent));
        }
        Ok(any)
    }
}

/// Conditions on proposals to authorities above; all given ones must hold.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub(crate) struct OnwardSubmissionWhere {
    /// All of these hold.
    and: Option<Vec<OnwardSubmissionWhere>>,
    /// One of these holds.
    or: Option<Vec<OnwardSubmissionWhere>>,
    /// This does not hold; a row without the value that is asked for is found neither way.
    not: Option<Box<OnwardSubmissionWhere>>,
    /// By id.
    id: Option<IdFilter>,
    /// By number within the year.
    number: Option<IntFilter>,
    /// By year of the number.
    year: Option<IntFilter>,
    /// By where it stands.
    state: Option<OnwardStateFilter>,
    /// By when it was begun.
    created_at: Option<DateTimeFilter>,
}

impl OnwardSubmissionWhere {
    /// The condition on proposals.
    pub(super) fn condition(self, gate: &Gate) -> Result<Condition> {
        use onward::Column;
        let mut all = combine(self.and, self.or, self.not, |part| part.condition(gate))?;
        if let Some(filter) = self.id {
            all = all.add(filter.on::<OnwardSubmission>(Column::Id)?);
        }
        for (filter, column) in [(self.number, Column::Number), (self.year, Column::Year)] {
            if let Some(filter) = filter {
                all = all.add(filter.on(column)?);
            }
        }
        if let Some(filter) = self.state {
            all = all.add(filter.on(gate)?);
        }
        if let Some(filter) = self.created_at {
            all = all.add(filter.on(Column::CreatedAt)?);
        }
        Ok(all)
    }
}

/// One key of the order of proposals to authorities above.
#[derive(Clone, Debug, Hash, OneofObject)]
pub(crate) enum OnwardSubmissionOrder {
    /// By the time they were begun.
    CreatedAt(OrderBy),
    /// By year of the number.
    Year(OrderBy),
    /// By number within the year.
    Number(OrderBy),
}

impl OnwardSubmissionOrder {
    /// The key of a page.
    pub(super) fn key(&self) -> Key<onward::Entity> {
        use onward::Column;
        let (column, order) = match self {
            Self::CreatedAt(order) => (Column::CreatedAt, order),
            Self::Year(order) => (Column::Year, order),
            Self::Number(order) => (Column::Number, order),
        };
        Key { column, direction: order.direction }
    }
}

/// Conditions on packages; all given ones must hold.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub(crate) struct OnwardPackageWhere {
    /// All of these hold.
    and: Option<Vec<OnwardPackageWhere>>,
    /// One of these holds.
    or: Option<Vec<OnwardPackageWhere>>,
    /// This does not hold; a row without the value that is asked for is found neither way.
    not: Option<Box<OnwardPackageWhere>>,
    /// By id.
    id: Option<IdFilter>,
    /// By number within the proposal.
    number: Option<IntFilter>,
    /// By day of the letter.
    letter_date: Option<DateFilter>,
    /// By when it was sent.
    sent_at: Option<DateTimeFilter>,
}

impl OnwardPackageWhere {
    /// The condition on packages.
    pub(super) fn condition(self) -> Result<Condition> {
        use onward_package::Column;
        let mut all = combine(self.and, self.or, self.not, Self::condition)?;
        if let Some(filter) = self.id {
            all = all.add(filter.on::<OnwardPackage>(Column::Id)?);
        }
        if let Some(filter) = self.number {
            all = all.add(filter.on(Column::Number)?);
        }
        if let Some(filter) = self.letter_date {
            all = all.add(filter.on(Column::LetterDate)?);
        }
        if let Some(filter) = self.sent_at {
            all = all.add(filter.on(Column::SentAt)?);
        }
        Ok(all)
    }
}

/// One key of the order of packages.
#[derive(Clone, Debug, Hash, OneofObject)]
pub(crate) enum OnwardPackageOrder {
    /// By the time they were sent.
    SentAt(OrderBy),
    /// By day of the letter.
    LetterDate(OrderBy),
}

impl OnwardPackageOrder {
    /// The key of a page.
    pub(super) fn key(&self) -> Key<onward_package::Entity> {
        use onward_package::Column;
        let (column, order) = match self {
            Self::SentAt(order) => (Column::SentAt, order),
            Self::LetterDate(order) => (Column::LetterDate, order),
        };
        Key { column, direction: order.direction }
    }
}
