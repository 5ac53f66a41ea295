//! Writes of a submission's own fields: begin it, change it.
//! No step of the workflow enters here.

use std::sync::Arc;

use async_graphql::MaybeUndefined;
use chrono::NaiveDate;
use entity::submission::{self, State};
use entity::{award_type, nominee, submission_document, unit};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use super::inputs::{DocumentInput, SubmissionCreateInput, SubmissionUpdateInput};
use super::parts::{self, DOCUMENTS, NOMINEES, Proposal, few};
use super::{Submission, require_in_force};
use crate::access::{Act, Gate, Tx};
use crate::domain::input;
use crate::domain::unit::Unit;
use crate::error::Result;
use crate::filter::input_id;
use crate::scalar::Date;
use crate::text::search_form;

pub(super) async fn create(gate: &Gate, input: SubmissionCreateInput) -> Result<Submission> {
    let unit_id = input_id::<Unit>(&input.unit_id, "input.unitId")?;
    let title = input::text(&input.title, "input.title", input::NAME)?;
    let year = input::year(input.year, "input.year")?;
    let from = input.period_from.map(|day| input::day(day, "input.periodFrom")).transpose()?;
    let to = input.period_to.map(|day| input::day(day, "input.periodTo")).transpose()?;
    input::period(from, to, "input.periodTo")?;
    few(input.nominees.len(), NOMINEES, "input.nominees")?;
    few(input.documents.len(), DOCUMENTS, "input.documents")?;
    let awards =
        parts::applicable(gate, &input.nominees, (input.commendation_type, "input.nominees"))
            .await?;
    let tx = gate.begin(Act::SubmissionCreate).await?;
    let unit = tx.lock::<unit::Entity>(unit_id).await.map_err(|e| e.at("input.unitId"))?;
    require_in_force(&unit, gate.today())?;
    let row = submission::ActiveModel {
        tenant_id: Set(unit.tenant_id),
        id: Set(gate.new_id()),
        unit_id: Set(unit.id),
        number: Set(next_number(&tx, unit.tenant_id, year).await?),
        title_search: Set(search_form(&title)),
        title: Set(title),
        year: Set(year),
        period_from: Set(from),
        period_to: Set(to),
        commendation_type: Set(input.commendation_type),
        state: Set(State::Draft),
        note: Set(input::optional_text(input.note.as_deref(), "input.note", input::TEXT)?),
        reason: Set(None),
        author_id: Set(gate.actor()?.user),
        decided_by: Set(None),
        created_at: Set(gate.now()),
        sent_at: Set(None),
        decided_at: Set(None),
        waiting_since: Set(Some(gate.now())),
        due_on: Set(submission::NO_DAY),
        version: Set(1),
    };
    let row = tx.add::<submission::Entity>(row).await?;
    parts::all_known(&tx, &input.nominees).await?;
    add_parts(&tx, &row, (&input, awards)).await?;
    tx.answer(Submission::from(row)).await
}

async fn add_parts(
    tx: &Tx,
    row: &submission::Model,
    (input, awards): (&SubmissionCreateInput, Vec<Arc<award_type::Model>>),
) -> Result<()> {
    let mut nominees = Vec::with_capacity(input.nominees.len());
    for (index, (nominee, award)) in input.nominees.iter().zip(awards).enumerate() {
        let position = i32::try_from(index).unwrap_or(i32::MAX).saturating_add(1);
        let path = &format!("input.nominees.{index}");
        let proposal = Proposal { nominee, award, position, path };
        nominees.push(parts::nominee_row(tx, row, proposal)?);
    }
    tx.add_many::<nominee::Entity>(nominees).await?;
    let document = |(index, document): (usize, &DocumentInput)| {
        parts::document_row(tx, row, document, &format!("input.documents.{index}"))
    };
    let documents = input.documents.iter().enumerate().map(document);
    tx.add_many::<submission_document::Entity>(documents.collect::<Result<_>>()?).await
}

async fn next_number(tx: &Tx, tenant: Uuid, year: i32) -> Result<i32> {
    tx.stand_in_line("submission.number", tenant).await?;
    let of_year = Condition::all().add(submission::Column::Year.eq(year));
    let last = tx.greatest::<submission::Entity>(tenant, submission::Column::Number, of_year);
    Ok(last.await?.saturating_add(1))
}

pub(super) async fn update(gate: &Gate, input: SubmissionUpdateInput) -> Result<Submission> {
    let id = input_id::<Submission>(&input.id, "input.id")?;
    let tx = gate.begin(Act::SubmissionUpdate).await?;
    let row = tx.lock_version::<submission::Entity>(id, input.expected_version).await?;
    parts::editable(&tx, &row).await?;
    let mut changed = row.clone().into_active_model();
    if let Some(title) = input::given(input.title, "input.title")? {
        let title = input::text(&title, "input.title", input::NAME)?;
        changed.title_search = Set(search_form(&title));
        changed.title = Set(title);
    }
    let year = input::given(input.year, "input.year")?.filter(|year| *year != row.year);
    if let Some(year) = year {
        let year = input::year(year, "input.year")?;
        changed.number = Set(next_number(&tx, row.tenant_id, year).await?);
        changed.year = Set(year);
    }
    changed.period_from = Set(day(input.period_from, row.period_from, "input.periodFrom")?);
    changed.period_to = Set(day(input.period_to, row.period_to, "input.periodTo")?);
    input::period(*changed.period_from.as_ref(), *changed.period_to.as_ref(), "input.periodTo")?;
    if !input.note.is_undefined() {
        let note = input.note.take();
        changed.note = Set(input::optional_text(note.as_deref(), "input.note", input::TEXT)?);
    }
    let row = tx.save::<submission::Entity>(&row, changed).await?;
    tx.answer(Submission::from(row)).await
}

/// A day that may be cleared: the new one, none, or the one that stands.
fn day(
    given: MaybeUndefined<Date>,
    standing: Option<NaiveDate>,
    path: &str,
) -> Result<Option<NaiveDate>> {
    match given {
        MaybeUndefined::Undefined => Ok(standing),
        MaybeUndefined::Null => Ok(None),
        MaybeUndefined::Value(day) => input::day(day, path).map(Some),
    }
}
