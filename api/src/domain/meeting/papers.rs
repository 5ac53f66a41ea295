//! What is added to a session beside its agenda: papers, and candidates moved to a lower title.
//! No vote enters here.

use std::collections::HashSet;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};
use entity::ballot_result::Outcome;
use entity::{
    agenda_item, award_type, candidate, council, council_session, nominee, session_paper,
};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::plan::still;
use super::{AgendaItem, Candidate, CouncilSession, SessionPaper};
use crate::access::{Act, Gate, Tx};
use crate::domain::award::{AwardType, decided_apart, said};
use crate::domain::ballot::{Said, Votes, votes};
use crate::domain::{Ask, input, keyed, payload_under};
use crate::error::{Code, Error, Fault, Result};
use crate::filter::input_id;
use crate::payload;
use crate::reference;

/// Input of `sessionPaperAdd`.
#[derive(InputObject)]
pub(crate) struct SessionPaperAddInput {
    /// The session.
    session_id: ID,
    /// The item it belongs to; absent for the whole session.
    item_id: Option<ID>,
    /// Title, at most 300 characters.
    title: String,
    /// Name of the file, without folders; at most 300 characters.
    file_name: String,
    /// Media type of the file, at most 300 characters.
    media_type: String,
    /// Size of the file in bytes, a whole number in text, 0 or more.
    size_bytes: String,
    /// SHA-256 of the file, in hexadecimal digits.
    sha256: String,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `candidateDowngrade`.
#[derive(InputObject)]
pub(crate) struct CandidateDowngradeInput {
    /// The candidate who did not pass, for want of votes or of a place.
    id: ID,
    /// The lower title or form of the same kind for which a new ballot can be opened; one authority must be able to decide
    /// on it and on what others of the list have passed for or may still pass for (`DECIDERS_DIFFER`).
    award_type_id: ID,
    /// Why, at most 4,000 characters.
    reason: String,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(SessionPaperAddPayload, paper: SessionPaper, "paper added");
payload_under!(
    CandidateDowngradePayload, candidate: Candidate, "candidate for the lower title",
    item: AgendaItem, "item as it is now"
);

/// What is added to a session beside its agenda.
#[derive(Default)]
pub struct SessionPaperMutation;

/// What is added to a session beside its agenda.
#[Object]
impl SessionPaperMutation {
    /// Adds a paper to a session that is not closed: what is known of a file. Roles: those of `sessionPlan`.
    async fn session_paper_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The paper to add.")] input: SessionPaperAddInput,
    ) -> async_graphql::Result<SessionPaperAddPayload> {
        keyed!(ctx, input => SessionPaperAddPayload: paper_add)
    }

    /// Puts a candidate who did not pass on the same item again, for a lower title; the ballot that failed
    /// stays. Roles: chair, council secretary.
    async fn candidate_downgrade(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and for which title.")] input: CandidateDowngradeInput,
    ) -> async_graphql::Result<CandidateDowngradePayload> {
        keyed!(ctx, input => CandidateDowngradePayload: downgrade)
    }
}

async fn paper_add(gate: &Gate, input: SessionPaperAddInput) -> Result<SessionPaper> {
    let session = input_id::<CouncilSession>(&input.session_id, "input.sessionId")?;
    let sha256 = input.sha256.trim().to_lowercase();
    if sha256.len() != 64 || !sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let fault = Fault::at(Code::InvalidFormat, "input.sha256");
        return Err(fault.with("expected", "64 hexadecimal digits").into());
    }
    let size: Option<i64> = input.size_bytes.trim().parse().ok().filter(|size| *size >= 0);
    let size = size.ok_or_else(|| {
        Fault::at(Code::InvalidFormat, "input.sizeBytes").with("expected", "0, 1, 2, …")
    })?;
    let tx = gate.begin(Act::SessionPaperAdd).await?;
    let session = still(&tx, session).await?;
    let item_id = match &input.item_id {
        Some(id) => Some(item_of(&tx, &session, id).await?),
        None => None,
    };
    let row = session_paper::ActiveModel {
        tenant_id: Set(session.tenant_id),
        id: Set(gate.new_id()),
        council_id: Set(session.council_id),
        session_id: Set(session.id),
        item_id: Set(item_id),
        title: Set(input::text(&input.title, "input.title", input::NAME)?),
        file_name: Set(file_name(&input.file_name)?),
        media_type: Set(input::text(&input.media_type, "input.mediaType", input::NAME)?),
        size_bytes: Set(size),
        sha256: Set(sha256),
        added_by: Set(gate.actor()?.user),
        added_at: Set(gate.now()),
    };
    let row = tx.add::<session_paper::Entity>(row).await?;
    tx.answer(SessionPaper::from(row)).await
}

/// The name under which a file is kept elsewhere: it leads out of no folder there.
fn file_name(value: &str) -> Result<String> {
    let path = "input.fileName";
    let name = input::text(value, path, input::NAME)?;
    let is_odd = |sign: char| matches!(sign, '/' | '\\') || sign.is_control();
    if name.contains(is_odd) || name == "." || name == ".." {
        let expected = "a file name without folders";
        return Err(Fault::at(Code::InvalidFormat, path).with("expected", expected).into());
    }
    Ok(name)
}

async fn item_of(tx: &Tx, session: &council_session::Model, id: &ID) -> Result<Uuid> {
    let path = "input.itemId";
    let id = input_id::<AgendaItem>(id, path)?;
    let item = tx.one::<agenda_item::Entity>(Act::CouncilSessionRead, id).await;
    let item = item.map_err(|e| e.at(path))?;
    if item.session_id == session.id { Ok(item.id) } else { Err(Error::not_found().at(path)) }
}

async fn downgrade(gate: &Gate, input: CandidateDowngradeInput) -> Result<Candidate> {
    let id = input_id::<Candidate>(&input.id, "input.id")?;
    let award = input_id::<AwardType>(&input.award_type_id, "input.awardTypeId")?;
    let reason = input::reason(&input.reason)?;
    let tx = gate.begin_because(Act::CandidateDowngrade, Some(reason.clone())).await?;
    let before = tx.one::<candidate::Entity>(Act::CouncilSessionRead, id).await?;
    let item = tx.one::<agenda_item::Entity>(Act::CouncilSessionRead, before.item_id).await?;
    still(&tx, item.session_id).await?;
    if before.proposal_id.is_some() {
        let fault = Fault::at(Code::InvalidCombination, "input.id");
        return Err(fault.with("detail", "initiative, awardTypeId").into());
    }
    failed(&tx, &before).await?;
    let award = lower(&tx, &before, award).await?;
    let of_item = Condition::all().add(candidate::Column::ItemId.eq(item.id));
    let column = candidate::Column::Position;
    let last = tx.greatest::<candidate::Entity>(item.tenant_id, column, of_item).await?;
    let row = candidate::ActiveModel {
        tenant_id: Set(item.tenant_id),
        id: Set(gate.new_id()),
        council_id: Set(item.council_id),
        item_id: Set(item.id),
        position: Set(last + 1),
        nominee_id: Set(before.nominee_id),
        unit_id: Set(before.unit_id),
        author_id: Set(before.author_id),
        name: Set(before.name.clone()),
        identity: Set(before.identity.clone()),
        award_type_id: Set(Some(award.id)),
        award_code: Set(Some(award.code.clone())),
        downgraded_from: Set(Some(before.id)),
        reason: Set(Some(reason)),
        proposal_id: Set(None),
    };
    let row = tx.add::<candidate::Entity>(row).await.map_err(|e| e.at("input.awardTypeId"))?;
    tx.answer(Candidate::from(row)).await
}

/// The lower title, where what is left of the list is still decided by one authority.
async fn lower(tx: &Tx, before: &candidate::Model, award: Uuid) -> Result<Arc<award_type::Model>> {
    let (gate, path) = (tx.gate(), "input.awardTypeId");
    let award = gate.look_up::<award_type::Entity>(award).await?;
    let award = award.ok_or_else(|| Error::not_found().at(path))?;
    let higher = before.award_code.as_deref().unwrap_or_default();
    if !reference::is_lower(&award.code, higher) {
        let detail = format!("{higher} / {}", award.code);
        return Err(Fault::at(Code::InvalidCombination, path).with("detail", detail).into());
    }
    let others = left_to_others(tx, before).await?;
    let others = gate.shared::<award_type::Entity>(others).await?;
    if decided_apart(others.values().map(|other| &**other).chain([&*award])).is_some() {
        return Err(Fault::at(Code::DecidersDiffer, path).about(said(&award)).into());
    }
    Ok(award)
}

/// Titles and forms for which others of the same submission have passed or may still pass.
async fn left_to_others(tx: &Tx, before: &candidate::Model) -> Result<HashSet<Uuid>> {
    let tenant = before.tenant_id;
    let Some(id) = before.nominee_id else { return Ok(HashSet::new()) };
    let itself = Condition::all().add(nominee::Column::Id.eq(id));
    let itself = tx.all_of::<nominee::Entity>(tenant, itself).await?.pop();
    let Some(itself) = itself else { return Ok(HashSet::new()) };
    let others = Condition::all()
        .add(nominee::Column::SubmissionId.eq(itself.submission_id))
        .add(nominee::Column::Id.ne(itself.id));
    let others = tx.all_of::<nominee::Entity>(tenant, others).await?;
    let rows = candidate::Column::NomineeId.is_in(others.iter().map(|row| row.id));
    let mut rows = tx.all_of::<candidate::Entity>(tenant, Condition::all().add(rows)).await?;
    // Ids rise with time: the title of the last council counts.
    rows.sort_by_key(|row| row.id);
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut said = votes(tx, &ids).await?.said;
    let sat = council::Column::Id.is_in(said.iter().map(|one| one.council));
    let councils = tx.all_of::<council::Entity>(tenant, Condition::all().add(sat)).await?;
    said.retain(|one| one.counts(&councils));
    Ok(others.iter().filter_map(|row| left_to(row, &rows, &said)).collect())
}

/// The title or form that a nominee may still get; none once no round is left that could pass him.
fn left_to(nominee: &nominee::Model, rows: &[candidate::Model], said: &[Said]) -> Option<Uuid> {
    let own: Vec<&candidate::Model> =
        rows.iter().filter(|row| row.nominee_id == Some(nominee.id)).collect();
    let Some(last) = own.last() else { return Some(nominee.award_type_id) };
    let is_of_title = |one: &&Said| {
        own.iter().any(|row| row.id == one.candidate && row.award_type_id == last.award_type_id)
    };
    let verdict = said.iter().rev().find(is_of_title);
    let is_open = verdict.is_none_or(|one| match one.outcome {
        Outcome::Passed | Outcome::Tied => true,
        Outcome::Failed | Outcome::OverQuota => one.has_a_round_left(),
    });
    last.award_type_id.filter(|_| is_open)
}

/// Only who has not passed in a closed ballot, for want of votes or of a place, and in none before, is moved to a lower
/// title; between equals the chair decides first.
async fn failed(tx: &Tx, row: &candidate::Model) -> Result<()> {
    let own = Condition::all().add(candidate::Column::NomineeId.eq(row.nominee_id));
    let own = tx.all_of::<candidate::Entity>(row.tenant_id, own).await?;
    let is_of_title =
        |id: &Uuid| own.iter().any(|it| it.id == *id && it.award_type_id == row.award_type_id);
    // A second one would stand for what the council has said of the first.
    if own.iter().filter_map(|it| it.downgraded_from.as_ref()).any(is_of_title) {
        let fault = Fault::at(Code::AlreadyExists, "input.id").with("case", "DOWNGRADED");
        return Err(fault.with("nominee", &row.name).into());
    }
    let Votes { open, said, .. } = votes(tx, &[row.id]).await?;
    let has_failed = |one: &Said| matches!(one.outcome, Outcome::Failed | Outcome::OverQuota);
    let has_passed = |one: &Said| one.outcome == Outcome::Passed;
    if open.is_empty() && said.last().is_some_and(has_failed) && !said.iter().any(has_passed) {
        return Ok(());
    }
    Err(Fault::at(Code::WrongState, "input.id").with("state", "NOT_FAILED").into())
}
