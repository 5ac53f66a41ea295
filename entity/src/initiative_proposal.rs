//! Initiatives that are proposed, and what became of them.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::initiative::{Kind, Scope};
use crate::owned::{Line, Owned};

/// Where a proposal to recognise an initiative stands.
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
#[graphql(name = "InitiativeProposalState")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// Proposed (đề nghị công nhận).
    Proposed,
    /// Taken back by those who proposed it.
    Withdrawn,
    /// Recognised after the council's vote (được công nhận).
    Recognised,
    /// Not recognised (không được công nhận).
    Refused,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "initiative_proposal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub unit_id: Uuid,
    /// The council on whose agenda it is; none before.
    pub council_id: Option<Uuid>,
    pub title: String,
    pub title_search: String,
    pub kind: Kind,
    pub scope: Scope,
    #[sea_orm(column_type = "Text")]
    pub description: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub evidence: Option<String>,
    /// One a line, as they were when it was proposed.
    #[sea_orm(column_type = "Text")]
    pub author_names: String,
    pub state: State,
    pub proposed_on: Date,
    /// The user who has written it down.
    pub author_id: Uuid,
    pub decision: Option<String>,
    pub initiative_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "initiative_proposal";
    const LINE: Line = Line::Tenant;

    fn owner() -> Column {
        Column::TenantId
    }

    fn id() -> Column {
        Column::Id
    }

    fn unit() -> Option<Column> {
        Some(Column::UnitId)
    }

    fn council() -> Option<Column> {
        Some(Column::CouncilId)
    }

    fn author() -> Option<Column> {
        Some(Column::AuthorId)
    }

    fn version() -> Option<Column> {
        Some(Column::Version)
    }
}
