//! What people have to judge, and which of several ways is named to those who are refused.

use entity::eligibility_rule::Severity;
use entity::initiative::Scope;
use entity::nominee::SubjectKind;
use entity::subject::Sex;
use entity::year_record::{ClusterScope, CompletionRating};

use super::{
    BK_TINH, BKTTG, C, CO_CP, CSTD_TINH, CSTDCS, I, Story, TTLDXS, YEAR, award, day, question,
    rules, tell,
};
use crate::domain::rule::answer::EligibilityCheck;
use crate::domain::rule::check::{Ruling, choose, rule_on};
use crate::domain::rule::evaluate::evaluate;
use crate::domain::rule::facts::{Before, Question, Verdict, Year};
use crate::domain::rule::finding::Finding;
use crate::domain::rule::tree::Node;
use crate::domain::rule::words::{Names, Words};
use crate::reference;
use crate::text::Language;
use entity::eligibility_rule::Part;
use entity::submission::CommendationType;

/// How the ways of the law stand, with what people have to judge left open.
fn stands(kind: SubjectKind, code: &str, story: &Story) -> Verdict {
    let rules = rules();
    let question = question(code);
    let ruling: Ruling<'_> = rule_on(&rules, (kind, &story.0), &question, question.day);
    let ways = ruling.outcomes.iter().filter(|it| it.rule.row.part == Part::Branch);
    Verdict::any(ways.map(|it| it.finding.verdict))
}

#[test]
fn resourcefulness_in_combat_is_a_way_of_the_forces_alone() {
    let good = tell().good(YEAR..=YEAR);
    assert_eq!(stands(I, CSTDCS, &good), Verdict::Failed);
    let mut soldier = good.clone();
    soldier.0.forces = true;
    assert_eq!(stands(I, CSTDCS, &soldier), Verdict::Unknown);
    let titled = good.held("ADVANCED_SOLDIER", &[YEAR]);
    assert_eq!(stands(I, CSTDCS, &titled), Verdict::Unknown, "whatever the unit is recorded as");
    let mut idle = tell().rated(CompletionRating::Completed, YEAR..=YEAR);
    idle.0.forces = true;
    assert_eq!(stands(I, CSTDCS, &idle), Verdict::Failed, "the standard of advanced soldier stays");
}

#[test]
fn people_say_whether_the_effect_is_recognised() {
    let three = tell().held(CSTDCS, &[2023, 2024, 2025]);
    let with = |scope| three.clone().initiatives(scope, &[2024]);
    assert_eq!(stands(I, CSTD_TINH, &with(Scope::MinistryProvince)), Verdict::Unknown);
    assert_eq!(stands(I, CSTD_TINH, &with(Scope::Base)), Verdict::Failed);
    let two = tell().held(CSTD_TINH, &[2022, 2025]).initiatives(Scope::Nation, &[2025]);
    assert_eq!(stands(I, "NATIONAL_EMULATION_FIGHTER", &two), Verdict::Unknown);
}

#[test]
fn attention_to_direct_producers_warns_and_never_blocks() {
    let rules = rules();
    let row = rules.iter().find(|rule| rule.row.code == "*:direct-and-remote").unwrap();
    assert_eq!(row.row.severity, Severity::Warn);
    assert_eq!(row.row.citation, "Luật 06/2022/QH15, Điều 5 khoản 2 điểm d, khoản 3");
    let story = tell().held(CSTDCS, &[2024, 2025]);
    let question = question(BK_TINH);
    let ruling = rule_on(&rules, (I, &story.0), &question, question.day);
    assert_eq!(ruling.verdict, Verdict::Passed);
    assert!(ruling.outcomes.iter().any(|it| it.rule.row.code == row.row.code));
}

fn collective() -> entity::subject::Model {
    entity::subject::Model {
        tenant_id: uuid::Uuid::nil(),
        id: uuid::Uuid::nil(),
        kind: C,
        code: None,
        name: "Tập thể".to_owned(),
        name_search: String::new(),
        unit_id: uuid::Uuid::nil(),
        is_unit: true,
        sex: None,
        leadership_class: None,
        direct_worker: None,
        manager: None,
        occupation: None,
        size_class: None,
        flag_eligible: None,
        founded_on: None,
        created_at: chrono::DateTime::default(),
        version: 1,
        user_id: None,
        enterprise: None,
    }
}

/// The first way asks for what nobody has judged yet besides the rank that is missed; the second for the rank alone.
#[test]
fn the_nearest_way_is_named_to_those_who_are_refused() {
    let refused = |code: &str, story: &Story| {
        let (rules, question) = (rules(), question(code));
        let choice = choose(&rules, (C, &story.0), &question, (question.day, &[]));
        let subject = collective().into();
        let check = EligibilityCheck::new(subject, &question, &choice, &Names::new());
        check.refused_by().map(|it| it.rule.citation.clone())
    };
    let second = tell().first_of(ClusterScope::CentralCouncil, 2);
    assert_eq!(refused(CO_CP, &second).as_deref(), Some("Luật 06/2022/QH15, Điều 25 khoản 2"));
    // Chosen in a cluster: the rank is missed, and a vote is open. Since a certificate: that one alone is missed.
    let plain = tell().excellent(2021..=2025);
    assert_eq!(
        refused(BKTTG, &plain).as_deref(),
        Some("Luật 06/2022/QH15, Điều 73 khoản 4 điểm e")
    );
}

#[test]
fn what_chose_the_rules_is_said() {
    let transitions = reference::transitions().unwrap();
    let why = |received: &str, decided: &str| {
        let days = (day(received), day(decided));
        let (rules, asked) =
            (rules(), Question { day: days.0, decided: days.1, ..question(TTLDXS) });
        let choice = choose(&rules, (C, &tell().0), &asked, (days.1, &transitions));
        let check = EligibilityCheck::new(collective().into(), &asked, &choice, &Names::new());
        check.chosen_by(Language::En)
    };

    assert_eq!(
        why("2026-01-05", "2026-02-01"),
        "The rules in force on the day of receipt, 2026-01-05, apply."
    );
    // Of what was received before these days no transition is recorded.
    let law = why("2023-12-20", "2024-01-10");
    assert!(law.contains("2023-12-20") && law.contains("changed on 2024-01-01"), "{law}");
    let decree = why("2025-06-20", "2025-07-10");
    assert!(decree.contains("2025-06-20") && decree.contains("changed on 2025-07-01"), "{decree}");
    let amended = why("2026-09-28", "2026-12-10");
    assert!(amended.contains("2026-09-28") && amended.contains("2026-10-01"), "{amended}");
    assert!(amended.contains("Luật 06/2026/QH16, Điều 4"), "{amended}");
    // No rule of the amending law is recorded, and before the law none is at all.
    assert!(amended.contains("No newer rule is recorded"), "{amended}");
    assert!(!amended.contains("not more favourable") && !amended.contains("changed on"));
    let long = why("2025-06-15", "2026-11-20");
    assert!(long.contains("before 2026-10-01") && long.contains("changed on 2025-07-01"), "{long}");
    let older = why("2023-12-15", "2026-11-20");
    assert!(older.contains("No rule of the day of receipt is recorded"), "{older}");
    assert!(older.contains("changed on 2024-01-01, ") && older.contains("2025-07-01"), "{older}");
}

#[test]
fn what_fails_weighs_more_than_what_is_open() {
    let node = |text: &str| Node::read(text).unwrap();
    let far = |text: &str| evaluate(&node(text), &tell().0, &question(CSTDCS)).distance();
    let held = r#"{"held":{"titles":["BASE_EMULATION_FIGHTER"],"n":1}}"#;
    let open = r#"{"manual":{"vi":"x","en":"x"}}"#;

    let one = far(held);
    assert!(far(&format!(r#"{{"all":[{open},{open},{open}]}}"#)) < one);
    assert!(one < far(&format!(r#"{{"all":[{held},{open}]}}"#)));
    assert!(
        far(&format!(r#"{{"all":[{held},{open}]}}"#))
            < far(&format!(r#"{{"all":[{held},{held}]}}"#))
    );
    let either = format!(r#"{{"any":[{{"all":[{held},{held}]}},{held}]}}"#);
    assert_eq!(far(&either), one, "of the ways below the nearest counts");
    assert_eq!(far(r#"{"not":{"flag_eligible":true}}"#), far(open));
}

/// Excellent years, and what was held before a merger.
fn merged(own: Story, awards: &[(&str, i32)], years: std::ops::RangeInclusive<i32>) -> Story {
    let mut story = own;
    let year = |rating| Year { rating: Some(rating), ..Year::default() };
    let both = |_: i32| vec![year(CompletionRating::Good), year(CompletionRating::Excellent)];
    story.0.before = Some(Before {
        years: years.map(|it| (it, both(it))).collect(),
        awards: awards
            .iter()
            .map(|(code, year)| award(code, *year, CommendationType::Merit))
            .collect(),
        is_hidden: false,
    });
    story
}

#[test]
fn what_was_recorded_before_a_merger_neither_passes_nor_fails() {
    let own = || tell().excellent(2025..=2025);
    let before = [(BK_TINH, 2019), (BK_TINH, 2021), (BK_TINH, 2023)];
    let code = "ORDER_LABOUR_3";
    assert_eq!(stands(C, BK_TINH, &merged(own(), &[], 2024..=2024)), Verdict::Unknown);
    assert_eq!(stands(C, code, &own().founded("1990-01-01")), Verdict::Failed, "no certificate");
    let line = merged(own().founded("1990-01-01"), &[(BKTTG, 2019)], 2020..=2024);
    assert_eq!(
        stands(C, code, &line),
        Verdict::Failed,
        "no flag and no certificate in the five years"
    );
    let line = merged(own().founded("1990-01-01"), &[(BKTTG, 2019), (CO_CP, 2022)], 2020..=2024);
    assert_eq!(stands(C, code, &line), Verdict::Unknown);
    // What it holds itself is enough, whatever came before.
    let whole = tell().excellent(2020..=2025).held(BK_TINH, &[2020, 2022, 2024]);
    assert_eq!(stands(C, BKTTG, &whole), Verdict::Passed);
    assert_eq!(stands(C, BKTTG, &merged(whole.clone(), &before, 2019..=2019)), Verdict::Passed);
    // What stood in the way before the merger leaves it open too.
    let again = tell().excellent(2014..=2025).held("ORDER_INDEPENDENCE_1", &[2014]);
    assert_eq!(stands(C, "ORDER_HO_CHI_MINH", &again), Verdict::Passed);
    let held = merged(again, &[("ORDER_HO_CHI_MINH", 2013)], 2010..=2013);
    assert_eq!(stands(C, "ORDER_HO_CHI_MINH", &held), Verdict::Unknown);
}

#[test]
fn what_is_hidden_before_a_merger_does_not_fail() {
    let mut story = tell().excellent(2025..=2025).founded("1990-01-01");
    story.0.before = Some(Before { is_hidden: true, ..Before::default() });
    assert_eq!(stands(C, "ORDER_LABOUR_3", &story), Verdict::Unknown);
    let young = story.founded("2024-01-01");
    assert_eq!(stands(C, "ORDER_LABOUR_3", &young), Verdict::Failed, "its age is its own");
}

/// Without the award from which it counts, what it asks for is shown all the same, open, and weighs nothing of its own.
#[test]
fn what_an_award_would_lead_to_is_shown_without_it() {
    let tree = r#"{"after":{"titles":["PM_CERTIFICATE"],"of":[
        {"rating":{"level":"GOOD","years":5,"continuous":true}},
        {"within":{"years":5,"of":[{"held":{"titles":["BASE_EMULATION_FIGHTER"],"n":3}}]}}]}}"#;
    let tree = Node::read(tree).unwrap();
    let story = tell().good(2021..=2025).held(CSTDCS, &[2023, 2024, 2025]);
    let question = question("ORDER_LABOUR_3");

    let without = evaluate(&tree, &story.0, &question);

    assert_eq!(without.verdict, Verdict::Failed);
    let nodes: Vec<&Node> = without.parts.iter().map(|part| part.node).collect();
    assert_eq!(nodes, tree.parts().iter().collect::<Vec<_>>());
    assert_eq!(without.parts[1].parts.len(), 1, "all the way down");
    let is_open = |part: &Finding<'_>| part.verdict == Verdict::Unknown && part.used.is_empty();
    assert!(without.parts.iter().all(is_open), "{without:?}");
    let held = Node::read(r#"{"held":{"titles":["PM_CERTIFICATE"],"n":1}}"#).unwrap();
    assert_eq!(without.distance(), evaluate(&held, &story.0, &question).distance());
    let certified = story.held(BKTTG, &[2020]);
    assert_eq!(evaluate(&tree, &certified.0, &question).verdict, Verdict::Passed);
}

#[test]
fn a_title_is_said_by_its_name() {
    let node = Node::read(r#"{"held":{"titles":["PM_CERTIFICATE"],"n":1}}"#).unwrap();
    let asked = Node::read(r#"{"opinion":{"from":"POLICE"}}"#).unwrap();
    let names = Names::new();
    for (language, title, body) in [
        (Language::Vi, "Bằng khen của Thủ tướng Chính phủ", "cơ quan công an"),
        (Language::En, "Certificate of merit of the Prime Minister", "the police"),
    ] {
        let words = Words { names: &names, language };
        assert!(words.of(&node).contains(title), "{}", words.of(&node));
        assert!(words.of(&asked).ends_with(body), "{}", words.of(&asked));
    }
}

/// Luật 06/2022/QH15, Điều 39, 40, 41: by what ladder a soldier comes to them is for people to judge.
#[test]
fn orders_of_military_exploit_are_given_to_the_forces_alone() {
    let rules = rules();
    for class in 1..=3 {
        let question = question(&format!("ORDER_MILITARY_EXPLOIT_{class}"));
        let verdict =
            |story: &Story| rule_on(&rules, (I, &story.0), &question, question.day).verdict;
        let civil = tell().excellent(2015..=2025);
        assert_eq!(verdict(&civil), Verdict::Failed, "{class}");
        assert_eq!(verdict(&civil.clone().forces()), Verdict::Unknown, "{class}");
        let titled = civil.held("ADVANCED_SOLDIER", &[YEAR]);
        assert_eq!(verdict(&titled), Verdict::Unknown, "whatever the unit is recorded as");
    }
}

/// Nghị định 152/2025/NĐ-CP, Điều 4.
#[test]
fn the_shorter_tenure_of_women_is_asked_of_women_and_where_nobody_knows() {
    let rules = rules();
    let question =
        Question { commendation: CommendationType::Contribution, ..question("ORDER_LABOUR_1") };
    let stands = |sex: Option<Sex>| {
        let mut story = tell();
        story.0.sex = sex;
        let ruling = rule_on(&rules, (I, &story.0), &question, question.day);
        let found = ruling.outcomes.iter().find(|it| it.rule.row.code == "*:women-leaders");
        found.unwrap().finding.verdict
    };
    assert_eq!(stands(Some(Sex::Male)), Verdict::Passed);
    assert_eq!(stands(Some(Sex::Female)), Verdict::Unknown);
    assert_eq!(stands(None), Verdict::Unknown);
}
