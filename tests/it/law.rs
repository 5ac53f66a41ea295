//! The law where an award comes about: what was recorded after a list was sent, decisions without a list, what serves
//! once, who is proposed twice, and older records.

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Answer, Client};
use harness::stage::{Case, Stage};
use harness::world::{World, YEAR};
use serde_json::{Value, json};

use crate::operation;
use crate::registry::{paper, run};
use crate::rules::person;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_case_that_is_opened_late_stops_the_list,
        a_decision_without_a_list_asks_the_law,
        an_initiative_serves_with_the_award,
        an_award_that_is_corrected_still_rests_on_its_initiative,
        what_was_marked_as_used_names_its_award_once_it_is_given,
        nobody_is_proposed_for_the_same_twice,
        a_question_that_makes_no_sense_is_refused,
        what_is_older_than_the_rules_is_for_people,
        older_records_are_warned_of,
        what_is_for_foreigners_is_proposed_and_a_person_confirms,
    ]
}

fn rate(client: &Client, subject: &Value, rating: &str) {
    let input = json!({
        "subjectId": subject, "year": YEAR, "expectedVersion": 0, "completionRating": rating,
    });
    run(client, "yearRecordRecord", &input).ok();
}

fn title(client: &Client, code: &str) -> Value {
    let query =
        "query($code: String!) { awardTypes(where: { code: { eq: $code } }) { nodes { id } } }";
    client.run(query, json!({ "code": code })).ok()["awardTypes"]["nodes"][0]["id"].clone()
}

/// A draft of the office for the title of a world.
fn draft(world: &World, client: &Client, subjects: &[&Value]) -> Value {
    let nominee = |subject: &&Value| {
        json!({
            "kind": "INDIVIDUAL", "name": "Lò Thị Mẫu", "awardTypeId": world.award_type,
            "subjectId": subject,
        })
    };
    let input = json!({
        "unitId": world.a.office, "title": "Danh sách", "year": YEAR,
        "nominees": subjects.iter().map(nominee).collect::<Vec<_>>(),
    });
    let query = "mutation($input: SubmissionCreateInput!) {
      submissionCreate(input: $input) { submission { id } errors { code message } }
    }";
    client.run(query, json!({ "input": input })).ok()["submissionCreate"]["submission"].clone()
}

fn step(client: &Client, field: &str, (submission, version): (&Value, i32)) -> Answer {
    let query = format!(
        "mutation($input: SubmissionStepInput!) {{ {field}(input: $input) {{
          submission {{ id }} errors {{ code message path }}
        }} }}"
    );
    let input = json!({ "id": submission["id"], "expectedVersion": version });
    client.run(&query, json!({ "input": input }))
}

/// Why it was refused, in words.
fn against(answer: Answer, field: &str) -> String {
    let data = answer.refused("ELIGIBILITY_FAILED");
    data[field]["errors"][0]["message"].as_str().unwrap().to_owned()
}

fn allowed(client: &Client, submission: &Value, action: &str) -> Value {
    let query =
        "query($id: ID!) { submission(id: $id) { allowedActions { action allowed reason } } }";
    let read = client.run(query, json!({ "id": submission["id"] })).ok();
    let actions = read["submission"]["allowedActions"].as_array().unwrap().clone();
    actions.into_iter().find(|it| it["action"] == action).unwrap()
}

pub(crate) fn open_case(client: &Client, subject: &Value) -> Value {
    let case = json!({ "subjectId": subject, "stage": "PENDING", "fromDay": "2025-10-01" });
    run(client, "disciplineRecord", &case).ok()["disciplineRecord"]["discipline"]["id"].clone()
}

pub(crate) fn clear(client: &Client, case: &Value) {
    let close = json!({
        "id": case, "expectedVersion": 1, "stage": "CLEARED", "endDay": "2025-11-01",
    });
    run(client, "disciplineClose", &close).ok();
}

fn decide(client: &Client, world: &World, more: &Value) -> Answer {
    let mut input = json!({
        "unitId": world.a.office, "paper": { "symbol": "QĐ-VP", "decidedOn": "2026-07-02" },
    });
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    run(client, "decisionIssue", &input)
}

fn a_case_that_is_opened_late_stops_the_list(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let one = person(&office, world.a.office, "Lò Thị Mẫu");
    rate(&office, &one, "GOOD");
    let list = draft(&world, &office, &[&one]);
    step(&office, "submissionSend", (&list, 1)).ok();
    step(&officer, "submissionReceive", (&list, 2)).ok();

    let case = open_case(&officer, &one);
    let said = against(step(&officer, "submissionAppraise", (&list, 3)), "submissionAppraise");
    for word in ["Lò Thị Mẫu", "Lao động tiên tiến", "Nghị định 152/2025/NĐ-CP, Điều 4"]
    {
        assert!(said.contains(word), "{word} in {said}");
    }
    let shown = allowed(&officer, &list, "APPRAISE");
    assert_eq!(
        (&shown["allowed"], &shown["reason"]),
        (&json!(false), &json!("ELIGIBILITY_FAILED"))
    );
    assert_eq!(allowed(&officer, &list, "RETURN")["allowed"], true);
    clear(&officer, &case);
    assert_eq!(allowed(&officer, &list, "APPRAISE")["allowed"], true);
    step(&officer, "submissionAppraise", (&list, 3)).ok();
    let case = open_case(&officer, &one);
    let _ = against(step(&chair, "submissionApprove", (&list, 4)), "submissionApprove");
    clear(&officer, &case);
    step(&chair, "submissionApprove", (&list, 4)).ok();
    let case = open_case(&officer, &one);
    let now = json!({ "symbol": "QĐ-VP", "decidedOn": crate::assembly::today() });
    let of_list = json!({ "submissionIds": [list["id"]], "paper": now });
    let said = against(decide(&head, &world, &of_list), "decisionIssue");
    assert!(said.contains("Lò Thị Mẫu") && said.contains("Điều 4"), "{said}");
    clear(&officer, &case);
    let asked =
        json!({ "subjectId": one, "year": YEAR, "source": "POLICE", "askedOn": "2025-11-01" });
    let asked = run(&officer, "clearanceAsk", &asked).ok()["clearanceAsk"]["clearance"].clone();
    let answer = json!({
        "id": asked["id"], "expectedVersion": 1, "answeredBy": "Công an tỉnh", "isBlocking": true,
    });
    run(&officer, "clearanceAnswer", &answer).ok();
    let _ = against(decide(&head, &world, &of_list), "decisionIssue");
}

fn a_decision_without_a_list_asks_the_law(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let (good, idle) = (
        person(&office, world.a.office, "Người hoàn thành tốt"),
        person(&office, world.a.office, "Người không hoàn thành"),
    );
    rate(&office, &good, "GOOD");
    rate(&office, &idle, "NOT_COMPLETED");
    let award = |subject: &Value| json!({ "subjectId": subject, "awardTypeId": world.award_type, "countingFrom": YEAR });
    let of = |subjects: &[&Value]| json!({ "awards": subjects.iter().map(|it| award(it)).collect::<Vec<_>>() });

    let said = against(decide(&head, &world, &of(&[&good, &idle])), "decisionIssue");
    assert!(said.contains("Người không hoàn thành") && said.contains("Điều 24"), "{said}");
    let said = against(decide(&head, &world, &of(&[&good, &good])), "decisionIssue");
    assert!(said.contains("Điều 5 khoản 2 điểm c"), "{said}");
    let first = decide(&head, &world, &of(&[&good])).ok();
    let label = first["decisionIssue"]["decision"]["label"].as_str().unwrap().to_owned();
    assert_eq!(label, "1/QĐ-VP", "what was refused took no number");
    let said = against(decide(&head, &world, &of(&[&good])), "decisionIssue");
    assert!(said.contains(&label), "{said}");
    // Another register of papers, and a day before that of the first: the achievement is rewarded all the same.
    let mut early = of(&[&good]);
    early["paper"] = json!({ "symbol": "QĐ-VPUB", "decidedOn": "2026-07-01" });
    let said = against(decide(&head, &world, &early), "decisionIssue");
    assert!(said.contains("Điều 5 khoản 2 điểm c"), "{said}");
    let reporting = json!({
        "unitId": world.a.root, "issuer": "PRESIDENT", "issuerName": "Chủ tịch nước",
        "paper": { "symbol": "QĐ-CTN", "number": 5, "decidedOn": "2026-07-02" },
        "awards": [{
            "subjectId": good, "countingFrom": YEAR,
            "awardTypeId": title(&chair, "ORDER_LABOUR_UNSPECIFIED"),
        }],
    });
    run(&chair, "decisionIssue", &reporting).refused("AWARD_NOT_APPLICABLE");
}

fn an_initiative_serves_with_the_award(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let (list, _) = world.proposed(&world.a, "BASE_EMULATION_FIGHTER", true);
    let uses = || {
        let read = head.run(operation::text("subject"), json!({ "id": world.a.subject })).ok();
        let one = read["subject"]["initiatives"][0].clone();
        (one["usedFor"].clone(), one["usedYear"].clone())
    };
    assert_eq!(uses(), (Value::Null, Value::Null));

    decide(&head, &world, &json!({ "submissionIds": [list] })).ok();

    assert_eq!(uses(), (json!("BASE_EMULATION_FIGHTER"), json!(YEAR)));
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let read = officer.run(operation::text("subject"), json!({ "id": world.a.subject })).ok();
    let one = &read["subject"]["initiatives"][0];
    let free = json!({ "id": one["id"], "expectedVersion": one["version"], "reason": "Ghi nhầm" });
    let told = run(&officer, "initiativeUseCancel", &free).refused("WRONG_STATE");
    let error = &told["initiativeUseCancel"]["errors"][0];
    assert!(error["message"].as_str().unwrap().contains("sổ khen thưởng"), "{error}");
    assert_eq!(uses(), (json!("BASE_EMULATION_FIGHTER"), json!(YEAR)));
}

/// The initiative of the person of a world, as it is read now.
fn initiative(client: &Client, world: &World) -> Value {
    let read = client.run(operation::text("subject"), json!({ "id": world.a.subject })).ok();
    read["subject"]["initiatives"][0].clone()
}

/// Who has an award and for which year may be written down wrong; what it rests on has served all the same.
fn an_award_that_is_corrected_still_rests_on_its_initiative(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let [head, officer, central, chair] =
        [Role::UnitHead, Role::StandingOfficer, Role::CentralOfficer, Role::ProvinceChair]
            .map(|role| world.a.sign_in(&server, role));
    let (list, _) = world.proposed(&world.a, "BASE_EMULATION_FIGHTER", true);
    let issued = decide(&head, &world, &json!({ "submissionIds": [list] })).ok();
    let award = issued["decisionIssue"]["decision"]["awards"][0]["id"].clone();
    assert!(award.is_string(), "{issued}");
    assert_eq!(initiative(&officer, &world)["award"]["id"], award);
    let ruling = paper(&json!({ "decidedOn": "2026-07-03" }));
    let corrected = json!({
        "id": award, "expectedVersion": 1, "reason": "Ghi sai năm", "decision": ruling,
        "countingFrom": YEAR - 1, "countingTo": YEAR - 1,
    });
    run(&officer, "awardCorrect", &corrected).ok();
    let free = || {
        let now = initiative(&officer, &world);
        let input =
            json!({ "id": now["id"], "expectedVersion": now["version"], "reason": "Ghi nhầm" });
        run(&officer, "initiativeUseCancel", &input)
    };

    let _ = free().refused("WRONG_STATE");
    assert_eq!(initiative(&officer, &world)["award"]["id"], award, "nothing has changed");
    let propose = json!({
        "id": award, "expectedVersion": 2, "ground": "FRAUD", "reason": "Khai gian thành tích",
    });
    run(&central, "awardCancelPropose", &propose).ok();
    let confirm = json!({ "id": award, "expectedVersion": 3, "decision": ruling });
    run(&chair, "awardCancelConfirm", &confirm).ok();
    let freed = free().ok();

    let freed = &freed["initiativeUseCancel"]["initiative"];
    assert_eq!((&freed["award"], &freed["usedFor"]), (&Value::Null, &Value::Null));
}

fn what_was_marked_as_used_names_its_award_once_it_is_given(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let mark = json!({
        "id": world.a.records.initiative, "expectedVersion": 1,
        "awardTypeCode": "BASE_EMULATION_FIGHTER", "year": YEAR,
    });
    run(&officer, "initiativeUse", &mark).ok();
    assert_eq!(initiative(&officer, &world)["award"], Value::Null);
    let (list, _) = world.proposed(&world.a, "BASE_EMULATION_FIGHTER", true);

    let issued = decide(&head, &world, &json!({ "submissionIds": [list] })).ok();

    let award = &issued["decisionIssue"]["decision"]["awards"][0]["id"];
    let now = initiative(&officer, &world);
    assert_eq!((&now["award"]["id"], &now["usedYear"]), (award, &json!(YEAR)), "{now}");
}

fn nobody_is_proposed_for_the_same_twice(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let one = person(&office, world.a.office, "Lò Thị Mẫu");
    rate(&office, &one, "GOOD");
    let twice = draft(&world, &office, &[&one, &one]);
    let (first, second) = (draft(&world, &office, &[&one]), draft(&world, &office, &[&one]));

    let said = against(step(&office, "submissionSend", (&twice, 1)), "submissionSend");
    assert!(said.contains("Điều 5 khoản 2 điểm c"), "{said}");
    step(&office, "submissionSend", (&first, 1)).ok();
    let _ = against(step(&office, "submissionSend", (&second, 1)), "submissionSend");
    assert_eq!(allowed(&office, &second, "SEND")["reason"], "ELIGIBILITY_FAILED");

    step(&office, "submissionRecall", (&first, 2)).ok();
    step(&office, "submissionSend", (&second, 1)).ok();
}

fn a_question_that_makes_no_sense_is_refused(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::UnitOfficer);
    let stranger = world.b.sign_in(&server, Role::UnitOfficer);
    let ask = |client: &Client, code: &str| {
        let asked = json!({ "subjectId": world.a.subject, "awardTypeCode": code, "year": YEAR });
        client.run(operation::text("eligibilityCheck"), asked)
    };

    let refused = |answer: Answer, code: &str| {
        let body = answer.top("BAD_USER_INPUT");
        assert_eq!(body["errors"][0]["extensions"]["errorCode"], code, "{body}");
    };

    refused(ask(&officer, "NO_SUCH_TITLE"), "AWARD_UNKNOWN");
    for (code, why) in [
        ("PROVINCIAL_EMULATION_FLAG", "AWARD_NOT_APPLICABLE"),
        ("LETTER_DISTRICT", "NOT_IN_FORCE"),
        ("ORDER_LABOUR_UNSPECIFIED", "AWARD_NOT_APPLICABLE"),
    ] {
        refused(ask(&officer, code), why);
        assert_eq!(ask(&stranger, code).ok()["eligibilityCheck"], Value::Null);
    }
    let nominee = json!({
        "kind": "INDIVIDUAL", "name": "Lò Văn Mẫu", "subjectId": world.a.subject,
        "awardTypeId": title(&officer, "ORDER_LABOUR_UNSPECIFIED"),
    });
    let list = json!({
        "unitId": world.a.office, "title": "Danh sách", "year": YEAR, "nominees": [nominee],
    });
    run(&officer, "submissionCreate", &list).refused("AWARD_NOT_APPLICABLE");
}

fn what_is_older_than_the_rules_is_for_people(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::UnitOfficer);
    let ask = |received: &str, language: &str| {
        let asked = json!({
            "subjectId": world.a.subject, "awardTypeCode": "ADVANCED_LABOURER", "year": YEAR,
            "receivedOn": received, "decidedOn": received,
        });
        let body = json!({ "query": operation::text("eligibilityCheck"), "variables": asked });
        let headers = [("content-type", "application/json"), ("accept-language", language)];
        officer.post(body.to_string().as_bytes(), &headers).ok()["eligibilityCheck"].clone()
    };

    for (language, said) in [("vi", "vào ngày 20/12/2023"), ("en", "on 2023-12-20")] {
        let old = ask("2023-12-20", language);
        assert_eq!((&old["verdict"], &old["outcomes"]), (&json!("UNKNOWN"), &json!([])));
        assert!(old["reason"].as_str().unwrap().contains(said), "{old}");
    }
    assert_eq!(
        ask("2026-02-02", "vi")["reason"],
        Value::Null,
        "rules decide, or facts are missing"
    );
}

fn older_records_are_warned_of(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let row = |more: &Value| {
        let mut row = json!({
            "unitId": world.a.office, "subjectCode": "NV-77", "subjectName": "Tẩn A Mẫu",
            "subjectKind": "INDIVIDUAL", "awardType": "LDTT", "countingFrom": 2019,
        });
        for (name, value) in more.as_object().unwrap() {
            row[name] = value.clone();
        }
        row
    };
    let import = |rows: &[Value]| {
        let input = json!({ "rows": rows, "errorPolicy": "SKIP_FAILED" });
        let done = run(&officer, "awardsImport", &input).ok();
        done["awardsImport"]["import"]["results"].as_array().unwrap().clone()
    };
    let warned = |result: &Value| -> Vec<String> {
        let notes = result["warnings"].as_array().unwrap().iter();
        let codes = notes.map(|note| note["code"].as_str().unwrap().to_owned());
        // The unit is younger than the records, so nobody knows who gave them.
        let young = ["NOT_IN_FORCE", "TENANT_UNKNOWN"];
        codes.filter(|code| !young.contains(&code.as_str())).collect()
    };
    let decided = json!({ "decisionLabel": "9/QĐ-VP", "decidedOn": "2019-12-20" });

    let results = import(&[
        row(&decided),
        row(&json!({ "awardType": "CSTD_TINH", "countingFrom": 2025, "decidedOn": "2025-12-20" })),
        row(&json!({ "countingFrom": 2035 })),
        row(&json!({ "countingFrom": 2021, "decidedOn": "2020-01-05" })),
        row(&decided),
        row(&json!({ "countingFrom": 2018 })),
        row(&json!({ "countingFrom": 2018 })),
    ]);

    let statuses: Vec<_> = results.iter().map(|it| it["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["TAKEN", "TAKEN", "FAILED", "TAKEN", "FAILED", "TAKEN", "TAKEN"]);
    assert_eq!(warned(&results[0]), [""; 0]);
    assert_eq!(warned(&results[1]), ["ELIGIBILITY_FAILED"]);
    let said = results[1]["warnings"][0]["message"].as_str().unwrap();
    assert!(said.contains("Luật 06/2022/QH15, Điều 22"), "{said}");
    assert_eq!(results[2]["errors"][0]["code"], "OUT_OF_RANGE", "what is still to come");
    assert_eq!(warned(&results[3]), ["OUT_OF_RANGE"]);
    assert_eq!(results[4]["errors"][0]["code"], "ALREADY_EXISTS");
    assert_eq!(warned(&results[6]), ["ALREADY_EXISTS"], "without a decision nobody can tell");
    let again = import(&[row(&decided)]);
    assert_eq!(again[0]["errors"][0]["code"], "ALREADY_EXISTS");
}

/// Nothing recorded of a subject says whether it is foreign: the title is no obstacle, and a person is asked.
fn what_is_for_foreigners_is_proposed_and_a_person_confirms(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let guest = person(&office, world.a.office, "Khách mời (mẫu)");
    for (code, article) in [("ORDER_FRIENDSHIP", "Điều 53"), ("MEDAL_FRIENDSHIP", "Điều 58")]
    {
        let asked = json!({
            "subjectId": guest, "awardTypeCode": code, "year": YEAR, "commendationType": "EXTERNAL",
        });
        let read = office.run(operation::text("eligibilityCheck"), asked).ok();
        let check = &read["eligibilityCheck"];
        assert_eq!(check["verdict"], "UNKNOWN", "{check}");
        let outcomes = check["outcomes"].as_array().unwrap();
        let is_it = |it: &&Value| it["rule"]["citation"].as_str().unwrap().ends_with(article);
        let foreign = outcomes.iter().find(is_it).unwrap();
        assert_eq!(
            (&foreign["rule"]["severity"], &foreign["verdict"]),
            (&json!("WARN"), &json!("UNKNOWN")),
            "{foreign}"
        );
        let list = |kind: &str| {
            json!({
                "unitId": world.a.office, "title": "Đối ngoại", "year": YEAR,
                "commendationType": "EXTERNAL",
                "nominees": [{
                    "kind": kind, "name": "Khách mời (mẫu)", "awardTypeId": title(&office, code),
                }],
            })
        };
        run(&office, "submissionCreate", &list("INDIVIDUAL")).ok();
        run(&office, "submissionCreate", &list("COLLECTIVE")).ok();
        run(&office, "submissionCreate", &list("HOUSEHOLD")).refused("AWARD_NOT_APPLICABLE");
        taken_over_with_its_kind(&world, &officer, code);
    }
}

/// The title does not tell whether a person or a body has it: an older record says so, and nothing else is odd.
fn taken_over_with_its_kind(world: &World, officer: &Client, code: &str) {
    let row = |more: &Value| {
        let row = json!({
            "unitId": world.a.office, "subjectName": "Khách mời (mẫu)", "awardType": code,
            "commendationType": "EXTERNAL", "countingFrom": 2025, "decidedOn": "2025-12-20",
        });
        crate::assembly::with(row, more)
    };
    let rows = json!({
        "rows": [row(&json!({})), row(&json!({ "subjectKind": "INDIVIDUAL" }))],
        "errorPolicy": "SKIP_FAILED", "dryRun": true,
    });
    let done = run(officer, "awardsImport", &rows).ok();
    let results = &done["awardsImport"]["import"]["results"];
    assert_eq!(results[0]["errors"][0]["code"], "REQUIRED", "person or body: nobody says");
    let warnings = results[1]["warnings"].as_array().unwrap();
    assert!(warnings.iter().all(|it| it["code"] != "AWARD_NOT_APPLICABLE"), "{warnings:?}");
    assert_eq!(results[1]["errors"], json!([]));
}
