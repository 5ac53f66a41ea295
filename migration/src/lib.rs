//! The history of the database: one change a file, applied in order, with constraints that have names.
//! Nothing of `entity` or `api` enters here: history must not change when the present does.

pub use sea_orm_migration::prelude::*;

mod dialect;
mod m20261121_000001_tenant;
mod m20261121_000002_unit;
mod m20261121_000003_account;
mod m20261121_000004_audit_event;
mod m20261121_000005_cluster;
mod m20261121_000006_criteria_set;
mod m20261121_000007_score;
mod m20261121_000008_comparison;
mod m20261121_000009_award_type;
mod m20261121_000010_submission;
mod m20261121_000011_reference_data;
mod m20261121_000012_revocation;
mod m20261121_000015_audit_seal;
mod m20261121_000016_idempotency;
mod m20261121_000020_row_security;
mod m20261121_000021_score_change_tenant;
mod m20261121_000022_second_factor;
mod m20261121_000023_external_identity;
mod m20261122_000030_seat_of_its_tenant;
mod m20261122_000030_subject;
mod m20261122_000031_fact;
mod m20261122_000032_rule;
mod m20261122_000040_council;
mod m20261122_000041_ballot_rule;
mod m20261122_000042_council_session;
mod m20261122_000043_ballot;
mod m20261122_000050_award;
mod m20261122_000060_bonus;
mod m20261122_000061_quota;
mod m20261122_000062_fund;
mod m20261122_000063_appraisal;
mod m20261122_000070_pulse;
mod m20261122_000080_party_opinion;
mod m20261122_000081_onward;
mod m20261122_000090_award_target;
mod m20261122_000091_movement;
mod m20261122_000092_exemplar;
mod m20261122_000093_notice;
mod m20261122_000094_initiative_proposal;
mod m20261122_000110_vote;
mod m20261122_000111_symbol_key;
mod m20261122_000112_consultation;
mod m20261122_000113_repayment;
mod m20261122_000120_quota_commendation;
mod m20261122_000121_own_award_type;
mod m20261122_000122_own_rule_end;
mod m20261122_000123_cancel_ground;
mod m20261122_000129_own_ends;
mod m20261122_000130_quota_ledger;
mod m20261122_000131_quota_basis;
mod m20261122_000137_open_vote;
mod m20261122_000138_session_minutes;
mod m20261122_000141_handling;
mod m20261122_000146_award_type_owner;
mod m20261122_000147_quota_parts;
mod m20261122_000148_own_bonus_rate;
mod m20261122_000150_enterprise;
mod m20261123_000153_achievement_day;
mod m20261123_000154_waiting_for_decision;
mod m20261123_000155_fund_again;
mod m20261123_000156_kept_answer_key;
mod m20261123_000162_nominee_name;
mod m20261124_000157_quota_return;
mod m20261124_000158_session_cancel;
mod m20261124_000160_initiative_award;
mod m20261124_000163_one_key_one_request;
mod m20261124_000164_told_of_a_person;
mod m20261124_000165_nominee_span;
mod m20261124_000167_condition_confirmation;
mod m20261125_000169_award_nominee;
mod m20261125_000170_order_of_none;
mod m20261125_000171_ballot_close_reason;
mod m20261125_000173_frozen_rounds;
mod m20261125_000174_waiting_index;
mod wall;

/// Every migration, oldest first.
pub struct Migrator;

impl MigratorTrait for Migrator {
    #[expect(clippy::too_many_lines, reason = "one line a migration")]
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_tenant::Migration),
            Box::new(m20261121_000002_unit::Migration),
            Box::new(m20261121_000003_account::Migration),
            Box::new(m20261121_000004_audit_event::Migration),
            Box::new(m20261121_000005_cluster::Migration),
            Box::new(m20261121_000006_criteria_set::Migration),
            Box::new(m20261121_000007_score::Migration),
            Box::new(m20261121_000008_comparison::Migration),
            Box::new(m20261121_000009_award_type::Migration),
            Box::new(m20261121_000010_submission::Migration),
            Box::new(m20261121_000011_reference_data::Migration),
            Box::new(m20261121_000012_revocation::Migration),
            Box::new(m20261121_000015_audit_seal::Migration),
            Box::new(m20261121_000016_idempotency::Migration),
            Box::new(m20261121_000020_row_security::Migration),
            Box::new(m20261121_000021_score_change_tenant::Migration),
            Box::new(m20261121_000022_second_factor::Migration),
            Box::new(m20261121_000023_external_identity::Migration),
            Box::new(m20261122_000030_seat_of_its_tenant::Migration),
            Box::new(m20261122_000030_subject::Migration),
            Box::new(m20261122_000031_fact::Migration),
            Box::new(m20261122_000032_rule::Migration),
            Box::new(m20261122_000040_council::Migration),
            Box::new(m20261122_000041_ballot_rule::Migration),
            Box::new(m20261122_000042_council_session::Migration),
            Box::new(m20261122_000043_ballot::Migration),
            Box::new(m20261122_000050_award::Migration),
            Box::new(m20261122_000060_bonus::Migration),
            Box::new(m20261122_000061_quota::Migration),
            Box::new(m20261122_000062_fund::Migration),
            Box::new(m20261122_000063_appraisal::Migration),
            Box::new(m20261122_000070_pulse::Migration),
            Box::new(m20261122_000080_party_opinion::Migration),
            Box::new(m20261122_000081_onward::Migration),
            Box::new(m20261122_000090_award_target::Migration),
            Box::new(m20261122_000091_movement::Migration),
            Box::new(m20261122_000092_exemplar::Migration),
            Box::new(m20261122_000093_notice::Migration),
            Box::new(m20261122_000094_initiative_proposal::Migration),
            Box::new(m20261122_000110_vote::Migration),
            Box::new(m20261122_000111_symbol_key::Migration),
            Box::new(m20261122_000112_consultation::Migration),
            Box::new(m20261122_000113_repayment::Migration),
            Box::new(m20261122_000120_quota_commendation::Migration),
            Box::new(m20261122_000121_own_award_type::Migration),
            Box::new(m20261122_000122_own_rule_end::Migration),
            Box::new(m20261122_000123_cancel_ground::Migration),
            Box::new(m20261122_000129_own_ends::Migration),
            Box::new(m20261122_000130_quota_ledger::Migration),
            Box::new(m20261122_000131_quota_basis::Migration),
            Box::new(m20261122_000137_open_vote::Migration),
            Box::new(m20261122_000138_session_minutes::Migration),
            Box::new(m20261122_000141_handling::Migration),
            Box::new(m20261122_000146_award_type_owner::Migration),
            Box::new(m20261122_000147_quota_parts::Migration),
            Box::new(m20261122_000148_own_bonus_rate::Migration),
            Box::new(m20261122_000150_enterprise::Migration),
            Box::new(m20261123_000153_achievement_day::Migration),
            Box::new(m20261123_000154_waiting_for_decision::Migration),
            Box::new(m20261123_000155_fund_again::Migration),
            Box::new(m20261123_000156_kept_answer_key::Migration),
            Box::new(m20261124_000157_quota_return::Migration),
            Box::new(m20261124_000158_session_cancel::Migration),
            Box::new(m20261124_000160_initiative_award::Migration),
            Box::new(m20261124_000163_one_key_one_request::Migration),
            Box::new(m20261124_000164_told_of_a_person::Migration),
            Box::new(m20261124_000165_nominee_span::Migration),
            Box::new(m20261123_000162_nominee_name::Migration),
            Box::new(m20261124_000167_condition_confirmation::Migration),
            Box::new(m20261125_000169_award_nominee::Migration),
            Box::new(m20261125_000170_order_of_none::Migration),
            Box::new(m20261125_000171_ballot_close_reason::Migration),
            Box::new(m20261125_000173_frozen_rounds::Migration),
            Box::new(m20261125_000174_waiting_index::Migration),
        ]
    }
}
