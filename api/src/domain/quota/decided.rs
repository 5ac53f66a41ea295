//! The ledger of quotas when a decision is made: of what a submission has reserved, what is given is consumed and the
//! rest comes back; what is given beside it is taken of what is left.
//! No vote is counted here, and no caller's question enters.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::nominee::SubjectKind;
use entity::quota;
use entity::quota_entry::{self, State};
use entity::submission::CommendationType;
use entity::{decision, submission, unit};
use sea_orm::{ActiveEnum, ColumnTrait, Condition};
use uuid::Uuid;

use super::books::{Books, Line, Places, Reader, Rulebook, Who, number};
use super::ledger::demand;
use super::reckoning::Asking;
use super::rules::{self, Answers, Parts};
use crate::access::Tx;
use crate::error::Result;

/// A nominee of a submission whom a decision answers.
pub(in crate::domain) struct Answered {
    pub(in crate::domain) submission: Uuid,
    pub(in crate::domain) kind: SubjectKind,
    pub(in crate::domain) name: String,
    /// Code of the title he was proposed for.
    pub(in crate::domain) proposed: String,
    /// Code of the title he is given; none where he is given nothing.
    pub(in crate::domain) given: Option<String>,
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

/// What a decision says, as far as quotas depend on it.
pub(in crate::domain) struct Decided<'a> {
    pub(in crate::domain) submissions: &'a [submission::Model],
    pub(in crate::domain) answered: Vec<Answered>,
    pub(in crate::domain) direct: Vec<Direct>,
    /// Whether it is decided here; what an authority elsewhere has decided is written down as it is.
    pub(in crate::domain) is_own: bool,
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
        Self { unit, year, submission: None, nominee: None, commendation, kind, who, name, code }
    }
}

impl Answered {
    fn is_moved(&self) -> bool {
        self.given.as_ref() != Some(&self.proposed)
    }

    /// Whether a quota has to do with him.
    pub(super) fn is_about(&self, row: &quota::Model) -> bool {
        let code = &row.award_type_code;
        *code == self.proposed || self.given.as_ref() == Some(code)
    }
}

/// The quotas of a tenant on the day of a decision.
pub(super) struct Quotas {
    pub(super) every: Vec<quota::Model>,
    pub(super) day: NaiveDate,
}

impl Quotas {
    /// Whether one counts what the decision gives for a year.
    fn counts(&self, row: &quota::Model, year: i32) -> bool {
        rules::counts(row, (self.day, year))
    }

    /// Those that count something for one of these years.
    pub(super) fn of(&self, years: &[i32]) -> Vec<quota::Model> {
        let is_one = |row: &&quota::Model| years.iter().any(|year| self.counts(row, *year));
        self.every.iter().filter(is_one).cloned().collect()
    }

    /// The units of whose places something is given or comes back.
    fn units(&self, decided: &Decided<'_>) -> BTreeSet<Uuid> {
        let is_about = |it: &&Answered| self.every.iter().any(|row| it.is_about(row));
        let these: BTreeSet<Uuid> =
            decided.answered.iter().filter(is_about).map(|it| it.submission).collect();
        let submissions = decided.submissions.iter().filter(|row| these.contains(&row.id));
        let takes =
            |it: &&Direct| self.every.iter().any(|row| it.is_of(row) && self.counts(row, it.year));
        let direct = decided.direct.iter().filter(takes);
        submissions.map(|row| row.unit_id).chain(direct.map(|it| it.unit)).collect()
    }
}

/// What a decision leaves of one quota for one submission.
pub(super) struct Share<'a> {
    pub(super) quota: &'a quota::Model,
    pub(super) of: &'a submission::Model,
    /// What the submission has reserved of it.
    entry: Option<&'a quota_entry::Model>,
    parts: Parts,
    /// Who needs a place beside the reserved ones.
    pub(super) beyond: Vec<String>,
}

/// Writes into the ledger what a decision gives. The number of statements grows neither with the people, nor with the
/// submissions it answers, nor with their quotas.
pub(in crate::domain) async fn decide(
    tx: &Tx,
    by: &decision::Model,
    (decided, book): (Decided<'_>, &Rulebook),
) -> Result<()> {
    let every = tx.all_of::<quota::Entity>(by.tenant_id, Condition::all()).await?;
    let quotas = Quotas { every, day: by.decided_on };
    let units = quotas.units(&decided);
    if units.is_empty() {
        return Ok(());
    }
    tx.stand_in_lines("quota", &units).await?;
    let these = Condition::all().add(unit::Column::Id.is_in(units.iter().copied()));
    let units = tx.all_of::<unit::Entity>(by.tenant_id, these).await?;
    let entries = reserved(tx, by, decided.submissions).await?;
    let shares = shares(&decided, (&quotas, &units), &entries);
    let (mut changed, mut added) = (Vec::new(), Vec::new());
    for (first, others) in shares.iter().filter_map(|share| divide(tx, by, share)) {
        changed.push(first);
        added.extend(others);
    }
    tx.save_many::<quota_entry::Entity>(changed).await?;
    tx.add_many::<quota_entry::Entity>(added).await?;
    let beyond: Vec<&Share<'_>> = shares.iter().filter(|share| !share.beyond.is_empty()).collect();
    let places = places(&beyond, (&decided.direct, &units), by.decided_on);
    if places.units.is_empty() {
        return Ok(());
    }
    let counting = quotas.of(&places.years);
    let mut books = Books::read(Reader::Whole(tx), &places, (counting, book)).await?;
    let mut entries = taken_beside((tx, by), (&beyond, decided.is_own), &mut books)?;
    books.lines.extend(decided.direct.into_iter().map(Line::from));
    entries.extend(used_up(tx, by, (&mut books, &units))?);
    tx.add_many::<quota_entry::Entity>(entries).await
}

async fn reserved(
    tx: &Tx,
    by: &decision::Model,
    submissions: &[submission::Model],
) -> Result<Vec<quota_entry::Model>> {
    use quota_entry::Column;
    if submissions.is_empty() {
        return Ok(Vec::new());
    }
    let reserved = Condition::all()
        .add(Column::SubmissionId.is_in(submissions.iter().map(|row| row.id)))
        .add(Column::State.eq(State::Reserved));
    tx.all_of::<quota_entry::Entity>(by.tenant_id, reserved).await
}

/// What a decision leaves of the quotas for each submission that it answers.
pub(super) fn shares<'a>(
    decided: &Decided<'a>,
    (quotas, units): (&'a Quotas, &[unit::Model]),
    entries: &'a [quota_entry::Model],
) -> Vec<Share<'a>> {
    let mut shares = Vec::new();
    for of in decided.submissions {
        let answered: Vec<&Answered> =
            decided.answered.iter().filter(|it| it.submission == of.id).collect();
        let Some(unit) = units.iter().find(|unit| unit.id == of.unit_id) else { continue };
        for quota in &quotas.every {
            let entry = entries
                .iter()
                .find(|row| row.quota_id == quota.id && row.submission_id == Some(of.id));
            let is_meant = rules::is_for(quota, (unit.id, unit.kind))
                && quota.commendation_type.is_none_or(|meant| meant == of.commendation_type);
            let takes = is_meant && quotas.counts(quota, of.year);
            if takes || entry.is_some() {
                let (parts, beyond) = part((quota, entry), &answered, (takes, decided.is_own));
                shares.push(Share { quota, of, entry, parts, beyond });
            }
        }
    }
    shares
}

/// What becomes of what a submission has reserved of a quota, and who needs a place beside it.
fn part(
    (quota, entry): (&quota::Model, Option<&quota_entry::Model>),
    answered: &[&Answered],
    (takes, is_own): (bool, bool),
) -> (Parts, Vec<String>) {
    let code = &quota.award_type_code;
    let is_of_kind = |it: &&&Answered| quota.subject_kind.is_none_or(|kind| kind == it.kind);
    let here: Vec<&&Answered> = answered.iter().filter(is_of_kind).collect();
    let given: Vec<&&Answered> =
        here.iter().copied().filter(|it| it.given.as_ref() == Some(code)).collect();
    // One whom an authority elsewhere first refused has no place any more when it takes him after all, and of a quota whose
    // ledger does not know the list nobody has one.
    let has_none = !is_own || entry.is_none();
    let moved = given.iter().filter(|it| it.is_moved() || has_none).map(|it| it.name.clone());
    let moved: Vec<String> = if takes { moved.collect() } else { Vec::new() };
    let answers = Answers {
        proposed: number(here.iter().filter(|it| it.proposed == *code).count()),
        given: number(given.len()),
        moved: number(moved.len()),
    };
    let parts = rules::parts(entry.map_or(0, |row| row.amount), answers);
    let beyond = usize::try_from(parts.beyond).unwrap_or_default();
    let spared = moved.len().saturating_sub(beyond);
    (parts, moved.into_iter().skip(spared).collect())
}

/// An entry as it was and as it is now, and those that are new.
type Divided = ((quota_entry::Model, quota_entry::Model), Vec<quota_entry::Model>);

/// Divides what was reserved; none where it stays as it is.
fn divide(tx: &Tx, by: &decision::Model, share: &Share<'_>) -> Option<Divided> {
    let row = share.entry?;
    let Parts { reserved, consumed, released, .. } = share.parts;
    let states =
        [(State::Reserved, reserved), (State::Consumed, consumed), (State::Released, released)];
    let mut parts = states.into_iter().filter(|(_, amount)| *amount > 0);
    let (state, amount) = parts.next()?;
    if (state, amount) == (row.state, row.amount) {
        return None;
    }
    let decision = |state: State| (state != State::Reserved).then_some(by.id);
    let at = Some(tx.gate().now());
    let first =
        quota_entry::Model { amount, state, decision_id: decision(state), at, ..row.clone() };
    let other = |(state, amount)| quota_entry::Model {
        id: tx.gate().new_id(),
        amount,
        state,
        version: 1,
        decision_id: decision(state),
        at,
        ..row.clone()
    };
    Some(((row.clone(), first), parts.map(other).collect()))
}

/// The units and years of which something is taken beside what was reserved.
pub(super) fn places(
    beyond: &[&Share<'_>],
    (direct, units): (&[Direct], &[unit::Model]),
    on: NaiveDate,
) -> Places {
    let is_here = |it: &&Direct| units.iter().any(|unit| unit.id == it.unit);
    let direct = direct.iter().filter(is_here).map(|it| (it.unit, it.year));
    let asked: Vec<(Uuid, i32)> =
        beyond.iter().map(|share| (share.of.unit_id, share.of.year)).chain(direct).collect();
    let units: BTreeSet<Uuid> = asked.iter().map(|(unit, _)| *unit).collect();
    let years: BTreeSet<i32> = asked.iter().map(|(_, year)| *year).collect();
    Places {
        units: units.into_iter().collect(),
        years: years.into_iter().collect(),
        submissions: Vec::new(),
        on,
    }
}

/// The entries of those who need a place beside the reserved ones, such as who came down from a higher title: what one
/// takes is taken for the next.
fn taken_beside(
    (tx, by): (&Tx, &decision::Model),
    (beyond, is_own): (&[&Share<'_>], bool),
    books: &mut Books,
) -> Result<Vec<quota_entry::Model>> {
    let mut entries = Vec::new();
    for share in beyond {
        let place = (share.of.unit_id, share.of.year);
        let standing = books.stands((share.quota, place), share.beyond.clone(), |_| true);
        if is_own {
            demand(&standing, "input.submissionIds")?;
        }
        let entry = entry((tx, by), (share.quota, place), share.beyond.len());
        let entry = quota_entry::Model { submission_id: Some(share.of.id), ..entry };
        books.entries.push(entry.clone());
        entries.push(entry);
    }
    Ok(entries)
}

fn entry(
    (tx, by): (&Tx, &decision::Model),
    (quota, (unit, year)): (&quota::Model, (Uuid, i32)),
    amount: usize,
) -> quota_entry::Model {
    quota_entry::Model {
        tenant_id: by.tenant_id,
        id: tx.gate().new_id(),
        quota_id: quota.id,
        unit_id: unit,
        year,
        submission_id: None,
        amount: number(amount),
        state: State::Consumed,
        version: 1,
        decision_id: Some(by.id),
        at: Some(tx.gate().now()),
        award_id: None,
    }
}

/// The entries of what a decision gives without a submission, one group of a unit, a year and a type of commendation
/// after the other: what one takes is taken for the next.
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
            let place = (unit.id, year);
            let entry = entry((tx, by), (&standing.quota, place), standing.asked.len());
            books.entries.push(entry.clone());
            entries.push(entry);
        }
    }
    Ok(entries)
}
