//! Initiatives: proposed, put before a council of initiatives, voted on, recognised, and used once.

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Answer, Client, same_statements};
use harness::server::Server;
use harness::stage::{Case, Stage};
use harness::world::{Id, World, YEAR, this_year};
use serde_json::{Value, json};

use crate::assembly::{Assembly, cast, with};
use crate::council::{done, run};
use crate::fitting::Fitting;
use crate::operation;
use crate::rules::person;
use crate::vote::voted;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        an_initiative_counts_once_and_only_after_the_councils_vote,
        an_initiative_that_did_not_pass_is_never_recognised,
        two_sessions_are_no_two_votes,
        authors_do_not_vote_on_their_own,
        each_council_votes_on_its_own_matters,
        an_office_recognises_as_far_as_the_law_lets_it,
        a_council_sets_its_own_share,
        nobody_takes_his_name_off_himself,
        a_page_of_proposals_takes_what_one_takes,
        a_use_that_was_marked_by_mistake_is_taken_back,
    ]
}

/// Inputs that fit the mutations of proposals.
pub(crate) fn fitting(fitting: &Fitting<'_>, mutation: &str) -> Option<Vec<Value>> {
    let province = fitting.province;
    let step = json!({ "id": province.proposals[0], "expectedVersion": 1 });
    Some(vec![match mutation {
        "initiativePropose" => proposal(province.office, &[json!(province.subject)]),
        "initiativeProposalWithdraw" | "initiativeProposalRefuse" => {
            with(step, &json!({ "reason": "Chưa đủ minh chứng" }))
        }
        "initiativeUseCancel" => json!({
            "id": province.records.initiative, "expectedVersion": 1, "reason": "Ghi nhầm",
        }),
        "initiativeProposalRecognise" => with(step, &json!({ "decision": "12/QĐ-UBND" })),
        _ => return None,
    }])
}

pub(crate) fn proposal(unit: impl serde::Serialize, authors: &[Value]) -> Value {
    json!({
        "unitId": unit, "title": "Số hóa hồ sơ", "scope": "BASE", "authorIds": authors,
        "description": "Quét và lập chỉ mục hồ sơ giấy.", "evidence": "Báo cáo số 5",
    })
}

pub(crate) fn propose(client: &Client, input: &Value) -> Value {
    done(client, ("initiativePropose", "proposal"), input)
}

/// The proposal as it is read now.
fn read(client: &Client, of: &Value) -> Value {
    let text = operation::text("initiativeProposal");
    client.run(text, json!({ "id": of["id"] })).ok()["initiativeProposal"].clone()
}

fn recognise(client: &Client, of: &Value) -> Answer {
    let version = read(client, of)["version"].clone();
    let input = json!({ "id": of["id"], "expectedVersion": version, "decision": "12/QĐ-UBND" });
    run(client, "initiativeProposalRecognise", &input)
}

/// A council of initiatives of so many members in these units, of a unit or of the tenant, that sits on proposals.
pub(crate) fn hearing(
    (server, world): (&Server, &World),
    (unit, seats): (Option<Id>, &[Option<Id>]),
    proposals: &[&Value],
) -> Assembly {
    let secretary = world.a.sign_in(server, Role::CouncilSecretary);
    let council = json!({
        "kind": "INITIATIVE", "name": "Hội đồng sáng kiến", "unitId": unit, "validFrom": "2024-01-01",
    });
    let council = done(&secretary, ("councilCreate", "council"), &council)["id"].clone();
    let members = world.people(&world.a, seats.len());
    let mut made = Vec::new();
    for (place, (person, unit)) in members.iter().zip(seats).enumerate() {
        let seat = json!({
            "councilId": council, "postTitle": format!("Chuyên gia {place}"), "unitId": unit,
            "organisation": "Sở", "role": if place == 0 { "CHAIR" } else { "MEMBER" },
            "validFrom": "2024-01-01",
        });
        let seat = done(&secretary, ("councilSeatCreate", "seat"), &seat)["id"].clone();
        let holder = json!({ "seatId": seat, "userId": person.id, "validFrom": "2024-01-01" });
        let _ = done(&secretary, ("seatHolderAppoint", "holder"), &holder);
        made.push(seat);
    }
    let session = done(&secretary, ("sessionPlan", "session"), &plan(&council, proposals));
    let item = session["items"][0].clone();
    let rows = item["candidates"].as_array().unwrap();
    let candidates = rows.iter().map(|row| row["id"].clone()).collect();
    let open = json!({ "id": session["id"], "expectedVersion": 1 });
    let session = done(&secretary, ("sessionOpen", "session"), &open)["id"].clone();
    let (item, submission) = (item["id"].clone(), Value::Null);
    Assembly { secretary, members, seats: made, council, session, item, candidates, submission }
}

fn plan(council: impl serde::Serialize, proposals: &[&Value]) -> Value {
    let ids: Vec<&Value> = proposals.iter().map(|one| &one["id"]).collect();
    json!({
        "councilId": council, "year": 2026, "title": "Kỳ họp xét sáng kiến", "plannedOn": "2026-07-01",
        "items": [{ "kind": "INITIATIVE_LIST", "title": "Xét công nhận sáng kiến", "initiativeProposalIds": ids }],
    })
}

/// Everyone is there and votes like this; the ballot as it is closed.
pub(crate) fn vote(server: &Server, council: &Assembly, letters: &[&str]) -> Value {
    council.attend(&vec!["PRESENT"; council.members.len()]);
    let ballot = council.open(&json!({}));
    for (client, letters) in council.clients(server, letters.len()).iter().zip(letters) {
        let _ = cast(client, &ballot, letters).ok();
    }
    council.close(server, &ballot)
}

fn verdict(client: &Client, subject: &Value) -> Value {
    let asked = json!({
        "subjectId": subject, "awardTypeCode": "BASE_EMULATION_FIGHTER", "year": this_year(),
    });
    let answer = client.run(operation::text("eligibilityCheck"), asked).ok();
    answer["eligibilityCheck"]["verdict"].clone()
}

/// From the office's proposal to the title it serves for.
fn an_initiative_counts_once_and_only_after_the_councils_vote(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let author = person(&officer, world.a.office, "Tác giả sáng kiến");
    let rated = json!({
        "subjectId": author, "year": this_year(), "expectedVersion": 0, "completionRating": "GOOD",
    });
    let _ = done(&officer, ("yearRecordRecord", "yearRecord"), &rated);
    let made = propose(&office, &proposal(world.a.office, std::slice::from_ref(&author)));
    assert_eq!((&made["state"], &made["council"]), (&json!("PROPOSED"), &Value::Null));
    assert_eq!(made["authorNames"], json!(["Tác giả sáng kiến"]));
    assert_eq!(verdict(&officer, &author), "FAILED", "proposed is not recognised");
    let _ = recognise(&officer, &made).refused("INITIATIVE_NOT_PASSED");

    let council = hearing((&server, &world), (None, &[None; 5]), &[&made]);
    let member = council.member(&server, 1);
    let seen = read(&member, &made);
    assert_eq!(seen["description"], made["description"], "the council reads what it votes on");
    let _ = recognise(&officer, &made).refused("INITIATIVE_NOT_PASSED");
    let withdraw = json!({ "id": made["id"], "expectedVersion": 2, "reason": "Rút" });
    let _ = run(&office, "initiativeProposalWithdraw", &withdraw).refused("WRONG_STATE");
    let ballot = vote(&server, &council, &["Y", "Y", "Y", "N", "N"]);
    assert_eq!(ballot["results"][0]["outcome"], "PASSED");
    assert_eq!(verdict(&officer, &author), "FAILED", "voted is not recognised");

    let _ = recognise(&office, &made).refused("FORBIDDEN");
    let now = recognise(&council.secretary, &made).ok();
    let now = &now["initiativeProposalRecognise"]["proposal"];

    assert_eq!((&now["state"], &now["decision"]), (&json!("RECOGNISED"), &json!("12/QĐ-UBND")));
    let of = read(&office, &made)["initiative"].clone();
    assert_eq!((&of["scope"], &of["title"]), (&json!("BASE"), &made["title"]));
    assert_eq!(of["recognisedBy"], "Hội đồng sáng kiến, 12/QĐ-UBND");
    // Good, with an initiative; what remains a person has to confirm.
    assert_eq!(verdict(&officer, &author), "UNKNOWN");
    let _ = recognise(&officer, &made).refused("WRONG_STATE");
    let used = |version: i32| {
        json!({
            "id": of["id"], "expectedVersion": version, "awardTypeCode": "PROVINCIAL_CERTIFICATE",
            "year": this_year(),
        })
    };
    let _ = run(&officer, "initiativeUse", &used(1)).ok();
    let _ = run(&officer, "initiativeUse", &used(2)).refused("INITIATIVE_USED");
    assert_eq!(verdict(&officer, &author), "FAILED", "it served already");
}

fn an_initiative_that_did_not_pass_is_never_recognised(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let subject = json!(world.a.subject);
    let [one, other] = [(); 2]
        .map(|()| propose(&office, &proposal(world.a.office, std::slice::from_ref(&subject))));
    let council = hearing((&server, &world), (None, &[None; 5]), &[&one, &other]);
    let secretary = &council.secretary;
    let end = |of: &Value| json!({ "id": of["id"], "expectedVersion": 2, "reason": "Chưa mới" });
    let _ = run(secretary, "initiativeProposalRefuse", &end(&one)).refused("WRONG_STATE");

    // Three of five are more than half; two are not.
    let ballot = vote(&server, &council, &["YY", "YY", "NY", "NA", "AN"]);

    let outcomes = [0, 1].map(|place| ballot["results"][place]["outcome"].clone());
    assert_eq!(outcomes, ["FAILED", "PASSED"].map(|it| json!(it)));
    let _ = recognise(secretary, &one).refused("INITIATIVE_NOT_PASSED");
    let again = plan(&council.council, &[&one]);
    let _ = run(secretary, "sessionPlan", &again).refused("WRONG_STATE");
    let _ = run(secretary, "initiativeProposalRefuse", &end(&other)).refused("WRONG_STATE");
    let told = done(secretary, ("initiativeProposalRefuse", "proposal"), &end(&one));
    assert_eq!(told["state"], "REFUSED");
    assert_eq!(read(&office, &one)["reason"], "Chưa mới", "the office is told why");
    let _ = recognise(secretary, &one).refused("WRONG_STATE");
    let _ = recognise(secretary, &other).ok();
}

/// On the agendas of two sessions it is voted on once at a time, and the last ballot decides.
fn two_sessions_are_no_two_votes(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let subject = json!(world.a.subject);
    let twice = proposal(world.a.office, &[subject.clone(), subject.clone()]);
    let refused = run(&office, "initiativePropose", &twice).refused("ALREADY_EXISTS");
    let said = refused["initiativePropose"]["errors"][0]["message"].as_str().unwrap();
    assert!(said.contains("'authorIds'"), "the list is named, not the number: {said}");
    let made = propose(&office, &proposal(world.a.office, &[subject]));
    let first = hearing((&server, &world), (None, &[None; 5]), &[&made]);
    let secretary = &first.secretary;
    let next = done(secretary, ("sessionPlan", "session"), &plan(&first.council, &[&made]));
    let step = json!({ "id": next["id"], "expectedVersion": 1 });
    let _ = done(secretary, ("sessionOpen", "session"), &step);
    let open = json!({ "itemId": next["items"][0]["id"] });
    first.attend(&["PRESENT"; 5]);
    let ballot = first.open(&json!({}));

    let _ = run(secretary, "ballotOpen", &open).refused("WRONG_STATE");

    for client in first.clients(&server, 5) {
        let _ = cast(&client, &ballot, "N").ok();
    }
    let ballot = first.close(&server, &ballot);
    assert_eq!(ballot["results"][0]["outcome"], "FAILED");
    let _ = recognise(secretary, &made).refused("INITIATIVE_NOT_PASSED");
    let _ = run(secretary, "ballotOpen", &open).refused("REQUIRED");
    let (session, item) = (next["id"].clone(), next["items"][0]["id"].clone());
    let second = Assembly { session, item, ..first };
    second.attend(&["PRESENT"; 5]);
    let motion = json!({ "reconsidersId": ballot["id"], "reason": "Có minh chứng mới" });
    let again = voted(&server, &second, (&second.item, &motion), &["Y"; 5]);
    assert_eq!((&again["round"], &again["results"][0]["outcome"]), (&json!(2), &json!("PASSED")));
    let version = read(&office, &made)["version"].clone();
    let end = json!({ "id": made["id"], "expectedVersion": version, "reason": "Chưa mới" });
    let _ = run(&second.secretary, "initiativeProposalRefuse", &end).refused("WRONG_STATE");
    let _ = recognise(&second.secretary, &made).ok();
}

/// Whoever wrote it down, whoever is an author, and who stands in for a member.
fn authors_do_not_vote_on_their_own(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let author = person(&officer, world.a.office, "Ủy viên là tác giả");
    let made = propose(&officer, &proposal(world.a.office, std::slice::from_ref(&author)));
    let council = hearing((&server, &world), (None, &[None; 5]), &[&made]);
    let himself = json!({
        "id": author, "expectedVersion": 1, "userId": council.members[3].id,
    });
    let linked = done(&officer, ("subjectUpdate", "subject"), &himself);
    assert_eq!(linked["user"]["id"], json!(council.members[3].id));
    council.attend(&["PRESENT"; 5]);

    let ballot = council.open(&json!({}));

    let roll = ballot["roll"].as_array().unwrap();
    let recused: Vec<_> = roll.iter().filter(|line| line["mode"] == "RECUSED").collect();
    assert_eq!(recused.len(), 1, "{roll:?}");
    assert_eq!(recused[0]["seatId"], council.seats[3]);
    assert_eq!(recused[0]["reason"], "là tác giả: Số hóa hồ sơ");
    let _ = cast(&council.member(&server, 3), &ballot, "Y").refused("RECUSED");
}

fn each_council_votes_on_its_own_matters(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let board = &world.a.board;
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let made = propose(&office, &proposal(world.a.office, &[json!(world.a.subject)]));
    let list = json!({ "kind": "AWARD_LIST", "title": "Xét khen thưởng" });
    let initiatives = json!({
        "kind": "INITIATIVE_LIST", "title": "Xét sáng kiến", "initiativeProposalIds": [made["id"]],
    });
    let add = |session: Id, item: &Value| {
        run(&secretary, "agendaItemAdd", &json!({ "sessionId": session, "item": item }))
    };

    let _ = add(board.planned, &initiatives).refused("WRONG_COUNCIL");
    let _ = add(board.hearing, &list).refused("WRONG_COUNCIL");
    let _ = run(&secretary, "sessionPlan", &plan(board.id, &[&made])).refused("WRONG_COUNCIL");
    let mixed = with(list, &json!({ "initiativeProposalIds": [made["id"]] }));
    let _ = add(board.planned, &mixed).refused("INVALID_COMBINATION");
    let rule = json!({
        "councilId": board.inventors, "awardCode": "PROVINCIAL_EMULATION_FLAG",
        "citation": "Quy chế, Điều 3", "validFrom": "2026-01-01",
    });
    let _ = run(&secretary, "ballotRuleSet", &rule).refused("WRONG_COUNCIL");
    assert_eq!(read(&office, &made)["council"], Value::Null, "nothing was put before anyone");
    let item = add(board.hearing, &initiatives).ok()["agendaItemAdd"]["item"].clone();
    let candidate = &item["candidates"][0];
    assert_eq!(candidate["initiativeProposal"]["id"], made["id"]);
    assert_eq!(candidate["awardType"], Value::Null);
    let lower = json!({
        "id": candidate["id"], "awardTypeId": world.award_type, "reason": "Chưa đạt",
    });
    let _ = run(&secretary, "candidateDowngrade", &lower).refused("INVALID_COMBINATION");
}

fn an_office_recognises_as_far_as_the_law_lets_it(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let (office, elsewhere) = (world.a.office, world.a.other_office);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let author = [json!(world.a.subject)];
    let base = propose(&officer, &proposal(office, &author));
    let council = hearing((&server, &world), (Some(office), &[Some(office); 5]), &[&base]);
    let wide = with(proposal(office, &author), &json!({ "scope": "MINISTRY_PROVINCE" }));
    let wide = propose(&officer, &wide);
    let foreign = propose(&officer, &proposal(elsewhere, &author));

    let beyond = run(&council.secretary, "sessionPlan", &plan(&council.council, &[&wide]));
    let beyond = beyond.refused("INITIATIVE_SCOPE_BEYOND");
    let error = &beyond["sessionPlan"]["errors"][0];
    assert!(error["message"].as_str().unwrap().contains("Điều 22"), "{error}");
    let other = run(&council.secretary, "sessionPlan", &plan(&council.council, &[&foreign]));
    let _ = other.refused("WRONG_COUNCIL");

    // The office's own council votes on what was made there: its unit is nobody's own.
    let ballot = vote(&server, &council, &["Y"; 5]);
    assert_eq!((&ballot["recused"], &ballot["results"][0]["yes"]), (&json!(0), &json!(5)));
    let _ = recognise(&council.secretary, &base).ok();
    let of_tenant = hearing((&server, &world), (None, &[None; 3]), &[&wide]);
    let ballot = vote(&server, &of_tenant, &["Y"; 3]);
    assert_eq!(ballot["results"][0]["outcome"], "PASSED");
    let now = recognise(&of_tenant.secretary, &wide).ok();
    let now = &now["initiativeProposalRecognise"]["proposal"]["initiative"];
    assert_eq!(now["scope"], "MINISTRY_PROVINCE");
}

/// Where the law asks for no share, ours is taken and says so; the council's regulation stands above it.
fn a_council_sets_its_own_share(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let council = world.a.board.inventors;
    let rules = |day: &str| {
        let variables = json!({ "councilId": council, "asOf": day });
        let read = secretary.run(operation::text("ballotRules"), variables).ok();
        read["ballotRules"].as_array().unwrap().clone()
    };
    let usual = rules("2026-06-01");
    assert_eq!(usual.len(), 1, "{usual:?}");
    assert_eq!((&usual[0]["awardCode"], &usual[0]["votesNeeded"]), (&Value::Null, &json!(8)));
    assert!(usual[0]["citation"].as_str().unwrap().contains("mặc định của hệ thống"));

    let own = json!({
        "councilId": council, "threshold": { "numerator": 2, "denominator": 3 },
        "comparison": "AT_LEAST", "citation": "Quy chế Hội đồng sáng kiến, Điều 5",
        "validFrom": "2026-03-01",
    });
    let _ = done(&secretary, ("ballotRuleSet", "rule"), &own);

    let now = rules("2026-06-01");
    assert_eq!((&now[0]["isRegulation"], &now[0]["votesNeeded"]), (&json!(true), &json!(10)));
    assert_eq!(rules("2026-02-28")[0]["isRegulation"], false);
}

fn nobody_takes_his_name_off_himself(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.person(Role::UnitHead);
    let (client, officer) =
        (head.sign_in(&server), world.a.sign_in(&server, Role::StandingOfficer));
    let subject = json!(world.a.subject);
    let update = |version: i32, user: Value| json!({ "id": subject, "expectedVersion": version, "userId": user });
    let neighbour = json!(world.a.neighbour.id);
    let _ = run(&client, "subjectUpdate", &update(1, neighbour)).refused("NOT_FOUND");
    let _ = run(&client, "subjectUpdate", &update(1, json!(head.id))).ok();

    let _ = run(&client, "subjectUpdate", &update(2, Value::Null)).refused("FORBIDDEN");
    let collective = json!({
        "id": world.a.collective, "expectedVersion": 1, "userId": world.a.neighbour.id,
    });
    let _ = run(&officer, "subjectUpdate", &collective).refused("INVALID_COMBINATION");
    let twin = person(&officer, world.a.office, "Người thứ hai");
    let twin = json!({ "id": twin, "expectedVersion": 1, "userId": head.id });
    let _ = run(&officer, "subjectUpdate", &twin).refused("ALREADY_EXISTS");
    let _ = run(&officer, "subjectUpdate", &update(2, Value::Null)).ok();
}

fn a_page_of_proposals_takes_what_one_takes(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    for _ in 0..5 {
        let _ = propose(&officer, &proposal(world.a.office, &[json!(world.a.subject)]));
    }
    let text = operation::text("initiativeProposals");
    let ask = |first: usize| {
        let order = json!([{ "proposedOn": { "direction": "ASC" } }]);
        let answer = officer.run(text, json!({ "first": first, "orderBy": order }));
        let statements = answer.statements();
        (statements, answer.ok()["initiativeProposals"]["nodes"].as_array().unwrap().len())
    };

    let (two, _) = ask(2);
    let (many, found) = ask(50);

    assert_eq!(found, 7);
    same_statements(two, many, "two proposals and seven");
}

fn a_use_that_was_marked_by_mistake_is_taken_back(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let chair = world.a.sign_in(&server, Role::ProvinceChair);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let neighbour = world.b.sign_in(&server, Role::StandingOfficer);
    let id = world.a.records.initiative;
    let using = |version: i32, code: &str, year: i32| json!({ "id": id, "expectedVersion": version, "awardTypeCode": code, "year": year });
    let free =
        |version: i32| json!({ "id": id, "expectedVersion": version, "reason": "Ghi nhầm hồ sơ" });
    let letter = "PROVINCIAL_CERTIFICATE";

    for (code, year, refused, at) in [
        ("NO_SUCH_TITLE", YEAR, "AWARD_UNKNOWN", "awardTypeCode"),
        ("ADVANCED_LABOURER", YEAR, "INVALID_COMBINATION", "awardTypeCode"),
        (letter, YEAR - 2, "OUT_OF_RANGE", "year"),
        (letter, 3000, "OUT_OF_RANGE", "year"),
    ] {
        let told = run(&officer, "initiativeUse", &using(1, code, year)).refused(refused);
        assert_eq!(told["initiativeUse"]["errors"][0]["path"], json!(["input", at]), "{told}");
    }
    let _ = run(&officer, "initiativeUseCancel", &free(1)).refused("WRONG_STATE");
    let _ = run(&secretary, "initiativeUse", &using(1, letter, YEAR)).ok();

    let _ = run(&office, "initiativeUseCancel", &free(2)).refused("FORBIDDEN");
    let _ = run(&neighbour, "initiativeUseCancel", &free(2)).refused("NOT_FOUND");
    let _ = run(&secretary, "initiativeUseCancel", &free(1)).refused("CONFLICT");
    let bare = with(free(2), &json!({ "reason": " " }));
    let _ = run(&secretary, "initiativeUseCancel", &bare).refused("REASON_REQUIRED");
    let freed = done(&secretary, ("initiativeUseCancel", "initiative"), &free(2));
    assert_eq!((&freed["usedFor"], &freed["usedYear"]), (&Value::Null, &Value::Null));
    assert_eq!(freed["version"], 3);
    let trail = "{ auditEvents(first: 100) { nodes { action reason } } }";
    let trail = chair.run(trail, json!({})).ok().to_string();
    assert!(trail.contains("InitiativeUseCancel") && trail.contains("Ghi nhầm hồ sơ"), "{trail}");
    let again = done(&officer, ("initiativeUse", "initiative"), &using(3, letter, YEAR));
    assert_eq!(again["usedYear"], YEAR);
}
