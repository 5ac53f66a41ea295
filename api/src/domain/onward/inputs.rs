//! What clients send about proposals to an authority above.
//! Nothing is checked here.

use async_graphql::{Enum, ID, InputObject};
use entity::onward_event::Kind;
use entity::onward_result::Outcome;

use crate::domain::award::AwardDecider;
use crate::scalar::Date;

/// Input of `onwardSubmissionCreate`.
#[derive(InputObject)]
pub(crate) struct OnwardSubmissionCreateInput {
    /// Title, such as "Đề nghị tặng Bằng khen của Thủ tướng Chính phủ"; at most 300 characters.
    pub(super) title: String,
    /// Who decides: the President, the Government, the Prime Minister or the Standing Committee of the National Assembly.
    pub(super) authority: AwardDecider,
    /// The tenant that receives it, of the kind `CENTRAL`; absent for an addressee that is no tenant.
    pub(super) addressee_id: Option<ID>,
    /// Name of the addressee where it is no tenant, at most 300 characters; beside `addresseeId` no other name than
    /// that of the tenant (`INVALID_COMBINATION`).
    pub(super) addressee_name: Option<String>,
    /// Nominees of approved submissions whose ballot has passed, in order, each at most in one proposal; at most 100.
    pub(super) nominee_ids: Vec<ID>,
    /// Remark, at most 4,000 characters; it is not sent.
    pub(super) note: Option<String>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// Input of `onwardSubmissionUpdate`.
#[derive(InputObject)]
pub(crate) struct OnwardSubmissionUpdateInput {
    /// The proposal.
    pub(super) id: ID,
    /// Version the caller read.
    pub(super) expected_version: i32,
    /// New title, at most 300 characters; absent: as it is.
    pub(super) title: Option<String>,
    /// New list of nominees in the place of the old one; absent: as it is.
    pub(super) nominee_ids: Option<Vec<ID>>,
    /// New remark, at most 4,000 characters; absent: as it is.
    pub(super) note: Option<String>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// Input of `onwardSubmissionSend`.
#[derive(InputObject)]
pub(crate) struct OnwardSubmissionSendInput {
    /// The proposal.
    pub(super) id: ID,
    /// Version the caller read.
    pub(super) expected_version: i32,
    /// Number of the letter (số tờ trình), at most 60 characters.
    pub(super) letter_number: String,
    /// Day of the letter: not in the future, nor before the ballots on those whom it proposes were closed, nor before an
    /// earlier letter of the same proposal (`OUT_OF_RANGE`).
    pub(super) letter_date: Date,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// What the addressee does with a package before it is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum OnwardStep {
    /// Receives it (tiếp nhận).
    Receive,
    /// Begins to appraise it (thẩm định).
    Appraise,
    /// Returns it with a reason (trả lại).
    Return,
}

impl From<OnwardStep> for Kind {
    fn from(step: OnwardStep) -> Self {
        match step {
            OnwardStep::Receive => Self::Received,
            OnwardStep::Appraise => Self::UnderAppraisal,
            OnwardStep::Return => Self::Returned,
        }
    }
}

/// Input of `onwardPackageFollow`.
#[derive(InputObject)]
pub(crate) struct OnwardPackageFollowInput {
    /// The package.
    pub(super) id: ID,
    /// Version the caller read.
    pub(super) expected_version: i32,
    /// What happens.
    pub(super) step: OnwardStep,
    /// Why, at most 4,000 characters; must be given to return it.
    pub(super) reason: Option<String>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// The decision of the authority as it stands on paper.
#[derive(InputObject)]
pub(crate) struct OnwardDecisionInput {
    /// Number, from 1.
    pub(super) number: i32,
    /// What stands behind the number, such as `QĐ-TTg`; at most 60 characters.
    pub(super) symbol: String,
    /// Day of the decision, not in the future.
    pub(super) decided_on: Date,
    /// Post of the one who signed, at most 300 characters.
    pub(super) signer_post: Option<String>,
    /// Who decided; the authority of the proposal when absent.
    pub(super) issuer: Option<AwardDecider>,
    /// The issuer's name as it stands on the paper, at most 300 characters.
    pub(super) issuer_name: String,
}

/// What was decided on one nominee.
#[derive(InputObject)]
pub(crate) struct OnwardResultInput {
    /// Place of the nominee in the list of the package.
    pub(super) position: i32,
    /// What was decided.
    pub(super) outcome: Outcome,
    /// Code of the lower title or form, for `LOWER_TITLE` alone.
    pub(super) award_type_code: Option<String>,
    /// Why, at most 4,000 characters; demanded for every outcome but `AWARDED`.
    pub(super) reason: Option<String>,
}

/// Input of `onwardResultRecord`.
#[derive(InputObject)]
pub(crate) struct OnwardResultRecordInput {
    /// The package.
    pub(super) id: ID,
    /// Version the caller read.
    pub(super) expected_version: i32,
    /// The decision; absent where nobody is commended and there is none.
    pub(super) decision: Option<OnwardDecisionInput>,
    /// What was decided on each nominee of the package, on every one.
    pub(super) results: Vec<OnwardResultInput>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}

/// Input of `onwardResultRegister`.
#[derive(InputObject)]
pub(crate) struct OnwardResultRegisterInput {
    /// The package.
    pub(super) id: ID,
    /// Version the caller read.
    pub(super) expected_version: i32,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    pub(super) idempotency_key: Option<String>,
}
