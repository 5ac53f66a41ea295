//! Typed errors of payloads: the GraphQL face of a fault.
//! No words enter here: they stand in [`crate::text`].
#![expect(
    missing_docs,
    reason = "the derive of the interface writes methods without documentation"
)]

use async_graphql::{Context, Interface, Object};

use super::{Code, Error, Fault, Result};
use crate::text::Language;

/// Why an operation was refused: a code for programs, a message for people, and the argument it is about.
#[derive(Interface)]
#[graphql(
    field(
        name = "code",
        ty = "Code",
        desc = "Stable code; a question that is refused bears it as `extensions.errorCode` of a top-level error."
    ),
    field(
        name = "message",
        ty = "String",
        desc = "What happened and what to do, in the language of `Accept-Language` (vi or en)."
    ),
    field(
        name = "path",
        ty = "Vec<String>",
        desc = "Path into the arguments, such as `input`, `expectedVersion`; one of a list stands at its index from 0 on, as in `input`, `awards`, `3`, `subjectId`."
    )
)]
pub enum UserError {
    /// The input alone is wrong.
    Validation(ValidationError),
    /// Nothing of that id, or not for the caller to know.
    NotFound(NotFoundError),
    /// Someone was faster.
    Conflict(ConflictError),
    /// Visible, but not to be done by the caller.
    Permission(PermissionDeniedError),
    /// A rule says no.
    Refused(RefusedError),
}

macro_rules! user_error {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty = $value:expr),* }) => {
        $(#[$doc])*
        pub struct $name(Fault);

        $(#[$doc])*
        #[Object]
        impl $name {
            /// Stable code.
            async fn code(&self) -> Code {
                self.0.code
            }

            /// What happened and what to do, in the language of `Accept-Language` (vi or en).
            async fn message(&self, ctx: &Context<'_>) -> String {
                self.0.message(ctx.data_opt::<Language>().copied().unwrap_or_default())
            }

            /// Path into the arguments, such as `input`, `expectedVersion`; one of a list stands at its index from 0 on, as
            /// in `input`, `awards`, `3`, `subjectId`.
            async fn path(&self) -> Vec<String> {
                self.0.path.clone()
            }

            $($(#[$field_doc])*
            async fn $field(&self) -> $ty {
                let read: fn(&Fault) -> $ty = $value;
                read(&self.0)
            })*
        }
    };
}

user_error! {
    /// The input alone is wrong: correct the argument at `path`.
    ValidationError {}
}
user_error! {
    /// Nothing of that id exists, or the caller may not know of it; the two look the same.
    NotFoundError {}
}
user_error! {
    /// Someone changed the object since it was read: read it again and repeat with the new version.
    ConflictError {
        /// Version of the object now; null only where none was told.
        current_version: Option<i32> = |fault| fault.current_version
    }
}
user_error! {
    /// The caller may see the object but not do this.
    PermissionDeniedError {}
}
user_error! {
    /// A rule of the domain says no: the state, the law, or another object stands against it.
    RefusedError {}
}

impl From<Fault> for UserError {
    #[expect(clippy::too_many_lines, reason = "one line a code")]
    fn from(fault: Fault) -> Self {
        match fault.code {
            Code::NotFound => Self::NotFound(NotFoundError(fault)),
            Code::Forbidden => Self::Permission(PermissionDeniedError(fault)),
            Code::Conflict => Self::Conflict(ConflictError(fault)),
            Code::InvalidId
            | Code::InvalidCursor
            | Code::Required
            | Code::TooLong
            | Code::OutOfRange
            | Code::InvalidFormat
            | Code::InvalidCombination
            | Code::PeriodReversed
            | Code::ReasonRequired
            | Code::PasswordRejected
            | Code::GrantPlaceInvalid
            | Code::CriterionInvalid
            | Code::RuleInvalid
            | Code::AwardUnknown
            | Code::TenantUnknown
            | Code::MeasureInvalid => Self::Validation(ValidationError(fault)),
            Code::NoticeNotOver
            | Code::ComplaintOpen
            | Code::ComplaintUpheld
            | Code::AlreadyExists
            | Code::SignInFailed
            | Code::SecondFactorFailed
            | Code::ExternalSignInFailed
            | Code::IdentityNotLinked
            | Code::SignInThrottled
            | Code::SessionExpired
            | Code::NotInForce
            | Code::UnitHasChildren
            | Code::MemberAlreadyPlaced
            | Code::MemberInUse
            | Code::MemberAlreadyAccepted
            | Code::HeadAlreadyAppointed
            | Code::CriteriaSetLocked
            | Code::CriteriaSetNotLocked
            | Code::EvidenceRequired
            | Code::PeerNotAssigned
            | Code::FinalState
            | Code::DecidedSince
            | Code::ComparisonIncomplete
            | Code::WrongState
            | Code::NoNominee
            | Code::AwardNotApplicable
            | Code::SelfApproval
            | Code::InitiativeUsed
            | Code::WrongCouncil
            | Code::InitiativeNotPassed
            | Code::InitiativeScopeBeyond
            | Code::SeatAlreadyHeld
            | Code::RuleBelowFloor
            | Code::NoQuorum
            | Code::BallotClosed
            | Code::OpinionsOutstanding
            | Code::AlreadyVoted
            | Code::Recused
            | Code::NotOnRoll
            | Code::CountsDoNotReconcile
            | Code::RoundsExhausted
            | Code::SecondPersonRequired
            | Code::DecisionNumberGap
            | Code::DecisionNumberOrder
            | Code::SettledByDecision
            | Code::NotTheAuthority
            | Code::DecidersDiffer
            | Code::NotRevocable
            | Code::TwoPersonsRequired
            | Code::NotProposed
            | Code::QuotaExceeded
            | Code::FundInsufficient
            | Code::EligibilityFailed
            | Code::SubjectMissing
            | Code::TieUndecided
            | Code::VoteMissing
            | Code::VoteNotPassed
            | Code::PartyOpinionMissing
            | Code::PartyOpinionAgainst
            | Code::IdempotencyConflict => Self::Refused(RefusedError(fault)),
        }
    }
}

/// Parts an outcome into what a payload holds: the value, or the typed errors; only faults of ours
/// and missing sign-in stay errors.
pub fn outcome<T>(result: Result<T>) -> async_graphql::Result<(Option<T>, Vec<UserError>)> {
    match result {
        Ok(value) => Ok((Some(value), Vec::new())),
        Err(Error::Fault(fault)) => Ok((None, vec![UserError::from(*fault)])),
        Err(error @ (Error::Unauthenticated | Error::Broken(_))) => Err(error.into()),
    }
}

/// Declares the payload of a mutation: the object it is about, and the typed errors.
#[macro_export]
macro_rules! payload {
    ($name:ident, $field:ident: $ty:ty, $about:literal) => {
        #[doc = concat!("Outcome of the mutation: ", $about, " or the reasons why not.")]
        #[derive(async_graphql::SimpleObject)]
        pub(crate) struct $name {
            #[doc = concat!("The ", $about, "; null when there are errors.")]
            pub(crate) $field: Option<$ty>,
            /// Why nothing was done; empty on success.
            pub(crate) errors: Vec<$crate::error::UserError>,
        }

        impl $name {
            /// The payload of a result; our own faults stay errors.
            pub(crate) fn of(result: $crate::error::Result<$ty>) -> async_graphql::Result<Self> {
                let ($field, errors) = $crate::error::outcome(result)?;
                Ok(Self { $field, errors })
            }
        }
    };
}
