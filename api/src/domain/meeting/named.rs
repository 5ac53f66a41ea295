//! What is put on an agenda by its ids, whatever it is.
//! Nothing is written here.

use async_graphql::ID;
use entity::owned::Owned;
use sea_orm::{ColumnTrait, Condition, ModelTrait};
use uuid::Uuid;

use crate::access::{Act, Tx, uuid};
use crate::error::{Error, Result};
use crate::filter::input_id;
use crate::scalar::NodeType;

/// The rows that ids name, in the scope of an act and in the order of the ids; refused where one leads to nothing.
pub(super) async fn named<N: NodeType, E: Owned>(
    tx: &Tx,
    act: Act,
    (ids, path): (&[ID], &str),
) -> Result<Vec<E::Model>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| input_id::<N>(id, path)).collect::<Result<_>>()?;
    let these = Condition::all().add(E::id().is_in(ids.iter().copied()));
    let rows = tx.all::<E>(act, these).await?;
    let of = |id: &Uuid| rows.iter().find(|row| uuid(&row.get(E::id())) == Some(*id)).cloned();
    let found: Option<Vec<E::Model>> = ids.iter().map(of).collect();
    found.ok_or_else(|| Error::not_found().at(path))
}
