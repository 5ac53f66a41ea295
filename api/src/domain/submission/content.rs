//! Writes of what a submission holds: its own fields, nominees, documents.
//! No step of the workflow enters here.

use async_graphql::{ID, InputObject, MaybeUndefined};
use chrono::NaiveDate;
use entity::nominee::{self, SubjectKind};
use entity::submission::{self, CommendationType, State};
use entity::{award_type, submission_document, unit};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, IntoActiveModel};

use super::children::{Document, Nominee};
use super::rules::{self, Action};
use super::{Submission, mutation, require_in_force};
use crate::access::{Act, Gate, Tx};
use crate::domain::award::{self, AwardType};
use crate::domain::input;
use crate::domain::unit::Unit;
use crate::error::{Code, Error, Fault, Result};
use crate::filter::{input_id, row_id};
use crate::scalar::Date;
use crate::text::search_form;

/// Most nominees of one submission.
const NOMINEES: usize = 500;
/// Most documents of one submission.
const DOCUMENTS: usize = 100;

/// A nominee to propose.
#[derive(InputObject)]
pub(crate) struct NomineeInput {
    /// A person, a collective or a household.
    kind: SubjectKind,
    /// Name, at most 300 characters.
    name: String,
    /// Post or address.
    post: Option<String>,
    /// The title or form proposed; it must be in force and fit the kind and the type of commendation.
    award_type_id: ID,
    /// Summary of the achievements, at most 4,000 characters.
    achievement: Option<String>,
}

/// A document to add.
#[derive(InputObject)]
pub(crate) struct DocumentInput {
    /// What it is, such as "Tờ trình".
    title: String,
    /// Name of the file.
    file_name: String,
    /// Media type, such as `application/pdf`.
    media_type: String,
    /// Size of the content in bytes, as text.
    size_bytes: String,
    /// SHA-256 of the content, 64 hexadecimal digits.
    sha256: String,
}

/// Input of `submissionCreate`.
#[derive(InputObject)]
pub(crate) struct SubmissionCreateInput {
    /// The unit that submits; in force today.
    unit_id: ID,
    /// Title, at most 300 characters.
    title: String,
    /// Year of the achievements.
    year: i32,
    /// First day of the counting period, where it is not the calendar year.
    period_from: Option<Date>,
    /// Last day of the counting period, where it is not the calendar year.
    period_to: Option<Date>,
    /// Type of commendation; by merit when absent.
    #[graphql(default_with = "CommendationType::Merit")]
    commendation_type: CommendationType,
    /// Remark to the council office.
    note: Option<String>,
    /// The first nominees, at most 500.
    #[graphql(default)]
    nominees: Vec<NomineeInput>,
    /// The first documents, at most 100.
    #[graphql(default)]
    documents: Vec<DocumentInput>,
}

/// Input of `submissionUpdate`.
#[derive(InputObject)]
pub(crate) struct SubmissionUpdateInput {
    /// The submission.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// New title.
    #[graphql(default)]
    title: MaybeUndefined<String>,
    /// New year.
    #[graphql(default)]
    year: MaybeUndefined<i32>,
    /// New first day of the counting period; null clears it.
    #[graphql(default)]
    period_from: MaybeUndefined<Date>,
    /// New last day of the counting period; null clears it.
    #[graphql(default)]
    period_to: MaybeUndefined<Date>,
    /// New remark; null clears it.
    #[graphql(default)]
    note: MaybeUndefined<String>,
}

/// Input of `nomineeAdd`.
#[derive(InputObject)]
pub(crate) struct NomineeAddInput {
    /// The submission.
    submission_id: ID,
    /// The nominee.
    nominee: NomineeInput,
}

/// Input of `nomineeUpdate`.
#[derive(InputObject)]
pub(crate) struct NomineeUpdateInput {
    /// The nominee.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// New name.
    #[graphql(default)]
    name: MaybeUndefined<String>,
    /// New post; null clears it.
    #[graphql(default)]
    post: MaybeUndefined<String>,
    /// New title or form.
    #[graphql(default)]
    award_type_id: MaybeUndefined<ID>,
    /// New summary; null clears it.
    #[graphql(default)]
    achievement: MaybeUndefined<String>,
}

/// Input of `nomineeRemove`.
#[derive(InputObject)]
pub(crate) struct NomineeRemoveInput {
    /// The nominee.
    id: ID,
    /// Version the caller read.
    expected_version: i32,
}

/// Input of `documentAdd`.
#[derive(InputObject)]
pub(crate) struct DocumentAddInput {
    /// The submission.
    submission_id: ID,
    /// The document.
    document: DocumentInput,
}

/// Input of `documentRemove`.
#[derive(InputObject)]
pub(crate) struct DocumentRemoveInput {
    /// The document.
    id: ID,
}

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
        applicable(gate, &input.nominees, (input.commendation_type, "input.nominees")).await?;
    let tx = gate.begin(Act::SubmissionCreate).await?;
    let unit = tx.lock::<unit::Entity>(unit_id).await.map_err(|e| e.at("input.unitId"))?;
    require_in_force(&unit, gate.today())?;
    let row = submission::ActiveModel {
        tenant_id: Set(unit.tenant_id),
        id: Set(gate.new_id()),
        unit_id: Set(unit.id),
        number: Set(next_number(&tx, &unit, year).await?),
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
        version: Set(1),
    };
    let row = tx.add::<submission::Entity>(row).await?;
    for (index, (nominee, award)) in input.nominees.iter().zip(awards).enumerate() {
        let position = i32::try_from(index).unwrap_or(i32::MAX).saturating_add(1);
        let path = format!("input.nominees.{index}");
        let part = nominee_row(&tx, &row, Proposal { nominee, award, position, path: &path })?;
        tx.add::<nominee::Entity>(part).await?;
    }
    for (index, document) in input.documents.iter().enumerate() {
        let part = document_row(&tx, &row, document, &format!("input.documents.{index}"))?;
        tx.add::<submission_document::Entity>(part).await?;
    }
    tx.commit(Submission::from(row)).await
}

async fn next_number(tx: &Tx, unit: &unit::Model, year: i32) -> Result<i32> {
    tx.stand_in_line("submission.number", unit.tenant_id).await?;
    let of_year = Condition::all().add(submission::Column::Year.eq(year));
    let last =
        tx.greatest::<submission::Entity>(unit.tenant_id, submission::Column::Number, of_year);
    Ok(last.await?.saturating_add(1))
}

fn few(count: usize, most: usize, path: &str) -> Result<()> {
    if count <= most {
        return Ok(());
    }
    Err(Fault::at(Code::OutOfRange, path).with("min", 0).with("max", most).into())
}

/// The award types of nominees, in their order; each must fit its nominee today.
async fn applicable(
    gate: &Gate,
    nominees: &[NomineeInput],
    (commendation, path): (CommendationType, &str),
) -> Result<Vec<award_type::Model>> {
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
    award: Option<award_type::Model>,
    kind: SubjectKind,
    commendation: CommendationType,
    (day, path): (NaiveDate, &str),
) -> Result<award_type::Model> {
    let award = award.ok_or_else(|| Error::not_found().at(path))?;
    if award::is_applicable(&award, kind, commendation, day) {
        return Ok(award);
    }
    Err(Fault::at(Code::AwardNotApplicable, path).into())
}

struct Proposal<'a> {
    nominee: &'a NomineeInput,
    award: award_type::Model,
    position: i32,
    path: &'a str,
}

fn nominee_row(
    tx: &Tx,
    of: &submission::Model,
    proposal: Proposal<'_>,
) -> Result<nominee::ActiveModel> {
    let Proposal { nominee, award, position, path } = proposal;
    let post = input::optional_text(nominee.post.as_deref(), &format!("{path}.post"), input::NAME)?;
    let achievement = nominee.achievement.as_deref();
    let achievement =
        input::optional_text(achievement, &format!("{path}.achievement"), input::TEXT)?;
    Ok(nominee::ActiveModel {
        tenant_id: Set(of.tenant_id),
        id: Set(tx.gate().new_id()),
        submission_id: Set(of.id),
        unit_id: Set(of.unit_id),
        position: Set(position),
        kind: Set(nominee.kind),
        name: Set(input::text(&nominee.name, &format!("{path}.name"), input::NAME)?),
        post: Set(post),
        award_type_id: Set(award.id),
        achievement: Set(achievement),
        version: Set(1),
    })
}

fn document_row(
    tx: &Tx,
    of: &submission::Model,
    document: &DocumentInput,
    path: &str,
) -> Result<submission_document::ActiveModel> {
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
    Ok(submission_document::ActiveModel {
        tenant_id: Set(of.tenant_id),
        id: Set(tx.gate().new_id()),
        submission_id: Set(of.id),
        unit_id: Set(of.unit_id),
        title: Set(input::text(&document.title, &format!("{path}.title"), input::NAME)?),
        file_name: Set(input::text(&document.file_name, &format!("{path}.fileName"), input::NAME)?),
        media_type: Set(input::text(
            &document.media_type,
            &format!("{path}.mediaType"),
            input::NAME,
        )?),
        size_bytes: Set(size),
        sha256: Set(sha256),
        added_by: Set(tx.gate().actor()?.user),
        added_at: Set(tx.gate().now()),
    })
}

pub(super) async fn update(gate: &Gate, input: SubmissionUpdateInput) -> Result<Submission> {
    let id = input_id::<Submission>(&input.id, "input.id")?;
    let tx = gate.begin(Act::SubmissionUpdate).await?;
    let row = tx.lock_version::<submission::Entity>(id, input.expected_version).await?;
    editable(&tx, &row).await?;
    let mut changed = row.clone().into_active_model();
    match input.title {
        MaybeUndefined::Value(title) => {
            let title = input::text(&title, "input.title", input::NAME)?;
            changed.title_search = Set(search_form(&title));
            changed.title = Set(title);
        }
        MaybeUndefined::Null => return Err(Fault::at(Code::Required, "input.title").into()),
        MaybeUndefined::Undefined => {}
    }
    match input.year {
        MaybeUndefined::Value(year) if year != row.year => {
            let unit = tx.one::<unit::Entity>(Act::SubmissionUpdate, row.unit_id).await?;
            let year = input::year(year, "input.year")?;
            changed.number = Set(next_number(&tx, &unit, year).await?);
            changed.year = Set(year);
        }
        MaybeUndefined::Null => return Err(Fault::at(Code::Required, "input.year").into()),
        MaybeUndefined::Value(_) | MaybeUndefined::Undefined => {}
    }
    if !input.period_from.is_undefined() {
        changed.period_from = Set(input.period_from.take().map(|day| day.0));
    }
    if !input.period_to.is_undefined() {
        changed.period_to = Set(input.period_to.take().map(|day| day.0));
    }
    input::period(*changed.period_from.as_ref(), *changed.period_to.as_ref(), "input.periodTo")?;
    if !input.note.is_undefined() {
        let note = input.note.take();
        changed.note = Set(input::optional_text(note.as_deref(), "input.note", input::TEXT)?);
    }
    let row = tx.save::<submission::Entity>(&row, changed).await?;
    tx.commit(Submission::from(row)).await
}

async fn editable(tx: &Tx, row: &submission::Model) -> Result<()> {
    let edge = rules::edge(Action::Update).ok_or_else(|| Error::broken("no edge to update"))?;
    mutation::check(tx, edge, row).await
}

/// Counts the version of a submission up, because one of its parts changes.
async fn touch(tx: &Tx, row: &submission::Model) -> Result<submission::Model> {
    tx.save::<submission::Entity>(row, row.clone().into_active_model()).await
}

/// The award type behind an id; read before the transaction, which must not wait for a second connection.
async fn award_row(gate: &Gate, id: &ID) -> Result<Option<award_type::Model>> {
    gate.look_up::<award_type::Entity>(row_id::<AwardType>(id).unwrap_or_default()).await
}

pub(super) async fn add_nominee(gate: &Gate, input: NomineeAddInput) -> Result<Nominee> {
    let id = input_id::<Submission>(&input.submission_id, "input.submissionId")?;
    let award = award_row(gate, &input.nominee.award_type_id).await?;
    let tx = gate.begin(Act::NomineeAdd).await?;
    let row = tx.lock::<submission::Entity>(id).await.map_err(|e| e.at("input.submissionId"))?;
    editable(&tx, &row).await?;
    let place = (gate.today(), "input.nominee.awardTypeId");
    let award = fits(award, input.nominee.kind, row.commendation_type, place)?;
    let of_it = Condition::all().add(nominee::Column::SubmissionId.eq(row.id));
    let others = tx.all::<nominee::Entity>(Act::SubmissionRead, of_it).await?;
    few(others.len().saturating_add(1), NOMINEES, "input.nominee")?;
    let last = others.iter().map(|other| other.position).max().unwrap_or_default();
    let position = last.saturating_add(1);
    let proposal = Proposal { nominee: &input.nominee, award, position, path: "input.nominee" };
    let part = nominee_row(&tx, &row, proposal)?;
    let part = tx.add::<nominee::Entity>(part).await?;
    touch(&tx, &row).await?;
    tx.commit(Nominee::from(part)).await
}

pub(super) async fn update_nominee(gate: &Gate, input: NomineeUpdateInput) -> Result<Nominee> {
    let id = input_id::<Nominee>(&input.id, "input.id")?;
    let award = match &input.award_type_id {
        MaybeUndefined::Value(award) => award_row(gate, award).await?,
        MaybeUndefined::Null => return Err(Fault::at(Code::Required, "input.awardTypeId").into()),
        MaybeUndefined::Undefined => None,
    };
    let tx = gate.begin(Act::NomineeUpdate).await?;
    let part = tx.lock_version::<nominee::Entity>(id, input.expected_version).await?;
    let row = tx.lock::<submission::Entity>(part.submission_id).await?;
    editable(&tx, &row).await?;
    let mut changed = part.clone().into_active_model();
    match input.name {
        MaybeUndefined::Value(name) => {
            changed.name = Set(input::text(&name, "input.name", input::NAME)?);
        }
        MaybeUndefined::Null => return Err(Fault::at(Code::Required, "input.name").into()),
        MaybeUndefined::Undefined => {}
    }
    if !input.post.is_undefined() {
        let post = input.post.take();
        changed.post = Set(input::optional_text(post.as_deref(), "input.post", input::NAME)?);
    }
    if !input.achievement.is_undefined() {
        let text = input.achievement.take();
        changed.achievement =
            Set(input::optional_text(text.as_deref(), "input.achievement", input::TEXT)?);
    }
    if input.award_type_id.is_value() {
        let place = (gate.today(), "input.awardTypeId");
        changed.award_type_id = Set(fits(award, part.kind, row.commendation_type, place)?.id);
    }
    let part = tx.save::<nominee::Entity>(&part, changed).await?;
    touch(&tx, &row).await?;
    tx.commit(Nominee::from(part)).await
}

pub(super) async fn remove_nominee(gate: &Gate, input: NomineeRemoveInput) -> Result<Submission> {
    let id = input_id::<Nominee>(&input.id, "input.id")?;
    let tx = gate.begin(Act::NomineeRemove).await?;
    let part = tx.lock_version::<nominee::Entity>(id, input.expected_version).await?;
    let row = tx.lock::<submission::Entity>(part.submission_id).await?;
    editable(&tx, &row).await?;
    tx.remove::<nominee::Entity>(&part).await?;
    let row = touch(&tx, &row).await?;
    tx.commit(Submission::from(row)).await
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
    let part = tx.add::<submission_document::Entity>(part).await?;
    touch(&tx, &row).await?;
    tx.commit(Document::from(part)).await
}

pub(super) async fn remove_document(gate: &Gate, input: DocumentRemoveInput) -> Result<Submission> {
    let id = input_id::<Document>(&input.id, "input.id")?;
    let tx = gate.begin(Act::DocumentRemove).await?;
    let part = tx.lock::<submission_document::Entity>(id).await?;
    let row = tx.lock::<submission::Entity>(part.submission_id).await?;
    editable(&tx, &row).await?;
    tx.remove::<submission_document::Entity>(&part).await?;
    let row = touch(&tx, &row).await?;
    tx.commit(Submission::from(row)).await
}
