//! Discipline of a subject, and cases that are still looked into.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

/// Where a case stands.
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
#[graphql(name = "DisciplineStage")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Stage {
    /// Being considered, investigated, inspected or verified (đang xem xét, điều tra, thanh tra, xác minh).
    Pending,
    /// Discipline was imposed (đã bị kỷ luật).
    Imposed,
    /// Nothing was found (không vi phạm).
    Cleared,
}

/// Forms of discipline, the mildest first.
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
#[graphql(name = "DisciplineForm")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Form {
    /// Reprimand (khiển trách).
    Reprimand,
    /// Warning (cảnh cáo).
    Warning,
    /// Demotion (giáng chức).
    Demotion,
    /// Removal from the post (cách chức).
    Dismissal,
    /// Dismissal from service (buộc thôi việc).
    ForcedResignation,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "discipline")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub subject_id: Uuid,
    pub unit_id: Uuid,
    pub stage: Stage,
    pub form: Option<Form>,
    pub from_day: Date,
    pub end_day: Option<Date>,
    pub decision: Option<String>,
    pub note: Option<String>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "discipline";
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
