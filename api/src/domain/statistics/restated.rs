//! Structure that changed: what belongs together when closed units and tenants count with those that continue them.
//! No total is read here.

use std::collections::{HashMap, HashSet};

use entity::{unit_above, unit_lineage};
use uuid::Uuid;

/// The years for which a unit sits in a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stay {
    pub(super) cluster: Uuid,
    pub(super) first: i32,
    /// None: to this day.
    pub(super) last: Option<i32>,
}

impl Stay {
    pub(super) fn holds(self, year: i32) -> bool {
        self.first <= year && self.last.is_none_or(|last| year <= last)
    }
}

/// Units of a tenant and how they continue each other.
pub(super) struct Structure {
    /// Units that continue a unit.
    after: HashMap<Uuid, Vec<Uuid>>,
    /// Units above a unit, the nearest first, itself included.
    above: HashMap<Uuid, Vec<Uuid>>,
}

impl Structure {
    pub(super) fn new(mut pairs: Vec<unit_above::Model>, lines: &[unit_lineage::Model]) -> Self {
        pairs.sort_by_key(|pair| pair.depth);
        let mut above: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        for pair in pairs {
            above.entry(pair.unit_id).or_default().push(pair.above_id);
        }
        Self {
            after: continued(lines.iter().map(|it| (it.predecessor_id, it.successor_id))),
            above,
        }
    }

    /// For each unit whose awards count below a unit: the unit directly below it where they count, or itself.
    pub(super) fn within(&self, top: Uuid) -> HashMap<Uuid, Vec<Uuid>> {
        let mut found = HashMap::new();
        for unit in self.above.keys() {
            let mut places: Vec<Uuid> =
                self.final_units(*unit).into_iter().filter_map(|it| self.place(it, top)).collect();
            places.sort();
            places.dedup();
            if !places.is_empty() {
                found.insert(*unit, places);
            }
        }
        found
    }

    /// For each unit the clusters in which it or a unit above it sits.
    pub(super) fn stays(&self, seats: &HashMap<Uuid, Vec<Stay>>) -> HashMap<Uuid, Vec<Stay>> {
        let of_line = |line: &[Uuid]| -> Vec<Stay> {
            line.iter().filter_map(|above| seats.get(above)).flatten().copied().collect()
        };
        let lines = self.above.iter().map(|(unit, line)| (*unit, of_line(line)));
        lines.filter(|(_, stays)| !stays.is_empty()).collect()
    }

    /// The unit directly below `top` in which a unit lies; none when it lies elsewhere.
    fn place(&self, unit: Uuid, top: Uuid) -> Option<Uuid> {
        let line = self.above.get(&unit)?;
        let at = line.iter().position(|above| *above == top)?;
        line.get(at.saturating_sub(1)).copied()
    }

    /// The units that continue a unit, or the nearest unit above it that is continued; itself when none is.
    fn final_units(&self, unit: Uuid) -> HashSet<Uuid> {
        let line = self.above.get(&unit).map(Vec::as_slice).unwrap_or_default();
        match line.iter().find(|above| self.after.contains_key(above)) {
            Some(closed) => ends(*closed, &self.after),
            None => HashSet::from([unit]),
        }
    }
}

/// Who continues whom.
pub(super) fn continued(pairs: impl Iterator<Item = (Uuid, Uuid)>) -> HashMap<Uuid, Vec<Uuid>> {
    let mut after: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (before, next) in pairs {
        after.entry(before).or_default().push(next);
    }
    after
}

/// Those at the ends of the lines that begin with one.
pub(super) fn ends(first: Uuid, after: &HashMap<Uuid, Vec<Uuid>>) -> HashSet<Uuid> {
    let (mut found, mut seen, mut open) = (HashSet::new(), HashSet::new(), vec![first]);
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        match after.get(&id) {
            Some(next) => open.extend(next),
            None => {
                found.insert(id);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    /// 1 is the root; 2 and 3 were merged into 4, 5 was split into 6 and 7; 8 lay below 2.
    fn structure() -> Structure {
        let mut pairs = Vec::new();
        let mut put = |unit: u128, line: &[u128]| {
            for (depth, above) in (0..).zip(line) {
                pairs.push(unit_above::Model {
                    tenant_id: id(0),
                    above_id: id(*above),
                    unit_id: id(unit),
                    depth,
                });
            }
        };
        put(1, &[1]);
        for unit in 2..=7 {
            put(unit, &[unit, 1]);
        }
        put(8, &[8, 2, 1]);
        let line = |before: u128, after: u128| unit_lineage::Model {
            tenant_id: id(0),
            predecessor_id: id(before),
            successor_id: id(after),
            effective_on: chrono::NaiveDate::default(),
        };
        Structure::new(pairs, &[line(2, 4), line(3, 4), line(5, 6), line(5, 7)])
    }

    #[test]
    fn what_was_merged_counts_with_the_one_that_continues_it() {
        let within = structure().within(id(4));
        let mut units: Vec<_> = within.keys().copied().collect();
        units.sort();
        assert_eq!(units, [2, 3, 4, 8].map(id));
        assert!(structure().within(id(2)).is_empty());
    }

    #[test]
    fn a_unit_sits_where_those_above_it_sit() {
        let stay = |cluster: u128, first, last| Stay { cluster: id(cluster), first, last };
        let seats = HashMap::from([
            (id(2), vec![stay(20, 2021, Some(2022))]),
            (id(8), vec![stay(21, 2022, None)]),
        ]);
        let stays = structure().stays(&seats);
        assert_eq!(stays[&id(8)], [stay(21, 2022, None), stay(20, 2021, Some(2022))]);
        assert_eq!((stays[&id(2)].len(), stays.get(&id(3))), (1, None));
        assert!(stay(20, 2021, Some(2022)).holds(2022) && !stay(20, 2021, Some(2022)).holds(2023));
    }

    #[test]
    fn what_was_split_counts_with_each() {
        let within = structure().within(id(1));
        assert_eq!(within[&id(5)], [6, 7].map(id));
        assert_eq!(within[&id(8)], [id(4)]);
        assert_eq!(within[&id(1)], [id(1)]);
        assert_eq!(structure().within(id(6)).len(), 2);
    }
}
