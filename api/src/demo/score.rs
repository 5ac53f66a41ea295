//! Scores of the demo: by the members, by their peers, by the coordinator.
//! No points and no ranks are worked out here.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::criterion::{Evidence, Scorer};
use entity::role_grant::Role;
use entity::score::Layer;
use entity::{cluster_member, peer_assignment, score};
use uuid::Uuid;

use super::criteria::{Criterion, Scale, Stage};
use super::measure::{corrected, invented, quality};
use super::moment;
use super::random::{Random, id, id_at};
use super::rows::Rows;
use crate::domain::criterion::rules::Measure;
use crate::scalar::Decimal;

/// The cell of cluster 351 that has not been reported in the running year: the last member's.
const NOT_REPORTED: &str = "3.3";

/// The last day of the running year on which something was reported.
const TODAY: Option<NaiveDate> = NaiveDate::from_ymd_opt(2026, 11, 18);

const CORRECTION: &str = "Điều chỉnh theo hồ sơ minh chứng (mẫu)";

/// Makes the scores of a cluster and year, and hands them back for its comparison.
pub(super) fn build(rows: &mut Rows, scale: &Scale<'_>) -> Vec<score::Model> {
    let officers = officers(rows);
    let has_peers = scale.criteria.iter().any(|criterion| criterion.row.scorer == Scorer::Peer);
    let mut scores = Vec::new();
    for (place, member) in scale.members.iter().enumerate() {
        let seat = Seat { scale, officers: &officers, member, place };
        if has_peers && scale.stage != Stage::Open {
            rows.peer_assignment.extend(seat.assessors().map(|assessor| seat.assignment(assessor)));
        }
        let leaves = scale.criteria.iter().filter(|criterion| !criterion.kind.is_group());
        scores.extend(leaves.flat_map(|criterion| seat.scores(criterion)));
    }
    rows.score.extend(scores.iter().cloned());
    scores
}

/// The officers who enter scores, by unit.
fn officers(rows: &Rows) -> HashMap<Uuid, Uuid> {
    let officers = rows.role_grant.iter().filter(|grant| grant.role == Role::UnitOfficer);
    officers.filter_map(|grant| Some((grant.unit_id?, grant.user_id))).collect()
}

/// A member in one year.
struct Seat<'a> {
    scale: &'a Scale<'a>,
    officers: &'a HashMap<Uuid, Uuid>,
    member: &'a cluster_member::Model,
    place: usize,
}

/// Who stands behind a score.
#[derive(Clone, Copy)]
struct Voice {
    layer: Layer,
    assessor: Uuid,
    by: Uuid,
    days_after_due: i64,
}

impl Seat<'_> {
    fn name(&self, criterion: &Criterion) -> String {
        format!("{} {} {}", self.member.id, self.scale.set.year, criterion.row.code)
    }

    /// The next two members in the round score this one.
    fn assessors(&self) -> impl Iterator<Item = &cluster_member::Model> {
        let round = self.scale.members.iter().cycle().skip(self.place + 1).take(2);
        round.copied().filter(|other| other.id != self.member.id)
    }

    fn assignment(&self, assessor: &cluster_member::Model) -> peer_assignment::Model {
        let year = self.scale.set.year;
        let name = [assessor.id.to_string(), self.member.id.to_string(), year.to_string()];
        peer_assignment::Model {
            cluster_id: self.member.cluster_id,
            id: id("peer_assignment", &name.each_ref().map(String::as_str)),
            year,
            assessor_id: assessor.id,
            member_id: self.member.id,
        }
    }

    fn scores(&self, criterion: &Criterion) -> Vec<score::Model> {
        let mut random = Random::of(&self.name(criterion));
        let quality = quality(&self.member.id.to_string(), self.scale.set.year);
        let measure = invented(criterion, quality, &mut random);
        let mut scores = Vec::new();
        if criterion.row.scorer != Scorer::Coordinator && self.has_reported(criterion, &mut random)
        {
            scores.push(self.row(criterion, self.own(), measure));
        }
        if criterion.row.scorer == Scorer::Peer {
            let voices = self.assessors().take(self.peers()).map(|assessor| self.peer(assessor));
            let first = std::iter::once(measure);
            let others = std::iter::repeat_with(|| invented(criterion, quality, &mut random));
            let rows = voices.zip(first.chain(others));
            scores.extend(rows.map(|(voice, measure)| self.row(criterion, voice, measure)));
        }
        if self.is_verified(criterion) {
            scores.push(self.verified(criterion, measure, &mut random));
        }
        scores
    }

    fn has_reported(&self, criterion: &Criterion, random: &mut Random) -> bool {
        match self.scale.stage {
            Stage::Open => random.chance(70),
            Stage::Provisional => {
                self.place + 1 != self.scale.members.len() || criterion.row.code != NOT_REPORTED
            }
            Stage::Published => true,
        }
    }

    /// How many peers have scored this member.
    fn peers(&self) -> usize {
        match self.scale.stage {
            Stage::Open => 0,
            Stage::Provisional => 2_usize.saturating_sub(self.place / 2),
            Stage::Published => 2,
        }
    }

    fn is_verified(&self, criterion: &Criterion) -> bool {
        match (self.scale.stage, criterion.row.scorer) {
            (Stage::Open, _) | (Stage::Provisional, Scorer::Peer) => false,
            (Stage::Provisional, Scorer::SelfScore) => self.place < 3,
            (Stage::Provisional, Scorer::Coordinator) | (Stage::Published, _) => true,
        }
    }

    fn verified(
        &self,
        criterion: &Criterion,
        measure: Measure,
        random: &mut Random,
    ) -> score::Model {
        let was_reported = criterion.row.scorer != Scorer::Coordinator;
        let is_checked =
            random.chance(if self.scale.stage == Stage::Provisional { 30 } else { 10 });
        let corrected = Some(measure)
            .filter(|_| was_reported && is_checked)
            .and_then(|measure| corrected(criterion, &measure));
        let reason = corrected.map(|_| CORRECTION.to_owned());
        score::Model {
            reason,
            ..self.row(criterion, self.coordinator(), corrected.unwrap_or(measure))
        }
    }

    fn own(&self) -> Voice {
        let by = self.officer(self.member);
        Voice { layer: Layer::Own, assessor: self.member.id, by, days_after_due: -4 }
    }

    fn peer(&self, assessor: &cluster_member::Model) -> Voice {
        let by = self.officer(assessor);
        Voice { layer: Layer::Peer, assessor: assessor.id, by, days_after_due: 2 }
    }

    /// The cluster itself verifies: one verified score a cell, whoever enters it.
    fn coordinator(&self) -> Voice {
        let by = self.scale.cluster.coordinator;
        Voice { layer: Layer::Verified, assessor: self.member.cluster_id, by, days_after_due: 6 }
    }

    /// The officer of a member's unit; the coordinator enters for those who have none in the demo.
    fn officer(&self, member: &cluster_member::Model) -> Uuid {
        let officer = member.unit_id.and_then(|unit| self.officers.get(&unit));
        officer.copied().unwrap_or(self.scale.cluster.coordinator)
    }

    fn row(&self, criterion: &Criterion, voice: Voice, measure: Measure) -> score::Model {
        let name = format!("{} {}", self.name(criterion), voice.assessor);
        let recorded_at = self.recorded_at(criterion, voice, &name);
        let is_own = voice.layer == Layer::Own;
        let has_evidence = is_own && criterion.row.evidence == Evidence::Required;
        score::Model {
            cluster_id: self.member.cluster_id,
            id: id_at(recorded_at, &name),
            set_id: self.scale.set.id,
            criterion_id: criterion.row.id,
            member_id: self.member.id,
            layer: voice.layer,
            assessor_id: voice.assessor,
            value: measure.value.map(Decimal::units),
            reference: measure.reference.map(Decimal::units),
            is_met: measure.met,
            evidence_url: has_evidence.then(|| self.evidence(criterion)),
            explanation: is_own.then(|| "Số liệu mẫu".to_owned()),
            reason: None,
            recorded_by: voice.by,
            recorded_at,
            version: 1,
        }
    }

    fn evidence(&self, criterion: &Criterion) -> String {
        let (cluster, year) = (&self.scale.cluster.row.code, self.scale.set.year);
        let (member, code) = (self.member.position, &criterion.row.code);
        format!("https://minh-chung.example/{cluster}/{year}/{member}/{code}.pdf")
    }

    /// Some days around the due date in working hours, and never in the future of the demo; members
    /// report before others look at it.
    fn recorded_at(&self, criterion: &Criterion, voice: Voice, name: &str) -> DateTime<Utc> {
        let mut random = Random::of(name);
        let due = criterion.row.due_on.unwrap_or(self.member.valid_from);
        let day = due + TimeDelta::days(voice.days_after_due + random.between(-2, 2));
        let minutes = random.between(8 * 60, 17 * 60);
        let last = TODAY.filter(|_| self.scale.stage != Stage::Published).unwrap_or(NaiveDate::MAX);
        if day <= last {
            return moment(day, minutes);
        }
        let before =
            if voice.layer == Layer::Own { random.between(4, 18) } else { random.between(0, 3) };
        moment(last - TimeDelta::days(before), minutes)
    }
}
