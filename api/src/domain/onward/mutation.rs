//! Writes of proposals to an authority above.
//! No rule enters here: the table in `rules` decides, the policy knows who may.

use async_graphql::{Context, Object};

use super::inputs::{
    OnwardPackageFollowInput, OnwardResultRecordInput, OnwardResultRegisterInput,
    OnwardSubmissionCreateInput, OnwardSubmissionSendInput, OnwardSubmissionUpdateInput,
};
use super::{OnwardPackage, OnwardSubmission, draft, follow, register, send};
use crate::domain::{Ask, keyed, payload_under};
use crate::payload;

payload!(OnwardSubmissionCreatePayload, onward_submission: OnwardSubmission, "proposal begun");
payload!(OnwardSubmissionUpdatePayload, onward_submission: OnwardSubmission, "proposal as it is now");
payload_under!(
    OnwardSubmissionSendPayload, onward_package: OnwardPackage, "package as it was sent",
    onward_submission: OnwardSubmission, "proposal as it is now"
);
payload!(OnwardPackageFollowPayload, onward_package: OnwardPackage, "package");
payload!(OnwardResultRecordPayload, onward_package: OnwardPackage, "package with its results");
payload!(OnwardResultRegisterPayload, onward_package: OnwardPackage, "package");

/// Changes of proposals to an authority above.
#[derive(Default)]
pub struct OnwardMutation;

/// Changes of proposals to an authority above.
#[Object]
impl OnwardMutation {
    /// Begins a proposal to an authority above the tenant (lập hồ sơ trình cấp trên). Roles: council secretary, standing
    /// officer.
    async fn onward_submission_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: OnwardSubmissionCreateInput,
    ) -> async_graphql::Result<OnwardSubmissionCreatePayload> {
        keyed!(ctx, input => OnwardSubmissionCreatePayload: draft::create)
    }

    /// Changes a proposal that is a draft or was returned. Roles: those of `onwardSubmissionCreate`.
    async fn onward_submission_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change; absent fields stay as they are.")]
        input: OnwardSubmissionUpdateInput,
    ) -> async_graphql::Result<OnwardSubmissionUpdatePayload> {
        keyed!(ctx, input => OnwardSubmissionUpdatePayload: draft::update)
    }

    /// Sends a proposal with its letter (trình): everything about the nominees is frozen in a package. Refused for
    /// nominees without a passed ballot (`VOTE_MISSING`) or without the opinion of the Party committee where one is asked
    /// for (`PARTY_OPINION_MISSING`, `PARTY_OPINION_AGAINST`), and before the names were public for as long as the law or a
    /// regulation asks (`NOTICE_NOT_OVER`). The law is asked as for a decision: whoever it stands against on the day of the
    /// letter, with what is recorded by then, goes no further (`ELIGIBILITY_FAILED`), nor does a name to which no subject is
    /// linked (`SUBJECT_MISSING`). Roles: chair, council secretary, standing officer.
    async fn onward_submission_send(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal and its letter.")] input: OnwardSubmissionSendInput,
    ) -> async_graphql::Result<OnwardSubmissionSendPayload> {
        keyed!(ctx, input => OnwardSubmissionSendPayload: send::send)
    }

    /// Receives, appraises or returns a package; where the addressee is no tenant, the sender writes down what it hears.
    /// Roles: central officer, council secretary, standing officer of the addressee.
    async fn onward_package_follow(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What happens.")] input: OnwardPackageFollowInput,
    ) -> async_graphql::Result<OnwardPackageFollowPayload> {
        keyed!(ctx, input => OnwardPackageFollowPayload: follow::follow)
    }

    /// Records what the authority has decided on every nominee of a package, with its decision (kết quả khen thưởng): by
    /// the addressee, or by the sender from the paper. Roles: those of `onwardPackageFollow`, on either side.
    async fn onward_result_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The decision and what it says.")] input: OnwardResultRecordInput,
    ) -> async_graphql::Result<OnwardResultRecordPayload> {
        keyed!(ctx, input => OnwardResultRecordPayload: follow::record)
    }

    /// Takes what was recorded into the own registry: a decision of the authority, and an award for everyone it
    /// commends. No tenant writes into the registry of another. Roles: council secretary, standing officer of the sender.
    async fn onward_result_register(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The package.")] input: OnwardResultRegisterInput,
    ) -> async_graphql::Result<OnwardResultRegisterPayload> {
        keyed!(ctx, input => OnwardResultRegisterPayload: register::register)
    }
}
