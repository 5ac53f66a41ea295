//! Awards of which the rows are read: those at the edges of a period, and those whose later acts are undone.
//! No sum is made here.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{Datelike, NaiveDate};
use entity::award::{self, State};
use entity::decision::{self, Kind};
use entity::nominee::SubjectKind;
use entity::subject::{LeadershipClass, Sex};
use entity::submission::CommendationType;
use entity::{award_act, award_subject};
use roaring::RoaringBitmap;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, QuerySelect, RelationDef,
};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::fold::Cell;
use super::span;
use crate::access::{Act, Gate};
use crate::domain::registry::cell;
use crate::error::Result;

/// Values of one list in SQL.
const FEW: usize = 500;

/// An award as far as it is counted.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) unit_id: Uuid,
    pub(super) award_type_id: Uuid,
    pub(super) subject_kind: SubjectKind,
    pub(super) commendation_type: CommendationType,
    pub(super) counting_from_year: i32,
    pub(super) counting_to_year: i32,
    pub(super) decided_on: Option<NaiveDate>,
    pub(super) issuer_tenant_id: Option<Uuid>,
    pub(super) sex: Option<Sex>,
    pub(super) leadership_class: Option<LeadershipClass>,
    direct_worker: Option<bool>,
    manager: Option<bool>,
    pub(super) field: Option<String>,
    pub(super) enterprise: Option<bool>,
    events: i32,
    /// Number of its subject in the sets of totals.
    ordinal: Option<i32>,
}

impl Row {
    fn of(award: award::Model, ordinal: Option<i32>) -> Self {
        Self {
            id: award.id,
            unit_id: award.unit_id,
            award_type_id: award.award_type_id,
            subject_kind: award.subject_kind,
            commendation_type: award.commendation_type,
            counting_from_year: award.counting_from_year,
            counting_to_year: award.counting_to_year,
            decided_on: award.decided_on,
            issuer_tenant_id: award.issuer_tenant_id,
            sex: award.sex,
            leadership_class: award.leadership_class,
            direct_worker: award.direct_worker,
            manager: award.manager,
            field: award.field,
            enterprise: award.enterprise,
            events: award.events,
            ordinal,
        }
    }

    /// The award as a total of one.
    pub(super) fn cell(self) -> Result<Cell> {
        let events = i64::from(self.events);
        let subjects: RoaringBitmap =
            self.ordinal.and_then(|number| u32::try_from(number).ok()).into_iter().collect();
        Ok(Cell {
            unit_id: self.unit_id,
            award_type_id: self.award_type_id,
            subject_kind: self.subject_kind,
            commendation_type: self.commendation_type,
            counting_to_year: self.counting_to_year,
            decided_year: self.decided_on.map(|day| day.year()),
            issuer_tenant_id: self.issuer_tenant_id,
            sex: self.sex,
            leadership_class: self.leadership_class,
            direct_worker: self.direct_worker,
            manager: self.manager,
            field: self.field,
            enterprise: self.enterprise,
            events,
            unnamed: if self.ordinal.is_none() { events } else { 0 },
            subjects: cell::bytes(&subjects)?,
            month: self.decided_on.and_then(span::month),
        })
    }
}

fn numbers() -> RelationDef {
    award::Entity::belongs_to(award_subject::Entity)
        .from((award::Column::TenantId, award::Column::SubjectId))
        .to((award_subject::Column::TenantId, award_subject::Column::SubjectId))
        .into()
}

fn papers() -> RelationDef {
    award_act::Entity::belongs_to(decision::Entity)
        .from((award_act::Column::TenantId, award_act::Column::DecisionId))
        .to((decision::Column::TenantId, decision::Column::Id))
        .into()
}

/// Awards that stand.
pub(super) async fn standing(gate: &Gate, which: Condition) -> Result<Vec<Row>> {
    gate.rows::<award::Entity>(Act::AwardStatisticsRead)?
        .filter(which.add(award::Column::State.eq(State::Valid)))
        .shape(|select| {
            let select = select.join(JoinType::LeftJoin, numbers());
            select.column(award_subject::Column::Ordinal)
        })
        .all_as::<Row>()
        .await
}

/// Awards that later decisions changed, as they were on a day; none where they did not stand.
#[derive(Debug, Default)]
pub(super) struct Undone(HashMap<Uuid, Option<Row>>, span::Touched);

#[derive(FromQueryResult)]
struct Late {
    award_id: Uuid,
}

#[derive(FromQueryResult)]
struct Deed {
    award_id: Uuid,
    sequence: i32,
    kind: Kind,
    changes: String,
    decided_on: Option<NaiveDate>,
}

impl Undone {
    /// Undoes what was decided after a day; what was given after it is left to the period.
    pub(super) async fn read(gate: &Gate, day: NaiveDate) -> Result<Self> {
        let late = gate
            .rows::<award_act::Entity>(Act::AwardStatisticsRead)?
            .filter(award_act::Column::Kind.ne(Kind::Award))
            .filter(decision::Column::DecidedOn.gt(day))
            .shape(|select| {
                let select = select.join(JoinType::InnerJoin, papers());
                select.select_only().column(award_act::Column::AwardId).distinct()
            })
            .all_as::<Late>()
            .await?;
        let awards: Vec<Uuid> = late.into_iter().map(|it| it.award_id).collect();
        let mut deeds: BTreeMap<(Uuid, i32), Deed> = BTreeMap::new();
        for awards in awards.chunks(FEW) {
            let found = gate
                .rows::<award_act::Entity>(Act::AwardStatisticsRead)?
                .filter(award_act::Column::AwardId.is_in(awards.iter().copied()))
                .shape(|select| {
                    let select = select.join(JoinType::LeftJoin, papers());
                    select.column(decision::Column::DecidedOn)
                })
                .all_as::<Deed>()
                .await?;
            deeds.extend(found.into_iter().map(|deed| ((deed.award_id, deed.sequence), deed)));
        }
        let then = then(deeds.into_values(), day)?;
        let numbers = ordinals(gate, &then).await?;
        let mut undone = Self::default();
        for award in then {
            undone.1.insert(award.decided_on.map(|day| day.year()));
            let number = award.subject_id.and_then(|subject| numbers.get(&subject)).copied();
            let (id, stood) = (award.id, award.state == State::Valid);
            undone.0.insert(id, stood.then(|| Row::of(award, number)));
        }
        Ok(undone)
    }

    /// Whether nothing is undone.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Years of which the totals count what is undone.
    pub(super) const fn touched(&self) -> &span::Touched {
        &self.1
    }

    /// The rows of today, those that changed since as they were.
    pub(super) fn rows(self, now: Vec<Row>) -> Vec<Row> {
        let rest = now.into_iter().filter(|row| !self.0.contains_key(&row.id));
        let mut rows: Vec<Row> = rest.collect();
        rows.extend(self.0.into_values().flatten());
        rows
    }
}

/// What awards were on a day, from their acts in order.
fn then(deeds: impl Iterator<Item = Deed>, day: NaiveDate) -> Result<Vec<award::Model>> {
    let mut facts: BTreeMap<Uuid, Map<String, Json>> = BTreeMap::new();
    for deed in deeds {
        // An award that was given later is no award of that day, whatever became of it.
        let is_past = deed.kind == Kind::Award || deed.decided_on.is_none_or(|it| it <= day);
        if is_past {
            let changes: Map<String, Json> = serde_json::from_str(&deed.changes)?;
            facts.entry(deed.award_id).or_default().extend(changes);
        }
    }
    let award = |mut facts: Map<String, Json>| {
        facts.insert("version".to_owned(), Json::from(1));
        Ok(serde_json::from_value::<award::Model>(Json::Object(facts))?)
    };
    facts.into_values().map(award).collect()
}

async fn ordinals(gate: &Gate, awards: &[award::Model]) -> Result<HashMap<Uuid, i32>> {
    let subjects: HashSet<Uuid> = awards.iter().filter_map(|award| award.subject_id).collect();
    let subjects: Vec<Uuid> = subjects.into_iter().collect();
    let mut numbers = HashMap::new();
    for subjects in subjects.chunks(FEW) {
        let rows = gate
            .rows::<award_subject::Entity>(Act::AwardStatisticsRead)?
            .filter(award_subject::Column::SubjectId.is_in(subjects.iter().copied()))
            .all()
            .await?;
        numbers.extend(rows.into_iter().map(|row| (row.subject_id, row.ordinal)));
    }
    Ok(numbers)
}
