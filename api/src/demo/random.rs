//! Chance from a fixed seed: every value and id of the demo comes out the same in every load.
//! No secret is made here.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::reference::named_id;

const SEED: u64 = 0x7468_6964_7561_2601;

/// A splitmix64 generator (Steele, Lea, Flood 2014).
pub(super) struct Random(u64);

impl Random {
    /// A generator of its own for everything that has a name, so that a new row moves no other.
    pub(super) fn of(name: &str) -> Self {
        // FNV-1a.
        let start = 0xcbf2_9ce4_8422_2325_u64;
        let hash = name
            .bytes()
            .fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(hash ^ SEED)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A whole number from the least to the most, both included.
    pub(super) fn between(&mut self, least: i64, most: i64) -> i64 {
        let width = most.abs_diff(least).saturating_add(1);
        least + i64::try_from(self.next() % width).unwrap_or_default()
    }

    /// True in so many of a hundred cases.
    pub(super) fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }
}

/// The id of a thing that the data files name.
pub(super) fn id(kind: &str, parts: &[&str]) -> Uuid {
    named_id(&format!("demo:{kind}:{}", parts.join(":")))
}

/// The id of a thing of a moment: it sorts by time like the ids of the gate.
pub(super) fn id_at(at: DateTime<Utc>, name: &str) -> Uuid {
    let mut random = Random::of(name);
    let mut bytes = [0; 10];
    for (byte, from) in bytes
        .iter_mut()
        .zip(random.next().to_be_bytes().into_iter().chain(random.next().to_be_bytes()))
    {
        *byte = from;
    }
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_gives_the_same_numbers() {
        let draw = |name: &str| {
            let mut random = Random::of(name);
            (0..8).map(|_| random.between(70, 130)).collect::<Vec<_>>()
        };

        assert_eq!(draw("a"), draw("a"));
        assert_ne!(draw("a"), draw("b"));
        assert!(draw("a").iter().all(|number| (70..=130).contains(number)));
    }

    #[test]
    fn a_later_id_is_greater() {
        let earlier = DateTime::from_timestamp_millis(1_795_219_200_000).unwrap();
        let later = DateTime::from_timestamp_millis(1_795_219_200_001).unwrap();

        assert!(id_at(earlier, "z") < id_at(later, "a"));
        assert_eq!(id_at(later, "a").get_version_num(), 7);
    }
}
