//! Emulation movements (phong trào thi đua).

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

/// Who launched a movement (Luật 06/2022/QH15, Điều 18).
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
#[graphql(name = "MovementLevel")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Level {
    /// The President or the Prime Minister (Chủ tịch nước, Thủ tướng Chính phủ).
    Nation,
    /// A minister or the like, or the chair of a province (bộ, ban, ngành, tỉnh).
    MinistryOrProvince,
    /// The chair of a commune (cấp xã).
    Commune,
    /// The head of an office or unit (cơ quan, tổ chức, đơn vị).
    Unit,
    /// It is not known (chưa rõ).
    Unknown,
}

/// For whom a movement is held (Luật 06/2022/QH15, Điều 16).
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
#[graphql(name = "MovementScope")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Scope {
    /// The whole country (toàn quốc).
    National,
    /// A ministry, a sector, a mass organisation or a locality (bộ, ban, ngành, đoàn thể, địa phương).
    MinistryOrLocal,
    /// A cluster or bloc (cụm, khối thi đua).
    ClusterBloc,
    /// An office or unit (cơ quan, tổ chức, đơn vị).
    Unit,
    /// It is not known (chưa rõ).
    Unknown,
}

/// How a movement is held (Luật 06/2022/QH15, Điều 16).
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
#[graphql(name = "EmulationForm")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Form {
    /// Year by year for the usual tasks (thi đua thường xuyên).
    Regular,
    /// For a theme (thi đua theo chuyên đề).
    Thematic,
    /// It is not known (chưa rõ).
    Unknown,
}

/// How long a movement lasts, from the first day to the last.
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
#[graphql(name = "MovementDuration")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Duration {
    /// Less than a year (dưới 1 năm).
    UnderOneYear,
    /// One year (1 năm).
    OneYear,
    /// More than one year and less than three (từ 1 năm đến dưới 3 năm).
    OneToThreeYears,
    /// Three years or more and less than five (từ 3 năm đến dưới 5 năm).
    ThreeToFiveYears,
    /// Five years or more (từ 5 năm trở lên).
    FiveYearsOrMore,
    /// The last day is not known (chưa rõ).
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "movement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub unit_id: Uuid,
    pub name: String,
    pub name_search: String,
    pub level: Level,
    pub scope: Scope,
    pub form: Form,
    /// Follows from the two days; kept so that movements are counted and found by it.
    pub duration: Duration,
    pub launched_on: Date,
    pub ends_on: Option<Date>,
    pub plan: Option<String>,
    pub author_id: Uuid,
    pub created_at: DateTimeUtc,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "movement";
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

    fn author() -> Option<Column> {
        Some(Column::AuthorId)
    }

    fn version() -> Option<Column> {
        Some(Column::Version)
    }
}
