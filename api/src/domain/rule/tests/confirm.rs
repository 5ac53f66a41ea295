//! What people confirm or deny: of each question the last word, and a denial never helps.

use std::sync::Arc;

use async_graphql::ID;
use entity::condition_confirmation::Said;
use entity::role_grant::Role;
use entity::submission::CommendationType;
use proptest::prelude::*;

use super::property::facts;
use super::{BK_TINH, CSTDCS, I, YEAR, day, question, rules, tell};
use crate::domain::rule::check::rule_on;
use crate::domain::rule::confirm::{Confirmation, condition_key, keyed};
use crate::domain::rule::evaluate::evaluate;
use crate::domain::rule::facts::{Facts, Question, Verdict};
use crate::domain::rule::tree::Node;

const RULE: &str = "OWN";

fn key() -> String {
    condition_key(RULE, ("Gương mẫu", "Exemplary"))
}

/// A word on a condition, said so many hours into a day.
fn word(key: &str, said: Said, hour: u32) -> Confirmation {
    Confirmation {
        id: ID(hour.to_string()),
        key: key.to_owned(),
        award: CSTDCS.to_owned(),
        year: YEAR,
        commendation: CommendationType::Merit,
        achieved_on: None,
        said,
        reason: "Biên bản".to_owned(),
        document: None,
        by: "Người xác nhận".to_owned(),
        role: Role::StandingOfficer,
        at: day("2025-11-01").and_hms_opt(hour, 0, 0).unwrap().and_utc(),
    }
}

fn with(words: Vec<Confirmation>) -> Facts {
    Facts { confirmations: words.into_iter().map(Arc::new).collect(), ..tell().0 }
}

fn tree(text: &str) -> Node {
    keyed(Node::read(text).unwrap(), RULE)
}

fn manual() -> Node {
    tree(r#"{"manual":{"vi":"Gương mẫu","en":"Exemplary"}}"#)
}

fn stands(tree: &Node, words: Vec<Confirmation>) -> Verdict {
    evaluate(tree, &with(words), &question(CSTDCS)).verdict
}

/// Another form of the year hinders nobody, until somebody says that it was for the same achievement.
#[test]
fn two_forms_for_one_achievement_are_barred_once_it_is_said() {
    let rules = rules();
    let mut forms = rules.iter().filter(|rule| rule.row.code == "*:one-achievement-one-form");
    let form = forms.next().unwrap();
    let Node::Manual(asked) = &form.tree.parts()[1] else { panic!("{form:?}") };
    let story = tell().held(CSTDCS, &[2024, YEAR]).held("LETTER_DEPARTMENT", &[YEAR]);
    let stands = |words: Vec<Confirmation>| {
        let confirmations = words.into_iter().map(Arc::new).collect();
        let known = Facts { confirmations, ..story.0.clone() };
        let question = question(BK_TINH);
        let ruling = rule_on(&rules, (I, &known), &question, question.day);
        (ruling.verdict, ruling.is_barred())
    };
    let word = |said: Said| Confirmation { award: BK_TINH.to_owned(), ..word(&asked.key, said, 8) };

    assert_eq!(stands(vec![]), (Verdict::Unknown, false), "nobody has said it");
    assert_eq!(stands(vec![word(Said::Holds)]), (Verdict::Passed, false));
    assert_eq!(stands(vec![word(Said::DoesNotHold)]), (Verdict::Failed, true));
}

#[test]
fn the_last_word_counts_in_whatever_order_they_are_read() {
    let (yes, no) = (word(&key(), Said::Holds, 8), word(&key(), Said::DoesNotHold, 9));

    assert_eq!(stands(&manual(), vec![]), Verdict::Unknown);
    assert_eq!(stands(&manual(), vec![yes.clone()]), Verdict::Passed);
    assert_eq!(stands(&manual(), vec![yes.clone(), no.clone()]), Verdict::Failed);
    assert_eq!(stands(&manual(), vec![no.clone(), yes.clone()]), Verdict::Failed);
    let again = word(&key(), Said::Holds, 10);
    assert_eq!(stands(&manual(), vec![again, no, yes]), Verdict::Passed);
}

#[test]
fn a_word_is_of_one_question() {
    let word = || word(&key(), Said::Holds, 8);
    let others = [
        Confirmation { key: condition_key("OTHER", ("Gương mẫu", "Exemplary")), ..word() },
        Confirmation { award: "ADVANCED_LABOURER".to_owned(), ..word() },
        Confirmation { year: YEAR - 1, ..word() },
        Confirmation { commendation: CommendationType::AdHoc, ..word() },
    ];
    for other in others {
        assert_eq!(stands(&manual(), vec![other.clone()]), Verdict::Unknown, "{other:?}");
    }
    // A year has one merit, and may have several sudden achievements.
    let merit = Confirmation { achieved_on: Some(day("2025-05-01")), ..word() };
    assert_eq!(stands(&manual(), vec![merit]), Verdict::Passed);
    let sudden = |on: &str| Question {
        commendation: CommendationType::AdHoc,
        achieved_on: Some(day(on)),
        ..question(CSTDCS)
    };
    let said = Confirmation {
        commendation: CommendationType::AdHoc,
        achieved_on: Some(day("2025-05-01")),
        ..word()
    };
    let facts = with(vec![said]);
    assert_eq!(evaluate(&manual(), &facts, &sudden("2025-05-01")).verdict, Verdict::Passed);
    assert_eq!(evaluate(&manual(), &facts, &sudden("2025-05-02")).verdict, Verdict::Unknown);
}

#[test]
fn what_is_negated_is_turned_and_the_word_stands_with_the_condition() {
    let not = tree(r#"{"not":{"manual":{"vi":"Gương mẫu","en":"Exemplary"}}}"#);

    assert_eq!(stands(&not, vec![]), Verdict::Unknown);
    assert_eq!(stands(&not, vec![word(&key(), Said::Holds, 8)]), Verdict::Failed);
    assert_eq!(stands(&not, vec![word(&key(), Said::DoesNotHold, 8)]), Verdict::Passed);
    let facts = with(vec![word(&key(), Said::Holds, 8)]);
    let finding = evaluate(&not, &facts, &question(CSTDCS));
    assert_eq!(finding.confirmed, None);
    assert_eq!(finding.parts[0].confirmed, Some(Arc::new(word(&key(), Said::Holds, 8))));
}

#[test]
fn a_condition_knows_its_rule_and_is_stored_without_its_key() {
    let text = r#"{"all":[{"manual":{"vi":"Gương mẫu","en":"Exemplary"}},"no_open_case"]}"#;
    let Node::All(parts) = tree(text) else { panic!("no group") };
    let Node::Manual(it) = &parts[0] else { panic!("nothing for people") };

    assert_eq!(it.key, key());
    assert_eq!(tree(text).text().unwrap(), text);
    assert!(Node::read(r#"{"manual":{"vi":"a","en":"b","key":"c"}}"#).is_err());
    assert_ne!(key(), condition_key(RULE, ("Gương mẫu.", "Exemplary")));
}

/// A word on every condition that the tree of a rule leaves to people.
fn words(node: &Node, award: &str, (said, hour): (Said, u32)) -> Vec<Arc<Confirmation>> {
    let of = |part: &Node| words(part, award, (said, hour));
    let mut all: Vec<_> = node.parts().iter().flat_map(of).collect();
    if let Node::Manual(it) = node {
        let award = award.to_owned();
        all.push(Arc::new(Confirmation { award, ..word(&it.key, said, hour) }));
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// No rule of the law turns a condition for people around: what is confirmed never harms, a denial never helps.
    #[test]
    fn a_denial_never_helps_and_a_confirmation_never_harms(facts in facts()) {
        for rule in rules() {
            let award = rule.row.award_type_code.clone().unwrap_or_else(|| CSTDCS.to_owned());
            let question = question(&award);
            let judge = |facts: &Facts| evaluate(&rule.tree, facts, &question).verdict;
            let mut confirmed = facts.clone();
            confirmed.confirmations.extend(words(&rule.tree, &award, (Said::Holds, 8)));
            let mut denied = confirmed.clone();
            denied.confirmations.extend(words(&rule.tree, &award, (Said::DoesNotHold, 9)));

            let (open, confirmed, denied) = (judge(&facts), judge(&confirmed), judge(&denied));

            prop_assert!(denied <= open && open <= confirmed, "{}", rule.row.code);
        }
    }
}
