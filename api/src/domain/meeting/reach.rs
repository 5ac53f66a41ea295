//! Whose matters a council may consider: that of an office those of its own unit and of the units below.
//! No item is written here.

use entity::{council, unit, unit_above};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use crate::access::Tx;
use crate::error::{Code, Fault, Result};

/// Refuses what comes from a unit that the council of an office does not stand above (`WRONG_COUNCIL`); says whether the
/// council stands below the root of its tenant.
pub(super) async fn within_reach(
    tx: &Tx,
    council: &council::Model,
    units: impl IntoIterator<Item = Uuid>,
    path: &str,
) -> Result<bool> {
    let Some(own) = council.unit_id else { return Ok(false) };
    let itself = Condition::all().add(unit::Column::Id.eq(own));
    let own_unit = tx.all_of::<unit::Entity>(council.tenant_id, itself).await?;
    if own_unit.iter().any(|unit| unit.parent_id.is_none()) {
        return Ok(false);
    }
    let units: Vec<Uuid> = units.into_iter().collect();
    let below = Condition::all()
        .add(unit_above::Column::AboveId.eq(own))
        .add(unit_above::Column::UnitId.is_in(units.clone()));
    let below = tx.all_of::<unit_above::Entity>(council.tenant_id, below).await?;
    if units.iter().any(|one| below.iter().all(|pair| pair.unit_id != *one)) {
        return Err(Fault::at(Code::WrongCouncil, path).with("council", &council.name).into());
    }
    Ok(true)
}
