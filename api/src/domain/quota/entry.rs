//! The ledger of a quota as it is read: what was taken of it, by whom and by which decision, and what is left.
//! Nothing is written here.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, ID, Object, SimpleObject};
use entity::quota::Base;
use entity::quota_entry::{self, Column, State};
use entity::{award, decision, quota, submission, unit};
use sea_orm::{ColumnTrait, Condition};

use super::base::why_unknown;
use super::books::{Books, Places, Reader, rulebook};
use super::rules::{self, Apart};
use super::standing::{language, why_not};
use super::{Quota, QuotaWaiver};
use crate::access::{Act, Gate};
use crate::domain::decision::Decision;
use crate::domain::registry::Award;
use crate::domain::submission::Submission;
use crate::domain::unit::{self as unit_room, Unit};
use crate::domain::{Ask, input};
use crate::error::Result;
use crate::filter::row_id;
use crate::page::{Direction, Key, List, PageArgs, PageRequest, fingerprint};
use crate::scalar::{DateTime, NodeType};

/// An entry of the ledger of a quota.
pub(crate) struct QuotaEntry(Arc<quota_entry::Model>);

impl From<quota_entry::Model> for QuotaEntry {
    fn from(row: quota_entry::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl NodeType for QuotaEntry {
    const PREFIX: &'static str = "QuotaEntry";
}

/// An entry of the ledger of a quota (sổ theo dõi chỉ tiêu): what one submission, or one decision without a submission,
/// takes of it for a unit and a year. A decision divides what a submission has reserved: an entry for what it gives, one
/// for what comes back, and one for those whom an authority above has yet to answer. When an award is cancelled its place
/// comes back by another entry, and is taken again by one more when it is restored.
#[Object]
impl QuotaEntry {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The unit of whose places it takes; null when the caller may not read it.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        unit_room::one(ctx, self.0.unit_id).await.transpose()
    }

    /// The year.
    async fn year(&self) -> i32 {
        self.0.year
    }

    /// How many places.
    async fn amount(&self) -> i32 {
        self.0.amount
    }

    /// What became of it.
    async fn state(&self) -> State {
        self.0.state
    }

    /// The submission that asked for them; null where a decision gave without one, or when the caller may not read it.
    async fn submission(&self, ctx: &Context<'_>) -> Option<Result<Submission>> {
        let id = self.0.submission_id?;
        let load = async { ctx.gate()?.load::<submission::Entity>(id).await };
        load.await.map(|row| row.map(Submission::from)).transpose()
    }

    /// The award that was cancelled, or restored after that; null for every other entry, or when the caller may not read
    /// it.
    async fn award(&self, ctx: &Context<'_>) -> Option<Result<Award>> {
        let id = self.0.award_id?;
        let load = async { ctx.gate()?.load::<award::Entity>(id).await };
        load.await.map(|row| row.map(Award::from)).transpose()
    }

    /// The decision that used them up or gave them back, with its awards; null while none has, or when the caller may
    /// not read it.
    async fn decision(&self, ctx: &Context<'_>) -> Option<Result<Decision>> {
        let id = self.0.decision_id?;
        let load = async { ctx.gate()?.load::<decision::Entity>(id).await };
        load.await.map(|row| row.map(Decision::from)).transpose()
    }

    /// When it was written last; of what was sent or decided before the quota was set, the time of that. Null for entries
    /// that are older than the times of the ledger.
    async fn at(&self) -> Option<DateTime> {
        self.0.at.map(DateTime)
    }
}

/// How a quota stands for a unit and a year.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct QuotaUse {
    /// The quota.
    quota: Quota,
    /// What the share is taken of; null for a fixed number, where the number is not known, and where the quota is not
    /// about the unit and the year.
    base: Option<i32>,
    /// How many it allows; null where the base is not known, and where the quota is not about the unit and the year.
    limit: Option<i32>,
    /// How many more were allowed by waivers.
    waived: i32,
    /// The waivers behind that number, oldest first: what was allowed, by whom and why.
    waivers: Vec<QuotaWaiver>,
    /// Asked for and not decided yet.
    reserved: i32,
    /// Used up by decisions, but for what came back with awards that were cancelled.
    consumed: i32,
    /// What is left, below 0 where more was taken than it allows; null where the limit is.
    left: Option<i32>,
    #[graphql(skip)]
    unknown: Option<Base>,
    #[graphql(skip)]
    apart: Option<Apart>,
}

impl QuotaUse {
    /// Whether more was taken than it allows.
    pub(super) fn is_over(&self) -> bool {
        self.left.is_some_and(|left| left < 0)
    }
}

#[ComplexObject]
impl QuotaUse {
    /// Why the base is not known, in the language of `Accept-Language` (vi or en); null where it is, and where none is
    /// needed.
    async fn why_unknown(&self, ctx: &Context<'_>) -> Option<&'static str> {
        Some(why_unknown(self.unknown?, language(ctx)))
    }

    /// Why the quota is not about the unit and the year, in the language of `Accept-Language` (vi or en): it is for units
    /// of another kind or for another unit, or in force on no day of the year. Null where it is about them, or something
    /// was taken of it or allowed beyond it for them.
    async fn why_not(&self, ctx: &Context<'_>) -> Option<&'static str> {
        Some(why_not(self.apart?, language(ctx)))
    }
}

/// Questions about the ledgers of quotas.
#[derive(Default)]
pub struct LedgerQuery;

/// Questions about the ledgers of quotas.
#[Object]
impl LedgerQuery {
    /// The ledger of a quota: who took of it, the last year first; entries of units that the caller may read.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a list")]
    async fn quota_ledger(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The quota.")] quota_id: ID,
        #[graphql(desc = "Of this unit alone.")] unit_id: Option<ID>,
        #[graphql(desc = "Of this year alone.")] year: Option<i32>,
        #[graphql(desc = "How many from the beginning, 0 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<List<QuotaEntry>> {
        let conditions = fingerprint("quotaLedger", &(&quota_id, &unit_id, year));
        let keys = vec![Key { column: Column::Year, direction: Direction::Desc }];
        let args = PageArgs { first, after, last, before };
        let request = PageRequest::new(ctx, args, keys, conditions);
        let quota = row_id::<Quota>(&quota_id).unwrap_or_default();
        let unit = unit_id.map(|id| row_id::<Unit>(&id).unwrap_or_default());
        let these = Condition::all()
            .add(Column::QuotaId.eq(quota))
            .add_option(unit.map(|id| Column::UnitId.eq(id)))
            .add_option(year.map(|year| Column::Year.eq(year)));
        let rows = ctx.gate()?.rows::<quota_entry::Entity>(Act::SubmissionRead)?;
        Ok(rows.filter(these).page(request).await?.list(QuotaEntry::from))
    }

    /// How a quota stands for a unit and a year: what it allows, what is reserved, consumed and left; where it is not
    /// about them, `whyNot` says so. Null when the caller may not read the quota or the unit.
    #[expect(clippy::too_many_arguments, reason = "what is asked about")]
    async fn quota_use(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The quota.")] quota_id: ID,
        #[graphql(desc = "The unit.")] unit_id: ID,
        #[graphql(desc = "The year, 1948 to 2100.")] year: i32,
    ) -> Result<Option<QuotaUse>> {
        let gate = ctx.gate()?;
        gate.actor()?;
        let year = input::year(year, "year")?;
        let Some(quota) = row_id::<Quota>(&quota_id) else { return Ok(None) };
        let Some(quota) = gate.load::<quota::Entity>(quota).await? else { return Ok(None) };
        let Some(unit) = row_id::<Unit>(&unit_id) else { return Ok(None) };
        let Some(unit) = gate.load::<unit::Entity>(unit).await? else { return Ok(None) };
        used(gate, quota, (&unit, year)).await.map(Some)
    }
}

/// How a quota stands for a unit and a year.
pub(super) async fn used(
    gate: &Gate,
    quota: quota::Model,
    (unit, year): (&unit::Model, i32),
) -> Result<QuotaUse> {
    let place = (unit.id, year);
    let book = rulebook(gate).await?;
    let (units, years) = (vec![place.0], vec![place.1]);
    let places = Places { units, years, submissions: Vec::new(), on: gate.today() };
    let books = Books::read(Reader::Seen(gate), &places, (vec![quota.clone()], &book)).await?;
    let reserved = books.taken(&quota, place, |entry| entry.state == State::Reserved);
    let consumed = books.taken(&quota, place, |entry| entry.state != State::Reserved);
    let waived = books.waived(&quota, place);
    let is_touched = [reserved, consumed, waived].iter().any(|number| *number > 0);
    let apart = if is_touched { None } else { rules::apart(&quota, ((unit.id, unit.kind), year)) };
    let base = books.base(&quota, place).filter(|_| apart.is_none());
    let limit = base.map(|base| rules::limit(&quota, base));
    let left =
        |limit: i32| limit.saturating_add(waived).saturating_sub(reserved).saturating_sub(consumed);
    let mut waivers: Vec<_> = books.allowed(quota.id, place).cloned().collect();
    waivers.sort_by_key(|row| (row.at, row.id));
    Ok(QuotaUse {
        base: base.filter(|_| quota.base != Base::Count),
        limit,
        waived,
        waivers: waivers.into_iter().map(QuotaWaiver::from).collect(),
        reserved,
        consumed,
        left: limit.map(left),
        unknown: (base.is_none() && apart.is_none()).then_some(quota.base),
        apart,
        quota: quota.into(),
    })
}
