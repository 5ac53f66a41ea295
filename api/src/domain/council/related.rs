//! What stands below a council, a session, a ballot or a proposal to an authority above, read for many of them at once.
//! No rule enters here.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

use async_graphql::dataloader;
use sea_orm::{ColumnTrait, EntityTrait, ModelTrait, QueryOrder};
use uuid::Uuid;

use crate::access::{Gate, Loader, Readable, uuid};
use crate::error::{Error, Result};

/// A table whose rows stand below a row of another one.
pub(in crate::domain) trait Below: Readable {
    /// The column that names the row above.
    fn above() -> Self::Column;
    /// The column that orders the rows.
    fn order() -> Self::Column;
}

macro_rules! below {
    ($($table:ident: $above:ident by $order:ident),* $(,)?) => {
        $(impl Below for entity::$table::Entity {
            fn above() -> Self::Column {
                entity::$table::Column::$above
            }

            fn order() -> Self::Column {
                entity::$table::Column::$order
            }
        })*
    };
}

below! {
    council_seat: CouncilId by Position,
    seat_holder: SeatId by ValidFrom,
    agenda_item: SessionId by Position,
    candidate: ItemId by Position,
    session_paper: SessionId by AddedAt,
    session_seat: SessionId by Position,
    declared_tie: ItemId by SeatId,
    session_task: SessionId by Position,
    session_minutes: SessionId by Number,
    ballot: SessionId by OpenedAt,
    ballot_candidate: BallotId by Position,
    ballot_result: BallotId by Position,
    ballot_roll: BallotId by Position,
    ballot_register: BallotId by SeatId,
    open_vote: BallotId by SeatId,
    paper_count: BallotId by EnteredAt,
    tie_decision: BallotId by DecidedAt,
    onward_nominee: OnwardId by Position,
    onward_package: OnwardId by Number,
    onward_event: OnwardId by Number,
    onward_result: OnwardId by Position,
    exemplar_step: ExemplarId by Sequence,
    notice: SubmissionId by OpenedOn,
    complaint: NoticeId by FiledOn,
    complaint_step: ComplaintId by Sequence,
    initiative_proposer: ProposalId by SubjectId,
}

/// The rows of `E` below one row.
pub(in crate::domain) struct Rows<E>(Uuid, PhantomData<fn() -> E>);

impl<E> Rows<E> {
    fn new(above: Uuid) -> Self {
        Self(above, PhantomData)
    }
}

impl<E> Clone for Rows<E> {
    fn clone(&self) -> Self {
        Self::new(self.0)
    }
}

impl<E> PartialEq for Rows<E> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<E> Eq for Rows<E> {}

impl<E> Hash for Rows<E> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<E: Below> dataloader::Loader<Rows<E>> for Loader
where
    E::Model: Sync,
{
    type Value = Vec<E::Model>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Rows<E>]) -> Result<HashMap<Rows<E>, Vec<E::Model>>, Arc<Error>> {
        read(self.gate(), keys).await.map_err(Arc::new)
    }
}

async fn read<E: Below>(gate: &Gate, keys: &[Rows<E>]) -> Result<HashMap<Rows<E>, Vec<E::Model>>> {
    let rows = gate
        .rows::<E>(E::READ)?
        .filter(E::above().is_in(keys.iter().map(|key| key.0)))
        .shape(|select| select.order_by_asc(E::order()).order_by_asc(E::id()))
        .all()
        .await?;
    let mut found: HashMap<Rows<E>, Vec<E::Model>> = HashMap::new();
    for row in rows {
        let above = uuid(&row.get(E::above()));
        found.entry(Rows::new(above.unwrap_or_default())).or_default().push(row);
    }
    Ok(found)
}

/// The rows of a table below one row, as the caller may read them.
pub(in crate::domain) async fn below<E: Below>(gate: &Gate, above: Uuid) -> Result<Vec<E::Model>>
where
    E::Model: Sync,
    <E as EntityTrait>::Model: ModelTrait<Entity = E>,
{
    gate.load_by(Rows::<E>::new(above)).await
}
