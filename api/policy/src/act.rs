//! The whole policy: how far each act reaches for each role, one line an act.
//! No row, no state and no time enters here; those belong to the rules of a domain.

use entity::role_grant::Role;
use strum::{EnumIter, IntoStaticStr};

use crate::actor::Actor;

/// How far an act reaches, seen from the place of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
pub enum Reach {
    /// Not at all.
    Nothing,
    /// Rows the caller wrote or is.
    Own,
    /// Rows of the grant's unit and of every unit below it.
    Unit,
    /// [`Reach::Own`] and [`Reach::Unit`] together.
    OwnUnit,
    /// Rows of the grant's unit, of those below and of those above it.
    Line,
    /// Every row of the current tenant.
    Tenant,
    /// Rows of the grant's cluster.
    Cluster,
    /// Rows about the members that are the caller's own units.
    Seat,
    /// Rows of clusters in which an own unit is a member.
    Member,
    /// Rows of clusters that the current tenant organises.
    Organiser,
    /// [`Reach::Organiser`] and [`Reach::Seat`] together.
    OrganiserSeat,
    /// [`Reach::Organiser`] and [`Reach::Member`] together.
    OrganiserMember,
    /// Rows of the grant's council.
    Council,
    /// Every row of the current tenant, and every row that another tenant has sent to it.
    Addressed,
}

/// Everything that can be done, named as its mutation, or the reading of a kind of row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, IntoStaticStr)]
#[expect(missing_docs, reason = "each act is the mutation or the reading of its name")]
pub enum Act {
    UnitRead,
    UnitCreate,
    UnitUpdate,
    UnitClose,
    UserRead,
    UserCreate,
    UserDeactivate,
    UserReactivate,
    SessionsRevoke,
    GrantCreate,
    GrantRevoke,
    PasswordChange,
    SecondFactorReset,
    IdentityUnlink,
    SignInSettingRead,
    SignInSettingUpdate,
    AuditRead,
    AnswerRead,
    ClusterRead,
    ClusterCreate,
    ClusterUpdate,
    ClusterMemberAdd,
    ClusterMemberAccept,
    ClusterMemberRemove,
    ClusterHeadAppoint,
    CriteriaSetCreate,
    CriteriaSetUpdate,
    CriteriaSetLock,
    ScoreRead,
    ScoreSelfRecord,
    ScorePeerAssign,
    ScorePeerRecord,
    ScoreVerify,
    ComparisonPublish,
    SubjectRead,
    SubjectCreate,
    SubjectUpdate,
    YearRecordRecord,
    DisciplineRecord,
    DisciplineClose,
    InitiativeRecognise,
    InitiativeUse,
    InitiativeProposalRead,
    InitiativePropose,
    InitiativeProposalWithdraw,
    InitiativeProposalRecognise,
    InitiativeProposalRefuse,
    ClearanceAsk,
    ClearanceAnswer,
    AwardTypeRead,
    AwardTypeCreate,
    AwardTypeEnd,
    EligibilityRuleRead,
    EligibilityRuleCreate,
    EligibilityRuleEnd,
    LegalDocumentRead,
    LegalDocumentCreate,
    LegalDocumentEnd,
    QuotaRead,
    QuotaCreate,
    QuotaWaive,
    QuotaEnd,
    QuotaBasisRecord,
    FundRead,
    FundEntryRecord,
    SubmissionRead,
    SubmissionCreate,
    SubmissionUpdate,
    NomineeAdd,
    NomineeUpdate,
    NomineeRemove,
    DocumentAdd,
    DocumentRemove,
    SubmissionSend,
    SubmissionRecall,
    SubmissionReceive,
    SubmissionReturn,
    SubmissionAppraise,
    SubmissionApprove,
    SubmissionReject,
    CouncilRead,
    CouncilCreate,
    CouncilUpdate,
    CouncilSeatCreate,
    CouncilSeatClose,
    SeatHolderAppoint,
    SeatHolderEnd,
    BallotRuleSet,
    CouncilSessionRead,
    SessionPlan,
    AgendaItemAdd,
    SessionPaperAdd,
    CandidateDowngrade,
    SessionOpen,
    SessionClose,
    InvitationAnswer,
    AttendanceRecord,
    TieDeclare,
    AgendaItemConclude,
    SessionMinutesCorrect,
    SessionTaskAdd,
    SessionTaskUpdate,
    BallotRead,
    BallotOpen,
    BallotCast,
    BallotPaperCountEnter,
    BallotClose,
    BallotCloseConfirm,
    BallotTieDecide,
    BallotPreviewRead,
    OnwardSubmissionRead,
    OnwardSubmissionCreate,
    OnwardSubmissionUpdate,
    OnwardSubmissionSend,
    OnwardPackageRead,
    OnwardPackageFollow,
    OnwardResultRecord,
    OnwardResultRegister,
    DecisionRead,
    DecisionIssue,
    AwardRead,
    AwardCorrect,
    AwardCancelPropose,
    AwardCancelConfirm,
    AwardRevokePropose,
    AwardRevokeConfirm,
    AwardRestore,
    AwardReissue,
    AwardsImport,
    AwardStatisticsRead,
    AwardTargetRead,
    AwardTargetCreate,
    AwardTargetUpdate,
    MovementRead,
    MovementCreate,
    MovementUpdate,
    ExemplarRead,
    ExemplarCreate,
    ExemplarStepAdd,
    NoticeRead,
    NoticeRuleSet,
    NoticeRuleEnd,
    NoticeOpen,
    ComplaintFile,
    ComplaintStepAdd,
}

impl Act {
    /// The act's name, as audit entries and tests print it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Number of roles: the width of the table.
pub const ROLES: usize = 11;

const fn column(role: Role) -> usize {
    match role {
        Role::CentralOfficer => 0,
        Role::ProvinceChair => 1,
        Role::CouncilSecretary => 2,
        Role::StandingOfficer => 3,
        Role::ClusterCoordinator => 4,
        Role::ClusterDeputy => 5,
        Role::UnitHead => 6,
        Role::UnitOfficer => 7,
        Role::Auditor => 8,
        Role::TenantAdministrator => 9,
        Role::CouncilMember => 10,
    }
}

#[expect(clippy::match_same_arms, clippy::too_many_lines, reason = "one line an act, alike or not")]
#[rustfmt::skip]
fn table(act: Act) -> [Reach; ROLES] {
    use Reach::{Addressed as Ad, Cluster as Cl, Council as Co, Line, Member as Mb, Nothing as No, Organiser as Or, OrganiserMember as OM, OrganiserSeat as OS, Own, OwnUnit as OU, Seat, Tenant as Te, Unit as Un};
    match act {
        //                            Central Chair Secr. Stand. Coord. Deputy Head  Offic. Audit. Admin Memb.
        Act::UnitRead            => [ Te,     Te,   Te,   Te,    No,    No,    Line, Line, Te,    Te,  No  ],
        Act::UnitCreate          => [ No,     No,   No,   Te,    No,    No,    No,   No,   No,    Te,  No  ],
        Act::UnitUpdate          => [ No,     No,   No,   Te,    No,    No,    No,   No,   No,    Te,  No  ],
        Act::UnitClose           => [ No,     No,   No,   Te,    No,    No,    No,   No,   No,    Te,  No  ],
        Act::UserRead            => [ Te,     Te,   Te,   Te,    Own,   Own,   Own,  Own,  Te,    Te,  Own ],
        Act::UserCreate          => [ No,     No,   No,   No,    No,    No,    No,   No,   No,    Te,  No  ],
        Act::UserDeactivate      => [ No,     No,   No,   No,    No,    No,    No,   No,   No,    Te,  No  ],
        Act::UserReactivate      => [ No,     No,   No,   No,    No,    No,    No,   No,   No,    Te,  No  ],
        Act::SessionsRevoke      => [ No,     No,   No,   No,    No,    No,    No,   No,   No,    Te,  No  ],
        Act::GrantCreate         => [ No,     No,   No,   No,    No,    No,    No,   No,   No,    Te,  No  ],
        Act::GrantRevoke         => [ No,     No,   No,   No,    No,    No,    No,   No,   No,    Te,  No  ],
        Act::PasswordChange      => [ Own,    Own,  Own,  Own,   Own,   Own,   Own,  Own,  Own,   Own, Own ],
        Act::SecondFactorReset   => [ No,     No,   No,   No,    No,    No,    No,   No,   No,    Te,  No  ],
        Act::IdentityUnlink      => [ No,     No,   No,   No,    No,    No,    No,   No,   No,    Te,  No  ],
        Act::SignInSettingRead   => [ Te,     Te,   Te,   Te,    No,    No,    No,   No,   Te,    Te,  No  ],
        Act::SignInSettingUpdate => [ No,     No,   No,   No,    No,    No,    No,   No,   No,    Te,  No  ],
        Act::AuditRead           => [ Own,    Te,   Own,  Own,   Own,   Own,   OU,   OU,   Te,    Te,  Own ],
        Act::AnswerRead          => [ Own,    Own,  Own,  Own,   Own,   Own,   Own,  Own,  Own,   Own, Own ],
        Act::ClusterRead         => [ OM,     OM,   OM,   OM,    Cl,    Cl,    Mb,   Mb,   OM,    OM,  No  ],
        Act::ClusterCreate       => [ Or,     No,   Or,   Or,    No,    No,    No,   No,   No,    No,  No  ],
        Act::ClusterUpdate       => [ Or,     No,   Or,   Or,    No,    No,    No,   No,   No,    No,  No  ],
        Act::ClusterMemberAdd    => [ Or,     No,   Or,   Or,    No,    No,    No,   No,   No,    No,  No  ],
        Act::ClusterMemberAccept => [ Seat,   No,   Seat, Seat,  No,    No,    No,   No,   No,    No,  No  ],
        Act::ClusterMemberRemove => [ Or,     No,   Or,   Or,    No,    No,    No,   No,   No,    No,  No  ],
        Act::ClusterHeadAppoint  => [ Or,     No,   Or,   Or,    No,    No,    No,   No,   No,    No,  No  ],
        Act::CriteriaSetCreate   => [ Or,     No,   No,   Or,    Cl,    Cl,    No,   No,   No,    No,  No  ],
        Act::CriteriaSetUpdate   => [ Or,     No,   No,   Or,    Cl,    Cl,    No,   No,   No,    No,  No  ],
        Act::CriteriaSetLock     => [ Or,     No,   No,   Or,    Cl,    No,    No,   No,   No,    No,  No  ],
        Act::ScoreRead           => [ OS,     OS,   OS,   OS,    Cl,    Cl,    Seat, Seat, OS,    No,  No  ],
        Act::ScoreSelfRecord     => [ No,     No,   No,   No,    No,    No,    Seat, Seat, No,    No,  No  ],
        Act::ScorePeerAssign     => [ No,     No,   No,   No,    Cl,    Cl,    No,   No,   No,    No,  No  ],
        Act::ScorePeerRecord     => [ No,     No,   No,   No,    No,    No,    Seat, Seat, No,    No,  No  ],
        Act::ScoreVerify         => [ No,     No,   No,   No,    Cl,    Cl,    No,   No,   No,    No,  No  ],
        Act::ComparisonPublish   => [ Or,     No,   No,   Or,    Cl,    No,    No,   No,   No,    No,  No  ],
        Act::SubjectRead         => [ Te,     Te,   Te,   Te,    No,    No,    Un,   Un,   Te,    No,  No  ],
        Act::SubjectCreate       => [ No,     No,   No,   Te,    No,    No,    Un,   Un,   No,    No,  No  ],
        Act::SubjectUpdate       => [ No,     No,   No,   Te,    No,    No,    Un,   Un,   No,    No,  No  ],
        Act::YearRecordRecord    => [ No,     No,   No,   Te,    No,    No,    Un,   Un,   No,    No,  No  ],
        Act::DisciplineRecord    => [ No,     No,   No,   Te,    No,    No,    Un,   No,   No,    No,  No  ],
        Act::DisciplineClose     => [ No,     No,   No,   Te,    No,    No,    Un,   No,   No,    No,  No  ],
        Act::InitiativeRecognise => [ No,     No,   Te,   Te,    No,    No,    Un,   No,   No,    No,  No  ],
        Act::InitiativeUse       => [ No,     No,   Te,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::InitiativeProposalRead => [ Te,     Te,   Te,   Te,    No,    No,    Un,   Un,   Te,    No,  Co  ],
        Act::InitiativePropose   => [ No,     No,   No,   Te,    No,    No,    Un,   Un,   No,    No,  No  ],
        Act::InitiativeProposalWithdraw => [ No,     No,   No,   Te,    No,    No,    Un,   Un,   No,    No,  No  ],
        Act::InitiativeProposalRecognise => [ No,     Te,   Te,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::InitiativeProposalRefuse => [ No,     Te,   Te,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::ClearanceAsk        => [ No,     No,   Te,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::ClearanceAnswer     => [ No,     No,   Te,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::AwardTypeRead       => [ Te,     Te,   Te,   Te,    No,    No,    Te,   Te,   Te,    Te,  Te  ],
        Act::AwardTypeCreate     => [ No,     No,   No,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::AwardTypeEnd        => [ No,     No,   No,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::EligibilityRuleRead => [ Te,     Te,   Te,   Te,    No,    No,    Te,   Te,   Te,    Te,  No  ],
        Act::EligibilityRuleCreate => [ No,     No,   No,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::EligibilityRuleEnd  => [ No,     No,   No,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::LegalDocumentRead   => [ Te,     Te,   Te,   Te,    No,    No,    Te,   Te,   Te,    Te,  No  ],
        Act::LegalDocumentCreate => [ No,     No,   No,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::LegalDocumentEnd    => [ No,     No,   No,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::QuotaRead           => [ Te,     Te,   Te,   Te,    No,    No,    Te,   Te,   Te,    Te,  No  ],
        Act::QuotaCreate         => [ No,     No,   No,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::QuotaWaive          => [ No,     Te,   No,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::QuotaEnd            => [ No,     No,   No,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::QuotaBasisRecord    => [ No,     No,   No,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::FundRead            => [ Te,     Te,   Te,   Te,    No,    No,    Un,   Un,   Te,    No,  No  ],
        Act::FundEntryRecord     => [ No,     No,   No,   Te,    No,    No,    Un,   No,   No,    No,  No  ],
        Act::SubmissionRead      => [ Te,     Te,   Te,   Te,    No,    No,    Un,   Un,   Te,    No,  No  ],
        Act::SubmissionCreate    => [ No,     No,   No,   No,    No,    No,    Un,   Un,   No,    No,  No  ],
        Act::SubmissionUpdate    => [ No,     No,   No,   No,    No,    No,    Un,   Un,   No,    No,  No  ],
        Act::NomineeAdd          => [ No,     No,   No,   No,    No,    No,    Un,   Un,   No,    No,  No  ],
        Act::NomineeUpdate       => [ No,     No,   No,   No,    No,    No,    Un,   Un,   No,    No,  No  ],
        Act::NomineeRemove       => [ No,     No,   No,   No,    No,    No,    Un,   Un,   No,    No,  No  ],
        Act::DocumentAdd         => [ No,     No,   No,   No,    No,    No,    Un,   Un,   No,    No,  No  ],
        Act::DocumentRemove      => [ No,     No,   No,   No,    No,    No,    Un,   Un,   No,    No,  No  ],
        Act::SubmissionSend      => [ No,     No,   No,   No,    No,    No,    Un,   Un,   No,    No,  No  ],
        Act::SubmissionRecall    => [ No,     No,   No,   No,    No,    No,    Un,   Un,   No,    No,  No  ],
        Act::SubmissionReceive   => [ Te,     No,   Te,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::SubmissionReturn    => [ Te,     No,   Te,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::SubmissionAppraise  => [ Te,     No,   No,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::SubmissionApprove   => [ No,     Te,   No,   No,    No,    No,    No,   No,   No,    No,  No  ],
        Act::SubmissionReject    => [ No,     Te,   No,   No,    No,    No,    No,   No,   No,    No,  No  ],
        Act::CouncilRead         => [ Te,     Te,   Te,   Te,    No,    No,    No,   No,   Te,    Te,  Co  ],
        Act::CouncilCreate       => [ Te,     No,   Te,   Te,    No,    No,    No,   No,   No,    Te,  No  ],
        Act::CouncilUpdate       => [ Te,     No,   Te,   Te,    No,    No,    No,   No,   No,    Te,  No  ],
        Act::CouncilSeatCreate   => [ Te,     No,   Te,   Te,    No,    No,    No,   No,   No,    Te,  No  ],
        Act::CouncilSeatClose    => [ Te,     No,   Te,   Te,    No,    No,    No,   No,   No,    Te,  No  ],
        Act::SeatHolderAppoint   => [ No,     No,   Te,   No,    No,    No,    No,   No,   No,    Te,  No  ],
        Act::BallotRuleSet       => [ Te,     No,   Te,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::SeatHolderEnd       => [ No,     No,   Te,   No,    No,    No,    No,   No,   No,    Te,  No  ],
        Act::CouncilSessionRead  => [ Te,     Te,   Te,   Te,    No,    No,    No,   No,   Te,    No,  Co  ],
        Act::SessionPlan         => [ Te,     No,   Te,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::AgendaItemAdd       => [ Te,     No,   Te,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::SessionPaperAdd     => [ Te,     No,   Te,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::CandidateDowngrade  => [ No,     Te,   Te,   No,    No,    No,    No,   No,   No,    No,  No  ],
        Act::SessionOpen         => [ No,     Te,   Te,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::SessionClose        => [ No,     Te,   Te,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::InvitationAnswer    => [ No,     No,   No,   No,    No,    No,    No,   No,   No,    No,  Co  ],
        Act::AttendanceRecord    => [ No,     No,   Te,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::TieDeclare          => [ No,     No,   Te,   No,    No,    No,    No,   No,   No,    No,  Co  ],
        Act::AgendaItemConclude  => [ No,     Te,   Te,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::SessionMinutesCorrect => [ No,     Te,   Te,   No,    No,    No,    No,   No,   No,    No,  No  ],
        Act::SessionTaskAdd      => [ No,     Te,   Te,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::SessionTaskUpdate   => [ No,     Te,   Te,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::BallotRead          => [ Te,     Te,   Te,   Te,    No,    No,    No,   No,   Te,    No,  Co  ],
        Act::BallotOpen          => [ No,     No,   Te,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::BallotCast          => [ No,     No,   No,   No,    No,    No,    No,   No,   No,    No,  Co  ],
        Act::BallotPaperCountEnter => [ No,     No,   Te,   Te,    No,    No,    No,   No,   No,    No,  Co  ],
        Act::BallotClose         => [ No,     No,   Te,   No,    No,    No,    No,   No,   No,    No,  No  ],
        Act::BallotCloseConfirm  => [ No,     No,   No,   No,    No,    No,    No,   No,   No,    No,  Co  ],
        Act::BallotTieDecide     => [ No,     No,   No,   No,    No,    No,    No,   No,   No,    No,  Co  ],
        Act::BallotPreviewRead   => [ Te,     Te,   Te,   Te,    No,    No,    No,   No,   Te,    No,  No  ],
        Act::OnwardSubmissionRead => [ Te,     Te,   Te,   Te,   No,     No,     No,   No,   Te,     No,  No  ],
        Act::OnwardSubmissionCreate => [ No,     No,   Te,   Te,   No,     No,     No,   No,   No,     No,  No  ],
        Act::OnwardSubmissionUpdate => [ No,     No,   Te,   Te,   No,     No,     No,   No,   No,     No,  No  ],
        Act::OnwardSubmissionSend => [ No,     Te,   Te,   Te,   No,     No,     No,   No,   No,     No,  No  ],
        Act::OnwardPackageRead   => [ Ad,     Ad,   Ad,   Ad,   No,     No,     No,   No,   Ad,     No,  No  ],
        Act::OnwardPackageFollow => [ Ad,     No,   Ad,   Ad,   No,     No,     No,   No,   No,     No,  No  ],
        Act::OnwardResultRecord  => [ Ad,     No,   Ad,   Ad,   No,     No,     No,   No,   No,     No,  No  ],
        Act::OnwardResultRegister => [ No,     No,   Te,   Te,   No,     No,     No,   No,   No,     No,  No  ],
        Act::DecisionRead        => [ Te,     Te,   Te,   Te,    No,    No,    Line, Line, Te,    No,  No  ],
        Act::DecisionIssue       => [ Te,     Te,   No,   Te,    No,    No,    Un,   No,   No,    No,  No  ],
        Act::AwardRead           => [ Te,     Te,   Te,   Te,    No,    No,    Un,   Un,   Te,    No,  No  ],
        Act::AwardCorrect        => [ Te,     No,   No,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::AwardCancelPropose  => [ Te,     No,   Te,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::AwardCancelConfirm  => [ Te,     Te,   No,   No,    No,    No,    No,   No,   No,    No,  No  ],
        Act::AwardRevokePropose  => [ Te,     No,   Te,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::AwardRevokeConfirm  => [ Te,     Te,   No,   No,    No,    No,    No,   No,   No,    No,  No  ],
        Act::AwardRestore        => [ Te,     Te,   No,   No,    No,    No,    No,   No,   No,    No,  No  ],
        Act::AwardReissue        => [ Te,     No,   No,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::AwardsImport        => [ Te,     No,   No,   Te,    No,    No,    Un,   Un,   No,    No,  No  ],
        Act::AwardStatisticsRead => [ Te,     Te,   Te,   Te,    No,    No,    Te,   Te,   Te,    Te,  No  ],
        Act::AwardTargetRead     => [ Te,     Te,   Te,   Te,    No,    No,    Te,   Te,   Te,    Te,  No  ],
        Act::AwardTargetCreate   => [ No,     No,   No,   Te,    No,    No,    Un,   No,   No,    No,  No  ],
        Act::AwardTargetUpdate   => [ No,     No,   No,   Te,    No,    No,    Un,   No,   No,    No,  No  ],
        Act::MovementRead        => [ Te,     Te,   Te,   Te,    No,    No,    Te,   Te,   Te,    Te,  No  ],
        Act::MovementCreate      => [ No,     No,   No,   Te,    No,    No,    Un,   Un,   No,    No,  No  ],
        Act::MovementUpdate      => [ No,     No,   No,   Te,    No,    No,    Un,   Un,   No,    No,  No  ],
        Act::ExemplarRead        => [ Te,     Te,   Te,   Te,    No,    No,    Te,   Te,   Te,    Te,  No  ],
        Act::ExemplarCreate      => [ No,     No,   No,   Te,    No,    No,    Un,   Un,   No,    No,  No  ],
        Act::ExemplarStepAdd     => [ No,     No,   No,   Te,    No,    No,    Un,   Un,   No,    No,  No  ],
        Act::NoticeRead          => [ Te,     Te,   Te,   Te,    No,    No,    Un,   Un,   Te,    No,  No  ],
        Act::NoticeRuleSet       => [ No,     No,   No,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::NoticeRuleEnd       => [ No,     No,   No,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::NoticeOpen          => [ No,     No,   Te,   Te,    No,    No,    No,   No,   No,    No,  No  ],
        Act::ComplaintFile       => [ No,     No,   Te,   Te,    No,    No,    Un,   Un,   No,    No,  No  ],
        Act::ComplaintStepAdd    => [ No,     No,   Te,   Te,    No,    No,    No,   No,   No,    No,  No  ],
    }
}

/// Whether everyone who is signed in may do this to the rows that are their own, whatever the roles say.
#[must_use]
pub const fn is_for_oneself(act: Act) -> bool {
    matches!(act, Act::UserRead | Act::PasswordChange)
}

/// How far an act reaches for a role.
#[must_use]
pub fn reach(act: Act, role: Role) -> Reach {
    table(act).get(column(role)).copied().unwrap_or(Reach::Nothing)
}

impl Actor {
    /// Whether any grant reaches anything by this act.
    #[must_use]
    pub fn may(&self, act: Act) -> bool {
        is_for_oneself(act) || self.role_for(act).is_some()
    }

    /// The first role that lets the actor do this act somewhere.
    #[must_use]
    pub fn role_for(&self, act: Act) -> Option<Role> {
        self.grants.iter().map(|grant| grant.role).find(|role| reach(act, *role) != Reach::Nothing)
    }
}
