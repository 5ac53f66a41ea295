//! Initiatives, accepted research and the like, with the scope in which they were recognised.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

/// How far the effect of an initiative was recognised, the narrowest first.
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
#[graphql(name = "InitiativeScope")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Scope {
    /// In the unit (phạm vi ảnh hưởng cấp cơ sở).
    Base,
    /// In the ministry or province (phạm vi bộ, ngành, cấp tỉnh).
    MinistryProvince,
    /// In the whole nation (phạm vi toàn quốc).
    Nation,
}

/// What kind of work it is.
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
#[graphql(name = "InitiativeKind")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// An initiative (sáng kiến).
    Initiative,
    /// Accepted research or a technical solution (đề tài khoa học, đề án, công trình đã nghiệm thu).
    Research,
    /// Resourcefulness in combat or service (mưu trí, sáng tạo trong chiến đấu, phục vụ chiến đấu).
    Resourcefulness,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "initiative")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub unit_id: Uuid,
    pub title: String,
    pub kind: Kind,
    pub scope: Scope,
    pub recognised_by: String,
    pub recognised_on: Date,
    pub used_for: Option<String>,
    pub used_year: Option<i32>,
    /// The award that rests on it, where a decision has given one.
    #[serde(default)]
    pub award_id: Option<Uuid>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "initiative";
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

    fn version() -> Option<Column> {
        Some(Column::Version)
    }
}
