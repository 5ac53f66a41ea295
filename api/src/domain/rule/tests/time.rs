//! What was known on which day: awards decided later, work recognised early in the next year, titles of the same rank.

use entity::eligibility_rule::Severity;
use entity::initiative::Scope;

use super::{
    BK_TINH, CSTD_TINH, CSTDCS, I, Story, Verdict, YEAR, confirmed, day, fails, holds, question,
    rule_on, rules, tell,
};
use crate::domain::rule::facts::Question;
use crate::text::Language;

/// How the law stands on a day, people's steps taken as done.
fn on(award: &str, story: &Story, decided: &str) -> Verdict {
    let mut question = question(award);
    question.decided = day(decided);
    question.day = day("2025-12-01");
    let rules = rules();
    let ruling = rule_on(&rules, (I, &story.0), &question, question.day);
    let blocking = ruling.outcomes.iter().filter(|it| it.rule.row.award_type_code.is_some());
    Verdict::any(blocking.map(|it| confirmed(&it.finding)))
}

#[test]
fn what_is_decided_later_is_not_held_yet() {
    let mut story = tell().held(CSTDCS, &[2024, 2025]);
    story.0.awards[1].decided_on = Some(day("2026-02-02"));

    assert_eq!(on(BK_TINH, &story, "2026-02-01"), Verdict::Failed);
    assert_eq!(on(BK_TINH, &story, "2026-02-02"), Verdict::Passed);
    story.0.awards[1].decided_on = None;
    assert_eq!(on(BK_TINH, &story, "2026-02-01"), Verdict::Passed, "a day that nobody knows");
}

#[test]
fn work_recognised_early_in_the_next_year_counts_when_it_is_decided_on() {
    let mut story = tell().good(YEAR..=YEAR).initiatives(Scope::Base, &[2026]);
    story.0.initiatives[0].recognised_on = day("2026-01-05");

    assert_eq!(on(CSTDCS, &story, "2026-01-04"), Verdict::Failed);
    assert_eq!(on(CSTDCS, &story, "2026-01-05"), Verdict::Passed);
    assert_eq!(on(CSTDCS, &story, "2026-12-30"), Verdict::Passed, "a late decision knows it too");
    story.0.initiatives[0].recognised_on = day("2026-12-31");
    assert_eq!(on(CSTDCS, &story, "2026-12-30"), Verdict::Failed, "nobody recognised it yet");
    story.0.initiatives[0].year = 2027;
    story.0.initiatives[0].recognised_on = day("2027-01-05");
    assert_eq!(on(CSTDCS, &story, "2027-02-01"), Verdict::Failed, "work of another year");
}

#[test]
fn work_of_the_year_counts_from_the_day_on_which_it_was_recognised() {
    let mut story = tell().good(YEAR..=YEAR).initiatives(Scope::Base, &[YEAR]);
    story.0.initiatives[0].recognised_on = day("2025-12-20");

    assert_eq!(on(CSTDCS, &story, "2025-12-19"), Verdict::Failed);
    assert_eq!(on(CSTDCS, &story, "2025-12-20"), Verdict::Passed);
}

#[test]
fn what_is_decided_later_rewards_nothing_yet() {
    let rules = rules();
    let mut story = tell().held(BK_TINH, &[YEAR]);
    story.0.awards[0].decided_on = Some(day("2026-02-02"));
    let once = |story: &Story, key: &str, (award, decided): (&str, &str)| {
        let question = Question { decided: day(decided), ..question(award) };
        let ruling = rule_on(&rules, (I, &story.0), &question, question.day);
        let is_it = |code: &str| code.ends_with(key);
        ruling.outcomes.iter().find(|it| is_it(&it.rule.row.code)).unwrap().finding.verdict
    };
    for (key, award, against) in [
        (":one-achievement-one-award", BK_TINH, Verdict::Failed),
        (":one-achievement-one-form", "LETTER_DEPARTMENT", Verdict::Unknown),
    ] {
        assert_eq!(once(&story, key, (award, "2026-02-01")), Verdict::Passed, "{key}");
        assert_eq!(once(&story, key, (award, "2026-02-02")), against, "{key}");
        let mut undated = story.clone();
        undated.0.awards[0].decided_on = None;
        assert_eq!(once(&undated, key, (award, "2026-02-01")), against, "{key}");
    }
}

#[test]
fn an_earlier_initiative_asks_a_person() {
    let rules = rules();
    let story = tell().good(YEAR..=YEAR).initiatives(Scope::Base, &[2023]);
    let question = question(CSTDCS);

    let ruling = rule_on(&rules, (I, &story.0), &question, question.day);

    let own = |code: &Option<String>| code.as_deref() == Some(CSTDCS);
    let own = ruling.outcomes.iter().find(|it| own(&it.rule.row.award_type_code)).unwrap();
    assert_eq!(own.finding.verdict, Verdict::Unknown);
    fails(I, CSTD_TINH, &tell().held(CSTDCS, &[2023, 2024, 2025]));
    holds(I, CSTDCS, &story);
}

#[test]
fn the_title_of_the_ministry_beside_that_of_the_province_is_open() {
    let rules = rules();
    let story = tell().held("MINISTERIAL_EMULATION_FIGHTER", &[YEAR]);
    let question = question(CSTD_TINH);

    let ruling = rule_on(&rules, (I, &story.0), &question, question.day);

    let of = |key: &str| ruling.outcomes.iter().find(|it| it.rule.row.code.ends_with(key)).unwrap();
    assert_eq!(of("one-achievement-one-award").finding.verdict, Verdict::Passed);
    let form = of("one-achievement-one-form");
    assert_eq!((form.finding.verdict, form.rule.row.severity), (Verdict::Unknown, Severity::Block));
    let other = &form.finding.parts[0];
    assert_eq!(other.verdict, Verdict::Failed, "a person says for what it was");
    let note = other.note.as_ref().map(|note| note.words(Language::En));
    assert_eq!(note.as_deref(), Some("named side by side in Luật 06/2022/QH15, Điều 22"));
}

#[test]
fn what_does_not_count_is_said() {
    let rules = rules();
    let mut story = tell().held(BK_TINH, &[2022]).good(2021..=2025);
    story.0.awards[0].commendation = entity::submission::CommendationType::AdHoc;
    let question = question(super::BKTTG);

    let ruling = rule_on(&rules, (I, &story.0), &question, question.day);

    let notes: Vec<String> = ruling
        .outcomes
        .iter()
        .flat_map(|it| notes(&it.finding))
        .filter(|note| note.contains("đột xuất"))
        .collect();
    assert_eq!(
        notes,
        ["1 lần được khen thưởng đột xuất, chuyên đề không làm cơ sở xét công trạng"]
    );
}

fn notes(finding: &super::Finding<'_>) -> Vec<String> {
    let own = finding.note.iter().map(|note| note.words(Language::Vi));
    own.chain(finding.parts.iter().flat_map(notes)).collect()
}
