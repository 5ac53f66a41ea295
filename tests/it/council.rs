//! Councils: seats that belong to posts, and holders who come and go.

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Answer, Client};
use harness::people::PASSWORD;
use harness::server::Server;
use harness::stage::{Case, Stage};
use harness::world::{Person, World};
use serde_json::{Value, json};

use crate::fitting::Fitting;
use crate::operation;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_seat_gives_its_holder_the_council_and_takes_it_back,
        a_seat_has_one_holder_at_a_time,
        a_province_has_one_council_at_a_time,
        a_standing_part_is_a_council_of_its_own,
        a_regulation_stands_above_the_law_and_never_below,
        a_share_of_nobody_or_of_too_many_is_refused,
    ]
}

/// Inputs that fit the mutations of councils.
pub(crate) fn fitting(fitting: &Fitting<'_>, mutation: &str) -> Option<Vec<Value>> {
    let (province, board) = (fitting.province, &fitting.province.board);
    let new = json!({ "kind": "INITIATIVE", "name": "Hội đồng mới", "validFrom": "2026-01-01" });
    let of_office = json!({
        "kind": "PROVINCE", "name": "Thường trực mới", "validFrom": "2026-01-01",
        "unitId": province.office, "parentId": board.id,
    });
    let seat = json!({
        "councilId": board.id, "postTitle": "Giám đốc", "organisation": "Sở Nội vụ",
        "unitId": province.office, "role": "STANDING_VICE", "validFrom": "2026-01-01",
    });
    let ended = json!({ "expectedVersion": 1, "validTo": "2026-12-31", "reason": "Kiện toàn" });
    let of = |id: harness::world::Id| {
        let mut input = ended.clone();
        input["id"] = json!(id);
        input
    };
    Some(match mutation {
        "councilCreate" => vec![new, of_office],
        "councilUpdate" => {
            vec![json!({ "id": board.id, "expectedVersion": 1, "name": "Tên sửa" })]
        }
        "councilSeatCreate" => vec![seat],
        "councilSeatClose" => vec![of(board.vacant)],
        "seatHolderAppoint" => vec![json!({
            "seatId": board.vacant, "userId": province.neighbour.id, "validFrom": "2050-01-01",
        })],
        "seatHolderEnd" => vec![of(board.holder)],
        "ballotRuleSet" => vec![json!({
            "councilId": board.id, "awardCode": "PROVINCIAL_EMULATION_FLAG",
            "recusal": "SHRINKS_BASE", "citation": "Quy chế hoạt động của Hội đồng, Điều 9",
            "validFrom": "2026-01-01",
        })],
        "sessionCancel" => {
            vec![json!({ "id": board.hearing, "expectedVersion": 1, "reason": "Hoãn họp" })]
        }
        "ballotRuleEnd" => {
            vec![json!({ "id": board.rule, "expectedVersion": 1, "validTo": "2099-12-31" })]
        }
        "sessionMinutesCorrect" => vec![json!({
            "sessionId": board.closed, "expectedVersion": 1,
            "correction": "Tên người dự họp thứ hai", "reason": "Ghi sai tên",
        })],
        _ => return of_sessions(fitting, mutation).or_else(|| of_ballots(fitting, mutation)),
    })
}

fn of_sessions(fitting: &Fitting<'_>, mutation: &str) -> Option<Vec<Value>> {
    let (province, board) = (fitting.province, &fitting.province.board);
    let award = fitting.world.award_type;
    let list = json!({
        "kind": "AWARD_LIST", "title": "Xét khen thưởng", "nomineeIds": [fitting.submission.nominees[0]],
    });
    let step = |id: harness::world::Id| json!({ "id": id, "expectedVersion": 1 });
    let with = |mut input: Value, more: Value| {
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    if mutation == "agendaItemAdd" {
        let initiatives = json!({
            "kind": "INITIATIVE_LIST", "title": "Xét sáng kiến",
            "initiativeProposalIds": [province.proposals[0]],
        });
        let add = |session, item| json!({ "sessionId": session, "item": item });
        return Some(vec![add(board.planned, list), add(board.hearing, initiatives)]);
    }
    Some(vec![match mutation {
        "sessionPlan" => json!({
            "councilId": board.id, "year": 2026, "title": "Kỳ họp mới", "plannedOn": "2026-07-01",
            "items": [list],
        }),
        "sessionPaperAdd" => json!({
            "sessionId": board.sitting, "itemId": board.item, "title": "Báo cáo",
            "fileName": "bao-cao.pdf", "mediaType": "application/pdf", "sizeBytes": "10",
            "sha256": "0123456789abcdef".repeat(4),
        }),
        "candidateDowngrade" => {
            json!({ "id": board.candidates[1], "awardTypeId": award, "reason": "Chưa đạt" })
        }
        "sessionOpen" => step(board.planned),
        "sessionClose" => step(board.idle),
        "invitationAnswer" => with(step(board.invited), json!({ "comes": true })),
        "attendanceRecord" => with(
            step(board.invited),
            json!({
                "presence": "PRESENT", "substituteId": province.neighbour.id, "mandate": "Giấy ủy quyền số 1",
            }),
        ),
        "tieDeclare" => {
            json!({ "itemId": board.item, "seatId": board.seat, "reason": "Người thân" })
        }
        "agendaItemConclude" => with(step(board.item), json!({ "outcome": "NOTED" })),
        "sessionTaskAdd" => {
            json!({ "sessionId": board.sitting, "task": "Rà soát quy chế", "owner": "Sở Nội vụ" })
        }
        "sessionTaskUpdate" => with(step(board.task), json!({ "state": "DONE" })),
        _ => return None,
    }])
}

fn of_ballots(fitting: &Fitting<'_>, mutation: &str) -> Option<Vec<Value>> {
    let board = &fitting.province.board;
    let [open, closed, counting] = board.ballots;
    Some(match mutation {
        "ballotOpen" => vec![
            json!({ "itemId": board.item, "candidateIds": [board.candidates[2]] }),
            json!({
                "itemId": board.item, "candidateIds": [board.candidates[2]],
                "reconsidersId": closed, "reason": "Đề nghị xét lại",
            }),
        ],
        "ballotCast" => vec![json!({
            "id": open, "choices": [{ "candidateId": board.asked[0], "choice": "YES" }],
        })],
        "ballotPaperCountEnter" => vec![json!({
            "id": counting, "issued": 0, "returned": 0, "missing": 0, "valid": 0, "invalid": 0,
            "votes": [{ "candidateId": board.asked[2], "yes": 0, "no": 0, "abstain": 0 }],
        })],
        "ballotClose" => vec![json!({ "id": open, "expectedVersion": 1 })],
        "ballotTieDecide" => {
            vec![json!({ "id": board.asked[1], "isTaken": true, "reason": "Chủ tịch quyết định" })]
        }
        "ballotCloseConfirm" => vec![json!({ "id": counting, "expectedVersion": 1 })],
        _ => return None,
    })
}

/// Asks until there is a place in the line.
pub(crate) fn run(client: &Client, field: &str, input: &Value) -> Answer {
    loop {
        let answer = client.run(operation::text(field), json!({ "input": input }));
        if answer.status != 503 {
            return answer;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

/// What a mutation made or changed.
pub(crate) fn done(client: &Client, (field, noun): (&str, &str), input: &Value) -> Value {
    run(client, field, input).ok()[field][noun].clone()
}

/// A session begun now: with the roles of now.
pub(crate) fn anew(server: &Server, person: &Person) -> Client {
    server.client().sign_in(&person.tenant, &person.username, PASSWORD)
}

/// Names of the councils that someone reads.
fn councils(client: &Client) -> Vec<Value> {
    let read = client.run("{ councils { nodes { id } } }", json!({})).ok();
    let nodes = read["councils"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["id"].clone()).collect()
}

fn a_seat_gives_its_holder_the_council_and_takes_it_back(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let board = &world.a.board;
    let person = &world.a.neighbour;
    assert!(councils(&anew(&server, person)).is_empty());

    let seated = json!({
        "seatId": board.vacant, "userId": person.id, "validFrom": "2025-07-01", "isActing": true,
    });
    let holder = done(&secretary, ("seatHolderAppoint", "holder"), &seated);

    assert_eq!(holder["isActing"], true);
    let member = anew(&server, person);
    assert_eq!(councils(&member), [json!(board.id)]);
    let read = member.run(operation::text("council"), json!({ "id": board.id })).ok();
    let seats = read["council"]["seats"].as_array().unwrap().clone();
    assert_eq!(seats.len(), 2);
    assert_eq!(seats[1]["holder"]["id"], holder["id"]);
    let day = "query($id: ID!) { council(id: $id) { seats(asOf: \"2025-06-30\") { holder(asOf: \"2025-06-30\") { id } } } }";
    let before = member.run(day, json!({ "id": board.id })).ok();
    assert_eq!(before["council"]["seats"][1]["holder"], Value::Null, "vacant the day before");
    let end = json!({
        "id": holder["id"], "expectedVersion": 1, "validTo": "2025-12-31", "reason": "Nghỉ hưu",
    });
    let ended = done(&secretary, ("seatHolderEnd", "holder"), &end);
    assert_eq!(ended["validTo"], "2025-12-31");
    assert!(councils(&anew(&server, person)).is_empty(), "the right ends with the seat");
}

fn a_seat_has_one_holder_at_a_time(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let admin = world.a.sign_in(&server, Role::TenantAdministrator);
    let board = &world.a.board;
    let seated = |seat, person: &Person| json!({ "seatId": seat, "userId": person.id, "validFrom": "2026-01-01" });
    let member = world.a.person(Role::CouncilMember);
    let myself = world.a.person(Role::TenantAdministrator);

    for (seat, person, code) in [
        (board.seat, &world.a.neighbour, "SEAT_ALREADY_HELD"),
        (board.vacant, member, "SEAT_ALREADY_HELD"),
        (board.vacant, myself, "FORBIDDEN"),
    ] {
        let _ = run(&admin, "seatHolderAppoint", &seated(seat, person)).refused(code);
    }

    let officer = world.a.person(Role::UnitOfficer);
    let _ = done(&admin, ("seatHolderAppoint", "holder"), &seated(board.vacant, officer));
    let close = json!({
        "id": board.vacant, "expectedVersion": 9, "validTo": "2026-12-31", "reason": "Kiện toàn",
    });
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let _ = run(&chair, "councilSeatClose", &close).refused("FORBIDDEN");
    let _ = run(&admin, "councilSeatClose", &close).refused("CONFLICT");
}

fn a_province_has_one_council_at_a_time(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let new = |kind: &str, from: &str| json!({ "kind": kind, "name": "Hội đồng khác", "validFrom": from });

    run(&secretary, "councilCreate", &new("PROVINCE", "2026-01-01")).refused("ALREADY_EXISTS");
    run(&secretary, "councilCreate", &new("CENTRAL", "2026-01-01")).refused("INVALID_COMBINATION");
    let end = |version: i32, day: Value| json!({ "id": world.a.board.id, "expectedVersion": version, "validTo": day });
    let _ = run(&secretary, "councilUpdate", &end(1, json!("2026-12-31"))).ok();
    run(&secretary, "councilCreate", &new("PROVINCE", "2026-12-31")).refused("ALREADY_EXISTS");
    let _ = run(&secretary, "councilCreate", &new("PROVINCE", "2027-01-01")).ok();
    run(&secretary, "councilUpdate", &end(2, Value::Null)).refused("ALREADY_EXISTS");
    let _ = run(&secretary, "councilCreate", &new("INITIATIVE", "2026-01-01")).ok();
    let _ = run(&secretary, "councilCreate", &new("INITIATIVE", "2026-01-01")).ok();
}

fn a_standing_part_is_a_council_of_its_own(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let board = &world.a.board;
    let new = json!({
        "kind": "PROVINCE", "name": "Thường trực Hội đồng", "parentId": board.id,
        "validFrom": "2026-01-01",
    });

    let part = done(&secretary, ("councilCreate", "council"), &new);

    assert_eq!(part["parent"]["id"], json!(board.id));
    let seat = json!({
        "councilId": part["id"], "postTitle": "Chủ tịch UBND tỉnh", "organisation": "UBND tỉnh",
        "role": "CHAIR", "validFrom": "2026-01-01",
    });
    let again = seat.clone();
    let seat = done(&secretary, ("councilSeatCreate", "seat"), &seat);
    let second = run(&secretary, "councilSeatCreate", &again).refused("ALREADY_EXISTS");
    let path = &second["councilSeatCreate"]["errors"][0]["path"];
    assert_eq!(path, &json!(["input", "role"]), "one chair at a time");
    assert_eq!((&seat["position"], &seat["votes"]), (&json!(1), &json!(true)));
    let member = world.a.sign_in(&server, Role::CouncilMember);
    assert_eq!(councils(&member), [json!(board.id)], "a seat in one is none in the other");
}

fn rule(client: &Client, council: harness::world::Id, (award, day): (&str, &str)) -> Value {
    let variables = json!({ "councilId": council, "asOf": day });
    let rules = client.run(operation::text("ballotRules"), variables).ok();
    let rules = rules["ballotRules"].as_array().unwrap().clone();
    rules.into_iter().find(|rule| rule["awardCode"] == award).unwrap()
}

fn a_regulation_stands_above_the_law_and_never_below(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let board = world.a.board.id;
    let award = "PROVINCIAL_EMULATION_FLAG";
    let set = |more: Value| {
        let mut input = json!({
            "councilId": board, "awardCode": award, "validFrom": "2026-01-01",
            "citation": "Quy chế hoạt động của Hội đồng, Điều 9",
        });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let law = rule(&secretary, board, (award, "2026-06-01"));
    assert_eq!((&law["isRegulation"], &law["votesNeeded"]), (&json!(false), &json!(12)));
    assert_eq!(law["isCarriedOver"], true, "its decree has ended: {law}");
    let decree = rule(&secretary, board, (award, "2025-06-30"));
    assert_eq!(decree["isCarriedOver"], false, "{decree}");

    let half = json!({ "threshold": { "numerator": 1, "denominator": 2 } });
    let refused = run(&secretary, "ballotRuleSet", &set(half)).refused("RULE_BELOW_FLOOR");
    let error = &refused["ballotRuleSet"]["errors"][0];
    assert!(error["message"].as_str().unwrap().contains("98/2023"), "{error}");
    let more =
        json!({ "threshold": { "numerator": 9, "denominator": 10 }, "recusal": "SHRINKS_BASE" });
    let made = done(&secretary, ("ballotRuleSet", "rule"), &set(more));

    assert_eq!((&made["isRegulation"], &made["votesNeeded"]), (&json!(true), &json!(14)));
    let now = rule(&secretary, board, (award, "2026-06-01"));
    assert_eq!((&now["recusal"], &now["votesNeeded"]), (&json!("SHRINKS_BASE"), &json!(14)));
    let before = rule(&secretary, board, (award, "2025-12-31"));
    assert_eq!(before["isRegulation"], false, "what was in force then stays in force then");
    let again = run(&secretary, "ballotRuleSet", &set(json!({})));
    let _ = again.refused("ALREADY_EXISTS");
    let later = json!({ "validFrom": "2027-01-01" });
    let _ = done(&secretary, ("ballotRuleSet", "rule"), &set(later));
    let last = rule(&secretary, board, (award, "2026-06-01"));
    assert_eq!(last["validTo"], "2026-12-31");
}

fn a_share_of_nobody_or_of_too_many_is_refused(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let board = world.a.board.id;
    for base in [-5, 0, 10_001] {
        let asked = format!(
            "query($id: ID!) {{ ballotRules(councilId: $id) {{ votesNeeded(base: {base}) }} }}"
        );
        let body = secretary.run(&asked, json!({ "id": board })).top("BAD_USER_INPUT");
        let said = &body["errors"][0]["extensions"];
        assert_eq!(said["errorCode"], "OUT_OF_RANGE", "{body}");
        assert_eq!(said["argument"], json!(["base"]), "{body}");
    }

    for (share, field, most) in [((8001, 10_000), "denominator", 1000), ((4, 3), "numerator", 3)] {
        let share = json!({ "numerator": share.0, "denominator": share.1 });
        let wide = json!({
            "councilId": board, "validFrom": "2026-01-01", "threshold": share,
            "citation": "Quy chế hoạt động của Hội đồng, Điều 9",
        });
        let refused = run(&secretary, "ballotRuleSet", &wide).refused("OUT_OF_RANGE");
        let error = &refused["ballotRuleSet"]["errors"][0];
        assert_eq!(error["path"], json!(["input", "threshold", field]), "{error}");
        assert!(error["message"].as_str().unwrap().contains(&most.to_string()), "{error}");
    }
}
