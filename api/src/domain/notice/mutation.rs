//! Writes of public notices: regulations, notices, complaints and what is done about them.
//! Nothing that was written is changed here.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::NaiveDate;
use entity::complaint_step::{self, Kind};
use entity::{complaint, notice, notice_rule, submission};
use sea_orm::{ActiveEnum, ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel};

use super::{Complaint, ComplaintStep, Notice, OwnNoticeRule, rules};
use crate::access::{Act, Gate, today};
use crate::domain::award;
use crate::domain::submission::Submission;
use crate::domain::{Ask, input, keyed, payload_under};
use crate::error::{Code, Fault, Result};
use crate::filter::input_id;
use crate::payload;
use crate::scalar::Date;

/// Longest time that a regulation can ask for, in days.
const DAYS: i32 = 365;

/// Input of `noticeRuleSet`.
#[derive(InputObject)]
pub(crate) struct NoticeRuleSetInput {
    /// For this title or form, by code; absent: for every one.
    award_type_code: Option<String>,
    /// For how many days at least, 1 to 365.
    days: i32,
    /// The regulation it rests on, at most 300 characters.
    citation: String,
    /// First day in force.
    valid_from: Date,
    /// Last day in force.
    valid_to: Option<Date>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `noticeOpen`.
#[derive(InputObject)]
pub(crate) struct NoticeOpenInput {
    /// The submission whose nominees are posted.
    submission_id: ID,
    /// Where they are posted, at most 300 characters.
    place: String,
    /// First day; not before the day on which the submission was sent, or was written where it was never sent, and not in
    /// the future.
    opened_on: Date,
    /// Last day.
    last_on: Date,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `complaintFile`.
#[derive(InputObject)]
pub(crate) struct ComplaintFileInput {
    /// The notice it is about.
    notice_id: ID,
    /// Who complains, at most 300 characters.
    complainant: String,
    /// What it says, at most 4,000 characters.
    content: String,
    /// The day it came; not before the notice, and not in the future.
    filed_on: Date,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `complaintStepAdd`.
#[derive(InputObject)]
pub(crate) struct ComplaintStepAddInput {
    /// The complaint.
    complaint_id: ID,
    /// What is done: it is looked into once, then answered.
    kind: Kind,
    /// Who looks into it and how, or the answer; at most 4,000 characters.
    words: String,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

payload!(NoticeRuleSetPayload, rule: OwnNoticeRule, "regulation set");
payload!(NoticeOpenPayload, notice: Notice, "notice recorded");
payload!(ComplaintFilePayload, complaint: Complaint, "complaint recorded");
payload_under!(
    ComplaintStepAddPayload, step: ComplaintStep, "step recorded",
    complaint: Complaint, "complaint as it is now"
);

/// Changes of public notices.
#[derive(Default)]
pub struct NoticeMutation;

/// Changes of public notices.
#[Object]
impl NoticeMutation {
    /// Sets how long nominees must be public by a regulation of the tenant; the longest time in force counts. Roles:
    /// standing officer.
    async fn notice_rule_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The regulation.")] input: NoticeRuleSetInput,
    ) -> async_graphql::Result<NoticeRuleSetPayload> {
        keyed!(ctx, input => NoticeRuleSetPayload: set)
    }

    /// Records that the nominees of a submission are made public (công khai). Roles: council secretary, standing
    /// officer.
    async fn notice_open(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The notice.")] input: NoticeOpenInput,
    ) -> async_graphql::Result<NoticeOpenPayload> {
        keyed!(ctx, input => NoticeOpenPayload: open)
    }

    /// Records a complaint about posted nominees; no decision is taken on them before it is answered. Roles: council
    /// secretary, standing officer; unit head and unit officer: of the own unit.
    async fn complaint_file(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The complaint.")] input: ComplaintFileInput,
    ) -> async_graphql::Result<ComplaintFilePayload> {
        keyed!(ctx, input => ComplaintFilePayload: file)
    }

    /// Records that a complaint is looked into, or its answer. Roles: council secretary, standing officer.
    async fn complaint_step_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The step.")] input: ComplaintStepAddInput,
    ) -> async_graphql::Result<ComplaintStepAddPayload> {
        keyed!(ctx, input => ComplaintStepAddPayload: step)
    }
}

async fn set(gate: &Gate, input: NoticeRuleSetInput) -> Result<OwnNoticeRule> {
    if let Some(code) = &input.award_type_code
        && !award::is_known(gate, code).await?
    {
        let fault = Fault::at(Code::NotFound, "input.awardTypeCode").with("case", "AWARD_TYPE");
        return Err(fault.with("code", code).into());
    }
    if !(1..=DAYS).contains(&input.days) {
        return Err(Fault::at(Code::OutOfRange, "input.days")
            .with("min", 1)
            .with("max", DAYS)
            .into());
    }
    let citation = input::text(&input.citation, "input.citation", input::NAME)?;
    let valid_from = input::day(input.valid_from, "input.validFrom")?;
    let valid_to = input.valid_to.map(|day| input::day(day, "input.validTo")).transpose()?;
    input::period(Some(valid_from), valid_to, "input.validTo")?;
    let tx = gate.begin(Act::NoticeRuleSet).await?;
    let row = notice_rule::Model {
        tenant_id: gate.actor()?.tenant,
        id: gate.new_id(),
        award_type_code: input.award_type_code,
        days: input.days,
        citation,
        valid_from,
        valid_to,
        author_id: gate.actor()?.user,
        version: 1,
    };
    let row = tx.add::<notice_rule::Entity>(row.into_active_model().reset_all()).await?;
    tx.answer(OwnNoticeRule::from(row)).await
}

/// A day that is not in the future.
fn past(gate: &Gate, day: Date, path: &str) -> Result<NaiveDate> {
    let day = input::day(day, path)?;
    if day > gate.today() {
        let fault = Fault::at(Code::OutOfRange, path).with("min", "1948-01-01");
        return Err(fault.with("max", gate.today()).into());
    }
    Ok(day)
}

/// Nobody is posted before the list was there.
fn after_it_came(gate: &Gate, of: &submission::Model, opened_on: NaiveDate) -> Result<()> {
    let came = today(of.sent_at.unwrap_or(of.created_at));
    if opened_on >= came {
        return Ok(());
    }
    let fault = Fault::at(Code::OutOfRange, "input.openedOn").with("min", came);
    Err(fault.with("max", gate.today()).into())
}

async fn open(gate: &Gate, input: NoticeOpenInput) -> Result<Notice> {
    let id = input_id::<Submission>(&input.submission_id, "input.submissionId")?;
    let place = input::text(&input.place, "input.place", input::NAME)?;
    let opened_on = past(gate, input.opened_on, "input.openedOn")?;
    let last_on = input::day(input.last_on, "input.lastOn")?;
    input::period(Some(opened_on), Some(last_on), "input.lastOn")?;
    let tx = gate.begin(Act::NoticeOpen).await?;
    let of = tx.one::<submission::Entity>(Act::NoticeOpen, id).await;
    let of = of.map_err(|fault| fault.at("input.submissionId"))?;
    after_it_came(gate, &of, opened_on)?;
    let row = notice::Model {
        tenant_id: of.tenant_id,
        id: gate.new_id(),
        submission_id: of.id,
        unit_id: of.unit_id,
        place,
        opened_on,
        last_on,
        author_id: gate.actor()?.user,
        author_name: gate.actor()?.name.clone(),
        at: gate.now(),
    };
    let row = tx.add::<notice::Entity>(row.into_active_model().reset_all()).await?;
    tx.answer(Notice::from(row)).await
}

async fn file(gate: &Gate, input: ComplaintFileInput) -> Result<Complaint> {
    let id = input_id::<Notice>(&input.notice_id, "input.noticeId")?;
    let complainant = input::text(&input.complainant, "input.complainant", input::NAME)?;
    let content = input::text(&input.content, "input.content", input::TEXT)?;
    let filed_on = past(gate, input.filed_on, "input.filedOn")?;
    let tx = gate.begin(Act::ComplaintFile).await?;
    let of = tx.one::<notice::Entity>(Act::ComplaintFile, id).await;
    let of = of.map_err(|fault| fault.at("input.noticeId"))?;
    input::period(Some(of.opened_on), Some(filed_on), "input.filedOn")?;
    let row = complaint::Model {
        tenant_id: of.tenant_id,
        id: gate.new_id(),
        notice_id: of.id,
        unit_id: of.unit_id,
        complainant,
        content,
        filed_on,
        author_id: gate.actor()?.user,
        author_name: gate.actor()?.name.clone(),
        at: gate.now(),
    };
    let row = tx.add::<complaint::Entity>(row.into_active_model().reset_all()).await?;
    tx.answer(Complaint::from(row)).await
}

async fn step(gate: &Gate, input: ComplaintStepAddInput) -> Result<ComplaintStep> {
    let id = input_id::<Complaint>(&input.complaint_id, "input.complaintId")?;
    let words = input::text(&input.words, "input.words", input::TEXT)?;
    let tx = gate.begin(Act::ComplaintStepAdd).await?;
    let of = tx.one::<complaint::Entity>(Act::ComplaintStepAdd, id).await;
    let of = of.map_err(|fault| fault.at("input.complaintId"))?;
    tx.stand_in_line("steps of a complaint", of.id).await?;
    let steps = Condition::all().add(complaint_step::Column::ComplaintId.eq(of.id));
    let mut steps = tx.all_of::<complaint_step::Entity>(of.tenant_id, steps).await?;
    steps.sort_by_key(|step| step.sequence);
    let before: Vec<Kind> = steps.iter().map(|step| step.kind).collect();
    if !rules::follows(&before, input.kind) {
        let state = before.last().map_or_else(|| "FILED".to_owned(), ActiveEnum::to_value);
        return Err(Fault::at(Code::WrongState, "input.kind").with("state", state).into());
    }
    let row = complaint_step::Model {
        tenant_id: of.tenant_id,
        id: gate.new_id(),
        complaint_id: of.id,
        unit_id: of.unit_id,
        sequence: steps.last().map_or(1, |step| step.sequence + 1),
        kind: input.kind,
        words,
        actor_id: gate.actor()?.user,
        actor_name: gate.actor()?.name.clone(),
        at: gate.now(),
    };
    let row = tx.add::<complaint_step::Entity>(row.into_active_model().reset_all()).await?;
    tx.answer(ComplaintStep::from(row)).await
}
