//! What became of submissions outside their own workflow: the decision that answered one, and the last event of every
//! proposal to an authority above that names somebody on it.
//! Nothing is decided here.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use async_graphql::dataloader;
use chrono::{DateTime as Time, Utc};
use entity::onward_event::{self, Kind};
use entity::submission::{self, State};
use entity::{decision_submission, onward_nominee};
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, QuerySelect, RelationDef,
    Select,
};
use uuid::Uuid;

use super::rules::AnsweredBy;
use crate::access::{Act, Gate, Loader, Rows, Tx};
use crate::error::{Error, Result};

/// The line in which whoever sends a proposal stands, by tenant.
pub(super) const LINE: &str = "onward";

/// Whether an authority above has a submission or has commended somebody of it; what it returned, or refused to
/// everyone, is in the hands of the office again.
fn holds(last: &[Kind]) -> bool {
    last.iter().any(|kind| !matches!(kind, Kind::Returned | Kind::Refused))
}

/// Whether the authorities above have answered for everyone whom they were asked for.
pub(super) fn have_answered(last: &[Kind]) -> bool {
    !last.is_empty() && last.iter().all(|kind| matches!(kind, Kind::Refused | Kind::Registered))
}

/// What has answered an approved submission for good.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Answered(pub(super) Uuid);

impl dataloader::Loader<Answered> for Loader {
    type Value = Option<AnsweredBy>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Answered]) -> Result<HashMap<Answered, Self::Value>, Arc<Error>> {
        answers(self.gate(), keys).await.map_err(Arc::new)
    }
}

async fn answers(gate: &Gate, keys: &[Answered]) -> Result<HashMap<Answered, Option<AnsweredBy>>> {
    let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
    let decided = decided(gate, &ids).await?;
    let above = last(gate, &ids).await?;
    let found = |id: &Uuid| {
        let is_held = above.get(id).is_some_and(|last| holds(last));
        by((decided.contains(id), is_held))
    };
    Ok(keys.iter().map(|key| (*key, found(&key.0))).collect())
}

/// A decision stands before what an authority above made of it.
fn by((is_decided, is_held): (bool, bool)) -> Option<AnsweredBy> {
    let decision = is_decided.then_some(AnsweredBy::Decision);
    decision.or_else(|| is_held.then_some(AnsweredBy::Above))
}

/// The same of one submission that is locked, by one who stands in the line of [`LINE`]. What still waits is asked too: one
/// of its nominees may be above while the others are left here.
pub(super) async fn answered(tx: &Tx, row: &submission::Model) -> Result<Option<AnsweredBy>> {
    if row.state != State::Approved {
        return Ok(None);
    }
    let of_it = Condition::all().add(decision_submission::Column::SubmissionId.eq(row.id));
    if !tx.all_of::<decision_submission::Entity>(row.tenant_id, of_it).await?.is_empty() {
        return Ok(by((true, false)));
    }
    let of_it = Condition::all().add(onward_nominee::Column::SubmissionId.eq(row.id));
    let named = tx.all_of::<onward_nominee::Entity>(row.tenant_id, of_it).await?;
    let of_it = onward_event::Column::OnwardId.is_in(named.iter().map(|line| line.onward_id));
    let events =
        tx.all_of::<onward_event::Entity>(row.tenant_id, Condition::all().add(of_it)).await?;
    let events = events.into_iter().map(|event| Event {
        id: row.id,
        onward_id: event.onward_id,
        number: event.number,
        kind: event.kind,
        at: event.at,
    });
    Ok(by((false, folded(events).get(&row.id).is_some_and(|last| holds(&kinds(last))))))
}

/// Those that a decision has answered.
pub(super) async fn decided(gate: &Gate, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    let these = decision_submission::Column::SubmissionId.is_in(ids.iter().copied());
    let rows = gate.rows::<decision_submission::Entity>(Act::SubmissionRead)?.filter(these);
    Ok(rows.all().await?.into_iter().map(|row| row.submission_id).collect())
}

/// An event of a proposal, by the submission of which it names somebody.
#[derive(FromQueryResult)]
struct Event {
    id: Uuid,
    onward_id: Uuid,
    number: i32,
    kind: Kind,
    at: Time<Utc>,
}

/// The last event of a proposal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Happened {
    kind: Kind,
    at: Time<Utc>,
}

fn kinds(last: &[Happened]) -> Vec<Kind> {
    last.iter().map(|event| event.kind).collect()
}

/// Since when a proposal is in the hands of the office again because an authority above has returned it; none where
/// none was.
pub(super) fn back_since(last: &[Happened]) -> Option<Time<Utc>> {
    last.iter().filter(|event| event.kind == Kind::Returned).map(|event| event.at).max()
}

/// Submissions with what happened to the proposals that name somebody of them.
pub(super) fn sent(select: Select<submission::Entity>) -> Select<submission::Entity> {
    use onward_event::Column;
    let named: RelationDef = submission::Entity::belongs_to(onward_nominee::Entity)
        .from((submission::Column::TenantId, submission::Column::Id))
        .to((onward_nominee::Column::TenantId, onward_nominee::Column::SubmissionId))
        .into();
    let happened: RelationDef = onward_nominee::Entity::belongs_to(onward_event::Entity)
        .from((onward_nominee::Column::TenantId, onward_nominee::Column::OnwardId))
        .to((Column::TenantId, Column::OnwardId))
        .into();
    select.join(JoinType::InnerJoin, named).join(JoinType::InnerJoin, happened)
}

/// The same of those that the caller may read.
fn eventful(gate: &Gate) -> Result<Rows<'_, submission::Entity>> {
    Ok(gate.rows::<submission::Entity>(Act::SubmissionRead)?.shape(sent))
}

/// Another event of the same proposal.
const LATER: &str = "later";

/// The ids of submissions of which a proposal names somebody whose last event is one of these, or one of all others.
pub(super) fn with_last(gate: &Gate, kinds: &[Kind], are_these: bool) -> Result<SelectStatement> {
    use onward_event::Column;
    let later: RelationDef = onward_event::Entity::belongs_to(onward_event::Entity)
        .from((Column::TenantId, Column::OnwardId))
        .to((Column::TenantId, Column::OnwardId))
        .into();
    let later = later.on_condition(|event, later| {
        let number = Expr::col((later, Column::Number));
        Condition::all().add(number.gt(Expr::col((event, Column::Number))))
    });
    let kinds = kinds.iter().copied();
    let is_meant =
        if are_these { Column::Kind.is_in(kinds) } else { Column::Kind.is_not_in(kinds) };
    let rows = eventful(gate)?
        .shape(|select| select.join_as(JoinType::LeftJoin, later, LATER))
        .filter(Expr::col((LATER, Column::Number)).is_null())
        .filter(is_meant);
    Ok(rows.column(submission::Column::Id))
}

/// The last event of each proposal that was sent, by submission; who reads the submission is told no more of it.
pub(super) async fn happened(gate: &Gate, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Happened>>> {
    use onward_event::Column;
    let rows: Vec<Event> = eventful(gate)?
        .filter(submission::Column::Id.is_in(ids.iter().copied()))
        .shape(|select| {
            select
                .select_only()
                .column(submission::Column::Id)
                .columns([Column::OnwardId, Column::Number, Column::Kind, Column::At])
                .distinct()
        })
        .all_as()
        .await?;
    Ok(folded(rows.into_iter()))
}

/// The kind of each of these events.
pub(super) async fn last(gate: &Gate, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Kind>>> {
    let last = happened(gate, ids).await?;
    Ok(last.into_iter().map(|(id, last)| (id, kinds(&last))).collect())
}

/// A decision of an authority above, as it is recorded here, by the submission of which it answers somebody.
#[derive(FromQueryResult)]
struct Recorded {
    id: Uuid,
    decision_id: Uuid,
}

/// Submissions with the decisions of authorities above that are recorded here.
pub(super) async fn recorded(gate: &Gate, ids: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    use onward_event::Column;
    let rows: Vec<Recorded> = eventful(gate)?
        .filter(submission::Column::Id.is_in(ids.iter().copied()))
        .filter(Column::DecisionId.is_not_null())
        .shape(|select| {
            select
                .select_only()
                .column(submission::Column::Id)
                .column(Column::DecisionId)
                .distinct()
        })
        .all_as()
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.decision_id)).collect())
}

fn folded(events: impl Iterator<Item = Event>) -> HashMap<Uuid, Vec<Happened>> {
    let mut newest: BTreeMap<(Uuid, Uuid), (i32, Happened)> = BTreeMap::new();
    for event in events {
        let now = (event.number, Happened { kind: event.kind, at: event.at });
        let known = newest.entry((event.id, event.onward_id)).or_insert(now);
        if event.number > known.0 {
            *known = now;
        }
    }
    let mut found: HashMap<Uuid, Vec<Happened>> = HashMap::new();
    for ((id, _), (_, last)) in newest {
        found.entry(id).or_default().push(last);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(onward: u128, number: i32, kind: Kind) -> Event {
        let at = Time::<Utc>::default() + chrono::TimeDelta::days(number.into());
        Event { id: Uuid::nil(), onward_id: Uuid::from_u128(onward), number, kind, at }
    }

    #[test]
    fn the_last_event_of_each_proposal_counts() {
        let events = [
            event(1, 2, Kind::Refused),
            event(1, 1, Kind::Sent),
            event(2, 3, Kind::Registered),
            event(2, 2, Kind::Awarded),
        ];
        let last = folded(events.into_iter()).remove(&Uuid::nil()).unwrap();
        assert_eq!(back_since(&last), None);
        let last = kinds(&last);

        assert_eq!(last, [Kind::Refused, Kind::Registered]);
        assert!(have_answered(&last) && holds(&last), "one of them was commended");
        assert!(!holds(&[Kind::Refused]) && !holds(&[Kind::Returned]) && !holds(&[]));
        assert!(holds(&[Kind::Sent]) && !have_answered(&[Kind::Sent]) && !have_answered(&[]));
    }

    #[test]
    fn what_was_returned_is_back_until_it_is_sent_again() {
        let back = |events: Vec<Event>| {
            let last = folded(events.into_iter()).remove(&Uuid::nil()).unwrap();
            back_since(&last)
        };
        let returned = || vec![event(1, 1, Kind::Sent), event(1, 2, Kind::Returned)];
        assert_eq!(back(returned()), Some(event(1, 2, Kind::Returned).at));
        let again = returned().into_iter().chain([event(1, 3, Kind::Sent)]);
        assert_eq!(back(again.collect()), None);
        let beside = returned().into_iter().chain([event(2, 1, Kind::Sent)]);
        assert!(back(beside.collect()).is_some(), "another one is above");
    }
}
