//! From totals to numbers: sums, distinct subjects, shares, and what is not told about few people.
//! No SQL and no roles enter here.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use entity::award_type;
use entity::nominee::SubjectKind;
use entity::submission::CommendationType;
use roaring::RoaringBitmap;
use sea_orm::{ActiveEnum, FromQueryResult};
use serde_json::Value as Json;
use uuid::Uuid;

use super::restated::Stay;
use super::{AwardDimension, AwardGroup, AwardGroupKey, AwardShare, AwardShares, AwardStatistics};
use crate::domain::registry::cell;
use crate::error::{Code, Fault, Result};
use crate::scalar::Decimal;

/// Fewer people are not told to those who may not read the awards.
const FEW: i64 = 5;
/// Most groups of one answer.
const GROUPS: usize = 1_000;

/// A total as it is read.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Cell {
    pub(super) unit_id: Uuid,
    pub(super) award_type_id: Uuid,
    pub(super) subject_kind: SubjectKind,
    pub(super) commendation_type: CommendationType,
    pub(super) counting_to_year: i32,
    pub(super) decided_year: Option<i32>,
    pub(super) issuer_tenant_id: Option<Uuid>,
    pub(super) sex: Option<entity::subject::Sex>,
    pub(super) leadership_class: Option<entity::subject::LeadershipClass>,
    pub(super) direct_worker: Option<bool>,
    pub(super) manager: Option<bool>,
    pub(super) field: Option<String>,
    pub(super) enterprise: Option<bool>,
    pub(super) events: i64,
    pub(super) unnamed: i64,
    pub(super) subjects: Vec<u8>,
    /// First day of the month of the decision, where the rows were read.
    #[sea_orm(skip)]
    pub(super) month: Option<NaiveDate>,
}

/// What a sum says of awards.
#[derive(Clone, Debug, Default)]
pub(super) struct Sum {
    pub(super) events: i64,
    pub(super) unnamed: i64,
    /// Whether persons or households are among them: collectives are no people.
    has_people: bool,
    /// Persons and households, each once.
    people: RoaringBitmap,
    /// Awards of persons and households whom older records do not name: each may be another one.
    unnamed_people: i64,
    subjects: RoaringBitmap,
}

impl Sum {
    pub(super) fn add(&mut self, cell: &Cell, subjects: &RoaringBitmap) {
        self.events = self.events.saturating_add(cell.events);
        self.unnamed = self.unnamed.saturating_add(cell.unnamed);
        if cell.subject_kind != SubjectKind::Collective && cell.events > 0 {
            self.has_people = true;
            self.unnamed_people = self.unnamed_people.saturating_add(cell.unnamed);
            self.people |= subjects;
        }
        self.subjects |= subjects;
    }

    /// Adds a total; where its set cannot be read, it is one of nobody, and few are not told.
    pub(super) fn count(&mut self, cell: &Cell) {
        self.add(cell, &cell::set(&cell.subjects).unwrap_or_default());
    }

    /// How many people there are at most: one who has many awards is one.
    fn people(&self) -> i64 {
        let named = i64::try_from(self.people.len()).unwrap_or(i64::MAX);
        named.saturating_add(self.unnamed_people)
    }

    /// A number of this sum as it may be told.
    pub(super) fn told(&self, number: i64, is_protected: bool) -> Option<i32> {
        let number = if is_protected && self.has_people {
            let is_few = self.people() < FEW || (1..FEW).contains(&number);
            if is_few {
                return None;
            }
            number.saturating_add(FEW / 2) / FEW * FEW
        } else {
            number
        };
        Some(i32::try_from(number).unwrap_or(i32::MAX))
    }

    pub(super) fn distinct(&self) -> i64 {
        i64::try_from(self.subjects.len()).unwrap_or(i64::MAX)
    }
}

/// How totals are read: the catalogue, and what structure they are seen in.
pub(super) struct Lens<'a> {
    /// By the id of any wording, the latest one.
    pub(super) types: &'a HashMap<Uuid, award_type::Model>,
    pub(super) by: &'a [AwardDimension],
    /// The unit that is asked for, or the root of the tenant.
    pub(super) top: Uuid,
    pub(super) is_protected: bool,
    /// Whether the caller is told no number at all of what is asked for: 0 would say that there is none.
    pub(super) is_blind: bool,
    /// The groups of units in which those of a unit count; the unit itself where it is not named.
    pub(super) units: HashMap<Uuid, Vec<Uuid>>,
    /// The tenants that continue one that is closed.
    pub(super) tenants: HashMap<Uuid, Vec<Uuid>>,
    /// The clusters in which units sit.
    pub(super) stays: HashMap<Uuid, Vec<Stay>>,
}

impl Lens<'_> {
    pub(super) fn has(&self, dimension: AwardDimension) -> bool {
        self.by.contains(&dimension)
    }

    /// The clusters in which a total counts: by the year that it counts.
    fn clusters(&self, cell: &Cell) -> BTreeSet<Uuid> {
        let stays = self.stays.get(&cell.unit_id).map(Vec::as_slice).unwrap_or_default();
        let held = stays.iter().filter(|stay| stay.holds(cell.counting_to_year));
        held.map(|stay| stay.cluster).collect()
    }

    pub(super) fn is_in_cluster(&self, cell: &Cell) -> bool {
        !self.clusters(cell).is_empty()
    }

    /// The clusters by which a total is parted; none stands for what lies in no cluster.
    fn by_cluster(&self, cell: &Cell) -> Vec<Option<Uuid>> {
        let found =
            if self.has(AwardDimension::Cluster) { self.clusters(cell) } else { BTreeSet::new() };
        if found.is_empty() {
            return vec![None];
        }
        found.into_iter().map(Some).collect()
    }

    /// The keys of the groups in which a total counts; several where several units or tenants continue one, or a
    /// unit sits in several clusters.
    fn keys(&self, cell: &Cell) -> Vec<AwardGroupKey> {
        use AwardDimension as By;
        let award_type = self.types.get(&cell.award_type_id);
        let plain = AwardGroupKey {
            award_type: award_type.map(|it| it.id).filter(|_| self.has(By::AwardType)),
            level: award_type.map(|it| it.level).filter(|_| self.has(By::Level)),
            family: award_type.map(|it| it.family).filter(|_| self.has(By::Family)),
            subject_kind: Some(cell.subject_kind).filter(|_| self.has(By::SubjectKind)),
            commendation_type: Some(cell.commendation_type)
                .filter(|_| self.has(By::CommendationType)),
            year: Some(cell.counting_to_year).filter(|_| self.has(By::Year)),
            decided_year: cell.decided_year.filter(|_| self.has(By::DecidedYear)),
            leadership_class: cell.leadership_class.filter(|_| self.has(By::LeadershipClass)),
            sex: cell.sex.filter(|_| self.has(By::Sex)),
            field: cell.field.clone().filter(|_| self.has(By::Field)),
            enterprise: cell.enterprise.filter(|_| self.has(By::Enterprise)),
            month: cell.month.filter(|_| self.has(By::Month)),
            tenant: None,
            unit: None,
            cluster: None,
        };
        let units = spread(Some(cell.unit_id), &self.units, self.has(By::Unit));
        let tenants = spread(cell.issuer_tenant_id, &self.tenants, self.has(By::Tenant));
        let clusters = self.by_cluster(cell);
        let mut keys = Vec::with_capacity(units.len());
        for unit in units {
            for tenant in &tenants {
                let key = |cluster: &Option<Uuid>| AwardGroupKey {
                    unit,
                    tenant: *tenant,
                    cluster: *cluster,
                    ..plain.clone()
                };
                keys.extend(clusters.iter().map(key));
            }
        }
        keys
    }

    /// By level, title and then the rest of the key, so that the same question has the same order.
    fn place(&self, key: &AwardGroupKey) -> (String, String, String) {
        let award_type = key.award_type.and_then(|id| self.types.get(&id));
        let level = key.level.or(award_type.map(|it| it.level));
        let level = match level {
            Some(award_type::Level::State) => "1",
            Some(award_type::Level::MinistryOrProvince) => "2",
            Some(award_type::Level::Base) => "3",
            None => "",
        };
        let code = award_type.map(|it| it.code.clone()).unwrap_or_default();
        (level.to_owned(), code, format!("{key:?}"))
    }
}

fn spread(
    id: Option<Uuid>,
    continued: &HashMap<Uuid, Vec<Uuid>>,
    is_wanted: bool,
) -> Vec<Option<Uuid>> {
    if !is_wanted {
        return vec![None];
    }
    match id.and_then(|id| continued.get(&id)) {
        Some(after) => after.iter().copied().map(Some).collect(),
        None => vec![id],
    }
}

/// An answer without numbers.
fn untold() -> AwardStatistics {
    let share = || AwardShare { part: None, whole: None, percent: None };
    AwardStatistics {
        events: None,
        subjects: None,
        unnamed_events: None,
        is_protected: true,
        shares: AwardShares { ad_hoc: share(), direct_workers: share(), non_managers: share() },
        groups: Vec::new(),
    }
}

/// Every number of an answer, each group with the conditions by which its awards are found.
pub(super) fn statistics(
    cells: &[Cell],
    lens: &Lens<'_>,
    find: impl Fn(&AwardGroupKey) -> Option<Json>,
) -> Result<AwardStatistics> {
    if lens.is_blind {
        return Ok(untold());
    }
    let mut total = Sum::default();
    let mut groups: HashMap<AwardGroupKey, Sum> = HashMap::new();
    for cell in cells.iter().filter(|cell| cell.events > 0) {
        let subjects = cell::set(&cell.subjects)?;
        total.add(cell, &subjects);
        if lens.by.is_empty() {
            continue;
        }
        for key in lens.keys(cell) {
            groups.entry(key).or_default().add(cell, &subjects);
        }
    }
    if groups.len() > GROUPS {
        let fault = Fault::at(Code::OutOfRange, "groupBy");
        return Err(fault.with("min", 0).with("max", GROUPS).into());
    }
    let told = |sum: &Sum, number: i64| sum.told(number, lens.is_protected);
    let mut groups: Vec<(AwardGroupKey, Sum)> = groups.into_iter().collect();
    groups.sort_by_cached_key(|(key, _)| lens.place(key));
    let group = |(key, sum): (AwardGroupKey, Sum)| AwardGroup {
        events: told(&sum, sum.events),
        subjects: told(&sum, sum.distinct()),
        unnamed_events: told(&sum, sum.unnamed),
        filter: find(&key),
        key,
    };
    Ok(AwardStatistics {
        events: told(&total, total.events),
        subjects: told(&total, total.distinct()),
        unnamed_events: told(&total, total.unnamed),
        is_protected: lens.is_protected,
        shares: shares(&cells.iter().collect::<Vec<_>>(), lens.is_protected),
        groups: groups.into_iter().map(group).collect(),
    })
}

pub(super) fn shares(cells: &[&Cell], is_protected: bool) -> AwardShares {
    let is_person = |cell: &Cell| cell.subject_kind == SubjectKind::Individual;
    let is_ad_hoc = |cell: &Cell| Some(cell.commendation_type == CommendationType::AdHoc);
    let is_direct = |cell: &Cell| cell.direct_worker.filter(|_| is_person(cell));
    let is_led = |cell: &Cell| cell.manager.map(|manager| !manager).filter(|_| is_person(cell));
    AwardShares {
        ad_hoc: share(cells, is_ad_hoc, is_protected),
        direct_workers: share(cells, is_direct, is_protected),
        non_managers: share(cells, is_led, is_protected),
    }
}

fn share(
    cells: &[&Cell],
    is_meant: impl Fn(&Cell) -> Option<bool>,
    is_protected: bool,
) -> AwardShare {
    let (mut part, mut whole) = (Sum::default(), Sum::default());
    for cell in cells {
        let Some(is_meant) = is_meant(cell) else { continue };
        whole.count(cell);
        if is_meant {
            part.count(cell);
        }
    }
    let (part, whole) =
        (part.told(part.events, is_protected), whole.told(whole.events, is_protected));
    let percent = part.zip(whole).and_then(|(part, whole)| percent(part.into(), whole.into()));
    AwardShare { part, whole, percent }
}

/// A part in percent with two digits, rounded half up.
pub(in crate::domain) fn percent(part: i64, whole: i64) -> Option<Decimal> {
    if whole == 0 {
        return None;
    }
    let hundredths = part.saturating_mul(20_000).saturating_add(whole) / whole.saturating_mul(2);
    Some(Decimal::from_units(hundredths.saturating_mul(100)))
}

/// The words under which an enum is stored, for filters that a client repeats.
pub(super) fn word<E: ActiveEnum<Value = String>>(value: &E) -> String {
    value.to_value()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_are_exact() {
        assert_eq!(percent(1, 3).map(|it| it.to_string()).as_deref(), Some("33.33"));
        assert_eq!(percent(2, 3).map(|it| it.to_string()).as_deref(), Some("66.67"));
        assert_eq!(percent(1, 1).map(|it| it.to_string()).as_deref(), Some("100"));
        assert_eq!(percent(0, 0), None);
    }

    #[test]
    fn few_people_are_not_told() {
        let sum = |people: i64, events: i64| Sum {
            events,
            has_people: people > 0,
            unnamed_people: people,
            ..Sum::default()
        };
        assert_eq!(sum(4, 4).told(4, true), None);
        assert_eq!(sum(4, 4).told(4, false), Some(4));
        assert_eq!(sum(7, 7).told(7, true), Some(5));
        assert_eq!(sum(8, 8).told(8, true), Some(10));
        assert_eq!(sum(0, 3).told(3, true), Some(3), "collectives are no people");
        assert_eq!(sum(3, 40).told(40, true), None, "few people among many collectives");
        let one = Sum { people: [7].into_iter().collect(), ..sum(0, 6) };
        let one = Sum { has_people: true, ..one };
        assert_eq!(one.told(6, true), None, "six awards of one person");
        assert_eq!(one.told(6, false), Some(6));
    }
}
