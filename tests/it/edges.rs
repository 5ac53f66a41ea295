//! Ways from what one has to what belongs to it: from a ballot back to its session, from a candidate to the nominee, from
//! a session to one's own seat, and from a change to what stands above it.

use harness::cases;
use harness::client::Client;
use harness::stage::{Case, Stage};
use harness::world::{Person, World};
use serde_json::{Value, json};

use crate::assembly::{Assembly, with};
use crate::ballot::ballot;
use crate::council::{anew, done, run};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_ballot_leads_back_to_its_item_and_session,
        everyone_finds_his_own_seat_and_line,
        attendance_is_recorded_anew_as_it_was_read,
        a_nominee_is_for_those_who_read_the_submission,
        a_change_of_seats_shows_the_council,
        a_change_of_a_session_shows_what_it_changed,
    ]
}

/// Lets someone stand in for the second member.
fn send(assembly: &Assembly, person: &Person) {
    let seat = &assembly.read(&assembly.secretary)["seats"][1];
    let input = json!({
        "id": seat["id"], "expectedVersion": seat["version"], "presence": "PRESENT",
        "substituteId": person.id, "mandate": "Giấy ủy quyền số 7",
    });
    let _ = done(&assembly.secretary, ("attendanceRecord", "seat"), &input);
}

/// Places of the rows that are the caller's own.
fn mine(rows: &Value) -> Vec<usize> {
    let rows = rows.as_array().unwrap().iter().enumerate();
    rows.filter(|(_, row)| row["isMine"] == true).map(|(place, _)| place).collect()
}

fn a_ballot_leads_back_to_its_item_and_session(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 6);
    assembly.attend(&["PRESENT"; 6]);
    let opened = assembly.open(&json!({}));

    let seen = ballot(&assembly.member(&server, 1), &opened["id"]);

    assert_eq!((&seen["item"]["id"], &seen["itemId"]), (&assembly.item, &assembly.item));
    assert_eq!(seen["item"]["kind"], "AWARD_LIST");
    assert_eq!(seen["session"]["id"], assembly.session);
    assert_eq!(seen["session"]["state"], "OPEN", "{seen}");
}

fn everyone_finds_his_own_seat_and_line(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 6);
    let person = world.people(&world.a, 1).remove(0);
    assembly.attend(&["PRESENT"; 6]);
    send(&assembly, &person);
    let opened = assembly.open(&json!({}));
    let own = |client: &Client| {
        let seats = mine(&assembly.read(client)["seats"]);
        (seats, mine(&ballot(client, &opened["id"])["roll"]))
    };

    let none: Vec<usize> = vec![];
    assert_eq!(own(&assembly.member(&server, 2)), (vec![2], vec![2]));
    assert_eq!(own(&anew(&server, &person)), (vec![1], vec![1]), "he votes as the member");
    assert_eq!(own(&assembly.member(&server, 1)), (vec![1], none.clone()), "the seat is his own");
    assert_eq!(own(&assembly.secretary), (none.clone(), none));
}

fn attendance_is_recorded_anew_as_it_was_read(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 4);
    let person = world.people(&world.a, 1).remove(0);
    send(&assembly, &person);

    let read = assembly.read(&assembly.secretary)["seats"][1].clone();
    assert_eq!(read["substitute"]["id"], json!(person.id), "{read}");
    let again = json!({
        "id": read["id"], "expectedVersion": read["version"], "presence": read["presence"],
        "onPaper": true, "substituteId": read["substitute"]["id"], "mandate": read["mandate"],
    });
    let _ = done(&assembly.secretary, ("attendanceRecord", "seat"), &again);

    let kept = assembly.read(&assembly.secretary)["seats"][1].clone();
    assert_eq!(
        (&kept["substitute"], &kept["onPaper"]),
        (&read["substitute"], &json!(true)),
        "{kept}"
    );
    let told = assembly.read(&assembly.member(&server, 2))["seats"][1].clone();
    assert_eq!(told["substitute"], Value::Null, "a member does not read users");
    assert_eq!(told["substituteName"], kept["substituteName"]);
}

fn a_nominee_is_for_those_who_read_the_submission(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 4);
    let candidate = |client: &Client| assembly.read(client)["items"][1]["candidates"][0].clone();

    let seen = candidate(&assembly.secretary);
    assert_eq!(seen["nominee"]["id"], assembly.submission["nominees"][0]["id"], "{seen}");
    assert_eq!(seen["nominee"]["submission"]["id"], assembly.submission["id"]);
    let told = candidate(&assembly.member(&server, 1));

    assert_eq!(told["nominee"], Value::Null, "the submission is of another office");
    assert_eq!(told["name"], seen["name"]);
}

fn a_change_of_seats_shows_the_council(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 4);
    let change =
        |field: &str, input: &Value| run(&assembly.secretary, field, input).ok()[field].clone();
    let new = json!({
        "councilId": assembly.council, "postTitle": "Giám đốc khác", "role": "MEMBER",
        "organisation": "Sở khác", "validFrom": "2024-02-01",
    });

    let made = change("councilSeatCreate", &new);
    assert_eq!(made["council"]["id"], assembly.council);
    assert_eq!(made["council"]["seats"][4]["id"], made["seat"]["id"], "{made}");
    let seat = &made["seat"]["id"];
    let person = world.people(&world.a, 1).remove(0);
    let holder = json!({ "seatId": seat, "userId": person.id, "validFrom": "2024-02-01" });
    let held = change("seatHolderAppoint", &holder);
    assert_eq!(held["seat"]["holder"]["id"], held["holder"]["id"], "{held}");
    let end = json!({
        "id": held["holder"]["id"], "expectedVersion": 1, "validTo": "2025-12-31",
        "reason": "Nghỉ hưu",
    });
    let ended = change("seatHolderEnd", &end);
    assert_eq!((&ended["seat"]["id"], &ended["seat"]["holder"]), (seat, &Value::Null), "{ended}");
    assert_eq!(ended["seat"]["holders"][0]["validTo"], "2025-12-31");
    let close = json!({
        "id": seat, "expectedVersion": made["seat"]["version"], "validTo": "2025-12-31",
        "reason": "Kiện toàn",
    });
    let closed = change("councilSeatClose", &close);
    assert_eq!(closed["council"]["seats"].as_array().unwrap().len(), 4, "{closed}");
}

fn a_change_of_a_session_shows_what_it_changed(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 6);
    let change =
        |field: &str, input: &Value| run(&assembly.secretary, field, input).ok()[field].clone();

    let item = json!({ "kind": "REPORT", "title": "Báo cáo bổ sung" });
    let added = change("agendaItemAdd", &json!({ "sessionId": assembly.session, "item": item }));
    assert_eq!(added["session"]["id"], assembly.session);
    assert_eq!(added["session"]["items"][2]["id"], added["item"]["id"], "{added}");
    let tie = json!({
        "itemId": assembly.item, "seatId": assembly.seats[2], "reason": "Anh em ruột",
    });
    let declared = change("tieDeclare", &tie);
    assert_eq!(declared["item"]["id"], assembly.item);
    assert_eq!(declared["item"]["ties"][0]["seatId"], assembly.seats[2], "{declared}");
    let again = run(&assembly.secretary, "tieDeclare", &tie).refused("ALREADY_EXISTS");
    assert_eq!(again["tieDeclare"]["item"], Value::Null, "nothing was changed");

    assembly.attend(&["PRESENT", "PRESENT", "PRESENT", "PRESENT", "PAPER", "PRESENT"]);
    let opened = assembly.open(&json!({}));
    let votes: Vec<Value> = opened["candidates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| json!({ "candidateId": row["id"], "yes": 1, "no": 0, "abstain": 0 }))
        .collect();
    let count = json!({
        "id": opened["id"], "issued": 1, "returned": 1, "missing": 0, "valid": 1, "invalid": 0,
    });
    let _ = assembly.end(&opened);
    let counted = change("ballotPaperCountEnter", &with(count, &json!({ "votes": votes })));
    assert_eq!(counted["ballot"]["id"], opened["id"]);
    let counts = counted["ballot"]["paperCounts"].as_array().unwrap();
    assert_eq!(*counts, [counted["count"].clone()], "{counted}");
}
