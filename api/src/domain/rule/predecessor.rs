//! What is recorded of the units that a collective continues after a merger or a split.
//! Pure. How it counts is set by Thông tư 15/2025/TT-BNV, whose text is not at hand: what holds or fails only because of
//! it is for a person to judge.

use super::facts::{Before, Facts, Verdict};
use super::finding::{Finding, Used, leaf as plain};
use super::kind::Kind;
use super::tree::Node;

/// Both together: the own record of a year stands before others, of others the best.
pub(super) fn joined(facts: &Facts, before: &Before) -> Facts {
    let mut joined = Facts { before: None, ..facts.clone() };
    joined.awards.extend(before.awards.iter().cloned());
    for (year, records) in &before.years {
        if let Some(best) = records.iter().max_by_key(|it| (it.rating, it.id)) {
            joined.years.entry(*year).or_insert_with(|| best.clone());
        }
    }
    joined
}

/// The same condition on the own records, and on all of them.
pub(super) fn blend<'r>(own: Finding<'r>, all: Finding<'r>, is_hidden: bool) -> Finding<'r> {
    let node = own.node;
    let Some(join) = group(node) else { return leaf(own, all, is_hidden) };
    let pairs = own.parts.into_iter().zip(all.parts);
    let parts: Vec<_> = pairs.map(|(own, all)| blend(own, all, is_hidden)).collect();
    let verdict = join(parts.iter().map(|part| part.verdict).collect());
    Finding { verdict, parts, note: own.note, ..bare(node, own.used, own.found) }
}

fn bare(node: &Node, used: Vec<Used>, found: Option<i32>) -> Finding<'_> {
    Finding { found, ..plain(node, Verdict::Unknown, used) }
}

/// How a condition follows from its parts; none where it does not, or where the parts differ with the facts.
fn group(node: &Node) -> Option<fn(Vec<Verdict>) -> Verdict> {
    match node.kind() {
        Kind::All(_) => Some(Verdict::all),
        Kind::Any(_) => Some(Verdict::any),
        Kind::Not(_) => Some(|parts| Verdict::all(parts).not()),
        Kind::Titles(..) | Kind::Other => None,
    }
}

fn leaf<'r>(own: Finding<'r>, all: Finding<'r>, is_hidden: bool) -> Finding<'r> {
    // Of what nobody shows the asker, nothing is known that would stand against it either.
    let is_history = matches!(own.node.kind(), Kind::Titles(..));
    let is_open = is_hidden && is_history && own.verdict == Verdict::Failed;
    if own.verdict == all.verdict && !is_open {
        return own;
    }
    let parts = all.parts.into_iter().map(doubted).collect();
    Finding {
        verdict: Verdict::Unknown,
        rests_before: true,
        note: all.note,
        parts,
        ..bare(own.node, all.used, all.found)
    }
}

/// What holds by records of which it is open whether they count is open too.
pub(super) fn doubted(finding: Finding<'_>) -> Finding<'_> {
    let verdict = finding.verdict.min(Verdict::Unknown);
    let parts = finding.parts.into_iter().map(doubted).collect();
    let (note, confirmed) = (finding.note, finding.confirmed);
    Finding { verdict, note, confirmed, parts, ..bare(finding.node, finding.used, finding.found) }
}
