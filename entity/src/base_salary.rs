//! The base salary of the state (mức lương cơ sở): a dated series.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::Shared;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "base_salary")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// In đồng.
    pub amount: i64,
    pub citation: String,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Shared for Entity {
    const NAME: &'static str = "base_salary";

    fn id() -> Column {
        Column::Id
    }
}
