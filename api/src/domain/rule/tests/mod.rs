//! The rules of the law against facts: each row once where it holds and once where it does not.

mod achievement;
mod collective;
mod confirm;
mod guard;
mod judged;
mod ladder;
mod property;
mod time;
mod tree;

use chrono::NaiveDate;
use entity::discipline::Stage;
use entity::eligibility_rule::{self, Part};
use entity::initiative::{Kind, Scope};
use entity::nominee::SubjectKind;
use entity::submission::CommendationType;
use entity::year_record::{ClusterScope, CompletionRating};
use uuid::Uuid;

use super::check::{Rule, Transition, choose, rule_on};
use super::confirm::keyed;
use super::facts::{Award, Case, Facts, Initiative, Question, Verdict, Year};
use super::finding::Finding;
use super::kind::Kind as Condition;
use super::tree::Node;
use super::words::{Names, Words};
use crate::reference;
use crate::text::Language;

const CSTDCS: &str = "BASE_EMULATION_FIGHTER";
const CSTD_TINH: &str = "PROVINCIAL_EMULATION_FIGHTER";
const BK_TINH: &str = "PROVINCIAL_CERTIFICATE";
const CO_TINH: &str = "PROVINCIAL_EMULATION_FLAG";
const CO_CP: &str = "GOVERNMENT_EMULATION_FLAG";
const BKTTG: &str = "PM_CERTIFICATE";
const TTLDXS: &str = "EXCELLENT_LABOUR_COLLECTIVE";
const YEAR: i32 = 2025;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rules() -> Vec<Rule> {
    let rule = |row: eligibility_rule::Model| {
        let tree = keyed(Node::read(&row.tree).unwrap(), &row.code);
        Rule { row, tree, is_own: false }
    };
    reference::rules().unwrap().into_iter().map(rule).collect()
}

fn question(award: &str) -> Question {
    let commendation = CommendationType::Merit;
    let on = day("2025-12-01");
    Question {
        award: award.to_owned(),
        year: YEAR,
        commendation,
        achieved_on: None,
        day: on,
        decided: on,
    }
}

/// Facts of one subject, written as a sentence.
#[derive(Clone, Debug, Default)]
struct Story(Facts);

impl Story {
    fn rated(mut self, level: CompletionRating, years: std::ops::RangeInclusive<i32>) -> Self {
        for year in years {
            self.0.years.entry(year).or_default().rating = Some(level);
        }
        self
    }

    fn excellent(self, years: std::ops::RangeInclusive<i32>) -> Self {
        self.rated(CompletionRating::Excellent, years)
    }

    fn good(self, years: std::ops::RangeInclusive<i32>) -> Self {
        self.rated(CompletionRating::Good, years)
    }

    fn held(mut self, code: &str, years: &[i32]) -> Self {
        for year in years {
            self.0.awards.push(award(code, *year, CommendationType::Merit));
        }
        self
    }

    fn initiatives(mut self, scope: Scope, years: &[i32]) -> Self {
        for year in years {
            self.0.initiatives.push(Initiative {
                id: Uuid::from_u128(u128::from(year.unsigned_abs())),
                kind: Kind::Initiative,
                scope,
                year: *year,
                recognised_on: day(&format!("{year}-12-01")),
                title: "Sáng kiến".to_owned(),
                recognised_by: "Hội đồng sáng kiến".to_owned(),
                used: None,
            });
        }
        self
    }

    fn founded(mut self, on: &str) -> Self {
        self.0.founded_on = Some(day(on));
        self
    }

    fn forces(mut self) -> Self {
        self.0.forces = true;
        self
    }

    fn no_flags(mut self) -> Self {
        self.0.flag_eligible = Some(false);
        self
    }

    fn first_of(mut self, scope: ClusterScope, rank: i32) -> Self {
        self.0.years.entry(YEAR).or_default().rank = Some((scope, rank));
        self
    }

    /// Members, and how many of them completed, are advanced, are fighters, were disciplined.
    fn members(mut self, [all, completed, advanced, fighters, disciplined]: [i32; 5]) -> Self {
        let year = self.0.years.remove(&YEAR).unwrap_or_default();
        let year = Year {
            members: Some(all),
            completed: Some(completed),
            advanced: Some(advanced),
            fighters: Some(fighters),
            disciplined: Some(disciplined),
            ..year
        };
        self.0.years.insert(YEAR, year);
        self
    }
}

fn award(code: &str, year: i32, commendation: CommendationType) -> Award {
    Award {
        id: Uuid::from_u128(u128::from(year.unsigned_abs())),
        code: code.to_owned(),
        first: year,
        year,
        commendation,
        achieved_on: None,
        decided_on: None,
        decision: Some(format!("12/QĐ-UBND năm {year}")),
        is_elsewhere: false,
    }
}

fn tell() -> Story {
    Story::default()
}

/// How the branches of the law stand for an award by merit; what only a person can confirm is taken as confirmed.
fn branch(kind: SubjectKind, award: &str, story: &Story) -> Verdict {
    let rules = rules();
    let question = question(award);
    let ruling = rule_on(&rules, (kind, &story.0), &question, question.day);
    let branches = ruling.outcomes.iter().filter(|it| it.rule.row.part == Part::Branch);
    Verdict::any(branches.map(|it| confirmed(&it.finding)))
}

fn confirmed(finding: &Finding<'_>) -> Verdict {
    let parts = || finding.parts.iter().map(confirmed);
    match (finding.node, finding.node.kind()) {
        (Node::Manual(_), _) => Verdict::Passed,
        (Node::After(_), _) if finding.used.is_empty() => Verdict::Failed,
        (Node::After(_), _) | (_, Condition::All(_)) => Verdict::all(parts()),
        (_, Condition::Any(_)) => Verdict::any(parts()),
        (_, Condition::Not(_) | Condition::Titles(..) | Condition::Other) => finding.verdict,
    }
}

#[track_caller]
fn holds(kind: SubjectKind, award: &str, story: &Story) {
    assert_eq!(branch(kind, award, story), Verdict::Passed, "{award}");
}

#[track_caller]
fn fails(kind: SubjectKind, award: &str, story: &Story) {
    assert_eq!(only_computed(kind, award, story), Verdict::Failed, "{award}");
}

/// The same without branches that people alone decide.
fn only_computed(kind: SubjectKind, award: &str, story: &Story) -> Verdict {
    let rules: Vec<_> = rules().into_iter().filter(|rule| is_computed(&rule.tree)).collect();
    let question = question(award);
    let ruling = rule_on(&rules, (kind, &story.0), &question, question.day);
    let branches = ruling.outcomes.iter().filter(|it| it.rule.row.part == Part::Branch);
    Verdict::any(branches.map(|it| confirmed(&it.finding)))
}

fn is_computed(node: &Node) -> bool {
    if let Node::All(parts) = node {
        return parts.iter().any(is_computed);
    }
    if let Node::Any(parts) = node {
        return parts.iter().all(is_computed);
    }
    !matches!(node, Node::Manual(_))
}

const I: SubjectKind = SubjectKind::Individual;
const C: SubjectKind = SubjectKind::Collective;

/// V6: grassroots fighter in 2022, 2023 and 2025 is not three times in a row.
#[test]
fn three_titles_with_a_gap_are_not_consecutive() {
    let story = tell().held(CSTDCS, &[2022, 2023, 2025]).initiatives(Scope::Nation, &[2025]);

    fails(I, CSTD_TINH, &story);
    holds(I, CSTD_TINH, &story.held(CSTDCS, &[2024]));
}

/// V8: 8 advanced labourers of 12 are 66.7 %, less than 70 %.
#[test]
fn a_share_is_compared_as_whole_numbers() {
    let of = |advanced, all| tell().good(YEAR..=YEAR).members([all, all, advanced, 1, 0]);
    let of_forces = |advanced, all| of(advanced, all).forces();

    fails(C, "ADVANCED_LABOUR_COLLECTIVE", &of(8, 12));
    holds(C, "ADVANCED_LABOUR_COLLECTIVE", &of(9, 12));
    holds(C, "ADVANCED_UNIT", &of_forces(7, 10));
    fails(C, "ADVANCED_UNIT", &of(7, 10));
    let disciplined = tell().good(YEAR..=YEAR).members([12, 12, 12, 1, 1]);
    fails(C, "ADVANCED_LABOUR_COLLECTIVE", &disciplined);
}

/// V10: everyone completed, 80 % advanced, and no grassroots fighter.
#[test]
fn an_excellent_collective_has_a_grassroots_fighter() {
    let of = |members| tell().excellent(YEAR..=YEAR).members(members);

    fails(C, TTLDXS, &of([10, 10, 8, 0, 0]));
    holds(C, TTLDXS, &of([10, 10, 8, 1, 0]));
    fails(C, TTLDXS, &of([10, 9, 8, 1, 0]));
    fails(C, "DETERMINED_TO_WIN_UNIT", &of([10, 10, 6, 1, 0]).forces());
    holds(C, "DETERMINED_TO_WIN_UNIT", &of([10, 10, 8, 1, 0]).forces());
    fails(C, "DETERMINED_TO_WIN_UNIT", &of([10, 10, 8, 1, 0]));
}

/// Sudden and thematic commendation is no basis for merit; an initiative serves once.
#[test]
fn what_was_rewarded_otherwise_does_not_serve() {
    let mut sudden = tell().held(CSTDCS, &[2024, 2025]);
    sudden.0.awards[0].commendation = CommendationType::AdHoc;
    fails(I, BK_TINH, &sudden);
    let mut used = tell().good(YEAR..=YEAR).initiatives(Scope::Base, &[YEAR]);
    used.0.initiatives[0].used = Some((BK_TINH.to_owned(), 2025));
    fails(I, CSTDCS, &used);
    used.0.initiatives[0].used = Some((CSTDCS.to_owned(), YEAR));
    holds(I, CSTDCS, &used);
}

fn case(stage: Stage, from: &str, end: Option<&str>) -> Case {
    let form = (stage == Stage::Imposed).then_some(entity::discipline::Form::Reprimand);
    Case { id: Uuid::nil(), stage, form, from: day(from), end: end.map(day), decision: None }
}

/// The whole ruling, guards included, for a person who otherwise qualifies.
fn ruling(case: Option<Case>) -> Verdict {
    let mut story = tell().held(CSTDCS, &[2024, 2025]);
    story.0.cases.extend(case);
    let (rules, question) = (rules(), question(BK_TINH));
    rule_on(&rules, (I, &story.0), &question, question.day).verdict
}

#[test]
fn an_open_case_blocks_and_a_closed_one_begins_the_count_anew() {
    assert_eq!(ruling(None), Verdict::Passed);
    assert_eq!(ruling(Some(case(Stage::Pending, "2025-11-01", None))), Verdict::Failed);
    assert_eq!(
        ruling(Some(case(Stage::Cleared, "2025-06-01", Some("2025-09-01")))),
        Verdict::Passed
    );
    assert_eq!(ruling(Some(case(Stage::Imposed, "2025-06-01", None))), Verdict::Failed);
    let ended = |end| case(Stage::Imposed, "2022-06-01", Some(end));
    assert_eq!(only(Some(ended("2023-12-31"))), Verdict::Passed, "2024 and 2025 lie behind it");
    assert_eq!(only(Some(ended("2024-02-01"))), Verdict::Failed, "2024 began before it ended");
}

fn only(case: Option<Case>) -> Verdict {
    let mut story = tell().held(CSTDCS, &[2024, 2025]);
    story.0.cases.extend(case);
    only_computed(I, BK_TINH, &story)
}

#[test]
fn one_achievement_is_rewarded_once() {
    let (rules, question) = (rules(), question(BK_TINH));
    let story = tell().held(CSTDCS, &[2024, 2025]).held(BK_TINH, &[2025]);

    assert_eq!(rule_on(&rules, (I, &story.0), &question, question.day).verdict, Verdict::Failed);
}

#[test]
fn a_year_that_nobody_rated_is_unknown() {
    let story = tell().good(2021..=2024).held(CSTDCS, &[2021, 2023, 2025]).held(BK_TINH, &[2022]);

    assert_eq!(branch(I, BKTTG, &story), Verdict::Unknown);
}

/// V12: received before the change, decided after it: the older rules, the newer ones where they are better.
#[test]
fn the_day_of_receipt_decides_unless_newer_rules_are_better() {
    let rule = |code: &str, n: i32, from: &str, to: Option<&str>| {
        let tree = format!(r#"{{"held":{{"titles":["{CSTDCS}"],"n":{n}}}}}"#);
        let row = rules().remove(0).row;
        let row = eligibility_rule::Model {
            code: code.to_owned(),
            award_type_code: Some(CSTD_TINH.to_owned()),
            valid_from: day(from),
            valid_to: to.map(day),
            ..row
        };
        Rule { tree: Node::read(&tree).unwrap(), row, is_own: false }
    };
    let change = [Transition { from: day("2026-10-01"), citation: "Điều 4".to_owned() }];
    let chosen = |old: i32, new: i32, received: &str| {
        let rules = [
            rule("old", old, "2024-01-01", Some("2026-09-30")),
            rule("new", new, "2026-10-01", None),
        ];
        let story = tell().held(CSTDCS, &[2024, 2025]);
        let question = Question {
            year: 2026,
            day: day(received),
            decided: day("2026-12-10"),
            ..question(CSTD_TINH)
        };
        let choice = choose(&rules, (I, &story.0), &question, (day("2026-12-10"), &change));
        (choice.chosen.day.to_string(), choice.chosen.verdict, choice.other.map(|it| it.verdict))
    };

    let (day, verdict, other) = chosen(3, 2, "2026-09-28");
    assert_eq!(
        (day.as_str(), verdict, other),
        ("2026-10-01", Verdict::Passed, Some(Verdict::Failed))
    );
    let (day, verdict, other) = chosen(2, 3, "2026-09-28");
    assert_eq!(
        (day.as_str(), verdict, other),
        ("2026-09-28", Verdict::Passed, Some(Verdict::Failed))
    );
    let (day, verdict, other) = chosen(2, 3, "2026-10-02");
    assert_eq!((day.as_str(), verdict, other), ("2026-10-02", Verdict::Failed, None));
}

#[test]
fn every_condition_has_words_in_both_languages() {
    fn walk(node: &Node, names: &Names) {
        for language in [Language::Vi, Language::En] {
            let text = Words { names, language }.of(node);
            assert!(text.chars().count() > 3 && !text.contains("{}"), "{node:?}: {text}");
            assert!(!text.contains('_'), "the code of a title or a body is no word: {text}");
        }
        node.parts().iter().for_each(|part| walk(part, names));
    }
    for rule in rules() {
        walk(&rule.tree, &Names::new());
    }
}
