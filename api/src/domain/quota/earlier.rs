//! What was taken before a quota was set: its ledger begins with the lists that were sent and the awards that were decided
//! for the years it is about, as if it had been there already.
//! Nobody is refused here.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};
use entity::decision::{Kind, Source};
use entity::quota_entry::{self, State};
use entity::{
    award, award_act, decision_submission, nominee, onward_event, onward_nominee, quota,
    submission, unit,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect,
    RelationDef, Select,
};
use uuid::Uuid;

use super::rules;
use crate::access::Tx;
use crate::domain::submission::relation;
use crate::error::Result;

/// Writes into the ledger of a new quota what was taken before, in as many statements for many as for one. The writers of
/// ledgers stand by: nothing is sent or decided meanwhile.
pub(super) async fn enter(tx: &Tx, row: &quota::Model, titles: &[Uuid]) -> Result<()> {
    let mut entries = waiting(tx, row, titles).await?;
    entries.extend(given(tx, row).await?);
    entries.extend(returned(tx, row).await?);
    tx.add_many::<quota_entry::Entity>(entries).await
}

/// The first moment after a day, in Vietnam.
pub(super) fn after(day: NaiveDate) -> DateTime<Utc> {
    (day.and_time(NaiveTime::MIN) + TimeDelta::hours(24 - 7)).and_utc()
}

/// Holds for the years a quota is about; for the year in which it ends early, only for what was done by then.
fn of_years(
    row: &quota::Model,
    year: impl ColumnTrait,
    by: impl FnOnce(NaiveDate) -> Condition,
) -> Condition {
    let whole = Condition::all()
        .add(year.gte(row.valid_from.year()))
        .add_option(row.valid_to.map(|last| year.lte(last.year())));
    match rules::early_end(row) {
        Some(last) => whole.add(Condition::any().add(year.lt(last.year())).add(by(last))),
        None => whole,
    }
}

/// Holds for the lists of these years.
fn of_lists(row: &quota::Model) -> Condition {
    use submission::Column::{SentAt, Year};
    of_years(row, Year, |last| Condition::all().add(SentAt.lt(after(last))))
}

fn entry(tx: &Tx, row: &quota::Model, (unit_id, year): (Uuid, i32)) -> quota_entry::Model {
    quota_entry::Model {
        tenant_id: row.tenant_id,
        id: tx.gate().new_id(),
        quota_id: row.id,
        unit_id,
        year,
        submission_id: None,
        amount: 0,
        state: State::Reserved,
        version: 1,
        decision_id: None,
        at: None,
        award_id: None,
    }
}

/// A nominee of a list.
#[derive(FromQueryResult)]
struct Listed {
    id: Uuid,
    submission_id: Uuid,
    unit_id: Uuid,
    year: i32,
    sent_at: Option<DateTime<Utc>>,
}

/// Nominees of lists that were sent, so far as a quota counts them.
fn listed(
    select: Select<nominee::Entity>,
    (row, titles): (&quota::Model, &[Uuid]),
) -> Select<nominee::Entity> {
    use submission::{Column, State as S};
    let meant = Condition::all()
        .add(nominee::Column::AwardTypeId.is_in(titles.iter().copied()))
        .add_option(row.subject_kind.map(|kind| nominee::Column::Kind.eq(kind)))
        .add_option(row.commendation_type.map(|it| Column::CommendationType.eq(it)))
        .add_option(row.unit_kind.map(|kind| unit::Column::Kind.eq(kind)))
        .add_option(row.unit_id.map(|id| unit::Column::Id.eq(id)));
    select
        .join(JoinType::InnerJoin, relation!(nominee.SubmissionId => submission.Id))
        .join(JoinType::InnerJoin, relation!(submission.UnitId => unit.Id))
        .filter(Column::State.is_in([S::Sent, S::Received, S::Appraised, S::Approved]))
        .filter(of_lists(row))
        .filter(meant)
        .select_only()
        .columns([nominee::Column::Id, nominee::Column::SubmissionId])
        .columns([Column::UnitId, Column::Year, Column::SentAt])
        .distinct()
}

/// What lists have reserved: for nominees whom no decision has answered, here or above.
async fn waiting(tx: &Tx, row: &quota::Model, titles: &[Uuid]) -> Result<Vec<quota_entry::Model>> {
    let open = Condition::any()
        .add(decision_submission::Column::DecisionId.is_null())
        .add(onward_nominee::Column::Id.is_not_null());
    let shape = |select: Select<nominee::Entity>| {
        listed(select, (row, titles))
            .join(
                JoinType::LeftJoin,
                relation!(nominee.SubmissionId => decision_submission.SubmissionId),
            )
            .join(JoinType::LeftJoin, relation!(nominee.Id => onward_nominee.NomineeId))
            .filter(open)
    };
    let named: Vec<Listed> = tx.all_of_as(row.tenant_id, shape).await?;
    let above = |select: Select<nominee::Entity>| {
        listed(select, (row, titles))
            .join(JoinType::InnerJoin, relation!(nominee.Id => onward_nominee.NomineeId))
            .join(JoinType::InnerJoin, relation!(onward_nominee.OnwardId => onward_event.OnwardId))
            .filter(onward_event::Column::Kind.eq(onward_event::Kind::Registered))
    };
    let answered: Vec<Listed> = tx.all_of_as(row.tenant_id, above).await?;
    let answered: HashSet<Uuid> = answered.into_iter().map(|it| it.id).collect();
    let mut lists: BTreeMap<Uuid, quota_entry::Model> = BTreeMap::new();
    for it in named.into_iter().filter(|it| !answered.contains(&it.id)) {
        let list = lists.entry(it.submission_id).or_insert_with(|| quota_entry::Model {
            submission_id: Some(it.submission_id),
            at: it.sent_at,
            ..entry(tx, row, (it.unit_id, it.year))
        });
        list.amount = list.amount.saturating_add(1);
    }
    Ok(lists.into_values().collect())
}

/// Whose places an award takes.
#[derive(FromQueryResult)]
struct Place {
    unit_id: Uuid,
    counting_to_year: i32,
    decision_id: Uuid,
    decided_on: Option<NaiveDate>,
    list: Option<Uuid>,
    list_year: Option<i32>,
}

impl Place {
    fn entry(&self, tx: &Tx, row: &quota::Model) -> quota_entry::Model {
        let year = self.list_year.unwrap_or(self.counting_to_year);
        quota_entry::Model {
            submission_id: self.list,
            decision_id: Some(self.decision_id),
            at: self.decided_on.map(|day| day.and_time(NaiveTime::MIN).and_utc()),
            ..entry(tx, row, (self.unit_id, year))
        }
    }
}

/// Awards that were decided here, or by an authority elsewhere on a proposal from here, so far as a quota counts them,
/// with the lists that proposed them.
fn decided(select: Select<award::Entity>, row: &quota::Model) -> Select<award::Entity> {
    use award::Column;
    let is_ours = Condition::any()
        .add(Column::NomineeId.is_not_null())
        .add(Column::IssuerTenantId.is_not_null());
    let direct = |last: NaiveDate| Condition::all().add(Column::DecidedOn.lte(last));
    let direct = of_years(row, Column::CountingToYear, direct);
    let is_of_years = Condition::any()
        .add(of_lists(row).add(submission::Column::Id.is_not_null()))
        .add(direct.add(submission::Column::Id.is_null()));
    let meant = Condition::all()
        .add(Column::AwardTypeCode.eq(row.award_type_code.as_str()))
        .add_option(row.subject_kind.map(|kind| Column::SubjectKind.eq(kind)))
        .add_option(row.commendation_type.map(|it| Column::CommendationType.eq(it)))
        .add_option(row.unit_kind.map(|kind| unit::Column::Kind.eq(kind)))
        .add_option(row.unit_id.map(|id| unit::Column::Id.eq(id)));
    select
        .join(JoinType::InnerJoin, relation!(award.UnitId => unit.Id))
        .join(JoinType::LeftJoin, relation!(award.NomineeId => nominee.Id))
        .join(JoinType::LeftJoin, relation!(nominee.SubmissionId => submission.Id))
        .filter(Column::Source.eq(Source::Decision))
        .filter(Column::DecisionId.is_not_null())
        .filter(is_ours)
        .filter(is_of_years)
        .filter(meant)
        .select_only()
        .columns([Column::UnitId, Column::CountingToYear, Column::DecisionId, Column::DecidedOn])
        .column_as(submission::Column::Id, "list")
        .column_as(submission::Column::Year, "list_year")
}

/// Awards of one decision that take of the same places.
#[derive(FromQueryResult)]
struct Given {
    #[sea_orm(nested)]
    place: Place,
    awards: i64,
}

/// What decisions have given; what was cancelled since is given back beside it, and what was revoked was given by right.
async fn given(tx: &Tx, row: &quota::Model) -> Result<Vec<quota_entry::Model>> {
    use award::Column;
    let shape = |select: Select<award::Entity>| {
        decided(select, row)
            .column_as(Column::Id.count(), "awards")
            .group_by(Column::UnitId)
            .group_by(Column::CountingToYear)
            .group_by(Column::DecisionId)
            .group_by(Column::DecidedOn)
            .group_by(submission::Column::Id)
            .group_by(submission::Column::Year)
    };
    let given: Vec<Given> = tx.all_of_as(row.tenant_id, shape).await?;
    let consumed = |it: Given| quota_entry::Model {
        amount: i32::try_from(it.awards).unwrap_or(i32::MAX),
        state: State::Consumed,
        ..it.place.entry(tx, row)
    };
    Ok(given.into_iter().map(consumed).collect())
}

/// An award that was cancelled, with one of the acts that did it.
#[derive(FromQueryResult)]
struct Cancelled {
    #[sea_orm(nested)]
    place: Place,
    award: Uuid,
    by: Option<Uuid>,
    at: DateTime<Utc>,
    sequence: i32,
}

/// What came back with awards that were cancelled and were not restored.
async fn returned(tx: &Tx, row: &quota::Model) -> Result<Vec<quota_entry::Model>> {
    let shape = |select: Select<award::Entity>| {
        decided(select, row)
            .join(JoinType::InnerJoin, relation!(award.Id => award_act.AwardId))
            .filter(award::Column::State.eq(award::State::Cancelled))
            .filter(award_act::Column::Kind.eq(Kind::Cancel))
            .column_as(award::Column::Id, "award")
            .column_as(award_act::Column::DecisionId, "by")
            .columns([award_act::Column::At, award_act::Column::Sequence])
    };
    let acts: Vec<Cancelled> = tx.all_of_as(row.tenant_id, shape).await?;
    let mut last: BTreeMap<Uuid, Cancelled> = BTreeMap::new();
    for act in acts {
        let is_older = last.get(&act.award).is_some_and(|known| known.sequence > act.sequence);
        if !is_older {
            last.insert(act.award, act);
        }
    }
    let back = |it: Cancelled| quota_entry::Model {
        amount: 1,
        state: State::Returned,
        decision_id: it.by.or(Some(it.place.decision_id)),
        at: Some(it.at),
        award_id: Some(it.award),
        ..it.place.entry(tx, row)
    };
    Ok(last.into_values().map(back).collect())
}
