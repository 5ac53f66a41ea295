//! What the law said of one nominee at a step.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "appraisal_finding")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub appraisal_id: Uuid,
    pub unit_id: Uuid,
    pub position: i32,
    pub nominee_id: Uuid,
    pub nominee_name: String,
    pub subject_id: Option<Uuid>,
    pub award_type_code: String,
    pub verdict: String,
    /// The day whose rules applied; none for a name that was only written down.
    pub rules_of: Option<Date>,
    /// What came of each rule, with the facts.
    #[sea_orm(column_type = "Text")]
    pub outcomes: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "appraisal_finding";
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
}
