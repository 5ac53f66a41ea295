//! What an approved list, and a draft, are told to be refused for: what is missing stands beside the action, and the list lies
//! with the secretary of the council that has still to vote.

use entity::ballot_result::Outcome;
use entity::role_grant::Role;
use harness::cases;
use harness::client::{Client, same_statements};
use harness::stage::{Case, Stage};
use harness::world::{Id, World};
use serde_json::{Value, json};

use crate::approval::Desks;
use crate::assembly::{Assembly, cast, today};
use crate::council::run;
use crate::handling::{handling, mine, reason};
use crate::quota::{award, quota};
use crate::workflow::step;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_list_waits_for_the_council_that_has_still_to_vote,
        what_votes_refuse_is_said_beside_the_action,
        what_goes_above_waits_for_its_vote_first,
        a_failed_round_waits_for_the_next_one,
        a_name_is_told_to_be_linked_first,
        a_draft_over_a_quota_is_not_offered_to_be_sent,
        many_drafts_are_told_of_their_quotas_like_one,
        a_decision_over_a_quota_is_not_offered,
    ]
}

const FIGHTER: &str = "BASE_EMULATION_FIGHTER";
const LETTER: &str = "LETTER_DEPARTMENT";

fn waits_for(client: &Client, list: &Value) -> bool {
    mine(client, &json!({ "first": 100 })).contains(list)
}

/// A decision on a list, by the head of its office.
fn decision(world: &World, list: &Value) -> Value {
    json!({
        "unitId": world.a.office, "submissionIds": [list],
        "paper": { "symbol": "QĐ-VP", "decidedOn": today() },
    })
}

/// Why a list cannot be decided, as a row of a page says it.
fn of_page(client: &Client, list: &Value) -> (Value, Value) {
    let text = "{ submissions(first: 100, where: { state: { eq: APPROVED } }) {
      nodes { id allowedActions { action reason message } } } }";
    let read = client.run(text, json!({})).ok();
    let rows = read["submissions"]["nodes"].as_array().unwrap();
    let row = rows.iter().find(|row| row["id"] == *list).unwrap();
    let actions = row["allowedActions"].as_array().unwrap();
    let told = actions.iter().find(|it| it["action"] == "DECIDE").unwrap();
    (told["reason"].clone(), told["message"].clone())
}

fn a_list_waits_for_the_council_that_has_still_to_vote(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let [secretary, officer, chair, head] =
        [Role::CouncilSecretary, Role::StandingOfficer, Role::ProvinceChair, Role::UnitHead]
            .map(|role| world.a.sign_in(&server, role));
    let stranger = world.b.sign_in(&server, Role::CouncilSecretary);
    let (list, nominee) = world.proposed(&world.a, FIGHTER, false);
    let list = json!(list);

    let told = handling(&head, &list);

    assert_eq!(told["action"], "VOTE", "{told}");
    assert_eq!(told["roles"], json!(["COUNCIL_SECRETARY", "STANDING_OFFICER"]), "{told}");
    assert!(waits_for(&secretary, &list) && waits_for(&officer, &list));
    for client in [&chair, &head, &stranger] {
        assert!(!waits_for(client, &list));
    }
    for client in [&chair, &head, &officer] {
        assert_eq!(reason(client, &list, "DECIDE"), "VOTE_MISSING");
        let (code, said) = of_page(client, &list);
        assert_eq!(code, "VOTE_MISSING");
        assert!(said.as_str().unwrap().contains("Hội đồng chưa bỏ phiếu"), "{said}");
    }
    assert_eq!(reason(&chair, &list, "REJECT"), Value::Null, "it can be rejected all the same");
    let _ = run(&head, "decisionIssue", &decision(&world, &list)).refused("VOTE_MISSING");

    world.voted_on(&world.a, nominee, &[(FIGHTER, Outcome::Passed)]);

    assert_eq!(handling(&head, &list)["action"], "DECIDE");
    assert!(waits_for(&chair, &list) && waits_for(&head, &list) && !waits_for(&secretary, &list));
    assert_eq!(reason(&head, &list, "DECIDE"), Value::Null);
    assert_eq!(of_page(&head, &list), (Value::Null, Value::Null));
    let _ = run(&head, "decisionIssue", &decision(&world, &list)).ok();
}

fn what_votes_refuse_is_said_beside_the_action(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    for (outcome, code) in [(Outcome::Tied, "TIE_UNDECIDED"), (Outcome::Failed, "VOTE_NOT_PASSED")]
    {
        let (list, nominee) = world.proposed(&world.a, FIGHTER, false);
        let list = json!(list);
        world.voted_on(&world.a, nominee, &[(FIGHTER, outcome)]);

        assert_eq!(reason(&head, &list, "DECIDE"), code);

        let _ = run(&head, "decisionIssue", &decision(&world, &list)).refused(code);
    }
}

/// No ballot is asked for by the title, but nobody is proposed above without one.
fn what_goes_above_waits_for_its_vote_first(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let [secretary, officer, chair] =
        [Role::CouncilSecretary, Role::StandingOfficer, Role::ProvinceChair]
            .map(|role| world.a.sign_in(&server, role));
    let (list, nominee) = world.proposed(&world.a, "PM_CERTIFICATE", false);
    let list = json!(list);

    assert_eq!(handling(&chair, &list)["action"], "VOTE");
    assert!(waits_for(&secretary, &list) && waits_for(&officer, &list));
    assert!(!waits_for(&chair, &list));
    assert_eq!(reason(&secretary, &list, "DECIDE"), "VOTE_MISSING");
    assert_eq!(of_page(&secretary, &list).0, "VOTE_MISSING");

    world.voted_on(&world.a, nominee, &[("PM_CERTIFICATE", Outcome::Passed)]);

    assert_eq!(handling(&chair, &list)["action"], "DECIDE");
    assert!(waits_for(&chair, &list) && !waits_for(&secretary, &list));
    assert_eq!(reason(&secretary, &list, "DECIDE"), Value::Null, "it can be proposed");
    assert_eq!(of_page(&secretary, &list), (Value::Null, Value::Null));
}

fn a_failed_round_waits_for_the_next_one(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let assembly = Assembly::new(&server, &world, 6);
    assembly.attend(&["PRESENT"; 6]);
    let list = &assembly.submission["id"];
    let _ = step(&chair, "submissionApprove", &assembly.submission);
    let vote = |more: Value| {
        let ballot = assembly.open(&more);
        for client in assembly.clients(&server, 5) {
            let _ = cast(&client, &ballot, "NN").ok();
        }
        assembly.close(&server, &ballot)
    };

    let first = vote(json!({}));

    assert_eq!(handling(&head, list)["action"], "VOTE", "a round is left");
    assert!(waits_for(&assembly.secretary, list));
    assert!(!waits_for(&chair, list) && !waits_for(&head, list));
    assert_eq!(reason(&head, list, "DECIDE"), "VOTE_NOT_PASSED");

    let motion = json!({ "reconsidersId": first["id"], "reason": "Có hồ sơ bổ sung" });
    let _ = vote(motion);

    assert_eq!(handling(&head, list)["action"], "REJECT", "no round is left, and nobody");
    assert!(!waits_for(&head, list) && !waits_for(&assembly.secretary, list));
    assert!(waits_for(&chair, list));
    let said = reason(&head, list, "DECIDE");
    assert_eq!(said, "VOTE_NOT_PASSED", "no regulation sets the share of the law aside");
}

/// Lists that were approved before a name had to be linked.
fn a_name_is_told_to_be_linked_first(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let (list, nominee) = world.proposed(&world.a, "PM_CERTIFICATE", false);
    let list = json!(list);
    assert_eq!(reason(&chair, &list, "DECIDE"), Value::Null, "no ballot is asked for");

    unlink(&world, nominee);

    assert_eq!(reason(&chair, &list, "DECIDE"), "SUBJECT_MISSING");
}

fn unlink(world: &World, nominee: Id) {
    let id = nominee.uuid;
    let key =
        if world.ground.is_postgres() { format!("'{id}'") } else { format!("X'{}'", id.simple()) };
    let sql = format!("UPDATE nominee SET subject_id = NULL WHERE id = {key}");
    world.ground.query(&sql).unwrap();
}

fn a_draft_over_a_quota_is_not_offered_to_be_sent(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let desks = Desks::new(&server, &world);
    let title = award(&desks.office, LETTER);
    let nominee = |name| json!({ "kind": "INDIVIDUAL", "name": name, "awardTypeId": title });
    let list = desks.draw(&world, &[nominee("Một (mẫu)"), nominee("Hai (mẫu)")]);
    assert_eq!(reason(&desks.office, &list["id"], "SEND"), Value::Null);

    let most = quota(&desks.officer, &json!({ "awardTypeCode": LETTER, "most": 1 }));

    assert_eq!(reason(&desks.office, &list["id"], "SEND"), "QUOTA_EXCEEDED");
    let waiver = json!({
        "quotaId": most["id"], "unitId": world.a.office, "year": list["year"], "extra": 1,
        "reason": "Đơn vị hoàn thành vượt mức kế hoạch",
    });
    run(&desks.chair, "quotaWaive", &waiver).ok();
    assert_eq!(reason(&desks.office, &list["id"], "SEND"), Value::Null);
}

/// Why each of some drafts cannot be sent, asked for all at once; and in how many statements.
fn told(client: &Client, drafts: &[Value]) -> (u32, Vec<Value>) {
    let one = |(number, draft): (usize, &Value)| {
        format!(
            "d{number}: submission(id: {}) {{ allowedActions {{ action reason }} }}",
            draft["id"]
        )
    };
    let asked: Vec<String> = drafts.iter().enumerate().map(one).collect();
    let answer = client.run(&format!("{{ {} }}", asked.join(" ")), json!({}));
    let (statements, read) = (answer.statements(), answer.ok());
    let reason = |number: usize| {
        let actions = read[format!("d{number}")]["allowedActions"].as_array().unwrap();
        actions.iter().find(|it| it["action"] == "SEND").unwrap()["reason"].clone()
    };
    (statements, (0..drafts.len()).map(reason).collect())
}

/// Half of the households that are proposed: each draft of one would have its place if those of the others counted for it.
fn many_drafts_are_told_of_their_quotas_like_one(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let desks = Desks::new(&server, &world);
    let letter = award(&desks.office, "LETTER_DEPARTMENT");
    let draw = |number: usize| {
        let kind = if number.is_multiple_of(2) { "HOUSEHOLD" } else { "INDIVIDUAL" };
        let name = format!("Người {number} (mẫu)");
        desks.draw(&world, &[json!({ "kind": kind, "name": name, "awardTypeId": letter })])
    };
    let drafts: Vec<Value> = (0..12).map(draw).collect();
    let half = json!({
        "awardTypeCode": "LETTER_DEPARTMENT", "subjectKind": "HOUSEHOLD", "base": "NOMINEES",
        "sharePercent": 50,
    });
    let _half = quota(&desks.officer, &half);

    let _ = told(&desks.office, &drafts);
    let (one, alone) = told(&desks.office, &drafts[..1]);
    let (many, together) = told(&desks.office, &drafts);

    assert_eq!(alone, [json!("QUOTA_EXCEEDED")], "half of one is none");
    for (number, reason) in together.iter().enumerate() {
        let expected = if number.is_multiple_of(2) { json!("QUOTA_EXCEEDED") } else { Value::Null };
        assert_eq!(*reason, expected, "draft {number}");
    }
    same_statements(one, many, "one draft and twelve");
}

/// Who comes down to a lower title needs a place of it that nobody has reserved.
fn a_decision_over_a_quota_is_not_offered(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let desks = Desks::new(&server, &world);
    let set = |most: i32, severity: &str| {
        let more = json!({ "awardTypeCode": LETTER, "most": most, "severity": severity });
        quota(&desks.officer, &more)
    };
    let (_warned, most) = (set(0, "WARN"), set(1, "BLOCK"));
    let titles = [LETTER, FIGHTER, FIGHTER].map(|code| award(&desks.office, code));
    let nominee = |(number, title): (usize, &Value)| {
        let name = format!("Lò Văn {number} (mẫu)");
        json!({ "kind": "INDIVIDUAL", "name": name, "awardTypeId": title })
    };
    let people: Vec<Value> = titles.iter().enumerate().map(nominee).collect();
    let list = desks.draw(&world, &people);
    desks.pass(&list);
    let nominees = list["nominees"].as_array().unwrap();
    let id = |place: usize| {
        let (_, uuid) = api::scalar::decode(nominees[place]["id"].as_str().unwrap()).unwrap();
        Id { prefix: "Nominee", uuid }
    };
    let passed = [(FIGHTER, Outcome::Passed)];
    world.voted_on(&world.a, id(1), &passed);
    let lowered = [(FIGHTER, Outcome::Failed), (LETTER, Outcome::Passed)];
    world.voted_on(&world.a, id(2), &lowered);

    assert_eq!(reason(&desks.head, &list["id"], "DECIDE"), "QUOTA_EXCEEDED");
    let refused = run(&desks.head, "decisionIssue", &decision(&world, &list["id"]));
    let _ = refused.refused("QUOTA_EXCEEDED");

    let waiver = json!({
        "quotaId": most["id"], "unitId": world.a.office, "year": list["year"], "extra": 1,
        "reason": "Đơn vị hoàn thành vượt mức kế hoạch",
    });
    run(&desks.chair, "quotaWaive", &waiver).ok();
    assert_eq!(reason(&desks.head, &list["id"], "DECIDE"), Value::Null);
    let _ = run(&desks.head, "decisionIssue", &decision(&world, &list["id"])).ok();
}
