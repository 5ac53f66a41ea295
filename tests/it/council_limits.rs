//! What no council is and none does: the council of an office without an office, a part of another kind, one that has
//! ended and votes on, a regulation that lowers the quorum, and slips in what is entered of a session.

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Answer, Client};
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::{Value, json};

use crate::assembly::{Assembly, nominated, today, with};
use crate::council::{done, run};
use crate::operation;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        the_council_of_an_office_has_an_office,
        a_standing_part_is_of_its_council,
        a_standing_part_sits_and_votes_within_its_council,
        a_council_that_has_ended_sits_and_votes_no_more,
        no_regulation_lowers_the_quorum,
        a_slip_is_told_where_it_stands,
        a_regulation_ends_and_not_before_who_voted_by_it,
    ]
}

fn create(client: &Client, more: &Value) -> Answer {
    let input = json!({ "kind": "OFFICE", "name": "Hội đồng thử", "validFrom": "2026-01-01" });
    run(client, "councilCreate", &with(input, more))
}

/// The path of the one error of a mutation.
fn path(body: &Value, field: &str) -> Value {
    body[field]["errors"][0]["path"].clone()
}

fn plan(council: &Value, (day, nominees): (&str, &[&Value])) -> Value {
    json!({
        "councilId": council, "year": 2026, "title": "Kỳ họp thử", "plannedOn": day,
        "items": [{ "kind": "AWARD_LIST", "title": "Danh sách", "nomineeIds": nominees }],
    })
}

fn nominees(submission: &Value) -> Vec<&Value> {
    submission["nominees"].as_array().unwrap().iter().map(|row| &row["id"]).collect()
}

/// One without an office, or of the root, would vote on the nominees of everyone.
fn the_council_of_an_office_has_an_office(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);

    let body = create(&secretary, &json!({})).refused("REQUIRED");

    assert_eq!(path(&body, "councilCreate"), json!(["input", "unitId"]));
    let body =
        create(&secretary, &json!({ "unitId": world.a.root })).refused("INVALID_COMBINATION");
    assert_eq!(path(&body, "councilCreate"), json!(["input", "unitId"]));
    let made = create(&secretary, &json!({ "unitId": world.a.other_office })).ok();
    let made = made["councilCreate"]["council"]["id"].clone();
    // One that was made without an office before reaches nothing.
    let id = api::scalar::decode(made.as_str().unwrap()).unwrap().1;
    let key =
        if world.ground.is_postgres() { format!("'{id}'") } else { format!("X'{}'", id.simple()) };
    let sql = format!("UPDATE council SET unit_id = NULL WHERE id = {key}");
    world.ground.query(&sql).unwrap();
    let list = nominated(&server, &world, &[("Lò Văn Một (mẫu)", "BASE_EMULATION_FIGHTER")]);
    let input = plan(&made, ("2026-07-01", &nominees(&list)));
    let _ = run(&secretary, "sessionPlan", &input).refused("WRONG_COUNCIL");
}

fn a_standing_part_is_of_its_council(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let board = &world.a.board;
    let part = |more: &Value| {
        let input = with(json!({ "parentId": board.id, "kind": "PROVINCE" }), more);
        create(&secretary, &input)
    };

    for (more, code, place) in [
        (json!({ "kind": "INITIATIVE" }), "INVALID_COMBINATION", "kind"),
        (json!({ "kind": "CENTRAL" }), "INVALID_COMBINATION", "kind"),
        (json!({ "parentId": board.standing }), "INVALID_COMBINATION", "parentId"),
        (json!({ "validFrom": "2020-01-01" }), "NOT_IN_FORCE", "validFrom"),
    ] {
        let body = part(&more).refused(code);
        assert_eq!(path(&body, "councilCreate"), json!(["input", place]), "{more}");
    }
    let whole = part(&json!({})).ok()["councilCreate"]["council"].clone();
    // It ends with the council whose part it is.
    let end = json!({ "id": board.id, "expectedVersion": 1, "validTo": "2024-12-31" });
    let _ = done(&secretary, ("councilUpdate", "council"), &end);
    let input = with(plan(&whole["id"], ("2026-12-01", &[])), &json!({ "year": 2026 }));
    let _ = run(&secretary, "sessionPlan", &input).refused("NOT_IN_FORCE");

    // A part of an office's council is of that office, whether it says so or not.
    let office = create(&secretary, &json!({ "unitId": world.a.office })).ok();
    let office = json!({ "parentId": office["councilCreate"]["council"]["id"] });
    let other = with(office.clone(), &json!({ "unitId": world.a.other_office }));
    let body = create(&secretary, &other).refused("INVALID_COMBINATION");
    assert_eq!(path(&body, "councilCreate"), json!(["input", "unitId"]));
    let made = create(&secretary, &office).ok()["councilCreate"]["council"]["id"].clone();
    let unit = "query($id: ID!) { council(id: $id) { unit { id } } }";
    let read =
        world.a.sign_in(&server, Role::StandingOfficer).run(unit, json!({ "id": made })).ok();
    assert_eq!(read["council"]["unit"]["id"], json!(world.a.office));
}

/// A seat of a standing part, for one of its council.
fn seat(secretary: &Client, part: &Value, place: usize) -> Value {
    let seat = json!({
        "councilId": part, "postTitle": format!("Thường trực {place}"), "organisation": "UBND tỉnh",
        "role": if place == 0 { "CHAIR" } else { "MEMBER" }, "validFrom": "2026-01-01",
    });
    done(secretary, ("councilSeatCreate", "seat"), &seat)["id"].clone()
}

/// It is made of members of the council, and votes on nothing that counts only in the whole of it.
fn a_standing_part_sits_and_votes_within_its_council(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let mut assembly = Assembly::new(&server, &world, 4);
    let more = json!({ "kind": "PROVINCE", "parentId": assembly.council });
    let part = create(&assembly.secretary, &more).ok()["councilCreate"]["council"]["id"].clone();
    let seats = [0, 1].map(|place| seat(&assembly.secretary, &part, place));
    let holder = |seat: &Value, user: harness::world::Id| json!({ "seatId": seat, "userId": user, "validFrom": "2026-01-01" });

    let stranger = holder(&seats[0], world.a.neighbour.id);
    let body = run(&assembly.secretary, "seatHolderAppoint", &stranger);

    let body = body.refused("INVALID_COMBINATION");
    assert_eq!(path(&body, "seatHolderAppoint"), json!(["input", "userId"]));
    for (seat, member) in seats.iter().zip(&assembly.members) {
        let input = holder(seat, member.id);
        let _ = done(&assembly.secretary, ("seatHolderAppoint", "holder"), &input);
    }
    assembly.council = part;
    // A title whose votes count only in the whole council.
    assembly.convene(&server, &world);
    assembly.attend(&["PRESENT"; 2]);
    let open = json!({ "itemId": assembly.item });
    let body = run(&assembly.secretary, "ballotOpen", &open).refused("WRONG_COUNCIL");
    let said = body["ballotOpen"]["errors"][0]["message"].as_str().unwrap();
    assert!(said.contains("Chiến sĩ thi đua cơ sở") && said.contains("98/2023"), "{said}");
    let asked = json!({ "itemId": assembly.item });
    let preview = assembly.secretary.run(operation::text("ballotPreview"), asked).ok();
    assert_eq!(preview["ballotPreview"]["candidates"][0]["canPass"], false, "{preview}");
    let list = [("Lò Văn Ba (mẫu)", "PROVINCIAL_CERTIFICATE")];
    assembly.sit_on(nominated(&server, &world, &list));
    assembly.attend(&["PRESENT"; 2]);
    let _ = assembly.open(&json!({}));
}

/// Ends the council of an assembly on a day long past.
fn end(assembly: &Assembly) {
    let input = json!({ "id": assembly.council, "expectedVersion": 1, "validTo": "2024-12-31" });
    let _ = done(&assembly.secretary, ("councilUpdate", "council"), &input);
}

fn a_council_that_has_ended_sits_and_votes_no_more(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 4);
    let secretary = &assembly.secretary;
    assembly.attend(&["PRESENT"; 4]);
    let list = nominees(&assembly.submission);
    let waits = plan(&assembly.council, ("2026-12-01", &list));
    let waits = done(secretary, ("sessionPlan", "session"), &waits);
    let first = json!({ "candidateIds": [assembly.candidates[0]] });
    let begun = assembly.open(&first);
    end(&assembly);

    let open = json!({ "itemId": assembly.item, "candidateIds": [assembly.candidates[1]] });
    let body = run(secretary, "ballotOpen", &open).refused("NOT_IN_FORCE");
    let said = body["ballotOpen"]["errors"][0]["message"].as_str().unwrap();
    assert!(said.contains("Hội đồng tỉnh"), "the council is named: {said}");
    let step = json!({ "id": waits["id"], "expectedVersion": 1 });
    let _ = run(secretary, "sessionOpen", &step).refused("NOT_IN_FORCE");
    let now = today();
    for day in ["2026-12-01", now.as_str()] {
        let year: i32 = day[..4].parse().unwrap();
        let input = with(plan(&assembly.council, (day, &[])), &json!({ "year": year }));
        let body = run(secretary, "sessionPlan", &input).refused("NOT_IN_FORCE");
        assert_eq!(path(&body, "sessionPlan"), json!(["input", "councilId"]));
    }
    // What it had begun is brought to its end.
    let closed = assembly.close(&server, &begun);
    assert_eq!(closed["state"], "CLOSED", "{closed}");
    let step = json!({ "id": assembly.session, "expectedVersion": 2 });
    let _ = done(secretary, ("sessionClose", "session"), &step);
}

/// The share of votes is the council's own where the law is silent, the quorum nowhere.
fn no_regulation_lowers_the_quorum(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let set = |numerator: i32, denominator: i32| {
        let input = json!({
            "councilId": world.a.board.id, "awardCode": "PROVINCIAL_CERTIFICATE",
            "citation": "Quy chế, Điều 5", "validFrom": "2024-02-01",
            "quorum": { "numerator": numerator, "denominator": denominator },
            "threshold": { "numerator": 1, "denominator": 3 },
        });
        run(&secretary, "ballotRuleSet", &input)
    };

    let body = set(1, 1000).refused("RULE_BELOW_FLOOR");

    assert_eq!(path(&body, "ballotRuleSet"), json!(["input", "quorum"]));
    let said = body["ballotRuleSet"]["errors"][0]["message"].as_str().unwrap();
    assert!(
        said.contains("2/3") && !said.contains("quá nửa"),
        "the quorum, not the majority: {said}"
    );
    let _ = set(1, 2).refused("RULE_BELOW_FLOOR");
    let rule = set(4, 5).ok()["ballotRuleSet"]["rule"].clone();
    assert_eq!(rule["quorum"], json!({ "numerator": 4, "denominator": 5 }), "{rule}");
}

fn a_slip_is_told_where_it_stands(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 4);
    assembly.attend(&["PRESENT"; 4]);
    let refuse = |field: &str, input: &Value, code: &str| {
        path(&run(&assembly.secretary, field, input).refused(code), field)
    };

    let one = &assembly.candidates[0];
    let twice = json!({ "itemId": assembly.item, "candidateIds": [one, one] });
    let at = refuse("ballotOpen", &twice, "ALREADY_EXISTS");
    assert_eq!(at, json!(["input", "candidateIds", "1"]));
    let due = |day: &str| {
        json!({
            "sessionId": assembly.session, "task": "Trình quyết định", "owner": "Sở Nội vụ",
            "dueOn": day,
        })
    };
    let at = refuse("sessionTaskAdd", &due("2020-01-01"), "OUT_OF_RANGE");
    assert_eq!(at, json!(["input", "dueOn"]));
    let _ = run(&assembly.secretary, "sessionTaskAdd", &due("2026-07-01")).ok();
    for name in ["../../etc/passwd", "C:\\tep.pdf", "hai\ndong.pdf", ".."] {
        let paper = json!({
            "sessionId": assembly.session, "title": "Tờ trình", "fileName": name,
            "mediaType": "application/pdf", "sizeBytes": "10",
            "sha256": "0123456789abcdef".repeat(4),
        });
        let at = refuse("sessionPaperAdd", &paper, "INVALID_FORMAT");
        assert_eq!(at, json!(["input", "fileName"]), "{name}");
    }
    let places = json!({
        "sessionId": assembly.session,
        "item": { "kind": "REPORT", "title": "Báo cáo", "places": 2 },
    });
    let at = refuse("agendaItemAdd", &places, "INVALID_COMBINATION");
    assert_eq!(at, json!(["input", "item", "places"]));
}

/// What a regulation asks is put right by its end, and by another one after it.
fn a_regulation_ends_and_not_before_who_voted_by_it(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 4);
    let secretary = &assembly.secretary;
    let code = "BASE_EMULATION_FIGHTER";
    let set = |day: &str| {
        let share = json!({ "numerator": 9, "denominator": 10 });
        json!({
            "councilId": assembly.council, "awardCode": code, "validFrom": day,
            "citation": format!("Quy chế từ {day}"), "threshold": share,
        })
    };
    let made = done(secretary, ("ballotRuleSet", "rule"), &set("2026-01-01"));
    let end = |version: i32, day: &str| json!({ "id": made["id"], "expectedVersion": version, "validTo": day });
    let on = |day: &str| {
        let asked = json!({ "councilId": assembly.council, "asOf": day });
        let read = secretary.run(operation::text("ballotRules"), asked).ok();
        let rules = read["ballotRules"].as_array().unwrap().clone();
        rules.into_iter().find(|rule| rule["awardCode"] == code)
    };
    assert_eq!(on("2098-01-01").unwrap()["id"], made["id"], "{made}");
    assembly.attend(&["PRESENT"; 4]);
    let _ = assembly.open(&json!({}));

    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let _ = run(&office, "ballotRuleEnd", &end(1, "2097-12-31")).refused("FORBIDDEN");
    let stranger = world.b.sign_in(&server, Role::CouncilSecretary);
    let _ = run(&stranger, "ballotRuleEnd", &end(1, "2097-12-31")).refused("NOT_FOUND");
    let _ = run(secretary, "ballotRuleEnd", &end(1, "2025-12-31")).refused("PERIOD_REVERSED");
    let _ = run(secretary, "ballotRuleEnd", &end(1, "2026-01-02")).refused("DECIDED_SINCE");
    let ended = done(secretary, ("ballotRuleEnd", "rule"), &end(1, &today()));
    assert_eq!((&ended["validTo"], &ended["version"]), (&json!(today()), &json!(2)));
    let _ = run(secretary, "ballotRuleEnd", &end(1, &today())).refused("CONFLICT");
    let _ = run(secretary, "ballotRuleEnd", &end(2, "2097-12-31")).refused("FINAL_STATE");

    let after = on("2098-01-01");
    assert!(after.is_none_or(|rule| rule["isRegulation"] == false), "the law has its place");
    let other = done(secretary, ("ballotRuleSet", "rule"), &set("2098-01-01"));
    assert_eq!(on("2098-01-01").unwrap()["id"], other["id"]);
    // One by which nobody voted ends on any of its days.
    let first = json!({ "id": other["id"], "expectedVersion": 1, "validTo": "2098-01-01" });
    let ended = done(secretary, ("ballotRuleEnd", "rule"), &first);
    assert_eq!(ended["validTo"], "2098-01-01");
}
