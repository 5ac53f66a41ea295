//! Codes under which a tenant is or was known; a bare code needs a date.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::owned::Shared;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "tenant_code")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub scheme: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub tenant_id: Uuid,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Shared for Entity {
    const NAME: &'static str = "tenant_code";

    fn id() -> Column {
        Column::Code
    }
}
