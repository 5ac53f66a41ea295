//! What a council's vote means for an initiative.
//! No query and no role of the caller enters here.

use entity::ballot_result::Outcome;
use uuid::Uuid;

use crate::domain::ballot::Said;

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

/// The vote on a proposal: that of the ballot closed last, in whichever session; on an agenda without a ballot says nothing.
pub(super) fn vote(said: &[Said]) -> Vote {
    match said.iter().max_by_key(|said| said.closed_at) {
        None => Vote::None,
        Some(last) if last.outcome == Outcome::Passed => Vote::Passed { council: last.council },
        Some(_) => Vote::Refused,
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn the_last_ballot_recognises() {
        let of = |outcomes: &[Outcome]| {
            let said = (1_i64..).zip(outcomes).map(|(hour, outcome)| {
                let council = Uuid::from_u128(100 + u128::from(hour.unsigned_abs()));
                let mut said = Said::sample((Uuid::nil(), council), *outcome, 1);
                said.closed_at += TimeDelta::hours(hour);
                said
            });
            let said: Vec<Said> = said.collect();
            vote(&said)
        };
        let passed = Vote::Passed { council: Uuid::from_u128(102) };

        assert_eq!(of(&[]), Vote::None, "on an agenda, not voted on");
        for refused in [Outcome::Failed, Outcome::OverQuota, Outcome::Tied] {
            assert_eq!(of(&[refused]), Vote::Refused);
            assert_eq!(of(&[refused, Outcome::Passed]), passed, "another round");
            assert_eq!(of(&[Outcome::Passed, refused]), Vote::Refused);
        }
    }
}
