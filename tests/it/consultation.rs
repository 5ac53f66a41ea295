//! Members who answer in writing: without a meeting their answers are the quorum, nobody waits for those who cannot answer
//! any more, and the minutes say who has.

use chrono::TimeDelta;
use harness::cases;
use harness::server::Server;
use harness::stage::{Case, Stage};
use harness::world::{World, now};
use serde_json::{Value, json};

use crate::assembly::{Assembly, cast, nominated, with};
use crate::ballot::ballot;
use crate::council::{done, run};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        one_answer_of_nine_passes_nothing,
        a_vote_that_counts_is_no_absence,
        who_is_there_and_silent_is_no_answer,
        nobody_waits_for_who_cannot_write_any_more,
        no_reason_ends_what_was_promised,
    ]
}

const LABOURER: &str = "ADVANCED_LABOURER";

/// Until tomorrow.
fn a_day() -> Value {
    json!({ "cutOffAt": (now() + TimeDelta::hours(24)).to_rfc3339() })
}

/// Lets the time for written opinions be over.
pub(crate) fn over(world: &World, ballot: &Value) {
    let id = api::scalar::decode(ballot["id"].as_str().unwrap()).unwrap().1;
    let ground = &world.ground;
    let key = if ground.is_postgres() { format!("'{id}'") } else { format!("X'{}'", id.simple()) };
    ground.query(&format!("UPDATE ballot SET cut_off_at = opened_at WHERE id = {key}")).unwrap();
}

/// The regulation of the council: the share is of the votes cast.
fn of_votes_cast(assembly: &Assembly) {
    let rule = json!({
        "councilId": assembly.council, "base": "CAST", "validFrom": "2024-02-01",
        "citation": "Quy chế hoạt động của Hội đồng, Điều 8",
    });
    let _ = done(&assembly.secretary, ("ballotRuleSet", "rule"), &rule);
}

fn outcomes(ballot: &Value) -> Vec<Value> {
    ballot["results"].as_array().unwrap().iter().map(|row| row["outcome"].clone()).collect()
}

fn one_answer_of_nine_passes_nothing(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let mut assembly = Assembly::new(&server, &world, 9);
    of_votes_cast(&assembly);
    let people = [("Lò Văn Một (mẫu)", LABOURER), ("Giàng Thị Hai (mẫu)", LABOURER)];
    assembly.ask_in_writing(nominated(&server, &world, &people));
    assembly.attend(&["WRITTEN"; 9]);
    let opened = assembly.open(&a_day());
    let _ = cast(&assembly.member(&server, 1), &opened, "YY").ok();
    let step = json!({ "id": opened["id"], "expectedVersion": 1 });
    let _ = run(&assembly.secretary, "ballotClose", &step).refused("OPINIONS_OUTSTANDING");
    over(&world, &opened);

    let closed = assembly.close(&server, &opened);

    assert_eq!(outcomes(&closed), ["FAILED", "FAILED"], "one of nine: {closed}");
    let result = &closed["results"][0];
    assert_eq!(result["base"], 0, "there is nothing it is a share of: {closed}");
    let words = result["words"].as_str().unwrap();
    assert!(words.contains("chưa đủ số thành viên có ý kiến"), "it says why: {words}");
    let minutes = assembly.read(&assembly.secretary)["minutes"].as_str().unwrap().to_owned();
    let held = api::access::today(now()).format("%d/%m/%Y");
    for said in [
        format!("Ngày: {held}."),
        "vắng mặt có ý kiến bằng văn bản: 1.".to_owned(),
        "Giám đốc 1: vắng, có ý kiến bằng văn bản được tính vào kết quả bỏ phiếu\n".to_owned(),
        "Giám đốc 2: vắng, chưa có ý kiến bằng văn bản\n".to_owned(),
        // He has a conflict of interest and was asked nothing.
        "Giám đốc 8: vắng\n".to_owned(),
        "8 người được bỏ phiếu, 1 người đã bỏ phiếu".to_owned(),
        words.to_owned(),
    ] {
        assert!(minutes.contains(&said), "{said} in {minutes}");
    }

    // Five answers and the one who is recused are six of nine.
    let again = json!({ "reconsidersId": opened["id"], "reason": "Chưa đủ ý kiến" });
    let again = ended_without_three(&server, &assembly, &assembly.open(&again));
    assert_eq!(outcomes(&again), ["PASSED", "FAILED"], "{again}");
    assert_eq!(again["results"][0]["base"], 5);
    let minutes = assembly.read(&assembly.secretary)["minutes"].as_str().unwrap().to_owned();
    let why = format!("Lý do kết thúc bỏ phiếu: {}", again["closeReason"].as_str().unwrap());
    assert!(minutes.contains(&why), "{why} in {minutes}");
    assert_eq!(minutes.matches("Lý do kết thúc").count(), 1, "the first ended at its cut-off");
}

/// Who has voted and is recorded as away since: his vote counts, and the minutes do not call him merely absent.
fn a_vote_that_counts_is_no_absence(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 6);
    assembly.attend(&["PRESENT", "PRESENT", "PRESENT", "PRESENT", "WRITTEN", "PRESENT"]);
    let opened = assembly.open(&json!({}));
    for client in assembly.clients(&server, 5) {
        let _ = cast(&client, &opened, "YY").ok();
    }
    for place in [3, 4] {
        let seat = assembly.read(&assembly.secretary)["seats"][place].clone();
        let away =
            json!({ "id": seat["id"], "expectedVersion": seat["version"], "presence": "ABSENT" });
        let _ = done(&assembly.secretary, ("attendanceRecord", "seat"), &away);
    }

    let closed = assembly.close(&server, &opened);

    assert_eq!(closed["results"][0]["yes"], 5, "{closed}");
    let minutes = assembly.read(&assembly.secretary)["minutes"].as_str().unwrap().to_owned();
    for said in [
        "dự họp: 4/6; vắng mặt có ý kiến bằng văn bản: 1; đã dự bỏ phiếu, sau đó vắng: 1.",
        "Giám đốc 3: đã dự bỏ phiếu, sau đó vắng\n",
        "Giám đốc 4: vắng, có ý kiến bằng văn bản được tính vào kết quả bỏ phiếu\n",
    ] {
        assert!(minutes.contains(said), "{said} in {minutes}");
    }
}

/// Five of eight answer where no cut-off was told: it ends with the reason why nobody waits for the others, and the trail
/// keeps it.
fn ended_without_three(server: &Server, assembly: &Assembly, opened: &Value) -> Value {
    for client in assembly.clients(server, 5) {
        let _ = cast(&client, opened, "YN").ok();
    }
    let step = json!({ "id": opened["id"], "expectedVersion": opened["version"] });
    let blank = with(step.clone(), &json!({ "reason": " " }));
    for input in [&step, &blank] {
        let refused = run(&assembly.secretary, "ballotClose", input);
        let refused = refused.refused("OPINIONS_OUTSTANDING");
        let said = refused["ballotClose"]["errors"][0]["message"].as_str().unwrap();
        assert!(said.contains("còn 3 thành viên") && said.contains("nêu lý do"), "{said}");
    }
    let why = "Ba thành viên đi công tác dài ngày";
    let explained = with(step, &json!({ "reason": why }));
    let waits = done(&assembly.secretary, ("ballotClose", "ballot"), &explained);
    let trail = "query($id: ID!) {
      auditEvents(where: { objectId: $id }) { nodes { action reason } } }";
    let trail = assembly.secretary.run(trail, json!({ "id": opened["id"] })).ok();
    let trail = &trail["auditEvents"]["nodes"];
    let is_kept = |row: &Value| row["reason"] == why;
    assert_eq!(waits["closeReason"], why, "{waits}");
    assert!(trail.as_array().unwrap().iter().any(is_kept), "{trail}");
    assembly.confirm(server, &waits)
}

/// A cut-off that was told is kept: no reason ends a ballot before it.
fn no_reason_ends_what_was_promised(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 6);
    assembly.attend(&["PRESENT", "PRESENT", "PRESENT", "PRESENT", "WRITTEN", "PRESENT"]);
    let opened = assembly.open(&a_day());
    let step = json!({ "id": opened["id"], "expectedVersion": 1, "reason": "Không chờ nữa" });
    let _ = run(&assembly.secretary, "ballotClose", &step).refused("OPINIONS_OUTSTANDING");
}

/// Where nobody meets, who is recorded as present is asked like the others.
fn who_is_there_and_silent_is_no_answer(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let mut assembly = Assembly::new(&server, &world, 6);
    assembly.ask_in_writing(nominated(&server, &world, &[("Lò Văn Một (mẫu)", LABOURER)]));
    assembly.attend(&["PRESENT"; 6]);
    let opened = assembly.open(&a_day());
    let _ = cast(&assembly.member(&server, 0), &opened, "Y").ok();
    let step = json!({ "id": opened["id"], "expectedVersion": 1 });

    let refused = run(&assembly.secretary, "ballotClose", &step).refused("NO_QUORUM");

    let said = refused["ballotClose"]["errors"][0]["message"].as_str().unwrap();
    assert!(said.contains("2/6") && said.contains('4'), "one vote, one recused: {said}");
    assert_eq!(ballot(&assembly.secretary, &opened["id"])["state"], "OPEN");
    for place in [1, 2] {
        let _ = cast(&assembly.member(&server, place), &opened, "Y").ok();
    }
    let closed = assembly.close(&server, &opened);
    assert_eq!(outcomes(&closed), ["FAILED"], "three of six are not more than half: {closed}");
    assert_eq!(closed["results"][0]["base"], 6, "it failed by votes: {closed}");
}

fn nobody_waits_for_who_cannot_write_any_more(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 6);
    let secretary = &assembly.secretary;
    assembly.attend(&["PRESENT", "PRESENT", "PRESENT", "WRITTEN", "WRITTEN", "PRESENT"]);
    let far = json!({ "itemId": assembly.item, "cutOffAt": "2126-01-01T00:00:00Z" });
    let refused = run(secretary, "ballotOpen", &far).refused("OUT_OF_RANGE");
    let said = refused["ballotOpen"]["errors"][0]["message"].as_str().unwrap();
    let last = api::access::today(now() + TimeDelta::days(30)).to_string();
    assert!(said.contains(&last) && said.contains("(UTC+7)"), "as a clock in Vietnam: {said}");
    let opened = assembly.open(&a_day());
    let step = json!({ "id": opened["id"], "expectedVersion": 1 });
    let end = || run(secretary, "ballotClose", &step);
    let _ = end().refused("OPINIONS_OUTSTANDING");

    let shut = json!({
        "id": assembly.seats[3], "expectedVersion": 1, "validTo": "2026-01-31",
        "reason": "Thôi giữ chức vụ",
    });
    let _ = done(secretary, ("councilSeatClose", "seat"), &shut);
    let _ = end().refused("OPINIONS_OUTSTANDING");
    let seat = assembly.read(secretary)["seats"][4].clone();
    let away = json!({
        "id": seat["id"], "expectedVersion": seat["version"], "presence": "ABSENT",
    });
    let _ = done(secretary, ("attendanceRecord", "seat"), &away);

    let closed = assembly.close(&server, &opened);
    assert_eq!(closed["state"], "CLOSED", "{closed}");
}
