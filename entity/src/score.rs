//! Scores: what was reported for one criterion of one member, by layer.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

/// Who stands behind a score.
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
#[graphql(name = "ScoreLayer")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Layer {
    /// The member itself (tự chấm).
    #[graphql(name = "SELF")]
    #[sea_orm(string_value = "OWN")]
    #[serde(rename = "OWN")]
    Own,
    /// Another member assigned to it (chấm chéo).
    Peer,
    /// The coordinator (thẩm định).
    Verified,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "score")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub cluster_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub set_id: Uuid,
    pub criterion_id: Uuid,
    pub member_id: Uuid,
    pub layer: Layer,
    pub assessor_id: Uuid,
    pub value: Option<i64>,
    pub reference: Option<i64>,
    pub is_met: Option<bool>,
    #[sea_orm(column_type = "Text", nullable)]
    pub evidence_url: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub explanation: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    // Not told in audit entries: the scorer may belong to another tenant than the reader.
    #[serde(skip)]
    pub recorded_by: Uuid,
    pub recorded_at: DateTimeUtc,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "score";
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
