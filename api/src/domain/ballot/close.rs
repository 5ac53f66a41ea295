//! A ballot is closed by two people: the secretary ends the voting, the one who presides confirms, and only then
//! the box is opened, shuffled, counted, and its list published.
//! No vote is taken here.

use async_graphql::{Context, ID, InputObject, Object};
use entity::ballot::{self, State};
use entity::ballot_result::{self, Outcome};
use entity::ballot_roll::{self, Mode};
use entity::ballot_rule::Secrecy;
use entity::{agenda_item, ballot_candidate, ballot_register, open_vote, paper_count};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use super::Ballot;
use super::answers::{enough, nobody_writes, short_of_quorum};
use super::cast::Choice;
use super::nouns::can_be_told;
use super::open::sealing;
use super::paper::reconciled;
use super::rule::{self, Counts, Rule, Taken, rule_of};
use super::shown::ballot_is;
use super::standing::places_taken;
use super::tie::said_of_item;
use crate::access::{Act, Gate, Half, Listed, Sealing, Tx};
use crate::domain::meeting::own_seat;
use crate::domain::{Ask, input, keyed};
use crate::error::{Code, Error, Fault, Result};
use crate::filter::input_id;
use crate::payload;

/// Letters of a receipt.
const RECEIPT: usize = 32;

/// Input of `ballotClose`.
#[derive(InputObject)]
pub(crate) struct BallotCloseInput {
    /// The ballot.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// Why it ends although written opinions are outstanding, at most 4,000 characters; kept with the ballot, and told by
    /// its minutes. It counts only where the ballot has no cut-off.
    reason: Option<String>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `ballotCloseConfirm`.
#[derive(InputObject)]
pub(crate) struct BallotStepInput {
    /// The ballot.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(BallotClosePayload, ballot: Ballot, "ballot as it is now");
payload!(BallotCloseConfirmPayload, ballot: Ballot, "ballot as it is now");

/// The closing of ballots.
#[derive(Default)]
pub struct CloseMutation;

/// The closing of ballots.
#[Object]
impl CloseMutation {
    /// Ends the voting: no vote is taken any more (`BALLOT_CLOSED`), and nothing is counted yet. Refused before the
    /// cut-off while an absent member may still send a written opinion (`OPINIONS_OUTSTANDING`): one who still has the
    /// right to vote and was not recorded as `ABSENT` since. Where there is no cut-off it is refused in the same way until
    /// a `reason` is given. Where nobody meets it is refused before the cut-off while those who have answered are no
    /// quorum (`NO_QUORUM`); after it, or where there is none, such a ballot passes nothing. Role: council secretary.
    async fn ballot_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ballot.")] input: BallotCloseInput,
    ) -> async_graphql::Result<BallotClosePayload> {
        keyed!(ctx, input => BallotClosePayload: close)
    }

    /// Confirms the end of a ballot: the box is opened, the paper counts are reconciled or it is refused
    /// (`COUNTS_DO_NOT_RECONCILE`), the result is frozen with its rule, and the list of receipts is published; a show of
    /// hands has neither box nor list. Role:
    /// council member in the seat of the chair or a vice chair, another person than the one who closed.
    async fn ballot_close_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ballot.")] input: BallotStepInput,
    ) -> async_graphql::Result<BallotCloseConfirmPayload> {
        let key = input.idempotency_key.clone();
        let done = async {
            let gate = ctx.once(key.as_deref())?;
            let sealing = sealing(ctx)?;
            gate.answer(Box::pin(confirm(&gate, sealing, input))).await
        };
        BallotCloseConfirmPayload::of(done.await)
    }
}

async fn close(gate: &Gate, input: BallotCloseInput) -> Result<Ballot> {
    let id = input_id::<Ballot>(&input.id, "input.id")?;
    let reason = input::optional_text(input.reason.as_deref(), "input.reason", input::TEXT)?;
    let is_explained = reason.is_some();
    let tx = gate.begin_because(Act::BallotClose, reason.clone()).await?;
    let row = tx.lock_version::<ballot::Entity>(id, input.expected_version).await?;
    in_state(&row, State::Open)?;
    nobody_writes(&tx, &row, is_explained).await?;
    enough(&tx, &row).await?;
    tx.release(row.id, Half::Secretary).await?;
    let mut changed = row.clone().into_active_model();
    changed.state = Set(State::Counting);
    changed.closed_by = Set(Some(gate.actor()?.user));
    changed.close_reason = Set(reason);
    let row = tx.save::<ballot::Entity>(&row, changed).await?;
    tx.answer(Ballot::from(row)).await
}

fn in_state(row: &ballot::Model, state: State) -> Result<()> {
    if row.state == state {
        return Ok(());
    }
    Err(ballot_is(row.state, "input.id").into())
}

async fn confirm(gate: &Gate, sealing: &Sealing, input: BallotStepInput) -> Result<Ballot> {
    let id = input_id::<Ballot>(&input.id, "input.id")?;
    let user = gate.actor()?.user;
    let tx = gate.begin(Act::BallotCloseConfirm).await?;
    let row = tx.lock_version::<ballot::Entity>(id, input.expected_version).await?;
    in_state(&row, State::Counting)?;
    second_person(&tx, &row).await?;
    // Places are shared by the ballots of an item.
    tx.stand_in_line("ballots of an item", row.item_id).await?;
    let paper = papers(&tx, &row).await?;
    tx.release(row.id, Half::Chair).await?;
    let votes = match row.secrecy {
        Secrecy::Secret => open_box(&tx, &row, sealing).await?,
        Secrecy::Open => hands(&tx, &row).await?,
    };
    let paper = reconciled(paper.0, paper.1)?;
    freeze(&tx, &row, (&votes, paper.as_ref())).await?;
    if row.secrecy == Secrecy::Secret {
        publish(&tx, &row, (votes, paper.as_ref())).await?;
    }
    let mut changed = row.clone().into_active_model();
    changed.state = Set(State::Closed);
    changed.confirmed_by = Set(Some(user));
    changed.closed_at = Set(Some(gate.now()));
    let row = tx.save::<ballot::Entity>(&row, changed).await?;
    tx.answer(Ballot::from(row)).await
}

async fn publish(
    tx: &Tx,
    row: &ballot::Model,
    (votes, paper): (Vec<Vote>, Option<&Paper>),
) -> Result<()> {
    // The result less the list is what stood on paper: few paper ballots hide behind an untold list.
    let on_paper = paper.map_or(0, returned);
    let is_told = can_be_told(votes.len()) && (on_paper == 0 || can_be_told(on_paper));
    let listed =
        |vote: Vote| Listed { receipt: vote.receipt, choices: is_told.then_some(vote.letters) };
    tx.publish_list(row.id, votes.into_iter().map(listed).collect()).await
}

/// Who confirms presides, and did not close.
async fn second_person(tx: &Tx, row: &ballot::Model) -> Result<()> {
    let seat = own_seat(tx, row.council_id).await?;
    if !seat.is_some_and(|seat| seat.role.presides()) {
        return Err(Error::forbidden());
    }
    if row.closed_by == Some(tx.gate().actor()?.user) {
        let fault = Fault::at(Code::SecondPersonRequired, "input.id");
        return Err(fault.with("detail", "ballotClose, ballotCloseConfirm").into());
    }
    Ok(())
}

async fn papers(tx: &Tx, row: &ballot::Model) -> Result<(Vec<paper_count::Model>, i32)> {
    let of_ballot = Condition::all().add(paper_count::Column::BallotId.eq(row.id));
    let counts = tx.all::<paper_count::Entity>(Act::BallotRead, of_ballot).await?;
    let on_paper = Condition::all()
        .add(ballot_roll::Column::BallotId.eq(row.id))
        .add(ballot_roll::Column::Mode.eq(Mode::Paper));
    let lines = tx.all::<ballot_roll::Entity>(Act::BallotRead, on_paper).await?;
    Ok((counts, i32::try_from(lines.len()).unwrap_or(i32::MAX)))
}

/// One vote out of the box.
struct Vote {
    receipt: String,
    letters: String,
}

/// A paper count with its votes for each nominee: yes, no, abstention.
type Paper = (paper_count::Model, Vec<[i32; 3]>);

/// Everything in the box; as many votes as there are members on the register, or nothing is closed.
async fn open_box(tx: &Tx, row: &ballot::Model, sealing: &Sealing) -> Result<Vec<Vote>> {
    let mut votes = Vec::new();
    for choice in tx.empty_box(row.id, sealing).await? {
        let text = String::from_utf8(choice).map_err(|_not| Error::broken("no vote in the box"))?;
        let (receipt, letters) = text
            .split_at_checked(RECEIPT)
            .ok_or_else(|| Error::broken("half a vote in the box"))?;
        votes.push(Vote { receipt: receipt.to_owned(), letters: letters.to_owned() });
    }
    as_registered(tx, row, votes).await
}

/// A show of hands, as it stands by name.
async fn hands(tx: &Tx, row: &ballot::Model) -> Result<Vec<Vote>> {
    let of_ballot = Condition::all().add(open_vote::Column::BallotId.eq(row.id));
    let votes = tx.all::<open_vote::Entity>(Act::BallotRead, of_ballot).await?;
    let vote = |vote: open_vote::Model| Vote { receipt: String::new(), letters: vote.choices };
    as_registered(tx, row, votes.into_iter().map(vote).collect()).await
}

async fn as_registered(tx: &Tx, row: &ballot::Model, votes: Vec<Vote>) -> Result<Vec<Vote>> {
    let of_ballot = Condition::all().add(ballot_register::Column::BallotId.eq(row.id));
    let register = tx.all::<ballot_register::Entity>(Act::BallotRead, of_ballot).await?;
    if register.len() != votes.len() {
        return Err(Error::broken("the box does not hold as many votes as the register"));
    }
    Ok(votes)
}

/// Paper ballots that came back.
fn returned((count, _): &Paper) -> usize {
    usize::try_from(count.returned).unwrap_or_default()
}

/// Counts, compares with the rules, and writes the results.
async fn freeze(
    tx: &Tx,
    row: &ballot::Model,
    (votes, paper): (&[Vote], Option<&Paper>),
) -> Result<()> {
    let of_ballot = Condition::all().add(ballot_candidate::Column::BallotId.eq(row.id));
    let mut asked = tx.all::<ballot_candidate::Entity>(Act::BallotRead, of_ballot).await?;
    asked.sort_by_key(|one| one.position);
    let places = places_left(tx, row, &asked).await?;
    let rules = asked.iter().map(rule_of).collect::<Result<Vec<Rule>>>()?;
    let answered = votes.len() + paper.map_or(0, returned);
    let lacks_quorum = short_of_quorum(tx, row, (answered, &rules)).await?.is_some();
    let mut counted = Vec::with_capacity(asked.len());
    for (place, rule) in rules.iter().enumerate() {
        let counts = Counts { lacks_quorum, ..count(row, place, (votes, paper))? };
        counted.push((rule::verdict(rule, counts), counts));
    }
    let passed: Vec<Option<i32>> =
        counted.iter().map(|(verdict, counts)| verdict.is_passed.then_some(counts.yes)).collect();
    let Some(strictest) = rules.first() else { return Ok(()) };
    let taken = taken(strictest, &asked, (&places, &passed));
    let is_told = row.secrecy == Secrecy::Open || can_be_told(answered);
    let results = asked.iter().zip(&counted).zip(taken);
    let results = results.map(|((one, (verdict, counts)), taken)| {
        let told = |number: i32| is_told.then_some(number);
        ballot_result::Model {
            tenant_id: row.tenant_id,
            id: tx.gate().new_id(),
            council_id: row.council_id,
            ballot_id: row.id,
            ballot_candidate_id: one.id,
            position: one.position,
            yes: told(counts.yes),
            no: told(counts.no),
            abstain: told(counts.abstain),
            invalid: told(counts.invalid),
            base: verdict.base,
            needed: verdict.needed,
            outcome: outcome(taken),
        }
    });
    tx.add_many::<ballot_result::Entity>(results.collect()).await
}

/// How many places of his title are left to each: what earlier ballots gave to others for it is taken.
async fn places_left(
    tx: &Tx,
    row: &ballot::Model,
    asked: &[ballot_candidate::Model],
) -> Result<Vec<Option<usize>>> {
    let item = tx.one::<agenda_item::Entity>(Act::CouncilSessionRead, row.item_id).await?;
    let places = item.places.and_then(|places| usize::try_from(places).ok());
    let again: Vec<Uuid> = asked.iter().map(|one| one.candidate_id).collect();
    let said = said_of_item(tx, item.id).await?;
    let left = |one: &ballot_candidate::Model| {
        let held = places_taken(&said, one.award_code.as_deref(), &again);
        places.map(|places| places.saturating_sub(held))
    };
    Ok(asked.iter().map(left).collect())
}

/// Who takes the places of his title; whoever is on the ballot for another one takes none of them.
fn taken(
    rule: &Rule,
    asked: &[ballot_candidate::Model],
    (places, passed): (&[Option<usize>], &[Option<i32>]),
) -> Vec<Taken> {
    let of_title = |award: Option<&str>| -> Vec<Option<i32>> {
        let votes = asked.iter().zip(passed);
        votes.map(|(one, votes)| votes.filter(|_| one.award_code.as_deref() == award)).collect()
    };
    let lines = asked.iter().zip(places).enumerate();
    lines
        .map(|(place, (one, left))| {
            let votes = of_title(one.award_code.as_deref());
            rule::taken(rule, *left, &votes).get(place).copied().unwrap_or(Taken::No)
        })
        .collect()
}

const fn outcome(taken: Taken) -> Outcome {
    match taken {
        Taken::Yes => Outcome::Passed,
        Taken::OverQuota => Outcome::OverQuota,
        Taken::Tied => Outcome::Tied,
        Taken::No => Outcome::Failed,
    }
}

/// The votes for the nominee at a place of the ballot, online and on paper.
fn count(
    row: &ballot::Model,
    place: usize,
    (votes, paper): (&[Vote], Option<&Paper>),
) -> Result<Counts> {
    let mut counts = Counts {
        members: row.members,
        recused: row.recused,
        recused_present: row.recused_present.unwrap_or(row.recused),
        voting: row.voting,
        ..Counts::default()
    };
    for vote in votes {
        let choice = vote.letters.chars().nth(place).and_then(Choice::of);
        match choice.ok_or_else(|| Error::broken("a vote without a choice"))? {
            Choice::Yes => counts.yes += 1,
            Choice::No => counts.no += 1,
            Choice::Abstain => counts.abstain += 1,
        }
    }
    if let Some((paper, votes)) = paper {
        let [yes, no, abstain] =
            votes.get(place).copied().ok_or_else(|| Error::broken("a paper count cut off"))?;
        counts.yes += yes;
        counts.no += no;
        counts.abstain += abstain;
        counts.invalid += paper.invalid;
    }
    Ok(counts)
}
