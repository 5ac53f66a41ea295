//! Rules of eligibility: the law as trees of conditions over what is known of a subject, and why it holds or not.
//! No decision enters here: a rule says what the law asks for, people decide.

mod answer;
mod chain;
mod check;
mod citing;
mod collective;
mod confirm;
mod document;
mod evaluate;
mod facts;
mod finding;
mod frozen;
mod guard;
mod joins;
mod judge;
mod kind;
mod lineage;
mod load;
mod mutation;
mod note;
mod nouns;
mod predecessor;
mod prospect;
mod query;
mod register;
mod related;
mod roll;
#[cfg(test)]
mod tests;
mod tree;
mod words;

pub(super) use answer::EligibilityCheck;
pub(super) use chain::Proposal;
pub(crate) use check::Transition;
pub use confirm::condition_key;
pub(super) use confirm::{ConditionConfirmation, ManualCondition};
pub use document::DocumentQuery;
pub(super) use facts::Verdict;
pub(super) use frozen::{Rules, freeze, freeze_rules, one_achievement, thaw, thaw_rules};
pub(super) use guard::{is_same_achievement, is_told_by_day};
pub(super) use judge::{Bar, Law};
pub use mutation::RuleMutation;
pub(super) use nouns::EligibilityOutcome;
pub(super) use prospect::Given;
pub use query::RuleQuery;
pub use register::RegisterMutation;
pub(super) use related::{Asked, check, counts_initiatives};
pub(crate) use tree::Node;
