//! Rules of eligibility that a tenant added; they hold beside those of the law.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::eligibility_rule::Severity;
use crate::nominee::SubjectKind;
use crate::owned::{Line, Owned};
use crate::submission::CommendationType;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "own_rule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub award_type_code: Option<String>,
    pub subject_kind: Option<SubjectKind>,
    pub commendation_type: Option<CommendationType>,
    pub name_vi: String,
    pub name_en: String,
    pub tree: String,
    pub citation: String,
    pub severity: Severity,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub author_id: Uuid,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "own_rule";
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
