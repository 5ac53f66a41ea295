//! The law at the door: who stands against a list is named, what was said at each step stays, and people decide.

use entity::role_grant::Role;
use entity::subject;
use harness::cases;
use harness::client::{Answer, Client, same_statements};
use harness::stage::{Case, Stage};
use harness::world::{Id, World, YEAR};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::Condition;
use serde_json::{Value, json};

use crate::registry::run;
use crate::rules::person;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        the_law_stops_a_list_at_the_door,
        what_was_said_stays,
        what_warns_and_what_nobody_knows_goes_through,
        the_law_is_asked_for_the_agenda,
        a_list_of_500_is_judged_at_once,
    ]
}

fn rate(client: &Client, subject: &Value, rating: &str, version: i32) {
    let input = json!({
        "subjectId": subject, "year": YEAR, "expectedVersion": version, "completionRating": rating,
    });
    run(client, "yearRecordRecord", &input).ok();
}

fn award(client: &Client, code: &str) -> Value {
    let query =
        "query($code: String!) { awardTypes(where: { code: { eq: $code } }) { nodes { id } } }";
    client.run(query, json!({ "code": code })).ok()["awardTypes"]["nodes"][0]["id"].clone()
}

/// A draft of the office with subjects for one title.
fn draft(world: &World, client: &Client, (code, subjects): (&str, &[Value])) -> Value {
    let award = award(client, code);
    let nominee = |(number, subject): (usize, &Value)| {
        json!({
            "kind": "INDIVIDUAL", "name": format!("Người thứ {number}"), "awardTypeId": award,
            "subjectId": subject,
        })
    };
    let input = json!({
        "unitId": world.a.office, "title": "Danh sách", "year": YEAR,
        "nominees": subjects.iter().enumerate().map(nominee).collect::<Vec<_>>(),
    });
    let query = "mutation($input: SubmissionCreateInput!) {
      submissionCreate(input: $input) { submission { id nominees { id } } errors { code message } }
    }";
    client.run(query, json!({ "input": input })).ok()["submissionCreate"]["submission"].clone()
}

fn step(client: &Client, field: &str, submission: &Value, version: i32) -> Answer {
    let query = format!(
        "mutation($input: SubmissionStepInput!) {{ {field}(input: $input) {{
          submission {{ id state version }} errors {{ code message path }}
        }} }}"
    );
    let input = json!({ "id": submission["id"], "expectedVersion": version });
    client.run(&query, json!({ "input": input }))
}

const SEEN: &str = "query($id: ID!) { submission(id: $id) {
  state version allowedActions { action allowed reason message }
  appraisals { step actorName rulesHash findings {
    nomineeName position awardTypeCode verdict rulesOf
    outcomes { verdict rule { citation severity } steps { message verdict facts { id what } } }
  } }
} }";

fn seen(client: &Client, submission: &Value) -> Value {
    client.run(SEEN, json!({ "id": submission["id"] })).ok()["submission"].clone()
}

fn sending(seen: &Value) -> Value {
    let actions = seen["allowedActions"].as_array().unwrap();
    actions.iter().find(|it| it["action"] == "SEND").unwrap().clone()
}

fn the_law_stops_a_list_at_the_door(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let (good, bad) = (
        person(&office, world.a.office, "Người đủ điều kiện"),
        person(&office, world.a.office, "Người chưa có sáng kiến"),
    );
    rate(&office, &good, "EXCELLENT", 0);
    rate(&office, &bad, "GOOD", 0);
    let subjects = [good.clone(), bad.clone()];
    let list = draft(&world, &office, ("BASE_EMULATION_FIGHTER", &subjects));

    let before = sending(&seen(&office, &list));
    assert_eq!(
        (&before["allowed"], &before["reason"]),
        (&json!(false), &json!("ELIGIBILITY_FAILED"))
    );
    let refused = step(&office, "submissionSend", &list, 1).refused("ELIGIBILITY_FAILED");
    let message = refused["submissionSend"]["errors"][0]["message"].as_str().unwrap();
    for word in ["Người thứ 1", "Chiến sĩ thi đua cơ sở", "Luật 06/2022/QH15, Điều 23"]
    {
        assert!(message.contains(word), "{word} in {message}");
    }
    assert_eq!(before["message"], message);
    let after = seen(&office, &list);
    assert_eq!((&after["state"], &after["appraisals"]), (&json!("DRAFT"), &json!([])));
    // Whoever may not send learns nothing of the law.
    step(&officer, "submissionSend", &list, 1).refused("FORBIDDEN");
    assert_eq!(sending(&seen(&officer, &list))["reason"], "FORBIDDEN");

    rate(&office, &bad, "EXCELLENT", 1);

    assert_eq!(sending(&seen(&office, &list))["allowed"], true);
    step(&office, "submissionSend", &list, 1).ok();
    let sent = seen(&office, &list);
    let appraisal = &sent["appraisals"][0];
    assert_eq!((&sent["state"], &appraisal["step"]), (&json!("SENT"), &json!("SEND")));
    let findings = appraisal["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 2);
    assert!(findings.iter().all(|it| it["verdict"] == "UNKNOWN" && it["rulesOf"].is_string()));
    assert_eq!(appraisal["rulesHash"].as_str().unwrap().len(), 64);
}

fn what_was_said_stays(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let one = person(&office, world.a.office, "Người bị xếp loại lại");
    rate(&office, &one, "EXCELLENT", 0);
    let list = draft(&world, &office, ("BASE_EMULATION_FIGHTER", std::slice::from_ref(&one)));
    step(&office, "submissionSend", &list, 1).ok();
    let first = seen(&office, &list)["appraisals"][0].clone();

    rate(&office, &one, "GOOD", 1);
    step(&officer, "submissionReceive", &list, 2).ok();
    step(&officer, "submissionAppraise", &list, 3).ok();

    let now = seen(&officer, &list);
    assert_eq!(now["state"], "APPRAISED", "people decide what follows from it");
    let steps = now["appraisals"].as_array().unwrap();
    assert_eq!(steps.len(), 2);
    assert_eq!(steps[0], first, "what was said when it was sent");
    let second = &steps[1]["findings"][0];
    assert_eq!((&steps[1]["step"], &second["verdict"]), (&json!("APPRAISE"), &json!("FAILED")));
    let failed = |it: &&Value| it["verdict"] == "FAILED";
    let why = second["outcomes"].as_array().unwrap().iter().find(failed).unwrap();
    assert_eq!(why["rule"]["citation"], "Luật 06/2022/QH15, Điều 23");
    // The rating is put right: what stands written does not move.
    rate(&office, &one, "EXCELLENT", 2);
    assert_eq!(seen(&officer, &list)["appraisals"], now["appraisals"]);
}

fn what_warns_and_what_nobody_knows_goes_through(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let rule = |severity: &str| {
        let tree = json!({ "rating": { "level": "EXCELLENT", "years": 1, "continuous": true } });
        let input = json!({
            "awardTypeCode": "ADVANCED_LABOURER", "nameVi": "Xuất sắc", "nameEn": "Excellent",
            "tree": tree.to_string(), "citation": "Quy định của tỉnh", "validFrom": "2026-01-01",
            "severity": severity,
        });
        run(&officer, "eligibilityRuleCreate", &input).ok();
    };
    let one = person(&office, world.a.office, "Người được cảnh báo");
    rate(&office, &one, "GOOD", 0);
    rule("WARN");
    let warned = draft(&world, &office, ("ADVANCED_LABOURER", &[one.clone(), Value::Null]));

    step(&office, "submissionSend", &warned, 1).ok();

    let findings = seen(&office, &warned)["appraisals"][0]["findings"].clone();
    let own = |it: &&Value| it["rule"]["citation"] == "Quy định của tỉnh";
    let shown = findings[0]["outcomes"].as_array().unwrap().iter().find(own).unwrap();
    assert_eq!((&shown["rule"]["severity"], &shown["verdict"]), (&json!("WARN"), &json!("FAILED")));
    assert_eq!(findings[0]["verdict"], "UNKNOWN");
    // A name that was only written down: nobody knows.
    assert_eq!(
        (&findings[1]["verdict"], &findings[1]["outcomes"]),
        (&json!("UNKNOWN"), &json!([]))
    );
    rule("BLOCK");
    let blocked = draft(&world, &office, ("ADVANCED_LABOURER", &[one]));
    step(&office, "submissionSend", &blocked, 1).refused("ELIGIBILITY_FAILED");
}

fn the_law_is_asked_for_the_agenda(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let one = person(&office, world.a.office, "Người được đưa ra hội đồng");
    rate(&office, &one, "EXCELLENT", 0);
    let list = draft(&world, &office, ("BASE_EMULATION_FIGHTER", &[one]));
    step(&office, "submissionSend", &list, 1).ok();
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let item = json!({
        "kind": "AWARD_LIST", "title": "Danh hiệu", "nomineeIds": [list["nominees"][0]["id"]],
    });
    let add = json!({ "sessionId": world.a.board.planned, "item": item });
    run(&secretary, "agendaItemAdd", &add).refused("WRONG_STATE");
    step(&officer, "submissionReceive", &list, 2).ok();
    step(&officer, "submissionAppraise", &list, 3).ok();

    run(&secretary, "agendaItemAdd", &add).ok();
    let plan = json!({
        "councilId": world.a.board.id, "year": 2026, "title": "Kỳ họp", "plannedOn": "2026-12-01",
        "items": [item],
    });
    let mut other = plan.clone();
    other["year"] = json!(2020);
    run(&secretary, "sessionPlan", &other).refused("INVALID_COMBINATION");
    run(&secretary, "sessionPlan", &plan).refused("ALREADY_EXISTS");
    let board = &world.a.board;
    let off = json!({ "id": board.planned, "expectedVersion": 1, "reason": "Hoãn họp" });
    run(&secretary, "sessionCancel", &off).ok();
    run(&secretary, "sessionPlan", &plan).ok();

    let steps = seen(&secretary, &list)["appraisals"].clone();
    let named: Vec<_> = steps.as_array().unwrap().iter().map(|it| it["step"].clone()).collect();
    assert_eq!(named, ["SEND", "APPRAISE", "AGENDA", "AGENDA"]);
    assert_eq!(steps[2]["findings"][0]["nomineeName"], "Người thứ 0");
}

/// A subject of the office that is written beneath the gate.
fn written(world: &World, number: usize) -> Value {
    let of_office = subject::Column::Id.eq(world.a.subject.uuid);
    let like = world.ground.rows::<subject::Entity>(Condition::all().add(of_office)).unwrap();
    let id = Id::new("Subject");
    let row = subject::Model { id: id.uuid, code: Some(format!("N-{number}")), ..like[0].clone() };
    world.ground.add(row).unwrap();
    json!(id)
}

fn a_list_of_500_is_judged_at_once(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let subjects: Vec<_> = (0..502).map(|number| written(&world, number)).collect();
    let sent = |subjects: &[Value]| {
        let list = draft(&world, &office, ("ADVANCED_LABOURER", subjects));
        let answer = step(&office, "submissionSend", &list, 1);
        let statements = answer.statements();
        answer.ok();
        let findings = seen(&office, &list)["appraisals"][0]["findings"].clone();
        assert_eq!(findings.as_array().unwrap().len(), subjects.len());
        statements
    };
    let _ = sent(&subjects[..1]);

    let (one, many) = (sent(&subjects[1..2]), sent(&subjects[2..]));

    // One more, because what is written goes in batches of 250.
    same_statements(one + 1, many, "one nominee and 500");
    assert!(many <= 41, "{many}");
}
