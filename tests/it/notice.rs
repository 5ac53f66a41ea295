//! Public notices (W8, step 7): the days, a complaint that is filed, looked into and answered, and the decision that
//! waits for both.

use entity::role_grant::Role;
use entity::submission::State;
use harness::cases;
use harness::client::{Answer, Client, same_statements};
use harness::stage::{Case, Stage};
use harness::world::{Id, World};
use serde_json::{Value, json};

use crate::operation;
use crate::registry::run;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_decision_waits_for_the_days_and_the_answer,
        an_upheld_complaint_stops_the_list,
        the_law_and_the_regulation_stand_side_by_side,
        a_regulation_ends_and_not_before_what_was_decided,
        a_notice_says_what_it_is,
        nobody_is_posted_before_the_list_came,
        a_notice_is_read_with_its_submission,
        notices_take_what_one_takes,
    ]
}

pub(crate) fn regulation(more: &Value) -> Value {
    let mut input = json!({
        "awardTypeCode": "ADVANCED_LABOURER", "days": 10, "validFrom": "2024-01-01",
        "citation": "Quy chế thi đua, khen thưởng, Điều 12",
    });
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    input
}

/// As if the list had been there before the days of these cases.
fn come_before(world: &World, submission: Id) -> Id {
    let id = submission.uuid.simple().to_string();
    let id = if world.ground.is_postgres() { format!("'{id}'") } else { format!("x'{id}'") };
    let at = "'2025-11-20T08:00:00+00:00'";
    let sql = format!("UPDATE submission SET created_at = {at}, sent_at = {at} WHERE id = {id}");
    world.ground.query(&sql).unwrap();
    submission
}

pub(crate) fn open(client: &Client, submission: Id, (first, last): (&str, &str)) -> Value {
    let input = json!({
        "submissionId": submission, "place": "Trang thông tin của Văn phòng", "openedOn": first,
        "lastOn": last,
    });
    run(client, "noticeOpen", &input).ok()["noticeOpen"]["notice"].clone()
}

pub(crate) fn file(client: &Client, notice: &Value) -> Value {
    let input = json!({
        "noticeId": notice["id"], "complainant": "Bà Mẫu", "filedOn": "2025-12-05",
        "content": "Thành tích không đúng như báo cáo",
    });
    run(client, "complaintFile", &input).ok()["complaintFile"]["complaint"].clone()
}

pub(crate) fn answer(client: &Client, complaint: &Value, kind: &str) -> Answer {
    let input =
        json!({ "complaintId": complaint["id"], "kind": kind, "words": "Tổ xác minh số 2" });
    run(client, "complaintStepAdd", &input)
}

pub(crate) fn decide(client: &Client, world: &World, (submission, day): (Id, &str)) -> Answer {
    let input = json!({
        "unitId": world.a.office, "submissionIds": [submission],
        "paper": { "symbol": "QĐ-VP", "decidedOn": day },
    });
    run(client, "decisionIssue", &input)
}

fn a_decision_waits_for_the_days_and_the_answer(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let clerk = world.a.sign_in(&server, Role::UnitOfficer);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let submission = come_before(&world, world.submission(&world.a, State::Approved).id);
    run(&officer, "noticeRuleSet", &regulation(&json!({}))).ok();
    let too_early = |day: &str| {
        let refused = decide(&head, &world, (submission, day)).refused("NOTICE_NOT_OVER");
        let message = refused["decisionIssue"]["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains("10") && message.contains("Điều 12"), "{message}");
    };

    too_early("2025-12-20");
    let _ = open(&officer, submission, ("2025-12-01", "2025-12-09"));
    too_early("2025-12-20");
    let notice = open(&officer, submission, ("2025-12-01", "2025-12-10"));
    too_early("2025-12-10");
    let complaint = file(&clerk, &notice);
    assert_eq!((&complaint["isAnswered"], &complaint["steps"]), (&json!(false), &json!([])));
    decide(&head, &world, (submission, "2025-12-20")).refused("COMPLAINT_OPEN");
    answer(&officer, &complaint, "DISMISSED").refused("WRONG_STATE");
    answer(&clerk, &complaint, "HANDLED").refused("FORBIDDEN");
    answer(&officer, &complaint, "HANDLED").ok();
    answer(&officer, &complaint, "HANDLED").refused("WRONG_STATE");
    decide(&head, &world, (submission, "2025-12-20")).refused("COMPLAINT_OPEN");
    let done = answer(&officer, &complaint, "DISMISSED").ok();
    let of = &done["complaintStepAdd"]["complaint"];
    assert_eq!((&of["id"], &of["isAnswered"]), (&complaint["id"], &json!(true)), "{done}");
    answer(&officer, &complaint, "UPHELD").refused("WRONG_STATE");

    let decision = decide(&head, &world, (submission, "2025-12-20")).ok();

    assert_eq!(decision["decisionIssue"]["decision"]["awards"].as_array().unwrap().len(), 2);
    let asked = json!({ "submissionId": submission });
    let seen = clerk.run(operation::text("notices"), asked).ok()["notices"].clone();
    let kinds: Vec<&Value> = seen[1]["complaints"][0]["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| &step["kind"])
        .collect();
    assert_eq!(kinds, ["HANDLED", "DISMISSED"], "{seen}");
    assert_eq!(seen[1]["complaints"][0]["isAnswered"], true);
}

fn an_upheld_complaint_stops_the_list(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let submission = come_before(&world, world.submission(&world.a, State::Approved).id);
    let notice = open(&officer, submission, ("2025-12-01", "2025-12-10"));
    let complaint = file(&officer, &notice);
    answer(&officer, &complaint, "HANDLED").ok();
    answer(&officer, &complaint, "UPHELD").ok();

    decide(&head, &world, (submission, "2025-12-20")).refused("COMPLAINT_UPHELD");
}

fn the_law_and_the_regulation_stand_side_by_side(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let rules = |day: &str| {
        let rules = officer.run(operation::text("noticeRules"), json!({ "asOf": day })).ok();
        rules["noticeRules"].as_array().unwrap().clone()
    };
    let law = rules("2026-01-01")[0].clone();
    assert_eq!((&law["days"], &law["isOfTenant"]), (&Value::Null, &json!(false)), "{law}");
    assert!(law["citation"].as_str().unwrap().contains("Điều 84"), "{law}");
    assert!(law["awardTypeCodes"].as_array().unwrap().contains(&json!("ORDER_LABOUR_1")));
    assert_eq!(rules("2023-06-01"), Vec::<Value>::new());

    // Of several the longest time counts, on the day of the decision.
    let submission = come_before(&world, world.submission(&world.a, State::Approved).id);
    let _ = open(&officer, submission, ("2025-12-01", "2025-12-05"));
    for more in [
        json!({ "days": 3, "awardTypeCode": null }),
        json!({ "days": 30, "validTo": "2024-12-31" }),
        json!({ "days": 300, "awardTypeCode": "COMMEMORATIVE_MEDAL" }),
    ] {
        run(&officer, "noticeRuleSet", &regulation(&more)).ok();
    }
    run(&head, "noticeRuleSet", &regulation(&json!({}))).refused("FORBIDDEN");
    decide(&head, &world, (submission, "2025-12-20")).ok();
}

fn a_notice_says_what_it_is(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let submission = come_before(&world, world.a.submission.id);
    let with = |more: &Value| {
        let mut input = json!({
            "submissionId": submission, "place": "Bảng tin", "openedOn": "2025-12-01",
            "lastOn": "2025-12-10",
        });
        for (name, value) in more.as_object().unwrap() {
            input[name] = value.clone();
        }
        run(&officer, "noticeOpen", &input)
    };

    with(&json!({ "openedOn": "2099-01-01", "lastOn": "2099-01-02" })).refused("OUT_OF_RANGE");
    with(&json!({ "lastOn": "2025-11-30" })).refused("PERIOD_REVERSED");
    with(&json!({ "place": " " })).refused("REQUIRED");
    with(&json!({ "submissionId": world.b.submission.id })).refused("NOT_FOUND");
    run(&officer, "noticeRuleSet", &regulation(&json!({ "days": 0 }))).refused("OUT_OF_RANGE");
    run(&officer, "noticeRuleSet", &regulation(&json!({ "awardTypeCode": "X" })))
        .refused("NOT_FOUND");
    let notice = with(&json!({})).ok()["noticeOpen"]["notice"].clone();
    let early = json!({
        "noticeId": notice["id"], "complainant": "Bà Mẫu", "content": "…", "filedOn": "2025-11-30",
    });
    run(&officer, "complaintFile", &early).refused("PERIOD_REVERSED");
}

fn nobody_is_posted_before_the_list_came(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let post = |submission: Id, day: &str| {
        let input = json!({
            "submissionId": submission, "place": "Bảng tin", "openedOn": day, "lastOn": day,
        });
        run(&officer, "noticeOpen", &input)
    };
    let today = crate::assembly::today();

    for state in [State::Draft, State::Approved] {
        let submission = world.submission(&world.a, state).id;
        let refused = post(submission, "2020-01-01").refused("OUT_OF_RANGE");
        let error = &refused["noticeOpen"]["errors"][0];
        assert_eq!(error["path"], json!(["input", "openedOn"]), "{error}");
        assert!(error["message"].as_str().unwrap().contains(&today), "{error}");
        let _ = post(submission, &today).ok();
    }
    let earlier = come_before(&world, world.submission(&world.a, State::Approved).id);
    let _ = post(earlier, "2025-11-19").refused("OUT_OF_RANGE");
    let _ = post(earlier, "2025-11-20").ok();
}

fn a_notice_is_read_with_its_submission(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let read = |client: &Client| {
        let asked = json!({ "submissionId": world.a.submission.id });
        client.run(operation::text("notices"), asked).ok()["notices"].clone()
    };

    let own = read(&world.a.sign_in(&server, Role::UnitOfficer));
    assert_eq!(own[0]["id"], json!(world.a.notice), "{own}");
    assert_eq!(own[0]["complaints"][0]["id"], json!(world.a.complaint));
    for client in
        [world.a.neighbour.sign_in(&server), world.b.sign_in(&server, Role::StandingOfficer)]
    {
        assert_eq!(read(&client), Value::Null);
    }
}

fn notices_take_what_one_takes(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let submission = come_before(&world, world.a.submission.id);
    let count = || {
        let asked = json!({ "submissionId": submission });
        let answer = officer.run(operation::text("notices"), asked);
        let count = answer.statements();
        (count, answer.ok()["notices"].as_array().unwrap().len())
    };
    let (before, one) = count();
    for _ in 0..5 {
        let notice = open(&officer, submission, ("2025-12-01", "2025-12-10"));
        for _ in 0..3 {
            let _ = answer(&officer, &file(&officer, &notice), "HANDLED").ok();
        }
    }

    let (after, many) = count();

    assert_eq!((one, many), (1, 6));
    same_statements(before, after, "one notice and six");
    assert!(after <= 4, "{after} statements");
}

fn a_regulation_ends_and_not_before_what_was_decided(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let neighbour = world.b.sign_in(&server, Role::StandingOfficer);
    let set = run(&officer, "noticeRuleSet", &regulation(&json!({}))).ok();
    let rule = &set["noticeRuleSet"]["rule"];
    let end = |version: i32, day: &str| json!({ "id": rule["id"], "expectedVersion": version, "validTo": day });
    let submission = come_before(&world, world.submission(&world.a, State::Approved).id);
    let _ = open(&officer, submission, ("2025-12-01", "2025-12-10"));
    decide(&head, &world, (submission, "2025-12-20")).ok();

    run(&head, "noticeRuleEnd", &end(1, "2025-12-31")).refused("FORBIDDEN");
    run(&neighbour, "noticeRuleEnd", &end(1, "2025-12-31")).refused("NOT_FOUND");
    run(&officer, "noticeRuleEnd", &end(1, "2025-12-19")).refused("DECIDED_SINCE");
    run(&officer, "noticeRuleEnd", &end(1, "2025-12-20")).ok();
    run(&officer, "noticeRuleEnd", &end(2, "2026-12-31")).refused("FINAL_STATE");

    let later = world.submission(&world.a, State::Approved).id;
    let rules = officer.run(operation::text("noticeRules"), json!({ "asOf": "2026-01-15" })).ok();
    let rules = rules["noticeRules"].as_array().unwrap().clone();
    assert!(rules.iter().all(|it| it["id"] != rule["id"]), "{rules:?}");
    let of_then = officer.run(operation::text("noticeRules"), json!({ "asOf": "2025-12-20" })).ok();
    let of_then = of_then["noticeRules"].as_array().unwrap().clone();
    let ended = of_then.iter().find(|it| it["id"] == rule["id"]).unwrap();
    assert_eq!((&ended["version"], &ended["validTo"]), (&json!(2), &json!("2025-12-20")));
    let day = crate::assembly::today();
    let codes = decide(&head, &world, (later, &day)).payload_codes();
    assert!(!codes.contains(&"NOTICE_NOT_OVER".to_owned()), "{codes:?}");
}
