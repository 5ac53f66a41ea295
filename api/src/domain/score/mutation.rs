//! Writes of scores: by the member, by its peers, by the coordinator.
//! No total enters here.

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use entity::score::Layer;
use entity::{cluster, cluster_member, peer_assignment};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::Score;
use super::assign::assign;
use super::sheet::{ScoreInput, Sheet};
use crate::access::{Act, Gate, Tx};
use crate::domain::Ask;
use crate::domain::cluster::{Cluster, ClusterMember};
use crate::domain::comparison::{self, ClusterComparison};
use crate::error::{Code, Error, Fault, Result, UserError, outcome};
use crate::filter::{input_id, row_id};
use crate::payload;

/// Input of `scoreSelfRecord`.
#[derive(InputObject)]
pub(crate) struct ScoreSelfRecordInput {
    /// The cluster.
    cluster_id: ID,
    /// The year, 1948 to 2100.
    year: i32,
    /// The caller's own member.
    member_id: ID,
    /// The scores, at most 300; all are recorded or none.
    scores: Vec<ScoreInput>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `scorePeerRecord`.
#[derive(InputObject)]
pub(crate) struct ScorePeerRecordInput {
    /// The cluster.
    cluster_id: ID,
    /// The year, 1948 to 2100.
    year: i32,
    /// The caller's own member, which scores.
    assessor_member_id: ID,
    /// The member that is scored.
    member_id: ID,
    /// The scores, at most 300; all are recorded or none.
    scores: Vec<ScoreInput>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `scoreVerify`.
#[derive(InputObject)]
pub(crate) struct ScoreVerifyInput {
    /// The cluster.
    cluster_id: ID,
    /// The year, 1948 to 2100.
    year: i32,
    /// The member whose scores are verified.
    member_id: ID,
    /// The verified scores, at most 300; all are recorded or none.
    #[graphql(default)]
    scores: Vec<ScoreInput>,
    /// Also verifies every self score that is neither listed nor verified yet, as it stands.
    #[graphql(default)]
    accept_self_scores: bool,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of `scorePeerAssign`.
#[derive(InputObject)]
pub(crate) struct ScorePeerAssignInput {
    /// The cluster.
    pub(super) cluster_id: ID,
    /// The year, 1948 to 2100.
    pub(super) year: i32,
    /// The member that scores.
    pub(super) assessor_member_id: ID,
    /// The members it scores from now on, instead of those before.
    pub(super) member_ids: Vec<ID>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

payload!(ScoreSelfRecordPayload, scores: Vec<Score>, "scores as they are now");
payload!(ScorePeerRecordPayload, scores: Vec<Score>, "scores as they are now");
payload!(ScoreVerifyPayload, scores: Vec<Score>, "verified scores as they are now");

/// Outcome of the mutation: the cluster or the reasons why not.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct ScorePeerAssignPayload {
    /// The cluster; null when there are errors.
    cluster: Option<Cluster>,
    /// Why nothing was done; empty on success.
    errors: Vec<UserError>,
    /// The cluster and the year that were asked for.
    #[graphql(skip)]
    place: Option<(Uuid, i32)>,
}

#[ComplexObject]
impl ScorePeerAssignPayload {
    /// The comparison of the year as it is now; null when there are errors, and for a caller who may not read it.
    async fn comparison(&self, ctx: &Context<'_>) -> Result<Option<ClusterComparison>> {
        let (Some(_), Some((cluster, year))) = (&self.cluster, self.place) else {
            return Ok(None);
        };
        comparison::of(ctx.gate()?, cluster, year).await
    }
}

/// Changes of scores.
#[derive(Default)]
pub struct ScoreMutation;

/// Changes of scores.
#[Object]
impl ScoreMutation {
    /// Records the scores that a member gives itself (tự chấm), with evidence or explanation. The criteria
    /// set must be locked and the comparison not published; a change of a score needs its reason. Roles:
    /// unit head, unit officer of the member.
    async fn score_self_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The scores.")] input: ScoreSelfRecordInput,
    ) -> async_graphql::Result<ScoreSelfRecordPayload> {
        let key = input.idempotency_key.clone();
        ScoreSelfRecordPayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(record_own(&gate, input))).await
            }
            .await,
        )
    }

    /// Records the scores that a member gives another one assigned to it (chấm chéo). Roles: unit head, unit
    /// officer of the assigned member.
    async fn score_peer_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The scores.")] input: ScorePeerRecordInput,
    ) -> async_graphql::Result<ScorePeerRecordPayload> {
        let key = input.idempotency_key.clone();
        ScorePeerRecordPayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(record_peer(&gate, input))).await
            }
            .await,
        )
    }

    /// Verifies the scores of a member (thẩm định); where a verified score differs from the self score, its
    /// reason is asked for. Roles: cluster coordinator, cluster deputy.
    async fn score_verify(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The verified scores.")] input: ScoreVerifyInput,
    ) -> async_graphql::Result<ScoreVerifyPayload> {
        let key = input.idempotency_key.clone();
        ScoreVerifyPayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(verify(&gate, input))).await
            }
            .await,
        )
    }

    /// Says which members one member scores in a year. Roles: cluster coordinator, cluster deputy.
    async fn score_peer_assign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The assignment.")] input: ScorePeerAssignInput,
    ) -> async_graphql::Result<ScorePeerAssignPayload> {
        let key = input.idempotency_key.clone();
        let place = row_id::<Cluster>(&input.cluster_id).map(|cluster| (cluster, input.year));
        let done = async {
            let gate = ctx.once(key.as_deref())?;
            gate.answer(Box::pin(assign(&gate, input))).await
        };
        let (cluster, errors) = outcome(done.await)?;
        Ok(ScorePeerAssignPayload { cluster, errors, place })
    }
}

async fn record_own(gate: &Gate, input: ScoreSelfRecordInput) -> Result<Vec<Score>> {
    let member = input_id::<ClusterMember>(&input.member_id, "input.memberId")?;
    let (tx, cluster) = open(gate, Act::ScoreSelfRecord, &input.cluster_id).await?;
    let seat =
        of_cluster(tx.lock::<cluster_member::Entity>(member).await, cluster, "input.memberId")?;
    let sheet = Sheet::read(tx, (&seat, input.year), (Layer::Own, seat.id)).await?;
    sheet.record(input.scores).await
}

async fn record_peer(gate: &Gate, input: ScorePeerRecordInput) -> Result<Vec<Score>> {
    let assessor = input_id::<ClusterMember>(&input.assessor_member_id, "input.assessorMemberId")?;
    let member = input_id::<ClusterMember>(&input.member_id, "input.memberId")?;
    let (tx, cluster) = open(gate, Act::ScorePeerRecord, &input.cluster_id).await?;
    let seat = tx.lock::<cluster_member::Entity>(assessor).await;
    let seat = of_cluster(seat, cluster, "input.assessorMemberId")?;
    let assigned = Condition::all()
        .add(peer_assignment::Column::Year.eq(input.year))
        .add(peer_assignment::Column::AssessorId.eq(seat.id))
        .add(peer_assignment::Column::MemberId.eq(member));
    if tx.all_of::<peer_assignment::Entity>(seat.cluster_id, assigned).await?.is_empty() {
        return Err(Fault::at(Code::PeerNotAssigned, "input.memberId").into());
    }
    let other = tx.one::<cluster_member::Entity>(Act::ClusterRead, member).await;
    let other = of_cluster(other, cluster, "input.memberId")?;
    let sheet = Sheet::read(tx, (&other, input.year), (Layer::Peer, seat.id)).await?;
    sheet.record(input.scores).await
}

async fn verify(gate: &Gate, input: ScoreVerifyInput) -> Result<Vec<Score>> {
    let member = input_id::<ClusterMember>(&input.member_id, "input.memberId")?;
    let (tx, cluster) = open(gate, Act::ScoreVerify, &input.cluster_id).await?;
    let seat =
        of_cluster(tx.lock::<cluster_member::Entity>(member).await, cluster, "input.memberId")?;
    let sheet = Sheet::read(tx, (&seat, input.year), (Layer::Verified, cluster)).await?;
    if input.accept_self_scores {
        let listed: Vec<_> = input.scores.iter().map(|score| score.criterion.clone()).collect();
        let mut accepted = sheet.accept(&listed).await?;
        accepted.extend(sheet.write(input.scores).await?);
        return sheet.tx.answer(accepted).await;
    }
    sheet.record(input.scores).await
}

/// Opens the transaction of a score; publishing waits for it, or it waits for publishing.
async fn open(gate: &Gate, act: Act, cluster_id: &ID) -> Result<(Tx, Uuid)> {
    let cluster = input_id::<Cluster>(cluster_id, "input.clusterId")?;
    let tx = gate.begin(act).await?;
    let found = tx.one::<cluster::Entity>(Act::ClusterRead, cluster).await;
    found.map_err(|e| e.at("input.clusterId"))?;
    tx.stand_in_line("comparison", cluster).await?;
    Ok((tx, cluster))
}

/// A member of this cluster, or not found.
fn of_cluster(
    member: Result<cluster_member::Model>,
    cluster: Uuid,
    path: &str,
) -> Result<cluster_member::Model> {
    let member = member.map_err(|fault| fault.at(path))?;
    if member.cluster_id == cluster { Ok(member) } else { Err(Error::not_found().at(path)) }
}
