//! Writes of scores: by the member, by its peers, by the coordinator.
//! No total enters here.

use std::collections::HashMap;

use async_graphql::{Context, ID, InputObject, Object};
use entity::score::{self, Layer};
use entity::{
    cluster, cluster_member, comparison, criteria_set, criterion, peer_assignment, score_change,
};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use super::Score;
use super::rules::{self, Report};
use crate::access::{Act, Gate, Tx};
use crate::domain::cluster::{Cluster, ClusterMember};
use crate::domain::criterion::rules::Measure;
use crate::domain::{Ask, input};
use crate::error::{Code, Error, Fault, Result};
use crate::filter::input_id;
use crate::payload;
use crate::scalar::Decimal;

/// Most scores of one request.
const MOST: usize = 300;

/// One score to record.
#[derive(InputObject)]
pub(crate) struct ScoreInput {
    /// Code of the criterion.
    criterion: String,
    /// The value; its meaning depends on the kind of the criterion.
    value: Option<Decimal>,
    /// The value it is measured against, for kinds that ask for it.
    reference: Option<Decimal>,
    /// Whether it is met, for kinds that ask for it.
    is_met: Option<bool>,
    /// Link to evidence.
    evidence_url: Option<String>,
    /// Explanation.
    explanation: Option<String>,
    /// Why a score that stands is changed, or why a verified score differs from the self score.
    reason: Option<String>,
    /// Version the caller read; absent for the first record.
    expected_version: Option<i32>,
}

/// Input of `scoreSelfRecord`.
#[derive(InputObject)]
pub(crate) struct ScoreSelfRecordInput {
    /// The cluster.
    cluster_id: ID,
    /// The year.
    year: i32,
    /// The caller's own member.
    member_id: ID,
    /// The scores, at most 300; all are recorded or none.
    scores: Vec<ScoreInput>,
}

/// Input of `scorePeerRecord`.
#[derive(InputObject)]
pub(crate) struct ScorePeerRecordInput {
    /// The cluster.
    cluster_id: ID,
    /// The year.
    year: i32,
    /// The caller's own member, which scores.
    assessor_member_id: ID,
    /// The member that is scored.
    member_id: ID,
    /// The scores, at most 300; all are recorded or none.
    scores: Vec<ScoreInput>,
}

/// Input of `scoreVerify`.
#[derive(InputObject)]
pub(crate) struct ScoreVerifyInput {
    /// The cluster.
    cluster_id: ID,
    /// The year.
    year: i32,
    /// The member whose scores are verified.
    member_id: ID,
    /// The verified scores, at most 300; all are recorded or none.
    #[graphql(default)]
    scores: Vec<ScoreInput>,
    /// Also verifies every self score that is neither listed nor verified yet, as it stands.
    #[graphql(default)]
    accept_self_scores: bool,
}

/// Input of `scorePeerAssign`.
#[derive(InputObject)]
pub(crate) struct ScorePeerAssignInput {
    /// The cluster.
    cluster_id: ID,
    /// The year.
    year: i32,
    /// The member that scores.
    assessor_member_id: ID,
    /// The members it scores from now on, instead of those before.
    member_ids: Vec<ID>,
}

payload!(ScoreSelfRecordPayload, scores: Vec<Score>, "scores as they are now");
payload!(ScorePeerRecordPayload, scores: Vec<Score>, "scores as they are now");
payload!(ScoreVerifyPayload, scores: Vec<Score>, "verified scores as they are now");
payload!(ScorePeerAssignPayload, cluster: Cluster, "cluster");

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
        ScoreSelfRecordPayload::of(record_own(ctx, input).await)
    }

    /// Records the scores that a member gives another one assigned to it (chấm chéo). Roles: unit head, unit
    /// officer of the assigned member.
    async fn score_peer_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The scores.")] input: ScorePeerRecordInput,
    ) -> async_graphql::Result<ScorePeerRecordPayload> {
        ScorePeerRecordPayload::of(record_peer(ctx, input).await)
    }

    /// Verifies the scores of a member (thẩm định); where a verified score differs from the self score, its
    /// reason is asked for. Roles: cluster coordinator, cluster deputy.
    async fn score_verify(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The verified scores.")] input: ScoreVerifyInput,
    ) -> async_graphql::Result<ScoreVerifyPayload> {
        ScoreVerifyPayload::of(verify(ctx, input).await)
    }

    /// Says which members one member scores in a year. Roles: cluster coordinator, cluster deputy.
    async fn score_peer_assign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The assignment.")] input: ScorePeerAssignInput,
    ) -> async_graphql::Result<ScorePeerAssignPayload> {
        ScorePeerAssignPayload::of(assign(ctx.gate()?, input).await)
    }
}

/// The sheet that one side fills in for one member: what stands in it and against what it is checked.
struct Sheet {
    tx: Tx,
    set: criteria_set::Model,
    criteria: HashMap<String, criterion::Model>,
    member: Uuid,
    layer: Layer,
    assessor: Uuid,
    /// Scores of the member that stand, of every layer.
    standing: Vec<score::Model>,
}

async fn record_own(ctx: &Context<'_>, input: ScoreSelfRecordInput) -> Result<Vec<Score>> {
    let member = input_id::<ClusterMember>(&input.member_id, "input.memberId")?;
    let (tx, cluster) = open(ctx.gate()?, Act::ScoreSelfRecord, &input.cluster_id).await?;
    let seat =
        of_cluster(tx.lock::<cluster_member::Entity>(member).await, cluster, "input.memberId")?;
    let sheet = Sheet::read(tx, (&seat, input.year), (Layer::Own, seat.id)).await?;
    sheet.record(input.scores).await
}

async fn record_peer(ctx: &Context<'_>, input: ScorePeerRecordInput) -> Result<Vec<Score>> {
    let assessor = input_id::<ClusterMember>(&input.assessor_member_id, "input.assessorMemberId")?;
    let member = input_id::<ClusterMember>(&input.member_id, "input.memberId")?;
    let (tx, cluster) = open(ctx.gate()?, Act::ScorePeerRecord, &input.cluster_id).await?;
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

async fn verify(ctx: &Context<'_>, input: ScoreVerifyInput) -> Result<Vec<Score>> {
    let member = input_id::<ClusterMember>(&input.member_id, "input.memberId")?;
    let (tx, cluster) = open(ctx.gate()?, Act::ScoreVerify, &input.cluster_id).await?;
    let seat =
        of_cluster(tx.lock::<cluster_member::Entity>(member).await, cluster, "input.memberId")?;
    let mut sheet = Sheet::read(tx, (&seat, input.year), (Layer::Verified, cluster)).await?;
    if input.accept_self_scores {
        let listed: Vec<_> = input.scores.iter().map(|score| score.criterion.clone()).collect();
        let mut accepted = sheet.accept(&listed).await?;
        accepted.extend(sheet.write(input.scores).await?);
        return sheet.tx.commit(accepted).await;
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

impl Sheet {
    async fn read(
        tx: Tx,
        (member, year): (&cluster_member::Model, i32),
        (layer, assessor): (Layer, Uuid),
    ) -> Result<Self> {
        let cluster = member.cluster_id;
        input::year(year, "input.year")?;
        if !is_member_in(member, year) {
            return Err(Fault::at(Code::NotInForce, "input.memberId").into());
        }
        let of_year = Condition::all()
            .add(criteria_set::Column::Year.eq(year))
            .add(criteria_set::Column::State.eq(criteria_set::State::Locked));
        let sets = tx.all_of::<criteria_set::Entity>(cluster, of_year).await?;
        let set = sets.into_iter().next();
        let set =
            set.ok_or_else(|| Error::from(Fault::at(Code::CriteriaSetNotLocked, "input.year")))?;
        let published = Condition::all()
            .add(comparison::Column::Year.eq(year))
            .add(comparison::Column::State.eq(comparison::State::Published));
        if !tx.all_of::<comparison::Entity>(cluster, published).await?.is_empty() {
            return Err(Fault::at(Code::FinalState, "input.year").into());
        }
        let of_set = Condition::all().add(criterion::Column::SetId.eq(set.id));
        let criteria = tx.all_of::<criterion::Entity>(cluster, of_set).await?;
        let criteria = criteria.into_iter().map(|row| (row.code.clone(), row)).collect();
        let of_member = Condition::all()
            .add(score::Column::SetId.eq(set.id))
            .add(score::Column::MemberId.eq(member.id));
        let standing = tx.all_of::<score::Entity>(cluster, of_member).await?;
        Ok(Self { tx, set, criteria, member: member.id, layer, assessor, standing })
    }

    async fn record(self, inputs: Vec<ScoreInput>) -> Result<Vec<Score>> {
        let scores = self.write(inputs).await?;
        self.tx.commit(scores).await
    }

    async fn write(&self, inputs: Vec<ScoreInput>) -> Result<Vec<Score>> {
        if inputs.len() > MOST {
            return Err(Fault::at(Code::OutOfRange, "input.scores")
                .with("min", 0)
                .with("max", MOST)
                .into());
        }
        let mut scores = Vec::new();
        for (index, input) in inputs.into_iter().enumerate() {
            let path = format!("input.scores.{index}");
            scores.push(self.one(input, &path).await?);
        }
        Ok(scores)
    }

    async fn one(&self, input: ScoreInput, path: &str) -> Result<Score> {
        let criterion = self
            .criteria
            .get(input.criterion.trim())
            .ok_or_else(|| Error::not_found().at(&format!("{path}.criterion")))?;
        let report = Report {
            measure: Measure { value: input.value, reference: input.reference, met: input.is_met },
            evidence_url: input::link(
                input.evidence_url.as_deref(),
                &format!("{path}.evidenceUrl"),
            )?,
            explanation: optional(input.explanation.as_deref(), path, "explanation")?,
            reason: optional(input.reason.as_deref(), path, "reason")?,
        };
        let within = |fault: Fault| {
            let field = fault.path.join(".");
            Error::from(fault).at(&format!("{path}.{field}"))
        };
        rules::check(criterion, self.layer, &report).map_err(within)?;
        let before = self.standing(criterion.id, self.layer, self.assessor);
        let own = self.standing(criterion.id, Layer::Own, self.member);
        let own = own.filter(|_| self.layer == Layer::Verified);
        rules::check_reason(before, own, &report).map_err(within)?;
        match (before.map(|row| row.version), input.expected_version) {
            (Some(current), expected) if expected != Some(current) => {
                Err(Error::conflict(current).at(&format!("{path}.expectedVersion")))
            }
            (None, Some(_)) => Err(Error::conflict(0).at(&format!("{path}.expectedVersion"))),
            (Some(_) | None, _) => self.put(criterion, before, report).await,
        }
    }

    fn standing(&self, criterion: Uuid, layer: Layer, assessor: Uuid) -> Option<&score::Model> {
        self.standing.iter().find(|row| {
            row.criterion_id == criterion && row.layer == layer && row.assessor_id == assessor
        })
    }

    async fn put(
        &self,
        criterion: &criterion::Model,
        before: Option<&score::Model>,
        report: Report,
    ) -> Result<Score> {
        let row = match before {
            Some(before) if rules::is_same(before, &report) => before.clone(),
            Some(before) => self.change(before, report).await?,
            None => self.add(criterion, report).await?,
        };
        Ok(Score::new(row, criterion.code.clone()))
    }

    async fn add(&self, criterion: &criterion::Model, report: Report) -> Result<score::Model> {
        let gate = self.tx.gate();
        let row = score::ActiveModel {
            cluster_id: Set(criterion.cluster_id),
            id: Set(gate.new_id()),
            set_id: Set(self.set.id),
            criterion_id: Set(criterion.id),
            member_id: Set(self.member),
            layer: Set(self.layer),
            assessor_id: Set(self.assessor),
            value: Set(report.measure.value.map(Decimal::units)),
            reference: Set(report.measure.reference.map(Decimal::units)),
            is_met: Set(report.measure.met),
            evidence_url: Set(report.evidence_url),
            explanation: Set(report.explanation),
            reason: Set(report.reason),
            recorded_by: Set(gate.actor()?.user),
            recorded_at: Set(gate.now()),
            version: Set(1),
        };
        self.tx.add::<score::Entity>(row).await
    }

    async fn change(&self, before: &score::Model, report: Report) -> Result<score::Model> {
        let gate = self.tx.gate();
        let mut row = before.clone().into_active_model();
        row.value = Set(report.measure.value.map(Decimal::units));
        row.reference = Set(report.measure.reference.map(Decimal::units));
        row.is_met = Set(report.measure.met);
        row.evidence_url = Set(report.evidence_url);
        row.explanation = Set(report.explanation);
        row.reason = Set(report.reason.clone());
        row.recorded_by = Set(gate.actor()?.user);
        row.recorded_at = Set(gate.now());
        let after = self.tx.save::<score::Entity>(before, row).await?;
        let change = score_change::ActiveModel {
            cluster_id: Set(after.cluster_id),
            id: Set(gate.new_id()),
            score_id: Set(after.id),
            member_id: Set(after.member_id),
            at: Set(gate.now()),
            actor_name: Set(gate.actor()?.name.clone()),
            before: Set(told(before)),
            after: Set(told(&after)),
            reason: Set(report.reason.unwrap_or_default()),
        };
        self.tx.add_derived::<score_change::Entity>(change).await?;
        Ok(after)
    }

    /// Verifies each self score that is neither listed nor verified yet.
    async fn accept(&mut self, listed: &[String]) -> Result<Vec<Score>> {
        let mut accepted = Vec::new();
        for criterion in self.criteria.values() {
            let is_listed = listed.iter().any(|code| code.trim() == criterion.code);
            let verified = self.standing(criterion.id, Layer::Verified, self.assessor);
            let own = self.standing(criterion.id, Layer::Own, self.member);
            let Some(own) = own.filter(|_| !is_listed && verified.is_none()) else { continue };
            let report = Report { measure: rules::measure(own), ..Report::default() };
            accepted.push(Score::new(self.add(criterion, report).await?, criterion.code.clone()));
        }
        Ok(accepted)
    }
}

fn is_member_in(member: &cluster_member::Model, year: i32) -> bool {
    use chrono::Datelike;
    member.valid_from.year() <= year && member.valid_to.is_none_or(|last| last.year() >= year)
}

fn optional(value: Option<&str>, path: &str, field: &str) -> Result<Option<String>> {
    input::optional_text(value, &format!("{path}.{field}"), input::TEXT)
}

/// A score as the history keeps it.
fn told(row: &score::Model) -> String {
    let decimal = |units: Option<i64>| units.map(|units| Decimal::from_units(units).to_string());
    json!({
        "value": decimal(row.value),
        "reference": decimal(row.reference),
        "isMet": row.is_met,
        "evidenceUrl": row.evidence_url,
        "explanation": row.explanation,
    })
    .to_string()
}

async fn assign(gate: &Gate, input: ScorePeerAssignInput) -> Result<Cluster> {
    let cluster_id = input_id::<Cluster>(&input.cluster_id, "input.clusterId")?;
    let assessor = input_id::<ClusterMember>(&input.assessor_member_id, "input.assessorMemberId")?;
    let year = input::year(input.year, "input.year")?;
    let tx = gate.begin(Act::ScorePeerAssign).await?;
    let row = tx.lock::<cluster::Entity>(cluster_id).await.map_err(|e| e.at("input.clusterId"))?;
    let mut wanted = Vec::new();
    for (index, id) in input.member_ids.iter().enumerate() {
        let path = format!("input.memberIds.{index}");
        let member = input_id::<ClusterMember>(id, &path)?;
        if member == assessor {
            let fault = Fault::at(Code::InvalidCombination, &path);
            return Err(fault.with("detail", "a member does not score itself").into());
        }
        wanted.push((member, path));
    }
    for (member, path) in
        wanted.iter().cloned().chain([(assessor, "input.assessorMemberId".to_owned())])
    {
        let by_id = Condition::all().add(cluster_member::Column::Id.eq(member));
        let found = tx.all_of::<cluster_member::Entity>(row.id, by_id).await?;
        let is_in_force = found.first().is_some_and(|member| is_member_in(member, year));
        if !is_in_force {
            return Err(Error::not_found().at(&path));
        }
    }
    let standing = Condition::all()
        .add(peer_assignment::Column::Year.eq(year))
        .add(peer_assignment::Column::AssessorId.eq(assessor));
    let standing = tx.all_of::<peer_assignment::Entity>(row.id, standing).await?;
    for old in standing.iter().filter(|old| wanted.iter().all(|(id, _)| *id != old.member_id)) {
        tx.remove::<peer_assignment::Entity>(old).await?;
    }
    for (member, _) in &wanted {
        if standing.iter().all(|old| old.member_id != *member) {
            let row = peer_assignment::ActiveModel {
                cluster_id: Set(row.id),
                id: Set(gate.new_id()),
                year: Set(year),
                assessor_id: Set(assessor),
                member_id: Set(*member),
            };
            tx.add::<peer_assignment::Entity>(row).await?;
        }
    }
    tx.commit(Cluster::from(row)).await
}
