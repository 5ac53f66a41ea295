//! What callers send of records.
//! No check enters here.

use async_graphql::{ID, InputObject};
use entity::clearance::Source;
use entity::discipline::{Form, Stage};
use entity::initiative::{Kind, Scope};
use entity::year_record::{ClusterScope, CompletionRating};

use crate::scalar::Date;

/// Input of `yearRecordRecord`: the whole record of the year; what is absent is not known.
#[derive(InputObject)]
pub(crate) struct YearRecordRecordInput {
    /// The subject.
    pub(super) subject_id: ID,
    /// The year, 1948 to 2100; with a rating, none that is still to come.
    pub(super) year: i32,
    /// Version the caller read; 0 where there is no record of the year yet.
    pub(super) expected_version: i32,
    /// How well the tasks were completed.
    pub(super) completion_rating: Option<CompletionRating>,
    /// Codes of the titles registered for, at most 20.
    #[graphql(default)]
    pub(super) registered_titles: Vec<String>,
    /// Final rank of a collective in its cluster or bloc, from 1; with `clusterScope`.
    pub(super) cluster_rank: Option<i32>,
    /// Whose cluster or bloc that is.
    pub(super) cluster_scope: Option<ClusterScope>,
    /// Number of members of a collective, 0 or more.
    pub(super) members_total: Option<i32>,
    /// Number of members who completed their tasks or better, 0 to `membersTotal`.
    pub(super) members_completed: Option<i32>,
    /// Number of members with the title of advanced labourer or soldier, 0 to `membersTotal`.
    pub(super) members_advanced: Option<i32>,
    /// Number of members with the title of grassroots emulation fighter, 0 to `membersTotal`.
    pub(super) members_base_fighter: Option<i32>,
    /// Number of members disciplined with a warning or more, 0 to `membersTotal`.
    pub(super) members_disciplined: Option<i32>,
    /// Where it is written, such as the number of a decision; at most 300 characters.
    pub(super) source: Option<String>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// Input of `disciplineRecord`.
#[derive(InputObject)]
pub(crate) struct DisciplineRecordInput {
    /// The subject.
    pub(super) subject_id: ID,
    /// Where the case stands.
    pub(super) stage: Stage,
    /// The form, where discipline was imposed.
    pub(super) form: Option<Form>,
    /// First day of the case or of the discipline.
    pub(super) from_day: Date,
    /// The day on which it ended.
    pub(super) end_day: Option<Date>,
    /// Number of the disciplinary decision (quyết định kỷ luật), at most 300 characters.
    pub(super) decision: Option<String>,
    /// Remark, at most 4,000 characters.
    pub(super) note: Option<String>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// Input of `disciplineClose`.
#[derive(InputObject)]
pub(crate) struct DisciplineCloseInput {
    /// The case.
    pub(super) id: ID,
    /// Version the caller read.
    pub(super) expected_version: i32,
    /// What came of it: `IMPOSED` or `CLEARED`.
    pub(super) stage: Stage,
    /// The form, where discipline was imposed.
    pub(super) form: Option<Form>,
    /// The day on which the case, or the discipline, ended; absent while the discipline goes on.
    pub(super) end_day: Option<Date>,
    /// Number of the disciplinary decision (quyết định kỷ luật), at most 300 characters.
    pub(super) decision: Option<String>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// Input of `initiativeRecognise`.
#[derive(InputObject)]
pub(crate) struct InitiativeRecogniseInput {
    /// The unit in which it was made.
    pub(super) unit_id: ID,
    /// Title, at most 4,000 characters.
    pub(super) title: String,
    /// What kind of work it is.
    #[graphql(default_with = "Kind::Initiative")]
    pub(super) kind: Kind,
    /// How far its effect is recognised.
    pub(super) scope: Scope,
    /// Who recognised it: council, number of the decision; at most 300 characters.
    pub(super) recognised_by: String,
    /// When it was recognised.
    pub(super) recognised_on: Date,
    /// The authors, 1 to 50 subjects.
    pub(super) author_ids: Vec<ID>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// Input of `initiativeUse`.
#[derive(InputObject)]
pub(crate) struct InitiativeUseInput {
    /// The initiative.
    pub(super) id: ID,
    /// Version the caller read.
    pub(super) expected_version: i32,
    /// Code of the title or form for which it is used.
    pub(super) award_type_code: String,
    /// Year in which it is used, to 2100; not before the one that precedes its recognition.
    pub(super) year: i32,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// Input of `initiativeUseCancel`.
#[derive(InputObject)]
pub(crate) struct InitiativeUseCancelInput {
    /// The initiative.
    pub(super) id: ID,
    /// Version the caller read.
    pub(super) expected_version: i32,
    /// Why it was marked by mistake, at most 4,000 characters; kept in the audit trail.
    pub(super) reason: String,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// Input of `clearanceAsk`.
#[derive(InputObject)]
pub(crate) struct ClearanceAskInput {
    /// The subject.
    pub(super) subject_id: ID,
    /// The year it is about, 1948 to 2100.
    pub(super) year: i32,
    /// Who is asked.
    pub(super) source: Source,
    /// Code of the title or form it is asked for; absent where it is asked about the subject as such.
    pub(super) award_type_code: Option<String>,
    /// What is asked, at most 4,000 characters.
    pub(super) question: Option<String>,
    /// When it is asked; today when absent.
    pub(super) asked_on: Option<Date>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// Input of `clearanceAnswer`.
#[derive(InputObject)]
pub(crate) struct ClearanceAnswerInput {
    /// The opinion that was asked for.
    pub(super) id: ID,
    /// Version the caller read.
    pub(super) expected_version: i32,
    /// When it was answered; today when absent.
    pub(super) answered_on: Option<Date>,
    /// Who answered: number of the letter, office; at most 300 characters.
    pub(super) answered_by: String,
    /// What was found, at most 4,000 characters.
    pub(super) finding: Option<String>,
    /// Whether the answer stands against a commendation.
    pub(super) is_blocking: bool,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}
