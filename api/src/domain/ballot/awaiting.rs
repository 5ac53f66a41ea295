//! Ballots in which the caller has still to vote, and those of which he has to confirm the end.
//! No choice enters here.

use std::collections::HashSet;

use async_graphql::{Context, Object};
use entity::ballot::{self, State};
use entity::ballot_roll::Mode;
use entity::{ballot_register, ballot_roll};
use sea_orm::ColumnTrait;
use uuid::Uuid;

use super::Ballot;
use super::presiding::to_confirm;
use crate::access::{Act, Gate};
use crate::domain::Ask;
use crate::error::Result;

/// Questions of a member about what waits for him.
#[derive(Default)]
pub struct AwaitingQuery;

/// Questions of a member about what waits for him.
#[Object]
impl AwaitingQuery {
    /// Open ballots that wait for the caller's vote (phiếu chờ tôi biểu quyết): he is on the roll, votes online or writes, and
    /// has not voted. The one whose cut-off comes first is first, those without one are behind.
    async fn ballots_awaiting_me(&self, ctx: &Context<'_>) -> Result<Vec<Ballot>> {
        let gate = ctx.gate()?;
        let mut found = awaiting(gate).await?;
        found.sort_by_key(|row| (row.cut_off_at.is_none(), row.cut_off_at, row.opened_at, row.id));
        Ok(found.into_iter().map(Ballot::from).collect())
    }

    /// Ballots whose voting has ended and that wait for the caller to confirm it (phiếu chờ tôi xác nhận kết thúc): he holds
    /// a seat today that presides over the council, and another person has ended the voting. He finds them here although
    /// he may not read the submissions, and `submissions(waitingForMe: true)` tells him nothing. The one opened first is first.
    async fn ballots_to_confirm(&self, ctx: &Context<'_>) -> Result<Vec<Ballot>> {
        let gate = ctx.gate()?;
        let ended = gate.rows::<ballot::Entity>(Act::BallotCloseConfirm)?;
        let mut found = ended.filter(to_confirm(gate)?).all().await?;
        found.sort_by_key(|row| (row.opened_at, row.id));
        Ok(found.into_iter().map(Ballot::from).collect())
    }
}

async fn awaiting(gate: &Gate) -> Result<Vec<ballot::Model>> {
    let user = gate.actor()?.user;
    let open = gate.rows::<ballot::Entity>(Act::BallotRead)?;
    let open = open.filter(ballot::Column::State.eq(State::Open)).all().await?;
    let ids: Vec<Uuid> = open.iter().map(|row| row.id).collect();
    let own = gate
        .rows::<ballot_roll::Entity>(Act::BallotRead)?
        .filter(ballot_roll::Column::BallotId.is_in(ids.iter().copied()))
        .filter(ballot_roll::Column::UserId.eq(user))
        .filter(ballot_roll::Column::Mode.is_in([Mode::Online, Mode::Written]))
        .all()
        .await?;
    let voted = gate
        .rows::<ballot_register::Entity>(Act::BallotRead)?
        .filter(ballot_register::Column::BallotId.is_in(ids))
        .filter(ballot_register::Column::SeatId.is_in(own.iter().map(|line| line.seat_id)))
        .all()
        .await?;
    let voted: HashSet<(Uuid, Uuid)> =
        voted.iter().map(|line| (line.ballot_id, line.seat_id)).collect();
    let past = open.iter().filter(|row| row.cut_off_at.is_some_and(|end| end <= gate.now()));
    let past: HashSet<Uuid> = past.map(|row| row.id).collect();
    // After the cut-off those who are there still vote, those who write do not.
    let is_late =
        |line: &ballot_roll::Model| line.mode == Mode::Written && past.contains(&line.ballot_id);
    let awaited: HashSet<Uuid> = own
        .iter()
        .filter(|line| !voted.contains(&(line.ballot_id, line.seat_id)) && !is_late(line))
        .map(|line| line.ballot_id)
        .collect();
    Ok(open.into_iter().filter(|row| awaited.contains(&row.id)).collect())
}
