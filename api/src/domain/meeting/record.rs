//! Everything that is recorded of a session, read at one time: for its minutes.
//! Nothing is written and nothing is put into words here.

use std::collections::{HashMap, HashSet};

use entity::council_seat::Role;
use entity::session_seat::Presence;
use entity::{
    agenda_item, award_type, ballot, ballot_candidate, ballot_register, ballot_result, ballot_roll,
    candidate, council, council_seat, council_session, open_vote, paper_count, session_seat,
    session_task, tie_decision,
};
use futures_util::future::try_join_all;
use sea_orm::{ColumnTrait, Condition, EntityTrait, ModelTrait};
use uuid::Uuid;

use crate::access::{Act, Gate, Tx};
use crate::domain::council::{Below, below};
use crate::error::Result;

/// Names of the titles by their ids.
pub(super) type Titles = HashMap<Uuid, String>;

/// Whence it is read: inside the closing of the session with titles known before, or for a look at it.
pub(super) enum Source<'a> {
    Tx(&'a Tx, &'a Titles),
    Gate(&'a Gate),
}

/// The titles of a session: read before its transaction, which must not wait for a second connection.
pub(super) async fn titles(gate: &Gate, session: Uuid) -> Result<Titles> {
    let items = below::<agenda_item::Entity>(gate, session).await?;
    let rows = items.iter().map(|item| below::<candidate::Entity>(gate, item.id));
    let rows: Vec<candidate::Model> = try_join_all(rows).await?.into_iter().flatten().collect();
    named(gate, &rows).await
}

async fn named(gate: &Gate, rows: &[candidate::Model]) -> Result<Titles> {
    let ids: HashSet<Uuid> = rows.iter().filter_map(|row| row.award_type_id).collect();
    let found = ids.into_iter().map(|id| gate.look_up::<award_type::Entity>(id));
    let found = try_join_all(found).await?.into_iter().flatten();
    Ok(found.map(|row| (row.id, row.name.clone())).collect())
}

impl Source<'_> {
    /// The rows below these.
    async fn under<E: Below>(&self, above: &[Uuid]) -> Result<Vec<E::Model>>
    where
        E::Model: Sync,
        <E as EntityTrait>::Model: ModelTrait<Entity = E>,
    {
        match self {
            Self::Tx(tx, _) => {
                let these = Condition::all().add(E::above().is_in(above.iter().copied()));
                tx.all::<E>(E::READ, these).await
            }
            Self::Gate(gate) => {
                let found = try_join_all(above.iter().map(|id| below::<E>(gate, *id))).await?;
                Ok(found.into_iter().flatten().collect())
            }
        }
    }

    async fn council(&self, id: Uuid) -> Result<String> {
        let found = match self {
            Self::Tx(tx, _) => Some(tx.one::<council::Entity>(Act::CouncilRead, id).await?),
            Self::Gate(gate) => gate.load::<council::Entity>(id).await?,
        };
        Ok(found.map(|row| row.name).unwrap_or_default())
    }

    async fn titles(&self, rows: &[candidate::Model]) -> Result<Titles> {
        match self {
            Self::Tx(_, titles) => Ok((*titles).clone()),
            Self::Gate(gate) => named(gate, rows).await,
        }
    }
}

/// What is recorded of one ballot.
pub(super) struct Vote {
    pub(super) ballot: ballot::Model,
    pub(super) roll: Vec<ballot_roll::Model>,
    /// Who has voted online.
    pub(super) register: Vec<ballot_register::Model>,
    pub(super) asked: Vec<ballot_candidate::Model>,
    pub(super) results: Vec<ballot_result::Model>,
    pub(super) ties: Vec<tie_decision::Model>,
    pub(super) counts: Vec<paper_count::Model>,
    pub(super) hands: Vec<open_vote::Model>,
}

/// What is recorded of one item of the agenda.
pub(super) struct Item {
    pub(super) row: agenda_item::Model,
    pub(super) candidates: Vec<candidate::Model>,
    pub(super) votes: Vec<Vote>,
}

/// Everything that is recorded of a session.
pub(super) struct Record {
    pub(super) council: String,
    pub(super) session: council_session::Model,
    /// Who was invited, with what his seat is.
    pub(super) seats: Vec<(session_seat::Model, Role)>,
    pub(super) items: Vec<Item>,
    pub(super) tasks: Vec<session_task::Model>,
    pub(super) titles: Titles,
}

impl Record {
    pub(super) async fn read(from: &Source<'_>, session: &council_session::Model) -> Result<Self> {
        let of_session = [session.id];
        let mut rows = from.under::<agenda_item::Entity>(&of_session).await?;
        rows.sort_by_key(|row| row.position);
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let mut candidates = from.under::<candidate::Entity>(&ids).await?;
        candidates.sort_by_key(|row| row.position);
        let titles = from.titles(&candidates).await?;
        let mut votes = votes(from, session).await?;
        let item = |row: agenda_item::Model| Item {
            candidates: taken(&mut candidates, |one| one.item_id == row.id),
            votes: taken(&mut votes, |one| one.ballot.item_id == row.id),
            row,
        };
        let items = rows.into_iter().map(item).collect();
        let mut tasks = from.under::<session_task::Entity>(&of_session).await?;
        tasks.sort_by_key(|row| row.position);
        Ok(Self {
            council: from.council(session.council_id).await?,
            seats: seats(from, session).await?,
            session: session.clone(),
            items,
            tasks,
            titles,
        })
    }

    /// Name and post of the one who presided, as far as the seats tell it.
    pub(super) fn chair(&self) -> Option<&str> {
        let there = |row: &session_seat::Model| row.presence == Presence::Present;
        let order = [Role::Chair, Role::FirstVice, Role::StandingVice, Role::Vice];
        let presiding = order.iter().find_map(|role| {
            self.seats.iter().find(|(row, own)| own == role && there(row)).map(|(row, _)| row)
        });
        let chair = self.seats.iter().find(|(_, role)| *role == Role::Chair);
        presiding.or_else(|| chair.map(|(row, _)| row)).map(|row| row.name.as_str())
    }

    /// Name and post of the member who is the secretary; none where no seat is his.
    pub(super) fn secretary(&self) -> Option<&str> {
        let own = self.seats.iter().find(|(_, role)| *role == Role::MemberSecretary);
        own.map(|(row, _)| row.name.as_str())
    }
}

async fn seats(
    from: &Source<'_>,
    session: &council_session::Model,
) -> Result<Vec<(session_seat::Model, Role)>> {
    let mut rows = from.under::<session_seat::Entity>(&[session.id]).await?;
    rows.sort_by_key(|row| row.position);
    let seats = from.under::<council_seat::Entity>(&[session.council_id]).await?;
    let role = |row: &session_seat::Model| {
        let seat = seats.iter().find(|seat| seat.id == row.seat_id);
        seat.map_or(Role::Member, |seat| seat.role)
    };
    Ok(rows.into_iter().map(|row| (row.clone(), role(&row))).collect())
}

async fn votes(from: &Source<'_>, session: &council_session::Model) -> Result<Vec<Vote>> {
    let mut ballots = from.under::<ballot::Entity>(&[session.id]).await?;
    // Ids rise with time.
    ballots.sort_by_key(|row| (row.opened_at, row.id));
    let ids: Vec<Uuid> = ballots.iter().map(|row| row.id).collect();
    let mut roll = from.under::<ballot_roll::Entity>(&ids).await?;
    roll.sort_by_key(|row| row.position);
    let mut register = from.under::<ballot_register::Entity>(&ids).await?;
    let mut asked = from.under::<ballot_candidate::Entity>(&ids).await?;
    asked.sort_by_key(|row| row.position);
    let mut results = from.under::<ballot_result::Entity>(&ids).await?;
    results.sort_by_key(|row| row.position);
    let mut ties = from.under::<tie_decision::Entity>(&ids).await?;
    let mut counts = from.under::<paper_count::Entity>(&ids).await?;
    let mut hands = from.under::<open_vote::Entity>(&ids).await?;
    let vote = |ballot: ballot::Model| Vote {
        roll: taken(&mut roll, |row| row.ballot_id == ballot.id),
        register: taken(&mut register, |row| row.ballot_id == ballot.id),
        asked: taken(&mut asked, |row| row.ballot_id == ballot.id),
        results: taken(&mut results, |row| row.ballot_id == ballot.id),
        ties: taken(&mut ties, |row| row.ballot_id == ballot.id),
        counts: taken(&mut counts, |row| row.ballot_id == ballot.id),
        hands: taken(&mut hands, |row| row.ballot_id == ballot.id),
        ballot,
    };
    Ok(ballots.into_iter().map(vote).collect())
}

/// Takes out what belongs to one; the order stays.
fn taken<T>(rows: &mut Vec<T>, is_its: impl Fn(&T) -> bool) -> Vec<T> {
    let (its, rest) = std::mem::take(rows).into_iter().partition(is_its);
    *rows = rest;
    its
}
