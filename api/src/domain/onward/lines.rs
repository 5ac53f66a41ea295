//! Who can be proposed to an authority above: nominees of approved submissions whose ballot has passed.
//! Nothing is written here.

use std::collections::{BTreeMap, HashSet};

use async_graphql::ID;
use chrono::NaiveDate;
use entity::onward_result::{self, Outcome};
use entity::submission::{self, State};
use entity::{award_type, nominee, onward, onward_nominee, onward_package};
use sea_orm::{ActiveEnum, ColumnTrait, Condition};
use uuid::Uuid;

use crate::access::{Tx, today};
use crate::domain::award::said;
use crate::domain::decision::{Voted, left_by_vote, vote_missing};
use crate::domain::input;
use crate::domain::submission::Nominee;
use crate::error::{Code, Error, Fault, Result};
use crate::filter::input_ids;

/// Most nominees of one proposal.
const MOST: usize = 100;

/// A nominee who can be proposed.
pub(super) struct Line {
    pub(super) nominee: nominee::Model,
    pub(super) submission: submission::Model,
    /// The title that the council has passed.
    pub(super) award: award_type::Model,
    /// The candidate under whose name it has passed.
    pub(super) passed_as: Uuid,
    /// The day on which that ballot was closed; else the one on which the submission was approved.
    ready_on: Option<NaiveDate>,
}

/// Where the input names them.
pub(super) const NAMED: &str = "input.nomineeIds";

/// Ids of nominees, each once.
pub(super) fn ids(wanted: &[ID]) -> Result<Vec<Uuid>> {
    let ids = input_ids::<Nominee>(wanted, NAMED)?;
    input::each_once(&ids, NAMED)?;
    if ids.is_empty() {
        return Err(Fault::at(Code::NoNominee, NAMED).with("case", "ONWARD").into());
    }
    if ids.len() > MOST {
        let fault = Fault::at(Code::OutOfRange, NAMED).with("case", "COUNT");
        return Err(fault.with("min", 1).with("max", MOST).into());
    }
    Ok(ids)
}

/// Whose list it is: the authority that decides, and the proposal itself where there is one already.
#[derive(Clone, Copy)]
pub(super) struct For<'a> {
    pub(super) authority: &'a str,
    pub(super) onward: Option<Uuid>,
    pub(super) path: &'a str,
}

impl For<'_> {
    /// Where one of them stands in the input; of a list that is kept, where the list is named.
    fn at(&self, ids: &[Uuid], one: Uuid) -> String {
        if self.path == NAMED { input::place(ids, one, NAMED) } else { self.path.to_owned() }
    }
}

/// The nominees in the order of the ids; refused where one cannot be proposed to the authority.
pub(super) async fn lines(
    tx: &Tx,
    ids: &[Uuid],
    catalogue: &[award_type::Model],
    of: For<'_>,
) -> Result<Vec<Line>> {
    let tenant = tx.gate().actor()?.tenant;
    let named = Condition::all().add(nominee::Column::Id.is_in(ids.iter().copied()));
    let rows = tx.all_of::<nominee::Entity>(tenant, named).await?;
    let these = rows.iter().map(|row| row.submission_id);
    let these = Condition::all().add(submission::Column::Id.is_in(these));
    let submissions = tx.all_of::<submission::Entity>(tenant, these).await?;
    let free = not_elsewhere(tx, (ids, &rows), of).await;
    let left = left_by_vote(tx, rows.clone(), &|row| of.at(ids, row.id)).await?;
    let mut lines = Vec::new();
    for id in ids {
        let path = of.at(ids, *id);
        let of = For { path: &path, ..of };
        let row = rows.iter().find(|row| row.id == *id);
        let row = row.ok_or_else(|| Error::not_found().at(of.path))?;
        let submission = submissions.iter().find(|known| known.id == row.submission_id);
        let submission = submission.ok_or_else(|| Error::not_found().at(of.path))?;
        let voted = left.iter().find(|voted| voted.nominee.id == row.id);
        lines.push(line((row, submission), voted, (tx, catalogue), of)?);
    }
    free?;
    Ok(lines)
}

fn line(
    (row, submission): (&nominee::Model, &submission::Model),
    voted: Option<&Voted>,
    (tx, catalogue): (&Tx, &[award_type::Model]),
    of: For<'_>,
) -> Result<Line> {
    if submission.state != State::Approved {
        let fault = Fault::at(Code::WrongState, of.path).with("case", "SUBMISSION");
        return Err(fault.with("state", submission.state.to_value()).into());
    }
    let award_type_id = voted.map_or(row.award_type_id, |voted| voted.nominee.award_type_id);
    let award = catalogue.iter().find(|award| award.id == award_type_id);
    let award = award.ok_or_else(|| Error::broken("a nominee without award type"))?;
    let Some(passed_as) = voted.and_then(|voted| voted.passed_as) else {
        let on = (tx.gate().today(), of.path);
        return Err(vote_missing((&row.name, award), on).into());
    };
    // A tenant's own title goes no further than the tenant.
    if award.tenant_id.is_some() || award.decided_by.split('|').all(|known| known != of.authority) {
        return Err(Fault::at(Code::NotTheAuthority, of.path).about(said(award)).into());
    }
    let approved = submission.decided_at.or(submission.sent_at).map(today);
    let ready_on = voted.and_then(|voted| voted.ballot_day).or(approved);
    let (nominee, submission) = (row.clone(), submission.clone());
    Ok(Line { nominee, submission, award: award.clone(), passed_as, ready_on })
}

/// Refuses a letter that is older than what it sends, or than an earlier letter of the same proposal.
pub(super) fn demand_day(
    tx: &Tx,
    date: NaiveDate,
    (lines, packages): (&[Line], &[onward_package::Model]),
) -> Result<()> {
    let ready = lines.iter().filter_map(|line| line.ready_on);
    let first = ready.chain(packages.iter().map(|package| package.letter_date)).max();
    match first.filter(|first| date < *first) {
        Some(first) => {
            let fault = Fault::at(Code::OutOfRange, "input.letterDate");
            Err(fault.with("min", first).with("max", tx.gate().today()).into())
        }
        None => Ok(()),
    }
}

/// Nobody is proposed twice, unless the authority has refused him before.
async fn not_elsewhere(
    tx: &Tx,
    (ids, rows): (&[Uuid], &[nominee::Model]),
    of: For<'_>,
) -> Result<()> {
    let tenant = tx.gate().actor()?.tenant;
    let named = Condition::all().add(onward_nominee::Column::NomineeId.is_in(ids.iter().copied()));
    let known = tx.all_of::<onward_nominee::Entity>(tenant, named).await?;
    let others: Vec<_> = known.iter().filter(|row| Some(row.onward_id) != of.onward).collect();
    if others.is_empty() {
        return Ok(());
    }
    let these = others.iter().map(|row| row.onward_id);
    let refused = Condition::all()
        .add(onward_result::Column::OnwardId.is_in(these))
        .add(onward_result::Column::Outcome.eq(Outcome::Refused));
    let refused = tx.all_of::<onward_result::Entity>(tenant, refused).await?;
    let is_refused = |row: &&onward_nominee::Model| {
        refused.iter().any(|it| it.onward_id == row.onward_id && it.position == row.position)
    };
    let Some(found) = others.into_iter().find(|row| !is_refused(row)) else { return Ok(()) };
    let this = Condition::all().add(onward::Column::Id.eq(found.onward_id));
    let proposal = tx.all_of::<onward::Entity>(tenant, this).await?.pop();
    let proposal = proposal.ok_or_else(|| Error::broken("a nominee of no proposal"))?;
    let named = rows.iter().find(|row| row.id == found.nominee_id);
    Err(Fault::at(Code::AlreadyExists, &of.at(ids, found.nominee_id))
        .with("case", "ONWARD")
        .with("nominee", named.map(|row| row.name.as_str()).unwrap_or_default())
        .with("number", format!("{}/{}", proposal.number, proposal.year))
        .with("title", proposal.title)
        .into())
}

/// The submissions of which nobody is left here once a list is sent: everyone else is proposed above already, or a
/// council has refused him. While a vote on one is open, he waits.
pub(super) async fn spent(tx: &Tx, lines: &[Line]) -> Result<Vec<submission::Model>> {
    let tenant = tx.gate().actor()?.tenant;
    let of: BTreeMap<Uuid, &submission::Model> =
        lines.iter().map(|line| (line.submission.id, &line.submission)).collect();
    let these = nominee::Column::SubmissionId.is_in(of.keys().copied());
    let everyone = tx.all_of::<nominee::Entity>(tenant, Condition::all().add(these)).await?;
    let these = onward_nominee::Column::SubmissionId.is_in(of.keys().copied());
    let listed = tx.all_of::<onward_nominee::Entity>(tenant, Condition::all().add(these)).await?;
    let these = Condition::all()
        .add(onward::Column::Id.is_in(listed.iter().map(|row| row.onward_id)))
        .add(onward::Column::Packages.gt(0));
    let sent = tx.all_of::<onward::Entity>(tenant, these).await?;
    let is_sent = |id: Uuid| sent.iter().any(|row| row.id == id);
    let mut above: HashSet<Uuid> = lines.iter().map(|line| line.nominee.id).collect();
    above.extend(listed.iter().filter(|row| is_sent(row.onward_id)).map(|row| row.nominee_id));
    let others: Vec<_> = everyone.into_iter().filter(|row| !above.contains(&row.id)).collect();
    let of_all: HashSet<Uuid> = others.iter().map(|row| row.submission_id).collect();
    let left: HashSet<Uuid> = match left_by_vote(tx, others, &|_| NAMED.to_owned()).await {
        Ok(left) => left.into_iter().map(|voted| voted.nominee.submission_id).collect(),
        Err(Error::Fault(_)) => of_all,
        Err(broken) => return Err(broken),
    };
    Ok(of.into_iter().filter(|(id, _)| !left.contains(id)).map(|(_, row)| row.clone()).collect())
}

/// The list of a proposal, in order.
pub(super) async fn listed(tx: &Tx, onward: &onward::Model) -> Result<Vec<onward_nominee::Model>> {
    let of_it = Condition::all().add(onward_nominee::Column::OnwardId.eq(onward.id));
    let mut rows = tx.all_of::<onward_nominee::Entity>(onward.tenant_id, of_it).await?;
    rows.sort_by_key(|row| row.position);
    Ok(rows)
}

/// The packages of a proposal, oldest first.
pub(super) async fn packages(
    tx: &Tx,
    onward: &onward::Model,
) -> Result<Vec<onward_package::Model>> {
    let of_it = Condition::all().add(onward_package::Column::OnwardId.eq(onward.id));
    let mut rows = tx.all_of::<onward_package::Entity>(onward.tenant_id, of_it).await?;
    rows.sort_by_key(|row| row.number);
    Ok(rows)
}
