//! What changes of the registry are asked for.
//! Nothing is written here.

use async_graphql::{ID, InputObject, MaybeUndefined};
use entity::award_proposal::Ground;
use entity::subject::LeadershipClass;
use entity::submission::CommendationType;

use crate::domain::award::AwardDecider;
use crate::domain::decision::PaperInput;
use crate::scalar::Date;

/// Input of `awardCorrect`: absent fields stay as they are.
#[derive(InputObject)]
pub(crate) struct AwardCorrectInput {
    /// The award.
    pub(super) id: ID,
    /// Version the caller read.
    pub(super) expected_version: i32,
    /// The decision that corrects it, in the register of the one that gave it.
    pub(super) decision: PaperInput,
    /// Why, at most 4,000 characters.
    pub(super) reason: String,
    /// The one who really has it, where nobody is named yet or the award was taken over from older records: its name stands
    /// on the award too, unless `subjectName` says another; null is refused (`REQUIRED`).
    pub(super) subject_id: MaybeUndefined<ID>,
    /// Name as it should stand, at most 300 characters; null is refused (`REQUIRED`).
    pub(super) subject_name: MaybeUndefined<String>,
    /// First year of the achievements it counts, from 1948; null is refused (`REQUIRED`).
    pub(super) counting_from: MaybeUndefined<i32>,
    /// Last year of the achievements it counts; null is refused (`REQUIRED`).
    pub(super) counting_to: MaybeUndefined<i32>,
    /// Type of commendation; null is refused (`REQUIRED`).
    pub(super) commendation_type: MaybeUndefined<CommendationType>,
    /// Day of the achievement; null takes it away.
    pub(super) achieved_on: MaybeUndefined<Date>,
    /// Field of activity, at most 60 characters; null takes it away.
    pub(super) field: MaybeUndefined<String>,
    /// Leadership class of the person at that time; null: not known.
    pub(super) leadership_class: MaybeUndefined<LeadershipClass>,
    /// Whether the collective was an enterprise at that time; null: not known.
    pub(super) enterprise: MaybeUndefined<bool>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// Input of a proposal about an award.
#[derive(InputObject)]
pub(crate) struct AwardProposeInput {
    /// The award.
    pub(super) id: ID,
    /// Version the caller read.
    pub(super) expected_version: i32,
    /// Why, at most 4,000 characters.
    pub(super) reason: String,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// Input of a proposal to cancel an award.
#[derive(InputObject)]
pub(crate) struct AwardCancelProposeInput {
    /// The award.
    pub(super) id: ID,
    /// Version the caller read.
    pub(super) expected_version: i32,
    /// Which of the grounds of the law (căn cứ hủy bỏ).
    pub(super) ground: Ground,
    /// Why, in words; at most 4,000 characters.
    pub(super) reason: String,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// Input of the confirmation of a proposal.
#[derive(InputObject)]
pub(crate) struct AwardConfirmInput {
    /// The award.
    pub(super) id: ID,
    /// Version the caller read.
    pub(super) expected_version: i32,
    /// The decision, in the register of the one that gave the award; its day is not before that of anything decided of the
    /// award earlier (`OUT_OF_RANGE`).
    pub(super) decision: PaperInput,
    /// Who decided; needed where an authority elsewhere decides on the title, such as the President: its decision is
    /// recorded then, with its own number. Absent: the one that gave the award.
    pub(super) issuer: Option<AwardDecider>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// Input of an act on an award that one person does.
#[derive(InputObject)]
pub(crate) struct AwardActInput {
    /// The award.
    pub(super) id: ID,
    /// Version the caller read.
    pub(super) expected_version: i32,
    /// The decision, in the register of the one that gave the award.
    pub(super) decision: PaperInput,
    /// Why, at most 4,000 characters.
    pub(super) reason: String,
    /// Who decided; needed where an authority elsewhere decides on the title, such as the President: its decision is
    /// recorded then, with its own number. Absent: the one that gave the award.
    pub(super) issuer: Option<AwardDecider>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}
