//! Who is considered under an item of the agenda, for which title; or which initiative.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "candidate")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub council_id: Uuid,
    pub item_id: Uuid,
    pub position: i32,
    pub nominee_id: Option<Uuid>,
    pub unit_id: Option<Uuid>,
    pub author_id: Option<Uuid>,
    pub name: String,
    pub identity: Option<String>,
    /// The title or form; none for an initiative.
    pub award_type_id: Option<Uuid>,
    pub award_code: Option<String>,
    pub downgraded_from: Option<Uuid>,
    pub reason: Option<String>,
    /// The initiative that is to be recognised; none for a nominee.
    #[serde(default)]
    pub proposal_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "candidate";
    const LINE: Line = Line::Tenant;

    fn owner() -> Column {
        Column::TenantId
    }

    fn id() -> Column {
        Column::Id
    }

    fn council() -> Option<Column> {
        Some(Column::CouncilId)
    }
}
