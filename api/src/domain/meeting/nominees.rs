//! Nominees that are put on the agenda of a council.
//! No vote enters here.

use async_graphql::ID;
use entity::council_session::{self, State};
use entity::{agenda_item, award_type, candidate, council, nominee, submission};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::named::named;
use super::{identity, reach, rules};
use crate::access::{Act, Tx};
use crate::domain::input;
use crate::domain::submission::Nominee;
use crate::error::{Code, Fault, Result};

/// Puts nominees on an item of the agenda: appraised, for this council to consider, and on no other item that waits.
pub(super) async fn put(
    tx: &Tx,
    (council, item): (&council::Model, &agenda_item::Model),
    (ids, path): (&[ID], &str),
) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let rows = named::<Nominee, nominee::Entity>(tx, Act::SubmissionRead, (ids, path)).await?;
    let of = rows.iter().map(|row| row.submission_id);
    let of = Condition::all().add(submission::Column::Id.is_in(of));
    let submissions = tx.all::<submission::Entity>(Act::SubmissionRead, of).await?;
    let lists: Vec<Uuid> = rows.iter().map(|row| row.submission_id).collect();
    rules::appraised(council, &submissions, |of| input::place(&lists, of.id, path))?;
    if council.kind == council::Kind::Office {
        let units: Vec<Uuid> = rows.iter().map(|row| row.unit_id).collect();
        reach::within_reach(tx, council, (&units, path)).await?;
    }
    planned_once(tx, item, (&rows, path)).await?;
    let awards = tx.gate().catalogue::<award_type::Entity>()?;
    let awards =
        awards.filter(award_type::Column::Id.is_in(rows.iter().map(|row| row.award_type_id)));
    let awards = awards.all().await?;
    let mut candidates = Vec::with_capacity(rows.len());
    for (position, row) in (1..).zip(&rows) {
        let award = awards.iter().find(|award| award.id == row.award_type_id);
        let author = submissions.iter().find(|known| known.id == row.submission_id);
        candidates.push(candidate::Model {
            tenant_id: item.tenant_id,
            id: tx.gate().new_id(),
            council_id: item.council_id,
            item_id: item.id,
            position,
            nominee_id: Some(row.id),
            unit_id: Some(row.unit_id),
            author_id: author.map(|submission| submission.author_id),
            name: row.name.clone(),
            identity: Some(identity(row)),
            award_type_id: Some(row.award_type_id),
            award_code: Some(award.map(|award| award.code.clone()).unwrap_or_default()),
            downgraded_from: None,
            reason: None,
            proposal_id: None,
        });
    }
    tx.add_many::<candidate::Entity>(candidates).await.map_err(|e| e.at(path))
}

/// Refuses whom another item of the session, or another session of the council that is yet to sit, has on its agenda. Another
/// one that sits, has sat or was cancelled is no obstacle, nor is an item that was concluded: what was put off or refused is
/// taken up again elsewhere.
async fn planned_once(
    tx: &Tx,
    item: &agenda_item::Model,
    (rows, path): (&[nominee::Model], &str),
) -> Result<()> {
    // Two sessions never take the same nominee at once.
    tx.stand_in_line("sessions", item.council_id).await?;
    let of_council =
        Condition::all().add(council_session::Column::CouncilId.eq(item.council_id)).add(
            Condition::any()
                .add(council_session::Column::State.eq(State::Planned))
                .add(council_session::Column::Id.eq(item.session_id)),
        );
    let sessions = tx.all::<council_session::Entity>(Act::CouncilSessionRead, of_council).await?;
    let theirs = Condition::all()
        .add(agenda_item::Column::SessionId.is_in(sessions.iter().map(|row| row.id)))
        .add(agenda_item::Column::Outcome.is_null())
        .add(agenda_item::Column::Id.ne(item.id));
    let items = tx.all::<agenda_item::Entity>(Act::CouncilSessionRead, theirs).await?;
    let named = Condition::all()
        .add(candidate::Column::ItemId.is_in(items.iter().map(|row| row.id)))
        .add(candidate::Column::NomineeId.is_in(rows.iter().map(|row| row.id)));
    let named = tx.all::<candidate::Entity>(Act::CouncilSessionRead, named).await?;
    let found = named.first().and_then(|one| {
        let of = items.iter().find(|row| row.id == one.item_id)?;
        Some((one, sessions.iter().find(|row| row.id == of.session_id)?))
    });
    let place = |one: &candidate::Model| {
        let id = rows.iter().position(|row| Some(row.id) == one.nominee_id);
        id.map_or_else(|| path.to_owned(), |index| format!("{path}.{index}"))
    };
    match found {
        Some((one, session)) if session.id == item.session_id => {
            let fault = Fault::at(Code::AlreadyExists, &place(one)).with("case", "ITEM");
            Err(fault.with("nominee", &one.name).into())
        }
        Some((one, session)) => Err(Fault::at(Code::AlreadyExists, &place(one))
            .with("case", "AGENDA")
            .with("nominee", &one.name)
            .with("session", format!("{}/{}", session.number, session.year))
            .with("day", session.planned_on)
            .into()),
        None => Ok(()),
    }
}
