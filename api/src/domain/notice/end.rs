//! The end of a tenant's own regulation on public notices.
//! Nothing of the law is changed here.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::NaiveDate;
use entity::award;
use entity::notice_rule::{self, Column};
use sea_orm::{ColumnTrait, Condition};

use super::OwnNoticeRule;
use crate::access::{Act, Gate, Tx};
use crate::domain::ending::{self, Ends, Last, Span};
use crate::domain::{Ask, keyed};
use crate::error::Result;
use crate::filter::input_id;
use crate::payload;
use crate::scalar::Date;

/// Input of `noticeRuleEnd`.
#[derive(InputObject)]
pub(crate) struct NoticeRuleEndInput {
    /// The regulation, one that the tenant has set.
    id: ID,
    /// Version last read: 1, until it was ended once.
    expected_version: i32,
    /// Last day in force, not before the first one.
    valid_to: Date,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(NoticeRuleEndPayload, rule: OwnNoticeRule, "regulation ended");

/// Changes of regulations on public notices.
#[derive(Default)]
pub struct NoticeRuleMutation;

/// Changes of regulations on public notices.
#[Object]
impl NoticeRuleMutation {
    /// Ends a regulation of the tenant on public notices; what was posted under it stays. Refused (`DECIDED_SINCE`)
    /// where nominees it was about were decided on later. Roles: standing officer.
    async fn notice_rule_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and the last day.")] input: NoticeRuleEndInput,
    ) -> async_graphql::Result<NoticeRuleEndPayload> {
        keyed!(ctx, input => NoticeRuleEndPayload: end)
    }
}

async fn end(gate: &Gate, input: NoticeRuleEndInput) -> Result<OwnNoticeRule> {
    let id = input_id::<OwnNoticeRule>(&input.id, "input.id")?;
    let last = Last::of(input.valid_to, "input.validTo")?;
    let tx = gate.begin(Act::NoticeRuleEnd).await?;
    let row = last.end::<notice_rule::Entity>(&tx, (id, input.expected_version)).await?;
    tx.answer(OwnNoticeRule::from(row)).await
}

impl Ends for notice_rule::Entity {
    const LAST: Column = Column::ValidTo;

    fn span(row: &notice_rule::Model) -> Span {
        (Some(row.valid_from), row.valid_to)
    }

    async fn is_used(tx: &Tx, row: &notice_rule::Model, after: NaiveDate) -> Result<bool> {
        use award::Column::AwardTypeCode;
        let code = row.award_type_code.as_ref().map(|code| AwardTypeCode.eq(code));
        let which = Condition::all().add_option(code);
        ending::was_awarded(tx, which, (row.id, after)).await
    }
}
