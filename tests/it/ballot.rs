//! Sessions and ballots of a council, from the agenda to the recount.

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Client, same_statements};
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::{Value, json};

use crate::assembly::{Assembly, cast, vote, with};
use crate::consultation::over;
use crate::council::{anew, done, run};
use crate::operation;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_council_sits_votes_and_is_counted_again,
        a_motion_opens_a_new_round_and_overwrites_nothing,
        few_votes_tell_only_the_verdict,
        a_substitute_votes_as_the_member,
        nothing_ends_before_those_who_write_have_written,
        a_ballot_belongs_to_its_province,
        a_larger_council_takes_no_more_statements,
    ]
}

/// Twelve present, of whom two vote on paper and one has a tie; two write; one is away.
const ATTENDANCE: [&str; 15] = [
    "PRESENT", "PRESENT", "PRESENT", "PRESENT", "PRESENT", "PRESENT", "PRESENT", "PRESENT",
    "PRESENT", "PAPER", "PAPER", "ABSENT", "WRITTEN", "WRITTEN", "PRESENT",
];
/// Members who vote online in the room, those who have written, and the one with a tie.
const ONLINE: usize = 9;
const WRITTEN: [usize; 2] = [12, 13];
const TIED: usize = 14;

/// What two people count on paper.
fn paper(ballot: &Value, votes: [[i32; 3]; 2], more: &Value) -> Value {
    let asked = ballot["candidates"].as_array().unwrap().iter().zip(votes);
    let votes: Vec<_> = asked
        .map(|(row, [yes, no, abstain])| {
            json!({ "candidateId": row["id"], "yes": yes, "no": no, "abstain": abstain })
        })
        .collect();
    let count = json!({
        "id": ballot["id"], "issued": 2, "returned": 2, "missing": 0, "valid": 2, "invalid": 0,
        "votes": votes,
    });
    with(count, more)
}

pub(crate) fn ballot(client: &Client, id: &Value) -> Value {
    client.run(operation::text("ballot"), json!({ "id": id })).ok()["ballot"].clone()
}

/// Workflow W9, with its negative checks.
#[expect(clippy::too_many_lines, reason = "one session from its opening to its minutes")]
fn a_council_sits_votes_and_is_counted_again(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 15);
    let secretary = &assembly.secretary;
    let open = json!({ "itemId": assembly.item });

    let refused = run(secretary, "ballotOpen", &open).refused("NO_QUORUM");
    let message = &refused["ballotOpen"]["errors"][0]["message"];
    assert!(message.as_str().unwrap().contains("0/15"), "{message}");
    assembly.attend(&ATTENDANCE);
    let ballot_now = assembly.open(&json!({}));

    let numbers = ["members", "recused", "voting", "cast"].map(|name| ballot_now[name].clone());
    assert_eq!(json!(numbers), json!([15, 1, 13, 0]));
    let roll = ballot_now["roll"].as_array().unwrap();
    assert_eq!((&roll[TIED]["mode"], &roll[11]["mode"]), (&json!("RECUSED"), &json!("ABSENT")));
    let rule = ballot_now["candidates"][0]["rule"].as_str().unwrap();
    assert!(rule.contains("8/10") && rule.contains("98/2023"), "{rule}");
    assert_eq!(ballot_now["awaited"].as_array().unwrap().len(), ONLINE + WRITTEN.len());
    // Presence changes after the opening do not change the roll.
    assembly.attend(&["ABSENT"]);

    let mut receipts = Vec::new();
    let mut voters = assembly.clients(&server, ONLINE);
    voters.extend(WRITTEN.map(|place| assembly.member(&server, place)));
    let letters = ["YY"; 9].into_iter().chain(["YY", "NN"]);
    for (client, letters) in voters.iter().zip(letters) {
        receipts.push(cast(client, &ballot_now, letters).ok()["ballotCast"]["receipt"].clone());
    }
    let _ = cast(&voters[0], &ballot_now, "NN").refused("ALREADY_VOTED");
    let tied = assembly.member(&server, TIED);
    let _ = cast(&tied, &ballot_now, "NN").refused("RECUSED");
    for (place, code) in [(9, "NOT_ON_ROLL"), (11, "NOT_ON_ROLL")] {
        let _ = cast(&assembly.member(&server, place), &ballot_now, "NN").refused(code);
    }
    let half = vote(&ballot_now, "Y");
    let _ = run(&assembly.member(&server, 1), "ballotCast", &half).refused("INVALID_COMBINATION");
    let open_now = ballot(&tied, &ballot_now["id"]);
    assert_eq!((&open_now["cast"], &open_now["results"]), (&json!(11), &json!([])));
    assert_eq!(open_now["awaited"], json!([]), "everyone who votes online or writes has");
    assert_eq!(recount(&tied, &ballot_now), Value::Null, "there is no list yet");

    let counted = count_paper(&assembly, &ballot_now, &world, &server);

    let late = assembly.member(&server, 1);
    let _ = cast(&late, &ballot_now, "NN").refused("BALLOT_CLOSED");
    let results = counted["results"].as_array().unwrap();
    let of = |place: usize, name: &str| results[place][name].clone();
    assert_eq!([of(0, "yes"), of(0, "base"), of(0, "needed")], [12, 15, 12].map(|n| json!(n)));
    assert_eq!([of(1, "yes"), of(1, "no"), of(1, "needed")], [11, 2, 12].map(|n| json!(n)));
    assert_eq!([of(0, "outcome"), of(1, "outcome")], ["PASSED", "FAILED"].map(|n| json!(n)));
    let auditor = world.a.sign_in(&server, Role::Auditor);
    let list = recount(&auditor, &ballot_now);
    let listed: Vec<_> =
        list["listed"].as_array().unwrap().iter().map(|one| one["receipt"].clone()).collect();
    assert!(receipts.iter().all(|receipt| listed.contains(receipt)) && listed.len() == 11);
    // Two paper ballots would be what the result says beside the list.
    assert!(
        list["lines"].as_array().unwrap().iter().all(|line| line["agrees"].is_null()),
        "{list}"
    );
    let minutes = assembly.read(&auditor)["minutes"].clone();
    let minutes = minutes.as_str().unwrap();
    assert!(minutes.contains("Đạt: 12/15 phiếu đồng ý, cần ít nhất 12"), "{minutes}");
    assert!(minutes.contains("Không đạt: 11/15"), "{minutes}");
    let end = json!({ "id": assembly.session, "expectedVersion": 2 });
    let closed = done(secretary, ("sessionClose", "session"), &end);
    assert_eq!(closed["state"], "CLOSED");
}

pub(crate) fn recount(client: &Client, ballot: &Value) -> Value {
    let answer = client.run(operation::text("ballotRecount"), json!({ "id": ballot["id"] })).ok();
    answer["ballotRecount"].clone()
}

/// Paper is counted wrongly, then by one, then by two who differ, then right; and the ballot is closed by two.
fn count_paper(
    assembly: &Assembly,
    ballot: &Value,
    world: &World,
    server: &harness::server::Server,
) -> Value {
    let secretary = &assembly.secretary;
    let officer = world.a.sign_in(server, Role::StandingOfficer);
    let votes = [[2, 0, 0], [1, 1, 0]];
    let right = paper(ballot, votes, &json!({}));
    let _ = run(secretary, "ballotPaperCountEnter", &right).refused("WRONG_STATE");
    let chair = assembly.member(server, 0);
    let step = |version: i32| json!({ "id": ballot["id"], "expectedVersion": version });
    let _ = run(&chair, "ballotCloseConfirm", &step(1)).refused("WRONG_STATE");
    let _ = done(secretary, ("ballotClose", "ballot"), &step(1));
    let confirm = || run(&chair, "ballotCloseConfirm", &step(2));
    let _ = confirm().refused("COUNTS_DO_NOT_RECONCILE");
    for wrong in [
        json!({ "issued": 3, "missing": 1 }),
        json!({ "missing": 1 }),
        json!({ "invalid": 1 }),
        json!({ "valid": 1, "invalid": 1 }),
    ] {
        let count = paper(ballot, votes, &wrong);
        let _ = run(secretary, "ballotPaperCountEnter", &count).refused("COUNTS_DO_NOT_RECONCILE");
    }
    for _ in 0..2 {
        let _ = done(secretary, ("ballotPaperCountEnter", "count"), &right);
        let _ = confirm().refused("COUNTS_DO_NOT_RECONCILE");
    }
    let other = paper(ballot, [[1, 1, 0], [1, 1, 0]], &json!({}));
    let _ = done(&officer, ("ballotPaperCountEnter", "count"), &other);
    let _ = confirm().refused("COUNTS_DO_NOT_RECONCILE");
    let _ = done(&officer, ("ballotPaperCountEnter", "count"), &right);
    let member = assembly.member(server, 1);
    let _ = run(&member, "ballotCloseConfirm", &step(2)).refused("FORBIDDEN");
    let counted = confirm().ok()["ballotCloseConfirm"]["ballot"].clone();
    assert_eq!(counted["state"], "CLOSED");
    let _ = confirm().refused("CONFLICT");
    let _ = run(secretary, "ballotPaperCountEnter", &right).refused("WRONG_STATE");
    counted
}

fn a_motion_opens_a_new_round_and_overwrites_nothing(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 6);
    assembly.attend(&["PRESENT"; 6]);
    let second = assembly.candidates[1].clone();
    let open = json!({ "itemId": assembly.item, "candidateIds": [second] });
    let first = done(&assembly.secretary, ("ballotOpen", "ballot"), &open);
    let voters = assembly.clients(&server, 5);
    let _ = run(&assembly.secretary, "ballotOpen", &open).refused("WRONG_STATE");
    for (client, letter) in voters.iter().zip(["Y", "Y", "Y", "Y", "N"]) {
        let _ = cast(client, &first, letter).ok();
    }
    let failed = assembly.close(&server, &first);
    assert_eq!(failed["results"][0]["outcome"], "FAILED", "4 of 6, one with a tie: {failed}");
    let list = recount(&voters[0], &first);
    let lines = list["lines"].as_array().unwrap();
    assert!(lines.len() == 1 && lines[0]["agrees"] == true, "{list}");

    let _ = run(&assembly.secretary, "ballotOpen", &open).refused("REQUIRED");
    let shrinks = json!({
        "councilId": assembly.council, "awardCode": "BASE_EMULATION_FIGHTER",
        "recusal": "SHRINKS_BASE", "citation": "Quy chế Hội đồng, Điều 9", "validFrom": "2024-01-01",
    });
    let _ = done(&assembly.secretary, ("ballotRuleSet", "rule"), &shrinks);
    let again = with(open, &json!({ "reconsidersId": first["id"], "reason": "Có tài liệu mới" }));
    let next = done(&assembly.secretary, ("ballotOpen", "ballot"), &again);
    for (client, letter) in voters.iter().zip(["Y", "Y", "Y", "N", "A"]) {
        let _ = cast(client, &next, letter).ok();
    }
    let closed = assembly.close(&server, &next);

    assert_eq!((&closed["round"], &closed["reconsidersId"]), (&json!(2), &first["id"]));
    let result = &closed["results"][0];
    assert_eq!(
        [&result["yes"], &result["base"], &result["needed"]],
        [&json!(3), &json!(5), &json!(4)]
    );
    assert_eq!(ballot(&voters[0], &first["id"])["results"], failed["results"]);
    let third = with(again, &json!({ "reconsidersId": next["id"] }));
    let _ = run(&assembly.secretary, "ballotOpen", &third).refused("ROUNDS_EXHAUSTED");
    let award = "{ awardTypes(where: { code: { eq: \"ADVANCED_LABOURER\" } }) { nodes { id } } }";
    let award = assembly.secretary.run(award, json!({})).ok();
    let lower = json!({
        "id": second, "awardTypeId": award["awardTypes"]["nodes"][0]["id"], "reason": "Chưa đủ phiếu",
    });
    let moved = done(&assembly.secretary, ("candidateDowngrade", "candidate"), &lower);
    // A second one would stand for what the council says of the first.
    let _ = run(&assembly.secretary, "candidateDowngrade", &lower).refused("ALREADY_EXISTS");
    let lower = moved;
    assert_eq!(lower["downgradedFromId"], second);
    let open = json!({ "itemId": assembly.item, "candidateIds": [lower["id"]] });
    let fresh = done(&assembly.secretary, ("ballotOpen", "ballot"), &open);
    assert_eq!(fresh["round"], 1);
}

fn few_votes_tell_only_the_verdict(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 5);
    assembly.attend(&["PRESENT"; 5]);
    let ballot_now = assembly.open(&json!({}));
    for client in assembly.clients(&server, 4) {
        let _ = cast(&client, &ballot_now, "YN").ok();
    }

    let closed = assembly.close(&server, &ballot_now);

    let results = closed["results"].as_array().unwrap();
    assert_eq!([&results[0]["outcome"], &results[1]["outcome"]], ["PASSED", "FAILED"]);
    assert!(results.iter().all(|row| row["yes"].is_null() && row["no"].is_null()), "{closed}");
    assert_eq!(results[0]["words"].as_str().unwrap(), "Đạt");
    let list = recount(&assembly.secretary, &ballot_now);
    let listed = list["listed"].as_array().unwrap();
    assert!(listed.len() == 4 && listed.iter().all(|one| one["choices"] == json!([])), "{list}");
}

fn a_substitute_votes_as_the_member(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 4);
    assembly.attend(&["PRESENT"; 4]);
    let seat = assembly.read(&assembly.secretary)["seats"][1].clone();
    let person = &world.a.neighbour;
    let sent = json!({
        "id": seat["id"], "expectedVersion": seat["version"], "presence": "PRESENT",
        "substituteId": person.id, "mandate": "Giấy ủy quyền số 5 ngày 01/7/2026",
    });
    let member = json!({ "substituteId": assembly.members[2].id });
    let _ = run(&assembly.secretary, "attendanceRecord", &with(sent.clone(), &member))
        .refused("SEAT_ALREADY_HELD");
    let _ = done(&assembly.secretary, ("attendanceRecord", "seat"), &sent);
    let tie =
        json!({ "itemId": assembly.item, "seatId": assembly.seats[2], "reason": "Người thân" });
    let third = assembly.member(&server, 2);
    let _ = run(&assembly.member(&server, 1), "tieDeclare", &tie).refused("FORBIDDEN");
    let _ = done(&third, ("tieDeclare", "tie"), &tie);

    let ballot_now = assembly.open(&json!({}));

    let _ = cast(&anew(&server, person), &ballot_now, "YY").ok();
    let _ = cast(&assembly.member(&server, 1), &ballot_now, "NN").refused("NOT_ON_ROLL");
    let _ = cast(&third, &ballot_now, "NN").refused("RECUSED");
    let minutes = assembly.read(&assembly.secretary)["minutes"].clone();
    assert!(minutes.as_str().unwrap().contains("Giấy ủy quyền số 5"), "{minutes}");
}

/// Who is away was told until when to write: the voting ends when all have written, or when that time is over.
fn nothing_ends_before_those_who_write_have_written(stage: &Stage) {
    let server = stage.server();
    let until = harness::world::now() + chrono::TimeDelta::hours(24);
    let cut_off = json!({ "cutOffAt": until.to_rfc3339() });
    for answers in [true, false] {
        let world = World::on(&server);
        let assembly = Assembly::new(&server, &world, 6);
        assembly.attend(&["PRESENT", "PRESENT", "PRESENT", "PRESENT", "WRITTEN", "PRESENT"]);
        let opened = assembly.open(&cut_off);
        let step = json!({ "id": opened["id"], "expectedVersion": 1 });
        let refused =
            run(&assembly.secretary, "ballotClose", &step).refused("OPINIONS_OUTSTANDING");
        let error = &refused["ballotClose"]["errors"][0];
        let day = api::access::today(until).to_string();
        assert!(error["message"].as_str().unwrap().contains(&day), "{error}");
        assert_eq!(ballot(&assembly.secretary, &opened["id"])["state"], "OPEN");

        let _ = cast(&assembly.member(&server, 1), &opened, "YY").ok();
        let writer = assembly.member(&server, 4);
        if answers {
            let _ = cast(&writer, &opened, "YY").ok();
        } else {
            over(&world, &opened);
            let _ = cast(&writer, &opened, "YY").refused("BALLOT_CLOSED");
        }

        // Those who are there and have not voted hold nothing up.
        let closed = assembly.close(&server, &opened);
        assert_eq!(closed["state"], "CLOSED", "{closed}");
    }
}

fn a_ballot_belongs_to_its_province(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 3);
    assembly.attend(&["PRESENT"; 3]);
    let ballot_now = assembly.open(&json!({}));
    let stranger = world.b.sign_in(&server, Role::CouncilSecretary);
    let step = json!({ "id": ballot_now["id"], "expectedVersion": 1 });

    let _ = run(&stranger, "ballotClose", &step).refused("NOT_FOUND");
    let member = world.b.sign_in(&server, Role::CouncilMember);
    let _ = cast(&member, &ballot_now, "YY").refused("NOT_FOUND");
    assert_eq!(ballot(&stranger, &ballot_now["id"]), Value::Null);
    // A member of another council of the same province does not even see it.
    let other = world.a.sign_in(&server, Role::CouncilMember);
    assert_eq!(ballot(&other, &ballot_now["id"]), Value::Null);
    let _ = cast(&other, &ballot_now, "YY").refused("NOT_FOUND");
}

/// Statements of every step of a ballot in a council of so many members.
fn statements(server: &harness::server::Server, members: usize) -> [u32; 7] {
    let world = World::on(server);
    let assembly = Assembly::new(server, &world, members);
    assembly.attend(&vec!["PRESENT"; members]);
    let opened = run(&assembly.secretary, "ballotOpen", &json!({ "itemId": assembly.item }));
    let opening = opened.statements();
    let ballot = opened.ok()["ballotOpen"]["ballot"].clone();
    let mut casting = 0;
    for client in assembly.clients(server, members - 1) {
        let answer = cast(&client, &ballot, "YN");
        casting = answer.statements();
        let _ = answer.ok();
    }
    let read = |field: &str, id: &Value| {
        let answer = assembly.secretary.run(operation::text(field), json!({ "id": id }));
        let count = answer.statements();
        let _ = answer.ok();
        count
    };
    let step = |client: &Client, field: &str, version: i32| {
        let answer = run(client, field, &json!({ "id": ballot["id"], "expectedVersion": version }));
        let count = answer.statements();
        let _ = answer.ok();
        count
    };
    let reading = read("ballot", &ballot["id"]);
    let session = read("councilSession", &assembly.session);
    let closing = step(&assembly.secretary, "ballotClose", 1);
    let counting = step(&assembly.member(server, 0), "ballotCloseConfirm", 2);
    [opening, casting, reading, session, closing, counting, read("ballotRecount", &ballot["id"])]
}

fn a_larger_council_takes_no_more_statements(stage: &Stage) {
    let server = stage.server();

    let few = statements(&server, 6);

    let many = statements(&server, 18);
    for (step, (few, many)) in few.into_iter().zip(many).enumerate() {
        same_statements(few, many, &format!("step {step} of a council of six and of 18"));
    }
    eprintln!("open, cast, read, session, close, confirm, recount: {few:?} statements");
}
