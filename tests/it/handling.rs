//! What the office sees beside a submission: who has it, until when, what waits for the one who asks, and how many of the
//! nominees work directly.

use chrono::{DateTime, NaiveDate, TimeDelta};
use entity::role_grant::Role;
use entity::submission::{self, State};
use harness::cases;
use harness::client::{Answer, Client, same_statements};
use harness::stage::{Case, Stage};
use harness::world::{Id, World, YEAR};
use sea_orm::{ColumnTrait, Condition};
use serde_json::{Value, json};

use crate::approval::Desks;
use crate::council::{done, run};
use crate::operation;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_step_has_its_days_and_the_next_one_days_of_its_own,
        what_waits_for_me_is_overdue_first,
        a_page_of_what_waits_takes_what_one_takes,
        nobody_waits_for_the_author_to_approve,
        what_is_approved_waits_for_its_decision,
        what_nobody_answers_is_rejected_and_gives_its_places_back,
        what_is_proposed_above_waits_for_nobody_here,
        direct_workers_stand_beside_the_target_of_the_year,
    ]
}

const WORKERS: &str = "query($id: ID!) { submission(id: $id) {
  directWorkers { persons known direct percent target targetSource isMet } } }";

pub(crate) fn handling(client: &Client, id: &Value) -> Value {
    let read = client.run(operation::text("submission"), json!({ "id": id })).ok();
    read["submission"]["handling"].clone()
}

fn workers(client: &Client, id: &Value) -> Value {
    client.run(WORKERS, json!({ "id": id })).ok()["submission"]["directWorkers"].clone()
}

/// A submission in a state, whose step ends on a day.
fn until(world: &World, state: State, day: NaiveDate) -> Id {
    let like = world.submission(&world.a, state).id;
    let this = Condition::all().add(submission::Column::Id.eq(like.uuid));
    let row = world.ground.rows::<submission::Entity>(this).unwrap().remove(0);
    let id = Id::new("Submission");
    let row = submission::Model { id: id.uuid, number: row.number + 500_000, due_on: day, ..row };
    world.ground.add(row).unwrap();
    id
}

const MINE: &str = "query($where: SubmissionWhere, $first: Int, $after: String) {
  submissions(where: $where, waitingForMe: true, first: $first, after: $after) {
    pageInfo { endCursor } nodes { id handling { isOverdue } } } }";

/// The ids of what waits for someone, with conditions and cuts as they are given.
pub(crate) fn mine(client: &Client, more: &Value) -> Vec<Value> {
    let read = client.run(MINE, more.clone()).ok();
    let rows = read["submissions"]["nodes"].as_array().unwrap();
    rows.iter().map(|row| row["id"].clone()).collect()
}

/// The day in Vietnam of a time.
fn day_of(time: &Value) -> NaiveDate {
    let time: DateTime<chrono::Utc> = time.as_str().unwrap().parse().unwrap();
    (time + TimeDelta::hours(7)).date_naive()
}

fn a_step_has_its_days_and_the_next_one_days_of_its_own(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let draft = world.submission(&world.a, State::Draft).id;
    let before = handling(&office, &json!(draft));
    assert_eq!((&before["action"], &before["dueOn"]), (&json!("SEND"), &Value::Null));
    assert_eq!(before["roles"], json!(["UNIT_HEAD", "UNIT_OFFICER"]), "{before}");

    let step = json!({ "id": draft, "expectedVersion": 1 });
    let sent = done(&office, ("submissionSend", "submission"), &step);

    let now = handling(&officer, &sent["id"]);
    assert_eq!((&now["action"], &now["workingDays"]), (&json!("RECEIVE"), &json!(5)), "{now}");
    assert_eq!((&now["since"], &now["isOverdue"]), (&sent["sentAt"], &json!(false)), "{now}");
    assert!(now["citation"].as_str().unwrap().contains("311/QĐ-BNV"), "{now}");
    assert_eq!(now["roles"], json!(["COUNCIL_SECRETARY", "STANDING_OFFICER"]), "nobody of Central");
    let due: NaiveDate = now["dueOn"].as_str().unwrap().parse().unwrap();
    let days = (due - day_of(&now["since"])).num_days();
    // Five working days hold one weekend or two, and Tết is not known here.
    assert!((5..=9).contains(&days), "{now}");
    assert_eq!(day_of(&now["dueAt"]), due + TimeDelta::days(1), "the day is whole: {now}");
    assert_eq!(handling(&office, &sent["id"]), now, "the office sees the same clock");
    let step = json!({ "id": sent["id"], "expectedVersion": sent["version"] });
    let received = done(&officer, ("submissionReceive", "submission"), &step);
    let next = handling(&officer, &received["id"]);
    assert_eq!((&next["action"], &next["workingDays"]), (&json!("APPRAISE"), &json!(20)));
    assert!(next["since"].as_str() >= now["since"].as_str(), "it begins anew");
    let back = json!({
        "id": received["id"], "expectedVersion": received["version"], "reason": "Thiếu biên bản",
    });
    let back = done(&officer, ("submissionReturn", "submission"), &back);
    let back = handling(&officer, &back["id"]);
    assert_eq!((&back["action"], &back["dueOn"]), (&json!("SEND"), &Value::Null), "{back}");
    let rejected = world.submission(&world.a, State::Rejected).id;
    assert_eq!(handling(&officer, &json!(rejected)), Value::Null, "it waits for nobody");
}

fn what_waits_for_me_is_overdue_first(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let day = |year| NaiveDate::from_ymd_opt(year, 3, 2).unwrap();
    let later = until(&world, State::Received, day(2090));
    let first = until(&world, State::Sent, day(2025));
    let second = until(&world, State::Received, day(2026));
    let chairs = until(&world, State::Appraised, day(2025));

    let found = mine(&officer, &json!({}));

    let head = [first, second, later].map(|id| json!(id));
    assert_eq!(found[..3], head, "by the last day, those without one behind");
    assert!(!found.contains(&json!(chairs)), "the chair's is not the office's");
    let over = json!({ "where": { "dueOn": { "lt": "2026-06-01" } } });
    assert_eq!(mine(&officer, &over), head[..2], "what is overdue on a day");
    let open = json!({ "where": { "dueOn": { "isNull": false } } });
    assert_eq!(mine(&officer, &open), head);
    let without = json!({ "where": { "dueOn": { "isNull": true } } });
    assert_eq!(mine(&officer, &without).len() + 3, found.len());
    let after = json!({ "where": { "dueOn": { "gt": "2089-01-01" } } });
    assert_eq!(mine(&officer, &after), head[2..], "no day is behind no day");
    let page = officer.run(MINE, json!({ "first": 2 })).ok()["submissions"].clone();
    assert_eq!(page["nodes"][0]["handling"]["isOverdue"], true, "{page}");
    let rest = json!({ "first": 1, "after": page["pageInfo"]["endCursor"] });
    assert_eq!(mine(&officer, &rest), head[2..], "the page goes on where it ended");
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let desk = mine(&chair, &json!({}));
    assert!(desk[0] == json!(chairs) && !desk.contains(&head[0]), "{desk:?}");
    for stranger in [
        world.b.sign_in(&server, Role::StandingOfficer),
        world.a.neighbour.sign_in(&server),
        world.a.sign_in(&server, Role::Auditor),
    ] {
        let found = mine(&stranger, &json!({}));
        assert!(head.iter().all(|id| !found.contains(id)), "{found:?}");
    }
}

fn a_page_of_what_waits_takes_what_one_takes(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    world.inbox(&world.a, 30);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let text = "query($first: Int!) {
      submissions(waitingForMe: true, first: $first, where: { state: { eq: SENT } }) { nodes {
      id handling { action roles dueOn hoursLeft } directWorkers { persons percent target } } } }";
    let ask = |first: usize| {
        let answer = officer.run(text, json!({ "first": first }));
        let count = answer.statements();
        assert_eq!(answer.ok()["submissions"]["nodes"].as_array().unwrap().len(), first);
        count
    };

    let (two, many) = (ask(2), ask(30));

    same_statements(two, many, "two rows and 30");
}

/// Who wrote it cannot approve it, whatever else he is.
fn nobody_waits_for_the_author_to_approve(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let both = world.officer_and(&world.a, Role::ProvinceChair).sign_in(&server);
    let input = json!({
        "unitId": world.a.office, "title": "Của chính mình", "year": YEAR,
        "nominees": [{
            "kind": "INDIVIDUAL", "name": "Người được đề nghị (mẫu)", "awardTypeId": world.award_type,
        }],
    });
    let own = done(&both, ("submissionCreate", "submission"), &input);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let path = [
        (&both, "submissionSend"),
        (&officer, "submissionReceive"),
        (&officer, "submissionAppraise"),
    ];
    for (version, (client, field)) in (1..).zip(path) {
        let step = json!({ "id": own["id"], "expectedVersion": version });
        let _ = done(client, (field, "submission"), &step);
    }

    let found = mine(&both, &json!({ "first": 100 }));

    assert!(!found.contains(&own["id"]), "{found:?}");
    let other = world.a.sign_in(&server, Role::ProvinceChair);
    assert!(mine(&other, &json!({ "first": 100 })).contains(&own["id"]));
    let step = json!({ "id": own["id"], "expectedVersion": 4 });
    let _ = run(&both, "submissionApprove", &step).refused("SELF_APPROVAL");
}

/// What the chair may do with a submission, by action: the reason why not, or null.
pub(crate) fn reason(client: &Client, id: &Value, action: &str) -> Value {
    let text = "query($id: ID!) { submission(id: $id) { allowedActions { action reason } } }";
    let read = client.run(text, json!({ "id": id })).ok();
    let actions = read["submission"]["allowedActions"].as_array().unwrap();
    actions.iter().find(|it| it["action"] == action).unwrap()["reason"].clone()
}

fn version(client: &Client, id: &Value) -> Value {
    client.run(operation::text("submission"), json!({ "id": id })).ok()["submission"]["version"]
        .clone()
}

pub(crate) fn reject(client: &Client, id: &Value) -> Answer {
    let version = version(client, id);
    let input =
        json!({ "id": id, "expectedVersion": version, "reason": "Không còn ai được đề nghị" });
    run(client, "submissionReject", &input)
}

fn what_is_approved_waits_for_its_decision(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let (list, _) = world.proposed(&world.a, "BASE_EMULATION_FIGHTER", true);
    let list = json!(list);
    let waits = handling(&head, &list);
    assert_eq!((&waits["action"], &waits["dueOn"]), (&json!("DECIDE"), &Value::Null), "{waits}");
    let roles = waits["roles"].as_array().unwrap();
    assert!(roles.contains(&json!("PROVINCE_CHAIR")) && roles.contains(&json!("UNIT_HEAD")));
    assert!(!roles.contains(&json!("UNIT_OFFICER")), "{waits}");
    assert!(mine(&head, &json!({ "first": 100 })).contains(&list));
    for action in ["DECIDE", "REJECT"] {
        assert_eq!(reason(&chair, &list, action), Value::Null, "{action}");
    }

    let decision = json!({
        "unitId": world.a.office, "submissionIds": [list],
        "paper": { "symbol": "QĐ-VP", "decidedOn": crate::assembly::today() },
    });
    let _ = done(&head, ("decisionIssue", "decision"), &decision);

    assert_eq!(handling(&head, &list), Value::Null, "it is answered");
    assert!(!mine(&head, &json!({ "first": 100 })).contains(&list));
    for action in ["DECIDE", "REJECT"] {
        assert_eq!(reason(&chair, &list, action), "WRONG_STATE", "{action}");
    }
    let _ = reject(&chair, &list).refused("WRONG_STATE");
}

fn what_nobody_answers_is_rejected_and_gives_its_places_back(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let approval = Desks::new(&server, &world);
    let stranger = world.b.sign_in(&server, Role::ProvinceChair);
    let quota = json!({ "awardTypeCode": "LETTER_DEPARTMENT", "most": 3 });
    let quota = crate::quota::quota(&approval.officer, &quota);
    let title = crate::quota::award(&approval.office, "LETTER_DEPARTMENT");
    let nominee = |name| json!({ "kind": "INDIVIDUAL", "name": name, "awardTypeId": title });
    let list = approval.draw(&world, &[nominee("Một (mẫu)"), nominee("Hai (mẫu)")]);
    approval.pass(&list);
    let list = list["id"].clone();
    let reserved = || {
        let used = crate::quota_ledger::used(&approval.officer, &world, &quota);
        ["reserved", "consumed", "left"].map(|name| used[name].as_i64().unwrap())
    };
    assert_eq!(reserved(), [2, 0, 1]);
    let foreign = json!({ "id": list, "expectedVersion": 5, "reason": "Không phải của mình" });
    let _ = run(&stranger, "submissionReject", &foreign).refused("NOT_FOUND");

    let rejected = reject(&approval.chair, &list).ok();

    assert_eq!(rejected["submissionReject"]["submission"]["state"], "REJECTED", "{rejected}");
    assert_eq!(reserved(), [0, 0, 3]);
    let decision = json!({
        "unitId": world.a.office, "submissionIds": [list],
        "paper": { "symbol": "QĐ-VP", "decidedOn": crate::assembly::today() },
    });
    let _ = run(&approval.head, "decisionIssue", &decision).refused("WRONG_STATE");
}

/// A list that an authority above has waits for it; what that one refuses to everyone is rejected here.
fn what_is_proposed_above_waits_for_nobody_here(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    world.centralise(&world.b);
    let central = world.b.sign_in(&server, Role::CentralOfficer);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let told = |id: &Value| {
        let text = "query($id: ID!) { submission(id: $id) { officeStatus } }";
        office.run(text, json!({ "id": id })).ok()["submission"]["officeStatus"].clone()
    };
    world.fighter(&world.a);
    let (list, nominee) = world.proposed(&world.a, "NATIONAL_EMULATION_FIGHTER", true);
    let list = json!(list);
    let proposal = crate::onward::proposal(&world, &secretary, nominee);
    assert_eq!(handling(&chair, &list)["action"], "DECIDE", "a draft answers nothing");
    let asked = crate::onward::ask(&world, &secretary);
    crate::onward::answer(&secretary, &asked, false);

    let package = crate::onward::send(&secretary, &proposal, "31/TTr-UBND").ok();

    let package = package["onwardSubmissionSend"]["onwardPackage"].clone();
    assert_eq!((handling(&chair, &list), told(&list)), (Value::Null, json!("SENT_ONWARD")));
    let body = reject(&chair, &list).refused("WRONG_STATE");
    let said = body["submissionReject"]["errors"][0]["message"].as_str().unwrap();
    assert!(said.contains("đã trình cấp trên") && !said.contains("quyết định"), "{said}");
    assert_eq!(reason(&chair, &list, "REJECT"), "WRONG_STATE");
    let received = crate::onward::followed(&central, &package, "RECEIVE");
    let refused = json!({
        "id": received["id"], "expectedVersion": received["version"],
        "results": [{ "position": 1, "outcome": "REFUSED", "reason": "Chưa đủ thời gian" }],
    });
    let _ = done(&central, ("onwardResultRecord", "onwardPackage"), &refused);
    assert_eq!(told(&list), "DECIDED");
    assert_eq!(
        reason(&chair, &list, "REJECT"),
        Value::Null,
        "it is in the hands of the office again"
    );
    assert_eq!(reason(&chair, &list, "DECIDE"), "WRONG_STATE");
    let _ = reject(&chair, &list).ok();
    assert_eq!(told(&list), "REJECTED");
}

fn direct_workers_stand_beside_the_target_of_the_year(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let head = json!({
        "kind": "INDIVIDUAL", "name": "Trưởng phòng", "unitId": world.a.office,
        "leadershipClass": "DIVISION",
    });
    let head = done(&officer, ("subjectCreate", "subject"), &head)["id"].clone();
    let worker = json!({
        "kind": "INDIVIDUAL", "name": "Công nhân", "unitId": world.a.office,
        "leadershipClass": "DIRECT_WORKER",
    });
    let worker = done(&officer, ("subjectCreate", "subject"), &worker)["id"].clone();
    let nominee = |name: &str, subject: &Value| {
        json!({
            "kind": "INDIVIDUAL", "name": name, "awardTypeId": world.award_type, "subjectId": subject,
        })
    };
    // Who is proposed for two titles is one person.
    let mut again = nominee("Một", &worker);
    again["awardTypeId"] = crate::quota::award(&office, "PROVINCIAL_CERTIFICATE");
    let draft = json!({
        "unitId": world.a.office, "title": "Đề nghị khen thưởng", "year": YEAR,
        "nominees": [
            nominee("Một", &worker), nominee("Hai", &head), nominee("Ba", &Value::Null), again,
        ],
    });
    let id = done(&office, ("submissionCreate", "submission"), &draft)["id"].clone();
    let before = workers(&office, &id);
    let numbers = ["persons", "known", "direct"].map(|name| before[name].clone());
    assert_eq!(json!(numbers), json!([3, 2, 1]));
    assert_eq!((&before["percent"], &before["target"]), (&json!("50"), &Value::Null));

    let target = |unit: Id, value: &str| {
        json!({
            "unitId": unit, "year": YEAR, "measure": "DIRECT_WORKER_SHARE", "value": value,
            "source": "Kế hoạch 12/KH-UBND", "sourceOn": "2025-01-10",
        })
    };
    let _ = done(&officer, ("awardTargetCreate", "target"), &target(world.a.root, "60"));
    let above = workers(&office, &id);
    assert_eq!((&above["target"], &above["isMet"]), (&json!("60"), &json!(false)));
    let _ = done(&officer, ("awardTargetCreate", "target"), &target(world.a.office, "45"));
    let nearest = workers(&office, &id);
    assert_eq!((&nearest["target"], &nearest["isMet"]), (&json!("45"), &json!(true)));
    assert_eq!(nearest["targetSource"], "Kế hoạch 12/KH-UBND");
}
