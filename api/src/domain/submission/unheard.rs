//! Which approved submissions wait for a council: somebody of them is proposed for a title that nobody is given, or proposed
//! above for, without a ballot, and no council whose votes count for it has closed one on him; or everybody was refused, and
//! another round can still be held. And of which of them everybody was refused for good.
//! No vote is read here: only how ballots have ended.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader;
use entity::ballot_result::{self, Outcome};
use entity::nominee::Column as Of;
use entity::submission::{self, Column, State};
use entity::{
    award_type, ballot, ballot_candidate, candidate, council, nominee, onward, onward_nominee,
};
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect,
    RelationDef, Select,
};
use strum::IntoEnumIterator;
use uuid::Uuid;

use super::desk::relation;
use crate::access::{Act, Gate, Loader, Rows};
use crate::domain::award::AwardDecider;
use crate::error::{Error, Result};
use crate::reference::{LawRule, ballot_rules};

/// Whether one submission waits for a council.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Unheard(pub(super) Uuid);

impl dataloader::Loader<Unheard> for Loader {
    type Value = bool;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Unheard]) -> Result<HashMap<Unheard, bool>, Arc<Error>> {
        read(self.gate(), keys).await.map_err(Arc::new)
    }
}

/// A submission that waits.
#[derive(FromQueryResult)]
struct Waiting {
    id: Uuid,
}

/// Whether one submission waits for the step of a council: it was never heard, it cannot be proposed above before it is, or
/// it can be voted on again.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ForVote(pub(super) Uuid);

impl dataloader::Loader<ForVote> for Loader {
    type Value = bool;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ForVote]) -> Result<HashMap<ForVote, bool>, Arc<Error>> {
        let (gate, ids) = (self.gate(), keys.iter().map(|key| key.0).collect());
        let found = these(gate, ids, for_vote).await.map_err(Arc::new)?;
        Ok(found.into_iter().map(|id| (ForVote(id), true)).collect())
    }
}

/// Whether everybody of one submission was refused for good.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Lapsed(pub(super) Uuid);

impl dataloader::Loader<Lapsed> for Loader {
    type Value = bool;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Lapsed]) -> Result<HashMap<Lapsed, bool>, Arc<Error>> {
        let (gate, ids) = (self.gate(), keys.iter().map(|key| key.0).collect());
        let found = these(gate, ids, lapsed).await.map_err(Arc::new)?;
        Ok(found.into_iter().map(|id| (Lapsed(id), true)).collect())
    }
}

/// Whether somebody of one submission can be proposed to the State, or is and the proposal was not sent yet.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Proposable(pub(super) Uuid);

impl dataloader::Loader<Proposable> for Loader {
    type Value = bool;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Proposable]) -> Result<HashMap<Proposable, bool>, Arc<Error>> {
        let (gate, ids) = (self.gate(), keys.iter().map(|key| key.0).collect());
        let found = these(gate, ids, proposable).await.map_err(Arc::new)?;
        Ok(found.into_iter().map(|id| (Proposable(id), true)).collect())
    }
}

/// Nominees of the submissions that are asked about: whatever is looked up of nominees is looked up of these alone, however
/// many a tenant has.
#[derive(Clone, Copy)]
pub(super) struct Among<'a> {
    gate: &'a Gate,
    /// None: those of every submission that waits to be answered.
    submissions: Option<&'a [Uuid]>,
}

impl<'a> Among<'a> {
    /// Those of every submission that waits to be answered.
    pub(super) fn waiting(gate: &'a Gate) -> Self {
        Self { gate, submissions: None }
    }

    pub(super) fn rows(self) -> Result<Rows<'a, nominee::Entity>> {
        let rows = self.gate.rows::<nominee::Entity>(Act::SubmissionRead)?;
        if let Some(ids) = self.submissions {
            return Ok(rows.filter(Of::SubmissionId.is_in(ids.iter().copied())));
        }
        let waiting = self
            .gate
            .rows::<submission::Entity>(Act::SubmissionRead)?
            .filter(Column::State.eq(State::Approved))
            .filter(Column::WaitingSince.is_not_null());
        Ok(rows.filter(Of::SubmissionId.in_subquery(waiting.column(Column::Id))))
    }
}

/// Submissions with somebody for a title of the State who is in no proposal that was sent.
fn proposable(among: Among<'_>) -> Result<Condition> {
    let titles = among.gate.catalogue::<award_type::Entity>()?.filter(of_state());
    let sent = among.rows()?.shape(|select| {
        select
            .join(JoinType::InnerJoin, relation!(nominee.Id => onward_nominee.NomineeId))
            .join(JoinType::InnerJoin, relation!(onward_nominee.OnwardId => onward.Id))
            .filter(onward::Column::Packages.gt(0))
    });
    let free = among
        .rows()?
        .filter(Of::AwardTypeId.in_subquery(titles.column(award_type::Column::Id)))
        .filter(Of::Id.not_in_subquery(sent.column(Of::Id)));
    Ok(Condition::all().add(Column::Id.in_subquery(free.column(Of::SubmissionId))))
}

async fn read(gate: &Gate, keys: &[Unheard]) -> Result<HashMap<Unheard, bool>> {
    let found = these(gate, keys.iter().map(|key| key.0).collect(), unheard).await?;
    Ok(found.into_iter().map(|id| (Unheard(id), true)).collect())
}

/// Those of some submissions that a condition holds for.
async fn these(
    gate: &Gate,
    ids: Vec<Uuid>,
    condition: fn(Among<'_>) -> Result<Condition>,
) -> Result<Vec<Uuid>> {
    let condition = condition(Among { gate, submissions: Some(&ids) })?;
    let waiting: Vec<Waiting> = gate
        .rows::<submission::Entity>(Act::SubmissionRead)?
        .filter(Column::Id.is_in(ids))
        .filter(condition)
        .shape(|select| select.select_only().column(Column::Id))
        .all_as()
        .await?;
    Ok(waiting.into_iter().map(|row| row.id).collect())
}

/// Those whose next step is a council's.
pub(super) fn for_vote(among: Among<'_>) -> Result<Condition> {
    Ok(Condition::any().add(unheard(among)?).add(again(among)?).add(to_propose(among)?))
}

/// The condition on submissions of which a decision waits for a council. Whoever was proposed to an authority above waits
/// for no council here.
fn unheard(among: Among<'_>) -> Result<Condition> {
    let mut any = nothing();
    for law in ballot_rules(among.gate.today()).filter(|law| law.required && !law.awards.is_empty())
    {
        let titles = award_type::Column::Code.is_in(law.awards.iter().map(String::as_str));
        any = any.add(without_ballot(among, law, Condition::all().add(titles))?);
    }
    with_one_left(among, any)
}

/// Submissions with somebody for a title that the State decides, on whom no ballot was held: nobody is proposed above
/// without one, whatever the title asks for.
fn to_propose(among: Among<'_>) -> Result<Condition> {
    let code = award_type::Column::Code;
    let today = among.gate.today();
    let named = || ballot_rules(today).flat_map(|law| law.awards.iter());
    let mut any = nothing();
    for law in ballot_rules(today).filter(|law| !law.required && !law.initiatives) {
        let titles = if law.awards.is_empty() {
            code.is_not_in(named().map(String::as_str))
        } else {
            code.is_in(law.awards.iter().map(String::as_str))
        };
        any = any.add(without_ballot(among, law, of_state().add(titles))?);
    }
    with_one_left(among, any)
}

/// Titles of the law that nobody but the State decides.
fn of_state() -> Condition {
    let decided_by = award_type::Column::DecidedBy;
    let of_state = AwardDecider::iter().filter(|decider| decider.is_of_state());
    Condition::all()
        .add(award_type::Column::TenantId.is_null())
        .add(decided_by.is_in(of_state.map(<&'static str>::from)))
}

/// Holds for nobody, until something is added.
fn nothing() -> Condition {
    Condition::any().add(Of::Id.is_null())
}

/// Nominees who are proposed to an authority above.
fn above(among: Among<'_>) -> Result<Rows<'_, nominee::Entity>> {
    Ok(among.rows()?.shape(|select| {
        select.join(JoinType::InnerJoin, relation!(nominee.Id => onward_nominee.NomineeId))
    }))
}

/// Submissions with a nominee whom a condition holds for, and who is not proposed to an authority above.
fn with_one_left(among: Among<'_>, condition: Condition) -> Result<Condition> {
    let above = above(among)?;
    let waiting =
        among.rows()?.filter(condition).filter(Of::Id.not_in_subquery(above.column(Of::Id)));
    Ok(Condition::all().add(Column::Id.in_subquery(waiting.column(Of::SubmissionId))))
}

/// Submissions of which everybody was refused, and somebody by a ballot after which a round is left.
fn again(among: Among<'_>) -> Result<Condition> {
    let closed = taken().add(failed().add(has_round_left().not()));
    let open = Condition::all()
        .add(Of::Id.in_subquery(said(among, failed().add(has_round_left()))?))
        .add(Of::Id.not_in_subquery(said(among, closed)?));
    let settled = Condition::any()
        .add(Of::Id.in_subquery(said(among, taken().add(chosen()))?))
        .add(Of::Id.not_in_subquery(said(among, Condition::all())?));
    Ok(Condition::all().add(with_one_left(among, open)?).add(with_one_left(among, settled)?.not()))
}

/// Submissions that can only be rejected: everybody was refused for good, and no council is still to vote.
pub(super) fn lapsed(among: Among<'_>) -> Result<Condition> {
    Ok(refused(among)?.add(for_vote(among)?.not()))
}

/// Submissions of which everybody was refused, with no round left and nobody who may set the share of votes aside.
pub(super) fn refused(among: Among<'_>) -> Result<Condition> {
    let over = || said(among, failed().add(has_round_left().not()));
    let left = || said(among, taken().add(chosen()));
    let out =
        Condition::all().add(Of::Id.in_subquery(over()?)).add(Of::Id.not_in_subquery(left()?));
    // Who was moved to a lower title may still be voted on.
    let lowered = among
        .rows()?
        .shape(|select| {
            select.join(JoinType::InnerJoin, relation!(nominee.Id => candidate.NomineeId))
        })
        .filter(candidate::Column::DowngradedFrom.is_not_null());
    let others = Condition::any()
        .add(Of::Id.not_in_subquery(over()?))
        .add(Of::Id.in_subquery(left()?))
        .add(Of::Id.in_subquery(lowered.column(Of::Id)));
    // What an authority above has in part is rejected by nobody here.
    let above = above(among)?.column(Of::SubmissionId);
    Ok(Condition::all()
        .add(with_one_left(among, out)?)
        .add(with_one_left(among, others)?.not())
        .add(Column::Id.not_in_subquery(above)))
}

/// Nominees of whom a ballot has said something.
fn said(among: Among<'_>, condition: Condition) -> Result<SelectStatement> {
    let rows = among.rows()?.shape(with_results);
    Ok(rows.filter(condition).column(Of::Id))
}

fn failed() -> Condition {
    Condition::all().add(ballot_result::Column::Outcome.eq(Outcome::Failed))
}

/// Passed, or for the chair to say who is.
fn taken() -> Condition {
    let taken = [Outcome::Passed, Outcome::Tied];
    Condition::any().add(ballot_result::Column::Outcome.is_in(taken))
}

/// Failed in the last round by a rule that leaves the choice to the one who decides.
fn chosen() -> Condition {
    let is_left = ballot_candidate::Column::AuthorityDecides.eq(true);
    failed().add(has_round_left().not()).add(is_left)
}

/// Results of ballots after which another round can be held by the rule that is frozen with them.
fn has_round_left() -> Condition {
    let most = Expr::col((ballot_candidate::Entity, ballot_candidate::Column::MaxRounds));
    Condition::all().add(most.gt(Expr::col((ballot::Entity, ballot::Column::Round))))
}

/// Nominees with the results of the ballots on them.
fn with_results(select: Select<nominee::Entity>) -> Select<nominee::Entity> {
    let result = relation!(ballot_candidate.Id => ballot_result.BallotCandidateId);
    in_councils(select).join(JoinType::InnerJoin, result)
}

/// Nominees for one of these titles on whom no council of a rule has closed a ballot.
fn without_ballot(among: Among<'_>, law: &LawRule, titles: Condition) -> Result<Condition> {
    let titles =
        among.gate.catalogue::<award_type::Entity>()?.filter(titles).column(award_type::Column::Id);
    let mut heard = among
        .rows()?
        .filter(ballot::Column::State.eq(ballot::State::Closed))
        .filter(council::Column::Kind.is_in(law.councils.iter().copied()))
        .shape(in_councils);
    if !law.standing_part {
        heard = heard.filter(council::Column::ParentId.is_null());
    }
    Ok(Condition::all()
        .add(Of::AwardTypeId.in_subquery(titles))
        .add(Of::Id.not_in_subquery(heard.column(Of::Id))))
}

/// Nominees with the ballots on them and the councils that held these.
fn in_councils(select: Select<nominee::Entity>) -> Select<nominee::Entity> {
    select
        .join(JoinType::InnerJoin, relation!(nominee.Id => candidate.NomineeId))
        .join(JoinType::InnerJoin, relation!(candidate.Id => ballot_candidate.CandidateId))
        .join(JoinType::InnerJoin, relation!(ballot_candidate.BallotId => ballot.Id))
        .join(JoinType::InnerJoin, relation!(ballot.CouncilId => council.Id))
}
