//! Roles that users hold in their tenant, dated and revocable.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

/// What a user may be in a tenant; rights are the union of all roles in force.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    EnumIter,
    DeriveActiveEnum,
    async_graphql::Enum,
    Deserialize,
    Serialize,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Officer of the Central council's office (cán bộ Trung ương).
    CentralOfficer,
    /// Chair of the province and its council (Chủ tịch UBND tỉnh); approves.
    ProvinceChair,
    /// Secretary of the council (Thư ký Hội đồng).
    CouncilSecretary,
    /// Officer of the standing agency (cơ quan thường trực, Sở Nội vụ); receives and appraises.
    StandingOfficer,
    /// Acts for the cluster's head unit (Cụm trưởng, Khối trưởng).
    ClusterCoordinator,
    /// Acts for a cluster's deputy head unit (Cụm phó, Khối phó).
    ClusterDeputy,
    /// Head of a unit (thủ trưởng đơn vị).
    UnitHead,
    /// Officer in charge of emulation in a unit (cán bộ thi đua của đơn vị).
    UnitOfficer,
    /// Reads everything in the tenant, changes nothing.
    Auditor,
    /// Manages units, users and grants of the tenant.
    TenantAdministrator,
    /// Holds a seat in a council (thành viên Hội đồng); may there what the seat may.
    CouncilMember,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "role_grant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub role: Role,
    pub unit_id: Option<Uuid>,
    pub cluster_id: Option<Uuid>,
    pub council_id: Option<Uuid>,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub granted_by: Option<Uuid>,
    pub revoked_at: Option<DateTimeUtc>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "role_grant";
    const LINE: Line = Line::Tenant;

    fn owner() -> Column {
        Column::TenantId
    }

    fn id() -> Column {
        Column::Id
    }

    fn author() -> Option<Column> {
        Some(Column::UserId)
    }

    fn holder() -> Option<Column> {
        Some(Column::UserId)
    }

    fn version() -> Option<Column> {
        Some(Column::Version)
    }
}
