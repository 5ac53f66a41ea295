//! The minutes of a session in Vietnamese, put into words from what is recorded.
//! No query enters here, and no choice of a member of a secret ballot: it is not recorded.

use std::fmt::Write;

use entity::agenda_item::Outcome;
use entity::ballot_result::Model as BallotResult;
use entity::ballot_roll::Mode;
use entity::ballot_rule::Secrecy;
use entity::{council_session, paper_count, session_task};

use super::attendance;
use super::record::{Item, Record, Vote};
use crate::access::today;
use crate::domain::ballot::{Choice, papers_agreed, rule_of, rule_words, words};
use crate::error::{Error, Result};
use crate::text::Language;

/// Who signs.
pub(super) struct Signers {
    pub(super) chair: String,
    pub(super) secretary: String,
}

/// What stands above minutes that are not frozen.
const DRAFT: &str = "DỰ THẢO - lập từ dữ liệu đã ghi nhận, chưa chốt";

/// Puts a session into words; without signers it is a draft.
pub(super) fn compose(record: &Record, signers: Option<&Signers>) -> Result<String> {
    let mut text = String::new();
    if signers.is_none() {
        line(&mut text, DRAFT)?;
    }
    head(record, &mut text)?;
    attendance::tell(record, &mut text)?;
    for item in &record.items {
        about(record, item, &mut text)?;
    }
    for task in &record.tasks {
        line(&mut text, &task_line(task))?;
    }
    if let Some(signers) = signers {
        line(&mut text, &format!("CHỦ TRÌ KỲ HỌP: {}", signers.chair))?;
        line(&mut text, &format!("THƯ KÝ KỲ HỌP: {}", signers.secretary))?;
    }
    Ok(text)
}

pub(super) fn line(text: &mut String, words: &str) -> Result<()> {
    writeln!(text, "{words}").map_err(|fault| Error::broken(&fault.to_string()))
}

fn head(record: &Record, text: &mut String) -> Result<()> {
    let Record { council, session, .. } = record;
    line(text, "BIÊN BẢN KỲ HỌP")?;
    line(text, &format!("{council}, kỳ họp thứ {} năm {}", session.number, session.year))?;
    line(text, &session.title)?;
    // The day on which it was held; of one that is to come the day planned.
    let day = session.opened_at.map_or(session.planned_on, today).format("%d/%m/%Y");
    let place = session.place.as_deref().unwrap_or("(không ghi)");
    line(text, &format!("Ngày: {day}. Địa điểm: {place}."))?;
    if session.form == council_session::Form::Consultation {
        line(text, "Hình thức: lấy ý kiến thành viên bằng văn bản.")?;
    }
    Ok(())
}

fn about(record: &Record, item: &Item, text: &mut String) -> Result<()> {
    line(text, &format!("{}. {}", item.row.position, item.row.title))?;
    for row in &item.candidates {
        let title = row.award_type_id.and_then(|id| record.titles.get(&id));
        let title = title.map(|title| format!(" - {title}")).unwrap_or_default();
        line(text, &format!("   {}) {}{title}", row.position, row.name))?;
    }
    for one in &item.votes {
        vote(one, text)?;
    }
    let outcome = match item.row.outcome {
        Some(Outcome::Noted) => "đã nghe và ghi nhận",
        Some(Outcome::Adopted) => "thông qua",
        Some(Outcome::Rejected) => "không thông qua",
        Some(Outcome::Deferred) => "để lại kỳ họp sau",
        None => "chưa kết luận",
    };
    line(text, &format!("   Kết quả: {outcome}"))?;
    if let Some(conclusion) = &item.row.conclusion {
        line(text, &format!("   Kết luận: {conclusion}"))?;
    }
    Ok(())
}

fn vote(one: &Vote, text: &mut String) -> Result<()> {
    let row = &one.ballot;
    let how = match row.secrecy {
        Secrecy::Secret => "Bỏ phiếu kín",
        Secrecy::Open => "Biểu quyết công khai",
    };
    let cast = cast(one).map(|cast| format!(", {cast} người đã bỏ phiếu")).unwrap_or_default();
    let head = format!(
        "   {how} vòng {}: {} thành viên, {} người được bỏ phiếu{cast}, {} người không tham gia vì có liên quan.",
        row.round, row.members, row.voting, row.recused
    );
    line(text, &head)?;
    if let Some(reason) = &row.reason {
        line(text, &format!("   - Bỏ phiếu lại: {reason}"))?;
    }
    if let Some(reason) = &row.close_reason {
        line(text, &format!("   - Lý do kết thúc bỏ phiếu: {reason}"))?;
    }
    for away in one.roll.iter().filter(|away| away.mode == Mode::Recused) {
        let reason = away.reason.as_deref().unwrap_or_default();
        line(text, &format!("   - Không bỏ phiếu: {} ({reason})", away.name))?;
    }
    papers(one, text)?;
    for result in &one.results {
        verdict(one, result, text)?;
    }
    Ok(())
}

/// How many have voted, online and on paper; none while it is not closed. What they chose is not told by it.
fn cast(one: &Vote) -> Option<usize> {
    if one.results.is_empty() {
        return None;
    }
    let on_paper = counted(one).map_or(0, |count| usize::try_from(count.returned).unwrap_or(0));
    Some(one.register.len() + on_paper)
}

fn counted(one: &Vote) -> Option<paper_count::Model> {
    let on_paper = one.roll.iter().filter(|line| line.mode == Mode::Paper).count();
    papers_agreed(one.counts.clone(), on_paper)
}

/// What two people have counted on paper.
fn papers(one: &Vote, text: &mut String) -> Result<()> {
    let Some(count) = counted(one) else { return Ok(()) };
    let words = format!(
        "   - Phiếu giấy: phát ra {}, thu về {}, không thu về {}, hợp lệ {}, không hợp lệ {}.",
        count.issued, count.returned, count.missing, count.valid, count.invalid
    );
    line(text, &words)
}

fn verdict(one: &Vote, result: &BallotResult, text: &mut String) -> Result<()> {
    let places = (0..).zip(&one.asked);
    let asked = places.clone().find(|(_, asked)| asked.id == result.ballot_candidate_id);
    let Some((place, asked)) = asked else { return Ok(()) };
    let numbers = match (result.no, result.abstain, result.invalid) {
        (Some(no), Some(abstain), Some(invalid)) => {
            format!("; không đồng ý {no}, ý kiến khác {abstain}, không hợp lệ {invalid}")
        }
        (Some(_) | None, Some(_) | None, Some(_) | None) => String::new(),
    };
    let verdict = words(result, Language::Vi);
    line(text, &format!("   - {}: {verdict}{numbers}", asked.name))?;
    let rule = rule_words(&rule_of(asked)?, Language::Vi);
    line(text, &format!("     Căn cứ: {rule}"))?;
    let tie = one.ties.iter().find(|tie| tie.ballot_candidate_id == asked.id);
    if let Some(tie) = tie {
        let taken = if tie.is_taken { "chọn" } else { "không chọn" };
        let name = &tie.decided_by_name;
        line(text, &format!("     {name} quyết định {taken}: {}", tie.reason))?;
    }
    hands(one, place, text)
}

/// Who has chosen what by show of hands.
fn hands(one: &Vote, place: usize, text: &mut String) -> Result<()> {
    let chosen = |choice: Choice| {
        let has = |seat: &uuid::Uuid| {
            let own = one.hands.iter().find(|row| row.seat_id == *seat);
            own.and_then(|row| Choice::all_of(&row.choices).get(place).copied()) == Some(choice)
        };
        let names = one.roll.iter().filter(|line| has(&line.seat_id));
        names.map(|line| line.name.as_str()).collect::<Vec<_>>().join("; ")
    };
    for (words, choice) in
        [("Đồng ý", Choice::Yes), ("Không đồng ý", Choice::No), ("Ý kiến khác", Choice::Abstain)]
    {
        let names = chosen(choice);
        if !names.is_empty() {
            line(text, &format!("     {words}: {names}"))?;
        }
    }
    Ok(())
}

fn task_line(task: &session_task::Model) -> String {
    let due = task.due_on.map(|day| format!(", hạn {}", day.format("%d/%m/%Y")));
    format!("Nhiệm vụ: {} ({}{})", task.task, task.owner, due.unwrap_or_default())
}
