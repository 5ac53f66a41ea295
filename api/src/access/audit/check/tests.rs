//! Ten thousand ways to falsify a log, and each is noticed (D3).

use chrono::DateTime;
use entity::audit_event;
use uuid::Uuid;

use super::*;
use crate::access::audit::entry as sealed;
use crate::access::audit::note::{Checkpoint, tests::signer};

/// Entries of the log that is falsified.
const ENTRIES: u64 = 90;
/// How often.
const EDITS: u64 = 10_000;

fn row(number: u64) -> audit_event::Model {
    let id = |kind: u128| Uuid::from_u128((kind << 64) + u128::from(number));
    audit_event::Model {
        tenant_id: id(1),
        id: id(2),
        at: DateTime::from_timestamp_millis(1_795_219_200_000).unwrap(),
        actor_id: Some(id(3)),
        actor_name: format!("Cán bộ {number}"),
        role: (!number.is_multiple_of(3)).then(|| "UNIT_OFFICER".to_owned()),
        act: "SubmissionUpdate".to_owned(),
        object_type: "submission".to_owned(),
        object_id: id(4),
        cluster_id: None,
        changes: format!("{{\"title\":[\"Đề nghị {number}\",null]}}"),
        reason: number.is_multiple_of(2).then(|| "Sửa \"lỗi\"".to_owned()),
        request_id: format!("request-{number}"),
        grant_id: None,
        unit_id: Some(id(5)),
        salt: Some(id(6)),
    }
}

/// A log with a checkpoint after every seventh entry and at the end, and the note of the last one.
fn log() -> (Vec<Vec<u8>>, Trust) {
    let signer = signer();
    let mut tree = Frontier::default();
    let mut lines = vec![head(&[signer.sign(blank()).public_key]).unwrap()];
    let mut note = String::new();
    for number in 0..ENTRIES {
        let text = sealed::text(&row(number));
        let hash = tree::leaf(text.as_bytes());
        lines.push(entry(number, &hash, Some(&text)));
        tree.push(hash, |_, _| {});
        if number % 7 == 6 || number + 1 == ENTRIES {
            let made = signer.sign(Checkpoint { size: tree.size(), root: tree.root(), ..blank() });
            lines.push(point(&made).unwrap());
            note = made.note();
        }
    }
    let lines = lines.into_iter().map(String::into_bytes).collect();
    (lines, Trust { keys: Vec::new(), notes: vec![note] })
}

fn blank() -> Checkpoint {
    let at = DateTime::from_timestamp_millis(1_795_219_260_000).unwrap();
    Checkpoint { size: 0, root: Hash::default(), at }
}

fn run(lines: &[Vec<u8>], trust: &Trust) -> anyhow::Result<Report> {
    let mut text = lines.join(&b'\n');
    text.push(b'\n');
    check(text.as_slice(), trust)
}

/// Random numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(most).unwrap()).unwrap()
    }

    /// Falsifies a log in one way; tells which.
    fn falsify(&mut self, lines: &mut Vec<Vec<u8>>) -> String {
        let at = self.below(lines.len());
        match self.below(6) {
            0 => {
                let place = self.below(lines[at].len());
                let change = u8::try_from(1 + self.below(255)).unwrap();
                lines[at][place] ^= change;
                format!("byte {place} of line {at} ^ {change}")
            }
            1 => {
                lines.remove(at);
                format!("line {at} removed")
            }
            2 => {
                let copy = lines[self.below(lines.len())].clone();
                lines.insert(at, copy);
                format!("a line more before {at}")
            }
            3 => {
                let other = (at + 1 + self.below(lines.len() - 1)) % lines.len();
                lines.swap(at, other);
                format!("lines {at} and {other} change places")
            }
            4 => {
                lines.truncate(at.max(1));
                format!("nothing after line {at}")
            }
            _ => self.forge(lines, at),
        }
    }

    /// Changes an entry and everything in its line that could betray it, or leaves out an entry and numbers
    /// the others anew.
    fn forge(&mut self, lines: &mut Vec<Vec<u8>>, at: usize) -> String {
        let first = 1 + at % (lines.len() - 1);
        let is_entry = |line: &Vec<u8>| line.starts_with(b"{\"position\":");
        let at = (first..lines.len()).chain(1..first).find(|at| is_entry(&lines[*at])).unwrap();
        if self.below(2) == 0 {
            lines.remove(at);
        } else {
            let text = String::from_utf8(lines[at].clone()).unwrap();
            let (_, text) = text.split_once("\"entry\":").unwrap();
            let place = self.below(text.len() - 4);
            let mut text = text[..text.len() - 1].to_owned().into_bytes();
            text[place] ^= 1;
            lines[at] = text;
        }
        let mut position = 0;
        for (index, line) in lines.iter_mut().enumerate() {
            let is_forged = index == at && !is_entry(line);
            if !is_forged && !is_entry(line) {
                continue;
            }
            let text = line.clone();
            let from = text.windows(8).position(|part| part == b"\"entry\":");
            let text = from.map_or(text.as_slice(), |from| &text[from + 8..text.len() - 1]);
            if index != at || is_forged {
                let leaf = tree::leaf(text);
                *line = entry(position, &leaf, Some("")).into_bytes();
                line.pop();
                line.extend_from_slice(text);
                line.push(b'}');
                position += 1;
            }
        }
        format!("entry of line {at} forged, the others in order")
    }
}

/// Whether nothing was changed, or only the number and the places of untouched checkpoints: an export leaves out
/// most of them anyway.
fn says_the_same(lines: &[Vec<u8>], whole: &[Vec<u8>]) -> bool {
    let is_point = |line: &&Vec<u8>| line.starts_with(b"{\"checkpoint\":");
    let rest = |lines: &[Vec<u8>]| -> Vec<Vec<u8>> {
        lines.iter().filter(|line| !is_point(line)).cloned().collect()
    };
    rest(lines) == rest(whole) && lines.iter().filter(is_point).all(|line| whole.contains(line))
}

#[test]
fn a_log_that_nobody_touched_is_in_order() {
    let (lines, trust) = log();
    let report = run(&lines, &trust).unwrap();
    assert_eq!((report.size, report.checkpoints, report.unsealed), (ENTRIES, 13, 0));
    assert!(run(&lines, &Trust { keys: report.keys, ..Trust::default() }).is_ok());
    let stranger = Trust { keys: vec![[7; 32]], ..Trust::default() };
    assert!(run(&lines, &stranger).is_err(), "signed by another key");
}

#[test]
fn every_falsification_is_noticed() {
    let (whole, trust) = log();
    let mut dice = Dice(0x7468_6964_7561);
    let mut noticed = 0;
    while noticed < EDITS {
        let mut lines = whole.clone();
        let what = dice.falsify(&mut lines);
        if says_the_same(&lines, &whole) {
            continue;
        }
        assert!(run(&lines, &trust).is_err(), "not noticed: {what}");
        noticed += 1;
    }
}

#[test]
fn the_fault_names_the_first_position() {
    let (whole, trust) = log();
    let fault = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let mut lines = whole.clone();
        change(&mut lines);
        format!("{:#}", run(&lines, &trust).unwrap_err())
    };
    let edited = fault(&|lines| {
        let text = String::from_utf8(lines[3].clone()).unwrap();
        lines[3] = text.replace("Update", "Remove").into_bytes();
    });
    assert_eq!(edited, "line 4: position 2: the entry is not the one that was sealed");
    let removed = fault(&|lines| drop(lines.remove(3)));
    assert!(removed.starts_with("line 4: position 2: another entry stands here"), "{removed}");
    let gone = fault(&|lines| lines[3] = entry(2, &[0; 32], None).into_bytes());
    assert_eq!(gone, "line 4: position 2: the entry is gone");
    let cut = fault(&|lines| lines.truncate(9));
    assert_eq!(cut, "the log ends at position 7; a checkpoint that was kept speaks of 90");
    let late = fault(&|lines| {
        let old = audit_event::Model { at: DateTime::UNIX_EPOCH, ..row(1) };
        lines.push(unsealed(&sealed::text(&old)).into_bytes());
    });
    assert!(late.ends_with("that was never sealed"), "{late}");
}
