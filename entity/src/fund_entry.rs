//! The fund of commendation (quỹ thi đua, khen thưởng): what comes in and goes out.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

/// In or out.
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
#[graphql(name = "FundDirection")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Direction {
    /// It comes in (thu).
    In,
    /// It goes out (chi).
    Out,
}

/// What it comes from, or goes to.
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
#[graphql(name = "FundPurpose")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Purpose {
    /// In: from the budget (dự toán ngân sách).
    Allocation,
    /// In: from persons and organisations (đóng góp).
    Contribution,
    /// In: the bonus of an award that was cancelled or revoked (thu hồi).
    Recovery,
    /// Out: the bonuses of a decision (tiền thưởng).
    Bonus,
    /// Out: the bonus of an award that was given back after its bonus had been recovered, or after its decision was paid
    /// without it (chi trả lại).
    Repayment,
    /// Out: flags, frames, certificates, meetings (tổ chức thực hiện).
    Organising,
    /// Anything else (khác).
    Other,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "fund_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub unit_id: Uuid,
    pub year: i32,
    pub direction: Direction,
    pub purpose: Purpose,
    /// In đồng.
    pub amount: i64,
    pub on_day: Date,
    pub decision_id: Option<Uuid>,
    pub award_id: Option<Uuid>,
    pub repaid_award: Option<Uuid>,
    pub note: Option<String>,
    pub author_id: Uuid,
    pub author_name: String,
    pub at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "fund_entry";
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
        Some(Column::AuthorId)
    }
}
