//! Who scores whom: the assignment of peers.
//! No score enters here.

use async_graphql::ID;
use entity::{cluster, cluster_member, peer_assignment};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::mutation::ScorePeerAssignInput;
use super::sheet::is_member_in;
use crate::access::{Act, Gate, Tx};
use crate::domain::cluster::{Cluster, ClusterMember};
use crate::domain::input;
use crate::error::{Code, Error, Fault, Result};
use crate::filter::input_id;

pub(super) async fn assign(gate: &Gate, input: ScorePeerAssignInput) -> Result<Cluster> {
    let cluster_id = input_id::<Cluster>(&input.cluster_id, "input.clusterId")?;
    let assessor = input_id::<ClusterMember>(&input.assessor_member_id, "input.assessorMemberId")?;
    let year = input::year(input.year, "input.year")?;
    let wanted = wanted(&input.member_ids, assessor)?;
    let tx = gate.begin(Act::ScorePeerAssign).await?;
    let row = tx.lock::<cluster::Entity>(cluster_id).await.map_err(|e| e.at("input.clusterId"))?;
    require_member(&tx, (row.id, year), assessor, "input.assessorMemberId").await?;
    for (index, member) in wanted.iter().enumerate() {
        let path = format!("input.memberIds.{index}");
        require_member(&tx, (row.id, year), *member, &path).await?;
    }
    replace(&tx, (row.id, year), assessor, &wanted).await?;
    tx.answer(Cluster::from(row)).await
}

fn wanted(ids: &[ID], assessor: Uuid) -> Result<Vec<Uuid>> {
    let one = |(index, id): (usize, &ID)| {
        let path = format!("input.memberIds.{index}");
        let member = input_id::<ClusterMember>(id, &path)?;
        if member == assessor {
            let fault = Fault::at(Code::InvalidCombination, &path);
            return Err(fault.with("detail", "a member does not score itself").into());
        }
        Ok(member)
    };
    let members: Vec<Uuid> = ids.iter().enumerate().map(one).collect::<Result<_>>()?;
    input::each_once(&members, "input.memberIds")?;
    Ok(members)
}

async fn require_member(
    tx: &Tx,
    (cluster, year): (Uuid, i32),
    member: Uuid,
    path: &str,
) -> Result<()> {
    let by_id = Condition::all().add(cluster_member::Column::Id.eq(member));
    let found = tx.all_of::<cluster_member::Entity>(cluster, by_id).await?;
    if found.first().is_some_and(|member| is_member_in(member, year)) {
        return Ok(());
    }
    Err(Error::not_found().at(path))
}

async fn replace(
    tx: &Tx,
    (cluster, year): (Uuid, i32),
    assessor: Uuid,
    wanted: &[Uuid],
) -> Result<()> {
    let standing = Condition::all()
        .add(peer_assignment::Column::Year.eq(year))
        .add(peer_assignment::Column::AssessorId.eq(assessor));
    let standing = tx.all_of::<peer_assignment::Entity>(cluster, standing).await?;
    for old in standing.iter().filter(|old| !wanted.contains(&old.member_id)) {
        tx.remove::<peer_assignment::Entity>(old).await?;
    }
    let assigned = |member: &Uuid| peer_assignment::Model {
        cluster_id: cluster,
        id: tx.gate().new_id(),
        year,
        assessor_id: assessor,
        member_id: *member,
    };
    let new = wanted.iter().filter(|id| standing.iter().all(|old| old.member_id != **id));
    tx.add_many::<peer_assignment::Entity>(new.map(assigned).collect()).await
}
