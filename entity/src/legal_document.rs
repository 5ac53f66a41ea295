//! Legal documents of the state, the same for all tenants.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::eligibility_rule::Confidence;
use crate::owned::Shared;

/// What kind of document it is.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    EnumIter,
    DeriveActiveEnum,
    async_graphql::Enum,
    Deserialize,
    Serialize,
)]
#[graphql(name = "LegalDocumentKind")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// Law or resolution of the National Assembly (luật, nghị quyết của Quốc hội).
    Law,
    /// Decree of the Government (nghị định).
    Decree,
    /// Circular of a ministry (thông tư).
    Circular,
    /// Directive of the Party (chỉ thị).
    Directive,
    /// Decision (quyết định).
    Decision,
    /// Guidance or official letter (hướng dẫn, công văn).
    Guidance,
    /// Plan (kế hoạch).
    Plan,
    /// Regulation, such as the working regulation of a council (quy chế, quy định).
    Regulation,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "legal_document")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub number: String,
    pub kind: Kind,
    pub issuer: String,
    pub title: String,
    pub signed_on: Option<Date>,
    pub in_force_on: Option<Date>,
    pub expired_on: Option<Date>,
    pub replaces: String,
    pub confidence: Confidence,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Shared for Entity {
    const NAME: &'static str = "legal_document";

    fn id() -> Column {
        Column::Id
    }
}
