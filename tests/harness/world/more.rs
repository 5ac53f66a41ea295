//! More rows of a world, many at once: units, a wide table of scores, a full inbox, a long trail.
//! Nothing of what a world has already is changed.

use anyhow::{Context, Result};
use entity::audit_event;
use entity::criteria_set::{self, Rounding};
use entity::criterion::{self, Evidence, Scorer};
use entity::role_grant::Role;
use entity::score::{self, Layer};
use entity::submission::State;
use entity::unit::Kind;
use entity::{award_type, cluster, cluster_member, comparison, nominee};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::duty::Duty;
use super::{Builder, Id, Person, Province, World, YEAR, now, since, unique};
use crate::wait;

/// Points of a criterion of a wide table, in ten-thousandths.
const MAX_POINTS: i64 = 100_000;
/// Titles of the catalogue that a full inbox proposes.
const AWARDS: [&str; 3] =
    ["ADVANCED_LABOURER", "BASE_EMULATION_FIGHTER", "PROVINCIAL_EMULATION_FIGHTER"];

impl World {
    /// Adds divisions below the office of a province, named in their order.
    #[must_use]
    pub fn divisions(&self, province: &Province, count: usize) -> Vec<Id> {
        self.build(async |builder| builder.divisions(province, count).await)
    }

    /// Adds a cluster of the first province with so many new units of its own and so many criteria in
    /// three groups; every score is given, by the member and by the coordinator.
    #[must_use]
    pub fn table(&self, members: usize, criteria: usize) -> Id {
        self.build(async |builder| builder.table(&self.a, (members, criteria)).await)
    }

    /// Adds sent submissions of the office of a province, each with five nominees for three titles.
    pub fn inbox(&self, province: &Province, count: usize) {
        self.build(async |builder| builder.inbox(province, count).await);
    }

    /// Adds entries of the audit trail, by several people.
    pub fn trail(&self, province: &Province, count: usize) {
        self.build(async |builder| builder.trail(province, count).await);
    }

    /// Adds a person who holds a role in a unit of a province, and perhaps another one in all of it.
    #[must_use]
    pub fn posted(
        &self,
        province: &Province,
        (role, unit): (Role, Id),
        beside: Option<Role>,
    ) -> Person {
        self.build(async |builder| {
            let duty = Duty::in_unit(role, unit);
            let person = builder.person(province, &unique("posted"), duty).await?;
            if let Some(role) = beside {
                builder.grant(province, &person, Duty::everywhere(role)).await?;
            }
            Ok(person)
        })
    }

    /// Adds a person who holds two roles: that of an officer of the office, and another one.
    #[must_use]
    pub fn officer_and(&self, province: &Province, role: Role) -> Person {
        self.build(async |builder| {
            let office = Duty::in_unit(Role::UnitOfficer, province.office);
            let person = builder.person(province, &unique("two"), office).await?;
            builder.grant(province, &person, Duty::everywhere(role)).await?;
            Ok(person)
        })
    }

    pub(super) fn build<T>(&self, work: impl AsyncFnOnce(&Builder) -> Result<T>) -> T {
        wait(async {
            let rows = self.ground.begin().await?;
            let hash = self.password_hash.clone();
            let (award_type, now) = (self.award_type, now());
            let builder = Builder { rows, password_hash: hash, award_type, now };
            let made = work(&builder).await?;
            builder.rows.commit().await?;
            anyhow::Ok(made)
        })
        .unwrap()
    }
}

impl Builder {
    async fn divisions(&self, province: &Province, count: usize) -> Result<Vec<Id>> {
        let mut made = Vec::new();
        for _ in 0..count {
            let division = Id::new("Unit");
            self.unit(province, Kind::Division, &[division, province.office, province.root])
                .await?;
            made.push(division);
        }
        Ok(made)
    }

    async fn table(&self, organiser: &Province, size: (usize, usize)) -> Result<Id> {
        let (id, set, mark) = (Id::new("Cluster"), Id::new("CriteriaSet"), unique("table"));
        self.add(cluster::Model {
            id: id.uuid,
            organiser_id: organiser.id.uuid,
            code: mark.clone(),
            name: format!("Cụm {mark}"),
            kind: cluster::Kind::Cluster,
            structure: mark.clone(),
            valid_from: since(),
            valid_to: None,
            version: 1,
        })
        .await?;
        let units = self.divisions(organiser, size.0).await?;
        let leaves = self.scale(id, set, size.1).await?;
        for (position, unit) in (1..).zip(units) {
            let seat = Id::new("ClusterMember");
            self.add(cluster_member::Model {
                cluster_id: id.uuid,
                id: seat.uuid,
                tenant_id: organiser.id.uuid,
                unit_id: Some(unit.uuid),
                name: format!("Thành viên {position}"),
                position,
                valid_from: since(),
                valid_to: None,
                version: 1,
            })
            .await?;
            for (column, leaf) in (1_i64..).zip(&leaves) {
                let value = (i64::from(position) * 7_919 + column * 6_133) % MAX_POINTS;
                let own = (Layer::Own, seat);
                self.given((id, set, *leaf), seat, (own, value)).await?;
                let verified = (Layer::Verified, id);
                self.given((id, set, *leaf), seat, (verified, value)).await?;
            }
        }
        Ok(id)
    }

    /// A locked set with so many criteria to score in three groups, and its open comparison.
    async fn scale(&self, cluster: Id, set: Id, count: usize) -> Result<Vec<Id>> {
        self.add(criteria_set::Model {
            cluster_id: cluster.uuid,
            id: set.uuid,
            year: YEAR,
            revision: 1,
            name: "Bảng chấm điểm rộng".to_owned(),
            source: None,
            state: criteria_set::State::Locked,
            rounding: Rounding::HalfUp,
            decimals: 2,
            tie_rules: r#"["BALLOT"]"#.to_owned(),
            locked_at: Some(self.now),
            version: 2,
        })
        .await?;
        let mut leaves = Vec::new();
        let per_group = count.div_ceil(3);
        for group in 1..=3 {
            let inside = per_group.min(count - leaves.len());
            let max = MAX_POINTS * i64::try_from(inside)?;
            let above = (None, group, max);
            let parent = self.criterion((cluster, set), above, &group.to_string()).await?;
            for place in 1..=inside {
                let below = (Some(parent), i32::try_from(place)?, MAX_POINTS);
                let code = format!("{group}.{place}");
                leaves.push(self.criterion((cluster, set), below, &code).await?);
            }
        }
        self.add(comparison::Model {
            cluster_id: cluster.uuid,
            id: Id::new("Comparison").uuid,
            year: YEAR,
            set_id: set.uuid,
            state: comparison::State::Open,
            ballot: "{}".to_owned(),
            inputs_hash: None,
            reason: None,
            published_at: None,
            version: 1,
        })
        .await?;
        Ok(leaves)
    }

    async fn criterion(
        &self,
        (cluster, set): (Id, Id),
        (parent, position, max_points): (Option<Id>, i32, i64),
        code: &str,
    ) -> Result<Id> {
        let id = Id::new("Criterion");
        let kind = if parent.is_some() { "DIRECT" } else { "GROUP" };
        self.add(criterion::Model {
            cluster_id: cluster.uuid,
            id: id.uuid,
            set_id: set.uuid,
            parent_id: parent.map(|parent| parent.uuid),
            code: code.to_owned(),
            name: format!("Tiêu chí {code}"),
            position,
            max_points,
            kind: kind.to_owned(),
            parameters: "{}".to_owned(),
            unit: None,
            data_source: None,
            evidence: Evidence::Optional,
            scorer: Scorer::SelfScore,
            due_on: None,
        })
        .await?;
        Ok(id)
    }

    async fn given(
        &self,
        (cluster, set, criterion): (Id, Id, Id),
        seat: Id,
        ((layer, assessor), value): ((Layer, Id), i64),
    ) -> Result<()> {
        self.add(score::Model {
            cluster_id: cluster.uuid,
            id: Id::new("Score").uuid,
            set_id: set.uuid,
            criterion_id: criterion.uuid,
            member_id: seat.uuid,
            layer,
            assessor_id: assessor.uuid,
            value: Some(value),
            reference: None,
            is_met: None,
            evidence_url: None,
            explanation: Some("Giải trình".to_owned()),
            reason: None,
            recorded_by: Id::new("User").uuid,
            recorded_at: self.now,
            version: 1,
        })
        .await
    }

    async fn inbox(&self, province: &Province, count: usize) -> Result<()> {
        let awards = self.awards().await?;
        for _ in 0..count {
            let submission = self.submission(province, State::Sent).await?;
            for (position, award) in (3..).zip(&awards) {
                let name = format!("Người thứ {position} {} (mẫu)", province.canary);
                self.add(nominee::Model {
                    tenant_id: province.id.uuid,
                    id: Id::new("Nominee").uuid,
                    submission_id: submission.id.uuid,
                    unit_id: province.office.uuid,
                    position,
                    kind: nominee::SubjectKind::Individual,
                    name_search: api::text::search_form(&name),
                    name,
                    post: None,
                    award_type_id: award.uuid,
                    achievement: None,
                    achieved_on: None,
                    counting_from: None,
                    field: None,
                    version: 1,
                    subject_id: None,
                })
                .await?;
            }
        }
        Ok(())
    }

    #[expect(clippy::disallowed_methods, reason = "the rows of a world are made beneath the gate")]
    async fn awards(&self) -> Result<Vec<Id>> {
        let named = Condition::all()
            .add(award_type::Column::Code.is_in(AWARDS))
            .add(award_type::Column::ValidTo.is_null());
        let rows = award_type::Entity::find().filter(named).all(&self.rows).await?;
        let id = |code: &&str| {
            let row = rows.iter().find(|row| row.code == **code);
            row.map(|row| Id { prefix: "AwardType", uuid: row.id })
        };
        AWARDS.iter().map(id).collect::<Option<_>>().context("a title is not in the catalogue")
    }

    async fn trail(&self, province: &Province, count: usize) -> Result<()> {
        let people = [Role::UnitOfficer, Role::StandingOfficer, Role::ProvinceChair];
        for (_, role) in (0..count).zip(people.iter().cycle()) {
            let actor = province.person(*role);
            self.entry(audit_event::Model {
                tenant_id: province.id.uuid,
                id: Id::new("AuditEvent").uuid,
                at: self.now,
                actor_id: Some(actor.id.uuid),
                actor_name: actor.username.clone(),
                role: None,
                act: "SubmissionUpdate".to_owned(),
                object_type: "submission".to_owned(),
                object_id: province.submission.id.uuid,
                cluster_id: None,
                changes: "{}".to_owned(),
                reason: None,
                request_id: unique("request"),
                grant_id: Some(actor.grant.uuid),
                unit_id: Some(province.office.uuid),
                salt: Some(Id::new("").uuid),
            })
            .await?;
        }
        Ok(())
    }
}
