//! Complete subtrees of the tree over all audit entries; those of level 0 are the leaves, in order. Nobody
//! owns them: one tree stands over all tenants, and a hash of a salted entry tells nothing.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_node")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub level: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub place: i64,
    pub hash: Vec<u8>,
    /// The entry of a leaf; none above.
    pub event_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
