//! What the law says of those who are proposed above, on the day of the letter and with what is recorded by then: what was
//! discovered since the appraisal stops it.
//! No rule is evaluated here, and what nobody can say yet passes.

use entity::{award_type, subject};
use sea_orm::{ColumnTrait, Condition};

use super::lines::Line;
use crate::access::Tx;
use crate::domain::award::{said, subject_missing};
use crate::domain::decision::{Wish, foresee};
use crate::domain::rule::Law;
use crate::error::{Error, Result};

/// Refuses a letter for somebody who is a name and no subject.
pub(super) fn demand_subjects(lines: &[Line]) -> Result<()> {
    match lines.iter().find(|line| line.nominee.subject_id.is_none()) {
        Some(line) => {
            Err(subject_missing(&line.nominee.name, said(&line.award), "input.id").into())
        }
        None => Ok(()),
    }
}

/// Refuses a letter where the law stands against somebody; the number of statements does not grow with them.
pub(super) async fn demand_lawful(
    tx: &Tx,
    law: Law,
    catalogue: &[award_type::Model],
    lines: &[Line],
) -> Result<()> {
    let tenant = tx.gate().actor()?.tenant;
    let ids = lines.iter().filter_map(|line| line.nominee.subject_id);
    let these = Condition::all().add(subject::Column::Id.is_in(ids));
    let subjects = tx.all_of::<subject::Entity>(tenant, these).await?;
    let wish = |line: &Line| -> Result<Wish> {
        let subject = subjects.iter().find(|row| Some(row.id) == line.nominee.subject_id).cloned();
        let subject = subject.ok_or_else(|| Error::broken("a nominee without subject"))?;
        let what = (subject, line.award.clone());
        Ok(Wish::of(&line.nominee, &line.submission, what, (tx.gate().new_id(), "input.id")))
    };
    let wishes = lines.iter().map(wish).collect::<Result<Vec<Wish>>>()?;
    let weighed = foresee(tx, law, catalogue, (&wishes, tx.gate().today())).await?;
    weighed.demand(&wishes, |_| true)
}
