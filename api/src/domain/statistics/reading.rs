//! Reads of totals, and of the rows that totals cannot tell apart.
//! No arithmetic enters here: `fold` does it.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use entity::award_cell::{self, Column};
use entity::{award, award_type, cluster_member, tenant_lineage, unit, unit_above, unit_lineage};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::condition::AwardStatisticsWhere;
use super::fold::{Cell, Lens};
use super::restated::{Stay, Structure, continued, ends};
use super::row::{self, Undone};
use super::span::{Plan, Span};
use super::{AwardAsOf, AwardDimension, AwardStructureMode};
use crate::access::{Act, Coverage, Gate};
use crate::domain::cluster::Cluster;
use crate::domain::unit::Unit;
use crate::error::Result;
use crate::filter::row_id;

type Types = HashMap<Uuid, award_type::Model>;

/// A question for totals.
pub(super) struct Wanted<'a> {
    pub(super) r#where: AwardStatisticsWhere,
    pub(super) by: &'a [AwardDimension],
    pub(super) as_of: Option<AwardAsOf>,
}

/// What is read: of which units, and of which days.
struct Part<'a> {
    top: Uuid,
    plan: &'a Plan,
    lens: &'a Lens<'a>,
    /// Whether the units are known that count.
    is_placed: bool,
}

impl Wanted<'_> {
    pub(super) async fn read<'l>(
        &'l self,
        gate: &Gate,
        types: &'l Types,
    ) -> Result<(Vec<Cell>, Lens<'l>)> {
        let found = self.top(gate).await?;
        let (top, is_blind) = (found.unwrap_or_default(), found.is_none());
        let span = self.span(gate);
        let is_by_month = self.by.contains(&AwardDimension::Month);
        if is_by_month {
            span.demand_months()?;
        }
        let undone = match span.known {
            Some(day) => Undone::read(gate, day).await?,
            None => Undone::default(),
        };
        let plan = span.plan(is_by_month, undone.touched());
        let is_protected = is_blind || self.is_protected(gate, top).await?;
        let mut lens = self.lens(types, top, (is_protected, is_blind));
        let is_by_unit = self.by.contains(&AwardDimension::Unit) && plan.has_rows();
        let is_placed = self.is_unit_by_unit() || is_by_unit || !undone.is_empty();
        if is_placed {
            self.place_units(gate, top, &mut lens).await?;
        }
        let part = Part { top, plan: &plan, lens: &lens, is_placed };
        let mut cells = self.totals(gate, &part, undone.touched()).await?;
        cells.extend(self.rows(gate, &part, undone).await?);
        if self.r#where.cluster_id.is_some() {
            cells.retain(|cell| lens.is_in_cluster(cell));
        }
        Ok((cells, lens))
    }

    fn lens<'l>(
        &'l self,
        types: &'l Types,
        top: Uuid,
        (is_protected, is_blind): (bool, bool),
    ) -> Lens<'l> {
        Lens {
            types,
            by: self.by,
            top,
            is_protected,
            is_blind,
            units: HashMap::new(),
            tenants: HashMap::new(),
            stays: HashMap::new(),
        }
    }

    /// Where units count.
    async fn place_units(&self, gate: &Gate, top: Uuid, lens: &mut Lens<'_>) -> Result<()> {
        let structure = self.structure(gate).await?;
        lens.units = structure.within(top);
        if self.is_restated() {
            lens.tenants = self.tenants(gate).await?;
        }
        if self.is_by_cluster() {
            lens.stays = structure.stays(&self.seats(gate).await?);
        }
        Ok(())
    }

    /// The totals of the years that are whole.
    async fn totals(
        &self,
        gate: &Gate,
        part: &Part<'_>,
        touched: &super::span::Touched,
    ) -> Result<Vec<Cell>> {
        let Some(span) = part.plan.totals(touched) else { return Ok(Vec::new()) };
        let place = if self.is_unit_by_unit() {
            let own = Condition::all().add(Column::IsSubtree.eq(false));
            own.add(self.under(gate, Column::UnitId, part)?)
        } else {
            self.place(gate, part.top)?
        };
        gate.rows::<award_cell::Entity>(Act::AwardStatisticsRead)?
            .filter(place)
            .filter(span)
            .filter(self.r#where.condition(part.lens.types))
            .all_as::<Cell>()
            .await
    }

    /// The awards at the edges of the period, and of the years in which something is undone.
    async fn rows(&self, gate: &Gate, part: &Part<'_>, undone: Undone) -> Result<Vec<Cell>> {
        let mut now = Vec::new();
        if let Some(span) = part.plan.rows(undone.touched()) {
            let under = self.under(gate, award::Column::UnitId, part)?;
            now = row::standing(gate, Condition::all().add(span).add(under)).await?;
        }
        // What is undone may have lain elsewhere then.
        let is_under = |unit: &Uuid| !part.is_placed || part.lens.units.contains_key(unit);
        let rows = undone.rows(now).into_iter().filter(|row| {
            is_under(&row.unit_id)
                && part.plan.takes(row.decided_on, row.counting_to_year)
                && self.r#where.meets(row, part.lens.types)
        });
        rows.map(row::Row::cell).collect()
    }

    /// What lies at or below the unit that is asked for; restated, with what it continues.
    fn under(&self, gate: &Gate, unit: impl ColumnTrait, part: &Part<'_>) -> Result<Condition> {
        if !self.is_restated() {
            return gate.within(unit, part.top, None);
        }
        Ok(Condition::all().add(unit.is_in(part.lens.units.keys().copied())))
    }

    fn is_restated(&self) -> bool {
        self.as_of.is_some_and(|as_of| as_of.mode == AwardStructureMode::Restated)
    }

    fn is_by_cluster(&self) -> bool {
        self.r#where.cluster_id.is_some() || self.by.contains(&AwardDimension::Cluster)
    }

    /// Whether the totals of units without those below them are read, to be put together otherwise.
    fn is_unit_by_unit(&self) -> bool {
        self.is_restated() || self.is_by_cluster()
    }

    /// The period of decisions, as it is known on the day that is asked for.
    pub(super) fn span(&self, gate: &Gate) -> Span {
        Span { known: self.known(gate), ..self.r#where.span() }
    }

    /// The past day of which the registry is asked for.
    fn known(&self, gate: &Gate) -> Option<NaiveDate> {
        let day = self.as_of.and_then(|as_of| as_of.date).map(|day| day.0);
        day.filter(|day| *day < gate.today())
    }

    /// The first and the last day of a year, so far as it is asked for.
    pub(super) fn days(&self, gate: &Gate, year: i32) -> (NaiveDate, NaiveDate) {
        let day = |month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
        let end = day(12, 31);
        (day(1, 1), self.known(gate).filter(|known| known.year() == year).unwrap_or(end))
    }

    /// The unit that is asked for, or the root of the tenant; none where the caller is told no numbers of it, as of one
    /// that is not there.
    async fn top(&self, gate: &Gate) -> Result<Option<Uuid>> {
        let which = match &self.r#where.within_unit {
            Some(unit) => unit::Column::Id.eq(row_id::<Unit>(unit).unwrap_or_default()),
            None => unit::Column::ParentId.is_null(),
        };
        let rows = gate.rows::<unit::Entity>(Act::AwardStatisticsRead)?.filter(which);
        Ok(rows.first().await?.map(|row| row.id))
    }

    /// Which totals tell about a unit as it was.
    fn place(&self, gate: &Gate, top: Uuid) -> Result<Condition> {
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

    /// Units as they continue each other; as it was, none continues another.
    async fn structure(&self, gate: &Gate) -> Result<Structure> {
        let pairs = gate.rows::<unit_above::Entity>(Act::AwardStatisticsRead)?.all().await?;
        if !self.is_restated() {
            return Ok(Structure::new(pairs, &[]));
        }
        let lines = gate
            .rows::<unit_lineage::Entity>(Act::AwardStatisticsRead)?
            .filter(unit_lineage::Column::EffectiveOn.lte(self.units_on(gate)))
            .all()
            .await?;
        Ok(Structure::new(pairs, &lines))
    }

    /// The seats of own units in clusters that the caller may read.
    async fn seats(&self, gate: &Gate) -> Result<HashMap<Uuid, Vec<Stay>>> {
        let own = cluster_member::Column::TenantId.eq(gate.actor()?.tenant);
        let mut seats = gate.rows::<cluster_member::Entity>(Act::ClusterRead)?.filter(own);
        if let Some(cluster) = &self.r#where.cluster_id {
            let cluster = row_id::<Cluster>(cluster).unwrap_or_default();
            seats = seats.filter(cluster_member::Column::ClusterId.eq(cluster));
        }
        let mut stays: HashMap<Uuid, Vec<Stay>> = HashMap::new();
        for seat in seats.all().await? {
            let Some(unit) = seat.unit_id else { continue };
            stays.entry(unit).or_default().push(Stay {
                cluster: seat.cluster_id,
                first: seat.valid_from.year(),
                last: seat.valid_to.map(|day| day.year()),
            });
        }
        Ok(stays)
    }

    /// The tenants at the ends of the lines of those that are closed.
    async fn tenants(&self, gate: &Gate) -> Result<HashMap<Uuid, Vec<Uuid>>> {
        let lines = gate
            .catalogue::<tenant_lineage::Entity>()?
            .filter(tenant_lineage::Column::EffectiveOn.lte(self.units_on(gate)))
            .all()
            .await?;
        let after = continued(lines.iter().map(|it| (it.predecessor_id, it.successor_id)));
        let end = |before: &Uuid| (*before, ends(*before, &after).into_iter().collect());
        Ok(after.keys().map(end).collect())
    }

    fn units_on(&self, gate: &Gate) -> NaiveDate {
        let day = self.as_of.and_then(|as_of| as_of.units_on);
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
