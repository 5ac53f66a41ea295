//! Decisions of commendation (quyết định): numbered, dated, never changed.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

/// What a decision, or an act of the registry, does to awards.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    async_graphql::Enum,
    Deserialize,
    Serialize,
)]
#[graphql(name = "AwardActKind")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// Gives them (tặng, công nhận).
    Award,
    /// Corrects what was recorded (đính chính).
    Correct,
    /// Cancels the decision that gave them (hủy bỏ; Luật 06/2022/QH15, Điều 93.2).
    Cancel,
    /// Strips the holder of them (tước; Điều 93.3).
    Revoke,
    /// Gives them back (phục hồi; Điều 93.6).
    Restore,
    /// Issues the certificate again (cấp lại, cấp đổi).
    Reissue,
}

/// Where a decision or an award comes from.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    async_graphql::Enum,
    Deserialize,
    Serialize,
)]
#[graphql(name = "AwardSource")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Source {
    /// It was decided in this system.
    Decision,
    /// It was taken over from older records.
    Import,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "decision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub unit_id: Uuid,
    pub kind: Kind,
    pub issuer: Option<String>,
    pub issuer_key: String,
    pub issuer_name: String,
    pub issuer_tenant_id: Option<Uuid>,
    pub number: Option<i32>,
    pub symbol: String,
    pub symbol_key: String,
    pub year: i32,
    pub decided_on: Date,
    pub signer_post: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub legal_basis: String,
    pub source: Source,
    pub recorded_by: Uuid,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "decision";
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

    fn author() -> Option<Column> {
        Some(Column::RecordedBy)
    }
}
