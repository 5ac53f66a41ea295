//! What stands beside a submission: a document, and a step that was taken.

use anyhow::Result;
use entity::role_grant::Role;
use entity::submission::State;
use entity::{submission_document, submission_transition};

use super::{Builder, Id, Province, Submission};

impl Builder {
    pub(super) async fn document(
        &self,
        province: &Province,
        submission: &Submission,
    ) -> Result<()> {
        self.add(submission_document::Model {
            tenant_id: province.id.uuid,
            id: submission.document.uuid,
            submission_id: submission.id.uuid,
            unit_id: province.office.uuid,
            title: format!("Tờ trình {}", province.canary),
            file_name: format!("{}.pdf", province.canary),
            media_type: "application/pdf".to_owned(),
            size_bytes: 1024,
            sha256: "0123456789abcdef".repeat(4),
            added_by: province.person(Role::UnitOfficer).id.uuid,
            added_at: self.now,
        })
        .await
    }

    pub(super) async fn step(
        &self,
        province: &Province,
        submission: &Submission,
        state: State,
    ) -> Result<()> {
        self.add(submission_transition::Model {
            tenant_id: province.id.uuid,
            id: Id::new("SubmissionTransition").uuid,
            submission_id: submission.id.uuid,
            unit_id: province.office.uuid,
            action: "RETURN".to_owned(),
            from_state: State::Sent,
            to_state: state,
            actor_id: province.person(Role::StandingOfficer).id.uuid,
            actor_name: format!("Cán bộ {}", province.canary),
            reason: Some(format!("Lý do {}", province.canary)),
            at: self.now,
        })
        .await
    }
}
