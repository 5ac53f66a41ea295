//! Ranks members by their totals and parts those of equal total by the tie rules.
//! No points are worked out, and no async, SQL, roles or GraphQL enter here.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use super::{
    cells::{Scored, Tree},
    rules::{Input, TieRule, TieStep},
};
use crate::scalar::Decimal;

/// Where a member stands; without a rank it stands nowhere.
#[derive(Default)]
pub(super) struct Place {
    pub(super) rank: Option<u32>,
    pub(super) gap_to_next: Option<Decimal>,
    pub(super) is_tied: bool,
    pub(super) tie_break: Vec<TieStep>,
}

/// A member that takes part in the ranking.
struct Runner<'a> {
    scored: &'a Scored<'a>,
    total: Decimal,
    tie_break: Vec<TieStep>,
}

impl Runner<'_> {
    const fn id(&self) -> Uuid {
        self.scored.member.id
    }
}

/// Members that nothing has parted yet.
type Block<'a> = Vec<Runner<'a>>;

/// The places of the members that are complete (standard competition ranking: 1, 1, 3).
pub(super) fn places(
    scored: &[Scored<'_>],
    tree: &Tree<'_>,
    input: &Input,
) -> HashMap<Uuid, Place> {
    let runners = scored.iter().filter_map(|scored| {
        Some(Runner { scored, total: scored.ranked_total()?, tie_break: Vec::new() })
    });
    let mut blocks = parted(runners.collect(), |runner| Some(most_first(runner.total)));
    for rule in &input.tie_rules {
        blocks = blocks.into_iter().flat_map(|block| applied(rule, block, tree, input)).collect();
        if *rule == TieRule::Shared {
            break;
        }
    }
    numbered(blocks)
}

/// Applies one rule to members that are tied, and leaves the step with each of them.
fn applied<'a>(rule: &TieRule, block: Block<'a>, tree: &Tree<'_>, input: &Input) -> Vec<Block<'a>> {
    if block.len() < 2 {
        return vec![block];
    }
    let mut tied: Vec<Uuid> = block.iter().map(Runner::id).collect();
    tied.sort_unstable();
    let is_balloted = tied.iter().all(|id| input.ballot.contains_key(id));
    let key = |runner: &Runner<'_>| match rule {
        TieRule::Criterion(code) => runner.scored.points(tree.find(code)?).map(most_first),
        TieRule::PreviousRank => runner.scored.member.previous_rank.map(i128::from),
        TieRule::Ballot if is_balloted => input.ballot.get(&runner.id()).copied().map(i128::from),
        TieRule::Ballot | TieRule::Shared => None,
    };
    let mut blocks = parted(block, key);
    for block in &mut blocks {
        let decided = block.len() == 1;
        for runner in block {
            let with = tied.iter().copied().filter(|id| *id != runner.id()).collect();
            runner.tie_break.push(TieStep { rule: rule.clone(), with, decided });
        }
    }
    blocks
}

/// Blocks of equal key: the smallest first, those without a key last.
fn parted<'a>(block: Block<'a>, key: impl Fn(&Runner<'a>) -> Option<i128>) -> Vec<Block<'a>> {
    let mut parts: BTreeMap<(bool, Option<i128>), Block<'a>> = BTreeMap::new();
    for runner in block {
        let key = key(&runner);
        parts.entry((key.is_none(), key)).or_default().push(runner);
    }
    parts.into_values().collect()
}

fn most_first(points: Decimal) -> i128 {
    -i128::from(points.units())
}

fn numbered(blocks: Vec<Block<'_>>) -> HashMap<Uuid, Place> {
    let mut places = HashMap::new();
    let mut next = 1;
    let mut above: Option<Decimal> = None;
    for block in blocks {
        let (rank, is_tied) = (Some(next), block.len() > 1);
        let total = block.first().map(|runner| runner.total);
        for Runner { scored, total, tie_break } in block {
            let gap_to_next = above.and_then(|above| above.checked_sub(total));
            places.insert(scored.member.id, Place { rank, gap_to_next, is_tied, tie_break });
            next += 1;
        }
        above = total;
    }
    places
}
