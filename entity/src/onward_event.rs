//! What became of a proposal to an authority above the tenant; written once by either side.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

/// What happened to a package.
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
#[graphql(name = "OnwardEventKind")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// Sent to the addressee (gửi).
    Sent,
    /// Received by the addressee (tiếp nhận).
    Received,
    /// Being appraised (đang thẩm định).
    UnderAppraisal,
    /// Returned with a reason (trả lại).
    Returned,
    /// Decided: at least one is commended (đã quyết định khen thưởng).
    Awarded,
    /// Decided: nobody is commended (không khen thưởng).
    Refused,
    /// The awards are in the registry of the sender (đã ghi sổ khen thưởng).
    Registered,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "onward_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub onward_id: Uuid,
    pub package_id: Uuid,
    pub number: i32,
    pub addressee_tenant_id: Option<Uuid>,
    pub kind: Kind,
    pub reason: Option<String>,
    pub by_tenant_id: Uuid,
    pub actor_name: String,
    pub decision_number: Option<i32>,
    pub decision_symbol: Option<String>,
    pub decided_on: Option<Date>,
    pub signer_post: Option<String>,
    pub issuer: Option<String>,
    pub issuer_name: Option<String>,
    pub decision_id: Option<Uuid>,
    pub at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "onward_event";
    const LINE: Line = Line::Tenant;

    fn owner() -> Column {
        Column::TenantId
    }

    fn id() -> Column {
        Column::Id
    }

    fn addressee() -> Option<Column> {
        Some(Column::AddresseeTenantId)
    }
}
