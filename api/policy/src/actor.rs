//! Who asks: a user, the tenant of the token, and the roles in force there.
//! No query enters here: an actor comes from the token alone.

use entity::role_grant::Role;
use uuid::Uuid;

use crate::act::{Act, Reach, is_for_oneself, reach};

/// A signed-in user in the current tenant of the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The user.
    pub user: Uuid,
    /// Name shown to others; goes into audit entries.
    pub name: String,
    /// The current tenant: rights are those held here and nowhere else.
    pub tenant: Uuid,
    /// Slug of the current tenant.
    pub tenant_slug: String,
    /// The chain of refresh tokens this access token belongs to.
    pub family: Uuid,
    /// Version of the user's rights that the grants are of.
    pub authorisation: i32,
    /// Roles in force when the token was issued.
    pub grants: Vec<Grant>,
}

/// One role of an actor and the place it holds for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Id of its row; audit entries name it.
    pub id: Option<Uuid>,
    /// The role.
    pub role: Role,
    /// The unit of a unit role; none for roles that hold in the whole tenant.
    pub unit: Option<Uuid>,
    /// The cluster of a cluster role.
    pub cluster: Option<Uuid>,
    /// The council of a seat.
    pub council: Option<Uuid>,
}

impl Actor {
    /// Slug of the current tenant.
    #[must_use]
    pub fn tenant_slug(&self) -> &str {
        &self.tenant_slug
    }
}

/// Where a role holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the whole tenant.
    Tenant,
    /// In one unit and the units below it.
    Unit,
    /// In one cluster.
    Cluster,
    /// In one council.
    Council,
}

/// Where grants of a role hold.
#[must_use]
pub const fn place(role: Role) -> Place {
    match role {
        Role::CentralOfficer
        | Role::ProvinceChair
        | Role::CouncilSecretary
        | Role::StandingOfficer
        | Role::Auditor
        | Role::TenantAdministrator => Place::Tenant,
        Role::UnitHead | Role::UnitOfficer => Place::Unit,
        Role::ClusterCoordinator | Role::ClusterDeputy => Place::Cluster,
        Role::CouncilMember => Place::Council,
    }
}

impl Grant {
    /// Whether the grant names the place its role needs and no other; one that does not reaches nothing.
    #[must_use]
    pub fn is_placed(&self) -> bool {
        let named = [self.unit.is_some(), self.cluster.is_some(), self.council.is_some()];
        match place(self.role) {
            Place::Tenant => named == [false, false, false],
            Place::Unit => named == [true, false, false],
            Place::Cluster => named == [false, true, false],
            Place::Council => named == [false, false, true],
        }
    }
}

impl Actor {
    /// Whether any grant reaches anything by this act.
    #[must_use]
    pub fn may(&self, act: Act) -> bool {
        is_for_oneself(act) || self.role_for(act).is_some()
    }

    /// The first role that lets the actor do this act somewhere.
    #[must_use]
    pub fn role_for(&self, act: Act) -> Option<Role> {
        self.grants.iter().map(|grant| grant.role).find(|role| reach(act, *role) != Reach::Nothing)
    }
}
