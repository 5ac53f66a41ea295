//! Ballots of councils: by which rule, on which roll, what came out, and the proof of it.
//! No person's choice is ever kept beside the person.

mod answers;
mod awaiting;
mod cast;
mod cited;
mod close;
mod end;
mod history;
mod named;
mod noun;
mod nouns;
mod open;
mod paper;
mod presiding;
mod preview;
mod recorded;
mod recount;
mod regulation;
mod roll;
mod round;
mod rule;
mod shown;
mod standing;
#[cfg(test)]
mod tests;
mod tie;

pub use awaiting::AwaitingQuery;
pub use cast::CastMutation;
pub(super) use cast::Choice;
pub use close::CloseMutation;
pub use end::RegulationEndMutation;
pub(crate) use history::{closed_result, law_on, own_rule, rounds_of};
pub(super) use noun::BallotRule;
pub(super) use nouns::node;
pub use nouns::{Ballot, BallotCandidate, BallotResult, BallotRollEntry};
pub(super) use open::OPENED;
pub use open::OpenMutation;
pub use paper::PaperMutation;
pub(super) use paper::papers_agreed;
pub(super) use presiding::to_confirm;
pub use preview::PreviewQuery;
pub use recorded::{PaperCount, TieDecision};
pub use recount::BallotQuery;
pub use regulation::{RegulationMutation, RegulationQuery};
pub(super) use rule::rule_of;
pub(super) use shown::{ballot_is, rule_words, words};
pub(super) use standing::{Said, Votes, Voting, votes};
pub use tie::TieMutation;
