//! The results of many targets at once, from the totals of awards.
//! No SQL beyond the reads of rows enters here.

use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use async_graphql::dataloader;
use entity::award_cell::{self, Column};
use entity::award_target::{Basis, Comparator, Measure, Model};
use entity::{award_type, cluster_member, unit};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::AwardTargetResult;
use crate::access::{Act, Coverage, Gate, Loader};
use crate::domain::cluster::Period;
use crate::domain::registry::cell;
use crate::domain::statistics::fold::{self, Cell, Sum};
use crate::error::{Error, Result};
use crate::scalar::Decimal;

/// What the totals say to one target.
#[derive(Clone, Debug)]
pub(crate) struct Asked(pub(super) Arc<Model>);

impl PartialEq for Asked {
    fn eq(&self, other: &Self) -> bool {
        (self.0.id, self.0.version) == (other.0.id, other.0.version)
    }
}

impl Eq for Asked {}

impl Hash for Asked {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.0.id, self.0.version).hash(state);
    }
}

impl dataloader::Loader<Asked> for Loader {
    type Value = AwardTargetResult;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Asked]) -> Result<HashMap<Asked, Self::Value>, Arc<Error>> {
        read(self.gate(), keys).await.map_err(Arc::new)
    }
}

/// What is read for all targets together.
struct Ground {
    cells: Vec<Cell>,
    types: HashMap<Uuid, award_type::Model>,
    seats: Vec<cluster_member::Model>,
    /// Units whose awards the caller may read; none: every one.
    open: Option<HashSet<Uuid>>,
}

async fn read(gate: &Gate, keys: &[Asked]) -> Result<HashMap<Asked, AwardTargetResult>> {
    let clusters: HashSet<Uuid> = keys.iter().filter_map(|key| key.0.cluster_id).collect();
    let seats = if clusters.is_empty() { Vec::new() } else { seats(gate, clusters).await? };
    let own = keys.iter().filter(|key| key.0.cluster_id.is_none()).map(|key| key.0.unit_id);
    let units: HashSet<Uuid> =
        own.clone().chain(seats.iter().filter_map(|it| it.unit_id)).collect();
    let years: HashSet<i32> = keys.iter().map(|key| key.0.year).collect();
    let of_year = Condition::any()
        .add(Column::CountingToYear.is_in(years.iter().copied()))
        .add(Column::DecidedYear.is_in(years));
    let of_units =
        Condition::all().add(Column::UnitId.is_in(units)).add(Column::IsSubtree.eq(true));
    let cells = gate
        .rows::<award_cell::Entity>(Act::AwardStatisticsRead)?
        .filter(of_units.add(of_year))
        .all_as::<Cell>()
        .await?;
    let types = gate.catalogue::<award_type::Entity>()?.all().await?;
    let types = types.into_iter().map(|row| (row.id, row)).collect();
    let open = open(gate, own.collect()).await?;
    let ground = Ground { cells, types, seats, open };
    keys.iter().map(|key| Ok((key.clone(), ground.result(&key.0)?))).collect()
}

async fn seats(gate: &Gate, clusters: HashSet<Uuid>) -> Result<Vec<cluster_member::Model>> {
    let own = Condition::all()
        .add(cluster_member::Column::ClusterId.is_in(clusters))
        .add(cluster_member::Column::TenantId.eq(gate.actor()?.tenant));
    gate.rows::<cluster_member::Entity>(Act::ClusterRead)?.filter(own).all().await
}

/// The units of which the caller may read every award; none where that is all of them.
async fn open(gate: &Gate, units: HashSet<Uuid>) -> Result<Option<HashSet<Uuid>>> {
    let actor = gate.actor()?;
    if actor.coverage(Act::AwardRead, Act::AwardStatisticsRead) == Coverage::Everything {
        return Ok(None);
    }
    if !actor.may(Act::AwardRead) {
        return Ok(Some(HashSet::new()));
    }
    let rows = gate.rows::<unit::Entity>(Act::AwardRead)?;
    let rows = rows.filter(unit::Column::Id.is_in(units)).all().await?;
    Ok(Some(rows.into_iter().map(|row| row.id).collect()))
}

impl Ground {
    fn result(&self, of: &Model) -> Result<AwardTargetResult> {
        let units: HashSet<Uuid> = match of.cluster_id {
            None => HashSet::from([of.unit_id]),
            Some(cluster) => self.members(cluster, of.year),
        };
        let is_open = |open: &HashSet<Uuid>| of.cluster_id.is_none() && open.contains(&of.unit_id);
        let is_protected = !self.open.as_ref().is_none_or(is_open);
        let is_meant = |cell: &&Cell| units.contains(&cell.unit_id) && self.counts(of, cell);
        let cells: Vec<&Cell> = self.cells.iter().filter(is_meant).collect();
        let found = match of.measure {
            Measure::Awards => number(&cells, is_protected),
            Measure::SubjectShare => subjects(&cells, of.base.unwrap_or_default(), is_protected)?,
            Measure::AdHocShare | Measure::DirectWorkerShare | Measure::NonManagerShare => {
                let shares = fold::shares(&cells, is_protected);
                let share = match of.measure {
                    Measure::AdHocShare => shares.ad_hoc,
                    Measure::DirectWorkerShare => shares.direct_workers,
                    Measure::NonManagerShare | Measure::Awards | Measure::SubjectShare => {
                        shares.non_managers
                    }
                };
                let (part, whole, value) = (share.part, share.whole, share.percent);
                AwardTargetResult { part, whole, value, ..AwardTargetResult::default() }
            }
        };
        Ok(AwardTargetResult { is_protected, ..against(of, &found) })
    }

    /// The own units that sit in a cluster on some day of a year.
    fn members(&self, cluster: Uuid, year: i32) -> HashSet<Uuid> {
        let sits = |seat: &&cluster_member::Model| {
            let period = Period::new(seat.valid_from, seat.valid_to);
            seat.cluster_id == cluster && period.overlaps(Period::year(year))
        };
        self.seats.iter().filter(sits).filter_map(|seat| seat.unit_id).collect()
    }

    fn counts(&self, of: &Model, cell: &Cell) -> bool {
        let year = match of.basis {
            Basis::Counting => Some(cell.counting_to_year),
            Basis::Decided => cell.decided_year,
        };
        let award_type = self.types.get(&cell.award_type_id);
        let is_named = |code: &str| of.award_type_codes.split_whitespace().any(|it| it == code);
        let is_one = of.award_type_codes.is_empty()
            || award_type.is_some_and(|award_type| is_named(&award_type.code));
        let is_level = |level| award_type.is_some_and(|award_type| award_type.level == level);
        year == Some(of.year)
            && is_one
            && of.level.is_none_or(is_level)
            && of.subject_kind.is_none_or(|kind| kind == cell.subject_kind)
            && cell.events > 0
    }
}

fn number(cells: &[&Cell], is_protected: bool) -> AwardTargetResult {
    let mut sum = Sum::default();
    for cell in cells {
        sum.count(cell);
    }
    let part = sum.told(sum.events, is_protected);
    let value =
        part.map(|part| Decimal::from_units(i64::from(part).saturating_mul(Decimal::SCALE)));
    AwardTargetResult { part, value, ..AwardTargetResult::default() }
}

/// Subjects in percent of a number that was stated; none where some awards name nobody.
fn subjects(cells: &[&Cell], base: i32, is_protected: bool) -> Result<AwardTargetResult> {
    let mut sum = Sum::default();
    for cell in cells {
        sum.add(cell, &cell::set(&cell.subjects)?);
    }
    let part = if sum.unnamed > 0 { None } else { sum.told(sum.distinct(), is_protected) };
    let value = part.and_then(|part| fold::percent(part.into(), base.into()));
    Ok(AwardTargetResult { part, whole: Some(base), value, ..AwardTargetResult::default() })
}

fn against(of: &Model, found: &AwardTargetResult) -> AwardTargetResult {
    let target = Decimal::from_units(of.value);
    let gap = found.value.and_then(|value| value.checked_sub(target));
    let is_met = gap.map(|gap| match of.comparator {
        Comparator::AtLeast => gap >= Decimal::ZERO,
        Comparator::AtMost => gap <= Decimal::ZERO,
    });
    AwardTargetResult { gap, is_met, ..*found }
}
