//! The subjects of a province of a world, with all that is known about them.
//! No rule is applied here.

use anyhow::Result;
use api::text::search_form;
use entity::nominee::SubjectKind;
use entity::subject::{LeadershipClass, Sex, SizeClass};
use entity::{subject, subject_membership};

use super::{Builder, Id, Province, since};

impl Builder {
    /// A person of the first office, and the office itself.
    pub(super) async fn subjects(&self, province: &Province) -> Result<()> {
        let person = named(province, province.subject, "Lò Văn Mẫu");
        self.subject(subject::Model {
            code: Some(format!("NV-{}", province.canary)),
            sex: Some(Sex::Male),
            leadership_class: Some(LeadershipClass::DirectWorker),
            direct_worker: true,
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
        direct_worker: false,
        manager: false,
        occupation: None,
        size_class: None,
        flag_eligible: None,
        founded_on: None,
        created_at: chrono::DateTime::default(),
        version: 1,
    }
}
