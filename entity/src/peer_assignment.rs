//! Which member scores which other member in a year.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::owned::{Line, Owned};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "peer_assignment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub cluster_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub year: i32,
    pub assessor_id: Uuid,
    pub member_id: Uuid,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "peer_assignment";
    const LINE: Line = Line::Cluster;

    fn owner() -> Column {
        Column::ClusterId
    }

    fn id() -> Column {
        Column::Id
    }

    fn member() -> Option<Column> {
        Some(Column::AssessorId)
    }
}
