//! Nominees of a submission.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

/// Who can be commended (Luật 06/2022/QH15, Điều 6): the kind of a subject. To whom a title can be given says
/// `AwardSubject`, with the same three values and foreigners.
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
pub enum SubjectKind {
    /// A person (cá nhân).
    Individual,
    /// A collective (tập thể).
    Collective,
    /// A household (hộ gia đình).
    Household,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "nominee")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub submission_id: Uuid,
    pub unit_id: Uuid,
    pub position: i32,
    pub kind: SubjectKind,
    pub name: String,
    pub post: Option<String>,
    pub award_type_id: Uuid,
    #[sea_orm(column_type = "Text", nullable)]
    pub achievement: Option<String>,
    pub version: i32,
    /// The subject whose record is read; none for a name that was only written down.
    #[serde(default)]
    pub subject_id: Option<Uuid>,
    /// Day of the achievement, where those of a year are told apart.
    #[serde(default)]
    pub achieved_on: Option<Date>,
    /// First year of the achievements that count; none: the year of the submission alone.
    #[serde(default)]
    pub counting_from: Option<i32>,
    /// Field of activity of the achievements.
    #[serde(default)]
    pub field: Option<String>,
    /// Answers kept before there was one have none; it is never shown.
    #[serde(default)]
    pub name_search: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "nominee";
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
