//! An invented nominee and his candidates, for the unit tests of this room.

use entity::nominee::SubjectKind;
use entity::{candidate, nominee};
use uuid::Uuid;

/// Who is proposed.
const NOMINEE: Uuid = Uuid::from_u128(1);

/// A person proposed for a title, linked to a subject or only named.
pub(super) fn nominee(award: Uuid, subject: Option<Uuid>) -> nominee::Model {
    nominee::Model {
        tenant_id: Uuid::nil(),
        id: NOMINEE,
        submission_id: Uuid::nil(),
        unit_id: Uuid::nil(),
        position: 1,
        kind: SubjectKind::Individual,
        name: "Lò Văn Một (mẫu)".to_owned(),
        name_search: "lo van mot (mau)".to_owned(),
        post: None,
        award_type_id: award,
        achievement: None,
        achieved_on: None,
        counting_from: None,
        field: None,
        version: 1,
        subject_id: subject,
    }
}

/// The same on the agenda of a council, for a title.
pub(super) fn candidate(id: Uuid, award: Uuid) -> candidate::Model {
    candidate::Model {
        tenant_id: Uuid::nil(),
        id,
        council_id: Uuid::nil(),
        item_id: Uuid::nil(),
        position: 1,
        nominee_id: Some(NOMINEE),
        unit_id: None,
        author_id: None,
        name: String::new(),
        identity: None,
        award_type_id: Some(award),
        award_code: Some(String::new()),
        downgraded_from: None,
        reason: None,
        proposal_id: None,
    }
}
