//! Statistics of awards: events (lượt) and distinct subjects, from totals that are kept in step with the registry.
//! Of whole years no award is read here: what a number costs does not grow with history.

mod condition;
mod fold;
mod form;
mod found;
mod query;
mod reading;
mod restated;
mod row;
mod span;
mod target;

use async_graphql::{Context, Enum, InputObject, Object, SimpleObject};
use chrono::NaiveDate;
use entity::award_type::{self, Family, Level};
use entity::nominee::SubjectKind;
use entity::subject::{LeadershipClass, Sex};
use entity::submission::CommendationType;
use entity::{cluster, tenant};
use serde_json::Value as Json;
use uuid::Uuid;

use super::Ask;
use super::award::AwardType;
use super::cluster::Cluster;
use super::tenant::Tenant;
use super::unit::{self, Unit};
use crate::error::Result;
use crate::scalar::{Date, Decimal};

pub(super) use fold::percent;
pub use query::StatisticsQuery;
pub(crate) use target::AwardTarget;
pub use target::{TargetMutation, TargetQuery};

/// By what totals of awards are split into groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enum)]
pub(crate) enum AwardDimension {
    /// By title or form.
    AwardType,
    /// By level that decides.
    Level,
    /// By family of the law.
    Family,
    /// By kind of subject.
    SubjectKind,
    /// By type of commendation.
    CommendationType,
    /// By the last year that the award counts.
    Year,
    /// By the year of the decision.
    DecidedYear,
    /// By the month of the decision; only for decisions of a period of at most 24 months.
    Month,
    /// By the tenant that gave it, closed ones too.
    Tenant,
    /// By the unit directly below `withinUnit` in which it lies; `withinUnit` itself for what is its own.
    Unit,
    /// By cluster or bloc (cụm, khối) in which the own unit sat, or one above it, in the last year that the award
    /// counts; null for what lies in none. Of a cluster only the awards of the current tenant are counted. A unit
    /// that sits in two clusters counts in each: groups may overlap, `events` and `subjects` of the whole do not.
    Cluster,
    /// By leadership class of the person.
    LeadershipClass,
    /// By sex of the person.
    Sex,
    /// By field of activity.
    Field,
    /// By whether the collective was an enterprise.
    Enterprise,
}

/// How the structure of units and tenants is taken that changed in between.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Enum)]
pub(crate) enum AwardStructureMode {
    /// Awards count where they were given, in units that are closed now too.
    #[default]
    AsItWas,
    /// Awards of units and tenants that are closed count with those that continue them; where several continue
    /// one, with each of them, and once in what lies above all.
    Restated,
}

/// As of which day the registry is taken, and in which structure of units and tenants.
#[derive(Clone, Copy, Debug, Hash, InputObject)]
pub(crate) struct AwardAsOf {
    /// How the structure of units and tenants is taken.
    #[graphql(default)]
    pub(super) mode: AwardStructureMode,
    /// The registry as it stood at the end of this day, in both modes; today when absent. Awards that were decided
    /// later do not count, and what later decisions corrected, cancelled, revoked or gave back counts as before;
    /// awards of which no day of decision is known count from the end of the last year that they count.
    pub(super) date: Option<Date>,
    /// With `RESTATED`: as units and tenants continue each other on this day; today when absent.
    pub(super) units_on: Option<Date>,
}

/// A share: of so many awards (`whole`), so many (`part`) have the property that the field names.
#[derive(SimpleObject)]
pub(crate) struct AwardShare {
    /// Awards that have the property; null where it would tell too much about few people.
    pub(super) part: Option<i32>,
    /// Awards among which they are counted; null where it would tell too much about few people.
    pub(super) whole: Option<i32>,
    /// `part` in percent of `whole`, with two digits after the point, rounded half up; null where `whole` is 0, and
    /// where either is null.
    pub(super) percent: Option<Decimal>,
}

/// Shares that the law asks to watch.
#[derive(SimpleObject)]
pub(crate) struct AwardShares {
    /// Awards for sudden achievements (đột xuất) among all.
    pub(super) ad_hoc: AwardShare,
    /// Awards to persons who work directly (người lao động trực tiếp) among awards to persons of whom it is known.
    pub(super) direct_workers: AwardShare,
    /// Awards to persons who manage nobody among awards to persons of whom it is known.
    pub(super) non_managers: AwardShare,
}

/// What the awards of one group have in common; null is what the question did not part by, or what is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct AwardGroupKey {
    pub(super) award_type: Option<Uuid>,
    pub(super) level: Option<Level>,
    pub(super) family: Option<Family>,
    pub(super) subject_kind: Option<SubjectKind>,
    pub(super) commendation_type: Option<CommendationType>,
    pub(super) year: Option<i32>,
    pub(super) decided_year: Option<i32>,
    pub(super) month: Option<NaiveDate>,
    pub(super) tenant: Option<Uuid>,
    pub(super) unit: Option<Uuid>,
    pub(super) cluster: Option<Uuid>,
    pub(super) leadership_class: Option<LeadershipClass>,
    pub(super) sex: Option<Sex>,
    pub(super) field: Option<String>,
    pub(super) enterprise: Option<bool>,
}

/// What the awards of one group have in common; null is what the question did not group by, or what is not known.
#[Object]
impl AwardGroupKey {
    /// The title or form; null unless grouped by `AWARD_TYPE`.
    async fn award_type(&self, ctx: &Context<'_>) -> Option<Result<AwardType>> {
        let found = ctx.gate().ok()?.look_up::<award_type::Entity>(self.award_type?).await;
        found.map(|row| row.map(AwardType::from)).transpose()
    }

    /// Level that decides; null unless grouped by `LEVEL`.
    async fn level(&self) -> Option<Level> {
        self.level
    }

    /// Family of the law; null unless grouped by `FAMILY`.
    async fn family(&self) -> Option<Family> {
        self.family
    }

    /// Kind of subject; null unless grouped by `SUBJECT_KIND`.
    async fn subject_kind(&self) -> Option<SubjectKind> {
        self.subject_kind
    }

    /// Type of commendation; null unless grouped by `COMMENDATION_TYPE`.
    async fn commendation_type(&self) -> Option<CommendationType> {
        self.commendation_type
    }

    /// Last year that the awards count; null unless grouped by `YEAR`.
    async fn year(&self) -> Option<i32> {
        self.year
    }

    /// Year of the decision; null unless grouped by `DECIDED_YEAR`, and for awards of which it is not known.
    async fn decided_year(&self) -> Option<i32> {
        self.decided_year
    }

    /// First day of the month of the decision; null unless grouped by `MONTH`, and for awards of which it is not
    /// known.
    async fn month(&self) -> Option<Date> {
        self.month.map(Date)
    }

    /// The tenant that gave the awards; null unless grouped by `TENANT`, and for awards of which it is not known, or
    /// was none.
    async fn tenant(&self, ctx: &Context<'_>) -> Option<Result<Tenant>> {
        let found = ctx.gate().ok()?.look_up::<tenant::Entity>(self.tenant?).await;
        found.map(|row| row.map(Tenant::from)).transpose()
    }

    /// The unit; null unless grouped by `UNIT`, and when the caller may not read it.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        unit::one(ctx, self.unit?).await.transpose()
    }

    /// The cluster; null unless grouped by `CLUSTER`, when the caller may not read it, and for what lies in none.
    async fn cluster(&self, ctx: &Context<'_>) -> Option<Result<Cluster>> {
        let found = ctx.gate().ok()?.load::<cluster::Entity>(self.cluster?).await;
        found.map(|row| row.map(Cluster::from)).transpose()
    }

    /// Leadership class of the persons; null unless grouped by `LEADERSHIP_CLASS`, and for awards of which it is not
    /// known.
    async fn leadership_class(&self) -> Option<LeadershipClass> {
        self.leadership_class
    }

    /// Sex of the persons; null unless grouped by `SEX`, and for awards of which it is not known.
    async fn sex(&self) -> Option<Sex> {
        self.sex
    }

    /// Field of activity; null unless grouped by `FIELD`, and for awards of which it is not known.
    async fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// Whether the collectives were enterprises; null unless grouped by `ENTERPRISE`, and for awards of which it is
    /// not known.
    async fn enterprise(&self) -> Option<bool> {
        self.enterprise
    }
}

/// One group of awards.
#[derive(SimpleObject)]
pub(crate) struct AwardGroup {
    /// What its awards have in common.
    pub(super) key: AwardGroupKey,
    /// Awards (lượt); null for fewer than 5 about people, where the caller may not read the awards themselves.
    pub(super) events: Option<i32>,
    /// Distinct subjects that are known by name; null as above.
    pub(super) subjects: Option<i32>,
    /// Awards whose subjects are not known by name; null as above.
    pub(super) unnamed_events: Option<i32>,
    /// The conditions of `awards(where:)` that find its rows; ask with the id of the unit of the key as `withinUnit`, or,
    /// where it has none, with that of the question. Their `events` add up to those of the group. Null where `awards`
    /// knows no such condition: for what is parted or chosen by cluster.
    pub(super) filter: Option<Json>,
}

/// Awards that stand, counted.
#[derive(SimpleObject)]
pub(crate) struct AwardStatistics {
    /// Awards (lượt); null for fewer than 5 about people, where the caller may not read the awards themselves, and where
    /// he is told no numbers at all, as of a unit that he does not see or that is not there.
    pub(super) events: Option<i32>,
    /// Distinct subjects that are known by name; null as above.
    pub(super) subjects: Option<i32>,
    /// Awards whose subjects are not known by name, so that nobody can tell how many they are; null as above.
    pub(super) unnamed_events: Option<i32>,
    /// Whether the caller may not read the awards themselves: numbers about people below 5 are null, others are
    /// rounded to multiples of 5. Where he is told no numbers at all, every one is null.
    pub(super) is_protected: bool,
    /// Shares that the law asks to watch.
    pub(super) shares: AwardShares,
    /// The groups that occur, by level, title, and then by the other parts of the key; at most 1,000.
    pub(super) groups: Vec<AwardGroup>,
}
