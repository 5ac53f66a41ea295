//! The outbox of rights taken back: a newer version of a user's rights, or a session that ended. It has no
//! owner: it holds ids only, every node reads it whole for every tenant, and nothing of it is shown.

use sea_orm::entity::prelude::*;
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "revocation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub position: i64,
    pub at: DateTimeUtc,
    pub user_id: Uuid,
    pub family_id: Option<Uuid>,
    pub authorisation: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
