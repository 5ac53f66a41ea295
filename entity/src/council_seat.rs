//! Seats of a council: they belong to posts, not to persons.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

/// What a seat is in its council.
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
#[graphql(name = "SeatRole")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Chair (Chủ tịch Hội đồng).
    Chair,
    /// First vice chair (Phó Chủ tịch thứ nhất).
    FirstVice,
    /// Standing vice chair (Phó Chủ tịch thường trực).
    StandingVice,
    /// Vice chair (Phó Chủ tịch).
    Vice,
    /// Standing member (Ủy viên thường trực).
    StandingMember,
    /// Member (Ủy viên).
    Member,
    /// Member and secretary (Ủy viên kiêm thư ký).
    MemberSecretary,
    /// Assistant (Tổ giúp việc); has no vote.
    Assistant,
    /// Guest (khách mời): invited and heard; has no vote and counts for no quorum.
    Guest,
}

impl Role {
    /// Whether the seat votes, and counts among the members of the council.
    #[must_use]
    pub const fn votes(self) -> bool {
        !matches!(self, Self::Assistant | Self::Guest)
    }

    /// Whether the seat may preside: it confirms what the secretary has closed.
    #[must_use]
    pub const fn presides(self) -> bool {
        matches!(self, Self::Chair | Self::FirstVice | Self::StandingVice | Self::Vice)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "council_seat")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub council_id: Uuid,
    pub position: i32,
    pub post_title: String,
    pub organisation: String,
    pub unit_id: Option<Uuid>,
    pub role: Role,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "council_seat";
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
