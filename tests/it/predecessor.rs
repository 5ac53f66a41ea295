//! Collectives after a merger: what is recorded of the units that one continues is seen, and how it counts is left to
//! people.

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
        what_a_predecessor_held_is_for_people_to_count,
        what_is_hidden_of_a_predecessor_does_not_fail,
        a_list_of_successors_takes_as_many_statements_as_one,
    ]
}

fn unit(client: &Client, code: &str, more: &Value) -> Value {
    let mut unit = json!({
        "code": code, "name": format!("Phòng {code}"), "kind": "DIVISION", "validFrom": "2024-02-01",
    });
    unit.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    run(client, "unitCreate", &unit).ok()["unitCreate"]["unit"]["id"].clone()
}

/// The unit itself as a collective, with its year.
fn collective(client: &Client, unit: &Value) -> Value {
    let input = json!({ "kind": "COLLECTIVE", "name": "Tập thể", "unitId": unit, "isUnit": true });
    let id = run(client, "subjectCreate", &input).ok()["subjectCreate"]["subject"]["id"].clone();
    let year = json!({
        "subjectId": id, "year": YEAR, "expectedVersion": 0, "completionRating": "EXCELLENT",
    });
    run(client, "yearRecordRecord", &year).ok();
    id
}

/// A certificate, and a flag within the five years that count.
fn given(client: &Client, (unit, subject): (&Value, &Value)) {
    let row = |title: &str, year: i32| {
        json!({
            "unitId": unit, "subjectId": subject, "awardType": title, "countingFrom": year,
            "decidedOn": format!("{year}-12-20"), "decisionLabel": format!("{year}/QĐ-UBND"),
        })
    };
    let rows = [row("PROVINCIAL_CERTIFICATE", 2019), row("PROVINCIAL_EMULATION_FLAG", 2022)];
    run(client, "awardsImport", &json!({ "rows": rows })).ok();
}

fn check(client: &Client, subject: &Value) -> Value {
    let asked = json!({ "subjectId": subject, "awardTypeCode": "PM_CERTIFICATE", "year": YEAR });
    client.run(operation::text("eligibilityCheck"), asked).ok()["eligibilityCheck"].clone()
}

/// The condition on earlier certificates.
fn since(check: &Value) -> Value {
    let outcomes = check["outcomes"].as_array().unwrap().iter();
    let mut steps = outcomes.flat_map(|it| it["steps"].as_array().unwrap());
    steps.find(|step| step["message"].as_str().unwrap().starts_with("Kể từ khi")).unwrap().clone()
}

fn what_a_predecessor_held_is_for_people_to_count(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let old = unit(&officer, "cu", &json!({ "parentId": world.a.root }));
    let oldest = collective(&officer, &old);
    given(&officer, (&old, &oldest));
    let middle =
        json!({ "parentId": world.a.root, "validFrom": "2024-06-01", "predecessorIds": [old] });
    let middle = unit(&officer, "giua", &middle);
    let new =
        json!({ "parentId": world.a.root, "validFrom": "2025-03-01", "predecessorIds": [middle] });
    let new = unit(&officer, "moi", &new);
    let successor = collective(&officer, &new);
    let alone = unit(&officer, "rieng", &json!({ "parentId": world.a.root }));
    let alone = collective(&officer, &alone);

    let (own, after) = (check(&officer, &alone), check(&officer, &successor));

    assert_eq!(own["verdict"], "FAILED", "no certificate, and none before it");
    assert_eq!(since(&own)["verdict"], "FAILED");
    assert_eq!(after["verdict"], "UNKNOWN", "two reorganisations before");
    let step = since(&after);
    assert_eq!(step["verdict"], "UNKNOWN");
    assert!(step["message"].as_str().unwrap().contains("Thông tư 15/2025/TT-BNV"), "{step}");
    assert_eq!(step["facts"][0]["reference"], "2019/QĐ-UBND");

    // What it holds itself counts as ever.
    given(&officer, (&new, &successor));
    let step = since(&check(&officer, &successor));
    assert!(!step["message"].as_str().unwrap().contains("Thông tư 15/2025/TT-BNV"), "{step}");
}

/// Who reads the new unit and not the old one is told that something is open, and nothing of what is recorded.
fn what_is_hidden_of_a_predecessor_does_not_fail(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let old = unit(&officer, "cu", &json!({ "parentId": world.a.other_office }));
    let earlier = collective(&officer, &old);
    given(&officer, (&old, &earlier));
    let new =
        json!({ "parentId": world.a.office, "validFrom": "2025-03-01", "predecessorIds": [old] });
    let new = unit(&officer, "moi", &new);
    let successor = collective(&officer, &new);

    let seen = since(&check(&world.a.sign_in(&server, Role::UnitOfficer), &successor));

    assert_eq!(seen["verdict"], "UNKNOWN");
    assert_eq!(seen["facts"], json!([]), "nothing of the other office");
    assert_eq!(since(&check(&officer, &successor))["facts"][0]["reference"], "2019/QĐ-UBND");
}

fn a_list_of_successors_takes_as_many_statements_as_one(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let successor = |number: usize| {
        let old = unit(&officer, &format!("cu-{number}"), &json!({ "parentId": world.a.office }));
        let _ = collective(&officer, &old);
        let new = json!({ "parentId": world.a.office, "validFrom": "2025-03-01", "predecessorIds": [old] });
        let new = unit(&officer, &format!("moi-{number}"), &new);
        collective(&officer, &new)
    };
    let successors: Vec<Value> = (0..6).map(successor).collect();
    let title =
        "{ awardTypes(where: { code: { eq: \"EXCELLENT_LABOUR_COLLECTIVE\" } }) { nodes { id } } }";
    let title = office.run(title, json!({})).ok()["awardTypes"]["nodes"][0]["id"].clone();
    let take = |subjects: &[Value]| {
        let nominee = |subject: &Value| {
            json!({
                "kind": "COLLECTIVE", "name": "Tập thể", "awardTypeId": title, "subjectId": subject,
            })
        };
        let draft = json!({
            "unitId": world.a.office, "title": "Danh sách", "year": YEAR,
            "nominees": subjects.iter().map(nominee).collect::<Vec<_>>(),
        });
        let query = "mutation($input: SubmissionCreateInput!) {
          submissionCreate(input: $input) { submission { id } errors { code } }
        }";
        let made = office.run(query, json!({ "input": draft })).ok();
        let query =
            "query($id: ID!) { submission(id: $id) { nominees { eligibility { verdict } } } }";
        let answer =
            office.run(query, json!({ "id": made["submissionCreate"]["submission"]["id"] }));
        let statements = answer.statements();
        assert_eq!(answer.ok()["submission"]["nominees"].as_array().unwrap().len(), subjects.len());
        statements
    };

    let (one, six) = (take(&successors[..1]), take(&successors));
    same_statements(one, six, "one successor and six");
}
