//! Rules of ballots that the regulation of a council sets; those of the law are data of this version.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::owned::{Line, Owned};

/// How votes are compared with the threshold.
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
#[graphql(name = "BallotComparison")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Comparison {
    /// As many or more (từ … trở lên).
    AtLeast,
    /// More (trên …).
    MoreThan,
}

/// Of what the threshold is a share.
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
#[graphql(name = "BallotBase")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Base {
    /// Of all members of the council, absent ones too.
    AllMembers,
    /// Of the members who are present or have sent an opinion.
    Present,
    /// Of the valid votes.
    Cast,
}

/// What a member who is absent can do.
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
#[graphql(name = "BallotAbsentee")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Absentee {
    /// A written opinion counts as a vote.
    WrittenOpinionCounts,
    /// Who is absent does not vote.
    DoesNotVote,
}

/// What becomes of the base when members have a conflict of interest.
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
#[graphql(name = "BallotRecusal")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Recusal {
    /// They stay in the base and are missing among the votes.
    KeepsBase,
    /// They are taken out of the base.
    ShrinksBase,
}

/// What happens when no round is left.
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
#[graphql(name = "BallotAfterRounds")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AfterRounds {
    /// The one who decides decides.
    AuthorityDecides,
    /// The proposal lapses.
    Lapses,
}

/// What decides between nominees of equal votes where there are fewer places.
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
#[graphql(name = "BallotTie")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Tie {
    /// The vote of the chair.
    ChairDecides,
    /// Neither is taken.
    BothOut,
}

/// Who is taken where more pass than there are places.
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
#[graphql(name = "BallotOverQuota")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OverQuota {
    /// By votes, from the highest down.
    HighestVotes,
    /// All who pass.
    AllPass,
}

/// Whether the ballot is secret.
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
#[graphql(name = "BallotSecrecy")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Secrecy {
    /// Nobody learns who voted what (bỏ phiếu kín).
    Secret,
    /// A show of hands (biểu quyết giơ tay): each choice is recorded by name. Refused wherever the law has a secret vote.
    Open,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
#[sea_orm(table_name = "ballot_rule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub council_id: Uuid,
    pub award_code: Option<String>,
    pub quorum_numerator: i32,
    pub quorum_denominator: i32,
    pub threshold_numerator: i32,
    pub threshold_denominator: i32,
    pub comparison: Comparison,
    pub base: Base,
    pub absentee: Absentee,
    pub recusal: Recusal,
    pub max_rounds: i32,
    pub after_rounds: AfterRounds,
    pub tie: Tie,
    pub over_quota: OverQuota,
    pub secrecy: Secrecy,
    pub citation: String,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Owned for Entity {
    const NAME: &'static str = "ballot_rule";
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

    fn version() -> Option<Column> {
        Some(Column::Version)
    }
}
