//! Items of the agenda of a session.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

/// What an item of the agenda is.
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
#[graphql(name = "AgendaItemKind")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// A report is heard (báo cáo).
    Report,
    /// A document is adopted (thông qua văn bản).
    Document,
    /// A list of nominees is considered (xét khen thưởng).
    AwardList,
    /// A list of initiatives is considered by a council of initiatives (xét công nhận sáng kiến).
    InitiativeList,
    /// Something else.
    Other,
}

/// How an item of the agenda ended.
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
#[graphql(name = "AgendaItemOutcome")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// Heard and noted.
    Noted,
    /// Adopted.
    Adopted,
    /// Not adopted.
    Rejected,
    /// Put off to another session.
    Deferred,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "agenda_item")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub council_id: Uuid,
    pub session_id: Uuid,
    pub position: i32,
    pub kind: Kind,
    pub title: String,
    pub places: Option<i32>,
    pub outcome: Option<Outcome>,
    pub conclusion: Option<String>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "agenda_item";
    const LINE: Line = Line::Tenant;

    fn owner() -> Column {
        Column::TenantId
    }

    fn id() -> Column {
        Column::Id
    }

    fn council() -> Option<Column> {
        Some(Column::CouncilId)
    }

    fn version() -> Option<Column> {
        Some(Column::Version)
    }
}
