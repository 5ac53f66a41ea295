//! A nominee says over which years he is proposed and in which field, and the award that comes of it says the same: by a
//! decision of ours, and by one of an authority above.

use entity::role_grant::Role;
use harness::cases;
use harness::client::Client;
use harness::stage::{Case, Stage};
use harness::world::{World, YEAR};
use serde_json::{Value, json};

use crate::assembly::{today, with};
use crate::council::{done, run};
use crate::onward::{followed, proposal, read, registered, send};
use crate::quota::award;
use crate::rules::person;
use crate::workflow::{appraised, step};

pub(crate) fn cases() -> Vec<Case> {
    cases![the_years_that_were_proposed_are_decided, the_years_that_went_above_come_back]
}

const CREATE: &str = "mutation($input: SubmissionCreateInput!) {
  submissionCreate(input: $input) {
    submission { id version state nominees { id countingFrom field } } errors { code path }
  }
}";

/// A list of the office with one nominee for a title.
fn list(world: &World, commendation: &str, nominee: &Value) -> Value {
    let named = json!({ "kind": "INDIVIDUAL", "name": "Lò Thị Mẫu" });
    json!({ "input": {
        "unitId": world.a.office, "title": "Danh sách", "year": YEAR,
        "commendationType": commendation, "nominees": [with(named, nominee)],
    } })
}

/// From when, until when and for what an award was given.
fn span(client: &Client, id: &Value) -> [Value; 3] {
    let shown = read(client, "award", id);
    ["countingFrom", "countingTo", "field"].map(|name| shown[name].clone())
}

fn the_years_that_were_proposed_are_decided(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let certificate = award(&office, "PROVINCIAL_CERTIFICATE");
    let subject = person(&office, world.a.office, "Lò Thị Mẫu");
    let sudden = json!({
        "awardTypeId": certificate, "subjectId": subject, "achievedOn": "2025-05-05",
        "countingFrom": YEAR - 1, "field": "Giáo dục",
    });
    let late = with(sudden.clone(), &json!({ "countingFrom": YEAR + 1 }));
    let annual = json!({ "awardTypeId": world.award_type, "countingFrom": YEAR - 1 });
    for (commendation, wrong) in [("AD_HOC", late), ("MERIT", annual)] {
        let refused = office.run(CREATE, list(&world, commendation, &wrong));
        let path = &refused.refused("OUT_OF_RANGE")["submissionCreate"]["errors"][0]["path"];
        assert_eq!(path, &json!(["input", "nominees", "0", "countingFrom"]));
    }

    let made = office.run(CREATE, list(&world, "AD_HOC", &sudden)).ok();
    let made = made["submissionCreate"]["submission"].clone();
    let nominee = &made["nominees"][0];
    assert_eq!(
        (&nominee["countingFrom"], &nominee["field"]),
        (&json!(YEAR - 1), &json!("Giáo dục"))
    );
    let change = |more: &Value| with(json!({ "id": nominee["id"], "expectedVersion": 1 }), more);
    let late = change(&json!({ "countingFrom": YEAR + 1 }));
    run(&office, "nomineeUpdate", &late).refused("OUT_OF_RANGE");
    let annual = change(&json!({ "awardTypeId": world.award_type }));
    run(&office, "nomineeUpdate", &annual).refused("AWARD_NOT_APPLICABLE");
    run(&office, "nomineeUpdate", &change(&json!({ "countingFrom": YEAR - 2, "field": "Y tế" })))
        .ok();
    let approved = step(
        &chair,
        "submissionApprove",
        &appraised(&server, &world, &read(&office, "submission", &made["id"])),
    );
    let decision = json!({
        "unitId": world.a.root, "submissionIds": [approved["id"]],
        "paper": { "symbol": "QĐ-UBND", "decidedOn": today() },
    });
    let decision = done(&chair, ("decisionIssue", "decision"), &decision);

    let found = span(&chair, &decision["awards"][0]["id"]);
    assert_eq!(found, [json!(YEAR - 2), json!(YEAR), json!("Y tế")]);
}

fn the_years_that_went_above_come_back(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    world.centralise(&world.b);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let central = world.b.sign_in(&server, Role::CentralOfficer);
    let (_, nominee) = world.proposed(&world.a, "PM_CERTIFICATE", true);
    let id = if world.ground.is_postgres() {
        format!("'{}'", nominee.uuid)
    } else {
        format!("X'{}'", nominee.uuid.simple())
    };
    let said = "UPDATE nominee SET counting_from = 2021, field = 'Y tế' WHERE id";
    world.ground.query(&format!("{said} = {id}")).unwrap();
    let onward = proposal(&world, &secretary, nominee);
    let sent = send(&secretary, &onward, "1/TTr").ok();
    let package = sent["onwardSubmissionSend"]["onwardPackage"].clone();
    let content: Value = serde_json::from_str(package["content"].as_str().unwrap()).unwrap();
    let listed = &content["nominees"][0];
    assert_eq!((&listed["countingFrom"], &listed["field"]), (&json!(2021), &json!("Y tế")));

    let received = followed(&central, &package, "RECEIVE");
    let appraised = followed(&central, &received, "APPRAISE");
    let registered = registered(&(&secretary, &central), &appraised);

    let decision = &registered["events"].as_array().unwrap().last().unwrap()["decision"];
    let found = span(&secretary, &decision["awards"][0]["id"]);
    assert_eq!(found, [json!(2021), json!(YEAR), json!("Y tế")]);
}
