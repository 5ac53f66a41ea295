//! Paper ballots: once the voting has ended two people count them, each for himself, and both counts must add up and
//! agree. There is no idempotency key here on purpose: a kept answer would hold the votes of a few beside a fingerprint that
//! a guess finds again. Nor does an audit entry tell the votes. Who repeats a count has entered it twice, and the last one
//! counts.
//! No online vote enters here.

use async_graphql::{Context, ID, InputObject, Object};
use entity::ballot::{self, State};
use entity::ballot_roll::{self, Mode};
use entity::council_seat::Role;
use entity::{ballot_candidate, paper_count};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::{Ballot, BallotCandidate, PaperCount, ballot_is};
use crate::access::{Act, Gate, Tx};
use crate::domain::Ask;
use crate::domain::meeting::own_seat;
use crate::domain::payload_under;
use crate::error::{Code, Error, Fault, Result};
use crate::filter::input_id;

/// The paper votes for one nominee.
#[derive(InputObject)]
pub(crate) struct PaperVotesInput {
    /// The nominee on the ballot: a `BallotCandidate`.
    candidate_id: ID,
    /// In favour; with `no` and `abstain` as many as the valid ballots.
    yes: i32,
    /// Against.
    no: i32,
    /// Neither.
    abstain: i32,
}

/// Input of `ballotPaperCountEnter`.
#[derive(InputObject)]
pub(crate) struct BallotPaperCountEnterInput {
    /// The ballot.
    id: ID,
    /// Ballots handed out, 0 to 10,000: as many as members vote on paper.
    issued: i32,
    /// Ballots that came back, 0 to 10,000; with `missing` they are `issued`.
    returned: i32,
    /// Ballots that did not come back, 0 to 10,000.
    missing: i32,
    /// Valid ones among those that came back, 0 to 10,000; with `invalid` they are `returned`.
    valid: i32,
    /// Invalid ones among those that came back, 0 to 10,000.
    invalid: i32,
    /// The votes for each nominee on the ballot.
    votes: Vec<PaperVotesInput>,
}

payload_under!(
    BallotPaperCountEnterPayload, count: PaperCount, "count entered",
    ballot: Ballot, "ballot as it is now"
);

/// The counting of paper ballots.
#[derive(Default)]
pub struct PaperMutation;

/// The counting of paper ballots.
#[Object]
impl PaperMutation {
    /// Enters what the caller has counted of the paper ballots; two different people do that, each for himself, after
    /// `ballotClose` and before `ballotCloseConfirm` (`WRONG_STATE`). A count that does not add up is refused
    /// (`COUNTS_DO_NOT_RECONCILE`); who has miscounted enters it again, and the last one counts: there is no idempotency
    /// key. Audit entries do not tell the votes. Roles: council secretary, standing officer, council member.
    async fn ballot_paper_count_enter(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The count.")] input: BallotPaperCountEnterInput,
    ) -> async_graphql::Result<BallotPaperCountEnterPayload> {
        let done = async { Box::pin(enter(ctx.gate()?, input)).await };
        BallotPaperCountEnterPayload::of(done.await)
    }
}

async fn enter(gate: &Gate, input: BallotPaperCountEnterInput) -> Result<PaperCount> {
    let id = input_id::<Ballot>(&input.id, "input.id")?;
    let tx = gate.begin(Act::BallotPaperCountEnter).await?;
    let ballot = tx.lock::<ballot::Entity>(id).await?;
    let seat = own_seat(&tx, ballot.council_id).await?;
    if seat.is_some_and(|seat| seat.role == Role::Guest) {
        return Err(Error::forbidden());
    }
    // While votes are taken nobody knows how many will be on paper in the end, and a count would tell of those who voted.
    if ballot.state != State::Counting {
        return Err(ballot_is(ballot.state, "input.id").into());
    }
    let votes = votes(&tx, &ballot, &input).await?;
    add_up(&input, papers(&tx, &ballot).await?)?;
    let row = paper_count::ActiveModel {
        tenant_id: Set(ballot.tenant_id),
        id: Set(gate.new_id()),
        council_id: Set(ballot.council_id),
        ballot_id: Set(ballot.id),
        entered_by: Set(gate.actor()?.user),
        issued: Set(input.issued),
        returned: Set(input.returned),
        missing: Set(input.missing),
        valid: Set(input.valid),
        invalid: Set(input.invalid),
        votes: Set(serde_json::to_string(&votes)?),
        entered_at: Set(gate.now()),
    };
    let row = tx.add::<paper_count::Entity>(row).await?;
    tx.commit(PaperCount::from(row)).await
}

/// How many members vote on paper.
async fn papers(tx: &Tx, ballot: &ballot::Model) -> Result<i32> {
    use ballot_roll::Column;
    let on_paper =
        Condition::all().add(Column::BallotId.eq(ballot.id)).add(Column::Mode.eq(Mode::Paper));
    let lines = tx.all::<ballot_roll::Entity>(Act::BallotRead, on_paper).await?;
    Ok(i32::try_from(lines.len()).unwrap_or(i32::MAX))
}

fn off(path: &str, detail: &str) -> Error {
    Fault::at(Code::CountsDoNotReconcile, path).with("detail", detail).into()
}

fn add_up(input: &BallotPaperCountEnterInput, papers: i32) -> Result<()> {
    let BallotPaperCountEnterInput { issued, returned, missing, valid, invalid, .. } = *input;
    let numbers = [
        ("input.issued", issued),
        ("input.returned", returned),
        ("input.missing", missing),
        ("input.valid", valid),
        ("input.invalid", invalid),
    ];
    if let Some((path, _)) = numbers.iter().find(|(_, number)| !(0..=10_000).contains(number)) {
        return Err(Fault::at(Code::OutOfRange, path).with("min", 0).with("max", 10_000).into());
    }
    if issued != papers {
        return Err(off(
            "input.issued",
            "phát ra = số người bỏ phiếu giấy / issued = members on paper",
        ));
    }
    if issued != returned + missing {
        return Err(off(
            "input.missing",
            "phát ra = thu về + không thu về / issued = returned + missing",
        ));
    }
    if returned != valid + invalid {
        return Err(off(
            "input.invalid",
            "thu về = hợp lệ + không hợp lệ / returned = valid + invalid",
        ));
    }
    let is_right = |votes: &PaperVotesInput| {
        let all = [votes.yes, votes.no, votes.abstain];
        all.iter().all(|number| (0..=10_000).contains(number)) && all.iter().sum::<i32>() == valid
    };
    let wrong = input.votes.iter().position(|votes| !is_right(votes));
    let detail = "tổng các ý kiến = số phiếu hợp lệ / yes + no + abstain = valid";
    match wrong {
        Some(index) => Err(off(&format!("input.votes.{index}"), detail)),
        None => Ok(()),
    }
}

/// The votes in the order of the ballot.
async fn votes(
    tx: &Tx,
    ballot: &ballot::Model,
    input: &BallotPaperCountEnterInput,
) -> Result<Vec<[i32; 3]>> {
    let path = "input.votes";
    let of_ballot = Condition::all().add(ballot_candidate::Column::BallotId.eq(ballot.id));
    let mut asked = tx.all::<ballot_candidate::Entity>(Act::BallotRead, of_ballot).await?;
    asked.sort_by_key(|row| row.position);
    let mut given: Vec<(Uuid, [i32; 3])> = Vec::with_capacity(input.votes.len());
    for (index, votes) in input.votes.iter().enumerate() {
        let path = format!("{path}.{index}.candidateId");
        let id = input_id::<BallotCandidate>(&votes.candidate_id, &path)?;
        if asked.iter().all(|row| row.id != id) {
            return Err(Error::not_found().at(&path));
        }
        if given.iter().any(|(known, _)| *known == id) {
            let fault = Fault::at(Code::InvalidCombination, &path);
            return Err(fault.with("detail", "votes for each nominee").into());
        }
        given.push((id, [votes.yes, votes.no, votes.abstain]));
    }
    let of =
        |row: &ballot_candidate::Model| given.iter().find(|(id, _)| *id == row.id).map(|one| one.1);
    let found: Option<Vec<[i32; 3]>> = asked.iter().map(of).collect();
    found.filter(|found| found.len() == given.len()).ok_or_else(|| {
        let fault = Fault::at(Code::InvalidCombination, path);
        fault.with("detail", "votes for each nominee").into()
    })
}

/// The one count on which two different people agree; none is needed where nobody votes on paper.
pub(super) fn reconciled(
    mut counts: Vec<paper_count::Model>,
    papers: i32,
) -> Result<Option<(paper_count::Model, Vec<[i32; 3]>)>> {
    if papers == 0 {
        return Ok(None);
    }
    // The last count of each.
    counts.sort_by_key(|row| std::cmp::Reverse((row.entered_at, row.id)));
    let Some(first) = counts.first().cloned() else {
        return Err(off("input.id", "chưa nhập số phiếu giấy / no paper count was entered"));
    };
    let Some(second) = counts.iter().find(|row| row.entered_by != first.entered_by) else {
        let detail = "người thứ hai chưa kiểm phiếu / a second person has to count";
        return Err(off("input.id", detail));
    };
    let sums = |row: &paper_count::Model| {
        ([row.issued, row.returned, row.missing, row.valid, row.invalid], row.votes.clone())
    };
    if sums(&first) != sums(second) {
        return Err(off("input.id", "hai người kiểm phiếu khác nhau / the two counts differ"));
    }
    let votes = serde_json::from_str(&first.votes)?;
    Ok(Some((first, votes)))
}

/// The count on which two different people agree; none while they do not, and where nobody votes on paper.
pub(in crate::domain) fn papers_agreed(
    counts: Vec<paper_count::Model>,
    papers: usize,
) -> Option<paper_count::Model> {
    let agreed = reconciled(counts, i32::try_from(papers).unwrap_or(i32::MAX)).ok().flatten();
    agreed.map(|(count, _)| count)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;

    fn count(by: u128, minute: i64, yes: i32) -> paper_count::Model {
        paper_count::Model {
            tenant_id: Uuid::nil(),
            id: Uuid::nil(),
            council_id: Uuid::nil(),
            ballot_id: Uuid::nil(),
            entered_by: Uuid::from_u128(by),
            issued: 2,
            returned: 2,
            missing: 0,
            valid: 2,
            invalid: 0,
            votes: format!("[[{yes},{},0]]", 2 - yes),
            entered_at: DateTime::UNIX_EPOCH + TimeDelta::minutes(minute),
        }
    }

    #[test]
    fn two_different_people_have_to_agree() {
        assert!(reconciled(vec![], 0).unwrap().is_none());
        assert!(reconciled(vec![], 2).is_err());
        assert!(reconciled(vec![count(1, 1, 2), count(1, 2, 2)], 2).is_err(), "one person");
        assert!(reconciled(vec![count(1, 1, 2), count(2, 2, 1)], 2).is_err(), "they differ");
        let (_, votes) = reconciled(vec![count(1, 1, 2), count(2, 2, 2)], 2).unwrap().unwrap();
        assert_eq!(votes, [[2, 0, 0]]);
        let again = vec![count(1, 1, 1), count(2, 2, 2), count(1, 3, 2)];
        assert!(reconciled(again, 2).unwrap().is_some(), "the last count of each counts");
    }

    fn entered(votes: [[i32; 3]; 2]) -> BallotPaperCountEnterInput {
        let votes = votes.map(|[yes, no, abstain]| PaperVotesInput {
            candidate_id: ID::from("one"),
            yes,
            no,
            abstain,
        });
        BallotPaperCountEnterInput {
            id: ID::from("ballot"),
            issued: 2,
            returned: 2,
            missing: 0,
            valid: 2,
            invalid: 0,
            votes: votes.into(),
        }
    }

    #[test]
    fn what_does_not_add_up_is_told_where_it_stands() {
        let place = |input: &BallotPaperCountEnterInput| match add_up(input, 2) {
            Err(Error::Fault(fault)) => Some(fault.path.join(".")),
            Err(other) => panic!("{other:?}"),
            Ok(()) => None,
        };
        let right = [[2, 0, 0], [1, 1, 0]];
        assert_eq!(place(&entered(right)), None);
        assert_eq!(place(&entered([[2, 0, 0], [1, 0, 0]])).as_deref(), Some("input.votes.1"));
        let many = BallotPaperCountEnterInput { missing: 10_001, ..entered(right) };
        assert_eq!(place(&many).as_deref(), Some("input.missing"));
    }
}
