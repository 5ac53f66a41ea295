//! W6: a sudden award from the report of a rescue to the exemplar that others follow, and the second proposal for the
//! same achievement.

use chrono::TimeDelta;
use entity::role_grant::Role;
use harness::cases;
use harness::client::Client;
use harness::server::Server;
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::{Value, json};

use crate::assembly::{Assembly, cast, today, with};
use crate::council::{done, run};
use crate::{exemplar, operation};

pub(crate) fn cases() -> Vec<Case> {
    cases![a_rescue_is_commended_once_and_followed_by_others]
}

const TITLE: &str = "PROVINCIAL_CERTIFICATE";
const YEAR: i32 = 2026;

fn person(client: &Client, world: &World, name: &str, is_manager: bool) -> Value {
    let input = json!({
        "kind": "INDIVIDUAL", "name": name, "unitId": world.a.office, "manager": is_manager,
        "directWorker": !is_manager,
        "leadershipClass": if is_manager { "DIVISION" } else { "DIRECT_WORKER" },
    });
    done(client, ("subjectCreate", "subject"), &input)["id"].clone()
}

fn verdict(client: &Client, subject: &Value) -> Value {
    let asked = json!({
        "subjectId": subject, "awardTypeCode": TITLE, "year": YEAR, "commendationType": "AD_HOC",
    });
    client.run(operation::text("eligibilityCheck"), asked).ok()["eligibilityCheck"].clone()
}

/// A short form with one piece of evidence.
fn report(client: &Client, world: &World, who: (&str, &Value)) -> Value {
    report_of(client, world, who, "2026-06-30")
}

fn report_of(client: &Client, world: &World, (name, subject): (&str, &Value), day: &str) -> Value {
    let award =
        "query($code: String!) { awardTypes(where: { code: { eq: $code } }) { nodes { id } } }";
    let award = client.run(award, json!({ "code": TITLE })).ok();
    let award = &award["awardTypes"]["nodes"][0]["id"];
    let input = json!({
        "unitId": world.a.office, "title": "Dũng cảm cứu người", "year": YEAR,
        "commendationType": "AD_HOC",
        "nominees": [{
            "kind": "INDIVIDUAL", "name": name, "awardTypeId": award, "subjectId": subject,
            "achievement": "Cứu hai người bị lũ cuốn", "achievedOn": day,
        }],
        "documents": [{
            "title": "Xác nhận của công an xã", "fileName": "xac-nhan.pdf",
            "mediaType": "application/pdf", "sizeBytes": "10",
            "sha256": "0123456789abcdef".repeat(4),
        }],
    });
    let create = "mutation($input: SubmissionCreateInput!) {
      submissionCreate(input: $input) { submission { id version nominees { id } } errors { code path } }
    }";
    let made = client.run(create, json!({ "input": input })).ok();
    made["submissionCreate"]["submission"].clone()
}

fn step(client: &Client, field: &str, submission: &Value) -> Value {
    let input = json!({ "id": submission["id"], "expectedVersion": submission["version"] });
    done(client, (field, "submission"), &input)
}

/// Sudden awards among all of the tenant that were decided in the year, and those of the month alone.
fn sudden(client: &Client) -> (i64, i64, Value) {
    let asked = json!({ "where": { "decidedFrom": YEAR, "decidedTo": YEAR } });
    let told = client.run(operation::text("awardStatistics"), asked).ok();
    let share = &told["awardStatistics"]["shares"]["adHoc"];
    let month = "query($day: Date!) { awards(first: 0, where: {
      commendationType: { eq: AD_HOC }, decidedOn: { gte: $day, lte: $day }
    }) { totalCount } }";
    let month = client.run(month, json!({ "day": today() })).ok()["awards"]["totalCount"].clone();
    (share["part"].as_i64().unwrap(), share["whole"].as_i64().unwrap(), month)
}

/// What stands against others: a leader, by the rule of the province, and one whose case is open.
fn refused_at_the_door(server: &Server, world: &World) {
    let officer = world.a.sign_in(server, Role::StandingOfficer);
    let office = world.a.sign_in(server, Role::UnitOfficer);
    let rule = json!({
        "awardTypeCode": TITLE, "subjectKind": "INDIVIDUAL", "commendationType": "AD_HOC",
        "nameVi": "Khen thưởng đột xuất không dành cho lãnh đạo", "nameEn": "Not for leaders",
        "tree": "\"not_manager\"", "citation": "Quy chế thi đua, khen thưởng của tỉnh, Điều 8",
        "validFrom": "2026-01-01",
    });
    run(&officer, "eligibilityRuleCreate", &rule).ok();
    let leader = person(&office, world, "Trưởng phòng (mẫu)", true);
    assert_eq!(verdict(&office, &leader)["verdict"], "FAILED");
    let sent = report(&office, world, ("Trưởng phòng (mẫu)", &leader));
    let input = json!({ "id": sent["id"], "expectedVersion": sent["version"] });
    let refused = run(&office, "submissionSend", &input).refused("ELIGIBILITY_FAILED");
    let message = refused["submissionSend"]["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("Quy chế thi đua, khen thưởng của tỉnh, Điều 8"), "{message}");
    let accused = person(&office, world, "Người bị xem xét (mẫu)", false);
    let case = json!({ "subjectId": accused, "stage": "PENDING", "fromDay": "2026-01-01" });
    run(&officer, "disciplineRecord", &case).ok();
    assert_eq!(verdict(&office, &accused)["verdict"], "FAILED");
}

/// The ballots that wait for someone's vote.
fn to_vote(client: &Client) -> Vec<Value> {
    let read = client.run(operation::text("ballotsAwaitingMe"), json!({})).ok();
    let rows = read["ballotsAwaitingMe"].as_array().unwrap();
    rows.iter().map(|row| row["id"].clone()).collect()
}

/// The members are asked in writing, for a day; nothing is told before it closes, but who is still awaited.
fn voted(server: &Server, assembly: &Assembly) {
    assembly.attend(&["WRITTEN"; 2]);
    let day = harness::world::now() + TimeDelta::hours(24);
    let open = json!({ "cutOffAt": day.to_rfc3339() });
    let early = with(json!({ "itemId": assembly.item }), &open);
    run(&assembly.secretary, "ballotOpen", &early).refused("NO_QUORUM");
    assembly.attend(&["WRITTEN"; 6]);
    let ballot = assembly.open(&open);
    let read = |client: &Client| {
        client.run(operation::text("ballot"), json!({ "id": ballot["id"] })).ok()["ballot"].clone()
    };
    for (place, client) in assembly.clients(server, 5).iter().enumerate() {
        let awaited = read(&assembly.secretary)["awaited"].clone();
        let seats = awaited.as_array().unwrap().iter().map(|line| &line["seatId"]);
        // The last one has his unit on the list: he is recused, and nobody waits for him.
        assert!(seats.eq(&assembly.seats[place..5]), "who is to be reminded: {awaited}");
        assert_eq!(to_vote(client), [ballot["id"].clone()], "he finds what he is to vote on");
        let _ = cast(client, &ballot, "Y").ok();
        assert_eq!(to_vote(client), [Value::Null; 0]);
        assert_eq!(read(client)["results"], json!([]), "nothing before it closes");
    }
    assert_eq!(to_vote(&assembly.member(server, 5)), [Value::Null; 0], "he is recused");
    let closed = assembly.close(server, &ballot);
    assert_eq!(closed["results"][0]["outcome"], "PASSED", "{closed}");
    let late = cast(&assembly.member(server, 1), &ballot, "N");
    let _ = late.refused("BALLOT_CLOSED");
}

/// What the one who asks has to do, overdue first.
fn waiting(client: &Client) -> Vec<Value> {
    let asked = "{ submissions(waitingForMe: true, first: 100) { nodes {
      id handling { action hoursLeft isOverdue workingDays } } } }";
    client.run(asked, json!({})).ok()["submissions"]["nodes"].as_array().unwrap().clone()
}

/// From the office to the chair's desk: each sees it when it is his turn and how many hours are left, nobody else does.
fn to_the_chair(server: &Server, world: &World, written: &Value) -> Value {
    let officer = world.a.sign_in(server, Role::StandingOfficer);
    let head = world.a.sign_in(server, Role::UnitHead);
    let chair = world.a.sign_in(server, Role::ProvinceChair);
    let stranger = world.b.sign_in(server, Role::StandingOfficer);
    let here = |client: &Client| {
        let found = waiting(client).into_iter().find(|row| row["id"] == written["id"]);
        assert!(waiting(&stranger).iter().all(|row| row["id"] != written["id"]));
        found.map(|row| row["handling"].clone())
    };
    let turn = |client: &Client, action: &str, days: Value| {
        let now = here(client).unwrap_or_else(|| panic!("nobody is to {action}"));
        assert_eq!((&now["action"], &now["workingDays"]), (&json!(action), &days), "{now}");
        assert_eq!(now["isOverdue"], false, "{now}");
        let is_counted = now["hoursLeft"].as_i64().is_some_and(|hours| hours > 24);
        assert_eq!(is_counted, !days.is_null(), "{now}");
    };
    turn(&head, "SEND", Value::Null);
    assert_eq!(here(&officer), None, "it is still the office's");
    let sent = step(&head, "submissionSend", written);
    assert_eq!(here(&head), None);
    turn(&officer, "RECEIVE", json!(5));
    let input = json!({ "id": sent["id"], "expectedVersion": sent["version"] });
    run(&head, "submissionReceive", &input).refused("FORBIDDEN");
    let received = step(&officer, "submissionReceive", &sent);
    turn(&officer, "APPRAISE", json!(20));
    assert_eq!(here(&chair), None);
    let appraised = step(&officer, "submissionAppraise", &received);
    assert_eq!(here(&officer), None);
    turn(&chair, "APPROVE", Value::Null);
    appraised
}

fn a_rescue_is_commended_once_and_followed_by_others(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    refused_at_the_door(&server, &world);
    let name = "Vàng A Mẫu <Sếnh>";
    let worker = person(&office, &world, name, false);
    assert_ne!(verdict(&office, &worker)["verdict"], "FAILED", "what a person has to say is open");
    let mut assembly = Assembly::new(&server, &world, 6);
    let written = report(&office, &world, (name, &worker));
    let appraised = to_the_chair(&server, &world, &written);
    let listed = "query($id: ID!) { submission(id: $id) { id version nominees { id } } }";
    let listed = officer.run(listed, json!({ "id": appraised["id"] })).ok()["submission"].clone();
    assembly.ask_in_writing(listed);
    voted(&server, &assembly);
    let approved = step(&chair, "submissionApprove", &appraised);
    let before = sudden(&officer);

    let issue = json!({
        "unitId": world.a.root, "submissionIds": [approved["id"]],
        "paper": {
            "symbol": "QĐ-UBND", "decidedOn": today(), "signerPost": "Chủ tịch UBND tỉnh",
            "number": 40, "gapReason": "Quyết định khác của UBND tỉnh",
        },
    });
    let decision = done(&chair, ("decisionIssue", "decision"), &issue);

    assert_eq!(decision["label"], "40/QĐ-UBND", "{decision}");
    let award = decision["awards"][0].clone();
    let after = sudden(&officer);
    assert_eq!((after.0, after.1), (before.0 + 1, before.1 + 1), "the share moves");
    assert_eq!((before.2, after.2), (json!(0), json!(1)), "and that of the month");
    paid_and_printed(&server, &world, (&decision, &award));
    told_to_everyone(&server, (&award, name));
    followed(&server, &world, (&award, &worker));
    proposed_again(&office, &world, (name, &worker));
}

/// The bonus leaves the fund once; the certificate has the name, the decision and the code.
fn paid_and_printed(server: &Server, world: &World, (decision, award): (&Value, &Value)) {
    let officer = world.a.sign_in(server, Role::StandingOfficer);
    let entry = json!({
        "unitId": world.a.root, "year": YEAR, "direction": "OUT", "purpose": "BONUS",
        "decisionId": decision["id"], "on": "2026-07-03",
    });
    let budget = json!({
        "unitId": world.a.root, "year": YEAR, "direction": "IN", "purpose": "ALLOCATION",
        "amount": "50000000", "on": "2026-07-01",
    });
    let _ = done(&officer, ("fundEntryRecord", "entry"), &budget);
    let paid = done(&officer, ("fundEntryRecord", "entry"), &entry);
    run(&officer, "fundEntryRecord", &entry).refused("ALREADY_EXISTS");
    let read = |client: &Client| {
        client.run(operation::text("award"), json!({ "id": award["id"] })).ok()["award"].clone()
    };
    let shown = read(&officer);
    assert_eq!(paid["amount"], shown["bonusPaid"], "{shown}");
    let page = shown["certificate"].as_str().unwrap();
    let code = shown["publicCode"].as_str().unwrap();
    for text in ["Vàng A Mẫu &lt;Sếnh&gt;", "40/QĐ-UBND", "Chủ tịch UBND tỉnh", "<svg", code]
    {
        assert!(page.contains(text), "{text} in {page}");
    }
    assert!(!page.contains("<Sếnh>") && !page.contains("{{"), "{page}");
    assert_eq!(read(&world.b.sign_in(server, Role::StandingOfficer)), Value::Null);
    assert_eq!(read(&world.a.neighbour.sign_in(server)), Value::Null);
}

/// The code shows what is public, without sign-in, and nothing else.
fn told_to_everyone(server: &Server, (award, name): (&Value, &str)) {
    let answer =
        server.client().run(operation::text("awardPublic"), json!({ "code": award["publicCode"] }));
    let shown = answer.ok()["awardPublic"].clone();
    assert_eq!((&shown["subjectName"], &shown["state"]), (&json!(name), &json!("VALID")));
    let mut fields: Vec<&String> = shown.as_object().unwrap().keys().collect();
    fields.sort();
    let public = [
        "awardName",
        "code",
        "countingFrom",
        "countingTo",
        "decidedOn",
        "decisionLabel",
        "issuerName",
        "state",
        "subjectKind",
        "subjectName",
    ];
    assert_eq!(fields, public);
}

/// The story becomes an exemplar and is spread to three units; the map has one cell more.
fn followed(server: &Server, world: &World, (award, worker): (&Value, &Value)) {
    let officer = world.a.sign_in(server, Role::StandingOfficer);
    let found = json!({
        "unitId": world.a.office, "kind": "GOOD_DEED", "title": "Dũng cảm cứu người trong lũ",
        "field": "phong-chong-thien-tai", "awardId": award["id"], "subjectId": worker,
        "discoveredOn": "2026-07-05",
    });
    let map = || {
        let map = officer.run(operation::text("exemplarCoverage"), json!({})).ok();
        map["exemplarCoverage"].as_array().unwrap().len()
    };
    let before = map();
    let exemplar = exemplar::enter(&officer, &found);
    assert_eq!(map(), before + 1, "an empty cell is filled");
    let go = |steps: i32, stage: &str, more: &Value| {
        let mut input = exemplar::step(&exemplar["id"], steps, stage, more);
        input["on"] = json!("2026-08-01");
        run(&officer, "exemplarStepAdd", &input).ok();
    };
    go(1, "COACHED", &json!({ "owner": "Ban Thi đua", "plan": "Viết bài, kể chuyện" }));
    go(2, "REVIEWED", &json!({ "note": "Bài học về phối hợp" }));
    let units = [world.a.other_office, world.a.division, world.a.root];
    for (steps, unit) in (3..).zip(units) {
        go(steps, "SPREAD", &json!({ "spreadToId": unit }));
    }
    let now = exemplar::seen(&officer, &exemplar["id"]);
    assert_eq!((&now["stage"], &now["award"]["id"]), (&json!("SPREAD"), &award["id"]));
    assert_eq!(now["steps"].as_array().unwrap().len(), 6, "{now}");
}

/// The same achievement a second time: refused, and the first decision is cited.
fn proposed_again(office: &Client, world: &World, (name, worker): (&str, &Value)) {
    let again = report(office, world, (name, worker));
    let input = json!({ "id": again["id"], "expectedVersion": again["version"] });
    let refused = run(office, "submissionSend", &input).refused("ELIGIBILITY_FAILED");
    let message = refused["submissionSend"]["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("Điều 5") && message.contains("40/QĐ-UBND"), "{message}");
    let other = report_of(office, world, (name, worker), "2026-10-02");
    let head = json!({ "id": other["id"], "expectedVersion": other["version"] });
    run(office, "submissionSend", &head).ok();
}
