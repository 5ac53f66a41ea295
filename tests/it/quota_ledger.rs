//! The ledger of quotas: what decisions take without a submission, who took, what a share is of, and the end of a quota.

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Answer, Client, same_statements};
use harness::stage::{Case, Stage};
use harness::world::{World, YEAR};
use serde_json::{Value, json};

use crate::operation;
use crate::quota::{award, draft, quota as set, run, states, step, taken};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        what_is_given_without_a_submission_takes_its_place,
        a_decision_for_many_costs_what_one_for_two_does,
        an_officer_sees_who_took,
        a_share_of_what_nobody_knows_is_said_and_refuses_nobody,
        a_share_of_departments_and_of_those_who_took_part,
        a_quota_ends_and_not_before_what_it_gave,
        a_quota_says_what_it_is_not_about,
        a_quota_of_which_nothing_could_be_taken_is_refused,
        a_second_quota_on_the_same_is_refused,
    ]
}

/// A decision of the head of the office that gives these people a letter without a submission.
pub(crate) fn letters(world: &World, head: &Client, people: &[Value], day: &str) -> Answer {
    let letter = award(head, "LETTER_DEPARTMENT");
    let given = |subject: &Value| json!({ "subjectId": subject, "awardTypeId": letter, "countingFrom": YEAR });
    let decision = json!({
        "unitId": world.a.office, "paper": { "symbol": "QĐ-VP", "decidedOn": day },
        "awards": people.iter().map(given).collect::<Vec<_>>(),
    });
    run(head, "decisionIssue", &decision)
}

pub(crate) fn people(world: &World, officer: &Client, count: usize) -> Vec<Value> {
    let make = |number: usize| {
        let person = json!({
            "kind": "INDIVIDUAL", "name": format!("Người {number} (mẫu)"), "unitId": world.a.office,
        });
        run(officer, "subjectCreate", &person).ok()["subjectCreate"]["subject"]["id"].clone()
    };
    (0..count).map(make).collect()
}

pub(crate) fn used(client: &Client, world: &World, quota: &Value) -> Value {
    let asked = json!({ "quotaId": quota["id"], "unitId": world.a.office, "year": YEAR });
    client.run(operation::text("quotaUse"), asked).ok()["quotaUse"].clone()
}

fn what_is_given_without_a_submission_takes_its_place(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let quota = set(&officer, &json!({ "awardTypeCode": "LETTER_DEPARTMENT", "most": 2 }));
    let warned = json!({ "awardTypeCode": "LETTER_DEPARTMENT", "most": 0, "severity": "WARN" });
    let warned = set(&officer, &warned);
    let people = people(&world, &officer, 4);
    let today = crate::assembly::today();

    let refused = letters(&world, &head, &people[..3], &today).refused("QUOTA_EXCEEDED");
    let error = &refused["decisionIssue"]["errors"][0];
    assert!(error["message"].as_str().unwrap().contains("Người 2 (mẫu)"), "{error}");
    assert_eq!(error["path"], json!(["input", "awards"]));
    assert_eq!(taken(&world, &quota), 0, "a refusal takes nothing");
    letters(&world, &head, &people[..1], &today).ok();
    letters(&world, &head, &people[1..2], &today).ok();
    assert_eq!(states(&world, &quota), ["CONSUMED", "CONSUMED"]);
    assert_eq!(taken(&world, &warned), 2, "what only warns is written down");
    letters(&world, &head, &people[2..3], &today).refused("QUOTA_EXCEEDED");

    // A submission finds the places taken.
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let letter = award(&office, "LETTER_DEPARTMENT");
    let nominee = json!({ "kind": "INDIVIDUAL", "name": "Người khác", "awardTypeId": letter });
    let list = json!({
        "unitId": world.a.office, "title": "Giấy khen", "year": YEAR, "nominees": [nominee],
    });
    let list =
        run(&office, "submissionCreate", &list).ok()["submissionCreate"]["submission"].clone();
    step(&office, "submissionSend", &list, 1).refused("QUOTA_EXCEEDED");

    let waiver = json!({
        "quotaId": quota["id"], "unitId": world.a.office, "year": YEAR, "extra": 1, "reason": "Nổi bật",
    });
    run(&officer, "quotaWaive", &waiver).ok();
    letters(&world, &head, &people[2..3], &today).ok();
    letters(&world, &head, &people[3..], &today).refused("QUOTA_EXCEEDED");
    let stands = used(&officer, &world, &quota);
    let told = ["limit", "waived", "reserved", "consumed", "left"].map(|it| stands[it].as_i64());
    assert_eq!(told, [2, 1, 0, 3, 0].map(Some), "{stands}");
    let waivers = stands["waivers"].as_array().unwrap();
    assert_eq!(waivers.len(), 1, "{stands}");
    assert_eq!((&waivers[0]["extra"], &waivers[0]["reason"]), (&json!(1), &json!("Nổi bật")));
}

fn a_decision_for_many_costs_what_one_for_two_does(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let head = world.a.sign_in(&server, Role::UnitHead);
    set(&officer, &json!({ "awardTypeCode": "LETTER_DEPARTMENT", "most": 1000 }));
    let people = people(&world, &officer, 43);
    let today = crate::assembly::today();
    let cost = |people: &[Value]| {
        let answer = letters(&world, &head, people, &today);
        let statements = answer.statements();
        answer.ok();
        statements
    };

    // The first of a year begins the register.
    let _first = cost(&people[42..]);
    let (two, many) = (cost(&people[..2]), cost(&people[2..42]));

    same_statements(two, many, "two people and forty");
}

fn an_officer_sees_who_took(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let quota = set(&officer, &json!({ "awardTypeCode": "LETTER_DEPARTMENT", "most": 9 }));
    let letter = award(&office, "LETTER_DEPARTMENT");
    let nominee = json!({ "kind": "INDIVIDUAL", "name": "Người được khen", "awardTypeId": letter });
    let list = json!({
        "unitId": world.a.office, "title": "Giấy khen", "year": YEAR, "nominees": [nominee],
    });
    let list =
        run(&office, "submissionCreate", &list).ok()["submissionCreate"]["submission"].clone();
    step(&office, "submissionSend", &list, 1).ok();
    let person = people(&world, &officer, 1);
    let given = letters(&world, &head, &person, &crate::assembly::today()).ok();
    let ledger = |client: &Client, more: &Value| {
        let mut asked = json!({ "quotaId": quota["id"] });
        asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        client.run(operation::text("quotaLedger"), asked).ok()["quotaLedger"].clone()
    };

    let whole = ledger(&officer, &json!({}));
    assert_eq!(whole["totalCount"], 2);
    let nodes = whole["nodes"].as_array().unwrap();
    let by = |state: &str| nodes.iter().find(|node| node["state"] == state).unwrap();
    let (reserved, consumed) = (by("RESERVED"), by("CONSUMED"));
    assert_eq!((&reserved["submission"]["id"], &reserved["amount"]), (&list["id"], &json!(1)));
    assert_eq!(reserved["decision"], Value::Null);
    assert_eq!(consumed["submission"], Value::Null);
    assert_eq!(consumed["decision"]["id"], given["decisionIssue"]["decision"]["id"]);
    assert_eq!(consumed["decision"]["awards"][0]["subjectName"], "Người 0 (mẫu)");
    assert!(nodes.iter().all(|node| node["at"].is_string()));

    let first = ledger(&officer, &json!({ "first": 1 }));
    let after = first["pageInfo"]["endCursor"].clone();
    let second = ledger(&officer, &json!({ "first": 1, "after": after }));
    assert_ne!(first["nodes"][0]["id"], second["nodes"][0]["id"]);
    assert_eq!(ledger(&officer, &json!({ "year": YEAR - 1 }))["totalCount"], 0);
    assert_eq!(ledger(&officer, &json!({ "unitId": world.a.other_office }))["totalCount"], 0);
    let neighbour = world.b.sign_in(&server, Role::StandingOfficer);
    assert_eq!(ledger(&neighbour, &json!({}))["totalCount"], 0);
    let stands = used(&officer, &world, &quota);
    assert_eq!(
        (&stands["reserved"], &stands["consumed"], &stands["left"]),
        (&json!(1), &json!(1), &json!(7))
    );
    assert_eq!(used(&neighbour, &world, &quota), Value::Null);
}

fn basis(officer: &Client, world: &World, more: &Value) -> Answer {
    let mut input = json!({
        "unitId": world.a.office, "year": YEAR, "number": 10, "source": "Quyết định giao biên chế",
    });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    run(officer, "quotaBasisRecord", &input)
}

fn a_share_of_what_nobody_knows_is_said_and_refuses_nobody(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let other = world.a.sign_in(&server, Role::UnitOfficer);
    // A year for which nothing is recorded.
    let year = YEAR + 3;
    let share =
        json!({ "awardTypeCode": "LETTER_DEPARTMENT", "base": "STAFF", "sharePercent": 20 });
    set(&officer, &share);
    let letter = award(&other, "LETTER_DEPARTMENT");
    let list = || {
        let nominee = |number: i32| json!({ "kind": "INDIVIDUAL", "name": format!("Người {number}"), "awardTypeId": letter });
        let input = json!({
            "unitId": world.a.office, "title": "Giấy khen", "year": year,
            "nominees": [nominee(1), nominee(2), nominee(3)],
        });
        run(&other, "submissionCreate", &input).ok()["submissionCreate"]["submission"].clone()
    };
    let shown = |draft: &Value| {
        let asked = json!({ "submissionId": draft["id"] });
        officer.run(operation::text("quotaPreview"), asked).ok()["quotaPreview"][0].clone()
    };

    let first = list();
    let unknown = shown(&first);
    assert_eq!((&unknown["base"], &unknown["limit"]), (&Value::Null, &Value::Null), "{unknown}");
    assert!(unknown["whyUnknown"].as_str().unwrap().contains("biên chế"), "{unknown}");
    step(&other, "submissionSend", &first, 1).ok();
    step(&other, "submissionRecall", &first, 2).ok();

    basis(&other, &world, &json!({ "base": "STAFF", "year": year })).refused("FORBIDDEN");
    basis(&officer, &world, &json!({ "base": "STAFF", "year": year })).ok();
    let known = shown(&first);
    assert_eq!(
        (&known["base"], &known["limit"], &known["over"]),
        (&json!(10), &json!(2), &json!(1))
    );
    assert_eq!(known["whyUnknown"], Value::Null);
    step(&other, "submissionSend", &first, 3).refused("QUOTA_EXCEEDED");
    // The last number counts; what was recorded before stays.
    basis(&officer, &world, &json!({ "base": "STAFF", "year": year, "number": 15 })).ok();
    step(&other, "submissionSend", &first, 3).ok();
    let asked = json!({ "unitId": world.a.office, "year": year });
    let bases = officer.run(operation::text("quotaBases"), asked).ok()["quotaBases"].clone();
    let numbers: Vec<_> = bases.as_array().unwrap().iter().map(|it| it["number"].clone()).collect();
    assert_eq!(numbers, [10, 15]);
    basis(&officer, &world, &json!({ "base": "COUNT" })).refused("INVALID_COMBINATION");
    basis(&officer, &world, &json!({ "base": "STAFF", "number": -1 })).refused("OUT_OF_RANGE");
    let kind = json!({ "base": "STAFF", "subjectKind": "INDIVIDUAL" });
    basis(&officer, &world, &kind).refused("INVALID_COMBINATION");
}

fn a_share_of_departments_and_of_those_who_took_part(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let quota = |more: Value| set(&officer, &more);
    let departments = quota(json!({
        "awardTypeCode": "LETTER_DEPARTMENT", "base": "DEPARTMENTS", "sharePercent": 50,
    }));
    let took_part = |kind: &str, percent: i32| {
        quota(json!({
            "awardTypeCode": "LETTER_DEPARTMENT", "base": "PARTICIPANTS", "subjectKind": kind,
            "sharePercent": percent, "commendationType": "MOVEMENT",
        }))
    };
    let (collectives, individuals) = (took_part("COLLECTIVE", 10), took_part("INDIVIDUAL", 5));
    let limit = |quota: &Value| {
        let stands = used(&officer, &world, quota);
        (stands["base"].as_i64(), stands["limit"].as_i64(), stands["left"].as_i64())
    };

    // The division of the office.
    assert_eq!(limit(&departments), (Some(1), Some(0), Some(0)));
    basis(&officer, &world, &json!({ "base": "DEPARTMENTS", "number": 7 })).ok();
    assert_eq!(limit(&departments), (Some(7), Some(3), Some(3)));
    assert_eq!(limit(&individuals), (None, None, None), "never taken for nothing");
    for (kind, number) in [("COLLECTIVE", 30), ("INDIVIDUAL", 399)] {
        let record = json!({ "base": "PARTICIPANTS", "subjectKind": kind, "number": number });
        basis(&officer, &world, &record).ok();
    }
    assert_eq!(limit(&collectives), (Some(30), Some(3), Some(3)));
    assert_eq!(limit(&individuals), (Some(399), Some(19), Some(19)));
}

fn a_quota_says_what_it_is_not_about(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let one = json!({
        "awardTypeCode": "LETTER_DEPARTMENT", "most": 2, "unitKind": "OFFICE",
        "validFrom": format!("{YEAR}-07-01"), "validTo": format!("{YEAR}-12-31"),
    });
    let quota = set(&officer, &one);
    let (office, division) = (json!(world.a.office), json!(world.a.division));
    let stands = |unit: &Value, year: i32| {
        let asked = json!({ "quotaId": quota["id"], "unitId": unit, "year": year });
        officer.run(operation::text("quotaUse"), asked).ok()["quotaUse"].clone()
    };
    let told = |it: &Value| ["base", "limit", "left"].map(|name| it[name].as_i64());

    let within = stands(&office, YEAR);
    assert_eq!(told(&within), [None, Some(2), Some(2)], "a number is a share of nothing");
    assert_eq!((&within["whyNot"], &within["whyUnknown"]), (&Value::Null, &Value::Null));
    for (unit, year, why) in [
        (&office, YEAR - 1, "năm đó"),
        (&office, YEAR + 1, "năm đó"),
        (&division, YEAR, "loại đơn vị"),
    ] {
        let apart = stands(unit, year);
        assert_eq!(told(&apart), [None; 3], "{apart}");
        assert!(apart["whyNot"].as_str().unwrap().contains(why), "{apart}");
        assert_eq!(apart["whyUnknown"], Value::Null);
    }

    let waiver = json!({
        "quotaId": quota["id"], "unitId": office, "year": YEAR + 1, "extra": 1, "reason": "Gửi muộn",
    });
    run(&officer, "quotaWaive", &waiver).ok();
    let late = stands(&office, YEAR + 1);
    assert_eq!(told(&late), [None, Some(2), Some(3)], "{late}");
    assert_eq!(late["whyNot"], Value::Null);
}

fn a_quota_of_which_nothing_could_be_taken_is_refused(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let quota = |code: &str, more: &Value| {
        let mut input = json!({
            "awardTypeCode": code, "base": "COUNT", "most": 1, "citation": "Quy chế",
            "validFrom": "2024-01-01",
        });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        run(&officer, "quotaCreate", &input)
    };
    let collective = "EXCELLENT_LABOUR_COLLECTIVE";

    for (code, more, refused, at) in [
        ("NO_SUCH_TITLE", json!({}), "AWARD_UNKNOWN", "awardTypeCode"),
        (collective, json!({ "subjectKind": "INDIVIDUAL" }), "AWARD_NOT_APPLICABLE", "subjectKind"),
        (
            collective,
            json!({ "commendationType": "AD_HOC" }),
            "AWARD_NOT_APPLICABLE",
            "commendationType",
        ),
    ] {
        let error = quota(code, &more).refused(refused)["quotaCreate"]["errors"][0].clone();
        assert_eq!(error["path"], json!(["input", at]), "{error}");
        let names_it = error["message"].as_str().unwrap().contains(code);
        assert_eq!(names_it, code == "NO_SUCH_TITLE", "{error}");
    }
    let fits = json!({ "subjectKind": "COLLECTIVE", "commendationType": "MERIT" });
    quota(collective, &fits).ok();
}

fn a_second_quota_on_the_same_is_refused(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let quota = |officer: &Client, more: &Value| {
        let mut input = json!({
            "awardTypeCode": "LETTER_DEPARTMENT", "base": "COUNT", "most": 1,
            "citation": "Quy chế", "validFrom": "2025-01-01", "validTo": "2025-12-31",
        });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        run(officer, "quotaCreate", &input)
    };
    quota(&officer, &json!({})).ok();

    for more in [
        json!({}),
        json!({ "most": 9, "citation": "Quy chế khác" }),
        json!({ "validFrom": "2025-12-31", "validTo": null }),
    ] {
        let error = quota(&officer, &more).refused("ALREADY_EXISTS");
        let path = &error["quotaCreate"]["errors"][0]["path"];
        assert_eq!(path, &json!(["input", "validFrom"]), "{more}");
    }
    for more in [
        json!({ "validFrom": "2026-01-01", "validTo": null }),
        json!({ "unitKind": "OFFICE" }),
        json!({ "subjectKind": "COLLECTIVE" }),
        json!({ "severity": "WARN" }),
        json!({ "base": "NOMINEES", "most": null, "sharePercent": 20 }),
    ] {
        quota(&officer, &more).ok();
    }
    let neighbour = world.b.sign_in(&server, Role::StandingOfficer);
    quota(&neighbour, &json!({})).ok();
}

fn a_quota_ends_and_not_before_what_it_gave(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let neighbour = world.b.sign_in(&server, Role::StandingOfficer);
    let quota = set(&officer, &json!({ "most": 1 }));
    let end = |version: i32, day: &str| json!({ "id": quota["id"], "expectedVersion": version, "validTo": day });
    let one = draft(&world, &office, (1, 0));
    step(&office, "submissionSend", &one, 1).ok();

    run(&office, "quotaEnd", &end(1, "2099-12-31")).refused("FORBIDDEN");
    run(&neighbour, "quotaEnd", &end(1, "2099-12-31")).refused("NOT_FOUND");
    run(&officer, "quotaEnd", &end(1, "2023-12-31")).refused("PERIOD_REVERSED");
    run(&officer, "quotaEnd", &end(1, "2024-12-31")).refused("DECIDED_SINCE");
    run(&officer, "quotaEnd", &end(1, "2025-06-30")).refused("DECIDED_SINCE");
    let done = run(&officer, "quotaEnd", &end(1, "2099-12-31")).ok();
    assert_eq!(done["quotaEnd"]["quota"]["version"], 2);
    run(&officer, "quotaEnd", &end(1, "2099-11-30")).refused("CONFLICT");
    run(&officer, "quotaEnd", &end(2, "2100-01-01")).refused("FINAL_STATE");

    // What is sent later for a year that is over hinders no end on its last day.
    run(&officer, "quotaEnd", &end(2, "2025-12-31")).ok();

    // Nothing of it is taken any more: it may have ended long ago.
    step(&office, "submissionRecall", &one, 2).ok();
    run(&officer, "quotaEnd", &end(3, "2025-06-30")).ok();
    let two = draft(&world, &office, (2, 0));
    step(&office, "submissionSend", &two, 1).ok();
    assert_eq!(states(&world, &quota), ["RELEASED"], "history stays");
}
