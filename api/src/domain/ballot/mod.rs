//! Ballots of councils: by which rule, on which roll, what came out, and the proof of it.
//! No person's choice is ever kept beside the person.

mod cast;
mod close;
mod history;
mod noun;
mod nouns;
mod open;
mod paper;
mod recount;
mod regulation;
mod roll;
mod rule;
mod shown;
#[cfg(test)]
mod tests;

pub use cast::CastMutation;
pub use close::CloseMutation;
pub(crate) use history::{closed_result, law_on};
pub(super) use nouns::node;
pub use nouns::{Ballot, BallotCandidate, BallotResult, BallotRollEntry, PaperCount};
pub use open::OpenMutation;
pub use paper::PaperMutation;
pub use recount::BallotQuery;
pub use regulation::{RegulationMutation, RegulationQuery};
pub(super) use shown::words;
