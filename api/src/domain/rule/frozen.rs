//! Checks as they are kept: the rules once, and of each subject what came of them with the facts.
//! Nothing is evaluated here.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use entity::eligibility_rule::{self, Part, Severity};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::answer::EligibilityCheck;
use super::facts::Verdict;
use super::finding::Distance;
use super::nouns::{EligibilityOutcome, EligibilityRule, EligibilityStep};
use crate::error::Result;
use crate::reference;

/// A rule as it was.
#[derive(Serialize, Deserialize)]
struct KeptRule {
    row: eligibility_rule::Model,
    is_own: bool,
}

/// What came of a rule.
#[derive(Serialize, Deserialize)]
struct KeptOutcome {
    rule: Uuid,
    verdict: Verdict,
    steps: Vec<EligibilityStep>,
}

/// Rules that were kept, by id.
pub(in crate::domain) type Rules = Arc<HashMap<Uuid, EligibilityRule>>;

/// The rules of several checks, each once, and their hash.
pub(in crate::domain) fn freeze_rules<'c>(
    checks: impl Iterator<Item = &'c EligibilityCheck>,
) -> Result<(String, String)> {
    let mut rules = BTreeMap::new();
    for rule in checks.flat_map(|check| &check.outcomes).map(|outcome| &outcome.rule) {
        rules
            .entry(rule.row().id)
            .or_insert_with(|| KeptRule { row: rule.row().clone(), is_own: rule.is_of_tenant() });
    }
    let text = serde_json::to_string(&rules.into_values().collect::<Vec<_>>())?;
    let hash = hex::encode(Sha256::digest(&text));
    Ok((text, hash))
}

/// What came of the rules of one check.
pub(in crate::domain) fn freeze(check: &EligibilityCheck) -> Result<String> {
    let kept = |outcome: &EligibilityOutcome| KeptOutcome {
        rule: outcome.rule.row().id,
        verdict: outcome.verdict,
        steps: outcome.steps.iter().map(EligibilityStep::kept).collect(),
    };
    Ok(serde_json::to_string(&check.outcomes.iter().map(kept).collect::<Vec<_>>())?)
}

/// The rules as they were.
pub(in crate::domain) fn thaw_rules(text: &str) -> Result<Rules> {
    let kept: Vec<KeptRule> = serde_json::from_str(text)?;
    let rules = kept.into_iter().map(|it| (it.row.id, EligibilityRule::new(it.row, it.is_own)));
    Ok(Arc::new(rules.collect()))
}

/// What came of them.
pub(in crate::domain) fn thaw(text: &str, rules: &Rules) -> Result<Vec<EligibilityOutcome>> {
    let kept: Vec<KeptOutcome> = serde_json::from_str(text)?;
    let outcome = |it: KeptOutcome| {
        let rule = rules.get(&it.rule)?.clone();
        let distance = Distance::default();
        Some(EligibilityOutcome { rule, verdict: it.verdict, steps: it.steps, distance })
    };
    Ok(kept.into_iter().filter_map(outcome).collect())
}

impl EligibilityCheck {
    /// How it stands.
    pub(in crate::domain) fn stands(&self) -> Verdict {
        self.verdict
    }

    /// The day whose rules apply.
    pub(in crate::domain) fn ruled_on(&self) -> chrono::NaiveDate {
        self.rules_of.0
    }

    /// The rule that stands against the proposal: a condition that fails, or, where none of the ways is left, the one
    /// that is nearest to being met.
    pub(in crate::domain) fn refused_by(&self) -> Option<Refusing<'_>> {
        if self.verdict != Verdict::Failed {
            return None;
        }
        self.condition_against().or_else(|| self.against().min_by_key(|it| it.outcome.distance))
    }

    /// The condition that stands against it, whatever the way.
    pub(in crate::domain) fn condition_against(&self) -> Option<Refusing<'_>> {
        self.against().find(|it| it.rule.part == Part::Condition)
    }

    /// The rule that fails by what a person said of it: what was left to people, people have judged.
    pub(in crate::domain) fn denied_by(&self) -> Option<Refusing<'_>> {
        let mut against = self.against().filter(|_| self.verdict == Verdict::Failed);
        against.find(|it| it.outcome.steps.iter().any(EligibilityStep::is_denied))
    }

    fn against(&self) -> impl Iterator<Item = Refusing<'_>> {
        let is_against = |it: &&EligibilityOutcome| {
            it.verdict == Verdict::Failed && it.rule.row().severity == Severity::Block
        };
        let failed = self.outcomes.iter().filter(is_against);
        failed.map(|it| Refusing { rule: it.rule.row(), outcome: it })
    }
}

/// A rule that stands against a proposal.
pub(in crate::domain) struct Refusing<'c> {
    pub(in crate::domain) rule: &'c eligibility_rule::Model,
    outcome: &'c EligibilityOutcome,
}

impl Refusing<'_> {
    /// Its citation, and behind it the decisions of the awards it rests on.
    pub(in crate::domain) fn cited(&self) -> String {
        let steps = self.outcome.steps.iter().filter(|it| it.verdict == Verdict::Failed);
        let decisions = steps.flat_map(EligibilityStep::decisions);
        let decisions = decisions.flat_map(|label| ["; ".to_owned(), label.to_string()]);
        std::iter::once(self.rule.citation.clone()).chain(decisions).collect()
    }
}

/// Why one achievement is rewarded once, for those who refuse it without asking every rule.
pub(in crate::domain) fn one_achievement() -> Result<&'static eligibility_rule::Model> {
    Ok(reference::one_achievement()?)
}
