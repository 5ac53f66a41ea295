//! The gate room: who may touch which rows. The only holder of a database connection.
//!
//! A caller's token becomes an [`Actor`]: a user, one current tenant, and the grants in force there.
//! What is done is an [`Act`]; the crate [`policy`] says how far each act reaches for each role, and turns
//! that reach into a condition of SQL; [`Gate`] puts the condition on every query
//! and [`Tx`] on every write. Territory and clusters are two lines that never mix: a row belongs to
//! one tenant or to one cluster ([`entity::owned`]), and a cluster never opens a tenant's rows.
//! No domain is named here.

pub mod audit;
mod ballot_box;
mod database;
mod gate;
mod link;
mod loader;
mod oidc;
mod once;
mod password;
mod pool;
mod pulse;
mod reached;
mod revocation;
mod sealing;
mod seat;
mod session;
mod shaped;
mod shelf;
mod sight;
mod tally;
mod token;
mod tx;

pub use ::policy;
pub use ballot_box::{BoxKey, Half, Listed, TELLER, receipt};
pub use database::{Address, Database};
pub use gate::{Gate, Request, Rows, day_before, today};
pub use loader::{Loader, uuid};
pub use oidc::{Arrival, Departure, Offer, Providers};
pub use once::{Answer, Once, sweep as sweep_answers};
pub use password::{Hashing, Password};
#[cfg(all(feature = "wall-1-switch", debug_assertions))]
pub use policy::switch_off_scope;
pub use policy::{Act, Actor, Coverage, Grant, Place, place};
pub use pulse::{Following, Pulses};
pub use revocation::Revocations;
pub use sealing::Sealing;
#[cfg(test)]
pub(crate) use session::world;
pub use session::{Enrolment, Entry, Peer, Session, Sessions, SignIn};
pub use sight::ROLE;
pub use token::{Claims, Issuer, KeySource, Keys, Refused};
pub use tx::{Stored, Tx};

use entity::owned::Owned;

/// A table whose rows can be asked for by id, and the act that reads them.
pub trait Readable: Owned {
    /// The act under which rows are read.
    const READ: Act;
}

macro_rules! readable {
    ($($table:ident => $act:ident),* $(,)?) => {
        $(impl Readable for entity::$table::Entity {
            const READ: Act = Act::$act;
        })*
    };
}

readable! {
    award_type => AwardTypeRead,
    own_rule => EligibilityRuleRead,
    own_bonus_rate => AwardTypeRead,
    own_document => LegalDocumentRead,
    notice_rule => LegalDocumentRead,
    quota => QuotaRead,
    quota_entry => SubmissionRead,
    unit => UnitRead,
    unit_lineage => UnitRead,
    account => UserRead,
    role_grant => UserRead,
    sign_in_setting => SignInSettingRead,
    audit_event => AuditRead,
    cluster => ClusterRead,
    cluster_member => ClusterRead,
    cluster_head => ClusterRead,
    criteria_set => ClusterRead,
    criterion => ClusterRead,
    comparison => ClusterRead,
    score => ScoreRead,
    score_change => ScoreRead,
    subject => SubjectRead,
    subject_membership => SubjectRead,
    year_record => SubjectRead,
    discipline => SubjectRead,
    initiative => SubjectRead,
    initiative_proposal => InitiativeProposalRead,
    initiative_proposer => InitiativeProposalRead,
    clearance => SubjectRead,
    onward => OnwardSubmissionRead,
    onward_nominee => OnwardSubmissionRead,
    onward_package => OnwardPackageRead,
    onward_event => OnwardPackageRead,
    onward_result => OnwardPackageRead,
    decision => DecisionRead,
    award => AwardRead,
    award_target => AwardTargetRead,
    movement => MovementRead,
    notice => NoticeRead,
    complaint => NoticeRead,
    complaint_step => NoticeRead,
    exemplar => ExemplarRead,
    exemplar_step => ExemplarRead,
    award_act => AwardRead,
    award_proposal => AwardRead,
    submission => SubmissionRead,
    nominee => SubmissionRead,
    submission_document => SubmissionRead,
    submission_transition => SubmissionRead,
    council => CouncilRead,
    ballot_rule => CouncilRead,
    council_session => CouncilSessionRead,
    agenda_item => CouncilSessionRead,
    candidate => CouncilSessionRead,
    session_paper => CouncilSessionRead,
    session_seat => CouncilSessionRead,
    declared_tie => CouncilSessionRead,
    session_task => CouncilSessionRead,
    session_minutes => CouncilSessionRead,
    ballot => BallotRead,
    ballot_candidate => BallotRead,
    ballot_result => BallotRead,
    ballot_roll => BallotRead,
    ballot_register => BallotRead,
    open_vote => BallotRead,
    paper_count => BallotRead,
    tie_decision => BallotRead,
    council_seat => CouncilRead,
    seat_holder => CouncilRead,
}
