//! Which unit of the tenant gave a title of units, where nobody has written that down.
//! No tenant is asked for here.

use chrono::NaiveDate;
use entity::award_type::{self, Family};
use entity::unit::{self, Kind};

use super::names::in_words;
use super::plan::Known;
use crate::domain::award::deciders;
use crate::domain::decision::fits;
use crate::text::search_form;

/// Words of letters that tell the kind of the unit whose head gave it.
const WORDS: [(&str, Kind); 5] = [
    ("sở", Kind::Department),
    ("văn phòng", Kind::Office),
    ("xã", Kind::Commune),
    ("phường", Kind::Ward),
    ("đặc khu", Kind::SpecialZone),
];

/// A title as a row has it, and the days on which it may have been decided.
pub(super) struct Given<'a> {
    pub(super) award_type: &'a award_type::Model,
    pub(super) written: &'a str,
    pub(super) days: (NaiveDate, NaiveDate),
}

impl Given<'_> {
    /// The next unit, at or above that of the subject, whose head decides the title; none where none was there.
    pub(super) fn by<'a>(
        &self,
        known: &'a Known,
        subject: &'a unit::Model,
    ) -> Option<&'a unit::Model> {
        let worded = self.worded();
        std::iter::successors(Some(subject), |unit| known.parent(unit)).find(|unit| {
            self.decides(unit)
                && self.is_there(unit)
                && (worded.is_empty() || worded.contains(&unit.kind))
        })
    }

    fn decides(&self, unit: &unit::Model) -> bool {
        // A division within a body is no legal person: whoever heads the body decides for it.
        let is_part = unit.kind == Kind::Division;
        let is_root = unit.parent_id.is_none();
        !is_part && deciders(self.award_type).iter().any(|it| fits(*it, unit.kind, is_root))
    }

    fn is_there(&self, unit: &unit::Model) -> bool {
        let (first, last) = self.days;
        unit.valid_from <= last && unit.valid_to.is_none_or(|end| first <= end)
    }

    /// The kinds of those who decide that a letter itself names; none where it leaves that open.
    fn worded(&self) -> Vec<Kind> {
        if self.award_type.family != Family::CommendationLetter {
            return Vec::new();
        }
        let written = in_words(self.award_type, self.written.to_owned());
        let written = format!(" {} ", search_form(&written));
        let holds = |words: &str| written.contains(&format!(" {} ", search_form(words)));
        // A rank is that of several kinds.
        if holds("cấp") {
            return Vec::new();
        }
        let deciders = deciders(self.award_type);
        let is_decider = |kind: Kind| deciders.iter().any(|it| fits(*it, kind, false));
        let named = WORDS.iter().filter(|named| holds(named.0)).map(|named| named.1);
        named.filter(|kind| is_decider(*kind)).collect()
    }
}
