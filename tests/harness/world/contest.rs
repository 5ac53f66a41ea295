//! A cluster of a world: its seats, its heads, its criteria, its scores and its comparison.
//! No row of a tenant is built here.

use anyhow::Result;
use entity::criterion::{Evidence, Scorer};
use entity::score::Layer;
use entity::{
    cluster, cluster_head, cluster_member, comparison, criteria_set, criterion, peer_assignment,
    score, score_change,
};
use uuid::Uuid;

use super::{Builder, Id, Province, YEAR, since, unique};

/// What is common to the criteria of a world: points entered as they are, ten at most.
const KIND: &str = "DIRECT";
const PARAMETERS: &str = "{}";
const MAX_POINTS: i64 = 100_000;
const TIE_RULES: &str = r#"["BALLOT"]"#;
const BALLOT: &str = "{}";

/// A cluster with a locked criteria set and an open comparison.
#[derive(Clone, Debug)]
pub struct Contest {
    /// The cluster.
    pub id: Id,
    /// In every free text of the cluster, save those of its scores.
    pub canary: String,
    /// Its members, in order; the first is its head.
    pub seats: Vec<Seat>,
    /// The appointment of the head in [`YEAR`].
    pub head: Id,
    /// The locked criteria set of [`YEAR`].
    pub set: Id,
    /// Its criteria: scored by the member, by peers and by the coordinator.
    pub criteria: [Id; 3],
    /// The open comparison of [`YEAR`].
    pub comparison: Id,
}

/// A member of a cluster.
#[derive(Clone, Debug)]
pub struct Seat {
    /// The member.
    pub id: Id,
    /// Its unit.
    pub unit: Id,
    /// In every free text of its scores.
    pub canary: String,
    /// Its own score of the first criterion.
    pub own_score: Id,
    /// The verified score of the first criterion.
    pub verified_score: Id,
}

impl Contest {
    pub(super) fn empty() -> Self {
        Self {
            id: Id::new("Cluster"),
            canary: unique("cluster"),
            seats: Vec::new(),
            head: Id::new("ClusterHead"),
            set: Id::new("CriteriaSet"),
            criteria: [Id::new("Criterion"), Id::new("Criterion"), Id::new("Criterion")],
            comparison: Id::new("Comparison"),
        }
    }

    /// The opaque id of the first, second and third criterion.
    #[must_use]
    pub fn criterion(&self, place: usize) -> Id {
        self.criteria[place]
    }
}

impl Builder {
    /// A cluster whose seats are the offices of these provinces, or both offices of the organiser when there are none.
    pub(super) async fn contest(
        &self,
        organiser: &Province,
        name: &str,
        provinces: &[&Province],
    ) -> Result<Contest> {
        let mut contest = Contest::empty();
        self.add(cluster::Model {
            id: contest.id.uuid,
            organiser_id: organiser.id.uuid,
            code: format!("{name}-{}", contest.canary),
            name: format!("Cụm {}", contest.canary),
            kind: cluster::Kind::Cluster,
            structure: format!("{name}-{}", contest.canary),
            valid_from: since(),
            valid_to: None,
            version: 1,
        })
        .await?;
        let both = [(organiser, organiser.office), (organiser, organiser.other_office)];
        let crossing = provinces.iter().map(|province| (*province, province.office));
        let units = if provinces.is_empty() { both.to_vec() } else { crossing.collect() };
        for (position, (province, unit)) in (1..).zip(units) {
            let seat = self.seat(&contest, province, (position, unit)).await?;
            contest.seats.push(seat);
        }
        self.criteria(&contest).await?;
        for (seat, peer) in contest.seats.iter().zip(contest.seats.iter().rev()) {
            self.peer(&contest, seat, peer).await?;
            self.scores(&contest, seat).await?;
        }
        self.head(&contest).await?;
        self.comparison(&contest).await?;
        Ok(contest)
    }

    async fn seat(
        &self,
        contest: &Contest,
        province: &Province,
        (position, unit): (i32, Id),
    ) -> Result<Seat> {
        let seat = Seat {
            id: Id::new("ClusterMember"),
            unit,
            canary: unique("seat"),
            own_score: Id::new("Score"),
            verified_score: Id::new("Score"),
        };
        self.add(cluster_member::Model {
            cluster_id: contest.id.uuid,
            id: seat.id.uuid,
            tenant_id: province.id.uuid,
            unit_id: Some(unit.uuid),
            name: format!("Thành viên {position} {}", contest.canary),
            position,
            valid_from: since(),
            valid_to: None,
            version: 1,
        })
        .await?;
        Ok(seat)
    }

    async fn head(&self, contest: &Contest) -> Result<()> {
        let Some(seat) = contest.seats.first() else { return Ok(()) };
        self.add(cluster_head::Model {
            cluster_id: contest.id.uuid,
            id: contest.head.uuid,
            year: YEAR,
            member_id: seat.id.uuid,
            position: cluster_head::Position::Head,
            ended_at: None,
            version: 1,
        })
        .await
    }

    async fn criteria(&self, contest: &Contest) -> Result<()> {
        self.add(criteria_set::Model {
            cluster_id: contest.id.uuid,
            id: contest.set.uuid,
            year: YEAR,
            revision: 1,
            name: format!("Bảng chấm điểm {}", contest.canary),
            source: Some(format!("Nguồn {}", contest.canary)),
            state: criteria_set::State::Locked,
            rounding: criteria_set::Rounding::HalfUp,
            decimals: 2,
            tie_rules: TIE_RULES.to_owned(),
            locked_at: Some(self.now),
            version: 2,
        })
        .await?;
        let scorers = [Scorer::SelfScore, Scorer::Peer, Scorer::Coordinator];
        for ((position, id), scorer) in (1..).zip(contest.criteria).zip(scorers) {
            self.add(criterion::Model {
                cluster_id: contest.id.uuid,
                id: id.uuid,
                set_id: contest.set.uuid,
                parent_id: None,
                code: format!("{position}-{}", contest.canary),
                name: format!("Tiêu chí {position} {}", contest.canary),
                position,
                max_points: MAX_POINTS,
                kind: KIND.to_owned(),
                parameters: PARAMETERS.to_owned(),
                unit: Some(format!("điểm {}", contest.canary)),
                data_source: Some(format!("Nguồn {}", contest.canary)),
                evidence: Evidence::Optional,
                scorer,
                due_on: None,
            })
            .await?;
        }
        Ok(())
    }

    async fn peer(&self, contest: &Contest, assessor: &Seat, member: &Seat) -> Result<()> {
        self.add(peer_assignment::Model {
            cluster_id: contest.id.uuid,
            id: Id::new("PeerAssignment").uuid,
            year: YEAR,
            assessor_id: assessor.id.uuid,
            member_id: member.id.uuid,
        })
        .await
    }

    /// What the member reported and what was verified, of the first criterion, and a change of the former.
    async fn scores(&self, contest: &Contest, seat: &Seat) -> Result<()> {
        let layers = [
            (seat.own_score, Layer::Own, seat.id.uuid),
            (seat.verified_score, Layer::Verified, contest.id.uuid),
        ];
        for (id, layer, assessor) in layers {
            self.score(contest, seat, (id, layer, assessor)).await?;
        }
        self.add(score_change::Model {
            cluster_id: contest.id.uuid,
            id: Id::new("ScoreChange").uuid,
            score_id: seat.own_score.uuid,
            member_id: seat.id.uuid,
            at: self.now,
            actor_name: format!("Cán bộ {}", seat.canary),
            actor_tenant_id: None,
            before: serde_json::json!({ "explanation": seat.canary }).to_string(),
            after: serde_json::json!({ "explanation": seat.canary }).to_string(),
            reason: format!("Lý do {}", seat.canary),
        })
        .await
    }

    async fn score(
        &self,
        contest: &Contest,
        seat: &Seat,
        (id, layer, assessor): (Id, Layer, Uuid),
    ) -> Result<()> {
        self.add(score::Model {
            cluster_id: contest.id.uuid,
            id: id.uuid,
            set_id: contest.set.uuid,
            criterion_id: contest.criterion(0).uuid,
            member_id: seat.id.uuid,
            layer,
            assessor_id: assessor,
            value: Some(MAX_POINTS / 2),
            reference: None,
            is_met: None,
            evidence_url: Some(format!("https://example.org/{}", seat.canary)),
            explanation: Some(format!("Giải trình {}", seat.canary)),
            reason: Some(format!("Lý do {}", seat.canary)),
            recorded_by: Id::new("User").uuid,
            recorded_at: self.now,
            version: 1,
        })
        .await
    }

    async fn comparison(&self, contest: &Contest) -> Result<()> {
        self.add(comparison::Model {
            cluster_id: contest.id.uuid,
            id: contest.comparison.uuid,
            year: YEAR,
            set_id: contest.set.uuid,
            state: comparison::State::Open,
            ballot: BALLOT.to_owned(),
            inputs_hash: None,
            reason: Some(format!("Lý do {}", contest.canary)),
            published_at: None,
            version: 1,
        })
        .await
    }
}
