//! Which approved submissions wait for a council: somebody of them is proposed for a title that nobody is given without a
//! ballot, and no council whose votes count for it has closed one on him.
//! No vote is read here.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader;
use entity::nominee::Column as Of;
use entity::submission::{self, Column};
use entity::{award_type, ballot, ballot_candidate, candidate, council, nominee, onward_nominee};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, QuerySelect, RelationDef,
    Select,
};
use uuid::Uuid;

use super::desk::relation;
use crate::access::{Act, Gate, Loader};
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

async fn read(gate: &Gate, keys: &[Unheard]) -> Result<HashMap<Unheard, bool>> {
    let waiting: Vec<Waiting> = gate
        .rows::<submission::Entity>(Act::SubmissionRead)?
        .filter(Column::Id.is_in(keys.iter().map(|key| key.0)))
        .filter(unheard(gate)?)
        .shape(|select| select.select_only().column(Column::Id))
        .all_as()
        .await?;
    Ok(waiting.into_iter().map(|row| (Unheard(row.id), true)).collect())
}

/// The condition on submissions. Whoever was proposed to an authority above waits for no council here.
pub(super) fn unheard(gate: &Gate) -> Result<Condition> {
    let above = gate.rows::<nominee::Entity>(Act::SubmissionRead)?.shape(|select| {
        select.join(JoinType::InnerJoin, relation!(nominee.Id => onward_nominee.NomineeId))
    });
    let asked = ballot_rules(gate.today()).filter(|law| law.required && !law.awards.is_empty());
    // Holds for nobody where the law asks for no ballot.
    let mut any = Condition::any().add(Of::Id.is_null());
    for law in asked {
        any = any.add(without_ballot(gate, law)?);
    }
    let waiting = gate
        .rows::<nominee::Entity>(Act::SubmissionRead)?
        .filter(any)
        .filter(Of::Id.not_in_subquery(above.column(Of::Id)));
    Ok(Condition::all().add(Column::Id.in_subquery(waiting.column(Of::SubmissionId))))
}

/// Nominees for one of the titles of a rule on whom no council of the rule has closed a ballot.
fn without_ballot(gate: &Gate, law: &LawRule) -> Result<Condition> {
    let titles = gate
        .catalogue::<award_type::Entity>()?
        .filter(award_type::Column::Code.is_in(law.awards.iter().map(String::as_str)))
        .column(award_type::Column::Id);
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
