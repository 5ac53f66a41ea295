//! Who is proposed twice for the same: in one list, or in another that waits for its decision.
//! Only what the caller may read is looked at: nobody learns here whom others propose.

use std::collections::HashSet;

use entity::submission::{self, State};
use entity::{award_type, decision_submission, nominee};
use sea_orm::ColumnTrait;
use uuid::Uuid;

use crate::access::{Act, Gate};
use crate::domain::rule;
use crate::error::Result;
use crate::reference;

/// Where a list waits for its decision.
const WAITING: [State; 4] = [State::Sent, State::Received, State::Appraised, State::Approved];

/// Marks who is proposed twice; the number of statements does not grow with the nominees.
pub(super) async fn mark<'l>(
    gate: &Gate,
    of: &[submission::Model],
    lines: impl Iterator<Item = (&'l nominee::Model, &'l mut bool)>,
) -> Result<()> {
    let lines: Vec<_> = lines.collect();
    let subjects: HashSet<Uuid> = lines.iter().filter_map(|(row, _)| row.subject_id).collect();
    if subjects.is_empty() {
        return Ok(());
    }
    let waiting = waiting(gate, subjects).await?;
    let types = lines.iter().map(|(row, _)| row.award_type_id);
    let types = types.chain(waiting.iter().map(|(row, _)| row.award_type_id));
    let types = gate.shared::<award_type::Entity>(types.collect::<HashSet<_>>()).await?;
    let is_one = |one: &Uuid, other: &Uuid| {
        let codes = types.get(one).zip(types.get(other));
        codes.is_some_and(|(one, other)| reference::is_one_award(&one.code, &other.code))
    };
    let mut here: Vec<&nominee::Model> = Vec::new();
    for (row, is_twice) in lines {
        let own = of.iter().find(|it| it.id == row.submission_id);
        let (Some(subject), Some(own)) = (row.subject_id, own) else { continue };
        let is_alike = |other: &nominee::Model| {
            let days = (other.achieved_on, row.achieved_on);
            other.subject_id == Some(subject)
                && is_one(&other.award_type_id, &row.award_type_id)
                && rule::is_same_achievement(own.commendation_type, days)
        };
        let is_same = |(other, list): &(nominee::Model, submission::Model)| {
            is_alike(other)
                && list.id != own.id
                && list.year == own.year
                && list.commendation_type == own.commendation_type
        };
        let is_here =
            |other: &&nominee::Model| other.submission_id == row.submission_id && is_alike(other);
        *is_twice = here.iter().any(is_here) || waiting.iter().any(is_same);
        here.push(row);
    }
    Ok(())
}

/// The nominees of lists that wait, with their lists.
async fn waiting(
    gate: &Gate,
    subjects: HashSet<Uuid>,
) -> Result<Vec<(nominee::Model, submission::Model)>> {
    let rows = gate.rows::<nominee::Entity>(Act::SubmissionRead)?;
    let nominees = rows.filter(nominee::Column::SubjectId.is_in(subjects)).all().await?;
    let ids: HashSet<Uuid> = nominees.iter().map(|row| row.submission_id).collect();
    let rows = gate.rows::<submission::Entity>(Act::SubmissionRead)?;
    let lists = rows
        .filter(submission::Column::Id.is_in(ids.iter().copied()))
        .filter(submission::Column::State.is_in(WAITING))
        .all()
        .await?;
    let approved: Vec<Uuid> =
        lists.iter().filter(|row| row.state == State::Approved).map(|row| row.id).collect();
    let mut answered = HashSet::new();
    if !approved.is_empty() {
        let rows = gate.rows::<decision_submission::Entity>(Act::SubmissionRead)?;
        let rows = rows.filter(decision_submission::Column::SubmissionId.is_in(approved));
        answered.extend(rows.all().await?.into_iter().map(|row| row.submission_id));
    }
    let one = |row: nominee::Model| {
        let list = lists.iter().find(|list| list.id == row.submission_id)?;
        (!answered.contains(&list.id)).then(|| (row, list.clone()))
    };
    Ok(nominees.into_iter().filter_map(one).collect())
}
