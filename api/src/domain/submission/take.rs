//! A step of the workflow: checked, the law asked where the step asks it, written down with what follows from it.
//! No rule enters here: the table in `rules` decides, the policy knows who may.

use async_graphql::ID;
use entity::submission::{self, State};
use entity::{appraisal, ballot, candidate, nominee, submission_transition};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, IntoActiveModel};

use super::mutation::{SubmissionReasonInput, SubmissionStepInput};
use super::rules::{self, Action, Edge, Facts};
use super::{Door, Submission, above, handling};
use crate::access::{Act, Gate, Tx};
use crate::domain::ballot::{OPENED, votes};
use crate::domain::{input, quota};
use crate::error::{Error, Result};
use crate::filter::input_id;

pub(super) async fn step(
    gate: &Gate,
    action: Action,
    input: SubmissionStepInput,
) -> Result<Submission> {
    let note = input::optional_text(input.note.as_deref(), "input.note", input::TEXT)?;
    take(gate, action, Step { id: input.id, version: input.expected_version, words: note }).await
}

pub(super) async fn refuse(
    gate: &Gate,
    action: Action,
    input: SubmissionReasonInput,
) -> Result<Submission> {
    let words = Some(input::reason(&input.reason)?);
    take(gate, action, Step { id: input.id, version: input.expected_version, words }).await
}

struct Step {
    id: ID,
    version: i32,
    words: Option<String>,
}

async fn take(gate: &Gate, action: Action, step: Step) -> Result<Submission> {
    let edge = rules::edge(action).ok_or_else(|| Error::broken("an action without edge"))?;
    let id = input_id::<Submission>(&step.id, "input.id")?;
    let asks = asks_the_law(action);
    let stops = stopped_by_the_law(action);
    let door = match stops {
        Some(at) => Door::of_submission(gate, id, at).await?,
        None => Door::default(),
    };
    let book = if action == Action::Send { Some(quota::rulebook(gate).await?) } else { None };
    let tx = gate.begin_because(edge.act, step.words.clone()).await?;
    if edge.to.is_some_and(quota::settles) {
        quota::stand_by(&tx).await?;
    }
    if edge.needs.contains(&rules::Need::Unanswered) {
        // Before the row is locked: who sends a proposal ends its waiting while standing there.
        tx.stand_in_line(above::LINE, gate.actor()?.tenant).await?;
    }
    let row = tx.lock_version::<submission::Entity>(id, step.version).await?;
    check(&tx, edge, &row).await?;
    if let Some(at) = stops
        && let Some(refusal) = door.refusal(at)?
    {
        return Err(refusal.fault().into());
    }
    let changed = changed(gate, (&row, edge.to.unwrap_or(row.state)), step.words.as_deref())?;
    let after = tx.save::<submission::Entity>(&row, changed).await?;
    record(&tx, edge, (&row, &after), step.words).await?;
    if let Some(at) = asks {
        door.freeze(&tx, at).await?;
    }
    quota::settle(&tx, (&row, &after), book.as_ref()).await?;
    tx.answer(Submission::from(after)).await
}

/// What a step leaves behind in the row itself.
fn changed(
    gate: &Gate,
    (row, to): (&submission::Model, State),
    words: Option<&str>,
) -> Result<submission::ActiveModel> {
    let mut changed = row.clone().into_active_model();
    changed.state = Set(to);
    let (since, due_on) = handling::clock(to, gate.now());
    changed.waiting_since = Set(since);
    changed.due_on = Set(due_on);
    match to {
        State::Sent => {
            changed.sent_at = Set(Some(gate.now()));
            changed.reason = Set(None);
        }
        State::Returned => changed.reason = Set(words.map(str::to_owned)),
        State::Approved | State::Rejected => {
            changed.decided_by = Set(Some(gate.actor()?.user));
            changed.decided_at = Set(Some(gate.now()));
            changed.reason = Set(words.map(str::to_owned));
        }
        State::Draft | State::Received | State::Appraised | State::Recalled => {}
    }
    Ok(changed)
}

/// What is answered, by a decision or by being proposed to an authority above, waits for nobody here any more.
pub(in crate::domain) async fn end_waiting(
    tx: &Tx,
    rows: impl Iterator<Item = &submission::Model>,
) -> Result<()> {
    let ended = |row: &submission::Model| {
        let ended =
            submission::Model { waiting_since: None, due_on: submission::NO_DAY, ..row.clone() };
        (row.clone(), ended)
    };
    let waiting = rows.filter(|row| row.waiting_since.is_some());
    tx.save_many::<submission::Entity>(waiting.map(ended).collect()).await
}

/// The steps that the law can stop: all of it when a list is sent, its conditions when it is appraised and approved.
pub(super) const fn stopped_by_the_law(action: Action) -> Option<appraisal::Step> {
    match action {
        Action::Send => Some(appraisal::Step::Send),
        Action::Appraise | Action::Approve => Some(appraisal::Step::Appraise),
        Action::Update
        | Action::Recall
        | Action::Receive
        | Action::Return
        | Action::Reject
        | Action::Vote
        | Action::Decide => None,
    }
}

/// The steps at which what the law says of the nominees is kept.
const fn asks_the_law(action: Action) -> Option<appraisal::Step> {
    match action {
        Action::Send => Some(appraisal::Step::Send),
        Action::Appraise => Some(appraisal::Step::Appraise),
        Action::Update
        | Action::Recall
        | Action::Receive
        | Action::Return
        | Action::Approve
        | Action::Reject
        | Action::Vote
        | Action::Decide => None,
    }
}

/// Refuses an edge whose state or needs do not hold.
pub(super) async fn check(tx: &Tx, edge: &Edge, row: &submission::Model) -> Result<()> {
    let mut nominees = 1;
    if edge.needs.contains(&rules::Need::Nominee) {
        let of_it = Condition::all().add(nominee::Column::SubmissionId.eq(row.id));
        nominees = tx.all::<nominee::Entity>(Act::SubmissionRead, of_it).await?.len();
    }
    let user = tx.gate().actor()?.user;
    let is_asked = edge.needs.contains(&rules::Need::Unanswered);
    let answered = if is_asked { above::answered(tx, row).await? } else { None };
    let is_asked = edge.needs.contains(&rules::Need::Unvoted);
    let voted_on = if is_asked { open_ballot(tx, row).await? } else { None };
    let facts = Facts {
        state: row.state,
        is_author: row.author_id == user,
        has_nominees: nominees > 0,
        is_waiting: handling::is_waiting(row),
        answered,
        voted_on,
    };
    match rules::obstacle(edge, facts) {
        Some(fault) => Err(fault.into()),
        None => Ok(()),
    }
}

/// The state of a ballot on somebody of a submission that is locked, where one is not closed; whoever opens one stands in
/// the same line.
async fn open_ballot(tx: &Tx, row: &submission::Model) -> Result<Option<ballot::State>> {
    tx.stand_in_line(OPENED, row.tenant_id).await?;
    let of_it = Condition::all().add(nominee::Column::SubmissionId.eq(row.id));
    let nominees = tx.all_of::<nominee::Entity>(row.tenant_id, of_it).await?;
    let named = candidate::Column::NomineeId.is_in(nominees.iter().map(|row| row.id));
    let named = Condition::all().add(named);
    let candidates = tx.all_of::<candidate::Entity>(row.tenant_id, named).await?;
    let candidates: Vec<_> = candidates.iter().map(|row| row.id).collect();
    Ok(votes(tx, &candidates).await?.open.first().map(|row| row.state))
}

async fn record(
    tx: &Tx,
    edge: &Edge,
    (before, after): (&submission::Model, &submission::Model),
    words: Option<String>,
) -> Result<()> {
    let actor = tx.gate().actor()?;
    let action: &str = edge.action.into();
    let row = submission_transition::ActiveModel {
        tenant_id: Set(after.tenant_id),
        id: Set(tx.gate().new_id()),
        submission_id: Set(after.id),
        unit_id: Set(after.unit_id),
        action: Set(action.to_owned()),
        from_state: Set(before.state),
        to_state: Set(after.state),
        actor_id: Set(actor.user),
        actor_name: Set(actor.name.clone()),
        reason: Set(words),
        at: Set(tx.gate().now()),
    };
    tx.add_derived::<submission_transition::Entity>(row).await?;
    Ok(())
}
