//! An exported log is checked: entries, places, roots, signatures. Pure: no database, no network, no clock.
//! The form of a line is written in one place, beside the code that reads it.

use std::io::BufRead;

use anyhow::{Context, bail, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::note::{Signed, read_verifier_key, verifier_key};
use super::tree::{self, Frontier, Hash};

/// What the first line says it is.
const FORMAT: &str = "thidua audit log 1";
/// How long before a checkpoint an entry must have been sealed.
const PATIENCE: TimeDelta = TimeDelta::minutes(1);

#[derive(Serialize, Deserialize)]
struct Head {
    format: String,
    keys: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Point {
    checkpoint: String,
}

#[derive(Deserialize)]
struct When {
    at: DateTime<Utc>,
}

/// The first line: what follows, and the keys that signed it.
pub(super) fn head(keys: &[[u8; 32]]) -> serde_json::Result<String> {
    let keys = keys.iter().map(verifier_key).collect();
    serde_json::to_string(&Head { format: FORMAT.to_owned(), keys })
}

/// A line of an entry; without text the entry is gone.
pub(super) fn entry(position: u64, leaf: &Hash, text: Option<&str>) -> String {
    let leaf = STANDARD.encode(leaf);
    let text = text.unwrap_or("null");
    format!(r#"{{"position":{position},"leaf":"{leaf}","entry":{text}}}"#)
}

/// A line of a checkpoint.
pub(super) fn point(signed: &Signed) -> serde_json::Result<String> {
    serde_json::to_string(&Point { checkpoint: signed.note() })
}

/// A line of an entry that waits for its seal.
pub(super) fn unsealed(text: &str) -> String {
    format!(r#"{{"unsealed":{text}}}"#)
}

/// What the checker believes without being shown.
#[derive(Debug, Default)]
pub struct Trust {
    /// Keys; where there are none, those that the log names itself.
    pub keys: Vec<[u8; 32]>,
    /// Signed notes that were kept elsewhere: the log must hold at least what they say.
    pub notes: Vec<String>,
}

/// What was found in a log without a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Sealed entries.
    pub size: u64,
    /// Root over all of them.
    pub root: Hash,
    /// Checkpoints in the log whose root and signature fit.
    pub checkpoints: u64,
    /// Entries too young to be sealed.
    pub unsealed: u64,
    /// Keys that signed.
    pub keys: Vec<[u8; 32]>,
}

/// Reads a log to its end; the fault names the first line, and where there is one the position, that is wrong.
pub fn check(log: impl BufRead, trust: &Trust) -> anyhow::Result<Report> {
    let mut lines = Lines { log, number: 0, line: Vec::new() };
    ensure!(lines.next()?, "the log is empty");
    let keys = read_head(&lines.line, trust).context("line 1")?;
    let mut state = State::new(keys, trust)?;
    while lines.next()? {
        let taken = state.take(&lines.line);
        taken.with_context(|| format!("line {}", lines.number))?;
    }
    state.end()
}

struct Lines<R> {
    log: R,
    number: u64,
    line: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    fn next(&mut self) -> anyhow::Result<bool> {
        self.line.clear();
        self.number += 1;
        if self.log.read_until(b'\n', &mut self.line)? == 0 {
            return Ok(false);
        }
        ensure!(self.line.pop() == Some(b'\n'), "line {}: it is cut off", self.number);
        Ok(true)
    }
}

fn read_head(line: &[u8], trust: &Trust) -> anyhow::Result<Vec<[u8; 32]>> {
    let head: Head = serde_json::from_slice(line).context("not the head of an audit log")?;
    ensure!(
        head.format == FORMAT && serde_json::to_vec(&head)? == line,
        "not the head of an audit log of this version"
    );
    let keys: Option<Vec<_>> = head.keys.iter().map(|key| read_verifier_key(key)).collect();
    let keys = keys.context("a key that is none")?;
    let is_known = |key: &[u8; 32]| trust.keys.is_empty() || trust.keys.contains(key);
    ensure!(keys.iter().all(is_known), "signed by a key that is not trusted");
    Ok(keys)
}

struct State {
    keys: Vec<[u8; 32]>,
    /// Checkpoints kept elsewhere, smallest last.
    kept: Vec<Signed>,
    tree: Frontier,
    newest: Option<Signed>,
    checkpoints: u64,
    unsealed: u64,
}

impl State {
    fn new(keys: Vec<[u8; 32]>, trust: &Trust) -> anyhow::Result<Self> {
        let read = |note: &String| {
            let signed = Signed::read(note, &keys).filter(Signed::is_valid);
            signed.context("a kept checkpoint is not signed by a key of this log")
        };
        let mut kept = trust.notes.iter().map(read).collect::<anyhow::Result<Vec<_>>>()?;
        kept.sort_by_key(|signed| std::cmp::Reverse(signed.checkpoint.size));
        let tree = Frontier::default();
        Ok(Self { keys, kept, tree, newest: None, checkpoints: 0, unsealed: 0 })
    }

    fn take(&mut self, line: &[u8]) -> anyhow::Result<()> {
        if let Some(rest) = line.strip_prefix(br#"{"position":"#) {
            let position = self.tree.size();
            let taken = self.take_entry(rest);
            return taken.with_context(|| format!("position {position}"));
        }
        if line.starts_with(br#"{"checkpoint":"#) {
            return self.take_point(line);
        }
        if let Some(rest) = line.strip_prefix(br#"{"unsealed":"#) {
            return self.take_unsealed(rest);
        }
        bail!("neither an entry nor a checkpoint")
    }

    fn take_entry(&mut self, rest: &[u8]) -> anyhow::Result<()> {
        ensure!(self.unsealed == 0, "an entry after those that wait");
        let expected = format!("{},\"leaf\":\"", self.tree.size());
        let rest = rest.strip_prefix(expected.as_bytes());
        let rest = rest.context("another entry stands here: one was removed, added or moved")?;
        let (leaf, rest) = rest.split_at_checked(44).context("the line is cut")?;
        let text = rest.strip_prefix(br#"","entry":"#).and_then(|it| it.strip_suffix(b"}"));
        let text = text.context("not the line of an entry")?;
        ensure!(text != b"null", "the entry is gone");
        let hash = tree::leaf(text);
        let mut sealed = [0; 44];
        STANDARD.encode_slice(hash, &mut sealed)?;
        ensure!(sealed == leaf, "the entry is not the one that was sealed");
        self.tree.push(hash, |_, _| {});
        self.compare_kept()
    }

    /// Compares with the checkpoints of this size that were kept elsewhere.
    fn compare_kept(&mut self) -> anyhow::Result<()> {
        let is_due = |signed: &mut Signed| signed.checkpoint.size <= self.tree.size();
        while let Some(kept) = self.kept.pop_if(is_due) {
            ensure!(
                kept.checkpoint.root == self.tree.root(),
                "the entries up to here are not those of the checkpoint that was kept"
            );
        }
        Ok(())
    }

    fn take_point(&mut self, line: &[u8]) -> anyhow::Result<()> {
        ensure!(self.unsealed == 0, "a checkpoint after entries that wait");
        let point: Point = serde_json::from_slice(line).context("not a checkpoint")?;
        ensure!(serde_json::to_vec(&point)? == line, "not written as a checkpoint is");
        let signed = Signed::read(&point.checkpoint, &self.keys);
        let signed = signed.filter(Signed::is_valid).context("the signature does not fit")?;
        ensure!(
            signed.checkpoint.size == self.tree.size(),
            "a checkpoint of {} entries stands after {}",
            signed.checkpoint.size,
            self.tree.size()
        );
        let since = self.newest.as_ref().map_or(0, |newest| newest.checkpoint.size);
        ensure!(
            signed.checkpoint.root == self.tree.root(),
            "the entries from position {since} on are not those that were sealed"
        );
        self.newest = Some(signed);
        self.checkpoints += 1;
        Ok(())
    }

    fn take_unsealed(&mut self, rest: &[u8]) -> anyhow::Result<()> {
        let text = rest.strip_suffix(b"}").context("the line is cut")?;
        let when: When = serde_json::from_slice(text).context("not an entry")?;
        if let Some(newest) = &self.newest {
            let latest = newest.checkpoint.at - PATIENCE;
            ensure!(when.at > latest, "an entry of {} that was never sealed", when.at);
        }
        self.unsealed += 1;
        Ok(())
    }

    fn end(self) -> anyhow::Result<Report> {
        let sealed = self.newest.as_ref().map_or(0, |newest| newest.checkpoint.size);
        let size = self.tree.size();
        ensure!(sealed == size, "no checkpoint stands over the entries from position {sealed} on");
        if let Some(kept) = self.kept.first() {
            let most = kept.checkpoint.size;
            bail!("the log ends at position {size}; a checkpoint that was kept speaks of {most}");
        }
        let root = self.tree.root();
        let Self { checkpoints, unsealed, keys, .. } = self;
        Ok(Report { size, root, checkpoints, unsealed, keys })
    }
}

#[cfg(test)]
mod tests;
