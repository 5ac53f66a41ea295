//! What only a person can confirm, said of a nominee by those who appraise; every word stays, the last one counts.
//! No rule is evaluated here: the law says which conditions there are, and what follows from an answer.

use async_graphql::{Context, ID, InputObject, Object};
use entity::condition_confirmation::{self, Said};
use entity::submission::{self, State};
use entity::{award_type, nominee, subject, submission_document};
use sea_orm::{ActiveEnum, ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use super::{Document, Nominee, handling};
use crate::access::{Act, Gate, Tx, today};
use crate::domain::award::{said, subject_missing};
use crate::domain::rule::{Asked, Bar, ConditionConfirmation, Law, ManualCondition};
use crate::domain::{Ask, input, keyed};
use crate::error::{Code, Error, Fault, Result};
use crate::filter::input_id;
use crate::payload;

const NOMINEE: &str = "input.nomineeId";
const CONDITION: &str = "input.conditionKey";
const DOCUMENT: &str = "input.documentId";
/// Length of a key: that of SHA-256 in hexadecimal digits.
const KEY: usize = 64;

/// Input of `conditionConfirm`.
#[derive(InputObject)]
pub(crate) struct ConditionConfirmInput {
    /// The nominee, one with a subject whose record is read (`SUBJECT_MISSING`).
    nominee_id: ID,
    /// The condition: `conditionKey` of a step of the nominee's `eligibility`.
    condition_key: String,
    /// Whether it holds.
    holds: bool,
    /// On what that rests, at most 4,000 characters.
    reason: String,
    /// The document of the submission that shows it.
    document_id: Option<ID>,
    /// Version of the submission last read; absent: as it is now.
    expected_version: Option<i32>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(ConditionConfirmPayload, confirmation: ConditionConfirmation, "word that was kept");

/// Answers to conditions that only a person can confirm.
#[derive(Default)]
pub struct ConditionMutation;

/// Answers to conditions that only a person can confirm.
#[Object]
impl ConditionMutation {
    /// Says whether a condition that only a person can confirm (`EligibilityStep.conditionKey`) holds for a nominee
    /// (xác nhận điều kiện), from when the submission is received until it is answered. Nothing said before is changed:
    /// of several words about the same subject, title or form and year the last counts, at every step that follows.
    /// Roles: standing officer, central officer.
    async fn condition_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The nominee, the condition, and what is said of it.")]
        input: ConditionConfirmInput,
    ) -> async_graphql::Result<ConditionConfirmPayload> {
        keyed!(ctx, input => ConditionConfirmPayload: confirm)
    }
}

async fn confirm(gate: &Gate, input: ConditionConfirmInput) -> Result<ConditionConfirmation> {
    let id = input_id::<Nominee>(&input.nominee_id, NOMINEE)?;
    let key = input::text(&input.condition_key, CONDITION, KEY)?;
    let reason = input::reason(&input.reason)?;
    let paper = input.document_id.as_ref().map(|id| input_id::<Document>(id, DOCUMENT));
    let paper = paper.transpose()?;
    // Read before the transaction, which must not wait for a second connection.
    let catalogue = gate.catalogue::<award_type::Entity>()?.all().await?;
    let law = Law::read(gate).await?;
    let tx = gate.begin_because(Act::ConditionConfirm, Some(reason.clone())).await?;
    let of = listed(&tx, id, input.expected_version).await?;
    let paper = match paper {
        Some(paper) => Some(document(&tx, &of.submission, paper).await?),
        None => None,
    };
    let award = catalogue.iter().find(|row| row.id == of.nominee.award_type_id);
    let award = award.ok_or_else(|| Error::broken("a nominee without award type"))?;
    let subject = subject(&tx, &of.nominee, award).await?;
    let asked = of.asked(gate, (subject.id, &award.code));
    let subjects = std::slice::from_ref(&subject);
    let bar = Bar::of(&tx, law, (&catalogue, subjects), std::slice::from_ref(&asked)).await?;
    let check = bar.judge(&subject, &asked, None).check;
    let condition = check.manual(&key).ok_or_else(no_condition)?;
    let said = if input.holds { Said::Holds } else { Said::DoesNotHold };
    let row = Word { said, reason, paper, condition, key }.about(gate, (&of, asked))?;
    let row = tx.add::<condition_confirmation::Entity>(row.into_active_model().reset_all()).await?;
    tx.answer(ConditionConfirmation::from(row)).await
}

fn no_condition() -> Error {
    Fault::at(Code::NotFound, CONDITION).with("case", "CONDITION").into()
}

/// A nominee on a submission that is held until the end.
struct Listed {
    nominee: nominee::Model,
    submission: submission::Model,
}

async fn listed(tx: &Tx, id: Uuid, version: Option<i32>) -> Result<Listed> {
    let at = |fault: Error| fault.at(NOMINEE);
    let nominee = tx.one::<nominee::Entity>(Act::ConditionConfirm, id).await.map_err(at)?;
    let of = nominee.submission_id;
    let submission = match version {
        Some(version) => tx.lock_version::<submission::Entity>(of, version).await?,
        None => tx.lock::<submission::Entity>(of).await.map_err(at)?,
    };
    match closed(&submission) {
        Some(state) => Err(Fault::at(Code::WrongState, NOMINEE).with("state", state).into()),
        None => Ok(Listed { nominee, submission }),
    }
}

/// The state in which nothing is said of conditions: before it is received, and after it is answered.
fn closed(of: &submission::Model) -> Option<String> {
    match of.state {
        State::Received | State::Appraised => None,
        State::Approved if handling::is_waiting(of) => None,
        State::Approved => Some("DECIDED".to_owned()),
        State::Draft | State::Sent | State::Returned | State::Recalled | State::Rejected => {
            Some(of.state.to_value())
        }
    }
}

/// Of a name that was only written down nothing is asked.
async fn subject(
    tx: &Tx,
    of: &nominee::Model,
    award: &award_type::Model,
) -> Result<subject::Model> {
    let id = of.subject_id.ok_or_else(|| subject_missing(&of.name, said(award), NOMINEE))?;
    let this = Condition::all().add(subject::Column::Id.eq(id));
    let found = tx.all_of::<subject::Entity>(of.tenant_id, this).await?;
    found.into_iter().next().ok_or_else(no_condition)
}

/// A document of the same submission.
async fn document(tx: &Tx, of: &submission::Model, id: Uuid) -> Result<submission_document::Model> {
    use submission_document::{Column, Entity};
    let this = Condition::all().add(Column::Id.eq(id)).add(Column::SubmissionId.eq(of.id));
    let found = tx.all_of::<Entity>(of.tenant_id, this).await?;
    found.into_iter().next().ok_or_else(|| Fault::at(Code::NotFound, DOCUMENT).into())
}

impl Listed {
    /// The question as every step of the submission asks it.
    fn asked(&self, gate: &Gate, (subject, award): (Uuid, &str)) -> Asked {
        let Self { nominee, submission } = self;
        Asked {
            subject,
            award: award.to_owned(),
            year: submission.year,
            commendation: submission.commendation_type,
            achieved_on: nominee.achieved_on,
            received_on: submission.sent_at.map_or_else(|| gate.today(), today),
            decided_on: gate.today(),
        }
    }
}

/// What is said, and of which condition.
struct Word<'c> {
    said: Said,
    reason: String,
    paper: Option<submission_document::Model>,
    condition: ManualCondition<'c>,
    key: String,
}

impl Word<'_> {
    /// The row that keeps it: about whom and what, in which words of the law, and by whom.
    fn about(
        self,
        gate: &Gate,
        (of, asked): (&Listed, Asked),
    ) -> Result<condition_confirmation::Model> {
        let Self { said, reason, paper, condition, key } = self;
        let actor = gate.actor()?;
        Ok(condition_confirmation::Model {
            tenant_id: of.nominee.tenant_id,
            id: gate.new_id(),
            submission_id: of.submission.id,
            unit_id: of.nominee.unit_id,
            subject_id: asked.subject,
            nominee_id: of.nominee.id,
            nominee_name: of.nominee.name.clone(),
            award_type_code: asked.award,
            year: asked.year,
            commendation_type: asked.commendation,
            achieved_on: asked.achieved_on,
            rule_id: condition.rule.id,
            condition_key: key,
            words_vi: condition.words_vi.to_owned(),
            words_en: condition.words_en.to_owned(),
            citation: condition.rule.citation.clone(),
            answer: said,
            reason,
            document_id: paper.as_ref().map(|row| row.id),
            document_title: paper.as_ref().map(|row| row.title.clone()),
            document_hash: paper.map(|row| row.sha256),
            actor_id: actor.user,
            actor_name: actor.name.clone(),
            actor_role: actor.role_for(Act::ConditionConfirm).ok_or_else(Error::forbidden)?,
            at: gate.now(),
        })
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn row(state: State, is_waiting: bool) -> submission::Model {
        let id = Uuid::nil();
        submission::Model {
            tenant_id: id,
            id,
            unit_id: id,
            number: 1,
            title: String::new(),
            title_search: String::new(),
            year: 2026,
            period_from: None,
            period_to: None,
            commendation_type: submission::CommendationType::Merit,
            state,
            note: None,
            reason: None,
            author_id: id,
            decided_by: None,
            created_at: DateTime::default(),
            sent_at: None,
            decided_at: None,
            waiting_since: is_waiting.then(DateTime::default),
            due_on: submission::NO_DAY,
            version: 1,
        }
    }

    #[test]
    fn a_word_is_said_between_receipt_and_answer() {
        use State::{Appraised, Approved, Draft, Recalled, Received, Rejected, Returned, Sent};
        for open in [Received, Appraised, Approved] {
            assert_eq!(closed(&row(open, true)), None);
        }
        for state in [Draft, Sent, Returned, Recalled, Rejected] {
            assert_eq!(closed(&row(state, true)), Some(state.to_value()));
        }
        assert_eq!(closed(&row(Approved, false)), Some("DECIDED".to_owned()));
    }
}
