//! The joined reads behind a roll: memberships of persons and what is recorded of these, and published places.
//! Whoever calls brings the scope; no rule enters here.

use chrono::NaiveDate;
use entity::nominee::SubjectKind;
use entity::year_record::{ClusterScope, CompletionRating};
use entity::{
    award, award_type, cluster, cluster_member, comparison, comparison_row, discipline, nominee,
    subject, subject_membership, submission, tenant, unit_above, year_record,
};
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect,
    RelationDef, Select,
};
use uuid::Uuid;

use super::facts::Place;
use super::guard::NO_BASIS;
use super::roll::Wanted;

/// The titles of advanced labourers and soldiers.
pub(super) const ADVANCED: [&str; 2] = ["ADVANCED_LABOURER", "ADVANCED_SOLDIER"];
/// The title of grassroots emulation fighters.
pub(super) const FIGHTER: &str = "BASE_EMULATION_FIGHTER";

/// A member of a unit in some year, with what was recorded of one.
#[derive(FromQueryResult)]
pub(super) struct OfRoll {
    pub(super) unit: Uuid,
    pub(super) person: Uuid,
    pub(super) name: String,
    pub(super) is_readable: bool,
    pub(super) since: NaiveDate,
    pub(super) until: Option<NaiveDate>,
    pub(super) year: Option<i32>,
    pub(super) rating: Option<CompletionRating>,
}

impl OfRoll {
    pub(super) fn is_on(&self, day: NaiveDate) -> bool {
        self.since <= day && self.until.is_none_or(|last| last >= day)
    }
}

#[derive(FromQueryResult)]
pub(super) struct Title {
    pub(super) person: Uuid,
    pub(super) year: i32,
    pub(super) code: String,
}

#[derive(FromQueryResult)]
pub(super) struct OfCase {
    pub(super) id: Uuid,
    pub(super) person: Uuid,
    pub(super) form: Option<discipline::Form>,
    pub(super) from_day: NaiveDate,
    pub(super) end_day: Option<NaiveDate>,
}

#[derive(FromQueryResult)]
pub(super) struct Proposed {
    pub(super) person: Uuid,
    pub(super) year: i32,
}

#[derive(FromQueryResult)]
pub(super) struct OfPlace {
    pub(super) unit: Uuid,
    pub(super) year: i32,
    pub(super) place: Option<i32>,
    pub(super) cluster: Uuid,
    pub(super) cluster_name: String,
    pub(super) organiser: tenant::Kind,
    pub(super) members: i64,
}

impl From<OfPlace> for Place {
    fn from(row: OfPlace) -> Self {
        let scope = match row.organiser {
            tenant::Kind::Central => ClusterScope::CentralCouncil,
            tenant::Kind::Province
            | tenant::Kind::City
            | tenant::Kind::Ministry
            | tenant::Kind::CentralBody => ClusterScope::MinistryProvince,
        };
        Self {
            cluster: row.cluster,
            cluster_name: row.cluster_name,
            scope,
            year: row.year,
            rank: row.place,
            of: i32::try_from(row.members).unwrap_or(i32::MAX),
        }
    }
}

/// The memberships of persons in these units or below.
pub(super) fn of_units(
    select: Select<unit_above::Entity>,
    wanted: &Wanted,
) -> Select<unit_above::Entity> {
    use subject_membership::Column;
    let membership: RelationDef = unit_above::Entity::belongs_to(subject_membership::Entity)
        .from((unit_above::Column::TenantId, unit_above::Column::UnitId))
        .to((Column::TenantId, Column::UnitId))
        .into();
    let person: RelationDef = subject_membership::Entity::belongs_to(subject::Entity)
        .from((Column::TenantId, Column::SubjectId))
        .to((subject::Column::TenantId, subject::Column::Id))
        .into();
    let on = wanted.last_days().fold(Condition::any(), |on, (_, day)| {
        let open = Column::ValidTo.is_null().or(Column::ValidTo.gte(day));
        on.add(Column::ValidFrom.lte(day).and(open))
    });
    select
        .select_only()
        .join(JoinType::InnerJoin, membership)
        .join(JoinType::InnerJoin, person)
        .filter(unit_above::Column::AboveId.is_in(wanted.rolls()))
        .filter(subject::Column::Kind.eq(SubjectKind::Individual))
        .filter(on)
}

/// From a person to what is recorded of him.
fn of_person<E: EntityTrait>(tenant: E::Column, person: E::Column) -> RelationDef {
    subject::Entity::belongs_to(E::default())
        .from((subject::Column::TenantId, subject::Column::Id))
        .to((tenant, person))
        .into()
}

pub(super) fn of_roll(
    select: Select<unit_above::Entity>,
    wanted: &Wanted,
    is_readable: SimpleExpr,
) -> Select<unit_above::Entity> {
    use year_record::Column;
    let years: Vec<i32> = wanted.years().collect();
    let record = of_person::<year_record::Entity>(Column::TenantId, Column::SubjectId)
        .on_condition(move |_, _| Column::Year.is_in(years.clone()).into_condition());
    select
        .join(JoinType::LeftJoin, record)
        .column_as(unit_above::Column::AboveId, "unit")
        .column_as(subject::Column::Id, "person")
        .column_as(subject::Column::Name, "name")
        .column_as(is_readable, "is_readable")
        .column_as(subject_membership::Column::ValidFrom, "since")
        .column_as(subject_membership::Column::ValidTo, "until")
        .column_as(Column::Year, "year")
        .column_as(Column::CompletionRating, "rating")
}

pub(super) fn titles(
    select: Select<unit_above::Entity>,
    wanted: &Wanted,
) -> Select<unit_above::Entity> {
    use award::Column;
    select
        .join(JoinType::InnerJoin, of_person::<award::Entity>(Column::TenantId, Column::SubjectId))
        .filter(Column::State.eq(award::State::Valid))
        .filter(Column::AwardTypeCode.is_in(codes()))
        .filter(Column::CountingToYear.is_in(wanted.years()))
        .filter(Column::CommendationType.is_not_in(NO_BASIS))
        .column_as(subject::Column::Id, "person")
        .column_as(Column::CountingToYear, "year")
        .column_as(Column::AwardTypeCode, "code")
        .distinct()
}

pub(super) fn cases(
    select: Select<unit_above::Entity>,
    wanted: &Wanted,
) -> Select<unit_above::Entity> {
    use discipline::Column;
    let last = wanted.last_days().map(|(_, day)| day).max();
    select
        .join(
            JoinType::InnerJoin,
            of_person::<discipline::Entity>(Column::TenantId, Column::SubjectId),
        )
        .filter(Column::Stage.eq(discipline::Stage::Imposed))
        .filter(Column::FromDay.lte(last))
        .column_as(Column::Id, "id")
        .column_as(subject::Column::Id, "person")
        .column_as(Column::Form, "form")
        .column_as(Column::FromDay, "from_day")
        .column_as(Column::EndDay, "end_day")
        .distinct()
}

pub(super) fn proposed(
    select: Select<unit_above::Entity>,
    wanted: &Wanted,
) -> Select<unit_above::Entity> {
    use nominee::Column;
    let list: RelationDef = nominee::Entity::belongs_to(submission::Entity)
        .from((Column::TenantId, Column::SubmissionId))
        .to((submission::Column::TenantId, submission::Column::Id))
        .into();
    let title: RelationDef = nominee::Entity::belongs_to(award_type::Entity)
        .from(Column::AwardTypeId)
        .to(award_type::Column::Id)
        .into();
    select
        .join(
            JoinType::InnerJoin,
            of_person::<nominee::Entity>(Column::TenantId, Column::SubjectId),
        )
        .join(JoinType::InnerJoin, list)
        .join(JoinType::InnerJoin, title)
        .filter(submission::Column::State.ne(submission::State::Rejected))
        .filter(submission::Column::Year.is_in(wanted.years()))
        .filter(award_type::Column::Code.is_in(codes()))
        .column_as(subject::Column::Id, "person")
        .column_as(submission::Column::Year, "year")
        .distinct()
}

fn codes() -> impl Iterator<Item = &'static str> {
    ADVANCED.into_iter().chain([FIGHTER])
}

/// The second reading of a comparison, which counts its rows.
const ALL: &str = "all_rows";

pub(super) fn places(
    select: Select<comparison_row::Entity>,
    wanted: &Wanted,
    tenant: Uuid,
) -> Select<comparison_row::Entity> {
    use comparison_row::{Column, Entity};
    let result: RelationDef = Entity::belongs_to(comparison::Entity)
        .from((Column::ClusterId, Column::ComparisonId))
        .to((comparison::Column::ClusterId, comparison::Column::Id))
        .into();
    let member: RelationDef = Entity::belongs_to(cluster_member::Entity)
        .from((Column::ClusterId, Column::MemberId))
        .to((cluster_member::Column::ClusterId, cluster_member::Column::Id))
        .into();
    let of: RelationDef =
        Entity::belongs_to(cluster::Entity).from(Column::ClusterId).to(cluster::Column::Id).into();
    let organiser: RelationDef = cluster::Entity::belongs_to(tenant::Entity)
        .from(cluster::Column::OrganiserId)
        .to(tenant::Column::Id)
        .into();
    let all: RelationDef = Entity::belongs_to(Entity)
        .from((Column::ClusterId, Column::ComparisonId))
        .to((Column::ClusterId, Column::ComparisonId))
        .into();
    let select = select
        .select_only()
        .join(JoinType::InnerJoin, result)
        .join(JoinType::InnerJoin, member)
        .join(JoinType::InnerJoin, of)
        .join(JoinType::InnerJoin, organiser)
        .join_as(JoinType::InnerJoin, all, ALL)
        .filter(Column::UnitId.is_in(wanted.places()))
        .filter(Column::Year.is_in(wanted.years()))
        .filter(comparison::Column::State.eq(comparison::State::Published))
        .filter(cluster_member::Column::TenantId.eq(tenant));
    shown(select)
}

fn shown(select: Select<comparison_row::Entity>) -> Select<comparison_row::Entity> {
    use comparison_row::Column;
    select
        .column_as(Column::UnitId, "unit")
        .column_as(Column::Year, "year")
        .column_as(Column::Rank, "place")
        .column_as(cluster::Column::Id, "cluster")
        .column_as(cluster::Column::Name, "cluster_name")
        .column_as(tenant::Column::Kind, "organiser")
        .column_as(Expr::col((ALL, Column::MemberId)).count(), "members")
        .group_by(Column::UnitId)
        .group_by(Column::Year)
        .group_by(Column::Rank)
        .group_by(Column::MemberId)
        .group_by(cluster::Column::Id)
        .group_by(cluster::Column::Name)
        .group_by(tenant::Column::Kind)
}
