//! Counts of paper ballots, as one person has counted them.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "paper_count")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub council_id: Uuid,
    pub ballot_id: Uuid,
    pub entered_by: Uuid,
    pub issued: i32,
    pub returned: i32,
    pub missing: i32,
    // None of these in audit entries: where one member votes on paper they are his vote, and entries are read before the
    // ballot is closed.
    #[serde(skip)]
    pub valid: i32,
    #[serde(skip)]
    pub invalid: i32,
    #[serde(skip)]
    pub votes: String,
    pub entered_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "paper_count";
    const LINE: Line = Line::Tenant;

    fn owner() -> Column {
        Column::TenantId
    }

    fn id() -> Column {
        Column::Id
    }

    fn author() -> Option<Column> {
        Some(Column::EnteredBy)
    }

    fn council() -> Option<Column> {
        Some(Column::CouncilId)
    }
}
