//! Units of a tenant: a tree of any depth, dated, never deleted.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

/// What kind of unit it is.
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
#[graphql(name = "UnitKind")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// The province or body itself: the root of its tree (tỉnh).
    Province,
    /// A district (huyện); only in history, abolished on 2025-07-01.
    District,
    /// A commune (xã).
    Commune,
    /// A ward (phường).
    Ward,
    /// A special zone (đặc khu).
    SpecialZone,
    /// An office (văn phòng).
    Office,
    /// A department of the province (sở, ban, ngành).
    Department,
    /// A division inside an office or department (phòng, ban).
    Division,
    /// A centre inside an office or department (trung tâm).
    Centre,
    /// A police body (công an).
    Police,
    /// A body of the army or the border guard (quân sự, biên phòng).
    Military,
    /// An enterprise (doanh nghiệp).
    Enterprise,
    /// A mass organisation (tổ chức đoàn thể).
    MassOrganisation,
    /// A Party body (cơ quan Đảng).
    PartyBody,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "unit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub parent_id: Option<Uuid>,
    pub code: String,
    pub name: String,
    pub name_search: String,
    pub kind: Kind,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "unit";
    const LINE: Line = Line::Tenant;

    fn owner() -> Column {
        Column::TenantId
    }

    fn id() -> Column {
        Column::Id
    }

    fn unit() -> Option<Column> {
        Some(Column::Id)
    }

    fn version() -> Option<Column> {
        Some(Column::Version)
    }
}
