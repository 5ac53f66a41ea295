//! A province of a world: its units, its people, and a submission with all that belongs to it.
//! No cluster is built here.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI32, Ordering};

use anyhow::Result;
use api::text::search_form;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use entity::role_grant::Role;
use entity::submission::{CommendationType, State};
use entity::{
    account, audit_event, nominee, role_grant, submission, tenant, tenant_code, unit, unit_above,
};
use sea_orm::{ActiveEnum, Iterable};

use super::duty::{Duty, Lapse};
use super::subject::Records;
use super::{Awards, Board, Builder, Contest, Given, Id, Onward, YEAR, since, unique};
use crate::client::Client;
use crate::people;
use crate::server::Server;

/// The word by which a world takes Bắc Ninh of the register as a province, and its name at sign-in.
pub(super) const BAC_NINH: (&str, &str) = ("n", "bac_ninh");

/// A tenant of a world.
pub struct Province {
    /// The tenant.
    pub id: Id,
    /// Its name at sign-in.
    pub slug: String,
    /// In every free text of its own rows.
    pub canary: String,
    /// The root of its units.
    pub root: Id,
    /// The office of its unit head and unit officer.
    pub office: Id,
    /// A division of [`Province::office`].
    pub division: Id,
    /// Another office, beside [`Province::office`].
    pub other_office: Id,
    /// The unit officer of [`Province::other_office`].
    pub neighbour: Person,
    /// A cluster of its own, whose seats are its two offices.
    pub cluster: Contest,
    /// Its council.
    pub board: Board,
    /// A submission of [`Province::office`], returned for change.
    pub submission: Submission,
    /// A person of [`Province::office`] whose record is kept.
    pub subject: Id,
    /// What is recorded of [`Province::subject`].
    pub records: Records,
    /// Proposals to recognise initiatives: one that is on no agenda, and one that was recognised.
    pub proposals: [Id; 2],
    /// A decision of its root, with [`Province::awards`].
    pub decision: Id,
    /// Awards of [`Province::subject`].
    pub awards: Awards,
    /// An award that names its nominee, where [`super::World::rare`] has added it.
    pub given: Given,
    /// Its proposals to the Prime Minister.
    pub onward: Onward,
    /// A quota of a title that nobody asks for.
    pub quota: Id,
    /// A regulation of the province's own on public notices.
    pub notice_rule: Id,
    /// What its honour is worth, until 2089.
    pub bonus_rate: Id,
    /// A document that the province registered.
    pub document: Id,
    /// An entry of the fund of [`Province::office`].
    pub fund_entry: Id,
    /// A target of awards of [`Province::office`].
    pub target: Id,
    /// A movement of [`Province::office`].
    pub movement: Id,
    /// An honour of the province's own.
    pub honour: Id,
    /// A rule of eligibility of the province's own.
    pub rule: Id,
    /// A public notice of [`Province::submission`].
    pub notice: Id,
    /// A complaint about [`Province::notice`] that is looked into.
    pub complaint: Id,
    /// An exemplar of [`Province::office`].
    pub exemplar: Id,
    /// [`Province::office`] itself as a collective.
    pub collective: Id,
    /// An entry of its audit trail.
    pub audit_event: Id,
    people: HashMap<Role, Person>,
}

/// A user of a world; the password is [`people::PASSWORD`].
#[derive(Clone, Debug)]
pub struct Person {
    /// The user.
    pub id: Id,
    /// Slug of the tenant.
    pub tenant: String,
    /// Name at sign-in.
    pub username: String,
    /// The role held.
    pub role: Role,
    /// The grant of the role.
    pub grant: Id,
}

/// A submission with its parts.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The submission.
    pub id: Id,
    /// Its two nominees.
    pub nominees: [Id; 2],
    /// Its document.
    pub document: Id,
}

impl Person {
    /// A client of this person.
    #[must_use]
    pub fn sign_in(&self, server: &Server) -> Client {
        people::sign_in(server, &self.tenant, &self.username)
    }
}

impl Province {
    /// The person who holds this role; unit roles in [`Province::office`], cluster roles in [`Province::cluster`].
    #[must_use]
    pub fn person(&self, role: Role) -> &Person {
        self.people.get(&role).unwrap_or_else(|| panic!("nobody is {role:?}"))
    }

    /// A client of the person who holds this role.
    #[must_use]
    pub fn sign_in(&self, server: &Server, role: Role) -> Client {
        self.person(role).sign_in(server)
    }

    /// Every canary of the province: of its own rows, of its cluster and of the seats there.
    #[must_use]
    pub fn canaries(&self) -> Vec<String> {
        let seats = self.cluster.seats.iter().map(|seat| seat.canary.clone());
        [self.canary.clone(), self.cluster.canary.clone()].into_iter().chain(seats).collect()
    }
}

/// A new tenant, or the one of the register that is asked for.
fn place(which: &str) -> (Id, String) {
    if which == BAC_NINH.0 {
        let uuid = api::reference::tenant_id("QD19_2025", "24");
        return (Id { prefix: "Tenant", uuid }, BAC_NINH.1.to_owned());
    }
    let mark = unique("public");
    let slug = format!("world_{which}_{}", mark.trim_start_matches("canary"));
    (Id::new("Tenant"), slug)
}

impl Builder {
    pub(super) async fn province(&self, which: &str) -> Result<Province> {
        let mut province = self.land(which).await?;
        province.cluster = self.contest(&province, "own", &[]).await?;
        self.board(&province).await?;
        for role in Role::iter() {
            let duty = Duty::usual(role, &province);
            let name = role.to_value().to_lowercase();
            let person = self.person(&province, &name, duty).await?;
            province.people.insert(role, person);
        }
        let neighbour = Duty::in_unit(Role::UnitOfficer, province.other_office);
        province.neighbour = self.person(&province, "neighbour", neighbour).await?;
        self.subjects(&province).await?;
        self.law(&province).await?;
        self.plans(&province).await?;
        self.holder(&province).await?;
        self.sitting(&province).await?;
        self.proposals(&province).await?;
        self.registry(&province).await?;
        self.onward(&province).await?;
        self.exemplar(&province).await?;
        province.submission = self.submission(&province, State::Returned).await?;
        self.appraisal(&province).await?;
        self.ledger(&province).await?;
        self.posting(&province).await?;
        province.audit_event = self.audit_event(&province).await?;
        Ok(province)
    }

    /// The tenant and its units; the rest is filled in by [`Builder::province`].
    async fn land(&self, which: &str) -> Result<Province> {
        let (id, slug) = place(which);
        let nobody = Person {
            id: Id::new("User"),
            tenant: slug.clone(),
            username: String::new(),
            role: Role::Auditor,
            grant: Id::new("Grant"),
        };
        let province = Province {
            id,
            slug,
            canary: unique(which),
            root: Id::new("Unit"),
            office: Id::new("Unit"),
            division: Id::new("Unit"),
            other_office: Id::new("Unit"),
            neighbour: nobody,
            cluster: Contest::empty(),
            board: Board::new(),
            submission: Submission::new(),
            subject: Id::new("Subject"),
            records: Records::new(),
            proposals: [(); 2].map(|()| Id::new("InitiativeProposal")),
            decision: Id::new("Decision"),
            awards: Awards::new(),
            given: Given::new(),
            onward: Onward::new(),
            quota: Id::new("Quota"),
            notice_rule: Id::new("OwnNoticeRule"),
            bonus_rate: Id::new("OwnBonusRate"),
            document: Id::new("LegalDocument"),
            fund_entry: Id::new("FundEntry"),
            target: Id::new("AwardTarget"),
            movement: Id::new("Movement"),
            honour: Id::new("AwardType"),
            rule: Id::new("EligibilityRule"),
            notice: Id::new("Notice"),
            complaint: Id::new("Complaint"),
            exemplar: Id::new("Exemplar"),
            collective: Id::new("Subject"),
            audit_event: Id::new("AuditEvent"),
            people: HashMap::new(),
        };
        self.tenant(&province).await?;
        self.units(&province).await?;
        Ok(province)
    }

    async fn units(&self, province: &Province) -> Result<()> {
        let Province { root, office, other_office, division, .. } = province;
        self.unit(province, unit::Kind::Province, &[*root]).await?;
        self.unit(province, unit::Kind::Office, &[*office, *root]).await?;
        self.unit(province, unit::Kind::Office, &[*other_office, *root]).await?;
        self.unit(province, unit::Kind::Division, &[*division, *office, *root]).await
    }

    async fn tenant(&self, province: &Province) -> Result<()> {
        // The register has it already.
        if province.slug == BAC_NINH.1 {
            return Ok(());
        }
        self.add(tenant::Model {
            id: province.id.uuid,
            code: province.slug.clone(),
            code_scheme: "WORLD".to_owned(),
            slug: province.slug.clone(),
            name: format!("Tỉnh {}", province.slug),
            kind: tenant::Kind::Province,
            valid_from: since(),
            valid_to: None,
        })
        .await?;
        self.add(tenant_code::Model {
            scheme: "WORLD".to_owned(),
            code: province.slug.clone(),
            tenant_id: province.id.uuid,
            valid_from: since(),
            valid_to: None,
        })
        .await
    }

    /// A unit and its pairs with those above it; `line` begins with the unit itself and ends with the root.
    pub(super) async fn unit(
        &self,
        province: &Province,
        kind: unit::Kind,
        line: &[Id],
    ) -> Result<()> {
        let Some(unit) = line.first() else { return Ok(()) };
        let name = format!("Đơn vị {} {}", unit.short(), province.canary);
        self.add(unit::Model {
            tenant_id: province.id.uuid,
            id: unit.uuid,
            parent_id: line.get(1).map(|parent| parent.uuid),
            code: format!("{}-{}", province.canary, unit.short()),
            name_search: search_form(&name),
            name,
            kind,
            valid_from: since(),
            valid_to: None,
            version: 1,
        })
        .await?;
        for (depth, above) in (0..).zip(line) {
            let pair = unit_above::Model {
                tenant_id: province.id.uuid,
                above_id: above.uuid,
                unit_id: unit.uuid,
                depth,
            };
            self.add(pair).await?;
        }
        Ok(())
    }

    pub(super) async fn person(
        &self,
        province: &Province,
        name: &str,
        duty: Duty,
    ) -> Result<Person> {
        let person = Person {
            id: Id::new("User"),
            tenant: province.slug.clone(),
            username: format!("{name}.{}", province.canary),
            role: duty.role,
            grant: Id::new("Grant"),
        };
        let display_name = format!("{name} {} (mẫu)", province.canary);
        self.add(account::Model {
            tenant_id: province.id.uuid,
            id: person.id.uuid,
            username: person.username.clone(),
            name_search: search_form(&display_name),
            display_name,
            password_hash: self.password_hash.clone(),
            is_active: true,
            authorisation: 1,
            created_at: self.now,
            version: 1,
        })
        .await?;
        self.role(province, &person, (person.grant, duty)).await?;
        Ok(person)
    }

    /// Another role of a person.
    pub(super) async fn grant(
        &self,
        province: &Province,
        person: &Person,
        duty: Duty,
    ) -> Result<()> {
        self.role(province, person, (Id::new("Grant"), duty)).await
    }

    async fn role(
        &self,
        province: &Province,
        person: &Person,
        (grant, duty): (Id, Duty),
    ) -> Result<()> {
        self.add(role_grant::Model {
            tenant_id: province.id.uuid,
            id: grant.uuid,
            user_id: person.id.uuid,
            role: duty.role,
            unit_id: duty.unit.map(|unit| unit.uuid),
            cluster_id: duty.cluster.map(|cluster| cluster.uuid),
            council_id: duty.council.map(|council| council.uuid),
            valid_from: since(),
            valid_to: (duty.lapse == Some(Lapse::Expired)).then(since),
            granted_by: None,
            revoked_at: (duty.lapse == Some(Lapse::Revoked)).then_some(self.now),
            version: 1,
        })
        .await
    }

    /// A submission of the unit officer, in any state, decided by the chair when that state is a decision.
    pub(super) async fn submission(&self, province: &Province, state: State) -> Result<Submission> {
        static NUMBER: AtomicI32 = AtomicI32::new(1);
        let submission = Submission::new();
        let title = format!("Đề nghị khen thưởng {}", province.canary);
        let is_decided = matches!(state, State::Approved | State::Rejected);
        let chair = province.person(Role::ProvinceChair).id.uuid;
        let is_sent = !matches!(state, State::Draft);
        self.add(submission::Model {
            tenant_id: province.id.uuid,
            id: submission.id.uuid,
            unit_id: province.office.uuid,
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
            title_search: search_form(&title),
            title,
            year: YEAR,
            period_from: Some(since()),
            period_to: None,
            commendation_type: CommendationType::Merit,
            state,
            note: Some(format!("Ghi chú {}", province.canary)),
            reason: Some(format!("Lý do {}", province.canary)),
            author_id: province.person(Role::UnitOfficer).id.uuid,
            decided_by: is_decided.then_some(chair),
            created_at: self.now,
            sent_at: is_sent.then_some(if state == State::Approved { came() } else { self.now }),
            decided_at: is_decided.then_some(self.now),
            waiting_since: (state != State::Rejected).then_some(self.now),
            due_on: submission::NO_DAY,
            version: 1,
        })
        .await?;
        self.nominees(province, &submission).await?;
        self.document(province, &submission).await?;
        if is_sent {
            self.step(province, &submission, state).await?;
        }
        Ok(submission)
    }

    async fn nominees(&self, province: &Province, submission: &Submission) -> Result<()> {
        for (position, nominee) in (1..).zip(submission.nominees) {
            let name = format!("Người thứ {position} {} (mẫu)", province.canary);
            self.add(nominee::Model {
                tenant_id: province.id.uuid,
                id: nominee.uuid,
                submission_id: submission.id.uuid,
                unit_id: province.office.uuid,
                position,
                kind: nominee::SubjectKind::Individual,
                name_search: search_form(&name),
                name,
                post: Some(format!("Chuyên viên {}", province.canary)),
                award_type_id: self.award_type.uuid,
                achievement: Some(format!("Thành tích {}", province.canary)),
                achieved_on: None,
                counting_from: None,
                field: Some(format!("Lĩnh vực {}", province.canary)),
                version: 1,
                subject_id: None,
            })
            .await?;
        }
        Ok(())
    }

    async fn audit_event(&self, province: &Province) -> Result<Id> {
        let event = Id::new("AuditEvent");
        let changes =
            serde_json::json!({ "title": [null, format!("Đề nghị {}", province.canary)] });
        self.entry(audit_event::Model {
            tenant_id: province.id.uuid,
            id: event.uuid,
            at: self.now,
            actor_id: Some(province.person(Role::UnitOfficer).id.uuid),
            actor_name: format!("Cán bộ {}", province.canary),
            role: Some(Role::UnitOfficer.to_value()),
            act: "SubmissionCreate".to_owned(),
            object_type: "submission".to_owned(),
            object_id: province.submission.id.uuid,
            cluster_id: None,
            changes: changes.to_string(),
            reason: Some(format!("Lý do {}", province.canary)),
            request_id: format!("request-{}", province.canary),
            grant_id: Some(province.person(Role::UnitOfficer).grant.uuid),
            unit_id: Some(province.office.uuid),
            salt: Some(Id::new("").uuid),
        })
        .await?;
        Ok(event)
    }
}

impl Submission {
    fn new() -> Self {
        let nominees = [Id::new("Nominee"), Id::new("Nominee")];
        Self { id: Id::new("Submission"), nominees, document: Id::new("Document") }
    }
}

/// When what is approved had been sent: before the days on which cases decide on it.
fn came() -> DateTime<Utc> {
    let day = NaiveDate::from_ymd_opt(YEAR, 11, 20).unwrap_or_default();
    day.and_time(NaiveTime::default()).and_utc()
}
