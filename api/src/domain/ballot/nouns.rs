//! A ballot as it is shown: who may vote, how many have, what came out; never who chose what.
//! No write enters here.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::ballot::{self, State};
use entity::ballot_result::{self, Outcome};
use entity::ballot_roll::{self, Mode};
use entity::ballot_rule::Secrecy;
use entity::{
    agenda_item, ballot_candidate, ballot_register, council_session, open_vote, paper_count,
    tie_decision,
};

use super::cast::Choice;
use super::recorded::{PaperCount, TieDecision};
use super::rule::Rule;
use super::shown::{FEWEST, rule_words, words};
use crate::access::Gate;
use crate::domain::Ask;
use crate::domain::council::{CouncilSeat, below, noun};
use crate::domain::meeting::{AgendaItem, Candidate, CouncilSession};
use crate::error::{Error, Result};
use crate::scalar::{DateTime, NodeType};
use crate::text::Language;

noun! {
    /// A ballot of a council on a list of nominees.
    Ballot of ballot,
    /// What is voted on for one nominee or initiative.
    BallotCandidate of ballot_candidate,
    /// What came out for one nominee.
    BallotResult of ballot_result,
    /// A member on the roll of a ballot.
    BallotRollEntry of ballot_roll,
}

/// A ballot of a council on a list of nominees (cuộc bỏ phiếu). Its roll is frozen when it opens, its result
/// when it is closed by the secretary and confirmed by the one who presides. Choices are sealed and kept apart
/// from the members; on PostgreSQL requests cannot read them before, on SQLite, which has no roles, the seal
/// alone guards them, and whoever has the file and the server's sealing key can open it.
#[Object]
impl Ballot {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The item of the agenda.
    async fn item_id(&self) -> ID {
        AgendaItem::node_id(self.0.item_id)
    }

    /// The item of the agenda on which it is taken.
    async fn item(&self, ctx: &Context<'_>) -> Result<AgendaItem> {
        let found = ctx.gate()?.load::<agenda_item::Entity>(self.0.item_id).await?;
        found.map(AgendaItem::from).ok_or_else(|| Error::broken("a ballot without item"))
    }

    /// The session in which it is taken.
    async fn session(&self, ctx: &Context<'_>) -> Result<CouncilSession> {
        let found = ctx.gate()?.load::<council_session::Entity>(self.0.session_id).await?;
        found.map(CouncilSession::from).ok_or_else(|| Error::broken("a ballot without session"))
    }

    /// Round, from 1; a motion to reconsider opens a new one.
    async fn round(&self) -> i32 {
        self.0.round
    }

    /// Where it stands.
    async fn state(&self) -> State {
        self.0.state
    }

    /// Whether it is secret, or a show of hands whose choices stand on the roll by name.
    async fn secrecy(&self) -> Secrecy {
        self.0.secrecy
    }

    /// Members of the council when it opened.
    async fn members(&self) -> i32 {
        self.0.members
    }

    /// Of them with a conflict of interest.
    async fn recused(&self) -> i32 {
        self.0.recused
    }

    /// Of them with a vote here: present, or with a written opinion.
    async fn voting(&self) -> i32 {
        self.0.voting
    }

    /// How many have voted online so far; nothing tells in which order.
    async fn cast(&self, ctx: &Context<'_>) -> Result<i32> {
        let rows = below::<ballot_register::Entity>(ctx.gate()?, self.0.id).await?;
        Ok(i32::try_from(rows.len()).unwrap_or(i32::MAX))
    }

    /// Until when absent members can vote; null: until it is closed.
    async fn cut_off_at(&self) -> Option<DateTime> {
        self.0.cut_off_at.map(DateTime)
    }

    /// When it was opened.
    async fn opened_at(&self) -> DateTime {
        DateTime(self.0.opened_at)
    }

    /// When it was confirmed; null before.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }

    /// The ballot that this one reconsiders; it stays as it is; null for a first round.
    async fn reconsiders_id(&self) -> Option<ID> {
        self.0.reconsiders_id.map(Self::node_id)
    }

    /// Why it is voted again; null for a first round.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// Why it was ended although written opinions were outstanding; null where no reason was given.
    async fn close_reason(&self) -> Option<&str> {
        self.0.close_reason.as_deref()
    }

    /// Who is voted on, in order.
    async fn candidates(&self, ctx: &Context<'_>) -> Result<Vec<BallotCandidate>> {
        let rows = below::<ballot_candidate::Entity>(ctx.gate()?, self.0.id).await?;
        Ok(rows.into_iter().map(BallotCandidate::from).collect())
    }

    /// Who votes and how: the roll as it was frozen.
    async fn roll(&self, ctx: &Context<'_>) -> Result<Vec<BallotRollEntry>> {
        let rows = below::<ballot_roll::Entity>(ctx.gate()?, self.0.id).await?;
        Ok(rows.into_iter().map(BallotRollEntry::from).collect())
    }

    /// Who is still awaited while it is open: those who vote online or write, and have not voted (chưa bỏ phiếu). Who votes on
    /// paper is not among them.
    async fn awaited(&self, ctx: &Context<'_>) -> Result<Vec<BallotRollEntry>> {
        if self.0.state != State::Open {
            return Ok(Vec::new());
        }
        let roll = below::<ballot_roll::Entity>(ctx.gate()?, self.0.id).await?;
        let voted = below::<ballot_register::Entity>(ctx.gate()?, self.0.id).await?;
        let is_awaited = |row: &ballot_roll::Model| {
            let votes_here = matches!(row.mode, Mode::Online | Mode::Written);
            votes_here && voted.iter().all(|known| known.seat_id != row.seat_id)
        };
        Ok(roll.into_iter().filter(is_awaited).map(BallotRollEntry::from).collect())
    }

    /// What came out, by nominee; empty before it is closed.
    async fn results(&self, ctx: &Context<'_>) -> Result<Vec<BallotResult>> {
        let rows = below::<ballot_result::Entity>(ctx.gate()?, self.0.id).await?;
        Ok(rows.into_iter().map(BallotResult::from).collect())
    }

    /// How paper ballots were counted, by whom; the votes on them show once the ballot is closed.
    async fn paper_counts(&self, ctx: &Context<'_>) -> Result<Vec<PaperCount>> {
        let rows = below::<paper_count::Entity>(ctx.gate()?, self.0.id).await?;
        Ok(rows.into_iter().map(PaperCount::from).collect())
    }

    /// Counts changes by those who open and close it, never votes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// What is voted on for one nominee, and by which rule: frozen when the ballot opens.
#[Object]
impl BallotCandidate {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The candidate of the agenda.
    async fn candidate_id(&self) -> ID {
        Candidate::node_id(self.0.candidate_id)
    }

    /// Place on the ballot, from 1.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Code of the title or form; null for an initiative.
    async fn award_code(&self) -> Option<&str> {
        self.0.award_code.as_deref()
    }

    /// The rule in words, with its citation.
    #[expect(clippy::unused_async, reason = "resolvers are async")]
    async fn rule(&self, ctx: &Context<'_>) -> Result<String> {
        let rule: Rule = serde_json::from_str(&self.0.rule)?;
        let language = ctx.data_opt::<Language>().copied().unwrap_or_default();
        Ok(rule_words(&rule, language))
    }
}

/// What came out for one nominee, frozen with its base. Where fewer than five have voted in secret, only the verdict
/// is told: the numbers would tell who chose what.
#[Object]
impl BallotResult {
    /// The nominee on the ballot.
    async fn ballot_candidate_id(&self) -> ID {
        BallotCandidate::node_id(self.0.ballot_candidate_id)
    }

    /// Yes votes; null where there are too few ballots.
    async fn yes(&self) -> Option<i32> {
        self.0.yes
    }

    /// No votes; null where there are too few ballots.
    async fn no(&self) -> Option<i32> {
        self.0.no
    }

    /// Abstentions; null where there are too few ballots.
    async fn abstain(&self) -> Option<i32> {
        self.0.abstain
    }

    /// Invalid paper ballots; null where there are too few ballots.
    async fn invalid(&self) -> Option<i32> {
        self.0.invalid
    }

    /// Of how many the yes votes are a share; 0 where too few have answered, and nothing passes.
    async fn base(&self) -> i32 {
        self.0.base
    }

    /// Least number of yes votes.
    async fn needed(&self) -> i32 {
        self.0.needed
    }

    /// What it means.
    async fn outcome(&self) -> Outcome {
        self.0.outcome
    }

    /// What the chair decided where the outcome is `TIED`: taken, it counts as passed, otherwise as over the
    /// places; null before, and for every other outcome.
    async fn tie_decision(&self, ctx: &Context<'_>) -> Result<Option<TieDecision>> {
        let rows = below::<tie_decision::Entity>(ctx.gate()?, self.0.ballot_id).await?;
        let own = |row: &tie_decision::Model| row.ballot_candidate_id == self.0.ballot_candidate_id;
        Ok(rows.into_iter().find(own).map(TieDecision::from))
    }

    /// The verdict in words, in the language of `Accept-Language`.
    async fn words(&self, ctx: &Context<'_>) -> String {
        words(&self.0, ctx.data_opt::<Language>().copied().unwrap_or_default())
    }
}

/// A member on the roll of a ballot: how he votes, and whether he has; nothing tells when, nor, of a secret ballot,
/// what.
#[Object]
impl BallotRollEntry {
    /// The seat.
    async fn seat_id(&self) -> ID {
        CouncilSeat::node_id(self.0.seat_id)
    }

    /// Name of the one who votes there.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether it is the caller who votes there, as the member or in his place; false for a member for whom another one
    /// stands in.
    #[expect(clippy::unused_async, reason = "resolvers are async")]
    async fn is_mine(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.0.user_id == Some(ctx.gate()?.actor()?.user))
    }

    /// How he votes.
    async fn mode(&self) -> Mode {
        self.0.mode
    }

    /// Why he does not vote, in Vietnamese as the minutes have it; null for those who do.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// Whether he has voted online.
    async fn has_voted(&self, ctx: &Context<'_>) -> Result<bool> {
        let rows = below::<ballot_register::Entity>(ctx.gate()?, self.0.ballot_id).await?;
        Ok(rows.iter().any(|row| row.seat_id == self.0.seat_id))
    }

    /// What he chose by show of hands, in the order of the candidates of the ballot; empty in a secret ballot, and
    /// until he has voted.
    async fn choices(&self, ctx: &Context<'_>) -> Result<Vec<Choice>> {
        let rows = below::<open_vote::Entity>(ctx.gate()?, self.0.ballot_id).await?;
        let own = rows.iter().find(|row| row.seat_id == self.0.seat_id);
        Ok(own.map(|row| Choice::all_of(&row.choices)).unwrap_or_default())
    }
}

/// Whether numbers of so many ballots can be told.
pub(super) const fn can_be_told(ballots: usize) -> bool {
    ballots >= FEWEST
}

/// One ballot as the caller may read it.
pub(in crate::domain) async fn node(gate: &Gate, id: &ID) -> Result<Option<Ballot>> {
    let Some(id) = crate::filter::row_id::<Ballot>(id) else { return Ok(None) };
    Ok(gate.load::<ballot::Entity>(id).await?.map(Ballot::from))
}
