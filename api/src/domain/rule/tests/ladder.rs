//! Each title and form of the law once where its rule holds and once where it does not.

use entity::initiative::Scope;
use entity::year_record::{ClusterScope, CompletionRating};

use super::{
    BK_TINH, BKTTG, C, CO_CP, CO_TINH, CSTD_TINH, CSTDCS, I, TTLDXS, YEAR, fails, holds, tell,
};

#[test]
fn titles_of_persons() {
    holds(I, "ADVANCED_LABOURER", &tell().good(YEAR..=YEAR));
    let completed = tell().rated(CompletionRating::Completed, YEAR..=YEAR);
    fails(I, "ADVANCED_SOLDIER", &completed.forces());
    holds(I, "ADVANCED_SOLDIER", &tell().good(YEAR..=YEAR).forces());
    fails(I, "ADVANCED_SOLDIER", &tell().good(YEAR..=YEAR));
    holds(I, CSTDCS, &tell().excellent(YEAR..=YEAR));
    holds(I, CSTDCS, &tell().good(YEAR..=YEAR).initiatives(Scope::Base, &[YEAR]));
    fails(I, CSTDCS, &tell().good(YEAR..=YEAR));
    let three = tell().held(CSTDCS, &[2023, 2024, 2025]);
    let wide = |years| three.clone().initiatives(Scope::MinistryProvince, years);
    holds(I, CSTD_TINH, &wide(&[2024]));
    fails(I, CSTD_TINH, &three);
    fails(I, CSTD_TINH, &three.clone().initiatives(Scope::Base, &[2024]));
    let two = tell().held(CSTD_TINH, &[2022, 2025]);
    holds(I, "NATIONAL_EMULATION_FIGHTER", &two.clone().initiatives(Scope::Nation, &[2025]));
    fails(I, "NATIONAL_EMULATION_FIGHTER", &two.initiatives(Scope::MinistryProvince, &[2025]));
    let apart = tell().held(CSTD_TINH, &[2018, 2025]).initiatives(Scope::Nation, &[2025]);
    fails(I, "NATIONAL_EMULATION_FIGHTER", &apart);
}

#[test]
fn flags() {
    let first = |scope, rank| tell().first_of(scope, rank);
    holds(C, CO_TINH, &first(ClusterScope::MinistryProvince, 1));
    fails(C, CO_TINH, &first(ClusterScope::MinistryProvince, 2));
    fails(C, "MINISTERIAL_EMULATION_FLAG", &first(ClusterScope::CentralCouncil, 1));
    holds(C, CO_CP, &first(ClusterScope::MinistryProvince, 1));
    holds(C, CO_CP, &first(ClusterScope::CentralCouncil, 1));
    fails(C, CO_CP, &first(ClusterScope::CentralCouncil, 2));
}

#[test]
fn certificates() {
    holds(I, BK_TINH, &tell().held(CSTDCS, &[2024, 2025]));
    holds(I, BK_TINH, &tell().excellent(2024..=2025).initiatives(Scope::Base, &[2024, 2025]));
    fails(I, BK_TINH, &tell().excellent(2024..=2025).initiatives(Scope::Base, &[2023, 2025]));
    fails(I, BK_TINH, &tell().held(CSTDCS, &[2023, 2025]));
    holds(C, BK_TINH, &tell().excellent(2025..=2025).held(TTLDXS, &[2024]));
    fails(C, BK_TINH, &tell().excellent(2025..=2025).good(2024..=2024));
    let five = tell().good(2021..=2025).held(CSTDCS, &[2021, 2023, 2025]);
    holds(I, BKTTG, &five.clone().held(BK_TINH, &[2022]));
    fails(I, BKTTG, &five);
    let late = tell().good(2021..=2025).held(CSTDCS, &[2020, 2023, 2025]);
    fails(I, BKTTG, &late.held(BK_TINH, &[2022]));
    let collective = tell().excellent(2020..=2025).held(BK_TINH, &[2020]);
    holds(C, BKTTG, &collective.clone().held(CO_TINH, &[2023]));
    holds(C, BKTTG, &collective.clone().held(BK_TINH, &[2022, 2024]));
    fails(C, BKTTG, &collective.clone().held(BK_TINH, &[2022]));
    fails(C, BKTTG, &tell().excellent(2021..=2025).held(BK_TINH, &[2021]).held(CO_TINH, &[2023]));
}

#[test]
fn orders_of_labour_of_persons() {
    let ladder = [
        ("ORDER_LABOUR_3", BKTTG, CSTDCS, vec![2021, 2022, 2024], 1),
        ("ORDER_LABOUR_2", "ORDER_LABOUR_3", CSTD_TINH, vec![2023], 2),
        ("ORDER_LABOUR_1", "ORDER_LABOUR_2", CSTD_TINH, vec![2022, 2025], 3),
        ("ORDER_FATHERLAND_DEFENCE_3", BKTTG, CSTDCS, vec![2021, 2022, 2024], 1),
    ];
    for (order, before, title, years, excellent) in ladder {
        let good = tell().good(2021..=2025).excellent(2026 - excellent..=2025).forces();
        let whole = good.clone().held(title, &years).held(before, &[2020]);
        holds(I, order, &whole);
        fails(I, order, &good.clone().held(title, &years));
        fails(I, order, &good.clone().held(title, &years[1..]).held(before, &[2020]));
        fails(I, order, &good.held(title, &years).held(before, &[2021]));
        let less = tell().good(2021..=2025).excellent(2027 - excellent..=2025).forces();
        fails(I, order, &less.held(title, &years).held(before, &[2020]));
        let mut civil = whole;
        civil.0.forces = false;
        let is_for_all = order.starts_with("ORDER_LABOUR");
        if is_for_all { holds(I, order, &civil) } else { fails(I, order, &civil) }
    }
}

#[test]
fn orders_of_labour_of_collectives() {
    let since =
        |before: &str| tell().excellent(2021..=2025).held(before, &[2020]).founded("2010-01-01");
    let third = since(BKTTG);
    holds(C, "ORDER_LABOUR_3", &third.clone().held(CO_CP, &[2023]));
    holds(C, "ORDER_LABOUR_3", &third.clone().held(CO_TINH, &[2021, 2023]));
    holds(C, "ORDER_LABOUR_3", &third.clone().held(CO_TINH, &[2021]).held(BK_TINH, &[2023]));
    holds(C, "ORDER_LABOUR_3", &third.clone().held(BK_TINH, &[2021, 2023]).no_flags());
    fails(C, "ORDER_LABOUR_3", &third.clone().held(CO_TINH, &[2021]));
    fails(C, "ORDER_LABOUR_3", &third.held(CO_CP, &[2023]).founded("2016-01-01"));
    let second = since("ORDER_LABOUR_3");
    holds(C, "ORDER_LABOUR_2", &second.clone().held(CO_CP, &[2022]).held(CO_TINH, &[2023]));
    holds(C, "ORDER_LABOUR_2", &second.clone().held(CO_TINH, &[2021, 2022, 2023]));
    fails(C, "ORDER_LABOUR_2", &second.no_flags().held(BK_TINH, &[2021, 2023]));
    let first = since("ORDER_LABOUR_2");
    holds(C, "ORDER_LABOUR_1", &first.clone().held(CO_CP, &[2022, 2024]));
    holds(C, "ORDER_LABOUR_1", &first.clone().held(CO_TINH, &[2021, 2022, 2023, 2024]));
    fails(C, "ORDER_LABOUR_1", &first.held(CO_CP, &[2022]).held(CO_TINH, &[2023]));
    let forces = tell().held("DETERMINED_TO_WIN_UNIT", &[2021, 2022, 2023, 2024, 2025]);
    let forces = forces.held(BKTTG, &[2020]).held(CO_CP, &[2023]).founded("1990-01-01");
    holds(C, "ORDER_FATHERLAND_DEFENCE_3", &forces);
    for (order, before, years) in [
        ("ORDER_FATHERLAND_DEFENCE_3", BKTTG, &[2021, 2023][..]),
        ("ORDER_FATHERLAND_DEFENCE_2", "ORDER_FATHERLAND_DEFENCE_3", &[2021, 2023, 2025][..]),
        ("ORDER_FATHERLAND_DEFENCE_1", "ORDER_FATHERLAND_DEFENCE_2", &[2021, 2022, 2023, 2025][..]),
    ] {
        let outside = since(before).forces().held(BK_TINH, years);
        holds(C, order, &outside.clone().no_flags());
        fails(C, order, &since(before).held(BK_TINH, years).no_flags());
        fails(C, order, &since(before).forces().no_flags().held(BK_TINH, &years[1..]));
        let mut member = outside;
        member.0.flag_eligible = Some(true);
        fails(C, order, &member);
    }
}

#[test]
fn the_highest_orders_of_collectives() {
    let years =
        |before: &str| tell().excellent(1999..=2025).held(before, &[2015]).founded("1990-01-01");
    let third = years("ORDER_LABOUR_1");
    holds(
        C,
        "ORDER_INDEPENDENCE_3",
        &third.clone().held(CO_CP, &[2018, 2022]).held(BKTTG, &[2020]),
    );
    holds(
        C,
        "ORDER_INDEPENDENCE_3",
        &third.clone().held(CO_CP, &[2018, 2022]).held(CO_TINH, &[2019, 2020]),
    );
    fails(C, "ORDER_INDEPENDENCE_3", &third.clone().held(CO_CP, &[2018, 2022]));
    let young = third.held(CO_CP, &[2018, 2022]).held(BKTTG, &[2020]).founded("2000-01-01");
    fails(C, "ORDER_INDEPENDENCE_3", &young);
    let second = years("ORDER_INDEPENDENCE_3").held(CO_CP, &[2018, 2022]).held(BKTTG, &[2020]);
    fails(C, "ORDER_INDEPENDENCE_2", &second);
    holds(C, "ORDER_INDEPENDENCE_2", &second.held(BK_TINH, &[2021]));
    let first = years("ORDER_INDEPENDENCE_2").held(CO_CP, &[2018, 2020, 2022]);
    fails(C, "ORDER_INDEPENDENCE_1", &first);
    holds(C, "ORDER_INDEPENDENCE_1", &first.held(BKTTG, &[2021]));
    holds(C, "ORDER_HO_CHI_MINH", &years("ORDER_INDEPENDENCE_1"));
    fails(
        C,
        "ORDER_HO_CHI_MINH",
        &tell().excellent(1999..=2025).held("ORDER_INDEPENDENCE_1", &[2016]),
    );
    holds(
        C,
        "ORDER_HO_CHI_MINH",
        &tell().excellent(1999..=2025).held("ORDER_HO_CHI_MINH", &[2010]),
    );
    holds(C, "ORDER_GOLD_STAR", &tell().excellent(1999..=2025).held("ORDER_HO_CHI_MINH", &[2000]));
    let again = tell().excellent(1999..=2025).held("ORDER_HO_CHI_MINH", &[2000, 2015]);
    fails(C, "ORDER_GOLD_STAR", &again);
    let forces = tell().excellent(2016..=2025).held("ORDER_FATHERLAND_DEFENCE_1", &[2015]);
    let forces = forces.held(CO_CP, &[2018, 2022]).held(BKTTG, &[2020]).founded("1990-01-01");
    fails(C, "ORDER_MILITARY_EXPLOIT_3", &forces);
    holds(C, "ORDER_MILITARY_EXPLOIT_3", &forces.forces());
    fails(I, "PEOPLES_TEACHER", &tell());
    holds(I, "PEOPLES_TEACHER", &tell().held("MERITORIOUS_TEACHER", &[2015]));
}
