//! The end of a quota.
//! What was taken of it stays in the ledger.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{Datelike, NaiveDate};
use entity::quota::{self, Column};
use entity::quota_entry::{self, State};
use sea_orm::{ColumnTrait, Condition};

use super::{Quota, earlier, rules};
use crate::access::{Act, Gate, Tx};
use crate::domain::ending::{Ends, Last, Span};
use crate::domain::{Ask, keyed};
use crate::error::Result;
use crate::filter::input_id;
use crate::payload;
use crate::scalar::Date;

/// Input of `quotaEnd`.
#[derive(InputObject)]
pub(crate) struct QuotaEndInput {
    /// The quota.
    id: ID,
    /// Version last read: 1, until it was ended once.
    expected_version: i32,
    /// Last day in force, not before the first one.
    valid_to: Date,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(QuotaEndPayload, quota: Quota, "quota ended");

/// Changes of quotas in force.
#[derive(Default)]
pub struct QuotaEndMutation;

/// Changes of quotas in force.
#[Object]
impl QuotaEndMutation {
    /// Ends a quota; another one may follow it. Refused (`DECIDED_SINCE`) where something was taken of it for a later year,
    /// or for the year of that day after it; what is taken later for a year that is over hinders no end on its last day.
    /// Roles: standing officer.
    async fn quota_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and the last day.")] input: QuotaEndInput,
    ) -> async_graphql::Result<QuotaEndPayload> {
        keyed!(ctx, input => QuotaEndPayload: end)
    }
}

async fn end(gate: &Gate, input: QuotaEndInput) -> Result<Quota> {
    let id = input_id::<Quota>(&input.id, "input.id")?;
    let last = Last::of(input.valid_to, "input.validTo")?;
    let tx = gate.begin(Act::QuotaEnd).await?;
    let row = last.end::<quota::Entity>(&tx, (id, input.expected_version)).await?;
    tx.answer(Quota::from(row)).await
}

impl Ends for quota::Entity {
    const LAST: Column = Column::ValidTo;

    fn span(row: &quota::Model) -> Span {
        (Some(row.valid_from), row.valid_to)
    }

    async fn is_used(tx: &Tx, row: &quota::Model, after: NaiveDate) -> Result<bool> {
        use quota_entry::Column::{At, QuotaId, State as Stands, Year};
        let ended = quota::Model { valid_to: Some(after), ..row.clone() };
        let early = rules::early_end(&ended).map(|day| {
            let later = Condition::any().add(At.is_null()).add(At.gte(earlier::after(day)));
            Condition::all().add(Year.eq(day.year())).add(later)
        });
        let since = Condition::all()
            .add(QuotaId.eq(row.id))
            .add(Stands.is_not_in([State::Released, State::Returned]))
            .add(Condition::any().add(Year.gt(after.year())).add_option(early));
        // Years are positive: none is found where nothing was taken.
        Ok(tx.greatest::<quota_entry::Entity>(row.tenant_id, Year, since).await? > 0)
    }
}
