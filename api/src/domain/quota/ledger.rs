//! The ledger of quotas until a submission is decided: reserved when it is sent, released when it comes back.
//! No decision enters here, and no caller's question.

use std::collections::{HashMap, HashSet};

use entity::eligibility_rule::Severity;
use entity::quota;
use entity::quota_entry::{self, State};
use entity::{submission, unit};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use super::books::{Asking, Books, Line, Places, Reader, Rulebook, SENT, Standing, number};
use crate::access::{Act, Gate, Tx};
use crate::domain::input;
use crate::error::{Code, Error, Fault, Result};

/// Takes from the quotas what a submission asks for, or gives it back, as its new state says.
pub(in crate::domain) async fn settle(
    tx: &Tx,
    (before, after): (&submission::Model, &submission::Model),
    book: Option<&Rulebook>,
) -> Result<()> {
    use submission::State as S;
    match after.state {
        S::Sent if before.state != S::Sent => {
            let book = book.ok_or_else(|| Error::broken("sent without the rulebook"))?;
            reserve(tx, after, book).await
        }
        S::Recalled | S::Returned | S::Rejected => release(tx, after).await,
        S::Draft | S::Sent | S::Received | S::Appraised | S::Approved => Ok(()),
    }
}

async fn reserve(tx: &Tx, of: &submission::Model, book: &Rulebook) -> Result<()> {
    let today = tx.gate().today();
    let in_force = input::in_force(quota::Column::ValidFrom, quota::Column::ValidTo, today);
    let quotas = tx.all::<quota::Entity>(Act::QuotaRead, in_force).await?;
    if quotas.is_empty() {
        return Ok(());
    }
    // Senders of one unit stand in line: what is left is counted by one at a time.
    tx.stand_in_line("quota", of.unit_id).await?;
    let place = tx.one::<unit::Entity>(Act::UnitRead, of.unit_id).await?;
    let places = Places::of(std::slice::from_ref(of));
    let books = Books::read(Reader::Whole(tx), &places, (quotas, book)).await?;
    for standing in books.standings(&asking(of, &place)) {
        demand(&standing, "input.id")?;
        put(tx, of, &standing).await?;
    }
    Ok(())
}

fn asking<'a>(of: &submission::Model, unit: &'a unit::Model) -> Asking<'a> {
    let commendation = of.commendation_type;
    Asking { unit, year: of.year, commendation, submission: Some(of.id) }
}

/// Refuses what is over a quota that does not only warn.
pub(super) fn demand(standing: &Standing, path: &str) -> Result<()> {
    match over(standing, path) {
        Some(fault) => Err(fault.into()),
        None => Ok(()),
    }
}

/// What is said where more is asked for than a quota allows that does not only warn. A share of what nobody knows is shown,
/// and refuses nobody.
fn over(standing: &Standing, path: &str) -> Option<Fault> {
    if standing.over <= 0 || standing.quota.severity != Severity::Block {
        return None;
    }
    let over = usize::try_from(standing.over).unwrap_or_default();
    let names: Vec<_> = standing.asked.iter().rev().take(over).cloned().collect();
    let limit = standing.limit.unwrap_or_default();
    let fault = Fault::at(Code::QuotaExceeded, path)
        .about((&standing.said.0, &standing.said.1))
        .with("limit", limit.saturating_add(standing.waived))
        .with("over", standing.over)
        .with("names", names.join(", "));
    Some(fault)
}

/// Reserves; a submission that was sent before takes its old entry again.
async fn put(tx: &Tx, of: &submission::Model, standing: &Standing) -> Result<()> {
    use quota_entry::{Column, Entity};
    let amount = number(standing.asked.len());
    // What a decision has answered stays as it is.
    let this = Condition::all()
        .add(Column::SubmissionId.eq(of.id))
        .add(Column::QuotaId.eq(standing.quota.id))
        .add(Column::DecisionId.is_null());
    let at = Some(tx.gate().now());
    if let Some(row) = tx.all_of::<Entity>(of.tenant_id, this).await?.into_iter().next() {
        let mut again = row.clone().into_active_model();
        again.amount = Set(amount);
        // A draft may be of another year than when it was sent before.
        again.year = Set(of.year);
        again.state = Set(State::Reserved);
        again.at = Set(at);
        tx.save::<Entity>(&row, again).await?;
        return Ok(());
    }
    let row = quota_entry::ActiveModel {
        tenant_id: Set(of.tenant_id),
        id: Set(tx.gate().new_id()),
        quota_id: Set(standing.quota.id),
        unit_id: Set(of.unit_id),
        year: Set(of.year),
        submission_id: Set(Some(of.id)),
        amount: Set(amount),
        state: Set(State::Reserved),
        version: Set(1),
        decision_id: Set(None),
        at: Set(at),
        award_id: Set(None),
    };
    tx.add::<Entity>(row).await.map(drop)
}

async fn release(tx: &Tx, of: &submission::Model) -> Result<()> {
    use quota_entry::{Column, Entity};
    let reserved =
        Condition::all().add(Column::SubmissionId.eq(of.id)).add(Column::State.eq(State::Reserved));
    let at = Some(tx.gate().now());
    let released = |row: quota_entry::Model| {
        let released = quota_entry::Model { state: State::Released, at, ..row.clone() };
        (row, released)
    };
    let rows = tx.all_of::<Entity>(of.tenant_id, reserved).await?;
    tx.save_many::<Entity>(rows.into_iter().map(released).collect()).await
}

/// How the quotas of a submission stand, read outside a transaction.
pub(super) async fn preview(gate: &Gate, of: &submission::Model) -> Result<Vec<Standing>> {
    let mut found = standings(gate, std::slice::from_ref(of), in_force(gate).await?).await?;
    Ok(found.remove(&of.id).unwrap_or_default())
}

/// What would refuse the sending of each of some submissions now, in as many statements for many of them as for one; none is
/// read where no quota refuses anybody.
pub(in crate::domain) async fn exceeded(
    gate: &Gate,
    these: &[submission::Model],
) -> Result<HashMap<Uuid, Fault>> {
    if these.is_empty() {
        return Ok(HashMap::new());
    }
    let mut quotas = in_force(gate).await?;
    quotas.retain(|row| row.severity == Severity::Block);
    if quotas.is_empty() {
        return Ok(HashMap::new());
    }
    let found = standings(gate, these, quotas).await?.into_iter();
    let refused = |(id, standings): (Uuid, Vec<Standing>)| {
        let fault = standings.iter().find_map(|standing| over(standing, "input.id"))?;
        Some((id, fault))
    };
    Ok(found.filter_map(refused).collect())
}

async fn in_force(gate: &Gate) -> Result<Vec<quota::Model>> {
    let today = gate.today();
    let in_force = input::in_force(quota::Column::ValidFrom, quota::Column::ValidTo, today);
    gate.rows::<quota::Entity>(Act::QuotaRead)?.filter(in_force).all().await
}

/// How the quotas stand for each of some submissions as if it were the only one that is asked about. Nothing is told of one
/// whose unit the caller may not read.
async fn standings(
    gate: &Gate,
    these: &[submission::Model],
    quotas: Vec<quota::Model>,
) -> Result<HashMap<Uuid, Vec<Standing>>> {
    let book = super::rulebook(gate).await?;
    let units: HashSet<Uuid> = these.iter().map(|of| of.unit_id).collect();
    let units = gate.rows::<unit::Entity>(Act::UnitRead)?.filter(unit::Column::Id.is_in(units));
    let units = units.all().await?;
    let mut books = Books::read(Reader::Seen(gate), &Places::of(these), (quotas, &book)).await?;
    let mut unsent = unsent(&mut books, these);
    let mut found = HashMap::new();
    for of in these {
        let Some(place) = units.iter().find(|unit| unit.id == of.unit_id) else { continue };
        let others = books.lines.len();
        books.lines.extend(unsent.remove(&of.id).unwrap_or_default());
        found.insert(of.id, books.standings(&asking(of, place)));
        books.lines.truncate(others);
    }
    Ok(found)
}

/// Takes out of the books what is proposed by those of the submissions that are not sent: it counts for themselves alone.
fn unsent(books: &mut Books, these: &[submission::Model]) -> HashMap<Uuid, Vec<Line>> {
    let is_unsent = |id: &Uuid| these.iter().any(|of| of.id == *id && !SENT.contains(&of.state));
    let mut unsent: HashMap<Uuid, Vec<Line>> = HashMap::new();
    for line in std::mem::take(&mut books.lines) {
        match line.submission.filter(is_unsent) {
            Some(id) => unsent.entry(id).or_default().push(line),
            None => books.lines.push(line),
        }
    }
    unsent
}
