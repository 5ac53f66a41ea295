//! Acts of the registry: written once, never changed; what an award is follows from them.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::award_proposal::Ground;
use crate::decision::Kind;
use crate::owned::{Line, Owned};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "award_act")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub award_id: Uuid,
    pub unit_id: Uuid,
    pub sequence: i32,
    pub kind: Kind,
    pub decision_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// Of a cancellation.
    #[serde(default)]
    pub ground: Option<Ground>,
    #[sea_orm(column_type = "Text")]
    pub changes: String,
    pub proposed_by: Option<Uuid>,
    pub proposed_by_name: Option<String>,
    pub actor_id: Uuid,
    pub actor_name: String,
    pub at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "award_act";
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
