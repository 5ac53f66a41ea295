//! In which round candidates are voted on: the first, or another one of a ballot that is reconsidered.
//! Nothing is written here.

use chrono::{DateTime as Time, Utc};
use entity::candidate;
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::rule::Rule;
use super::shown::ballot_is;
use super::standing::{Said, votes};
use crate::access::{Act, Tx};
use crate::error::{Code, Error, Fault, Result};

/// What a ballot reconsiders, and why.
pub(super) struct Motion {
    pub(super) ballot: Option<Uuid>,
    pub(super) reason: Option<String>,
    pub(super) cut_off_at: Option<Time<Utc>>,
}

/// The round: the first, or the one after the ballot that is reconsidered, as far as the rule allows. Rounds are
/// counted by nominee and title over all sessions of the council, and by proposal over all councils.
pub(super) async fn round(
    tx: &Tx,
    candidates: &[candidate::Model],
    motion: &Motion,
    rules: &[Rule],
) -> Result<i32> {
    let same = same(tx, candidates).await?;
    let ids: Vec<Uuid> = same.iter().map(|row| row.id).collect();
    let before = votes(tx, &ids).await?;
    if let Some(open) = before.open.first() {
        return Err(ballot_is(open.state, "input.itemId").into());
    }
    let last = |row: &candidate::Model| {
        let stands_for =
            |said: &&Said| same.iter().any(|it| it.id == said.candidate && is_same(it, row));
        before.said.iter().rev().find(stands_for)
    };
    let last: Vec<Option<&Said>> = candidates.iter().map(last).collect();
    let latest = last.iter().flatten().max_by_key(|said| said.closed_at);
    let rounds: Vec<i32> = last.iter().map(|said| said.map_or(0, |said| said.round)).collect();
    let next = rounds.iter().max().map_or(1, |round| round.saturating_add(1));
    let most = rules.iter().map(|rule| rule.max_rounds).min().unwrap_or(1);
    if next > most {
        return Err(Fault::at(Code::RoundsExhausted, "input.itemId").with("max", most).into());
    }
    match (latest, motion.ballot) {
        (None, None) => return Ok(1),
        (Some(_), Some(id)) if last.iter().flatten().any(|said| said.ballot == id) => {}
        (Some(_), None) => return Err(Fault::at(Code::Required, "input.reconsidersId").into()),
        (Some(_) | None, Some(_)) => return Err(Error::not_found().at("input.reconsidersId")),
    }
    if rounds.iter().any(|round| round.saturating_add(1) != next) {
        // Who is voted on for the first time would lose a round beside those who are voted on again.
        let fault = Fault::at(Code::InvalidCombination, "input.candidateIds");
        return Err(fault.with("detail", "round").into());
    }
    Ok(next)
}

/// Candidates of every session of the council that stand for the same nominees and titles, and those of every council that
/// stand for the same proposals: an initiative is recognised by one of them.
async fn same(tx: &Tx, candidates: &[candidate::Model]) -> Result<Vec<candidate::Model>> {
    use candidate::Column::{CouncilId, Id, NomineeId, ProposalId};
    if let Some(row) = candidates.iter().find(|row| row.proposal_id.is_some()) {
        // Two ballots on the same proposal are never opened at once, by whichever councils and sessions.
        tx.stand_in_line("initiatives", row.tenant_id).await?;
    }
    let council = candidates.first().map(|row| row.council_id);
    let nominees = NomineeId.is_in(candidates.iter().filter_map(|row| row.nominee_id));
    let either = Condition::any()
        .add(Id.is_in(candidates.iter().map(|row| row.id)))
        .add(Condition::all().add(CouncilId.eq(council)).add(nominees))
        .add(ProposalId.is_in(candidates.iter().filter_map(|row| row.proposal_id)));
    let rows = tx.all::<candidate::Entity>(Act::CouncilSessionRead, either).await?;
    Ok(rows.into_iter().filter(|row| candidates.iter().any(|one| is_same(row, one))).collect())
}

fn is_same(one: &candidate::Model, other: &candidate::Model) -> bool {
    let is_nominee = one.nominee_id.is_some()
        && one.nominee_id == other.nominee_id
        && one.award_code == other.award_code;
    let is_proposal = one.proposal_id.is_some() && one.proposal_id == other.proposal_id;
    one.id == other.id || is_nominee || is_proposal
}
