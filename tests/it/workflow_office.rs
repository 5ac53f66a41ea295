//! Workflow W8, the part of the office: its council reviews the list before it is sent, with a quorum, ballots and minutes,
//! and what it has voted counts when the head decides. What happens at the province is in [`crate::workflow_dossier`].

use entity::role_grant::Role;
use harness::cases;
use harness::client::Client;
use harness::server::Server;
use harness::stage::{Case, Stage};
use harness::world::{Id, World, YEAR};
use serde_json::{Value, json};

use crate::assembly::{Assembly, cast, today};
use crate::council::{done, run};
use crate::operation;
use crate::workflow::{decision, step};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        an_office_reviews_a_long_list_before_it_is_sent,
        a_vote_of_the_office_counts_when_it_is_decided,
        the_meter_of_direct_workers_is_shown,
    ]
}

const FIGHTER: &str = "BASE_EMULATION_FIGHTER";
const LABOURER: &str = "ADVANCED_LABOURER";

fn title(client: &Client, code: &str) -> Value {
    let query =
        "query($code: String!) { awardTypes(where: { code: { eq: $code } }) { nodes { id } } }";
    client.run(query, json!({ "code": code })).ok()["awardTypes"]["nodes"][0]["id"].clone()
}

/// A draft of the office with so many nominees for each title, in this order.
fn draft(office: &Client, world: &World, counts: &[(&str, usize)]) -> Value {
    let mut nominees = Vec::new();
    for (code, count) in counts {
        let award = title(office, code);
        nominees.extend((1..=*count).map(|number| {
            json!({ "kind": "INDIVIDUAL", "name": format!("{code} {number} (mẫu)"), "awardTypeId": award })
        }));
    }
    let input = json!({
        "unitId": world.a.office, "title": "Danh sách đề nghị năm", "year": YEAR,
        "nominees": nominees,
    });
    done(office, ("submissionCreate", "submission"), &input)
}

fn read(client: &Client, submission: &Value) -> Value {
    let read = client.run(operation::text("submission"), json!({ "id": submission["id"] }));
    read.ok()["submission"].clone()
}

fn plan(council: impl serde::Serialize, lists: &[&[Value]]) -> Value {
    let items: Vec<Value> = lists
        .iter()
        .map(|ids| json!({ "kind": "AWARD_LIST", "title": "Bình xét", "nomineeIds": ids }))
        .collect();
    json!({
        "councilId": council, "year": 2026, "title": "Họp bình xét của Văn phòng",
        "plannedOn": "2026-06-01", "items": items,
    })
}

/// The council of an office with five members, whose session sits on lists; the last list is its item.
fn review(server: &Server, world: &World, (unit, lists): (Id, &[&[Value]])) -> Assembly {
    let secretary = world.a.sign_in(server, Role::CouncilSecretary);
    let council = json!({
        "kind": "OFFICE", "name": "Hội đồng Văn phòng", "unitId": unit, "validFrom": "2024-01-01",
    });
    let council = done(&secretary, ("councilCreate", "council"), &council)["id"].clone();
    let members = world.people(&world.a, 5);
    let mut seats = Vec::new();
    for (place, person) in members.iter().enumerate() {
        let seat = json!({
            "councilId": council, "postTitle": format!("Trưởng phòng {place}"),
            "organisation": "Văn phòng", "role": if place == 0 { "CHAIR" } else { "MEMBER" },
            "validFrom": "2024-01-01",
        });
        let seat = done(&secretary, ("councilSeatCreate", "seat"), &seat)["id"].clone();
        let holder = json!({ "seatId": seat, "userId": person.id, "validFrom": "2024-01-01" });
        let _ = done(&secretary, ("seatHolderAppoint", "holder"), &holder);
        seats.push(seat);
    }
    let session = done(&secretary, ("sessionPlan", "session"), &plan(&council, lists));
    let item = session["items"].as_array().unwrap().last().unwrap().clone();
    let rows = item["candidates"].as_array().unwrap();
    let candidates = rows.iter().map(|row| row["id"].clone()).collect();
    let open = json!({ "id": session["id"], "expectedVersion": 1 });
    let session = done(&secretary, ("sessionOpen", "session"), &open)["id"].clone();
    let (item, submission) = (item["id"].clone(), Value::Null);
    Assembly { secretary, members, seats, council, session, item, candidates, submission }
}

/// Everyone votes: one text of letters each; the ballot as it is closed.
fn vote(server: &Server, council: &Assembly, letters: [&str; 5]) -> Value {
    let opened = council.open(&json!({}));
    for (client, letters) in council.clients(server, 5).iter().zip(letters) {
        let _ = cast(client, &opened, letters).ok();
    }
    council.close(server, &opened)
}

fn outcomes(closed: &Value) -> Vec<&str> {
    closed["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["outcome"].as_str().unwrap())
        .collect()
}

/// The ids of nominees, in the order of the list.
fn ids(submission: &Value) -> Vec<Value> {
    submission["nominees"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect()
}

/// Steps 1, 2 and 4: 82 advanced labourers, 12 grassroots fighters, three provincial ones.
fn an_office_reviews_a_long_list_before_it_is_sent(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let quota = json!({
        "awardTypeCode": FIGHTER, "base": "COUNT", "most": 11, "citation": "Quy chế",
        "validFrom": "2024-01-01",
    });
    let quota = done(&officer, ("quotaCreate", "quota"), &quota);
    let counts = [(LABOURER, 82), (FIGHTER, 12), ("PROVINCIAL_EMULATION_FIGHTER", 3)];
    let list = draft(&office, &world, &counts);
    let nominees = ids(&read(&office, &list));
    assert_eq!(nominees.len(), 97);
    only_its_own_council_reviews_a_draft(&server, &world, &nominees[..1]);

    let council = review(&server, &world, (world.a.office, &[&nominees[..82], &nominees[82..94]]));
    council.attend(&["PRESENT", "PRESENT", "PRESENT", "ABSENT", "ABSENT"]);
    let open = json!({ "itemId": council.item });
    let _ = run(&council.secretary, "ballotOpen", &open).refused("NO_QUORUM");
    council.attend(&["PRESENT"; 5]);
    let (all, but_one) = ("Y".repeat(12), format!("{}N", "Y".repeat(11)));
    let closed = vote(&server, &council, [&all, &all, &all, &but_one, &but_one]);
    let said = outcomes(&closed);
    assert_eq!((said[..11].to_vec(), said[11]), (vec!["PASSED"; 11], "FAILED"), "{closed}");
    let end = json!({ "id": council.session, "expectedVersion": 2 });
    let _ = done(&council.secretary, ("sessionClose", "session"), &end);
    let minutes = council.read(&council.secretary)["minutesVersions"][0].clone();
    let text = minutes["content"].as_str().unwrap();
    assert!(text.contains("Không đạt: 3/5 phiếu đồng ý, cần ít nhất 4"), "{text}");

    the_minutes_go_with_it((&office, &officer, &chair), (&world, &list, &quota), &minutes);
}

/// Who was voted on stays on the list; the minutes go with it, and one too many needs a waiver.
fn the_minutes_go_with_it(
    (office, officer, chair): (&Client, &Client, &Client),
    (world, list, quota): (&World, &Value, &Value),
    minutes: &Value,
) {
    let text = minutes["content"].as_str().unwrap();
    let failed = read(office, list)["nominees"][93].clone();
    let gone = json!({ "id": failed["id"], "expectedVersion": failed["version"] });
    run(office, "nomineeRemove", &gone).refused("WRONG_STATE");
    let document = json!({
        "submissionId": list["id"],
        "document": {
            "title": "Biên bản bình xét, tỷ lệ phiếu", "fileName": "bien-ban.txt",
            "mediaType": "text/plain", "sizeBytes": text.len().to_string(),
            "sha256": minutes["sha256"],
        },
    });
    let _ = done(office, ("documentAdd", "document"), &document);
    let preview =
        office.run(operation::text("quotaPreview"), json!({ "submissionId": list["id"] }));
    let over = preview.ok()["quotaPreview"][0]["overNames"].clone();
    assert_eq!(over.as_array().map(Vec::len), Some(1), "one over the cap: {over}");
    let send = || {
        let version = read(office, list)["version"].clone();
        run(office, "submissionSend", &json!({ "id": list["id"], "expectedVersion": version }))
    };
    send().refused("QUOTA_EXCEEDED");
    let waiver = json!({
        "quotaId": quota["id"], "unitId": world.a.office, "year": YEAR, "extra": 1,
        "reason": "Đơn vị hoàn thành vượt mức kế hoạch",
    });
    run(chair, "quotaWaive", &waiver).ok();
    let sent = send().ok()["submissionSend"]["submission"].clone();
    assert_eq!(sent["state"], "SENT", "{sent}");
    let seen = read(officer, list);
    assert_eq!(seen["documents"][0]["sha256"], minutes["sha256"], "{seen}");
}

/// The council of the province takes no drafts, nor does that of another office.
fn only_its_own_council_reviews_a_draft(server: &Server, world: &World, nominees: &[Value]) {
    let secretary = world.a.sign_in(server, Role::CouncilSecretary);
    let of_province = plan(world.a.board.id, &[nominees]);
    let _ = run(&secretary, "sessionPlan", &of_province).refused("WRONG_STATE");
    let other = json!({
        "kind": "OFFICE", "name": "Hội đồng Sở khác", "unitId": world.a.other_office,
        "validFrom": "2024-01-01",
    });
    let other = done(&secretary, ("councilCreate", "council"), &other)["id"].clone();
    let _ = run(&secretary, "sessionPlan", &plan(other, &[nominees])).refused("WRONG_STATE");
}

/// Sent, sent back once, and then appraised and approved.
fn returned_and_approved(
    (office, officer, chair): (&Client, &Client, &Client),
    list: &Value,
) -> Value {
    let sent = step(office, "submissionSend", &read(office, list));
    let received = step(officer, "submissionReceive", &sent);
    let back = json!({
        "id": received["id"], "expectedVersion": received["version"],
        "reason": "Thiếu quyết định công nhận sáng kiến",
    });
    let back = done(officer, ("submissionReturn", "submission"), &back);
    let sent = step(office, "submissionSend", &back);
    let appraised = step(officer, "submissionAppraise", &step(officer, "submissionReceive", &sent));
    step(chair, "submissionApprove", &appraised)
}

/// Steps 5 and 7 of two grassroots fighters: notice, complaint and answer, and the head decides on who has passed.
fn a_vote_of_the_office_counts_when_it_is_decided(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let list = draft(&office, &world, &[(FIGHTER, 3)]);
    let council = review(&server, &world, (world.a.office, &[&ids(&read(&office, &list))]));
    council.attend(&["PRESENT"; 5]);
    let closed = vote(&server, &council, ["YYY", "YYY", "YYY", "YNY", "YNY"]);
    assert_eq!(outcomes(&closed), ["PASSED", "FAILED", "PASSED"], "{closed}");
    // Who becomes another one after the vote was not voted on.
    let third = read(&office, &list)["nominees"][2].clone();
    let other = json!({
        "id": third["id"], "expectedVersion": third["version"], "name": "Người khác (mẫu)",
    });
    let _ = done(&office, ("nomineeUpdate", "nominee"), &other);

    let approved = returned_and_approved((&office, &officer, &chair), &list);
    let issue = decision(&world, &approved);
    let refused = run(&head, "decisionIssue", &issue).refused("VOTE_MISSING");
    // Its own council is no council of the province.
    assert_eq!(read(&office, &list)["officeStatus"], "AWAITING_DECISION");
    let said = refused["decisionIssue"]["errors"][0]["message"].as_str().unwrap().to_owned();
    assert!(said.contains("Người khác (mẫu)"), "{said}");

    // The council of the office votes on him as he is now; meanwhile somebody complains.
    let again = plan(&council.council, &[&[third["id"].clone()]]);
    let again = done(&council.secretary, ("sessionPlan", "session"), &again);
    let open = json!({ "id": again["id"], "expectedVersion": 1 });
    let _ = done(&council.secretary, ("sessionOpen", "session"), &open);
    let second =
        Assembly { session: again["id"].clone(), item: again["items"][0]["id"].clone(), ..council };
    second.attend(&["PRESENT"; 5]);
    let motion = json!({ "reconsidersId": closed["id"], "reason": "Sửa họ tên" });
    let opened = second.open(&motion);
    for client in second.clients(&server, 5) {
        let _ = cast(&client, &opened, "Y").ok();
    }
    let _ = second.close(&server, &opened);
    complained_and_answered(&(&officer, &head), &list, &issue);
    let issued = done(&head, ("decisionIssue", "decision"), &issue);
    assert_eq!(read(&office, &list)["officeStatus"], "DECIDED");
    let awards = issued["awards"].as_array().unwrap();
    let mut names: Vec<&Value> = awards.iter().map(|award| &award["subjectName"]).collect();
    names.sort_by_key(ToString::to_string);
    assert_eq!(names, ["BASE_EMULATION_FIGHTER 1 (mẫu)", "Người khác (mẫu)"], "{issued}");
}

/// Step 7: while a complaint is not answered nothing is decided.
fn complained_and_answered((officer, head): &(&Client, &Client), list: &Value, issue: &Value) {
    let notice = json!({
        "submissionId": list["id"], "place": "Trang thông tin của Văn phòng",
        "openedOn": today(), "lastOn": today(),
    });
    let notice = done(officer, ("noticeOpen", "notice"), &notice);
    let complaint = json!({
        "noticeId": notice["id"], "complainant": "Bà Mẫu", "filedOn": today(),
        "content": "Thành tích không đúng như báo cáo",
    });
    let complaint = done(officer, ("complaintFile", "complaint"), &complaint);
    run(head, "decisionIssue", issue).refused("COMPLAINT_OPEN");
    for kind in ["HANDLED", "DISMISSED"] {
        let answer =
            json!({ "complaintId": complaint["id"], "kind": kind, "words": "Tổ xác minh số 2" });
        let _ = run(officer, "complaintStepAdd", &answer).ok();
    }
}

/// The check of W8: who works directly is counted, as far as it is known of those on the list.
fn the_meter_of_direct_workers_is_shown(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let person = |name: &str, is_direct: bool| {
        let input = json!({
            "kind": "INDIVIDUAL", "name": name, "unitId": world.a.office, "directWorker": is_direct,
            "leadershipClass": if is_direct { "DIRECT_WORKER" } else { "DIVISION" },
        });
        done(&office, ("subjectCreate", "subject"), &input)["id"].clone()
    };
    let award = title(&office, LABOURER);
    let nominee = |name: &str, subject: &Value| {
        json!({
            "kind": "INDIVIDUAL", "name": name, "awardTypeId": award, "subjectId": subject,
        })
    };
    let mut nominees: Vec<Value> = [("Một (mẫu)", true), ("Hai (mẫu)", true), ("Ba (mẫu)", false)]
        .map(|(name, is_direct)| nominee(name, &person(name, is_direct)))
        .into();
    nominees.push(json!({ "kind": "INDIVIDUAL", "name": "Bốn (mẫu)", "awardTypeId": award }));
    let input = json!({
        "unitId": world.a.office, "title": "Danh sách", "year": YEAR, "nominees": nominees,
    });
    let list = done(&office, ("submissionCreate", "submission"), &input);

    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    for client in [&office, &officer] {
        let meter = read(client, &list)["directWorkers"].clone();
        let numbers = ["persons", "known", "direct"].map(|name| meter[name].clone());
        assert_eq!(json!(numbers), json!([4, 3, 2]), "{meter}");
    }
}
