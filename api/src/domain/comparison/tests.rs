//! What a comparison says of small clusters that can be worked out by hand.
//! Properties of all clusters are in `properties`; nothing is read from a database here.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::rules::{
    Criterion, Driver, Entry, Input, Layer, Member, Row, Table, TieRule, TieStep, compare,
};
use crate::{
    domain::criterion::{
        formula::Rounding,
        rules::{Kind, Measure, Step},
    },
    scalar::Decimal,
};

pub(super) fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// The id of whatever has this short name.
pub(super) fn id(name: &str) -> Uuid {
    Uuid::from_u128(name.bytes().fold(0, |number, byte| number << 8 | u128::from(byte)))
}

pub(super) fn input(criteria: Vec<Criterion>, members: &[&str]) -> Input {
    Input {
        set: id("set"),
        revision: 1,
        rounding: Rounding::default(),
        tie_rules: Vec::new(),
        criteria,
        members: members.iter().map(|name| Member { id: id(name), previous_rank: None }).collect(),
        entries: Vec::new(),
        ballot: BTreeMap::new(),
    }
}

/// A criterion in a group, placed by its code.
pub(super) fn criterion(parent: &str, code: &str, max: &str, kind: Kind) -> Criterion {
    let parent = (!parent.is_empty()).then(|| id(parent));
    Criterion { id: id(code), code: code.to_owned(), parent, position: 0, max: d(max), kind }
}

pub(super) fn measure(value: &str, reference: &str) -> Measure {
    Measure { value: Decimal::parse(value), reference: Decimal::parse(reference), met: None }
}

/// Points given to "member code" by the member itself.
fn cluster(members: &[&str], codes: &[&str], given: &[&[&str]]) -> Input {
    let leaves = codes.iter().map(|code| criterion("", code, "100", Kind::Direct)).collect();
    let mut input = input(leaves, members);
    for (member, points) in members.iter().zip(given) {
        for (code, points) in codes.iter().zip(*points) {
            add(&mut input, &format!("{member} {code}"), Layer::Own, measure(points, ""));
        }
    }
    input
}

/// One more measure of "member code", by an assessor of its own.
fn add(input: &mut Input, place: &str, layer: Layer, measure: Measure) {
    let assessor = Uuid::from_u128(u128::try_from(input.entries.len()).unwrap());
    let (member, code) = place.split_once(' ').unwrap();
    let (criterion, member) = (id(code), id(member));
    input.entries.push(Entry { criterion, member, layer, assessor, measure });
}

fn row<'a>(table: &'a Table, member: &str) -> &'a Row {
    table.rows.iter().find(|row| row.member == id(member)).unwrap()
}

/// "rank total" in the order of the rows; "-" for nothing.
fn ranks(table: &Table) -> Vec<String> {
    let shown = |rank: Option<u32>| rank.map_or("-".to_owned(), |rank| rank.to_string());
    let line = |row: &Row| format!("{} {}", shown(row.rank), text(row.total));
    table.rows.iter().map(line).collect()
}

fn text(points: Option<Decimal>) -> String {
    points.map_or("-".to_owned(), |points| points.to_string())
}

/// Self, peer, verified and final points of a member for a criterion.
fn cell(table: &Table, member: &str, code: &str) -> [String; 4] {
    let cell = *row(table, member).cells.iter().find(|cell| cell.criterion == id(code)).unwrap();
    [cell.self_points, cell.peer_points, cell.verified_points, cell.final_points].map(text)
}

/// The tie steps of a member as "rule with decided".
fn steps(table: &Table, member: &str) -> Vec<String> {
    let line = |step: &TieStep| {
        let name = |id: &Uuid| {
            String::from_utf8(id.into_bytes().into_iter().filter(|byte| *byte > 0).collect())
        };
        let with: Vec<String> = step.with.iter().map(|id| name(id).unwrap()).collect();
        format!("{} {} {}", step.rule, with.join("+"), step.decided)
    };
    row(table, member).tie_break.iter().map(line).collect()
}

pub(super) fn tied(rules: &[&str]) -> Input {
    let given: [&[&str]; 4] = [&["10", "20"], &["15", "15"], &["15", "15"], &["40", "0"]];
    let mut input = cluster(&["a", "b", "c", "d"], &["x", "y"], &given);
    input.tie_rules = rules.iter().map(|rule| rule.parse().unwrap()).collect();
    input
}

#[test]
fn the_quantitative_kind_spans_the_cluster() {
    let kind = Kind::Quantitative { with_target: true };
    let mut input = input(vec![criterion("", "q", "10", kind)], &["a", "b", "c", "d"]);
    for (member, actual) in [("a", "80"), ("b", "100"), ("c", "120"), ("d", "150")] {
        add(&mut input, &format!("{member} q"), Layer::Own, measure(actual, "100"));
    }

    assert_eq!(ranks(&compare(&input)), ["1 10", "2 7", "3 5", "4 4"]);
}

#[test]
fn points_add_up_by_group_in_the_order_of_the_tree() {
    let steps = vec![
        Step { from: d("88"), to: Some(d("90")), points: d("2") },
        Step { from: d("90"), to: None, points: d("3") },
    ];
    let mut criteria = vec![
        criterion("5", "5.2", "5", Kind::Step { steps }),
        criterion("0", "2", "40", Kind::Ratio),
        criterion("5", "5.1", "5", Kind::AllOrNothing),
        criterion("0", "5", "10", Kind::Group),
        criterion("", "0", "50", Kind::Group),
        criterion("", "empty", "0", Kind::Group),
    ];
    criteria[1].position = 9;
    let mut input = input(criteria, &["a"]);
    add(&mut input, "a 2", Layer::Own, measure("850", "1000"));
    add(&mut input, "a 5.2", Layer::Own, measure("90", "100"));

    let table = compare(&input);
    let row = row(&table, "a");
    let codes: Vec<Uuid> = row.cells.iter().map(|cell| cell.criterion).collect();
    let groups: Vec<_> = row.subtotals.iter().map(|one| (one.criterion, one.points)).collect();
    assert_eq!(codes, [id("5.1"), id("5.2"), id("2")]);
    assert_eq!(groups, [(id("0"), Some(d("37"))), (id("5"), Some(d("3"))), (id("empty"), None)]);
    assert_eq!((row.total, row.missing.as_slice()), (Some(d("37")), &["5.1".to_owned()][..]));
}

#[test]
fn missing_is_not_zero() {
    let given: [&[&str]; 4] = [&["0", "0"], &["90"], &[], &["1", "2"]];
    let table = compare(&cluster(&["a", "b", "c", "d"], &["x", "y"], &given));

    assert_eq!(ranks(&table), ["1 3", "2 0", "- 90", "- -"]);
    assert!(row(&table, "a").is_complete);
    assert_eq!(row(&table, "b").missing, ["y"]);
    assert_eq!(row(&table, "c").missing, ["x", "y"]);
    assert_eq!(cell(&table, "c", "x"), ["-", "-", "-", "-"]);
    assert_eq!((table.completeness.expected, table.completeness.reported), (8, 5));
    assert_eq!(table.completeness.members_incomplete, [id("b"), id("c")]);
}

#[test]
fn the_verified_measure_counts_before_the_peers_and_these_before_its_own() {
    let mut input = cluster(&["a", "b", "c"], &["x"], &[&["90"], &["80"], &["70"]]);
    for (layer, points) in [(Layer::Peer, "60"), (Layer::Peer, "61"), (Layer::Verified, "50")] {
        add(&mut input, "a x", layer, measure(points, ""));
    }
    for points in ["70", "71", "71"] {
        add(&mut input, "b x", Layer::Peer, measure(points, ""));
    }

    let table = compare(&input);
    assert_eq!(cell(&table, "a", "x"), ["90", "60.5", "50", "50"]);
    assert_eq!(cell(&table, "b", "x"), ["80", "70.67", "-", "70.67"]);
    assert_eq!(cell(&table, "c", "x"), ["70", "-", "-", "70"]);
}

#[test]
fn final_points_are_measured_against_what_was_verified_of_the_others() {
    let kind = Kind::Quantitative { with_target: false };
    let mut input = input(vec![criterion("", "q", "10", kind)], &["a", "b"]);
    add(&mut input, "a q", Layer::Own, measure("200", ""));
    add(&mut input, "b q", Layer::Own, measure("50", ""));
    add(&mut input, "a q", Layer::Verified, measure("100", ""));

    let table = compare(&input);
    assert_eq!(cell(&table, "a", "q"), ["10", "-", "10", "10"]);
    assert_eq!(cell(&table, "b", "q"), ["2.5", "-", "-", "5"]);
}

#[test]
fn a_peers_measure_stands_in_for_the_members_own() {
    let kind = Kind::Quantitative { with_target: false };
    let mut input = input(vec![criterion("", "q", "10", kind)], &["a", "b"]);
    add(&mut input, "a q", Layer::Own, measure("200", ""));
    add(&mut input, "b q", Layer::Own, measure("50", ""));
    add(&mut input, "a q", Layer::Peer, measure("100", ""));
    add(&mut input, "a q", Layer::Peer, measure("25", ""));

    assert_eq!(cell(&compare(&input), "a", "q"), ["10", "7.5", "-", "7.5"]);
}

#[test]
fn what_is_not_valid_or_not_asked_for_is_not_looked_at() {
    let mut input = cluster(&["a"], &["x"], &[&["101"]]);
    add(&mut input, "nobody x", Layer::Own, measure("1", ""));
    add(&mut input, "a nothing", Layer::Own, measure("1", ""));
    assert_eq!(ranks(&compare(&input)), ["- -"]);

    add(&mut input, "a x", Layer::Own, measure("1", ""));
    add(&mut input, "a x", Layer::Verified, measure("1", "1"));
    assert_eq!(cell(&compare(&input), "a", "x"), ["1", "-", "-", "1"]);
}

#[test]
fn of_two_entries_for_one_place_the_least_counts() {
    let mut input = cluster(&["a"], &["x"], &[&["7"]]);
    add(&mut input, "a x", Layer::Own, measure("3", ""));
    for points in ["9", "4"] {
        add(&mut input, "a x", Layer::Peer, measure(points, ""));
        input.entries.last_mut().unwrap().assessor = id("peer");
    }
    input.entries.reverse();

    assert_eq!(cell(&compare(&input), "a", "x"), ["7", "4", "-", "4"]);
}

#[test]
fn a_bonus_lifts_a_total_above_the_base_and_a_penalty_lowers_it() {
    let (bonus, penalty, min, max) = (d("10"), d("1"), d("-3"), d("15"));
    let kind = Kind::BonusPenalty { bonus, penalty, min, max };
    let mut input = cluster(&["a", "b"], &["x"], &[&["97"], &["97"]]);
    input.criteria.push(criterion("", "bonus", "15", kind));
    add(&mut input, "a bonus", Layer::Own, measure("1", "0"));
    add(&mut input, "b bonus", Layer::Own, measure("0", "9"));

    assert_eq!(ranks(&compare(&input)), ["1 107", "2 94"]);
}

#[test]
fn equal_members_share_the_better_place_and_the_next_is_left_out() {
    let table = compare(&tied(&[]));

    assert_eq!(ranks(&table), ["1 40", "2 30", "2 30", "2 30"]);
    assert!(row(&table, "a").is_tied && !row(&table, "d").is_tied);
    let gaps = ["d", "a", "b", "c"].map(|member| text(row(&table, member).gap_to_next));
    assert_eq!(gaps, ["-", "10", "10", "10"]);
    assert_eq!(steps(&table, "a"), [""; 0]);

    let table = compare(&cluster(&["a", "b", "c"], &["x"], &[&["1"], &["2"], &["2"]]));
    assert_eq!(ranks(&table), ["1 2", "1 2", "3 1"]);
}

#[test]
fn a_criterion_parts_those_who_are_equal_and_says_so() {
    let table = compare(&tied(&["CRITERION:x", "PREVIOUS_RANK", "SHARED", "BALLOT"]));

    assert_eq!(["a", "b", "c", "d"].map(|name| row(&table, name).rank.unwrap()), [4, 2, 2, 1]);
    assert_eq!(text(row(&table, "a").gap_to_next), "0");
    assert_eq!(steps(&table, "a"), ["CRITERION:x b+c true"]);
    assert_eq!(
        steps(&table, "b"),
        ["CRITERION:x a+c false", "PREVIOUS_RANK c false", "SHARED c false"]
    );
    assert!(row(&table, "b").is_tied && row(&table, "c").is_tied);
    assert_eq!(steps(&table, "d"), [""; 0]);
}

#[test]
fn a_group_parts_members_by_its_subtotal() {
    let mut input = tied(&["CRITERION:g"]);
    input.criteria.push(criterion("", "g", "100", Kind::Group));
    input.criteria[0].parent = Some(id("g"));

    let table = compare(&input);
    assert_eq!(["a", "b", "c"].map(|name| row(&table, name).rank.unwrap()), [4, 2, 2]);
}

#[test]
fn a_rule_about_nothing_decides_nothing() {
    let table = compare(&tied(&["CRITERION:unknown"]));

    assert_eq!(steps(&table, "a"), ["CRITERION:unknown b+c false"]);
    assert_eq!(ranks(&table), ["1 40", "2 30", "2 30", "2 30"]);
}

#[test]
fn the_better_previous_rank_comes_first_and_none_last() {
    let mut input = tied(&["PREVIOUS_RANK"]);
    input.members[1].previous_rank = Some(5);
    input.members[2].previous_rank = Some(2);

    let table = compare(&input);
    assert_eq!(["a", "b", "c"].map(|name| row(&table, name).rank.unwrap()), [4, 3, 2]);
    let changes = ["a", "b", "c"].map(|name| row(&table, name).rank_change);
    assert_eq!(changes, [None, Some(2), Some(0)]);
}

#[test]
fn a_ballot_decides_once_it_has_ordered_all_who_are_tied() {
    let mut input = tied(&["BALLOT"]);
    input.ballot = BTreeMap::from([(id("a"), 2), (id("c"), 1)]);
    let open = compare(&input);
    assert_eq!(ranks(&open), ["1 40", "2 30", "2 30", "2 30"]);
    assert_eq!(steps(&open, "a"), ["BALLOT b+c false"]);

    input.ballot.insert(id("b"), 3);
    let closed = compare(&input);
    assert_eq!(["a", "b", "c"].map(|name| row(&closed, name).rank.unwrap()), [3, 4, 2]);
    assert_eq!(steps(&closed, "b"), ["BALLOT a+c true"]);
}

#[test]
fn the_drivers_are_what_moved_the_rank_most() {
    let given: [&[&str]; 3] = [&["50", "10", "7"], &["30", "20", "7"], &["30", "25", "7"]];
    let table = compare(&cluster(&["a", "b", "c"], &["x", "y", "z"], &given));
    let drivers = |member| -> Vec<String> {
        let line = |one: &Driver| format!("{} {} {}", one.code, one.places, one.points);
        row(&table, member).drivers.iter().map(line).collect()
    };

    // At the median of x (30) the leader would have 47 against 62 and 57: third.
    assert_eq!(ranks(&table), ["1 67", "2 62", "3 57"]);
    assert_eq!(drivers("a"), ["x 2 20", "y 0 -10"]);
    assert_eq!(drivers("c"), ["y 0 5"]);
    assert_eq!(drivers("b"), [""; 0]);
}

#[test]
fn a_tie_rule_comes_back_from_its_text() {
    for text in ["CRITERION:5.1", "CRITERION:a:b", "PREVIOUS_RANK", "BALLOT", "SHARED"] {
        assert_eq!(text.parse::<TieRule>().unwrap().to_string(), text);
    }
    for text in ["", "CRITERION", "CRITERION:", "CRITERION: ", "ballot", "SHARED "] {
        assert!(text.parse::<TieRule>().is_err(), "{text:?}");
    }
}
