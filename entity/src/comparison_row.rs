//! Places of a published comparison.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::owned::{Line, Owned};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "comparison_row")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub cluster_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub comparison_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: Uuid,
    pub unit_id: Option<Uuid>,
    pub year: i32,
    pub rank: Option<i32>,
    pub total: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "comparison_row";
    const LINE: Line = Line::Cluster;

    fn owner() -> Column {
        Column::ClusterId
    }

    fn id() -> Column {
        Column::MemberId
    }

    fn member() -> Option<Column> {
        Some(Column::MemberId)
    }
}
