//! The formulas: what each kind gives, and every case the sources leave open.
//! Nothing is read from a database here.

use proptest::prelude::*;

use super::{
    formula::{Formula, Rounding, RoundingMode},
    rules::{Kind, Measure, Step},
};
use crate::scalar::Decimal;

const WITH_TARGET: Kind = Kind::Quantitative { with_target: true };
const WITHOUT_TARGET: Kind = Kind::Quantitative { with_target: false };

fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn of(value: &str) -> Measure {
    Measure { value: Some(d(value)), ..Measure::default() }
}

fn held(value: &str, reference: &str) -> Measure {
    Measure { reference: Some(d(reference)), ..of(value) }
}

fn met(met: bool) -> Measure {
    Measure { met: Some(met), ..Measure::default() }
}

fn sample(hits: &str, met: bool) -> Measure {
    Measure { met: Some(met), ..of(hits) }
}

/// The points of each member, to two decimals; "-" for none.
fn points(kind: &Kind, max: &str, cluster: &[Measure]) -> Vec<String> {
    let formula = Formula { kind, max: d(max), rounding: Rounding::default() };
    let shown = |points: Option<Decimal>| points.map_or("-".to_owned(), |one| one.to_string());
    cluster.iter().map(|own| shown(formula.points(own, cluster))).collect()
}

fn step(from: &str, to: &str, points: &str) -> Step {
    Step { from: d(from), to: Decimal::parse(to), points: d(points) }
}

/// Row 5.2 of the annex to plan 157/KH-UBND of Cần Thơ.
fn cashless() -> Kind {
    let steps = vec![
        step("88", "90", "2"),
        step("90", "95", "3"),
        step("95", "100", "4"),
        step("100", "100", "5"),
    ];
    Kind::Step { steps }
}

fn merits() -> Kind {
    Kind::BonusPenalty { bonus: d("1.5"), penalty: d("0.5"), min: d("-3"), max: d("3") }
}

#[test]
fn below_at_over_and_far_over_target() {
    let cluster = [held("80", "100"), held("100", "100"), held("120", "100"), held("150", "100")];

    assert_eq!(points(&WITH_TARGET, "10", &cluster), ["4", "5", "7", "10"]);
}

#[test]
fn v16_eight_hundred_and_fifty_of_a_thousand_of_forty_points() {
    assert_eq!(points(&Kind::Ratio, "40", &[held("850", "1000")]), ["34"]);
}

#[test]
fn v17_ninety_percent_belongs_to_the_interval_it_begins() {
    assert_eq!(points(&cashless(), "5", &[held("900", "1000")]), ["3"]);
}

#[test]
fn each_interval_holds_its_lower_border_and_the_last_one_both() {
    let shares = ["879", "880", "899", "949", "950", "999", "1000", "1001"];
    let cluster = shares.map(|done| held(done, "1000"));

    assert_eq!(points(&cashless(), "5", &cluster), ["0", "2", "2", "3", "4", "4", "5", "0"]);
}

#[test]
fn the_last_interval_may_have_no_end() {
    let kind = Kind::Step { steps: vec![step("50", "100", "1"), step("100", "", "2")] };

    assert_eq!(points(&kind, "2", &[held("1001", "1000"), held("0", "1")]), ["2", "0"]);
}

#[test]
fn a_share_a_hair_below_a_border_is_below_it() {
    let cluster = [held("899999.9999", "1000000"), held("2", "3")];
    let thirds = Kind::Step { steps: vec![step("66.6666", "66.6667", "1")] };

    assert_eq!(points(&cashless(), "5", &cluster), ["2", "0"]);
    assert_eq!(points(&thirds, "1", &cluster), ["0", "1"]);
}

#[test]
fn a_target_of_zero_is_met_by_nothing_and_surpassed_by_anything() {
    let cluster = [held("0", "0"), held("7", "0"), held("120", "100"), held("150", "100")];

    assert_eq!(points(&WITH_TARGET, "10", &cluster), ["5", "10", "7", "10"]);
}

#[test]
fn a_leader_just_at_target_leads_to_half_the_points() {
    let cluster = [held("100", "100"), held("30", "30"), held("50", "100"), held("0", "9")];

    assert_eq!(points(&WITH_TARGET, "10", &cluster), ["5", "5", "2.5", "0"]);
}

#[test]
fn all_who_share_the_lead_have_the_maximum() {
    let cluster = [held("3", "2"), held("150", "100"), held("5", "4")];

    assert_eq!(points(&WITH_TARGET, "10", &cluster), ["10", "10", "7.5"]);
}

#[test]
fn nobody_over_target_leaves_the_upper_half_empty() {
    assert_eq!(points(&WITH_TARGET, "10", &[held("9", "10"), held("0", "10")]), ["4.5", "0"]);
}

#[test]
fn a_sole_member_is_its_own_leader() {
    assert_eq!(points(&WITH_TARGET, "10", &[held("101", "100")]), ["10"]);
    assert_eq!(points(&WITH_TARGET, "10", &[held("100", "100")]), ["5"]);
    assert_eq!(points(&WITH_TARGET, "10", &[held("0", "0")]), ["5"]);
    assert_eq!(points(&WITHOUT_TARGET, "10", &[of("0.0001")]), ["10"]);
    assert_eq!(points(&WITHOUT_TARGET, "10", &[of("0")]), ["0"]);
}

#[test]
fn without_target_the_highest_actual_leads() {
    assert_eq!(points(&WITHOUT_TARGET, "20", &[of("30"), of("20"), of("0")]), ["20", "13.33", "0"]);
    assert_eq!(points(&WITHOUT_TARGET, "20", &[of("0"), of("0")]), ["0", "0"]);
}

#[test]
fn one_who_has_not_reported_neither_scores_nor_leads() {
    let none = Measure::default();

    assert_eq!(points(&WITHOUT_TARGET, "20", &[of("10"), none]), ["20", "-"]);
    assert_eq!(points(&WITH_TARGET, "20", &[held("1", "2"), of("9")]), ["5", "-"]);
    assert_eq!(points(&Kind::Qualitative, "20", &[none, met(false)]), ["-", "0"]);
}

#[test]
fn nothing_to_be_done_is_all_done() {
    let none = [held("0", "0")];

    assert_eq!(points(&Kind::Ratio, "40", &none), ["40"]);
    assert_eq!(points(&Kind::AllOrNothing, "5", &none), ["5"]);
    assert_eq!(points(&cashless(), "6", &none), ["5"]);
}

#[test]
fn all_or_nothing_asks_for_everything() {
    let cluster = [held("1000", "1000"), held("999.9999", "1000"), held("0", "1000")];

    assert_eq!(points(&Kind::AllOrNothing, "5", &cluster), ["5", "0", "0"]);
}

#[test]
fn more_done_than_there_was_to_do_is_no_ratio() {
    assert_eq!(points(&Kind::Ratio, "40", &[held("11", "10")]), ["-"]);
    assert_eq!(points(&Kind::AllOrNothing, "5", &[held("11", "10")]), ["-"]);
}

#[test]
fn a_sample_counts_only_once_its_precondition_holds() {
    let kind = Kind::Sample { points_per_hit: d("0.4"), precondition: "plan".to_owned() };
    let cluster = [sample("50", true), sample("33", true), sample("51", true), sample("50", false)];

    assert_eq!(points(&kind, "20", &cluster), ["20", "13.2", "20", "0"]);
}

#[test]
fn units_counted_are_capped() {
    let kind = Kind::Fixed { points_per_unit: d("2.5") };

    assert_eq!(
        points(&kind, "10", &[of("0"), of("3"), of("4"), of("400")]),
        ["0", "7.5", "10", "10"]
    );
}

#[test]
fn bonus_and_penalty_stay_between_their_bounds() {
    let cluster = [held("2", "1"), held("0", "3"), held("0", "7"), held("9", "0"), held("0", "0")];

    assert_eq!(points(&merits(), "3", &cluster), ["2.5", "-1.5", "-3", "3", "0"]);
}

#[test]
fn points_given_directly_are_rounded_like_any_other() {
    assert_eq!(
        points(&Kind::Direct, "10", &[of("9.995"), of("10"), of("10.0001")]),
        ["10", "10", "-"]
    );
    assert_eq!(points(&Kind::Qualitative, "7.125", &[met(true)]), ["7.13"]);
}

#[test]
fn a_group_has_no_points_of_its_own() {
    assert_eq!(points(&Kind::Group, "10", &[of("1"), Measure::default()]), ["-", "-"]);
}

#[test]
fn the_formula_is_rounded_once_at_its_end() {
    let exact = |mode, decimals| {
        let rounding = Rounding::new(mode, decimals).unwrap();
        let formula = Formula { kind: &Kind::Ratio, max: d("10"), rounding };
        formula.points(&held("2", "3"), &[]).unwrap().to_string()
    };

    assert_eq!(exact(RoundingMode::HalfUp, 4), "6.6667");
    assert_eq!(exact(RoundingMode::Down, 4), "6.6666");
    assert_eq!(exact(RoundingMode::HalfUp, 0), "7");
    assert_eq!(exact(RoundingMode::HalfEven, 1), "6.7");
}

#[test]
fn the_largest_numbers_are_still_exact() {
    let most = Decimal::from_units(i64::MAX).to_string();
    let cluster = [held(&most, "0.0001"), held("2", "1"), held(&most, &most)];

    assert_eq!(points(&WITH_TARGET, "1000000", &cluster), ["1000000", "500000", "500000"]);
}

fn quantity() -> impl Strategy<Value = (u32, u32)> {
    (0..2_000_u32, 0..1_500_u32)
}

fn whole(number: u32) -> String {
    number.to_string()
}

proptest! {
    #[test]
    fn points_stay_between_zero_and_the_maximum(
        cluster in prop::collection::vec(quantity(), 1..12), with_target: bool,
    ) {
        let kind = Kind::Quantitative { with_target };
        let measure = |(a, t): &(u32, u32)| {
            if with_target { held(&whole(*a), &whole(*t)) } else { of(&whole(*a)) }
        };
        let cluster: Vec<Measure> = cluster.iter().map(measure).collect();

        for own in points(&kind, "37", &cluster) {
            prop_assert!((Decimal::ZERO..=d("37")).contains(&d(&own)));
        }
    }

    #[test]
    fn the_unit_of_measure_changes_nothing(
        cluster in prop::collection::vec(quantity(), 1..9), unit in 1..50_u32,
    ) {
        let measured = |unit: u32| -> Vec<Measure> {
            cluster.iter().map(|(a, t)| held(&whole(a * unit), &whole(t * unit))).collect()
        };

        let same = points(&WITH_TARGET, "10", &measured(1));
        prop_assert_eq!(points(&WITH_TARGET, "10", &measured(unit)), same);
    }

    #[test]
    fn more_done_is_never_fewer_points(
        cluster in prop::collection::vec(quantity(), 1..9), own in quantity(), more in 0..500_u32,
    ) {
        let mut cluster: Vec<Measure> =
            cluster.iter().map(|(a, t)| held(&whole(*a), &whole(*t))).collect();
        cluster.insert(0, held(&whole(own.0), &whole(own.1)));
        let before = d(&points(&WITH_TARGET, "10", &cluster)[0]);

        cluster[0] = held(&whole(own.0 + more), &whole(own.1));
        prop_assert!(d(&points(&WITH_TARGET, "10", &cluster)[0]) >= before);
    }

    #[test]
    fn a_ratio_is_the_rounded_quotient(done in 0..9_999_u32, more in 0..9_999_u32, max in 0..999_u32) {
        let due = done + more;
        let quotient = (2 * 100 * max * done + due).checked_div(2 * due).unwrap_or(100 * max);

        let expected = Decimal::from_units(i64::from(quotient) * 100).to_string();
        let measure = held(&whole(done), &whole(due));
        prop_assert_eq!(points(&Kind::Ratio, &whole(max), &[measure]), [expected]);
    }
}
