//! Subjects of commendation: persons, collectives, households.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::nominee::SubjectKind;
use crate::owned::{Line, Owned};

/// Sex of a person, for the statistics of the law.
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
pub enum Sex {
    /// Woman (nữ).
    Female,
    /// Man (nam).
    Male,
}

/// The five leadership classes of the statistical form on awards (Thông tư 02/2023/TT-BNV, biểu 0602).
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
pub enum LeadershipClass {
    /// Leader of a ministry, a province or of that rank (lãnh đạo cấp bộ, cấp tỉnh và tương đương).
    MinistryOrProvince,
    /// Leader of a department or of that rank (lãnh đạo cấp vụ, cấp sở và tương đương).
    Department,
    /// Leader of a division, a commune or of that rank (lãnh đạo cấp phòng, cấp xã và tương đương).
    Division,
    /// Head of an enterprise (lãnh đạo doanh nghiệp).
    Enterprise,
    /// Works directly (người trực tiếp lao động, công tác).
    DirectWorker,
}

/// How large a collective is.
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
pub enum SizeClass {
    /// A small collective (tập thể nhỏ): a group, a team, a division.
    Small,
    /// A collective larger than a small one and smaller than a whole department.
    Medium,
    /// A large collective, such as a whole department.
    Large,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "subject")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: SubjectKind,
    pub code: Option<String>,
    pub name: String,
    pub name_search: String,
    pub unit_id: Uuid,
    pub is_unit: bool,
    pub sex: Option<Sex>,
    pub leadership_class: Option<LeadershipClass>,
    /// Null: nobody has said so, and for what is no person.
    pub direct_worker: Option<bool>,
    /// Null: nobody has said so, and for what is no person.
    pub manager: Option<bool>,
    pub occupation: Option<String>,
    pub size_class: Option<SizeClass>,
    pub flag_eligible: Option<bool>,
    pub founded_on: Option<Date>,
    pub created_at: DateTimeUtc,
    pub version: i32,
    /// The user who is this person, where he has an account.
    #[serde(default)]
    pub user_id: Option<Uuid>,
    /// Whether a collective is an enterprise; null: nobody has said so, and for what is no collective.
    #[serde(default)]
    pub enterprise: Option<bool>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "subject";
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
