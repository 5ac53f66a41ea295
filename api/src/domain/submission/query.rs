//! Reads of submissions.
//! No write enters here.

use async_graphql::{Context, ID, InputObject, Object, OneofObject};
use entity::submission::{self, Column, CommendationType, State};
use sea_orm::Condition;

use super::sought::{Someone, SubmissionOfficeStatusFilter};
use super::{Submission, ahead, handling};
use crate::access::{Act, Gate};
use crate::domain::Ask;
use crate::domain::account::User;
use crate::domain::unit::Unit;
use crate::error::Result;
use crate::filter::{
    DateFilter, DateTimeFilter, IdFilter, IntFilter, NameFilter, TextFilter, combine, row_id,
};
use crate::page::{Direction, Key, List, OrderBy, PageArgs, PageRequest, fingerprint};

crate::enum_filter!(
    /// Comparators of `SubmissionState`.
    SubmissionStateFilter, State
);
crate::enum_filter!(
    /// Comparators of `CommendationType`.
    CommendationTypeFilter, CommendationType
);

/// Conditions on submissions; all given ones must hold.
#[derive(Clone, Debug, Default, Hash, InputObject)]
pub(crate) struct SubmissionWhere {
    /// All of these hold.
    and: Option<Vec<SubmissionWhere>>,
    /// One of these holds.
    or: Option<Vec<SubmissionWhere>>,
    /// This does not hold; a row without the value that is asked for is found neither way.
    not: Option<Box<SubmissionWhere>>,
    /// By id.
    id: Option<IdFilter>,
    /// By unit, exactly; for a unit and all below it use `withinUnit`.
    unit_id: Option<IdFilter>,
    /// By author.
    author_id: Option<IdFilter>,
    /// By number within the year.
    number: Option<IntFilter>,
    /// By title.
    title: Option<NameFilter>,
    /// By year of the achievements.
    year: Option<IntFilter>,
    /// By type of commendation.
    commendation_type: Option<CommendationTypeFilter>,
    /// By state.
    state: Option<SubmissionStateFilter>,
    /// By where it stands as its unit is told.
    office_status: Option<SubmissionOfficeStatusFilter>,
    /// By when it was last sent.
    sent_at: Option<DateTimeFilter>,
    /// By name of a nominee. Conditions on a nominee that stand beside one another are about the same one.
    nominee_name: Option<NameFilter>,
    /// By subject of a nominee.
    subject_id: Option<ID>,
    /// By code of the title or form proposed for a nominee.
    award_type_code: Option<TextFilter>,
    /// By the last day of the step for which it waits: before today is overdue.
    due_on: Option<DateFilter>,
}

impl SubmissionWhere {
    fn condition(self, gate: &Gate) -> Result<Condition> {
        let mut all = combine(self.and, self.or, self.not, |part| part.condition(gate))?;
        if let Some(filter) = self.id {
            all = all.add(filter.on::<Submission>(Column::Id)?);
        }
        if let Some(filter) = self.unit_id {
            all = all.add(filter.on::<Unit>(Column::UnitId)?);
        }
        if let Some(filter) = self.author_id {
            all = all.add(filter.on::<User>(Column::AuthorId)?);
        }
        for (filter, column) in [(self.number, Column::Number), (self.year, Column::Year)] {
            if let Some(filter) = filter {
                all = all.add(filter.on(column)?);
            }
        }
        if let Some(filter) = self.title {
            all = all.add(filter.on(Column::Title, Column::TitleSearch)?);
        }
        if let Some(filter) = self.commendation_type {
            all = all.add(filter.on(Column::CommendationType)?);
        }
        if let Some(filter) = self.state {
            all = all.add(filter.on(Column::State)?);
        }
        if let Some(filter) = self.due_on {
            all = all.add(handling::due(&filter)?);
        }
        if let Some(filter) = self.office_status {
            all = all.add(filter.on(gate)?);
        }
        if let Some(filter) = self.sent_at {
            all = all.add(filter.on(Column::SentAt)?);
        }
        let (name, subject) = (self.nominee_name, self.subject_id);
        let someone = Someone { name, subject, award_type: self.award_type_code };
        if let Some(condition) = someone.on(gate)? {
            all = all.add(condition);
        }
        Ok(all)
    }
}

/// One key of the order of submissions.
#[derive(Clone, Debug, Hash, OneofObject)]
pub(crate) enum SubmissionOrder {
    /// By the time they were begun.
    CreatedAt(OrderBy),
    /// By year.
    Year(OrderBy),
    /// By number within the year.
    Number(OrderBy),
    /// By title.
    Title(OrderBy),
    /// By the last day of the step for which it waits; those without one behind the others.
    DueOn(OrderBy),
    /// By the time they were last sent; those that never were behind the others, in either direction.
    SentAt(OrderBy),
}

impl SubmissionOrder {
    fn key(&self) -> Key<submission::Entity> {
        let (column, order) = match self {
            Self::CreatedAt(order) => (Column::CreatedAt, order),
            Self::Year(order) => (Column::Year, order),
            Self::Number(order) => (Column::Number, order),
            Self::Title(order) => (Column::Title, order),
            Self::DueOn(order) => (Column::DueOn, order),
            Self::SentAt(order) => (Column::SentAt, order),
        };
        Key { column, direction: order.direction }
    }
}

fn usual_order(is_mine: bool) -> Vec<SubmissionOrder> {
    vec![if is_mine {
        SubmissionOrder::DueOn(OrderBy { direction: Direction::Asc })
    } else {
        SubmissionOrder::CreatedAt(OrderBy { direction: Direction::Desc })
    }]
}

/// Questions about submissions.
#[derive(Default)]
pub struct SubmissionQuery;

/// Questions about submissions.
#[Object]
impl SubmissionQuery {
    /// One submission by its id; null when there is none or the caller may not read it.
    async fn submission(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the submission.")] id: ID,
    ) -> Option<Result<Submission>> {
        async { node(ctx.gate()?, &id).await }.await.transpose()
    }

    /// Submissions of the current tenant that the caller may read.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a list")]
    async fn submissions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions.")] r#where: Option<SubmissionWhere>,
        #[graphql(
            desc = "Order; newest first when absent, and with `waitingForMe` by the last day, overdue first."
        )]
        order_by: Option<Vec<SubmissionOrder>>,
        #[graphql(desc = "Of this unit and those below it.")] within_unit: Option<ID>,
        #[graphql(desc = "With `withinUnit`: at most so many steps down; all when absent.")] depth: Option<i32>,
        #[graphql(
            desc = "Only those whose next step the caller may take (hồ sơ chờ tôi xử lý): see `handling`."
        )]
        waiting_for_me: Option<bool>,
        #[graphql(desc = "How many from the beginning, 0 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<List<Submission>> {
        let gate = ctx.gate()?;
        let is_mine = waiting_for_me.unwrap_or_default();
        let conditions =
            fingerprint("submissions", &(&r#where, &order_by, &within_unit, depth, is_mine));
        let keys = order_by
            .unwrap_or_else(|| usual_order(is_mine))
            .iter()
            .take(3)
            .map(SubmissionOrder::key)
            .collect();
        let request =
            PageRequest::new(ctx, PageArgs { first, after, last, before }, keys, conditions);
        let mut rows = gate.rows::<submission::Entity>(Act::SubmissionRead)?;
        rows = rows.filter(r#where.unwrap_or_default().condition(gate)?);
        if is_mine {
            rows = rows.filter(handling::waits_for_caller(gate).await?);
        }
        if let Some(above) = within_unit {
            let above = row_id::<Unit>(&above).unwrap_or_default();
            rows = rows.filter(gate.within(Column::UnitId, above, depth)?);
        }
        let wanted = ahead::Wanted::of(ctx);
        let page = wanted.page(rows, request).await?;
        wanted.prepare(gate, &page.rows).await?;
        Ok(page.list(|submission| submission))
    }
}

pub(in crate::domain) async fn node(gate: &Gate, id: &ID) -> Result<Option<Submission>> {
    let Some(id) = row_id::<Submission>(id) else { return Ok(None) };
    Ok(gate.load::<submission::Entity>(id).await?.map(Submission::from))
}
