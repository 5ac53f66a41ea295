//! Multipliers of bonuses that a tenant sets for titles of its own; those of the law are not touched.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::nominee::SubjectKind;
use crate::owned::{Line, Owned};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "own_bonus_rate")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub award_type_code: String,
    pub subject_kind: SubjectKind,
    /// Tenths of the base salary: 45 is 4.5 times.
    pub tenths: i32,
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
    const NAME: &'static str = "own_bonus_rate";
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
