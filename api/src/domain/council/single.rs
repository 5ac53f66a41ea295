//! How many councils there are: one of the province or ministry and one of an office at a time, and that of Central at
//! Central alone.
//! No seat enters here.

use chrono::NaiveDate;
use entity::council::{self, Column, Kind};
use entity::tenant;
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use crate::access::{Gate, Tx};
use crate::error::{Code, Fault, Result};

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
    if others.iter().all(is_apart) {
        return Ok(());
    }
    let path = if this.is_some() { "input.validTo" } else { "input.kind" };
    Err(Fault::at(Code::AlreadyExists, path).into())
}
