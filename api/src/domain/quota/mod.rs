//! Quotas: how many of a title or form a unit may propose in a year, and the ledger of what is taken.
//! No eligibility enters here.

mod base;
mod basis;
mod books;
mod cancelled;
mod decided;
mod earlier;
mod end;
mod entry;
mod foreseen;
mod ledger;
mod mutation;
mod reckoning;
mod rules;
mod standing;

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::eligibility_rule::Severity;
use entity::nominee::SubjectKind;
use entity::quota::{self, Base, Rounding};
use entity::submission::CommendationType;
use entity::{quota_waiver, submission, unit};
use sea_orm::QueryOrder;

use super::submission::Submission;
use super::unit::{self as unit_room, Unit};
use super::{Ask, input};
use crate::access::{Act, Gate};
use crate::error::Result;
use crate::filter::row_id;
use crate::scalar::{Date, DateTime, NodeType};
use standing::QuotaStanding;

pub use basis::{BasisMutation, BasisQuery};
pub(super) use books::{Rulebook, rulebook};
pub(super) use cancelled::{follow, over};
pub(super) use decided::{Answered, Decided, Direct, decide};
pub use end::QuotaEndMutation;
pub use entry::LedgerQuery;
pub(crate) use entry::{QuotaEntry, QuotaUse};
pub(super) use foreseen::foreseen;
pub(super) use ledger::{exceeded, settle, settles, stand_by};
pub use mutation::QuotaMutation;

/// A quota.
#[derive(Clone)]
pub struct Quota(Arc<quota::Model>);

/// A waiver of a quota.
#[derive(Clone)]
pub struct QuotaWaiver(Arc<quota_waiver::Model>);

crate::answer!(Quota = quota::Model => 0, QuotaWaiver = quota_waiver::Model => 0);

impl From<quota::Model> for Quota {
    fn from(row: quota::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl From<quota_waiver::Model> for QuotaWaiver {
    fn from(row: quota_waiver::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl NodeType for Quota {
    const PREFIX: &'static str = "Quota";
}

impl NodeType for QuotaWaiver {
    const PREFIX: &'static str = "QuotaWaiver";
}

/// A quota (chỉ tiêu, tỷ lệ): how many of a title or form each unit may propose in a year.
#[Object]
impl Quota {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// Code of the title or form.
    async fn award_type_code(&self) -> &str {
        &self.0.award_type_code
    }

    /// For this kind of subject; null: every one.
    async fn subject_kind(&self) -> Option<SubjectKind> {
        self.0.subject_kind
    }

    /// For proposals of this type of commendation, such as a thematic movement; null: every one.
    async fn commendation_type(&self) -> Option<CommendationType> {
        self.0.commendation_type
    }

    /// For units of this kind; null: every one.
    async fn unit_kind(&self) -> Option<unit::Kind> {
        self.0.unit_kind
    }

    /// For this unit alone; null: every one of the kind, or the caller may not read it.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        unit_room::one(ctx, self.0.unit_id?).await.transpose()
    }

    /// What it is a part of.
    async fn base(&self) -> Base {
        self.0.base
    }

    /// Share of the base in percent, a whole number (20 is 20 %); null where the quota is a number.
    async fn share_percent(&self) -> Option<i32> {
        self.0.share_percent
    }

    /// How many each unit may propose in a year; null where the quota is a share.
    async fn most(&self) -> Option<i32> {
        self.0.most
    }

    /// How the share becomes a number.
    async fn rounding(&self) -> Rounding {
        self.0.rounding
    }

    /// Whether more is refused, or only shown.
    async fn severity(&self) -> Severity {
        self.0.severity
    }

    /// The regulation it rests on.
    async fn citation(&self) -> &str {
        &self.0.citation
    }

    /// First day in force.
    async fn valid_from(&self) -> Date {
        Date(self.0.valid_from)
    }

    /// Last day in force; null while it goes on.
    async fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// What was allowed beyond a quota; written once, never changed.
#[Object]
impl QuotaWaiver {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The year.
    async fn year(&self) -> i32 {
        self.0.year
    }

    /// How many more.
    async fn extra(&self) -> i32 {
        self.0.extra
    }

    /// Why.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// Name of the one who allowed it, as it was then.
    async fn author_name(&self) -> &str {
        &self.0.author_name
    }

    /// When it was allowed.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}

impl Quota {
    /// Every one of the tenant, past ones too, with its citation.
    pub(super) async fn cited(gate: &Gate) -> Result<Vec<(String, Self)>> {
        use quota::Column::{AwardTypeCode, Id};
        let rows = gate.rows::<quota::Entity>(Act::QuotaRead)?;
        let rows = rows.shape(|select| select.order_by_asc(AwardTypeCode).order_by_asc(Id));
        let rows = rows.all().await?;
        Ok(rows.into_iter().map(|row| (row.citation.clone(), Self::from(row))).collect())
    }
}

/// Questions about quotas.
#[derive(Default)]
pub struct QuotaQuery;

/// Questions about quotas.
#[Object]
impl QuotaQuery {
    /// Quotas of the current tenant in force today, unless `asOf` names another day; not more than some dozens.
    async fn quotas(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In force on this day; today when absent.")] as_of: Option<Date>,
    ) -> Result<Vec<Quota>> {
        use quota::Column;
        let gate = ctx.gate()?;
        let day = as_of.map_or_else(|| gate.today(), |day| day.0);
        let rows = gate.rows::<quota::Entity>(Act::QuotaRead)?;
        let rows = rows.filter(input::in_force(Column::ValidFrom, Column::ValidTo, day));
        let rows = rows
            .shape(|select| select.order_by_asc(Column::AwardTypeCode).order_by_asc(Column::Id));
        Ok(rows.all().await?.into_iter().map(Quota::from).collect())
    }

    /// How the quotas stand for a submission: what is taken, what it asks for, by how much it is over and for
    /// whom. Null when the caller may not read the submission.
    async fn quota_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The submission.")] submission_id: ID,
    ) -> Result<Option<Vec<QuotaStanding>>> {
        let gate = ctx.gate()?;
        gate.actor()?;
        let Some(id) = row_id::<Submission>(&submission_id) else { return Ok(None) };
        let Some(of) = gate.load::<submission::Entity>(id).await? else { return Ok(None) };
        let standings = ledger::preview(gate, &of).await?;
        Ok(Some(standings.into_iter().map(QuotaStanding::from).collect()))
    }
}
