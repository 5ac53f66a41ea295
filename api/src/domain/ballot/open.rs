//! A ballot is opened: with a quorum, on a frozen roll, by the rules of that day.
//! No vote enters here.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::TimeDelta;
use entity::ballot::{self, State};
use entity::ballot_roll::Mode;
use entity::ballot_rule::{AfterRounds, Recusal, Secrecy};
use entity::council_session::Form;
use entity::{
    agenda_item, ballot_candidate, ballot_rule, candidate, council, council_session,
    decision_submission, nominee, submission,
};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::Ballot;
use super::named::demand_subjects;
use super::regulation::{Matter, in_force, of_day};
use super::roll::{Facts, Line, Source};
use super::round::{Motion, round};
use super::rule::{self, Rule};
use super::shown::in_vietnam;
use super::standing::whole_where_asked;
use crate::access::{Act, BoxKey, Gate, Sealing, Sessions, Tx};
use crate::domain::council::{considers, stands_on};
use crate::domain::meeting::{AgendaItem, Candidate, appraised, session_is};
use crate::domain::{Ask, input};
use crate::error::{Code, Error, Fault, Result};
use crate::filter::{input_id, input_ids};
use crate::payload;
use crate::scalar::DateTime;

/// Most nominees of one ballot.
const MOST: usize = 200;
/// Longest time for written opinions: nothing ends before it while one is outstanding.
const OPINIONS: TimeDelta = TimeDelta::days(30);

/// The line of those of a tenant who open ballots on nominees, and of those who end what is voted on.
pub(in crate::domain) const OPENED: &str = "ballots on nominees";

/// Input of `ballotOpen`.
#[derive(InputObject)]
pub(crate) struct BallotOpenInput {
    /// The item of the agenda: a list of nominees or initiatives.
    item_id: ID,
    /// The candidates to be voted on, each once; all of the item when absent.
    candidate_ids: Option<Vec<ID>>,
    /// Until when absent members can vote, at most 30 days from now; until it is closed when absent, which
    /// then waits for all of them or takes a reason.
    cut_off_at: Option<DateTime>,
    /// The closed ballot that is reconsidered; a new round then.
    reconsiders_id: Option<ID>,
    /// Why it is reconsidered, at most 4,000 characters; only with `reconsidersId` (`INVALID_COMBINATION`).
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
    /// Opens a ballot on nominees of an award list, or on initiatives in a council of initiatives (`WRONG_COUNCIL`),
    /// while the session sits and the council is in force (`NOT_IN_FORCE`); a standing part votes on no title whose votes
    /// count only in the whole council by the law of the day (`WRONG_COUNCIL`). The rules, the conflicts of interest and the roll are frozen: who wrote the proposal, who
    /// is the nominee or an author himself, whose unit it is, and who has declared a tie does not vote. Below the quorum
    /// it is refused (`NO_QUORUM`), and for a title of the State level on a name without a subject (`SUBJECT_MISSING`); where conflicts of interest shrink the base, those who may vote must be a quorum too. It is secret unless the rule says a show of hands. Roles: council secretary, standing officer.
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

async fn open(gate: &Gate, sealing: &Sealing, input: BallotOpenInput) -> Result<Ballot> {
    let item = input_id::<AgendaItem>(&input.item_id, "input.itemId")?;
    let motion = motion(gate, &input)?;
    let tx = gate.begin(Act::BallotOpen).await?;
    let item = tx.one::<agenda_item::Entity>(Act::CouncilSessionRead, item).await;
    let item = item.map_err(|e| e.at("input.itemId"))?;
    let session = sits(&tx, &item).await?;
    goes_on(&item)?;
    let council = tx.one::<council::Entity>(Act::CouncilRead, item.council_id).await?;
    stands_on(&tx, &council, (gate.today(), "input.itemId")).await?;
    considers(&council, item.kind, "input.itemId")?;
    // Two ballots on the same candidates are never opened at once.
    tx.stand_in_line("ballots of an item", item.id).await?;
    let candidates = chosen(&tx, &item, input.candidate_ids.as_deref()).await?;
    whole_where_asked(&council, &candidates, gate.today())?;
    let rules = rules(&Source::Tx(&tx), &item, &candidates).await?;
    rule::together(&rules)?;
    still_proposed(&tx, &council, &candidates).await?;
    let round = round(&tx, &candidates, &motion, &rules).await?;
    let facts = Facts::read(&Source::Tx(&tx), (&council, &item), &candidates).await?;
    let strictest = rules.first().ok_or_else(|| Fault::at(Code::NoNominee, "input.itemId"))?;
    let lines = facts.lines(gate.today(), strictest, &candidates);
    quorum(&lines, (&facts, session.form), &rules)?;
    let secrecy = strictest.secrecy;
    // A show of hands has no box.
    let key = (secrecy == Secrecy::Secret).then(BoxKey::new);
    let public = key.as_ref().map(|key| key.public.clone()).unwrap_or_default();
    let row = row(&tx, &item, (round, &lines, &motion), (&facts, secrecy, public))?;
    let row = tx.add::<ballot::Entity>(row).await?;
    let asked = (1..).zip(candidates.iter().zip(&rules));
    let asked =
        asked.map(|(place, (candidate, rule))| asked_for(&tx, &row, (place, candidate), rule));
    tx.add_many::<ballot_candidate::Entity>(asked.collect::<Result<_>>()?).await?;
    let lines = lines.into_iter().map(|line| line.row(&row)).collect();
    tx.add_many::<entity::ballot_roll::Entity>(lines).await?;
    if let Some(key) = key {
        tx.make_box(row.id, key, sealing).await?;
    }
    tx.answer(Ballot::from(row)).await
}

fn motion(gate: &Gate, input: &BallotOpenInput) -> Result<Motion> {
    let (now, last) = (gate.now(), gate.now() + OPINIONS);
    if input.cut_off_at.is_some_and(|end| end.0 <= now || end.0 > last) {
        let fault = Fault::at(Code::OutOfRange, "input.cutOffAt").with("min", in_vietnam(now));
        return Err(fault.with("max", in_vietnam(last)).into());
    }
    let ballot = input.reconsiders_id.as_ref();
    let ballot = ballot.map(|id| input_id::<Ballot>(id, "input.reconsidersId")).transpose()?;
    let reason = input::optional_text(input.reason.as_deref(), "input.reason", input::TEXT)?;
    if ballot.is_some() && reason.is_none() {
        return Err(Fault::at(Code::ReasonRequired, "input.reason").into());
    }
    if ballot.is_none() && reason.is_some() {
        let fault = Fault::at(Code::InvalidCombination, "input.reason");
        return Err(fault.with("detail", "reconsidersId").into());
    }
    Ok(Motion { ballot, reason, cut_off_at: input.cut_off_at.map(|time| time.0) })
}

async fn sits(tx: &Tx, item: &agenda_item::Model) -> Result<council_session::Model> {
    // Held until the end: no ballot begins in a session that is being closed.
    let session = tx.lock::<council_session::Entity>(item.session_id).await?;
    if session.state == council_session::State::Open {
        return Ok(session);
    }
    Err(session_is(session.state, "input.itemId").into())
}

/// What was rejected is not voted on; what was put off is.
fn goes_on(item: &agenda_item::Model) -> Result<()> {
    if item.outcome != Some(agenda_item::Outcome::Rejected) {
        return Ok(());
    }
    let fault = Fault::at(Code::WrongState, "input.itemId").with("case", "ITEM");
    Err(fault.with("state", "REJECTED").into())
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
        let ids = input_ids::<Candidate>(ids, path)?;
        input::each_once(&ids, path)?;
        if let Some(unknown) = ids.iter().find(|id| rows.iter().all(|row| row.id != **id)) {
            return Err(Error::not_found().at(&input::place(&ids, *unknown, path)));
        }
        rows.retain(|row| ids.contains(&row.id));
    }
    if rows.is_empty() {
        return Err(Fault::at(Code::NoNominee, path).with("case", "BALLOT").into());
    }
    if rows.len() > MOST {
        let fault = Fault::at(Code::OutOfRange, path).with("case", "COUNT");
        return Err(fault.with("min", 1).with("max", MOST).into());
    }
    Ok(rows)
}

/// The rule for each candidate, as it is in force today.
pub(super) async fn rules(
    from: &Source<'_>,
    item: &agenda_item::Model,
    candidates: &[candidate::Model],
) -> Result<Vec<Rule>> {
    let today = from.gate().today();
    let of_day = of_day(item.council_id, today);
    let rows = from.all::<ballot_rule::Entity>(Act::CouncilRead, of_day).await?;
    let matter =
        |row: &candidate::Model| in_force(Matter::of(row.award_code.as_deref()), &rows, today);
    candidates.iter().map(matter).collect()
}

/// What was taken back or sent back since is not voted on, and what is decided not again: an award is corrected or
/// cancelled by decision.
async fn still_proposed(
    tx: &Tx,
    council: &council::Model,
    candidates: &[candidate::Model],
) -> Result<()> {
    let tenant = tx.gate().actor()?.tenant;
    let ids: Vec<Uuid> = candidates.iter().filter_map(|row| row.nominee_id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    tx.stand_in_line(OPENED, tenant).await?;
    let named = Condition::all().add(nominee::Column::Id.is_in(ids));
    let nominees = tx.all_of::<nominee::Entity>(tenant, named).await?;
    let of: Vec<Uuid> = nominees.iter().map(|row| row.submission_id).collect();
    let these = Condition::all().add(submission::Column::Id.is_in(of.clone()));
    let rows = tx.all_of::<submission::Entity>(tenant, these).await?;
    appraised(council, &rows, |_| "input.itemId".to_owned())?;
    demand_subjects(candidates, &nominees)?;
    let of = Condition::all().add(decision_submission::Column::SubmissionId.is_in(of));
    if tx.all_of::<decision_submission::Entity>(tenant, of).await?.is_empty() {
        return Ok(());
    }
    let fault = Fault::at(Code::WrongState, "input.itemId").with("case", "SUBMISSION");
    Err(fault.with("state", "DECIDED").into())
}

/// Enough members are there by the strictest of the rules; who has a conflict of interest is there too.
pub(super) fn quorum(lines: &[Line], (facts, form): (&Facts, Form), rules: &[Rule]) -> Result<()> {
    let members = count(lines.len());
    let present = facts.there(lines, form);
    let needed = rules.iter().map(|rule| rule::quorum(rule, members)).max().unwrap_or(1).max(1);
    // Where the base shrinks, those who may vote must be a quorum themselves: else a few would stand for all.
    let shrinks = rules.iter().any(|rule| rule.recusal == Recusal::ShrinksBase);
    let able = count(lines.iter().filter(|line| line.mode != Mode::Recused).count());
    let present = if shrinks { present.min(able) } else { present };
    if present >= needed {
        return Ok(());
    }
    let case = match form {
        Form::Meeting => "MEETING",
        Form::Consultation => "CONSULTATION",
    };
    let fault = Fault::at(Code::NoQuorum, "input.itemId").with("case", case);
    let fault = fault.with("present", present);
    Err(fault.with("members", members).with("needed", needed).into())
}

pub(super) fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn row(
    tx: &Tx,
    item: &agenda_item::Model,
    (round, lines, motion): (i32, &[Line], &Motion),
    (facts, secrecy, public_key): (&Facts, Secrecy, String),
) -> Result<ballot::ActiveModel> {
    let with =
        |modes: &[Mode]| count(lines.iter().filter(|line| modes.contains(&line.mode)).count());
    let recused_there = lines.iter().filter(|line| line.mode == Mode::Recused);
    let recused_there = recused_there.filter(|line| facts.takes_part(line.seat)).count();
    Ok(ballot::ActiveModel {
        tenant_id: Set(item.tenant_id),
        id: Set(tx.gate().new_id()),
        council_id: Set(item.council_id),
        session_id: Set(item.session_id),
        item_id: Set(item.id),
        round: Set(round),
        state: Set(State::Open),
        secrecy: Set(secrecy),
        public_key: Set(public_key),
        members: Set(count(lines.len())),
        recused: Set(with(&[Mode::Recused])),
        recused_present: Set(Some(count(recused_there))),
        voting: Set(with(&[Mode::Online, Mode::Written, Mode::Paper])),
        cut_off_at: Set(motion.cut_off_at),
        opened_by: Set(tx.gate().actor()?.user),
        opened_at: Set(tx.gate().now()),
        closed_by: Set(None),
        confirmed_by: Set(None),
        closed_at: Set(None),
        reconsiders_id: Set(motion.ballot),
        reason: Set(motion.reason.clone()),
        close_reason: Set(None),
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
        max_rounds: rule.max_rounds,
        authority_decides: rule.after_rounds == AfterRounds::AuthorityDecides,
    })
}
