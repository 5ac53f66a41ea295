//! The stable codes of typed errors, as they stand in the schema.
//! No message enters here: the texts stand in the data.

use strum::{EnumIter, IntoStaticStr};

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
    /// A text has more characters than its argument allows; the message says how many that are.
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
    /// The submission, the agenda's list, the ballot or the decision names nobody.
    NoNominee,
    /// The title cannot be given to this kind of subject, or not for this type of commendation.
    AwardNotApplicable,
    /// Of a submission: the one who wrote or sent it may not decide it.
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
    /// The nominee is a name without a subject: nobody can ask the law about him.
    SubjectMissing,
    /// A ballot ended in a tie of votes that the chair has not decided yet.
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
    /// The fund of the year has less left than is to be paid.
    FundInsufficient,
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
    /// Nobody is stripped of this title or form: what should not have been given is cancelled.
    NotRevocable,
    /// Of the registry: who proposed to cancel, revoke or restore an award may not confirm it; another person has to.
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
    /// Absent members may still send written opinions: the cut-off of the ballot lies ahead, or there is none and nobody says
    /// why it ends without them.
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
    /// Of a ballot: who closed it may not confirm its end; another person has to.
    SecondPersonRequired,
}

impl Code {
    /// The code as text.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}
