//! What callers send of a submission and its parts.
//! No check enters here.

use async_graphql::{ID, InputObject, MaybeUndefined};
use entity::nominee::SubjectKind;
use entity::submission::CommendationType;

use crate::scalar::Date;

/// A nominee to propose.
#[derive(InputObject)]
pub(crate) struct NomineeInput {
    /// A person, a collective or a household.
    pub(super) kind: SubjectKind,
    /// Name, at most 300 characters.
    pub(super) name: String,
    /// Post or address, at most 300 characters.
    pub(super) post: Option<String>,
    /// The title or form proposed; it must be in force and fit the kind and the type of commendation.
    pub(super) award_type_id: ID,
    /// Summary of the achievements, at most 4,000 characters.
    pub(super) achievement: Option<String>,
    /// Day of the achievement (ngày lập thành tích), not in the future: of the deed for a sudden one, of the review for a
    /// movement. By these types one may be commended several times a year, and only another day tells that it is
    /// another achievement.
    pub(super) achieved_on: Option<Date>,
    /// First year of the achievements it counts, not after the year of the submission, which is the last; that year alone
    /// when absent, and always for a title that is given for one year.
    pub(super) counting_from: Option<i32>,
    /// Field of activity, at most 60 characters; the award that comes of it has it too.
    pub(super) field: Option<String>,
    /// The subject whose record is read (đối tượng), of the same kind; absent for a name that is only written
    /// down.
    pub(super) subject_id: Option<ID>,
}

/// A document to add.
#[derive(InputObject)]
pub(crate) struct DocumentInput {
    /// What it is, such as "Tờ trình"; at most 300 characters.
    pub(super) title: String,
    /// Name of the file, at most 300 characters.
    pub(super) file_name: String,
    /// Media type, such as `application/pdf`; at most 300 characters.
    pub(super) media_type: String,
    /// Size of the content in bytes, a whole number in text, 0 or more.
    pub(super) size_bytes: String,
    /// SHA-256 of the content, 64 hexadecimal digits.
    pub(super) sha256: String,
}

/// Input of `submissionCreate`.
#[derive(InputObject)]
pub(crate) struct SubmissionCreateInput {
    /// The unit that submits; in force today.
    pub(super) unit_id: ID,
    /// Title, at most 300 characters.
    pub(super) title: String,
    /// Year of the achievements, 1948 to 2100.
    pub(super) year: i32,
    /// First day of the counting period, where it is not the calendar year.
    pub(super) period_from: Option<Date>,
    /// Last day of the counting period, where it is not the calendar year.
    pub(super) period_to: Option<Date>,
    /// Type of commendation; by merit when absent.
    #[graphql(default_with = "CommendationType::Merit")]
    pub(super) commendation_type: CommendationType,
    /// Remark to the council office, at most 4,000 characters.
    pub(super) note: Option<String>,
    /// The first nominees, at most 500.
    #[graphql(default)]
    pub(super) nominees: Vec<NomineeInput>,
    /// The first documents, at most 100.
    #[graphql(default)]
    pub(super) documents: Vec<DocumentInput>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// Input of `submissionUpdate`.
#[derive(InputObject)]
pub(crate) struct SubmissionUpdateInput {
    /// The submission.
    pub(super) id: ID,
    /// Version the caller read.
    pub(super) expected_version: i32,
    /// New title, at most 300 characters; null is refused (`REQUIRED`).
    pub(super) title: MaybeUndefined<String>,
    /// New year, 1948 to 2100; null is refused (`REQUIRED`).
    pub(super) year: MaybeUndefined<i32>,
    /// New first day of the counting period; null clears it.
    pub(super) period_from: MaybeUndefined<Date>,
    /// New last day of the counting period; null clears it.
    pub(super) period_to: MaybeUndefined<Date>,
    /// New remark, at most 4,000 characters; null clears it.
    pub(super) note: MaybeUndefined<String>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// Input of `nomineeAdd`.
#[derive(InputObject)]
pub(crate) struct NomineeAddInput {
    /// The submission.
    pub(super) submission_id: ID,
    /// The nominee.
    pub(super) nominee: NomineeInput,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// Input of `nomineeUpdate`.
#[derive(InputObject)]
pub(crate) struct NomineeUpdateInput {
    /// The nominee.
    pub(super) id: ID,
    /// Version of the nominee that the caller read, not of its submission.
    pub(super) expected_version: i32,
    /// New name, at most 300 characters; null is refused (`REQUIRED`).
    pub(super) name: MaybeUndefined<String>,
    /// New post, at most 300 characters; null clears it.
    pub(super) post: MaybeUndefined<String>,
    /// New title or form; null is refused (`REQUIRED`).
    pub(super) award_type_id: MaybeUndefined<ID>,
    /// New summary, at most 4,000 characters; null clears it.
    pub(super) achievement: MaybeUndefined<String>,
    /// New day of the achievement, not in the future; null clears it.
    pub(super) achieved_on: MaybeUndefined<Date>,
    /// New first year of the achievements it counts; null: the year of the submission alone.
    pub(super) counting_from: MaybeUndefined<i32>,
    /// New field of activity; null clears it.
    pub(super) field: MaybeUndefined<String>,
    /// The subject whose record is read; null clears it.
    pub(super) subject_id: MaybeUndefined<ID>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// Input of `nomineeRemove`.
#[derive(InputObject)]
pub(crate) struct NomineeRemoveInput {
    /// The nominee.
    pub(super) id: ID,
    /// Version of the nominee that the caller read, not of its submission.
    pub(super) expected_version: i32,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// Input of `documentAdd`.
#[derive(InputObject)]
pub(crate) struct DocumentAddInput {
    /// The submission.
    pub(super) submission_id: ID,
    /// The document.
    pub(super) document: DocumentInput,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// Input of `documentRemove`.
#[derive(InputObject)]
pub(crate) struct DocumentRemoveInput {
    /// The document.
    pub(super) id: ID,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}
