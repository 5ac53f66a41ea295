//! Awards as they stand: derived from their acts, and written with them.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::decision::Source;
use crate::nominee::SubjectKind;
use crate::owned::{Line, Owned};
use crate::subject::{LeadershipClass, Sex};
use crate::submission::CommendationType;

/// Whether an award still stands.
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
#[graphql(name = "AwardState")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// It stands (còn hiệu lực).
    Valid,
    /// The decision that gave it was cancelled (bị hủy bỏ).
    Cancelled,
    /// Its holder was stripped of it (bị tước).
    Revoked,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "award")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub unit_id: Uuid,
    pub subject_id: Option<Uuid>,
    pub subject_kind: SubjectKind,
    pub subject_name_as_recorded: String,
    pub name_search: String,
    pub sex: Option<Sex>,
    pub leadership_class: Option<LeadershipClass>,
    pub direct_worker: Option<bool>,
    pub manager: Option<bool>,
    /// Whether the collective was an enterprise at that time.
    #[serde(default)]
    pub enterprise: Option<bool>,
    pub award_type_id: Uuid,
    pub award_type_code: String,
    pub name_as_recorded: String,
    pub counting_from_year: i32,
    pub counting_to_year: i32,
    pub commendation_type: CommendationType,
    pub movement_years: Option<i32>,
    /// Day of the achievement, where those of a year are told apart.
    #[serde(default)]
    pub achieved_on: Option<Date>,
    pub field: Option<String>,
    pub issuer_name: String,
    pub issuer_tenant_id: Option<Uuid>,
    pub decision_id: Option<Uuid>,
    /// Whom a submission proposed; none for what nobody proposed, and for awards given before it was kept.
    #[serde(default)]
    pub nominee_id: Option<Uuid>,
    pub decision_label: Option<String>,
    pub decided_on: Option<Date>,
    pub bonus_raw: Option<i64>,
    pub bonus_paid: Option<i64>,
    pub source: Source,
    pub events: i32,
    pub public_code: Option<String>,
    pub state: State,
    pub created_at: DateTimeUtc,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "award";
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
