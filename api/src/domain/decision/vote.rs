//! What a council's vote leaves of the nominees of a submission.
//! No vote is counted here.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::ballot::State;
use entity::ballot_result::Outcome;
use entity::{ballot, ballot_candidate, ballot_result, candidate, nominee};
use sea_orm::{ActiveEnum, ColumnTrait, Condition};
use uuid::Uuid;

use crate::access::Tx;
use crate::error::{Code, Fault, Result};
use crate::reference;

/// A nominee as a council's vote has left him.
#[derive(Debug)]
pub(in crate::domain) struct Voted {
    /// With the title that is left to him.
    pub(in crate::domain) nominee: nominee::Model,
    /// The candidate under whose name the last ballot on that title passed; none where there was no ballot.
    pub(in crate::domain) passed_as: Option<Uuid>,
}

/// The nominees that no council has refused, each for the title that was voted last: one who failed for a higher
/// title and passed for a lower one is given the lower. Who was on no ballot stays; while a ballot is not closed
/// nothing is decided.
pub(in crate::domain) async fn left_by_vote(
    tx: &Tx,
    nominees: Vec<nominee::Model>,
) -> Result<Vec<Voted>> {
    let tenant = tx.gate().actor()?.tenant;
    let ids = nominees.iter().map(|row| row.id);
    let of_these = Condition::all().add(candidate::Column::NomineeId.is_in(ids));
    let candidates = tx.all_of::<candidate::Entity>(tenant, of_these).await?;
    let outcomes = outcomes(tx, &candidates).await?;
    Ok(nominees.into_iter().filter_map(|row| voted(row, &candidates, &outcomes)).collect())
}

/// By candidate: what came out of the last ballot on it.
async fn outcomes(tx: &Tx, candidates: &[candidate::Model]) -> Result<HashMap<Uuid, Outcome>> {
    if candidates.is_empty() {
        return Ok(HashMap::new());
    }
    let tenant = tx.gate().actor()?.tenant;
    let ids = candidates.iter().map(|row| row.id);
    let of_these = Condition::all().add(ballot_candidate::Column::CandidateId.is_in(ids));
    let asked = tx.all_of::<ballot_candidate::Entity>(tenant, of_these).await?;
    let ids = asked.iter().map(|row| row.ballot_id);
    let of_these = Condition::all().add(ballot::Column::Id.is_in(ids));
    let mut ballots = tx.all_of::<ballot::Entity>(tenant, of_these).await?;
    if let Some(open) = ballots.iter().find(|row| row.state != State::Closed) {
        let fault = Fault::at(Code::WrongState, "input.submissionIds");
        return Err(fault.with("state", open.state.to_value()).into());
    }
    ballots.sort_by_key(|row| row.round);
    let ids = asked.iter().map(|row| row.id);
    let of_these = Condition::all().add(ballot_result::Column::BallotCandidateId.is_in(ids));
    let results = tx.all_of::<ballot_result::Entity>(tenant, of_these).await?;
    let mut outcomes = HashMap::new();
    for ballot in &ballots {
        for result in results.iter().filter(|row| row.ballot_id == ballot.id) {
            if let Some(one) = asked.iter().find(|row| row.id == result.ballot_candidate_id) {
                outcomes.insert(one.candidate_id, result.outcome);
            }
        }
    }
    Ok(outcomes)
}

/// The nominee with the title that is left to him; none when a council has refused it.
fn voted(
    mut nominee: nominee::Model,
    candidates: &[candidate::Model],
    outcomes: &HashMap<Uuid, Outcome>,
) -> Option<Voted> {
    let mut passed_as = None;
    let own: Vec<&candidate::Model> =
        candidates.iter().filter(|row| row.nominee_id == Some(nominee.id)).collect();
    let replaced: HashSet<Uuid> = own.iter().filter_map(|row| row.downgraded_from).collect();
    // Ids rise with time: the title of the last council counts.
    let mut last: Vec<&&candidate::Model> =
        own.iter().filter(|row| !replaced.contains(&row.id)).collect();
    last.sort_by_key(|row| row.id);
    for row in last {
        match outcomes.get(&row.id) {
            Some(Outcome::Passed) => {
                nominee.award_type_id = row.award_type_id;
                passed_as = Some(row.id);
            }
            // On the agenda and never voted on; lowered without a vote is refused still.
            None if row.downgraded_from.is_none() => {}
            None | Some(Outcome::Failed | Outcome::OverQuota | Outcome::Tied) => return None,
        }
    }
    Some(Voted { nominee, passed_as })
}

/// Refuses a title that is given to nobody without a ballot (the rule is data, with its citation).
pub(super) fn demand_vote(
    (name, award): (&str, &str),
    passed: bool,
    (on, path): (NaiveDate, &str),
) -> Result<()> {
    let rule = reference::ballot_rule(Some(award), on).filter(|rule| rule.required && !passed);
    if rule.is_none() {
        return Ok(());
    }
    Err(vote_missing((name, award), (on, path)).into())
}

/// What is said of someone on whom no ballot has passed.
pub(in crate::domain) fn vote_missing(
    (name, award): (&str, &str),
    (on, path): (NaiveDate, &str),
) -> Fault {
    let citation = reference::ballot_rule(Some(award), on).map(|rule| rule.citation.as_str());
    Fault::at(Code::VoteMissing, path)
        .with("nominee", name)
        .with("award", award)
        .with("citation", citation.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use entity::nominee::SubjectKind;

    use super::*;

    fn nominee() -> nominee::Model {
        nominee::Model {
            tenant_id: Uuid::nil(),
            id: Uuid::from_u128(1),
            submission_id: Uuid::nil(),
            unit_id: Uuid::nil(),
            position: 1,
            kind: SubjectKind::Individual,
            name: "Lò Văn Một (mẫu)".to_owned(),
            post: None,
            award_type_id: Uuid::from_u128(100),
            achievement: None,
            version: 1,
            subject_id: None,
        }
    }

    fn candidate(id: u128, downgraded_from: Option<u128>) -> candidate::Model {
        candidate::Model {
            tenant_id: Uuid::nil(),
            id: Uuid::from_u128(id),
            council_id: Uuid::nil(),
            item_id: Uuid::nil(),
            position: 1,
            nominee_id: Some(Uuid::from_u128(1)),
            unit_id: None,
            author_id: None,
            name: String::new(),
            award_type_id: Uuid::from_u128(100 + id),
            award_code: String::new(),
            downgraded_from: downgraded_from.map(Uuid::from_u128),
            reason: None,
        }
    }

    fn title(candidates: &[candidate::Model], outcomes: &[(u128, Outcome)]) -> Option<u128> {
        let outcomes =
            outcomes.iter().map(|(id, outcome)| (Uuid::from_u128(*id), *outcome)).collect();
        voted(nominee(), candidates, &outcomes).map(|row| row.nominee.award_type_id.as_u128())
    }

    #[test]
    fn a_title_that_asks_for_a_vote_is_given_to_nobody_without_one() {
        let on = NaiveDate::from_ymd_opt(2026, 7, 1).unwrap();
        let demand = |award, passed| demand_vote(("", award), passed, (on, "input"));
        assert!(demand("PROVINCIAL_EMULATION_FIGHTER", true).is_ok());
        assert!(demand("PROVINCIAL_EMULATION_FIGHTER", false).is_err());
        assert!(demand("PROVINCIAL_CERTIFICATE", false).is_ok());
        let one = [candidate(2, None)];
        let passed = HashMap::from([(Uuid::from_u128(2), Outcome::Passed)]);
        let none = HashMap::new();
        let passed_as = |outcomes| voted(nominee(), &one, outcomes).unwrap().passed_as;
        assert_eq!(passed_as(&none), None, "on an agenda, not voted on");
        assert_eq!(passed_as(&passed), Some(Uuid::from_u128(2)));
    }

    #[test]
    fn the_last_vote_decides() {
        let one = [candidate(2, None)];
        assert_eq!(title(&[], &[]), Some(100), "on no agenda");
        assert_eq!(title(&one, &[]), Some(100), "on an agenda, not voted on");
        assert_eq!(title(&one, &[(2, Outcome::Passed)]), Some(102));
        for refused in [Outcome::Failed, Outcome::OverQuota, Outcome::Tied] {
            assert_eq!(title(&one, &[(2, refused)]), None);
        }
        let lowered = [candidate(2, None), candidate(3, Some(2))];
        assert_eq!(title(&lowered, &[(2, Outcome::Failed)]), None, "lowered, not voted on");
        assert_eq!(title(&lowered, &[(2, Outcome::Failed), (3, Outcome::Passed)]), Some(103));
        let two_councils = [candidate(2, None), candidate(4, None)];
        assert_eq!(title(&two_councils, &[(2, Outcome::Passed), (4, Outcome::Failed)]), None);
        assert_eq!(title(&two_councils, &[(2, Outcome::Passed), (4, Outcome::Passed)]), Some(104));
    }
}
