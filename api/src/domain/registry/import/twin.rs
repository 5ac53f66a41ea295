//! A row that is in the registry already: which award it is.
//! Whether it is taken once more is not judged here.

use entity::award;

use super::reading::Reading;
use crate::domain::award::said;
use crate::domain::registry::correction::known;
use crate::error::Fault;

/// Whether two rows say the same of the same subject, or of as many in the same unit where nobody is named.
pub(super) fn is_twin(one: &award::Model, other: &award::Model) -> bool {
    let said = |it: &award::Model| {
        let years = (it.counting_from_year, it.counting_to_year);
        (years, it.commendation_type, it.achieved_on, it.decided_on)
    };
    let is_same = match (one.subject_id, other.subject_id) {
        (Some(one), Some(other)) => one == other,
        (None, None) => is_same_number(one, other),
        (Some(_), None) | (None, Some(_)) => false,
    };
    is_same
        && one.award_type_code == other.award_type_code
        && one.decision_label == other.decision_label
        && said(one) == said(other)
}

/// Whether two numbers are of the same people, as far as is recorded.
fn is_same_number(one: &award::Model, other: &award::Model) -> bool {
    let who = |it: &award::Model| (it.unit_id, it.subject_kind, it.events, it.movement_years);
    let what = |it: &award::Model| {
        (it.sex, it.leadership_class, it.direct_worker, it.manager, it.enterprise)
    };
    who(one) == who(other) && what(one) == what(other) && one.field == other.field
}

/// What tells that a row is there, and names the award.
pub(super) fn fault(found: &award::Model, reading: &Reading<'_>) -> Fault {
    let holder = if found.subject_id.is_some() {
        found.subject_name_as_recorded.clone()
    } else {
        format!("{} ({})", reading.unit.name, found.events)
    };
    known(found, (said(reading.award_type), &holder), &reading.at("awardType"))
}
