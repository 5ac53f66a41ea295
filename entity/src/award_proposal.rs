//! Proposals to cancel, revoke or restore an award, which another person confirms.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::decision::Kind;
use crate::owned::{Line, Owned};

/// What became of a proposal to cancel, revoke or restore an award. `Award.proposal` shows it while it is `OPEN`.
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
#[graphql(name = "AwardProposalState")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// It waits for another person to confirm it.
    Open,
    /// Another person confirmed it: the act stands among `Award.acts`.
    Confirmed,
    /// A later proposal took its place before anybody confirmed it.
    Superseded,
}

/// Why an award is cancelled (Luật 06/2022/QH15, Điều 93 khoản 2); each has its dated row of data.
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
#[graphql(name = "AwardCancelGround")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Ground {
    /// Achievements were declared fraudulently (gian dối trong kê khai công trạng, thành tích).
    Fraud,
    /// Wrong information was given, or papers were forged (thông tin sai sự thật, làm giả hồ sơ, giấy tờ).
    ForgedPapers,
    /// It was appraised, considered or proposed against the law (thẩm định, xét duyệt, đề nghị trái quy định).
    UnlawfulAppraisal,
    /// A later finding breaks the standard in the period that was counted (có kết luận vi phạm không bảo đảm tiêu chuẩn).
    LaterFinding,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "award_proposal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub award_id: Uuid,
    pub unit_id: Uuid,
    pub kind: Kind,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// Of a cancellation; none for what was proposed before grounds were asked for.
    #[serde(default)]
    pub ground: Option<Ground>,
    pub state: State,
    pub proposed_by: Uuid,
    pub proposed_by_name: String,
    pub proposed_at: DateTimeUtc,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "award_proposal";
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
        Some(Column::ProposedBy)
    }

    fn version() -> Option<Column> {
        Some(Column::Version)
    }
}
