//! Which tenant continues which, and since when.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::owned::Shared;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "tenant_lineage")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub predecessor_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub successor_id: Uuid,
    pub effective_on: Date,
    pub citation: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Shared for Entity {
    const NAME: &'static str = "tenant_lineage";

    fn id() -> Column {
        Column::SuccessorId
    }
}
