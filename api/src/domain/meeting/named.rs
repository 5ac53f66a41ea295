//! What is put on an agenda by its ids, whatever it is.
//! Nothing is written here.

use async_graphql::ID;
use entity::owned::Owned;
use sea_orm::{ColumnTrait, Condition, ModelTrait};
use uuid::Uuid;

use crate::access::{Act, Tx, uuid};
use crate::domain::input;
use crate::error::{Error, Result};
use crate::filter::input_ids;
use crate::scalar::NodeType;

/// The rows that ids name, each once, in the scope of an act and in the order of the ids; refused where one leads to nothing.
pub(super) async fn named<N: NodeType, E: Owned>(
    tx: &Tx,
    act: Act,
    (ids, path): (&[ID], &str),
) -> Result<Vec<E::Model>> {
    let ids = input_ids::<N>(ids, path)?;
    input::each_once(&ids, path)?;
    let these = Condition::all().add(E::id().is_in(ids.iter().copied()));
    let rows = tx.all::<E>(act, these).await?;
    let of = |id: &Uuid| {
        let row = rows.iter().find(|row| uuid(&row.get(E::id())) == Some(*id)).cloned();
        row.ok_or_else(|| Error::not_found().at(&input::place(&ids, *id, path)))
    };
    ids.iter().map(of).collect()
}
