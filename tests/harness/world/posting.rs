//! What a province of a world has made public: a regulation, a notice, and a complaint that is looked into.
//! No rule is applied here.

use anyhow::Result;
use entity::complaint_step::{self, Kind};
use entity::role_grant::Role;
use entity::{complaint, notice, notice_rule};

use super::{Builder, Id, Person, Province, since};

impl Builder {
    /// A regulation on a title that nobody asks for, a notice of the submission, and a complaint about it.
    pub(super) async fn posting(&self, province: &Province) -> Result<()> {
        let author = province.person(Role::StandingOfficer);
        let words = |what: &str| format!("{what} {}", province.canary);
        self.add(notice_rule::Model {
            tenant_id: province.id.uuid,
            id: province.notice_rule.uuid,
            award_type_code: Some("COMMEMORATIVE_MEDAL".to_owned()),
            days: 10,
            citation: words("Quy chế"),
            valid_from: since(),
            valid_to: None,
            author_id: author.id.uuid,
            version: 1,
        })
        .await?;
        self.add(notice::Model {
            tenant_id: province.id.uuid,
            id: province.notice.uuid,
            submission_id: province.submission.id.uuid,
            unit_id: province.office.uuid,
            place: words("Cổng thông tin"),
            opened_on: since(),
            last_on: since(),
            author_id: author.id.uuid,
            author_name: words("Người ghi"),
            at: self.now,
        })
        .await?;
        self.complaint(province, author).await
    }

    async fn complaint(&self, province: &Province, author: &Person) -> Result<()> {
        let words = |what: &str| format!("{what} {}", province.canary);
        self.add(complaint::Model {
            tenant_id: province.id.uuid,
            id: province.complaint.uuid,
            notice_id: province.notice.uuid,
            unit_id: province.office.uuid,
            complainant: words("Người phản ánh"),
            content: words("Nội dung"),
            filed_on: since(),
            author_id: author.id.uuid,
            author_name: words("Người ghi"),
            at: self.now,
        })
        .await?;
        self.add(complaint_step::Model {
            tenant_id: province.id.uuid,
            id: Id::new("ComplaintStep").uuid,
            complaint_id: province.complaint.uuid,
            unit_id: province.office.uuid,
            sequence: 1,
            kind: Kind::Handled,
            words: words("Thụ lý"),
            actor_id: author.id.uuid,
            actor_name: words("Người ghi"),
            at: self.now,
        })
        .await
    }
}
