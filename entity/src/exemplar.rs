//! Exemplars (điển hình tiên tiến): whose story is to be followed.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

/// What kind of exemplar.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    EnumIter,
    DeriveActiveEnum,
    async_graphql::Enum,
    Deserialize,
    Serialize,
)]
#[graphql(name = "ExemplarKind")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// A person (cá nhân điển hình).
    Person,
    /// A collective or household (tập thể, hộ gia đình điển hình).
    Collective,
    /// A good deed (người tốt, việc tốt).
    GoodDeed,
    /// A model or way of working (mô hình, cách làm hay).
    Model,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "exemplar")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub unit_id: Uuid,
    pub kind: Kind,
    pub title: String,
    pub title_search: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub story: Option<String>,
    pub field: Option<String>,
    pub subject_id: Option<Uuid>,
    pub award_id: Option<Uuid>,
    pub movement_id: Option<Uuid>,
    pub discovered_on: Date,
    pub author_id: Uuid,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "exemplar";
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

    fn author() -> Option<Column> {
        Some(Column::AuthorId)
    }
}
