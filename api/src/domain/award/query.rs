//! The catalogue, read.
//! Nothing is written here.

use async_graphql::{Context, InputObject, Object, OneofObject};
use entity::award_type::{self, Column, Family, Level, Origin};
use entity::submission::CommendationType;
use sea_orm::{ActiveEnum, Condition};

use super::{AwardSubject, AwardType};
use crate::domain::{Ask, input};
use crate::error::Result;
use crate::filter::{IdFilter, NameFilter, TextFilter, combine};
use crate::page::{Key, List, OrderBy, PageArgs, PageRequest, fingerprint};
use crate::scalar::Date;

crate::enum_filter!(
    /// Comparators of `AwardFamily`.
    AwardFamilyFilter, Family
);
crate::enum_filter!(
    /// Comparators of `AwardLevel`.
    AwardLevelFilter, Level
);
crate::enum_filter!(
    /// Comparators of `AwardOrigin`.
    AwardOriginFilter, Origin
);

/// Conditions on award types; all given ones must hold.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub(crate) struct AwardTypeWhere {
    /// All of these hold.
    and: Option<Vec<AwardTypeWhere>>,
    /// One of these holds.
    or: Option<Vec<AwardTypeWhere>>,
    /// This does not hold; a row without the value that is asked for is found neither way.
    not: Option<Box<AwardTypeWhere>>,
    /// By id.
    id: Option<IdFilter>,
    /// By code.
    code: Option<TextFilter>,
    /// By abbreviation.
    abbreviation: Option<TextFilter>,
    /// By Vietnamese name; older names are found too.
    name: Option<NameFilter>,
    /// By family.
    family: Option<AwardFamilyFilter>,
    /// By level.
    level: Option<AwardLevelFilter>,
    /// By who made it.
    origin: Option<AwardOriginFilter>,
    /// Can be given to this kind of subject.
    subject_kind: Option<AwardSubject>,
    /// Can be given by this type of commendation.
    commendation_type: Option<CommendationType>,
}

impl AwardTypeWhere {
    fn condition(self) -> Result<Condition> {
        let mut all = combine(self.and, self.or, self.not, Self::condition)?;
        if let Some(filter) = self.id {
            all = all.add(filter.on::<AwardType>(Column::Id)?);
        }
        for (filter, column) in
            [(self.code, Column::Code), (self.abbreviation, Column::Abbreviation)]
        {
            if let Some(filter) = filter {
                all = all.add(filter.on(column)?);
            }
        }
        if let Some(filter) = self.name {
            all = all.add(filter.on(Column::Name, Column::NameSearch)?);
        }
        if let Some(filter) = self.family {
            all = all.add(filter.on(Column::Family)?);
        }
        if let Some(filter) = self.level {
            all = all.add(filter.on(Column::Level)?);
        }
        if let Some(filter) = self.origin {
            all = all.add(filter.on(Column::Origin)?);
        }
        if let Some(kind) = self.subject_kind {
            all = all.add(names(Column::SubjectKinds, kind.into()));
        }
        if let Some(kind) = self.commendation_type {
            all = all.add(names(Column::CommendationTypes, &kind.to_value()));
        }
        Ok(all)
    }
}

/// Rows whose list, words parted by bars, names a word.
fn names(column: Column, word: &str) -> Condition {
    use sea_orm::ColumnTrait;
    Condition::any()
        .add(column.eq(word))
        .add(column.starts_with(format!("{word}|")))
        .add(column.ends_with(format!("|{word}")))
        .add(column.contains(format!("|{word}|")))
}

/// One key of the order of award types.
#[derive(Clone, Debug, Hash, OneofObject)]
pub(crate) enum AwardTypeOrder {
    /// By code.
    Code(OrderBy),
    /// By Vietnamese name.
    Name(OrderBy),
}

impl AwardTypeOrder {
    fn key(&self) -> Key<award_type::Entity> {
        let (column, order) = match self {
            Self::Code(order) => (Column::Code, order),
            Self::Name(order) => (Column::Name, order),
        };
        Key { column, direction: order.direction }
    }
}

/// Questions about the catalogue of titles and forms.
#[derive(Default)]
pub struct AwardQuery;

/// Questions about the catalogue of titles and forms.
#[Object]
impl AwardQuery {
    /// Titles and forms of commendation in force today, unless `asOf` names another day.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a list")]
    async fn award_types(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions.")] r#where: Option<AwardTypeWhere>,
        #[graphql(desc = "Order; by code when absent.")] order_by: Option<Vec<AwardTypeOrder>>,
        #[graphql(
            desc = "In force on this day; today when absent. Complete from 2024-01-01 on; of the law before, what is established."
        )]
        as_of: Option<Date>,
        #[graphql(desc = "How many from the beginning, 0 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<List<AwardType>> {
        let gate = ctx.gate()?;
        let conditions = fingerprint("awardTypes", &(&r#where, &order_by, as_of));
        let order = order_by.unwrap_or_else(|| vec![AwardTypeOrder::Code(OrderBy::default())]);
        let keys = order.iter().take(3).map(AwardTypeOrder::key).collect();
        let request =
            PageRequest::new(ctx, PageArgs { first, after, last, before }, keys, conditions);
        let day = as_of.map_or_else(|| gate.today(), |day| day.0);
        let rows = gate
            .catalogue::<award_type::Entity>()?
            .filter(input::in_force(Column::ValidFrom, Column::ValidTo, day))
            .filter(r#where.unwrap_or_default().condition()?);
        Ok(rows.page(request).await?.list(AwardType::from))
    }
}
