//! Opinions that were asked for about a subject, and their answers.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

/// Who is asked for an opinion.
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
#[graphql(name = "ClearanceSource")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Source {
    /// Police (công an).
    Police,
    /// Tax office (thuế).
    Tax,
    /// Social insurance (bảo hiểm xã hội).
    SocialInsurance,
    /// Inspectorate (thanh tra).
    Inspectorate,
    /// Environment (nông nghiệp và môi trường).
    Environment,
    /// Health and food safety (y tế).
    Health,
    /// Home affairs (nội vụ).
    HomeAffairs,
    /// Party committee (cấp ủy).
    PartyCommittee,
    /// A council of emulation and commendation (hội đồng thi đua - khen thưởng).
    Council,
    /// The body that manages the subject (cơ quan quản lý).
    ManagingBody,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "clearance")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub subject_id: Uuid,
    pub unit_id: Uuid,
    pub year: i32,
    pub source: Source,
    pub award_type_code: Option<String>,
    pub question: Option<String>,
    pub asked_on: Date,
    pub answered_on: Option<Date>,
    pub answered_by: Option<String>,
    pub finding: Option<String>,
    pub is_blocking: Option<bool>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "clearance";
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

    fn subject() -> Option<Column> {
        Some(Column::SubjectId)
    }

    fn version() -> Option<Column> {
        Some(Column::Version)
    }
}
