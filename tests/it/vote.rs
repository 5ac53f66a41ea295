//! What a vote of a council is worth later: on whom it was, in which round, for how many places, and who decides after it.

use entity::role_grant::Role;
use harness::cases;
use harness::client::Client;
use harness::server::Server;
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::{Value, json};

use crate::assembly::{Assembly, cast, nominated, today, with};
use crate::council::{anew, done, run};
use crate::operation;
use crate::workflow::{appraised, decision, step};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_regulation_begins_below_no_law_to_come,
        few_paper_ballots_are_not_told_by_the_list,
        who_was_swapped_was_not_voted_on,
        places_are_those_of_the_item,
        the_chair_decides_between_equals,
        after_the_last_round_the_one_who_decides_may,
        a_share_of_the_law_is_set_aside_by_a_regulation_alone,
        another_session_is_no_other_chance,
        who_stands_in_has_one_vote_and_his_own_ties,
        a_closed_seat_speaks_no_more,
        members_are_asked_in_writing,
    ]
}

/// Everyone but the last member, whose unit is that of the nominees, votes.
pub(crate) fn voted(
    server: &Server,
    assembly: &Assembly,
    (item, more): (&Value, &Value),
    words: &[&str],
) -> Value {
    let input = with(json!({ "itemId": item }), more);
    let ballot = done(&assembly.secretary, ("ballotOpen", "ballot"), &input);
    for (client, letters) in assembly.clients(server, words.len()).iter().zip(words) {
        let _ = cast(client, &ballot, letters).ok();
    }
    assembly.close(server, &ballot)
}

fn outcomes(ballot: &Value) -> Vec<Value> {
    ballot["results"].as_array().unwrap().iter().map(|row| row["outcome"].clone()).collect()
}

/// Another list of the session with the same nominees, for so many places: the first one is put off.
pub(crate) fn list(assembly: &Assembly, places: i32) -> Value {
    let off = json!({ "id": assembly.item, "expectedVersion": 1, "outcome": "DEFERRED" });
    let _ = done(&assembly.secretary, ("agendaItemConclude", "item"), &off);
    let nominees = assembly.submission["nominees"].as_array().unwrap().iter();
    let nominees: Vec<&Value> = nominees.map(|row| &row["id"]).collect();
    let input = json!({
        "sessionId": assembly.session,
        "item": {
            "kind": "AWARD_LIST", "title": "Danh sách có chỉ tiêu", "places": places,
            "nomineeIds": nominees,
        },
    });
    done(&assembly.secretary, ("agendaItemAdd", "item"), &input)
}

fn a_regulation_begins_below_no_law_to_come(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let rule = |more: Value| {
        let input = json!({
            "councilId": world.a.board.id, "citation": "Quy chế, Điều 5", "validFrom": "2024-02-01",
        });
        run(&secretary, "ballotRuleSet", &with(input, &more))
    };
    let fighter = "PROVINCIAL_EMULATION_FIGHTER";
    let early = json!({
        "awardCode": fighter, "validFrom": "2023-06-01",
        "threshold": { "numerator": 1, "denominator": 1000 },
    });
    let refused = rule(early).refused("RULE_BELOW_FLOOR");
    let said = refused["ballotRuleSet"]["errors"][0]["message"].as_str().unwrap().to_owned();
    assert!(said.contains("98/2023"), "{said}");
    let silent = json!({ "awardCode": fighter, "absentee": "DOES_NOT_VOTE" });
    let _ = rule(silent).refused("RULE_BELOW_FLOOR");
    for code in [fighter, "BASE_EMULATION_FIGHTER", "PROVINCIAL_EMULATION_FLAG"] {
        let open = json!({ "awardCode": code, "secrecy": "OPEN" });
        let _ = rule(open).refused("RULE_BELOW_FLOOR");
    }
    let all = json!({ "threshold": { "numerator": 1, "denominator": 1 } });
    let more =
        with(all.clone(), &json!({ "awardCode": "ORDER_LABOUR_3", "comparison": "MORE_THAN" }));
    let _ = rule(more).refused("INVALID_COMBINATION");
    let set = rule(with(all, &json!({ "awardCode": "ORDER_LABOUR_3" }))).ok();
    assert_eq!(set["ballotRuleSet"]["rule"]["comparison"], "AT_LEAST", "{set}");
}

fn few_paper_ballots_are_not_told_by_the_list(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 8);
    let mut how = ["PRESENT"; 8];
    how[6] = "PAPER";
    assembly.attend(&how);
    let ballot = assembly.open(&json!({}));
    for client in assembly.clients(&server, 6) {
        let _ = cast(&client, &ballot, "YY").ok();
    }
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let votes: Vec<Value> = ballot["candidates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| json!({ "candidateId": row["id"], "yes": 0, "no": 1, "abstain": 0 }))
        .collect();
    let count = json!({
        "id": ballot["id"], "issued": 1, "returned": 1, "missing": 0, "valid": 1, "invalid": 0,
        "votes": votes,
    });
    let _ = run(&officer, "ballotPaperCountEnter", &count).refused("WRONG_STATE");
    let waits = assembly.end(&ballot);
    for client in [&officer, &assembly.secretary] {
        let _ = done(client, ("ballotPaperCountEnter", "count"), &count);
    }

    let closed = assembly.confirm(&server, &waits);

    assert_eq!(closed["results"][0]["no"], 1, "seven ballots are enough for the numbers: {closed}");
    let list =
        assembly.secretary.run(operation::text("ballotRecount"), json!({ "id": ballot["id"] }));
    let list = list.ok()["ballotRecount"].clone();
    let listed = list["listed"].as_array().unwrap();
    assert_eq!(list["isWithheld"], true, "{list}");
    assert!(listed.len() == 6 && listed.iter().all(|one| one["choices"] == json!([])), "{list}");
    let lines = list["lines"].as_array().unwrap();
    assert!(lines.len() == 2 && lines.iter().all(|line| line["yes"].is_null()), "{list}");
}

/// The people who take a submission to a decision.
struct Path {
    office: Client,
    officer: Client,
    chair: Client,
    head: Client,
}

impl Path {
    fn new(server: &Server, world: &World) -> Self {
        let sign_in = |role| world.a.sign_in(server, role);
        Self {
            office: sign_in(Role::UnitOfficer),
            officer: sign_in(Role::StandingOfficer),
            chair: sign_in(Role::ProvinceChair),
            head: sign_in(Role::UnitHead),
        }
    }
}

fn who_was_swapped_was_not_voted_on(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 6);
    let path = Path::new(&server, &world);
    let submission = appraised(&server, &world, &assembly.submission);
    assembly.attend(&["PRESENT"; 6]);
    let closed = voted(&server, &assembly, (&assembly.item, &json!({})), &["YY"; 5]);
    assert_eq!(outcomes(&closed), ["PASSED", "PASSED"]);

    let back = json!({
        "id": submission["id"], "expectedVersion": submission["version"], "reason": "Sai tên",
    });
    let _ = done(&path.officer, ("submissionReturn", "submission"), &back);
    let read = |client: &Client| {
        let id = json!({ "id": submission["id"] });
        client.run(operation::text("submission"), id).ok()["submission"].clone()
    };
    let first = read(&path.office)["nominees"][0].clone();
    let other = json!({
        "id": first["id"], "expectedVersion": first["version"], "name": "Người khác hẳn (mẫu)",
    });
    let _ = done(&path.office, ("nomineeUpdate", "nominee"), &other);
    let again = appraised(&server, &world, &read(&path.office));
    let approved = step(&path.chair, "submissionApprove", &again);

    let refused = run(&path.head, "decisionIssue", &decision(&world, &approved));

    let said = refused.refused("VOTE_MISSING")["decisionIssue"]["errors"][0]["message"].clone();
    assert!(said.as_str().unwrap().contains("Người khác hẳn"), "{said}");
}

fn places_are_those_of_the_item(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 6);
    assembly.attend(&["PRESENT"; 6]);
    let item = list(&assembly, 1);
    let one = |place: usize| json!({ "candidateIds": [item["candidates"][place]["id"]] });

    let first = voted(&server, &assembly, (&item["id"], &one(0)), &["Y"; 5]);
    let second = voted(&server, &assembly, (&item["id"], &one(1)), &["Y"; 5]);

    assert_eq!(outcomes(&first), ["PASSED"]);
    assert_eq!(outcomes(&second), ["OVER_QUOTA"], "the place is taken: {second}");
    let past = json!({ "itemId": assembly.item, "cutOffAt": "2026-01-01T00:00:00Z" });
    let _ = run(&assembly.secretary, "ballotOpen", &past).refused("OUT_OF_RANGE");
}

fn the_chair_decides_between_equals(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 6);
    let path = Path::new(&server, &world);
    assembly.attend(&["PRESENT"; 6]);
    let item = list(&assembly, 1);
    let submission = appraised(&server, &world, &assembly.submission);
    let closed = voted(&server, &assembly, (&item["id"], &json!({})), &["YY"; 5]);
    assert_eq!(outcomes(&closed), ["TIED", "TIED"], "{closed}");
    let approved = step(&path.chair, "submissionApprove", &submission);
    let issue = decision(&world, &approved);
    let waits = run(&path.head, "decisionIssue", &issue).refused("TIE_UNDECIDED");
    let said = waits["decisionIssue"]["errors"][0]["message"].as_str().unwrap().to_owned();
    assert!(said.contains("Lò Văn Một"), "{said}");

    let decide = |place: usize, is_taken: bool| {
        json!({
            "id": closed["candidates"][place]["id"], "isTaken": is_taken,
            "reason": "Thành tích nổi trội hơn",
        })
    };
    let member = assembly.member(&server, 1);
    let _ = run(&member, "ballotTieDecide", &decide(0, true)).refused("FORBIDDEN");
    let chair = assembly.member(&server, 0);
    let key = json!({ "idempotencyKey": "tie-1" });
    let first = with(decide(0, true), &key);
    let taken = done(&chair, ("ballotTieDecide", "decision"), &first);
    assert_eq!(taken, done(&chair, ("ballotTieDecide", "decision"), &first), "a repeated request");
    let of = done(&chair, ("ballotTieDecide", "ballot"), &first);
    assert_eq!(
        (&of["id"], &of["results"][0]["tieDecision"]["isTaken"]),
        (&closed["id"], &json!(true))
    );
    let again = run(&chair, "ballotTieDecide", &decide(0, false)).refused("ALREADY_EXISTS");
    let told = again["ballotTieDecide"]["errors"][0]["message"].as_str().unwrap();
    assert!(told.contains("Chủ tịch đã quyết định"), "{told}");
    let full = run(&chair, "ballotTieDecide", &decide(1, true)).refused("WRONG_STATE");
    let said = full["ballotTieDecide"]["errors"][0]["message"].as_str().unwrap();
    assert!(said.contains("đã hết chỗ"), "{said}");
    let _ = done(&chair, ("ballotTieDecide", "decision"), &decide(1, false));
    let read = chair.run(operation::text("ballot"), json!({ "id": closed["id"] })).ok();
    let shown = &read["ballot"]["results"][0];
    assert_eq!(
        (&shown["outcome"], &shown["tieDecision"]["isTaken"]),
        (&json!("TIED"), &json!(true))
    );

    let issued = done(&path.head, ("decisionIssue", "decision"), &issue);

    let awards = issued["awards"].as_array().unwrap();
    assert_eq!(awards.len(), 1, "{issued}");
    assert_eq!(awards[0]["subjectName"], "Lò Văn Một (mẫu)");
}

#[expect(clippy::too_many_lines, reason = "one story from beginning to end")]
fn after_the_last_round_the_one_who_decides_may(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let mut assembly = Assembly::new(&server, &world, 6);
    let letter = "LETTER_DEPARTMENT";
    let list = [("Lò Văn Ba (mẫu)", letter), ("Giàng Thị Tư (mẫu)", letter)];
    assembly.sit_on(nominated(&server, &world, &list));
    let path = Path::new(&server, &world);
    let submission = appraised(&server, &world, &assembly.submission);
    assembly.attend(&["PRESENT"; 6]);
    let first = voted(&server, &assembly, (&assembly.item, &json!({})), &["NY"; 5]);
    assert_eq!(outcomes(&first), ["FAILED", "PASSED"]);
    let approved = step(&path.chair, "submissionApprove", &submission);
    let nominee = &assembly.submission["nominees"][0]["id"];
    let choice = json!({
        "authorityChoices": [{ "nomineeId": nominee, "reason": "Thành tích đột xuất" }],
    });
    let issue = decision(&world, &approved);
    let early = run(&path.head, "decisionIssue", &with(issue.clone(), &choice));
    let _ = early.refused("WRONG_STATE");
    let again = json!({
        "candidateIds": [assembly.candidates[0]], "reconsidersId": first["id"],
        "reason": "Có tài liệu mới",
    });
    let second = voted(&server, &assembly, (&assembly.item, &again), &["N"; 5]);
    assert_eq!((outcomes(&second), &second["round"]), (vec![json!("FAILED")], &json!(2)));
    let title = |code: &str| {
        let query =
            "query($code: String!) { awardTypes(where: { code: { eq: $code } }) { nodes { id } } }";
        let found = path.head.run(query, json!({ "code": code })).ok();
        found["awardTypes"]["nodes"][0]["id"].clone()
    };
    for code in ["PROVINCIAL_EMULATION_FIGHTER", "ORDER_LABOUR_1"] {
        let other = json!({
            "id": assembly.candidates[0], "awardTypeId": title(code), "reason": "Chưa đủ phiếu",
        });
        let refused = run(&assembly.secretary, "candidateDowngrade", &other);
        let _ = refused.refused("INVALID_COMBINATION");
    }
    let yesterday = json!({ "paper": { "symbol": "QĐ-VP", "decidedOn": "2026-01-02" } });
    let old = run(&path.head, "decisionIssue", &with(issue.clone(), &yesterday));
    assert_eq!(
        old.refused("OUT_OF_RANGE")["decisionIssue"]["errors"][0]["path"],
        json!(["input", "paper", "decidedOn"])
    );

    let issued = done(&path.head, ("decisionIssue", "decision"), &with(issue, &choice));

    assert_eq!(issued["awards"].as_array().unwrap().len(), 2, "{issued}");
    let grounds = issued["legalBasis"].to_string();
    assert!(grounds.contains("vòng 2") && grounds.contains("Thành tích đột xuất"), "{grounds}");
    // What is decided is not voted on again, and an act on an award is not older than the award.
    let late = json!({
        "itemId": assembly.item, "candidateIds": [assembly.candidates[1]],
        "reconsidersId": first["id"], "reason": "Xem lại",
    });
    let refused = run(&assembly.secretary, "ballotOpen", &late).refused("WRONG_STATE");
    let said = refused["ballotOpen"]["errors"][0]["message"].as_str().unwrap();
    assert!(said.contains("vì hồ sơ đề nghị đã có quyết định"), "{said}");
    let correct = json!({
        "id": issued["awards"][0]["id"], "expectedVersion": 1, "reason": "Ghi sai họ tên",
        "subjectName": "Lò Văn Mốt (mẫu)",
        "decision": { "symbol": "QĐ-VP", "decidedOn": "2026-01-02" },
    });
    let _ = run(&path.officer, "awardCorrect", &correct).refused("OUT_OF_RANGE");
    let now = json!({ "decision": { "symbol": "QĐ-VP", "decidedOn": today() } });
    let correct = with(correct, &now);
    let same = with(correct.clone(), &json!({ "subjectName": issued["awards"][0]["subjectName"] }));
    let _ = run(&path.officer, "awardCorrect", &same).refused("INVALID_COMBINATION");
    let odd = with(correct, &json!({ "commendationType": "SERVICE_LENGTH" }));
    let _ = run(&path.officer, "awardCorrect", &odd).refused("AWARD_NOT_APPLICABLE");
}

fn a_share_of_the_law_is_set_aside_by_a_regulation_alone(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 6);
    let path = Path::new(&server, &world);
    let submission = appraised(&server, &world, &assembly.submission);
    assembly.attend(&["PRESENT"; 6]);
    let first = voted(&server, &assembly, (&assembly.item, &json!({})), &["NY"; 5]);
    let approved = step(&path.chair, "submissionApprove", &submission);
    let again = json!({
        "candidateIds": [assembly.candidates[0]], "reconsidersId": first["id"],
        "reason": "Có tài liệu mới",
    });
    let second = voted(&server, &assembly, (&assembly.item, &again), &["N"; 5]);
    assert_eq!((outcomes(&second), &second["round"]), (vec![json!("FAILED")], &json!(2)));
    let issue = decision(&world, &approved);
    let choice = json!({
        "authorityChoices": [{
            "nomineeId": assembly.submission["nominees"][0]["id"], "reason": "Thành tích nổi trội",
        }],
    });

    let refused = run(&path.head, "decisionIssue", &with(issue.clone(), &choice));

    let _ = refused.refused("WRONG_STATE");
    let issued = done(&path.head, ("decisionIssue", "decision"), &issue);
    assert_eq!(issued["awards"].as_array().unwrap().len(), 1, "the other one passed: {issued}");
}

fn another_session_is_no_other_chance(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let mut assembly = Assembly::new(&server, &world, 6);
    assembly.attend(&["PRESENT"; 6]);
    let first = voted(&server, &assembly, (&assembly.item, &json!({})), &["NN"; 5]);
    assembly.sit_on(assembly.submission.clone());
    assembly.attend(&["PRESENT"; 6]);

    let open = json!({ "itemId": assembly.item });
    let _ = run(&assembly.secretary, "ballotOpen", &open).refused("REQUIRED");
    let again = json!({ "reconsidersId": first["id"], "reason": "Kỳ họp sau" });
    let second = voted(&server, &assembly, (&assembly.item, &again), &["YY"; 5]);

    assert_eq!((outcomes(&second), &second["round"]), (vec![json!("PASSED"); 2], &json!(2)));
    let third = with(open, &with(again, &json!({ "reconsidersId": second["id"] })));
    let _ = run(&assembly.secretary, "ballotOpen", &third).refused("ROUNDS_EXHAUSTED");
    let path = Path::new(&server, &world);
    let submission = appraised(&server, &world, &assembly.submission);
    let approved = step(&path.chair, "submissionApprove", &submission);
    let issued = done(&path.head, ("decisionIssue", "decision"), &decision(&world, &approved));
    assert_eq!(issued["awards"].as_array().unwrap().len(), 2, "the last vote counts: {issued}");
}

fn who_stands_in_has_one_vote_and_his_own_ties(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 6);
    assembly.attend(&["PRESENT"; 6]);
    // The one who wrote the list.
    let author = world.a.person(Role::UnitOfficer);
    let stand_in = |place: usize| {
        let seat = assembly.read(&assembly.secretary)["seats"][place].clone();
        json!({
            "id": seat["id"], "expectedVersion": seat["version"], "presence": "PRESENT",
            "substituteId": author.id, "mandate": "Giấy ủy quyền số 6",
        })
    };
    let _ = done(&assembly.secretary, ("attendanceRecord", "seat"), &stand_in(1));
    let _ = run(&assembly.secretary, "attendanceRecord", &stand_in(2)).refused("SEAT_ALREADY_HELD");
    let client = anew(&server, author);
    let tie = |place: usize| json!({ "itemId": assembly.item, "seatId": assembly.seats[place], "reason": "Người thân" });
    let _ = run(&client, "tieDeclare", &tie(0)).refused("FORBIDDEN");

    let ballot = assembly.open(&json!({}));

    let roll = ballot["roll"].as_array().unwrap();
    assert_eq!(roll[1]["mode"], "RECUSED", "he wrote the list: {ballot}");
    let _ = done(&client, ("tieDeclare", "tie"), &tie(1));
}

fn a_closed_seat_speaks_no_more(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let mut assembly = Assembly::new(&server, &world, 6);
    assembly.attend(&["PRESENT"; 6]);
    let ballot = assembly.open(&json!({}));
    let step = json!({ "id": ballot["id"], "expectedVersion": 1 });
    let _ = done(&assembly.secretary, ("ballotClose", "ballot"), &step);
    let shut = json!({
        "id": assembly.seats[0], "expectedVersion": 1, "validTo": "2026-01-31",
        "reason": "Thôi giữ chức vụ",
    });
    let _ = done(&assembly.secretary, ("councilSeatClose", "seat"), &shut);

    let step = json!({ "id": ballot["id"], "expectedVersion": 2 });
    let _ = run(&assembly.member(&server, 0), "ballotCloseConfirm", &step).refused("FORBIDDEN");

    let read = json!({ "id": assembly.council });
    let council = assembly.secretary.run(operation::text("council"), read).ok();
    let seats = council["council"]["seats"].as_array().unwrap();
    let chair = seats.iter().find(|seat| seat["id"] == assembly.seats[0]);
    assert!(chair.is_none_or(|seat| seat["holder"].is_null()), "{council}");
    assembly.convene(&server, &world);
    let invited = assembly.read(&assembly.secretary)["seats"].as_array().unwrap().len();
    assert_eq!(invited, 5, "a closed seat is invited no more on {}", today());
}

/// Without a meeting: the quorum is that of the written opinions, and what is needed is known before.
fn members_are_asked_in_writing(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let mut assembly = Assembly::new(&server, &world, 6);
    assembly.attend(&["WRITTEN"; 6]);
    let open = json!({ "itemId": assembly.item });
    let _ = run(&assembly.secretary, "ballotOpen", &open).refused("NO_QUORUM");
    assembly.ask_in_writing(assembly.submission.clone());
    let preview = || {
        let asked = json!({ "itemId": assembly.item });
        assembly.secretary.run(operation::text("ballotPreview"), asked).ok()["ballotPreview"]
            .clone()
    };
    let before = preview();
    assert_eq!((&before["present"], &before["quorum"]), (&json!(0), &json!(4)), "{before}");
    assert_eq!(before["candidates"][0]["canPass"], false, "nobody votes yet: {before}");
    assembly.attend(&["WRITTEN"; 6]);
    let now = preview();
    assert_eq!([&now["present"], &now["voting"]], [&json!(6), &json!(5)], "{now}");
    assert_eq!(now["conflicts"][0]["seatId"], assembly.seats[5], "{now}");
    let one = &now["candidates"][0];
    assert_eq!((&one["needed"], &one["canPass"]), (&json!(5), &json!(true)), "{now}");

    let closed = voted(&server, &assembly, (&assembly.item, &json!({})), &["YY"; 5]);

    assert_eq!(outcomes(&closed), ["PASSED", "PASSED"], "{closed}");
    let minutes = assembly.read(&assembly.secretary)["minutes"].clone();
    assert!(minutes.as_str().unwrap().contains("lấy ý kiến thành viên bằng văn bản"), "{minutes}");
}
