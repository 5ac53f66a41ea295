//! Rules of eligibility: the law as trees of conditions over what is known of a subject, and why it holds or not.
//! No decision enters here: a rule says what the law asks for, people decide.

mod check;
mod document;
mod evaluate;
mod facts;
mod finding;
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
pub use mutation::RuleMutation;
pub(super) use nouns::EligibilityCheck;
pub use query::RuleQuery;
pub(super) use related::Asked;
pub(crate) use tree::Node;
