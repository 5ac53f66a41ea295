//! Funds of commendation: what came in, what bonuses and the rest took out of them.
//! No bonus is computed here.

mod mutation;
mod rules;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::fund_entry::{self, Column, Direction, Purpose};
use entity::{award, decision, unit};
use sea_orm::{ColumnTrait, Condition, QueryOrder};
use uuid::Uuid;

use super::decision::Decision;
use super::registry::Award;
use super::unit::Unit;
use super::{Ask, Under, input};
use crate::access::{Act, Gate};
use crate::error::Result;
use crate::filter::row_id;
use crate::reference;
use crate::scalar::{Date, DateTime, NodeType};

pub use mutation::FundMutation;

/// One entry of a fund.
#[derive(Clone)]
pub struct FundEntry(Arc<fund_entry::Model>);

crate::answer!(FundEntry = fund_entry::Model => 0);

impl From<fund_entry::Model> for FundEntry {
    fn from(row: fund_entry::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl NodeType for FundEntry {
    const PREFIX: &'static str = "FundEntry";
}

/// One entry of a fund; written once, never changed: a mistake is set right by another entry.
#[Object]
impl FundEntry {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// Year of the fund.
    async fn year(&self) -> i32 {
        self.0.year
    }

    /// In or out.
    async fn direction(&self) -> Direction {
        self.0.direction
    }

    /// What it comes from, or goes to.
    async fn purpose(&self) -> Purpose {
        self.0.purpose
    }

    /// In đồng, as a whole number in text.
    async fn amount(&self) -> String {
        self.0.amount.to_string()
    }

    /// The day it came or went.
    async fn on(&self) -> Date {
        Date(self.0.on_day)
    }

    /// The decision whose bonuses were paid; null for an entry about something else, and when the caller may not read
    /// it.
    async fn decision(&self, ctx: &Context<'_>) -> Option<Result<Decision>> {
        let id = self.0.decision_id?;
        let found = ctx.gate().ok()?.load::<decision::Entity>(id).await;
        found.map(|row| row.map(Decision::from)).transpose()
    }

    /// The award whose bonus came back or was paid again; null for an entry about something else, and when the caller
    /// may not read it.
    async fn award(&self, ctx: &Context<'_>) -> Option<Result<Award>> {
        let found =
            ctx.gate().ok()?.load::<award::Entity>(self.0.award_id.or(self.0.repaid_award)?).await;
        found.map(|row| row.map(Award::from)).transpose()
    }

    /// A remark; null where there is none.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// Name of the one who recorded it, as it was then.
    async fn author_name(&self) -> &str {
        &self.0.author_name
    }

    /// When it was recorded.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}

/// The fund of a unit in a year (quỹ thi đua, khen thưởng).
#[derive(SimpleObject)]
pub(crate) struct Fund {
    /// The unit.
    unit: Unit,
    /// The year.
    year: i32,
    /// What came in, in đồng; as text.
    income: String,
    /// What went out, in đồng; as text.
    spending: String,
    /// What is left, in đồng; below zero only where more was paid before payments had to be covered. As text.
    balance: String,
    /// What went into organising the work, beside what may; null where no rule of that year is known.
    organising: Option<FundOrganising>,
    /// The entries, oldest first.
    entries: Vec<FundEntry>,
}

/// What of a fund went into organising the work (chi tổ chức, chỉ đạo, sơ kết, tổng kết phong trào), and what may. What is
/// over the share is shown, not refused.
#[derive(SimpleObject)]
pub(crate) struct FundOrganising {
    /// Entries of the purpose `ORGANISING`, in đồng; as text.
    spent: String,
    /// The share of what came in that may be spent so, in đồng; as text.
    limit: String,
    /// Whether more was spent than that.
    is_over: bool,
    /// Where the share is written.
    citation: &'static str,
}

fn organising(year: i32, rows: &[fund_entry::Model], income: i64) -> Option<FundOrganising> {
    let share = reference::organising_share(year)?;
    let of_purpose = rows.iter().filter(|row| row.purpose == Purpose::Organising);
    let (_, spent) = rules::sums(of_purpose.map(|row| (row.direction, row.amount)));
    let limit = rules::share(income, (share.numerator, share.denominator));
    Some(FundOrganising {
        spent: spent.to_string(),
        limit: limit.to_string(),
        is_over: spent > limit,
        citation: &share.citation,
    })
}

/// Questions about funds.
#[derive(Default)]
pub struct FundQuery;

/// Questions about funds.
#[Object]
impl FundQuery {
    /// The fund of a unit in a year: what came in, what went out, what is left, and the entries behind it. Null when
    /// the caller may not read the fund of the unit.
    async fn fund(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit whose fund it is.")] unit_id: ID,
        #[graphql(desc = "The year, 1948 to 2100.")] year: i32,
    ) -> Result<Option<Fund>> {
        let gate = ctx.gate()?;
        let year = input::year(year, "year")?;
        let Some(id) = row_id::<Unit>(&unit_id) else { return Ok(None) };
        fund(gate, (id, year)).await
    }
}

impl Under<Fund> for FundEntry {
    async fn above(&self, gate: &Gate) -> Result<Option<Fund>> {
        fund(gate, (self.0.unit_id, self.0.year)).await
    }
}

/// The fund of a unit in a year as the caller may read it.
async fn fund(gate: &Gate, (unit, year): (Uuid, i32)) -> Result<Option<Fund>> {
    let Some(place) = gate.rows::<unit::Entity>(Act::FundRead)?.one(unit).await? else {
        return Ok(None);
    };
    let rows = gate
        .rows::<fund_entry::Entity>(Act::FundRead)?
        .filter(Condition::all().add(Column::UnitId.eq(unit)).add(Column::Year.eq(year)))
        .shape(|select| select.order_by_asc(Column::Id))
        .all()
        .await?;
    let (income, spending) = rules::sums(rows.iter().map(|row| (row.direction, row.amount)));
    Ok(Some(Fund {
        unit: place.into(),
        year,
        income: income.to_string(),
        spending: spending.to_string(),
        balance: income.saturating_sub(spending).to_string(),
        organising: organising(year, &rows, income),
        entries: rows.into_iter().map(FundEntry::from).collect(),
    }))
}
