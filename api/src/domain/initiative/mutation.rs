//! Writes of proposals: propose, take back, recognise or not after the vote.
//! No vote is counted here, and nothing is recognised without one.

use async_graphql::{Context, ID, InputObject, Object};
use entity::initiative::{self, Kind, Scope};
use entity::initiative_proposal::{self as proposal, State};
use entity::nominee::SubjectKind;
use entity::{ballot, candidate, council, initiative_author, initiative_proposer, subject, unit};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveEnum, ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel};

use super::InitiativeProposal;
use super::rules::{self, Vote};
use crate::access::{Act, Gate, Tx, today};
use crate::domain::subject::Subject;
use crate::domain::unit::Unit;
use crate::domain::{Ask, decision, input, keyed};
use crate::error::{Code, Error, Fault, Result};
use crate::filter::{input_id, input_ids};
use crate::payload;
use crate::reference;
use crate::scalar::Date;
use crate::text::search_form;

/// Most authors of one initiative.
const AUTHORS: usize = 50;

/// Input of `initiativePropose`.
#[derive(InputObject)]
pub(crate) struct InitiativeProposeInput {
    /// The unit in which it was made.
    unit_id: ID,
    /// Title, at most 300 characters.
    title: String,
    /// What kind of work it is.
    #[graphql(default_with = "Kind::Initiative")]
    kind: Kind,
    /// How far its effect is to be recognised.
    scope: Scope,
    /// What is new in it, how it is applied and what came of it; at most 4,000 characters.
    description: String,
    /// Where the effect is shown: papers, links, figures; at most 4,000 characters.
    evidence: Option<String>,
    /// The authors, 1 to 50 persons.
    author_ids: Vec<ID>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `initiativeProposalWithdraw` and `initiativeProposalRefuse`.
#[derive(InputObject)]
pub(crate) struct InitiativeProposalEndInput {
    /// The proposal.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// Why, at most 4,000 characters.
    reason: String,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `initiativeProposalRecognise`.
#[derive(InputObject)]
pub(crate) struct InitiativeProposalRecogniseInput {
    /// The proposal.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// Number of the decision, at most 60 characters.
    decision: String,
    /// The day of the decision: not before the ballot was closed, not in the future; today when absent.
    recognised_on: Option<Date>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(InitiativeProposePayload, proposal: InitiativeProposal, "proposal entered");
payload!(InitiativeProposalWithdrawPayload, proposal: InitiativeProposal, "proposal as it is now");
payload!(InitiativeProposalRecognisePayload, proposal: InitiativeProposal, "proposal as it is now");
payload!(InitiativeProposalRefusePayload, proposal: InitiativeProposal, "proposal as it is now");

/// Changes of proposals to recognise initiatives.
#[derive(Default)]
pub struct ProposalMutation;

/// Changes of proposals to recognise initiatives.
#[Object]
impl ProposalMutation {
    /// Proposes that an initiative be recognised (đề nghị công nhận sáng kiến); a council of initiatives votes on it
    /// once it is on its agenda. Roles: standing officer; unit head and unit officer: of the own unit.
    async fn initiative_propose(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: InitiativeProposeInput,
    ) -> async_graphql::Result<InitiativeProposePayload> {
        keyed!(ctx, input => InitiativeProposePayload: propose)
    }

    /// Takes a proposal back that is on no agenda yet. Roles: those of `initiativePropose`.
    async fn initiative_proposal_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal, and why.")] input: InitiativeProposalEndInput,
    ) -> async_graphql::Result<InitiativeProposalWithdrawPayload> {
        keyed!(ctx, input => InitiativeProposalWithdrawPayload: withdraw)
    }

    /// Recognises an initiative with the scope on which a council of initiatives has voted, by the decision that
    /// followed; refused unless the last ballot on it has passed (`INITIATIVE_NOT_PASSED`). From then on it counts for its
    /// authors. Roles: chair, council secretary, standing officer.
    async fn initiative_proposal_recognise(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal, and the decision.")]
        input: InitiativeProposalRecogniseInput,
    ) -> async_graphql::Result<InitiativeProposalRecognisePayload> {
        keyed!(ctx, input => InitiativeProposalRecognisePayload: recognise)
    }

    /// Tells that an initiative is not recognised, after the last ballot on it did not pass. Roles: those of
    /// `initiativeProposalRecognise`.
    async fn initiative_proposal_refuse(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal, and why.")] input: InitiativeProposalEndInput,
    ) -> async_graphql::Result<InitiativeProposalRefusePayload> {
        keyed!(ctx, input => InitiativeProposalRefusePayload: refuse)
    }
}

async fn propose(gate: &Gate, input: InitiativeProposeInput) -> Result<InitiativeProposal> {
    let unit_id = input_id::<Unit>(&input.unit_id, "input.unitId")?;
    let title = input::text(&input.title, "input.title", input::NAME)?;
    let description = input::text(&input.description, "input.description", input::TEXT)?;
    let evidence = input::optional_text(input.evidence.as_deref(), "input.evidence", input::TEXT)?;
    let tx = gate.begin(Act::InitiativePropose).await?;
    let place = tx.lock::<unit::Entity>(unit_id).await.map_err(|e| e.at("input.unitId"))?;
    let authors = authors(&tx, &input.author_ids).await?;
    let names: Vec<&str> = authors.iter().map(|row| row.name.as_str()).collect();
    let row = proposal::Model {
        tenant_id: place.tenant_id,
        id: gate.new_id(),
        unit_id: place.id,
        council_id: None,
        title_search: search_form(&title),
        title,
        kind: input.kind,
        scope: input.scope,
        description,
        evidence,
        author_names: names.join("\n"),
        state: State::Proposed,
        proposed_on: gate.today(),
        author_id: gate.actor()?.user,
        decision: None,
        initiative_id: None,
        reason: None,
        version: 1,
    };
    let row = tx.add::<proposal::Entity>(row.into_active_model().reset_all()).await?;
    let proposer = |author: subject::Model| initiative_proposer::Model {
        tenant_id: row.tenant_id,
        id: gate.new_id(),
        proposal_id: row.id,
        unit_id: row.unit_id,
        subject_id: author.id,
    };
    let proposers = authors.into_iter().map(proposer).collect();
    tx.add_many::<initiative_proposer::Entity>(proposers).await?;
    tx.answer(InitiativeProposal::from(row)).await
}

/// The authors, in the order in which they are named: persons, each once.
async fn authors(tx: &Tx, ids: &[ID]) -> Result<Vec<subject::Model>> {
    let path = "input.authorIds";
    if ids.is_empty() {
        return Err(Fault::at(Code::Required, path).into());
    }
    if ids.len() > AUTHORS {
        let fault = Fault::at(Code::OutOfRange, path).with("case", "COUNT");
        return Err(fault.with("min", 1).with("max", AUTHORS).into());
    }
    let ids = input_ids::<Subject>(ids, path)?;
    input::each_once(&ids, path)?;
    let these = Condition::all().add(subject::Column::Id.is_in(ids.clone()));
    let found = tx.all::<subject::Entity>(Act::SubjectRead, these).await?;
    let mut authors: Vec<subject::Model> = Vec::with_capacity(ids.len());
    for (index, id) in ids.iter().enumerate() {
        let path = format!("{path}.{index}");
        let one = found.iter().find(|row| row.id == *id).cloned();
        let one = one.ok_or_else(|| Error::not_found().at(&path))?;
        if one.kind != SubjectKind::Individual {
            let fault = Fault::at(Code::InvalidCombination, &path);
            return Err(fault.with("detail", "INDIVIDUAL").into());
        }
        authors.push(one);
    }
    Ok(authors)
}

fn in_state(row: &proposal::Model) -> Result<()> {
    if row.state == State::Proposed {
        return Ok(());
    }
    Err(Fault::at(Code::WrongState, "input.id").with("state", row.state.to_value()).into())
}

async fn withdraw(gate: &Gate, input: InitiativeProposalEndInput) -> Result<InitiativeProposal> {
    let id = input_id::<InitiativeProposal>(&input.id, "input.id")?;
    let reason = input::reason(&input.reason)?;
    let tx = gate.begin_because(Act::InitiativeProposalWithdraw, Some(reason.clone())).await?;
    let row = tx.lock_version::<proposal::Entity>(id, input.expected_version).await?;
    in_state(&row)?;
    if row.council_id.is_some() {
        return Err(Fault::at(Code::WrongState, "input.id").with("state", "ON_AGENDA").into());
    }
    end(tx, row, (State::Withdrawn, reason)).await
}

async fn refuse(gate: &Gate, input: InitiativeProposalEndInput) -> Result<InitiativeProposal> {
    let id = input_id::<InitiativeProposal>(&input.id, "input.id")?;
    let reason = input::reason(&input.reason)?;
    let tx = gate.begin_because(Act::InitiativeProposalRefuse, Some(reason.clone())).await?;
    let row = tx.lock_version::<proposal::Entity>(id, input.expected_version).await?;
    in_state(&row)?;
    match vote(&tx, &row).await? {
        Vote::Refused => end(tx, row, (State::Refused, reason)).await,
        Vote::None | Vote::Passed { .. } => {
            Err(Fault::at(Code::WrongState, "input.id").with("state", "NOT_FAILED").into())
        }
    }
}

async fn end(
    tx: Tx,
    row: proposal::Model,
    (state, reason): (State, String),
) -> Result<InitiativeProposal> {
    let mut changed = row.clone().into_active_model();
    changed.state = Set(state);
    changed.reason = Set(Some(reason));
    let row = tx.save::<proposal::Entity>(&row, changed).await?;
    tx.answer(InitiativeProposal::from(row)).await
}

/// What the last ballot says of a proposal; refused while one on it is not closed.
async fn vote(tx: &Tx, row: &proposal::Model) -> Result<Vote> {
    let of = Condition::all().add(candidate::Column::ProposalId.eq(row.id));
    let candidates = tx.all_of::<candidate::Entity>(row.tenant_id, of).await?;
    Ok(rules::vote(&decision::closed_votes(tx, &candidates, "input.id").await?))
}

async fn recognise(
    gate: &Gate,
    input: InitiativeProposalRecogniseInput,
) -> Result<InitiativeProposal> {
    let id = input_id::<InitiativeProposal>(&input.id, "input.id")?;
    let decision = input::text(&input.decision, "input.decision", input::CODE)?;
    let on = input.recognised_on.map(|day| input::day(day, "input.recognisedOn")).transpose()?;
    let on = on.unwrap_or_else(|| gate.today());
    let tx = gate.begin(Act::InitiativeProposalRecognise).await?;
    let row = tx.lock_version::<proposal::Entity>(id, input.expected_version).await?;
    in_state(&row)?;
    let council = passed_in(&tx, &row).await?;
    input::period(Some(closed_on(&tx, &row).await?), Some(on), "input.recognisedOn")?;
    input::period(Some(on), Some(gate.today()), "input.recognisedOn")?;
    let made = initiative::Model {
        tenant_id: row.tenant_id,
        id: gate.new_id(),
        unit_id: row.unit_id,
        title: row.title.clone(),
        kind: row.kind,
        scope: row.scope,
        recognised_by: format!("{}, {decision}", council.name),
        recognised_on: on,
        used_for: None,
        used_year: None,
        award_id: None,
        version: 1,
    };
    let made = tx.add::<initiative::Entity>(made.into_active_model().reset_all()).await?;
    attribute(&tx, &row, &made).await?;
    let mut changed = row.clone().into_active_model();
    changed.state = Set(State::Recognised);
    changed.decision = Set(Some(decision));
    changed.initiative_id = Set(Some(made.id));
    let row = tx.save::<proposal::Entity>(&row, changed).await?;
    tx.answer(InitiativeProposal::from(row)).await
}

/// The council whose ballot has passed on it.
async fn passed_in(tx: &Tx, row: &proposal::Model) -> Result<council::Model> {
    let Vote::Passed { council } = vote(tx, row).await? else {
        let citation = reference::initiative_rule(tx.gate().today()).map(|law| &law.citation);
        let fault = Fault::at(Code::InitiativeNotPassed, "input.id");
        return Err(fault.with("citation", citation.map_or("", String::as_str)).into());
    };
    let itself = Condition::all().add(council::Column::Id.eq(council));
    let found = tx.all_of::<council::Entity>(row.tenant_id, itself).await?.pop();
    found.ok_or_else(|| Error::broken("a candidate without council"))
}

/// The day on which the last ballot on it was closed.
async fn closed_on(tx: &Tx, row: &proposal::Model) -> Result<chrono::NaiveDate> {
    use entity::ballot_candidate;
    let of = Condition::all().add(candidate::Column::ProposalId.eq(row.id));
    let candidates = tx.all_of::<candidate::Entity>(row.tenant_id, of).await?;
    let ids = candidates.iter().map(|row| row.id);
    let of = Condition::all().add(ballot_candidate::Column::CandidateId.is_in(ids));
    let asked = tx.all_of::<ballot_candidate::Entity>(row.tenant_id, of).await?;
    let of = Condition::all().add(ballot::Column::Id.is_in(asked.iter().map(|row| row.ballot_id)));
    let ballots = tx.all_of::<ballot::Entity>(row.tenant_id, of).await?;
    let last = ballots.iter().filter_map(|row| row.closed_at).max();
    last.map(today).ok_or_else(|| Error::broken("a vote without a closed ballot"))
}

async fn attribute(tx: &Tx, of: &proposal::Model, made: &initiative::Model) -> Result<()> {
    let authors = Condition::all().add(initiative_proposer::Column::ProposalId.eq(of.id));
    let proposers = tx.all_of::<initiative_proposer::Entity>(of.tenant_id, authors).await?;
    let author = |proposer: initiative_proposer::Model| initiative_author::Model {
        tenant_id: of.tenant_id,
        id: tx.gate().new_id(),
        initiative_id: made.id,
        subject_id: proposer.subject_id,
        unit_id: of.unit_id,
    };
    let authors = proposers.into_iter().map(author).collect();
    tx.add_many::<initiative_author::Entity>(authors).await
}
