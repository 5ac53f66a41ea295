//! What holds of every comparison, whatever was reported.
//! Worked examples are in `tests`; nothing is read from a database here.

use std::{cmp::Ordering, collections::HashMap};

use proptest::{collection::vec, option, prelude::*};

use super::{
    hash::inputs_hash,
    rules::{Criterion, Entry, Input, Layer, Row, Table, TieRule, compare},
    tests::{criterion, d, id, input, measure},
};
use crate::{
    domain::criterion::{
        formula::Rounding,
        rules::{Kind, Measure, Step},
    },
    scalar::Decimal,
};

const MEMBERS: [&str; 7] = ["a", "b", "c", "d", "e", "f", "g"];

fn criteria() -> Vec<Criterion> {
    let steps = vec![
        Step { from: d("25"), to: Some(d("50")), points: d("1") },
        Step { from: d("50"), to: None, points: d("2") },
    ];
    let (bonus, penalty, min, max) = (d("1"), d("1"), d("-2"), d("2"));
    vec![
        criterion("", "g", "10", Kind::Group),
        criterion("g", "h", "4", Kind::Group),
        criterion("g", "direct", "3", Kind::Direct),
        criterion("h", "target", "2", Kind::Quantitative { with_target: true }),
        criterion("h", "actual", "2", Kind::Quantitative { with_target: false }),
        criterion("g", "met", "1", Kind::Qualitative),
        criterion("g", "fixed", "2", Kind::Fixed { points_per_unit: d("1") }),
        criterion("", "bonus", "2", Kind::BonusPenalty { bonus, penalty, min, max }),
        criterion("", "ratio", "2", Kind::Ratio),
        criterion("", "step", "2", Kind::Step { steps }),
        criterion("", "all", "1", Kind::AllOrNothing),
    ]
}

/// A valid measure of a kind out of two small numbers, so that ties are frequent.
fn fitting(kind: &Kind, a: u8, b: u8) -> Measure {
    let (a, b, sum) = (a.to_string(), b.to_string(), (a + b).to_string());
    match kind {
        Kind::Group | Kind::Sample { .. } => Measure::default(),
        Kind::Direct | Kind::Quantitative { with_target: false } | Kind::Fixed { .. } => {
            measure(&a, "")
        }
        Kind::Quantitative { with_target: true } | Kind::BonusPenalty { .. } => measure(&a, &b),
        Kind::Qualitative => Measure { met: Some(a > b), ..Measure::default() },
        Kind::Ratio | Kind::Step { .. } | Kind::AllOrNothing => measure(&a, &sum),
    }
}

fn layer() -> impl Strategy<Value = Layer> {
    prop_oneof![Just(Layer::Own), Just(Layer::Peer), Just(Layer::Verified)]
}

fn rule() -> impl Strategy<Value = TieRule> {
    let by_code = |code: &str| Just(TieRule::Criterion(code.to_owned()));
    let (direct, group) = (by_code("direct"), by_code("h"));
    let other = [Just(TieRule::PreviousRank), Just(TieRule::Ballot), Just(TieRule::Shared)];
    let [previous, ballot, shared] = other;
    prop_oneof![3 => direct, 3 => group, 3 => previous, 2 => ballot, 1 => shared]
}

/// Every member reports nearly everything; some of it is assessed by others.
fn cluster() -> impl Strategy<Value = Input> {
    let reported = vec((option::weighted(0.97, 0..3_u8), 0..3_u8), 77);
    let assessed = vec((0..11_usize, 0..7_usize, layer(), 0..3_u8, (0..3_u8, 0..3_u8)), 0..30);
    let ranks = vec(option::of(1..4_u32), 7);
    let ballot = option::of(vec(1..5_i32, 7));
    (1..=7_usize, reported, assessed, ranks, ballot, vec(rule(), 0..4)).prop_map(
        |(size, reported, assessed, ranks, ballot, tie_rules)| {
            let mut input = Input { tie_rules, ..input(criteria(), &MEMBERS[..size]) };
            let places = (0..77).map(|place| (&input.criteria[place / 7], place % 7));
            let own = places.zip(reported).filter_map(|((leaf, member), (a, b))| {
                Some(entry(leaf, member, Layer::Own, (a?, b)))
            });
            input.entries = own.collect();
            for (leaf, member, layer, assessor, numbers) in assessed {
                let assessor = id(["p", "q", "r"][usize::from(assessor)]);
                let entry = entry(&input.criteria[leaf], member, layer, numbers);
                input.entries.push(Entry { assessor, ..entry });
            }
            for (member, rank) in input.members.iter_mut().zip(ranks) {
                member.previous_rank = rank;
            }
            let ballot = ballot.into_iter().flatten();
            input.ballot = MEMBERS.map(id).into_iter().zip(ballot).collect();
            input
        },
    )
}

fn entry(leaf: &Criterion, member: usize, layer: Layer, (a, b): (u8, u8)) -> Entry {
    let measure = fitting(&leaf.kind, a, b);
    Entry { criterion: leaf.id, member: id(MEMBERS[member]), layer, assessor: id("own"), measure }
}

fn by_member(table: &Table) -> HashMap<uuid::Uuid, Row> {
    table.rows.iter().map(|row| (row.member, row.clone())).collect()
}

fn sum(points: impl IntoIterator<Item = Option<Decimal>>) -> Option<Decimal> {
    let known: Vec<Decimal> = points.into_iter().flatten().collect();
    if known.is_empty() { None } else { Decimal::sum(known) }
}

fn points(row: &Row, code: &str) -> Option<Decimal> {
    let cells = row.cells.iter().map(|cell| (cell.criterion, cell.final_points));
    let groups = row.subtotals.iter().map(|group| (group.criterion, group.points));
    cells.chain(groups).find(|(known, _)| *known == id(code)).unwrap().1
}

/// The order of two members of equal total, straight from the declaration.
fn declared(input: &Input, one: &Row, other: &Row) -> Ordering {
    for rule in &input.tie_rules {
        let order = match rule {
            TieRule::Criterion(code) => points(other, code).cmp(&points(one, code)),
            TieRule::PreviousRank => {
                let key = |row: &Row| row.previous_rank.unwrap_or(u32::MAX);
                key(one).cmp(&key(other))
            }
            TieRule::Ballot => input.ballot.get(&one.member).cmp(&input.ballot.get(&other.member)),
            TieRule::Shared => return Ordering::Equal,
        };
        if order.is_ne() {
            return order;
        }
    }
    Ordering::Equal
}

/// The drivers of a ranked member, by ranking everyone once more for each criterion.
fn drivers_anew(table: &Table, row: &Row) -> Vec<(String, i64, Decimal)> {
    let ranked = || table.rows.iter().filter(|other| other.rank.is_some());
    let above = |total: Option<Decimal>| {
        let others = ranked().filter(|other| other.member != row.member);
        i64::try_from(others.filter(|other| other.total > total).count()).unwrap()
    };
    let driver = |leaf: &Criterion| {
        let mut all: Vec<Decimal> = ranked().filter_map(|row| points(row, &leaf.code)).collect();
        all.sort();
        let middle = [all[(all.len() - 1) / 2], all[all.len() / 2]];
        let median = Rounding::default().mean(&middle).unwrap();
        let moved = points(row, &leaf.code).unwrap().checked_sub(median).unwrap();
        let without = row.total.unwrap().checked_sub(moved);
        (leaf.code.clone(), above(without) - above(row.total), moved)
    };
    let leaves = criteria().into_iter().filter(|leaf| !leaf.kind.is_group());
    let mut all: Vec<_> = leaves.map(|leaf| driver(&leaf)).collect();
    all.retain(|(_, _, moved)| *moved != Decimal::ZERO);
    all.sort_by_key(|(code, places, moved)| (-places.abs(), -moved.units().abs(), code.clone()));
    all.truncate(3);
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_order_of_what_is_given_changes_nothing(
        (given, criteria, members, entries) in cluster().prop_flat_map(|input| {
            let criteria = Just(input.criteria.clone()).prop_shuffle();
            let members = Just(input.members.clone()).prop_shuffle();
            let entries = Just(input.entries.clone()).prop_shuffle();
            (Just(input), criteria, members, entries)
        }),
    ) {
        let shuffled = Input { criteria, members, entries, ..given.clone() };

        let (one, other) = (compare(&given), compare(&shuffled));
        prop_assert_eq!(by_member(&one), by_member(&other));
        prop_assert_eq!(one.completeness, other.completeness);
        prop_assert_eq!(inputs_hash(&given), inputs_hash(&shuffled));
    }

    #[test]
    fn totals_and_subtotals_are_sums(input in cluster()) {
        for row in compare(&input).rows {
            prop_assert_eq!(row.total, sum(row.cells.iter().map(|cell| cell.final_points)));
            let quantities = ["target", "actual"].map(|code| points(&row, code));
            prop_assert_eq!(points(&row, "h"), sum(quantities));
            let work = ["h", "direct", "met", "fixed"].map(|code| points(&row, code));
            prop_assert_eq!(points(&row, "g"), sum(work));
        }
    }

    #[test]
    fn a_member_has_a_rank_once_nothing_is_missing(input in cluster()) {
        let table = compare(&input);
        for row in &table.rows {
            let missing = row.cells.iter().filter(|cell| cell.final_points.is_none()).count();
            prop_assert_eq!(row.missing.len(), missing);
            prop_assert_eq!(row.is_complete, missing == 0);
            prop_assert_eq!(row.rank.is_some(), row.is_complete);
            prop_assert_eq!(table.completeness.members_incomplete.contains(&row.member), missing > 0);
        }
        let ranks: Vec<u32> = table.rows.iter().filter_map(|row| row.rank).collect();
        for (rank, place) in ranks.iter().zip(1..) {
            let better = ranks.iter().filter(|other| *other < rank).count();
            prop_assert_eq!(usize::try_from(*rank).unwrap(), better + 1);
            prop_assert!(*rank <= place);
        }
    }

    #[test]
    fn totals_come_first_and_ties_break_as_declared(input in cluster()) {
        let table = compare(&input);
        let ranked: Vec<&Row> = table.rows.iter().filter(|row| row.rank.is_some()).collect();
        for (one, other) in ranked.iter().flat_map(|one| ranked.iter().map(move |two| (one, two))) {
            let by_total = other.total.cmp(&one.total);
            let expected = by_total.then_with(|| declared(&input, one, other));
            prop_assert_eq!(one.rank.cmp(&other.rank), expected);
        }
        for row in ranked {
            let shared = table.rows.iter().filter(|other| other.rank == row.rank).count() > 1;
            prop_assert_eq!(row.is_tied, shared);
            let decided = row.tie_break.iter().filter(|step| step.decided).count();
            prop_assert_eq!(decided, usize::from(!shared && !row.tie_break.is_empty()));
        }
    }

    #[test]
    fn drivers_tell_what_ranking_anew_would_tell(input in cluster()) {
        let table = compare(&input);
        for row in &table.rows {
            let anew = row.rank.map(|_| drivers_anew(&table, row)).unwrap_or_default();
            let told = row.drivers.iter().map(|one| (one.code.clone(), one.places, one.points));
            prop_assert_eq!(told.collect::<Vec<_>>(), anew);
        }
    }

    #[test]
    fn the_same_input_has_the_same_table_and_hash(input in cluster()) {
        let again = input.clone();

        prop_assert_eq!(compare(&again), compare(&input));
        prop_assert_eq!(inputs_hash(&again), inputs_hash(&input));
    }

    #[test]
    fn one_measure_more_or_less_is_another_hash(input in cluster(), place: prop::sample::Index) {
        prop_assume!(!input.entries.is_empty());
        let place = place.index(input.entries.len());
        let mut changed = input.clone();
        changed.entries[place].measure.value = Some(d("123.4567"));
        let mut fewer = input.clone();
        fewer.entries.remove(place);

        prop_assert_ne!(inputs_hash(&changed), inputs_hash(&input));
        prop_assert_ne!(inputs_hash(&fewer), inputs_hash(&input));
    }
}
