//! What stands beside the ways to qualify: days of discipline, notices, who is meant.

use entity::clearance::Source;
use entity::discipline::Stage;
use entity::eligibility_rule::Part;
use entity::initiative::Scope;
use entity::submission::CommendationType;
use entity::year_record::{ClusterScope, CompletionRating};

use super::{
    BK_TINH, BKTTG, C, CO_TINH, CSTD_TINH, CSTDCS, I, Story, YEAR, award, case, day, fails, holds,
    only_computed, question, rules, tell,
};
use crate::domain::rule::check::rule_on;
use crate::domain::rule::facts::{Notice, Opinion, Question, Verdict};
use crate::domain::rule::finding::Finding;
use crate::domain::rule::judge::served;
use crate::domain::rule::note::Note;
use crate::reference;

pub(super) const BK_BO: &str = "MINISTERIAL_CERTIFICATE";
const CSTDTQ: &str = "NATIONAL_EMULATION_FIGHTER";

/// How one condition of the law stands; none where it does not apply.
pub(super) fn condition(key: &str, story: &Story, question: &Question) -> Option<Verdict> {
    let rules = rules();
    let ruling = rule_on(&rules, (I, &story.0), question, question.day);
    let mut found = ruling.outcomes.iter().filter(|it| it.rule.row.code.ends_with(key));
    found.next().map(|it| it.finding.verdict)
}

/// What is said beside a condition and beside its parts.
fn notes(finding: &Finding<'_>) -> Vec<Note> {
    finding.note.iter().cloned().chain(finding.parts.iter().flat_map(notes)).collect()
}

#[test]
fn what_was_rewarded_with_the_same_serves_no_more() {
    let two = tell().excellent(2024..=2025).initiatives(Scope::Base, &[2024, 2025]);
    holds(I, BK_TINH, &two);
    fails(I, BK_TINH, &two.clone().held(BK_TINH, &[2024]));
    let elsewhere = two.held(BK_BO, &[2024]);
    assert_eq!(only_computed(I, BK_TINH, &elsewhere), Verdict::Unknown, "for what it was is open");
    let question = question(BK_TINH);
    let rules = rules();
    let ruling = rule_on(&rules, (I, &elsewhere.0), &question, question.day);
    let mut notes = ruling.outcomes.iter().flat_map(|it| notes(&it.finding));
    assert!(notes.any(|note| note == Note::Alike));
    let titles = tell().held(CSTD_TINH, &[2022, 2024]).initiatives(Scope::Nation, &[2025]);
    holds(I, CSTDTQ, &titles);
    fails(I, CSTDTQ, &titles.held(CSTDTQ, &[2024]));
    // A title of every year is not in its own way.
    holds(I, CSTDCS, &tell().excellent(YEAR..=YEAR).held(CSTDCS, &[2023, 2024]));
}

#[test]
fn a_record_that_is_there_twice_counts_once() {
    let five = tell().good(2021..=2025).held(BK_TINH, &[2022]);
    fails(I, BKTTG, &five.clone().held(CSTDCS, &[2024, 2024, 2024]));
    holds(I, BKTTG, &five.held(CSTDCS, &[2022, 2024, 2025, 2025]));
}

#[test]
fn a_second_order_of_ho_chi_minh_needs_fifteen_years() {
    let story = tell().excellent(1999..=2025).held("ORDER_INDEPENDENCE_1", &[2004]);
    holds(C, "ORDER_HO_CHI_MINH", &story);
    fails(C, "ORDER_HO_CHI_MINH", &story.clone().held("ORDER_HO_CHI_MINH", &[2014]));
    holds(C, "ORDER_HO_CHI_MINH", &story.held("ORDER_HO_CHI_MINH", &[2010]));
}

#[test]
fn ways_for_others_do_not_hide_that_staff_fails() {
    let idle = tell().rated(CompletionRating::NotCompleted, YEAR..=YEAR);
    fails(I, "ADVANCED_LABOURER", &idle);
    let mut worker = idle;
    worker.0.direct_worker = Some(true);
    fails(I, "ADVANCED_LABOURER", &worker);
    let mut completed = tell().rated(CompletionRating::Completed, YEAR..=YEAR);
    completed.0.direct_worker = Some(true);
    fails(I, "ADVANCED_LABOURER", &completed);
    let mut of_late = tell().rated(CompletionRating::Completed, YEAR - 1..=YEAR - 1);
    of_late.0.direct_worker = Some(true);
    let open = only_computed(I, "ADVANCED_LABOURER", &of_late);
    assert_eq!(open, Verdict::Unknown, "the year may be rated yet");
    fails(I, "ADVANCED_LABOURER", &tell().rated(CompletionRating::Completed, YEAR..=YEAR));
    let mut farmer = tell();
    farmer.0.direct_worker = Some(true);
    holds(I, "ADVANCED_LABOURER", &farmer);
    holds(I, CSTDCS, &farmer.clone().initiatives(Scope::Base, &[YEAR]));
    fails(I, "ADVANCED_LABOURER", &farmer.rated(CompletionRating::NotCompleted, YEAR..=YEAR));
    assert_eq!(
        only_computed(I, "ADVANCED_LABOURER", &tell()),
        Verdict::Unknown,
        "nobody knows who"
    );
    let gap = tell().held(CSTDCS, &[2023, 2025]);
    fails(I, BK_TINH, &gap);
    let mut worker = gap;
    worker.0.direct_worker = Some(true);
    holds(I, BK_TINH, &worker);
    let rated = worker.clone().rated(CompletionRating::Completed, YEAR..=YEAR);
    assert_eq!(only_computed(I, BK_TINH, &rated), Verdict::Unknown, "no rating is asked for");
    let mut staff = rated;
    staff.0.direct_worker = None;
    fails(I, BK_TINH, &staff);
    let of_late = worker.rated(CompletionRating::Completed, YEAR - 1..=YEAR - 1);
    assert_eq!(only_computed(I, BK_TINH, &of_late), Verdict::Unknown);
    fails(I, "ORDER_LABOUR_3", &tell().good(2021..=2025));
    let year_of_good = tell().excellent(2020..=2025).good(2023..=2023).held(BK_TINH, &[2020]);
    fails(C, BKTTG, &year_of_good.clone().held(CO_TINH, &[2022]));
    holds(C, BKTTG, &year_of_good.first_of(ClusterScope::CentralCouncil, 3));
}

/// The articles on workers ask for no rating, and do not leave out who has one: a person says who it is.
#[test]
fn of_a_worker_who_is_rated_the_records_do_not_tell_an_order() {
    for (order, many) in [("ORDER_LABOUR_1", 3), ("ORDER_LABOUR_2", 2), ("ORDER_LABOUR_3", 1)] {
        let years: Vec<i32> = (0..many).map(|before| YEAR - before).collect();
        let mut worker = tell().initiatives(Scope::Base, &years);
        worker.0.direct_worker = Some(true);
        holds(I, order, &worker);
        let rated = worker.rated(CompletionRating::Completed, YEAR..=YEAR);
        assert_eq!(only_computed(I, order, &rated), Verdict::Unknown, "{order}");
        let mut staff = rated;
        staff.0.direct_worker = None;
        fails(I, order, &staff);
    }
}

#[test]
fn an_order_whose_class_is_not_recorded_leaves_the_next_one_open() {
    let (next, unspecified) = ("ORDER_LABOUR_2", "ORDER_LABOUR_UNSPECIFIED");
    let good = tell().excellent(2021..=YEAR).held(CSTD_TINH, &[2023]);
    let held = |code: &str| good.clone().held(code, &[2020]);
    fails(I, next, &good);
    holds(I, next, &held("ORDER_LABOUR_3"));
    fails(I, next, &held("ORDER_LABOUR_1"));
    let story = held(unspecified);
    assert_eq!(only_computed(I, next, &story), Verdict::Unknown);
    fails(I, next, &good.clone().held(unspecified, &[2024]));
    let (rules, question) = (rules(), question(next));
    let ruling = rule_on(&rules, (I, &story.0), &question, question.day);
    let mut found = ruling.outcomes.iter().map(|it| &it.finding);
    let since = found.find(|it| it.note == Some(Note::NoClass)).unwrap();
    assert_eq!((since.verdict, since.used[0].what.as_str()), (Verdict::Unknown, unspecified));
}

#[test]
fn an_entrepreneur_who_leads_others_may_have_contributed() {
    let branch = |key: &str, story: &Story| condition(key, story, &question(BK_TINH));
    let mut leader = tell();
    leader.0.manager = Some(true);

    assert_eq!(branch(":contribution-individual", &leader), Some(Verdict::Unknown));
    assert_eq!(branch(":worker-individual", &leader), Some(Verdict::Failed), "no worker");
    let rated = leader.good(YEAR..=YEAR);
    assert_eq!(branch(":contribution-individual", &rated), Some(Verdict::Failed), "staff");
    let titled = tell().held(CSTDCS, &[2023]);
    assert_eq!(branch(":contribution-individual", &titled), Some(Verdict::Failed));
}

#[test]
fn criteria_of_the_law_are_confirmed_one_by_one() {
    let manual = |award: &str, on: &str| {
        let rules = rules();
        let asked = Question { day: day(on), ..question(award) };
        let ruling = rule_on(&rules, (C, &tell().0), &asked, asked.day);
        let of_it = |code: &str| code.starts_with(award) && !code.ends_with(":b");
        let found = ruling.outcomes.iter().find(|it| of_it(&it.rule.row.code)).unwrap();
        found.finding.parts.iter().filter(|it| it.verdict == Verdict::Unknown).count()
    };

    assert_eq!(manual("EXEMPLARY_COMMUNE", "2025-06-30"), 6, "first in the district, and five");
    assert_eq!(manual("EXEMPLARY_COMMUNE", "2025-07-01"), 6);
    assert_eq!(manual("GOVERNMENT_EMULATION_FLAG", "2026-01-10"), 3, "the rank is not known yet");
}

#[test]
fn discipline_counts_on_the_day_of_the_decision() {
    let on = |received: &str, decided: &str| Question {
        day: day(received),
        decided: day(decided),
        ..question(BK_TINH)
    };
    let mut story = tell().held(CSTDCS, &[2024, 2025]);
    story.0.cases.push(case(Stage::Imposed, "2026-03-01", Some("2026-10-15")));
    let stands = |question: &Question| {
        let rules = rules();
        rule_on(&rules, (I, &story.0), question, question.day).verdict
    };

    assert_eq!(stands(&on("2026-01-10", "2026-02-10")), Verdict::Passed, "before it began");
    assert_eq!(stands(&on("2026-01-10", "2026-03-01")), Verdict::Failed, "its first day");
    assert_eq!(stands(&on("2026-01-10", "2026-10-15")), Verdict::Failed, "its last day");
    assert_eq!(stands(&on("2026-01-10", "2026-11-01")), Verdict::Failed, "the count begins anew");
    let mut pending = tell().held(CSTDCS, &[2024, 2025]);
    pending.0.cases.push(case(Stage::Pending, "2026-02-11", None));
    let open = |decided: &str| condition(":no-open-case", &pending, &on("2026-01-10", decided));
    assert_eq!(
        (open("2026-02-10"), open("2026-02-11")),
        (Some(Verdict::Passed), Some(Verdict::Failed))
    );
}

#[test]
fn a_streak_of_long_ago_is_for_a_person_to_judge() {
    let wide =
        |years: &[i32]| tell().held(CSTDCS, years).initiatives(Scope::MinistryProvince, &[2012]);
    assert_eq!(only_computed(I, CSTD_TINH, &wide(&[2015, 2016, 2017])), Verdict::Unknown);
    assert_eq!(only_computed(I, BK_TINH, &wide(&[2015, 2016, 2017, 2025])), Verdict::Unknown);
    holds(I, CSTD_TINH, &wide(&[2022, 2023, 2024]));
}

#[test]
fn names_are_made_public_for_every_order_prize_and_honorary_title() {
    use entity::award_type::Family;
    let rules = rules();
    let on = day("2026-01-01");
    for row in reference::award_types().unwrap() {
        let is_meant =
            matches!(row.family, Family::Order | Family::StatePrize | Family::StateHonoraryTitle)
                && reference::award_mark(&row.code).is_some_and(|mark| !mark.is_reporting_only);
        let is_asked = rules.iter().any(|rule| {
            rule.row.award_type_code.as_ref() == Some(&row.code)
                && rule.row.code.ends_with(":public-notice")
                && rule.row.part == Part::Condition
        });
        let is_demanded = reference::notices(on).any(|it| it.awards.contains(&row.code));
        assert_eq!((is_asked, is_demanded), (is_meant, is_meant), "{}", row.code);
    }
}

#[test]
fn a_notice_that_was_held_is_read() {
    let stands = |last_on: &str| {
        let mut story = tell();
        let (id, award) = (uuid::Uuid::nil(), "ORDER_LABOUR_3".to_owned());
        story.0.notices.push(Notice { id, award, year: YEAR, last_on: day(last_on) });
        condition(":public-notice", &story, &question("ORDER_LABOUR_3"))
    };

    assert_eq!(stands("2025-11-30"), Some(Verdict::Passed));
    assert_eq!(stands("2025-12-01"), Some(Verdict::Unknown), "it still stands on the day");
    let none = condition(":public-notice", &tell(), &question("ORDER_BRAVERY"));
    assert_eq!(none, Some(Verdict::Unknown));
}

#[test]
fn a_rule_warns_of_a_unit_that_is_gone() {
    let mut story = tell().held(CSTDCS, &[2024, 2025]);
    story.0.dissolved_on = Some(day("2025-06-30"));
    story.0.ends_with_unit = true;
    let asked = question(BK_TINH);
    let rules = rules();

    let ruling = rule_on(&rules, (I, &story.0), &asked, asked.day);
    assert!(!ruling.is_barred(), "what is not established in detail stops nobody");
    let exists = |story: &Story| condition(":in-existence", story, &asked);
    assert_eq!(exists(&story), Some(Verdict::Failed));
    story.0.ends_with_unit = false;
    assert_eq!(exists(&story), Some(Verdict::Unknown), "people go on where they are entered next");
    story.0.dissolved_on = None;
    assert_eq!(exists(&story), Some(Verdict::Passed));
}

#[test]
fn an_award_uses_the_initiatives_it_needs_and_no_more() {
    let used = |code: &str, story: &Story| {
        let rules = rules();
        let question = question(code);
        let ruling = rule_on(&rules, (I, &story.0), &question, question.day);
        let ids = served(&ruling);
        let years = story.0.initiatives.iter().filter(|it| ids.contains(&it.id)).map(|it| it.year);
        years.collect::<Vec<_>>()
    };
    let good = tell().good(YEAR..=YEAR).initiatives(Scope::Base, &[YEAR]);
    assert_eq!(used(CSTDCS, &good), [YEAR]);
    assert_eq!(used(CSTDCS, &good.excellent(YEAR..=YEAR)), [0; 0], "the rating is enough");
    let three = tell().held(CSTDCS, &[2023, 2024, 2025]);
    let wide = three.clone().initiatives(Scope::MinistryProvince, &[2025, 2023]);
    assert_eq!(used(CSTD_TINH, &wide), [2023], "the oldest");
    assert_eq!(used(BK_TINH, &wide), [0; 0], "its titles are enough");
    assert_eq!(used(CSTD_TINH, &three), [0; 0]);
    assert_eq!(award(CSTDCS, 2024, CommendationType::Merit).first, 2024);
}

#[test]
fn of_a_body_that_was_asked_again_the_last_answer_counts() {
    let asked = |on: &str, is_blocking| Opinion {
        id: uuid::Uuid::nil(),
        award: None,
        asked_on: day(on),
        source: Source::PartyCommittee,
        year: YEAR,
        answered_by: None,
        is_blocking: Some(is_blocking),
    };
    let stands = |opinions: Vec<Opinion>| {
        let mut story = tell();
        story.0.opinions = opinions;
        condition(":no-adverse-opinion", &story, &question(BK_TINH))
    };
    let (against, later) = (asked("2025-10-01", true), asked("2025-11-01", false));

    assert_eq!(stands(vec![against.clone()]), Some(Verdict::Failed));
    assert_eq!(stands(vec![later, against.clone()]), Some(Verdict::Passed));
    let elsewhere = Opinion { award: Some(CSTDTQ.to_owned()), ..against };
    assert_eq!(stands(vec![elsewhere]), Some(Verdict::Passed), "about another title");
}
