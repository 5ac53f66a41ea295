//! Whose matters a council may consider: that of an office those of its own unit and of the units below.
//! No item is written here.

use entity::{council, unit, unit_above};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use crate::access::Tx;
use crate::error::{Code, Error, Fault, Result};

/// Refuses what comes from a unit that the council of an office does not stand above (`WRONG_COUNCIL`); says whether the
/// council stands below the root of its tenant. An office's council without an office, or of the root, stands above
/// nothing: it would vote for the council of the tenant.
pub(super) async fn within_reach(
    tx: &Tx,
    council: &council::Model,
    units: impl IntoIterator<Item = Uuid>,
    path: &str,
) -> Result<bool> {
    let beyond = || Error::from(Fault::at(Code::WrongCouncil, path).with("council", &council.name));
    let of_all = || if council.kind == council::Kind::Office { Err(beyond()) } else { Ok(false) };
    let Some(own) = council.unit_id else { return of_all() };
    let itself = Condition::all().add(unit::Column::Id.eq(own));
    let own_unit = tx.all_of::<unit::Entity>(council.tenant_id, itself).await?;
    if own_unit.iter().any(|unit| unit.parent_id.is_none()) {
        return of_all();
    }
    let units: Vec<Uuid> = units.into_iter().collect();
    let below = Condition::all()
        .add(unit_above::Column::AboveId.eq(own))
        .add(unit_above::Column::UnitId.is_in(units.clone()));
    let below = tx.all_of::<unit_above::Entity>(council.tenant_id, below).await?;
    if units.iter().any(|one| below.iter().all(|pair| pair.unit_id != *one)) {
        return Err(beyond());
    }
    Ok(true)
}
