//! Questions for numbers of awards.
//! No arithmetic enters here: `fold` does it.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object};
use entity::award_type;
use uuid::Uuid;

use super::condition::AwardStatisticsWhere;
use super::fold;
use super::form::{self, AwardForm, AwardFormKind};
use super::found::Finder;
use super::reading::Wanted;
use super::{AwardAsOf, AwardDimension, AwardStatistics};
use crate::access::Gate;
use crate::domain::{Ask, input};
use crate::error::Result;

/// Questions for numbers of awards.
#[derive(Default)]
pub struct StatisticsQuery;

/// Questions for numbers of awards.
#[Object]
impl StatisticsQuery {
    /// Awards of the current tenant that stand, counted: events (lượt) and distinct subjects, in all and by groups.
    /// It costs the same however much was awarded before: whole years come from totals that are kept, and only
    /// the years that a period cuts are read from rows. Who may not read the awards themselves is told no small
    /// numbers about people. Each group says by which conditions of `awards` its rows are found: as they stand now, so
    /// that with a past day of `asOf` awards that were changed since may be missing there or stand otherwise, and with
    /// `RESTATED` those of closed units are found below these.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a question")]
    async fn award_statistics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which awards are counted.")] r#where: Option<AwardStatisticsWhere>,
        #[graphql(desc = "By what the awards are grouped; no groups when absent.")]
        group_by: Option<Vec<AwardDimension>>,
        #[graphql(
            desc = "Of which day, and how structure is taken that changed; today and as it was when absent."
        )]
        as_of: Option<AwardAsOf>,
    ) -> Result<AwardStatistics> {
        let gate = ctx.gate()?;
        let by = group_by.unwrap_or_default();
        let wanted = Wanted { r#where: r#where.unwrap_or_default(), by: &by, as_of };
        let types = types(gate).await?;
        wanted.r#where.demand(&types)?;
        let (cells, lens) = wanted.read(gate, &types).await?;
        let span = wanted.span(gate);
        let finder = Finder { asked: &wanted.r#where, span, lens: &lens };
        fold::statistics(&cells, &lens, |key| finder.filter(key))
    }

    /// A statutory form on awards of a year (Thông tư 02/2023/TT-BNV): every cell says by which conditions of
    /// `awards` its rows are found: as they stand now, so that with a past day of `asOf` awards that were changed
    /// since may be missing there or stand otherwise, and with `RESTATED` those of closed units are found below these.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a question")]
    async fn award_form(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which form.")] form: AwardFormKind,
        #[graphql(desc = "Year of the decisions, 1948 to 2100.")] year: i32,
        #[graphql(desc = "Of this unit and those below it; of the whole tenant when absent.")]
        within_unit: Option<ID>,
        #[graphql(
            desc = "Of which day, and how structure is taken that changed; today and as it was when absent."
        )]
        as_of: Option<AwardAsOf>,
    ) -> Result<AwardForm> {
        let gate = ctx.gate()?;
        let year = input::year(year, "year")?;
        let r#where = AwardStatisticsWhere {
            within_unit,
            decided_from: Some(year),
            decided_to: Some(year),
            level: Some(form::levels(form)),
            ..AwardStatisticsWhere::default()
        };
        let wanted = Wanted { r#where, by: &[], as_of };
        let types = types(gate).await?;
        let (cells, lens) = wanted.read(gate, &types).await?;
        let days = wanted.days(gate, year);
        Ok(form::fill((form, year, days), &cells, &lens))
    }
}

/// Each wording of a title or form by its latest one: a title that was renamed is one title.
async fn types(gate: &Gate) -> Result<HashMap<Uuid, award_type::Model>> {
    let rows = gate.catalogue::<award_type::Entity>()?.all().await?;
    let mut latest: HashMap<&str, &award_type::Model> = HashMap::new();
    for row in &rows {
        let known = latest.entry(&row.code).or_insert(row);
        if known.valid_from < row.valid_from {
            *known = row;
        }
    }
    let pair = |row: &award_type::Model| {
        let now = latest.get(row.code.as_str()).copied().unwrap_or(row);
        (row.id, now.clone())
    };
    Ok(rows.iter().map(pair).collect())
}
