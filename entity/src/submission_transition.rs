//! Steps a submission went through; written once.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::owned::{Line, Owned};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "submission_transition")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub submission_id: Uuid,
    pub unit_id: Uuid,
    pub action: String,
    pub from_state: super::submission::State,
    pub to_state: super::submission::State,
    pub actor_id: Uuid,
    pub actor_name: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    pub at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "submission_transition";
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
