//! Proposals of a tenant to an authority above it; the package that is sent has a table of its own.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "onward")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub number: i32,
    pub year: i32,
    pub title: String,
    pub authority: String,
    pub addressee_tenant_id: Option<Uuid>,
    pub addressee_name: String,
    pub note: Option<String>,
    pub author_id: Uuid,
    pub packages: i32,
    pub created_at: DateTimeUtc,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "onward";
    const LINE: Line = Line::Tenant;

    fn owner() -> Column {
        Column::TenantId
    }

    fn id() -> Column {
        Column::Id
    }

    fn author() -> Option<Column> {
        Some(Column::AuthorId)
    }

    fn version() -> Option<Column> {
        Some(Column::Version)
    }
}
