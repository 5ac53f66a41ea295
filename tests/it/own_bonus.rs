//! What a tenant pays for titles of its own: dated multipliers beside those of the law, which nobody else sees.

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Answer, Client};
use harness::stage::{Case, Stage};
use harness::world::{World, YEAR};
use serde_json::{Value, json};

use crate::fitting::Fitting;
use crate::operation;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_title_of_ones_own_is_paid_as_the_tenant_has_set,
        what_is_not_the_tenants_own_is_refused,
        a_multiplier_ends_before_the_next_begins,
        what_is_carried_over_says_so,
    ]
}

/// Inputs that fit: the multiplier of the world ends before another one begins.
pub(crate) fn fitting(fitting: &Fitting<'_>, mutation: &str) -> Option<Vec<Value>> {
    let province = fitting.province;
    Some(match mutation {
        "bonusRateSet" => {
            let code = format!("{}:{}", province.slug, province.canary);
            vec![rate(&code, &json!({ "validFrom": "2090-01-01" }))]
        }
        "bonusRateEnd" => vec![json!({
            "id": province.bonus_rate, "expectedVersion": 1, "validTo": "2089-06-30",
        })],
        _ => return None,
    })
}

fn run(client: &Client, field: &str, input: &Value) -> Answer {
    client.run(operation::text(field), json!({ "input": input }))
}

/// A title of the province's own; hands back its id and its code.
fn title(officer: &Client, code: &str, kinds: &Value) -> (Value, String) {
    let input = json!({
        "origin": "LOCAL", "code": code, "name": format!("Danh hiệu {code}"), "nameEn": "An own title",
        "family": "EMULATION_TITLE", "level": "MINISTRY_OR_PROVINCE", "subjectKinds": kinds,
        "commendationTypes": ["MERIT"], "decidedBy": ["PROVINCE_CHAIR"],
        "citation": "Quy chế của tỉnh, Điều 9", "validFrom": "2024-01-01",
    });
    let made = run(officer, "awardTypeCreate", &input).ok();
    let title = &made["awardTypeCreate"]["awardType"];
    (title["id"].clone(), title["code"].as_str().unwrap().to_owned())
}

fn rate(code: &str, more: &Value) -> Value {
    let mut input = json!({
        "awardTypeCode": code, "subjectKind": "INDIVIDUAL", "multiplierTenths": 15,
        "citation": "Quyết định 9/2024/QĐ-MAU, Điều 3", "validFrom": "2024-01-01",
    });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

fn preview(client: &Client, (kind, day): (&str, &str), codes: &[&str]) -> Value {
    let award = |code: &&str| json!({ "awardTypeCode": code, "countingFromYear": YEAR, "countingToYear": YEAR });
    let asked = json!({
        "subjectKind": kind, "decidedOn": day, "awards": codes.iter().map(award).collect::<Vec<_>>(),
    });
    client.run(operation::text("bonusPreview"), asked).ok()["bonusPreview"].clone()
}

/// The decree of the multipliers ends on 2027-03-01, and no other one is recorded.
fn what_is_carried_over_says_so(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let line = |day: &str| {
        let shown = preview(&officer, ("INDIVIDUAL", day), &["BASE_EMULATION_FIGHTER"]);
        shown["lines"][0].clone()
    };

    let (last, after) = (line("2027-03-01"), line("2027-03-02"));
    assert_eq!((&last["confidence"], &last["isCarriedOver"]), (&json!("SOURCED"), &json!(false)));
    assert_eq!(last["note"], Value::Null);
    assert_eq!((&after["confidence"], &after["isCarriedOver"]), (&json!("UNSURE"), &json!(true)));
    assert_eq!(after["paidAmount"], last["paidAmount"], "the figure itself goes on");
    assert!(after["note"].as_str().unwrap().contains("áp dụng tiếp"), "{after}");
}

/// The multipliers of the tenant's own in force on a day.
fn own(client: &Client, day: &str) -> Vec<Value> {
    let read = client.run(operation::text("bonusRates"), json!({ "asOf": day })).ok();
    let rates = read["bonusRates"].as_array().unwrap().clone();
    assert!(rates.len() > 20, "those of the law stand there too");
    rates.into_iter().filter(|rate| rate["isOfTenant"] == true).collect()
}

/// A decision of the chair that gives somebody a title; hands back the award.
fn given(
    world: &World,
    (officer, chair): (&Client, &Client),
    (title, day): (&Value, &str),
) -> Value {
    let person = json!({ "kind": "INDIVIDUAL", "name": "Lù Thị Mẫu", "unitId": world.a.office });
    let person = run(officer, "subjectCreate", &person).ok();
    let person = &person["subjectCreate"]["subject"]["id"];
    let issue = json!({
        "unitId": world.a.root, "paper": { "symbol": "QĐ-UBND", "decidedOn": day },
        "awards": [{ "subjectId": person, "awardTypeId": title, "countingFrom": YEAR }],
    });
    let issued = run(chair, "decisionIssue", &issue).ok();
    let id = &issued["decisionIssue"]["decision"]["awards"][0]["id"];
    chair.run(operation::text("award"), json!({ "id": id })).ok()["award"].clone()
}

fn a_title_of_ones_own_is_paid_as_the_tenant_has_set(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let (id, code) = title(&officer, "MODEL", &json!(["COLLECTIVE", "HOUSEHOLD", "INDIVIDUAL"]));
    let document = json!({
        "number": "9/2024/QĐ-MAU", "kind": "DECISION", "issuer": "UBND tỉnh", "title": "Mức thưởng",
    });
    run(&officer, "legalDocumentCreate", &document).ok();
    let before = given(&world, (&officer, &chair), (&id, "2026-07-01"));
    assert_eq!(before["bonusRaw"], Value::Null, "nobody had said what it is worth");

    let key = json!({ "idempotencyKey": format!("rate-{code}") });
    let set = run(&officer, "bonusRateSet", &rate(&code, &key)).ok()["bonusRateSet"].clone();
    let again = run(&officer, "bonusRateSet", &rate(&code, &key)).ok()["bonusRateSet"].clone();
    assert_eq!(set["rate"]["id"], again["rate"]["id"]);
    let more = json!({ "subjectKind": "COLLECTIVE", "multiplierTenths": 40 });
    run(&officer, "bonusRateSet", &rate(&code, &more)).ok();

    let day = "2026-07-02";
    let line = |kind: &str| preview(&chair, (kind, day), &[&code])["lines"][0].clone();
    assert_eq!(line("INDIVIDUAL")["rawAmount"], "3795000");
    assert_eq!(line("INDIVIDUAL")["paidAmount"], "3800000");
    assert_eq!(line("HOUSEHOLD")["rawAmount"], "5692500", "half as much again");
    assert_eq!(line("COLLECTIVE")["paidAmount"], "10120000");
    assert_eq!(line("INDIVIDUAL")["citation"], "Quyết định 9/2024/QĐ-MAU, Điều 3");
    let two = preview(&chair, ("INDIVIDUAL", day), &["BASE_EMULATION_FIGHTER", &code]);
    assert_eq!(two["total"], "3800000", "of titles of one period the higher alone: {two}");
    let award = given(&world, (&officer, &chair), (&id, day));
    assert_eq!((&award["bonusRaw"], &award["bonusPaid"]), (&json!("3795000"), &json!("3800000")));
    let kept = chair.run(operation::text("award"), json!({ "id": before["id"] })).ok();
    assert_eq!(kept["award"]["bonusRaw"], Value::Null, "what was decided stays");
    let documents = officer.run(operation::text("legalDocuments"), json!({})).ok();
    let documents = documents["legalDocuments"].as_array().unwrap().clone();
    let cited = documents.iter().find(|it| it["number"] == "9/2024/QĐ-MAU").unwrap();
    assert_eq!(cited["bonusRates"].as_array().unwrap().len(), 2, "{cited}");
    let trail = "{ auditEvents(first: 100) { nodes { action } } }";
    let trail = chair.run(trail, json!({})).ok().to_string();
    assert!(trail.contains("BonusRateSet"), "{trail}");
}

fn what_is_not_the_tenants_own_is_refused(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let neighbour = world.b.sign_in(&server, Role::StandingOfficer);
    let (_, code) = title(&officer, "PERSONAL", &json!(["INDIVIDUAL"]));
    let refused = |code: &str, more: &Value, fault: &str| {
        run(&officer, "bonusRateSet", &rate(code, more)).refused(fault);
    };

    refused("BASE_EMULATION_FIGHTER", &json!({}), "INVALID_COMBINATION");
    refused("NO_SUCH_TITLE", &json!({}), "NOT_FOUND");
    refused(&code, &json!({ "subjectKind": "HOUSEHOLD" }), "INVALID_COMBINATION");
    refused(&code, &json!({ "subjectKind": "COLLECTIVE" }), "AWARD_NOT_APPLICABLE");
    for tenths in [0, 1001] {
        refused(&code, &json!({ "multiplierTenths": tenths }), "OUT_OF_RANGE");
    }
    refused(&code, &json!({ "citation": " " }), "REQUIRED");
    refused(&code, &json!({ "validTo": "2023-12-31" }), "PERIOD_REVERSED");
    run(&neighbour, "bonusRateSet", &rate(&code, &json!({}))).refused("NOT_FOUND");
    run(&chair, "bonusRateSet", &rate(&code, &json!({}))).refused("FORBIDDEN");
    let until = json!({ "validTo": "2025-12-31" });
    run(&officer, "bonusRateSet", &rate(&code, &until)).ok();
    refused(&code, &json!({ "validFrom": "2025-12-31" }), "ALREADY_EXISTS");
    run(&officer, "bonusRateSet", &rate(&code, &json!({ "validFrom": "2026-01-01" }))).ok();
    assert_eq!(
        own(&officer, "2025-12-31").iter().filter(|it| it["awardTypeCode"] == code).count(),
        1
    );
    assert!(own(&neighbour, "2026-01-01").iter().all(|it| it["awardTypeCode"] != code));
    let asked = json!({
        "subjectKind": "INDIVIDUAL", "decidedOn": "2026-07-02",
        "awards": [{ "awardTypeCode": code, "countingFromYear": YEAR, "countingToYear": YEAR }],
    });
    let elsewhere = neighbour.run(operation::text("bonusPreview"), asked);
    assert_eq!(elsewhere.body["errors"][0]["extensions"]["errorCode"], "AWARD_UNKNOWN");
}

fn a_multiplier_ends_before_the_next_begins(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let neighbour = world.b.sign_in(&server, Role::StandingOfficer);
    let (id, code) = title(&officer, "ENDING", &json!(["INDIVIDUAL"]));
    let set = run(&officer, "bonusRateSet", &rate(&code, &json!({}))).ok();
    let set = &set["bonusRateSet"]["rate"];
    assert_eq!((&set["rate"]["version"], &set["rate"]["id"]), (&json!(1), &set["id"]));
    let end = |version: i32, day: &str| json!({ "id": set["id"], "expectedVersion": version, "validTo": day });
    given(&world, (&officer, &chair), (&id, "2026-07-01"));

    run(&chair, "bonusRateEnd", &end(1, "2026-12-31")).refused("FORBIDDEN");
    run(&neighbour, "bonusRateEnd", &end(1, "2026-12-31")).refused("NOT_FOUND");
    run(&officer, "bonusRateEnd", &end(2, "2026-12-31")).refused("CONFLICT");
    run(&officer, "bonusRateEnd", &end(1, "2023-12-31")).refused("PERIOD_REVERSED");
    run(&officer, "bonusRateEnd", &end(1, "2026-06-30")).refused("DECIDED_SINCE");
    let ended = run(&officer, "bonusRateEnd", &end(1, "2026-07-01")).ok();
    assert_eq!(ended["bonusRateEnd"]["rate"]["rate"]["validTo"], "2026-07-01");
    run(&officer, "bonusRateEnd", &end(2, "2026-12-31")).refused("FINAL_STATE");

    let next = json!({ "validFrom": "2026-07-02", "multiplierTenths": 20 });
    run(&officer, "bonusRateSet", &rate(&code, &next)).ok();
    let paid = |day: &str| preview(&chair, ("INDIVIDUAL", day), &[&code])["total"].clone();
    assert_eq!((paid("2026-07-01"), paid("2026-07-02")), (json!("3800000"), json!("5060000")));
}
