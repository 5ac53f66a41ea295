//! Nominees whom the last round has not passed, where the rule leaves the choice to the one who decides.
//! No vote is counted here.

use async_graphql::{ID, InputObject};
use entity::{nominee, submission};

use super::vote::{Refused, Voted};
use crate::access::today;
use crate::domain::ballot::{Said, words};
use crate::domain::input;
use crate::domain::submission::Nominee;
use crate::error::{Code, Error, Fault, Result};
use crate::filter::input_id;
use crate::text::Language;

/// A nominee who is commended although the last round has not passed.
#[derive(InputObject)]
pub(crate) struct AuthorityChoiceInput {
    /// The nominee of one of the submissions.
    nominee_id: ID,
    /// Why, at most 300 characters, as it stands among the grounds of the decision.
    reason: String,
}

/// Most choices of one decision.
const MOST: usize = 50;

/// Those of the refused whom the one who decides takes all the same, and the grounds that say so.
pub(super) fn chosen(
    refused: &[Refused],
    choices: &[AuthorityChoiceInput],
) -> Result<(Vec<Voted>, Vec<String>)> {
    if choices.len() > MOST {
        let fault = Fault::at(Code::OutOfRange, "input.authorityChoices");
        return Err(fault.with("case", "COUNT").with("min", 0).with("max", MOST).into());
    }
    let (mut taken, mut grounds): (Vec<Voted>, Vec<String>) = (Vec::new(), Vec::new());
    for (index, choice) in choices.iter().enumerate() {
        let at = |field: &str| format!("input.authorityChoices.{index}.{field}");
        let id = input_id::<Nominee>(&choice.nominee_id, &at("nomineeId"))?;
        let reason = input::text(&choice.reason, &at("reason"), input::NAME)?;
        let found = refused.iter().find(|row| row.nominee.id == id);
        let found = found.ok_or_else(|| Error::not_found().at(&at("nomineeId")))?;
        if taken.iter().any(|row| row.nominee.id == id) {
            return Err(input::twice(&at("nomineeId")).into());
        }
        let Some(last) = &found.left_to_authority else {
            let fault = Fault::at(Code::WrongState, &at("nomineeId"));
            return Err(fault.with("state", "REFUSED_BY_COUNCIL").into());
        };
        grounds.push(ground(&found.nominee, last, &reason));
        taken.push(Voted {
            nominee: found.nominee.clone(),
            passed_as: Some(last.candidate),
            ballot_day: Some(last.day()),
        });
    }
    Ok((taken, grounds))
}

fn ground(nominee: &nominee::Model, last: &Said, reason: &str) -> String {
    let day = last.day().format("%d/%m/%Y");
    let verdict = words(&last.result, Language::Vi);
    format!(
        "{}: bỏ phiếu vòng {} ngày {day}, {verdict}; người có thẩm quyền quyết định: {reason}",
        nominee.name, last.round
    )
}

/// Refuses a decision that is older than a ballot it rests on or, where there was none, than the day on which the list was
/// sent.
pub(super) fn after_votes(
    left: &[Voted],
    lists: &[submission::Model],
    decided_on: chrono::NaiveDate,
) -> Result<()> {
    let sent = |row: &Voted| {
        let list = lists.iter().find(|list| list.id == row.nominee.submission_id);
        list.and_then(|list| list.sent_at).map(today)
    };
    match left.iter().filter_map(|row| row.ballot_day.or_else(|| sent(row))).max() {
        Some(day) if day > decided_on => {
            let fault = Fault::at(Code::OutOfRange, "input.paper.decidedOn");
            Err(fault.with("case", "LEAST").with("min", day).into())
        }
        Some(_) | None => Ok(()),
    }
}

/// What is said where nobody is left to be commended: a vote has refused them, an authority above has those of the lists,
/// or nobody was named.
pub(super) fn nobody(refused: &[Refused], lists: &[submission::Model]) -> Fault {
    let names: Vec<&str> = refused.iter().map(|row| row.nominee.name.as_str()).collect();
    if !names.is_empty() {
        let fault = Fault::at(Code::VoteNotPassed, "input.submissionIds");
        return fault.with("names", names.join(", "));
    }
    if lists.is_empty() {
        return Fault::at(Code::NoNominee, "input.awards").with("case", "DECISION");
    }
    Fault::at(Code::WrongState, "input.submissionIds").with("state", "SENT_ONWARD")
}
