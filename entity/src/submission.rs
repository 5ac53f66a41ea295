//! Submissions (hồ sơ đề nghị khen thưởng): from a unit to the council office of its tenant.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

/// Where a submission stands in its workflow.
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
#[graphql(name = "SubmissionState")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// Being written by the unit (đang soạn).
    Draft,
    /// Sent to the council office (đã gửi).
    Sent,
    /// Received by the council office (đã tiếp nhận).
    Received,
    /// Returned with a reason; the unit may change it and send it again (trả lại).
    Returned,
    /// Appraised by the standing agency (đã thẩm định).
    Appraised,
    /// Approved by the chair (đã phê duyệt).
    Approved,
    /// Rejected with a reason (từ chối).
    Rejected,
    /// Taken back by the unit before it was received; may be changed and sent again (thu hồi).
    Recalled,
}

/// The type of commendation (Luật 06/2022/QH15, Điều 8).
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
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CommendationType {
    /// For merit (công trạng).
    Merit,
    /// For a sudden achievement (đột xuất).
    AdHoc,
    /// In an emulation movement (phong trào thi đua).
    Movement,
    /// For a period of contribution (quá trình cống hiến).
    Contribution,
    /// For length of service (niên hạn).
    ServiceLength,
    /// For external relations (đối ngoại).
    External,
    /// For achievements in the resistance (thành tích kháng chiến).
    Resistance,
}

/// Stands for no day, behind all days: the order of a page knows no null.
pub const NO_DAY: Date = match Date::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => Date::MAX,
};

/// Answers kept before there was a day have none.
const fn no_day() -> Date {
    NO_DAY
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "submission")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub unit_id: Uuid,
    pub number: i32,
    pub title: String,
    pub title_search: String,
    pub year: i32,
    pub period_from: Option<Date>,
    pub period_to: Option<Date>,
    pub commendation_type: CommendationType,
    pub state: State,
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    pub author_id: Uuid,
    pub decided_by: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub sent_at: Option<DateTimeUtc>,
    pub decided_at: Option<DateTimeUtc>,
    /// Since when it waits for its next step; null once it is rejected, or approved and answered.
    pub waiting_since: Option<DateTimeUtc>,
    /// The last day of the step for which it waits; [`NO_DAY`] where nothing says how long that may take.
    #[serde(default = "no_day")]
    pub due_on: Date,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "submission";
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

    fn version() -> Option<Column> {
        Some(Column::Version)
    }
}
