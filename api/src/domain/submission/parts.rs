//! Writes of the parts of a submission: nominees and documents.
//! No step of the workflow enters here.

use std::sync::Arc;

use async_graphql::{ID, MaybeUndefined};
use chrono::NaiveDate;
use entity::nominee::{self, SubjectKind};
use entity::submission::{self, CommendationType};
use entity::{award_type, candidate, subject, submission_document};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use super::children::{Document, Nominee};
use super::inputs::{
    DocumentAddInput, DocumentInput, DocumentRemoveInput, NomineeAddInput, NomineeInput,
    NomineeRemoveInput, NomineeUpdateInput,
};
use super::rules::{self, Action};
use super::{Submission, span, take};
use crate::access::{Act, Gate, Tx};
use crate::domain::award::{self, AwardType};
use crate::domain::input;
use crate::domain::subject::Subject;
use crate::error::{Code, Error, Fault, Result};
use crate::filter::{input_id, row_id};
use crate::scalar::Date;
use crate::text::search_form;

/// Most nominees of one submission.
pub(super) const NOMINEES: usize = 500;
/// Most documents of one submission.
pub(super) const DOCUMENTS: usize = 100;

pub(super) fn few(count: usize, most: usize, path: &str) -> Result<()> {
    if count <= most {
        return Ok(());
    }
    let fault = Fault::at(Code::OutOfRange, path).with("case", "COUNT");
    Err(fault.with("min", 0).with("max", most).into())
}

/// The award types of nominees, in their order; each must fit its nominee today.
pub(super) async fn applicable(
    gate: &Gate,
    nominees: &[NomineeInput],
    (commendation, path): (CommendationType, &str),
) -> Result<Vec<Arc<award_type::Model>>> {
    let ids: Vec<_> = nominees
        .iter()
        .map(|n| row_id::<AwardType>(&n.award_type_id).unwrap_or_default())
        .collect();
    let awards = ids.iter().map(|id| gate.look_up::<award_type::Entity>(*id));
    let found = futures_util::future::try_join_all(awards).await?;
    let pairs = nominees.iter().zip(found).enumerate();
    pairs
        .map(|(index, (nominee, award))| {
            let path = format!("{path}.{index}.awardTypeId");
            fits(award, nominee.kind, commendation, (gate.today(), &path))
        })
        .collect()
}

fn fits(
    award: Option<Arc<award_type::Model>>,
    kind: SubjectKind,
    commendation: CommendationType,
    (day, path): (NaiveDate, &str),
) -> Result<Arc<award_type::Model>> {
    let award = award.ok_or_else(|| Error::not_found().at(path))?;
    award::demand_applicable(&award, (kind, commendation), (day, path))?;
    Ok(award)
}

/// Refuses nominees whose subject the caller may not read, or is of another kind; one statement for all.
async fn known(tx: &Tx, nominees: &[(&NomineeInput, String)]) -> Result<()> {
    let mut named = Vec::new();
    for (nominee, path) in nominees {
        if let Some(id) = &nominee.subject_id {
            let path = format!("{path}.subjectId");
            named.push((input_id::<Subject>(id, &path)?, nominee.kind, path));
        }
    }
    if named.is_empty() {
        return Ok(());
    }
    let these = Condition::all().add(subject::Column::Id.is_in(named.iter().map(|it| it.0)));
    let found = tx.all::<subject::Entity>(Act::SubjectRead, these).await?;
    for (id, kind, path) in named {
        let row = found.iter().find(|row| row.id == id);
        let row = row.ok_or_else(|| Error::not_found().at(&path))?;
        same_kind(row, kind, &path)?;
    }
    Ok(())
}

/// The same for the nominees with which a submission begins.
pub(super) async fn all_known(tx: &Tx, nominees: &[NomineeInput]) -> Result<()> {
    let named = nominees.iter().enumerate();
    let named: Vec<_> = named.map(|(index, it)| (it, format!("input.nominees.{index}"))).collect();
    known(tx, &named).await
}

fn same_kind(row: &subject::Model, kind: SubjectKind, path: &str) -> Result<()> {
    if row.kind == kind {
        return Ok(());
    }
    let detail = "kind, subjectId";
    Err(Fault::at(Code::InvalidCombination, path).with("detail", detail).into())
}

/// A nominee with the award type it was checked against.
pub(super) struct Proposal<'a> {
    pub(super) nominee: &'a NomineeInput,
    pub(super) award: Arc<award_type::Model>,
    pub(super) position: i32,
    pub(super) path: &'a str,
}

pub(super) fn nominee_row(
    tx: &Tx,
    of: &submission::Model,
    proposal: Proposal<'_>,
) -> Result<nominee::Model> {
    let Proposal { nominee, award, position, path } = proposal;
    let post = input::optional_text(nominee.post.as_deref(), &format!("{path}.post"), input::NAME)?;
    let achievement = nominee.achievement.as_deref();
    let achievement =
        input::optional_text(achievement, &format!("{path}.achievement"), input::TEXT)?;
    let achieved_on = nominee.achieved_on.map(|day| past(tx, day, &format!("{path}.achievedOn")));
    let from = nominee.counting_from;
    let from = span::counting_from(from, (of, &award), &format!("{path}.countingFrom"))?;
    let field = nominee.field.as_deref();
    let field = input::optional_text(field, &format!("{path}.field"), input::CODE)?;
    let name = input::text(&nominee.name, &format!("{path}.name"), input::NAME)?;
    Ok(nominee::Model {
        tenant_id: of.tenant_id,
        id: tx.gate().new_id(),
        submission_id: of.id,
        unit_id: of.unit_id,
        position,
        kind: nominee.kind,
        name_search: search_form(&name),
        name,
        post,
        award_type_id: award.id,
        achievement,
        achieved_on: achieved_on.transpose()?,
        counting_from: from,
        field,
        version: 1,
        subject_id: nominee.subject_id.as_ref().and_then(row_id::<Subject>),
    })
}

/// A day that is not to come.
fn past(tx: &Tx, day: Date, path: &str) -> Result<NaiveDate> {
    let day = input::day(day, path)?;
    input::past(day, tx.gate().today(), path)?;
    Ok(day)
}

pub(super) fn document_row(
    tx: &Tx,
    of: &submission::Model,
    document: &DocumentInput,
    path: &str,
) -> Result<submission_document::Model> {
    let form = |field: &str, expected: &str| {
        Error::from(
            Fault::at(Code::InvalidFormat, &format!("{path}.{field}")).with("expected", expected),
        )
    };
    let sha256 = document.sha256.trim().to_ascii_lowercase();
    if sha256.len() != 64 || !sha256.chars().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(form("sha256", "64 hexadecimal digits"));
    }
    let size = document.size_bytes.parse::<i64>().ok().filter(|size| *size >= 0);
    let size = size.ok_or_else(|| form("sizeBytes", "a whole number, 0 or more"))?;
    Ok(submission_document::Model {
        tenant_id: of.tenant_id,
        id: tx.gate().new_id(),
        submission_id: of.id,
        unit_id: of.unit_id,
        title: input::text(&document.title, &format!("{path}.title"), input::NAME)?,
        file_name: input::text(&document.file_name, &format!("{path}.fileName"), input::NAME)?,
        media_type: input::text(&document.media_type, &format!("{path}.mediaType"), input::NAME)?,
        size_bytes: size,
        sha256,
        added_by: tx.gate().actor()?.user,
        added_at: tx.gate().now(),
    })
}

/// Refuses a submission that cannot be changed now.
pub(super) async fn editable(tx: &Tx, row: &submission::Model) -> Result<()> {
    let edge = rules::edge(Action::Update).ok_or_else(|| Error::broken("no edge to update"))?;
    take::check(tx, edge, row).await
}

/// Counts the version of a submission up, because one of its parts changes.
async fn touch(tx: &Tx, row: &submission::Model) -> Result<submission::Model> {
    tx.save::<submission::Entity>(row, row.clone().into_active_model()).await
}

/// The award type behind an id; read before the transaction, which must not wait for a second connection.
async fn award_row(gate: &Gate, id: &ID) -> Result<Option<Arc<award_type::Model>>> {
    gate.look_up::<award_type::Entity>(row_id::<AwardType>(id).unwrap_or_default()).await
}

pub(super) async fn add_nominee(gate: &Gate, input: NomineeAddInput) -> Result<Nominee> {
    let id = input_id::<Submission>(&input.submission_id, "input.submissionId")?;
    let award = award_row(gate, &input.nominee.award_type_id).await?;
    let tx = gate.begin(Act::NomineeAdd).await?;
    let row = tx.lock::<submission::Entity>(id).await.map_err(|e| e.at("input.submissionId"))?;
    editable(&tx, &row).await?;
    known(&tx, &[(&input.nominee, "input.nominee".to_owned())]).await?;
    let place = (gate.today(), "input.nominee.awardTypeId");
    let award = fits(award, input.nominee.kind, row.commendation_type, place)?;
    let of_it = Condition::all().add(nominee::Column::SubmissionId.eq(row.id));
    let others = tx.all::<nominee::Entity>(Act::SubmissionRead, of_it).await?;
    few(others.len().saturating_add(1), NOMINEES, "input.nominee")?;
    let last = others.iter().map(|other| other.position).max().unwrap_or_default();
    let position = last.saturating_add(1);
    let proposal = Proposal { nominee: &input.nominee, award, position, path: "input.nominee" };
    let part = nominee_row(&tx, &row, proposal)?;
    let part = tx.add::<nominee::Entity>(part.into_active_model().reset_all()).await?;
    touch(&tx, &row).await?;
    tx.answer(Nominee::from(part)).await
}

pub(super) async fn update_nominee(gate: &Gate, input: NomineeUpdateInput) -> Result<Nominee> {
    let id = input_id::<Nominee>(&input.id, "input.id")?;
    let award_id = input::given(input.award_type_id.clone(), "input.awardTypeId")?;
    let award = match &award_id {
        Some(award) => award_row(gate, award).await?,
        None if input.counting_from.is_undefined() => None,
        None => title_of(gate, id).await?,
    };
    let tx = gate.begin(Act::NomineeUpdate).await?;
    let part = tx.lock_version::<nominee::Entity>(id, input.expected_version).await?;
    let row = tx.lock::<submission::Entity>(part.submission_id).await?;
    editable(&tx, &row).await?;
    let mut changed = part.clone().into_active_model();
    let from = match input.counting_from {
        MaybeUndefined::Undefined => part.counting_from,
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(from) => Some(from),
    };
    if award_id.is_some() {
        let place = (gate.today(), "input.awardTypeId");
        changed.award_type_id =
            Set(fits(award.clone(), part.kind, row.commendation_type, place)?.id);
    }
    if let Some(award) = &award {
        let from = span::counting_from(from, (&row, award), "input.countingFrom")?;
        changed.counting_from = Set(from);
    }
    amend(&tx, &part, &mut changed, input).await?;
    let part = tx.save::<nominee::Entity>(&part, changed).await?;
    touch(&tx, &row).await?;
    tx.answer(Nominee::from(part)).await
}

/// The title for which a nominee is proposed; read before the transaction, as above.
async fn title_of(gate: &Gate, id: Uuid) -> Result<Option<Arc<award_type::Model>>> {
    let part = gate.rows::<nominee::Entity>(Act::SubmissionRead)?.one(id).await?;
    let Some(part) = part else { return Ok(None) };
    gate.look_up::<award_type::Entity>(part.award_type_id).await
}

/// The nominee with what the input changes of what stands by itself.
async fn amend(
    tx: &Tx,
    part: &nominee::Model,
    changed: &mut nominee::ActiveModel,
    input: NomineeUpdateInput,
) -> Result<()> {
    if let Some(name) = input::given(input.name, "input.name")? {
        let name = input::text(&name, "input.name", input::NAME)?;
        changed.name_search = Set(search_form(&name));
        changed.name = Set(name);
    }
    if !input.post.is_undefined() {
        let post = input.post.take();
        changed.post = Set(input::optional_text(post.as_deref(), "input.post", input::NAME)?);
    }
    if !input.achievement.is_undefined() {
        let text = input.achievement.take();
        let text = input::optional_text(text.as_deref(), "input.achievement", input::TEXT)?;
        changed.achievement = Set(text);
    }
    if !input.achieved_on.is_undefined() {
        let day = input.achieved_on.take().map(|day| past(tx, day, "input.achievedOn"));
        changed.achieved_on = Set(day.transpose()?);
    }
    if !input.field.is_undefined() {
        let field = input.field.take();
        changed.field = Set(input::optional_text(field.as_deref(), "input.field", input::CODE)?);
    }
    if !input.subject_id.is_undefined() {
        changed.subject_id = Set(subject_of(tx, part, input.subject_id.take()).await?);
    }
    Ok(())
}

/// The subject that a nominee is said to be.
async fn subject_of(tx: &Tx, part: &nominee::Model, id: Option<ID>) -> Result<Option<Uuid>> {
    let path = "input.subjectId";
    let Some(id) = id else { return Ok(None) };
    let id = input_id::<Subject>(&id, path)?;
    let row = tx.one::<subject::Entity>(Act::SubjectRead, id).await.map_err(|e| e.at(path))?;
    same_kind(&row, part.kind, path)?;
    Ok(Some(row.id))
}

pub(super) async fn remove_nominee(gate: &Gate, input: NomineeRemoveInput) -> Result<Submission> {
    let id = input_id::<Nominee>(&input.id, "input.id")?;
    let tx = gate.begin(Act::NomineeRemove).await?;
    let part = tx.lock_version::<nominee::Entity>(id, input.expected_version).await?;
    let row = tx.lock::<submission::Entity>(part.submission_id).await?;
    editable(&tx, &row).await?;
    on_no_agenda(&tx, &part).await?;
    tx.remove::<nominee::Entity>(&part).await?;
    let row = touch(&tx, &row).await?;
    tx.answer(Submission::from(row)).await
}

/// Who was put before a council stays on the list: what was voted on is on record.
async fn on_no_agenda(tx: &Tx, part: &nominee::Model) -> Result<()> {
    let of_it = Condition::all().add(candidate::Column::NomineeId.eq(part.id));
    if tx.all_of::<candidate::Entity>(part.tenant_id, of_it).await?.is_empty() {
        return Ok(());
    }
    Err(Fault::at(Code::WrongState, "input.id").with("state", "ON_AGENDA").into())
}

pub(super) async fn add_document(gate: &Gate, input: DocumentAddInput) -> Result<Document> {
    let id = input_id::<Submission>(&input.submission_id, "input.submissionId")?;
    let tx = gate.begin(Act::DocumentAdd).await?;
    let row = tx.lock::<submission::Entity>(id).await.map_err(|e| e.at("input.submissionId"))?;
    editable(&tx, &row).await?;
    let of_it = Condition::all().add(submission_document::Column::SubmissionId.eq(row.id));
    let others = tx.all::<submission_document::Entity>(Act::SubmissionRead, of_it).await?;
    few(others.len().saturating_add(1), DOCUMENTS, "input.document")?;
    let part = document_row(&tx, &row, &input.document, "input.document")?;
    let part = part.into_active_model().reset_all();
    let part = tx.add::<submission_document::Entity>(part).await?;
    touch(&tx, &row).await?;
    tx.answer(Document::from(part)).await
}

pub(super) async fn remove_document(gate: &Gate, input: DocumentRemoveInput) -> Result<Submission> {
    let id = input_id::<Document>(&input.id, "input.id")?;
    let tx = gate.begin(Act::DocumentRemove).await?;
    let part = tx.lock::<submission_document::Entity>(id).await?;
    let row = tx.lock::<submission::Entity>(part.submission_id).await?;
    editable(&tx, &row).await?;
    tx.remove::<submission_document::Entity>(&part).await?;
    let row = touch(&tx, &row).await?;
    tx.answer(Submission::from(row)).await
}
