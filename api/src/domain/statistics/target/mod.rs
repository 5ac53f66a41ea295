//! Targets of awards (chỉ tiêu) against what the totals say: the result, and what is missing.
//! No award is read here.

mod mutation;
mod query;
mod result;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::award_target::{self, Basis, Comparator, Measure};
use entity::award_type::Level;
use entity::cluster;
use entity::nominee::SubjectKind;

use crate::domain::Ask;
use crate::domain::cluster::Cluster;
use crate::domain::unit::{self, Unit};
use crate::error::Result;
use crate::scalar::{Date, DateTime, Decimal, NodeType};

pub use mutation::TargetMutation;
pub use query::TargetQuery;

/// A yearly target of awards (chỉ tiêu khen thưởng).
#[derive(Clone)]
pub(crate) struct AwardTarget(Arc<award_target::Model>);

crate::answer!(AwardTarget = award_target::Model => 0);

impl From<award_target::Model> for AwardTarget {
    fn from(row: award_target::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl NodeType for AwardTarget {
    const PREFIX: &'static str = "AwardTarget";
}

/// What the totals say to a target.
#[derive(Clone, Debug, Default, SimpleObject)]
pub(crate) struct AwardTargetResult {
    /// Awards or subjects that count; null where it would tell too much about few people, or where awards name
    /// nobody so that subjects cannot be counted.
    pub(super) part: Option<i32>,
    /// Of how many; null for a target that is a number, and as above.
    pub(super) whole: Option<i32>,
    /// The result in the measure of the target: a number, or percent with two digits after the point; null as above,
    /// and where `whole` is 0.
    pub(super) value: Option<Decimal>,
    /// The result less the target; null where `value` is.
    pub(super) gap: Option<Decimal>,
    /// Whether the result lies on the right side of the target; null where `value` is.
    pub(super) is_met: Option<bool>,
    /// Whether the caller may not read the awards themselves: numbers about people below 5 are null, others are
    /// rounded to multiples of 5.
    pub(super) is_protected: bool,
}

/// A yearly target of awards (chỉ tiêu khen thưởng), with the plan or decision that sets it and what became of it.
#[Object]
impl AwardTarget {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The unit to which it is set, with those below it; the root of the tenant for a target of a cluster. Null when
    /// the caller may not read it.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        unit::one(ctx, self.0.unit_id).await.transpose()
    }

    /// The cluster or bloc to whose members of this tenant it is set; null for a target of a unit.
    async fn cluster(&self, ctx: &Context<'_>) -> Option<Result<Cluster>> {
        let found = ctx.gate().ok()?.load::<cluster::Entity>(self.0.cluster_id?).await;
        found.map(|row| row.map(Cluster::from)).transpose()
    }

    /// The year.
    async fn year(&self) -> i32 {
        self.0.year
    }

    /// What it measures.
    async fn measure(&self) -> Measure {
        self.0.measure
    }

    /// By which year awards belong to it.
    async fn basis(&self) -> Basis {
        self.0.basis
    }

    /// Only these titles or forms, by code; none: every one.
    async fn award_type_codes(&self) -> Vec<&str> {
        self.0.award_type_codes.split_whitespace().collect()
    }

    /// Only titles and forms of this level; null: of every one.
    async fn level(&self) -> Option<Level> {
        self.0.level
    }

    /// Only awards to this kind of subject; null: to every one.
    async fn subject_kind(&self) -> Option<SubjectKind> {
        self.0.subject_kind
    }

    /// On which side of the target the result should lie.
    async fn comparator(&self) -> Comparator {
        self.0.comparator
    }

    /// The target: a number of awards for `AWARDS`, percent for shares (20 is 20 %).
    async fn value(&self) -> Decimal {
        Decimal::from_units(self.0.value)
    }

    /// For `SUBJECT_SHARE`: of how many persons or collectives the share is taken, as the plan states it; null for
    /// other measures.
    async fn base(&self) -> Option<i32> {
        self.0.base
    }

    /// The plan or decision that sets it.
    async fn source(&self) -> &str {
        &self.0.source
    }

    /// The day of that plan or decision.
    async fn source_on(&self) -> Date {
        Date(self.0.source_on)
    }

    /// The day it was withdrawn; null while it stands.
    async fn withdrawn_on(&self) -> Option<Date> {
        self.0.withdrawn_on.map(Date)
    }

    /// What the totals of awards say to it today.
    async fn result(&self, ctx: &Context<'_>) -> Result<AwardTargetResult> {
        ctx.gate()?.load_by(result::Asked(Arc::clone(&self.0))).await
    }

    /// When it was set.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
