//! What a province of a world has planned: a target of awards, and a movement.
//! No result is counted here.

use anyhow::Result;
use api::text::search_form;
use entity::award_target::{self, Basis, Comparator, Measure};
use entity::movement::{self, Duration, Form, Level, Scope};
use entity::role_grant::Role;
use uuid::Uuid;

use super::{Builder, Id, Province, YEAR, since};

impl Builder {
    /// A target of the first office, and a movement of it.
    pub(super) async fn plans(&self, province: &Province) -> Result<()> {
        let author = province.person(Role::StandingOfficer).id.uuid;
        let target = award_target::Model {
            tenant_id: province.id.uuid,
            id: province.target.uuid,
            unit_id: province.office.uuid,
            cluster_id: None,
            year: YEAR,
            measure: Measure::Awards,
            basis: Basis::Counting,
            award_type_codes: String::new(),
            level: None,
            subject_kind: None,
            comparator: Comparator::AtLeast,
            value: 30_000,
            base: None,
            source: format!("Kế hoạch {}", province.canary),
            source_on: since(),
            what: format!("of {}", province.canary),
            withdrawn_on: None,
            author_id: author,
            created_at: self.now,
            version: 1,
        };
        self.add(target.clone()).await?;
        self.add(award_target::Model {
            id: Id::new("AwardTarget").uuid,
            unit_id: province.root.uuid,
            cluster_id: Some(province.cluster.id.uuid),
            what: format!("of members, {}", province.canary),
            ..target
        })
        .await?;
        self.movement(province, author).await
    }

    async fn movement(&self, province: &Province, author: Uuid) -> Result<()> {
        let name = format!("Phong trào {}", province.canary);
        self.add(movement::Model {
            tenant_id: province.id.uuid,
            id: province.movement.uuid,
            unit_id: province.office.uuid,
            name_search: search_form(&name),
            name,
            level: Level::Unit,
            scope: Scope::Unit,
            form: Form::Thematic,
            duration: Duration::Unknown,
            launched_on: since(),
            ends_on: None,
            plan: Some(format!("Kế hoạch {}", province.canary)),
            author_id: author,
            created_at: self.now,
            version: 1,
        })
        .await
    }
}
