//! Who is invited to a session, who came, who was represented, who wrote.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

/// What became of an invitation.
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
#[graphql(name = "InvitationState")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Invitation {
    /// Sent.
    Sent,
    /// The member will come.
    Accepted,
    /// The member cannot come.
    Declined,
    /// The session was cancelled.
    Withdrawn,
}

/// Whether a member takes part.
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
#[graphql(name = "SessionPresence")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Presence {
    /// Not known yet.
    Expected,
    /// Present, in person or by a substitute.
    Present,
    /// Absent, with a written opinion.
    Written,
    /// Absent.
    Absent,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "session_seat")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub council_id: Uuid,
    pub session_id: Uuid,
    pub seat_id: Uuid,
    pub position: i32,
    pub name: String,
    pub votes: bool,
    pub invitation: Invitation,
    pub presence: Presence,
    pub on_paper: bool,
    pub substitute_id: Option<Uuid>,
    pub substitute_name: Option<String>,
    pub mandate: Option<String>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "session_seat";
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
