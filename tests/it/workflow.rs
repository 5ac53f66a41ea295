//! Workflows of a province's year over several rooms: from an office's submission by the vote of the council to the
//! decision, the registry and what becomes of an award.

use entity::role_grant::Role;
use harness::cases;
use harness::client::Client;
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::{Value, json};

use crate::assembly::{Assembly, cast, today, with};
use crate::council::{anew, done, run};
use crate::operation;

pub(crate) fn cases() -> Vec<Case> {
    cases![a_council_votes_and_the_registry_keeps, who_failed_is_commended_for_what_passed]
}

/// Takes the submission of an assembly one step on.
pub(crate) fn step(client: &Client, mutation: &str, submission: &Value) -> Value {
    let input = json!({ "id": submission["id"], "expectedVersion": submission["version"] });
    done(client, (mutation, "submission"), &input)
}

/// Sends, receives and appraises it.
pub(crate) fn appraised(
    server: &harness::server::Server,
    world: &World,
    submission: &Value,
) -> Value {
    if submission["state"] == "APPRAISED" {
        return submission.clone();
    }
    let officer = world.a.sign_in(server, Role::StandingOfficer);
    let sent = step(&world.a.sign_in(server, Role::UnitOfficer), "submissionSend", submission);
    let received = step(&officer, "submissionReceive", &sent);
    step(&officer, "submissionAppraise", &received)
}

pub(crate) fn decision(world: &World, submission: &Value) -> Value {
    json!({
        "unitId": world.a.office, "submissionIds": [submission["id"]],
        "paper": { "symbol": "QĐ-VP", "decidedOn": today(), "signerPost": "Chánh Văn phòng" },
    })
}

pub(crate) fn public(client: &Client, code: &Value) -> Value {
    client.run(operation::text("awardPublic"), json!({ "code": code })).ok()["awardPublic"].clone()
}

/// Workflow W9, steps 4 to 9, and what W6 asks of the public check.
fn a_council_votes_and_the_registry_keeps(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 6);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let submission = appraised(&server, &world, &assembly.submission);
    assembly.attend(&["PRESENT"; 6]);
    let ballot = assembly.open(&json!({}));
    let approved = step(&chair, "submissionApprove", &submission);
    let issue = decision(&world, &approved);
    let open = run(&head, "decisionIssue", &issue).refused("WRONG_STATE");
    assert_eq!(open["decisionIssue"]["errors"][0]["path"], json!(["input", "submissionIds", "0"]));
    for (client, letters) in assembly.clients(&server, 5).iter().zip(["YY", "YY", "YY", "YY", "YN"])
    {
        let _ = cast(client, &ballot, letters).ok();
    }
    let closed = assembly.close(&server, &ballot);
    let outcomes = [&closed["results"][0]["outcome"], &closed["results"][1]["outcome"]];
    assert_eq!(outcomes, ["PASSED", "FAILED"], "5 and 4 of 6: {closed}");

    let issued = done(&head, ("decisionIssue", "decision"), &issue);

    let awards = issued["awards"].as_array().unwrap();
    assert_eq!(awards.len(), 1, "who failed is not commended: {issued}");
    let award = &awards[0];
    assert_eq!(award["subjectName"], "Lò Văn Một (mẫu)");
    let shown = public(&server.client(), &award["publicCode"]);
    assert_eq!((&shown["state"], &shown["decisionLabel"]), (&json!("VALID"), &issued["label"]));
    let stranger = world.b.sign_in(&server, Role::CouncilSecretary);
    let read = stranger.run(operation::text("award"), json!({ "id": award["id"] })).ok();
    assert_eq!(read["award"], Value::Null);
    misspelt_then_cancelled(&server, &world, award);
}

/// Step 9: a correction, then a cancellation by two; the registry keeps all of it.
pub(crate) fn misspelt_then_cancelled(
    server: &harness::server::Server,
    world: &World,
    award: &Value,
) {
    let officer = world.a.sign_in(server, Role::StandingOfficer);
    let chair = world.a.sign_in(server, Role::ProvinceChair);
    let paper = json!({ "symbol": "QĐ-VP", "decidedOn": today() });
    let correct = json!({
        "id": award["id"], "expectedVersion": 1, "reason": "Ghi sai họ tên",
        "subjectName": "Lò Văn Mốt (mẫu)", "decision": paper,
    });
    let _ = done(&officer, ("awardCorrect", "award"), &correct);
    let propose = json!({
        "id": award["id"], "expectedVersion": 2, "ground": "FRAUD", "reason": "Khai gian thành tích",
    });
    let _ = done(&officer, ("awardCancelPropose", "award"), &propose);
    let confirm = json!({ "id": award["id"], "expectedVersion": 3, "decision": paper });
    let gone = done(&chair, ("awardCancelConfirm", "award"), &confirm);
    let kinds: Vec<&Value> =
        gone["acts"].as_array().unwrap().iter().map(|act| &act["kind"]).collect();
    assert_eq!(kinds, ["AWARD", "CORRECT", "CANCEL"], "{gone}");
    assert_eq!(gone["subjectName"], "Lò Văn Mốt (mẫu)");
    let shown = public(&server.client(), &award["publicCode"]);
    assert_eq!(
        (&shown["state"], &shown["subjectName"]),
        (&json!("CANCELLED"), &gone["subjectName"])
    );
    crate::registry::assert_replayed(world);
}

/// A nominee who fails for a title is moved to a lower one, and given that.
fn who_failed_is_commended_for_what_passed(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 6);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let submission = appraised(&server, &world, &assembly.submission);
    assembly.attend(&["PRESENT"; 6]);
    let ballot = assembly.open(&json!({}));
    for client in assembly.clients(&server, 5) {
        let _ = cast(&client, &ballot, "NN").ok();
    }
    let _ = assembly.close(&server, &ballot);
    let award = "{ awardTypes(where: { code: { eq: \"ADVANCED_LABOURER\" } }) { nodes { id } } }";
    let award = head.run(award, json!({})).ok()["awardTypes"]["nodes"][0]["id"].clone();
    let lower = json!({
        "id": assembly.candidates[1], "awardTypeId": award, "reason": "Chưa đủ phiếu",
    });
    let lower = done(&assembly.secretary, ("candidateDowngrade", "candidate"), &lower);
    let open = with(json!({ "itemId": assembly.item }), &json!({ "candidateIds": [lower["id"]] }));
    let ballot = done(&assembly.secretary, ("ballotOpen", "ballot"), &open);
    for member in &assembly.members[..5] {
        let _ = cast(&anew(&server, member), &ballot, "Y").ok();
    }
    let _ = assembly.close(&server, &ballot);
    let approved = step(&chair, "submissionApprove", &submission);

    let issued = done(&head, ("decisionIssue", "decision"), &decision(&world, &approved));

    let awards = issued["awards"].as_array().unwrap();
    assert_eq!(awards.len(), 1, "{issued}");
    let read = head.run(operation::text("award"), json!({ "id": awards[0]["id"] })).ok();
    assert_eq!(read["award"]["awardType"]["code"], "ADVANCED_LABOURER");
    assert_eq!(read["award"]["subjectName"], "Giàng Thị Hai (mẫu)");
}
