//! What one authority decides together, and what a correction may make of what was decided.

use entity::ballot_result::Outcome;
use entity::role_grant::Role;
use harness::cases;
use harness::client::{Answer, Client};
use harness::server::Server;
use harness::stage::{Case, Stage};
use harness::world::{World, YEAR};
use serde_json::{Value, json};

use crate::assembly::{Assembly, nominated, with};
use crate::council::{done, run};
use crate::handling::reason;
use crate::operation;
use crate::quota::award;
use crate::registry::{issue, paper};
use crate::rules::person;
use crate::vote::{list, voted};
use crate::workflow::{decision, step};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_list_is_parted_before_it_is_approved,
        nobody_is_moved_to_what_another_authority_gives,
        a_list_that_is_not_parted_is_moved_to_a_lower_title,
        who_lost_a_place_is_moved_to_a_lower_title,
        who_lost_a_tie_is_moved_to_a_lower_title,
        a_correction_stays_within_what_was_decided,
        what_was_taken_over_is_moved_to_another,
        an_annual_title_counts_one_year,
        figures_of_an_award_go_together,
        years_to_come_are_taken_over_from_nobody,
        what_we_propose_is_not_written_down_without_its_ballot,
    ]
}

/// A received submission of the office with nominees for titles of these codes.
fn received((server, world): (&Server, &World), officer: &Client, codes: &[&str]) -> Value {
    let office = world.a.sign_in(server, Role::UnitOfficer);
    let nominee = |code: &&str| {
        let name = format!("Lò Thị {code} (mẫu)");
        json!({ "kind": "INDIVIDUAL", "name": name, "awardTypeId": award(&office, code) })
    };
    let input = json!({
        "unitId": world.a.office, "title": "Đề nghị khen thưởng", "year": 2026,
        "nominees": codes.iter().map(nominee).collect::<Vec<_>>(),
    });
    let mut now = done(&office, ("submissionCreate", "submission"), &input);
    for (client, mutation) in [(&office, "submissionSend"), (officer, "submissionReceive")] {
        let input = json!({ "id": now["id"], "expectedVersion": now["version"] });
        now = done(client, (mutation, "submission"), &input);
    }
    now
}

fn a_list_is_parted_before_it_is_approved(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let appraise = |codes: &[&str]| {
        let list = received((&server, &world), &officer, codes);
        let input = json!({ "id": list["id"], "expectedVersion": list["version"] });
        (run(&officer, "submissionAppraise", &input), list)
    };

    let (mixed, list) = appraise(&["PROVINCIAL_CERTIFICATE", "BASE_EMULATION_FIGHTER"]);
    let refused = mixed.refused("DECIDERS_DIFFER");
    let said = refused["submissionAppraise"]["errors"][0]["message"].as_str().unwrap().to_owned();
    assert!(said.starts_with("Chiến sĩ thi đua cơ sở"), "{said}");
    let query =
        "query($id: ID!) { submission(id: $id) { allowedActions { action allowed reason } } }";
    let read = officer.run(query, json!({ "id": list["id"] })).ok();
    let actions = read["submission"]["allowedActions"].as_array().unwrap();
    let of = |name: &str| actions.iter().find(|it| it["action"] == name).unwrap().clone();
    assert_eq!(of("APPRAISE")["reason"], "DECIDERS_DIFFER");
    assert_eq!(of("RETURN")["allowed"], true, "so that it is parted");

    let (together, _) = appraise(&["PROVINCIAL_CERTIFICATE", "PROVINCIAL_EMULATION_FIGHTER"]);
    let _ = together.ok();
    let (onward, _) = appraise(&["PROVINCIAL_CERTIFICATE", "PM_CERTIFICATE"]);
    // They go together; but for a title of the State a name is not enough.
    let _ = onward.refused("SUBJECT_MISSING");
}

/// The input that moves a candidate of an assembly to a lower title.
fn down(assembly: &Assembly, candidate: &Value, code: &str) -> Value {
    json!({
        "id": candidate, "reason": "Chưa đủ phiếu",
        "awardTypeId": award(&assembly.secretary, code),
    })
}

fn nobody_is_moved_to_what_another_authority_gives(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let mut assembly = Assembly::new(&server, &world, 6);
    let higher = "PROVINCIAL_EMULATION_FIGHTER";
    let list = [("Lò Văn Ba (mẫu)", higher), ("Lò Thị Tư (mẫu)", "PROVINCIAL_CERTIFICATE")];
    assembly.sit_on(nominated(&server, &world, &list));
    assembly.attend(&["PRESENT"; 6]);
    let alone = json!({ "candidateIds": [assembly.candidates[0]] });
    let first = voted(&server, &assembly, (&assembly.item, &alone), &["N"; 5]);
    let again = json!({ "reconsidersId": first["id"], "reason": "Có tài liệu mới" });
    let _ = voted(&server, &assembly, (&assembly.item, &with(alone, &again)), &["N"; 5]);

    let lower = down(&assembly, &assembly.candidates[0], "BASE_EMULATION_FIGHTER");
    let refused = run(&assembly.secretary, "candidateDowngrade", &lower);

    let refused = refused.refused("DECIDERS_DIFFER");
    let error = &refused["candidateDowngrade"]["errors"][0];
    assert!(error["message"].as_str().unwrap().starts_with("Chiến sĩ thi đua cơ sở"), "{error}");
    assert_eq!(error["path"], json!(["input", "awardTypeId"]));
}

fn a_list_that_is_not_parted_is_moved_to_a_lower_title(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let mut assembly = Assembly::new(&server, &world, 6);
    let higher = "PROVINCIAL_EMULATION_FIGHTER";
    let list = [("Lò Văn Ba (mẫu)", higher), ("Lò Thị Tư (mẫu)", higher)];
    assembly.sit_on(nominated(&server, &world, &list));
    assembly.attend(&["PRESENT"; 6]);
    let lower = down(&assembly, &assembly.candidates[0], "BASE_EMULATION_FIGHTER");
    let first = voted(&server, &assembly, (&assembly.item, &json!({})), &["NN"; 5]);
    assert_eq!(first["results"][1]["outcome"], "FAILED", "{first}");
    // The other one has a round left and may still pass.
    let early = run(&assembly.secretary, "candidateDowngrade", &lower);
    let _ = early.refused("DECIDERS_DIFFER");
    let again = json!({ "reconsidersId": first["id"], "reason": "Có tài liệu mới" });
    let _ = voted(&server, &assembly, (&assembly.item, &again), &["NN"; 5]);

    let moved = done(&assembly.secretary, ("candidateDowngrade", "candidate"), &lower);

    assert_eq!(moved["awardType"]["code"], "BASE_EMULATION_FIGHTER", "{moved}");
    let alone = json!({ "candidateIds": [moved["id"]] });
    let last = voted(&server, &assembly, (&assembly.item, &alone), &["Y"; 5]);
    assert_eq!(last["results"][0]["outcome"], "PASSED", "{last}");
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let approved = step(&chair, "submissionApprove", &assembly.submission);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let issued = done(&head, ("decisionIssue", "decision"), &decision(&world, &approved));
    let awards = issued["awards"].as_array().unwrap();
    assert_eq!(awards.len(), 1, "{issued}");
    assert_eq!(shown(&head, &awards[0]["id"])["awardType"]["code"], "BASE_EMULATION_FIGHTER");
}

/// Moves a candidate of an item to the title below that of the list.
fn labourer(assembly: &Assembly, item: &Value, place: usize) -> Answer {
    let input = down(assembly, &item["candidates"][place]["id"], "ADVANCED_LABOURER");
    run(&assembly.secretary, "candidateDowngrade", &input)
}

fn who_lost_a_place_is_moved_to_a_lower_title(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 6);
    assembly.attend(&["PRESENT"; 6]);
    let item = list(&assembly, 1);
    let one = |place: usize| json!({ "candidateIds": [item["candidates"][place]["id"]] });
    let _ = voted(&server, &assembly, (&item["id"], &one(0)), &["Y"; 5]);
    let over = voted(&server, &assembly, (&item["id"], &one(1)), &["Y"; 5]);
    assert_eq!(over["results"][0]["outcome"], "OVER_QUOTA", "{over}");

    let _ = labourer(&assembly, &item, 0).refused("WRONG_STATE");
    let moved = labourer(&assembly, &item, 1).ok();

    // The one place of the list is of each title: that of the lower one is free.
    let moved = &moved["candidateDowngrade"]["candidate"]["id"];
    let alone = json!({ "candidateIds": [moved] });
    let last = voted(&server, &assembly, (&item["id"], &alone), &["Y"; 5]);
    assert_eq!(last["results"][0]["outcome"], "PASSED", "{last}");
}

fn who_lost_a_tie_is_moved_to_a_lower_title(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 6);
    assembly.attend(&["PRESENT"; 6]);
    let item = list(&assembly, 1);
    let tied = voted(&server, &assembly, (&item["id"], &json!({})), &["YY"; 5]);
    assert_eq!(tied["results"][1]["outcome"], "TIED", "{tied}");
    let _ = labourer(&assembly, &item, 1).refused("WRONG_STATE");
    let chair = assembly.member(&server, 0);
    for (place, is_taken) in [(0, true), (1, false)] {
        let input = json!({
            "id": tied["candidates"][place]["id"], "isTaken": is_taken, "reason": "Nổi trội hơn",
        });
        let _ = done(&chair, ("ballotTieDecide", "decision"), &input);
    }

    let _ = labourer(&assembly, &item, 0).refused("WRONG_STATE");
    let _ = labourer(&assembly, &item, 1).ok();
}

fn shown(client: &Client, id: &Value) -> Value {
    client.run(operation::text("award"), json!({ "id": id })).ok()["award"].clone()
}

fn a_correction_stays_within_what_was_decided(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let person = |name: &str| person(&officer, world.a.office, name);
    let (one, other) = (person("Vừ A Một (mẫu)"), person("Vừ A Hai (mẫu)"));
    let give = |subject: &Value| {
        let award = json!({
            "subjectId": subject, "awardTypeId": world.award_type, "countingFrom": YEAR,
        });
        let issued = done(
            &head,
            ("decisionIssue", "decision"),
            &issue(&world, &json!({ "awards": [award] })),
        );
        issued["awards"][0]["id"].clone()
    };
    let first = give(&one);
    let correct = |more: &Value| {
        let input = json!({
            "id": first, "expectedVersion": 1, "reason": "Ghi sai", "decision": paper(&json!({})),
        });
        run(&officer, "awardCorrect", &with(input, more))
    };

    let ahead = correct(&json!({ "countingFrom": YEAR + 5, "countingTo": YEAR + 5 }));
    let ahead = ahead.refused("OUT_OF_RANGE");
    assert_eq!(ahead["awardCorrect"]["errors"][0]["path"], json!(["input", "countingTo"]));
    // Another person is another award, which nobody has decided.
    let moved = correct(&json!({ "subjectId": other })).refused("SETTLED_BY_DECISION");
    assert_eq!(moved["awardCorrect"]["errors"][0]["path"], json!(["input", "subjectId"]));
    let named = json!({ "subjectId": one, "subjectName": "Vừ A Mốt (mẫu)" });
    let _ = correct(&named).ok();
    let now = shown(&officer, &first);
    assert_eq!((&now["subjectName"], &now["subject"]["id"]), (&json!("Vừ A Mốt (mẫu)"), &one));
    assert!(now["certificate"].as_str().unwrap().contains("Vừ A Mốt (mẫu)"), "{now}");
}

/// The decision of an authority above on somebody of a list that no council has heard yet.
fn what_we_propose_is_not_written_down_without_its_ballot(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let code = "NATIONAL_EMULATION_FIGHTER";
    let title = award(&chair, code);
    let record = |number: i32, year: i32| {
        let far = json!({
            "unitId": world.a.root, "issuer": "PRIME_MINISTER",
            "issuerName": "Thủ tướng Chính phủ",
            "paper": paper(&json!({ "symbol": "QĐ-TTg", "number": number })),
            "awards": [{
                "subjectId": world.a.subject, "awardTypeId": title, "countingFrom": year,
            }],
        });
        run(&chair, "decisionIssue", &issue(&world, &far))
    };
    let (list, nominee) = world.proposed(&world.a, code, false);

    let refused = record(814, YEAR).refused("VOTE_MISSING");

    let path = &refused["decisionIssue"]["errors"][0]["path"];
    assert_eq!(path, &json!(["input", "awards", "0"]));
    assert_eq!(reason(&chair, &json!(list), "DECIDE"), "VOTE_MISSING", "and it was foreseen");
    // What was given years ago is nothing that the list asks for.
    record(813, YEAR - 5).ok();
    world.voted_on(&world.a, nominee, &[(code, Outcome::Passed)]);
    record(814, YEAR).ok();
}

/// A decision of the head of the office that gives somebody a letter.
fn letter((head, world): (&Client, &World), subject: &Value, more: &Value) -> Answer {
    let letter = json!({
        "subjectId": subject, "awardTypeId": award(head, "LETTER_DEPARTMENT"), "countingFrom": YEAR,
    });
    let letter = with(letter, more);
    run(head, "decisionIssue", &issue(world, &json!({ "awards": [letter] })))
}

fn figures_of_an_award_go_together(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let person = person(&officer, world.a.office, "Vừ A Mẫu");
    let give = |more: &Value| letter((&head, &world), &person, more);
    let refused = |more: &Value, code: &str, field: &str| {
        let refused = give(more).refused(code);
        let path = &refused["decisionIssue"]["errors"][0]["path"];
        assert_eq!(path, &json!(["input", "awards", "0", field]), "{refused}");
    };

    for years in [-1, 0, 101] {
        let movement = json!({ "commendationType": "MOVEMENT", "movementYears": years });
        refused(&movement, "OUT_OF_RANGE", "movementYears");
    }
    refused(&json!({ "movementYears": 5 }), "INVALID_COMBINATION", "movementYears");
    for day in ["2024-12-31", "2026-01-01", "1950-01-01"] {
        let sudden = json!({ "commendationType": "AD_HOC", "achievedOn": day });
        refused(&sudden, "OUT_OF_RANGE", "achievedOn");
    }
    refused(&json!({ "achievedOn": "2025-05-05" }), "INVALID_COMBINATION", "achievedOn");
    let sudden = json!({ "commendationType": "AD_HOC", "achievedOn": "2025-05-05" });
    let given = give(&sudden).ok();
    let id = given["decisionIssue"]["decision"]["awards"][0]["id"].clone();
    let _ = give(&json!({ "commendationType": "MOVEMENT" })).ok();

    let correct = |more: &Value| {
        let input = json!({
            "id": id, "expectedVersion": 1, "reason": "Ghi sai", "decision": paper(&json!({})),
        });
        run(&officer, "awardCorrect", &with(input, more))
    };
    let merit = json!({ "commendationType": "MERIT", "achievedOn": null });
    let settled = correct(&merit).refused("SETTLED_BY_DECISION");
    let path = &settled["awardCorrect"]["errors"][0]["path"];
    assert_eq!(path, &json!(["input", "commendationType"]));
    let _ = correct(&json!({ "achievedOn": "2024-05-05" })).refused("OUT_OF_RANGE");
    // Neither does its year leave it behind.
    let body =
        correct(&json!({ "countingFrom": 2024, "countingTo": 2024 })).refused("OUT_OF_RANGE");
    let path = &body["awardCorrect"]["errors"][0]["path"];
    assert_eq!(path, &json!(["input", "countingFrom"]));
    let _ = correct(&json!({ "achievedOn": "2025-05-06" })).ok();
    assert_eq!(shown(&officer, &id)["achievedOn"], "2025-05-06");
}

/// A clerk who took over older records may have named the wrong one.
fn what_was_taken_over_is_moved_to_another(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let person = |name: &str| person(&officer, world.a.office, name);
    let (one, other) = (person("Vừ A Một (mẫu)"), person("Vừ A Hai (mẫu)"));
    let row = json!({
        "unitId": world.a.office, "subjectId": one, "awardType": "LDTT", "countingFrom": YEAR,
        "decidedOn": "2025-12-20", "decisionLabel": "7/QĐ-SYT", "issuerName": "Giám đốc Sở Y tế",
    });
    let taken = run(&officer, "awardsImport", &json!({ "rows": [row] })).ok();
    let first = taken["awardsImport"]["import"]["results"][0]["award"]["id"].clone();
    let given = json!({ "awards": [{
        "subjectId": other, "awardTypeId": world.award_type, "countingFrom": YEAR,
    }] });
    let _ = run(&head, "decisionIssue", &issue(&world, &given)).ok();
    let correct = |subject: &Value| {
        let paper = paper(&json!({ "symbol": "QĐ-SYT", "number": 9 }));
        let input = json!({
            "id": first, "expectedVersion": 1, "reason": "Ghi nhầm người", "decision": paper,
            "subjectId": subject,
        });
        run(&officer, "awardCorrect", &input)
    };

    let _ = correct(&other).refused("ALREADY_EXISTS");
    let third = person("Vừ A Ba (mẫu)");
    let _ = correct(&third).ok();
    let now = shown(&officer, &first);
    assert_eq!(
        (&now["subjectName"], &now["subject"]["id"]),
        (&json!("Vừ A Ba (mẫu)"), &third),
        "the name follows"
    );
}

fn an_annual_title_counts_one_year(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let person = person(&officer, world.a.office, "Vừ A Mẫu");
    let give = |more: &Value| {
        let award = json!({
            "subjectId": person, "awardTypeId": world.award_type, "countingFrom": 2015,
        });
        let award = with(award, more);
        run(&head, "decisionIssue", &issue(&world, &json!({ "awards": [award] })))
    };

    let _ = give(&json!({ "countingTo": 2016 })).refused("OUT_OF_RANGE");
    let _ = give(&json!({ "movementYears": 5 })).refused("INVALID_COMBINATION");
    let _ = give(&json!({})).ok();
}

fn years_to_come_are_taken_over_from_nobody(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let row = json!({
        "unitId": world.a.office, "awardType": "LDTT", "countingFrom": 2099,
        "subjectName": "Vừ A Mẫu", "decidedOn": "2018-12-20",
    });
    let refused = run(&officer, "awardsImport", &json!({ "rows": [row] })).refused("OUT_OF_RANGE");
    let path = json!(["input", "rows", "0", "countingFrom"]);
    assert_eq!(refused["awardsImport"]["errors"][0]["path"], path);
}
