//! What stands around a unit, read for many units at once.
//! No rule enters here.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use async_graphql::{Context, dataloader};
use chrono::NaiveDate;
use entity::{unit, unit_above, unit_lineage};
use sea_orm::{ColumnTrait, Condition, QueryOrder};
use uuid::Uuid;

use super::Unit;
use crate::access::{Act, Gate, Loader};
use crate::domain::{Ask, input};
use crate::error::{Error, Result};

/// The units above one unit.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Ancestors(pub(super) Uuid);

/// The units directly below one unit on a day.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Children(pub(super) Uuid, pub(super) NaiveDate);

/// The units before or after one unit.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kin {
    Predecessors(Uuid),
    Successors(Uuid),
}

impl dataloader::Loader<Ancestors> for Loader {
    type Value = Vec<Unit>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Ancestors]) -> Result<HashMap<Ancestors, Vec<Unit>>, Arc<Error>> {
        ancestors(self.gate(), keys).await.map_err(Arc::new)
    }
}

impl dataloader::Loader<Children> for Loader {
    type Value = Vec<Unit>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Children]) -> Result<HashMap<Children, Vec<Unit>>, Arc<Error>> {
        children(self.gate(), keys).await.map_err(Arc::new)
    }
}

impl dataloader::Loader<Kin> for Loader {
    type Value = Vec<Unit>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Kin]) -> Result<HashMap<Kin, Vec<Unit>>, Arc<Error>> {
        kin(self.gate(), keys).await.map_err(Arc::new)
    }
}

/// One unit as the caller may read it, batched.
pub(in crate::domain) async fn one(ctx: &Context<'_>, id: Uuid) -> Result<Option<Unit>> {
    Ok(ctx.gate()?.load::<unit::Entity>(id).await?.map(Unit::from))
}

async fn ancestors(gate: &Gate, keys: &[Ancestors]) -> Result<HashMap<Ancestors, Vec<Unit>>> {
    use unit_above::Column;
    let tenant = Column::TenantId.eq(gate.actor()?.tenant);
    let of_these = Column::UnitId.is_in(keys.iter().map(|key| key.0));
    let pairs = gate
        .rows::<unit_above::Entity>(Act::UnitRead)?
        .filter(Condition::all().add(tenant).add(of_these).add(Column::Depth.gt(0)))
        .shape(|select| select.order_by_desc(Column::Depth))
        .all()
        .await?;
    let units = by_id(gate, pairs.iter().map(|pair| pair.above_id)).await?;
    Ok(grouped(pairs.iter().map(|pair| (Ancestors(pair.unit_id), pair.above_id)), &units))
}

async fn children(gate: &Gate, keys: &[Children]) -> Result<HashMap<Children, Vec<Unit>>> {
    use unit::Column;
    let mut found: HashMap<Children, Vec<Unit>> = HashMap::new();
    let mut days: HashMap<NaiveDate, Vec<Uuid>> = HashMap::new();
    for Children(parent, day) in keys {
        days.entry(*day).or_default().push(*parent);
    }
    for (day, parents) in days {
        let rows = gate
            .rows::<unit::Entity>(Act::UnitRead)?
            .filter(Column::ParentId.is_in(parents))
            .filter(input::in_force(Column::ValidFrom, Column::ValidTo, day))
            .shape(|select| select.order_by_asc(Column::Name).order_by_asc(Column::Id))
            .all()
            .await?;
        for row in rows {
            let Some(parent) = row.parent_id else { continue };
            found.entry(Children(parent, day)).or_default().push(row.into());
        }
    }
    Ok(found)
}

async fn kin(gate: &Gate, keys: &[Kin]) -> Result<HashMap<Kin, Vec<Unit>>> {
    use unit_lineage::Column::{PredecessorId, SuccessorId};
    let ids: Vec<Uuid> = keys
        .iter()
        .map(|key| match key {
            Kin::Predecessors(id) | Kin::Successors(id) => *id,
        })
        .collect();
    let either = Condition::any().add(PredecessorId.is_in(ids.clone())).add(SuccessorId.is_in(ids));
    let lines = gate.rows::<unit_lineage::Entity>(Act::UnitRead)?.filter(either).all().await?;
    let ends = lines.iter().flat_map(|line| [line.predecessor_id, line.successor_id]);
    let units = by_id(gate, ends).await?;
    let pairs = lines.iter().flat_map(|line| {
        [
            (Kin::Predecessors(line.successor_id), line.predecessor_id),
            (Kin::Successors(line.predecessor_id), line.successor_id),
        ]
    });
    Ok(grouped(pairs, &units))
}

async fn by_id(gate: &Gate, ids: impl Iterator<Item = Uuid>) -> Result<HashMap<Uuid, Unit>> {
    let rows = gate.rows::<unit::Entity>(Act::UnitRead)?;
    let rows = rows.filter(unit::Column::Id.is_in(ids)).all().await?;
    Ok(rows.into_iter().map(|row| (row.id, row.into())).collect())
}

fn grouped<K: Eq + Hash>(
    pairs: impl Iterator<Item = (K, Uuid)>,
    units: &HashMap<Uuid, Unit>,
) -> HashMap<K, Vec<Unit>> {
    let mut found: HashMap<K, Vec<Unit>> = HashMap::new();
    for (key, id) in pairs {
        found.entry(key).or_default().extend(units.get(&id).cloned());
    }
    found
}
