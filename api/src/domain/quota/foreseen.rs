//! What quotas would refuse of decisions on lists that wait for one, each decided today and by itself, in as many
//! statements for many of them as for one.
//! Nothing is written here.

use std::collections::{BTreeSet, HashMap};

use entity::eligibility_rule::Severity;
use entity::quota_entry::{self, State};
use entity::{quota, submission, unit};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::books::{Books, Reader, rulebook};
use super::decided::{Answered, Decided, Quotas, Share, places, shares};
use super::ledger::over;
use crate::access::{Act, Gate};
use crate::error::{Fault, Result};

/// By submission: who of those that a decision would answer finds no place beside the reserved ones.
pub(in crate::domain) async fn foreseen(
    gate: &Gate,
    answered: Vec<Answered>,
) -> Result<HashMap<Uuid, Fault>> {
    if answered.is_empty() {
        return Ok(HashMap::new());
    }
    let quotas = Quotas { every: blocking(gate, &answered).await?, day: gate.today() };
    if quotas.every.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: BTreeSet<Uuid> = answered.iter().map(|it| it.submission).collect();
    let submissions = gate
        .rows::<submission::Entity>(Act::SubmissionRead)?
        .filter(submission::Column::Id.is_in(ids.iter().copied()))
        .all()
        .await?;
    let units = gate
        .rows::<unit::Entity>(Act::UnitRead)?
        .filter(unit::Column::Id.is_in(submissions.iter().map(|row| row.unit_id)))
        .all()
        .await?;
    let reserved = Condition::all()
        .add(quota_entry::Column::SubmissionId.is_in(ids))
        .add(quota_entry::Column::State.eq(State::Reserved));
    let entries =
        gate.rows::<quota_entry::Entity>(Act::SubmissionRead)?.filter(reserved).all().await?;
    let decided = Decided { submissions: &submissions, answered, direct: Vec::new(), is_own: true };
    let shares = shares(&decided, (&quotas, &units), &entries);
    let beyond: Vec<&Share<'_>> = shares.iter().filter(|share| !share.beyond.is_empty()).collect();
    if beyond.is_empty() {
        return Ok(HashMap::new());
    }
    refused(gate, (&beyond, &units), &quotas).await
}

/// Quotas that refuse, and have to do with somebody of these.
async fn blocking(gate: &Gate, answered: &[Answered]) -> Result<Vec<quota::Model>> {
    let blocking = quota::Column::Severity.eq(Severity::Block);
    let mut rows = gate.rows::<quota::Entity>(Act::QuotaRead)?.filter(blocking).all().await?;
    rows.retain(|row| answered.iter().any(|it| it.is_about(row)));
    Ok(rows)
}

/// What is reserved of a quota of which more is needed is used up by the decision, so that it stays taken.
async fn refused(
    gate: &Gate,
    (beyond, units): (&[&Share<'_>], &[unit::Model]),
    quotas: &Quotas,
) -> Result<HashMap<Uuid, Fault>> {
    let places = places(beyond, (&[], units), quotas.day);
    let (counting, book) = (quotas.of(&places.years), rulebook(gate).await?);
    let books = Books::read(Reader::Seen(gate), &places, (counting, &book)).await?;
    let mut found = HashMap::new();
    for share in beyond {
        let place = (share.of.unit_id, share.of.year);
        let standing = books.stands((share.quota, place), share.beyond.clone(), |_| true);
        if let Some(fault) = over(&standing, "input.submissionIds") {
            found.entry(share.of.id).or_insert(fault);
        }
    }
    Ok(found)
}
