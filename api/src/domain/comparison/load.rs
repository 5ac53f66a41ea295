//! Everything one comparison needs, in four statements, or inside the transaction that publishes it.
//! No rule and no masking enters here.

use std::collections::BTreeMap;

use entity::criteria_set::State as SetState;
use entity::{
    cluster, cluster_member, comparison, comparison_row, criteria_set, criterion, peer_assignment,
    score, tenant,
};
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition, SimpleExpr};
use sea_orm::{
    ActiveEnum, ColumnTrait, Condition, DbErr, EntityTrait, FromQueryResult, Iterable, JoinType,
    QueryOrder, QueryResult, QuerySelect, RelationDef, Select,
};
use uuid::Uuid;

use super::rules::{self, Input, Layer};
use crate::access::{Act, Gate};
use crate::domain::criterion as criterion_room;
use crate::domain::input;
use crate::domain::score::measure;
use crate::error::Result;
use crate::scalar::Decimal;

/// The cluster, its locked criteria set and its comparison of one year.
pub(super) struct Head {
    pub(super) cluster: cluster::Model,
    pub(super) set: Option<criteria_set::Model>,
    pub(super) comparison: Option<comparison::Model>,
}

/// A member with its tenant, its place of the year before, and whether the caller may see its scores.
pub(super) struct Seat {
    pub(super) member: cluster_member::Model,
    pub(super) tenant: tenant::Model,
    pub(super) previous_rank: Option<i32>,
    pub(super) is_open: bool,
    /// Whether one of the caller's members scores it.
    pub(super) is_assigned: bool,
}

/// All rows behind one comparison.
pub(super) struct Sheet {
    pub(super) head: Head,
    pub(super) criteria: Vec<criterion::Model>,
    pub(super) seats: Vec<Seat>,
    pub(super) scores: Vec<score::Model>,
    pub(super) year: i32,
}

const CLUSTER: &str = "c_";
const SET: &str = "s_";
const COMPARISON: &str = "k_";
const MEMBER: &str = "m_";
const TENANT: &str = "t_";
const PREVIOUS: &str = "previous_rank";
const OPEN: &str = "is_open";
const ASSIGNED: &str = "is_assigned";

impl FromQueryResult for Head {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        Ok(Self {
            cluster: cluster::Model::from_query_result(row, CLUSTER)?,
            set: criteria_set::Model::from_query_result_optional(row, SET)?,
            comparison: comparison::Model::from_query_result_optional(row, COMPARISON)?,
        })
    }
}

impl FromQueryResult for Seat {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        Ok(Self {
            member: cluster_member::Model::from_query_result(row, MEMBER)?,
            tenant: tenant::Model::from_query_result(row, TENANT)?,
            previous_rank: row.try_get("", PREVIOUS)?,
            is_open: row.try_get("", OPEN)?,
            is_assigned: row.try_get::<Option<Uuid>>("", ASSIGNED)?.is_some(),
        })
    }
}

fn columns<E: EntityTrait, F: EntityTrait>(mut select: Select<E>, prefix: &str) -> Select<E> {
    use sea_orm::IdenStatic;
    for column in F::Column::iter() {
        select = select
            .column_as(Expr::col((F::default(), column)), format!("{prefix}{}", column.as_str()));
    }
    select
}

fn set_of(year: i32) -> RelationDef {
    let is_it = move || {
        Expr::col((criteria_set::Entity, criteria_set::Column::Year)).eq(year).and(
            Expr::col((criteria_set::Entity, criteria_set::Column::State))
                .eq(SetState::Locked.to_value()),
        )
    };
    cluster::Entity::belongs_to(criteria_set::Entity)
        .from(cluster::Column::Id)
        .to(criteria_set::Column::ClusterId)
        .on_condition(move |_, _| is_it().into_condition())
        .into()
}

fn comparison_of(year: i32) -> RelationDef {
    let is_it = move || Expr::col((comparison::Entity, comparison::Column::Year)).eq(year);
    cluster::Entity::belongs_to(comparison::Entity)
        .from(cluster::Column::Id)
        .to(comparison::Column::ClusterId)
        .on_condition(move |_, _| is_it().into_condition())
        .into()
}

/// The place of the same unit in the published comparison of the year before.
fn previous_of(year: i32) -> RelationDef {
    use comparison_row::Column;
    let before = year.saturating_sub(1);
    let is_it = move || {
        Expr::col((comparison_row::Entity, Column::Year)).eq(before).and(
            Expr::col((comparison_row::Entity, Column::UnitId))
                .equals((cluster_member::Entity, cluster_member::Column::UnitId)),
        )
    };
    cluster_member::Entity::belongs_to(comparison_row::Entity)
        .from(cluster_member::Column::ClusterId)
        .to(Column::ClusterId)
        .on_condition(move |_, _| is_it().into_condition())
        .into()
}

/// The assignments of the year by which the caller's members score a member.
fn assignment_of(year: i32, is_own: Condition) -> RelationDef {
    let is_it = Condition::all()
        .add(Expr::col((peer_assignment::Entity, peer_assignment::Column::Year)).eq(year))
        .add(
            Expr::col((peer_assignment::Entity, peer_assignment::Column::MemberId))
                .equals((cluster_member::Entity, cluster_member::Column::Id)),
        )
        .add(is_own);
    cluster_member::Entity::belongs_to(peer_assignment::Entity)
        .from(cluster_member::Column::ClusterId)
        .to(peer_assignment::Column::ClusterId)
        .on_condition(move |_, _| is_it.clone())
        .into()
}

fn tenant_of() -> RelationDef {
    cluster_member::Entity::belongs_to(tenant::Entity)
        .from(cluster_member::Column::TenantId)
        .to(tenant::Column::Id)
        .into()
}

/// Reads the comparison of a cluster and year; none when the caller may not read the cluster.
pub(super) async fn read(gate: &Gate, cluster: Uuid, year: i32) -> Result<Option<Sheet>> {
    let Some(head) = head(gate, cluster, year).await? else { return Ok(None) };
    let set = head.set.as_ref().map(|set| set.id);
    let (criteria, seats, scores) = match set {
        Some(set) => futures_util::try_join!(
            criteria(gate, cluster, set),
            seats(gate, cluster, year),
            scores(gate, cluster, set)
        )?,
        None => (Vec::new(), seats(gate, cluster, year).await?, Vec::new()),
    };
    Ok(Some(Sheet { head, criteria, seats, scores, year }))
}

async fn head(gate: &Gate, cluster: Uuid, year: i32) -> Result<Option<Head>> {
    let shape = |select: Select<cluster::Entity>| {
        let select = select
            .select_only()
            .join(JoinType::LeftJoin, set_of(year))
            .join(JoinType::LeftJoin, comparison_of(year));
        let select = columns::<_, cluster::Entity>(select, CLUSTER);
        let select = columns::<_, criteria_set::Entity>(select, SET);
        columns::<_, comparison::Entity>(select, COMPARISON)
    };
    let rows = gate.rows::<cluster::Entity>(Act::ClusterRead)?;
    rows.filter(cluster::Column::Id.eq(cluster)).shape(shape).first_as().await
}

async fn criteria(gate: &Gate, cluster: Uuid, set: Uuid) -> Result<Vec<criterion::Model>> {
    use criterion::Column;
    let rows = gate.rows::<criterion::Entity>(Act::ClusterRead)?;
    rows.filter(Column::ClusterId.eq(cluster))
        .filter(Column::SetId.eq(set))
        .shape(|select| select.order_by_asc(Column::Position).order_by_asc(Column::Code))
        .all()
        .await
}

async fn seats(gate: &Gate, cluster: Uuid, year: i32) -> Result<Vec<Seat>> {
    use cluster_member::Column;
    let is_open = SimpleExpr::from(gate.scope::<cluster_member::Entity>(Act::ScoreRead)?);
    let is_own = gate.scope::<peer_assignment::Entity>(Act::ScorePeerRecord)?;
    let shape = |select: Select<cluster_member::Entity>| {
        let select = select
            .select_only()
            .join(JoinType::InnerJoin, tenant_of())
            .join(JoinType::LeftJoin, previous_of(year))
            .join(JoinType::LeftJoin, assignment_of(year, is_own));
        let select = columns::<_, cluster_member::Entity>(select, MEMBER);
        columns::<_, tenant::Entity>(select, TENANT)
            .column_as(Expr::col((comparison_row::Entity, comparison_row::Column::Rank)), PREVIOUS)
            .column_as(is_open, OPEN)
            .column_as(Expr::col((peer_assignment::Entity, peer_assignment::Column::Id)), ASSIGNED)
            .order_by_asc(Expr::col((cluster_member::Entity, Column::Position)))
            .order_by_asc(Expr::col((cluster_member::Entity, Column::Id)))
    };
    let rows = gate.rows::<cluster_member::Entity>(Act::ClusterRead)?;
    let rows = rows.filter(Column::ClusterId.eq(cluster)).filter(in_year(year)).shape(shape);
    let mut seats: Vec<Seat> = rows.all_as().await?;
    // Two of the caller's members may score the same one.
    seats.dedup_by_key(|seat| seat.member.id);
    Ok(seats)
}

async fn scores(gate: &Gate, cluster: Uuid, set: Uuid) -> Result<Vec<score::Model>> {
    use score::Column;
    let rows = gate.rows::<score::Entity>(Act::ClusterRead)?;
    rows.filter(Column::ClusterId.eq(cluster)).filter(Column::SetId.eq(set)).all().await
}

/// Who scores whom in a year, as far as the caller may know.
pub(super) async fn assignments(
    gate: &Gate,
    cluster: Uuid,
    year: i32,
) -> Result<Vec<peer_assignment::Model>> {
    use peer_assignment::Column;
    let rows = gate.rows::<peer_assignment::Entity>(Act::ScoreRead)?;
    rows.filter(Column::ClusterId.eq(cluster))
        .filter(Column::Year.eq(year))
        .shape(|select| select.order_by_asc(Column::Id))
        .all()
        .await
}

/// Members in force on some day of the year.
pub(super) fn in_year(year: i32) -> Condition {
    input::in_year(cluster_member::Column::ValidFrom, cluster_member::Column::ValidTo, year)
}

/// The pure input of a comparison.
pub(super) fn input(
    set: &criteria_set::Model,
    criteria: &[criterion::Model],
    members: Vec<rules::Member>,
    (scores, ballot): (&[score::Model], &str),
) -> Result<Input> {
    let rounding = criterion_room::rounding(set)?;
    let tie_rules = criterion_room::tie_rules(set)?;
    let ballot: BTreeMap<Uuid, i32> = serde_json::from_str(ballot)?;
    let criteria = criteria.iter().map(one_criterion).collect::<Result<Vec<_>>>()?;
    let entries = scores.iter().map(entry).collect();
    Ok(Input {
        set: set.id,
        revision: set.revision,
        rounding,
        tie_rules,
        criteria,
        members,
        entries,
        ballot,
    })
}

fn one_criterion(row: &criterion::Model) -> Result<rules::Criterion> {
    let kind = criterion_room::kind(row)?;
    Ok(rules::Criterion {
        id: row.id,
        code: row.code.clone(),
        parent: row.parent_id,
        position: row.position,
        max: Decimal::from_units(row.max_points),
        kind,
    })
}

fn entry(row: &score::Model) -> rules::Entry {
    let layer = match row.layer {
        score::Layer::Own => Layer::Own,
        score::Layer::Peer => Layer::Peer,
        score::Layer::Verified => Layer::Verified,
    };
    rules::Entry {
        criterion: row.criterion_id,
        member: row.member_id,
        layer,
        assessor: row.assessor_id,
        measure: measure(row),
    }
}

/// A member as the rules see it.
pub(super) fn member(id: Uuid, previous_rank: Option<i32>) -> rules::Member {
    rules::Member { id, previous_rank: previous_rank.and_then(|rank| u32::try_from(rank).ok()) }
}
