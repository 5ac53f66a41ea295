//! Sessions of a council, numbered per year.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

/// Where a session stands.
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
#[graphql(name = "CouncilSessionState")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// Being prepared (chuẩn bị).
    Planned,
    /// Sitting (đang họp).
    Open,
    /// Over (đã kết thúc).
    Closed,
    /// Cancelled before it sat (đã hủy); its number stays used.
    Cancelled,
}

/// How the members come together.
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
#[graphql(name = "CouncilSessionForm")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Form {
    /// They meet (họp).
    Meeting,
    /// Each is asked for a written opinion, without a meeting (lấy ý kiến bằng văn bản).
    Consultation,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "council_session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub council_id: Uuid,
    pub year: i32,
    pub number: i32,
    pub title: String,
    pub planned_on: Date,
    pub place: Option<String>,
    pub form: Form,
    pub state: State,
    pub opened_at: Option<DateTimeUtc>,
    pub closed_at: Option<DateTimeUtc>,
    pub created_by: Uuid,
    pub version: i32,
    #[serde(default)]
    pub cancelled_at: Option<DateTimeUtc>,
    /// Why it was cancelled.
    #[serde(default)]
    pub cancel_reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "council_session";
    const LINE: Line = Line::Tenant;

    fn owner() -> Column {
        Column::TenantId
    }

    fn id() -> Column {
        Column::Id
    }

    fn author() -> Option<Column> {
        Some(Column::CreatedBy)
    }

    fn council() -> Option<Column> {
        Some(Column::CouncilId)
    }

    fn version() -> Option<Column> {
        Some(Column::Version)
    }
}
