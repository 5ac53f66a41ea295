//! What people write down at a ballot beside their votes: counts of paper ballots, and decisions where votes are equal.
//! No member's choice enters here.

use std::sync::Arc;

use async_graphql::{ID, Object};
use entity::{ballot, paper_count, tie_decision};

use super::{Ballot, BallotCandidate};
use crate::access::Gate;
use crate::domain::council::noun;
use crate::domain::under;
use crate::error::Result;
use crate::scalar::{DateTime, NodeType};

noun! {
    /// Paper ballots as one person has counted them.
    PaperCount of paper_count,
    /// What the chair decided on a nominee with equal votes.
    TieDecision of tie_decision,
}

under! {
    PaperCount => Ballot of ballot by ballot_id,
    TieDecision => Ballot of ballot by ballot_id,
}

/// Paper ballots as one person has counted them.
#[Object]
impl PaperCount {
    /// Ballots handed out.
    async fn issued(&self) -> i32 {
        self.0.issued
    }

    /// Ballots that came back.
    async fn returned(&self) -> i32 {
        self.0.returned
    }

    /// Ballots that did not.
    async fn missing(&self) -> i32 {
        self.0.missing
    }

    /// Valid ones among those that came back.
    async fn valid(&self) -> i32 {
        self.0.valid
    }

    /// Invalid ones among those that came back.
    async fn invalid(&self) -> i32 {
        self.0.invalid
    }

    /// When it was entered.
    async fn entered_at(&self) -> DateTime {
        DateTime(self.0.entered_at)
    }
}

/// What the one who chairs decided on a nominee with as many votes as another one; written once.
#[Object]
impl TieDecision {
    /// The nominee on the ballot.
    async fn ballot_candidate_id(&self) -> ID {
        BallotCandidate::node_id(self.0.ballot_candidate_id)
    }

    /// Whether the nominee takes the place.
    async fn is_taken(&self) -> bool {
        self.0.is_taken
    }

    /// Why.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// Name of the one who decided.
    async fn decided_by_name(&self) -> &str {
        &self.0.decided_by_name
    }

    /// When it was decided.
    async fn decided_at(&self) -> DateTime {
        DateTime(self.0.decided_at)
    }
}
