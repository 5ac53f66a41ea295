//! Public notices: nominees are posted, complaints about them come, are looked into and answered, and no decision is
//! taken before that. No award is given here.

mod demand;
mod end;
mod mutation;
mod query;
mod rules;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::complaint_step::Kind;
use entity::{complaint, complaint_step, notice, notice_rule};

use super::council::{below, noun};
use super::{Ask, under};
use crate::access::Gate;
use crate::error::Result;
use crate::reference::LawNotice;
use crate::scalar::{Date, DateTime, NodeType};

pub(super) use demand::{demand, demand_of};
pub use end::NoticeRuleMutation;
pub use mutation::NoticeMutation;
pub use query::NoticeQuery;

noun! {
    /// A public notice of the nominees of a submission.
    Notice of notice,
    /// A complaint about nominees that were posted.
    Complaint of complaint,
    /// What was done about a complaint.
    ComplaintStep of complaint_step,
    /// A tenant's own regulation on public notices.
    OwnNoticeRule of notice_rule,
}

under! { ComplaintStep => Complaint of complaint by complaint_id }

/// What asks for a public notice: the law, or a regulation of the tenant.
#[derive(Clone, Debug, SimpleObject)]
pub(crate) struct NoticeRule {
    /// Opaque id; null for the law.
    pub(super) id: Option<ID>,
    /// Counts changes of a rule that the tenant has set; send it back as `expectedVersion`. Null for the law.
    pub(super) version: Option<i32>,
    /// For these titles and forms, by code; none: for every one.
    pub(super) award_type_codes: Vec<String>,
    /// For how many days at least; null where the law gives no number.
    pub(super) days: Option<i32>,
    /// What it rests on.
    pub(super) citation: String,
    /// First day in force.
    pub(super) valid_from: Date,
    /// Last day in force; null while it goes on.
    pub(super) valid_to: Option<Date>,
    /// Whether the tenant has set it.
    pub(super) is_of_tenant: bool,
}

/// A tenant's own regulation on public notices (quy chế công khai); only its last day changes.
#[Object]
impl OwnNoticeRule {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The regulation as it stands beside the law.
    async fn rule(&self) -> NoticeRule {
        NoticeRule::from(&*self.0)
    }
}

impl From<&notice_rule::Model> for NoticeRule {
    fn from(row: &notice_rule::Model) -> Self {
        Self {
            id: Some(OwnNoticeRule::node_id(row.id)),
            version: Some(row.version),
            award_type_codes: row.award_type_code.iter().cloned().collect(),
            days: Some(row.days),
            citation: row.citation.clone(),
            valid_from: Date(row.valid_from),
            valid_to: row.valid_to.map(Date),
            is_of_tenant: true,
        }
    }
}

impl From<&LawNotice> for NoticeRule {
    fn from(row: &LawNotice) -> Self {
        Self {
            id: None,
            version: None,
            award_type_codes: row.awards.clone(),
            days: row.days,
            citation: row.citation.clone(),
            valid_from: Date(row.valid_from),
            valid_to: row.valid_to.map(Date),
            is_of_tenant: false,
        }
    }
}

/// A public notice of the nominees of a submission (công khai danh sách đề nghị); written once.
#[Object]
impl Notice {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// Where they were posted.
    async fn place(&self) -> &str {
        &self.0.place
    }

    /// First day.
    async fn opened_on(&self) -> Date {
        Date(self.0.opened_on)
    }

    /// Last day.
    async fn last_on(&self) -> Date {
        Date(self.0.last_on)
    }

    /// The complaints that came, oldest first.
    async fn complaints(&self, ctx: &Context<'_>) -> Result<Vec<Complaint>> {
        let rows = below::<complaint::Entity>(ctx.gate()?, self.0.id).await?;
        Ok(rows.into_iter().map(Complaint::from).collect())
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

/// A complaint about nominees that were posted (phản ánh, khiếu nại); written once, where it stands follows from its
/// steps.
#[Object]
impl Complaint {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// Who complains.
    async fn complainant(&self) -> &str {
        &self.0.complainant
    }

    /// What it says.
    async fn content(&self) -> &str {
        &self.0.content
    }

    /// The day it came.
    async fn filed_on(&self) -> Date {
        Date(self.0.filed_on)
    }

    /// Whether it was answered.
    async fn is_answered(&self, ctx: &Context<'_>) -> Result<bool> {
        let steps = below::<complaint_step::Entity>(ctx.gate()?, self.0.id).await?;
        let kinds: Vec<Kind> = steps.iter().map(|step| step.kind).collect();
        Ok(rules::is_answered(&kinds))
    }

    /// What was done about it, oldest first.
    async fn steps(&self, ctx: &Context<'_>) -> Result<Vec<ComplaintStep>> {
        let steps = below::<complaint_step::Entity>(ctx.gate()?, self.0.id).await?;
        Ok(steps.into_iter().map(ComplaintStep::from).collect())
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

/// What was done about a complaint; written once, never changed.
#[Object]
impl ComplaintStep {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// Place among the steps, from 1.
    async fn sequence(&self) -> i32 {
        self.0.sequence
    }

    /// What was done.
    async fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Who looks into it and how, or the answer.
    async fn words(&self) -> &str {
        &self.0.words
    }

    /// Name of the one who did it, as it was then.
    async fn actor_name(&self) -> &str {
        &self.0.actor_name
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}
