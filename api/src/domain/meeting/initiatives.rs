//! Initiatives that are put on the agenda of a council of initiatives.
//! No vote enters here.

use async_graphql::ID;
use entity::initiative_proposal::State;
use entity::{agenda_item, ballot_candidate, candidate, council, initiative_proposal as proposal};
use sea_orm::{ActiveEnum, ColumnTrait, Condition};
use uuid::Uuid;

use super::named::named;
use super::reach;
use crate::access::{Act, Tx};
use crate::domain::initiative::InitiativeProposal;
use crate::domain::input;
use crate::error::{Code, Fault, Result};
use crate::reference::{Level, initiative_scope};

/// Puts proposals on an item of the agenda: proposed, never voted on, and for this council to recognise.
pub(super) async fn put(
    tx: &Tx,
    (council, item): (&council::Model, &agenda_item::Model),
    (ids, path): (&[ID], &str),
) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    // What is put before two councils at once is put before one of them first.
    tx.stand_in_line("initiatives", item.tenant_id).await?;
    let act = Act::InitiativeProposalRead;
    let rows = named::<InitiativeProposal, proposal::Entity>(tx, act, (ids, path)).await?;
    still_open(tx, &rows, path).await?;
    within_reach(tx, council, &rows, path).await?;
    let lines = (1..).zip(&rows).map(|line| considered(tx, item, line));
    let candidates = lines.collect();
    tx.add_many::<candidate::Entity>(candidates).await.map_err(|fault| fault.at(path))?;
    let taken = |row: &proposal::Model| {
        (row.clone(), proposal::Model { council_id: Some(council.id), ..row.clone() })
    };
    tx.save_many::<proposal::Entity>(rows.iter().map(taken).collect()).await
}

/// One that was voted on is voted again in another round of the same ballot only.
async fn still_open(tx: &Tx, rows: &[proposal::Model], path: &str) -> Result<()> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let at = |id: Uuid| input::place(&ids, id, path);
    if let Some(row) = rows.iter().find(|row| row.state != State::Proposed) {
        let fault = Fault::at(Code::WrongState, &at(row.id));
        return Err(fault.with("state", row.state.to_value()).into());
    }
    let Some(tenant) = rows.first().map(|row| row.tenant_id) else { return Ok(()) };
    let before = candidate::Column::ProposalId.is_in(rows.iter().map(|row| row.id));
    let before = tx.all_of::<candidate::Entity>(tenant, Condition::all().add(before)).await?;
    let asked = ballot_candidate::Column::CandidateId.is_in(before.iter().map(|row| row.id));
    let asked = tx.all_of::<ballot_candidate::Entity>(tenant, Condition::all().add(asked)).await?;
    let Some(asked) = asked.first() else { return Ok(()) };
    let of = before.iter().find(|row| row.id == asked.candidate_id);
    let path = of.and_then(|row| row.proposal_id).map_or_else(|| path.to_owned(), at);
    Err(Fault::at(Code::WrongState, &path).with("state", "VOTED").into())
}

/// The council of an office considers what was made there, and recognises as far as the law lets it.
async fn within_reach(
    tx: &Tx,
    council: &council::Model,
    rows: &[proposal::Model],
    path: &str,
) -> Result<()> {
    let units: Vec<Uuid> = rows.iter().map(|row| row.unit_id).collect();
    if !reach::within_reach(tx, council, (&units, path)).await? {
        return Ok(());
    }
    let today = tx.gate().today();
    let beyond = rows.iter().enumerate().find_map(|(index, row)| {
        let law = initiative_scope(row.scope, today)?;
        (law.level == Level::Tenant).then_some((index, row, law))
    });
    match beyond {
        Some((index, row, law)) => {
            Err(Fault::at(Code::InitiativeScopeBeyond, &format!("{path}.{index}"))
                .with("title", &row.title)
                .with("citation", &law.citation)
                .into())
        }
        None => Ok(()),
    }
}

fn considered(
    tx: &Tx,
    item: &agenda_item::Model,
    (position, row): (i32, &proposal::Model),
) -> candidate::Model {
    candidate::Model {
        tenant_id: item.tenant_id,
        id: tx.gate().new_id(),
        council_id: item.council_id,
        item_id: item.id,
        position,
        nominee_id: None,
        unit_id: Some(row.unit_id),
        author_id: Some(row.author_id),
        name: row.title.clone(),
        identity: None,
        award_type_id: None,
        award_code: None,
        downgraded_from: None,
        reason: None,
        proposal_id: Some(row.id),
    }
}
