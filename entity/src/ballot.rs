//! Ballots of a session: when, by whom opened and closed, never who chose what.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ballot_rule::Secrecy;
use crate::owned::{Line, Owned};

/// Where a ballot stands.
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
#[graphql(name = "BallotState")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// Votes are taken.
    Open,
    /// The secretary has closed it: no vote is taken any more.
    Counting,
    /// The one who presides has confirmed: counted and final.
    Closed,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "ballot")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub council_id: Uuid,
    pub session_id: Uuid,
    pub item_id: Uuid,
    pub round: i32,
    pub state: State,
    pub secrecy: Secrecy,
    pub public_key: String,
    pub members: i32,
    pub recused: i32,
    pub recused_present: Option<i32>,
    pub voting: i32,
    pub cut_off_at: Option<DateTimeUtc>,
    pub opened_by: Uuid,
    pub opened_at: DateTimeUtc,
    pub closed_by: Option<Uuid>,
    pub confirmed_by: Option<Uuid>,
    pub closed_at: Option<DateTimeUtc>,
    pub reconsiders_id: Option<Uuid>,
    /// Why it is voted again.
    pub reason: Option<String>,
    /// Why it was ended although written opinions were outstanding.
    pub close_reason: Option<String>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "ballot";
    const LINE: Line = Line::Tenant;

    fn owner() -> Column {
        Column::TenantId
    }

    fn id() -> Column {
        Column::Id
    }

    fn author() -> Option<Column> {
        Some(Column::OpenedBy)
    }

    fn council() -> Option<Column> {
        Some(Column::CouncilId)
    }

    fn version() -> Option<Column> {
        Some(Column::Version)
    }
}
