//! Criteria sets: the scale of one cluster in one year, a tree of criteria, fixed once it is locked.
//! No score enters here: what members report stands in a room of its own.

mod draft;
pub mod formula;
mod kind;
mod mutation;
mod query;
mod related;
pub mod rules;
pub mod tree;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::cluster;
use entity::criteria_set::{self, Rounding, State};
use entity::criterion::{self, Evidence, Scorer};

use super::Ask;
use super::cluster::Cluster;
use super::comparison::rules::TieRule;
use crate::error::{Error, Result};
use crate::scalar::{Date, DateTime, Decimal, NodeType};

use kind::{CriterionKind, CriterionParameters};
pub use mutation::CriterionMutation;
pub use query::{CriterionQuery, current};
pub(super) use query::{node, set};
pub use related::criteria;

/// The criteria set of a cluster for one year (bộ tiêu chí, bảng chấm điểm).
#[derive(Clone)]
pub struct CriteriaSet(Arc<criteria_set::Model>);

/// One criterion of a set, or a group of criteria (tiêu chí, nhóm tiêu chí).
#[derive(Clone)]
pub struct Criterion(Arc<criterion::Model>);

crate::answer!(CriteriaSet = criteria_set::Model => 0);

impl From<criteria_set::Model> for CriteriaSet {
    fn from(row: criteria_set::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl From<criterion::Model> for Criterion {
    fn from(row: criterion::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl NodeType for CriteriaSet {
    const PREFIX: &'static str = "CriteriaSet";
}

impl NodeType for Criterion {
    const PREFIX: &'static str = "Criterion";
}

/// How a stored criterion turns measures into points.
pub fn kind(row: &criterion::Model) -> Result<rules::Kind> {
    draft::kind_of(row)
}

/// How a stored set rounds points.
pub fn rounding(row: &criteria_set::Model) -> Result<formula::Rounding> {
    let mode = match row.rounding {
        Rounding::HalfUp => formula::RoundingMode::HalfUp,
        Rounding::HalfEven => formula::RoundingMode::HalfEven,
        Rounding::Down => formula::RoundingMode::Down,
    };
    let rounding =
        u8::try_from(row.decimals).ok().and_then(|decimals| formula::Rounding::new(mode, decimals));
    rounding.ok_or_else(|| Error::broken("a criteria set with more than four decimals"))
}

/// The tie rules of a stored set, in order.
pub fn tie_rules(row: &criteria_set::Model) -> Result<Vec<TieRule>> {
    let texts: Vec<String> = serde_json::from_str(&row.tie_rules)?;
    let read =
        |text: &String| text.parse().map_err(|fault| Error::broken(&format!("{fault}: {text}")));
    texts.iter().map(read).collect()
}

/// The criteria set of a cluster for one year (bộ tiêu chí, bảng chấm điểm): a tree of criteria, how points
/// are rounded and how ties are parted. Once locked it never changes, and scoring may start. Read by everyone
/// who reads the cluster.
#[Object]
impl CriteriaSet {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// The cluster whose scale it is.
    async fn cluster(&self, ctx: &Context<'_>) -> Result<Cluster> {
        let found = ctx.gate()?.load::<cluster::Entity>(self.0.cluster_id).await?;
        found.map(Cluster::from).ok_or_else(|| Error::broken("a criteria set without cluster"))
    }

    /// The year it is for.
    async fn year(&self) -> i32 {
        self.0.year
    }

    /// Number among the sets of the cluster and year, from 1; at most one of them is locked.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// Name in Vietnamese.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Where it comes from, such as the decision's number; null when nothing is said.
    async fn source(&self) -> Option<&str> {
        self.0.source.as_deref()
    }

    /// Whether it may still change.
    async fn state(&self) -> State {
        self.0.state
    }

    /// How points are rounded, once, after the whole formula is worked out exactly.
    async fn rounding(&self) -> Rounding {
        self.0.rounding
    }

    /// Digits kept after the point, 0 to 4.
    async fn decimals(&self) -> i32 {
        i32::from(self.0.decimals)
    }

    /// What parts members of equal total, in order: `CRITERION:<code>` (more points there first),
    /// `PREVIOUS_RANK` (the better rank of the year before first), `BALLOT` (bỏ phiếu), `SHARED` (they share
    /// the place).
    #[expect(clippy::unused_async, reason = "resolvers are async")]
    async fn tie_rules(&self) -> Result<Vec<String>> {
        Ok(tie_rules(&self.0)?.iter().map(ToString::to_string).collect())
    }

    /// The base scale (thang điểm): the sum of all maxima, in points, without those of `BONUS_PENALTY`.
    async fn total(&self, ctx: &Context<'_>) -> Result<Decimal> {
        let criteria = self.tree(ctx).await?;
        draft::base_scale(criteria.iter().map(|criterion| criterion.0.as_ref()))
    }

    /// When it was locked; null for a draft.
    async fn locked_at(&self) -> Option<DateTime> {
        self.0.locked_at.map(DateTime)
    }

    /// Counts changes; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// All criteria and groups in the order of the tree, each group before what stands in it; at most 300.
    async fn criteria(&self, ctx: &Context<'_>) -> Result<Vec<Criterion>> {
        self.tree(ctx).await
    }
}

impl CriteriaSet {
    async fn tree(&self, ctx: &Context<'_>) -> Result<Vec<Criterion>> {
        ctx.gate()?.load_by(related::Tree(self.0.cluster_id, self.0.id)).await
    }
}

/// One criterion of a set, or a group of criteria (tiêu chí, nhóm tiêu chí). Read by everyone who reads the
/// cluster.
#[Object]
impl Criterion {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        Self::node_id(self.0.id)
    }

    /// Code within the set, such as `5.2`.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Name in Vietnamese.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The group it stands in; null at the top.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<Criterion>> {
        let parent = self.0.parent_id?;
        async { Ok(ctx.gate()?.load::<criterion::Entity>(parent).await?.map(Criterion::from)) }
            .await
            .transpose()
    }

    /// Place among those of the same parent, from 1.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// The most points it gives (điểm tối đa), 0 to 1,000,000; in a group the sum of those right below.
    async fn max(&self) -> Decimal {
        Decimal::from_units(self.0.max_points)
    }

    /// How it turns what a member reports into points.
    #[expect(clippy::unused_async, reason = "resolvers are async")]
    async fn kind(&self) -> Result<CriterionKind> {
        Ok(CriterionKind::from(&kind(&self.0)?))
    }

    /// Parameters of the kind.
    #[expect(clippy::unused_async, reason = "resolvers are async")]
    async fn parameters(&self) -> Result<CriterionParameters> {
        CriterionParameters::of(&kind(&self.0)?)
    }

    /// Unit of measure (đơn vị tính), such as `%`; null when there is none.
    async fn unit(&self) -> Option<&str> {
        self.0.unit.as_deref()
    }

    /// Where the figures come from (nguồn số liệu); null when nothing is said.
    async fn data_source(&self) -> Option<&str> {
        self.0.data_source.as_deref()
    }

    /// Whether a self score needs evidence (minh chứng).
    async fn evidence(&self) -> Evidence {
        self.0.evidence
    }

    /// Who gives the first score.
    async fn scorer(&self) -> Scorer {
        self.0.scorer
    }

    /// Last day to report; null when there is none.
    async fn due_on(&self) -> Option<Date> {
        self.0.due_on.map(Date)
    }

    /// The criteria right below, by position; empty unless it is a group.
    async fn children(&self, ctx: &Context<'_>) -> Result<Vec<Criterion>> {
        ctx.gate()?.load_by(related::Below(self.0.cluster_id, self.0.id)).await
    }
}
