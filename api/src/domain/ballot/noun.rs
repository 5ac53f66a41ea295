//! The rule of a ballot as it is shown.
//! No write enters here.

use async_graphql::{Context, ID, Object};
use chrono::NaiveDate;
use entity::ballot_rule::{
    Absentee, AfterRounds, Base, Comparison, OverQuota, Recusal, Secrecy, Tie,
};
use uuid::Uuid;

use super::regulation::SetRule;
use super::rule::{self, Rule, Share};
use crate::domain::Ask;
use crate::error::{Code, Fault, Result};
use crate::reference;
use crate::scalar::{Date, NodeType};

/// Most members or votes that are asked about.
const MOST: i32 = 10_000;

/// The rule by which a council votes on a title on a day (quy tắc biểu quyết).
#[derive(Clone)]
pub(crate) struct BallotRule {
    /// The title; none: every title that no other rule names, or initiatives.
    pub(super) award: Option<String>,
    pub(super) rule: Rule,
    pub(super) valid_from: NaiveDate,
    pub(super) valid_to: Option<NaiveDate>,
    /// Id and version of a regulation; none for the law.
    pub(super) own: Option<(Uuid, i32)>,
}

/// The rule by which a council votes on a title on a day (quy tắc biểu quyết): of the law, or of the
/// council's own regulation.
#[Object]
impl BallotRule {
    /// Opaque id of a regulation, by which `ballotRuleEnd` ends it; null for the law.
    async fn id(&self) -> Option<ID> {
        self.own.map(|(id, _)| SetRule::node_id(id))
    }

    /// Counts changes of a regulation; send it back as `expectedVersion`. Null for the law.
    async fn version(&self) -> Option<i32> {
        self.own.map(|(_, version)| version)
    }

    /// Code of the title or form; null: every one that no other rule names, or, of a council of initiatives, the
    /// initiatives.
    async fn award_code(&self) -> Option<&str> {
        self.award.as_deref()
    }

    /// Share of the members who must be present for a ballot.
    async fn quorum(&self) -> Share {
        self.rule.quorum
    }

    /// Share of the base that must vote yes.
    async fn threshold(&self) -> Share {
        self.rule.threshold
    }

    /// How votes are compared with the threshold.
    async fn comparison(&self) -> Comparison {
        self.rule.comparison
    }

    /// Of what the threshold is a share.
    async fn base(&self) -> Base {
        self.rule.base
    }

    /// What a member who is absent can do.
    async fn absentee(&self) -> Absentee {
        self.rule.absentee
    }

    /// What becomes of the base when members have a conflict of interest.
    async fn recusal(&self) -> Recusal {
        self.rule.recusal
    }

    /// Greatest number of rounds.
    async fn max_rounds(&self) -> i32 {
        self.rule.max_rounds
    }

    /// What happens when no round is left.
    async fn after_rounds(&self) -> AfterRounds {
        self.rule.after_rounds
    }

    /// What decides between nominees of equal votes.
    async fn tie(&self) -> Tie {
        self.rule.tie
    }

    /// Who is taken where more pass than there are places.
    async fn over_quota(&self) -> OverQuota {
        self.rule.over_quota
    }

    /// Whether the ballot is secret.
    async fn secrecy(&self) -> Secrecy {
        self.rule.secrecy
    }

    /// Where it is written.
    async fn citation(&self) -> &str {
        &self.rule.citation
    }

    /// Whether it goes on after the end of a document of the state that it cites (áp dụng tiếp): on its own last day, or
    /// today. Which article took the place of the cited one is then not established.
    #[expect(clippy::unused_async, reason = "resolvers are async")]
    async fn is_carried_over(&self, ctx: &Context<'_>) -> Result<bool> {
        let days = (self.valid_from, self.valid_to);
        Ok(reference::is_carried_over(&self.rule.citation, days, ctx.gate()?.today()))
    }

    /// Whether the council's own regulation sets it; otherwise it is the law's.
    async fn is_regulation(&self) -> bool {
        self.rule.is_regulation
    }

    /// First day in force.
    async fn valid_from(&self) -> Date {
        Date(self.valid_from)
    }

    /// Last day in force; null while it goes on.
    async fn valid_to(&self) -> Option<Date> {
        self.valid_to.map(Date)
    }

    /// Least number of yes votes of a base.
    #[expect(clippy::unused_async, reason = "resolvers are async")]
    async fn votes_needed(
        &self,
        #[graphql(desc = "The base: members, members present, or valid votes; from 1 to 10000.")]
        base: i32,
    ) -> Result<i32> {
        Ok(rule::needed(&self.rule, some(base, "base")?))
    }

    /// Least number of members present for a ballot.
    #[expect(clippy::unused_async, reason = "resolvers are async")]
    async fn quorum_needed(
        &self,
        #[graphql(desc = "Number of members of the council; from 1 to 10000.")] members: i32,
    ) -> Result<i32> {
        Ok(rule::quorum(&self.rule, some(members, "members")?))
    }
}

/// A number of members or votes: of nobody no share is asked.
fn some(number: i32, argument: &str) -> Result<i32> {
    if (1..=MOST).contains(&number) {
        return Ok(number);
    }
    Err(Fault::at(Code::OutOfRange, argument).with("min", 1).with("max", MOST).into())
}
