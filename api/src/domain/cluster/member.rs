//! Writes of members: add or invite, accept, end.
//! No membership is deleted here, and no unit is seen outside its own tenant.

use async_graphql::{ID, InputObject};
use chrono::{Datelike, NaiveDate};
use entity::cluster_head::{self, Position};
use entity::{cluster, cluster_member, tenant, unit};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use super::rules::{Period, Seat, collision, last_day};
use super::{Cluster, ClusterMember, head};
use crate::access::{Act, Gate, Tx};
use crate::domain::input;
use crate::domain::tenant::Tenant;
use crate::domain::unit::Unit;
use crate::error::{Code, Error, Fault, Result};
use crate::filter::input_id;
use crate::scalar::Date;

/// Most members of a cluster at a time.
const MOST: usize = 100;

/// Input of `clusterMemberAdd`: either `unitId`, or `tenantId` with `name`.
#[derive(InputObject)]
pub(crate) struct ClusterMemberAddInput {
    /// The cluster.
    cluster_id: ID,
    /// A unit of the current tenant; its name is published to the cluster.
    unit_id: Option<ID>,
    /// Another tenant that is invited.
    tenant_id: Option<ID>,
    /// With `tenantId`: name of the unit that is invited, at most 300 characters; replaced by the unit's own
    /// name when the invitation is accepted.
    name: Option<String>,
    /// First day in force; inside the period of the cluster.
    valid_from: Date,
    /// Last day in force; with the cluster when absent.
    valid_to: Option<Date>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// Input of `clusterMemberAccept`.
#[derive(InputObject)]
pub(crate) struct ClusterMemberAcceptInput {
    /// The member that stands for the invitation.
    member_id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// The unit of the current tenant that takes the seat.
    unit_id: ID,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// Input of `clusterMemberRemove`.
#[derive(InputObject)]
pub(crate) struct ClusterMemberRemoveInput {
    /// The member.
    member_id: ID,
    /// Version the caller read.
    expected_version: i32,
    /// Last day in force; not after the present one.
    valid_to: Date,
    /// Why the membership ends, such as the decision's number, at most 4,000 characters; goes into the audit entry.
    reason: String,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// Who is to become a member.
enum Candidate {
    Unit(Uuid),
    Invited { tenant: Uuid, name: String },
}

impl Candidate {
    fn read(input: &ClusterMemberAddInput) -> Result<Self> {
        match (&input.unit_id, &input.tenant_id, &input.name) {
            (Some(unit), None, None) => Ok(Self::Unit(input_id::<Unit>(unit, "input.unitId")?)),
            (None, Some(tenant), Some(name)) => {
                let tenant = input_id::<Tenant>(tenant, "input.tenantId")?;
                Ok(Self::Invited { tenant, name: input::text(name, "input.name", input::NAME)? })
            }
            (Some(_) | None, Some(_) | None, Some(_) | None) => {
                let fault = Fault::at(Code::InvalidCombination, "input");
                Err(fault.with("detail", "unitId | tenantId + name").into())
            }
        }
    }
}

/// A seat to be given, before its period is known to be free.
struct Offer {
    tenant: Uuid,
    unit: Option<unit::Model>,
    name: String,
    seats: Vec<Seat>,
}

pub(super) async fn add(gate: &Gate, input: ClusterMemberAddInput) -> Result<ClusterMember> {
    let cluster_id = input_id::<Cluster>(&input.cluster_id, "input.clusterId")?;
    let candidate = Candidate::read(&input)?;
    let valid_from = input::day(input.valid_from, "input.validFrom")?;
    let valid_to = input.valid_to.map(|day| input::day(day, "input.validTo")).transpose()?;
    input::period(Some(valid_from), valid_to, "input.validTo")?;
    if let Candidate::Invited { tenant, .. } = candidate {
        check_invited(gate, tenant, valid_from).await?;
    }
    let tx = gate.begin(Act::ClusterMemberAdd).await?;
    let cluster =
        tx.lock::<cluster::Entity>(cluster_id).await.map_err(|e| e.at("input.clusterId"))?;
    let offer = offer(&tx, candidate, &cluster).await?;
    let period = Period::new(cluster.valid_from, cluster.valid_to)
        .enclose(valid_from, valid_to)
        .ok_or_else(|| Fault::at(Code::NotInForce, "input.clusterId"))?;
    if let Some(unit) = &offer.unit {
        check_place(unit, &offer.seats, period, None)?;
    }
    let position = next_position(&tx, &cluster, &offer, period).await?;
    let row = cluster_member::ActiveModel {
        cluster_id: Set(cluster.id),
        id: Set(gate.new_id()),
        tenant_id: Set(offer.tenant),
        unit_id: Set(offer.unit.map(|unit| unit.id)),
        name: Set(offer.name),
        position: Set(position),
        valid_from: Set(period.from),
        valid_to: Set(period.to),
        version: Set(1),
    };
    let row = tx.add::<cluster_member::Entity>(row).await?;
    tx.answer(ClusterMember::from(row)).await
}

async fn check_invited(gate: &Gate, tenant: Uuid, day: NaiveDate) -> Result<()> {
    if gate.actor()?.tenant == tenant {
        let fault = Fault::at(Code::InvalidCombination, "input.tenantId");
        return Err(fault.with("detail", "unitId | tenantId + name").into());
    }
    let Some(row) = gate.look_up::<tenant::Entity>(tenant).await? else {
        return Err(Fault::at(Code::NotFound, "input.tenantId").into());
    };
    if Period::new(row.valid_from, row.valid_to).overlaps(Period::new(day, Some(day))) {
        return Ok(());
    }
    Err(Fault::at(Code::NotInForce, "input.tenantId").into())
}

async fn offer(tx: &Tx, candidate: Candidate, cluster: &cluster::Model) -> Result<Offer> {
    match candidate {
        Candidate::Invited { tenant, name } => {
            Ok(Offer { tenant, unit: None, name, seats: Vec::new() })
        }
        Candidate::Unit(id) => {
            let (unit, seats) = unit_with_seats(tx, id, cluster).await?;
            Ok(Offer { tenant: unit.tenant_id, name: unit.name.clone(), unit: Some(unit), seats })
        }
    }
}

/// A unit of the caller's with its seats in the structure of a cluster, which nobody else changes until the end.
async fn unit_with_seats(
    tx: &Tx,
    id: Uuid,
    cluster: &cluster::Model,
) -> Result<(unit::Model, Vec<Seat>)> {
    let unit = tx.one::<unit::Entity>(Act::UnitRead, id).await.map_err(|e| e.at("input.unitId"))?;
    let seats = tx.seats(unit.id, cluster.organiser_id, &cluster.structure).await?;
    let seat = |(cluster, member): (cluster::Model, cluster_member::Model)| Seat {
        member: member.id,
        cluster: cluster.code,
        period: Period::new(member.valid_from, member.valid_to),
    };
    Ok((unit, seats.into_iter().map(seat).collect()))
}

fn check_place(
    unit: &unit::Model,
    seats: &[Seat],
    period: Period,
    own: Option<Uuid>,
) -> Result<()> {
    if !Period::new(unit.valid_from, unit.valid_to).overlaps(period) {
        return Err(Fault::at(Code::NotInForce, "input.unitId").into());
    }
    match collision(seats, period, own) {
        Some(seat) => {
            let fault = Fault::at(Code::MemberAlreadyPlaced, "input.unitId");
            Err(fault.with("cluster", &seat.cluster).into())
        }
        None => Ok(()),
    }
}

/// The place behind all present members, when there is room and no open invitation of the same name.
async fn next_position(
    tx: &Tx,
    cluster: &cluster::Model,
    offer: &Offer,
    period: Period,
) -> Result<i32> {
    let members = tx.all_of::<cluster_member::Entity>(cluster.id, Condition::all()).await?;
    let at_once =
        |row: &&cluster_member::Model| Period::new(row.valid_from, row.valid_to).overlaps(period);
    let is_same = |row: &cluster_member::Model| {
        row.unit_id.is_none() && row.tenant_id == offer.tenant && row.name == offer.name
    };
    if offer.unit.is_none() && members.iter().filter(at_once).any(is_same) {
        let fault = Fault::at(Code::AlreadyExists, "input.name").with("case", "MEMBER_NAME");
        return Err(fault.with("name", &offer.name).into());
    }
    if members.iter().filter(at_once).count() >= MOST {
        let fault = Fault::at(Code::OutOfRange, "input.clusterId").with("case", "MEMBERS");
        return Err(fault.with("max", MOST).into());
    }
    Ok(members.iter().map(|row| row.position).max().unwrap_or_default() + 1)
}

pub(super) async fn accept(gate: &Gate, input: ClusterMemberAcceptInput) -> Result<ClusterMember> {
    let id = input_id::<ClusterMember>(&input.member_id, "input.memberId")?;
    let unit_id = input_id::<Unit>(&input.unit_id, "input.unitId")?;
    let tx = gate.begin(Act::ClusterMemberAccept).await?;
    let row = tx.lock::<cluster_member::Entity>(id).await.map_err(|e| e.at("input.memberId"))?;
    if row.unit_id.is_some() {
        return Err(Fault::at(Code::MemberAlreadyAccepted, "input.memberId").into());
    }
    if row.version != input.expected_version {
        return Err(Error::conflict(row.version));
    }
    let cluster = tx.one::<cluster::Entity>(Act::ClusterRead, row.cluster_id).await?;
    let (unit, seats) = unit_with_seats(&tx, unit_id, &cluster).await?;
    check_place(&unit, &seats, Period::new(row.valid_from, row.valid_to), Some(row.id))?;
    let mut changed = row.clone().into_active_model();
    changed.unit_id = Set(Some(unit.id));
    changed.name = Set(unit.name);
    let row = tx.save::<cluster_member::Entity>(&row, changed).await?;
    tx.answer(ClusterMember::from(row)).await
}

pub(super) async fn remove(gate: &Gate, input: ClusterMemberRemoveInput) -> Result<ClusterMember> {
    let id = input_id::<ClusterMember>(&input.member_id, "input.memberId")?;
    let last = input::day(input.valid_to, "input.validTo")?;
    let reason = input::reason(&input.reason)?;
    let tx = gate.begin_because(Act::ClusterMemberRemove, Some(reason)).await?;
    // Heads are appointed under the lock of the cluster, which always comes before that of a member.
    let seen = tx.one::<cluster_member::Entity>(Act::ClusterRead, id).await;
    let seen = seen.map_err(|e| e.at("input.memberId"))?;
    tx.lock::<cluster::Entity>(seen.cluster_id).await?;
    let row = tx.lock_version::<cluster_member::Entity>(id, input.expected_version).await?;
    if row.valid_to.is_some_and(|present| present < last) {
        return Err(Fault::at(Code::NotInForce, "input.validTo").into());
    }
    end_positions(&tx, &row, last).await?;
    let row = end(&tx, &row, last).await?;
    tx.answer(ClusterMember::from(row)).await
}

/// Ends the deputy positions of later years; a head must be replaced first.
async fn end_positions(tx: &Tx, row: &cluster_member::Model, last: NaiveDate) -> Result<()> {
    use cluster_head::Column::{EndedAt, MemberId};
    let held = Condition::all().add(MemberId.eq(row.id)).add(EndedAt.is_null());
    for held in tx.all_of::<cluster_head::Entity>(row.cluster_id, held).await? {
        match held.position {
            Position::Head if last < last_day(held.year) => {
                return Err(Fault::at(Code::MemberInUse, "input.memberId").into());
            }
            Position::Deputy if last.year() < held.year => head::end(tx, &held).await?,
            Position::Head | Position::Deputy => {}
        }
    }
    Ok(())
}

/// Sets the last day of a membership.
pub(super) async fn end(
    tx: &Tx,
    row: &cluster_member::Model,
    last: NaiveDate,
) -> Result<cluster_member::Model> {
    input::period(Some(row.valid_from), Some(last), "input.validTo")?;
    let mut ended = row.clone().into_active_model();
    ended.valid_to = Set(Some(last));
    tx.save::<cluster_member::Entity>(row, ended).await
}
