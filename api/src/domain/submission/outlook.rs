//! What would refuse a decision on submissions that wait for one, read by joins, in as many statements for many of them as
//! for one: who reads a submission is told no vote by it.
//! No rule is decided here.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use async_graphql::dataloader;
use entity::{
    award_type, ballot, ballot_candidate, ballot_result, candidate, council, nominee, onward,
    onward_nominee, submission, tie_decision,
};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, FromQueryResult, IdenStatic, Iterable, JoinType, QueryOrder,
    QueryResult, QuerySelect, RelationDef, Select,
};
use uuid::Uuid;

use super::desk::relation;
use crate::access::{Act, Gate, Loader};
use crate::domain::ballot::{Said, Voting};
use crate::domain::decision::Foreseen;
use crate::domain::quota;
use crate::error::{Error, Fault, Result};

/// What would refuse a decision on one submission.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Hindered(pub(super) Uuid);

impl dataloader::Loader<Hindered> for Loader {
    type Value = Option<Fault>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Hindered]) -> Result<HashMap<Hindered, Self::Value>, Arc<Error>> {
        hindered(self.gate(), keys).await.map_err(Arc::new)
    }
}

/// What would refuse the sending of one submission for want of places, asked once however often an answer shows it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Crowded(pub(super) Uuid);

impl dataloader::Loader<Crowded> for Loader {
    type Value = Option<Fault>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Crowded]) -> Result<HashMap<Crowded, Self::Value>, Arc<Error>> {
        crowded(self.gate(), keys).await.map_err(Arc::new)
    }
}

async fn crowded(gate: &Gate, keys: &[Crowded]) -> Result<HashMap<Crowded, Option<Fault>>> {
    let rows = gate
        .rows::<submission::Entity>(Act::SubmissionRead)?
        .filter(submission::Column::Id.is_in(keys.iter().map(|key| key.0)))
        .all()
        .await?;
    let mut refused = quota::exceeded(gate, &rows).await?;
    Ok(rows.iter().map(|row| (Crowded(row.id), refused.remove(&row.id))).collect())
}

async fn hindered(gate: &Gate, keys: &[Hindered]) -> Result<HashMap<Hindered, Option<Fault>>> {
    let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
    let mut lists = lists(gate, &ids).await?;
    let heard = heard(gate, &ids).await?;
    let nominated = lists.values().flat_map(|list| &list.nominees).map(|row| row.award_type_id);
    let voted = heard.values().flat_map(|of| &of.candidates).filter_map(|row| row.award_type_id);
    let awards: HashSet<Uuid> = nominated.chain(voted).collect();
    let awards = gate.shared::<award_type::Entity>(awards).await?;
    let may_propose = gate.actor()?.may(Act::OnwardSubmissionSend);
    let nothing = Heard::default();
    let one = |key: &Hindered| {
        let List { nominees, is_drafted } = lists.remove(&key.0).unwrap_or_default();
        let Heard { candidates, said } = heard.get(&key.0).unwrap_or(&nothing);
        // A proposal to an authority above that is written and not sent yet can be sent.
        if is_drafted && may_propose {
            return (*key, None);
        }
        let foreseen = Foreseen { nominees, candidates, said, awards: &awards };
        (*key, foreseen.obstacle(gate.today(), may_propose))
    };
    Ok(keys.iter().map(one).collect())
}

/// Who is on a submission.
#[derive(Default)]
struct List {
    /// Those who are not proposed to an authority above.
    nominees: Vec<nominee::Model>,
    /// Whether a proposal of somebody was never sent.
    is_drafted: bool,
}

/// A nominee, with how often a proposal that names him was sent.
struct Listed {
    nominee: nominee::Model,
    sent: Option<i32>,
}

/// How often a proposal was sent.
const SENT: &str = "sent";

impl FromQueryResult for Listed {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        let nominee = nominee::Model::from_query_result(row, "")?;
        Ok(Self { nominee, sent: row.try_get("", SENT)? })
    }
}

async fn lists(gate: &Gate, ids: &[Uuid]) -> Result<HashMap<Uuid, List>> {
    let rows: Vec<Listed> = gate
        .rows::<nominee::Entity>(Act::SubmissionRead)?
        .filter(nominee::Column::SubmissionId.is_in(ids.iter().copied()))
        .shape(|select| {
            select
                .join(JoinType::LeftJoin, relation!(nominee.Id => onward_nominee.NomineeId))
                .join(JoinType::LeftJoin, relation!(onward_nominee.OnwardId => onward.Id))
                .column_as(onward::Column::Packages, SENT)
                .order_by_asc(nominee::Column::Position)
                .order_by_asc(nominee::Column::Id)
        })
        .all_as()
        .await?;
    let mut lists: HashMap<Uuid, List> = HashMap::new();
    for Listed { nominee, sent } in rows {
        let list = lists.entry(nominee.submission_id).or_default();
        match sent {
            Some(times) => list.is_drafted |= times == 0,
            None => list.nominees.push(nominee),
        }
    }
    Ok(lists)
}

/// What councils were asked about a submission, and have said.
#[derive(Default)]
struct Heard {
    candidates: Vec<candidate::Model>,
    said: Vec<Said>,
}

/// Columns of the result and of the council, and of what else stands beside a candidate.
const RESULT: &str = "result_";
const COUNCIL: &str = "voting_council_";
const SUBMISSION: &str = "of_submission";
const ROUND: &str = "in_round";
const CLOSED: &str = "was_closed_at";
const AWARD: &str = "asked_award";
const RULE: &str = "asked_rule";
const TAKEN: &str = "tie_taken";

/// A candidate, with what one ballot has said of him where one is closed.
struct Considered {
    submission: Uuid,
    candidate: candidate::Model,
    said: Option<(Said, Option<council::Model>)>,
}

impl FromQueryResult for Considered {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        let candidate = candidate::Model::from_query_result(row, "")?;
        let result = ballot_result::Model::from_query_result_optional(row, RESULT)?;
        let closed_at: Option<_> = row.try_get("", CLOSED)?;
        let said = match (result, closed_at) {
            (Some(result), Some(closed_at)) => {
                let voting = Voting {
                    candidate: candidate.id,
                    round: row.try_get("", ROUND)?,
                    closed_at,
                    award: row.try_get("", AWARD)?,
                    rule: row.try_get("", RULE)?,
                    is_taken: row.try_get("", TAKEN)?,
                };
                let council = council::Model::from_query_result_optional(row, COUNCIL)?;
                Some((Said::of(result, voting), council))
            }
            (Some(_) | None, Some(_) | None) => None,
        };
        Ok(Self { submission: row.try_get("", SUBMISSION)?, candidate, said })
    }
}

/// Every column of a table that is joined, under names of its own.
fn columns<E: EntityTrait>(
    select: Select<nominee::Entity>,
    prefix: &str,
) -> Select<nominee::Entity> {
    E::Column::iter().fold(select, |select, column| {
        let name = format!("{prefix}{}", column.as_str());
        select.column_as(Expr::col((E::default(), column)), name)
    })
}

/// Candidates of nominees, with every ballot on each.
fn considered(select: Select<nominee::Entity>) -> Select<nominee::Entity> {
    use JoinType::{InnerJoin, LeftJoin};
    let select = select
        .join(InnerJoin, relation!(nominee.Id => candidate.NomineeId))
        .join(LeftJoin, relation!(candidate.Id => ballot_candidate.CandidateId))
        .join(LeftJoin, relation!(ballot_candidate.BallotId => ballot.Id))
        .join(LeftJoin, relation!(ballot_candidate.Id => ballot_result.BallotCandidateId))
        .join(LeftJoin, relation!(ballot_candidate.Id => tie_decision.BallotCandidateId))
        .join(LeftJoin, relation!(ballot.CouncilId => council.Id))
        .select_only()
        .columns(candidate::Column::iter())
        .column_as(nominee::Column::SubmissionId, SUBMISSION)
        .column_as(ballot::Column::Round, ROUND)
        .column_as(ballot::Column::ClosedAt, CLOSED)
        .column_as(ballot_candidate::Column::AwardCode, AWARD)
        .column_as(ballot_candidate::Column::Rule, RULE)
        .column_as(tie_decision::Column::IsTaken, TAKEN)
        // Oldest first; ids rise with time.
        .order_by_asc(ballot::Column::OpenedAt)
        .order_by_asc(ballot::Column::Id)
        .order_by_asc(ballot_result::Column::Position);
    let select = columns::<ballot_result::Entity>(select, RESULT);
    columns::<council::Entity>(select, COUNCIL)
}

async fn heard(gate: &Gate, ids: &[Uuid]) -> Result<HashMap<Uuid, Heard>> {
    let rows: Vec<Considered> = gate
        .rows::<nominee::Entity>(Act::SubmissionRead)?
        .filter(nominee::Column::SubmissionId.is_in(ids.iter().copied()))
        .shape(considered)
        .all_as()
        .await?;
    let (mut found, mut known) = (HashMap::<Uuid, Heard>::new(), HashSet::new());
    for Considered { submission, candidate, said } in rows {
        let heard = found.entry(submission).or_default();
        if let Some((said, council)) = said
            && said.counts(council.as_slice())
        {
            heard.said.push(said);
        }
        if known.insert(candidate.id) {
            heard.candidates.push(candidate);
        }
    }
    Ok(found)
}
