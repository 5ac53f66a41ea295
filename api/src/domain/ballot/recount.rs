//! A closed ballot is counted again from its published list, by whoever may read it.
//! Nothing is written, and no member is on the list; a show of hands is counted again from the roll.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::ballot::State;
use entity::ballot_rule::Secrecy;
use entity::{ballot, ballot_candidate, ballot_result, open_vote, paper_count};

use super::cast::Choice;
use super::paper::reconciled;
use super::{Ballot, BallotCandidate, nouns};
use crate::access::{Gate, Listed};
use crate::domain::Ask;
use crate::domain::council::below;
use crate::error::Result;
use crate::filter::row_id;
use crate::scalar::NodeType;

/// One vote of the published list.
#[derive(SimpleObject)]
pub(crate) struct ListedBallot {
    /// The receipt: the voter has it, and nobody else.
    receipt: String,
    /// What was chosen, in the order of the candidates of the ballot; empty where fewer than five have voted
    /// online, or fewer than five on paper: the result less the list would tell theirs.
    choices: Vec<Choice>,
}

/// What the list says of one nominee.
#[derive(SimpleObject)]
pub(crate) struct RecountLine {
    /// The nominee on the ballot.
    ballot_candidate_id: ID,
    /// Yes votes counted from the list and the paper ballots; null where the list tells no choices.
    yes: Option<i32>,
    /// Whether that is what the result says; null where it cannot be told.
    agrees: Option<bool>,
}

/// A closed ballot counted again from its published list (kiểm lại phiếu).
#[derive(SimpleObject)]
pub(crate) struct BallotRecount {
    /// The ballot.
    ballot_id: ID,
    /// Votes on the list; as many as have voted online in secret, none of a show of hands.
    listed: Vec<ListedBallot>,
    /// Whether the choices of the list are withheld, because fewer than five have voted in one of the ways: the result
    /// less the list would tell theirs. One ballot on paper beside twenty online is enough. The lines tell no numbers
    /// then; the result of both ways together stands on the ballot all the same, from five ballots on, and the receipts
    /// show that each vote is there.
    is_withheld: bool,
    /// One line for each nominee.
    lines: Vec<RecountLine>,
}

/// Questions about ballots.
#[derive(Default)]
pub struct BallotQuery;

/// Questions about ballots.
#[Object]
impl BallotQuery {
    /// One ballot by its id; null when there is none or the caller may not read it.
    async fn ballot(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the ballot.")] id: ID,
    ) -> Option<Result<Ballot>> {
        async { nouns::node(ctx.gate()?, &id).await }.await.transpose()
    }

    /// A closed ballot counted again from its published list; null before it is closed, and for a caller who
    /// may not read it.
    async fn ballot_recount(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the ballot.")] id: ID,
    ) -> Option<Result<BallotRecount>> {
        async { recount(ctx.gate()?, &id).await }.await.transpose()
    }
}

async fn recount(gate: &Gate, id: &ID) -> Result<Option<BallotRecount>> {
    let Some(id) = row_id::<Ballot>(id) else { return Ok(None) };
    let Some(row) = gate.load::<ballot::Entity>(id).await? else { return Ok(None) };
    if row.state != State::Closed {
        return Ok(None);
    }
    let listed = gate.list(row.id).await?;
    let letters = letters(gate, &row, &listed).await?;
    let counts = below::<paper_count::Entity>(gate, row.id).await?;
    let papers = i32::try_from(counts.len()).unwrap_or(i32::MAX);
    let paper = reconciled(counts, papers).ok().flatten();
    let results = below::<ballot_result::Entity>(gate, row.id).await?;
    let asked = below::<ballot_candidate::Entity>(gate, row.id).await?;
    let line = |(place, one): (usize, &ballot_candidate::Model)| {
        let written =
            paper.as_ref().and_then(|(_, votes)| votes.get(place)).map_or(0, |one| one[0]);
        let yes = letters.as_ref().map(|letters| yes(letters, place) + written);
        let result = results.iter().find(|result| result.ballot_candidate_id == one.id);
        let said = result.and_then(|result| result.yes);
        RecountLine {
            ballot_candidate_id: BallotCandidate::node_id(one.id),
            yes,
            agrees: yes.zip(said).map(|(found, said)| found == said),
        }
    };
    Ok(Some(BallotRecount {
        ballot_id: Ballot::node_id(row.id),
        is_withheld: letters.is_none(),
        lines: asked.iter().enumerate().map(line).collect(),
        listed: listed
            .into_iter()
            .map(|line| ListedBallot {
                receipt: line.receipt,
                choices: Choice::all_of(&line.choices.unwrap_or_default()),
            })
            .collect(),
    }))
}

/// What was chosen online, one text a voter; none where it is not told.
async fn letters(
    gate: &Gate,
    row: &ballot::Model,
    listed: &[Listed],
) -> Result<Option<Vec<String>>> {
    match row.secrecy {
        Secrecy::Secret => Ok(listed.iter().map(|line| line.choices.clone()).collect()),
        Secrecy::Open => {
            let votes = below::<open_vote::Entity>(gate, row.id).await?;
            Ok(Some(votes.into_iter().map(|vote| vote.choices).collect()))
        }
    }
}

fn yes(letters: &[String], place: usize) -> i32 {
    let is_yes =
        |letters: &&String| letters.chars().nth(place).and_then(Choice::of) == Some(Choice::Yes);
    i32::try_from(letters.iter().filter(is_yes).count()).unwrap_or(i32::MAX)
}
