//! Writes of submissions: begin, change, and the edges of the workflow.
//! No rule enters here: the table in `rules` decides, the policy knows who may.

use async_graphql::{Context, ID, InputObject, Object};

use super::Submission;
use super::children::{Document, Nominee};
use super::inputs::{
    DocumentAddInput, DocumentRemoveInput, NomineeAddInput, NomineeRemoveInput, NomineeUpdateInput,
    SubmissionCreateInput, SubmissionUpdateInput,
};
use super::rules::Action;
use super::take::{refuse, step};
use super::{content, parts};
use crate::domain::Ask;
use crate::payload;

payload!(SubmissionCreatePayload, submission: Submission, "submission begun");
payload!(SubmissionUpdatePayload, submission: Submission, "submission as it is now");
payload!(NomineeAddPayload, nominee: Nominee, "nominee added");
payload!(NomineeUpdatePayload, nominee: Nominee, "nominee as it is now");
payload!(NomineeRemovePayload, submission: Submission, "submission without the nominee");
payload!(DocumentAddPayload, document: Document, "document added");
payload!(DocumentRemovePayload, submission: Submission, "submission without the document");

/// Input of a step that needs no reason.
#[derive(InputObject)]
pub(crate) struct SubmissionStepInput {
    /// The submission.
    pub(super) id: ID,
    /// Version the caller read.
    pub(super) expected_version: i32,
    /// A remark that goes into the history, at most 4,000 characters.
    pub(super) note: Option<String>,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

/// Input of a step that must give its reason.
#[derive(InputObject)]
pub(crate) struct SubmissionReasonInput {
    /// The submission.
    pub(super) id: ID,
    /// Version the caller read.
    pub(super) expected_version: i32,
    /// Why, at most 4,000 characters; the unit reads it.
    pub(super) reason: String,
    /// Any text of the client's own, up to 100 ASCII characters: a repeated request with the same key and
    /// input within 24 hours is answered as before, and nothing is done twice.
    idempotency_key: Option<String>,
}

macro_rules! step_payloads {
    ($($name:ident),*) => {
        $(payload!($name, submission: Submission, "submission as it is now");)*
    };
}

step_payloads!(
    SubmissionSendPayload,
    SubmissionRecallPayload,
    SubmissionReceivePayload,
    SubmissionReturnPayload,
    SubmissionAppraisePayload,
    SubmissionApprovePayload,
    SubmissionRejectPayload
);

/// Changes of submissions.
#[derive(Default)]
pub struct SubmissionMutation;

/// Changes of submissions.
#[Object]
impl SubmissionMutation {
    /// Begins a submission of a unit, with its first nominees and documents. Roles: unit head, unit officer.
    async fn submission_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The submission to begin.")] input: SubmissionCreateInput,
    ) -> async_graphql::Result<SubmissionCreatePayload> {
        let key = input.idempotency_key.clone();
        SubmissionCreatePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(content::create(&gate, input))).await
            }
            .await,
        )
    }

    /// Changes a submission that is a draft, returned or recalled. Roles: unit head, unit officer.
    async fn submission_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change; absent fields stay as they are.")]
        input: SubmissionUpdateInput,
    ) -> async_graphql::Result<SubmissionUpdatePayload> {
        let key = input.idempotency_key.clone();
        SubmissionUpdatePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(content::update(&gate, input))).await
            }
            .await,
        )
    }

    /// Adds a nominee at the end of the list. Roles: unit head, unit officer.
    async fn nominee_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The nominee.")] input: NomineeAddInput,
    ) -> async_graphql::Result<NomineeAddPayload> {
        let key = input.idempotency_key.clone();
        NomineeAddPayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(parts::add_nominee(&gate, input))).await
            }
            .await,
        )
    }

    /// Changes a nominee. Roles: unit head, unit officer.
    async fn nominee_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change; absent fields stay as they are.")]
        input: NomineeUpdateInput,
    ) -> async_graphql::Result<NomineeUpdatePayload> {
        let key = input.idempotency_key.clone();
        NomineeUpdatePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(parts::update_nominee(&gate, input))).await
            }
            .await,
        )
    }

    /// Takes a nominee off the list. Roles: unit head, unit officer.
    async fn nominee_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The nominee.")] input: NomineeRemoveInput,
    ) -> async_graphql::Result<NomineeRemovePayload> {
        let key = input.idempotency_key.clone();
        NomineeRemovePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(parts::remove_nominee(&gate, input))).await
            }
            .await,
        )
    }

    /// Adds a document: what it is and the hash of its content. Roles: unit head, unit officer.
    async fn document_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The document.")] input: DocumentAddInput,
    ) -> async_graphql::Result<DocumentAddPayload> {
        let key = input.idempotency_key.clone();
        DocumentAddPayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(parts::add_document(&gate, input))).await
            }
            .await,
        )
    }

    /// Takes a document off. Roles: unit head, unit officer.
    async fn document_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The document.")] input: DocumentRemoveInput,
    ) -> async_graphql::Result<DocumentRemovePayload> {
        let key = input.idempotency_key.clone();
        DocumentRemovePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(parts::remove_document(&gate, input))).await
            }
            .await,
        )
    }

    /// Sends a submission to the council office (gửi); it needs a nominee. Roles: unit head, unit officer.
    async fn submission_send(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to send.")] input: SubmissionStepInput,
    ) -> async_graphql::Result<SubmissionSendPayload> {
        let key = input.idempotency_key.clone();
        SubmissionSendPayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(step(&gate, Action::Send, input))).await
            }
            .await,
        )
    }

    /// Takes a sent submission back before it is received (thu hồi). Roles: unit head, unit officer.
    async fn submission_recall(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to take back.")] input: SubmissionStepInput,
    ) -> async_graphql::Result<SubmissionRecallPayload> {
        let key = input.idempotency_key.clone();
        SubmissionRecallPayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(step(&gate, Action::Recall, input))).await
            }
            .await,
        )
    }

    /// Receives a sent submission (tiếp nhận). Roles: standing officer, council secretary, central officer.
    async fn submission_receive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to receive.")] input: SubmissionStepInput,
    ) -> async_graphql::Result<SubmissionReceivePayload> {
        let key = input.idempotency_key.clone();
        SubmissionReceivePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(step(&gate, Action::Receive, input))).await
            }
            .await,
        )
    }

    /// Returns a submission to the unit, which may change it and send it again (trả lại). Roles: standing
    /// officer, council secretary, central officer.
    async fn submission_return(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to return, and why.")] input: SubmissionReasonInput,
    ) -> async_graphql::Result<SubmissionReturnPayload> {
        let key = input.idempotency_key.clone();
        SubmissionReturnPayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(refuse(&gate, Action::Return, input))).await
            }
            .await,
        )
    }

    /// Records that a received submission was appraised (thẩm định); not while it proposes a name without a subject for a
    /// title of the State level (`SUBJECT_MISSING`): it is returned, so that the unit links one. Roles: standing officer,
    /// central officer.
    async fn submission_appraise(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was appraised.")] input: SubmissionStepInput,
    ) -> async_graphql::Result<SubmissionAppraisePayload> {
        let key = input.idempotency_key.clone();
        SubmissionAppraisePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(step(&gate, Action::Appraise, input))).await
            }
            .await,
        )
    }

    /// Approves an appraised submission; never by its author (phê duyệt), nor while it proposes a name without a subject for
    /// a title of the State level (`SUBJECT_MISSING`). Role: province chair.
    async fn submission_approve(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to approve.")] input: SubmissionStepInput,
    ) -> async_graphql::Result<SubmissionApprovePayload> {
        let key = input.idempotency_key.clone();
        SubmissionApprovePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(step(&gate, Action::Approve, input))).await
            }
            .await,
        )
    }

    /// Rejects a submission for good; never by its author (từ chối), nor while a ballot on it is open (`WRONG_STATE`). Role:
    /// province chair.
    async fn submission_reject(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to reject, and why.")] input: SubmissionReasonInput,
    ) -> async_graphql::Result<SubmissionRejectPayload> {
        let key = input.idempotency_key.clone();
        SubmissionRejectPayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(refuse(&gate, Action::Reject, input))).await
            }
            .await,
        )
    }
}
