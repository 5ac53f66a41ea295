//! What the law says of older records: warnings, and nothing else.
//! No row is taken or left out here.

use chrono::NaiveDate;
use entity::{award, award_type, subject};

use super::answer::AwardRowResult;
use super::plan::{Known, Plan};
use crate::access::Tx;
use crate::domain::award::said;
use crate::domain::rule::{Asked, Bar, Law};
use crate::error::{Code, Fault, Result};

/// Warns of every row that the law stood against on the day it was decided; all rows of an import know of each other.
pub(super) async fn warn(
    tx: &Tx,
    law: Law,
    (catalogue, known, plan): (&[award_type::Model], &Known, &Plan),
    results: &mut [AwardRowResult],
) -> Result<()> {
    let is_named =
        |row: &&subject::Model| plan.awards.iter().any(|it| it.subject_id == Some(row.id));
    let subjects = known.subjects.iter().chain(&plan.subjects).filter(is_named);
    let subjects: Vec<subject::Model> = subjects.cloned().collect();
    if subjects.is_empty() {
        return Ok(());
    }
    let of = |award: &award::Model| {
        let subject = subjects.iter().find(|row| award.subject_id == Some(row.id))?;
        Some(asked(award, subject))
    };
    let all: Vec<Asked> = plan.awards.iter().filter_map(of).collect();
    let mut bar = Bar::of(tx, law, (catalogue, &subjects), &all).await?;
    plan.awards.iter().for_each(|award| bar.add(award));
    for (index, result) in results.iter_mut().enumerate() {
        let Some(award) = &result.award else { continue };
        let subject = subjects.iter().find(|row| award.subject_id == Some(row.id));
        let Some(subject) = subject else { continue };
        let judged = bar.judge(subject, &asked(award, subject), Some(award.id));
        if let Some(it) = judged.check.refused_by() {
            let title = catalogue.iter().find(|row| row.id == award.award_type_id);
            let code = award.award_type_code.as_str();
            let fault =
                Fault::at(Code::EligibilityFailed, &format!("input.rows.{index}.awardType"))
                    .with("nominee", &subject.name)
                    .about(title.map_or((code, code), said))
                    .with("rule_vi", &it.rule.name_vi)
                    .with("rule_en", &it.rule.name_en)
                    .with("citation", it.cited())
                    .with("count", 1);
            result.warn(&fault);
        }
    }
    Ok(())
}

/// The question as it stood on the day of the decision; on the last day that counts where none is recorded.
fn asked(award: &award::Model, subject: &subject::Model) -> Asked {
    let last = NaiveDate::from_ymd_opt(award.counting_to_year, 12, 31).unwrap_or_default();
    let day = award.decided_on.unwrap_or(last);
    Asked {
        subject: subject.id,
        award: award.award_type_code.clone(),
        year: award.counting_to_year,
        commendation: award.commendation_type,
        achieved_on: award.achieved_on,
        received_on: day,
        decided_on: day,
    }
}
