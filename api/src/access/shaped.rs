//! Reads inside a transaction that join: what a write rests on, seen as the write sees it.
//! No domain enters here.

use entity::owned::Owned;
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, Select};
use uuid::Uuid;

use super::gate::find;
use super::policy::Act;
use super::tx::Tx;
use crate::error::Result;

impl Tx {
    /// Rows within a scope of another act, reshaped: joins, columns, order. The scope stays.
    pub async fn all_as<E: Owned, M: FromQueryResult>(
        &self,
        act: Act,
        shape: impl FnOnce(Select<E>) -> Select<E>,
    ) -> Result<Vec<M>> {
        let select = shape(find::<E>().filter(self.gate().scope::<E>(act)?));
        Ok(select.into_model::<M>().all(&self.at::<E>()).await?)
    }

    /// Every row of an owner that was entered before, reshaped; see [`Tx::all_of`].
    pub async fn all_of_as<E: Owned, M: FromQueryResult>(
        &self,
        owner: Uuid,
        shape: impl FnOnce(Select<E>) -> Select<E>,
    ) -> Result<Vec<M>> {
        self.demand(owner)?;
        let select = shape(find::<E>().filter(E::owner().eq(owner)));
        Ok(select.into_model::<M>().all(&self.at::<E>()).await?)
    }
}
