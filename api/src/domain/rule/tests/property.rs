//! What holds for any facts: what does not qualify never helps, and their order does not matter.

use std::collections::BTreeMap;

use entity::discipline::Stage;
use entity::initiative::Scope;
use entity::submission::CommendationType;
use entity::year_record::CompletionRating;
use proptest::prelude::*;

use super::{
    BK_TINH, BKTTG, CO_CP, CO_TINH, CSTD_TINH, CSTDCS, TTLDXS, award, case, day, question, rules,
    tell,
};
use crate::domain::rule::check::Rule;
use crate::domain::rule::evaluate::evaluate;
use crate::domain::rule::facts::{Facts, Verdict, Year};

pub(super) fn facts() -> impl Strategy<Value = Facts> {
    let level = prop::sample::select(vec![
        CompletionRating::NotCompleted,
        CompletionRating::Completed,
        CompletionRating::Good,
        CompletionRating::Excellent,
    ]);
    let years = prop::collection::btree_map(2015..=2025, level, 0..11);
    let codes = prop::sample::select(vec![
        CSTDCS,
        CSTD_TINH,
        BK_TINH,
        CO_TINH,
        CO_CP,
        BKTTG,
        TTLDXS,
        "ORDER_LABOUR_3",
    ]);
    let awards = prop::collection::vec((codes, 2015..=2025), 0..12);
    let scopes = prop::sample::select(vec![Scope::Base, Scope::MinistryProvince, Scope::Nation]);
    let initiatives = prop::collection::vec((scopes, 2015..=2025), 0..5);
    (years, awards, initiatives).prop_map(|(years, awards, initiatives)| {
        let story =
            awards.into_iter().fold(tell(), |story, (code, year)| story.held(code, &[year]));
        let story =
            initiatives.into_iter().fold(story, |it, (scope, year)| it.initiatives(scope, &[year]));
        let years: BTreeMap<_, _> = years
            .into_iter()
            .map(|(year, rating)| (year, Year { rating: Some(rating), ..Year::default() }))
            .collect();
        Facts { years, founded_on: Some(day("1990-01-01")), ..story.0 }
    })
}

fn all_verdicts(facts: &Facts) -> Vec<Verdict> {
    let rules = rules();
    let judge = |rule: &Rule| {
        let award = rule.row.award_type_code.clone().unwrap_or_else(|| BK_TINH.to_owned());
        evaluate(&rule.tree, facts, &question(&award)).verdict
    };
    rules.iter().map(judge).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Awards by other types of commendation, of later years or of other titles, bad years before, used
    /// initiatives and open cases never make a rule hold that did not.
    #[test]
    fn a_fact_that_does_not_qualify_never_helps(facts in facts(), which in 0..6_u8) {
        let mut more = facts.clone();
        match which {
            0 => more.awards.push(award(CSTDCS, 2024, CommendationType::AdHoc)),
            1 => more.awards.push(award(CO_CP, 2023, CommendationType::Movement)),
            2 => more.awards.push(award("CULTURED_FAMILY", 2024, CommendationType::Merit)),
            3 => more.awards.push(award(BKTTG, 2026, CommendationType::Merit)),
            4 => {
                let mut used = tell().initiatives(Scope::Nation, &[2025]).0.initiatives.remove(0);
                used.used = Some(("COMMEMORATIVE_MEDAL".to_owned(), 2020));
                more.initiatives.push(used);
            }
            _ => more.cases.push(case(Stage::Pending, "2025-01-01", None)),
        }

        let (before, after) = (all_verdicts(&facts), all_verdicts(&more));

        for (before, after) in before.iter().zip(&after) {
            prop_assert!(after <= before, "{before:?} became {after:?}");
        }
    }

    #[test]
    fn the_order_of_facts_does_not_matter(facts in facts()) {
        let mut turned = facts.clone();
        turned.awards.reverse();
        turned.initiatives.reverse();
        let rules = rules();
        for rule in &rules {
            let award = rule.row.award_type_code.clone().unwrap_or_else(|| BK_TINH.to_owned());
            let question = question(&award);
            let one = evaluate(&rule.tree, &facts, &question);
            let other = evaluate(&rule.tree, &turned, &question);
            prop_assert_eq!(one, other);
        }
    }
}
