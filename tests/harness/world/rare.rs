//! What few rows of a province have: links from an award to all it rests on, and texts that stay empty in the others.
//! A world has it where it is asked for: what is counted elsewhere stays as it is.

use anyhow::{Context, Result};
use api::domain::registry::totals;
use entity::ballot_roll::Mode;
use entity::decision::Kind;
use entity::exemplar_step::Stage;
use entity::initiative::Scope;
use entity::nominee::SubjectKind;
use entity::role_grant::Role;
use entity::subject::{LeadershipClass, Sex};
use entity::submission::CommendationType;
use entity::{
    award, award_target, award_type, ballot_listed, ballot_roll, candidate, clearance,
    decision_submission, eligibility_rule, exemplar_step, external_identity, initiative,
    initiative_author, kept_answer, own_rule, quota, quota_basis, quota_waiver, second_factor,
    unit, year_record,
};
use serde_json::json;

use super::duty::Duty;
use super::registry::decided_on;
use super::{Builder, Id, Province, World, YEAR, since};

/// An award that names the nominee to whom it was given, and what belongs to it.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    /// The approved submission, which the decision has answered.
    pub submission: Id,
    /// Its nominee: the person whose record is kept.
    pub nominee: Id,
    /// The award.
    pub award: Id,
    /// The initiative that has served for the award.
    pub initiative: Id,
}

impl Given {
    pub(super) fn new() -> Self {
        Self {
            submission: Id::new("Submission"),
            nominee: Id::new("Nominee"),
            award: Id::new("Award"),
            initiative: Id::new("Initiative"),
        }
    }

    /// All of it.
    #[must_use]
    pub fn all(&self) -> [(&'static str, Id); 4] {
        let Self { submission, nominee, award, initiative } = *self;
        [
            ("a submission", submission),
            ("a nominee", nominee),
            ("an award", award),
            ("an initiative", initiative),
        ]
    }
}

impl World {
    /// Adds what few rows of a province have, [`Province::given`] among it.
    pub fn rare(&self, province: &Province) {
        self.build(async |builder| {
            builder.linked(province).await?;
            builder.cancelled(province).await?;
            builder.on_ballots(province).await?;
            builder.narrow(province).await?;
            builder.of_persons(province).await?;
            builder.reviewed(province).await?;
            builder.more_records(province).await?;
            builder.newcomer(province).await
        });
    }
}

/// A text of a province.
fn of(province: &Province, what: &str) -> String {
    format!("{what} {}", province.canary)
}

impl Builder {
    async fn linked(&self, province: &Province) -> Result<()> {
        let title = self.of_catalogue("BASE_EMULATION_FIGHTER").await?.context("no such title")?;
        let given = &province.given;
        self.approve(province, (given.submission, given.nominee), &title).await?;
        self.add(decision_submission::Model {
            tenant_id: province.id.uuid,
            submission_id: given.submission.uuid,
            decision_id: province.decision.uuid,
            unit_id: province.office.uuid,
        })
        .await?;
        let row = award::Model {
            sex: Some(Sex::Male),
            leadership_class: Some(LeadershipClass::DirectWorker),
            field: Some(of(province, "Lĩnh vực")),
            nominee_id: Some(given.nominee.uuid),
            ..self.award(province, given.award, (YEAR, &title))
        };
        self.add(row.clone()).await?;
        self.act(province, &row, Kind::Award).await?;
        let above = [province.office.uuid, province.root.uuid];
        for cell in totals(province.id.uuid, &[(&row, &above[..], Some(1))])? {
            self.add(cell).await?;
        }
        self.served(province, &title).await
    }

    /// The initiative on which the award rests.
    async fn served(&self, province: &Province, title: &award_type::Model) -> Result<()> {
        let given = &province.given;
        self.add(initiative::Model {
            tenant_id: province.id.uuid,
            id: given.initiative.uuid,
            unit_id: province.office.uuid,
            title: of(province, "Sáng kiến đã dùng"),
            kind: initiative::Kind::Initiative,
            scope: Scope::Base,
            recognised_by: of(province, "Hội đồng"),
            recognised_on: decided_on(),
            used_for: Some(title.code.clone()),
            used_year: Some(YEAR),
            award_id: Some(given.award.uuid),
            version: 2,
        })
        .await?;
        self.add(initiative_author::Model {
            tenant_id: province.id.uuid,
            id: Id::new("InitiativeAuthor").uuid,
            initiative_id: given.initiative.uuid,
            subject_id: province.subject.uuid,
            unit_id: province.office.uuid,
        })
        .await
    }

    /// An award that was cancelled, with the ground.
    async fn cancelled(&self, province: &Province) -> Result<()> {
        let title = self.any_title().await?;
        let row = self.award(province, Id::new("Award"), (YEAR - 4, &title));
        let state = award::State::Cancelled;
        self.add(award::Model { state, version: 2, ..row.clone() }).await?;
        self.act(province, &row, Kind::Award).await?;
        self.act(province, &row, Kind::Cancel).await
    }

    /// A candidate told from others of the name, a member who stood aside, and a vote that was read out.
    async fn on_ballots(&self, province: &Province) -> Result<()> {
        let (tenant_id, board) = (province.id.uuid, &province.board);
        let title = self.any_title().await?;
        self.add(candidate::Model {
            tenant_id,
            id: Id::new("Candidate").uuid,
            council_id: board.id.uuid,
            item_id: board.item.uuid,
            position: 9,
            nominee_id: None,
            unit_id: Some(province.other_office.uuid),
            author_id: None,
            name: of(province, "Người trùng tên"),
            identity: Some(of(province, "Sinh năm 1980")),
            award_type_id: Some(title.id),
            award_code: Some(title.code),
            downgraded_from: None,
            reason: None,
            proposal_id: None,
        })
        .await?;
        let counting = board.ballots[2].uuid;
        self.add(ballot_roll::Model {
            tenant_id,
            ballot_id: counting,
            seat_id: board.vacant.uuid,
            council_id: board.id.uuid,
            user_id: None,
            position: 2,
            name: of(province, "Ủy viên không bỏ phiếu"),
            mode: Mode::Recused,
            reason: Some(of(province, "Người thân")),
        })
        .await?;
        let (receipt, choices) = (of(province, "Phiếu"), Some("Y".to_owned()));
        self.add(ballot_listed::Model { tenant_id, ballot_id: counting, receipt, choices }).await
    }

    /// Rules and numbers that are for some alone.
    async fn narrow(&self, province: &Province) -> Result<()> {
        let author = province.person(Role::StandingOfficer).id.uuid;
        let words = of(province, "Điều kiện riêng");
        self.add(own_rule::Model {
            tenant_id: province.id.uuid,
            id: Id::new("EligibilityRule").uuid,
            award_type_code: Some("COMMEMORATIVE_MEDAL".to_owned()),
            subject_kind: Some(SubjectKind::Individual),
            commendation_type: Some(CommendationType::Merit),
            name_vi: words.clone(),
            name_en: words.clone(),
            tree: json!({ "manual": { "vi": words, "en": words } }).to_string(),
            citation: of(province, "Quy chế"),
            severity: eligibility_rule::Severity::Warn,
            valid_from: since(),
            valid_to: None,
            author_id: author,
            version: 1,
        })
        .await?;
        self.add(quota::Model {
            tenant_id: province.id.uuid,
            id: Id::new("Quota").uuid,
            award_type_code: "COMMEMORATIVE_MEDAL".to_owned(),
            subject_kind: Some(SubjectKind::Individual),
            commendation_type: Some(CommendationType::Merit),
            unit_kind: Some(unit::Kind::Office),
            unit_id: Some(province.office.uuid),
            base: quota::Base::Count,
            share_percent: None,
            most: Some(5),
            rounding: quota::Rounding::Down,
            severity: eligibility_rule::Severity::Warn,
            citation: of(province, "Quy chế"),
            valid_from: since(),
            valid_to: None,
            author_id: author,
            version: 1,
        })
        .await?;
        self.numbers(province, author).await
    }

    async fn numbers(&self, province: &Province, author_id: uuid::Uuid) -> Result<()> {
        let (tenant_id, unit_id) = (province.id.uuid, province.office.uuid);
        let author_name = of(province, "Người ghi");
        self.add(quota_basis::Model {
            tenant_id,
            id: Id::new("QuotaBasis").uuid,
            unit_id,
            year: YEAR,
            base: quota::Base::Staff,
            subject_kind: Some(SubjectKind::Individual),
            number: 30,
            source: of(province, "Giao biên chế"),
            author_id,
            author_name: author_name.clone(),
            at: self.now,
        })
        .await?;
        self.add(quota_waiver::Model {
            tenant_id,
            id: Id::new("QuotaWaiver").uuid,
            quota_id: province.quota.uuid,
            unit_id,
            year: YEAR,
            extra: 1,
            reason: of(province, "Thành tích đặc biệt"),
            author_id,
            author_name,
            at: self.now,
        })
        .await
    }

    /// A target for persons alone.
    async fn of_persons(&self, province: &Province) -> Result<()> {
        self.add(award_target::Model {
            tenant_id: province.id.uuid,
            id: Id::new("AwardTarget").uuid,
            unit_id: province.office.uuid,
            cluster_id: None,
            year: YEAR,
            measure: award_target::Measure::Awards,
            basis: award_target::Basis::Counting,
            award_type_codes: String::new(),
            level: Some(award_type::Level::Base),
            subject_kind: Some(SubjectKind::Individual),
            comparator: award_target::Comparator::AtLeast,
            value: 20_000,
            base: None,
            source: of(province, "Kế hoạch"),
            source_on: since(),
            what: of(province, "of persons"),
            withdrawn_on: None,
            author_id: province.person(Role::StandingOfficer).id.uuid,
            created_at: self.now,
            version: 1,
        })
        .await
    }

    /// Records of the subjects.
    async fn more_records(&self, province: &Province) -> Result<()> {
        let (tenant_id, unit_id) = (province.id.uuid, province.office.uuid);
        self.add(year_record::Model {
            tenant_id,
            id: Id::new("YearRecord").uuid,
            subject_id: province.collective.uuid,
            unit_id,
            year: YEAR - 1,
            completion_rating: None,
            registered_titles: String::new(),
            cluster_rank: Some(1),
            cluster_scope: Some(year_record::ClusterScope::MinistryProvince),
            members_total: None,
            members_completed: None,
            members_advanced: None,
            members_base_fighter: None,
            members_disciplined: None,
            source: Some(of(province, "Nguồn")),
            version: 1,
        })
        .await?;
        self.add(clearance::Model {
            tenant_id,
            id: Id::new("Clearance").uuid,
            subject_id: province.subject.uuid,
            unit_id,
            year: YEAR,
            source: clearance::Source::Tax,
            award_type_code: Some("COMMEMORATIVE_MEDAL".to_owned()),
            question: Some(of(province, "Câu hỏi")),
            asked_on: since(),
            answered_on: None,
            answered_by: None,
            finding: None,
            is_blocking: None,
            version: 1,
        })
        .await
    }

    /// The last step of the exemplar.
    async fn reviewed(&self, province: &Province) -> Result<()> {
        let author = province.person(Role::StandingOfficer);
        self.add(exemplar_step::Model {
            tenant_id: province.id.uuid,
            id: Id::new("ExemplarStep").uuid,
            exemplar_id: province.exemplar.uuid,
            unit_id: province.office.uuid,
            field: Some(province.canary.clone()),
            sequence: 3,
            stage: Stage::Reviewed,
            on_day: since(),
            owner: None,
            plan: None,
            note: Some(of(province, "Tổng kết")),
            spread_to_id: None,
            actor_id: author.id.uuid,
            actor_name: of(province, "Người ghi"),
            at: self.now,
        })
        .await
    }

    /// Somebody who signs in from elsewhere and has a second factor, and an answer kept for them.
    async fn newcomer(&self, province: &Province) -> Result<()> {
        let duty = Duty::in_unit(Role::UnitOfficer, province.division);
        let person = self.person(province, "newcomer", duty).await?;
        let (tenant_id, user_id) = (province.id.uuid, person.id.uuid);
        self.add(external_identity::Model {
            tenant_id,
            id: Id::new("").uuid,
            user_id,
            issuer: format!("https://{}.example.org", province.canary),
            subject: of(province, "Số"),
            created_at: self.now,
        })
        .await?;
        self.add(second_factor::Model {
            tenant_id,
            user_id,
            secret: province.canary.clone(),
            last_step: 0,
            created_at: self.now,
            confirmed_at: Some(self.now),
        })
        .await?;
        self.add(kept_answer::Model {
            tenant_id,
            id: Id::new("").uuid,
            user_id,
            operation: "unitCreate".to_owned(),
            key: province.canary.clone(),
            fingerprint: "0123456789abcdef".repeat(4),
            answer: json!({ "name": of(province, "Đơn vị") }).to_string(),
            at: self.now,
        })
        .await
    }
}
