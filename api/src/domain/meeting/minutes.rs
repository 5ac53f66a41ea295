//! The minutes of a session in Vietnamese, made from what is recorded; nothing is kept beside the record.
//! No choice of a member enters here: it is not recorded.

use std::fmt::Write;

use entity::session_seat::{self, Presence};
use entity::{
    agenda_item, ballot, ballot_candidate, ballot_result, ballot_roll, candidate, council,
    council_session, session_task,
};

use crate::access::Gate;
use crate::domain::ballot::words;
use crate::domain::council::below;
use crate::error::{Error, Result};
use crate::text::Language;

/// Writes the minutes as the record stands.
pub(in crate::domain) async fn write(
    gate: &Gate,
    session: &council_session::Model,
) -> Result<String> {
    let council = gate.load::<council::Entity>(session.council_id).await?;
    let council = council.map(|row| row.name).unwrap_or_default();
    let mut text = String::new();
    line(&mut text, "BIÊN BẢN KỲ HỌP")?;
    line(&mut text, &format!("{council}, kỳ họp thứ {} năm {}", session.number, session.year))?;
    line(&mut text, &session.title)?;
    let day = session.planned_on.format("%d/%m/%Y");
    let place = session.place.as_deref().unwrap_or("(không ghi)");
    line(&mut text, &format!("Ngày: {day}. Địa điểm: {place}."))?;
    attendance(gate, session, &mut text).await?;
    for item in below::<agenda_item::Entity>(gate, session.id).await? {
        about(gate, session, &item, &mut text).await?;
    }
    for task in below::<session_task::Entity>(gate, session.id).await? {
        line(&mut text, &task_line(&task))?;
    }
    Ok(text)
}

fn line(text: &mut String, words: &str) -> Result<()> {
    writeln!(text, "{words}").map_err(|fault| Error::broken(&fault.to_string()))
}

async fn attendance(
    gate: &Gate,
    session: &council_session::Model,
    text: &mut String,
) -> Result<()> {
    let seats = below::<session_seat::Entity>(gate, session.id).await?;
    let voting = seats.iter().filter(|row| row.votes);
    let with = |presence| voting.clone().filter(|row| row.presence == presence).count();
    let (present, written) = (with(Presence::Present), with(Presence::Written));
    line(
        text,
        &format!(
            "Thành viên dự họp: {present}/{}; vắng mặt có ý kiến bằng văn bản: {written}.",
            voting.clone().count()
        ),
    )?;
    for row in &seats {
        let word = match row.presence {
            Presence::Present => "có mặt",
            Presence::Written => "vắng, có ý kiến bằng văn bản",
            Presence::Absent => "vắng",
            Presence::Expected => "chưa ghi nhận",
        };
        let substitute = match (&row.substitute_name, &row.mandate) {
            (Some(name), Some(mandate)) => format!("; người dự thay: {name} ({mandate})"),
            (Some(_) | None, Some(_) | None) => String::new(),
        };
        line(text, &format!("- {}: {word}{substitute}", row.name))?;
    }
    Ok(())
}

async fn about(
    gate: &Gate,
    session: &council_session::Model,
    item: &agenda_item::Model,
    text: &mut String,
) -> Result<()> {
    line(text, &format!("{}. {}", item.position, item.title))?;
    for row in below::<candidate::Entity>(gate, item.id).await? {
        line(text, &format!("   {}) {}", row.position, row.name))?;
    }
    let ballots = below::<ballot::Entity>(gate, session.id).await?;
    for row in ballots.iter().filter(|row| row.item_id == item.id) {
        vote(gate, row, text).await?;
    }
    if let Some(conclusion) = &item.conclusion {
        line(text, &format!("   Kết luận: {conclusion}"))?;
    }
    Ok(())
}

async fn vote(gate: &Gate, row: &ballot::Model, text: &mut String) -> Result<()> {
    let head = format!(
        "   Bỏ phiếu vòng {}: {} thành viên, {} người bỏ phiếu, {} người không tham gia vì có liên quan.",
        row.round, row.members, row.voting, row.recused
    );
    line(text, &head)?;
    for away in below::<ballot_roll::Entity>(gate, row.id).await? {
        if let Some(reason) = away.reason.filter(|_| away.mode == ballot_roll::Mode::Recused) {
            line(text, &format!("   - Không bỏ phiếu: {} ({reason})", away.name))?;
        }
    }
    let asked = below::<ballot_candidate::Entity>(gate, row.id).await?;
    for result in below::<ballot_result::Entity>(gate, row.id).await? {
        let name = asked.iter().find(|asked| asked.id == result.ballot_candidate_id);
        let name = name.map(|asked| asked.name.as_str()).unwrap_or_default();
        line(text, &format!("   - {name}: {}", words(&result, Language::Vi)))?;
    }
    Ok(())
}

fn task_line(task: &session_task::Model) -> String {
    let due = task.due_on.map(|day| format!(", hạn {}", day.format("%d/%m/%Y")));
    format!("Nhiệm vụ: {} ({}{})", task.task, task.owner, due.unwrap_or_default())
}
