//! An exemplar of a province of a world, found and coached; initiatives that are proposed there.
//! No rule is applied here.

use anyhow::Result;
use api::text::search_form;
use entity::exemplar::{self, Kind};
use entity::exemplar_step::{self, Stage};
use entity::role_grant::Role;
use entity::{initiative, initiative_proposal, initiative_proposer};

use super::{Builder, Id, Province, since};

impl Builder {
    /// Proposals to recognise initiatives: one that waits, and one that was recognised.
    pub(super) async fn proposals(&self, province: &Province) -> Result<()> {
        let tenant_id = province.id.uuid;
        let of = |what: &str| format!("{what} {}", province.canary);
        let [waits, done] = province.proposals;
        let row = initiative_proposal::Model {
            tenant_id,
            id: waits.uuid,
            unit_id: province.office.uuid,
            council_id: None,
            title: of("Giải pháp"),
            title_search: search_form(&of("Giải pháp")),
            kind: initiative::Kind::Initiative,
            scope: initiative::Scope::Base,
            description: of("Nội dung"),
            evidence: Some(of("Minh chứng")),
            author_names: of("Tác giả"),
            state: initiative_proposal::State::Proposed,
            proposed_on: since(),
            author_id: province.person(Role::UnitOfficer).id.uuid,
            decision: None,
            initiative_id: None,
            reason: None,
            version: 1,
        };
        self.add(row.clone()).await?;
        self.add(initiative_proposal::Model {
            id: done.uuid,
            council_id: Some(province.board.id.uuid),
            state: initiative_proposal::State::Recognised,
            decision: Some(of("Số")),
            initiative_id: Some(province.records.initiative.uuid),
            reason: Some(of("Lý do")),
            ..row
        })
        .await?;
        for proposal in [waits, done] {
            self.add(initiative_proposer::Model {
                tenant_id,
                id: Id::new("InitiativeProposer").uuid,
                proposal_id: proposal.uuid,
                unit_id: province.office.uuid,
                subject_id: province.subject.uuid,
            })
            .await?;
        }
        Ok(())
    }

    /// An exemplar of the first office.
    pub(super) async fn exemplar(&self, province: &Province) -> Result<()> {
        let author = province.person(Role::StandingOfficer);
        let title = format!("Gương {}", province.canary);
        self.add(exemplar::Model {
            tenant_id: province.id.uuid,
            id: province.exemplar.uuid,
            unit_id: province.office.uuid,
            kind: Kind::Person,
            title_search: search_form(&title),
            title,
            story: Some(format!("Câu chuyện {}", province.canary)),
            field: Some(province.canary.clone()),
            subject_id: Some(province.subject.uuid),
            award_id: Some(province.awards.valid.uuid),
            movement_id: Some(province.movement.uuid),
            discovered_on: since(),
            author_id: author.id.uuid,
            created_at: self.now,
        })
        .await?;
        let found = exemplar_step::Model {
            tenant_id: province.id.uuid,
            id: Id::new("ExemplarStep").uuid,
            exemplar_id: province.exemplar.uuid,
            unit_id: province.office.uuid,
            field: Some(province.canary.clone()),
            sequence: 1,
            stage: Stage::Discovered,
            on_day: since(),
            owner: None,
            plan: None,
            note: None,
            spread_to_id: None,
            actor_id: author.id.uuid,
            actor_name: format!("Người ghi {}", province.canary),
            at: self.now,
        };
        self.add(found.clone()).await?;
        self.add(exemplar_step::Model {
            id: Id::new("ExemplarStep").uuid,
            sequence: 2,
            stage: Stage::Coached,
            owner: Some(format!("Người kèm cặp {}", province.canary)),
            plan: Some(format!("Kế hoạch {}", province.canary)),
            ..found
        })
        .await
    }
}
