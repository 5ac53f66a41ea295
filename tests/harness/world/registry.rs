//! A decision of a province of a world, and awards in every state that it can be asked about.
//! No act of the API is used here; the totals are those the API would write.

use anyhow::{Context, Result};
use api::domain::registry::{rules, totals};
use chrono::NaiveDate;
use entity::award::State;
use entity::award_proposal::{Ground, State as Waiting};
use entity::decision::{Kind, Source};
use entity::nominee::SubjectKind;
use entity::role_grant::Role;
use entity::submission::CommendationType;
use entity::{
    award, award_act, award_proposal, award_subject, award_type, decision, decision_gap,
    initiative, initiative_author,
};
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{Builder, Id, Province, World, YEAR};

/// Awards of one person, each in another state.
#[derive(Clone, Copy, Debug)]
pub struct Awards {
    /// It stands.
    pub valid: Id,
    /// It stands, and someone proposed to cancel it.
    pub cancelling: Id,
    /// It stands, and someone proposed to revoke it.
    pub revoking: Id,
    /// It was revoked, and someone proposed to restore it.
    pub revoked: Id,
}

impl Awards {
    pub(super) fn new() -> Self {
        let [valid, cancelling, revoking, revoked] = [(); 4].map(|()| Id::new("Award"));
        Self { valid, cancelling, revoking, revoked }
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> [Id; 4] {
        [self.valid, self.cancelling, self.revoking, self.revoked]
    }
}

impl World {
    /// Adds an award that stands in a statutory form: a provincial certificate of the collective of a province.
    pub fn certificate(&self, province: &Province) {
        self.build(async |builder| builder.certificate(province).await);
    }

    /// Adds what leads the person whose record is kept to the national title: two provincial ones in a row, and an
    /// initiative whose effect reaches the nation.
    pub fn fighter(&self, province: &Province) {
        self.build(async |builder| builder.fighter(province).await);
    }
}

impl Builder {
    /// A decision with its awards; it begins with number 3, and says why.
    pub(super) async fn registry(&self, province: &Province) -> Result<()> {
        self.decision(province).await?;
        let this = award_type::Column::Id.eq(self.award_type.uuid);
        let title = self.title(this).await?;
        self.add(award_subject::Model {
            tenant_id: province.id.uuid,
            subject_id: province.subject.uuid,
            ordinal: 1,
        })
        .await?;
        let mut standing = Vec::new();
        for (year, id) in (YEAR - 3..).zip(province.awards.all()) {
            let row = self.award(province, id, (year, &title));
            self.add(row.clone()).await?;
            self.act(province, &row, Kind::Award).await?;
            standing.push(row);
        }
        let revoked = standing.pop().context("no award")?;
        self.act(province, &revoked, Kind::Revoke).await?;
        self.revoke(revoked).await?;
        let awards = province.awards;
        for (id, kind) in [
            (awards.cancelling, Kind::Cancel),
            (awards.revoking, Kind::Revoke),
            (awards.revoked, Kind::Restore),
        ] {
            self.proposal(province, id, kind).await?;
        }
        let above = [province.office.uuid, province.root.uuid];
        let counted: Vec<_> = standing.iter().map(|row| (row, &above[..], Some(1))).collect();
        for cell in totals(province.id.uuid, &counted)? {
            self.add(cell).await?;
        }
        Ok(())
    }

    async fn decision(&self, province: &Province) -> Result<()> {
        let author = province.person(Role::StandingOfficer).id.uuid;
        let key = format!("unit:{}", province.root.uuid);
        self.add(decision::Model {
            tenant_id: province.id.uuid,
            id: province.decision.uuid,
            unit_id: province.root.uuid,
            kind: Kind::Award,
            issuer: Some("PROVINCE_CHAIR".to_owned()),
            issuer_key: key.clone(),
            issuer_name: format!("Chủ tịch UBND {}", province.canary),
            issuer_tenant_id: Some(province.id.uuid),
            number: Some(3),
            symbol: format!("QĐ-{}", province.canary),
            symbol_key: format!("qd-{}", province.canary.to_lowercase()),
            year: YEAR,
            decided_on: decided_on(),
            signer_post: Some(format!("Chủ tịch {}", province.canary)),
            legal_basis: format!("Luật 06/2022/QH15\nTờ trình {}", province.canary),
            source: Source::Decision,
            recorded_by: author,
            created_at: self.now,
        })
        .await?;
        self.add(decision_gap::Model {
            tenant_id: province.id.uuid,
            id: Id::new("DecisionGap").uuid,
            unit_id: province.root.uuid,
            issuer_key: key,
            symbol: format!("QĐ-{}", province.canary),
            year: YEAR,
            first_number: 1,
            last_number: 2,
            reason: format!("Quyết định khác của UBND {}", province.canary),
            recorded_by: author,
            created_at: self.now,
        })
        .await
    }

    #[expect(clippy::disallowed_methods, reason = "the rows of a world are made beneath the gate")]
    async fn title(&self, this: SimpleExpr) -> Result<award_type::Model> {
        let today = award_type::Column::ValidTo.is_null();
        let found = award_type::Entity::find().filter(this).filter(today).one(&self.rows).await?;
        found.context("no title")
    }

    async fn certificate(&self, province: &Province) -> Result<()> {
        let title = award_type::Column::Code.eq("PROVINCIAL_CERTIFICATE");
        let title = self.title(title).await?;
        let row = award::Model {
            subject_id: Some(province.collective.uuid),
            subject_kind: SubjectKind::Collective,
            direct_worker: None,
            manager: None,
            ..self.award(province, Id::new("Award"), (YEAR, &title))
        };
        self.add(award_subject::Model {
            tenant_id: province.id.uuid,
            subject_id: province.collective.uuid,
            ordinal: 2,
        })
        .await?;
        self.add(row.clone()).await?;
        self.act(province, &row, Kind::Award).await?;
        let above = [province.office.uuid, province.root.uuid];
        for cell in totals(province.id.uuid, &[(&row, &above[..], Some(2))])? {
            self.add(cell).await?;
        }
        Ok(())
    }

    async fn fighter(&self, province: &Province) -> Result<()> {
        let title = award_type::Column::Code.eq("PROVINCIAL_EMULATION_FIGHTER");
        let title = self.title(title).await?;
        let rows =
            [YEAR - 1, YEAR].map(|year| self.award(province, Id::new("Award"), (year, &title)));
        for row in &rows {
            self.add(row.clone()).await?;
            self.act(province, row, Kind::Award).await?;
        }
        let above = [province.office.uuid, province.root.uuid];
        let counted: Vec<_> = rows.iter().map(|row| (row, &above[..], Some(1))).collect();
        for cell in totals(province.id.uuid, &counted)? {
            self.add(cell).await?;
        }
        let id = Id::new("Initiative").uuid;
        self.add(initiative::Model {
            tenant_id: province.id.uuid,
            id,
            unit_id: province.office.uuid,
            title: format!("Sáng kiến toàn quốc {}", province.canary),
            kind: initiative::Kind::Initiative,
            scope: initiative::Scope::Nation,
            recognised_by: format!("Chủ tịch UBND {}", province.canary),
            recognised_on: decided_on(),
            used_for: None,
            used_year: None,
            award_id: None,
            version: 1,
        })
        .await?;
        self.add(initiative_author::Model {
            tenant_id: province.id.uuid,
            id: Id::new("InitiativeAuthor").uuid,
            initiative_id: id,
            subject_id: province.subject.uuid,
            unit_id: province.office.uuid,
        })
        .await
    }

    pub(super) fn award(
        &self,
        province: &Province,
        id: Id,
        (year, title): (i32, &award_type::Model),
    ) -> award::Model {
        let name = format!("Lò Văn Mẫu {}", province.canary);
        award::Model {
            tenant_id: province.id.uuid,
            id: id.uuid,
            unit_id: province.office.uuid,
            subject_id: Some(province.subject.uuid),
            subject_kind: SubjectKind::Individual,
            name_search: api::text::search_form(&name),
            subject_name_as_recorded: name,
            sex: None,
            leadership_class: None,
            direct_worker: Some(true),
            manager: Some(false),
            enterprise: None,
            award_type_id: title.id,
            award_type_code: title.code.clone(),
            name_as_recorded: format!("{} {}", title.name, province.canary),
            counting_from_year: year,
            counting_to_year: year,
            commendation_type: CommendationType::Merit,
            movement_years: None,
            achieved_on: None,
            field: None,
            issuer_name: format!("Chủ tịch UBND {}", province.canary),
            issuer_tenant_id: Some(province.id.uuid),
            decision_id: Some(province.decision.uuid),
            nominee_id: None,
            decision_label: Some(format!("3/QĐ-{}", province.canary)),
            decided_on: Some(decided_on()),
            bonus_raw: None,
            bonus_paid: None,
            source: Source::Decision,
            events: 1,
            public_code: Some(code(id)),
            state: State::Valid,
            created_at: self.now,
            version: 1,
        }
    }

    pub(super) async fn act(
        &self,
        province: &Province,
        row: &award::Model,
        kind: Kind,
    ) -> Result<()> {
        let chair = province.person(Role::ProvinceChair);
        let officer = province.person(Role::StandingOfficer);
        let is_first = kind == Kind::Award;
        let changes = if is_first {
            serde_json::Value::Object(rules::facts(row).map_err(|it| anyhow::anyhow!("{it:?}"))?)
        } else {
            let is_cancelled = kind == Kind::Cancel;
            let state = if is_cancelled { State::Cancelled } else { State::Revoked };
            serde_json::json!({ "state": state })
        };
        self.add(award_act::Model {
            tenant_id: province.id.uuid,
            id: Id::new("AwardAct").uuid,
            award_id: row.id,
            unit_id: row.unit_id,
            sequence: if is_first { 1 } else { 2 },
            kind,
            decision_id: Some(province.decision.uuid),
            reason: (!is_first).then(|| format!("Vi phạm {}", province.canary)),
            ground: (kind == Kind::Cancel).then_some(Ground::Fraud),
            changes: changes.to_string(),
            proposed_by: (!is_first).then_some(officer.id.uuid),
            proposed_by_name: (!is_first).then(|| officer.username.clone()),
            actor_id: chair.id.uuid,
            actor_name: chair.username.clone(),
            at: self.now,
        })
        .await
    }

    async fn revoke(&self, row: award::Model) -> Result<()> {
        use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
        let mut changed = row.into_active_model();
        changed.state = Set(State::Revoked);
        changed.version = Set(2);
        changed.update(&self.rows).await?;
        Ok(())
    }

    async fn proposal(&self, province: &Province, award: Id, kind: Kind) -> Result<()> {
        let officer = province.person(Role::StandingOfficer);
        self.add(award_proposal::Model {
            tenant_id: province.id.uuid,
            id: Id::new("AwardProposal").uuid,
            award_id: award.uuid,
            unit_id: province.office.uuid,
            kind,
            reason: format!("Khai gian {}", province.canary),
            ground: (kind == Kind::Cancel).then_some(Ground::Fraud),
            state: Waiting::Open,
            proposed_by: officer.id.uuid,
            proposed_by_name: officer.username.clone(),
            proposed_at: self.now,
            version: 1,
        })
        .await
    }
}

/// The public code of an award of a world.
fn code(id: Id) -> String {
    id.uuid.simple().to_string().split_off(20).to_uppercase()
}

/// The day of the decision of a world.
pub(super) fn decided_on() -> NaiveDate {
    NaiveDate::from_ymd_opt(YEAR, 6, 15).unwrap_or_default()
}
