//! Writes of the registry: acts, the awards as they stand, and their totals, in one transaction.
//! No input of a client enters here.

use std::collections::{HashMap, HashSet};

use entity::award::{self, State};
use entity::award_proposal::Ground;
use entity::decision::{self, Kind};
use entity::{award_act, award_cell, award_subject, unit_above};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use super::cell::{Changes, counts};
use super::rules;
use crate::access::{Gate, Tx};
use crate::error::{Error, Result};

/// Values of one list in SQL.
const FEW: usize = 500;

/// The first act of an award that was just given or taken over.
pub(in crate::domain) fn first_act(gate: &Gate, award: &award::Model) -> Result<award_act::Model> {
    let actor = gate.actor()?;
    Ok(award_act::Model {
        tenant_id: award.tenant_id,
        id: gate.new_id(),
        award_id: award.id,
        unit_id: award.unit_id,
        sequence: 1,
        kind: Kind::Award,
        decision_id: award.decision_id,
        reason: None,
        ground: None,
        changes: rules::changes(None, award)?,
        proposed_by: None,
        proposed_by_name: None,
        actor_id: actor.user,
        actor_name: actor.name.clone(),
        at: gate.now(),
    })
}

/// Writes new awards with their first acts, and counts them.
pub(in crate::domain) async fn give(tx: &Tx, awards: Vec<award::Model>) -> Result<()> {
    let acts =
        awards.iter().map(|award| first_act(tx.gate(), award)).collect::<Result<Vec<_>>>()?;
    tx.add_many::<award::Entity>(awards.clone()).await?;
    tx.add_many_derived::<award_act::Entity>(acts).await?;
    tally(tx, &awards.iter().map(|award| (None, award)).collect::<Vec<_>>()).await
}

/// Who proposed what is now confirmed.
pub(super) struct Proposer {
    pub(super) id: Uuid,
    pub(super) name: String,
}

/// What is done to an award.
pub(super) struct Deed<'a> {
    pub(super) kind: Kind,
    pub(super) decision: &'a decision::Model,
    pub(super) reason: String,
    pub(super) ground: Option<Ground>,
    pub(super) proposer: Option<Proposer>,
}

/// Writes an act, the award as it is now, and counts it anew.
pub(super) async fn act(
    tx: &Tx,
    before: &award::Model,
    mut after: award::Model,
    deed: Deed<'_>,
) -> Result<award::Model> {
    after.state = rules::demand(deed.kind, before.state)?;
    let changed = after.clone().into_active_model().reset_all();
    let after = tx.save::<award::Entity>(before, changed).await?;
    let actor = tx.gate().actor()?;
    let (proposed_by, proposed_by_name) =
        deed.proposer.map(|person| (person.id, person.name)).unzip();
    let row = award_act::Model {
        tenant_id: after.tenant_id,
        id: tx.gate().new_id(),
        award_id: after.id,
        unit_id: after.unit_id,
        sequence: acts_of(tx, before).await?.saturating_add(1),
        kind: deed.kind,
        decision_id: Some(deed.decision.id),
        reason: Some(deed.reason),
        ground: deed.ground,
        changes: rules::changes(Some(before), &after)?,
        proposed_by,
        proposed_by_name,
        actor_id: actor.user,
        actor_name: actor.name.clone(),
        at: tx.gate().now(),
    };
    tx.add_many_derived::<award_act::Entity>(vec![row]).await?;
    tally(tx, &[(Some(before), &after)]).await?;
    Ok(after)
}

/// How many acts an award has: its version counts proposals too.
async fn acts_of(tx: &Tx, award: &award::Model) -> Result<i32> {
    use award_act::Column::{AwardId, Sequence};
    let these = Condition::all().add(AwardId.eq(award.id));
    tx.greatest::<award_act::Entity>(award.tenant_id, Sequence, these).await
}

type Pair<'a> = (Option<&'a award::Model>, &'a award::Model);

/// Brings the totals in step with awards that were written just now.
async fn tally(tx: &Tx, pairs: &[Pair<'_>]) -> Result<()> {
    let tenant = tx.gate().actor()?.tenant;
    tx.stand_in_line("award.total", tenant).await?;
    let above = above(tx, tenant, pairs).await?;
    let above = |award: &award::Model| above.get(&award.unit_id).map_or(&[][..], Vec::as_slice);
    let numbers = numbers(tx, tenant, pairs).await?;
    let number = |award: &award::Model| numbers.get(&award.subject_id?).copied();
    let mut changes = Changes::default();
    let mut left = HashSet::new();
    for (before, after) in pairs {
        if let Some(before) = before.filter(|award| counts(award)) {
            changes.count(before, above(before), (number(before), -1));
            left.extend(before.subject_id);
        }
        if counts(after) {
            changes.count(after, above(after), (number(after), 1));
        }
    }
    for award in standing(tx, tenant, left).await? {
        if let Some(number) = number(&award) {
            changes.keep(&award, above(&award), number);
        }
    }
    let mut found = Vec::new();
    for ids in changes.ids(tenant)?.chunks(FEW) {
        let of_ids = Condition::all().add(award_cell::Column::Id.is_in(ids.to_vec()));
        found.extend(tx.all_of::<award_cell::Entity>(tenant, of_ids).await?);
    }
    tx.put_derived::<award_cell::Entity>(changes.apply(tenant, found)?).await
}

/// The awards of subjects that count; of those in other units too.
async fn standing(tx: &Tx, tenant: Uuid, subjects: HashSet<Uuid>) -> Result<Vec<award::Model>> {
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    let these = Condition::all()
        .add(award::Column::SubjectId.is_in(subjects))
        .add(award::Column::State.eq(State::Valid));
    tx.all_of::<award::Entity>(tenant, these).await
}

/// The units of awards, each with itself and the units above it.
async fn above(tx: &Tx, tenant: Uuid, pairs: &[Pair<'_>]) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    let mut units: HashSet<Uuid> = HashSet::new();
    for (before, after) in pairs {
        units.extend(before.map(|award| award.unit_id));
        units.insert(after.unit_id);
    }
    let mut subjects: HashSet<Uuid> = HashSet::new();
    subjects.extend(pairs.iter().filter_map(|(before, _)| before.and_then(|it| it.subject_id)));
    units.extend(standing(tx, tenant, subjects).await?.iter().map(|award| award.unit_id));
    let mut found: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    let of_units = Condition::all().add(unit_above::Column::UnitId.is_in(units));
    for pair in tx.all_of::<unit_above::Entity>(tenant, of_units).await? {
        found.entry(pair.unit_id).or_default().push(pair.above_id);
    }
    Ok(found)
}

/// The numbers of subjects in the sets of totals; new ones get the next.
async fn numbers(tx: &Tx, tenant: Uuid, pairs: &[Pair<'_>]) -> Result<HashMap<Uuid, u32>> {
    let mut subjects: Vec<Uuid> = Vec::new();
    for (before, after) in pairs {
        subjects.extend(before.and_then(|award| award.subject_id));
        subjects.extend(after.subject_id);
    }
    subjects.sort();
    subjects.dedup();
    if subjects.is_empty() {
        return Ok(HashMap::new());
    }
    let mut known: HashMap<Uuid, i32> = HashMap::new();
    for ids in subjects.chunks(FEW) {
        let these = Condition::all().add(award_subject::Column::SubjectId.is_in(ids.to_vec()));
        let rows = tx.all_of::<award_subject::Entity>(tenant, these).await?;
        known.extend(rows.into_iter().map(|row| (row.subject_id, row.ordinal)));
    }
    let column = award_subject::Column::Ordinal;
    let mut last = tx.greatest::<award_subject::Entity>(tenant, column, Condition::all()).await?;
    let mut new = Vec::new();
    for subject_id in subjects {
        if known.contains_key(&subject_id) {
            continue;
        }
        last = last.saturating_add(1);
        known.insert(subject_id, last);
        new.push(award_subject::Model { tenant_id: tenant, subject_id, ordinal: last });
    }
    tx.add_many_derived::<award_subject::Entity>(new).await?;
    let number = |(subject, number): (Uuid, i32)| {
        let number = u32::try_from(number).map_err(|fault| Error::broken(&fault.to_string()))?;
        Ok((subject, number))
    };
    known.into_iter().map(number).collect()
}
