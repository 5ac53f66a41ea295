//! The statutory forms on awards: columns that add up, cells that lead to their rows, and what an enterprise was then.

use std::collections::BTreeMap;

use entity::role_grant::Role;
use harness::cases;
use harness::client::Client;
use harness::stage::{Case, Stage};
use harness::world::{World, YEAR};
use serde_json::{Value, json};

use crate::operation;
use crate::registry::{assert_replayed, run};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_form_leads_to_its_rows,
        an_enterprise_stays_what_it_was_then,
        what_a_form_does_not_know_is_corrected,
        who_is_an_enterprise_is_said_of_collectives_only,
    ]
}

/// A row of older records of the office, decided in the year of the form.
fn row(world: &World, title: &str, more: &Value) -> Value {
    let mut row = json!({
        "unitId": world.a.office, "awardType": title, "countingFrom": YEAR - 1,
        "decidedOn": format!("{YEAR}-02-03"),
    });
    row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    row
}

/// Takes rows over; the awards that were made.
fn import(officer: &Client, rows: &Value) -> Vec<Value> {
    let done = run(officer, "awardsImport", &json!({ "rows": rows })).ok();
    let results = done["awardsImport"]["import"]["results"].as_array().unwrap();
    results.iter().map(|result| result["award"].clone()).collect()
}

fn form(client: &Client, world: &World, (kind, more): (&str, &Value)) -> Value {
    let mut asked = json!({ "form": kind, "year": YEAR, "withinUnit": world.a.office });
    asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    client.run(operation::text("awardForm"), asked).ok()["awardForm"].clone()
}

/// Numbers of a line by column, after every group of columns was found to add up to what it is a part of.
fn numbers(cells: &Value) -> BTreeMap<String, i64> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let cells = cells.as_array().unwrap();
    let number = |cell: &Value| (text(&cell["column"]), cell["events"].as_i64().unwrap());
    let found: BTreeMap<String, i64> = cells.iter().map(number).collect();
    assert_eq!(found.len(), cells.len(), "each column once");
    let mut sums: BTreeMap<(String, String), i64> = BTreeMap::new();
    for cell in cells.iter().filter(|cell| !cell["partOf"].is_null()) {
        let column = text(&cell["column"]);
        let group = column.split_once('.').unwrap().0.to_owned();
        *sums.entry((group, text(&cell["partOf"]))).or_default() += found[&column];
    }
    assert_eq!(sums.len(), 4, "{sums:?}");
    for ((group, whole), sum) in sums {
        assert_eq!(sum, found[&whole], "{group} adds up to {whole}");
    }
    found
}

/// The `events` of the rows behind every cell add up to the cell; how many cells are not empty.
fn follow(client: &Client, world: &World, form: &Value) -> usize {
    let query = "query($where: AwardWhere, $unit: ID) {
      awards(first: 100, where: $where, withinUnit: $unit) { nodes { events } }
    }";
    let rows = form["rows"].as_array().unwrap().iter().map(|row| &row["cells"]);
    let mut seen = 0;
    for cell in rows.chain([&form["total"]]).flat_map(|cells| cells.as_array().unwrap()) {
        let find = json!({ "where": cell["filter"], "unit": world.a.office });
        let found = client.run(query, find).ok();
        let found = found["awards"]["nodes"].as_array().unwrap();
        let sum: i64 = found.iter().map(|it| it["events"].as_i64().unwrap()).sum();
        assert_eq!(json!(sum), cell["events"], "{cell}");
        seen += usize::from(sum > 0);
    }
    seen
}

fn a_form_leads_to_its_rows(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let paper = "Bằng khen UBND tỉnh";
    let collective = |is_one: Value, events: i64| {
        let of = json!({ "subjectKind": "COLLECTIVE", "enterprise": is_one, "events": events });
        row(&world, paper, &of)
    };
    let person = json!({ "subjectName": "Hờ A Mẫu", "subjectKind": "INDIVIDUAL", "leadershipClass": "DIRECT_WORKER" });
    let household = json!({ "subjectKind": "HOUSEHOLD", "commendationType": "AD_HOC" });
    let rows = json!([
        collective(json!(true), 2),
        collective(json!(false), 1),
        collective(Value::Null, 4),
        row(&world, paper, &person),
        row(&world, "Chiến sỹ thi đua cấp tỉnh", &json!({ "events": 2 })),
        row(&world, paper, &json!({ "subjectKind": "INDIVIDUAL", "decidedOn": "2019-02-03" })),
        row(&world, "Bằng khen Thủ tướng", &household),
    ]);
    let _ = import(&officer, &rows);

    let [state, provincial] =
        ["FORM_0602", "FORM_0603"].map(|kind| form(&officer, &world, (kind, &json!({}))));

    let seen = follow(&officer, &world, &state) + follow(&officer, &world, &provincial);
    assert!(seen >= 20, "{seen} cells with something in them");
    for line in
        [&state, &provincial].map(|form| form["rows"].as_array().unwrap()).into_iter().flatten()
    {
        let _ = numbers(&line["cells"]);
    }
    let of_state = numbers(&state["total"]);
    assert_eq!((of_state["TOTAL"], of_state["SubjectKind.HOUSEHOLD"]), (1, 1));
    let total = numbers(&provincial["total"]);
    let told = |column: &str| total[column];
    assert_eq!((told("TOTAL"), told("SubjectKind.COLLECTIVE")), (10, 7));
    assert_eq!((told("Collective.ENTERPRISE"), told("Collective.OTHER")), (2, 5));
    assert_eq!(told("LeadershipClass.DIRECT_WORKER"), 1);
    assert_eq!(told("LeadershipClass.UNKNOWN"), 2, "collectives have no class to be unknown");
    let stranger = world.b.sign_in(&server, Role::StandingOfficer);
    let unseen = form(&stranger, &world, ("FORM_0603", &json!({})));
    assert_eq!(unseen["rows"], json!([]), "B sees nothing of A");
}

/// An enterprise of the tree of units, with its collective.
fn enterprise(world: &World, officer: &Client) -> Value {
    let unit = json!({
        "parentId": world.a.office, "code": "cong-ty-mau", "name": "Công ty mẫu",
        "kind": "ENTERPRISE", "validFrom": "2024-01-01",
    });
    let unit = run(officer, "unitCreate", &unit).ok()["unitCreate"]["unit"]["id"].clone();
    let of = json!({ "kind": "COLLECTIVE", "name": "Công ty mẫu", "unitId": unit, "isUnit": true });
    run(officer, "subjectCreate", &of).ok()["subjectCreate"]["subject"].clone()
}

fn subject(client: &Client, id: &Value) -> Value {
    client.run(operation::text("subject"), json!({ "id": id })).ok()["subject"].clone()
}

fn an_enterprise_stays_what_it_was_then(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let company = enterprise(&world, &officer);
    assert_eq!(subject(&officer, &company["id"])["enterprise"], true, "by the kind of its unit");
    let given = |year: i32| {
        let more = json!({ "subjectId": company["id"], "countingFrom": year });
        import(&officer, &json!([row(&world, "Bằng khen UBND tỉnh", &more)])).remove(0)
    };
    let first = given(YEAR - 2);
    let parts = || {
        let form = form(&officer, &world, ("FORM_0603", &json!({})));
        let _ = follow(&officer, &world, &form);
        let total = numbers(&form["total"]);
        (total["Collective.ENTERPRISE"], total["Collective.OTHER"])
    };
    assert_eq!(parts(), (1, 0));

    let update = json!({ "id": company["id"], "expectedVersion": 1, "enterprise": false });
    run(&officer, "subjectUpdate", &update).ok();
    let _ = given(YEAR - 1);

    assert_eq!(subject(&officer, &company["id"])["enterprise"], false);
    let kept = officer.run(operation::text("award"), json!({ "id": first["id"] })).ok();
    assert_eq!(kept["award"]["enterprise"], true, "as it was then");
    assert_eq!(parts(), (1, 1));
    let by = json!({
        "where": { "withinUnit": world.a.office, "awardTypeCode": ["PROVINCIAL_CERTIFICATE"],
                   "decidedFrom": YEAR, "decidedTo": YEAR, "subjectKind": ["COLLECTIVE"] },
        "groupBy": ["ENTERPRISE"],
    });
    let told = crate::statistics::ask(&officer, by);
    let groups = told["groups"].as_array().unwrap().iter();
    let mut groups: Vec<(Value, Value)> =
        groups.map(|group| (group["key"]["enterprise"].clone(), group["events"].clone())).collect();
    groups.sort_by_key(|(key, _)| key.to_string());
    assert_eq!(groups, [(json!(false), json!(1)), (json!(true), json!(1))], "{told}");
    assert_eq!(told["subjects"], 1, "one subject in both");
}

/// A correction by decision moves an award from one column to another; before it, it counts as it stood.
fn what_a_form_does_not_know_is_corrected(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let named = |name: &str, kind: &str| {
        let of = json!({ "subjectName": name, "subjectKind": kind });
        row(&world, "Bằng khen UBND tỉnh", &of)
    };
    let rows = json!([named("Hợp tác xã mẫu", "COLLECTIVE"), named("Vàng A Mẫu", "INDIVIDUAL")]);
    let [company, person] = <[Value; 2]>::try_from(import(&officer, &rows)).unwrap();
    let correct = |award: &Value, (version, number): (i32, i32), more: Value| {
        let mut input = json!({
            "id": award["id"], "expectedVersion": version, "reason": "Bổ sung đối tượng",
            "decision": { "symbol": "QĐ-ĐC", "decidedOn": format!("{YEAR}-06-01"), "number": number },
        });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        run(&officer, "awardCorrect", &input)
    };
    let told = |more: Value| {
        let form = form(&officer, &world, ("FORM_0603", &more));
        let total = numbers(&form["total"]);
        let columns = [
            "Collective.ENTERPRISE",
            "Collective.OTHER",
            "LeadershipClass.DIVISION",
            "LeadershipClass.UNKNOWN",
        ];
        columns.map(|column| total[column])
    };
    assert_eq!(told(json!({})), [0, 1, 0, 1]);

    let class = json!({ "leadershipClass": "DIVISION" });
    let one = json!({ "enterprise": true });
    let _ = correct(&company, (1, 501), class.clone()).refused("INVALID_COMBINATION");
    let _ = correct(&person, (1, 502), one.clone()).refused("INVALID_COMBINATION");
    correct(&company, (1, 503), one.clone()).ok();
    correct(&person, (1, 504), class).ok();
    let _ = correct(&company, (2, 505), one).refused("INVALID_COMBINATION");

    assert_eq!(told(json!({})), [1, 0, 1, 0]);
    let _ = follow(&officer, &world, &form(&officer, &world, ("FORM_0603", &json!({}))));
    let before = json!({ "asOf": { "date": format!("{YEAR}-05-31") } });
    assert_eq!(told(before), [0, 1, 0, 1], "as it stood before the correction");
    correct(&company, (2, 506), json!({ "enterprise": null })).ok();
    assert_eq!(told(json!({})), [0, 1, 1, 0]);
    assert_replayed(&world);
}

fn who_is_an_enterprise_is_said_of_collectives_only(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let new = |kind: &str, more: Value| {
        let mut input =
            json!({ "kind": kind, "name": "Đối tượng mẫu", "unitId": world.a.division });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        run(&officer, "subjectCreate", &input)
    };

    for kind in ["INDIVIDUAL", "HOUSEHOLD"] {
        let _ = new(kind, json!({ "enterprise": true })).refused("INVALID_COMBINATION");
        let _ = new(kind, json!({ "enterprise": false })).refused("INVALID_COMBINATION");
    }
    let said = |answer: harness::client::Answer| {
        let id = answer.ok()["subjectCreate"]["subject"]["id"].clone();
        subject(&officer, &id)["enterprise"].clone()
    };
    assert_eq!(said(new("COLLECTIVE", json!({}))), Value::Null, "nobody has said so");
    assert_eq!(said(new("COLLECTIVE", json!({ "enterprise": true }))), true);
    assert_eq!(said(new("COLLECTIVE", json!({ "isUnit": true }))), false, "a division is none");
}
