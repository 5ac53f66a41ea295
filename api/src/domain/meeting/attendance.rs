//! Who took part in a session, in Vietnamese, as its minutes have it: what the secretary has recorded of a member beside
//! what the registers of the ballots tell of him.
//! No choice of a member enters here.

use entity::ballot_roll::Mode;
use entity::council_seat::Role;
use entity::session_seat::{self, Presence};

use super::minutes::line;
use super::record::{Record, Vote};
use crate::error::Result;

/// How a member took part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// He is there.
    Present,
    /// He took part in a ballot on the spot, and was recorded as away since.
    Left,
    /// He is away, and a written opinion of his was counted.
    Counted,
    /// He is away, and is recorded to have written; there was no ballot.
    Written,
    /// He is away, was asked to write, and has not.
    Silent,
    /// He is away.
    Away,
    /// Nobody has recorded it.
    Unknown,
}

impl Part {
    /// What is recorded last says whether he is there; how he has voted until then stays what it was.
    fn of(record: &Record, row: &session_seat::Model) -> Self {
        if row.presence == Presence::Present {
            return Self::Present;
        }
        if votes(record).any(|one| has_written(one, row)) {
            return Self::Counted;
        }
        if votes(record).any(|one| was_there(one, row)) {
            return Self::Left;
        }
        match row.presence {
            Presence::Written if votes(record).next().is_none() => Self::Written,
            Presence::Written if votes(record).any(|one| was_asked(one, row)) => Self::Silent,
            Presence::Written | Presence::Absent | Presence::Present => Self::Away,
            Presence::Expected => Self::Unknown,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Present => "có mặt",
            Self::Left => "đã dự bỏ phiếu, sau đó vắng",
            Self::Counted => "vắng, có ý kiến bằng văn bản được tính vào kết quả bỏ phiếu",
            Self::Written => "vắng, có ý kiến bằng văn bản",
            Self::Silent => "vắng, chưa có ý kiến bằng văn bản",
            Self::Away => "vắng",
            Self::Unknown => "chưa ghi nhận",
        }
    }
}

fn votes(record: &Record) -> impl Iterator<Item = &Vote> {
    record.items.iter().flat_map(|item| &item.votes)
}

/// How a member stands on the roll of a ballot.
fn mode(one: &Vote, row: &session_seat::Model) -> Option<Mode> {
    one.roll.iter().find(|known| known.seat_id == row.seat_id).map(|known| known.mode)
}

fn has_voted(one: &Vote, row: &session_seat::Model) -> bool {
    one.register.iter().any(|known| known.seat_id == row.seat_id)
}

/// Whether a written opinion of a member is among the votes.
fn has_written(one: &Vote, row: &session_seat::Model) -> bool {
    mode(one, row) == Some(Mode::Written) && has_voted(one, row)
}

/// Whether a member voted on the spot, or was handed a ballot of paper.
fn was_there(one: &Vote, row: &session_seat::Model) -> bool {
    match mode(one, row) {
        Some(Mode::Online) => has_voted(one, row),
        Some(Mode::Paper) => true,
        Some(Mode::Written | Mode::Absent | Mode::Recused) | None => false,
    }
}

/// Whether a member could vote.
fn was_asked(one: &Vote, row: &session_seat::Model) -> bool {
    mode(one, row).is_some_and(|mode| !matches!(mode, Mode::Recused | Mode::Absent))
}

/// Tells who was there, who was away and wrote, and who stood in for whom.
pub(super) fn tell(record: &Record, text: &mut String) -> Result<()> {
    let voting: Vec<(&session_seat::Model, Part)> = record
        .seats
        .iter()
        .filter(|(row, _)| row.votes)
        .map(|(row, _)| (row, Part::of(record, row)))
        .collect();
    line(text, &totals(&voting))?;
    for (row, part) in &voting {
        line(text, &member(row, *part))?;
    }
    for (heading, role) in [("Tổ giúp việc", Role::Assistant), ("Khách mời", Role::Guest)] {
        let others = record.seats.iter().filter(|(_, own)| *own == role);
        if others.clone().next().is_some() {
            line(text, &format!("{heading} (không biểu quyết):"))?;
        }
        for (row, _) in others {
            line(text, &member(row, Part::of(record, row)))?;
        }
    }
    Ok(())
}

/// How many of those with a vote were there and how many wrote; who left after a ballot is told only where somebody did.
fn totals(voting: &[(&session_seat::Model, Part)]) -> String {
    let count = |parts: &[Part]| voting.iter().filter(|(_, part)| parts.contains(part)).count();
    let (present, left) = (count(&[Part::Present]), count(&[Part::Left]));
    let written = count(&[Part::Counted, Part::Written]);
    let left = if left == 0 { String::new() } else { format!("; {}: {left}", Part::Left.words()) };
    let all = voting.len();
    format!("Thành viên dự họp: {present}/{all}; vắng mặt có ý kiến bằng văn bản: {written}{left}.")
}

fn member(row: &session_seat::Model, part: Part) -> String {
    let substitute = match (&row.substitute_name, &row.mandate) {
        (Some(name), Some(mandate)) => format!("; người dự thay: {name} ({mandate})"),
        (Some(_) | None, Some(_) | None) => String::new(),
    };
    format!("- {}: {}{substitute}", row.name, part.words())
}
