//! The end-to-end tests: every case against the real server, on SQLite and on PostgreSQL.
//! What a case needs to stand on is in `harness`; here are only the cases.

#![expect(
    clippy::indexing_slicing,
    clippy::similar_names,
    clippy::unwrap_used,
    reason = "a case that cannot go on panics; what is compared is named alike"
)]

use std::process::ExitCode;
use std::thread;

use harness::stage::Case;
use libtest_mimic::Arguments;

mod acceptance;
mod access;
mod advisories;
mod agenda;
mod appraisal;
mod approval;
mod assembly;
mod audit;
mod backup;
mod ballot;
mod ballot_attack;
mod ballot_machine;
mod ballot_open;
mod ballot_secrecy;
mod catalogue;
mod cluster;
mod collective;
mod comparison;
mod condition;
mod consultation;
mod contest;
mod council;
mod council_limits;
mod crash;
mod desk;
mod edges;
mod exemplar;
mod faults;
mod fitting;
mod fund;
mod fund_balance;
mod handling;
mod idempotency;
mod import_issuer;
mod import_names;
mod import_spellings;
mod initiative;
mod isolation;
mod journey;
mod law;
mod live;
mod migration;
mod minutes;
mod movement;
mod network;
mod nominee_span;
mod notice;
mod one_authority;
mod one_title;
mod onward;
mod onward_law;
mod operation;
mod order;
mod outage;
mod outlook;
mod own_award_type;
mod own_bonus;
mod pace;
mod party_opinion;
mod plans;
mod pool;
mod predecessor;
mod quota;
mod quota_decided;
mod quota_ledger;
mod registry;
mod registry_state;
mod rolling;
mod rules;
mod schema;
mod score;
mod session;
mod session_cancel;
mod signin;
mod sought;
mod start;
mod statements;
mod states;
mod statistics;
mod statistics_form;
mod statistics_found;
mod statistics_period;
mod subject;
mod substitute;
mod surface;
mod target;
mod told;
mod unit;
mod vote;
mod wall;
mod way;
mod ways;
mod wire;
mod workflow;
mod workflow_course;
mod workflow_dossier;
mod workflow_office;
mod workflow_session;
mod workflow_sudden;
mod world;
mod writes;

fn main() -> ExitCode {
    harness::server::set_program(env!("CARGO_BIN_EXE_thidua-under-test"));
    let trials =
        harness::stage::trials(&[of_service(), of_domain(), of_records(), of_councils()].concat());
    let conclusion = libtest_mimic::run(&arguments(), trials);
    harness::finish();
    conclusion.exit_code()
}

/// One case more at a time than there are cores: many wait for a clock or for the disk.
fn arguments() -> Arguments {
    let mut arguments = Arguments::from_args();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    arguments.test_threads.get_or_insert(cores + 1);
    arguments
}

/// What holds whatever the product is about.
fn of_service() -> Vec<Case> {
    [
        start::cases(),
        states::cases(),
        migration::cases(),
        world::cases(),
        vote::cases(),
        wall::cases(),
        pool::cases(),
        plans::cases(),
        session::cases(),
        signin::cases(),
        audit::cases(),
        idempotency::cases(),
        network::cases(),
        wire::cases(),
        backup::cases(),
        crash::cases(),
        outage::cases(),
        acceptance::cases(),
        rolling::cases(),
        schema::cases(),
        access::cases(),
        order::cases(),
        isolation::cases(),
        surface::cases(),
        advisories::cases(),
    ]
    .concat()
}

/// What the product is about.
fn of_domain() -> Vec<Case> {
    [
        journey::cases(),
        statements::cases(),
        writes::cases(),
        comparison::cases(),
        score::cases(),
        cluster::cases(),
        collective::cases(),
        unit::cases(),
        subject::cases(),
        sought::cases(),
        rules::cases(),
        catalogue::cases(),
        predecessor::cases(),
        ways::cases(),
        law::cases(),
        appraisal::cases(),
        condition::cases(),
        fund::cases(),
        fund_balance::cases(),
        workflow::cases(),
        one_authority::cases(),
        one_title::cases(),
        workflow_sudden::cases(),
        target::cases(),
        told::cases(),
        faults::cases(),
        movement::cases(),
        nominee_span::cases(),
        notice::cases(),
        handling::cases(),
        desk::cases(),
        exemplar::cases(),
        workflow_dossier::cases(),
        workflow_office::cases(),
        workflow_course::cases(),
        onward::cases(),
        onward_law::cases(),
        party_opinion::cases(),
        own_award_type::cases(),
        own_bonus::cases(),
    ]
    .concat()
}

/// What was given, and what is counted of it.
fn of_records() -> Vec<Case> {
    [
        registry::cases(),
        registry_state::cases(),
        import_issuer::cases(),
        import_names::cases(),
        import_spellings::cases(),
        statistics::cases(),
        statistics_form::cases(),
        statistics_found::cases(),
        statistics_period::cases(),
    ]
    .concat()
}

/// What councils do, and the places they have to give.
fn of_councils() -> Vec<Case> {
    [
        council::cases(),
        council_limits::cases(),
        session_cancel::cases(),
        agenda::cases(),
        outlook::cases(),
        consultation::cases(),
        ballot::cases(),
        ballot_secrecy::cases(),
        ballot_open::cases(),
        substitute::cases(),
        edges::cases(),
        initiative::cases(),
        quota::cases(),
        quota_decided::cases(),
        quota_ledger::cases(),
        live::cases(),
        ballot_attack::cases(),
        ballot_machine::cases(),
        workflow_session::cases(),
        minutes::cases(),
    ]
    .concat()
}
