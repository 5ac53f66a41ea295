//! Whose matters a council may consider: that of an office those of its own unit and of the units below.
//! No item is written here.

use entity::{council, unit, unit_above};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use crate::access::Tx;
use crate::domain::input;
use crate::error::{Code, Error, Fault, Result};

/// Refuses what comes from a unit that the council of an office does not stand above (`WRONG_COUNCIL`); says whether the
/// council stands below the root of its tenant. An office's council without an office, or of the root, stands above
/// nothing: it would vote for the council of the tenant. The units are those of what a list of the input names, in its order.
pub(super) async fn within_reach(
    tx: &Tx,
    council: &council::Model,
    (units, path): (&[Uuid], &str),
) -> Result<bool> {
    let beyond = |path: &str| {
        Error::from(Fault::at(Code::WrongCouncil, path).with("council", &council.name))
    };
    let is_office = council.kind == council::Kind::Office;
    let of_all = || if is_office { Err(beyond(path)) } else { Ok(false) };
    let Some(own) = council.unit_id else { return of_all() };
    let itself = Condition::all().add(unit::Column::Id.eq(own));
    let own_unit = tx.all_of::<unit::Entity>(council.tenant_id, itself).await?;
    if own_unit.iter().any(|unit| unit.parent_id.is_none()) {
        return of_all();
    }
    let below = Condition::all()
        .add(unit_above::Column::AboveId.eq(own))
        .add(unit_above::Column::UnitId.is_in(units.iter().copied()));
    let below = tx.all_of::<unit_above::Entity>(council.tenant_id, below).await?;
    match units.iter().find(|one| below.iter().all(|pair| pair.unit_id != **one)) {
        Some(one) => Err(beyond(&input::place(units, *one, path))),
        None => Ok(true),
    }
}
