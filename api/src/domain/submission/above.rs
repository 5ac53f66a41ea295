//! What became of submissions outside their own workflow: the decision that answered one, and the last event of every
//! proposal to an authority above that names somebody on it.
//! Nothing is decided here.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use async_graphql::dataloader;
use entity::onward_event::{self, Kind};
use entity::submission::{self, State};
use entity::{decision_submission, onward_nominee};
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, QuerySelect, RelationDef,
};
use uuid::Uuid;

use crate::access::{Act, Gate, Loader, Rows, Tx};
use crate::error::{Error, Result};

/// Whether an authority above has a submission or has commended somebody of it; what it returned, or refused to
/// everyone, is in the hands of the office again.
fn holds(last: &[Kind]) -> bool {
    last.iter().any(|kind| !matches!(kind, Kind::Returned | Kind::Refused))
}

/// Whether the authorities above have answered for everyone whom they were asked for.
pub(super) fn have_answered(last: &[Kind]) -> bool {
    !last.is_empty() && last.iter().all(|kind| matches!(kind, Kind::Refused | Kind::Registered))
}

/// Whether an approved submission is answered for good.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Answered(pub(super) Uuid);

impl dataloader::Loader<Answered> for Loader {
    type Value = bool;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Answered]) -> Result<HashMap<Answered, bool>, Arc<Error>> {
        answers(self.gate(), keys).await.map_err(Arc::new)
    }
}

async fn answers(gate: &Gate, keys: &[Answered]) -> Result<HashMap<Answered, bool>> {
    let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
    let decided = decided(gate, &ids).await?;
    let above = last(gate, &ids).await?;
    let is_held = |id: &Uuid| above.get(id).is_some_and(|last| holds(last));
    Ok(keys.iter().map(|key| (*key, decided.contains(&key.0) || is_held(&key.0))).collect())
}

/// The same of one submission that is locked: whoever sends a proposal stands in the same line.
pub(super) async fn is_answered(tx: &Tx, row: &submission::Model) -> Result<bool> {
    if row.state != State::Approved || row.waiting_since.is_some() {
        return Ok(false);
    }
    tx.stand_in_line("onward", row.tenant_id).await?;
    let of_it = Condition::all().add(decision_submission::Column::SubmissionId.eq(row.id));
    if !tx.all_of::<decision_submission::Entity>(row.tenant_id, of_it).await?.is_empty() {
        return Ok(true);
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
    });
    Ok(folded(events).get(&row.id).is_some_and(|last| holds(last)))
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
}

/// Submissions beside the events of proposals that name somebody of them.
fn eventful(gate: &Gate) -> Result<Rows<'_, submission::Entity>> {
    use onward_event::Column;
    let named: RelationDef = submission::Entity::belongs_to(onward_nominee::Entity)
        .from((submission::Column::TenantId, submission::Column::Id))
        .to((onward_nominee::Column::TenantId, onward_nominee::Column::SubmissionId))
        .into();
    let happened: RelationDef = onward_nominee::Entity::belongs_to(onward_event::Entity)
        .from((onward_nominee::Column::TenantId, onward_nominee::Column::OnwardId))
        .to((Column::TenantId, Column::OnwardId))
        .into();
    Ok(gate.rows::<submission::Entity>(Act::SubmissionRead)?.shape(|select| {
        select.join(JoinType::InnerJoin, named).join(JoinType::InnerJoin, happened)
    }))
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
pub(super) async fn last(gate: &Gate, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Kind>>> {
    use onward_event::Column;
    let rows: Vec<Event> = eventful(gate)?
        .filter(submission::Column::Id.is_in(ids.iter().copied()))
        .shape(|select| {
            select
                .select_only()
                .column(submission::Column::Id)
                .columns([Column::OnwardId, Column::Number, Column::Kind])
                .distinct()
        })
        .all_as()
        .await?;
    Ok(folded(rows.into_iter()))
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

fn folded(events: impl Iterator<Item = Event>) -> HashMap<Uuid, Vec<Kind>> {
    let mut newest: BTreeMap<(Uuid, Uuid), (i32, Kind)> = BTreeMap::new();
    for event in events {
        let known = newest.entry((event.id, event.onward_id)).or_insert((event.number, event.kind));
        if event.number > known.0 {
            *known = (event.number, event.kind);
        }
    }
    let mut found: HashMap<Uuid, Vec<Kind>> = HashMap::new();
    for ((id, _), (_, kind)) in newest {
        found.entry(id).or_default().push(kind);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(onward: u128, number: i32, kind: Kind) -> Event {
        Event { id: Uuid::nil(), onward_id: Uuid::from_u128(onward), number, kind }
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

        assert_eq!(last, [Kind::Refused, Kind::Registered]);
        assert!(have_answered(&last) && holds(&last), "one of them was commended");
        assert!(!holds(&[Kind::Refused]) && !holds(&[Kind::Returned]) && !holds(&[]));
        assert!(holds(&[Kind::Sent]) && !have_answered(&[Kind::Sent]) && !have_answered(&[]));
    }
}
