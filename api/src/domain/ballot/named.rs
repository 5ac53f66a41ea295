//! Whom a council votes on for a title of the State level: a subject, not a name alone.
//! No rule of the law is asked here.

use entity::{candidate, nominee};

use crate::domain::award::subject_missing;
use crate::error::Result;
use crate::reference;

/// Refuses a name without a subject for a title of the State: nothing that is recorded could stand against it, here or above.
pub(super) fn demand_subjects(
    candidates: &[candidate::Model],
    nominees: &[nominee::Model],
) -> Result<()> {
    let is_name = |row: &candidate::Model| {
        nominees.iter().any(|it| Some(it.id) == row.nominee_id && it.subject_id.is_none())
    };
    for row in candidates {
        let code = row.award_code.as_deref().filter(|code| reference::is_of_state(code));
        if let Some(code) = code.filter(|_| is_name(row)) {
            return Err(subject_missing(&row.name, (code, code), "input.itemId").into());
        }
    }
    Ok(())
}
