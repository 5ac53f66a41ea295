//! What was done with the story of an exemplar, step by step; written once.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

/// The four stages of an exemplar, in their order.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    EnumIter,
    DeriveActiveEnum,
    async_graphql::Enum,
    Deserialize,
    Serialize,
)]
#[graphql(name = "ExemplarStage")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Stage {
    /// Found (phát hiện).
    Discovered,
    /// Someone takes care of it, by a plan (bồi dưỡng).
    Coached,
    /// Looked back at (tổng kết).
    Reviewed,
    /// Taken over by a unit (nhân rộng).
    Spread,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "exemplar_step")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub exemplar_id: Uuid,
    pub unit_id: Uuid,
    /// That of the exemplar, so that steps are counted by it.
    pub field: Option<String>,
    pub sequence: i32,
    pub stage: Stage,
    pub on_day: Date,
    pub owner: Option<String>,
    pub plan: Option<String>,
    pub note: Option<String>,
    pub spread_to_id: Option<Uuid>,
    pub actor_id: Uuid,
    pub actor_name: String,
    pub at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "exemplar_step";
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
        Some(Column::ActorId)
    }
}
