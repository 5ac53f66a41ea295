//! Packages as they were sent to an authority above the tenant; written once, read by the addressee too.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "onward_package")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub onward_id: Uuid,
    pub number: i32,
    pub addressee_tenant_id: Option<Uuid>,
    pub addressee_name: String,
    pub authority: String,
    pub title: String,
    pub letter_number: String,
    pub letter_date: Date,
    #[sea_orm(column_type = "Text")]
    pub content: String,
    pub sha256: String,
    pub sent_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "onward_package";
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
