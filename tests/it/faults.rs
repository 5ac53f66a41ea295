//! What a front end is told: of one of a list its place, and of what exists already what it is.

use entity::role_grant::Role;
use harness::cases;
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::{Value, json};

use crate::assembly::{Assembly, with};
use crate::council::run;
use crate::fitting::Fitting;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        one_of_a_list_is_told_by_its_place,
        what_a_list_does_not_take_is_told_by_its_place,
        a_vote_is_told_by_its_place,
        what_exists_already_is_told,
        how_much_fits_is_told,
    ]
}

/// The path of the one error of a mutation, its parts joined by points.
fn path(body: &Value, field: &str) -> String {
    let parts = body[field]["errors"][0]["path"].as_array().unwrap().iter();
    parts.map(|part| part.as_str().unwrap()).collect::<Vec<_>>().join(".")
}

/// The message of the one error of a mutation.
fn said<'a>(body: &'a Value, field: &str) -> &'a str {
    body[field]["errors"][0]["message"].as_str().unwrap()
}

fn one_of_a_list_is_told_by_its_place(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let fitting = Fitting::new(&world, &world.a);
    let (subject, free) = (json!(world.a.subject), json!(world.a.onward.free));
    let (unit, list) = (json!(world.a.other_office), json!(world.a.submission.id));
    let (seat, nothing) = (json!(world.a.cluster.seats[1].id), json!("?"));
    for (role, field, name, named) in [
        (Role::StandingOfficer, "unitCreate", "predecessorIds", [&unit, &unit]),
        (Role::StandingOfficer, "unitCreate", "predecessorIds", [&unit, &nothing]),
        (Role::StandingOfficer, "unitClose", "successorIds", [&unit, &unit]),
        (Role::UnitHead, "decisionIssue", "submissionIds", [&list, &list]),
        (Role::UnitHead, "initiativeRecognise", "authorIds", [&subject, &subject]),
        (Role::UnitOfficer, "initiativePropose", "authorIds", [&subject, &subject]),
        (Role::UnitOfficer, "initiativePropose", "authorIds", [&subject, &nothing]),
        (Role::ClusterCoordinator, "scorePeerAssign", "memberIds", [&seat, &seat]),
        (Role::CouncilSecretary, "onwardSubmissionCreate", "nomineeIds", [&free, &free]),
        (Role::CouncilSecretary, "onwardSubmissionCreate", "nomineeIds", [&free, &nothing]),
    ] {
        let client = world.a.sign_in(&server, role);
        let input = with(fitting.inputs(field)[0].clone(), &json!({ name: named }));
        let code = if named[1] == &nothing { "INVALID_ID" } else { "ALREADY_EXISTS" };

        let body = run(&client, field, &input).refused(code);

        assert_eq!(path(&body, field), format!("input.{name}.1"), "{body}");
    }
}

fn what_a_list_does_not_take_is_told_by_its_place(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let fitting = Fitting::new(&world, &world.a);
    let refused = |role: Role, (field, code): (&str, &str), more: &Value| {
        let client = world.a.sign_in(&server, role);
        let input = with(fitting.inputs(field)[0].clone(), more);
        run(&client, field, &input).refused(code)
    };

    let paper =
        json!({ "symbol": "QĐ-VP", "decidedOn": "2026-01-20", "legalBasis": ["Luật", " "] });
    let issue = ("decisionIssue", "REQUIRED");
    let body = refused(Role::UnitHead, issue, &json!({ "paper": paper }));
    assert_eq!(path(&body, "decisionIssue"), "input.paper.legalBasis.1");
    let codes = json!({ "awardTypeCodes": ["PROVINCIAL_CERTIFICATE", "KHONG_CO"] });
    let body = refused(Role::UnitHead, ("awardTargetCreate", "NOT_FOUND"), &codes);
    assert_eq!(path(&body, "awardTargetCreate"), "input.awardTypeCodes.1");
    assert!(said(&body, "awardTargetCreate").contains("KHONG_CO"), "{body}");
    let of_another = json!({
        "kind": "AWARD_LIST", "title": "Danh sách", "nomineeIds": [world.b.submission.nominees[0]],
    });
    let items = json!({ "items": [of_another] });
    let body = refused(Role::CouncilSecretary, ("sessionPlan", "NOT_FOUND"), &items);
    assert_eq!(path(&body, "sessionPlan"), "input.items.0.nomineeIds.0");
}

fn a_vote_is_told_by_its_place(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 4);
    assembly.attend(&["PRESENT"; 4]);
    let unknown = json!({ "itemId": assembly.item, "candidateIds": [assembly.candidates[0], world.b.board.candidates[0]] });
    let body = run(&assembly.secretary, "ballotOpen", &unknown).refused("NOT_FOUND");
    assert_eq!(path(&body, "ballotOpen"), "input.candidateIds.1");
    let ballot = assembly.open(&json!({}));
    let member = assembly.member(&server, 1);
    let choice = |id: &Value| json!({ "candidateId": id, "choice": "YES" });
    let known = choice(&ballot["candidates"][0]["id"]);
    for (second, code) in
        [(known.clone(), "INVALID_COMBINATION"), (choice(&json!("?")), "INVALID_ID")]
    {
        let cast = json!({ "id": ballot["id"], "choices": [known, second] });

        let body = run(&member, "ballotCast", &cast).refused(code);

        assert_eq!(path(&body, "ballotCast"), "input.choices.1.candidateId");
    }
}

/// By the databases, each in its words, and by the rules.
fn what_exists_already_is_told(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let administrator = world.a.sign_in(&server, Role::TenantAdministrator);
    let quota = json!({
        "awardTypeCode": "LETTER_DEPARTMENT", "base": "COUNT", "most": 1, "citation": "Quy chế",
        "validFrom": "2025-01-01", "validTo": "2025-12-31",
    });
    let unit = json!({
        "parentId": world.a.office, "code": "trung", "name": "Phòng", "kind": "DIVISION",
        "validFrom": "2026-01-01",
    });
    let person = json!({
        "kind": "INDIVIDUAL", "name": "Lò Văn Trùng (mẫu)", "unitId": world.a.office, "code": "TRUNG",
    });
    let account = json!({
        "username": "nguoi.trung", "displayName": "Người trùng (mẫu)",
        "password": "một mật khẩu mới dài",
    });
    for (client, field, input, parts) in [
        (&officer, "quotaCreate", quota, ["2025-01-01 – 2025-12-31", "quotaEnd"]),
        (&officer, "unitCreate", unit, ["Mã này", "đơn vị"]),
        (&officer, "subjectCreate", person, ["Mã này", "cá nhân"]),
        (&administrator, "userCreate", account, ["Tên đăng nhập", "tài khoản"]),
    ] {
        run(client, field, &input).ok();

        let body = run(client, field, &input).refused("ALREADY_EXISTS");

        let told = said(&body, field);
        assert!(parts.iter().all(|part| told.contains(part)), "{told}");
    }
}

fn how_much_fits_is_told(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let paper = |more: &Value| {
        let paper = with(json!({ "symbol": "QĐ-VP", "decidedOn": "2026-01-20" }), more);
        json!({ "unitId": world.a.office, "paper": paper })
    };
    let told = |more: &Value| {
        let body = run(&head, "decisionIssue", &paper(more)).refused("OUT_OF_RANGE");
        said(&body, "decisionIssue").to_owned()
    };

    let few = told(&json!({ "number": 0 }));
    assert!(few.contains("'number'") && few.contains('1') && !few.contains("2147483647"), "{few}");
    let many = told(&json!({ "legalBasis": vec!["Luật"; 1000] }));
    assert!(many.contains("Danh sách 'legalBasis'"), "{many}");
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let unknown = json!({
        "councilId": world.a.board.id, "awardCode": "KHONG_CO", "citation": "Quy chế",
        "validFrom": "2026-01-01",
    });
    let body = run(&secretary, "ballotRuleSet", &unknown).refused("NOT_FOUND");
    assert!(said(&body, "ballotRuleSet").contains("KHONG_CO"), "{body}");
}
