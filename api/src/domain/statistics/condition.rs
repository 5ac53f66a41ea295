//! Which awards are counted: conditions on totals, and the same on an award itself.
//! No SQL is run here.

use std::collections::HashMap;

use async_graphql::{ID, InputObject};
use entity::award_cell::Column;
use entity::award_type::{self, Family, Level};
use entity::nominee::SubjectKind;
use entity::subject::{LeadershipClass, Sex};
use entity::submission::CommendationType;
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::row::Row;
use super::span::Span;
use crate::domain::input;
use crate::domain::tenant::Tenant;
use crate::error::{Code, Fault, Result};
use crate::filter::row_id;
use crate::scalar::Date;

/// Which awards are counted; all given conditions must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct AwardStatisticsWhere {
    /// Of this unit and those below it; of the whole tenant when absent.
    pub(super) within_unit: Option<ID>,
    /// Of the own units that are members of this cluster, in the years of their membership (by the last year that
    /// an award counts).
    pub(super) cluster_id: Option<ID>,
    /// Count no year before this one.
    pub(super) counting_from: Option<i32>,
    /// Count no year after this one.
    pub(super) counting_to: Option<i32>,
    /// Decided in this year or later.
    pub(super) decided_from: Option<i32>,
    /// Decided in this year or earlier.
    pub(super) decided_to: Option<i32>,
    /// Decided on this day or later: any period, to the day.
    pub(super) decided_on_from: Option<Date>,
    /// Decided on this day or earlier.
    pub(super) decided_on_to: Option<Date>,
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
    /// To collectives that were enterprises (true) or were none (false); what is not known is neither.
    pub(super) enterprise: Option<bool>,
    /// In these fields of activity.
    pub(super) field: Option<Vec<String>>,
    /// Given by this tenant.
    pub(super) issuer_tenant_id: Option<ID>,
}

impl AwardStatisticsWhere {
    /// Refuses periods that end before they begin, and titles that nobody knows.
    pub(super) fn demand(&self, types: &HashMap<Uuid, award_type::Model>) -> Result<()> {
        input::years(self.counting_from, self.counting_to, "where.countingTo")?;
        input::years(self.decided_from, self.decided_to, "where.decidedTo")?;
        let days = (self.decided_on_from.map(|day| day.0), self.decided_on_to.map(|day| day.0));
        input::period(days.0, days.1, "where.decidedOnTo")?;
        let is_known = |code: &&String| types.values().any(|row| row.code == **code);
        let mut asked = self.award_type_code.iter().flatten();
        let Some(code) = asked.find(|code| !is_known(code)) else { return Ok(()) };
        Err(Fault::at(Code::AwardUnknown, "where.awardTypeCode").with("name", code).into())
    }

    /// The period of the decisions.
    pub(super) fn span(&self) -> Span {
        let days = (self.decided_on_from.map(|day| day.0), self.decided_on_to.map(|day| day.0));
        Span::new((self.decided_from, self.decided_to), days)
    }

    /// The conditions but for those on units and on the days of decision.
    pub(super) fn condition(&self, types: &HashMap<Uuid, award_type::Model>) -> Condition {
        let mut all = Condition::all();
        for (year, column, is_least) in [
            (self.counting_from, Column::CountingFromYear, true),
            (self.counting_to, Column::CountingToYear, false),
        ] {
            let Some(year) = year else { continue };
            all = all.add(if is_least { column.gte(year) } else { column.lte(year) });
        }
        if self.award_type_code.is_some() || self.level.is_some() || self.family.is_some() {
            // Wordings that are over stand under the latest one.
            let meant = types.iter().filter(|(_, row)| self.means(row)).map(|(id, _)| *id);
            let meant: Vec<Uuid> = meant.collect();
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
        if let Some(is_one) = self.enterprise {
            all = all.add(Column::Enterprise.eq(is_one));
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

    /// The same conditions on an award itself.
    pub(super) fn meets(&self, row: &Row, types: &HashMap<Uuid, award_type::Model>) -> bool {
        let is_within = self.counting_from.is_none_or(|year| row.counting_from_year >= year)
            && self.counting_to.is_none_or(|year| row.counting_to_year <= year);
        let is_given = types.get(&row.award_type_id).is_some_and(|it| self.means(it))
            && holds(self.commendation_type.as_deref(), &row.commendation_type)
            && self.issuer_tenant_id.as_ref().is_none_or(|tenant| {
                row.issuer_tenant_id == Some(row_id::<Tenant>(tenant).unwrap_or_default())
            });
        is_within && is_given && self.suits(row)
    }

    /// The conditions on who received it, and for what.
    fn suits(&self, row: &Row) -> bool {
        let is_class = |classes: &Vec<LeadershipClass>| {
            row.leadership_class.is_some_and(|class| classes.contains(&class))
        };
        let is_field =
            |fields: &Vec<String>| row.field.as_ref().is_some_and(|field| fields.contains(field));
        holds(self.subject_kind.as_deref(), &row.subject_kind)
            && self.sex.is_none_or(|sex| row.sex == Some(sex))
            && self.leadership_class.as_ref().is_none_or(is_class)
            && self.enterprise.is_none_or(|is_one| row.enterprise == Some(is_one))
            && self.field.as_ref().is_none_or(is_field)
    }

    /// Whether a title or form is meant.
    pub(super) fn means(&self, row: &award_type::Model) -> bool {
        holds(self.award_type_code.as_deref(), &row.code)
            && holds(self.level.as_deref(), &row.level)
            && holds(self.family.as_deref(), &row.family)
    }
}

fn holds<T: PartialEq>(wanted: Option<&[T]>, value: &T) -> bool {
    wanted.is_none_or(|wanted| wanted.contains(value))
}
