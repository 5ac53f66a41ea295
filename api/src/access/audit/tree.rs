//! The Merkle tree of RFC 6962, section 2.1: how hashes are made and which of them prove what. Pure.
//! No entry and no database enters here.

use std::ops::Range;

use aws_lc_rs::digest::{Context, SHA256};

/// A SHA-256.
pub type Hash = [u8; 32];

/// The hash of a leaf.
#[must_use]
pub fn leaf(content: &[u8]) -> Hash {
    hash(&[&[0], content])
}

fn parent(left: &Hash, right: &Hash) -> Hash {
    hash(&[&[1], left, right])
}

fn hash(parts: &[&[u8]]) -> Hash {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    let mut hash = Hash::default();
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// Where a complete subtree of 2^level leaves stands: it is the `index`-th of its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// Steps above the leaves.
    pub level: u32,
    /// How many of the same size stand before it.
    pub index: u64,
}

/// A growing tree: its size and the complete subtrees it is made of, greatest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The tree of so many leaves, whose peaks stand at [`peaks`]; none when their number is not right.
    #[must_use]
    pub fn new(size: u64, peaks: Vec<Hash>) -> Option<Self> {
        let count = usize::try_from(size.count_ones()).ok()?;
        (peaks.len() == count).then_some(Self { size, peaks })
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf; tells of each complete subtree that comes to be by it, the leaf first.
    pub fn push(&mut self, leaf: Hash, mut made: impl FnMut(Place, &Hash)) {
        let mut hash = leaf;
        made(Place { level: 0, index: self.size }, &hash);
        for level in 0..self.size.trailing_ones() {
            let Some(left) = self.peaks.pop() else { break };
            hash = parent(&left, &hash);
            made(Place { level: level + 1, index: self.size >> (level + 1) }, &hash);
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The hash of the whole tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        fold(&self.peaks).unwrap_or_else(|| hash(&[]))
    }
}

/// The hash of neighbouring subtrees of falling size.
pub(super) fn fold(peaks: &[Hash]) -> Option<Hash> {
    let mut from_right = peaks.iter().rev();
    let last = *from_right.next()?;
    Some(from_right.fold(last, |right, left| parent(left, &right)))
}

/// The complete subtrees that leaves from an aligned start on are made of, greatest first.
#[must_use]
pub fn peaks(leaves: &Range<u64>) -> Vec<Place> {
    let mut places = Vec::new();
    let mut start = leaves.start;
    while start < leaves.end {
        let level = (leaves.end - start).ilog2();
        places.push(Place { level, index: start >> level });
        start += 1 << level;
    }
    places
}

/// The subtrees whose hashes, in this order, lead from a leaf to the root (PATH).
#[must_use]
pub fn inclusion(leaf: u64, size: u64) -> Vec<Range<u64>> {
    let (mut low, mut high) = (0, size);
    let mut path = Vec::new();
    while high - low > 1 {
        let middle = low + split(high - low);
        if leaf < middle {
            path.push(middle..high);
            high = middle;
        } else {
            path.push(low..middle);
            low = middle;
        }
    }
    path.reverse();
    path
}

/// The subtrees whose hashes prove that a tree grew out of a smaller one (PROOF).
#[must_use]
pub fn consistency(old: u64, size: u64) -> Vec<Range<u64>> {
    let (mut low, mut high) = (0, size);
    let mut path = Vec::new();
    while old < high {
        let middle = low + split(high - low);
        if old <= middle {
            path.push(middle..high);
            high = middle;
        } else {
            path.push(low..middle);
            low = middle;
        }
    }
    // The old root itself is known to whoever asks.
    if low > 0 {
        path.push(low..high);
    }
    path.reverse();
    path
}

/// The greatest power of two below a number of leaves.
fn split(leaves: u64) -> u64 {
    1 << (leaves - 1).checked_ilog2().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    /// MTH of the RFC, word for word.
    fn slow(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => hash(&[]),
            [one] => *one,
            more => {
                let (left, right) = more.split_at(more.len().next_power_of_two() / 2);
                parent(&slow(left), &slow(right))
            }
        }
    }

    fn leaves(count: u64) -> Vec<Hash> {
        (0..count).map(|number| leaf(&number.to_be_bytes())).collect()
    }

    /// The tree of so many leaves, and every complete subtree in it.
    fn grown(count: u64) -> (Frontier, HashMap<Place, Hash>) {
        let (mut tree, mut nodes) = (Frontier::default(), HashMap::new());
        for leaf in leaves(count) {
            tree.push(leaf, |place, hash| {
                assert_eq!(nodes.insert(place, *hash), None, "made once");
            });
        }
        (tree, nodes)
    }

    #[test]
    fn roots_are_those_of_the_rfc() {
        for count in 0..70 {
            let (tree, nodes) = grown(count);
            assert_eq!(tree.root(), slow(&leaves(count)), "{count} leaves");
            let kept = peaks(&(0..count)).iter().map(|place| nodes[place]).collect();
            assert_eq!(Frontier::new(count, kept), Some(tree));
        }
    }

    #[test]
    fn known_roots_stand() {
        // The test vectors of the first certificate transparency implementation.
        assert_eq!(
            hex::encode(Frontier::default().root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        let mut tree = Frontier::default();
        tree.push(leaf(b""), |_, _| {});
        assert_eq!(
            hex::encode(tree.root()),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        );
        tree.push(leaf(&[0]), |_, _| {});
        assert_eq!(
            hex::encode(tree.root()),
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
        );
    }

    proptest! {
        #[test]
        fn every_part_of_a_proof_is_made_of_kept_subtrees(size in 1_u64..300, at: u64) {
            let (_, nodes) = grown(size);
            let all = leaves(size);
            let at = at % size;
            for range in inclusion(at, size).into_iter().chain(consistency(at + 1, size)) {
                let kept: Vec<_> = peaks(&range).iter().map(|place| nodes[place]).collect();
                let span = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
                prop_assert_eq!(fold(&kept), Some(slow(&all[span])));
            }
            prop_assert!(consistency(size, size).is_empty());
        }
    }
}
