//! The end of what a council's own regulation asks of a ballot: the law, or another regulation, takes its place.
//! No ballot that was opened under it is touched.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use entity::ballot_rule::{self, Column};
use entity::{ballot, ballot_candidate};
use sea_orm::{ColumnTrait, Condition};

use super::noun::BallotRule;
use super::regulation::SetRule;
use super::rule::rule_of;
use crate::access::{Act, Gate, Tx};
use crate::domain::ending::{Ends, Last, Span};
use crate::domain::{Ask, keyed};
use crate::error::{Result, UserError, outcome};
use crate::filter::input_id;
use crate::scalar::{Date, NodeType};

/// Input of `ballotRuleEnd`.
#[derive(InputObject)]
pub(crate) struct BallotRuleEndInput {
    /// The rule, one that a regulation has set.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// Last day in force, not before the first one.
    valid_to: Date,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Outcome of the mutation: rule as it is now or the reasons why not.
#[derive(SimpleObject)]
pub(crate) struct BallotRuleEndPayload {
    /// The rule as it is now; null when there are errors.
    rule: Option<BallotRule>,
    /// Why nothing was done; empty on success.
    errors: Vec<UserError>,
}

impl BallotRuleEndPayload {
    fn of(result: Result<SetRule>) -> async_graphql::Result<Self> {
        let (set, errors) = outcome(result)?;
        Ok(Self { rule: set.map(|SetRule(row)| BallotRule::from(&*row)), errors })
    }
}

/// Ends of the rules of ballots.
#[derive(Default)]
pub struct RegulationEndMutation;

/// Ends of the rules of ballots.
#[Object]
impl RegulationEndMutation {
    /// Ends what the regulation of a council asks of a ballot: from the day after the law has its place, or what
    /// `ballotRuleSet` sets then. A ballot keeps the rule it was opened by; refused (`DECIDED_SINCE`) where one was opened by
    /// this rule later. Roles: central officer, council secretary, standing officer.
    async fn ballot_rule_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and the last day.")] input: BallotRuleEndInput,
    ) -> async_graphql::Result<BallotRuleEndPayload> {
        keyed!(ctx, input => BallotRuleEndPayload: end)
    }
}

async fn end(gate: &Gate, input: BallotRuleEndInput) -> Result<SetRule> {
    let id = input_id::<SetRule>(&input.id, "input.id")?;
    let last = Last::of(input.valid_to, "input.validTo")?;
    let tx = gate.begin(Act::BallotRuleEnd).await?;
    let row = last.end::<ballot_rule::Entity>(&tx, (id, input.expected_version)).await?;
    tx.answer(SetRule::from(row)).await
}

impl NodeType for SetRule {
    const PREFIX: &'static str = "BallotRule";
}

impl Ends for ballot_rule::Entity {
    const LAST: Column = Column::ValidTo;

    fn span(row: &ballot_rule::Model) -> Span {
        (Some(row.valid_from), row.valid_to)
    }

    async fn is_used(tx: &Tx, row: &ballot_rule::Model, after: NaiveDate) -> Result<bool> {
        let since = Condition::all()
            .add(ballot::Column::CouncilId.eq(row.council_id))
            .add(ballot::Column::OpenedAt.gte(day_after(after)))
            .add_option(row.valid_to.map(|last| ballot::Column::OpenedAt.lt(day_after(last))));
        let ballots = tx.all_of::<ballot::Entity>(row.tenant_id, since).await?;
        let asked = ballot_candidate::Column::BallotId.is_in(ballots.iter().map(|it| it.id));
        let asked = Condition::all().add(asked);
        for one in tx.all_of::<ballot_candidate::Entity>(row.tenant_id, asked).await? {
            let is_about = row.award_code.is_none() || row.award_code == one.award_code;
            let rule = rule_of(&one)?;
            if is_about && rule.is_regulation && rule.citation == row.citation {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// When the day after a day begins, at midnight in Vietnam.
fn day_after(day: NaiveDate) -> DateTime<Utc> {
    (day.and_time(NaiveTime::MIN) + TimeDelta::hours(24 - 7)).and_utc()
}
