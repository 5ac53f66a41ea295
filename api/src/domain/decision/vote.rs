//! What a council's vote leaves of the nominees of a submission.
//! No vote is counted here.

use std::collections::HashSet;

use chrono::NaiveDate;
use entity::ballot_result::Outcome;
use entity::{award_type, candidate, council, nominee};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use crate::access::Tx;
use crate::domain::award::said as said_of;
use crate::domain::ballot::{Said, Votes, ballot_is, votes};
use crate::domain::meeting::identity;
use crate::error::{Code, Fault, Result};
use crate::reference;

/// A nominee as a council's vote has left him.
#[derive(Debug)]
pub(in crate::domain) struct Voted {
    /// With the title that is left to him.
    pub(in crate::domain) nominee: nominee::Model,
    /// The candidate under whose name the last ballot on that title passed; none where there was no ballot.
    pub(in crate::domain) passed_as: Option<Uuid>,
    /// The day on which that ballot was closed.
    pub(in crate::domain) ballot_day: Option<NaiveDate>,
}

/// A nominee whom a council has refused.
#[derive(Clone, Debug)]
pub(super) struct Refused {
    pub(super) nominee: nominee::Model,
    /// The last ballot on him, if it leaves the choice to the one who decides.
    pub(super) left_to_authority: Option<Said>,
    /// Whether the last ballot on him was a tie that the chair has not decided yet.
    is_tied: bool,
}

/// What votes have left of nominees.
pub(super) struct Left {
    pub(super) here: Vec<Voted>,
    pub(super) refused: Vec<Refused>,
}

/// The nominees that no council has refused, each for the title that was voted last: one who failed for a higher
/// title and passed for a lower one is given the lower. Who was on no ballot stays; while a ballot is not closed, or a tie
/// not decided, nothing is decided: a fault tells where the nominee stands in the input.
pub(in crate::domain) async fn left_by_vote(
    tx: &Tx,
    nominees: Vec<nominee::Model>,
    at: &(dyn Fn(&nominee::Model) -> String + Sync),
) -> Result<Vec<Voted>> {
    Ok(sort(tx, nominees, at).await?.here)
}

/// The same, with those who were refused.
pub(super) async fn sort(
    tx: &Tx,
    nominees: Vec<nominee::Model>,
    at: &(dyn Fn(&nominee::Model) -> String + Sync),
) -> Result<Left> {
    let tenant = tx.gate().actor()?.tenant;
    let ids = nominees.iter().map(|row| row.id);
    let of_these = Condition::all().add(candidate::Column::NomineeId.is_in(ids));
    let candidates = tx.all_of::<candidate::Entity>(tenant, of_these).await?;
    let ids: Vec<Uuid> = candidates.iter().map(|row| row.id).collect();
    let votes = votes(tx, &ids).await?;
    let path = waiting(&votes, &candidates, &nominees).map(at).unwrap_or_default();
    let said = counted(tx, closed(votes, &path)?).await?;
    Ok(divided(nominees, &candidates, &said, at)?)
}

/// The first on whom a ballot is still open.
fn waiting<'a>(
    votes: &Votes,
    candidates: &[candidate::Model],
    nominees: &'a [nominee::Model],
) -> Option<&'a nominee::Model> {
    let first = candidates.iter().find(|row| votes.waiting.contains(&row.id))?;
    nominees.iter().find(|row| Some(row.id) == first.nominee_id)
}

/// What ballots have left of nominees; refused while a tie is not decided.
pub(super) fn divided(
    mut nominees: Vec<nominee::Model>,
    candidates: &[candidate::Model],
    said: &[Said],
    at: &dyn Fn(&nominee::Model) -> String,
) -> Result<Left, Fault> {
    // The first of the list is named.
    nominees.sort_by_key(|row| (row.submission_id, row.position));
    let mut left = Left { here: Vec::new(), refused: Vec::new() };
    for row in nominees {
        match voted(row, candidates, said) {
            Ok(voted) => left.here.push(voted),
            Err(refused) if refused.is_tied => {
                let fault = Fault::at(Code::TieUndecided, &at(&refused.nominee));
                return Err(fault.with("nominee", &refused.nominee.name));
            }
            Err(refused) => left.refused.push(*refused),
        }
    }
    Ok(left)
}

/// What ballots have said of candidates; refused while one is not closed.
pub(in crate::domain) async fn closed_votes(
    tx: &Tx,
    candidates: &[candidate::Model],
    path: &str,
) -> Result<Vec<Said>> {
    let ids: Vec<Uuid> = candidates.iter().map(|row| row.id).collect();
    closed(votes(tx, &ids).await?, path)
}

/// What was said, once nothing is open any more.
fn closed(votes: Votes, path: &str) -> Result<Vec<Said>> {
    match votes.open.first() {
        Some(open) => Err(ballot_is(open.state, path).into()),
        None => Ok(votes.said),
    }
}

/// What councils whose votes count have said, oldest first.
async fn counted(tx: &Tx, said: Vec<Said>) -> Result<Vec<Said>> {
    if said.is_empty() {
        return Ok(said);
    }
    let tenant = tx.gate().actor()?.tenant;
    let sat = said.iter().map(|said| said.council);
    let sat = Condition::all().add(council::Column::Id.is_in(sat));
    let councils = tx.all_of::<council::Entity>(tenant, sat).await?;
    Ok(said.into_iter().filter(|said| said.counts(&councils)).collect())
}

/// The nominee with the title that is left to him; refused when the last ballot on a title that was not lowered since
/// has not passed. Ballots are told apart by nominee and title: another session is no other chance.
pub(super) fn voted(
    mut nominee: nominee::Model,
    candidates: &[candidate::Model],
    said: &[Said],
) -> Result<Voted, Box<Refused>> {
    let (mut passed_as, mut ballot_day) = (None, None);
    let mut own: Vec<&candidate::Model> =
        candidates.iter().filter(|row| row.nominee_id == Some(nominee.id)).collect();
    // Ids rise with time: the title of the last council counts.
    own.sort_by_key(|row| row.id);
    let lowered: HashSet<Uuid> = own.iter().filter_map(|row| row.downgraded_from).collect();
    let lowered: HashSet<Uuid> = own
        .iter()
        .filter(|row| lowered.contains(&row.id))
        .filter_map(|row| row.award_type_id)
        .collect();
    let mut seen = HashSet::new();
    let titles: Vec<&&candidate::Model> = own
        .iter()
        .filter(|row| row.award_type_id.is_some_and(|id| !lowered.contains(&id)))
        .collect();
    for row in titles.iter().rev() {
        if !seen.insert(row.award_type_id) {
            continue;
        }
        let of_title: Vec<&&&candidate::Model> =
            titles.iter().filter(|it| it.award_type_id == row.award_type_id).collect();
        let last = said.iter().rev().find(|said| of_title.iter().any(|it| it.id == said.candidate));
        match last {
            Some(last) if last.outcome == Outcome::Passed => {
                let by = of_title.iter().find(|it| it.id == last.candidate);
                if by.is_some_and(|by| is_still(by, &nominee)) && passed_as.is_none() {
                    passed_as = Some((last.candidate, row.award_type_id));
                    ballot_day = Some(last.day());
                }
            }
            // On the agenda and never voted on; lowered without a vote is refused still.
            None if row.downgraded_from.is_none() => {}
            last => {
                let left_to_authority = last.filter(|last| last.is_left_to_authority()).cloned();
                nominee.award_type_id = row.award_type_id.unwrap_or(nominee.award_type_id);
                let is_tied = last.is_some_and(|last| last.outcome == Outcome::Tied);
                return Err(Box::new(Refused { nominee, left_to_authority, is_tied }));
            }
        }
    }
    if let Some((_, award)) = passed_as {
        nominee.award_type_id = award.unwrap_or(nominee.award_type_id);
    }
    Ok(Voted { nominee, passed_as: passed_as.map(|it| it.0), ballot_day })
}

/// Whether the nominee is still the one who was voted on; older records do not tell.
fn is_still(candidate: &candidate::Model, nominee: &nominee::Model) -> bool {
    candidate.identity.as_ref().is_none_or(|known| *known == identity(nominee))
}

/// Refuses a title that is given to nobody without a ballot (the rule is data, with its citation).
pub(super) fn demand_vote(
    (name, award): (&str, &award_type::Model),
    passed: bool,
    (on, path): (NaiveDate, &str),
) -> Result<()> {
    if passed || !asks_for_vote(&award.code, on) {
        return Ok(());
    }
    Err(vote_missing((name, award), (on, path)).into())
}

/// Whether a title is given to nobody without a ballot.
pub(super) fn asks_for_vote(code: &str, on: NaiveDate) -> bool {
    reference::ballot_rule(Some(code), on).is_some_and(|rule| rule.required)
}

/// What is said of someone on whom no ballot has passed.
pub(in crate::domain) fn vote_missing(
    (name, award): (&str, &award_type::Model),
    (on, path): (NaiveDate, &str),
) -> Fault {
    let citation = reference::ballot_rule(Some(&award.code), on).map(|rule| rule.citation.as_str());
    Fault::at(Code::VoteMissing, path)
        .with("nominee", name)
        .about(said_of(award))
        .with("citation", citation.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decision::sample;

    fn nominee() -> nominee::Model {
        sample::nominee(Uuid::from_u128(100), None)
    }

    fn candidate(id: u128, downgraded_from: Option<u128>) -> candidate::Model {
        candidate::Model {
            downgraded_from: downgraded_from.map(Uuid::from_u128),
            ..sample::candidate(Uuid::from_u128(id), Uuid::from_u128(100 + id))
        }
    }

    fn said(of: u128, outcome: Outcome, round: i32) -> Said {
        Said::sample((Uuid::from_u128(of), Uuid::from_u128(9)), outcome, round)
    }

    fn title(candidates: &[candidate::Model], outcomes: &[(u128, Outcome)]) -> Option<u128> {
        let outcomes: Vec<Said> =
            outcomes.iter().map(|(id, outcome)| said(*id, *outcome, 1)).collect();
        let left = voted(nominee(), candidates, &outcomes).ok();
        left.map(|row| row.nominee.award_type_id.as_u128())
    }

    #[test]
    fn a_title_that_asks_for_a_vote_is_given_to_nobody_without_one() {
        let on = NaiveDate::from_ymd_opt(2026, 7, 1).unwrap();
        let all = reference::award_types().unwrap();
        let demand = |award: &str, passed| {
            let award = all.iter().find(|row| row.code == award).unwrap();
            demand_vote(("", award), passed, (on, "input"))
        };
        assert!(demand("PROVINCIAL_EMULATION_FIGHTER", true).is_ok());
        assert!(demand("PROVINCIAL_EMULATION_FIGHTER", false).is_err());
        assert!(demand("PROVINCIAL_CERTIFICATE", false).is_ok());
        let passed = [said(2, Outcome::Passed, 1)];
        let passed_as = |identity: Option<String>, said: &[Said]| {
            let one = [candidate::Model { identity, ..candidate(2, None) }];
            voted(nominee(), &one, said).unwrap().passed_as
        };
        assert_eq!(passed_as(None, &[]), None, "on an agenda, not voted on");
        assert_eq!(passed_as(None, &passed), Some(Uuid::from_u128(2)));
        assert!(passed_as(Some(identity(&nominee())), &passed).is_some());
        let other = nominee::Model { name: "Người khác (mẫu)".to_owned(), ..nominee() };
        assert_eq!(passed_as(Some(identity(&other)), &passed), None, "another one was voted on");
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
        let of = Uuid::from_u128(102);
        let again = candidate::Model { award_type_id: Some(of), ..candidate(5, None) };
        let two_sessions = [candidate(2, None), again];
        assert_eq!(title(&two_sessions, &[(2, Outcome::Failed), (5, Outcome::Passed)]), Some(102));
        assert_eq!(title(&two_sessions, &[(2, Outcome::Passed), (5, Outcome::Failed)]), None);
    }

    #[test]
    fn a_tie_waits_for_the_chair() {
        let is_tied = |outcome| {
            voted(nominee(), &[candidate(2, None)], &[said(2, outcome, 1)]).unwrap_err().is_tied
        };
        assert!(is_tied(Outcome::Tied));
        assert!(!is_tied(Outcome::OverQuota) && !is_tied(Outcome::Failed));
    }

    #[test]
    fn after_the_last_round_the_one_who_decides_may() {
        let left = |award: &str, round| {
            let last = said(2, Outcome::Failed, round).for_award(award);
            let refused = voted(nominee(), &[candidate(2, None)], &[last]);
            refused.unwrap_err().left_to_authority.is_some()
        };
        let form = "PROVINCIAL_CERTIFICATE";
        assert!(!left(form, 1) && left(form, 2));
        for title in ["BASE_EMULATION_FIGHTER", "PROVINCIAL_EMULATION_FIGHTER"] {
            assert!(!left(title, 1) && !left(title, 2), "{title}: the law sets the share");
        }
    }
}
