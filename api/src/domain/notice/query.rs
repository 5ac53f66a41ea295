//! Reads of public notices and of what asks for them.
//! No write enters here.

use async_graphql::{Context, ID, Object};
use entity::notice_rule::{self, Column};
use entity::{notice, submission};
use sea_orm::QueryOrder;

use super::{Notice, NoticeRule};
use crate::access::{Act, Gate};
use crate::domain::council::below;
use crate::domain::submission::Submission;
use crate::domain::{Ask, input};
use crate::error::Result;
use crate::filter::row_id;
use crate::reference;
use crate::scalar::Date;

impl NoticeRule {
    /// Every one that the caller may read, with its citation.
    pub(in crate::domain) async fn cited(gate: &Gate) -> Result<Vec<(String, Self)>> {
        let own = gate.rows::<notice_rule::Entity>(Act::LegalDocumentRead)?;
        let own = own.shape(|select| select.order_by_asc(Column::Id)).all().await?;
        let law = reference::every_notice().iter().map(Self::from);
        let rules = law.chain(own.iter().map(Self::from));
        Ok(rules.map(|rule| (rule.citation.clone(), rule)).collect())
    }
}

/// Questions about public notices.
#[derive(Default)]
pub struct NoticeQuery;

/// Questions about public notices.
#[Object]
impl NoticeQuery {
    /// The public notices of the nominees of a submission, oldest first; null when the caller may not read the
    /// submission.
    async fn notices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The submission.")] submission_id: ID,
    ) -> Result<Option<Vec<Notice>>> {
        let gate = ctx.gate()?;
        gate.actor()?;
        let Some(id) = row_id::<Submission>(&submission_id) else { return Ok(None) };
        let Some(of) = gate.load::<submission::Entity>(id).await? else { return Ok(None) };
        let rows = below::<notice::Entity>(gate, of.id).await?;
        Ok(Some(rows.into_iter().map(Notice::from).collect()))
    }

    /// What asks for a public notice on a day: the law, and the regulations of the current tenant.
    async fn notice_rules(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In force on this day; today when absent.")] as_of: Option<Date>,
    ) -> Result<Vec<NoticeRule>> {
        let gate = ctx.gate()?;
        let day = as_of.map_or_else(|| gate.today(), |day| day.0);
        let own = gate
            .rows::<notice_rule::Entity>(Act::LegalDocumentRead)?
            .filter(input::in_force(Column::ValidFrom, Column::ValidTo, day))
            .shape(|select| select.order_by_asc(Column::AwardTypeCode).order_by_asc(Column::Id))
            .all()
            .await?;
        let law = reference::notices(day).map(NoticeRule::from);
        Ok(law.chain(own.iter().map(NoticeRule::from)).collect())
    }
}
