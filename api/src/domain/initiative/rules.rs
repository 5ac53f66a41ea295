//! What a council's vote means for an initiative.
//! No query and no role of the caller enters here.

use std::collections::HashMap;

use entity::ballot_result::Outcome;
use entity::candidate;
use uuid::Uuid;

/// What the ballots of a council say of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vote {
    /// None was held.
    None,
    /// Passed, as this council's candidate.
    Passed { council: Uuid },
    /// Not passed.
    Refused,
}

/// The vote on a proposal: one that was refused anywhere is refused; on an agenda without a ballot says nothing.
pub(super) fn vote(candidates: &[candidate::Model], outcomes: &HashMap<Uuid, Outcome>) -> Vote {
    let mut found = Vote::None;
    for row in candidates {
        match outcomes.get(&row.id) {
            None => {}
            Some(Outcome::Passed) => found = Vote::Passed { council: row.council_id },
            Some(Outcome::Failed | Outcome::OverQuota | Outcome::Tied) => return Vote::Refused,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(id: u128) -> candidate::Model {
        candidate::Model {
            tenant_id: Uuid::nil(),
            id: Uuid::from_u128(id),
            council_id: Uuid::from_u128(100 + id),
            item_id: Uuid::nil(),
            position: 1,
            nominee_id: None,
            unit_id: None,
            author_id: None,
            name: String::new(),
            identity: None,
            award_type_id: None,
            award_code: None,
            downgraded_from: None,
            reason: None,
            proposal_id: Some(Uuid::from_u128(1)),
        }
    }

    #[test]
    fn only_a_ballot_that_passed_recognises() {
        let two = [candidate(2), candidate(3)];
        let of = |outcomes: &[(u128, Outcome)]| {
            let known = outcomes.iter().map(|(id, outcome)| (Uuid::from_u128(*id), *outcome));
            vote(&two, &known.collect())
        };

        assert_eq!(of(&[]), Vote::None, "on two agendas, not voted on");
        assert_eq!(of(&[(3, Outcome::Passed)]), Vote::Passed { council: Uuid::from_u128(103) });
        for refused in [Outcome::Failed, Outcome::OverQuota, Outcome::Tied] {
            assert_eq!(of(&[(2, refused), (3, Outcome::Passed)]), Vote::Refused);
        }
    }
}
