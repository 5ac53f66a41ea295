//! The arithmetic of ballots: the table of votes needed, the examples of the law's readers, and properties.

use chrono::NaiveDate;
use entity::ballot_rule::{
    Absentee, AfterRounds, Base, Comparison, OverQuota, Recusal, Secrecy, Tie,
};
use proptest::prelude::*;

use super::rule::{
    Counts, Rule, Share, Taken, above_floor, can_pass, needed, quorum, taken, together, verdict,
};
use crate::reference::{LawRule, ballot_rule, ballot_rules_from, initiative_rule};

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap()
}

fn of(award: &str) -> Rule {
    ballot_rule(Some(award), day()).unwrap().into()
}

fn votes(members: i32, yes: i32) -> Counts {
    Counts { members, yes, voting: members, no: members - yes, ..Counts::default() }
}

/// Members; votes needed for 2/3, 80 %, 90 % and a majority.
const TABLE: [(i32, [i32; 4]); 12] = [
    (5, [4, 4, 5, 3]),
    (7, [5, 6, 7, 4]),
    (9, [6, 8, 9, 5]),
    (10, [7, 8, 9, 6]),
    (11, [8, 9, 10, 6]),
    (13, [9, 11, 12, 7]),
    (15, [10, 12, 14, 8]),
    (17, [12, 14, 16, 9]),
    (19, [13, 16, 18, 10]),
    (20, [14, 16, 18, 11]),
    (21, [14, 17, 19, 11]),
    (22, [15, 18, 20, 12]),
];

#[test]
fn the_votes_needed_are_those_of_the_table() {
    let fighter = of("PROVINCIAL_EMULATION_FIGHTER");
    let flag = of("PROVINCIAL_EMULATION_FLAG");
    let other = of("ORDER_LABOUR_3");
    for (members, expected) in TABLE {
        let found = [
            quorum(&fighter, members),
            needed(&flag, members),
            needed(&fighter, members),
            needed(&other, members),
        ];
        assert_eq!(found, expected, "{members} members");
    }
}

#[test]
fn the_known_examples_come_out_as_they_should() {
    let fighter = of("PROVINCIAL_EMULATION_FIGHTER");
    let base = of("BASE_EMULATION_FIGHTER");

    // 15 present and 2 written opinions, 14 + 2 yes of 17: 94.1 %.
    assert!(verdict(&fighter, votes(17, 16)).is_passed);
    assert!(verdict(&fighter, votes(10, 9)).is_passed, "exactly 90 %");
    assert!(verdict(&base, votes(10, 8)).is_passed, "exactly 80 %");
    assert!(verdict(&base, votes(15, 12)).is_passed && !verdict(&base, votes(15, 11)).is_passed);
    assert!(!verdict(&base, votes(49, 39)).is_passed, "79.59 % is not 80 %");
    let shrinks = Rule { recusal: Recusal::ShrinksBase, ..base.clone() };
    let one_away = |yes| Counts { recused: 1, voting: 14, ..votes(15, yes) };
    assert!(verdict(&shrinks, one_away(12)).is_passed);
    assert!(!verdict(&shrinks, one_away(11)).is_passed);
    assert_eq!(verdict(&shrinks, one_away(12)).base, 14);
    assert_eq!(verdict(&base, one_away(12)).base, 15, "the law says nothing of a smaller base");
    assert!(!verdict(&base, Counts::default()).is_passed, "nobody passes nothing");
}

#[test]
fn a_regulation_asks_for_no_less_than_the_law() {
    let law = ballot_rule(Some("PROVINCIAL_EMULATION_FLAG"), day()).unwrap();
    let as_law = Rule::from(law);
    let share = |numerator, denominator| Share { numerator, denominator };
    let with = |change: &dyn Fn(&mut Rule)| {
        let mut rule = as_law.clone();
        change(&mut rule);
        above_floor(&rule, law).is_ok()
    };

    assert!(with(&|_| {}));
    assert!(with(&|rule| rule.threshold = share(9, 10)));
    assert!(with(&|rule| rule.comparison = Comparison::MoreThan));
    assert!(with(&|rule| rule.recusal = Recusal::ShrinksBase));
    assert!(!with(&|rule| rule.threshold = share(79, 100)));
    assert!(!with(&|rule| rule.base = Base::Present));
    assert!(!with(&|rule| rule.quorum = share(1, 2)));
    assert!(!with(&|rule| rule.max_rounds = 3));
    assert!(!with(&|rule| rule.secrecy = Secrecy::Open));
    assert!(
        with(&|rule| rule.after_rounds = AfterRounds::AuthorityDecides),
        "as the courts have it"
    );
    assert!(!with(&|rule| rule.absentee = Absentee::DoesNotVote), "a written opinion counts");
    let free = ballot_rule(None, day()).unwrap();
    let low = Rule { threshold: share(1, 3), ..Rule::from(free) };
    assert!(above_floor(&low, free).is_ok(), "where the law is silent there is no floor");
    let few = Rule { quorum: share(1, 2), ..Rule::from(free) };
    assert!(above_floor(&few, free).is_err(), "but for the quorum");
    let open = |law: &LawRule| Rule { secrecy: Secrecy::Open, ..Rule::from(law) };
    assert!(above_floor(&open(free), free).is_ok(), "by hands or ballot");
    let initiative = initiative_rule(day()).unwrap();
    assert!(above_floor(&open(initiative), initiative).is_err());
    let early = NaiveDate::from_ymd_opt(2022, 4, 19).unwrap();
    let former = ballot_rule(Some("PROVINCIAL_EMULATION_FIGHTER"), early).unwrap();
    assert!(!former.floor && above_floor(&open(former), former).is_err(), "secret all the same");
}

#[test]
fn a_rule_that_goes_on_meets_every_law_to_come() {
    let early = NaiveDate::from_ymd_opt(2023, 6, 1).unwrap();
    let fighter = Some("PROVINCIAL_EMULATION_FIGHTER");
    let low =
        |law| Rule { threshold: Share { numerator: 1, denominator: 1000 }, ..Rule::from(law) };

    assert!(
        above_floor(
            &low(ballot_rule(fighter, early).unwrap()),
            ballot_rule(fighter, early).unwrap()
        )
        .is_ok()
    );
    let later =
        ballot_rules_from(fighter, early).filter(|law| above_floor(&low(law), law).is_err());
    assert_eq!(later.count(), 2, "the decree of 2023 has a floor, and what is carried over of it");
    assert_eq!(ballot_rules_from(Some("ORDER_LABOUR_3"), early).count(), 1);
}

#[test]
fn more_than_all_is_asked_of_nobody() {
    let rule = |numerator, comparison| Rule {
        threshold: Share { numerator, denominator: 3 },
        comparison,
        ..of("ORDER_LABOUR_3")
    };
    assert!(can_pass(&rule(3, Comparison::MoreThan)).is_err());
    assert!(can_pass(&rule(3, Comparison::AtLeast)).is_ok());
    assert!(can_pass(&rule(2, Comparison::MoreThan)).is_ok());
}

#[test]
fn a_list_is_voted_on_by_one_way() {
    let one = of("PROVINCIAL_EMULATION_FLAG");
    let same = Rule { threshold: Share { numerator: 1, denominator: 1 }, ..one.clone() };
    assert!(together(&[one.clone(), same]).is_ok());
    for other in [
        Rule { absentee: Absentee::DoesNotVote, ..one.clone() },
        Rule { over_quota: OverQuota::AllPass, ..one.clone() },
        Rule { tie: Tie::BothOut, ..one.clone() },
    ] {
        assert!(together(&[one.clone(), other]).is_err());
    }
}

#[test]
fn who_is_recused_and_away_is_in_no_base_of_those_present() {
    let base = |recusal, recused_present| {
        let rule = Rule { base: Base::Present, recusal, ..of("BASE_EMULATION_FIGHTER") };
        let counts =
            Counts { recused: 1, recused_present, voting: 6, yes: 5, no: 1, ..votes(9, 5) };
        verdict(&rule, counts)
    };
    let away = base(Recusal::KeepsBase, 0);
    assert_eq!((away.base, away.needed, away.is_passed), (6, 5, true));
    assert_eq!(base(Recusal::KeepsBase, 1).base, 7, "there, and not voting");
    assert_eq!(base(Recusal::ShrinksBase, 1).base, 6);
}

#[test]
fn too_few_answers_pass_nothing() {
    let rule = Rule { base: Base::Cast, ..of("ORDER_LABOUR_3") };
    let one = Counts { yes: 1, voting: 9, members: 9, ..Counts::default() };
    assert!(verdict(&rule, one).is_passed, "in a meeting the quorum was there before");
    let alone = verdict(&rule, Counts { lacks_quorum: true, ..one });
    assert_eq!((alone.base, alone.is_passed), (0, false));
}

#[test]
fn places_go_by_votes_and_a_tie_waits_for_the_chair() {
    let rule = of("PROVINCIAL_EMULATION_FLAG");
    let passed = [Some(15), None, Some(12), Some(14), Some(12)];

    let all = taken(&rule, None, &passed);
    assert_eq!(all, [Taken::Yes, Taken::No, Taken::Yes, Taken::Yes, Taken::Yes]);
    let two = taken(&rule, Some(2), &passed);
    assert_eq!(two, [Taken::Yes, Taken::No, Taken::OverQuota, Taken::Yes, Taken::OverQuota]);
    let three = taken(&rule, Some(3), &passed);
    assert_eq!(three, [Taken::Yes, Taken::No, Taken::Tied, Taken::Yes, Taken::Tied]);
    let free = Rule { over_quota: OverQuota::AllPass, ..rule };
    assert!(!taken(&free, Some(1), &passed).contains(&Taken::OverQuota));
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let bases = prop_oneof![Just(Base::AllMembers), Just(Base::Present), Just(Base::Cast)];
    (1..=20_i32, 1..=20_i32, any::<bool>(), bases, any::<bool>()).prop_map(
        |(one, other, more, base, shrinks)| {
            let (numerator, denominator) = (one.min(other), one.max(other));
            Rule {
                threshold: Share { numerator, denominator },
                comparison: if more { Comparison::MoreThan } else { Comparison::AtLeast },
                base,
                recusal: if shrinks { Recusal::ShrinksBase } else { Recusal::KeepsBase },
                ..of("PROVINCIAL_EMULATION_FLAG")
            }
        },
    )
}

fn any_counts() -> impl Strategy<Value = Counts> {
    (0..60_i32, 0..60_i32, 0..60_i32, 0..5_i32, 0..30_i32, 0..9_i32).prop_map(
        |(yes, no, abstain, invalid, absent, recused)| {
            let voting = yes + no + abstain + invalid;
            let members = voting + absent + recused;
            let votes = Counts { yes, no, abstain, invalid, ..Counts::default() };
            Counts { members, recused, voting, ..votes }
        },
    )
}

proptest! {
    #[test]
    fn the_verdict_is_the_comparison_of_the_share(rule in any_rule(), counts in any_counts()) {
        let found = verdict(&rule, counts);
        let (yes, base) = (i64::from(counts.yes), i64::from(found.base));
        let share = i64::from(rule.threshold.numerator) * base;
        let have = yes * i64::from(rule.threshold.denominator);
        let reaches = match rule.comparison {
            Comparison::AtLeast => have >= share,
            Comparison::MoreThan => have > share,
        };
        prop_assert_eq!(found.is_passed, base > 0 && reaches);
    }

    #[test]
    fn another_yes_never_turns_a_pass_into_a_fail(rule in any_rule(), counts in any_counts()) {
        prop_assume!(counts.no > 0);
        let more = Counts { yes: counts.yes + 1, no: counts.no - 1, ..counts };
        prop_assert!(!verdict(&rule, counts).is_passed || verdict(&rule, more).is_passed);
    }

    #[test]
    fn absence_never_helps_where_the_base_is_everyone(counts in any_counts()) {
        let rule = of("PROVINCIAL_EMULATION_FIGHTER");
        let more = Counts { members: counts.members + 1, ..counts };
        prop_assert!(verdict(&rule, counts).is_passed || !verdict(&rule, more).is_passed);
    }
}
