//! Decisions and the registry: numbers, acts by two persons, what an award is and where it comes from.

use std::collections::HashMap;

use entity::role_grant::Role;
use entity::submission::State;
use entity::{award, award_act};
use harness::cases;
use harness::client::{Answer, Client, same_statements};
use harness::stage::{Case, Stage};
use harness::world::{Id, World, YEAR};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::Condition;
use serde_json::{Map, Value, json};

use crate::operation;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_decision_answers_a_submission_once,
        numbers_go_on_and_gaps_are_explained,
        a_title_is_given_by_its_authority,
        nothing_is_given_to_a_dissolved_unit,
        two_persons_take_an_award_away_and_give_it_back,
        an_award_follows_from_its_acts,
        everyone_may_check_a_code,
        older_records_are_taken_over_row_by_row,
        a_province_of_then_is_not_the_one_of_now,
        a_page_of_awards_takes_what_one_takes,
    ]
}

pub(crate) fn run(client: &Client, field: &str, input: &Value) -> Answer {
    client.run(operation::text(field), json!({ "input": input }))
}

pub(crate) fn paper(more: &Value) -> Value {
    let mut paper = json!({ "symbol": "QĐ-VP", "decidedOn": "2025-12-20" });
    for (name, value) in more.as_object().unwrap() {
        paper[name] = value.clone();
    }
    paper
}

pub(crate) fn issue(world: &World, more: &Value) -> Value {
    let mut input = json!({
        "unitId": world.a.office,
        "paper": paper(&json!({})),
        "awards": [{
            "subjectId": world.a.subject, "awardTypeId": world.award_type, "countingFrom": YEAR,
        }],
    });
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    input
}

fn award(client: &Client, id: &Value) -> Value {
    client.run(operation::text("award"), json!({ "id": id })).ok()["award"].clone()
}

fn a_decision_answers_a_submission_once(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let approved = world.submission(&world.a, State::Approved);
    let sent = world.submission(&world.a, State::Sent);
    let of = |id: Id| issue(&world, &json!({ "awards": [], "submissionIds": [id] }));

    run(&head, "decisionIssue", &of(sent.id)).refused("WRONG_STATE");
    let done = run(&head, "decisionIssue", &of(approved.id)).ok();

    let decision = &done["decisionIssue"]["decision"];
    assert_eq!((&decision["label"], &decision["number"]), (&json!("1/QĐ-VP"), &json!(1)));
    assert_eq!(decision["submissions"][0]["id"], json!(approved.id));
    let given = decision["awards"].as_array().unwrap();
    assert_eq!(given.len(), 2);
    let one = award(&head, &given[0]["id"]);
    assert_eq!((&one["state"], &one["source"]), (&json!("VALID"), &json!("DECISION")));
    assert_eq!(one["decision"]["id"], decision["id"]);
    assert!(one["subject"]["id"].is_string(), "a nominee becomes a subject: {one}");
    assert_eq!(one["acts"].as_array().unwrap().len(), 1);
    // What is answered is not answered again, whatever the law would say by now.
    run(&head, "decisionIssue", &of(approved.id)).refused("WRONG_STATE");
    let empty = issue(&world, &json!({ "awards": [] }));
    run(&head, "decisionIssue", &empty).refused("NO_NOMINEE");
}

fn numbers_go_on_and_gaps_are_explained(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let person = json!({ "kind": "INDIVIDUAL", "name": "Giàng Thị Mẫu", "unitId": world.a.office });
    let person =
        run(&officer, "subjectCreate", &person).ok()["subjectCreate"]["subject"]["id"].clone();
    // Nobody is given the same for the same year twice: every decision is about another year.
    let year = std::cell::Cell::new(2000);
    let with = |more: &Value| {
        year.set(year.get() + 1);
        let award = json!({
            "subjectId": person, "awardTypeId": world.award_type, "countingFrom": year.get(),
        });
        issue(&world, &json!({ "paper": paper(more), "awards": [award] }))
    };

    run(&head, "decisionIssue", &with(&json!({ "number": 4 }))).refused("DECISION_NUMBER_GAP");
    let explained = with(&json!({ "number": 4, "gapReason": "Quyết định nhân sự" }));
    run(&head, "decisionIssue", &explained).ok();
    run(&head, "decisionIssue", &with(&json!({ "number": 4 }))).refused("ALREADY_EXISTS");
    run(&head, "decisionIssue", &with(&json!({ "number": 2 }))).refused("WRONG_STATE");
    let left_out = with(&json!({ "number": 2, "symbol": "QĐ–VP" }));
    run(&head, "decisionIssue", &left_out).refused("WRONG_STATE");
    for spelling in ["Qđ-vp", "QĐ - VP", "QD-VP", "QĐ–VP", "QĐ\u{2212}VP"] {
        let double = with(&json!({ "number": 4, "symbol": spelling }));
        run(&head, "decisionIssue", &double).refused("ALREADY_EXISTS");
    }
    // A number that follows is not dated before one that is taken.
    let early = with(&json!({ "decidedOn": "2025-12-19" }));
    let early = run(&head, "decisionIssue", &early).refused("DECISION_NUMBER_ORDER");
    let early = &early["decisionIssue"]["errors"][0];
    assert_eq!(early["path"], json!(["input", "paper", "decidedOn"]));
    let said = early["message"].as_str().unwrap();
    assert!(said.contains("Số 4 ") && said.contains("2025-12-20"), "{said}");
    let next = run(&head, "decisionIssue", &with(&json!({}))).ok();
    let other_year = with(&json!({ "decidedOn": "2024-12-20" }));
    let first = run(&head, "decisionIssue", &other_year).ok();
    run(&head, "decisionIssue", &with(&json!({ "decidedOn": "2099-01-01" })))
        .refused("OUT_OF_RANGE");

    let number = |data: &Value| data["decisionIssue"]["decision"]["number"].clone();
    assert_eq!((number(&next), number(&first)), (json!(5), json!(1)));
    let asked = json!({ "unitId": world.a.office, "year": 2025 });
    let gaps = head.run(operation::text("decisionGaps"), asked).ok();
    let gap = &gaps["decisionGaps"][0];
    assert_eq!((&gap["firstNumber"], &gap["lastNumber"]), (&json!(1), &json!(3)));
    assert_eq!(gap["reason"], "Quyết định nhân sự");
}

fn a_title_is_given_by_its_authority(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let of = |more: &Value| issue(&world, more);

    let by_chair = of(&json!({ "unitId": world.a.root }));
    run(&chair, "decisionIssue", &by_chair).refused("NOT_THE_AUTHORITY");
    let too_high = of(&json!({ "issuer": "PRIME_MINISTER" }));
    run(&head, "decisionIssue", &too_high).refused("INVALID_COMBINATION");
    let elsewhere = of(&json!({ "unitId": world.a.other_office }));
    run(&head, "decisionIssue", &elsewhere).refused("NOT_FOUND");
    let collective = of(&json!({ "awards": [{
        "subjectId": world.a.collective, "awardTypeId": world.award_type, "countingFrom": YEAR,
    }] }));
    run(&head, "decisionIssue", &collective).refused("AWARD_NOT_APPLICABLE");
    let types = "{ awardTypes(where: { code: { eq: \"PM_CERTIFICATE\" } }) { nodes { id } } }";
    let title = chair.run(types, json!({})).ok()["awardTypes"]["nodes"][0]["id"].clone();
    let far = json!({
        "unitId": world.a.root, "issuer": "PRIME_MINISTER",
        "awards": [{ "subjectId": world.a.subject, "awardTypeId": title, "countingFrom": YEAR }],
    });
    run(&chair, "decisionIssue", &of(&far)).refused("REQUIRED");
    let mut numbered = of(&far);
    numbered["paper"] = paper(&json!({ "number": 814, "symbol": "QĐ-TTg" }));
    let done = run(&chair, "decisionIssue", &numbered).ok();
    let done = &done["decisionIssue"]["decision"];
    assert_eq!(
        (&done["label"], &done["issuerName"]),
        (&json!("814/QĐ-TTg"), &json!("Thủ tướng Chính phủ"))
    );
}

fn nothing_is_given_to_a_dissolved_unit(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let named = json!({
        "kind": "INDIVIDUAL", "name": "Giàng A Mẫu", "unitId": world.a.division,
        "memberSince": "2024-03-01",
    });
    let person = run(&officer, "subjectCreate", &named).ok()["subjectCreate"]["subject"].clone();
    let close = json!({
        "id": world.a.division, "expectedVersion": 1, "validTo": "2025-06-30", "reason": "Giải thể",
    });
    run(&officer, "unitClose", &close).ok();

    let late = issue(
        &world,
        &json!({ "awards": [{
        "subjectId": person["id"], "awardTypeId": world.award_type, "countingFrom": YEAR,
    }] }),
    );

    run(&officer, "decisionIssue", &late).refused("NOT_IN_FORCE");
}

fn two_persons_take_an_award_away_and_give_it_back(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let central = world.a.sign_in(&server, Role::CentralOfficer);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let id = world.a.awards.valid;
    let propose = json!({
        "id": id, "expectedVersion": 1, "ground": "FRAUD", "reason": "Khai gian thành tích",
    });
    let confirm = |version: i32| json!({ "id": id, "expectedVersion": version, "decision": paper(&json!({})) });

    run(&chair, "awardCancelConfirm", &confirm(1)).refused("NOT_PROPOSED");
    run(&central, "awardCancelPropose", &propose).ok();
    run(&central, "awardCancelConfirm", &confirm(2)).refused("TWO_PERSONS_REQUIRED");
    run(&officer, "awardCancelConfirm", &confirm(2)).refused("FORBIDDEN");
    run(&chair, "awardRevokeConfirm", &confirm(2)).refused("NOT_PROPOSED");
    let done = run(&chair, "awardCancelConfirm", &confirm(2)).ok();

    let gone = &done["awardCancelConfirm"]["award"];
    assert_eq!((&gone["state"], &gone["version"]), (&json!("CANCELLED"), &json!(3)));
    let act = &gone["acts"][1];
    assert_eq!((&act["kind"], &act["reason"]), (&json!("CANCEL"), &json!("Khai gian thành tích")));
    assert!(act["proposedByName"].is_string() && act["proposedByName"] != act["actorName"]);
    let cited = "Luật 06/2022/QH15, Điều 93 khoản 2 điểm a";
    assert_eq!((&act["ground"], &act["groundCitation"]), (&json!("FRAUD"), &json!(cited)));
    assert_eq!(gone["acts"][0]["ground"], Value::Null);
    let again =
        json!({ "id": id, "expectedVersion": 3, "reason": "x", "decision": paper(&json!({})) });
    run(&officer, "awardReissue", &again).refused("WRONG_STATE");
    let propose = json!({ "id": id, "expectedVersion": 3, "reason": "Kết luận lại" });
    run(&chair, "awardRestorePropose", &propose).refused("FORBIDDEN");
    run(&chair, "awardRestoreConfirm", &confirm(3)).refused("NOT_PROPOSED");
    run(&central, "awardRestorePropose", &propose).ok();
    run(&central, "awardRestoreConfirm", &confirm(4)).refused("TWO_PERSONS_REQUIRED");
    run(&officer, "awardRestoreConfirm", &confirm(4)).refused("FORBIDDEN");
    let back = run(&chair, "awardRestoreConfirm", &confirm(4)).ok();
    let back = &back["awardRestoreConfirm"]["award"];
    let given_back = &back["acts"][2];
    assert_eq!(given_back["reason"], "Kết luận lại", "the one who proposed it says why");
    assert!(given_back["proposedByName"].is_string(), "{given_back}");
    assert_ne!(given_back["proposedByName"], given_back["actorName"]);
    assert_eq!(back["proposal"], Value::Null, "it waits no more");
    assert_eq!((&back["state"], &back["acts"][2]["kind"]), (&json!("VALID"), &json!("RESTORE")));
    // The one who decided it decides what becomes of it: the numbers go on in the same register.
    assert_eq!(act["decision"]["label"], "1/QĐ-VP");
    assert_eq!(back["acts"][2]["decision"]["label"], "2/QĐ-VP");
}

/// Every award is what its acts, put together in their order, say it is.
pub(crate) fn assert_replayed(world: &World) {
    let of_a = Condition::all().add(award_act::Column::TenantId.eq(world.a.id.uuid));
    let mut acts = world.ground.rows::<award_act::Entity>(of_a).unwrap();
    acts.sort_by_key(|act| (act.award_id, act.sequence));
    let mut replayed: HashMap<uuid::Uuid, (Map<String, Value>, i32)> = HashMap::new();
    for act in acts {
        let (facts, count) = replayed.entry(act.award_id).or_default();
        *count += 1;
        assert_eq!(act.sequence, *count, "acts without a hole");
        facts.extend(serde_json::from_str::<Map<String, Value>>(&act.changes).unwrap());
    }
    let of_a = Condition::all().add(award::Column::TenantId.eq(world.a.id.uuid));
    let awards = world.ground.rows::<award::Entity>(of_a).unwrap();
    assert_eq!(awards.len(), replayed.len());
    for row in awards {
        let (mut facts, count) = replayed.remove(&row.id).unwrap();
        // Proposals count too.
        assert!(row.version >= count, "{row:?}");
        facts.insert("version".to_owned(), json!(row.version));
        let stands = serde_json::to_value(&row).unwrap();
        assert_eq!(stands, Value::Object(facts), "{row:?}");
    }
}

fn an_award_follows_from_its_acts(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let id = world.a.awards.valid;
    let correct = |version: i32, more: &Value| {
        let mut input = json!({
            "id": id, "expectedVersion": version, "reason": "Ghi sai", "decision": paper(&json!({})),
        });
        for (name, value) in more.as_object().unwrap() {
            input[name] = value.clone();
        }
        input
    };
    let right = format!("Lò Văn Đúng {}", world.a.canary);

    run(&officer, "awardCorrect", &correct(1, &json!({ "subjectName": right }))).ok();
    run(&officer, "awardCorrect", &correct(1, &json!({ "field": "Y tế" }))).refused("CONFLICT");
    run(&officer, "awardCorrect", &correct(2, &json!({ "countingTo": 2020 })))
        .refused("PERIOD_REVERSED");
    let years = json!({ "countingFrom": 2019, "countingTo": 2020, "field": "Y tế" });
    let data = run(&officer, "awardCorrect", &correct(2, &years)).ok();

    let now = &data["awardCorrect"]["award"];
    assert_eq!((&now["subjectName"], &now["countingFrom"]), (&json!(right), &json!(2019)));
    let changes = |place: usize| -> Value {
        serde_json::from_str(now["acts"][place]["changes"].as_str().unwrap()).unwrap()
    };
    assert_eq!(changes(1)["subject_name_as_recorded"], json!(right));
    assert_eq!(changes(2)["field"], "Y tế");
    assert_eq!(changes(2)["subject_name_as_recorded"], Value::Null, "only what changed");
    assert_replayed(&world);
}

fn everyone_may_check_a_code(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let id = json!(world.a.awards.valid);
    let code = award(&officer, &id)["publicCode"].as_str().unwrap().to_owned();
    let stranger = world.b.sign_in(&server, Role::UnitOfficer);
    let check = |client: &Client, code: &str| {
        let answer = client.run(operation::text("awardPublic"), json!({ "code": code }));
        answer.ok()["awardPublic"].clone()
    };

    for client in [&server.client(), &stranger, &officer] {
        let shown = check(client, &code.to_lowercase());
        assert_eq!((&shown["code"], &shown["state"]), (&json!(code), &json!("VALID")));
        assert_eq!(shown["decisionLabel"], format!("3/QĐ-{}", world.a.canary));
        assert_eq!(shown.as_object().unwrap().len(), 10, "public fields alone: {shown}");
        assert_eq!(check(client, "000000000000"), Value::Null);
    }
    let again = json!({
        "id": id, "expectedVersion": 1, "reason": "Mất bằng", "decision": paper(&json!({})),
    });
    let new = run(&officer, "awardReissue", &again).ok();
    let new = new["awardReissue"]["award"]["publicCode"].as_str().unwrap().to_owned();
    assert_eq!(new.len(), 12);
    assert_eq!(check(&server.client(), &code), Value::Null, "the old certificate shows nothing");
    assert_eq!(check(&server.client(), &new)["state"], "VALID");
    let gone = award(&officer, &json!(world.a.awards.revoked))["publicCode"].clone();
    assert_eq!(check(&server.client(), gone.as_str().unwrap())["state"], "REVOKED");
}

/// Four rows that can be taken, and the same with two that cannot.
fn older(world: &World) -> (Value, Value) {
    let person = json!({
        "unitId": world.a.office, "subjectName": "Tẩn A Mẫu", "subjectCode": "NV-9", "sex": "MALE",
        "awardType": "Chiến sỹ thi đua cấp tỉnh", "countingFrom": 2018, "decidedOn": "2019-01-15",
        "decisionLabel": "77/QĐ-UBND", "issuerName": "Chủ tịch UBND tỉnh",
    });
    let mut same = person.clone();
    same["countingFrom"] = json!(2019);
    let row =
        |unit: Id, title: &str| json!({ "unitId": unit, "awardType": title, "countingFrom": 2015 });
    let mut number = row(world.a.office, "Lao động tiên tiến");
    number["countingTo"] = json!(2020);
    number["events"] = json!(82);
    let mut odd = row(world.a.office, "GOVERNMENT_EMULATION_FLAG");
    odd["subjectKind"] = json!("INDIVIDUAL");
    let unknown = row(world.a.office, "Danh hiệu lạ");
    let foreign = row(world.b.office, "LDTT");
    (json!([person, same, number, odd]), json!([person, same, number, odd, unknown, foreign]))
}

fn older_records_are_taken_over_row_by_row(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let (good, mixed) = older(&world);

    let all = run(&officer, "awardsImport", &json!({ "rows": mixed })).data();
    let look = run(&officer, "awardsImport", &json!({ "rows": good, "dryRun": true })).ok();
    let before =
        officer.run("{ awards(where: { source: { eq: IMPORT } }) { totalCount } }", json!({})).ok();
    let skip = json!({ "rows": mixed, "errorPolicy": "SKIP_FAILED" });
    let done = run(&officer, "awardsImport", &skip).ok();

    let codes: Vec<_> =
        all["awardsImport"]["errors"].as_array().unwrap().iter().map(|it| &it["code"]).collect();
    assert_eq!(codes, ["AWARD_UNKNOWN", "NOT_FOUND"], "{all}");
    assert_eq!(
        all["awardsImport"]["errors"][0]["path"],
        json!(["input", "rows", "4", "awardType"])
    );
    assert_eq!(look["awardsImport"]["import"]["results"][0]["status"], "NOT_WRITTEN");
    assert_eq!(before["awards"]["totalCount"], 0, "nothing was written");
    let import = &done["awardsImport"]["import"];
    assert_eq!((&import["taken"], &import["failed"]), (&json!(4), &json!(2)));
    let results = import["results"].as_array().unwrap();
    let statuses: Vec<_> = results.iter().map(|it| it["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["TAKEN", "TAKEN", "TAKEN", "TAKEN", "FAILED", "FAILED"]);
    let first = &results[0]["award"];
    assert_eq!(first["awardType"]["code"], "PROVINCIAL_EMULATION_FIGHTER");
    assert_eq!(first["nameAsRecorded"], "Chiến sỹ thi đua cấp tỉnh");
    assert_eq!(first["decision"]["number"], 77);
    assert_eq!(first["subject"]["id"], results[1]["award"]["subject"]["id"], "one person");
    assert_eq!(
        (&results[2]["award"]["events"], &results[2]["award"]["subject"]),
        (&json!(82), &Value::Null)
    );
    assert_eq!(results[3]["warnings"][0]["code"], "AWARD_NOT_APPLICABLE", "taken nevertheless");
    let unit_officer = world.a.sign_in(&server, Role::UnitOfficer);
    let other = json!({ "rows": [{ "unitId": world.a.other_office, "awardType": "LDTT", "countingFrom": 2018 }] });
    run(&unit_officer, "awardsImport", &other).refused("NOT_FOUND");
    assert_replayed(&world);
}

/// V21: a title that Hà Giang gave in 2018 stays Hà Giang's, which is closed and continued by province 08.
fn a_province_of_then_is_not_the_one_of_now(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let row = |more: &Value| {
        let mut row = json!({
            "unitId": world.a.office, "awardType": "Chiến sỹ thi đua cấp tỉnh", "countingFrom": 2018,
        });
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        row
    };
    let rows = json!([
        row(&json!({ "issuerTenantName": "Hà Giang" })),
        row(&json!({ "issuerTenantCode": "02" })),
        row(&json!({ "issuerTenantCode": "15" })),
    ]);
    let done = run(&officer, "awardsImport", &json!({ "rows": rows })).ok();

    let results = done["awardsImport"]["import"]["results"].as_array().unwrap();
    for result in &results[..2] {
        let award = &result["award"];
        assert_eq!(award["awardType"]["code"], "PROVINCIAL_EMULATION_FIGHTER");
        assert_eq!(award["issuerTenant"]["slug"], "ha_giang");
        assert_eq!(award["issuerTenant"]["validTo"], "2025-06-30");
        let query = "query($id: ID!) { award(id: $id) { issuerTenant { successors { code } } } }";
        let after = officer.run(query, json!({ "id": award["id"] })).ok();
        assert_eq!(after["award"]["issuerTenant"]["successors"], json!([{ "code": "08" }]));
    }
    assert_eq!(results[2]["award"]["issuerTenant"]["slug"], "yen_bai");
    let by = |mode: &str| by_tenant(&officer, mode);
    assert_eq!(by("AS_IT_WAS"), [("ha_giang".to_owned(), 2), ("yen_bai".to_owned(), 1)]);
    assert_eq!(by("RESTATED"), [("lao_cai".to_owned(), 1), ("tuyen_quang".to_owned(), 2)]);
    let late = row(&json!({ "issuerTenantName": "Hà Giang", "countingFrom": 2025 }));
    let early = json!({
        "unitId": world.a.office, "awardType": "BK_TINH", "countingFrom": 1998,
        "issuerTenantName": "Lai Châu", "subjectKind": "INDIVIDUAL",
    });
    let mut coded = early.clone();
    coded["issuerTenantName"] = Value::Null;
    coded["issuerTenantCode"] = json!("12");
    coded["issuerName"] = json!("UBND tỉnh Lai Châu (cũ)");
    let done = run(&officer, "awardsImport", &json!({ "rows": [late, early, coded] })).ok();
    let results = done["awardsImport"]["import"]["results"].as_array().unwrap();
    for (place, name) in ["Hà Giang", "Lai Châu", "UBND tỉnh Lai Châu (cũ)"].iter().enumerate()
    {
        let result = &results[place];
        let award = &result["award"];
        assert_eq!((&award["issuerName"], &award["issuerTenant"]), (&json!(name), &Value::Null));
        let mut warnings = result["warnings"].as_array().unwrap().iter();
        assert!(warnings.any(|it| it["code"] == "TENANT_UNKNOWN"), "{result}");
    }
}

/// Titles of provinces by the tenant that gave them.
fn by_tenant(client: &Client, mode: &str) -> Vec<(String, i64)> {
    let statistics = "query($by: [AwardDimension!], $of: AwardAsOf) {
      awardStatistics(groupBy: $by, asOf: $of, where: { awardTypeCode: [\"PROVINCIAL_EMULATION_FIGHTER\"] }) {
        groups { key { tenant { code slug } } events }
      }
    }";
    let of = json!({ "by": ["TENANT"], "of": { "mode": mode } });
    let data = client.run(statistics, of).ok();
    let slug = |it: &Value| it["key"]["tenant"]["slug"].as_str().unwrap().to_owned();
    let groups = data["awardStatistics"]["groups"].as_array().unwrap().iter();
    let mut pairs: Vec<_> = groups.map(|it| (slug(it), it["events"].as_i64().unwrap())).collect();
    pairs.sort();
    pairs
}

fn a_page_of_awards_takes_what_one_takes(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let row = |year: i32| {
        json!({
            "unitId": world.a.office, "subjectName": "Tẩn A Mẫu", "awardType": "LDTT",
            "countingFrom": year, "decisionLabel": "7/QĐ", "decidedOn": "2023-12-01",
        })
    };
    let rows: Vec<Value> = (1980..2020).map(row).collect();
    run(&officer, "awardsImport", &json!({ "rows": rows })).ok();
    let query = "query($first: Int!) {
      awards(first: $first, where: { source: { eq: IMPORT } }) {
        nodes { id unit { name } subject { name } awardType { code } decision { label } acts { kind decision { label } } proposal { kind } }
      }
    }";
    let take = |first: usize| {
        let answer = officer.run(query, json!({ "first": first }));
        let count = answer.statements();
        assert_eq!(answer.ok()["awards"]["nodes"].as_array().unwrap().len(), first);
        count
    };

    same_statements(take(1), take(40), "one award and 40");
}
