//! Totals of awards: one row for every combination that occurs, for the unit itself and for each unit above it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::nominee::SubjectKind;
use crate::owned::{Line, Owned};
use crate::subject::{LeadershipClass, Sex};
use crate::submission::CommendationType;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "award_cell")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub unit_id: Uuid,
    pub is_subtree: bool,
    pub award_type_id: Uuid,
    pub subject_kind: SubjectKind,
    pub commendation_type: CommendationType,
    pub counting_from_year: i32,
    pub counting_to_year: i32,
    pub decided_year: Option<i32>,
    pub issuer_tenant_id: Option<Uuid>,
    pub sex: Option<Sex>,
    pub leadership_class: Option<LeadershipClass>,
    pub direct_worker: Option<bool>,
    pub manager: Option<bool>,
    pub enterprise: Option<bool>,
    pub field: Option<String>,
    pub events: i64,
    /// Events whose subject is not known by name.
    pub unnamed: i64,
    /// The numbers of the subjects, as a compressed set.
    pub subjects: Vec<u8>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "award_cell";
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

    fn version() -> Option<Column> {
        Some(Column::Version)
    }
}
