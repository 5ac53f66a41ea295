//! Which approved submissions wait for a council: somebody of them is proposed for a title that nobody is given, or proposed
//! above for, without a ballot, and no council whose votes count for it has closed one on him; or everybody was refused, and
//! another round can still be held. And of which of them everybody was refused for good.
//! No vote is read here: only how ballots have ended.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader;
use entity::ballot_result::{self, Outcome};
use entity::nominee::Column as Of;
use entity::submission::{self, Column};
use entity::{
    award_type, ballot, ballot_candidate, candidate, council, nominee, onward, onward_nominee,
};
use sea_orm::sea_query::SelectStatement;
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

/// Submissions with somebody for a title of the State who is in no proposal that was sent.
fn proposable(gate: &Gate) -> Result<Condition> {
    let titles = gate.catalogue::<award_type::Entity>()?.filter(of_state());
    let sent = gate.rows::<nominee::Entity>(Act::SubmissionRead)?.shape(|select| {
        select
            .join(JoinType::InnerJoin, relation!(nominee.Id => onward_nominee.NomineeId))
            .join(JoinType::InnerJoin, relation!(onward_nominee.OnwardId => onward.Id))
            .filter(onward::Column::Packages.gt(0))
    });
    let free = gate
        .rows::<nominee::Entity>(Act::SubmissionRead)?
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
    condition: fn(&Gate) -> Result<Condition>,
) -> Result<Vec<Uuid>> {
    let waiting: Vec<Waiting> = gate
        .rows::<submission::Entity>(Act::SubmissionRead)?
        .filter(Column::Id.is_in(ids))
        .filter(condition(gate)?)
        .shape(|select| select.select_only().column(Column::Id))
        .all_as()
        .await?;
    Ok(waiting.into_iter().map(|row| row.id).collect())
}

/// Those whose next step is a council's.
pub(super) fn for_vote(gate: &Gate) -> Result<Condition> {
    Ok(Condition::any().add(unheard(gate)?).add(again(gate)?).add(to_propose(gate)?))
}

/// The condition on submissions of which a decision waits for a council. Whoever was proposed to an authority above waits
/// for no council here.
pub(super) fn unheard(gate: &Gate) -> Result<Condition> {
    let mut any = nothing();
    for law in ballot_rules(gate.today()).filter(|law| law.required && !law.awards.is_empty()) {
        let titles = award_type::Column::Code.is_in(law.awards.iter().map(String::as_str));
        any = any.add(without_ballot(gate, law, Condition::all().add(titles))?);
    }
    with_one_left(gate, any)
}

/// Submissions with somebody for a title that the State decides, on whom no ballot was held: nobody is proposed above
/// without one, whatever the title asks for.
fn to_propose(gate: &Gate) -> Result<Condition> {
    let code = award_type::Column::Code;
    let named = || ballot_rules(gate.today()).flat_map(|law| law.awards.iter());
    let mut any = nothing();
    for law in ballot_rules(gate.today()).filter(|law| !law.required && !law.initiatives) {
        let titles = if law.awards.is_empty() {
            code.is_not_in(named().map(String::as_str))
        } else {
            code.is_in(law.awards.iter().map(String::as_str))
        };
        any = any.add(without_ballot(gate, law, of_state().add(titles))?);
    }
    with_one_left(gate, any)
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
fn above(gate: &Gate) -> Result<Rows<'_, nominee::Entity>> {
    Ok(gate.rows::<nominee::Entity>(Act::SubmissionRead)?.shape(|select| {
        select.join(JoinType::InnerJoin, relation!(nominee.Id => onward_nominee.NomineeId))
    }))
}

/// Submissions with a nominee whom a condition holds for, and who is not proposed to an authority above.
fn with_one_left(gate: &Gate, condition: Condition) -> Result<Condition> {
    let above = above(gate)?;
    let waiting = gate
        .rows::<nominee::Entity>(Act::SubmissionRead)?
        .filter(condition)
        .filter(Of::Id.not_in_subquery(above.column(Of::Id)));
    Ok(Condition::all().add(Column::Id.in_subquery(waiting.column(Of::SubmissionId))))
}

/// Submissions of which everybody was refused, and somebody by a ballot after which a round is left.
fn again(gate: &Gate) -> Result<Condition> {
    let closed = taken().add(failed().add(has_round_left(gate).not()));
    let open = Condition::all()
        .add(Of::Id.in_subquery(said(gate, failed().add(has_round_left(gate)))?))
        .add(Of::Id.not_in_subquery(said(gate, closed)?));
    let settled = Condition::any()
        .add(Of::Id.in_subquery(said(gate, taken().add(chosen(gate)))?))
        .add(Of::Id.not_in_subquery(said(gate, Condition::all())?));
    Ok(Condition::all().add(with_one_left(gate, open)?).add(with_one_left(gate, settled)?.not()))
}

/// Submissions that can only be rejected: everybody was refused for good, and no council is still to vote.
pub(super) fn lapsed(gate: &Gate) -> Result<Condition> {
    Ok(refused(gate)?.add(for_vote(gate)?.not()))
}

/// Submissions of which everybody was refused, with no round left and nobody who may set the share of votes aside.
pub(super) fn refused(gate: &Gate) -> Result<Condition> {
    let over = || said(gate, failed().add(has_round_left(gate).not()));
    let left = || said(gate, taken().add(chosen(gate)));
    let out =
        Condition::all().add(Of::Id.in_subquery(over()?)).add(Of::Id.not_in_subquery(left()?));
    // Who was moved to a lower title may still be voted on.
    let lowered = gate
        .rows::<nominee::Entity>(Act::SubmissionRead)?
        .shape(|select| {
            select.join(JoinType::InnerJoin, relation!(nominee.Id => candidate.NomineeId))
        })
        .filter(candidate::Column::DowngradedFrom.is_not_null());
    let others = Condition::any()
        .add(Of::Id.not_in_subquery(over()?))
        .add(Of::Id.in_subquery(left()?))
        .add(Of::Id.in_subquery(lowered.column(Of::Id)));
    // What an authority above has in part is rejected by nobody here.
    let above = above(gate)?.column(Of::SubmissionId);
    Ok(Condition::all()
        .add(with_one_left(gate, out)?)
        .add(with_one_left(gate, others)?.not())
        .add(Column::Id.not_in_subquery(above)))
}

/// Nominees of whom a ballot has said something.
fn said(gate: &Gate, condition: Condition) -> Result<SelectStatement> {
    let rows = gate.rows::<nominee::Entity>(Act::SubmissionRead)?.shape(with_results);
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
fn chosen(gate: &Gate) -> Condition {
    let is_left = ballot_candidate::Column::Rule.contains("\"after_rounds\":\"AUTHORITY_DECIDES\"");
    failed().add(has_round_left(gate).not()).add(is_left)
}

/// Results of ballots after which another round can be held by the rule that is frozen with them.
fn has_round_left(gate: &Gate) -> Condition {
    let most = ballot_rules(gate.today()).map(|law| law.max_rounds).max().unwrap_or(1);
    let rule = ballot_candidate::Column::Rule;
    (2..=most).fold(nothing(), |any, rounds| {
        let allows = rule.contains(format!("\"max_rounds\":{rounds},"));
        any.add(Condition::all().add(allows).add(ballot::Column::Round.lt(rounds)))
    })
}

/// Nominees with the results of the ballots on them.
fn with_results(select: Select<nominee::Entity>) -> Select<nominee::Entity> {
    let result = relation!(ballot_candidate.Id => ballot_result.BallotCandidateId);
    in_councils(select).join(JoinType::InnerJoin, result)
}

/// Nominees for one of these titles on whom no council of a rule has closed a ballot.
fn without_ballot(gate: &Gate, law: &LawRule, titles: Condition) -> Result<Condition> {
    let titles =
        gate.catalogue::<award_type::Entity>()?.filter(titles).column(award_type::Column::Id);
    let mut heard = gate
        .rows::<nominee::Entity>(Act::SubmissionRead)?
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
