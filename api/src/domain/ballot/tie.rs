//! Nominees with equal votes for the last place: the one who chairs decides, once, with a reason.
//! No vote enters here.

use async_graphql::{Context, ID, InputObject, Object};
use entity::ballot_result::{self, Outcome};
use entity::council_seat::Role;
use entity::{agenda_item, ballot, ballot_candidate, candidate, tie_decision};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveEnum, ColumnTrait, Condition};
use uuid::Uuid;

use super::standing::{Said, places_taken, votes};
use super::{Ballot, BallotCandidate, TieDecision, ballot_is};
use crate::access::{Act, Gate, Tx};
use crate::domain::meeting::own_seat;
use crate::domain::{Ask, input, keyed, payload_under};
use crate::error::{Code, Error, Fault, Result};
use crate::filter::input_id;

/// Input of `ballotTieDecide`.
#[derive(InputObject)]
pub(crate) struct BallotTieDecideInput {
    /// The nominee on the closed ballot whose result is `TIED`: a `BallotCandidate`.
    id: ID,
    /// Whether the nominee takes the place.
    is_taken: bool,
    /// Why, at most 4,000 characters.
    reason: String,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload_under!(
    BallotTieDecidePayload, decision: TieDecision, "decision of the chair on the tie of votes",
    ballot: Ballot, "ballot as it is now"
);

/// Decisions where votes are equal.
#[derive(Default)]
pub struct TieMutation;

/// Decisions where votes are equal.
#[Object]
impl TieMutation {
    /// Decides whether a nominee with as many votes as another one takes the last place; decided once, and counted as
    /// passed or over the places from then on. Role: council member in the seat of the chair, or the vice chair who
    /// presided over the ballot.
    async fn ballot_tie_decide(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is decided on the tie of votes.")] input: BallotTieDecideInput,
    ) -> async_graphql::Result<BallotTieDecidePayload> {
        keyed!(ctx, input => BallotTieDecidePayload: decide)
    }
}

async fn decide(gate: &Gate, input: BallotTieDecideInput) -> Result<TieDecision> {
    let id = input_id::<BallotCandidate>(&input.id, "input.id")?;
    let reason = input::reason(&input.reason)?;
    let tx = gate.begin_because(Act::BallotTieDecide, Some(reason.clone())).await?;
    let asked = tx.one::<ballot_candidate::Entity>(Act::BallotTieDecide, id).await?;
    let ballot = tx.one::<ballot::Entity>(Act::BallotTieDecide, asked.ballot_id).await?;
    presided(&tx, &ballot).await?;
    tx.stand_in_line("ballots of an item", ballot.item_id).await?;
    let of_it = Condition::all().add(ballot_result::Column::BallotCandidateId.eq(asked.id));
    let result = tx.all::<ballot_result::Entity>(Act::BallotRead, of_it).await?.pop();
    let outcome = result.map(|row| row.outcome);
    if outcome != Some(Outcome::Tied) {
        return Err(not_tied(ballot.state, outcome).into());
    }
    if input.is_taken {
        place_is_left(&tx, &ballot, asked.award_code.as_deref()).await?;
    }
    let actor = gate.actor()?;
    let row = tie_decision::ActiveModel {
        tenant_id: Set(ballot.tenant_id),
        id: Set(gate.new_id()),
        council_id: Set(ballot.council_id),
        ballot_id: Set(ballot.id),
        ballot_candidate_id: Set(asked.id),
        is_taken: Set(input.is_taken),
        reason: Set(reason),
        decided_by: Set(actor.user),
        decided_by_name: Set(actor.name.clone()),
        decided_at: Set(gate.now()),
    };
    let row = tx.add::<tie_decision::Entity>(row).await.map_err(|e| e.at("input.id"))?;
    tx.answer(TieDecision::from(row)).await
}

/// What is said where there is nothing to decide: there is no result yet, or it is another one.
fn not_tied(state: ballot::State, outcome: Option<Outcome>) -> Fault {
    let Some(outcome) = outcome else { return ballot_is(state, "input.id") };
    Fault::at(Code::WrongState, "input.id").with("case", "RESULT").with("state", outcome.to_value())
}

/// The caller is the chair, or the vice chair who confirmed the ballot.
async fn presided(tx: &Tx, ballot: &ballot::Model) -> Result<()> {
    let seat = own_seat(tx, ballot.council_id).await?;
    let is_right = seat.is_some_and(|seat| {
        let user = tx.gate().actor().ok().map(|actor| actor.user);
        seat.role == Role::Chair || (seat.role.presides() && ballot.confirmed_by == user)
    });
    if is_right { Ok(()) } else { Err(Error::forbidden()) }
}

/// What ballots have said of every candidate of an item.
pub(super) async fn said_of_item(tx: &Tx, item: Uuid) -> Result<Vec<Said>> {
    let of_item = Condition::all().add(candidate::Column::ItemId.eq(item));
    let rows = tx.all::<candidate::Entity>(Act::CouncilSessionRead, of_item).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    Ok(votes(tx, &ids).await?.said)
}

async fn place_is_left(tx: &Tx, ballot: &ballot::Model, award: Option<&str>) -> Result<()> {
    let item = tx.one::<agenda_item::Entity>(Act::CouncilSessionRead, ballot.item_id).await?;
    let Some(places) = item.places.and_then(|places| usize::try_from(places).ok()) else {
        return Ok(());
    };
    let said = said_of_item(tx, item.id).await?;
    if places_taken(&said, award, &[]) < places {
        return Ok(());
    }
    let fault = Fault::at(Code::WrongState, "input.isTaken").with("case", "PLACES");
    Err(fault.with("state", "PLACES_TAKEN").into())
}
