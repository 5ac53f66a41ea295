//! Councils of emulation and commendation, their standing parts, and councils of initiatives.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

/// What kind of council it is (Luật 06/2022/QH15, Điều 90).
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
#[graphql(name = "CouncilKind")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// Central council (Hội đồng Thi đua - Khen thưởng Trung ương).
    Central,
    /// Council of a province or ministry (hội đồng cấp tỉnh, cấp bộ).
    Province,
    /// Council of an office or commune (hội đồng cấp cơ sở).
    Office,
    /// Council that recognises initiatives (hội đồng sáng kiến).
    Initiative,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "council")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub unit_id: Option<Uuid>,
    pub parent_id: Option<Uuid>,
    pub kind: Kind,
    pub name: String,
    pub name_search: String,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "council";
    const LINE: Line = Line::Tenant;

    fn owner() -> Column {
        Column::TenantId
    }

    fn id() -> Column {
        Column::Id
    }

    fn council() -> Option<Column> {
        Some(Column::Id)
    }

    fn version() -> Option<Column> {
        Some(Column::Version)
    }
}
