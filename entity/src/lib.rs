//! The tables: one file each, with its row, its enums and whose rows they are.
//! No API promise and no rule enters here: a column is not a field.
#![allow(
    missing_docs,
    clippy::allow_attributes,
    clippy::disallowed_methods,
    clippy::must_use_candidate,
    clippy::allow_attributes_without_reason,
    reason = "the derives of sea-orm write public items and call the banned finders inside this crate"
)]

pub mod owned;

pub mod account;
pub mod agenda_item;
pub mod appraisal;
pub mod appraisal_finding;
pub mod audit_checkpoint;
pub mod audit_event;
pub mod audit_node;
pub mod audit_pending;
pub mod award;
pub mod award_act;
pub mod award_cell;
pub mod award_proposal;
pub mod award_subject;
pub mod award_target;
pub mod award_type;
pub mod ballot;
pub mod ballot_box;
pub mod ballot_candidate;
pub mod ballot_key;
pub mod ballot_listed;
pub mod ballot_register;
pub mod ballot_result;
pub mod ballot_roll;
pub mod ballot_rule;
pub mod base_salary;
pub mod bonus_rate;
pub mod candidate;
pub mod clearance;
pub mod cluster;
pub mod cluster_head;
pub mod cluster_member;
pub mod comparison;
pub mod comparison_row;
pub mod complaint;
pub mod complaint_step;
pub mod condition_confirmation;
pub mod council;
pub mod council_seat;
pub mod council_session;
pub mod criteria_set;
pub mod criterion;
pub mod decision;
pub mod decision_gap;
pub mod decision_submission;
pub mod declared_tie;
pub mod discipline;
pub mod eligibility_rule;
pub mod exemplar;
pub mod exemplar_step;
pub mod external_identity;
pub mod fund_entry;
pub mod initiative;
pub mod initiative_author;
pub mod initiative_proposal;
pub mod initiative_proposer;
pub mod kept_answer;
pub mod legal_document;
pub mod movement;
pub mod nominee;
pub mod notice;
pub mod notice_rule;
pub mod onward;
pub mod onward_event;
pub mod onward_nominee;
pub mod onward_package;
pub mod onward_result;
pub mod open_vote;
pub mod own_bonus_rate;
pub mod own_document;
pub mod own_rule;
pub mod paper_count;
pub mod peer_assignment;
pub mod pulse;
pub mod quota;
pub mod quota_basis;
pub mod quota_entry;
pub mod quota_waiver;
pub mod recovery_code;
pub mod reference_data;
pub mod refresh_token;
pub mod revocation;
pub mod role_grant;
pub mod score;
pub mod score_change;
pub mod seat_holder;
pub mod second_factor;
pub mod session_minutes;
pub mod session_paper;
pub mod session_seat;
pub mod session_task;
pub mod sign_in_setting;
pub mod sign_in_throttle;
pub mod subject;
pub mod subject_membership;
pub mod submission;
pub mod submission_document;
pub mod submission_transition;
pub mod tenant;
pub mod tenant_code;
pub mod tenant_lineage;
pub mod tie_decision;
pub mod unit;
pub mod unit_above;
pub mod unit_lineage;
pub mod year_record;
