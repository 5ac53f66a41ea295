//! What the law says of those whom a decision commends, on the day of the decision and with what is recorded by then.
//! The rules are asked here, not written; which initiatives an award rests on is told, so that each serves once.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{award_type, eligibility_rule, subject};
use uuid::Uuid;

use super::Paper;
use super::wish::Wish;
use crate::access::Tx;
use crate::domain::award::said;
use crate::domain::record::{Use, Uses};
use crate::domain::rule::{self, Asked, Bar, Law};
use crate::error::{Code, Fault, Result};
use crate::reference;

/// What came of asking.
#[derive(Default)]
pub(in crate::domain) struct Weighed {
    against: Vec<Against>,
    /// Initiatives on which the awards rest, each with the first that does.
    pub(in crate::domain) uses: Uses,
}

/// Why one of them cannot have it.
struct Against {
    place: usize,
    rule_vi: String,
    rule_en: String,
    citation: String,
}

impl Against {
    fn of(place: usize, rule: &eligibility_rule::Model, citation: String) -> Self {
        let (rule_vi, rule_en) = (rule.name_vi.clone(), rule.name_en.clone());
        Self { place, rule_vi, rule_en, citation }
    }
}

/// Asks the law about every wish, in their order: what one rests on is spent for those behind it.
pub(in crate::domain) async fn weigh(
    tx: &Tx,
    law: Law,
    catalogue: &[award_type::Model],
    (wishes, paper): (&[Wish], &Paper),
) -> Result<Weighed> {
    // Nobody else gives these awards in between.
    tx.stand_in_line("decision.award", tx.gate().actor()?.tenant).await?;
    foresee(tx, law, catalogue, (wishes, paper.decided_on)).await
}

/// The same on a day, of wishes that somebody else grants: nothing is given here, and nobody waits.
pub(in crate::domain) async fn foresee(
    tx: &Tx,
    law: Law,
    catalogue: &[award_type::Model],
    (wishes, on): (&[Wish], NaiveDate),
) -> Result<Weighed> {
    let subjects: HashMap<Uuid, &subject::Model> =
        wishes.iter().map(|wish| (wish.subject.id, &wish.subject)).collect();
    let subjects: Vec<subject::Model> = subjects.into_values().cloned().collect();
    let asked: Vec<Asked> = wishes.iter().map(|wish| wish.asked(on)).collect();
    let mut bar = Bar::of(tx, law, (catalogue, &subjects), &asked).await?;
    let mut weighed = Weighed::default();
    for (place, wish) in wishes.iter().enumerate() {
        let code = wish.award_type.code.as_str();
        let year = wish.counting.1;
        if wishes.iter().take(place).any(|other| other.is_for_the_same(wish)) {
            let rule = rule::one_achievement()?;
            weighed.against.push(Against::of(place, rule, rule.citation.clone()));
            continue;
        }
        let judged = bar.judge(&wish.subject, &wish.asked(on), None);
        if let Some(it) = judged.check.refused_by() {
            weighed.against.push(Against::of(place, it.rule, it.cited()));
        }
        for initiative in judged.initiatives {
            bar.spend(initiative, (code, year));
            let served = || Use { code: code.to_owned(), year, award: wish.id };
            weighed.uses.entry(initiative).or_insert_with(served);
        }
    }
    Ok(weighed)
}

impl Weighed {
    /// Refuses where the law stands against somebody who is meant.
    pub(in crate::domain) fn demand(
        &self,
        wishes: &[Wish],
        is_meant: impl Fn(&Wish) -> bool,
    ) -> Result<()> {
        let of = |it: &Against| wishes.get(it.place).filter(|wish| is_meant(wish));
        let mut refused = self.against.iter().filter_map(|it| Some((of(it)?, it)));
        let Some((wish, it)) = refused.next() else { return Ok(()) };
        Err(Fault::at(Code::EligibilityFailed, &wish.path)
            .with("nominee", &wish.name)
            .about(said(&wish.award_type))
            .with("rule_vi", &it.rule_vi)
            .with("rule_en", &it.rule_en)
            .with("citation", &it.citation)
            .with("count", refused.count() + 1)
            .into())
    }
}

impl Wish {
    /// Whether both give the same for one achievement.
    fn is_for_the_same(&self, other: &Self) -> bool {
        let days = (self.achieved_on, other.achieved_on);
        self.subject.id == other.subject.id
            && reference::is_one_award(&self.award_type.code, &other.award_type.code)
            && self.counting.1 == other.counting.1
            && self.commendation_type == other.commendation_type
            && rule::is_same_achievement(self.commendation_type, days)
    }

    fn asked(&self, on: NaiveDate) -> Asked {
        Asked {
            subject: self.subject.id,
            award: self.award_type.code.clone(),
            year: self.counting.1,
            commendation: self.commendation_type,
            achieved_on: self.achieved_on,
            received_on: self.received_on.unwrap_or(on),
            decided_on: on,
        }
    }
}
