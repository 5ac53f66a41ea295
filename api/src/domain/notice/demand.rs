//! What a decision asks of public notices, for all of its submissions at once.
//! No rule is applied here: `rules` does it.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::{award_type, complaint, complaint_step, nominee, notice, notice_rule, submission};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::rules::{self, Asked};
use crate::access::Tx;
use crate::domain::input;
use crate::error::{Code, Fault, Result};
use crate::reference;

/// Why nothing is decided while a complaint is looked into.
const WHILE_OPEN: &str = "Nghị định 152/2025/NĐ-CP, Điều 4";

/// Refuses a decision on nominees who were not made public for as long as the law or a regulation asks, or about whom
/// a complaint is not answered; the number of statements does not grow with the submissions.
pub(in crate::domain) async fn demand(
    tx: &Tx,
    catalogue: &[award_type::Model],
    (submissions, decided_on): (&[submission::Model], NaiveDate),
) -> Result<()> {
    if submissions.is_empty() {
        return Ok(());
    }
    let tenant = tx.gate().actor()?.tenant;
    let ids = submissions.iter().map(|row| row.id);
    let named = Condition::all().add(nominee::Column::SubmissionId.is_in(ids));
    let nominees = tx.all_of::<nominee::Entity>(tenant, named).await?;
    let line = |row: &nominee::Model| {
        let award = catalogue.iter().find(|award| award.id == row.award_type_id)?;
        Some((row.submission_id, award.code.as_str()))
    };
    let lines: Vec<(Uuid, &str)> = nominees.iter().filter_map(line).collect();
    let named: Vec<Uuid> = submissions.iter().map(|row| row.id).collect();
    let at = |submission: Uuid| input::place(&named, submission, "input.submissionIds");
    demand_of(tx, &lines, (decided_on, &at)).await
}

/// The same for titles and forms of these submissions alone, before a day on which they are decided or proposed; a fault
/// tells where the submission stands in the input.
pub(in crate::domain) async fn demand_of(
    tx: &Tx,
    lines: &[(Uuid, &str)],
    (decided_on, at): (NaiveDate, &(dyn Fn(Uuid) -> String + Sync)),
) -> Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let tenant = tx.gate().actor()?.tenant;
    let ids: HashSet<Uuid> = lines.iter().map(|(id, _)| *id).collect();
    let posted = Condition::all().add(notice::Column::SubmissionId.is_in(ids));
    let notices = tx.all_of::<notice::Entity>(tenant, posted).await?;
    open_complaint(tx, &notices, at).await?;
    let own =
        input::in_force(notice_rule::Column::ValidFrom, notice_rule::Column::ValidTo, decided_on);
    let own = tx.all_of::<notice_rule::Entity>(tenant, own).await?;
    for (submission, award) in lines {
        let Some(asked) = asked(award, &own, decided_on) else { continue };
        let of_it = notices.iter().filter(|row| row.submission_id == *submission);
        let of_it = of_it.collect::<Vec<_>>();
        rules::demand(&asked, &of_it, (decided_on, &at(*submission)))?;
    }
    Ok(())
}

/// What is asked for a title or form on a day: by the law, then by regulations.
fn asked(award: &str, own: &[notice_rule::Model], on: NaiveDate) -> Option<Asked> {
    let law = reference::notices(on).filter(|row| row.awards.iter().any(|code| code == award));
    let law =
        law.map(|row| Asked { days: row.days.unwrap_or_default(), citation: row.citation.clone() });
    let is_meant =
        |row: &&notice_rule::Model| row.award_type_code.as_ref().is_none_or(|code| code == award);
    let own = own.iter().filter(is_meant);
    let own = own.map(|row| Asked { days: row.days, citation: row.citation.clone() });
    rules::strictest(law.chain(own))
}

async fn open_complaint(
    tx: &Tx,
    notices: &[notice::Model],
    at: &(dyn Fn(Uuid) -> String + Sync),
) -> Result<()> {
    let tenant = tx.gate().actor()?.tenant;
    if notices.is_empty() {
        return Ok(());
    }
    let of_these =
        Condition::all().add(complaint::Column::NoticeId.is_in(notices.iter().map(|row| row.id)));
    let complaints = tx.all_of::<complaint::Entity>(tenant, of_these).await?;
    if complaints.is_empty() {
        return Ok(());
    }
    let these = notices.iter().map(|row| row.submission_id);
    let these = Condition::all().add(submission::Column::Id.is_in(these));
    let submissions = tx.all_of::<submission::Entity>(tenant, these).await?;
    let ids = complaints.iter().map(|row| row.id);
    let of_these = Condition::all().add(complaint_step::Column::ComplaintId.is_in(ids));
    let mut steps: HashMap<Uuid, Vec<_>> = HashMap::new();
    for step in tx.all_of::<complaint_step::Entity>(tenant, of_these).await? {
        steps.entry(step.complaint_id).or_default().push((step.kind, step.at));
    }
    let is_open = |row: &complaint::Model| {
        let kinds = steps.get(&row.id).into_iter().flatten().map(|step| step.0);
        !rules::is_answered(&kinds.collect::<Vec<_>>())
    };
    let told_of = |row: &complaint::Model| {
        let notice = notices.iter().find(|notice| notice.id == row.notice_id);
        notice.map(|notice| notice.submission_id)
    };
    let is_upheld = |row: &complaint::Model| {
        let of = told_of(row).and_then(|id| submissions.iter().find(|of| of.id == id));
        let sent = of.and_then(|of| of.sent_at);
        rules::still_stands(steps.get(&row.id).map_or(&[], Vec::as_slice), sent)
    };
    let open = complaints.iter().find(|row| is_open(row)).map(|row| (Code::ComplaintOpen, row));
    let upheld = || complaints.iter().find(|row| is_upheld(row));
    let found = open.or_else(|| Some((Code::ComplaintUpheld, upheld()?)));
    let Some((code, row)) = found else { return Ok(()) };
    let path = told_of(row).map(at).unwrap_or_default();
    Err(Fault::at(code, &path).with("citation", WHILE_OPEN).into())
}
