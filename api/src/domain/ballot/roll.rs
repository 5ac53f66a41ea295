//! Who votes in a ballot and how, and who has a conflict of interest: computed before the roll is frozen.
//! No vote enters here.

use std::collections::HashSet;

use entity::ballot_roll::{self, Mode};
use entity::ballot_rule::Absentee;
use entity::session_seat::{self, Presence};
use entity::{
    agenda_item, candidate, council_seat, declared_tie, seat_holder, unit, unit_above, unit_lineage,
};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::rule::Rule;
use crate::access::{Act, Tx};
use crate::domain::council::stands;
use crate::error::Result;

/// One line of a roll.
pub(super) struct Line {
    pub(super) seat: Uuid,
    pub(super) user: Uuid,
    pub(super) position: i32,
    pub(super) name: String,
    pub(super) mode: Mode,
    pub(super) reason: Option<String>,
}

/// What is known of a council when a ballot opens.
pub(super) struct Facts {
    seats: Vec<council_seat::Model>,
    holders: Vec<seat_holder::Model>,
    invited: Vec<session_seat::Model>,
    ties: Vec<declared_tie::Model>,
    related: HashSet<(Uuid, Uuid)>,
}

impl Facts {
    pub(super) async fn read(
        tx: &Tx,
        item: &agenda_item::Model,
        candidates: &[candidate::Model],
    ) -> Result<Self> {
        let council = item.council_id;
        let seats = Condition::all().add(council_seat::Column::CouncilId.eq(council));
        let holders = Condition::all().add(seat_holder::Column::CouncilId.eq(council));
        let invited = Condition::all().add(session_seat::Column::SessionId.eq(item.session_id));
        let ties = Condition::all().add(declared_tie::Column::ItemId.eq(item.id));
        let mut seats = tx.all::<council_seat::Entity>(Act::CouncilRead, seats).await?;
        seats.sort_by_key(|seat| seat.position);
        Ok(Self {
            related: related(tx, &seats, candidates).await?,
            seats,
            holders: tx.all::<seat_holder::Entity>(Act::CouncilRead, holders).await?,
            invited: tx.all::<session_seat::Entity>(Act::CouncilSessionRead, invited).await?,
            ties: tx.all::<declared_tie::Entity>(Act::CouncilSessionRead, ties).await?,
        })
    }

    /// One line for each member: who holds a seat with a vote today.
    pub(super) fn lines(
        &self,
        today: chrono::NaiveDate,
        rule: &Rule,
        candidates: &[candidate::Model],
    ) -> Vec<Line> {
        let line = |seat: &council_seat::Model| {
            let is_one = |row: &&seat_holder::Model| {
                row.seat_id == seat.id && stands(row.valid_from, row.valid_to, today)
            };
            let holder = self.holders.iter().find(is_one)?;
            let invited = self.invited.iter().find(|row| row.seat_id == seat.id);
            let substitute = invited.and_then(|row| row.substitute_id);
            let name = invited.and_then(|row| row.substitute_name.clone());
            let reason = self.conflict(seat, holder, candidates);
            let mode = if reason.is_some() { Mode::Recused } else { mode(invited, rule) };
            Some(Line {
                seat: seat.id,
                user: substitute.unwrap_or(holder.user_id),
                position: seat.position,
                name: name.unwrap_or_else(|| holder.holder_name.clone()),
                mode,
                reason,
            })
        };
        self.seats
            .iter()
            .filter(|seat| seat.role.votes() && stands(seat.valid_from, seat.valid_to, today))
            .filter_map(line)
            .collect()
    }

    /// Whether a member is there, in person or by a substitute.
    pub(super) fn is_present(&self, seat: Uuid) -> bool {
        let is_there = |row: &session_seat::Model| row.presence == Presence::Present;
        self.invited.iter().any(|row| row.seat_id == seat && is_there(row))
    }

    /// Why a member does not vote on these candidates; none when he does.
    fn conflict(
        &self,
        seat: &council_seat::Model,
        holder: &seat_holder::Model,
        candidates: &[candidate::Model],
    ) -> Option<String> {
        if let Some(tie) = self.ties.iter().find(|tie| tie.seat_id == seat.id) {
            return Some(format!("đã khai báo: {}", tie.reason));
        }
        if candidates.iter().any(|row| row.author_id == Some(holder.user_id)) {
            return Some("là người lập hồ sơ đề nghị".to_owned());
        }
        let own = seat.unit_id?;
        let is_own = |row: &candidate::Model| {
            row.unit_id.is_some_and(|unit| self.related.contains(&(own, unit)))
        };
        candidates
            .iter()
            .find(|row| is_own(row))
            .map(|row| format!("đơn vị của mình: {}", row.name))
    }
}

fn mode(invited: Option<&session_seat::Model>, rule: &Rule) -> Mode {
    let Some(row) = invited else { return Mode::Absent };
    match row.presence {
        Presence::Present if row.on_paper => Mode::Paper,
        Presence::Present => Mode::Online,
        Presence::Written if rule.absentee == Absentee::WrittenOpinionCounts => Mode::Written,
        Presence::Written | Presence::Absent | Presence::Expected => Mode::Absent,
    }
}

/// Pairs of a seat's unit and a candidate's unit where the latter is the former, lies below it, or continues or
/// was continued by it or one below. The root of the tenant is nobody's own unit: everything lies below it.
async fn related(
    tx: &Tx,
    seats: &[council_seat::Model],
    candidates: &[candidate::Model],
) -> Result<HashSet<(Uuid, Uuid)>> {
    let own: HashSet<Uuid> = seats.iter().filter_map(|seat| seat.unit_id).collect();
    let named: HashSet<Uuid> = candidates.iter().filter_map(|row| row.unit_id).collect();
    if own.is_empty() || named.is_empty() {
        return Ok(HashSet::new());
    }
    let branches =
        Condition::all().add(unit::Column::Id.is_in(own)).add(unit::Column::ParentId.is_not_null());
    let own: HashSet<Uuid> =
        tx.all::<unit::Entity>(Act::UnitRead, branches).await?.iter().map(|row| row.id).collect();
    let kin = kin(tx, &named).await?;
    let every: HashSet<Uuid> = named.iter().copied().chain(kin.iter().map(|pair| pair.1)).collect();
    let above = Condition::all()
        .add(unit_above::Column::UnitId.is_in(every))
        .add(unit_above::Column::AboveId.is_in(own));
    let pairs = tx.all::<unit_above::Entity>(Act::UnitRead, above).await?;
    let mut found = HashSet::new();
    for pair in pairs {
        found.insert((pair.above_id, pair.unit_id));
        let of = kin.iter().filter(|(_, other)| *other == pair.unit_id);
        found.extend(of.map(|(unit, _)| (pair.above_id, *unit)));
    }
    Ok(found)
}

/// Units with those that they continue, or that continue them.
async fn kin(tx: &Tx, named: &HashSet<Uuid>) -> Result<Vec<(Uuid, Uuid)>> {
    use unit_lineage::Column::{PredecessorId, SuccessorId};
    let ids: Vec<Uuid> = named.iter().copied().collect();
    let either = Condition::any().add(PredecessorId.is_in(ids.clone())).add(SuccessorId.is_in(ids));
    let lines = tx.all::<unit_lineage::Entity>(Act::UnitRead, either).await?;
    let both = |line: &unit_lineage::Model| {
        [(line.predecessor_id, line.successor_id), (line.successor_id, line.predecessor_id)]
    };
    Ok(lines.iter().flat_map(both).filter(|(unit, _)| named.contains(unit)).collect())
}

impl Line {
    /// The line as a row of a ballot.
    pub(super) fn row(self, ballot: &entity::ballot::Model) -> ballot_roll::Model {
        ballot_roll::Model {
            tenant_id: ballot.tenant_id,
            ballot_id: ballot.id,
            seat_id: self.seat,
            council_id: ballot.council_id,
            user_id: Some(self.user),
            position: self.position,
            name: self.name,
            mode: self.mode,
            reason: self.reason,
        }
    }
}
