//! Rules of eligibility: the law as trees of conditions over what is known of a subject, and why it holds or not.
//! No decision enters here: a rule says what the law asks for, people decide.

mod check;
mod document;
mod evaluate;
mod facts;
mod finding;
mod frozen;
mod load;
mod mutation;
mod nouns;
mod query;
mod related;
#[cfg(test)]
mod tests;
mod tree;
mod words;

pub(crate) use check::Transition;
pub use document::DocumentQuery;
pub(super) use facts::Verdict;
pub(super) use frozen::{Rules, freeze, freeze_rules, thaw, thaw_rules};
pub use mutation::RuleMutation;
pub(super) use nouns::{EligibilityCheck, EligibilityOutcome};
pub use query::RuleQuery;
pub(super) use related::{Asked, check};
pub(crate) use tree::Node;
