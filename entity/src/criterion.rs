//! Criteria of a set: a tree; points are counted in ten-thousandths.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::owned::{Line, Owned};

/// Whether a self score needs a link to evidence.
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
    Serialize,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Evidence {
    /// A link or an explanation must be given.
    Required,
    /// Evidence may be given.
    Optional,
}

/// Who gives the first score of a criterion.
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
    Serialize,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Scorer {
    /// The member itself (tự chấm).
    #[graphql(name = "SELF")]
    #[sea_orm(string_value = "OWN")]
    #[serde(rename = "OWN")]
    SelfScore,
    /// Assigned members (chấm chéo).
    Peer,
    /// The coordinator of the cluster.
    Coordinator,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "criterion")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub cluster_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub set_id: Uuid,
    pub parent_id: Option<Uuid>,
    pub code: String,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    pub position: i32,
    pub max_points: i64,
    pub kind: String,
    #[sea_orm(column_type = "Text")]
    pub parameters: String,
    pub unit: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub data_source: Option<String>,
    pub evidence: Evidence,
    pub scorer: Scorer,
    pub due_on: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "criterion";
    const LINE: Line = Line::Cluster;

    fn owner() -> Column {
        Column::ClusterId
    }

    fn id() -> Column {
        Column::Id
    }
}
