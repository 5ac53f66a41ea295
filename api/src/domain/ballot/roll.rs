//! Who votes in a ballot and how, and who has a conflict of interest: computed before the roll is frozen.
//! No vote enters here.

use std::collections::HashSet;

use entity::ballot_roll::{self, Mode};
use entity::ballot_rule::Absentee;
use entity::council_session::Form;
use entity::owned::Owned;
use entity::session_seat::{self, Presence};
use entity::{
    agenda_item, candidate, council, council_seat, declared_tie, initiative_proposer, nominee,
    role_grant, seat_holder, subject, unit, unit_above, unit_lineage,
};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::open::count;
use super::rule::Rule;
use crate::access::{Act, Gate, Tx};
use crate::domain::council::stands;
use crate::domain::input;
use crate::error::Result;

/// Whence facts are read: inside the writing of a ballot, or for a look ahead.
pub(super) enum Source<'a> {
    Tx(&'a Tx),
    Gate(&'a Gate),
}

impl Source<'_> {
    pub(super) fn gate(&self) -> &Gate {
        match self {
            Self::Tx(tx) => tx.gate(),
            Self::Gate(gate) => gate,
        }
    }

    /// Every row of a tenant inside the writing, whatever the caller may read of them otherwise.
    async fn whole<E: Owned>(
        &self,
        (tenant, act): (Uuid, Act),
        filter: Condition,
    ) -> Result<Vec<E::Model>> {
        match self {
            Self::Tx(tx) => tx.all_of::<E>(tenant, filter).await,
            Self::Gate(gate) => gate.rows::<E>(act)?.filter(filter).all().await,
        }
    }

    pub(super) async fn all<E: Owned>(&self, act: Act, filter: Condition) -> Result<Vec<E::Model>> {
        match self {
            Self::Tx(tx) => tx.all::<E>(act, filter).await,
            Self::Gate(gate) => gate.rows::<E>(act)?.filter(filter).all().await,
        }
    }
}

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
    /// Who stands in for a member, with every unit that is his own.
    stand_ins: HashSet<(Uuid, Uuid)>,
    /// Candidates with the users who are the nominee or an author.
    themselves: HashSet<(Uuid, Uuid)>,
}

impl Facts {
    pub(super) async fn read(
        tx: &Source<'_>,
        (council, item): (&council::Model, &agenda_item::Model),
        candidates: &[candidate::Model],
    ) -> Result<Self> {
        let seats = Condition::all().add(council_seat::Column::CouncilId.eq(council.id));
        let holders = Condition::all().add(seat_holder::Column::CouncilId.eq(council.id));
        let invited = Condition::all().add(session_seat::Column::SessionId.eq(item.session_id));
        let ties = Condition::all().add(declared_tie::Column::ItemId.eq(item.id));
        let mut seats = tx.all::<council_seat::Entity>(Act::CouncilRead, seats).await?;
        seats.sort_by_key(|seat| seat.position);
        let invited = tx.all::<session_seat::Entity>(Act::CouncilSessionRead, invited).await?;
        let stand_ins = stand_ins(tx, council.tenant_id, &invited).await?;
        let units = seats.iter().filter_map(|seat| seat.unit_id);
        let units = units.chain(stand_ins.iter().map(|(_, unit)| *unit)).collect();
        Ok(Self {
            related: related(tx, (council, units), candidates).await?,
            stand_ins,
            themselves: themselves(tx, candidates).await?,
            seats,
            holders: tx.all::<seat_holder::Entity>(Act::CouncilRead, holders).await?,
            invited,
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
            let voters: Vec<Uuid> =
                [Some(holder.user_id), substitute].into_iter().flatten().collect();
            let reason = self.conflict(seat, &voters, candidates);
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

    /// How many members are there; where nobody meets, those who have sent an opinion that counts.
    pub(super) fn there(&self, lines: &[Line], form: Form) -> i32 {
        let is_there = |line: &&Line| match form {
            Form::Meeting => self.is_present(line.seat),
            Form::Consultation => {
                self.is_present(line.seat)
                    || line.mode == Mode::Written
                    || (line.mode == Mode::Recused && self.takes_part(line.seat))
            }
        };
        count(lines.iter().filter(is_there).count())
    }

    /// Whether a member is there or has sent an opinion.
    pub(super) fn takes_part(&self, seat: Uuid) -> bool {
        let part = [Presence::Present, Presence::Written];
        self.invited.iter().any(|row| row.seat_id == seat && part.contains(&row.presence))
    }

    /// Why a member, or who stands in for him, does not vote on these candidates; none when he does.
    fn conflict(
        &self,
        seat: &council_seat::Model,
        voters: &[Uuid],
        candidates: &[candidate::Model],
    ) -> Option<String> {
        if let Some(tie) = self.ties.iter().find(|tie| tie.seat_id == seat.id) {
            return Some(format!("đã khai báo: {}", tie.reason));
        }
        if candidates.iter().any(|row| row.author_id.is_some_and(|id| voters.contains(&id))) {
            return Some("là người lập hồ sơ đề nghị".to_owned());
        }
        let is_himself = |row: &&candidate::Model| {
            voters.iter().any(|user| self.themselves.contains(&(row.id, *user)))
        };
        if let Some(row) = candidates.iter().find(is_himself) {
            let what = if row.proposal_id.is_some() {
                "là tác giả"
            } else {
                "là người được đề nghị"
            };
            return Some(format!("{what}: {}", row.name));
        }
        let his = self.stand_ins.iter().filter(|(user, _)| voters.contains(user));
        let own: Vec<Uuid> = seat.unit_id.into_iter().chain(his.map(|(_, unit)| *unit)).collect();
        let is_own = |row: &candidate::Model| {
            row.unit_id.is_some_and(|of| own.iter().any(|own| self.related.contains(&(*own, of))))
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

/// Who stands in at a session, with each unit in which he holds a role today and that to which he belongs himself.
async fn stand_ins(
    tx: &Source<'_>,
    tenant: Uuid,
    invited: &[session_seat::Model],
) -> Result<HashSet<(Uuid, Uuid)>> {
    use role_grant::Column;
    let users: HashSet<Uuid> = invited.iter().filter_map(|row| row.substitute_id).collect();
    if users.is_empty() {
        return Ok(HashSet::new());
    }
    let held = input::in_force(Column::ValidFrom, Column::ValidTo, tx.gate().today())
        .add(Column::UserId.is_in(users.iter().copied()))
        .add(Column::UnitId.is_not_null())
        .add(Column::RevokedAt.is_null());
    let held = tx.whole::<role_grant::Entity>((tenant, Act::UserRead), held).await?;
    let persons = Condition::all().add(subject::Column::UserId.is_in(users));
    let persons = tx.whole::<subject::Entity>((tenant, Act::SubjectRead), persons).await?;
    let held = held.into_iter().filter_map(|row| Some((row.user_id, row.unit_id?)));
    let persons = persons.into_iter().filter_map(|row| Some((row.user_id?, row.unit_id)));
    Ok(held.chain(persons).collect())
}

/// Pairs of an own unit, that of a seat or of who stands in there, and a candidate's unit where the former stands in the
/// line of the latter: it is the unit, lies above it, or above what it or a unit above it continues or was continued by,
/// however often. The root of the tenant is nobody's own unit, nor is the unit whose council it is: everything lies
/// below it.
async fn related(
    tx: &Source<'_>,
    (council, mut own): (&council::Model, HashSet<Uuid>),
    candidates: &[candidate::Model],
) -> Result<HashSet<(Uuid, Uuid)>> {
    if let Some(unit) = council.unit_id {
        own.remove(&unit);
    }
    let named: HashSet<Uuid> = candidates.iter().filter_map(|row| row.unit_id).collect();
    if own.is_empty() || named.is_empty() {
        return Ok(HashSet::new());
    }
    let branches =
        Condition::all().add(unit::Column::Id.is_in(own)).add(unit::Column::ParentId.is_not_null());
    let own: HashSet<Uuid> =
        tx.all::<unit::Entity>(Act::UnitRead, branches).await?.iter().map(|row| row.id).collect();
    let past = line(tx, &named, Way::Past).await?;
    let future = line(tx, &named, Way::Future).await?;
    let pairs = past.into_iter().chain(future);
    Ok(pairs.map(|(unit, other)| (other, unit)).filter(|pair| own.contains(&pair.0)).collect())
}

/// Which way a lineage is followed; never both, or units that were merged later would be each other's.
#[derive(Clone, Copy)]
enum Way {
    Past,
    Future,
}

/// Most steps of a lineage: each is a reorganisation.
const STEPS: usize = 30;

/// Each unit with every unit of its line: those above, and those that they continue (or that continue them).
async fn line(tx: &Source<'_>, named: &HashSet<Uuid>, way: Way) -> Result<HashSet<(Uuid, Uuid)>> {
    use unit_lineage::Column::{PredecessorId, SuccessorId};
    let mut found: HashSet<(Uuid, Uuid)> = named.iter().map(|unit| (*unit, *unit)).collect();
    let mut fresh = found.clone();
    for _ in 0..STEPS {
        let from: HashSet<Uuid> = fresh.iter().map(|pair| pair.1).collect();
        let above = Condition::all().add(unit_above::Column::UnitId.is_in(from));
        let above = tx.all::<unit_above::Entity>(Act::UnitRead, above).await?;
        let above: Vec<(Uuid, Uuid)> =
            above.iter().map(|row| (row.unit_id, row.above_id)).collect();
        fresh = onward(&fresh, &above).chain(fresh.iter().copied()).collect();
        found.extend(fresh.iter().copied());
        let from: HashSet<Uuid> = fresh.iter().map(|pair| pair.1).collect();
        let column = match way {
            Way::Past => SuccessorId,
            Way::Future => PredecessorId,
        };
        let steps = Condition::all().add(column.is_in(from));
        let steps = tx.all::<unit_lineage::Entity>(Act::UnitRead, steps).await?;
        let steps: Vec<(Uuid, Uuid)> = steps
            .iter()
            .map(|row| match way {
                Way::Past => (row.successor_id, row.predecessor_id),
                Way::Future => (row.predecessor_id, row.successor_id),
            })
            .collect();
        fresh = onward(&fresh, &steps).filter(|pair| !found.contains(pair)).collect();
        if fresh.is_empty() {
            break;
        }
        found.extend(fresh.iter().copied());
    }
    Ok(found)
}

/// Pairs of a candidate and a user who is the nominee or an author of the initiative himself. They are read whatever
/// the one who opens the ballot sees of them.
async fn themselves(
    tx: &Source<'_>,
    candidates: &[candidate::Model],
) -> Result<HashSet<(Uuid, Uuid)>> {
    let Some(tenant) = candidates.first().map(|row| row.tenant_id) else {
        return Ok(HashSet::new());
    };
    let nominees = candidates.iter().filter_map(|row| row.nominee_id);
    let nominees = Condition::all().add(nominee::Column::Id.is_in(nominees));
    let nominees = tx.whole::<nominee::Entity>((tenant, Act::SubmissionRead), nominees).await?;
    let proposals = candidates.iter().filter_map(|row| row.proposal_id);
    let authors = Condition::all().add(initiative_proposer::Column::ProposalId.is_in(proposals));
    let authors = tx
        .whole::<initiative_proposer::Entity>((tenant, Act::InitiativeProposalRead), authors)
        .await?;
    let nominated = nominees.iter().filter_map(|row| Some((row.id, row.subject_id?)));
    let authored = authors.iter().map(|row| (row.proposal_id, row.subject_id));
    let pairs: Vec<(Uuid, Uuid)> = nominated.chain(authored).collect();
    let persons = Condition::all()
        .add(subject::Column::Id.is_in(pairs.iter().map(|pair| pair.1)))
        .add(subject::Column::UserId.is_not_null());
    let persons = tx.whole::<subject::Entity>((tenant, Act::SubjectRead), persons).await?;
    let users = |matter: Option<Uuid>| {
        let of = pairs.iter().filter(move |pair| Some(pair.0) == matter);
        let persons = &persons;
        of.filter_map(move |pair| persons.iter().find(|row| row.id == pair.1)?.user_id)
    };
    let of = |row: &candidate::Model| {
        let id = row.id;
        users(row.nominee_id.or(row.proposal_id)).map(move |user| (id, user)).collect::<Vec<_>>()
    };
    Ok(candidates.iter().flat_map(of).collect())
}

/// What is reached from pairs by one more step.
fn onward<'a>(
    pairs: &'a HashSet<(Uuid, Uuid)>,
    steps: &'a [(Uuid, Uuid)],
) -> impl Iterator<Item = (Uuid, Uuid)> + 'a {
    pairs.iter().flat_map(move |(unit, at)| {
        steps.iter().filter(move |step| step.0 == *at).map(move |step| (*unit, step.1))
    })
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
