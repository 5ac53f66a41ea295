//! The years over which the achievements of a nominee count: that of the submission, or several up to it.
//! No award is given here.

use entity::{award_type, submission};

use crate::domain::award::is_of_one_year;
use crate::domain::input;
use crate::error::{Code, Fault, Result};

/// The first year that counts, as it is said of a nominee: none after that of the submission, and none before it for a
/// title that is given for one year.
pub(super) fn counting_from(
    from: Option<i32>,
    (of, award): (&submission::Model, &award_type::Model),
    path: &str,
) -> Result<Option<i32>> {
    let Some(from) = from else { return Ok(None) };
    let from = input::year(from, path)?;
    let is_single = is_of_one_year(award, of.commendation_type);
    if from == of.year || (from < of.year && !is_single) {
        return Ok(Some(from));
    }
    let first = if is_single { of.year } else { input::FIRST_YEAR };
    Err(Fault::at(Code::OutOfRange, path).with("min", first).with("max", of.year).into())
}
