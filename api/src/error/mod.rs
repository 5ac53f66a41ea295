//! What can go wrong: expected answers with stable codes, and faults of our own.
//! No words enter here: they stand in [`crate::text`].

mod payload;

use std::sync::Arc;

use async_graphql::{ErrorExtensionValues, ErrorExtensions};
use strum::{EnumIter, IntoStaticStr};

use crate::reference;
use crate::text::{self, Language};

pub use payload::{UserError, outcome};

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What stops an operation.
#[derive(Clone, Debug)]
pub enum Error {
    /// No valid sign-in.
    Unauthenticated,
    /// An expected answer: the input, the rule or the permission says no.
    Fault(Box<Fault>),
    /// Our fault: logged once with the request id, never shown.
    Broken(Arc<anyhow::Error>),
}

/// An expected no: its code, the input it is about, and what the message needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Stable code.
    pub code: Code,
    /// Path into the arguments, from `input` on.
    pub path: Vec<String>,
    /// Values for the message.
    pub parameters: Vec<(&'static str, String)>,
    /// Version of the row now, when someone was faster.
    pub current_version: Option<i32>,
}

/// The parameter beside `award` with the English name of a tenant's own title.
const IN_ENGLISH: &str = "award_en";

/// Stable codes of typed errors; clients must tolerate codes they do not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, IntoStaticStr, async_graphql::Enum)]
#[graphql(name = "ErrorCode")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Code {
    /// Nothing of that id exists, or the caller may not know of it.
    NotFound,
    /// The caller may see the object but not do this.
    Forbidden,
    /// Someone changed the object since it was read; read it again.
    Conflict,
    /// The id is not one of the expected type.
    InvalidId,
    /// The cursor is not one of this list with these conditions and this order.
    InvalidCursor,
    /// A value is missing or empty.
    Required,
    /// A text is longer than allowed.
    TooLong,
    /// A number, date or list is outside its bounds.
    OutOfRange,
    /// A value has not the form that is asked for.
    InvalidFormat,
    /// Arguments contradict each other.
    InvalidCombination,
    /// Another object has this code, name or place already.
    AlreadyExists,
    /// The end lies before the beginning.
    PeriodReversed,
    /// The reason is missing.
    ReasonRequired,
    /// Tenant, user name or password is wrong, or the account is closed.
    SignInFailed,
    /// Too many failed sign-ins; wait and try again.
    SignInThrottled,
    /// The code of the second factor is wrong, or was used before.
    SecondFactorFailed,
    /// The external provider did not verify the user for this attempt; begin again.
    ExternalSignInFailed,
    /// The identity that the provider has verified is linked to no user of the tenant.
    IdentityNotLinked,
    /// The refresh token is not valid any more; sign in again.
    SessionExpired,
    /// The password is too weak or the same as before.
    PasswordRejected,
    /// The role cannot hold at this place.
    GrantPlaceInvalid,
    /// The unit, tenant, cluster, council or title was not in force on that day.
    NotInForce,
    /// The unit still has units below it.
    UnitHasChildren,
    /// The unit is a member of another cluster of the structure in that period.
    MemberAlreadyPlaced,
    /// The member has scores or heads the cluster and cannot simply be removed.
    MemberInUse,
    /// The invitation was accepted already.
    MemberAlreadyAccepted,
    /// The cluster has a head in that year already.
    HeadAlreadyAppointed,
    /// The criteria set is locked.
    CriteriaSetLocked,
    /// The criteria set is not locked yet: no score can be entered.
    CriteriaSetNotLocked,
    /// The criterion or its parameters break a rule of the tree.
    CriterionInvalid,
    /// The reported values do not fit the kind of the criterion.
    MeasureInvalid,
    /// Evidence, or an explanation why there is none, must be given.
    EvidenceRequired,
    /// The member is not assigned to score that member.
    PeerNotAssigned,
    /// The comparison is published and final.
    FinalState,
    /// Something was decided after that day under what would end with it.
    DecidedSince,
    /// Some members have not reported everything.
    ComparisonIncomplete,
    /// The action is not possible in the present state.
    WrongState,
    /// The submission has no nominee.
    NoNominee,
    /// The title cannot be given to this kind of subject, or not for this type of commendation.
    AwardNotApplicable,
    /// The one who wrote or sent it may not decide it.
    SelfApproval,
    /// The initiative served for an award already.
    InitiativeUsed,
    /// The council does not vote on this: another kind of council does.
    WrongCouncil,
    /// No ballot of a council has passed on the initiative.
    InitiativeNotPassed,
    /// How far the effect reaches is recognised by a council of a higher level.
    InitiativeScopeBeyond,
    /// The law stands against a nominee.
    EligibilityFailed,
    /// A ballot ended in a tie that the chair has not decided yet.
    TieUndecided,
    /// The title is given to nobody on whom no ballot of a council has passed.
    VoteMissing,
    /// A council has voted on those who were proposed, and none has passed.
    VoteNotPassed,
    /// The Party committee must give its opinion first.
    PartyOpinionMissing,
    /// The opinion of the Party committee stands against it.
    PartyOpinionAgainst,
    /// More is asked for than a quota allows.
    QuotaExceeded,
    /// The nominees were not public for as long as the law or a regulation asks.
    NoticeNotOver,
    /// A complaint about a nominee is not answered yet.
    ComplaintOpen,
    /// A complaint about a nominee was upheld, and the list was not sent again since.
    ComplaintUpheld,
    /// The rule is no tree of conditions that can be evaluated.
    RuleInvalid,
    /// Numbers before this one are left out and nobody says why.
    DecisionNumberGap,
    /// A number before this one bears a later day.
    DecisionNumberOrder,
    /// A correction would change what the decision settled: to whom it is given, or for what.
    SettledByDecision,
    /// The title or form is not given by this authority.
    NotTheAuthority,
    /// The list has titles or forms that no one authority decides together.
    DecidersDiffer,
    /// Two persons are needed: the one who proposed it may not confirm it.
    TwoPersonsRequired,
    /// Nobody has proposed it.
    NotProposed,
    /// No title or form has this code or name, or more than one has.
    AwardUnknown,
    /// Which tenant had this code or name at that time is not known, or who gave an award.
    TenantUnknown,
    /// The key was used before for another input.
    IdempotencyConflict,
    /// The seat has a holder in that period already, or the user holds another seat of the council.
    SeatAlreadyHeld,
    /// The regulation asks for less than the law: the rule cannot be set.
    RuleBelowFloor,
    /// Too few members are present: no ballot can be opened.
    NoQuorum,
    /// The ballot is closed, or the time for written opinions is over.
    BallotClosed,
    /// Absent members may still send written opinions: the cut-off of the ballot lies ahead.
    OpinionsOutstanding,
    /// The member has voted in this round already.
    AlreadyVoted,
    /// The member has a conflict of interest and does not vote here.
    Recused,
    /// The caller is not among those who vote here, or not in this way.
    NotOnRoll,
    /// The paper ballots do not add up, or the two who counted them disagree.
    CountsDoNotReconcile,
    /// No further round is allowed.
    RoundsExhausted,
    /// A second person has to do this.
    SecondPersonRequired,
}

impl Code {
    /// The code as text.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl Fault {
    /// A fault about one argument of the input.
    #[must_use]
    pub fn at(code: Code, path: &str) -> Self {
        let path = path.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Self { code, path, parameters: Vec::new(), current_version: None }
    }

    /// Gives the message a value.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "most values are numbers and short texts")]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.parameters.push((name, value.to_string()));
        self
    }

    /// Names the title or form it is about: one of the law's by its code, one of a tenant's own by its names in
    /// Vietnamese and English.
    #[must_use]
    pub fn about(self, (award, in_english): (&str, &str)) -> Self {
        self.with("award", award).with(IN_ENGLISH, in_english)
    }

    /// A title or form in a language: as the catalogue has it, or a tenant's own as it was given.
    fn award(&self, said: &str, language: Language) -> Option<String> {
        let of_law = reference::award_name(said, language);
        let in_english = || {
            let given = self.parameters.iter().find(|(name, _)| *name == IN_ENGLISH);
            given.filter(|_| language == Language::En).map(|(_, value)| value.as_str())
        };
        of_law.or_else(in_english).map(str::to_owned)
    }

    /// The message in a language. Titles stand in it by their names, and what has words of its own by those.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        let say = |(name, value): &(&'static str, String)| {
            let said = match *name {
                "award" => self.award(value, language),
                _ => Some(text::phrase(name, value, language)),
            };
            (*name, said.unwrap_or_else(|| value.clone()))
        };
        let mut parameters: Vec<_> = self.parameters.iter().map(say).collect();
        if parameters.iter().all(|(name, _)| *name != "field") {
            // One of a list is told by the name of the list.
            let name = self.path.iter().rfind(|part| part.parse::<usize>().is_err());
            parameters.push(("field", name.cloned().unwrap_or_default()));
        }
        text::message(self.code.name(), &parameters, language)
    }
}

impl Error {
    /// The id names nothing the caller may know of.
    #[must_use]
    pub fn not_found() -> Self {
        Fault::at(Code::NotFound, "input.id").into()
    }

    /// The caller may not do this.
    #[must_use]
    pub fn forbidden() -> Self {
        Fault::at(Code::Forbidden, "input").into()
    }

    /// Someone was faster.
    #[must_use]
    pub fn conflict(current: i32) -> Self {
        let fault = Fault::at(Code::Conflict, "input.expectedVersion").with("version", current);
        Fault { current_version: Some(current), ..fault }.into()
    }

    /// Our fault.
    #[must_use]
    pub fn broken(what: &str) -> Self {
        Self::Broken(Arc::new(anyhow::anyhow!("{what}")))
    }

    /// An error that several readers of one batch share.
    #[must_use]
    pub fn shared(error: Arc<Self>) -> Self {
        Arc::unwrap_or_clone(error)
    }

    /// The same fault, said of another argument.
    #[must_use]
    pub fn at(self, path: &str) -> Self {
        match self {
            Self::Fault(fault) => {
                let path = Fault::at(fault.code, path).path;
                Self::Fault(Box::new(Fault { path, ..*fault }))
            }
            Self::Unauthenticated | Self::Broken(_) => self,
        }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Fault(Box::new(fault))
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(fault: sea_orm::DbErr) -> Self {
        match fault.sql_err() {
            Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => {
                Fault::at(Code::AlreadyExists, "input").into()
            }
            Some(_) | None => Self::Broken(Arc::new(fault.into())),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(fault: serde_json::Error) -> Self {
        Self::Broken(Arc::new(fault.into()))
    }
}

impl From<anyhow::Error> for Error {
    fn from(fault: anyhow::Error) -> Self {
        Self::Broken(Arc::new(fault))
    }
}

/// Code of a top-level error: nobody is signed in.
pub const UNAUTHENTICATED: &str = "UNAUTHENTICATED";
/// Code of a top-level error that the hall masks: the fault is ours.
pub const INTERNAL: &str = "INTERNAL_SERVER_ERROR";

impl From<Error> for async_graphql::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Unauthenticated => Self::new("Sign in first.")
                .extend_with(|_, extensions| extensions.set("code", UNAUTHENTICATED)),
            Error::Fault(fault) => {
                let said = Self::new(fault.message(Language::En));
                let said = said.extend_with(|_, extensions| tell(&fault, extensions));
                // The hall says it again, in the language of the caller.
                Self { source: Some(Arc::new(*fault)), ..said }
            }
            Error::Broken(fault) => Self::new(format!("{fault:#}"))
                .extend_with(|_, extensions| extensions.set("code", INTERNAL)),
        }
    }
}

/// What programs read of a fault that refused a question.
fn tell(fault: &Fault, extensions: &mut ErrorExtensionValues) {
    let is_forbidden = fault.code == Code::Forbidden;
    extensions.set("code", if is_forbidden { "FORBIDDEN" } else { "BAD_USER_INPUT" });
    extensions.set("errorCode", fault.code.name());
    if !fault.path.is_empty() {
        extensions.set("argument", fault.path.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_stands_in_a_message_by_its_name() {
        let said = |award: &str, language| {
            Fault::at(Code::NotTheAuthority, "input").with("award", award).message(language)
        };
        let (code, own) = ("PROVINCIAL_CERTIFICATE", "so-noi-vu:BEST");
        assert!(said(code, Language::Vi).starts_with("Bằng khen"), "{}", said(code, Language::Vi));
        assert!(!said(code, Language::En).contains(code), "{}", said(code, Language::En));
        assert!(said(own, Language::Vi).starts_with(own), "what the catalogue has not stays");
    }

    #[test]
    fn a_tenants_own_title_stands_in_a_message_by_its_name() {
        let of = |names| Fault::at(Code::NotTheAuthority, "input").about(names);
        let own = of(("Công dân danh dự (mẫu)", "Honorary citizen (sample)"));
        assert!(own.message(Language::Vi).starts_with("Công dân danh dự (mẫu)"));
        assert!(own.message(Language::En).starts_with("Honorary citizen (sample)"));
        let of_law = of(("PROVINCIAL_CERTIFICATE", "PROVINCIAL_CERTIFICATE"));
        assert!(of_law.message(Language::Vi).starts_with("Bằng khen"));
        assert!(!of_law.message(Language::En).contains("PROVINCIAL_CERTIFICATE"));
    }

    #[test]
    fn values_stand_within_words() {
        let fault = Fault::at(Code::RuleInvalid, "input.tree").with("detail", "no such title");
        let said = fault.with("value", "X").message(Language::Vi);
        assert_eq!(said, "Điều kiện không hợp lệ: không có danh hiệu, hình thức X.");
    }
}
