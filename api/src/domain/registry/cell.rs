//! Totals of awards: one row for every combination that occurs, for the unit itself and for the unit with all
//! below it, and, at each unit above, for its subtree. What a total costs to read does not grow with what was
//! awarded in the years before. Arithmetic only: no SQL enters here.
//!
//! Distinct subjects cannot be added up: each total keeps the set of their numbers, compressed.

use std::collections::HashMap;

use chrono::Datelike;
use entity::award::{self, State};
use entity::award_cell;
use entity::nominee::SubjectKind;
use entity::subject::{LeadershipClass, Sex};
use entity::submission::CommendationType;
use roaring::RoaringBitmap;
use serde::Serialize;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::reference::named_id;

/// What the awards of one total have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub(crate) struct Key {
    unit_id: Uuid,
    is_subtree: bool,
    award_type_id: Uuid,
    subject_kind: SubjectKind,
    commendation_type: CommendationType,
    counting_from_year: i32,
    counting_to_year: i32,
    decided_year: Option<i32>,
    issuer_tenant_id: Option<Uuid>,
    sex: Option<Sex>,
    leadership_class: Option<LeadershipClass>,
    direct_worker: Option<bool>,
    manager: Option<bool>,
    field: Option<String>,
    /// Absent where it is not known: rows keep the ids they had before it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    enterprise: Option<bool>,
}

impl Key {
    fn of(award: &award::Model, unit_id: Uuid, is_subtree: bool) -> Self {
        Self {
            unit_id,
            is_subtree,
            award_type_id: award.award_type_id,
            subject_kind: award.subject_kind,
            commendation_type: award.commendation_type,
            counting_from_year: award.counting_from_year,
            counting_to_year: award.counting_to_year,
            decided_year: award.decided_on.map(|day| day.year()),
            issuer_tenant_id: award.issuer_tenant_id,
            sex: award.sex,
            leadership_class: award.leadership_class,
            direct_worker: award.direct_worker,
            manager: award.manager,
            field: award.field.clone(),
            enterprise: award.enterprise,
        }
    }

    /// The keys of the totals in which an award is counted; `above` holds its unit and those above it.
    fn all<'a>(award: &'a award::Model, above: &'a [Uuid]) -> impl Iterator<Item = Self> + 'a {
        let own = std::iter::once(Self::of(award, award.unit_id, false));
        own.chain(above.iter().map(|unit| Self::of(award, *unit, true)))
    }

    /// The id of the row: the same key, the same row.
    fn id(&self, tenant: Uuid) -> Result<Uuid> {
        Ok(named_id(&format!("award_cell:{tenant}:{}", serde_json::to_string(self)?)))
    }

    fn row(self, tenant: Uuid) -> Result<award_cell::Model> {
        Ok(award_cell::Model {
            tenant_id: tenant,
            id: self.id(tenant)?,
            unit_id: self.unit_id,
            is_subtree: self.is_subtree,
            award_type_id: self.award_type_id,
            subject_kind: self.subject_kind,
            commendation_type: self.commendation_type,
            counting_from_year: self.counting_from_year,
            counting_to_year: self.counting_to_year,
            decided_year: self.decided_year,
            issuer_tenant_id: self.issuer_tenant_id,
            sex: self.sex,
            leadership_class: self.leadership_class,
            direct_worker: self.direct_worker,
            manager: self.manager,
            field: self.field,
            enterprise: self.enterprise,
            events: 0,
            unnamed: 0,
            subjects: bytes(&RoaringBitmap::new())?,
            version: 0,
        })
    }
}

/// A set of subjects as it is kept.
pub(crate) fn bytes(set: &RoaringBitmap) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(set.serialized_size());
    set.serialize_into(&mut bytes).map_err(|fault| Error::broken(&fault.to_string()))?;
    Ok(bytes)
}

/// A set of subjects as it was kept.
pub(crate) fn set(bytes: &[u8]) -> Result<RoaringBitmap> {
    RoaringBitmap::deserialize_from(bytes).map_err(|fault| Error::broken(&fault.to_string()))
}

/// Whether an award counts.
pub(crate) fn counts(award: &award::Model) -> bool {
    award.state == State::Valid
}

/// By how much one total changes.
#[derive(Default)]
struct Change {
    events: i64,
    unnamed: i64,
    gone: Vec<u32>,
    come: Vec<u32>,
}

/// By how much totals change.
#[derive(Default)]
pub(crate) struct Changes(HashMap<Key, Change>);

impl Changes {
    /// One award more, or, with -1, one less.
    pub(crate) fn count(
        &mut self,
        award: &award::Model,
        above: &[Uuid],
        (number, sign): (Option<u32>, i64),
    ) {
        let events = sign.saturating_mul(i64::from(award.events));
        for key in Key::all(award, above) {
            let change = self.0.entry(key).or_default();
            change.events = change.events.saturating_add(events);
            match number {
                None => change.unnamed = change.unnamed.saturating_add(events),
                Some(number) if sign < 0 => change.gone.push(number),
                Some(number) => change.come.push(number),
            }
        }
    }

    /// An award that stands: its subject stays in the totals that change and count it.
    pub(crate) fn keep(&mut self, award: &award::Model, above: &[Uuid], number: u32) {
        for key in Key::all(award, above) {
            if let Some(change) = self.0.get_mut(&key) {
                change.come.push(number);
            }
        }
    }

    /// Ids of the rows that change.
    pub(crate) fn ids(&self, tenant: Uuid) -> Result<Vec<Uuid>> {
        self.0.keys().map(|key| key.id(tenant)).collect()
    }

    /// The rows as they are afterwards, given those there are.
    pub(crate) fn apply(
        self,
        tenant: Uuid,
        there: Vec<award_cell::Model>,
    ) -> Result<Vec<award_cell::Model>> {
        let mut there: HashMap<Uuid, award_cell::Model> =
            there.into_iter().map(|row| (row.id, row)).collect();
        let mut rows = Vec::with_capacity(self.0.len());
        for (key, change) in self.0 {
            let mut row = match there.remove(&key.id(tenant)?) {
                Some(row) => row,
                None => key.row(tenant)?,
            };
            let mut subjects = set(&row.subjects)?;
            for number in change.gone {
                subjects.remove(number);
            }
            subjects.extend(change.come);
            row.events = row.events.saturating_add(change.events);
            row.unnamed = row.unnamed.saturating_add(change.unnamed);
            row.subjects = bytes(&subjects)?;
            row.version = row.version.saturating_add(1);
            rows.push(row);
        }
        rows.sort_by_key(|row| row.id);
        Ok(rows)
    }
}

/// The totals of awards, where there were none before: each with its unit and those above it, and the number of
/// its subject.
pub fn totals(
    tenant: Uuid,
    awards: &[(&award::Model, &[Uuid], Option<u32>)],
) -> anyhow::Result<Vec<award_cell::Model>> {
    let mut changes = Changes::default();
    for (award, above, number) in awards {
        if counts(award) {
            changes.count(award, above, (*number, 1));
        }
    }
    changes.apply(tenant, Vec::new()).map_err(|fault| anyhow::anyhow!("{fault:?}"))
}
