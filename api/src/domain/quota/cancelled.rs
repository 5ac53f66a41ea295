//! The ledger of quotas when an award is cancelled: its place comes back, and is taken again when the award is restored.
//! No entry is changed here: what comes back is an entry of its own, which names its cause.

use std::collections::BTreeSet;

use entity::decision::Kind;
use entity::quota_entry::{self, Column, Entity, State};
use entity::{award, decision, decision_submission, nominee, quota, subject, unit};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::entry::{QuotaUse, used};
use super::rules;
use crate::access::{Act, Gate, Tx};
use crate::error::Result;
use crate::text::search_form;

type Entry = quota_entry::Model;

/// Writes into the ledger what an act on an award does to it.
pub(in crate::domain) async fn follow(
    tx: &Tx,
    award: &award::Model,
    (by, kind): (&decision::Model, Kind),
) -> Result<()> {
    let (places, state) = match kind {
        // What is cancelled should never have been given (Luật 06/2022/QH15, Điều 93 khoản 2): it has used nothing up.
        Kind::Cancel => (given(tx, award).await?, State::Returned),
        Kind::Restore => (returned(tx, award).await?, State::Consumed),
        // Who is stripped was given it by right: the place of that year stays used.
        Kind::Award | Kind::Correct | Kind::Revoke | Kind::Reissue => return Ok(()),
    };
    let entry = |place: Entry| Entry {
        id: tx.gate().new_id(),
        state,
        version: 1,
        decision_id: Some(by.id),
        award_id: Some(award.id),
        at: Some(tx.gate().now()),
        ..place
    };
    tx.add_many::<Entity>(places.into_iter().map(entry).collect()).await
}

/// The places that an award has used up, with how many of them come back.
async fn given(tx: &Tx, award: &award::Model) -> Result<Vec<Entry>> {
    let mut places = taken_of(tx, award).await?;
    if places.is_empty() {
        return Ok(places);
    }
    line_up(tx, &places).await?;
    let these = Condition::all()
        .add(Column::QuotaId.is_in(places.iter().map(|row| row.quota_id)))
        .add(Column::UnitId.is_in(places.iter().map(|row| row.unit_id)));
    let ledger = tx.all_of::<Entity>(award.tenant_id, these).await?;
    for place in &mut places {
        let here = ledger.iter().filter(|row| is_same(row, place) && row.state != State::Reserved);
        let consumed = here.map(|row| rules::takes(row.state, row.amount));
        let consumed = consumed.fold(0_i32, i32::saturating_add);
        place.amount = rules::comes_back(award.events, consumed);
    }
    places.retain(|place| place.amount > 0);
    Ok(places)
}

/// The entry of each quota in which its decision has used up the place of an award.
async fn taken_of(tx: &Tx, award: &award::Model) -> Result<Vec<Entry>> {
    let Some(decision) = award.decision_id else { return Ok(Vec::new()) };
    let consumed = Condition::all()
        .add(Column::DecisionId.eq(decision))
        .add(Column::State.eq(State::Consumed));
    let entries = tx.all_of::<Entity>(award.tenant_id, consumed).await?;
    if entries.is_empty() {
        return Ok(entries);
    }
    let quotas = Condition::all()
        .add(quota::Column::Id.is_in(entries.iter().map(|row| row.quota_id)))
        .add(quota::Column::AwardTypeCode.eq(award.award_type_code.as_str()));
    let quotas = tx.all_of::<quota::Entity>(award.tenant_id, quotas).await?;
    let proposed = proposed(tx, award, (decision, &entries)).await?;
    // Who was proposed has the place of his list, and who was not that of his unit.
    let is_his = |row: &&Entry| match row.submission_id {
        Some(id) => proposed.contains(&id),
        None => proposed.is_empty() && row.unit_id == award.unit_id,
    };
    let of_quota = |quota: &quota::Model| {
        let of_it = entries.iter().filter(|row| row.quota_id == quota.id).filter(is_his);
        // The years of an award may have been corrected since.
        of_it.max_by_key(|row| row.year == award.counting_to_year).cloned()
    };
    Ok(quotas.iter().filter(|row| is_about(row, award)).filter_map(of_quota).collect())
}

fn is_about(row: &quota::Model, award: &award::Model) -> bool {
    row.subject_kind.is_none_or(|kind| kind == award.subject_kind)
        && row.commendation_type.is_none_or(|meant| meant == award.commendation_type)
}

/// The submissions by which the holder of an award was proposed for it; none where the decision gave it directly.
async fn proposed(
    tx: &Tx,
    award: &award::Model,
    (decision, entries): (Uuid, &[Entry]),
) -> Result<BTreeSet<Uuid>> {
    let answered = Condition::all().add(decision_submission::Column::DecisionId.eq(decision));
    let answered = tx.all_of::<decision_submission::Entity>(award.tenant_id, answered).await?;
    let answered = answered.iter().map(|row| row.submission_id);
    let lists: BTreeSet<Uuid> =
        answered.chain(entries.iter().filter_map(|row| row.submission_id)).collect();
    if lists.is_empty() {
        return Ok(lists);
    }
    let holder = match award.subject_id.map(|id| subject::Column::Id.eq(id)) {
        Some(this) => {
            let this = Condition::all().add(this);
            tx.all_of::<subject::Entity>(award.tenant_id, this).await?.pop()
        }
        None => None,
    };
    // The name on the award may have been corrected since; that of the holder is the one that was proposed.
    let names = [Some(award.name_search.clone()), holder.map(|row| search_form(&row.name))];
    let listed = Condition::all().add(nominee::Column::SubmissionId.is_in(lists));
    let nominees = tx.all_of::<nominee::Entity>(award.tenant_id, listed).await?;
    let is_he = |row: &&nominee::Model| match (row.subject_id, award.subject_id) {
        (Some(proposed), Some(holder)) => proposed == holder,
        _ => names.contains(&Some(search_form(&row.name))),
    };
    Ok(nominees.iter().filter(is_he).map(|row| row.submission_id).collect())
}

/// The places that came back with an award and were not taken again.
async fn returned(tx: &Tx, award: &award::Model) -> Result<Vec<Entry>> {
    let of_it = Condition::all().add(Column::AwardId.eq(award.id));
    let entries = tx.all_of::<Entity>(award.tenant_id, of_it).await?;
    line_up(tx, &entries).await?;
    let mut places: Vec<Entry> = Vec::new();
    for entry in entries {
        let back = rules::takes(entry.state, entry.amount).saturating_neg();
        match places.iter_mut().find(|place| is_same(place, &entry)) {
            Some(place) => place.amount = place.amount.saturating_add(back),
            None => places.push(Entry { amount: back, ..entry }),
        }
    }
    places.retain(|place| place.amount > 0);
    Ok(places)
}

fn is_same(one: &Entry, other: &Entry) -> bool {
    let of = |row: &Entry| (row.quota_id, row.unit_id, row.year, row.submission_id);
    of(one) == of(other)
}

/// Writers of one unit stand in line: what is left is counted by one at a time.
async fn line_up(tx: &Tx, entries: &[Entry]) -> Result<()> {
    let units: BTreeSet<Uuid> = entries.iter().map(|row| row.unit_id).collect();
    for unit in units {
        tx.stand_in_line("quota", unit).await?;
    }
    Ok(())
}

/// The quotas of which an award that was restored takes its place although none was left.
pub(in crate::domain) async fn over(gate: &Gate, award: Uuid) -> Result<Vec<QuotaUse>> {
    let of_it = Condition::all().add(Column::AwardId.eq(award));
    let entries = gate.rows::<Entity>(Act::SubmissionRead)?.filter(of_it).all().await?;
    let places: BTreeSet<(Uuid, Uuid, i32)> =
        entries.iter().map(|row| (row.quota_id, row.unit_id, row.year)).collect();
    let mut over = Vec::new();
    for (quota, unit, year) in places {
        let Some(quota) = gate.load::<quota::Entity>(quota).await? else { continue };
        let Some(unit) = gate.load::<unit::Entity>(unit).await? else { continue };
        let stands = used(gate, quota, (&unit, year)).await?;
        over.extend(stands.is_over().then_some(stands));
    }
    Ok(over)
}
