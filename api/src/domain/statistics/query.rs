//! Reads of totals.
//! No arithmetic enters here: `fold` does it.

use std::collections::HashMap;

use async_graphql::{Context, ID, InputObject, Object};
use entity::award_cell::{self, Column};
use entity::award_type::{Family, Level};
use entity::nominee::SubjectKind;
use entity::subject::{LeadershipClass, Sex};
use entity::submission::CommendationType;
use entity::{award_type, cluster_member, tenant_lineage, unit, unit_above, unit_lineage};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::fold::{self, Cell, Lens};
use super::form::{self, AwardForm, AwardFormKind};
use super::restated::{Structure, continued, ends};
use super::{AwardAsOf, AwardDimension, AwardStatistics, AwardStructureMode};
use crate::access::{Act, Coverage, Gate};
use crate::domain::cluster::Cluster;
use crate::domain::tenant::Tenant;
use crate::domain::unit::Unit;
use crate::domain::{Ask, input};
use crate::error::Result;
use crate::filter::row_id;

/// Which awards are counted; all given conditions must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct AwardStatisticsWhere {
    /// Of this unit and those below it; of the whole tenant when absent.
    pub(super) within_unit: Option<ID>,
    /// Of the own units that are members of this cluster in any year; not together with `RESTATED`.
    pub(super) cluster_id: Option<ID>,
    /// Count no year before this one.
    pub(super) counting_from: Option<i32>,
    /// Count no year after this one.
    pub(super) counting_to: Option<i32>,
    /// Decided in this year or later.
    pub(super) decided_from: Option<i32>,
    /// Decided in this year or earlier.
    pub(super) decided_to: Option<i32>,
    /// Of these titles or forms, by code.
    pub(super) award_type_code: Option<Vec<String>>,
    /// Of these levels.
    pub(super) level: Option<Vec<Level>>,
    /// Of these families.
    pub(super) family: Option<Vec<Family>>,
    /// To these kinds of subjects.
    pub(super) subject_kind: Option<Vec<SubjectKind>>,
    /// By these types of commendation.
    pub(super) commendation_type: Option<Vec<CommendationType>>,
    /// To persons of this sex.
    pub(super) sex: Option<Sex>,
    /// To persons of these leadership classes.
    pub(super) leadership_class: Option<Vec<LeadershipClass>>,
    /// In these fields of activity.
    pub(super) field: Option<Vec<String>>,
    /// Given by this tenant.
    pub(super) issuer_tenant_id: Option<ID>,
}

impl AwardStatisticsWhere {
    /// The conditions but for those on units.
    fn condition(&self, types: &HashMap<Uuid, award_type::Model>) -> Condition {
        let mut all = Condition::all();
        for (year, column, is_least) in [
            (self.counting_from, Column::CountingFromYear, true),
            (self.counting_to, Column::CountingToYear, false),
            (self.decided_from, Column::DecidedYear, true),
            (self.decided_to, Column::DecidedYear, false),
        ] {
            let Some(year) = year else { continue };
            all = all.add(if is_least { column.gte(year) } else { column.lte(year) });
        }
        if self.award_type_code.is_some() || self.level.is_some() || self.family.is_some() {
            let is_meant = |row: &&award_type::Model| {
                holds(self.award_type_code.as_deref(), &row.code)
                    && holds(self.level.as_deref(), &row.level)
                    && holds(self.family.as_deref(), &row.family)
            };
            let meant: Vec<Uuid> = types.values().filter(is_meant).map(|row| row.id).collect();
            all = all.add(Column::AwardTypeId.is_in(meant));
        }
        if let Some(kinds) = &self.subject_kind {
            all = all.add(Column::SubjectKind.is_in(kinds.iter().copied()));
        }
        if let Some(kinds) = &self.commendation_type {
            all = all.add(Column::CommendationType.is_in(kinds.iter().copied()));
        }
        if let Some(sex) = self.sex {
            all = all.add(Column::Sex.eq(sex));
        }
        if let Some(classes) = &self.leadership_class {
            all = all.add(Column::LeadershipClass.is_in(classes.iter().copied()));
        }
        if let Some(fields) = &self.field {
            all = all.add(Column::Field.is_in(fields));
        }
        if let Some(tenant) = &self.issuer_tenant_id {
            let tenant = row_id::<Tenant>(tenant).unwrap_or_default();
            all = all.add(Column::IssuerTenantId.eq(tenant));
        }
        all
    }
}

fn holds<T: PartialEq>(wanted: Option<&[T]>, value: &T) -> bool {
    wanted.is_none_or(|wanted| wanted.contains(value))
}

/// Questions for numbers of awards.
#[derive(Default)]
pub struct StatisticsQuery;

/// Questions for numbers of awards.
#[Object]
impl StatisticsQuery {
    /// Awards of the current tenant that stand, counted: events (lượt) and distinct subjects, in all and by groups.
    /// It costs the same however much was awarded before. Who may not read the awards themselves is told no small
    /// numbers about people.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a question")]
    async fn award_statistics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which awards are counted.")] r#where: Option<AwardStatisticsWhere>,
        #[graphql(desc = "By what the groups are parted; no groups when absent.")] group_by: Option<
            Vec<AwardDimension>,
        >,
        #[graphql(desc = "How structure is taken that changed; as it was when absent.")]
        as_of: Option<AwardAsOf>,
    ) -> Result<AwardStatistics> {
        let gate = ctx.gate()?;
        let by = group_by.unwrap_or_default();
        let wanted = Wanted { r#where: r#where.unwrap_or_default(), by: &by, as_of };
        let types = types(gate).await?;
        let (cells, lens) = wanted.read(gate, &types).await?;
        fold::statistics(&cells, &lens)
    }

    /// A statutory form on awards of a year (Thông tư 02/2023/TT-BNV): every cell says by which conditions of
    /// `awards` its rows are found.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a question")]
    async fn award_form(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which form.")] form: AwardFormKind,
        #[graphql(desc = "Year of the decisions.")] year: i32,
        #[graphql(desc = "Of this unit and those below it; of the whole tenant when absent.")]
        within_unit: Option<ID>,
    ) -> Result<AwardForm> {
        let gate = ctx.gate()?;
        let year = input::year(year, "year")?;
        let r#where = AwardStatisticsWhere {
            within_unit,
            decided_from: Some(year),
            decided_to: Some(year),
            level: Some(form::levels(form)),
            ..AwardStatisticsWhere::default()
        };
        let wanted = Wanted { r#where, by: &[], as_of: None };
        let types = types(gate).await?;
        let (cells, lens) = wanted.read(gate, &types).await?;
        Ok(form::fill((form, year), &cells, &lens))
    }
}

async fn types(gate: &Gate) -> Result<HashMap<Uuid, award_type::Model>> {
    let rows = gate.catalogue::<award_type::Entity>()?.all().await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// A question for totals.
struct Wanted<'a> {
    r#where: AwardStatisticsWhere,
    by: &'a [AwardDimension],
    as_of: Option<AwardAsOf>,
}

impl Wanted<'_> {
    async fn read<'l>(
        &'l self,
        gate: &Gate,
        types: &'l HashMap<Uuid, award_type::Model>,
    ) -> Result<(Vec<Cell>, Lens<'l>)> {
        let top = self.top(gate).await?;
        let is_restated =
            self.as_of.is_some_and(|as_of| as_of.mode == AwardStructureMode::Restated);
        let (mut units, mut tenants) = (HashMap::new(), HashMap::new());
        let place = if is_restated {
            units = self.structure(gate).await?.within(top);
            tenants = self.tenants(gate).await?;
            let ids: Vec<Uuid> = units.keys().copied().collect();
            Condition::all().add(Column::UnitId.is_in(ids)).add(Column::IsSubtree.eq(false))
        } else {
            self.place(gate, top).await?
        };
        let cells = gate
            .rows::<award_cell::Entity>(Act::AwardStatisticsRead)?
            .filter(place)
            .filter(self.r#where.condition(types))
            .all_as::<Cell>()
            .await?;
        let is_protected = self.is_protected(gate, top).await?;
        Ok((cells, Lens { types, by: self.by, is_protected, units, tenants }))
    }

    /// The unit that is asked for, or the root of the tenant.
    async fn top(&self, gate: &Gate) -> Result<Uuid> {
        if let Some(unit) = &self.r#where.within_unit {
            return Ok(row_id::<Unit>(unit).unwrap_or_default());
        }
        let root = gate
            .rows::<unit::Entity>(Act::AwardStatisticsRead)?
            .filter(unit::Column::ParentId.is_null())
            .first()
            .await?;
        Ok(root.map(|row| row.id).unwrap_or_default())
    }

    /// Which totals tell about a unit as it was.
    async fn place(&self, gate: &Gate, top: Uuid) -> Result<Condition> {
        if let Some(cluster) = &self.r#where.cluster_id {
            let cluster = row_id::<Cluster>(cluster).unwrap_or_default();
            let own = Condition::all()
                .add(cluster_member::Column::ClusterId.eq(cluster))
                .add(cluster_member::Column::TenantId.eq(gate.actor()?.tenant));
            let seats = gate.rows::<cluster_member::Entity>(Act::ClusterRead)?.filter(own);
            let units: Vec<Uuid> =
                seats.all().await?.into_iter().filter_map(|seat| seat.unit_id).collect();
            return Ok(Condition::all()
                .add(Column::UnitId.is_in(units))
                .add(Column::IsSubtree.eq(true)));
        }
        if !self.by.contains(&AwardDimension::Unit) {
            return Ok(Condition::all()
                .add(Column::UnitId.eq(top))
                .add(Column::IsSubtree.eq(true)));
        }
        let own = Condition::all().add(Column::UnitId.eq(top)).add(Column::IsSubtree.eq(false));
        let below = Condition::all().add(Column::UnitId.ne(top)).add(Column::IsSubtree.eq(true));
        let near = gate.within(Column::UnitId, top, Some(1))?;
        Ok(near.add(Condition::any().add(own).add(below)))
    }

    async fn structure(&self, gate: &Gate) -> Result<Structure> {
        let day = self.day(gate);
        let pairs = gate.rows::<unit_above::Entity>(Act::AwardStatisticsRead)?.all().await?;
        let lines = gate
            .rows::<unit_lineage::Entity>(Act::AwardStatisticsRead)?
            .filter(unit_lineage::Column::EffectiveOn.lte(day))
            .all()
            .await?;
        Ok(Structure::new(pairs, &lines))
    }

    /// The tenants at the ends of the lines of those that are closed.
    async fn tenants(&self, gate: &Gate) -> Result<HashMap<Uuid, Vec<Uuid>>> {
        let lines = gate
            .catalogue::<tenant_lineage::Entity>()?
            .filter(tenant_lineage::Column::EffectiveOn.lte(self.day(gate)))
            .all()
            .await?;
        let after = continued(lines.iter().map(|it| (it.predecessor_id, it.successor_id)));
        let end = |before: &Uuid| (*before, ends(*before, &after).into_iter().collect());
        Ok(after.keys().map(end).collect())
    }

    fn day(&self, gate: &Gate) -> chrono::NaiveDate {
        let day = self.as_of.and_then(|as_of| as_of.date);
        day.map_or_else(|| gate.today(), |day| day.0)
    }

    /// Whether the caller may not read every award that is counted.
    async fn is_protected(&self, gate: &Gate, top: Uuid) -> Result<bool> {
        let actor = gate.actor()?;
        if actor.coverage(Act::AwardRead, Act::AwardStatisticsRead) == Coverage::Everything {
            return Ok(false);
        }
        if !actor.may(Act::AwardRead) || self.r#where.cluster_id.is_some() {
            return Ok(true);
        }
        let own = gate.rows::<unit::Entity>(Act::AwardRead)?;
        let own = own.filter(unit::Column::Id.eq(top)).count().await?;
        Ok(own == 0)
    }
}
