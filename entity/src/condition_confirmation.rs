//! What a person said of a condition that nothing recorded answers (xác nhận điều kiện); written once, a later row
//! stands before an earlier one.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};
use crate::role_grant::Role;
use crate::submission::CommendationType;

/// What was said of a condition.
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
#[graphql(name = "ConditionAnswer")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Said {
    /// It holds (đạt).
    Holds,
    /// It does not hold (không đạt).
    DoesNotHold,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "condition_confirmation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub submission_id: Uuid,
    pub unit_id: Uuid,
    pub subject_id: Uuid,
    pub nominee_id: Uuid,
    pub nominee_name: String,
    pub award_type_code: String,
    pub year: i32,
    pub commendation_type: CommendationType,
    /// Day of the achievement, where those of a year are told apart.
    pub achieved_on: Option<Date>,
    pub rule_id: Uuid,
    /// The condition within its rule.
    pub condition_key: String,
    /// The condition as it was worded then.
    #[sea_orm(column_type = "Text")]
    pub words_vi: String,
    #[sea_orm(column_type = "Text")]
    pub words_en: String,
    pub citation: String,
    pub answer: Said,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub document_id: Option<Uuid>,
    /// The document as it was then: it may be taken off later.
    pub document_title: Option<String>,
    pub document_hash: Option<String>,
    pub actor_id: Uuid,
    pub actor_name: String,
    pub actor_role: Role,
    pub at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "condition_confirmation";
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

    fn subject() -> Option<Column> {
        Some(Column::SubjectId)
    }

    fn author() -> Option<Column> {
        Some(Column::ActorId)
    }
}
