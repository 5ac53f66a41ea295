//! Ballots of the past that are entered as they were: by the law of their day, or the regulation of their council.
//! No vote is taken here.

use chrono::NaiveDate;
use entity::ballot_result::Outcome;
use entity::ballot_rule::{self, AfterRounds};

use super::rule::{self, Counts, Rule};
use crate::reference;

/// The rule of a council's regulation, as a ballot keeps it.
pub(crate) fn own_rule(row: &ballot_rule::Model) -> anyhow::Result<String> {
    Ok(serde_json::to_string(&Rule::from(row))?)
}

/// The law's rule for a title on a day, as a ballot keeps it.
pub(crate) fn law_on(award: Option<&str>, day: NaiveDate) -> anyhow::Result<String> {
    let law = reference::ballot_rule(award, day);
    let law = law.ok_or_else(|| anyhow::anyhow!("no rule for {award:?} on {day}"))?;
    Ok(serde_json::to_string(&Rule::from(law))?)
}

/// How many rounds a rule allows, as a ballot keeps it, and whether the one who decides has the choice after them.
pub(crate) fn rounds_of(rule: &str) -> anyhow::Result<(i32, bool)> {
    let rule: Rule = serde_json::from_str(rule)?;
    Ok((rule.max_rounds, rule.after_rounds == AfterRounds::AuthorityDecides))
}

/// What yes, no and abstentions of so many members meant: the base, the votes needed, the outcome.
pub(crate) fn closed_result(
    rule: &str,
    members: i32,
    [yes, no, abstain]: [i32; 3],
) -> anyhow::Result<(i32, i32, Outcome)> {
    let rule: Rule = serde_json::from_str(rule)?;
    let counts = Counts { members, voting: members, yes, no, abstain, ..Counts::default() };
    let verdict = rule::verdict(&rule, counts);
    let outcome = if verdict.is_passed { Outcome::Passed } else { Outcome::Failed };
    Ok((verdict.base, verdict.needed, outcome))
}
