//! What one year says of a subject.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

/// How well the tasks of a year were completed (mức độ hoàn thành nhiệm vụ), the lowest first.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    async_graphql::Enum,
    Deserialize,
    Serialize,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CompletionRating {
    /// Not completed (không hoàn thành nhiệm vụ).
    NotCompleted,
    /// Completed (hoàn thành nhiệm vụ).
    Completed,
    /// Completed well (hoàn thành tốt nhiệm vụ).
    Good,
    /// Completed excellently (hoàn thành xuất sắc nhiệm vụ).
    Excellent,
}

/// Whose cluster or bloc it is in which a collective was ranked.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    async_graphql::Enum,
    Deserialize,
    Serialize,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ClusterScope {
    /// Of a ministry or a province (cụm, khối thi đua của bộ, ngành, địa phương).
    MinistryProvince,
    /// Of the Central council (cụm, khối thi đua do Hội đồng Thi đua - Khen thưởng Trung ương tổ chức).
    CentralCouncil,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "year_record")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub subject_id: Uuid,
    pub unit_id: Uuid,
    pub year: i32,
    pub completion_rating: Option<CompletionRating>,
    pub registered_titles: String,
    pub cluster_rank: Option<i32>,
    pub cluster_scope: Option<ClusterScope>,
    pub members_total: Option<i32>,
    pub members_completed: Option<i32>,
    pub members_advanced: Option<i32>,
    pub members_base_fighter: Option<i32>,
    pub members_disciplined: Option<i32>,
    pub source: Option<String>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "year_record";
    const LINE: Line = Line::Tenant;

    fn owner() -> Column {
        Column::TenantId
    }

    fn id() -> Column {
        Column::Id
    }

    fn unit() -> Option<Column> {
        Some(Column::UnitId)
    }

    fn subject() -> Option<Column> {
        Some(Column::SubjectId)
    }

    fn version() -> Option<Column> {
        Some(Column::Version)
    }
}
