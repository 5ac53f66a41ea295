//! The groups of the statistics lead to their rows: the conditions of each find awards whose events add up to it.

use entity::role_grant::Role;
use harness::cases;
use harness::client::Client;
use harness::stage::{Case, Stage};
use harness::world::{World, YEAR};
use serde_json::{Value, json};

use crate::registry::run;
use crate::statistics::ask;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_group_leads_to_its_rows,
        enterprises_are_counted_apart,
        what_lies_in_clusters_leads_to_no_rows,
        shares_are_counted,
    ]
}

/// A row of older records of the office.
fn row(world: &World, title: &str, more: &Value) -> Value {
    let mut row = json!({
        "unitId": world.a.office, "awardType": title, "countingFrom": YEAR - 1,
        "decidedOn": format!("{YEAR}-02-03"),
    });
    row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    row
}

/// Older records of many kinds, some of which leave out what others tell.
fn records(world: &World, officer: &Client) {
    let paper = "Bằng khen UBND tỉnh";
    let collective = |is_one: Value, events: i64| {
        let of = json!({ "subjectKind": "COLLECTIVE", "enterprise": is_one, "events": events });
        row(world, paper, &of)
    };
    let person = json!({ "subjectName": "Hờ A Mẫu", "subjectKind": "INDIVIDUAL", "leadershipClass": "DIRECT_WORKER" });
    let household =
        json!({ "subjectKind": "HOUSEHOLD", "commendationType": "AD_HOC", "unitId": world.a.root });
    let rows = json!([
        collective(json!(true), 2),
        collective(json!(false), 1),
        collective(Value::Null, 4),
        row(world, paper, &person),
        row(world, "Chiến sỹ thi đua cấp tỉnh", &json!({ "events": 2, "field": "Giáo dục" })),
        row(world, paper, &json!({ "subjectKind": "INDIVIDUAL", "decidedOn": "2019-12-31" })),
        row(
            world,
            paper,
            &json!({ "subjectKind": "INDIVIDUAL", "decidedOn": null, "countingFrom": YEAR - 3 })
        ),
        row(world, "Bằng khen Thủ tướng", &household),
    ]);
    let done = run(officer, "awardsImport", &json!({ "rows": rows })).ok();
    let results = done["awardsImport"]["import"]["results"].as_array().unwrap();
    assert!(results.iter().all(|result| result["award"]["id"].is_string()), "{results:?}");
}

/// Follows every group of a question to its rows; how many groups there are.
fn follow(client: &Client, within: &Value, question: &Value) -> usize {
    let query = "query($where: AwardWhere, $unit: ID) {
      awards(first: 100, where: $where, withinUnit: $unit) { nodes { events } }
    }";
    let answer = ask(client, question.clone());
    assert_eq!(answer["isProtected"], false);
    let groups = answer["groups"].as_array().unwrap();
    for group in groups {
        let of_key = &group["key"]["unit"]["id"];
        let unit = if of_key.is_null() { within } else { of_key };
        let find = json!({ "where": group["filter"], "unit": unit });
        let found = client.run(query, find).ok();
        let found = found["awards"]["nodes"].as_array().unwrap();
        let sum: i64 = found.iter().map(|it| it["events"].as_i64().unwrap()).sum();
        assert_eq!(json!(sum), group["events"], "{question}: {group}");
    }
    groups.len()
}

fn a_group_leads_to_its_rows(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    records(&world, &officer);
    let root = json!(world.a.root);
    let parts = [
        json!(["AWARD_TYPE", "SUBJECT_KIND"]),
        json!(["LEVEL", "YEAR"]),
        json!(["FAMILY", "COMMENDATION_TYPE"]),
        json!(["DECIDED_YEAR", "LEADERSHIP_CLASS"]),
        json!(["TENANT", "SEX"]),
        json!(["FIELD", "ENTERPRISE"]),
        json!(["UNIT"]),
    ];
    let wheres = [
        json!({}),
        json!({ "decidedFrom": YEAR - 1, "level": ["MINISTRY_OR_PROVINCE"], "countingTo": YEAR }),
        json!({ "subjectKind": ["COLLECTIVE", "INDIVIDUAL"], "decidedOnFrom": format!("{}-06-01", YEAR - 1) }),
    ];

    let mut groups = 0;
    for (by, more) in parts.iter().flat_map(|by| wheres.iter().map(move |more| (by, more))) {
        let mut asked = more.clone();
        asked["withinUnit"] = root.clone();
        groups += follow(&officer, &root, &json!({ "where": asked, "groupBy": by }));
    }
    assert!(groups > 25, "{groups} groups only");
    let months = json!({
        "where": { "withinUnit": root, "decidedFrom": YEAR, "decidedOnTo": format!("{YEAR}-11-15") },
        "groupBy": ["MONTH", "SUBJECT_KIND"],
    });
    assert!(follow(&officer, &root, &months) > 1);
}

fn enterprises_are_counted_apart(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    records(&world, &officer);
    let of = |more: Value| ask(&officer, json!({ "where": more }))["events"].clone();
    // The second question cuts a year, so that rows are read.
    for from in ["2025-01-01", "2025-01-15"] {
        let count = |is_one: bool| of(json!({ "enterprise": is_one, "decidedOnFrom": from }));
        assert_eq!((count(true), count(false)), (json!(2), json!(1)), "{from}");
    }
}

fn what_lies_in_clusters_leads_to_no_rows(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let by_cluster = ask(&officer, json!({ "groupBy": ["CLUSTER"] }));
    let groups = by_cluster["groups"].as_array().unwrap();
    assert!(
        !groups.is_empty() && groups.iter().all(|group| group["filter"].is_null()),
        "{groups:?}"
    );
}

fn shares_are_counted(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let row = |more: &Value| {
        let mut row =
            json!({ "unitId": world.a.other_office, "awardType": "LDTT", "countingFrom": 2016 });
        for (name, value) in more.as_object().unwrap() {
            row[name] = value.clone();
        }
        row
    };
    let rows = json!([
        row(&json!({ "directWorker": true, "manager": false, "events": 2 })),
        row(&json!({ "directWorker": false, "manager": true })),
        row(&json!({ "commendationType": "AD_HOC" })),
    ]);
    run(&officer, "awardsImport", &json!({ "rows": rows })).ok();

    let told = ask(&officer, json!({ "where": { "withinUnit": world.a.other_office } }));

    let share = |name: &str| told["shares"][name].clone();
    assert_eq!(share("adHoc"), json!({ "part": 1, "whole": 4, "percent": "25" }));
    assert_eq!(share("directWorkers"), json!({ "part": 2, "whole": 3, "percent": "66.67" }));
    assert_eq!(share("nonManagers"), json!({ "part": 2, "whole": 3, "percent": "66.67" }));
}
