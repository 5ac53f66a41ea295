//! What a cluster that crosses provinces shows, and to whom: what is published to it, and nothing else.
//! The ways there are those of [`super::read`].

use entity::role_grant::Role;
use harness::cases;
use harness::client::Client;
use harness::stage::{Case, Stage};
use harness::world::{Seat, World, YEAR};
use serde_json::{Value, json};

use super::sight::{self, Caller, Hidden, Scores, Side};
use super::{Question, Twins, assert_none, each, whole};
use crate::fitting::Fitting;
use crate::operation;

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_cluster_shows_what_is_published_to_it,
        a_change_of_scores_names_no_one_of_another_tenant,
        those_who_lead_a_cluster_read_no_tenant,
        a_stranger_to_the_organiser_writes_nothing_in_the_cluster,
    ]
}

/// The comparison of the crossing cluster.
fn comparison(world: &World) -> Question<'static> {
    let variables = json!({ "clusterId": world.crossing.id, "year": YEAR });
    Question { field: "clusterComparison", variables }
}

fn input(world: &World, more: &Value) -> Value {
    let mut input = json!({ "clusterId": world.crossing.id, "year": YEAR });
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    json!({ "input": input })
}

fn a_cluster_shows_what_is_published_to_it(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let fittings = [&world.a, &world.b].map(|province| Fitting::new(&world, province));
    let callers = sight::callers(&world, &server);
    let coordinator = world.crossing_coordinator.sign_in(&server);

    for (version, state) in [(0, "OPEN"), (1, "PROVISIONAL"), (2, "PUBLISHED")] {
        if state != "OPEN" {
            let publish = json!({
                "expectedVersion": version, "state": state, "acceptGaps": true,
                "reason": format!("Lý do {}", world.crossing.canary),
            });
            let publish = input(&world, &publish);
            let _ = coordinator.run(operation::text("comparisonPublish"), publish).ok();
        }
        let faults = each(&callers, |caller| {
            let hidden = Hidden::from(caller, &world, &fittings);
            let (answer, mut faults) =
                comparison(&world).faults(caller, &hidden, &mut Twins::default());
            let shown = shown(&answer.body, &world, caller, state);
            faults
                .extend(shown.into_iter().map(|what| format!("{state}, {}: {what}", caller.name)));
            faults
        });
        assert_none(&faults);
    }
}

/// What is not as it should be in a comparison that the caller reads.
fn shown(body: &Value, world: &World, caller: &Caller, state: &str) -> Vec<String> {
    let comparison = &body["data"]["clusterComparison"];
    if comparison.is_null() == caller.reads_crossing() {
        return vec![format!("reads it or not: {body}")];
    }
    let text = comparison.to_string();
    let mut faults = Vec::new();
    for (side, seat) in [Side::A, Side::B].into_iter().zip(&world.crossing.seats) {
        let reads = caller.scores(side) != Scores::Nothing;
        if text.contains(&seat.canary) != reads {
            faults.push(format!("scores of {side:?} are to be read: {reads}; {text}"));
        }
        let row = row(comparison, seat);
        if caller.side != side && !row["member"]["unit"].is_null() {
            faults.push(format!("reads the unit of {side:?}: {row}"));
        }
        let points = row["cells"].as_array().is_some_and(|cells| !cells.is_empty());
        let is_open = state == "PUBLISHED" || caller.scores(side) == Scores::All;
        if caller.reads_crossing() && points != is_open {
            faults.push(format!("points of {side:?} are to be read: {is_open}; {row}"));
        }
    }
    faults
}

fn row<'a>(comparison: &'a Value, seat: &Seat) -> &'a Value {
    let id = json!(seat.id);
    let mut rows = comparison["rows"].as_array().into_iter().flatten();
    rows.find(|row| row["member"]["id"] == id).unwrap_or(&Value::Null)
}

/// A coordinator of A and a deputy of B verify the same score in turn, and the offices change their own; then
/// everyone reads what is left of it.
fn a_change_of_scores_names_no_one_of_another_tenant(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let fittings = [&world.a, &world.b].map(|province| Fitting::new(&world, province));
    let callers = sight::callers(&world, &server);
    let coordinator = world.crossing_coordinator.sign_in(&server);
    let deputy = world.crossing_deputy.sign_in(&server);
    let mut standing = None;
    for (client, value) in [(&coordinator, "4"), (&deputy, "5"), (&coordinator, "6")] {
        standing = Some(verify(client, &world, value, standing.as_ref()));
    }
    for (province, seat) in [&world.a, &world.b].into_iter().zip(&world.crossing.seats) {
        report(&province.sign_in(&server, Role::UnitOfficer), &world, seat);
    }

    let faults = each(&callers, |caller| {
        // The trail of the own tenant tells what its own office changed.
        let mut hidden = Hidden::from(caller, &world, &fittings);
        hidden.show(&caller.side.seat(&world).canary);
        let trail = Question { field: "auditEvents", variables: json!({ "first": 20 }) };
        let (_, faults) = trail.faults(caller, &hidden, &mut Twins::default());
        faults
    });

    assert_none(&faults);
    // A change of the other tenant's office is told, but not by whom.
    let central = world.a.sign_in(&server, Role::CentralOfficer);
    let comparison = comparison(&world);
    let read = central.run(operation::text(comparison.field), comparison.variables).ok();
    let row = row(&read["clusterComparison"], &world.crossing.seats[1]);
    let names = row["scores"].as_array().into_iter().flatten();
    let names = names.flat_map(|score| score["changes"].as_array().into_iter().flatten());
    let names: Vec<_> = names.map(|change| &change["actorName"]).collect();
    assert!(!names.is_empty() && names.iter().all(|name| name.is_null()), "{names:?}");
}

/// Verifies the third criterion of the first seat; hands back its version.
fn verify(client: &Client, world: &World, value: &str, version: Option<&Value>) -> Value {
    let score = json!({
        "criterion": format!("3-{}", world.crossing.canary), "value": value,
        "reason": "Chấm lại", "expectedVersion": version,
    });
    let more = json!({ "memberId": world.crossing.seats[0].id, "scores": [score] });
    let done = client.run(operation::text("scoreVerify"), input(world, &more)).ok();
    done["scoreVerify"]["scores"][0]["version"].clone()
}

/// Changes what a seat reported of itself.
fn report(client: &Client, world: &World, seat: &Seat) {
    let score = json!({
        "criterion": format!("1-{}", world.crossing.canary), "value": "3",
        "reason": format!("Chấm lại {}", seat.canary), "expectedVersion": 1,
    });
    let more = json!({ "memberId": seat.id, "scores": [score] });
    let _ = client.run(operation::text("scoreSelfRecord"), input(world, &more)).ok();
}

fn those_who_lead_a_cluster_read_no_tenant(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let callers = sight::callers(&world, &server);

    let is_leader =
        |caller: &&Caller| matches!(caller.role, Role::ClusterCoordinator | Role::ClusterDeputy);
    for caller in callers.iter().filter(is_leader) {
        let list = |field: &'static str| {
            let all = Question { field, variables: json!({ "first": 20 }) };
            all.ask(caller).ok()[field].clone()
        };
        for field in ["units", "submissions"] {
            assert_eq!(list(field)["nodes"], json!([]), "{}: {field}", caller.name);
            assert_eq!(list(field)["totalCount"], 0, "{}: {field}", caller.name);
        }
        let users = list("users");
        assert_eq!(users["totalCount"], 1, "{}: only oneself: {users}", caller.name);
        let province = caller.side.of(&world);
        for (field, id) in [("unit", province.office), ("submission", province.submission.id)] {
            let one = Question { field, variables: json!({ "id": id }) }.ask(caller).ok();
            assert_eq!(one[field], Value::Null, "{}", caller.name);
        }
        let crossing = whole(&comparison(&world).ask(caller));
        let own = "\"name\":\"Đơn vị";
        assert!(!crossing.contains(own), "{}: reads a unit in {crossing}", caller.name);
    }
}

/// B has a seat in the cluster and reads it; A organises it.
fn a_stranger_to_the_organiser_writes_nothing_in_the_cluster(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let crossing = &world.crossing;
    let (first, last) = (crossing.seats[0].id, crossing.seats[1].id);
    let own = json!({ "id": crossing.id, "expectedVersion": 1, "name": "Tên sửa" });
    let publish = json!({ "expectedVersion": 1, "state": "PROVISIONAL" });
    let remove = json!({
        "memberId": last, "expectedVersion": 1, "validTo": "2026-12-31", "reason": "Rời cụm",
    });
    let scores = json!([{ "criterion": format!("1-{}", crossing.canary), "value": "1" }]);
    let score = json!({ "memberId": first, "scores": scores });
    let head = json!({ "memberId": last, "position": "DEPUTY" });
    let attempts = [
        (Role::StandingOfficer, "clusterUpdate", json!({ "input": own })),
        (Role::StandingOfficer, "clusterMemberRemove", json!({ "input": remove })),
        (Role::CouncilSecretary, "clusterHeadAppoint", input(&world, &head)),
        (Role::CentralOfficer, "criteriaSetCreate", input(&world, &json!({ "name": "Bảng" }))),
        (Role::StandingOfficer, "comparisonPublish", input(&world, &publish)),
        (Role::UnitOfficer, "scoreSelfRecord", input(&world, &score)),
    ];

    for (role, field, variables) in attempts {
        let answer = world.b.sign_in(&server, role).run(operation::text(field), variables);
        let _ = answer.refused("FORBIDDEN");
    }
}
