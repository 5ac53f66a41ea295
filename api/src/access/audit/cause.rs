//! By which grant a change was allowed, and whose unit it is about.
//! Nothing is decided here: the act was allowed before.

use std::collections::{HashMap, HashSet};

use entity::{cluster_member, unit_above};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, QueryFilter};
use uuid::Uuid;

use super::Change;
use crate::access::gate::find;
use crate::access::policy::{Act, Reach, reach};
use crate::access::policy::{Actor, Grant, Place, place};
use crate::error::Result;

/// What stands behind one change.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::access) struct Cause {
    /// Which of the actor's grants.
    pub(super) grant: Option<usize>,
    /// The unit the object belongs to, in the actor's tenant.
    pub(super) unit: Option<Uuid>,
}

/// Pairs each change with what stands behind it. A statement for the seats of members; another one only for
/// actors with several grants that allow the act.
pub(in crate::access) async fn causes(
    actor: &Actor,
    act: Act,
    changes: Vec<Change>,
    connection: &impl ConnectionTrait,
) -> Result<Vec<(Change, Cause)>> {
    let seats = seats(actor, &changes, connection).await?;
    let unit = |change: &Change| change.unit.or_else(|| seats.get(&change.member?).copied());
    let allowing: Vec<usize> = actor
        .grants
        .iter()
        .enumerate()
        .filter(|(_, grant)| reach(act, grant.role) != Reach::Nothing)
        .map(|(index, _)| index)
        .collect();
    let mut above = HashSet::new();
    if allowing.len() > 1 {
        let units = changes.iter().filter_map(unit).collect();
        above = pairs(actor, units, connection).await?;
    }
    let pair = |change: Change| {
        let unit = unit(&change);
        let fits = |index: &&usize| {
            let grant = actor.grants.get(**index);
            grant.is_some_and(|grant| covers(grant, &change, unit, &above))
        };
        let grant = allowing.iter().find(fits).or(allowing.first()).copied();
        (change, Cause { grant, unit })
    };
    Ok(changes.into_iter().map(pair).collect())
}

/// Whether an object lies at the place of a grant.
fn covers(
    grant: &Grant,
    change: &Change,
    unit: Option<Uuid>,
    above: &HashSet<(Uuid, Uuid)>,
) -> bool {
    match place(grant.role) {
        Place::Tenant => true,
        Place::Cluster => grant.cluster.is_some() && grant.cluster == change.cluster,
        Place::Council => grant.council.is_some() && grant.council == change.council,
        Place::Unit => unit.zip(grant.unit).is_some_and(|pair| above.contains(&pair)),
    }
}

/// The units of the actor's tenant that hold these seats.
async fn seats(
    actor: &Actor,
    changes: &[Change],
    connection: &impl ConnectionTrait,
) -> Result<HashMap<Uuid, Uuid>> {
    use cluster_member::Column;
    let members: HashSet<Uuid> = changes.iter().filter_map(|change| change.member).collect();
    if members.is_empty() {
        return Ok(HashMap::new());
    }
    let own =
        Condition::all().add(Column::TenantId.eq(actor.tenant)).add(Column::Id.is_in(members));
    let rows = find::<cluster_member::Entity>().filter(own).all(connection).await?;
    Ok(rows.into_iter().filter_map(|seat| Some((seat.id, seat.unit_id?))).collect())
}

/// Each of these units with each unit at or above it where the actor holds a grant.
async fn pairs(
    actor: &Actor,
    units: HashSet<Uuid>,
    connection: &impl ConnectionTrait,
) -> Result<HashSet<(Uuid, Uuid)>> {
    use unit_above::Column;
    let held: Vec<Uuid> = actor.grants.iter().filter_map(|grant| grant.unit).collect();
    if units.is_empty() || held.is_empty() {
        return Ok(HashSet::new());
    }
    let between = Condition::all()
        .add(Column::TenantId.eq(actor.tenant))
        .add(Column::UnitId.is_in(units))
        .add(Column::AboveId.is_in(held));
    let rows = find::<unit_above::Entity>().filter(between).all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.unit_id, row.above_id)).collect())
}
