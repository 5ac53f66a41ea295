//! The condition of SQL behind each reach, for tables of every kind.

#![expect(
    clippy::disallowed_methods,
    reason = "the conditions are shown as the queries they are put on"
)]

use std::fmt::Write;

use chrono::NaiveDate;
use entity::owned::Owned;
use entity::role_grant::Role;
use entity::{
    account, award, ballot, cluster, cluster_member, comparison, onward_package, score, subject,
    submission, unit, year_record,
};
use expect_test::{Expect, expect, expect_file};
use sea_orm::sea_query::PostgresQueryBuilder;
use sea_orm::{Condition, DbBackend, QueryFilter, QuerySelect, QueryTrait};

use super::{CLUSTER, COUNCIL, TENANT, UNIT, actor, grant};
use crate::scope::parts_of;
use crate::{Act, Grant, Reach, condition, within};

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 7, 1).unwrap()
}

/// What follows `WHERE`, with short names for the ids.
fn shown<E: Owned>(condition: Condition) -> String {
    let query = E::find().select_only().column(E::id()).filter(condition);
    let sql = query.build(DbBackend::Postgres).to_string();
    let (_, clause) = sql.split_once(" WHERE ").unwrap_or_default();
    let names = [
        (TENANT, "TENANT"),
        (super::USER, "USER"),
        (UNIT, "UNIT"),
        (CLUSTER, "CLUSTER"),
        (COUNCIL, "COUNCIL"),
    ];
    names
        .iter()
        .fold(clause.replace('"', ""), |text, (id, name)| text.replace(&format!("'{id}'"), name))
}

const REACHES: [Reach; 14] = [
    Reach::Nothing,
    Reach::Own,
    Reach::Unit,
    Reach::OwnUnit,
    Reach::Line,
    Reach::Tenant,
    Reach::Cluster,
    Reach::Seat,
    Reach::Member,
    Reach::Organiser,
    Reach::OrganiserSeat,
    Reach::OrganiserMember,
    Reach::Council,
    Reach::Addressed,
];

/// A grant with every place, so that each reach finds the one it needs.
fn everywhere() -> Grant {
    Grant {
        id: None,
        role: Role::UnitHead,
        unit: Some(UNIT),
        cluster: Some(CLUSTER),
        council: Some(COUNCIL),
    }
}

fn nowhere() -> Grant {
    Grant { unit: None, cluster: None, council: None, ..everywhere() }
}

fn reaches<E: Owned>(text: &mut String) {
    for (place, grant) in [("placed", everywhere()), ("without a place", nowhere())] {
        writeln!(text, "{} {place}", E::NAME).unwrap();
        for reach in REACHES {
            let name: &str = reach.into();
            let parts = parts_of::<E>((&actor([]), &grant), reach, today());
            writeln!(text, "  {name}").unwrap();
            for part in parts {
                writeln!(text, "    {}", shown::<E>(part)).unwrap();
            }
        }
    }
}

#[test]
fn every_reach_is_the_condition_that_was_read() {
    let mut text = String::new();
    reaches::<account::Entity>(&mut text);
    reaches::<unit::Entity>(&mut text);
    reaches::<subject::Entity>(&mut text);
    reaches::<submission::Entity>(&mut text);
    reaches::<year_record::Entity>(&mut text);
    reaches::<award::Entity>(&mut text);
    reaches::<ballot::Entity>(&mut text);
    reaches::<onward_package::Entity>(&mut text);
    reaches::<cluster::Entity>(&mut text);
    reaches::<cluster_member::Entity>(&mut text);
    reaches::<score::Entity>(&mut text);
    reaches::<comparison::Entity>(&mut text);

    expect_file!["conditions.txt"].assert_eq(&text);
}

fn of<E: Owned>(grants: &[Grant], act: Act, expected: &Expect) {
    let condition = condition::<E>(&actor(grants.iter().cloned()), act, today());
    let text = condition.map_or_else(|| "none".to_owned(), shown::<E>);
    expected.assert_eq(&text);
}

#[test]
fn conditions_of_grants_are_joined_and_said_once() {
    use Role::{Auditor, ProvinceChair, StandingOfficer, UnitHead, UnitOfficer};
    let head = grant(UnitHead);
    let tenant = expect!["subject.tenant_id = TENANT"];
    of::<subject::Entity>(&[grant(Auditor)], Act::SubjectRead, &tenant);
    of::<subject::Entity>(
        &[grant(Auditor), grant(ProvinceChair), grant(StandingOfficer)],
        Act::SubjectRead,
        &tenant,
    );
    let unit = expect![
        "subject.tenant_id = TENANT AND subject.unit_id IN (SELECT unit_id FROM unit_above WHERE tenant_id = TENANT AND above_id = UNIT)"
    ];
    of::<subject::Entity>(&[head.clone(), grant(UnitOfficer)], Act::SubjectRead, &unit);
    let other = Grant { unit: Some(super::id(0xf)), ..head.clone() };
    of::<subject::Entity>(
        &[head.clone(), other],
        Act::SubjectRead,
        &expect![
            "(subject.tenant_id = TENANT AND subject.unit_id IN (SELECT unit_id FROM unit_above WHERE tenant_id = TENANT AND above_id = UNIT)) OR (subject.tenant_id = TENANT AND subject.unit_id IN (SELECT unit_id FROM unit_above WHERE tenant_id = TENANT AND above_id = '00000000-0000-0000-0000-00000000000f'))"
        ],
    );
    // The same reach in two councils is two conditions.
    let seat = grant(Role::CouncilMember);
    let second = Grant { council: Some(super::id(0xf)), ..seat.clone() };
    of::<ballot::Entity>(
        &[seat.clone(), seat.clone(), second],
        Act::BallotCast,
        &expect![
            "(ballot.tenant_id = TENANT AND ballot.council_id = COUNCIL) OR (ballot.tenant_id = TENANT AND ballot.council_id = '00000000-0000-0000-0000-00000000000f')"
        ],
    );
}

#[test]
fn who_reaches_nothing_gets_no_rows() {
    let none = expect!["none"];
    of::<subject::Entity>(&[], Act::SubjectRead, &none);
    of::<subject::Entity>(&[grant(Role::Auditor)], Act::SubjectCreate, &none);
    // Nor does a grant that does not name its place, or names another.
    let head = grant(Role::UnitHead);
    of::<subject::Entity>(&[Grant { unit: None, ..head.clone() }], Act::SubjectRead, &none);
    of::<subject::Entity>(&[Grant { cluster: Some(CLUSTER), ..head }], Act::SubjectRead, &none);
    // An act on a line that the role does not reach.
    of::<cluster::Entity>(&[grant(Role::CouncilMember)], Act::ClusterRead, &none);
}

#[test]
fn everyone_reaches_himself() {
    let own = expect!["account.tenant_id = TENANT AND account.id = USER"];
    of::<account::Entity>(&[], Act::UserRead, &own);
    of::<account::Entity>(&[], Act::PasswordChange, &own);
    of::<account::Entity>(&[], Act::UserDeactivate, &expect!["none"]);
    // A table without author has nothing that is one's own.
    of::<unit::Entity>(&[], Act::UserRead, &expect!["none"]);
}

#[test]
fn a_tree_is_cut_where_it_is_asked_to() {
    let text = |depth| within(TENANT, UNIT, depth).to_string(PostgresQueryBuilder).replace('"', "");
    let whole = text(None);
    let cut = text(Some(2));
    assert_eq!(
        whole,
        format!(
            "SELECT unit_id FROM unit_above WHERE tenant_id = '{TENANT}' AND above_id = '{UNIT}'"
        )
    );
    assert_eq!(cut, format!("{whole} AND depth <= 2"));
}
