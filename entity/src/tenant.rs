//! Tenants: the Central council, provinces, ministries; their identity is public to every signed-in caller.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::owned::Shared;

/// What kind of body a tenant is.
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
    Serialize,
)]
#[graphql(name = "TenantKind")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// The Central council's office (Hội đồng Thi đua - Khen thưởng Trung ương).
    Central,
    /// A province (tỉnh).
    Province,
    /// A city run by the centre (thành phố trực thuộc trung ương).
    City,
    /// A ministry or body of that rank (bộ, ban, ngành).
    Ministry,
    /// Another central body (cơ quan trung ương).
    CentralBody,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "tenant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub code: String,
    pub code_scheme: String,
    pub slug: String,
    pub name: String,
    pub kind: Kind,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Shared for Entity {
    const NAME: &'static str = "tenant";

    fn id() -> Column {
        Column::Id
    }
}
