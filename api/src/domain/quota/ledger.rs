//! The ledger of quotas: reserved when a submission is sent, consumed when it is decided, released otherwise; what a
//! decision gives without a submission is consumed at once.
//! No caller's question enters here.

use std::collections::BTreeSet;

use entity::eligibility_rule::Severity;
use entity::nominee::SubjectKind;
use entity::quota;
use entity::quota_entry::{self, State};
use entity::submission::CommendationType;
use entity::{decision, submission, unit};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveEnum, ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use super::books::{Asking, Books, Line, Places, Reader, Rulebook, Standing, Who, number};
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
        S::Recalled | S::Returned | S::Rejected => mark(tx, after, (State::Released, None)).await,
        S::Draft | S::Sent | S::Received | S::Appraised | S::Approved => Ok(()),
    }
}

/// A decision answers a submission: what it reserved is used up.
pub(in crate::domain) async fn consume(
    tx: &Tx,
    of: &submission::Model,
    by: &decision::Model,
) -> Result<()> {
    mark(tx, of, (State::Consumed, Some(by.id))).await
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
    let books = Books::read(Reader::Whole(tx), &Places::of(of), (quotas, book)).await?;
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

/// Refuses what is over a quota that does not only warn. A share of what nobody knows is shown, and refuses nobody.
fn demand(standing: &Standing, path: &str) -> Result<()> {
    if standing.over <= 0 || standing.quota.severity != Severity::Block {
        return Ok(());
    }
    let over = usize::try_from(standing.over).unwrap_or_default();
    let names: Vec<_> = standing.asked.iter().rev().take(over).cloned().collect();
    let limit = standing.limit.unwrap_or_default();
    Err(Fault::at(Code::QuotaExceeded, path)
        .with("award", &standing.quota.award_type_code)
        .with("limit", limit.saturating_add(standing.waived))
        .with("over", standing.over)
        .with("names", names.join(", "))
        .into())
}

/// Somebody whom a decision commends without a submission.
pub(in crate::domain) struct Direct {
    pub(in crate::domain) unit: Uuid,
    pub(in crate::domain) year: i32,
    pub(in crate::domain) commendation: CommendationType,
    pub(in crate::domain) kind: SubjectKind,
    pub(in crate::domain) subject: Uuid,
    pub(in crate::domain) name: String,
    pub(in crate::domain) code: String,
}

impl Direct {
    fn is_of(&self, row: &quota::Model) -> bool {
        self.code == row.award_type_code && row.subject_kind.is_none_or(|kind| kind == self.kind)
    }
}

impl From<Direct> for Line {
    fn from(direct: Direct) -> Self {
        let Direct { unit, year, commendation, kind, subject, name, code } = direct;
        let who = Who::Known(subject);
        Self { unit, year, submission: None, commendation, kind, who, name, code }
    }
}

/// Takes from the quotas of the day of a decision what it gives without a submission: from those of the units of the
/// ones it commends. The number of statements does not grow with them, but for the line in which writers of each unit
/// stand.
pub(in crate::domain) async fn take(
    tx: &Tx,
    by: &decision::Model,
    (given, book): (Vec<Direct>, &Rulebook),
) -> Result<()> {
    use quota::Column::{ValidFrom, ValidTo};
    if given.is_empty() {
        return Ok(());
    }
    let in_force = input::in_force(ValidFrom, ValidTo, by.decided_on);
    let quotas = tx.all_of::<quota::Entity>(by.tenant_id, in_force).await?;
    let has_quota = |it: &&Direct| quotas.iter().any(|row| it.is_of(row));
    let units: BTreeSet<Uuid> = given.iter().filter(has_quota).map(|it| it.unit).collect();
    if units.is_empty() {
        return Ok(());
    }
    for unit in &units {
        tx.stand_in_line("quota", *unit).await?;
    }
    let these = Condition::all().add(unit::Column::Id.is_in(units.iter().copied()));
    let rows = tx.all_of::<unit::Entity>(by.tenant_id, these).await?;
    let years: BTreeSet<i32> = given.iter().map(|it| it.year).collect();
    let places = Places {
        units: units.into_iter().collect(),
        years: years.into_iter().collect(),
        submission: None,
    };
    let mut books = Books::read(Reader::Whole(tx), &places, (quotas, book)).await?;
    books.lines.extend(given.into_iter().map(Line::from));
    let entries = used_up(tx, by, (&mut books, &rows))?;
    tx.add_many::<quota_entry::Entity>(entries).await
}

/// The entries of what a decision gives, one group of a unit, a year and a type of commendation after the other: what
/// one takes is taken for the next.
fn used_up(
    tx: &Tx,
    by: &decision::Model,
    (books, units): (&mut Books, &[unit::Model]),
) -> Result<Vec<quota_entry::Model>> {
    let direct = books.lines.iter().filter(|line| line.submission.is_none());
    let mut groups: Vec<_> = direct.map(|line| (line.unit, line.year, line.commendation)).collect();
    groups.sort_by_key(|(unit, year, commendation)| (*unit, *year, commendation.to_value()));
    groups.dedup();
    let mut entries = Vec::new();
    for (unit, year, commendation) in groups {
        let Some(unit) = units.iter().find(|row| row.id == unit) else { continue };
        let asking = Asking { unit, year, commendation, submission: None };
        for standing in books.standings(&asking) {
            demand(&standing, "input.awards")?;
            let entry = quota_entry::Model {
                tenant_id: by.tenant_id,
                id: tx.gate().new_id(),
                quota_id: standing.quota.id,
                unit_id: unit.id,
                year,
                submission_id: None,
                amount: number(standing.asked.len()),
                state: State::Consumed,
                version: 1,
                decision_id: Some(by.id),
                at: Some(tx.gate().now()),
            };
            books.entries.push(entry.clone());
            entries.push(entry);
        }
    }
    Ok(entries)
}

/// Reserves; a submission that was sent before takes its old entry again.
async fn put(tx: &Tx, of: &submission::Model, standing: &Standing) -> Result<()> {
    use quota_entry::{Column, Entity};
    let amount = number(standing.asked.len());
    let this = Condition::all()
        .add(Column::SubmissionId.eq(of.id))
        .add(Column::QuotaId.eq(standing.quota.id));
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
    };
    tx.add::<Entity>(row).await.map(drop)
}

async fn mark(tx: &Tx, of: &submission::Model, (state, by): (State, Option<Uuid>)) -> Result<()> {
    use quota_entry::{Column, Entity};
    let reserved =
        Condition::all().add(Column::SubmissionId.eq(of.id)).add(Column::State.eq(State::Reserved));
    for row in tx.all_of::<Entity>(of.tenant_id, reserved).await? {
        let mut marked = row.clone().into_active_model();
        marked.state = Set(state);
        marked.decision_id = Set(by);
        marked.at = Set(Some(tx.gate().now()));
        tx.save::<Entity>(&row, marked).await?;
    }
    Ok(())
}

/// How the quotas of a submission stand, read outside a transaction.
pub(super) async fn preview(gate: &Gate, of: &submission::Model) -> Result<Vec<Standing>> {
    let book = super::rulebook(gate).await?;
    let in_force = input::in_force(quota::Column::ValidFrom, quota::Column::ValidTo, gate.today());
    let quotas = gate.rows::<quota::Entity>(Act::QuotaRead)?.filter(in_force).all().await?;
    let Some(place) = gate.load::<unit::Entity>(of.unit_id).await? else { return Ok(vec![]) };
    let books = Books::read(Reader::Seen(gate), &Places::of(of), (quotas, &book)).await?;
    Ok(books.standings(&asking(of, &place)))
}
