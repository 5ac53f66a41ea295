//! Quotas: how many of a title or form a unit may propose in a year.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::eligibility_rule::Severity;
use crate::nominee::SubjectKind;
use crate::owned::{Line, Owned};
use crate::unit;

/// What a quota is a part of.
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
#[graphql(name = "QuotaBase")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Base {
    /// A fixed number for each unit.
    Count,
    /// Those proposed as advanced labourers or soldiers by the unit in the year (số đạt Lao động tiên tiến, Chiến sĩ tiên tiến).
    Advanced,
    /// Everyone proposed in the same submission.
    Nominees,
}

/// How a share becomes a number.
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
#[graphql(name = "QuotaRounding")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Rounding {
    /// Down to the whole number below.
    Down,
    /// To the nearest whole number, halves up.
    HalfUp,
    /// Up to the whole number above.
    Up,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "quota")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub award_type_code: String,
    pub subject_kind: Option<SubjectKind>,
    pub unit_kind: Option<unit::Kind>,
    pub base: Base,
    pub share_percent: Option<i32>,
    pub most: Option<i32>,
    pub rounding: Rounding,
    pub severity: Severity,
    pub citation: String,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub author_id: Uuid,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "quota";
    const LINE: Line = Line::Tenant;

    fn owner() -> Column {
        Column::TenantId
    }

    fn id() -> Column {
        Column::Id
    }

    fn author() -> Option<Column> {
        Some(Column::AuthorId)
    }
}
