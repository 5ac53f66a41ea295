//! Proposals of a province of a world to an authority above, and nominees whose ballot has passed.
//! No vote is in a box here.

use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result};
use api::access::BoxKey;
use chrono::Days;
use entity::ballot::State;
use entity::ballot_result::Outcome;
use entity::ballot_rule::Secrecy;
use entity::onward_event::Kind;
use entity::role_grant::Role;
use entity::submission::CommendationType;
use entity::{
    agenda_item, award_type, ballot, ballot_candidate, ballot_result, candidate, nominee, onward,
    onward_event, onward_nominee, onward_package, onward_result, submission,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::sitting::RULE;
use super::{Builder, Id, Province, World, YEAR, since};

/// How many achievements were made up: each has a day of its own.
static DAYS: AtomicU64 = AtomicU64::new(0);

/// Proposals to the Prime Minister, each with one nominee.
#[derive(Clone, Copy, Debug)]
pub struct Onward {
    /// A nominee of an approved submission who is in none.
    pub free: Id,
    /// Two drafts.
    pub drafts: [Id; 2],
    /// A proposal that was sent, as [`Onward::packages`] has it first.
    pub sent: Id,
    /// Two packages that were sent to an addressee that is no tenant, and one that is decided.
    pub packages: [Id; 3],
}

/// What a ballot says of a nominee for a title.
struct Verdict<'a> {
    award: &'a award_type::Model,
    outcome: Outcome,
    /// The candidate that was moved to this title.
    above: Option<uuid::Uuid>,
}

impl Onward {
    pub(super) fn new() -> Self {
        let [one, other, sent] = [(); 3].map(|()| Id::new("OnwardSubmission"));
        let packages = [(); 3].map(|()| Id::new("OnwardPackage"));
        Self { free: Id::new("Nominee"), drafts: [one, other], sent, packages }
    }
}

impl World {
    /// An approved submission of the person whose record is kept, for a title of the catalogue; a ballot on him has
    /// passed, or there was none. Hands back the submission and the nominee.
    #[must_use]
    pub fn proposed(&self, province: &Province, code: &str, is_voted: bool) -> (Id, Id) {
        self.build(async |builder| {
            let award = builder.of_catalogue(code).await?.context("no such title")?;
            let nominee = Id::new("Nominee");
            let submission = builder.approved(province, nominee, &award).await?;
            if is_voted {
                builder.passed(province, nominee, &award).await?;
            }
            Ok((submission, nominee))
        })
    }

    /// What closed ballots have said of a nominee: for each title, by code, whether it passed; every title but the first
    /// is lower than the one before.
    pub fn voted_on(&self, province: &Province, nominee: Id, titles: &[(&str, Outcome)]) {
        self.build(async |builder| {
            let mut above = None;
            for (code, outcome) in titles {
                let award = builder.of_catalogue(code).await?.context("no such title")?;
                let verdict = Verdict { award: &award, outcome: *outcome, above };
                above = Some(builder.said(province, nominee, verdict).await?);
            }
            Ok(())
        });
    }

    /// Makes a province the Central council's office.
    pub fn centralise(&self, province: &Province) {
        let row = format!("'{}'", province.id.uuid);
        let id = if self.ground.is_postgres() {
            row
        } else {
            format!("X'{}'", province.id.uuid.simple())
        };
        let sql = format!("UPDATE tenant SET kind = 'CENTRAL' WHERE id = {id}");
        self.ground.query(&sql).unwrap();
    }
}

impl Builder {
    /// Proposals in each state.
    pub(super) async fn onward(&self, province: &Province) -> Result<()> {
        let award = match self.of_catalogue("PM_CERTIFICATE").await? {
            Some(award) => award,
            None => self.any_title().await?,
        };
        let own = &province.onward;
        self.approved(province, own.free, &award).await?;
        self.passed(province, own.free, &award).await?;
        let [waiting, heard, decided] = own.packages;
        let [heard_of, decided_of] = [(); 2].map(|()| Id::new("OnwardSubmission"));
        let all = [
            (own.drafts[0], None),
            (own.drafts[1], None),
            (own.sent, Some(waiting)),
            (heard_of, Some(heard)),
            (decided_of, Some(decided)),
        ];
        for (number, (id, package)) in (1..).zip(all) {
            self.proposal_above(province, (id, number, package), &award).await?;
        }
        self.decided(province, (decided_of, decided), &award).await
    }

    #[expect(clippy::disallowed_methods, reason = "the rows of a world are made beneath the gate")]
    pub(super) async fn of_catalogue(&self, code: &str) -> Result<Option<award_type::Model>> {
        use award_type::Column::{Code, ValidTo};
        let today = award_type::Entity::find().filter(ValidTo.is_null());
        Ok(today.filter(Code.eq(code)).one(&self.rows).await?)
    }

    #[expect(clippy::disallowed_methods, reason = "the rows of a world are made beneath the gate")]
    pub(super) async fn any_title(&self) -> Result<award_type::Model> {
        let found = award_type::Entity::find_by_id(self.award_type.uuid).one(&self.rows).await?;
        found.context("a world without title")
    }

    async fn approved(
        &self,
        province: &Province,
        nominee: Id,
        award: &award_type::Model,
    ) -> Result<Id> {
        let id = Id::new("Submission");
        self.approve(province, (id, nominee), award).await?;
        Ok(id)
    }

    /// An approved submission of one nominee.
    pub(super) async fn approve(
        &self,
        province: &Province,
        (id, nominee): (Id, Id),
        award: &award_type::Model,
    ) -> Result<()> {
        let title = format!("Đề nghị cấp trên {}", province.canary);
        // What people judge of, not the record: of merit for the State a world records too little.
        let is_sudden = award.commendation_types.split('|').any(|it| it == "AD_HOC");
        let commendation_type =
            if is_sudden { CommendationType::AdHoc } else { CommendationType::Merit };
        // Each for another achievement, of years before those that are counted.
        let back = Days::new(DAYS.fetch_add(1, Ordering::Relaxed) % 3_000 + 1_000);
        let achieved_on = since().checked_sub_days(back).filter(|_| is_sudden);
        self.add(submission::Model {
            tenant_id: province.id.uuid,
            id: id.uuid,
            unit_id: province.office.uuid,
            number: i32::try_from(id.uuid.as_u128() % 1_000_000_000)? + 1_000_000,
            title_search: api::text::search_form(&title),
            title,
            year: YEAR,
            period_from: None,
            period_to: None,
            commendation_type,
            state: submission::State::Approved,
            note: None,
            reason: None,
            author_id: province.person(Role::UnitOfficer).id.uuid,
            decided_by: Some(province.person(Role::ProvinceChair).id.uuid),
            created_at: self.now,
            sent_at: Some(self.now),
            decided_at: Some(self.now),
            waiting_since: Some(self.now),
            due_on: submission::NO_DAY,
            version: 4,
        })
        .await?;
        self.add(proposed_by(province, (id, nominee), (award, achieved_on))).await
    }

    /// A closed ballot on one nominee, which has passed.
    async fn passed(
        &self,
        province: &Province,
        nominee: Id,
        award: &award_type::Model,
    ) -> Result<()> {
        let verdict = Verdict { award, outcome: Outcome::Passed, above: None };
        self.said(province, nominee, verdict).await.map(drop)
    }

    /// A closed ballot on one nominee; hands back the candidate.
    async fn said(
        &self,
        province: &Province,
        nominee: Id,
        verdict: Verdict<'_>,
    ) -> Result<uuid::Uuid> {
        let Verdict { award, outcome, above } = verdict;
        let (item, asked) = (Id::new("AgendaItem"), Id::new("BallotCandidate"));
        let (candidate, vote) = (Id::new("Candidate"), Id::new("Ballot"));
        let (tenant_id, council_id) = (province.id.uuid, province.board.id.uuid);
        self.add(agenda_item::Model {
            tenant_id,
            id: item.uuid,
            council_id,
            session_id: province.board.sitting.uuid,
            position: 9,
            kind: agenda_item::Kind::AwardList,
            title: format!("Xét trình cấp trên {}", province.canary),
            places: None,
            outcome: Some(agenda_item::Outcome::Adopted),
            conclusion: None,
            version: 1,
        })
        .await?;
        self.add(candidate::Model {
            tenant_id,
            id: candidate.uuid,
            council_id,
            item_id: item.uuid,
            position: 1,
            nominee_id: Some(nominee.uuid),
            unit_id: Some(province.office.uuid),
            author_id: None,
            name: format!("Người được trình {} (mẫu)", province.canary),
            identity: None,
            award_type_id: Some(award.id),
            award_code: Some(award.code.clone()),
            downgraded_from: above,
            reason: None,
            proposal_id: None,
        })
        .await?;
        self.closed(province, (item, vote)).await?;
        self.voted(province, (vote, candidate, asked), (award, outcome)).await?;
        Ok(candidate.uuid)
    }

    /// What was asked on the closed ballot, and what came out.
    async fn voted(
        &self,
        province: &Province,
        (vote, candidate, asked): (Id, Id, Id),
        (award, outcome): (&award_type::Model, Outcome),
    ) -> Result<()> {
        let (tenant_id, council_id) = (province.id.uuid, province.board.id.uuid);
        self.add(ballot_candidate::Model {
            tenant_id,
            id: asked.uuid,
            council_id,
            ballot_id: vote.uuid,
            candidate_id: candidate.uuid,
            position: 1,
            name: format!("Người được trình {} (mẫu)", province.canary),
            award_code: Some(award.code.clone()),
            rule: RULE.to_owned(),
            max_rounds: 2,
            authority_decides: true,
        })
        .await?;
        self.add(ballot_result::Model {
            tenant_id,
            id: Id::new("BallotResult").uuid,
            council_id,
            ballot_id: vote.uuid,
            ballot_candidate_id: asked.uuid,
            position: 1,
            yes: Some(14),
            no: Some(1),
            abstain: Some(0),
            invalid: Some(0),
            base: 15,
            needed: 14,
            outcome,
        })
        .await
    }

    async fn closed(&self, province: &Province, (item, vote): (Id, Id)) -> Result<()> {
        // Before any decision of a case: none is older than the ballot it rests on.
        let long_ago = self.now - chrono::TimeDelta::days(800);
        self.add(ballot::Model {
            tenant_id: province.id.uuid,
            id: vote.uuid,
            council_id: province.board.id.uuid,
            session_id: province.board.sitting.uuid,
            item_id: item.uuid,
            round: 1,
            state: State::Closed,
            secrecy: Secrecy::Secret,
            public_key: BoxKey::new().public,
            members: 15,
            recused: 0,
            recused_present: Some(0),
            voting: 15,
            cut_off_at: None,
            opened_by: province.person(Role::CouncilSecretary).id.uuid,
            opened_at: long_ago,
            closed_by: Some(province.person(Role::CouncilSecretary).id.uuid),
            confirmed_by: Some(province.person(Role::ProvinceChair).id.uuid),
            closed_at: Some(long_ago),
            reconsiders_id: None,
            reason: None,
            close_reason: None,
            version: 3,
        })
        .await
    }

    async fn proposal_above(
        &self,
        province: &Province,
        (id, number, package): (Id, i32, Option<Id>),
        award: &award_type::Model,
    ) -> Result<()> {
        let nominee = Id::new("Nominee");
        let submission = self.approved(province, nominee, award).await?;
        self.passed(province, nominee, award).await?;
        self.add(onward::Model {
            tenant_id: province.id.uuid,
            id: id.uuid,
            number,
            year: YEAR,
            title: format!("Tờ trình {number} {}", province.canary),
            authority: "PRIME_MINISTER".to_owned(),
            addressee_tenant_id: None,
            addressee_name: format!("Nơi nhận {}", province.canary),
            note: Some(format!("Ghi chú {}", province.canary)),
            author_id: province.person(Role::CouncilSecretary).id.uuid,
            packages: i32::from(package.is_some()),
            created_at: self.now,
            version: 1,
        })
        .await?;
        self.add(onward_nominee::Model {
            tenant_id: province.id.uuid,
            id: Id::new("OnwardNominee").uuid,
            onward_id: id.uuid,
            nominee_id: nominee.uuid,
            submission_id: submission.uuid,
            position: 1,
            award_type_id: award.id,
        })
        .await?;
        match package {
            Some(package) => self.sent_above(province, (id, package), award).await,
            None => Ok(()),
        }
    }

    async fn sent_above(
        &self,
        province: &Province,
        (id, package): (Id, Id),
        award: &award_type::Model,
    ) -> Result<()> {
        let content = json!({ "nominees": [{
            "position": 1, "name": format!("Người được trình {} (mẫu)", province.canary),
            "awardType": { "code": award.code },
        }]});
        self.add(onward_package::Model {
            tenant_id: province.id.uuid,
            id: package.uuid,
            onward_id: id.uuid,
            number: 1,
            addressee_tenant_id: None,
            addressee_name: format!("Nơi nhận {}", province.canary),
            authority: "PRIME_MINISTER".to_owned(),
            title: format!("Tờ trình {}", province.canary),
            letter_number: format!("{}/TTr", province.canary),
            letter_date: since(),
            content: content.to_string(),
            sha256: "0123456789abcdef".repeat(4),
            sent_at: self.now,
        })
        .await?;
        let event = self.event_above(province, (id, package), (1, Kind::Sent));
        self.add(event).await
    }

    fn event_above(
        &self,
        province: &Province,
        (onward, package): (Id, Id),
        (number, kind): (i32, Kind),
    ) -> onward_event::Model {
        onward_event::Model {
            tenant_id: province.id.uuid,
            id: Id::new("OnwardEvent").uuid,
            onward_id: onward.uuid,
            package_id: package.uuid,
            number,
            addressee_tenant_id: None,
            kind,
            reason: Some(format!("Lý do {}", province.canary)),
            by_tenant_id: province.id.uuid,
            actor_name: format!("Thư ký {} (mẫu)", province.canary),
            decision_number: None,
            decision_symbol: None,
            decided_on: None,
            signer_post: None,
            issuer: None,
            issuer_name: None,
            decision_id: None,
            at: self.now,
        }
    }

    /// The decision of the Prime Minister on a package.
    async fn decided(
        &self,
        province: &Province,
        of: (Id, Id),
        award: &award_type::Model,
    ) -> Result<()> {
        let event = onward_event::Model {
            decision_number: Some(700),
            decision_symbol: Some(format!("QĐ-{}", province.canary)),
            decided_on: since().checked_add_days(Days::new(600)),
            signer_post: Some(format!("Thủ tướng {}", province.canary)),
            issuer: Some("PRIME_MINISTER".to_owned()),
            issuer_name: Some(format!("Thủ tướng {}", province.canary)),
            ..self.event_above(province, of, (2, Kind::Awarded))
        };
        let result = onward_result::Model {
            tenant_id: province.id.uuid,
            id: Id::new("OnwardResult").uuid,
            onward_id: event.onward_id,
            package_id: event.package_id,
            event_id: event.id,
            addressee_tenant_id: None,
            position: 1,
            name: format!("Người được trình {} (mẫu)", province.canary),
            outcome: onward_result::Outcome::Awarded,
            award_type_id: Some(award.id),
            reason: Some(format!("Lý do {}", province.canary)),
        };
        self.add(event).await?;
        self.add(result).await
    }
}

/// The person whose record is kept, as a submission proposes him.
fn proposed_by(
    province: &Province,
    (submission, nominee): (Id, Id),
    (award, achieved_on): (&award_type::Model, Option<chrono::NaiveDate>),
) -> nominee::Model {
    let name = format!("Người được trình {} (mẫu)", province.canary);
    nominee::Model {
        tenant_id: province.id.uuid,
        id: nominee.uuid,
        submission_id: submission.uuid,
        unit_id: province.office.uuid,
        position: 1,
        kind: nominee::SubjectKind::Individual,
        name_search: api::text::search_form(&name),
        name,
        post: Some(format!("Trưởng phòng {}", province.canary)),
        award_type_id: award.id,
        achievement: Some(format!("Thành tích {}", province.canary)),
        achieved_on,
        counting_from: None,
        field: None,
        version: 1,
        subject_id: Some(province.subject.uuid),
    }
}
