//! Yearly targets of awards (chỉ tiêu thi đua, khen thưởng): of a unit, or of the own members of a cluster.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::award_type::Level;
use crate::nominee::SubjectKind;
use crate::owned::{Line, Owned};

/// What a target measures.
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
#[graphql(name = "AwardTargetMeasure")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Measure {
    /// Number of awards (lượt khen thưởng).
    Awards,
    /// Awards for sudden achievements in percent of all (tỷ lệ khen thưởng đột xuất).
    AdHocShare,
    /// Awards to persons who work directly in percent of those to persons of whom it is known (người lao động trực tiếp).
    DirectWorkerShare,
    /// Awards to persons who manage nobody in percent of those to persons of whom it is known (không giữ chức vụ lãnh đạo, quản lý).
    NonManagerShare,
    /// Distinct subjects with one of the titles in percent of a number that the plan states (tỷ lệ cá nhân, tập thể đạt danh hiệu).
    SubjectShare,
}

/// By which year awards belong to a target.
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
#[graphql(name = "AwardTargetBasis")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Basis {
    /// By the last year that the award counts.
    Counting,
    /// By the year of the decision.
    Decided,
}

/// On which side of the target the result should lie.
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
#[graphql(name = "AwardTargetComparator")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Comparator {
    /// As much or more (từ … trở lên).
    AtLeast,
    /// As much or less (không quá …).
    AtMost,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "award_target")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub unit_id: Uuid,
    pub cluster_id: Option<Uuid>,
    pub year: i32,
    pub measure: Measure,
    pub basis: Basis,
    /// Codes with a space between; empty: every title and form.
    pub award_type_codes: String,
    pub level: Option<Level>,
    pub subject_kind: Option<SubjectKind>,
    pub comparator: Comparator,
    /// In ten-thousandths.
    pub value: i64,
    pub base: Option<i32>,
    pub source: String,
    pub source_on: Date,
    /// What is measured, as one word: nobody sets two targets for the same.
    pub what: String,
    pub withdrawn_on: Option<Date>,
    pub author_id: Uuid,
    pub created_at: DateTimeUtc,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "award_target";
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
