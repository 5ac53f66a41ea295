//! Of what a quota is a share: what is recorded, and what the registers say; none where nobody knows.
//! No query enters here.

use entity::nominee::SubjectKind;
use entity::quota::{self, Base};
use entity::{quota_basis, subject, unit, year_record};
use uuid::Uuid;

use super::books::Books;
use crate::text::Language;

/// Numbers about units, read for all of them at once.
#[derive(Default)]
pub(super) struct Numbers {
    /// Those recorded for quotas, oldest first.
    pub(super) recorded: Vec<quota_basis::Model>,
    /// The units themselves as collectives.
    pub(super) collectives: Vec<subject::Model>,
    /// What the years say of these collectives.
    pub(super) years: Vec<year_record::Model>,
    /// Units one step below.
    pub(super) below: Vec<unit::Model>,
}

/// Whether a base is read from numbers about units.
pub(super) fn is_number(base: Base) -> bool {
    match base {
        Base::Staff | Base::Departments | Base::Participants => true,
        Base::Count | Base::Advanced | Base::Nominees => false,
    }
}

impl Numbers {
    /// The number recorded last.
    fn recorded(
        &self,
        (unit, year): (Uuid, i32),
        (base, kind): (Base, Option<SubjectKind>),
    ) -> Option<i32> {
        let is_it = |row: &&quota_basis::Model| {
            (row.unit_id, row.year) == (unit, year) && (row.base, row.subject_kind) == (base, kind)
        };
        self.recorded.iter().rfind(is_it).map(|row| row.number)
    }

    /// The members of the unit in its record of the year.
    fn members(&self, unit: Uuid, year: i32) -> Option<i32> {
        let itself = self.collectives.iter().find(|row| row.unit_id == unit)?;
        let is_it = |row: &&year_record::Model| row.subject_id == itself.id && row.year == year;
        self.years.iter().find(is_it)?.members_total
    }

    /// How many units stand one step below; none where nobody has entered any.
    fn departments(&self, unit: Uuid) -> Option<i32> {
        let below = self.below.iter().filter(|row| row.parent_id == Some(unit)).count();
        i32::try_from(below).ok().filter(|count| *count > 0)
    }
}

impl Books {
    /// What the share is taken of; none where the number is not known, which is never taken for nothing.
    pub(super) fn base(&self, row: &quota::Model, (unit, year): (Uuid, i32)) -> Option<i32> {
        let place = (unit, year);
        match row.base {
            Base::Count => Some(0),
            Base::Advanced => Some(self.advanced(place)),
            Base::Nominees => Some(self.nominees(place, row.subject_kind)),
            Base::Staff => {
                let recorded = self.numbers.recorded(place, (Base::Staff, None));
                recorded.or_else(|| self.numbers.members(unit, year))
            }
            Base::Departments => {
                let recorded = self.numbers.recorded(place, (Base::Departments, None));
                recorded.or_else(|| self.numbers.departments(unit))
            }
            Base::Participants => {
                self.numbers.recorded(place, (Base::Participants, row.subject_kind))
            }
        }
    }
}

/// Why a base is not known, in words.
pub(super) fn why_unknown(base: Base, language: Language) -> &'static str {
    match (base, language) {
        (Base::Staff, Language::Vi) => {
            "Chưa ghi nhận số biên chế của đơn vị trong năm: chưa tính được chỉ tiêu, cần kiểm tra."
        }
        (Base::Staff, Language::En) => {
            "The staff of the unit is not recorded for the year: the quota cannot be reckoned and has to be checked."
        }
        (Base::Departments, Language::Vi) => {
            "Chưa ghi nhận số phòng, ban của đơn vị: chưa tính được chỉ tiêu, cần kiểm tra."
        }
        (Base::Departments, Language::En) => {
            "The departments of the unit are not recorded: the quota cannot be reckoned and has to be checked."
        }
        (Base::Participants, Language::Vi) => {
            "Chưa ghi nhận số tham gia phong trào của đơn vị trong năm: chưa tính được chỉ tiêu, cần kiểm tra."
        }
        (Base::Participants, Language::En) => {
            "Those who took part in movements of the unit are not recorded for the year: the quota cannot be reckoned and has to be checked."
        }
        (Base::Count | Base::Advanced | Base::Nominees, Language::Vi) => "Chưa xác định.",
        (Base::Count | Base::Advanced | Base::Nominees, Language::En) => "Not known.",
    }
}
