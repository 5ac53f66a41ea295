//! Who is voted on in a ballot, by which rule: frozen when the ballot opens.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "ballot_candidate")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub council_id: Uuid,
    pub ballot_id: Uuid,
    pub candidate_id: Uuid,
    pub position: i32,
    pub name: String,
    /// None for an initiative.
    pub award_code: Option<String>,
    pub rule: String,
    /// As the rule has it: for statements, which read no text.
    pub max_rounds: i32,
    /// Whether the rule leaves it to the one who decides once no round is left; likewise.
    pub authority_decides: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "ballot_candidate";
    const LINE: Line = Line::Tenant;

    fn owner() -> Column {
        Column::TenantId
    }

    fn id() -> Column {
        Column::Id
    }

    fn council() -> Option<Column> {
        Some(Column::CouncilId)
    }
}
