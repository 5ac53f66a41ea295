//! Writes of heads and deputies, and of the roles of those who act for them.
//! No person leads a cluster here: a member does.

use async_graphql::{ID, InputObject};
use entity::cluster_head::{self, Position};
use entity::role_grant::{self, Role};
use entity::{account, cluster, cluster_member};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use super::rules::Period;
use super::{Cluster, ClusterHead, ClusterMember};
use crate::access::{Act, Gate, Tx};
use crate::domain::account::User;
use crate::domain::input;
use crate::error::{Code, Error, Fault, Result};
use crate::filter::input_id;

/// Most users that act for one head or deputy.
const MOST: usize = 20;

/// Input of `clusterHeadAppoint`.
#[derive(InputObject)]
pub(crate) struct ClusterHeadAppointInput {
    /// The cluster.
    cluster_id: ID,
    /// The year, 1948 to 2100.
    year: i32,
    /// The member, in force on some day of the year.
    member_id: ID,
    /// Head or deputy.
    position: Position,
    /// Users of the current tenant, which organises the cluster, who act for the member; at most 20.
    #[graphql(default)]
    acting_user_ids: Vec<ID>,
    /// Whether to take the place of the present head, and of any other position the member holds in that
    /// year: these end now, and users who acted for the former head lose that role. Without it, a second
    /// head, or a second position of the member, is refused (`HEAD_ALREADY_APPOINTED`).
    #[graphql(default)]
    replace: bool,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// A role in one cluster for one year.
struct Term {
    cluster: Uuid,
    role: Role,
    period: Period,
}

pub(super) async fn appoint(gate: &Gate, input: ClusterHeadAppointInput) -> Result<ClusterHead> {
    let cluster_id = input_id::<Cluster>(&input.cluster_id, "input.clusterId")?;
    let member_id = input_id::<ClusterMember>(&input.member_id, "input.memberId")?;
    let year = input::year(input.year, "input.year")?;
    let users = users(&input.acting_user_ids)?;
    let tx = gate.begin(Act::ClusterHeadAppoint).await?;
    let cluster =
        tx.lock::<cluster::Entity>(cluster_id).await.map_err(|e| e.at("input.clusterId"))?;
    let member = member_of(&tx, &cluster, member_id).await?;
    if !Period::new(member.valid_from, member.valid_to).overlaps(Period::year(year)) {
        return Err(Fault::at(Code::NotInForce, "input.memberId").into());
    }
    let taken = taken(&tx, &input, &cluster, &member).await?;
    for held in &taken {
        end(&tx, held).await?;
    }
    if taken.iter().any(|held| held.position == Position::Head) {
        let keep = if input.position == Position::Head { users.as_slice() } else { &[] };
        dismiss(&tx, &Term::new(cluster.id, year, Position::Head), keep).await?;
    }
    entrust(&tx, &Term::new(cluster.id, year, input.position), &users).await?;
    let row = cluster_head::ActiveModel {
        cluster_id: Set(cluster.id),
        id: Set(gate.new_id()),
        year: Set(year),
        member_id: Set(member.id),
        position: Set(input.position),
        ended_at: Set(None),
        version: Set(1),
    };
    let row = tx.add::<cluster_head::Entity>(row).await?;
    tx.answer(ClusterHead::from(row)).await
}

fn users(ids: &[ID]) -> Result<Vec<Uuid>> {
    if ids.len() > MOST {
        let fault = Fault::at(Code::OutOfRange, "input.actingUserIds");
        return Err(fault.with("case", "COUNT").with("min", 0).with("max", MOST).into());
    }
    ids.iter().enumerate().map(|(index, id)| input_id::<User>(id, &path(index))).collect()
}

fn path(index: usize) -> String {
    format!("input.actingUserIds.{index}")
}

async fn member_of(tx: &Tx, cluster: &cluster::Model, id: Uuid) -> Result<cluster_member::Model> {
    let this = Condition::all().add(cluster_member::Column::Id.eq(id));
    let found = tx.all_of::<cluster_member::Entity>(cluster.id, this).await?.pop();
    found.ok_or_else(|| Error::not_found().at("input.memberId"))
}

/// The positions that the new one takes the place of; refused unless they are to be replaced.
async fn taken(
    tx: &Tx,
    input: &ClusterHeadAppointInput,
    cluster: &cluster::Model,
    member: &cluster_member::Model,
) -> Result<Vec<cluster_head::Model>> {
    use cluster_head::Column::{EndedAt, Year};
    let held = Condition::all().add(Year.eq(input.year)).add(EndedAt.is_null());
    let mut taken = tx.all_of::<cluster_head::Entity>(cluster.id, held).await?;
    let heads = input.position == Position::Head;
    let is_head = |held: &cluster_head::Model| heads && held.position == Position::Head;
    taken.retain(|held| is_head(held) || held.member_id == member.id);
    if input.replace || taken.is_empty() {
        return Ok(taken);
    }
    let path = if taken.iter().any(is_head) { "input.position" } else { "input.memberId" };
    Err(Fault::at(Code::HeadAlreadyAppointed, path).with("year", input.year).into())
}

/// Ends a position now.
pub(super) async fn end(tx: &Tx, row: &cluster_head::Model) -> Result<()> {
    let mut ended = row.clone().into_active_model();
    ended.ended_at = Set(Some(tx.gate().now()));
    tx.save::<cluster_head::Entity>(row, ended).await?;
    Ok(())
}

impl Term {
    fn new(cluster: Uuid, year: i32, position: Position) -> Self {
        let role = match position {
            Position::Head => Role::ClusterCoordinator,
            Position::Deputy => Role::ClusterDeputy,
        };
        Self { cluster, role, period: Period::year(year) }
    }

    /// The grants of exactly this term that are not revoked.
    async fn grants(&self, tx: &Tx) -> Result<Vec<role_grant::Model>> {
        use role_grant::Column::{ClusterId, RevokedAt, ValidFrom, ValidTo};
        let of_term = Condition::all()
            .add(ClusterId.eq(self.cluster))
            .add(role_grant::Column::Role.eq(self.role))
            .add(ValidFrom.eq(self.period.from))
            .add(ValidTo.eq(self.period.to))
            .add(RevokedAt.is_null());
        tx.all::<role_grant::Entity>(Act::UserRead, of_term).await
    }
}

/// Revokes the role of all who held it, but for some.
async fn dismiss(tx: &Tx, term: &Term, keep: &[Uuid]) -> Result<()> {
    for grant in term.grants(tx).await? {
        if keep.contains(&grant.user_id) {
            continue;
        }
        let mut revoked = grant.clone().into_active_model();
        revoked.revoked_at = Set(Some(tx.gate().now()));
        tx.save::<role_grant::Entity>(&grant, revoked).await?;
    }
    Ok(())
}

/// Gives users the role, unless they have it.
async fn entrust(tx: &Tx, term: &Term, users: &[Uuid]) -> Result<()> {
    let mut holders: Vec<Uuid> = term.grants(tx).await?.iter().map(|grant| grant.user_id).collect();
    for (index, id) in users.iter().enumerate() {
        let user = tx.one::<account::Entity>(Act::UserRead, *id).await;
        let user = user.map_err(|e| e.at(&path(index)))?;
        if !user.is_active {
            return Err(Fault::at(Code::NotInForce, &path(index)).into());
        }
        if holders.contains(&user.id) {
            continue;
        }
        holders.push(user.id);
        tx.add::<role_grant::Entity>(grant(tx.gate(), term, &user)?).await?;
    }
    Ok(())
}

fn grant(gate: &Gate, term: &Term, user: &account::Model) -> Result<role_grant::ActiveModel> {
    Ok(role_grant::ActiveModel {
        tenant_id: Set(user.tenant_id),
        id: Set(gate.new_id()),
        user_id: Set(user.id),
        role: Set(term.role),
        unit_id: Set(None),
        cluster_id: Set(Some(term.cluster)),
        council_id: Set(None),
        valid_from: Set(term.period.from),
        valid_to: Set(term.period.to),
        granted_by: Set(Some(gate.actor()?.user)),
        revoked_at: Set(None),
        version: Set(1),
    })
}
