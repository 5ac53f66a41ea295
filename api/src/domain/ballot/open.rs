//! A ballot is opened: with a quorum, on a frozen roll, by the rules of that day.
//! No vote enters here.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime as Time, Utc};
use entity::ballot::{self, State};
use entity::ballot_roll::Mode;
use entity::{agenda_item, ballot_candidate, ballot_rule, candidate, council_session};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveEnum, ColumnTrait, Condition};
use uuid::Uuid;

use super::Ballot;
use super::regulation::{in_force, of_day};
use super::roll::{Facts, Line};
use super::rule::{self, Rule};
use crate::access::{Act, BoxKey, Gate, Sealing, Sessions, Tx};
use crate::domain::meeting::{AgendaItem, Candidate};
use crate::domain::{Ask, input};
use crate::error::{Code, Error, Fault, Result};
use crate::filter::input_id;
use crate::payload;
use crate::scalar::DateTime;

/// Most nominees of one ballot.
const MOST: usize = 200;

/// Input of `ballotOpen`.
#[derive(InputObject)]
pub(crate) struct BallotOpenInput {
    /// The item of the agenda: an award list.
    item_id: ID,
    /// The candidates to be voted on; all of the item when absent.
    candidate_ids: Option<Vec<ID>>,
    /// Until when absent members can vote; until it is closed when absent.
    cut_off_at: Option<DateTime>,
    /// The closed ballot that is reconsidered; a new round then.
    reconsiders_id: Option<ID>,
    /// Why it is reconsidered.
    reason: Option<String>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(BallotOpenPayload, ballot: Ballot, "ballot opened");

/// The opening of ballots.
#[derive(Default)]
pub struct OpenMutation;

/// The opening of ballots.
#[Object]
impl OpenMutation {
    /// Opens a ballot on nominees of an award list while the session sits. The rules, the conflicts of
    /// interest and the roll are frozen; below the quorum it is refused (`NO_QUORUM`). Roles: council
    /// secretary, standing officer.
    async fn ballot_open(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is voted on.")] input: BallotOpenInput,
    ) -> async_graphql::Result<BallotOpenPayload> {
        let key = input.idempotency_key.clone();
        let done = async {
            let gate = ctx.once(key.as_deref())?;
            let sealing = sealing(ctx)?;
            gate.answer(Box::pin(open(&gate, sealing, input))).await
        };
        BallotOpenPayload::of(done.await)
    }
}

/// The server's sealing key.
pub(super) fn sealing<'c>(ctx: &Context<'c>) -> Result<&'c Sealing> {
    let sessions = ctx.data::<Sessions>().map_err(|fault| Error::broken(&fault.message))?;
    Ok(sessions.sealing())
}

/// What a ballot reconsiders, and why.
struct Motion {
    ballot: Option<Uuid>,
    reason: Option<String>,
    cut_off_at: Option<Time<Utc>>,
}

async fn open(gate: &Gate, sealing: &Sealing, input: BallotOpenInput) -> Result<Ballot> {
    let item = input_id::<AgendaItem>(&input.item_id, "input.itemId")?;
    let motion = motion(&input)?;
    let tx = gate.begin(Act::BallotOpen).await?;
    let item = tx.one::<agenda_item::Entity>(Act::CouncilSessionRead, item).await;
    let item = item.map_err(|e| e.at("input.itemId"))?;
    sits(&tx, &item).await?;
    // Two ballots on the same candidates are never opened at once.
    tx.stand_in_line("ballots of an item", item.id).await?;
    let candidates = chosen(&tx, &item, input.candidate_ids.as_deref()).await?;
    let rules = rules(&tx, &item, &candidates).await?;
    let round = round(&tx, &candidates, &motion, &rules).await?;
    let facts = Facts::read(&tx, &item, &candidates).await?;
    let strictest = rules.first().ok_or_else(|| Fault::at(Code::NoNominee, "input.itemId"))?;
    let lines = facts.lines(gate.today(), strictest, &candidates);
    quorum(&lines, &facts, &rules)?;
    let key = BoxKey::new();
    let row = row(&tx, &item, (round, &lines, &motion), key.public.clone())?;
    let row = tx.add::<ballot::Entity>(row).await?;
    let asked = (1..).zip(candidates.iter().zip(&rules));
    let asked =
        asked.map(|(place, (candidate, rule))| asked_for(&tx, &row, (place, candidate), rule));
    tx.add_many::<ballot_candidate::Entity>(asked.collect::<Result<_>>()?).await?;
    let lines = lines.into_iter().map(|line| line.row(&row)).collect();
    tx.add_many::<entity::ballot_roll::Entity>(lines).await?;
    tx.make_box(row.id, key, sealing).await?;
    tx.answer(Ballot::from(row)).await
}

fn motion(input: &BallotOpenInput) -> Result<Motion> {
    let ballot = input.reconsiders_id.as_ref();
    let ballot = ballot.map(|id| input_id::<Ballot>(id, "input.reconsidersId")).transpose()?;
    let reason = input::optional_text(input.reason.as_deref(), "input.reason", input::TEXT)?;
    if ballot.is_some() && reason.is_none() {
        return Err(Fault::at(Code::ReasonRequired, "input.reason").into());
    }
    Ok(Motion { ballot, reason, cut_off_at: input.cut_off_at.map(|time| time.0) })
}

async fn sits(tx: &Tx, item: &agenda_item::Model) -> Result<()> {
    let session =
        tx.one::<council_session::Entity>(Act::CouncilSessionRead, item.session_id).await?;
    if session.state == council_session::State::Open {
        return Ok(());
    }
    Err(Fault::at(Code::WrongState, "input.itemId").with("state", session.state.to_value()).into())
}

async fn chosen(
    tx: &Tx,
    item: &agenda_item::Model,
    ids: Option<&[ID]>,
) -> Result<Vec<candidate::Model>> {
    let path = "input.candidateIds";
    let of_item = Condition::all().add(candidate::Column::ItemId.eq(item.id));
    let mut rows = tx.all::<candidate::Entity>(Act::CouncilSessionRead, of_item).await?;
    rows.sort_by_key(|row| row.position);
    if let Some(ids) = ids {
        let ids: Vec<Uuid> =
            ids.iter().map(|id| input_id::<Candidate>(id, path)).collect::<Result<_>>()?;
        if ids.iter().any(|id| rows.iter().all(|row| row.id != *id)) {
            return Err(Error::not_found().at(path));
        }
        rows.retain(|row| ids.contains(&row.id));
    }
    if rows.is_empty() {
        return Err(Fault::at(Code::NoNominee, path).into());
    }
    if rows.len() > MOST {
        return Err(Fault::at(Code::OutOfRange, path).with("min", 1).with("max", MOST).into());
    }
    Ok(rows)
}

/// The rule for each candidate, as it is in force today.
async fn rules(
    tx: &Tx,
    item: &agenda_item::Model,
    candidates: &[candidate::Model],
) -> Result<Vec<Rule>> {
    let today = tx.gate().today();
    let of_day = of_day(item.council_id, today);
    let rows = tx.all::<ballot_rule::Entity>(Act::CouncilRead, of_day).await?;
    candidates.iter().map(|row| in_force(&row.award_code, &rows, today)).collect()
}

/// The round: the first, or the one after the ballot that is reconsidered, as far as the rule allows.
async fn round(
    tx: &Tx,
    candidates: &[candidate::Model],
    motion: &Motion,
    rules: &[Rule],
) -> Result<i32> {
    let ids = candidates.iter().map(|row| row.id);
    let same = Condition::all().add(ballot_candidate::Column::CandidateId.is_in(ids));
    let before = tx.all::<ballot_candidate::Entity>(Act::BallotRead, same).await?;
    let ids =
        Condition::all().add(ballot::Column::Id.is_in(before.iter().map(|row| row.ballot_id)));
    let before = tx.all::<ballot::Entity>(Act::BallotRead, ids).await?;
    if let Some(open) = before.iter().find(|row| row.state != State::Closed) {
        let fault = Fault::at(Code::WrongState, "input.itemId");
        return Err(fault.with("state", open.state.to_value()).into());
    }
    let last = before.iter().max_by_key(|row| row.round);
    match (last, motion.ballot) {
        (None, None) => return Ok(1),
        (Some(last), Some(id)) if last.id == id => {}
        (Some(_), None) => return Err(Fault::at(Code::Required, "input.reconsidersId").into()),
        (Some(_) | None, Some(_)) => return Err(Error::not_found().at("input.reconsidersId")),
    }
    let next = last.map_or(1, |last| last.round + 1);
    let most = rules.iter().map(|rule| rule.max_rounds).min().unwrap_or(1);
    if next > most {
        return Err(Fault::at(Code::RoundsExhausted, "input.itemId").with("max", most).into());
    }
    Ok(next)
}

/// Enough members are there by the strictest of the rules; who has a conflict of interest is there too.
fn quorum(lines: &[Line], facts: &Facts, rules: &[Rule]) -> Result<()> {
    let members = count(lines.len());
    let present = count(lines.iter().filter(|line| facts.is_present(line.seat)).count());
    let needed = rules.iter().map(|rule| rule::quorum(rule, members)).max().unwrap_or(1).max(1);
    if present >= needed {
        return Ok(());
    }
    let fault = Fault::at(Code::NoQuorum, "input.itemId").with("present", present);
    Err(fault.with("members", members).with("needed", needed).into())
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn row(
    tx: &Tx,
    item: &agenda_item::Model,
    (round, lines, motion): (i32, &[Line], &Motion),
    public_key: String,
) -> Result<ballot::ActiveModel> {
    let with =
        |modes: &[Mode]| count(lines.iter().filter(|line| modes.contains(&line.mode)).count());
    Ok(ballot::ActiveModel {
        tenant_id: Set(item.tenant_id),
        id: Set(tx.gate().new_id()),
        council_id: Set(item.council_id),
        session_id: Set(item.session_id),
        item_id: Set(item.id),
        round: Set(round),
        state: Set(State::Open),
        public_key: Set(public_key),
        members: Set(count(lines.len())),
        recused: Set(with(&[Mode::Recused])),
        voting: Set(with(&[Mode::Online, Mode::Written, Mode::Paper])),
        cut_off_at: Set(motion.cut_off_at),
        opened_by: Set(tx.gate().actor()?.user),
        opened_at: Set(tx.gate().now()),
        closed_by: Set(None),
        confirmed_by: Set(None),
        closed_at: Set(None),
        reconsiders_id: Set(motion.ballot),
        reason: Set(motion.reason.clone()),
        version: Set(1),
    })
}

fn asked_for(
    tx: &Tx,
    ballot: &ballot::Model,
    (position, row): (i32, &candidate::Model),
    rule: &Rule,
) -> Result<ballot_candidate::Model> {
    Ok(ballot_candidate::Model {
        tenant_id: ballot.tenant_id,
        id: tx.gate().new_id(),
        council_id: ballot.council_id,
        ballot_id: ballot.id,
        candidate_id: row.id,
        position,
        name: row.name.clone(),
        award_code: row.award_code.clone(),
        rule: serde_json::to_string(rule)?,
    })
}
