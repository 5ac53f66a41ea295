//! Comparisons of a cluster by year: their state and, once published, the hash of their inputs.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::owned::{Line, Owned};

/// How final a comparison is.
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
#[graphql(name = "ComparisonState")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// Scores come in; members see their own.
    Open,
    /// Members see the totals and ranks of all; scores may still change.
    Provisional,
    /// Frozen; nothing changes any more and the hash of the inputs is kept.
    Published,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "comparison")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub cluster_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub year: i32,
    pub set_id: Uuid,
    pub state: State,
    #[sea_orm(column_type = "Text")]
    pub ballot: String,
    pub inputs_hash: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    pub published_at: Option<DateTimeUtc>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "comparison";
    const LINE: Line = Line::Cluster;

    fn owner() -> Column {
        Column::ClusterId
    }

    fn id() -> Column {
        Column::Id
    }

    fn version() -> Option<Column> {
        Some(Column::Version)
    }
}
