//! Movements and form 0601: how they are counted, what is not known, and that every cell leads to its rows.

use entity::role_grant::Role;
use harness::cases;
use harness::client::Client;
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::{Value, json};

use crate::operation;
use crate::registry::run;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_movement_lasts_as_long_as_its_days_say,
        form_0601_leads_to_its_rows,
        a_movement_is_the_units_own,
        form_0601_takes_one_statement,
    ]
}

fn with(mut input: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    input
}

fn enter(client: &Client, world: &World, more: &Value) -> Value {
    let input = json!({
        "unitId": world.a.other_office, "name": "Phong trào mẫu", "launchedOn": "2021-01-01",
    });
    let done = run(client, "movementCreate", &with(input, more)).ok();
    done["movementCreate"]["movement"].clone()
}

fn form(client: &Client, world: &World, basis: &str) -> Value {
    let asked = json!({ "year": 2021, "basis": basis, "withinUnit": world.a.other_office });
    client.run(operation::text("movementForm"), asked).ok()["movementForm"].clone()
}

fn a_movement_lasts_as_long_as_its_days_say(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let entered = enter(&officer, &world, &json!({}));
    let known = ["level", "scope", "form", "duration"].map(|name| entered[name].clone());
    assert_eq!(known, ["UNKNOWN"; 4], "nothing is guessed: {entered}");
    let change = |version: i32, more: &Value| {
        let input = json!({ "id": entered["id"], "expectedVersion": version });
        run(&officer, "movementUpdate", &with(input, more))
    };

    let year = change(1, &json!({ "endsOn": "2021-12-31", "level": "UNIT" })).ok();
    assert_eq!(year["movementUpdate"]["movement"]["duration"], "ONE_YEAR");
    let longer = change(2, &json!({ "launchedOn": "2020-12-31" })).ok();
    assert_eq!(longer["movementUpdate"]["movement"]["duration"], "ONE_TO_THREE_YEARS");
    let open = change(3, &json!({ "endsOn": null })).ok();
    assert_eq!(open["movementUpdate"]["movement"]["duration"], "UNKNOWN");
    change(3, &json!({ "name": "Tên khác" })).refused("CONFLICT");
    change(4, &json!({ "endsOn": "2020-01-01" })).refused("PERIOD_REVERSED");
}

/// The movements of a report, some of them begun before the year or after it.
fn entered(client: &Client, world: &World) {
    let nation = json!({ "level": "NATION", "scope": "NATIONAL", "form": "THEMATIC" });
    let unit = json!({ "level": "UNIT", "scope": "UNIT", "form": "REGULAR" });
    let of = |which: &Value, first: &str, last: &str| {
        with(which.clone(), &json!({ "launchedOn": first, "endsOn": last }))
    };
    for movement in [
        of(&nation, "2021-01-01", "2025-12-31"),
        of(&nation, "2021-05-01", "2023-04-30"),
        of(&nation, "2016-01-01", "2020-12-31"),
        of(&unit, "2021-01-01", "2021-12-31"),
        of(&unit, "2021-02-01", "2021-12-31"),
        of(&unit, "2020-03-01", "2021-02-28"),
        of(&unit, "2022-01-01", "2022-12-31"),
        json!({ "scope": "CLUSTER_BLOC", "launchedOn": "2021-03-01" }),
        json!({ "level": "UNIT", "launchedOn": "2019-03-01" }),
    ] {
        let _ = enter(client, world, &movement);
    }
}

fn form_0601_leads_to_its_rows(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    entered(&officer, &world);
    let mut seen = 0;
    for (basis, total, places) in [
        ("LAUNCHED", 5, vec!["NATION NATIONAL 2", "UNIT UNIT 2", "UNKNOWN CLUSTER_BLOC 1"]),
        (
            "HELD",
            7,
            vec!["NATION NATIONAL 2", "UNIT UNIT 3", "UNIT UNKNOWN 1", "UNKNOWN CLUSTER_BLOC 1"],
        ),
    ] {
        let form = form(&officer, &world, basis);
        assert_eq!(form["total"][0]["movements"], total, "{form}");
        let rows = form["rows"].as_array().unwrap();
        let place = |row: &Value| {
            let text =
                format!("{} {} {}", row["level"], row["scope"], row["cells"][0]["movements"]);
            text.replace('"', "")
        };
        assert_eq!(rows.iter().map(place).collect::<Vec<_>>(), places);
        let cells = rows.iter().flat_map(|row| row["cells"].as_array().unwrap());
        let filled: Vec<&Value> = cells.filter(|cell| cell["movements"] != 0).collect();
        for cell in filled.iter().copied().chain(form["total"].as_array().unwrap()) {
            let query = "query($where: MovementWhere, $unit: ID) {
              movements(first: 0, where: $where, withinUnit: $unit) { totalCount }
            }";
            let find = json!({ "where": cell["filter"], "unit": world.a.other_office });
            let found = officer.run(query, find).ok();
            assert_eq!(found["movements"]["totalCount"], cell["movements"], "{cell}");
            seen += 1;
        }
        let unknown = form["total"].as_array().unwrap().iter();
        let mut unknown = unknown.filter(|it| it["duration"] == "UNKNOWN" && it["form"].is_null());
        let count = if basis == "HELD" { 2 } else { 1 };
        assert_eq!(unknown.next().unwrap()["movements"], count, "what is not known is counted so");
    }
    assert!(seen > 60, "{seen} cells");
}

fn a_movement_is_the_units_own(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let clerk = world.a.sign_in(&server, Role::UnitOfficer);
    let elsewhere = json!({
        "unitId": world.a.other_office, "name": "Phong trào", "launchedOn": "2021-01-01",
    });
    run(&clerk, "movementCreate", &elsewhere).refused("NOT_FOUND");
    let own = with(elsewhere, &json!({ "unitId": world.a.office, "idempotencyKey": "m-1" }));
    let first = run(&clerk, "movementCreate", &own).ok();
    let again = run(&clerk, "movementCreate", &own).ok();
    assert_eq!(first, again, "once with one key");
    let id = &first["movementCreate"]["movement"]["id"];
    let read = |client: &Client| {
        client.run(operation::text("movement"), json!({ "id": id })).ok()["movement"].clone()
    };
    let neighbour = world.a.neighbour.sign_in(&server);
    assert_eq!(read(&neighbour)["name"], "Phong trào", "movements are for everyone of the tenant");
    let change = json!({ "id": id, "expectedVersion": 1, "name": "Tên khác" });
    run(&neighbour, "movementUpdate", &change).refused("FORBIDDEN");
    assert_eq!(read(&world.b.sign_in(&server, Role::StandingOfficer)), Value::Null);
}

fn form_0601_takes_one_statement(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    entered(&officer, &world);
    let asked = json!({ "year": 2021, "basis": "HELD", "withinUnit": world.a.other_office });

    let answer = officer.run(operation::text("movementForm"), asked);

    assert_eq!(answer.statements(), 1);
}
