//! Targets of awards against their results: numbers, shares, clusters, what is not told, and what it costs.

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Client, same_statements};
use harness::stage::{Case, Stage};
use harness::world::{World, YEAR};
use serde_json::{Value, json};

use crate::operation;
use crate::registry::run;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_target_is_held_against_the_totals,
        a_share_of_the_staff_is_counted_by_subjects,
        a_target_of_a_cluster_counts_its_members,
        few_people_are_not_told_by_a_target,
        a_target_is_corrected_and_withdrawn,
        a_target_says_what_it_is,
        a_page_of_targets_takes_what_one_takes,
    ]
}

fn with(mut input: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    input
}

fn plan(world: &World, more: &Value) -> Value {
    let plan = json!({
        "unitId": world.a.other_office, "year": 2016, "measure": "AWARDS", "value": "10",
        "source": "Kế hoạch 12/KH-UBND", "sourceOn": "2016-01-15",
    });
    with(plan, more)
}

fn set(client: &Client, input: &Value) -> Value {
    run(client, "awardTargetCreate", input).ok()["awardTargetCreate"]["target"].clone()
}

fn import(client: &Client, world: &World, rows: &[Value]) {
    let row = |more: &Value| {
        let row =
            json!({ "unitId": world.a.other_office, "awardType": "LDTT", "countingFrom": 2016 });
        with(row, more)
    };
    let rows: Vec<Value> = rows.iter().map(row).collect();
    run(client, "awardsImport", &json!({ "rows": rows })).ok();
}

fn listed(client: &Client, condition: &Value) -> Vec<Value> {
    let data = client.run(operation::text("awardTargets"), json!({ "where": condition })).ok();
    data["awardTargets"]["nodes"].as_array().unwrap().clone()
}

fn a_target_is_held_against_the_totals(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let _ = set(&officer, &plan(&world, &json!({})));
    let shares =
        [("AD_HOC_SHARE", "25"), ("DIRECT_WORKER_SHARE", "70"), ("NON_MANAGER_SHARE", "60")];
    for (measure, value) in shares {
        let _ = set(&officer, &plan(&world, &json!({ "measure": measure, "value": value })));
    }
    let most = json!({ "awardTypeCodes": ["BASE_EMULATION_FIGHTER"], "value": "0", "comparator": "AT_MOST" });
    let _ = set(&officer, &plan(&world, &most));
    import(
        &officer,
        &world,
        &[
            json!({ "directWorker": true, "manager": false, "events": 2 }),
            json!({ "directWorker": false, "manager": true }),
            json!({ "commendationType": "AD_HOC" }),
            json!({ "awardType": "CSTDCS", "countingFrom": 2017 }),
        ],
    );

    let found = listed(&officer, &json!({ "unitId": { "eq": world.a.other_office } }));

    let of = |measure: &str, codes: &Value| {
        let is_meant = |it: &&Value| it["measure"] == measure && it["awardTypeCodes"] == *codes;
        found.iter().find(is_meant).unwrap()["result"].clone()
    };
    let result = |part: i64, whole: &Value, value: &str, gap: &str, is_met: bool| {
        json!({
            "part": part, "whole": whole, "value": value, "gap": gap, "isMet": is_met,
            "isProtected": false,
        })
    };
    let none = json!([]);
    assert_eq!(of("AWARDS", &none), result(4, &Value::Null, "4", "-6", false));
    assert_eq!(of("AD_HOC_SHARE", &none), result(1, &json!(4), "25", "0", true));
    assert_eq!(of("DIRECT_WORKER_SHARE", &none), result(2, &json!(3), "66.67", "-3.33", false));
    assert_eq!(of("NON_MANAGER_SHARE", &none), result(2, &json!(3), "66.67", "6.67", true));
    let fighters = of("AWARDS", &json!(["BASE_EMULATION_FIGHTER"]));
    assert_eq!(fighters, result(0, &Value::Null, "0", "0", true), "one of another year");
    let decided = json!({ "basis": "DECIDED", "level": "BASE", "year": 2017, "value": "1" });
    let later = set(&officer, &plan(&world, &decided));
    assert_eq!(later["result"]["part"], 0, "nothing is known of the day of a decision: {later}");
}

/// S0-24 and S2-15: twenty percent of the staff with this title or a higher one.
fn a_share_of_the_staff_is_counted_by_subjects(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let person = |code: &str, title: &str| {
        json!({
            "awardType": title, "subjectKind": "INDIVIDUAL", "subjectCode": code,
            "subjectName": "Người mẫu", "unitId": world.a.office,
        })
    };
    let share = json!({
        "unitId": world.a.office, "measure": "SUBJECT_SHARE", "value": "20", "base": 15,
        "awardTypeCodes": ["BASE_EMULATION_FIGHTER", "PROVINCIAL_EMULATION_FIGHTER"],
    });
    import(
        &officer,
        &world,
        &[
            person("S-1", "CSTDCS"),
            person("S-1", "Chiến sỹ thi đua cấp tỉnh"),
            person("S-2", "CSTDCS"),
            person("S-3", "LDTT"),
        ],
    );

    let target = set(&head, &plan(&world, &share));

    let result = target["result"].clone();
    assert_eq!((&result["part"], &result["whole"]), (&json!(2), &json!(15)), "{target}");
    assert_eq!((&result["value"], &result["gap"]), (&json!("13.33"), &json!("-6.67")));
    import(&officer, &world, &[json!({ "awardType": "CSTDCS", "unitId": world.a.office })]);
    let after = listed(&officer, &json!({ "id": { "eq": target["id"] } }));
    assert_eq!(after[0]["result"]["value"], Value::Null, "one who is not named is nobody's double");
}

fn a_target_of_a_cluster_counts_its_members(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let of = json!({
        "unitId": world.a.root, "clusterId": world.a.cluster.id, "year": YEAR - 1,
        "measure": "AD_HOC_SHARE", "value": "5",
    });
    let row = |unit: harness::world::Id, more: &Value| {
        with(json!({ "unitId": unit, "countingFrom": YEAR - 1 }), more)
    };
    import(
        &officer,
        &world,
        &[
            row(world.a.other_office, &json!({ "commendationType": "AD_HOC", "events": 2 })),
            row(world.a.other_office, &json!({ "events": 7 })),
            // The root has no seat.
            row(world.a.root, &json!({ "commendationType": "AD_HOC", "events": 50 })),
        ],
    );

    let target = set(&officer, &plan(&world, &of));

    assert_eq!(target["cluster"]["id"], json!(world.a.cluster.id));
    // Beside what was imported the first office has one award of that year.
    let result = &target["result"];
    assert_eq!((&result["part"], &result["whole"]), (&json!(2), &json!(10)), "{target}");
    let lower = with(plan(&world, &of), &json!({ "unitId": world.a.office }));
    run(&officer, "awardTargetCreate", &lower).refused("INVALID_COMBINATION");
}

fn few_people_are_not_told_by_a_target(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let of = |year: i32| plan(&world, &json!({ "unitId": world.a.office, "year": year }));
    for year in [2016, 2017] {
        let _ = set(&officer, &of(year));
    }
    let here = |year: i32, events: i32| json!({ "unitId": world.a.office, "countingFrom": year, "events": events });
    import(&officer, &world, &[here(2016, 3), here(2017, 7)]);
    let told = |client: &Client| -> Vec<Value> {
        let found = listed(client, &json!({ "year": { "lte": 2017 } }));
        found.iter().map(|it| it["result"]["part"].clone()).collect()
    };

    assert_eq!(told(&officer), [7, 3]);
    assert_eq!(told(&world.a.sign_in(&server, Role::UnitHead)), [7, 3]);
    assert_eq!(told(&world.a.neighbour.sign_in(&server)), [json!(5), Value::Null]);
    assert!(told(&world.b.sign_in(&server, Role::StandingOfficer)).is_empty());
}

fn a_target_is_corrected_and_withdrawn(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let clerk = world.a.sign_in(&server, Role::UnitOfficer);
    let own = plan(&world, &json!({ "unitId": world.a.office }));
    run(&clerk, "awardTargetCreate", &own).refused("FORBIDDEN");
    run(&head, "awardTargetCreate", &plan(&world, &json!({}))).refused("NOT_FOUND");
    let target = set(&head, &own);
    run(&head, "awardTargetCreate", &own).refused("ALREADY_EXISTS");
    let change = |version: i32, more: &Value| {
        let input = json!({
            "id": target["id"], "expectedVersion": version, "reason": "Kế hoạch sửa đổi",
        });
        run(&head, "awardTargetUpdate", &with(input, more))
    };

    change(9, &json!({ "value": "12" })).refused("CONFLICT");
    change(1, &json!({ "reason": " " })).refused("REASON_REQUIRED");
    change(1, &json!({ "base": 4 })).refused("INVALID_COMBINATION");
    change(1, &json!({ "value": "12.5" })).refused("INVALID_FORMAT");
    let source =
        json!({ "value": "12", "source": "Kế hoạch 40/KH-UBND", "sourceOn": "2016-06-01" });
    let changed = change(1, &source).ok()["awardTargetUpdate"]["target"].clone();
    assert_eq!((&changed["value"], &changed["version"]), (&json!("12"), &json!(2)));
    let gone = change(2, &json!({ "isWithdrawn": true })).ok();
    assert!(gone["awardTargetUpdate"]["target"]["withdrawnOn"].is_string(), "{gone}");
    let standing = json!({ "id": { "eq": target["id"] }, "withdrawnOn": { "isNull": true } });
    assert!(listed(&head, &standing).is_empty());
    let auditor = world.a.sign_in(&server, Role::Auditor);
    let trail = json!({ "where": { "objectId": target["id"] } });
    let trail = auditor.run(operation::text("auditEvents"), trail).ok();
    assert_eq!(trail["auditEvents"]["totalCount"], 3, "{trail}");
}

fn a_target_says_what_it_is(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let refused = |more: Value, code: &str| {
        run(&officer, "awardTargetCreate", &plan(&world, &more)).refused(code);
    };

    refused(json!({ "measure": "AD_HOC_SHARE", "value": "100.01" }), "OUT_OF_RANGE");
    refused(json!({ "value": "-1" }), "OUT_OF_RANGE");
    refused(json!({ "value": "1.5" }), "INVALID_FORMAT");
    refused(json!({ "measure": "SUBJECT_SHARE" }), "INVALID_COMBINATION");
    refused(json!({ "base": 3 }), "INVALID_COMBINATION");
    refused(json!({ "awardTypeCodes": ["NO_SUCH_TITLE"] }), "NOT_FOUND");
    refused(json!({ "source": " " }), "REQUIRED");
    refused(json!({ "clusterId": world.b.cluster.id }), "NOT_FOUND");
}

fn a_page_of_targets_takes_what_one_takes(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    for year in 2001..2015 {
        let _ = set(&officer, &plan(&world, &json!({ "year": year })));
        let of = json!({
            "year": year, "unitId": world.a.root, "clusterId": world.a.cluster.id,
        });
        let _ = set(&officer, &plan(&world, &of));
    }
    let query = "query($first: Int!) {
      awardTargets(first: $first, orderBy: [{ year: {} }, { createdAt: { direction: DESC } }]) {
        nodes { id unit { name } cluster { name } result { part } }
      }
    }";
    let count = |first: usize| {
        let answer = officer.run(query, json!({ "first": first }));
        let count = answer.statements();
        let data = answer.ok();
        assert_eq!(data["awardTargets"]["nodes"].as_array().unwrap().len(), first);
        count
    };
    let _ = count(1);

    let (one, many) = (count(1), count(28));

    same_statements(one, many, "one target and 28");
    assert!(one <= 7, "{one} statements");
}
