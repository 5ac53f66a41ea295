//! One achievement is rewarded once: what was given for the same year, day or by another authority.

use entity::initiative::Scope;
use entity::submission::CommendationType;

use super::guard::{BK_BO, condition};
use super::{
    BK_TINH, BKTTG, CO_TINH, CSTD_TINH, CSTDCS, I, Story, YEAR, day, holds, question, rules, tell,
};
use crate::domain::rule::check::rule_on;
use crate::domain::rule::facts::{Question, Verdict};
use crate::domain::rule::note::Note;

#[test]
fn one_achievement_is_rewarded_with_one_form_of_a_rank() {
    let once =
        |story: &Story, code| condition(":one-achievement-one-award", story, &question(code));
    let held = tell().held(BK_TINH, &[YEAR]);

    assert_eq!(once(&held, BK_TINH), Some(Verdict::Failed));
    assert_eq!(
        once(&held, BK_BO),
        Some(Verdict::Passed),
        "another achievement may have been meant"
    );
    assert_eq!(once(&held, CSTDCS), Some(Verdict::Passed), "titles and forms are two things");
    assert_eq!(once(&held, BKTTG), Some(Verdict::Passed));
    assert_eq!(
        once(&tell().held(CO_TINH, &[YEAR]), "MINISTERIAL_EMULATION_FLAG"),
        Some(Verdict::Passed)
    );
    for (civil, armed) in [
        ("ADVANCED_LABOURER", "ADVANCED_SOLDIER"),
        ("EXCELLENT_LABOUR_COLLECTIVE", "DETERMINED_TO_WIN_UNIT"),
        ("ADVANCED_LABOUR_COLLECTIVE", "ADVANCED_UNIT"),
    ] {
        assert_eq!(once(&tell().held(civil, &[YEAR]), armed), Some(Verdict::Failed), "{civil}");
        assert_eq!(once(&tell().held(armed, &[YEAR]), civil), Some(Verdict::Failed), "{armed}");
        assert_eq!(once(&tell().held(armed, &[YEAR - 1]), civil), Some(Verdict::Passed));
    }
    let mut period = tell().held(BK_TINH, &[YEAR + 1]);
    period.0.awards[0].first = YEAR;
    assert_eq!(once(&period, BK_TINH), Some(Verdict::Failed), "the year is one of the period");
    let mut sudden = tell().held(BK_TINH, &[YEAR]);
    sudden.0.awards[0].commendation = CommendationType::AdHoc;
    assert_eq!(once(&sudden, BK_BO), Some(Verdict::Passed), "another type, another achievement");
}

#[test]
fn another_day_is_another_sudden_achievement() {
    let held = |commendation, on: Option<&str>| {
        let mut story = tell().held(BK_TINH, &[YEAR]);
        story.0.awards[0].commendation = commendation;
        story.0.awards[0].achieved_on = on.map(day);
        story
    };
    let once = |commendation, (given, asked): (Option<&str>, Option<&str>), code| {
        let achieved_on = asked.map(day);
        let question = Question { commendation, achieved_on, ..question(code) };
        condition(":one-achievement-one-award", &held(commendation, given), &question)
    };
    let (first, second) = (Some("2025-03-01"), Some("2025-09-12"));
    for kind in [CommendationType::AdHoc, CommendationType::Movement] {
        let stands = |days| once(kind, days, BK_TINH);
        assert_eq!(stands((first, second)), Some(Verdict::Passed), "{kind:?}");
        assert_eq!(stands((first, first)), Some(Verdict::Failed), "{kind:?}");
        assert_eq!(stands((first, None)), Some(Verdict::Failed), "not said which");
        assert_eq!(stands((None, second)), Some(Verdict::Unknown), "not recorded which");
    }
    let said = |asked: Option<&str>| {
        let question = Question {
            commendation: CommendationType::AdHoc,
            achieved_on: asked.map(day),
            ..question(BK_TINH)
        };
        let rules = rules();
        let story = held(CommendationType::AdHoc, first);
        let ruling = rule_on(&rules, (I, &story.0), &question, question.day);
        let key = ":one-achievement-one-award";
        let mut found = ruling.outcomes.iter().filter(|it| it.rule.row.code.ends_with(key));
        found.next().unwrap().finding.note.clone()
    };
    assert_eq!((said(None), said(first)), (Some(Note::NoDay), None));
    let merit = CommendationType::Merit;
    assert_eq!(
        once(merit, (first, second), BK_TINH),
        Some(Verdict::Failed),
        "a year has one merit"
    );
}

#[test]
fn of_another_form_for_the_same_year_a_person_says_for_what_it_was() {
    let key = ":one-achievement-one-form";
    let held = tell().held("LETTER_DEPARTMENT", &[YEAR]).held(CSTDCS, &[YEAR]);

    assert_eq!(condition(key, &held, &question(BK_TINH)), Some(Verdict::Unknown));
    assert_eq!(condition(key, &held, &question(CSTD_TINH)), Some(Verdict::Passed));
    assert_eq!(
        condition(key, &tell().held(CSTDCS, &[YEAR]), &question(BK_TINH)),
        Some(Verdict::Passed)
    );
    let rule = rules().into_iter().find(|rule| rule.row.code.ends_with(key)).unwrap();
    assert_eq!(rule.row.severity, entity::eligibility_rule::Severity::Block);
}

/// A ministry and a province may each reward what they saw: neither blocks the other, in either order.
#[test]
fn a_certificate_of_the_ministry_beside_that_of_the_province_is_open() {
    let two = tell().excellent(2024..=YEAR).initiatives(Scope::Base, &[2024, YEAR]);
    for (given, asked) in [(BK_BO, BK_TINH), (BK_TINH, BK_BO)] {
        let story = two.clone().held(given, &[YEAR]);
        let question = question(asked);
        let rules = rules();
        let ruling = rule_on(&rules, (I, &story.0), &question, question.day);
        assert!(!ruling.is_barred(), "{given}, {asked}");
        holds(I, asked, &story);
        let form = condition(":one-achievement-one-form", &story, &question);
        assert_eq!(form, Some(Verdict::Unknown), "{given}, {asked}");
    }
}

/// Two provinces may each reward what they saw; a title of the year is one, whoever gave it.
#[test]
fn a_certificate_of_another_province_is_open() {
    let of = |key: &str, (code, is_elsewhere): (&str, bool)| {
        let mut story = tell().held(code, &[YEAR]);
        story.0.awards[0].is_elsewhere = is_elsewhere;
        condition(key, &story, &question(code))
    };
    let (once, form) = (":one-achievement-one-award", ":one-achievement-one-form");
    for code in [BK_TINH, "LETTER_COMMUNE"] {
        assert_eq!(of(once, (code, false)), Some(Verdict::Failed), "{code}");
        assert_eq!(of(form, (code, false)), Some(Verdict::Passed), "{code}");
        assert_eq!(of(once, (code, true)), Some(Verdict::Passed), "{code}");
        assert_eq!(of(form, (code, true)), Some(Verdict::Unknown), "{code}");
    }
    assert_eq!(of(once, (CSTDCS, true)), Some(Verdict::Failed));
    assert_eq!(of(form, (CSTDCS, true)), Some(Verdict::Passed));
}
