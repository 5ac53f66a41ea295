//! On whose desk an approved list lies: of those who decide one of its titles, of those who send it to an authority above
//! again, and of the secretary of a council that has still to vote.

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Client, same_statements};
use harness::server::Server;
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::{Value, json};

use crate::assembly::{Assembly, cast};
use crate::council::{anew, done, run};
use crate::handling::{handling, mine, reason, reject};
use crate::onward;
use crate::operation;
use crate::quota_decided::beside;
use crate::workflow::step;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_list_lies_with_those_who_decide_its_titles,
        what_nobody_decides_is_for_the_chair_to_reject,
        what_is_voted_on_is_neither_rejected_nor_decided,
        who_presides_finds_what_he_is_to_confirm,
        what_was_sent_back_waits_to_be_sent_again,
        what_is_above_in_part_is_not_rejected,
        a_page_of_approved_lists_takes_what_one_takes,
    ]
}

/// Whether a list is among those that wait for somebody.
fn waits_for(client: &Client, list: &Value) -> bool {
    mine(client, &json!({ "first": 100 })).contains(list)
}

/// Whose step the list waits for.
fn roles(client: &Client, list: &Value) -> Vec<String> {
    let told = handling(client, list);
    let roles = told["roles"].as_array().unwrap();
    roles.iter().map(|role| role.as_str().unwrap().to_owned()).collect()
}

fn a_list_lies_with_those_who_decide_its_titles(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    for (code, is_heads) in [
        ("BASE_EMULATION_FIGHTER", true),
        ("PROVINCIAL_EMULATION_FIGHTER", false),
        ("NATIONAL_EMULATION_FIGHTER", false),
    ] {
        let (list, _) = world.proposed(&world.a, code, true);
        let list = json!(list);

        let roles = roles(&head, &list);

        assert!(roles.iter().any(|role| role == "PROVINCE_CHAIR"), "{code}: {roles:?}");
        assert_eq!(roles.iter().any(|role| role == "UNIT_HEAD"), is_heads, "{code}: {roles:?}");
        let refused = if is_heads { Value::Null } else { json!("FORBIDDEN") };
        assert_eq!(reason(&head, &list, "DECIDE"), refused, "{code}");
        assert_eq!(waits_for(&head, &list), is_heads, "{code}");
        for client in [&chair, &officer] {
            assert_eq!(reason(client, &list, "DECIDE"), Value::Null, "{code}");
            assert!(waits_for(client, &list), "{code}");
        }
        assert!(!waits_for(&world.b.sign_in(&server, Role::ProvinceChair), &list), "{code}");
    }
}

/// A title of a commune, on the list of an office that is in none.
fn what_nobody_decides_is_for_the_chair_to_reject(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let (list, _) = world.proposed(&world.a, "CULTURED_FAMILY", false);
    let list = json!(list);

    let told = handling(&chair, &list);

    assert_eq!((&told["action"], &told["roles"]), (&json!("REJECT"), &json!(["PROVINCE_CHAIR"])));
    assert!(waits_for(&chair, &list) && !waits_for(&officer, &list));
    for client in [&chair, &officer] {
        assert_eq!(reason(client, &list, "DECIDE"), "FORBIDDEN");
    }
    let _ = reject(&chair, &list).ok();
    assert_eq!(handling(&chair, &list), Value::Null);
}

fn what_is_voted_on_is_neither_rejected_nor_decided(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let assembly = Assembly::new(&server, &world, 6);
    assembly.attend(&["PRESENT"; 6]);
    let list = &assembly.submission["id"];
    let ballot = assembly.open(&json!({}));

    let body = reject(&chair, list).refused("WRONG_STATE");

    let error = &body["submissionReject"]["errors"][0];
    assert_eq!(error["path"], json!(["input", "id"]));
    let said = error["message"].as_str().unwrap();
    assert!(said.contains("vì cuộc bỏ phiếu đang mở"), "the ballot is, not the list: {said}");
    assert_eq!(reason(&chair, list, "REJECT"), "WRONG_STATE");
    let _ = step(&chair, "submissionApprove", &assembly.submission);
    for action in ["REJECT", "DECIDE"] {
        assert_eq!(reason(&chair, list, action), "WRONG_STATE", "{action}");
    }
    assert_eq!(handling(&head, list)["action"], "VOTE", "the council votes");
    assert_eq!(roles(&head, list), ["COUNCIL_SECRETARY"], "who ends the voting");
    assert!(!waits_for(&head, list) && !waits_for(&chair, list));
    assert!(waits_for(&assembly.secretary, list));
    for client in assembly.clients(&server, 5) {
        let _ = cast(&client, &ballot, "YY").ok();
    }
    let vice = presiding(&server, &world, &assembly);
    assert!(!waits_for(&vice, list), "nobody has ended the voting");
    let ended = assembly.end(&ballot);
    assert_eq!(handling(&head, list)["action"], "VOTE", "it is counted");
    assert_eq!(roles(&head, list), ["COUNCIL_MEMBER"], "who confirms");
    assert!(waits_for(&vice, list));
    for client in [&head, &chair, &assembly.secretary] {
        assert!(!waits_for(client, list), "he does not preside");
    }
    let _ = assembly.confirm(&server, &ended);
    assert_eq!(handling(&head, list)["action"], "DECIDE");
    assert!(waits_for(&head, list) && !waits_for(&assembly.secretary, list));
    let _ = reject(&chair, list).ok();
}

/// A chair of the province in the seat of a vice chair of the council.
fn presiding(server: &Server, world: &World, assembly: &Assembly) -> Client {
    let person = world.officer_and(&world.a, Role::ProvinceChair);
    let seat = json!({
        "councilId": assembly.council, "postTitle": "Phó Giám đốc", "role": "VICE",
        "organisation": "Sở Nội vụ", "validFrom": "2024-02-01",
    });
    let seat = done(&assembly.secretary, ("councilSeatCreate", "seat"), &seat)["id"].clone();
    let holder = json!({ "seatId": seat, "userId": person.id, "validFrom": "2024-02-01" });
    let _ = done(&assembly.secretary, ("seatHolderAppoint", "holder"), &holder);
    anew(server, &person)
}

/// Who presides and may read no submission finds the ballot itself: among the lists that wait for somebody there is none
/// for him.
fn who_presides_finds_what_he_is_to_confirm(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 6);
    assembly.attend(&["PRESENT"; 6]);
    let list = &assembly.submission["id"];
    let approver = world.a.sign_in(&server, Role::ProvinceChair);
    let _ = step(&approver, "submissionApprove", &assembly.submission);
    let ballot = assembly.open(&json!({}));
    let members = assembly.clients(&server, 5);
    for client in &members {
        let _ = cast(client, &ballot, "YY").ok();
    }
    let chair = &members[0];
    assert_eq!(to_confirm(chair), [Value::Null; 0], "nobody has ended the voting");

    let ended = assembly.end(&ballot);

    assert_eq!(to_confirm(chair), [ballot["id"].clone()]);
    let read = chair.run(operation::text("submission"), json!({ "id": list })).ok();
    assert_eq!(read["submission"], Value::Null, "no list is opened to him");
    assert!(!waits_for(chair, list));
    let stranger = world.b.sign_in(&server, Role::CouncilMember);
    for client in [&members[1], &assembly.secretary, &stranger] {
        assert_eq!(to_confirm(client), [Value::Null; 0], "he does not preside");
    }
    let _ = assembly.confirm(&server, &ended);
    assert_eq!(to_confirm(chair), [Value::Null; 0]);
}

/// The ballots whose end somebody is to confirm.
fn to_confirm(client: &Client) -> Vec<Value> {
    let read = client.run(operation::text("ballotsToConfirm"), json!({})).ok();
    let rows = read["ballotsToConfirm"].as_array().unwrap();
    rows.iter().map(|row| row["id"].clone()).collect()
}

fn what_was_sent_back_waits_to_be_sent_again(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    world.centralise(&world.b);
    let [secretary, officer, chair, head] =
        [Role::CouncilSecretary, Role::StandingOfficer, Role::ProvinceChair, Role::UnitHead]
            .map(|role| world.a.sign_in(&server, role));
    let central = world.b.sign_in(&server, Role::CentralOfficer);
    world.fighter(&world.a);
    let (list, nominee) = world.proposed(&world.a, "NATIONAL_EMULATION_FIGHTER", true);
    let list = json!(list);
    let draft = onward::proposal(&world, &secretary, nominee);
    let asked = onward::ask(&world, &secretary);
    onward::answer(&secretary, &asked, false);
    let sent = onward::send(&secretary, &draft, "31/TTr-UBND").ok();
    assert_eq!(handling(&officer, &list), Value::Null, "the authority above has it");
    let package = &sent["onwardSubmissionSend"]["onwardPackage"];
    let received = onward::followed(&central, package, "RECEIVE");

    let _ = onward::followed(&central, &received, "RETURN");

    assert_eq!(handling(&officer, &list)["action"], "DECIDE");
    let told = roles(&officer, &list);
    assert_eq!(told, ["PROVINCE_CHAIR", "COUNCIL_SECRETARY", "STANDING_OFFICER"]);
    for client in [&secretary, &officer, &chair] {
        assert!(waits_for(client, &list));
        assert_eq!(reason(client, &list, "DECIDE"), Value::Null);
    }
    assert_eq!(reason(&chair, &list, "REJECT"), Value::Null);
    assert!(!waits_for(&head, &list) && !waits_for(&central, &list));
    assert_eq!(reason(&head, &list, "DECIDE"), "WRONG_STATE");
    let back = onward::read(&secretary, "onwardSubmission", &draft["id"]);
    let _ = onward::send(&secretary, &back, "32/TTr-UBND").ok();
    assert_eq!(handling(&officer, &list), Value::Null, "it is above again");
    assert!(!waits_for(&officer, &list));
}

/// Two nominees of whom one is proposed above: the other is decided here, but the list is not rejected under the hands of
/// the authority.
fn what_is_above_in_part_is_not_rejected(stage: &Stage) {
    let server = stage.server();
    for is_awarded in [false, true] {
        let world = World::on(&server);
        world.centralise(&world.b);
        let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
        let chair = world.a.sign_in(&server, Role::ProvinceChair);
        let central = world.b.sign_in(&server, Role::CentralOfficer);
        let (list, nominee) = world.proposed(&world.a, "PM_CERTIFICATE", true);
        beside(&world, list);
        let list = json!(list);
        let draft = onward::proposal(&world, &secretary, nominee);
        assert_eq!(rejects(&chair, &list), [Value::Null, Value::Null], "a draft answers nothing");

        let sent = onward::send(&secretary, &draft, "41/TTr-UBND").ok();

        let package = &sent["onwardSubmissionSend"]["onwardPackage"];
        assert_eq!(handling(&chair, &list)["action"], "DECIDE", "the other one waits");
        let body = reject(&chair, &list).refused("WRONG_STATE");
        let said = body["submissionReject"]["errors"][0]["message"].as_str().unwrap();
        assert!(said.contains("đã trình cấp trên"), "{said}");
        assert_eq!(rejects(&chair, &list), ["WRONG_STATE", "WRONG_STATE"]);
        let received = onward::followed(&central, package, "RECEIVE");
        if is_awarded {
            let _ = onward::registered(&(&secretary, &central), &received);
            let _ = reject(&chair, &list).refused("WRONG_STATE");
            assert_eq!(rejects(&chair, &list), ["WRONG_STATE", "WRONG_STATE"]);
            assert_eq!(reason(&chair, &list, "DECIDE"), Value::Null);
        } else {
            let refused = json!({
                "id": received["id"], "expectedVersion": received["version"],
                "results": [{ "position": 1, "outcome": "REFUSED", "reason": "Chưa đủ" }],
            });
            let _ = run(&central, "onwardResultRecord", &refused).ok();
            assert_eq!(rejects(&chair, &list), [Value::Null, Value::Null]);
            let _ = reject(&chair, &list).ok();
        }
    }
}

/// Why a list cannot be rejected: as it is told of itself, and as a row of a page.
fn rejects(client: &Client, list: &Value) -> [Value; 2] {
    let text = "{ submissions(first: 100, where: { state: { eq: APPROVED } }) {
      nodes { id allowedActions { action reason } } } }";
    let read = client.run(text, json!({})).ok();
    let rows = read["submissions"]["nodes"].as_array().unwrap();
    let row = rows.iter().find(|row| row["id"] == *list).unwrap();
    let actions = row["allowedActions"].as_array().unwrap();
    let told = actions.iter().find(|it| it["action"] == "REJECT").unwrap();
    [reason(client, list, "REJECT"), told["reason"].clone()]
}

fn a_page_of_approved_lists_takes_what_one_takes(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    for _ in 0..20 {
        let _ = world.proposed(&world.a, "BASE_EMULATION_FIGHTER", false);
    }
    let text =
        "query($first: Int!) { submissions(first: $first, where: { state: { eq: APPROVED } }) {
      nodes { handling { action roles } allowedActions { action allowed reason } } } }";
    for role in [Role::ProvinceChair, Role::UnitHead] {
        let client = world.a.sign_in(&server, role);
        let ask = |first: usize| {
            let answer = client.run(text, json!({ "first": first }));
            let count = answer.statements();
            let rows = answer.ok()["submissions"]["nodes"].as_array().unwrap().clone();
            assert_eq!(rows.len(), first);
            assert!(rows.iter().all(|row| row["handling"]["action"] == "VOTE"), "{rows:?}");
            count
        };
        let _remembered = ask(20);

        let (two, many) = (ask(2), ask(20));

        same_statements(two, many, &format!("two rows and 20 of {role:?}"));
    }
}
