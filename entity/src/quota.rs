//! Quotas: how many of a title or form a unit may propose in a year.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::eligibility_rule::Severity;
use crate::nominee::SubjectKind;
use crate::owned::{Line, Owned};
use crate::submission::CommendationType;
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
    /// Advanced labourers and soldiers of the unit in the year, proposed or in the registry, each counted once (số đạt
    /// Lao động tiên tiến, Chiến sĩ tiên tiến).
    Advanced,
    /// Everyone whom the unit proposes for the year, of the kind of subject that the quota is for.
    Nominees,
    /// The staff of the unit (biên chế): as recorded for the year, or the members of the unit itself in its record of the
    /// year.
    Staff,
    /// The departments of the unit (phòng, ban): as recorded for the year, or its units one step below that stand.
    Departments,
    /// Those who took part directly in the movements of the year (tham gia trực tiếp phong trào), of the kind of subject
    /// that the quota is for: as recorded for the year.
    Participants,
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
    pub commendation_type: Option<CommendationType>,
    pub unit_kind: Option<unit::Kind>,
    /// The one unit it is for; none where it is for every one of the kind.
    #[serde(default)]
    pub unit_id: Option<Uuid>,
    pub base: Base,
    pub share_percent: Option<i32>,
    pub most: Option<i32>,
    pub rounding: Rounding,
    pub severity: Severity,
    pub citation: String,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub author_id: Uuid,
    pub version: i32,
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
    fn version() -> Option<Column> {
        Some(Column::Version)
    }
}
