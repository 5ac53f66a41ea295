//! Multipliers of bonuses (mức tiền thưởng): tenths of the base salary for each title and form, dated.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::eligibility_rule::Confidence;
use crate::nominee::SubjectKind;
use crate::owned::Shared;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "bonus_rate")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub award_type_code: String,
    pub subject_kind: SubjectKind,
    /// Tenths of the base salary: 45 is 4.5 times.
    pub tenths: i32,
    pub citation: String,
    pub confidence: Confidence,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Shared for Entity {
    const NAME: &'static str = "bonus_rate";

    fn id() -> Column {
        Column::Id
    }
}
