//! The ledger of quotas: reserved when a submission is sent, consumed when it is approved, released otherwise.
//! No caller's question enters here.

use std::collections::HashMap;

use entity::eligibility_rule::Severity;
use entity::quota::{self, Base};
use entity::quota_entry::{self, State};
use entity::{award_type, nominee, quota_waiver, submission, unit};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use super::rules;
use crate::access::{Act, Gate, Tx};
use crate::domain::input;
use crate::error::{Code, Error, Fault, Result};

/// What counts as advanced labour.
const ADVANCED: [&str; 2] = ["ADVANCED_LABOURER", "ADVANCED_SOLDIER"];

/// How one quota stands for one submission.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub(super) quota: quota::Model,
    pub(super) base: i32,
    pub(super) limit: i32,
    pub(super) waived: i32,
    /// By other submissions of the unit in the year.
    pub(super) taken: i32,
    /// By this one.
    pub(super) asked: Vec<String>,
    pub(super) over: i32,
}

/// The rows from which standings are made; each is read by one statement.
pub(super) struct Books {
    pub(super) quotas: Vec<quota::Model>,
    pub(super) entries: Vec<quota_entry::Model>,
    pub(super) waivers: Vec<quota_waiver::Model>,
    pub(super) nominees: Vec<nominee::Model>,
    /// Nominees for advanced labour of the unit in the year, by submission.
    pub(super) advanced: i32,
}

/// Quotas in force today, and codes of titles by id; read before the transaction, which waits for no second
/// connection.
pub(in crate::domain) struct Rulebook {
    codes: HashMap<Uuid, String>,
}

/// Reads what a transaction needs of the catalogue.
pub(in crate::domain) async fn rulebook(gate: &Gate) -> Result<Rulebook> {
    let rows = gate.catalogue::<award_type::Entity>()?.all().await?;
    Ok(Rulebook { codes: rows.into_iter().map(|row| (row.id, row.code)).collect() })
}

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
        S::Approved => mark(tx, after, State::Consumed).await,
        S::Recalled | S::Returned | S::Rejected => mark(tx, after, State::Released).await,
        S::Draft | S::Sent | S::Received | S::Appraised => Ok(()),
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
    let books = books(tx, of, (quotas, book)).await?;
    for standing in standings(&books, of, (place.kind, book)) {
        if standing.over > 0 && standing.quota.severity == Severity::Block {
            return Err(exceeded(&standing).into());
        }
        put(tx, of, &standing).await?;
    }
    Ok(())
}

fn exceeded(standing: &Standing) -> Fault {
    let over = usize::try_from(standing.over).unwrap_or_default();
    let names: Vec<_> = standing.asked.iter().rev().take(over).cloned().collect();
    Fault::at(Code::QuotaExceeded, "input.id")
        .with("award", &standing.quota.award_type_code)
        .with("limit", standing.limit.saturating_add(standing.waived))
        .with("over", standing.over)
        .with("names", names.join(", "))
}

async fn books(
    tx: &Tx,
    of: &submission::Model,
    (quotas, book): (Vec<quota::Model>, &Rulebook),
) -> Result<Books> {
    let of_unit = Condition::all()
        .add(quota_entry::Column::UnitId.eq(of.unit_id))
        .add(quota_entry::Column::Year.eq(of.year));
    let entries = tx.all_of::<quota_entry::Entity>(of.tenant_id, of_unit).await?;
    let of_unit = Condition::all()
        .add(quota_waiver::Column::UnitId.eq(of.unit_id))
        .add(quota_waiver::Column::Year.eq(of.year));
    let waivers = tx.all_of::<quota_waiver::Entity>(of.tenant_id, of_unit).await?;
    let of_it = Condition::all().add(nominee::Column::SubmissionId.eq(of.id));
    let nominees = tx.all_of::<nominee::Entity>(of.tenant_id, of_it).await?;
    let advanced = advanced(tx, of, book).await?;
    Ok(Books { quotas, entries, waivers, nominees, advanced })
}

/// How many the unit proposes for advanced labour in the year, with this submission.
async fn advanced(tx: &Tx, of: &submission::Model, book: &Rulebook) -> Result<i32> {
    use submission::{Column, State as S};
    let sent = [S::Sent, S::Received, S::Appraised, S::Approved];
    let standing = Condition::any().add(Column::State.is_in(sent)).add(Column::Id.eq(of.id));
    let of_unit = Condition::all()
        .add(Column::UnitId.eq(of.unit_id))
        .add(Column::Year.eq(of.year))
        .add(standing);
    let ids = tx.all_of::<submission::Entity>(of.tenant_id, of_unit).await?;
    let ids = ids.into_iter().map(|row| row.id);
    let types = book.codes.iter().filter(|(_, code)| ADVANCED.contains(&code.as_str()));
    let theirs = Condition::all()
        .add(nominee::Column::SubmissionId.is_in(ids))
        .add(nominee::Column::AwardTypeId.is_in(types.map(|(id, _)| *id)));
    let rows = tx.all_of::<nominee::Entity>(of.tenant_id, theirs).await?;
    Ok(i32::try_from(rows.len()).unwrap_or(i32::MAX))
}

fn standings(
    books: &Books,
    of: &submission::Model,
    (kind, book): (unit::Kind, &Rulebook),
) -> Vec<Standing> {
    let quotas = books.quotas.iter().filter(|row| rules::is_for(row, kind));
    quotas.filter_map(|row| standing(books, of, (row, book))).collect()
}

/// None where the submission asks for nothing of it.
fn standing(
    books: &Books,
    of: &submission::Model,
    (row, book): (&quota::Model, &Rulebook),
) -> Option<Standing> {
    let is_meant = |it: &&nominee::Model| {
        book.codes.get(&it.award_type_id) == Some(&row.award_type_code)
            && row.subject_kind.is_none_or(|kind| kind == it.kind)
    };
    let asked: Vec<_> = books.nominees.iter().filter(is_meant).map(|it| it.name.clone()).collect();
    if asked.is_empty() {
        return None;
    }
    let base = match row.base {
        Base::Count => 0,
        Base::Advanced => books.advanced,
        Base::Nominees => i32::try_from(books.nominees.len()).unwrap_or(i32::MAX),
    };
    let taken = books.entries.iter().filter(|it| {
        it.quota_id == row.id && it.submission_id != of.id && it.state != State::Released
    });
    let taken = taken.fold(0_i32, |sum, it| sum.saturating_add(it.amount));
    let waived = books.waivers.iter().filter(|it| it.quota_id == row.id);
    let waived = waived.fold(0_i32, |sum, it| sum.saturating_add(it.extra));
    let limit = rules::limit(row, base);
    let number = i32::try_from(asked.len()).unwrap_or(i32::MAX);
    let over = rules::over(limit, waived, taken, number);
    Some(Standing { quota: row.clone(), base, limit, waived, taken, asked, over })
}

/// Reserves; a submission that was sent before takes its old entry again.
async fn put(tx: &Tx, of: &submission::Model, standing: &Standing) -> Result<()> {
    use quota_entry::{Column, Entity};
    let amount = i32::try_from(standing.asked.len()).unwrap_or(i32::MAX);
    let this = Condition::all()
        .add(Column::SubmissionId.eq(of.id))
        .add(Column::QuotaId.eq(standing.quota.id));
    if let Some(row) = tx.all_of::<Entity>(of.tenant_id, this).await?.into_iter().next() {
        let mut again = row.clone().into_active_model();
        again.amount = Set(amount);
        // A draft may be of another year than when it was sent before.
        again.year = Set(of.year);
        again.state = Set(State::Reserved);
        tx.save::<Entity>(&row, again).await?;
        return Ok(());
    }
    let row = quota_entry::ActiveModel {
        tenant_id: Set(of.tenant_id),
        id: Set(tx.gate().new_id()),
        quota_id: Set(standing.quota.id),
        unit_id: Set(of.unit_id),
        year: Set(of.year),
        submission_id: Set(of.id),
        amount: Set(amount),
        state: Set(State::Reserved),
        version: Set(1),
    };
    tx.add::<Entity>(row).await.map(drop)
}

async fn mark(tx: &Tx, of: &submission::Model, state: State) -> Result<()> {
    use quota_entry::{Column, Entity};
    let reserved =
        Condition::all().add(Column::SubmissionId.eq(of.id)).add(Column::State.eq(State::Reserved));
    for row in tx.all_of::<Entity>(of.tenant_id, reserved).await? {
        let mut marked = row.clone().into_active_model();
        marked.state = Set(state);
        tx.save::<Entity>(&row, marked).await?;
    }
    Ok(())
}

/// How the quotas of a submission stand, read outside a transaction.
pub(super) async fn preview(gate: &Gate, of: &submission::Model) -> Result<Vec<Standing>> {
    let book = rulebook(gate).await?;
    let in_force = input::in_force(quota::Column::ValidFrom, quota::Column::ValidTo, gate.today());
    let quotas = gate.rows::<quota::Entity>(Act::QuotaRead)?.filter(in_force).all().await?;
    let Some(place) = gate.load::<unit::Entity>(of.unit_id).await? else { return Ok(vec![]) };
    let entries = gate.rows::<quota_entry::Entity>(Act::SubmissionRead)?;
    let entries = entries
        .filter(quota_entry::Column::UnitId.eq(of.unit_id))
        .filter(quota_entry::Column::Year.eq(of.year))
        .all()
        .await?;
    let waivers = gate.rows::<quota_waiver::Entity>(Act::SubmissionRead)?;
    let waivers = waivers
        .filter(quota_waiver::Column::UnitId.eq(of.unit_id))
        .filter(quota_waiver::Column::Year.eq(of.year))
        .all()
        .await?;
    let nominees = gate.rows::<nominee::Entity>(Act::SubmissionRead)?;
    let nominees = nominees.filter(nominee::Column::SubmissionId.eq(of.id)).all().await?;
    let advanced = advanced_rows(gate, of, &book).await?;
    let books = Books { quotas, entries, waivers, nominees, advanced };
    Ok(standings(&books, of, (place.kind, &book)))
}

async fn advanced_rows(gate: &Gate, of: &submission::Model, book: &Rulebook) -> Result<i32> {
    use submission::{Column, State as S};
    let sent = [S::Sent, S::Received, S::Appraised, S::Approved];
    let standing = Condition::any().add(Column::State.is_in(sent)).add(Column::Id.eq(of.id));
    let rows = gate.rows::<submission::Entity>(Act::SubmissionRead)?;
    let rows = rows.filter(Column::UnitId.eq(of.unit_id)).filter(Column::Year.eq(of.year));
    let ids = rows.filter(standing).all().await?.into_iter().map(|row| row.id);
    let types = book.codes.iter().filter(|(_, code)| ADVANCED.contains(&code.as_str()));
    let rows = gate.rows::<nominee::Entity>(Act::SubmissionRead)?;
    let count = rows
        .filter(nominee::Column::SubmissionId.is_in(ids))
        .filter(nominee::Column::AwardTypeId.is_in(types.map(|(id, _)| *id)))
        .count()
        .await?;
    Ok(i32::try_from(count).unwrap_or(i32::MAX))
}
