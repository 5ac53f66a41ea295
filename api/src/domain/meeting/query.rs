//! Reads of sessions.
//! No write enters here.

use async_graphql::{Context, ID, Object};
use entity::council_session::{self, Column};
use sea_orm::{ColumnTrait, QueryOrder};

use super::CouncilSession;
use crate::access::{Act, Gate};
use crate::domain::Ask;
use crate::domain::council::Council;
use crate::error::Result;
use crate::filter::row_id;

/// Questions about sessions of councils.
#[derive(Default)]
pub struct MeetingQuery;

/// Questions about sessions of councils.
#[Object]
impl MeetingQuery {
    /// One session of a council by its id; null when there is none or the caller may not read it.
    async fn council_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the session.")] id: ID,
    ) -> Option<Result<CouncilSession>> {
        async { node(ctx.gate()?, &id).await }.await.transpose()
    }

    /// The sessions of a council in a year, by number; empty for a caller who may not read them.
    async fn council_sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the council.")] council_id: ID,
        #[graphql(desc = "Year of the sessions.")] year: i32,
    ) -> Result<Vec<CouncilSession>> {
        let gate = ctx.gate()?;
        let Some(council) = row_id::<Council>(&council_id) else { return Ok(Vec::new()) };
        let rows = gate.rows::<council_session::Entity>(Act::CouncilSessionRead)?;
        let rows = rows.filter(Column::CouncilId.eq(council)).filter(Column::Year.eq(year));
        let rows = rows.shape(|select| select.order_by_asc(Column::Number)).all().await?;
        Ok(rows.into_iter().map(CouncilSession::from).collect())
    }
}

pub(in crate::domain) async fn node(gate: &Gate, id: &ID) -> Result<Option<CouncilSession>> {
    let Some(id) = row_id::<CouncilSession>(id) else { return Ok(None) };
    Ok(gate.load::<council_session::Entity>(id).await?.map(CouncilSession::from))
}
