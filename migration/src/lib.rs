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
mod wall;

/// Every migration, oldest first.
pub struct Migrator;

impl MigratorTrait for Migrator {
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
        ]
    }
}
