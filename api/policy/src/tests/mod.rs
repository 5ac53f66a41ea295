//! The table is the one that was reviewed, and every reach is the condition that was read; a mutation of either
//! room fails here, in seconds.

mod conditions;
mod rights;

use entity::role_grant::Role;
use uuid::Uuid;

use crate::{Actor, Grant};

/// An id that is told from others in a snapshot.
const fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

const TENANT: Uuid = id(0xa);
const USER: Uuid = id(0xb);
const UNIT: Uuid = id(0xc);
const CLUSTER: Uuid = id(0xd);
const COUNCIL: Uuid = id(0xe);

/// A grant that names the place its role needs.
fn grant(role: Role) -> Grant {
    use crate::{Place, place};
    let is = |wanted: Place| place(role) == wanted;
    Grant {
        id: None,
        role,
        unit: is(Place::Unit).then_some(UNIT),
        cluster: is(Place::Cluster).then_some(CLUSTER),
        council: is(Place::Council).then_some(COUNCIL),
    }
}

fn actor(grants: impl IntoIterator<Item = Grant>) -> Actor {
    Actor {
        user: USER,
        name: "Nguyễn Văn Mẫu".to_owned(),
        tenant: TENANT,
        tenant_slug: "lai_chau".to_owned(),
        family: id(1),
        authorisation: 1,
        grants: grants.into_iter().collect(),
    }
}
