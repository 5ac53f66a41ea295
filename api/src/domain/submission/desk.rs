//! Who can answer an approved submission, and what stands in the way: a ballot that is open or was never held, or an
//! authority above that has sent it back. Read for many submissions at once.
//! No step is taken here.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader;
use chrono::{DateTime as Time, Utc};
use entity::submission::{self, Column, State};
use entity::{
    award_type, ballot, ballot_candidate, candidate, nominee, onward_event, tenant, unit,
    unit_above,
};
use sea_orm::sea_query::{SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect,
    RelationDef, Select,
};
use uuid::Uuid;

use super::above;
use super::unheard::{Among, ForVote, Lapsed, for_vote, lapsed, refused};
use crate::access::{Act, Gate, Loader};
use crate::domain::ballot::to_confirm;
use crate::domain::decision::gives;
use crate::error::{Error, Result};

/// The state of a ballot on somebody of one submission, where one is not closed.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct VotedOn(pub(super) Uuid);

/// Who could decide on one of the titles of one submission.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct DecidedBy(pub(super) Uuid);

/// Since when one submission is back from an authority above; none where none has sent it back.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SentBack(pub(super) Uuid);

/// Who could decide on a title of a submission, in the line from its unit up to the root of the tenant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Deciders {
    /// Somebody there.
    pub(super) anybody: bool,
    /// A unit below the root.
    pub(super) by_unit: bool,
    /// A unit for which the caller decides.
    pub(super) by_caller: bool,
}

/// How an approved submission stands until it is answered.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Standing {
    pub(super) voted_on: Option<ballot::State>,
    pub(super) deciders: Deciders,
    pub(super) back_since: Option<Time<Utc>>,
    /// Whether it waits for a council to vote on somebody.
    pub(super) is_unheard: bool,
    /// Whether councils have refused everybody for good.
    pub(super) is_lapsed: bool,
    /// Whether it lies with the office of the Central council; its officers have no step anywhere else.
    pub(super) is_central: bool,
}

impl Standing {
    /// That of a submission; every other state tells by itself whose turn it is.
    pub(super) async fn of(gate: &Gate, row: &submission::Model) -> Result<Self> {
        let tenant = gate.look_up::<tenant::Entity>(row.tenant_id).await?;
        let is_central = tenant.is_some_and(|tenant| tenant.kind == tenant::Kind::Central);
        let standing = Self { is_central, ..Self::default() };
        if row.state != State::Approved {
            return Ok(standing);
        }
        if row.waiting_since.is_none() {
            let back_since = gate.load_by(SentBack(row.id)).await?;
            return Ok(Self { back_since, ..standing });
        }
        let voted_on = gate.load_by(VotedOn(row.id)).await?;
        let deciders = gate.load_by(DecidedBy(row.id)).await?;
        let is_unheard = gate.load_by(ForVote(row.id)).await?;
        let is_lapsed = gate.load_by(Lapsed(row.id)).await?;
        Ok(Self { voted_on, deciders, is_unheard, is_lapsed, ..standing })
    }
}

macro_rules! batch {
    ($key:ty => $value:ty, $load:path) => {
        impl dataloader::Loader<$key> for Loader {
            type Value = $value;
            type Error = Arc<Error>;

            async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, $value>, Arc<Error>> {
                $load(self.gate(), keys).await.map_err(Arc::new)
            }
        }
    };
}

batch!(VotedOn => Option<ballot::State>, voted_on);
batch!(DecidedBy => Deciders, deciders);
batch!(SentBack => Option<Time<Utc>>, sent_back);

macro_rules! relation {
    ($from:ident.$own:ident => $to:ident.$column:ident) => {{
        let link: RelationDef = $from::Entity::belongs_to($to::Entity)
            .from(($from::Column::TenantId, $from::Column::$own))
            .to(($to::Column::TenantId, $to::Column::$column))
            .into();
        link
    }};
}
pub(super) use relation;

/// Nominees with the ballots that were held on them.
fn on_ballots(select: Select<nominee::Entity>) -> Select<nominee::Entity> {
    select
        .join(JoinType::InnerJoin, relation!(nominee.Id => candidate.NomineeId))
        .join(JoinType::InnerJoin, relation!(candidate.Id => ballot_candidate.CandidateId))
        .join(JoinType::InnerJoin, relation!(ballot_candidate.BallotId => ballot.Id))
        .filter(ballot::Column::State.ne(ballot::State::Closed))
}

/// A ballot that is not closed.
#[derive(FromQueryResult)]
struct Open {
    submission_id: Uuid,
    state: ballot::State,
}

async fn voted_on(
    gate: &Gate,
    keys: &[VotedOn],
) -> Result<HashMap<VotedOn, Option<ballot::State>>> {
    use nominee::Column::SubmissionId;
    let open: Vec<Open> = gate
        .rows::<nominee::Entity>(Act::SubmissionRead)?
        .filter(SubmissionId.is_in(keys.iter().map(|key| key.0)))
        .shape(|select| {
            on_ballots(select)
                .select_only()
                .column(SubmissionId)
                .column(ballot::Column::State)
                .distinct()
        })
        .all_as()
        .await?;
    Ok(open.into_iter().map(|row| (VotedOn(row.submission_id), Some(row.state))).collect())
}

/// Submissions with the units of their line and their titles, where the unit can decide the title.
fn decidable(select: Select<submission::Entity>) -> Select<submission::Entity> {
    let title: RelationDef = nominee::Entity::belongs_to(award_type::Entity)
        .from(nominee::Column::AwardTypeId)
        .to(award_type::Column::Id)
        .into();
    select
        .join(JoinType::InnerJoin, relation!(submission.UnitId => unit_above.UnitId))
        .join(JoinType::InnerJoin, relation!(unit_above.AboveId => unit.Id))
        .join(JoinType::InnerJoin, relation!(submission.Id => nominee.SubmissionId))
        .join(JoinType::InnerJoin, title)
        .filter(gives())
}

/// A unit that can decide a title of a submission.
#[derive(FromQueryResult)]
struct Able {
    id: Uuid,
    is_root: bool,
    is_reached: bool,
}

async fn deciders(gate: &Gate, keys: &[DecidedBy]) -> Result<HashMap<DecidedBy, Deciders>> {
    let reached = SimpleExpr::from(gate.scope::<unit::Entity>(Act::DecisionIssue)?);
    let able: Vec<Able> = gate
        .rows::<submission::Entity>(Act::SubmissionRead)?
        .filter(Column::Id.is_in(keys.iter().map(|key| key.0)))
        .shape(|select| {
            decidable(select)
                .select_only()
                .column(Column::Id)
                .column_as(unit::Column::ParentId.is_null(), "is_root")
                .column_as(reached, "is_reached")
                .distinct()
        })
        .all_as()
        .await?;
    let mut found: HashMap<DecidedBy, Deciders> = HashMap::new();
    for unit in able {
        let of_it = found.entry(DecidedBy(unit.id)).or_default();
        of_it.anybody = true;
        of_it.by_unit |= !unit.is_root;
        of_it.by_caller |= unit.is_reached;
    }
    Ok(found)
}

async fn sent_back(gate: &Gate, keys: &[SentBack]) -> Result<HashMap<SentBack, Option<Time<Utc>>>> {
    let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
    let last = above::happened(gate, &ids).await?;
    Ok(last.into_iter().map(|(id, last)| (SentBack(id), above::back_since(&last))).collect())
}

/// The approved submissions that an authority above has sent back, where nobody else has them.
pub(super) async fn back(gate: &Gate) -> Result<Vec<Uuid>> {
    let ever: Vec<Once> = gate
        .rows::<submission::Entity>(Act::SubmissionRead)?
        .filter(Column::State.eq(State::Approved))
        .filter(Column::WaitingSince.is_null())
        .filter(onward_event::Column::Kind.eq(onward_event::Kind::Returned))
        .shape(|select| above::sent(select).select_only().column(Column::Id).distinct())
        .all_as()
        .await?;
    if ever.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = ever.into_iter().map(|row| row.id).collect();
    let last = above::happened(gate, &ids).await?;
    let is_back = |(id, last): (Uuid, Vec<above::Happened>)| above::back_since(&last).map(|_| id);
    Ok(last.into_iter().filter_map(is_back).collect())
}

/// A submission that was sent back once.
#[derive(FromQueryResult)]
struct Once {
    id: Uuid,
}

/// What waits to be answered and could be answered by a decision: of the caller, or of anybody.
fn answerable(gate: &Gate, by_caller: bool) -> Result<SelectStatement> {
    let mut rows = gate
        .rows::<submission::Entity>(Act::SubmissionRead)?
        .filter(Column::State.eq(State::Approved))
        .filter(Column::WaitingSince.is_not_null());
    if by_caller {
        rows = rows.filter(gate.scope::<unit::Entity>(Act::DecisionIssue)?);
    }
    Ok(rows.shape(decidable).column(Column::Id))
}

/// What waits to be answered, and no ballot is open on.
fn unvoted(gate: &Gate) -> Result<Condition> {
    let voted = Among::waiting(gate).rows()?.shape(on_ballots);
    let voted = voted.column(nominee::Column::SubmissionId);
    Ok(Condition::all().add(Column::Id.not_in_subquery(voted)))
}

/// What the caller could answer by a decision of one of his units.
pub(super) fn for_caller(gate: &Gate) -> Result<Condition> {
    let here = unvoted(gate)?.add(Column::Id.in_subquery(answerable(gate, true)?));
    let among = Among::waiting(gate);
    Ok(here.add(for_vote(among)?.not()).add(refused(among)?.not()))
}

/// What somebody could answer once a council has voted on it.
pub(super) fn for_council(gate: &Gate) -> Result<Condition> {
    let here = unvoted(gate)?.add(Column::Id.in_subquery(answerable(gate, false)?));
    Ok(here.add(for_vote(Among::waiting(gate))?))
}

/// What waits to be answered, and a ballot on it takes votes.
pub(super) fn voting(gate: &Gate) -> Result<Condition> {
    balloted(gate, Condition::all().add(ballot::Column::State.eq(ballot::State::Open)))
}

/// What waits to be answered, and the caller may confirm that a ballot on it has ended: he presides over its council, and
/// another person has ended it.
pub(super) fn counting(gate: &Gate) -> Result<Condition> {
    balloted(gate, to_confirm(gate)?)
}

/// What waits to be answered, and a ballot on it is as a condition asks.
fn balloted(gate: &Gate, condition: Condition) -> Result<Condition> {
    let ballots = Among::waiting(gate).rows()?.shape(on_ballots).filter(condition);
    let these = ballots.column(nominee::Column::SubmissionId);
    Ok(Condition::all()
        .add(Column::State.eq(State::Approved))
        .add(Column::WaitingSince.is_not_null())
        .add(Column::Id.in_subquery(these)))
}

/// What waits and nobody of its line could decide, or of which everybody was refused for good: it can only be rejected.
pub(super) fn for_nobody(gate: &Gate) -> Result<Condition> {
    let waits = unvoted(gate)?
        .add(Column::State.eq(State::Approved))
        .add(Column::WaitingSince.is_not_null());
    let nobody = Column::Id.not_in_subquery(answerable(gate, false)?);
    Ok(waits.add(Condition::any().add(nobody).add(lapsed(Among::waiting(gate))?)))
}
