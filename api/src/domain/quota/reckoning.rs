//! How quotas stand for those who are asked for, reckoned from the rows that were read.
//! No query enters here.

use entity::submission::CommendationType;
use entity::{quota, quota_entry, unit};
use uuid::Uuid;

use super::books::{Books, Line, number};
use super::rules;

/// Whose places are asked for.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) unit: &'a unit::Model,
    pub(super) year: i32,
    pub(super) commendation: CommendationType,
    /// None where a decision gives without one.
    pub(super) submission: Option<Uuid>,
}

/// How one quota stands for those who are asked for.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub(super) quota: quota::Model,
    /// The title in a message, in Vietnamese and in English.
    pub(super) said: (String, String),
    /// None where it is not known.
    pub(super) base: Option<i32>,
    /// None where the base is not known.
    pub(super) limit: Option<i32>,
    pub(super) waived: i32,
    /// By others of the unit in the year.
    pub(super) taken: i32,
    /// By these.
    pub(super) asked: Vec<String>,
    /// Nobody where it only counts.
    pub(super) over: i32,
}

impl Books {
    /// How every quota stands that counts something of what is asked for.
    pub(super) fn standings(&self, asking: &Asking<'_>) -> Vec<Standing> {
        let is_meant = |row: &&quota::Model| {
            rules::is_for(row, (asking.unit.id, asking.unit.kind))
                && rules::counts(row, (self.on, asking.year))
                && row.commendation_type.is_none_or(|meant| meant == asking.commendation)
        };
        let quotas = self.quotas.iter().filter(is_meant);
        quotas.filter_map(|row| self.standing(asking, row)).collect()
    }

    /// None where nothing is asked of it.
    fn standing(&self, asking: &Asking<'_>, row: &quota::Model) -> Option<Standing> {
        let place = (asking.unit.id, asking.year);
        let is_asked = |it: &&Line| {
            it.submission == asking.submission
                && (it.unit, it.year) == place
                && it.commendation == asking.commendation
                && it.code == row.award_type_code
                && row.subject_kind.is_none_or(|kind| kind == it.kind)
        };
        let asked: Vec<_> = self.lines.iter().filter(is_asked).map(|it| it.name.clone()).collect();
        if asked.is_empty() {
            return None;
        }
        let is_other = |it: &quota_entry::Model| {
            it.submission_id.is_none() || it.submission_id != asking.submission
        };
        Some(self.stands((row, place), asked, is_other))
    }

    /// How a quota stands in a unit and a year for these, beside what is taken by those who are meant.
    pub(super) fn stands(
        &self,
        (row, place): (&quota::Model, (Uuid, i32)),
        asked: Vec<String>,
        is_other: impl Fn(&quota_entry::Model) -> bool,
    ) -> Standing {
        let base = self.base(row, place);
        let limit = base.map(|base| rules::limit(row, base));
        let (waived, taken) = (self.waived(row, place), self.taken(row, place, is_other));
        let over = |limit| rules::over(limit, waived, taken, number(asked.len()));
        let over = limit.filter(|_| self.binds(row, place)).map_or(0, over);
        let said = self.said(&row.award_type_code);
        Standing { quota: row.clone(), said, base, limit, waived, taken, asked, over }
    }

    /// Whether a quota says how many there may be: it is in force for the year, and the unit has none of its own that is.
    fn binds(&self, row: &quota::Model, (unit, year): (Uuid, i32)) -> bool {
        let when = (self.on, year);
        let is_instead = |other: &quota::Model| {
            rules::goes_before(other, row, unit) && rules::is_in_force(other, when)
        };
        rules::is_in_force(row, when) && !self.quotas.iter().any(is_instead)
    }
}
