//! Numbers of which quotas are shares, recorded for a unit and a year; the last one counts.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::nominee::SubjectKind;
use crate::owned::{Line, Owned};
use crate::quota::Base;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "quota_basis")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub unit_id: Uuid,
    pub year: i32,
    pub base: Base,
    pub subject_kind: Option<SubjectKind>,
    pub number: i32,
    pub source: String,
    pub author_id: Uuid,
    pub author_name: String,
    pub at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "quota_basis";
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
