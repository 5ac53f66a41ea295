//! Clusters: members, criteria, a year of scores, the open comparison and the published one of the year before.
//! No submission is made here.

use anyhow::Result;
use entity::criterion::{Evidence, Scorer};
use entity::role_grant::Role;
use entity::score::Layer;
use entity::{cluster, cluster_member, comparison, comparison_row, criteria_set, criterion, score};
use uuid::Uuid;

use super::territory::Person;
use super::writer::Writer;
use super::{Maker, Place, TARGETS, YEAR, day, moment};

/// Ten points, in ten-thousandths.
const MAX_POINTS: i64 = 100_000;
/// A quarter of a point.
const QUARTER: i64 = 2_500;

/// A cluster while it is made.
struct Contest {
    organiser: Uuid,
    id: Uuid,
    set: Uuid,
    members: Vec<cluster_member::Model>,
    criteria: Vec<criterion::Model>,
}

impl Maker {
    pub(super) fn contests(&mut self, writer: &mut Writer<'_>) -> Result<()> {
        for number in 0..self.size.clusters {
            let (members, criteria) = if number < TARGETS {
                (20, 30)
            } else {
                (self.random.between(14, 26), self.random.between(15, 30))
            };
            let contest = self.contest(number, (members, criteria));
            self.write(writer, number, &contest)?;
            if (number + 1) % 100 == 0 {
                writer.say(&format!("{} clusters with a year of scores", number + 1));
            }
        }
        writer.say("clusters with a year of scores");
        Ok(())
    }

    /// Every tenth cluster crosses provinces.
    fn contest(&mut self, number: usize, (members, criteria): (i64, i64)) -> Contest {
        let home = number % self.provinces.len();
        let crosses = number % 10 == 9;
        let mut contest = Contest {
            organiser: self.provinces[home].tenant,
            id: self.new_id(),
            set: self.new_id(),
            members: Vec::new(),
            criteria: Vec::new(),
        };
        let first = number / self.provinces.len() * 20;
        for (place, position) in (1..=i32::try_from(members).unwrap_or(20)).enumerate() {
            let from = if crosses { (home + place) % self.provinces.len() } else { home };
            let id = self.new_id();
            let province = &self.provinces[from];
            let (unit, name) = &province.offices[(first + place) % province.offices.len()];
            contest.members.push(cluster_member::Model {
                cluster_id: contest.id,
                id,
                tenant_id: province.tenant,
                unit_id: Some(*unit),
                name: name.clone(),
                position,
                valid_from: day(YEAR - 1, 1, 1),
                valid_to: None,
                version: 1,
            });
        }
        self.criteria(&mut contest, criteria);
        contest
    }

    /// Groups of ten criteria; most are reported by the member, some by peers or the coordinator.
    fn criteria(&mut self, contest: &mut Contest, count: i64) {
        let mut group = None;
        let mut position = 0;
        for number in 0..count {
            if number % 10 == 0 {
                position += 1;
                let code = format!("{}", number / 10 + 1);
                let row = self.criterion(contest, (position, code, None), Scorer::SelfScore);
                let leaves = (count - number).min(10);
                let row = criterion::Model {
                    kind: "GROUP".to_owned(),
                    max_points: MAX_POINTS * leaves,
                    ..row
                };
                group = Some(row.id);
                contest.criteria.push(row);
            }
            position += 1;
            let scorer = match number % 10 {
                0..8 => Scorer::SelfScore,
                8 => Scorer::Peer,
                _ => Scorer::Coordinator,
            };
            let code = format!("{}.{}", number / 10 + 1, number % 10 + 1);
            let row = self.criterion(contest, (position, code, group), scorer);
            contest.criteria.push(row);
        }
    }

    fn criterion(
        &mut self,
        contest: &Contest,
        (position, code, parent_id): (i32, String, Option<Uuid>),
        scorer: Scorer,
    ) -> criterion::Model {
        criterion::Model {
            cluster_id: contest.id,
            id: self.new_id(),
            set_id: contest.set,
            parent_id,
            name: format!("Tiêu chí {code}: kết quả thực hiện nhiệm vụ được giao trong năm"),
            code,
            position,
            max_points: MAX_POINTS,
            kind: "DIRECT".to_owned(),
            parameters: "{}".to_owned(),
            unit: Some("điểm".to_owned()),
            data_source: Some("Báo cáo tổng kết của đơn vị".to_owned()),
            evidence: Evidence::Optional,
            scorer,
            due_on: Some(day(YEAR, 11, 15)),
        }
    }

    fn write(&mut self, writer: &mut Writer<'_>, number: usize, contest: &Contest) -> Result<()> {
        writer.add(vec![cluster::Model {
            id: contest.id,
            organiser_id: contest.organiser,
            code: format!("bench-{number}"),
            name: format!("Cụm thi đua số {number}"),
            kind: cluster::Kind::Cluster,
            structure: format!("bench-{number}"),
            valid_from: day(YEAR - 1, 1, 1),
            valid_to: None,
            version: 1,
        }])?;
        writer.add(contest.members.clone())?;
        let before = self.new_id();
        writer.add(vec![set(contest, before, YEAR - 1), set(contest, contest.set, YEAR)])?;
        writer.add(contest.criteria.clone())?;
        self.comparisons(writer, contest, before)?;
        let scores = self.scores(contest);
        writer.add(scores)?;
        if number >= TARGETS {
            return Ok(());
        }
        let home = &self.provinces[number % self.provinces.len()];
        let (tenant, slug) = (home.tenant, home.slug.clone());
        let username = format!("bench.coordinator.{number}");
        let role = Role::ClusterCoordinator;
        let cluster = Some(contest.id);
        self.person(writer, &Person { tenant, username: &username, role, unit: None, cluster })?;
        self.targets.clusters.push(Place { id: contest.id, tenant, slug, username });
        Ok(())
    }

    fn comparisons(
        &mut self,
        writer: &mut Writer<'_>,
        contest: &Contest,
        set_before: Uuid,
    ) -> Result<()> {
        let row = |id, year, set_id, published: bool| comparison::Model {
            cluster_id: contest.id,
            id,
            year,
            set_id,
            state: if published { comparison::State::Published } else { comparison::State::Open },
            ballot: "{}".to_owned(),
            inputs_hash: published.then(|| "0123456789abcdef".repeat(4)),
            reason: None,
            published_at: published.then(|| moment(year, 520_000)),
            version: 1,
        };
        let before = self.new_id();
        let now = self.new_id();
        writer.add(vec![
            row(before, YEAR - 1, set_before, true),
            row(now, YEAR, contest.set, false),
        ])?;
        let place = |member: &cluster_member::Model| comparison_row::Model {
            cluster_id: contest.id,
            comparison_id: before,
            member_id: member.id,
            unit_id: member.unit_id,
            year: YEAR - 1,
            rank: Some(member.position),
            total: Some(MAX_POINTS * 20 - QUARTER * i64::from(member.position)),
        };
        writer.add(contest.members.iter().map(place).collect::<Vec<_>>())
    }

    fn scores(&mut self, contest: &Contest) -> Vec<score::Model> {
        let mut scores = Vec::new();
        for (place, member) in contest.members.iter().enumerate() {
            let peer = contest.members[(place + 1) % contest.members.len()].id;
            for criterion in contest.criteria.iter().filter(|row| row.kind != "GROUP") {
                scores.extend(self.cell(contest, criterion, (member.id, peer)));
            }
        }
        scores
    }

    /// What was reported first, and in four of five cases what the coordinator made of it.
    fn cell(
        &mut self,
        contest: &Contest,
        criterion: &criterion::Model,
        (member, peer): (Uuid, Uuid),
    ) -> Vec<score::Model> {
        let value = self.random.between(24, 39) * QUARTER;
        let (layer, assessor) = match criterion.scorer {
            Scorer::SelfScore => (Layer::Own, member),
            Scorer::Peer => (Layer::Peer, peer),
            Scorer::Coordinator => (Layer::Verified, contest.id),
        };
        let first = self.score(contest, criterion, (member, layer, assessor));
        let first = score::Model { value: Some(value), ..first };
        if layer == Layer::Verified || !self.random.chance(80) {
            return vec![first];
        }
        let less = self.random.chance(15);
        let second = self.score(contest, criterion, (member, Layer::Verified, contest.id));
        let second = score::Model {
            value: Some(value - if less { QUARTER } else { 0 }),
            reason: less.then(|| "Điều chỉnh theo hồ sơ minh chứng".to_owned()),
            ..second
        };
        vec![first, second]
    }

    fn score(
        &mut self,
        contest: &Contest,
        criterion: &criterion::Model,
        (member_id, layer, assessor_id): (Uuid, Layer, Uuid),
    ) -> score::Model {
        let has_evidence = layer == Layer::Own && self.random.chance(60);
        let id = self.new_id();
        score::Model {
            cluster_id: contest.id,
            id,
            set_id: contest.set,
            criterion_id: criterion.id,
            member_id,
            layer,
            assessor_id,
            value: None,
            reference: None,
            is_met: None,
            evidence_url: has_evidence.then(|| format!("https://example.org/minh-chung/{id}")),
            explanation: (!has_evidence).then(|| "Theo báo cáo kèm theo".to_owned()),
            reason: None,
            recorded_by: assessor_id,
            recorded_at: moment(YEAR, 450_000),
            version: 1,
        }
    }
}

fn set(contest: &Contest, id: Uuid, year: i32) -> criteria_set::Model {
    criteria_set::Model {
        cluster_id: contest.id,
        id,
        year,
        revision: 1,
        name: format!("Bảng chấm điểm năm {year}"),
        source: Some("Quyết định ban hành tiêu chí".to_owned()),
        state: criteria_set::State::Locked,
        rounding: criteria_set::Rounding::HalfUp,
        decimals: 2,
        tie_rules: "[]".to_owned(),
        locked_at: Some(moment(year, 20_000)),
        version: 2,
    }
}
