//! Rules of eligibility of the law: trees of conditions, dated and cited.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::nominee::SubjectKind;
use crate::owned::Shared;
use crate::submission::CommendationType;

/// How a rule goes together with the others of the same title or form.
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
#[graphql(name = "EligibilityRulePart")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Part {
    /// One of several ways to qualify; one is enough.
    Branch,
    /// Must hold beside every other one.
    Condition,
}

/// What a rule that does not hold does.
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
#[graphql(name = "EligibilitySeverity")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Severity {
    /// It stands against the proposal.
    Block,
    /// It is shown, and decides nothing.
    Warn,
}

/// How well the wording behind a row is established.
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
#[graphql(name = "SourceConfidence")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Confidence {
    /// Read in a published text.
    Sourced,
    /// Written down from knowledge of the law; nobody has compared it with the published text.
    Memory,
    /// Doubtful, or read in a report only.
    Unsure,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "eligibility_rule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub code: String,
    pub award_type_code: Option<String>,
    pub subject_kind: Option<SubjectKind>,
    pub commendation_type: Option<CommendationType>,
    pub part: Part,
    pub name_vi: String,
    pub name_en: String,
    pub tree: String,
    pub citation: String,
    pub document_number: String,
    pub severity: Severity,
    pub confidence: Confidence,
    pub obliges: bool,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Shared for Entity {
    const NAME: &'static str = "eligibility_rule";

    fn id() -> Column {
        Column::Id
    }
}
