//! What an authority of the state gave is not taken away by the one who keeps the record of it; what is confirmed was read.

use entity::role_grant::Role;
use entity::submission::State;
use harness::cases;
use harness::client::Client;
use harness::stage::{Case, Stage};
use harness::world::{World, YEAR};
use serde_json::{Value, json};

use crate::registry::{assert_replayed, issue, paper, run};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        what_the_state_gave_the_state_takes_away,
        what_was_given_anew_is_not_restored_beside_it,
        nobody_confirms_a_proposal_that_he_has_not_read,
        what_becomes_of_an_award_is_decided_in_order,
        a_list_is_not_decided_before_it_was_sent,
    ]
}

fn what_the_state_gave_the_state_takes_away(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let award = json!({
        "subjectId": world.a.subject, "awardTypeId": world.award_type, "countingFrom": YEAR + 1,
    });
    let paper_of_2026 = paper(&json!({ "decidedOn": "2026-01-20" }));
    let given = json!({ "paper": paper_of_2026, "awards": [award] });
    run(&head, "decisionIssue", &issue(&world, &given)).ok();
    let row = json!({
        "unitId": world.a.office, "subjectName": "Giàng A Mẫu", "subjectKind": "INDIVIDUAL",
        "awardType": "HERO_LABOUR", "countingFrom": 2018, "issuerName": "Chủ tịch nước",
        "decisionLabel": "77/QĐ-CTN", "decidedOn": "2019-02-01",
    });
    let done = run(&officer, "awardsImport", &json!({ "rows": [row] })).ok();
    let id = done["awardsImport"]["import"]["results"][0]["award"]["id"].clone();
    assert!(id.is_string(), "{done}");
    let propose = json!({ "id": id, "expectedVersion": 1, "reason": "Khai gian thành tích" });
    run(&officer, "awardRevokePropose", &propose).ok();
    let confirm = |paper: &Value, issuer: &Value| json!({ "id": id, "expectedVersion": 2, "decision": paper, "issuer": issuer });
    let own = paper(&json!({ "number": 12, "symbol": "QĐ-UBND" }));
    let far = paper(&json!({ "number": 900, "symbol": "QĐ-CTN" }));

    run(&chair, "awardRevokeConfirm", &confirm(&own, &Value::Null)).refused("NOT_THE_AUTHORITY");
    run(&chair, "awardRevokeConfirm", &confirm(&far, &Value::Null)).refused("NOT_THE_AUTHORITY");
    run(&chair, "awardRevokeConfirm", &confirm(&far, &json!("PRIME_MINISTER")))
        .refused("NOT_THE_AUTHORITY");
    let authority = json!("PRESIDENT");
    // The symbol of a register that is kept here.
    let ours = paper(&json!({ "number": 900, "symbol": "QĐ-VP" }));
    run(&chair, "awardRevokeConfirm", &confirm(&ours, &authority)).refused("NOT_THE_AUTHORITY");
    let unnumbered = paper(&json!({ "symbol": "QĐ-CTN" }));
    run(&chair, "awardRevokeConfirm", &confirm(&unnumbered, &authority)).refused("REQUIRED");
    let done = run(&chair, "awardRevokeConfirm", &confirm(&far, &authority)).ok();
    let gone = &done["awardRevokeConfirm"]["award"];
    assert_eq!(gone["state"], "REVOKED");
    assert_eq!(gone["acts"][1]["decision"]["label"], "900/QĐ-CTN");

    // What was given here is taken away here; nobody is stripped of it, it is cancelled.
    let id = world.a.awards.valid;
    let strip = json!({ "id": id, "expectedVersion": 1, "reason": "Khai gian thành tích" });
    let refused = run(&officer, "awardRevokePropose", &strip).refused("NOT_REVOCABLE");
    let message = refused["awardRevokePropose"]["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("Điều 93") && message.contains("awardCancelPropose"), "{message}");
    let propose =
        json!({ "id": id, "expectedVersion": 1, "ground": "FRAUD", "reason": "Khai gian" });
    run(&officer, "awardCancelPropose", &propose).ok();
    let as_another = json!({
        "id": id, "expectedVersion": 2, "decision": far, "issuer": "PRIME_MINISTER",
    });
    run(&chair, "awardCancelConfirm", &as_another).refused("NOT_THE_AUTHORITY");
}

fn what_was_given_anew_is_not_restored_beside_it(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let person = json!({ "kind": "INDIVIDUAL", "name": "Giàng A Mẫu", "unitId": world.a.office });
    let person =
        run(&officer, "subjectCreate", &person).ok()["subjectCreate"]["subject"]["id"].clone();
    let give = || {
        let award = json!({
            "subjectId": person, "awardTypeId": world.award_type, "countingFrom": YEAR,
        });
        let issued = run(&head, "decisionIssue", &issue(&world, &json!({ "awards": [award] })));
        issued.ok()["decisionIssue"]["decision"]["awards"][0]["id"].clone()
    };
    let decision = paper(&json!({}));
    let cancel = |id: &Value| {
        let propose = json!({
            "id": id, "expectedVersion": 1, "ground": "FRAUD", "reason": "Khai gian thành tích",
        });
        run(&officer, "awardCancelPropose", &propose).ok();
        let confirm = json!({ "id": id, "expectedVersion": 2, "decision": decision });
        run(&chair, "awardCancelConfirm", &confirm).ok();
    };
    let first = give();
    cancel(&first);
    let second = give();
    let propose = json!({ "id": first, "expectedVersion": 3, "reason": "Kết luận lại" });
    run(&officer, "awardRestorePropose", &propose).ok();
    let restore = json!({ "id": first, "expectedVersion": 4, "decision": decision });

    let refused = run(&chair, "awardRestoreConfirm", &restore).refused("ALREADY_EXISTS");
    assert_eq!(refused["awardRestoreConfirm"]["errors"][0]["path"], json!(["input", "id"]));
    cancel(&second);
    let back = run(&chair, "awardRestoreConfirm", &restore).ok();
    assert_eq!(back["awardRestoreConfirm"]["award"]["state"], "VALID");
}

fn nobody_confirms_a_proposal_that_he_has_not_read(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let central = world.a.sign_in(&server, Role::CentralOfficer);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let id = world.a.awards.valid;
    let why = |version: i32, reason: &str| json!({ "id": id, "expectedVersion": version, "reason": reason });
    let paper = paper(&json!({}));
    let confirm = |version: i32| json!({ "id": id, "expectedVersion": version, "decision": paper });
    // Each version is that of the award after the proposal before.
    for (act, first) in [("Cancel", 1), ("Restore", 4)] {
        let propose = |client: &Client, version: i32, reason: &str| {
            let mut input = why(version, reason);
            if act == "Cancel" {
                input["ground"] = json!("FRAUD");
            }
            let field = format!("award{act}Propose");
            run(client, &field, &input).ok()[&field]["award"]["version"].clone()
        };
        let field = format!("award{act}Confirm");

        assert_eq!(propose(&officer, first, "Lý do đã đọc"), first + 1);
        assert_eq!(propose(&central, first + 1, "Lý do chưa ai đọc"), first + 2);
        run(&chair, &field, &confirm(first + 1)).refused("CONFLICT");
        let done = run(&chair, &field, &confirm(first + 2)).ok();

        let award = &done[&field]["award"];
        let acts = award["acts"].as_array().unwrap();
        assert_eq!(acts.last().unwrap()["reason"], "Lý do chưa ai đọc", "{award}");
        assert_eq!(award["version"], first + 3);
        let numbers: Vec<_> = acts.iter().map(|act| act["sequence"].as_i64().unwrap()).collect();
        assert!(numbers.iter().copied().eq(1..=i64::try_from(acts.len()).unwrap()), "{numbers:?}");
    }
    assert_replayed(&world);
}

fn what_becomes_of_an_award_is_decided_in_order(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let id = world.a.awards.valid;
    // Registers of their own: the order of numbers is another matter.
    let on = |symbol: &str, day: &str| paper(&json!({ "symbol": symbol, "decidedOn": day }));
    let confirm = |version: i32, paper: &Value| json!({ "id": id, "expectedVersion": version, "decision": paper });
    let propose = |field: &str, version: i32| {
        let mut input = json!({ "id": id, "expectedVersion": version, "reason": "Kết luận" });
        if field == "awardCancelPropose" {
            input["ground"] = json!("FRAUD");
        }
        run(&officer, field, &input).ok();
    };
    let early = |field: &str, input: &Value| {
        let body = run(&chair, field, input).refused("OUT_OF_RANGE");
        let error = &body[field]["errors"][0];
        assert_eq!(error["path"], json!(["input", "decision", "decidedOn"]), "{error}");
    };

    propose("awardCancelPropose", 1);
    run(&chair, "awardCancelConfirm", &confirm(2, &on("QĐ-HB", "2025-12-20"))).ok();
    propose("awardRestorePropose", 3);
    early("awardRestoreConfirm", &confirm(4, &on("QĐ-PH", "2025-12-19")));
    run(&chair, "awardRestoreConfirm", &confirm(4, &on("QĐ-PH", "2026-01-15"))).ok();
    propose("awardCancelPropose", 5);
    early("awardCancelConfirm", &confirm(6, &on("QĐ-HBL", "2026-01-14")));
    run(&chair, "awardCancelConfirm", &confirm(6, &on("QĐ-HBL", "2026-01-15"))).ok();
}

fn a_list_is_not_decided_before_it_was_sent(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let list = world.submission(&world.a, State::Approved);
    let on = |day: &str| {
        let paper = paper(&json!({ "decidedOn": day }));
        issue(&world, &json!({ "awards": [], "submissionIds": [list.id], "paper": paper }))
    };

    let refused = run(&head, "decisionIssue", &on("2025-11-19")).refused("OUT_OF_RANGE");

    let error = &refused["decisionIssue"]["errors"][0];
    assert_eq!(error["path"], json!(["input", "paper", "decidedOn"]), "{error}");
    run(&head, "decisionIssue", &on("2025-11-20")).ok();
}
