//! Head and deputies of a cluster by year: they are members.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

/// The place a member holds in the leadership of a cluster.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    EnumIter,
    DeriveActiveEnum,
    async_graphql::Enum,
    Deserialize,
    Serialize,
)]
#[graphql(name = "ClusterPosition")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Position {
    /// Head of the cluster or bloc (Cụm trưởng, Khối trưởng).
    Head,
    /// Deputy head (Cụm phó, Khối phó).
    Deputy,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "cluster_head")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub cluster_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub year: i32,
    pub member_id: Uuid,
    pub position: Position,
    pub ended_at: Option<DateTimeUtc>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "cluster_head";
    const LINE: Line = Line::Cluster;

    fn owner() -> Column {
        Column::ClusterId
    }

    fn id() -> Column {
        Column::Id
    }

    fn member() -> Option<Column> {
        Some(Column::MemberId)
    }

    fn version() -> Option<Column> {
        Some(Column::Version)
    }
}
