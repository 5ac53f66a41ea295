//! Legal documents that a tenant registered: provincial regulations, working regulations.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::legal_document::Kind;
use crate::owned::{Line, Owned};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "own_document")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub number: String,
    pub kind: Kind,
    pub issuer: String,
    pub title: String,
    pub signed_on: Option<Date>,
    pub in_force_on: Option<Date>,
    pub expired_on: Option<Date>,
    pub replaces: String,
    pub author_id: Uuid,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "own_document";
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
