//! Workflow W8, what the office is told: the course of its own list apart from the state inside the province, and whom it has to
//! propose upward next. The list itself is gone through in [`crate::workflow_office`] and [`crate::workflow_dossier`].

use entity::role_grant::Role;
use entity::submission::State;
use entity::{subject, submission};
use harness::cases;
use harness::client::{Client, same_statements};
use harness::stage::{Case, Stage};
use harness::world::{Id, World, YEAR};
use sea_orm::{ColumnTrait, Condition};
use serde_json::{Value, json};

use crate::assembly::{Assembly, cast};
use crate::council::{done, run};
use crate::operation;
use crate::rules::{holders, person};
use crate::workflow::{decision, step};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        the_office_is_told_its_own_course,
        what_went_to_an_authority_above_is_told,
        a_page_of_courses_takes_what_one_takes,
        a_second_provincial_title_is_flagged,
        flags_of_a_list_take_what_one_takes,
    ]
}

const PROVINCIAL: &str = "PROVINCIAL_EMULATION_FIGHTER";
const NATIONAL: &str = "NATIONAL_EMULATION_FIGHTER";

fn title(client: &Client, code: &str) -> Value {
    let query =
        "query($code: String!) { awardTypes(where: { code: { eq: $code } }) { nodes { id } } }";
    client.run(query, json!({ "code": code })).ok()["awardTypes"]["nodes"][0]["id"].clone()
}

fn read(client: &Client, submission: &Value) -> Value {
    let read = client.run(operation::text("submission"), json!({ "id": submission["id"] }));
    read.ok()["submission"].clone()
}

/// What the office is told, and the state inside.
fn told(client: &Client, submission: &Value) -> [String; 2] {
    let now = read(client, submission);
    ["officeStatus", "state"].map(|field| now[field].as_str().unwrap().to_owned())
}

/// A draft of the office with nominees for one title; a subject or none beside each name.
fn draft(office: &Client, world: &World, (code, nominees): (&str, &[(&str, Value)])) -> Value {
    let award = title(office, code);
    let nominee = |(name, subject): &(&str, Value)| {
        json!({
            "kind": "INDIVIDUAL", "name": name, "awardTypeId": award, "subjectId": subject,
        })
    };
    let input = json!({
        "unitId": world.a.office, "title": "Danh sách đề nghị năm", "year": YEAR,
        "nominees": nominees.iter().map(nominee).collect::<Vec<_>>(),
    });
    done(office, ("submissionCreate", "submission"), &input)
}

/// Steps 2 to 8: the status seen by the office and the inner one differ, and who is no party to it sees neither.
fn the_office_is_told_its_own_course(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let strangers =
        [world.a.neighbour.sign_in(&server), world.b.sign_in(&server, Role::StandingOfficer)];
    let names = [("Lò Văn Một (mẫu)", Value::Null), ("Giàng Thị Hai (mẫu)", Value::Null)];
    let list = draft(&office, &world, ("BASE_EMULATION_FIGHTER", &names));
    let is = |status: &str, state: &str| {
        for client in [&office, &officer] {
            assert_eq!(told(client, &list), [status, state]);
        }
        for stranger in &strangers {
            assert_eq!(read(stranger, &list), Value::Null, "{status}");
        }
    };
    let take = |client: &Client, field: &str| step(client, field, &read(client, &list));

    is("PREPARING", "DRAFT");
    take(&office, "submissionSend");
    is("SENT", "SENT");
    take(&office, "submissionRecall");
    is("PREPARING", "RECALLED");
    take(&office, "submissionSend");
    let received = take(&officer, "submissionReceive");
    is("BEING_APPRAISED", "RECEIVED");
    let back = json!({
        "id": list["id"], "expectedVersion": received["version"], "reason": "Thiếu biên bản",
    });
    let _ = done(&officer, ("submissionReturn", "submission"), &back);
    is("RETURNED", "RETURNED");
    take(&office, "submissionSend");
    take(&officer, "submissionReceive");
    take(&officer, "submissionAppraise");
    is("BEING_APPRAISED", "APPRAISED");

    council_and_decision(&(&server, &world), (&list, &office), &is);
}

/// The council of the province sits, the chair approves, the head decides.
fn council_and_decision(
    (server, world): &(&harness::server::Server, &World),
    (list, office): (&Value, &Client),
    is: &dyn Fn(&str, &str),
) {
    let mut council = Assembly::new(server, world, 6);
    council.sit_on(read(office, list));
    is("AT_COUNCIL", "APPRAISED");
    council.attend(&["PRESENT"; 6]);
    let ballot = council.open(&json!({}));
    is("AT_COUNCIL", "APPRAISED");
    for client in council.clients(server, 5) {
        let _ = cast(&client, &ballot, "YY").ok();
    }
    let _ = council.close(server, &ballot);
    is("AT_COUNCIL", "APPRAISED");
    let end = json!({ "id": council.session, "expectedVersion": 2 });
    let _ = done(&council.secretary, ("sessionClose", "session"), &end);
    is("AWAITING_DECISION", "APPRAISED");
    let asked = json!({ "id": council.session });
    let hidden = office.run(operation::text("councilSession"), asked).ok();
    assert_eq!(hidden["councilSession"], Value::Null, "the office is told no more of the session");
    let chair = world.a.sign_in(server, Role::ProvinceChair);
    let approved = step(&chair, "submissionApprove", &read(&chair, list));
    is("AWAITING_DECISION", "APPROVED");
    let head = world.a.sign_in(server, Role::UnitHead);
    let _ = done(&head, ("decisionIssue", "decision"), &decision(world, &approved));
    is("DECIDED", "APPROVED");
}

/// A proposal that is only drafted tells the office nothing yet: the session that voted on it still sits; one that was sent
/// does.
fn what_went_to_an_authority_above_is_told(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let query = "query($id: ID!) { onwardSubmission(id: $id) {
      nominees { nominee { submission { id } } } } }";
    let own = &world.a.onward;
    for (onward, status) in [(own.sent, "SENT_ONWARD"), (own.drafts[0], "AT_COUNCIL")] {
        let found = secretary.run(query, json!({ "id": onward })).ok();
        let list = found["onwardSubmission"]["nominees"][0]["nominee"]["submission"].clone();

        assert_eq!(told(&office, &list), [status, "APPROVED"]);
        let hidden = office.run(query, json!({ "id": onward })).ok();
        assert_eq!(hidden["onwardSubmission"], Value::Null);
    }
}

fn a_page_of_courses_takes_what_one_takes(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let like = world.submission(&world.a, State::Received).id;
    let this = Condition::all().add(submission::Column::Id.eq(like.uuid));
    let like = world.ground.rows::<submission::Entity>(this).unwrap().remove(0);
    for place in 1..20 {
        let (id, number) = (Id::new("Submission").uuid, like.number + 700_000 + place);
        world.ground.add(submission::Model { id, number, ..like.clone() }).unwrap();
    }
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let text = "query($first: Int!) {
      submissions(first: $first, where: { state: { eq: RECEIVED } }) { nodes { officeStatus } } }";
    let ask = |first: usize| {
        let answer = officer.run(text, json!({ "first": first }));
        let count = answer.statements();
        let rows = answer.ok()["submissions"]["nodes"].as_array().unwrap().clone();
        assert_eq!(rows.len(), first);
        assert!(rows.iter().all(|row| row["officeStatus"] == "BEING_APPRAISED"), "{rows:?}");
        count
    };

    let (two, many) = (ask(2), ask(20));

    same_statements(two, many, "two rows and 20");
}

/// What nominees of a list lead to, by name: of the national title, whether it is obliged, and how its rule stands.
fn flags(client: &Client, list: &Value) -> Vec<(Value, Vec<(Value, Value)>)> {
    let now = read(client, list);
    let flag = |nominee: &Value| {
        let leads = nominee["leadsTo"].as_array().unwrap().iter();
        let national = leads.filter(|one| one["awardTypeCode"] == NATIONAL);
        let flags = national.map(|one| (one["isObliged"].clone(), one["verdict"].clone()));
        (nominee["name"].clone(), flags.collect())
    };
    now["nominees"].as_array().unwrap().iter().map(flag).collect()
}

/// Titles that somebody held, of older records.
fn held(officer: &Client, world: &World, (person, code, years): (&Value, &str, &[i32])) {
    let row = |year: &i32| {
        json!({
            "unitId": world.a.office, "subjectId": person, "awardType": code, "countingFrom": year,
        })
    };
    let rows: Vec<Value> = years.iter().map(row).collect();
    run(officer, "awardsImport", &json!({ "rows": rows })).ok();
}

fn initiative(officer: &Client, world: &World, (person, scope): (&Value, &str)) {
    let made = json!({
        "unitId": world.a.office, "title": "Số hóa hồ sơ", "scope": scope,
        "recognisedBy": "Hội đồng sáng kiến", "recognisedOn": format!("{YEAR}-11-01"),
        "authorIds": [person],
    });
    run(officer, "initiativeRecognise", &made).ok();
}

/// Step 3: three grassroots years in a row and an initiative; with the provincial title before, the national one follows.
fn a_second_provincial_title_is_flagged(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let names = ["Lần thứ hai (mẫu)", "Lần đầu (mẫu)", "Cách quá xa (mẫu)"];
    let people = names.map(|name| person(&officer, world.a.office, name));
    for one in &people {
        held(&officer, &world, (one, "BASE_EMULATION_FIGHTER", &[YEAR - 2, YEAR - 1, YEAR]));
        initiative(&officer, &world, (one, "MINISTRY_PROVINCE"));
    }
    held(&officer, &world, (&people[0], PROVINCIAL, &[YEAR - 3]));
    held(&officer, &world, (&people[2], PROVINCIAL, &[YEAR - 4]));
    let mut nominees: Vec<(&str, Value)> = names.into_iter().zip(people.clone()).collect();
    nominees.push(("Chỉ ghi tên (mẫu)", Value::Null));
    let list = draft(&office, &world, (PROVINCIAL, &nominees));

    let found = flags(&office, &list);

    let second = |verdict: &str| vec![(json!(true), json!(verdict))];
    assert_eq!(found.len(), nominees.len());
    assert_eq!(found[0], (json!(names[0]), second("FAILED")), "for want of an initiative");
    for (name, flags) in &found[1..] {
        assert!(flags.is_empty(), "{name}: {flags:?}");
    }
    let asked = json!({ "unitId": world.a.office, "year": YEAR, "includeFailed": true });
    let now = officer.run(operation::text("mustProposeNow"), asked).ok();
    let now = now["mustProposeNow"].as_array().unwrap().iter();
    let mut now = now.filter(|one| one["subject"]["id"] == people[0]);
    assert!(now.all(|one| one["awardTypeCode"] != NATIONAL), "only once the title is given");

    initiative(&officer, &world, (&people[0], "NATION"));
    step(&office, "submissionSend", &read(&office, &list));
    assert_eq!(told(&office, &list), ["SENT", "SENT"]);
    for client in [&office, &officer] {
        assert_eq!(flags(client, &list)[0].1, second("UNKNOWN"), "people have to say the rest");
    }
    for stranger in [world.a.neighbour.sign_in(&server), world.b.sign_in(&server, Role::UnitHead)] {
        assert_eq!(read(&stranger, &list), Value::Null);
    }
}

fn flags_of_a_list_take_what_one_takes(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    holders(&world, &world.a, (30, "BASE_EMULATION_FIGHTER"));
    let these = Condition::all()
        .add(subject::Column::TenantId.eq(world.a.id.uuid))
        .add(subject::Column::Name.starts_with("Ý 00"));
    let people = world.ground.rows::<subject::Entity>(these).unwrap();
    let people: Vec<(&str, Value)> = people
        .iter()
        .map(|row| ("Người mẫu", json!(api::scalar::encode("Subject", row.id))))
        .collect();
    assert_eq!(people.len(), 30);
    let query = "query($id: ID!) { submission(id: $id) {
      nominees { leadsTo { awardTypeCode verdict citation subject { name } } } } }";
    let take = |count: usize| {
        let list = draft(&office, &world, (PROVINCIAL, &people[..count]));
        let answer = office.run(query, json!({ "id": list["id"] }));
        let statements = answer.statements();
        assert_eq!(answer.ok()["submission"]["nominees"].as_array().unwrap().len(), count);
        statements
    };
    let _kept = take(1);

    let (one, many) = (take(1), take(30));

    same_statements(one, many, "one nominee and 30");
}
