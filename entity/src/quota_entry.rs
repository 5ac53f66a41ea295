//! What submissions take of quotas: reserved when sent; at the decision, what is given is consumed and the rest released.
//! What is cancelled later comes back by an entry of its own.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

/// What became of it.
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
#[graphql(name = "QuotaEntryState")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// Sent and not decided yet.
    Reserved,
    /// Given by a decision.
    Consumed,
    /// Taken back, returned or rejected, or not given by the decision.
    Released,
    /// Come back of what was consumed: the award was cancelled.
    Returned,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "quota_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub quota_id: Uuid,
    pub unit_id: Uuid,
    pub year: i32,
    /// The submission that asked; none where a decision gave without one.
    pub submission_id: Option<Uuid>,
    pub amount: i32,
    pub state: State,
    pub version: i32,
    /// The decision that used it up or gave it back; of what came back later, the one that cancelled or restored the award.
    pub decision_id: Option<Uuid>,
    /// When it was written last; entries from before times were kept have none.
    pub at: Option<DateTimeUtc>,
    /// The award that was cancelled, or restored after that; none for everything else.
    #[serde(default)]
    pub award_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "quota_entry";
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

    fn version() -> Option<Column> {
        Some(Column::Version)
    }
}
