//! Where subjects stand: the units above their own, and the collectives that theirs continue after a merger or a split.
//! Nothing is evaluated here.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::nominee::SubjectKind;
use entity::unit::Kind;
use entity::{subject, unit, unit_above, unit_lineage};
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, QuerySelect, RelationDef,
};
use uuid::Uuid;

use crate::access::{Act, Gate, Tx};
use crate::error::Result;

/// A unit at or above that of a subject.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Place {
    pub(super) unit_id: Uuid,
    depth: i32,
    kind: Kind,
    valid_to: Option<NaiveDate>,
}

impl Place {
    /// The last day of the unit itself.
    pub(super) fn last(&self) -> Option<NaiveDate> {
        self.valid_to.filter(|_| self.depth == 0)
    }

    pub(super) fn is_of_forces(&self) -> bool {
        matches!(self.kind, Kind::Police | Kind::Military)
    }
}

/// The units at and above those of subjects, as the caller may read them.
pub(super) async fn places(gate: &Gate, subjects: &[subject::Model]) -> Result<Vec<Place>> {
    use unit_above::Column;
    let above: RelationDef = unit_above::Entity::belongs_to(unit::Entity)
        .from((Column::TenantId, Column::AboveId))
        .to((unit::Column::TenantId, unit::Column::Id))
        .into();
    let units: HashSet<Uuid> = subjects.iter().map(|row| row.unit_id).collect();
    let rows = gate.rows::<unit_above::Entity>(Act::UnitRead)?.filter(Column::UnitId.is_in(units));
    let shape = |select: sea_orm::Select<unit_above::Entity>| {
        let select = select.select_only().columns([Column::UnitId, Column::Depth]);
        let select = select.join(JoinType::InnerJoin, above);
        select.column(unit::Column::Kind).column(unit::Column::ValidTo)
    };
    rows.shape(shape).all_as().await
}

/// The same inside a transaction, whatever the caller reads.
pub(super) async fn places_of(tx: &Tx, subjects: &[subject::Model]) -> Result<Vec<Place>> {
    let tenant = tx.gate().actor()?.tenant;
    let units: HashSet<Uuid> = subjects.iter().map(|row| row.unit_id).collect();
    let above = Condition::all().add(unit_above::Column::UnitId.is_in(units));
    let above = tx.all_of::<unit_above::Entity>(tenant, above).await?;
    let named = Condition::all().add(unit::Column::Id.is_in(above.iter().map(|it| it.above_id)));
    let units = tx.all_of::<unit::Entity>(tenant, named).await?;
    let units: HashMap<Uuid, unit::Model> = units.into_iter().map(|row| (row.id, row)).collect();
    let place = |pair: unit_above::Model| {
        let row = units.get(&pair.above_id)?;
        let (kind, valid_to) = (row.kind, row.valid_to);
        Some(Place { unit_id: pair.unit_id, depth: pair.depth, kind, valid_to })
    };
    Ok(above.into_iter().filter_map(place).collect())
}

/// A unit that continues another one, with the subject that the other one is.
#[derive(Clone, Debug, FromQueryResult)]
struct Line {
    predecessor_id: Uuid,
    successor_id: Uuid,
    /// None where the earlier unit was never a subject.
    before: Option<Uuid>,
    /// Whether the caller may read that subject.
    is_open: Option<bool>,
}

/// Which subjects continue which others.
#[derive(Clone, Debug, Default)]
pub(super) struct Kin {
    /// Subjects by one that they continue.
    after: HashMap<Uuid, Vec<Uuid>>,
    /// Subjects that continue one which the caller may not read.
    hidden: HashSet<Uuid>,
}

impl Kin {
    /// Reads the lines of units, where one of the subjects is a unit: one statement, however many there are.
    pub(super) async fn read(gate: &Gate, subjects: &[subject::Model]) -> Result<Self> {
        if !subjects.iter().any(is_unit) {
            return Ok(Self::default());
        }
        let is_open = SimpleExpr::from(gate.scope::<subject::Entity>(Act::SubjectRead)?);
        let rows = gate.rows::<unit_lineage::Entity>(Act::UnitRead)?;
        let shape = |select: sea_orm::Select<unit_lineage::Entity>| {
            use unit_lineage::Column::{PredecessorId, SuccessorId};
            let select = select.select_only().columns([PredecessorId, SuccessorId]);
            let select = select.join(JoinType::LeftJoin, subject_before());
            let select = select.column_as(subject::Column::Id, "before");
            select.column_as(is_open, "is_open")
        };
        let lines: Vec<Line> = rows.shape(shape).all_as().await?;
        Ok(Self::of(&lines, subjects))
    }

    /// The same inside a transaction, whatever the caller reads.
    pub(super) async fn read_in(tx: &Tx, subjects: &[subject::Model]) -> Result<Self> {
        use subject::Column;
        if !subjects.iter().any(is_unit) {
            return Ok(Self::default());
        }
        let tenant = tx.gate().actor()?.tenant;
        let lines = tx.all_of::<unit_lineage::Entity>(tenant, Condition::all()).await?;
        if lines.is_empty() {
            return Ok(Self::default());
        }
        let earlier = Condition::all()
            .add(Column::UnitId.is_in(lines.iter().map(|line| line.predecessor_id)))
            .add(Column::IsUnit.eq(true))
            .add(Column::Kind.eq(SubjectKind::Collective));
        let earlier = tx.all_of::<subject::Entity>(tenant, earlier).await?;
        let line = |row: unit_lineage::Model| {
            let before = earlier.iter().find(|it| it.unit_id == row.predecessor_id);
            Line {
                predecessor_id: row.predecessor_id,
                successor_id: row.successor_id,
                before: before.map(|it| it.id),
                is_open: Some(true),
            }
        };
        let lines: Vec<Line> = lines.into_iter().map(line).collect();
        Ok(Self::of(&lines, subjects))
    }

    fn of(lines: &[Line], subjects: &[subject::Model]) -> Self {
        let mut back: HashMap<Uuid, Vec<&Line>> = HashMap::new();
        for line in lines {
            back.entry(line.successor_id).or_default().push(line);
        }
        let mut kin = Self::default();
        for row in subjects.iter().filter(|row| is_unit(row)) {
            for line in behind(row.unit_id, &back) {
                kin.add(row.id, line);
            }
        }
        kin
    }

    fn add(&mut self, subject: Uuid, line: &Line) {
        let Some(before) = line.before else { return };
        if line.is_open != Some(true) {
            self.hidden.insert(subject);
            return;
        }
        let after = self.after.entry(before).or_default();
        if !after.contains(&subject) {
            after.push(subject);
        }
    }

    /// Those that are continued, beside the subjects themselves.
    pub(super) fn with(&self, subjects: &[Uuid]) -> Vec<Uuid> {
        let all: HashSet<Uuid> = subjects.iter().chain(self.after.keys()).copied().collect();
        all.into_iter().collect()
    }

    /// The subjects that continue one.
    pub(super) fn after(&self, before: Uuid) -> impl Iterator<Item = Uuid> {
        self.after.get(&before).into_iter().flatten().copied()
    }

    /// Subjects that continue one of which the caller reads nothing.
    pub(super) fn hidden(&self) -> impl Iterator<Item = Uuid> {
        self.hidden.iter().copied()
    }
}

fn is_unit(row: &subject::Model) -> bool {
    row.is_unit && row.kind == SubjectKind::Collective
}

/// Every line that leads to a unit, through however many reorganisations.
fn behind<'l>(unit: Uuid, back: &HashMap<Uuid, Vec<&'l Line>>) -> Vec<&'l Line> {
    let (mut found, mut seen, mut open) = (Vec::new(), HashSet::from([unit]), vec![unit]);
    while let Some(unit) = open.pop() {
        let lines = back.get(&unit).map(Vec::as_slice).unwrap_or_default();
        found.extend(lines.iter().copied());
        open.extend(lines.iter().map(|line| line.predecessor_id).filter(|it| seen.insert(*it)));
    }
    found
}

/// The subject that an earlier unit is.
fn subject_before() -> RelationDef {
    use unit_lineage::Column;
    let is_it = Condition::all()
        .add(subject::Column::IsUnit.eq(true))
        .add(subject::Column::Kind.eq(SubjectKind::Collective));
    unit_lineage::Entity::belongs_to(subject::Entity)
        .from((Column::TenantId, Column::PredecessorId))
        .to((subject::Column::TenantId, subject::Column::UnitId))
        .on_condition(move |_, _| is_it.clone())
        .into()
}
