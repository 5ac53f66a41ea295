//! The subjects of a province of a world, with all that is known about them.
//! No rule is applied here.

use anyhow::Result;
use api::domain::rule::condition_key;
use api::text::search_form;
use chrono::NaiveDate;
use entity::nominee::SubjectKind;
use entity::role_grant::Role;
use entity::subject::{LeadershipClass, Sex, SizeClass};
use entity::{
    appraisal, appraisal_finding, award_type, clearance, condition_confirmation, discipline,
    eligibility_rule, fund_entry, initiative, initiative_author, legal_document, own_bonus_rate,
    own_document, own_rule, quota, quota_basis, quota_entry, subject, subject_membership,
    submission, year_record,
};

use super::{Builder, Id, Province, YEAR, since};

/// What is recorded of a subject.
#[derive(Clone, Copy, Debug)]
pub struct Records {
    /// The record of [`YEAR`].
    pub year: Id,
    /// A closed case of discipline.
    pub discipline: Id,
    /// A case that is still looked into, of the collective.
    pub pending: Id,
    /// An initiative.
    pub initiative: Id,
    /// An opinion that was answered.
    pub clearance: Id,
    /// An opinion that was not answered yet.
    pub unanswered: Id,
    /// What was said of the condition of [`Province::rule`].
    pub confirmation: Id,
}

impl Records {
    pub(super) fn new() -> Self {
        Self {
            year: Id::new("YearRecord"),
            discipline: Id::new("Discipline"),
            pending: Id::new("Discipline"),
            initiative: Id::new("Initiative"),
            clearance: Id::new("Clearance"),
            unanswered: Id::new("Clearance"),
            confirmation: Id::new("ConditionConfirmation"),
        }
    }

    /// Every record.
    #[must_use]
    pub fn all(self) -> [Id; 7] {
        let Self { year, discipline, pending, initiative, clearance, unanswered, confirmation } =
            self;
        [year, discipline, pending, initiative, clearance, unanswered, confirmation]
    }
}

impl Builder {
    /// A person of the first office, and the office itself.
    pub(super) async fn subjects(&self, province: &Province) -> Result<()> {
        let person = named(province, province.subject, "Lò Văn Mẫu");
        self.subject(subject::Model {
            code: Some(format!("NV-{}", province.canary)),
            sex: Some(Sex::Male),
            leadership_class: Some(LeadershipClass::DirectWorker),
            direct_worker: Some(true),
            manager: Some(false),
            occupation: Some(format!("Chuyên viên {}", province.canary)),
            created_at: self.now,
            ..person
        })
        .await?;
        let office = named(province, province.collective, "Tập thể mẫu");
        self.subject(subject::Model {
            kind: SubjectKind::Collective,
            is_unit: true,
            size_class: Some(SizeClass::Small),
            flag_eligible: Some(true),
            founded_on: Some(since()),
            created_at: self.now,
            ..office
        })
        .await?;
        self.year(province).await?;
        self.cases(province).await?;
        self.initiative(province).await?;
        self.opinions(province).await
    }

    async fn year(&self, province: &Province) -> Result<()> {
        self.add(year_record::Model {
            tenant_id: province.id.uuid,
            id: province.records.year.uuid,
            subject_id: province.subject.uuid,
            unit_id: province.office.uuid,
            year: YEAR,
            completion_rating: Some(year_record::CompletionRating::Good),
            registered_titles: "ADVANCED_LABOURER".to_owned(),
            cluster_rank: None,
            cluster_scope: None,
            members_total: None,
            members_completed: None,
            members_advanced: None,
            members_base_fighter: None,
            members_disciplined: None,
            source: Some(format!("Nguồn {}", province.canary)),
            version: 1,
        })
        .await
    }

    async fn cases(&self, province: &Province) -> Result<()> {
        let closed = discipline::Model {
            tenant_id: province.id.uuid,
            id: province.records.discipline.uuid,
            subject_id: province.subject.uuid,
            unit_id: province.office.uuid,
            stage: discipline::Stage::Imposed,
            form: Some(discipline::Form::Reprimand),
            from_day: since(),
            end_day: Some(since()),
            decision: Some(format!("Quyết định {}", province.canary)),
            note: Some(format!("Ghi chú {}", province.canary)),
            version: 1,
        };
        self.add(discipline::Model {
            id: province.records.pending.uuid,
            subject_id: province.collective.uuid,
            stage: discipline::Stage::Pending,
            form: None,
            end_day: None,
            ..closed.clone()
        })
        .await?;
        self.add(closed).await
    }

    async fn initiative(&self, province: &Province) -> Result<()> {
        self.add(initiative::Model {
            tenant_id: province.id.uuid,
            id: province.records.initiative.uuid,
            unit_id: province.office.uuid,
            title: format!("Sáng kiến {}", province.canary),
            kind: initiative::Kind::Initiative,
            scope: initiative::Scope::Base,
            recognised_by: format!("Hội đồng {}", province.canary),
            recognised_on: in_year(),
            used_for: None,
            used_year: None,
            award_id: None,
            version: 1,
        })
        .await?;
        self.add(initiative_author::Model {
            tenant_id: province.id.uuid,
            id: Id::new("InitiativeAuthor").uuid,
            initiative_id: province.records.initiative.uuid,
            subject_id: province.subject.uuid,
            unit_id: province.office.uuid,
        })
        .await
    }

    async fn opinions(&self, province: &Province) -> Result<()> {
        let asked = clearance::Model {
            tenant_id: province.id.uuid,
            id: province.records.unanswered.uuid,
            subject_id: province.collective.uuid,
            unit_id: province.office.uuid,
            year: YEAR,
            source: clearance::Source::Tax,
            award_type_code: None,
            question: Some(format!("Câu hỏi {}", province.canary)),
            asked_on: since(),
            answered_on: None,
            answered_by: None,
            finding: None,
            is_blocking: None,
            version: 1,
        };
        self.add(clearance::Model {
            id: province.records.clearance.uuid,
            subject_id: province.subject.uuid,
            answered_on: Some(since()),
            answered_by: Some(format!("Thuế {}", province.canary)),
            finding: Some(format!("Kết quả {}", province.canary)),
            is_blocking: Some(false),
            ..asked.clone()
        })
        .await?;
        self.add(asked).await
    }

    /// A quota, and the fund of the first office.
    async fn money(&self, province: &Province, author: uuid::Uuid) -> Result<()> {
        self.add(quota::Model {
            tenant_id: province.id.uuid,
            id: province.quota.uuid,
            award_type_code: "COMMEMORATIVE_MEDAL".to_owned(),
            subject_kind: None,
            commendation_type: None,
            unit_kind: None,
            unit_id: None,
            base: quota::Base::Count,
            share_percent: None,
            most: Some(3),
            rounding: quota::Rounding::Down,
            severity: eligibility_rule::Severity::Block,
            citation: format!("Quy chế {}", province.canary),
            valid_from: since(),
            valid_to: None,
            author_id: author,
            version: 1,
        })
        .await?;
        self.add(fund_entry::Model {
            tenant_id: province.id.uuid,
            id: province.fund_entry.uuid,
            unit_id: province.office.uuid,
            year: YEAR,
            direction: fund_entry::Direction::In,
            purpose: fund_entry::Purpose::Allocation,
            amount: 50_000_000,
            on_day: since(),
            decision_id: None,
            award_id: None,
            repaid_award: None,
            note: Some(format!("Dự toán {}", province.canary)),
            author_id: author,
            author_name: format!("Người ghi {}", province.canary),
            at: self.now,
        })
        .await
    }

    /// What the submission took of the quota, and a number of which others are shares.
    pub(super) async fn ledger(&self, province: &Province) -> Result<()> {
        let author = province.person(Role::StandingOfficer).id.uuid;
        self.add(quota_entry::Model {
            tenant_id: province.id.uuid,
            id: Id::new("QuotaEntry").uuid,
            quota_id: province.quota.uuid,
            unit_id: province.office.uuid,
            year: YEAR,
            submission_id: Some(province.submission.id.uuid),
            amount: 1,
            state: quota_entry::State::Reserved,
            version: 1,
            decision_id: None,
            at: Some(self.now),
            award_id: None,
        })
        .await?;
        self.add(quota_basis::Model {
            tenant_id: province.id.uuid,
            id: Id::new("QuotaBasis").uuid,
            unit_id: province.office.uuid,
            year: YEAR,
            base: quota::Base::Staff,
            subject_kind: None,
            number: 40,
            source: format!("Giao biên chế {}", province.canary),
            author_id: author,
            author_name: format!("Người ghi {}", province.canary),
            at: self.now,
        })
        .await
    }

    /// What was said of a nominee when the submission was sent.
    pub(super) async fn appraisal(&self, province: &Province) -> Result<()> {
        let officer = province.person(Role::UnitOfficer);
        let appraisal = Id::new("Appraisal");
        let kept = kept_rule(province);
        let step = serde_json::json!({
            "index": 0, "parent": null, "depth": 0, "verdict": "Unknown",
            "vi": kept.name_vi, "en": kept.name_en, "facts": [],
        });
        self.add(appraisal::Model {
            tenant_id: province.id.uuid,
            id: appraisal.uuid,
            submission_id: province.submission.id.uuid,
            unit_id: province.office.uuid,
            step: appraisal::Step::Send,
            rules_hash: "0".repeat(64),
            rules: serde_json::json!([{ "row": kept, "is_own": true }]).to_string(),
            actor_id: officer.id.uuid,
            actor_name: format!("Người gửi {}", province.canary),
            at: self.now,
        })
        .await?;
        self.add(appraisal_finding::Model {
            tenant_id: province.id.uuid,
            id: Id::new("AppraisalFinding").uuid,
            appraisal_id: appraisal.uuid,
            unit_id: province.office.uuid,
            position: 1,
            nominee_id: province.submission.nominees[0].uuid,
            nominee_name: format!("Người được đề nghị {}", province.canary),
            subject_id: Some(province.subject.uuid),
            award_type_code: "ADVANCED_LABOURER".to_owned(),
            verdict: "UNKNOWN".to_owned(),
            rules_of: Some(since()),
            outcomes:
                serde_json::json!([{ "rule": kept.id, "verdict": "Unknown", "steps": [step] }])
                    .to_string(),
        })
        .await?;
        self.confirmation(province).await
    }

    /// What was said of the condition that the rule of the province leaves to people.
    async fn confirmation(&self, province: &Province) -> Result<()> {
        let of = |what: &str| format!("{what} {}", province.canary);
        let words = of("Điều kiện");
        let rule = province.rule.uuid;
        self.add(condition_confirmation::Model {
            tenant_id: province.id.uuid,
            id: province.records.confirmation.uuid,
            submission_id: province.submission.id.uuid,
            unit_id: province.office.uuid,
            subject_id: province.subject.uuid,
            nominee_id: province.submission.nominees[0].uuid,
            nominee_name: of("Người được xác nhận"),
            award_type_code: "COMMEMORATIVE_MEDAL".to_owned(),
            year: YEAR,
            commendation_type: submission::CommendationType::Merit,
            achieved_on: None,
            rule_id: rule,
            condition_key: condition_key(&rule.to_string(), (&words, &words)),
            words_vi: words.clone(),
            words_en: words,
            citation: of("Quy chế"),
            answer: condition_confirmation::Said::Holds,
            reason: of("Theo biên bản"),
            document_id: Some(province.submission.document.uuid),
            document_title: Some(of("Biên bản")),
            document_hash: Some("0".repeat(64)),
            actor_id: province.person(Role::StandingOfficer).id.uuid,
            actor_name: of("Người xác nhận"),
            actor_role: Role::StandingOfficer,
            at: self.now,
        })
        .await
    }

    /// A regulation of the tenant, and a rule that rests on it.
    pub(super) async fn law(&self, province: &Province) -> Result<()> {
        let author = province.person(Role::StandingOfficer).id.uuid;
        self.add(own_document::Model {
            tenant_id: province.id.uuid,
            id: province.document.uuid,
            number: format!("01/{}", province.canary),
            kind: legal_document::Kind::Regulation,
            issuer: format!("Ủy ban nhân dân {}", province.canary),
            title: format!("Quy chế {}", province.canary),
            signed_on: Some(since()),
            in_force_on: Some(since()),
            expired_on: None,
            replaces: String::new(),
            author_id: author,
            version: 1,
        })
        .await?;
        self.money(province, author).await?;
        self.honour(province, author).await?;
        let words = format!("Điều kiện {}", province.canary);
        self.add(own_rule::Model {
            tenant_id: province.id.uuid,
            id: province.rule.uuid,
            award_type_code: Some("COMMEMORATIVE_MEDAL".to_owned()),
            subject_kind: None,
            commendation_type: None,
            name_vi: words.clone(),
            name_en: words.clone(),
            tree: serde_json::json!({ "manual": { "vi": words, "en": words } }).to_string(),
            citation: format!("Quy chế {}", province.canary),
            severity: eligibility_rule::Severity::Warn,
            valid_from: since(),
            valid_to: None,
            author_id: author,
            version: 1,
        })
        .await
    }

    /// An honour of the province's own, and what it is worth.
    async fn honour(&self, province: &Province, author: uuid::Uuid) -> Result<()> {
        let words = format!("Công dân danh dự {}", province.canary);
        self.add(award_type::Model {
            id: province.honour.uuid,
            code: format!("{}:{}", province.slug, province.canary),
            abbreviation: words.clone(),
            name: words.clone(),
            name_en: words.clone(),
            name_search: search_form(&words),
            family: award_type::Family::Honour,
            level: award_type::Level::MinistryOrProvince,
            subject_kinds: "INDIVIDUAL".to_owned(),
            commendation_types: "MERIT".to_owned(),
            cycle: "NONE".to_owned(),
            decided_by: "PROVINCE_CHAIR".to_owned(),
            citation: format!("Quy chế {}", province.canary),
            recorded_names: words,
            valid_from: since(),
            valid_to: None,
            tenant_id: Some(province.id.uuid),
            origin: award_type::Origin::Local,
            version: 1,
        })
        .await?;
        self.add(own_bonus_rate::Model {
            tenant_id: province.id.uuid,
            id: province.bonus_rate.uuid,
            award_type_code: format!("{}:{}", province.slug, province.canary),
            subject_kind: SubjectKind::Individual,
            tenths: 15,
            citation: format!("Mức thưởng {}", province.canary),
            valid_from: since(),
            valid_to: NaiveDate::from_ymd_opt(2089, 12, 31),
            author_id: author,
            version: 1,
        })
        .await
    }

    async fn subject(&self, row: subject::Model) -> Result<()> {
        let membership = subject_membership::Model {
            tenant_id: row.tenant_id,
            id: Id::new("SubjectMembership").uuid,
            subject_id: row.id,
            unit_id: row.unit_id,
            valid_from: since(),
            valid_to: None,
            version: 1,
        };
        self.add(row).await?;
        self.add(membership).await
    }
}

/// A person of whom nothing is known but the name.
/// A rule of the province as an appraisal keeps it.
fn kept_rule(province: &Province) -> eligibility_rule::Model {
    let words = format!("Điều kiện khi gửi {}", province.canary);
    eligibility_rule::Model {
        id: Id::new("EligibilityRule").uuid,
        code: "OWN".to_owned(),
        award_type_code: Some("ADVANCED_LABOURER".to_owned()),
        subject_kind: None,
        commendation_type: None,
        part: eligibility_rule::Part::Condition,
        name_vi: words.clone(),
        name_en: words.clone(),
        tree: serde_json::json!({ "manual": { "vi": words, "en": words } }).to_string(),
        citation: words.clone(),
        document_number: words,
        severity: eligibility_rule::Severity::Warn,
        confidence: eligibility_rule::Confidence::Sourced,
        obliges: false,
        valid_from: since(),
        valid_to: None,
    }
}

fn named(province: &Province, id: Id, name: &str) -> subject::Model {
    let name = format!("{name} {}", province.canary);
    subject::Model {
        tenant_id: province.id.uuid,
        id: id.uuid,
        kind: SubjectKind::Individual,
        code: None,
        name_search: search_form(&name),
        name,
        unit_id: province.office.uuid,
        is_unit: false,
        sex: None,
        leadership_class: None,
        direct_worker: None,
        manager: None,
        occupation: None,
        size_class: None,
        flag_eligible: None,
        founded_on: None,
        created_at: chrono::DateTime::default(),
        version: 1,
        user_id: None,
        enterprise: None,
    }
}

/// A day in [`YEAR`].
fn in_year() -> NaiveDate {
    NaiveDate::from_ymd_opt(YEAR, 6, 1).unwrap_or_default()
}
