//! To which unit a subject belonged, and when.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "subject_membership")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub subject_id: Uuid,
    pub unit_id: Uuid,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "subject_membership";
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

    fn version() -> Option<Column> {
        Some(Column::Version)
    }
}
