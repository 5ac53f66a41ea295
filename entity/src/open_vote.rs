//! Votes by show of hands: who chose what; of secret ballots there are none.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ballot_rule::Secrecy;
use crate::owned::{Line, Owned};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "open_vote")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub ballot_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seat_id: Uuid,
    pub council_id: Uuid,
    /// That of the ballot, which the database compares: [`Secrecy::Open`].
    pub secrecy: Secrecy,
    /// One letter for each nominee, in the order of the ballot.
    pub choices: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "open_vote";
    const LINE: Line = Line::Tenant;

    fn owner() -> Column {
        Column::TenantId
    }

    fn id() -> Column {
        Column::SeatId
    }

    fn council() -> Option<Column> {
        Some(Column::CouncilId)
    }
}
