//! Titles and forms of commendation: the catalogue of the law, dated, and what tenants define beside it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned, Shared};

/// The families of titles and forms (Luật 06/2022/QH15, Điều 6 and 9).
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
#[graphql(name = "AwardFamily")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Family {
    /// Emulation title (danh hiệu thi đua).
    EmulationTitle,
    /// Order (huân chương).
    Order,
    /// Medal (huy chương).
    Medal,
    /// State honorary title (danh hiệu vinh dự nhà nước).
    StateHonoraryTitle,
    /// Ho Chi Minh Prize or State Prize (Giải thưởng).
    StatePrize,
    /// Commemorative medal (kỷ niệm chương).
    CommemorativeMedal,
    /// Certificate of merit (bằng khen).
    CertificateOfMerit,
    /// Commendation letter (giấy khen).
    CommendationLetter,
    /// Honour of a locality or an organisation, such as honorary citizen (danh hiệu, huy hiệu, kỷ niệm chương riêng).
    Honour,
}

/// Who made a title or form.
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
#[graphql(name = "AwardOrigin")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Origin {
    /// The law: the same for all tenants (theo pháp luật).
    Law,
    /// A political or social organisation, for its own people (của tổ chức; Luật 06/2022/QH15, Điều 32 khoản 1).
    Organisation,
    /// A province, ministry or body, for its own people (của địa phương, bộ, ngành).
    Local,
}

/// The level that decides or confers.
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
#[graphql(name = "AwardLevel")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Level {
    /// State level (cấp Nhà nước).
    State,
    /// Ministry or province (cấp bộ, cấp tỉnh).
    MinistryOrProvince,
    /// Office or commune (cấp cơ sở).
    Base,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "award_type")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub code: String,
    pub abbreviation: String,
    pub name: String,
    pub name_en: String,
    pub name_search: String,
    pub family: Family,
    pub level: Level,
    #[sea_orm(column_type = "Text")]
    pub subject_kinds: String,
    #[sea_orm(column_type = "Text")]
    pub commendation_types: String,
    #[sea_orm(column_type = "Text")]
    pub cycle: String,
    #[sea_orm(column_type = "Text")]
    pub decided_by: String,
    #[sea_orm(column_type = "Text")]
    pub citation: String,
    #[sea_orm(column_type = "Text")]
    pub recorded_names: String,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    /// The tenant that defined it; none: the law.
    pub tenant_id: Option<Uuid>,
    pub origin: Origin,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Shared for Entity {
    const NAME: &'static str = "award_type";

    fn id() -> Column {
        Column::Id
    }

    fn maker() -> Option<Column> {
        Some(Column::TenantId)
    }
}

/// What a tenant defined is its own; the rows of the law are nobody's, and no request writes them.
impl Owned for Entity {
    const NAME: &'static str = "award_type";
    const LINE: Line = Line::Tenant;

    fn owner() -> Column {
        Column::TenantId
    }

    fn id() -> Column {
        Column::Id
    }

    fn version() -> Option<Column> {
        Some(Column::Version)
    }
}
