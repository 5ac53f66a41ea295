//! Whom an agenda names: an award list somebody, and nobody on two items of a session, nor on the agendas of two planned
//! sessions of one council.

use entity::role_grant::Role;
use harness::cases;
use harness::client::Client;
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::{Value, json};

use crate::assembly::nominated;
use crate::council::{done, run};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        an_award_list_names_somebody,
        nobody_waits_for_two_sessions_of_one_council,
        nobody_stands_on_two_items_of_one_session,
        what_has_sat_or_is_cancelled_frees_who_was_on_it,
    ]
}

fn plan(council: &Value, items: &Value) -> Value {
    json!({
        "councilId": council, "year": 2026, "title": "Kỳ họp thường kỳ", "plannedOn": "2026-12-01",
        "items": items,
    })
}

fn award_list(nominees: &[&Value]) -> Value {
    json!({ "kind": "AWARD_LIST", "title": "Danh sách", "nomineeIds": nominees })
}

/// The nominees of a list, and a council of the world before which it is put.
fn before_the_board(world: &World, nominees: &Value) -> (Value, Vec<Value>) {
    let rows = nominees["nominees"].as_array().unwrap();
    (json!(world.a.board.id), rows.iter().map(|row| row["id"].clone()).collect())
}

fn error<'a>(body: &'a Value, field: &str) -> &'a Value {
    &body[field]["errors"][0]
}

fn an_award_list_names_somebody(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let board = json!(world.a.board.id);
    let items = json!([{ "kind": "REPORT", "title": "Báo cáo" }, award_list(&[])]);

    let body = run(&secretary, "sessionPlan", &plan(&board, &items)).refused("NO_NOMINEE");

    let told = error(&body, "sessionPlan");
    assert_eq!(told["path"], json!(["input", "items", "1", "nomineeIds"]), "{told}");
    assert!(told["message"].as_str().unwrap().contains("chương trình họp"), "{told}");
    let add = json!({ "sessionId": world.a.board.sitting, "item": award_list(&[]) });
    let body = run(&secretary, "agendaItemAdd", &add).refused("NO_NOMINEE");
    let told = error(&body, "agendaItemAdd");
    assert_eq!(told["path"], json!(["input", "item", "nomineeIds"]), "{told}");
}

fn nobody_waits_for_two_sessions_of_one_council(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let code = "BASE_EMULATION_FIGHTER";
    let people = [("Lò Văn Một (mẫu)", code), ("Giàng Thị Hai (mẫu)", code)];
    let (board, ids) = before_the_board(&world, &nominated(&server, &world, &people));
    let first = plan(&board, &json!([award_list(&[&ids[0]])]));
    let first = done(&secretary, ("sessionPlan", "session"), &first);
    let both = json!([award_list(&[&ids[1], &ids[0]])]);

    let body = run(&secretary, "sessionPlan", &plan(&board, &both)).refused("ALREADY_EXISTS");

    let told = error(&body, "sessionPlan");
    assert_eq!(told["path"], json!(["input", "items", "0", "nomineeIds", "1"]), "{told}");
    let said = told["message"].as_str().unwrap();
    let number = format!("{}/2026", first["number"]);
    for part in ["Lò Văn Một (mẫu)", number.as_str(), "2026-12-01"] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let add = json!({ "sessionId": world.a.board.sitting, "item": both[0] });
    let body = run(&secretary, "agendaItemAdd", &add).refused("ALREADY_EXISTS");
    let told = error(&body, "agendaItemAdd");
    assert_eq!(told["path"], json!(["input", "item", "nomineeIds", "1"]), "{told}");
    // Another session may name somebody else.
    let other = json!([award_list(&[&ids[1]])]);
    let _ = done(&secretary, ("sessionPlan", "session"), &plan(&board, &other));
}

fn nobody_stands_on_two_items_of_one_session(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let code = "BASE_EMULATION_FIGHTER";
    let people = [("Lò Văn Một (mẫu)", code), ("Giàng Thị Hai (mẫu)", code)];
    let (board, ids) = before_the_board(&world, &nominated(&server, &world, &people));
    let twice = json!([award_list(&[&ids[0], &ids[1]]), award_list(&[&ids[1]])]);

    let body = run(&secretary, "sessionPlan", &plan(&board, &twice)).refused("ALREADY_EXISTS");

    let told = error(&body, "sessionPlan");
    assert_eq!(told["path"], json!(["input", "items", "1", "nomineeIds", "0"]), "{told}");
    assert!(told["message"].as_str().unwrap().contains("Giàng Thị Hai (mẫu)"), "{told}");
    let apart = json!([award_list(&[&ids[0]])]);
    let first = done(&secretary, ("sessionPlan", "session"), &plan(&board, &apart));
    let again = json!({ "sessionId": first["id"], "item": award_list(&[&ids[0]]) });
    let body = run(&secretary, "agendaItemAdd", &again).refused("ALREADY_EXISTS");
    let told = error(&body, "agendaItemAdd");
    assert_eq!(told["path"], json!(["input", "item", "nomineeIds", "0"]), "{told}");
    let other = json!({ "sessionId": first["id"], "item": award_list(&[&ids[1]]) });
    let _ = done(&secretary, ("agendaItemAdd", "item"), &other);
}

fn what_has_sat_or_is_cancelled_frees_who_was_on_it(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let people = [("Lò Văn Một (mẫu)", "BASE_EMULATION_FIGHTER")];
    let (board, ids) = before_the_board(&world, &nominated(&server, &world, &people));
    let item = json!([award_list(&[&ids[0]])]);
    let planned = |client: &Client| done(client, ("sessionPlan", "session"), &plan(&board, &item));

    let first = planned(&secretary);
    let off = json!({ "id": first["id"], "expectedVersion": 1, "reason": "Hoãn do bão lũ" });
    let _ = done(&secretary, ("sessionCancel", "session"), &off);
    let second = planned(&secretary);
    for (field, version) in [("sessionOpen", 1), ("sessionClose", 2)] {
        let step = json!({ "id": second["id"], "expectedVersion": version });
        let _ = done(&secretary, (field, "session"), &step);
    }

    let third = planned(&secretary);

    assert_eq!(third["items"][0]["candidates"][0]["name"], "Lò Văn Một (mẫu)", "{third}");
}
