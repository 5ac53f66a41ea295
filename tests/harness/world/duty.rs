//! A role and where it is held, or was.
//! No person enters here.

use entity::role_grant::Role;

use super::{Board, Contest, Id, Province};

/// A role and where it is held.
pub(super) struct Duty {
    pub(super) role: Role,
    pub(super) unit: Option<Id>,
    pub(super) cluster: Option<Id>,
    pub(super) council: Option<Id>,
    pub(super) lapse: Option<Lapse>,
}

/// Why a role is held no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lapse {
    /// Its last day is over.
    Expired,
    /// It was taken back.
    Revoked,
}

impl Duty {
    pub(super) fn coordinator(contest: &Contest) -> Self {
        Self {
            role: Role::ClusterCoordinator,
            unit: None,
            cluster: Some(contest.id),
            council: None,
            lapse: None,
        }
    }

    pub(super) fn deputy(contest: &Contest) -> Self {
        Self {
            role: Role::ClusterDeputy,
            unit: None,
            cluster: Some(contest.id),
            council: None,
            lapse: None,
        }
    }

    pub(super) fn in_unit(role: Role, unit: Id) -> Self {
        Self { role, unit: Some(unit), cluster: None, council: None, lapse: None }
    }

    pub(super) fn everywhere(role: Role) -> Self {
        Self { role, unit: None, cluster: None, council: None, lapse: None }
    }

    pub(super) fn in_council(board: &Board) -> Self {
        Self {
            role: Role::CouncilMember,
            unit: None,
            cluster: None,
            council: Some(board.id),
            lapse: None,
        }
    }
}

impl Duty {
    /// Where a role is usually held: in the first office, in the own cluster or in the whole province.
    pub(super) fn usual(role: Role, province: &Province) -> Self {
        match role {
            Role::ClusterCoordinator => Self::coordinator(&province.cluster),
            Role::ClusterDeputy => Self::deputy(&province.cluster),
            Role::UnitHead | Role::UnitOfficer => Self::in_unit(role, province.office),
            Role::CouncilMember => Self::in_council(&province.board),
            Role::CentralOfficer
            | Role::ProvinceChair
            | Role::CouncilSecretary
            | Role::StandingOfficer
            | Role::Auditor
            | Role::TenantAdministrator => Self::everywhere(role),
        }
    }

    /// The same, no more.
    pub(super) fn over(self, lapse: Lapse) -> Self {
        Self { lapse: Some(lapse), ..self }
    }
}
