//! Who may do what: the whole policy as a table, and what each mutation answers to each role.

use std::collections::BTreeSet;
use std::fmt::Write;

use api::access::Act;
use api::access::policy::{Reach, reach};
use entity::role_grant::Role;
use expect_test::expect_file;
use harness::cases;
use harness::client::{Answer, Client};
use harness::server::Server;
use harness::stage::{Case, Stage};
use harness::world::{Province, World};
use serde_json::json;
use strum::IntoEnumIterator;

use crate::fitting::Fitting;
use crate::{operation, schema};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        each_mutation_answers_each_role;
        pure: the_policy_is_the_one_that_was_read, every_mutation_is_an_act
    ]
}

/// Mutations without an act: whoever has the secret may.
const SESSION: [&str; 9] = [
    "externalSignInStart",
    "externalSignIn",
    "identityLink",
    "signIn",
    "signInConfirm",
    "sessionRefresh",
    "signOut",
    "secondFactorEnrol",
    "secondFactorConfirm",
];

/// The roles in the order of the tables.
pub(crate) const ROLES: [Role; 11] = [
    Role::CentralOfficer,
    Role::ProvinceChair,
    Role::CouncilSecretary,
    Role::StandingOfficer,
    Role::ClusterCoordinator,
    Role::ClusterDeputy,
    Role::UnitHead,
    Role::UnitOfficer,
    Role::Auditor,
    Role::TenantAdministrator,
    Role::CouncilMember,
];

const fn heading(role: Role) -> &'static str {
    match role {
        Role::CentralOfficer => "Central",
        Role::ProvinceChair => "Chair",
        Role::CouncilSecretary => "Secretary",
        Role::StandingOfficer => "Standing",
        Role::ClusterCoordinator => "Coordinator",
        Role::ClusterDeputy => "Deputy",
        Role::UnitHead => "Head",
        Role::UnitOfficer => "Officer",
        Role::Auditor => "Auditor",
        Role::TenantAdministrator => "Administrator",
        Role::CouncilMember => "Member",
    }
}

/// Lines of equal columns, each as wide as its widest cell.
pub(crate) fn table(lines: &[Vec<String>]) -> String {
    let columns = lines.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| lines.iter().map(|line| line[column].len()).max().unwrap();
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for line in lines {
        let cells = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        let line = cells.collect::<Vec<_>>().join("  ");
        writeln!(text, "{}", line.trim_end()).unwrap();
    }
    text
}

pub(crate) fn headings(first: &str, more: &[&str]) -> Vec<String> {
    let roles = ROLES.iter().map(|role| heading(*role));
    [first].into_iter().chain(roles).chain(more.iter().copied()).map(str::to_owned).collect()
}

fn the_policy_is_the_one_that_was_read(_: &Stage) {
    assert_eq!(ROLES.len(), api::access::policy::ROLES);
    let mut lines = vec![headings("", &[])];
    for act in Act::iter() {
        let cells = ROLES.iter().map(|role| {
            let reach = reach(act, *role);
            if reach == Reach::Nothing { "-" } else { reach.into() }
        });
        let line = [act.name()].into_iter().chain(cells).map(str::to_owned).collect::<Vec<_>>();
        assert!(line[1..].iter().any(|cell| cell != "-"), "nobody may {}", act.name());
        lines.push(line);
    }

    expect_file!["snapshots/policy.txt"].assert_eq(&table(&lines));
}

fn every_mutation_is_an_act(_: &Stage) {
    let mutations = schema::mutations().into_iter();
    let named: BTreeSet<String> = mutations
        .filter(|field| !SESSION.contains(&field.as_str()))
        .map(|field| operation::pascal(&field))
        .collect();

    let acts = Act::iter().map(Act::name).filter(|act| !act.ends_with("Read"));

    assert_eq!(named, acts.map(str::to_owned).collect());
}

/// A person of a province: of this role, or the unit officer of another office.
fn person(province: &Province, role: Option<Role>, server: &Server) -> Client {
    role.map_or_else(|| province.neighbour.sign_in(server), |role| province.sign_in(server, role))
}

/// Each mutation on an object of the own province, of the own unit for unit roles, of the own cluster for
/// cluster roles, and by the unit officer of another office.
fn each_mutation_answers_each_role(stage: &Stage) {
    let server = stage.server();
    let mutations = schema::mutations();
    let mutations: Vec<_> =
        mutations.iter().filter(|field| !SESSION.contains(&field.as_str())).collect();
    let mut lines = vec![headings("", &["Other office"])];
    lines.extend(mutations.iter().map(|field| vec![(*field).clone()]));
    for role in ROLES.into_iter().map(Some).chain([None]) {
        let world = World::on(&server);
        let client = person(&world.a, role, &server);
        let mut fitting = Fitting::new(&world, &world.a);
        for (line, field) in lines[1..].iter_mut().zip(&mutations) {
            line.push(outcome(&client, &mut fitting, field));
        }
    }

    expect_file!["snapshots/mutations.txt"].assert_eq(&table(&lines));
}

fn outcome(client: &Client, fitting: &mut Fitting<'_>, field: &str) -> String {
    if let Some(state) = Fitting::state(field) {
        fitting.submission = fitting.world.submission(fitting.province, state);
    }
    let input = fitting.inputs(field).remove(0);
    let answer = client.run(operation::text(field), json!({ "input": input }));
    code(&answer)
}

/// `ok`, or the code of what was wrong.
pub(crate) fn code(answer: &Answer) -> String {
    let codes = answer.top_codes().into_iter().chain(answer.payload_codes()).next();
    codes.unwrap_or_else(|| {
        assert_eq!(answer.status, 200, "{answer}");
        "ok".to_owned()
    })
}
