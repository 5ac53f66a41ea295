//! Which councils there can be: one of the province or ministry and one of an office at a time, that of Central at
//! Central alone, and standing parts of these.
//! No seat enters here.

use async_graphql::ID;
use chrono::NaiveDate;
use entity::council::{self, Column, Kind};
use entity::{tenant, unit};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::{Council, rules};
use crate::access::{Act, Gate, Tx};
use crate::domain::input;
use crate::domain::unit::Unit;
use crate::error::{Code, Fault, Result};
use crate::filter::input_id;

/// The unit that an input names.
pub(super) async fn unit_of(tx: &Tx, id: Option<ID>) -> Result<Option<unit::Model>> {
    let Some(id) = id else { return Ok(None) };
    let id = input_id::<Unit>(&id, "input.unitId")?;
    let unit = tx.one::<unit::Entity>(Act::UnitRead, id).await;
    unit.map(Some).map_err(|e| e.at("input.unitId"))
}

/// The council that an input names as the one above.
pub(super) async fn parent_of(tx: &Tx, id: Option<ID>) -> Result<Option<council::Model>> {
    let Some(id) = id else { return Ok(None) };
    let id = input_id::<Council>(&id, "input.parentId")?;
    let parent = tx.one::<council::Entity>(Act::CouncilRead, id).await;
    parent.map(Some).map_err(|e| e.at("input.parentId"))
}

/// Refuses a standing part that is none: part of a part, of another kind than its council, or begun when that one is not
/// in force.
pub(super) fn is_part_of(parent: &council::Model, (kind, from): (Kind, NaiveDate)) -> Result<()> {
    if parent.parent_id.is_some() {
        return odd("input.parentId", "parentId: not a standing part itself");
    }
    if parent.kind != kind {
        return odd("input.kind", "kind: that of parentId");
    }
    rules::in_force((parent.valid_from, parent.valid_to), from, "input.validFrom")
}

/// The unit whose council it is. That of an office has one, below the root of its tenant, or it would reach everything; a
/// standing part has that of its council.
pub(super) fn stands_for(
    kind: Kind,
    unit: Option<&unit::Model>,
    parent: Option<&council::Model>,
) -> Result<Option<Uuid>> {
    let given = unit.map(|unit| unit.id);
    if kind != Kind::Office {
        return Ok(given);
    }
    if unit.is_some_and(|unit| unit.parent_id.is_none()) {
        return odd("input.unitId", "OFFICE: not of the root of the tenant");
    }
    let above = parent.and_then(|parent| parent.unit_id);
    if given.is_some() && above.is_some() && given != above {
        return odd("input.unitId", "unitId: that of parentId");
    }
    match given.or(above) {
        Some(unit) => Ok(Some(unit)),
        None => Err(Fault::at(Code::Required, "input.unitId").into()),
    }
}

fn odd<T>(path: &str, detail: &str) -> Result<T> {
    Err(Fault::at(Code::InvalidCombination, path).with("detail", detail).into())
}

/// Refuses a council of Central anywhere else.
pub(super) async fn fits_tenant(gate: &Gate, kind: Kind) -> Result<()> {
    if kind != Kind::Central {
        return Ok(());
    }
    let tenant = gate.look_up::<tenant::Entity>(gate.actor()?.tenant).await?;
    if tenant.is_some_and(|tenant| tenant.kind == tenant::Kind::Central) {
        return Ok(());
    }
    let fault = Fault::at(Code::InvalidCombination, "input.kind");
    Err(fault.with("detail", "CENTRAL: only at the tenant of Central").into())
}

/// Refuses a second council of the province, of Central or of the same office for some of the same days: votes of another
/// would stand for those of the council that the law means.
pub(super) async fn alone(
    tx: &Tx,
    (kind, unit, this): (Kind, Option<Uuid>, Option<Uuid>),
    (from, to): (NaiveDate, Option<NaiveDate>),
) -> Result<()> {
    let is_alone = match kind {
        Kind::Province | Kind::Central => true,
        Kind::Office => unit.is_some(),
        Kind::Initiative => false,
    };
    if !is_alone {
        return Ok(());
    }
    let tenant = tx.gate().actor()?.tenant;
    tx.stand_in_line("council", tenant).await?;
    let mut same = Condition::all().add(Column::Kind.eq(kind)).add(Column::ParentId.is_null());
    if kind == Kind::Office {
        same = same.add(Column::UnitId.eq(unit));
    }
    let others = tx.all_of::<council::Entity>(tenant, same).await?;
    let is_before = |one: Option<NaiveDate>, other: NaiveDate| one.is_some_and(|day| day < other);
    let is_apart = |row: &council::Model| {
        Some(row.id) == this || is_before(row.valid_to, from) || is_before(to, row.valid_from)
    };
    let Some(other) = others.iter().find(|row| !is_apart(row)) else { return Ok(()) };
    let path = if this.is_some() { "input.validTo" } else { "input.kind" };
    Err(Fault::at(Code::AlreadyExists, path)
        .with("case", "COUNCIL")
        .with("council", &other.name)
        .with("from", other.valid_from)
        .with("until", input::until(other.valid_to))
        .into())
}
