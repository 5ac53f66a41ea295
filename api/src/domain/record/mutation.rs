//! Writes of records.
//! Nothing is removed here: what was known stays known.

use async_graphql::{Context, Object};
use chrono::{Datelike, NaiveDate};
use entity::discipline::Stage;
use entity::nominee::SubjectKind;
use entity::{clearance, discipline, subject, year_record};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel};

use super::inputs::{
    ClearanceAnswerInput, ClearanceAskInput, DisciplineCloseInput, DisciplineRecordInput,
    InitiativeRecogniseInput, InitiativeUseCancelInput, InitiativeUseInput, YearRecordRecordInput,
};
use super::{Clearance, Discipline, Initiative, YearRecord, initiative};
use crate::access::{Act, Gate, Tx};
use crate::domain::award;
use crate::domain::subject::Subject;
use crate::domain::{Ask, input};
use crate::error::{Code, Error, Fault, Result};
use crate::filter::input_id;
use crate::payload;
use crate::reference;
use crate::scalar::Date;

payload!(YearRecordRecordPayload, year_record: YearRecord, "record of the year as it is now");
payload!(DisciplineRecordPayload, discipline: Discipline, "case recorded");
payload!(DisciplineClosePayload, discipline: Discipline, "case as it is now");
payload!(InitiativeRecognisePayload, initiative: Initiative, "initiative recognised");
payload!(InitiativeUsePayload, initiative: Initiative, "initiative as it is now");
payload!(InitiativeUseCancelPayload, initiative: Initiative, "initiative as it is now");
payload!(ClearanceAskPayload, clearance: Clearance, "opinion asked for");
payload!(ClearanceAnswerPayload, clearance: Clearance, "opinion as it is now");

/// Changes of records.
#[derive(Default)]
pub struct RecordMutation;

/// One mutation: the gate of the request, once where a key was given, and the payload of what came of it.
macro_rules! done {
    ($payload:ty, $ctx:ident, $input:ident, $work:path) => {{
        let key = $input.idempotency_key.clone();
        <$payload>::of(
            async {
                let gate = $ctx.once(key.as_deref())?;
                gate.answer(Box::pin($work(&gate, $input))).await
            }
            .await,
        )
    }};
}

/// Changes of records.
#[Object]
impl RecordMutation {
    /// Records what a year says of a subject, in the place of what was recorded before. Roles: unit head, unit
    /// officer, standing officer.
    async fn year_record_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The record.")] input: YearRecordRecordInput,
    ) -> async_graphql::Result<YearRecordRecordPayload> {
        done!(YearRecordRecordPayload, ctx, input, record_year)
    }

    /// Records discipline, or a case that is being looked into and blocks a commendation until it is closed.
    /// Roles: unit head, standing officer.
    async fn discipline_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The case.")] input: DisciplineRecordInput,
    ) -> async_graphql::Result<DisciplineRecordPayload> {
        done!(DisciplineRecordPayload, ctx, input, record_discipline)
    }

    /// Closes a case, or says when discipline ended. Roles: unit head, standing officer.
    async fn discipline_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The case, and what came of it.")] input: DisciplineCloseInput,
    ) -> async_graphql::Result<DisciplineClosePayload> {
        done!(DisciplineClosePayload, ctx, input, close_discipline)
    }

    /// Records that an initiative was recognised elsewhere: before this system, or by a council that does not vote here.
    /// What a council votes on here is proposed (`initiativePropose`) and recognised by its vote
    /// (`initiativeProposalRecognise`). Roles: unit head, council secretary, standing officer.
    async fn initiative_recognise(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The initiative.")] input: InitiativeRecogniseInput,
    ) -> async_graphql::Result<InitiativeRecognisePayload> {
        done!(InitiativeRecognisePayload, ctx, input, initiative::recognise)
    }

    /// Uses an initiative as the standard for an award; it serves once. Refused for a title or form for which no rule of
    /// the law or of the tenant counts initiatives. Roles: standing officer, council secretary.
    async fn initiative_use(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The initiative, and what for.")] input: InitiativeUseInput,
    ) -> async_graphql::Result<InitiativeUsePayload> {
        done!(InitiativeUsePayload, ctx, input, initiative::use_once)
    }

    /// Frees an initiative that was marked as used by mistake, so that it may serve again. Refused while an award in the
    /// registry stands that it was used for: the one that rests on it, or one of an author with that title or form and that
    /// last year. Roles: standing officer, council secretary.
    async fn initiative_use_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The initiative, and why.")] input: InitiativeUseCancelInput,
    ) -> async_graphql::Result<InitiativeUseCancelPayload> {
        done!(InitiativeUseCancelPayload, ctx, input, initiative::free)
    }

    /// Asks for an opinion about a subject. Roles: standing officer, council secretary.
    async fn clearance_ask(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who is asked, and what.")] input: ClearanceAskInput,
    ) -> async_graphql::Result<ClearanceAskPayload> {
        done!(ClearanceAskPayload, ctx, input, ask)
    }

    /// Records the answer to an opinion that was asked for; once. Roles: standing officer, council secretary.
    async fn clearance_answer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answer.")] input: ClearanceAnswerInput,
    ) -> async_graphql::Result<ClearanceAnswerPayload> {
        done!(ClearanceAnswerPayload, ctx, input, answer)
    }
}

/// The subject a record is about, held until the end.
async fn subject(tx: &Tx, id: &async_graphql::ID) -> Result<subject::Model> {
    let path = "input.subjectId";
    let id = input_id::<Subject>(id, path)?;
    tx.lock::<subject::Entity>(id).await.map_err(|e| e.at(path))
}

async fn record_year(gate: &Gate, input: YearRecordRecordInput) -> Result<YearRecord> {
    use year_record::{Column, Entity};
    let year = input::year(input.year, "input.year")?;
    if input.completion_rating.is_some() && year > gate.today().year() {
        let fault = Fault::at(Code::OutOfRange, "input.year");
        return Err(fault.with("min", 1948).with("max", gate.today().year()).into());
    }
    let titles = titles(gate, &input.registered_titles).await?;
    fits_members(&input)?;
    let source = input::optional_text(input.source.as_deref(), "input.source", input::NAME)?;
    let tx = gate.begin(Act::YearRecordRecord).await?;
    let of = subject(&tx, &input.subject_id).await?;
    if of.kind == SubjectKind::Individual && input.members_total.is_some() {
        let fault = Fault::at(Code::InvalidCombination, "input.membersTotal");
        return Err(fault.with("detail", "membersTotal: not of an INDIVIDUAL").into());
    }
    let this = Condition::all().add(Column::SubjectId.eq(of.id)).add(Column::Year.eq(year));
    let known = tx.all_of::<Entity>(of.tenant_id, this).await?.into_iter().next();
    let version = known.as_ref().map_or(0, |row| row.version);
    if version != input.expected_version {
        return Err(Error::conflict(version));
    }
    let row = year_record::Model {
        tenant_id: of.tenant_id,
        id: known.as_ref().map_or_else(|| gate.new_id(), |row| row.id),
        subject_id: of.id,
        unit_id: of.unit_id,
        year,
        completion_rating: input.completion_rating,
        registered_titles: titles,
        cluster_rank: input.cluster_rank,
        cluster_scope: input.cluster_scope,
        members_total: input.members_total,
        members_completed: input.members_completed,
        members_advanced: input.members_advanced,
        members_base_fighter: input.members_base_fighter,
        members_disciplined: input.members_disciplined,
        source,
        version: 1,
    };
    let changed = row.into_active_model().reset_all();
    let row = match known {
        Some(before) => tx.save::<Entity>(&before, changed).await?,
        None => tx.add::<Entity>(changed).await?,
    };
    tx.answer(YearRecord::from(row)).await
}

async fn titles(gate: &Gate, codes: &[String]) -> Result<String> {
    if codes.len() > 20 {
        let fault = Fault::at(Code::OutOfRange, "input.registeredTitles");
        return Err(fault.with("case", "COUNT").with("min", 0).with("max", 20).into());
    }
    let is_of_law = |code: &String| reference::is_award(code.trim());
    let own = if codes.iter().all(is_of_law) { Vec::new() } else { award::own_codes(gate).await? };
    let code = |(index, code): (usize, &String)| -> Result<String> {
        let path = format!("input.registeredTitles.{index}");
        let code = input::text(code, &path, input::NAME)?;
        if is_of_law(&code) || own.contains(&code) {
            return Ok(code);
        }
        Err(Fault::at(Code::AwardUnknown, &path).with("name", code).into())
    };
    Ok(codes.iter().enumerate().map(code).collect::<Result<Vec<_>>>()?.join("|"))
}

/// Numbers of members that contradict each other are refused.
fn fits_members(input: &YearRecordRecordInput) -> Result<()> {
    let total = input.members_total;
    let parts = [
        ("membersTotal", total),
        ("membersCompleted", input.members_completed),
        ("membersAdvanced", input.members_advanced),
        ("membersBaseFighter", input.members_base_fighter),
        ("membersDisciplined", input.members_disciplined),
    ];
    for (name, part) in parts {
        let Some(part) = part else { continue };
        // The total itself has no other bound, however wrong it is.
        let most = total.filter(|_| name != "membersTotal").unwrap_or(i32::MAX);
        if part < 0 || part > most {
            let fault = Fault::at(Code::OutOfRange, &format!("input.{name}"));
            return Err(fault.with("min", 0).with("max", most).into());
        }
    }
    if input.cluster_rank.is_some() != input.cluster_scope.is_some() {
        let fault = Fault::at(Code::InvalidCombination, "input.clusterRank");
        return Err(fault.with("detail", "clusterRank, clusterScope").into());
    }
    if input.cluster_rank.is_some_and(|rank| rank < 1) {
        let fault = Fault::at(Code::OutOfRange, "input.clusterRank");
        return Err(fault.with("case", "LEAST").with("min", 1).into());
    }
    Ok(())
}

async fn record_discipline(gate: &Gate, input: DisciplineRecordInput) -> Result<Discipline> {
    fits_stage(input.stage, input.form.is_some())?;
    let (from, end) = days(Some(input.from_day), input.end_day)?;
    if input.stage == Stage::Imposed {
        input::past(input.from_day.0, gate.today(), "input.fromDay")?;
    }
    let decision = input::optional_text(input.decision.as_deref(), "input.decision", input::NAME)?;
    let note = input::optional_text(input.note.as_deref(), "input.note", input::TEXT)?;
    let tx = gate.begin(Act::DisciplineRecord).await?;
    let of = subject(&tx, &input.subject_id).await?;
    let row = discipline::Model {
        tenant_id: of.tenant_id,
        id: gate.new_id(),
        subject_id: of.id,
        unit_id: of.unit_id,
        stage: input.stage,
        form: input.form,
        from_day: from.unwrap_or_else(|| gate.today()),
        end_day: end,
        decision,
        note,
        version: 1,
    };
    let row = tx.add::<discipline::Entity>(row.into_active_model().reset_all()).await?;
    tx.answer(Discipline::from(row)).await
}

fn fits_stage(stage: Stage, has_form: bool) -> Result<()> {
    if (stage == Stage::Imposed) == has_form {
        return Ok(());
    }
    let fault = Fault::at(Code::InvalidCombination, "input.form");
    Err(fault.with("detail", "stage IMPOSED, form").into())
}

fn days(from: Option<Date>, end: Option<Date>) -> Result<(Option<NaiveDate>, Option<NaiveDate>)> {
    let from = from.map(|day| input::day(day, "input.fromDay")).transpose()?;
    let end = end.map(|day| input::day(day, "input.endDay")).transpose()?;
    input::period(from, end, "input.endDay")?;
    Ok((from, end))
}

async fn close_discipline(gate: &Gate, input: DisciplineCloseInput) -> Result<Discipline> {
    let id = input_id::<Discipline>(&input.id, "input.id")?;
    fits_stage(input.stage, input.form.is_some())?;
    let (_, end) = days(None, input.end_day)?;
    let decision = input::optional_text(input.decision.as_deref(), "input.decision", input::NAME)?;
    if input.stage == Stage::Pending {
        return Err(Fault::at(Code::WrongState, "input.stage").with("state", "PENDING").into());
    }
    if input.stage == Stage::Cleared && end.is_none() {
        return Err(Fault::at(Code::Required, "input.endDay").into());
    }
    let tx = gate.begin(Act::DisciplineClose).await?;
    let row = tx.lock_version::<discipline::Entity>(id, input.expected_version).await?;
    let is_open =
        row.stage == Stage::Pending || (row.stage == Stage::Imposed && row.end_day.is_none());
    if !is_open {
        return Err(Fault::at(Code::FinalState, "input.id").into());
    }
    input::period(Some(row.from_day), end, "input.endDay")?;
    let mut closed = row.clone();
    closed.stage = input.stage;
    closed.form = input.form;
    closed.end_day = end;
    closed.decision = decision.or(closed.decision);
    let closed = closed.into_active_model().reset_all();
    let row = tx.save::<discipline::Entity>(&row, closed).await?;
    tx.answer(Discipline::from(row)).await
}

async fn ask(gate: &Gate, input: ClearanceAskInput) -> Result<Clearance> {
    let year = input::year(input.year, "input.year")?;
    let question = input::optional_text(input.question.as_deref(), "input.question", input::TEXT)?;
    let asked = input.asked_on.map(|day| input::day(day, "input.askedOn")).transpose()?;
    let award = match input.award_type_code.as_deref() {
        Some(code) => Some(award_code(gate, code).await?),
        None => None,
    };
    let tx = gate.begin(Act::ClearanceAsk).await?;
    let of = subject(&tx, &input.subject_id).await?;
    let row = clearance::Model {
        tenant_id: of.tenant_id,
        id: gate.new_id(),
        subject_id: of.id,
        unit_id: of.unit_id,
        year,
        source: input.source,
        award_type_code: award,
        question,
        asked_on: asked.unwrap_or_else(|| gate.today()),
        answered_on: None,
        answered_by: None,
        finding: None,
        is_blocking: None,
        version: 1,
    };
    let row = tx.add::<clearance::Entity>(row.into_active_model().reset_all()).await?;
    tx.answer(Clearance::from(row)).await
}

/// The code of a title or form that the caller may name.
pub(super) async fn award_code(gate: &Gate, code: &str) -> Result<String> {
    let path = "input.awardTypeCode";
    let code = input::text(code, path, input::CODE)?;
    if award::is_known(gate, &code).await? {
        return Ok(code);
    }
    Err(Fault::at(Code::AwardUnknown, path).with("name", code).into())
}

async fn answer(gate: &Gate, input: ClearanceAnswerInput) -> Result<Clearance> {
    let id = input_id::<Clearance>(&input.id, "input.id")?;
    let by = input::text(&input.answered_by, "input.answeredBy", input::NAME)?;
    let finding = input::optional_text(input.finding.as_deref(), "input.finding", input::TEXT)?;
    let on = input.answered_on.map(|day| input::day(day, "input.answeredOn")).transpose()?;
    let on = on.unwrap_or_else(|| gate.today());
    let tx = gate.begin(Act::ClearanceAnswer).await?;
    let row = tx.lock_version::<clearance::Entity>(id, input.expected_version).await?;
    if row.answered_on.is_some() {
        return Err(Fault::at(Code::FinalState, "input.id").into());
    }
    input::period(Some(row.asked_on), Some(on), "input.answeredOn")?;
    let mut answered = row.clone();
    answered.answered_on = Some(on);
    answered.answered_by = Some(by);
    answered.finding = finding;
    answered.is_blocking = Some(input.is_blocking);
    let answered = answered.into_active_model().reset_all();
    let row = tx.save::<clearance::Entity>(&row, answered).await?;
    tx.answer(Clearance::from(row)).await
}
