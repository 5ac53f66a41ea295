//! Ranks of published comparisons and members' own records, beside what the unit wrote down.

use std::sync::Arc;

use entity::discipline::{Form, Stage};
use entity::year_record::{ClusterScope, CompletionRating};
use proptest::prelude::*;
use uuid::Uuid;

use super::{C, CO_TINH, Story, TTLDXS, YEAR, case, day, question, rules, tell};
use crate::domain::rule::check::rule_on;
use crate::domain::rule::evaluate::evaluate;
use crate::domain::rule::facts::{Case, Facts, Member, Place, Roll, Verdict};
use crate::domain::rule::finding::{Finding, counted};
use crate::domain::rule::note::Note;
use crate::domain::rule::tree::Node;
use crate::domain::rule::words::{Names, Words};
use crate::text::Language;

const RANK: &str = r#"{"rank":{"cluster":"MINISTRY_PROVINCE","best":1}}"#;
const SHARE: &str = r#"{"share":{"percent":70}}"#;
const ALL: &str = r#"{"all_members":{"rating":"COMPLETED"}}"#;
const ANY: &str = r#"{"any_member":{"title":"BASE_EMULATION_FIGHTER"}}"#;
const NONE: &str = r#"{"no_member":{"discipline":"WARNING"}}"#;

/// How a condition stands, and what is said of it.
fn said(tree: &str, story: &Story) -> (Verdict, String) {
    let tree = Node::read(tree).unwrap();
    let finding = evaluate(&tree, &story.0, &question(TTLDXS));
    let words = Words { names: &Names::new(), language: Language::En }.finding(&finding);
    (finding.verdict, words)
}

fn verdict(tree: &str, story: &Story) -> Verdict {
    said(tree, story).0
}

fn placed(mut story: Story, scope: ClusterScope, rank: Option<i32>) -> Story {
    let cluster_name = "Cụm 1".to_owned();
    let cluster = Uuid::nil();
    story.0.places.push(Place { cluster, cluster_name, scope, year: YEAR, rank, of: 8 });
    story
}

const HERE: ClusterScope = ClusterScope::MinistryProvince;

#[test]
fn a_published_place_counts_before_the_rank_that_was_written_down() {
    let typed = tell().first_of(HERE, 1);
    let (verdict_typed, words) = said(RANK, &typed);
    assert_eq!(verdict_typed, Verdict::Passed);
    assert!(words.ends_with("(as recorded by the unit: 1)"), "{words}");

    let (against, words) = said(RANK, &placed(typed, HERE, Some(2)));
    assert_eq!(against, Verdict::Failed);
    let differs = "place 2 of 8; the unit recorded 1, which does not count)";
    assert!(words.ends_with(differs) && words.contains("Cụm 1"), "{words}");

    let modest = tell().first_of(HERE, 3);
    assert_eq!(verdict(RANK, &placed(modest.clone(), HERE, Some(1))), Verdict::Passed);
    assert_eq!(verdict(RANK, &placed(modest, HERE, None)), Verdict::Failed, "no place");
    let (same, words) = said(RANK, &placed(tell().first_of(HERE, 1), HERE, Some(1)));
    assert_eq!(same, Verdict::Passed);
    assert!(words.ends_with("place 1 of 8)"), "nothing differs: {words}");
}

#[test]
fn any_place_serves_where_none_is_named() {
    let any = r#"{"rank":{"cluster":"MINISTRY_PROVINCE"}}"#;
    assert_eq!(verdict(any, &tell().first_of(HERE, 40)), Verdict::Passed);
    assert_eq!(verdict(any, &placed(tell(), HERE, Some(8))), Verdict::Passed);
    assert_eq!(verdict(any, &placed(tell(), HERE, None)), Verdict::Failed, "no place");
    assert_eq!(Node::read(any).unwrap().text().unwrap(), any);
}

#[test]
fn numbers_and_places_are_said_as_people_say_them() {
    let say = |tree: &str, language| {
        Words { names: &Names::new(), language }.of(&Node::read(tree).unwrap())
    };
    for (tree, vi, en) in [
        (RANK, "Dẫn đầu cụm, khối", "First in a cluster"),
        (r#"{"rank":{"cluster":"CENTRAL_COUNCIL"}}"#, "Được xếp hạng trong cụm", "Ranked in a cl"),
        (
            r#"{"rank":{"cluster":"CENTRAL_COUNCIL","best":3}}"#,
            "Xếp hạng từ 3 trở lên trong cụm",
            "Ranked 3 or better in a cluster",
        ),
        (r#"{"initiative":{"scope":"BASE","n":1}}"#, "Có 1 sáng kiến", "1 initiative with"),
        (r#"{"initiative":{"scope":"BASE","n":2}}"#, "Có 2 sáng kiến", "2 initiatives with"),
        (r#"{"held":{"titles":["A"],"n":1}}"#, "Có ít nhất 1 lần", "Held A at least 1 time"),
        (r#"{"rating":{"level":"GOOD","years":1}}"#, "1 năm được", "1 year rated"),
        (r#"{"rating":{"level":"GOOD","years":5}}"#, "5 năm được", "5 years rated"),
        (r#"{"age_of_unit":{"years":1}}"#, "Có quá trình", "At least 1 year since"),
        (
            r#"{"within":{"years":1,"of":["no_open_case"]}}"#,
            "Trong 1 năm",
            "Within the year of the proposal",
        ),
    ] {
        let (said, told) = (say(tree, Language::Vi), say(tree, Language::En));
        assert!(said.starts_with(vi) && told.starts_with(en), "{said}; {told}");
        assert!(!told.contains("times") || !tree.contains(r#""n":1"#), "{told}");
    }
}

#[test]
fn a_count_is_said_with_what_does_not_count() {
    let node = Node::read(r#"{"initiative":{"scope":"BASE","n":1}}"#).unwrap();
    let bare = counted(&node, Verdict::Failed, vec![], 0);
    let say = |finding: &Finding<'_>| {
        Words { names: &Names::new(), language: Language::En }.finding(finding)
    };
    assert!(say(&bare).ends_with("(found: 0)"));
    let noted = Finding { note: Some(Note::Served(2)), ..bare };
    let words = say(&noted);
    assert!(words.ends_with("(found: 0; 2 served for another title or form already)"), "{words}");
}

#[test]
fn a_place_in_a_cluster_of_another_scope_says_nothing() {
    let elsewhere = placed(tell(), ClusterScope::CentralCouncil, Some(1));
    assert_eq!(verdict(RANK, &elsewhere), Verdict::Unknown);
    let both = placed(placed(tell(), HERE, Some(4)), HERE, Some(1));
    assert_eq!(verdict(RANK, &both), Verdict::Passed, "the best place of several clusters");
    let mut older = placed(tell().first_of(HERE, 1), HERE, Some(5));
    older.0.places[0].year = YEAR - 1;
    assert_eq!(verdict(RANK, &older), Verdict::Passed, "of another year");
}

fn member(number: u32) -> Member {
    Member { id: Uuid::from_u128(u128::from(number)), ..Member::default() }
}

fn good(number: u32) -> Member {
    let rating = Some(CompletionRating::Good);
    Member { is_recorded: true, rating, is_advanced: true, ..member(number) }
}

fn plain(number: u32) -> Member {
    Member { is_advanced: false, ..good(number) }
}

fn warned(number: u32) -> Member {
    let warning = Case { form: Some(Form::Warning), ..case(Stage::Imposed, "2025-03-01", None) };
    Member { cases: vec![warning], name: Some(format!("Người {number}")), ..member(number) }
}

fn of(members: impl IntoIterator<Item = Member>) -> Story {
    with(tell(), members)
}

fn with(mut story: Story, members: impl IntoIterator<Item = Member>) -> Story {
    story.0.rolls.insert(YEAR, Arc::new(Roll(members.into_iter().collect())));
    story
}

/// V8 and V10 of members' own records: 66.7 % are too few, and an excellent collective has a grassroots fighter.
#[test]
fn own_records_decide_where_they_are_complete() {
    let of_12 = |many: u32| of((0..many).map(good).chain((many..12).map(plain)));
    assert_eq!(verdict(SHARE, &of_12(8)), Verdict::Failed);
    let (nine, words) = said(SHARE, &of_12(9));
    assert_eq!(nine, Verdict::Passed);
    assert!(words.ends_with("(by the members' own records: 9 of 12)"), "{words}");
    assert_eq!(verdict(ALL, &of_12(9)), Verdict::Passed);
    assert_eq!(verdict(NONE, &of_12(9)), Verdict::Passed);
    assert_eq!(verdict(ANY, &of_12(9)), Verdict::Failed, "nobody is a grassroots fighter");
    let fighter = Member { is_fighter: true, ..plain(12) };
    assert_eq!(verdict(ANY, &of((0..9).map(good).chain([fighter]))), Verdict::Passed);
}

#[test]
fn what_the_unit_wrote_down_counts_where_records_are_missing() {
    let typed = tell().members([12, 12, 9, 1, 0]);
    let some = |story: Story| with(story, (0..3).map(good));

    let (share, words) = said(SHARE, &some(typed.clone()));
    assert_eq!(share, Verdict::Passed);
    let source = "(as recorded by the unit: 9 of 12; 3 of 12 members recorded)";
    assert!(words.ends_with(source), "{words}");
    for tree in [ALL, ANY, NONE] {
        assert_eq!(verdict(tree, &some(typed.clone())), Verdict::Passed, "{tree}");
    }
    let (open, words) = said(SHARE, &of((0..3).map(good).chain((3..12).map(member))));
    assert_eq!(open, Verdict::Unknown);
    assert!(words.ends_with("(3 of 12 members recorded)"), "{words}");
    let undecided = with(typed, (0..12).map(plain));
    assert_eq!(verdict(SHARE, &undecided), Verdict::Passed, "no title of the year is decided yet");
    let waiting = (6..12).map(|it| Member { is_proposed: true, ..plain(it) });
    let waiting = of((0..6).map(good).chain(waiting));
    assert_eq!(verdict(SHARE, &waiting), Verdict::Unknown, "six are proposed");
}

#[test]
fn a_record_against_it_wins_over_what_was_written_down() {
    let typed = || tell().members([12, 12, 12, 3, 0]);
    let one = with(typed(), [warned(0)]);
    let (none, words) = said(NONE, &one);
    assert_eq!(none, Verdict::Failed);
    let differs =
        "1 of 12; 1 of 12 members recorded; the unit recorded 0 of 12, which does not count)";
    assert!(words.ends_with(differs), "{words}");
    let tree = Node::read(NONE).unwrap();
    let used = evaluate(&tree, &one.0, &question(TTLDXS)).used;
    assert_eq!(used.iter().map(|it| it.what.as_str()).collect::<Vec<_>>(), ["1/12", "Người 0"]);

    let rated = Member { rating: Some(CompletionRating::NotCompleted), ..plain(0) };
    assert_eq!(verdict(ALL, &with(typed(), [rated])), Verdict::Failed);
    let few = with(typed(), (0..6).map(good).chain((6..12).map(plain)));
    assert_eq!(verdict(SHARE, &few), Verdict::Failed);
    assert_eq!(verdict(ANY, &few), Verdict::Failed);
    let clean = with(tell().members([12, 12, 12, 3, 1]), (0..12).map(good));
    assert_eq!(verdict(NONE, &clean), Verdict::Failed, "the unit says that one is disciplined");
}

/// Who was disciplined gets no title of the year, so nothing is open for want of his record.
#[test]
fn who_was_disciplined_is_no_fighter_to_come() {
    let complete = || (0..9).map(good).chain((9..12).map(plain));
    let typed = || tell().members([14, 14, 14, 3, 0]);
    assert_eq!(
        verdict(ANY, &with(typed(), complete().chain([member(12), member(13)]))),
        Verdict::Passed
    );
    let both = [warned(12), warned(13)];
    assert_eq!(verdict(ANY, &with(typed(), complete().chain(both.clone()))), Verdict::Failed);
    assert_eq!(verdict(SHARE, &with(typed(), complete().chain(both))), Verdict::Failed, "9 of 14");
}

#[test]
fn discipline_counts_in_the_years_it_goes_on() {
    let from_to = |form, from: &str, end: Option<&str>| {
        let case = Case { form: Some(form), ..case(Stage::Imposed, from, end) };
        let it = Member { cases: vec![case], ..plain(0) };
        verdict(NONE, &of([it]))
    };
    assert_eq!(from_to(Form::Reprimand, "2025-03-01", None), Verdict::Passed, "milder");
    assert_eq!(from_to(Form::Demotion, "2024-03-01", Some("2025-01-01")), Verdict::Failed);
    assert_eq!(from_to(Form::Warning, "2024-03-01", Some("2024-12-31")), Verdict::Passed);
    assert_eq!(from_to(Form::Warning, "2026-01-01", None), Verdict::Passed, "of the next year");
    assert_eq!(from_to(Form::Warning, "2025-12-24", None), Verdict::Passed, "decided before");
    assert_eq!(question(TTLDXS).decided, day("2025-12-01"));
}

fn rolls() -> impl Strategy<Value = Story> {
    let one = (any::<bool>(), 0..5_u8, any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let one = one.prop_map(|(is_recorded, rating, is_advanced, is_fighter, is_proposed, bad)| {
        let rating = match rating {
            0 => Some(CompletionRating::NotCompleted),
            1 => Some(CompletionRating::Completed),
            2 => Some(CompletionRating::Good),
            3 => Some(CompletionRating::Excellent),
            _ => None,
        };
        let cases = if bad { warned(0).cases } else { Vec::new() };
        let rating = rating.filter(|_| is_recorded);
        Member { is_recorded, rating, is_advanced, is_fighter, is_proposed, cases, ..member(0) }
    });
    let typed = prop::option::of((1..15_i32, prop::array::uniform4(0..15_i32)));
    let places = prop::collection::vec(prop::option::of(1..4_i32), 0..3);
    (prop::collection::vec(one, 0..12), typed, places).prop_map(|(members, typed, places)| {
        let story = tell().excellent(YEAR..=YEAR);
        let story = if let Some((all, [a, b, c, d])) = typed {
            story.members([all, a.min(all), b.min(all), c.min(all), d.min(all)])
        } else {
            story
        };
        let story = places.into_iter().fold(story, |it, place| placed(it, HERE, place));
        with(story, members)
    })
}

fn verdicts(facts: &Facts) -> Vec<Verdict> {
    let rules = rules();
    let one = |award: &&str| {
        let question = question(award);
        rule_on(&rules, (C, facts), &question, question.day).verdict
    };
    [TTLDXS, "ADVANCED_LABOUR_COLLECTIVE", CO_TINH].iter().map(one).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// One more who failed or was disciplined, a record that says no, a worse place: nothing is better for it.
    #[test]
    fn a_record_that_does_not_qualify_never_helps(story in rolls(), which in 0..5_u8) {
        let mut more = story.clone();
        let mut roll = (*more.0.rolls[&YEAR]).clone();
        let failed = CompletionRating::NotCompleted;
        match which {
            0 => roll.0.push(Member { is_recorded: true, rating: Some(failed), ..member(99) }),
            1 => roll.0.push(warned(99)),
            2 => roll.0.iter_mut().for_each(|it| it.cases.extend(warned(0).cases)),
            3 => for it in roll.0.iter_mut().filter(|it| !it.is_recorded) {
                it.is_recorded = true;
                it.rating = Some(failed);
            },
            _ => more = placed(more, HERE, Some(7)),
        }
        more.0.rolls.insert(YEAR, Arc::new(roll));

        for (before, after) in verdicts(&story.0).iter().zip(verdicts(&more.0)) {
            prop_assert!(after <= *before, "{before:?} became {after:?}");
        }
    }

    #[test]
    fn the_order_of_members_does_not_matter(story in rolls()) {
        let mut turned = story.clone();
        let mut roll = (*turned.0.rolls[&YEAR]).clone();
        roll.0.reverse();
        turned.0.rolls.insert(YEAR, Arc::new(roll));
        turned.0.places.reverse();
        prop_assert_eq!(verdicts(&story.0), verdicts(&turned.0));
    }
}
