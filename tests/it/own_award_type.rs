//! Titles and honours that a tenant defines: given like those of the law, seen by nobody else.

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Answer, Client};
use harness::server::Server;
use harness::stage::{Case, Stage};
use harness::world::{World, YEAR};
use serde_json::{Value, json};

use crate::operation;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_title_of_ones_own_is_proposed_given_and_counted,
        nobody_else_sees_or_names_it,
        no_row_names_a_title_of_another_tenant,
        what_belongs_to_the_law_is_refused,
        a_wording_ends_before_the_next_begins,
        a_rule_a_quota_and_a_target_may_name_it,
        a_refusal_says_its_name,
        where_no_rule_says_what_it_is_given_for_people_judge,
    ]
}

fn run(client: &Client, field: &str, input: &Value) -> Answer {
    client.run(operation::text(field), json!({ "input": input }))
}

fn badge(more: &Value) -> Value {
    let mut input = json!({
        "origin": "LOCAL", "code": "MODEL_CITIZEN", "abbreviation": "CDKM", "name": "Công dân kiểu mẫu",
        "nameEn": "Model citizen", "family": "HONOUR", "level": "MINISTRY_OR_PROVINCE",
        "subjectKinds": ["INDIVIDUAL"], "commendationTypes": ["MERIT"], "cycles": ["ANNUAL"],
        "decidedBy": ["PROVINCE_CHAIR"], "citation": "Quy chế của tỉnh, Điều 9",
        "recordedNames": ["Công dân gương mẫu"], "validFrom": "2024-01-01",
    });
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    input
}

fn defined(client: &Client, more: &Value) -> Value {
    run(client, "awardTypeCreate", &badge(more)).ok()["awardTypeCreate"]["awardType"].clone()
}

/// Codes of the catalogue that are no law's, on a day.
fn own(client: &Client, day: &str) -> Vec<String> {
    let query = "query($day: Date) {
      awardTypes(where: { origin: { in: [LOCAL, ORGANISATION] } }, asOf: $day, first: 100) { nodes { code } }
    }";
    let read = client.run(query, json!({ "day": day })).ok();
    let nodes = read["awardTypes"]["nodes"].as_array().unwrap().clone();
    nodes.iter().map(|node| node["code"].as_str().unwrap().to_owned()).collect()
}

fn person(client: &Client, world: &World) -> Value {
    let input = json!({ "kind": "INDIVIDUAL", "name": "Lù Thị Mẫu", "unitId": world.a.office });
    run(client, "subjectCreate", &input).ok()["subjectCreate"]["subject"]["id"].clone()
}

fn step(client: &Client, field: &str, (id, version): (&Value, i32)) -> Answer {
    run(client, field, &json!({ "id": id, "expectedVersion": version }))
}

/// A list with one nominee for a title, approved.
fn approved(server: &Server, world: &World, (person, title): (&Value, &Value)) -> Value {
    let office = world.a.sign_in(server, Role::UnitOfficer);
    let officer = world.a.sign_in(server, Role::StandingOfficer);
    let chair = world.a.sign_in(server, Role::ProvinceChair);
    let input = json!({
        "unitId": world.a.office, "year": YEAR, "title": "Danh sách",
        "nominees": [{
            "kind": "INDIVIDUAL", "name": "Lù Thị Mẫu", "subjectId": person, "awardTypeId": title,
        }],
    });
    let made = run(&office, "submissionCreate", &input).ok();
    let list = made["submissionCreate"]["submission"]["id"].clone();
    step(&office, "submissionSend", (&list, 1)).ok();
    step(&officer, "submissionReceive", (&list, 2)).ok();
    step(&officer, "submissionAppraise", (&list, 3)).ok();
    step(&chair, "submissionApprove", (&list, 4)).ok();
    list
}

fn a_title_of_ones_own_is_proposed_given_and_counted(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let title = defined(&officer, &json!({}));
    assert_eq!(title["code"], format!("{}:MODEL_CITIZEN", world.a.slug));
    assert_eq!((&title["origin"], &title["version"]), (&json!("LOCAL"), &json!(1)));
    let person = person(&officer, &world);
    let list = approved(&server, &world, (&person, &title["id"]));

    let issue = json!({
        "unitId": world.a.root, "submissionIds": [list],
        "paper": { "symbol": "QĐ-UBND", "decidedOn": crate::assembly::today() },
    });
    let given = run(&chair, "decisionIssue", &issue).ok();

    let id = given["decisionIssue"]["decision"]["awards"][0]["id"].clone();
    let award = chair.run(operation::text("award"), json!({ "id": id })).ok()["award"].clone();
    assert_eq!(award["awardType"]["code"], title["code"], "{award}");
    assert_eq!(award["nameAsRecorded"], "Công dân kiểu mẫu");
    let count = "query($code: String!) {
      awardStatistics(where: { awardTypeCode: [$code] }, groupBy: [AWARD_TYPE]) {
        events groups { key { awardType { code origin } } events subjects }
      }
    }";
    let counted = chair.run(count, json!({ "code": title["code"] })).ok();
    assert_eq!(
        counted["awardStatistics"],
        json!({ "events": 1, "groups": [{
            "key": { "awardType": { "code": title["code"], "origin": "LOCAL" } }, "events": 1, "subjects": 1,
        }] })
    );
    let public = "query($code: String!) { awardPublic(code: $code) { awardName } }";
    let shown = server.client().run(public, json!({ "code": award["publicCode"] })).ok();
    assert_eq!(shown["awardPublic"]["awardName"], "Công dân kiểu mẫu", "{shown}");
}

fn nobody_else_sees_or_names_it(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let other = world.b.sign_in(&server, Role::StandingOfficer);
    let title = defined(&officer, &json!({}));
    let theirs = defined(&other, &json!({ "name": "Công dân khác" }));
    assert_ne!(title["code"], theirs["code"], "the same code of two tenants is two codes");

    assert!(own(&officer, "2026-01-01").contains(&title["code"].as_str().unwrap().to_owned()));
    assert!(!own(&other, "2026-01-01").iter().any(|code| code == title["code"].as_str().unwrap()));
    let read = "query($id: ID!) { node(id: $id) { ... on AwardType { code } } }";
    for id in [&title["id"], &json!("AwardType_0")] {
        assert_eq!(other.run(read, json!({ "id": id })).ok()["node"], Value::Null);
    }
    let end = |id: &Value| json!({ "id": id, "expectedVersion": 1, "validTo": "2026-12-31" });
    run(&other, "awardTypeEnd", &end(&title["id"])).refused("NOT_FOUND");
    let office = world.b.sign_in(&server, Role::UnitOfficer);
    let list = json!({
        "unitId": world.b.office, "year": YEAR, "title": "Danh sách",
        "nominees": [{ "kind": "INDIVIDUAL", "name": "Người khác (mẫu)", "awardTypeId": title["id"] }],
    });
    run(&office, "submissionCreate", &list).refused("NOT_FOUND");
    let quota = json!({
        "awardTypeCode": title["code"], "base": "COUNT", "most": 3, "citation": "Quy chế",
        "validFrom": "2026-01-01",
    });
    run(&other, "quotaCreate", &quota).refused("AWARD_UNKNOWN");
}

/// Not even where a write forgot to read the title: the database refuses what the foreign key lets through.
fn no_row_names_a_title_of_another_tenant(stage: &Stage) {
    let empty = stage.empty_database();
    let ground = empty.connect();
    ground.migrate().unwrap();
    World::connect(&empty.url).unwrap();
    for table in ["award", "award_cell", "candidate", "nominee", "onward_nominee"] {
        let named = format!(
            "UPDATE {table} SET award_type_id = (SELECT t.id FROM award_type t
               WHERE t.tenant_id <> {table}.tenant_id ORDER BY t.id LIMIT 1)"
        );
        let count = ground.query(&format!("SELECT 1 FROM {table}")).unwrap().len();
        assert!(count > 0, "{table} is empty");
        let fault = ground.query(&named).unwrap_err().to_string();
        assert!(fault.contains("names a title of another tenant"), "{table}: {fault}");
    }
}

fn what_belongs_to_the_law_is_refused(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    for (more, code, field) in [
        (json!({ "origin": "LAW" }), "INVALID_COMBINATION", "origin"),
        (json!({ "family": "ORDER" }), "INVALID_COMBINATION", "family"),
        (json!({ "level": "STATE" }), "INVALID_COMBINATION", "level"),
        (json!({ "decidedBy": ["PRESIDENT"] }), "INVALID_COMBINATION", "decidedBy.0"),
        (json!({ "decidedBy": [] }), "REQUIRED", "decidedBy"),
        (json!({ "subjectKinds": [] }), "REQUIRED", "subjectKinds"),
        (json!({ "code": "công dân" }), "INVALID_FORMAT", "code"),
        (json!({ "name": "Huân chương Lao động hạng Nhất" }), "ALREADY_EXISTS", "name"),
        (json!({ "abbreviation": "CSTDCS" }), "ALREADY_EXISTS", "abbreviation"),
        (json!({ "name": "  " }), "REQUIRED", "name"),
        (json!({ "validTo": "2023-12-31" }), "PERIOD_REVERSED", "validTo"),
    ] {
        let refused = run(&officer, "awardTypeCreate", &badge(&more)).refused(code);
        let path = &refused["awardTypeCreate"]["errors"][0]["path"];
        let at: Vec<&str> = ["input"].into_iter().chain(field.split('.')).collect();
        assert_eq!(path, &json!(at), "{more}");
    }
    let other_name = badge(&json!({ "recordedNames": ["Tên cũ", "Bằng khen Thủ tướng"] }));
    let refused = run(&officer, "awardTypeCreate", &other_name).refused("ALREADY_EXISTS");
    let path = &refused["awardTypeCreate"]["errors"][0]["path"];
    assert_eq!(path, &json!(["input", "recordedNames", "1"]));
    for role in [Role::UnitOfficer, Role::ProvinceChair, Role::CouncilSecretary] {
        let client = world.a.sign_in(&server, role);
        run(&client, "awardTypeCreate", &badge(&json!({}))).refused("FORBIDDEN");
    }
    let law = json!({ "id": world.award_type, "expectedVersion": 1, "validTo": "2026-12-31" });
    run(&officer, "awardTypeEnd", &law).refused("NOT_FOUND");
}

fn a_wording_ends_before_the_next_begins(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let first = defined(&officer, &json!({}));
    let next = json!({ "name": "Công dân tiêu biểu", "validFrom": "2027-01-01" });
    run(&officer, "awardTypeCreate", &badge(&next)).refused("ALREADY_EXISTS");
    let end = |version: i32, day: &str| json!({ "id": first["id"], "expectedVersion": version, "validTo": day });

    run(&officer, "awardTypeEnd", &end(1, "2023-01-01")).refused("PERIOD_REVERSED");
    let ended = run(&officer, "awardTypeEnd", &end(1, "2026-12-31")).ok();
    assert_eq!(ended["awardTypeEnd"]["awardType"]["version"], 2);
    run(&officer, "awardTypeEnd", &end(1, "2026-11-30")).refused("CONFLICT");
    let second = defined(&officer, &next);
    run(&officer, "awardTypeEnd", &end(2, "2027-06-30")).refused("FINAL_STATE");

    assert_eq!(first["code"], second["code"]);
    for (day, name) in [("2026-06-01", "Công dân kiểu mẫu"), ("2027-06-01", "Công dân tiêu biểu")]
    {
        let query = "query($code: String!, $day: Date) {
          awardTypes(where: { code: { eq: $code } }, asOf: $day) { nodes { name } }
        }";
        let read = officer.run(query, json!({ "code": first["code"], "day": day })).ok();
        assert_eq!(read["awardTypes"]["nodes"], json!([{ "name": name }]));
    }
}

fn a_rule_a_quota_and_a_target_may_name_it(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let title = defined(&officer, &json!({}));
    let code = &title["code"];
    let rule = json!({
        "awardTypeCode": code, "subjectKind": "INDIVIDUAL", "nameVi": "Hai năm", "nameEn": "Two years",
        "tree": json!({ "held": { "titles": [code], "n": 1 } }).to_string(),
        "citation": "Quy chế của tỉnh, Điều 9", "validFrom": "2024-01-01",
    });
    run(&officer, "eligibilityRuleCreate", &rule).ok();
    let quota = json!({
        "awardTypeCode": code, "base": "COUNT", "most": 3, "citation": "Quy chế của tỉnh, Điều 9",
        "validFrom": "2026-01-01",
    });
    run(&officer, "quotaCreate", &quota).ok();
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let vote = json!({
        "councilId": world.a.board.id, "awardCode": code, "validFrom": "2026-01-01",
        "threshold": { "numerator": 4, "denominator": 5 }, "citation": "Quy chế của tỉnh, Điều 9",
    });
    run(&secretary, "ballotRuleSet", &vote).ok();

    let person = person(&officer, &world);
    let asked = json!({ "subjectId": person, "awardTypeCode": code, "year": YEAR });
    let check = officer.run(operation::text("eligibilityCheck"), asked).ok();
    assert_eq!(check["eligibilityCheck"]["verdict"], "FAILED", "{check}");
    let outcomes = check["eligibilityCheck"]["outcomes"].as_array().unwrap();
    let failed = outcomes.iter().find(|it| it["verdict"] == "FAILED").unwrap();
    assert_eq!(failed["rule"]["citation"], "Quy chế của tỉnh, Điều 9");
    let record = json!({
        "subjectId": person, "year": YEAR, "expectedVersion": 0, "registeredTitles": [code],
    });
    run(&officer, "yearRecordRecord", &record).ok();
}

/// In the language of the message, and never by its code.
fn a_refusal_says_its_name(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let title = defined(&officer, &json!({}));
    let quota = json!({
        "awardTypeCode": title["code"], "base": "COUNT", "most": 1,
        "citation": "Quy chế của tỉnh, Điều 9", "validFrom": "2026-01-01",
    });
    run(&officer, "quotaCreate", &quota).ok();
    let nominee =
        |name: &str| json!({ "kind": "INDIVIDUAL", "name": name, "awardTypeId": title["id"] });
    let list = json!({
        "unitId": world.a.office, "year": YEAR, "title": "Danh sách",
        "nominees": [nominee("Lù Văn Một (mẫu)"), nominee("Lù Văn Hai (mẫu)")],
    });
    let made = run(&office, "submissionCreate", &list).ok();
    let id = &made["submissionCreate"]["submission"]["id"];

    let input = json!({ "id": id, "expectedVersion": 1 });
    let body = json!({
        "query": operation::text("submissionSend"), "variables": { "input": input },
    });
    for (language, name) in [("vi", "Công dân kiểu mẫu"), ("en", "Model citizen")] {
        let headers = [("content-type", "application/json"), ("accept-language", language)];
        let refused = office.post(body.to_string().as_bytes(), &headers).refused("QUOTA_EXCEEDED");
        let message = refused["submissionSend"]["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains(name) && !message.contains("MODEL_CITIZEN"), "{message}");
    }
}

fn where_no_rule_says_what_it_is_given_for_people_judge(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let title = defined(&officer, &json!({}));
    let code = &title["code"];
    let person = person(&officer, &world);
    let stands = || {
        let asked = json!({ "subjectId": person, "awardTypeCode": code, "year": YEAR });
        let check = officer.run(operation::text("eligibilityCheck"), asked).ok();
        let check = &check["eligibilityCheck"];
        (check["verdict"].clone(), check["reason"].as_str().unwrap_or_default().to_owned())
    };
    let add = |tree: &Value| {
        let rule = json!({
            "awardTypeCode": code, "nameVi": "Thêm", "nameEn": "More", "tree": tree.to_string(),
            "citation": "Quy chế của tỉnh, Điều 9", "validFrom": "2024-01-01",
        });
        run(&officer, "eligibilityRuleCreate", &rule).ok();
    };

    let (verdict, reason) = stands();
    assert_eq!(verdict, "UNKNOWN");
    assert!(reason.starts_with("Chưa ghi nhận quy định nào"), "{reason}");
    add(&json!("no_open_case"));
    let (verdict, reason) = stands();
    assert_eq!(verdict, "UNKNOWN", "it only sets a condition");
    assert!(reason.contains("chỉ nêu điều kiện kèm theo"), "{reason}");
    add(&json!({ "held": { "titles": [code], "n": 1 } }));
    assert_eq!(stands(), (json!("FAILED"), String::new()), "the rule says why");
}
