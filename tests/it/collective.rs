//! What the law asks of a collective: its place in a published comparison, and what its members did, before what the
//! unit wrote down about itself.

use api::scalar::encode;
use entity::role_grant::Role;
use entity::subject::Model as Subject;
use entity::{award, subject, subject_membership, year_record};
use harness::cases;
use harness::client::{Answer, Client, same_statements};
use harness::server::Server;
use harness::stage::{Case, Stage};
use harness::world::{Id, Province, World, YEAR};
use sea_orm::{ColumnTrait, Condition};
use serde_json::{Value, json};

use crate::operation;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_published_place_counts_on_either_side_of_a_crossing_cluster,
        a_foreign_place_and_a_foreign_member_stay_closed,
        members_count_by_their_own_records,
        a_record_against_it_wins_on_its_own_side_alone,
        who_moved_counts_where_he_went,
        a_decision_asks_the_members_too,
        a_list_of_collectives_takes_as_many_statements_as_one,
    ]
}

const FLAG: &str = "PROVINCIAL_EMULATION_FLAG";
const EXCELLENT: &str = "EXCELLENT_LABOUR_COLLECTIVE";
const ADVANCED: &str = "ADVANCED_LABOUR_COLLECTIVE";

fn run(client: &Client, field: &str, input: &Value) -> Answer {
    client.run(operation::text(field), json!({ "input": input }))
}

fn check(client: &Client, subject: &Value, award: &str) -> Value {
    let asked = json!({ "subjectId": subject, "awardTypeCode": award, "year": YEAR });
    client.run(operation::text("eligibilityCheck"), asked).ok()["eligibilityCheck"].clone()
}

/// A condition of the way the law names for the award, by its place there.
fn step(check: &Value, place: usize) -> Value {
    let law = |it: &&Value| it["rule"]["part"] == "BRANCH";
    let law = check["outcomes"].as_array().unwrap().iter().find(law).unwrap();
    law["steps"][place].clone()
}

fn stands(step: &Value) -> (&str, &str) {
    (step["verdict"].as_str().unwrap(), step["message"].as_str().unwrap())
}

/// How a condition stands, with the end of what is said of it.
#[track_caller]
fn is(step: &Value, verdict: &str, end: &str) {
    let (stands, message) = stands(step);
    assert_eq!(stands, verdict, "{step}");
    assert!(message.ends_with(end), "{message} does not end with {end}");
}

fn record(client: &Client, subject: &Value, more: &Value) {
    let mut input = json!({ "subjectId": subject, "year": YEAR, "expectedVersion": 0 });
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    run(client, "yearRecordRecord", &input).ok();
}

fn in_english(client: &Client, subject: &Value, award: &str) -> Value {
    let asked = json!({ "subjectId": subject, "awardTypeCode": award, "year": YEAR });
    let query = operation::text("eligibilityCheck");
    let body = json!({ "query": query, "variables": asked }).to_string();
    let headers = [("content-type", "application/json"), ("accept-language", "en")];
    client.post(body.as_bytes(), &headers).ok()["eligibilityCheck"].clone()
}

/// The offices of two provinces are compared: that of B is first. Nothing is published yet.
fn compared(server: &Server, world: &World) -> Client {
    let coordinator = world.crossing_coordinator.sign_in(server);
    for (seat, value) in world.crossing.seats.iter().zip(["4", "9"]) {
        let score = |place: usize| {
            let criterion = format!("{place}-{}", world.crossing.canary);
            json!({ "criterion": criterion, "value": value, "reason": "Thẩm định" })
        };
        let input = json!({
            "clusterId": world.crossing.id, "year": YEAR, "memberId": seat.id,
            "scores": [score(2), score(3)],
        });
        run(&coordinator, "scoreVerify", &input).ok();
    }
    coordinator
}

fn publish(coordinator: &Client, world: &World, (state, version): (&str, i32)) {
    let input = json!({
        "clusterId": world.crossing.id, "year": YEAR, "expectedVersion": version, "state": state,
    });
    run(coordinator, "comparisonPublish", &input).ok();
}

fn a_published_place_counts_on_either_side_of_a_crossing_cluster(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let [a, b] = [&world.a, &world.b].map(|it| it.sign_in(&server, Role::UnitOfficer));
    let [of_a, of_b] = [&world.a, &world.b].map(|it| json!(it.collective));
    let ranked = |rank: i32| json!({ "clusterRank": rank, "clusterScope": "MINISTRY_PROVINCE" });
    record(&a, &of_a, &ranked(1));
    record(&b, &of_b, &ranked(2));
    let coordinator = compared(&server, &world);

    for (state, version) in [("PROVISIONAL", 1), ("OPEN", 2), ("PROVISIONAL", 3)] {
        publish(&coordinator, &world, (state, version));
        is(&step(&check(&a, &of_a, FLAG), 1), "PASSED", "(theo đơn vị ghi: hạng 1)");
        is(&step(&check(&b, &of_b, FLAG), 1), "FAILED", "(theo đơn vị ghi: hạng 2)");
    }
    publish(&coordinator, &world, ("PUBLISHED", 4));

    let cluster = format!("Cụm {}", world.crossing.canary);
    let lost = step(&check(&a, &of_a, FLAG), 1);
    let differs = "hạng 2/2; đơn vị ghi hạng 1, không tính)";
    is(&lost, "FAILED", &format!("(theo kết quả đã công bố của {cluster}, năm {YEAR}: {differs}"));
    let fact = json!([{
        "kind": "COMPARISON", "what": "2/2", "year": YEAR, "reference": cluster,
        "id": world.crossing.id,
    }]);
    assert_eq!(lost["facts"], fact);
    let officer = world.b.sign_in(&server, Role::StandingOfficer);
    for client in [&b, &officer] {
        let won = step(&check(client, &of_b, FLAG), 1);
        is(&won, "PASSED", "hạng 1/2; đơn vị ghi hạng 2, không tính)");
    }
    let english = step(&in_english(&b, &of_b, FLAG), 1);
    is(&english, "PASSED", "place 1 of 2; the unit recorded 2, which does not count)");
}

/// Each side reads the same cluster, and nothing of the other tenant.
fn a_foreign_place_and_a_foreign_member_stay_closed(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let coordinator = compared(&server, &world);
    publish(&coordinator, &world, ("PUBLISHED", 1));
    for (this, other, hidden) in
        [(&world.a, &world.b, world.hidden_from_a()), (&world.b, &world.a, world.hidden_from_b())]
    {
        for role in [Role::StandingOfficer, Role::UnitOfficer, Role::Auditor] {
            let client = this.sign_in(&server, role);
            assert_eq!(check(&client, &json!(other.collective), FLAG), Value::Null);
            assert_eq!(check(&client, &json!(other.collective), EXCELLENT), Value::Null);
            for award in [FLAG, EXCELLENT] {
                let seen = check(&client, &json!(this.collective), award).to_string();
                let leak = hidden.iter().find(|word| seen.contains(*word));
                assert_eq!(leak, None, "{role:?} of {award}: {seen}");
            }
        }
    }
    let neighbour = world.b.neighbour.sign_in(&server);
    let beside = run(
        &neighbour,
        "subjectCreate",
        &json!({
            "kind": "COLLECTIVE", "name": "Đơn vị ngoài cụm", "unitId": world.b.other_office, "isUnit": true,
        }),
    );
    let beside = beside.ok()["subjectCreate"]["subject"]["id"].clone();
    is(&step(&check(&neighbour, &beside, FLAG), 1), "UNKNOWN", "của bộ, tỉnh");
}

/// A division of an office as a collective, with so many people of whom nothing is recorded.
struct Team {
    collective: Value,
    people: Vec<Value>,
}

fn team((world, province): (&World, &Province), officer: &Client, count: usize) -> Team {
    let unit = world.divisions(province, 1).remove(0);
    let create = |more: Value| {
        let mut input = json!({ "unitId": unit, "memberSince": "2024-03-01" });
        for (name, value) in more.as_object().unwrap() {
            input[name] = value.clone();
        }
        run(officer, "subjectCreate", &input).ok()["subjectCreate"]["subject"]["id"].clone()
    };
    let all = json!({ "kind": "COLLECTIVE", "name": "Phòng mẫu", "isUnit": true });
    let person =
        |number: usize| json!({ "kind": "INDIVIDUAL", "name": format!("Người phòng {number}") });
    let collective = create(all);
    let people = (0..count).map(|number| create(person(number))).collect();
    Team { collective, people }
}

/// Gives people a title of the year.
fn entitle((world, province): (&World, &Province), people: &[Value], code: &str) {
    let this = Condition::all().add(award::Column::Id.eq(province.awards.valid.uuid));
    let given = world.ground.rows::<award::Entity>(this).unwrap().remove(0);
    let this = Condition::all().add(subject::Column::TenantId.eq(province.id.uuid));
    let all = world.ground.rows::<subject::Entity>(this).unwrap();
    let is_named = |row: &&Subject| people.contains(&json!(encode("Subject", row.id)));
    for person in all.iter().filter(is_named) {
        let row = award::Model {
            id: Id::new("Award").uuid,
            subject_id: Some(person.id),
            award_type_code: code.to_owned(),
            counting_from_year: YEAR,
            counting_to_year: YEAR,
            public_code: None,
            ..given.clone()
        };
        world.ground.add(row).unwrap();
    }
}

fn members_count_by_their_own_records(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let team = team((&world, &world.a), &officer, 10);
    let good = json!({ "completionRating": "GOOD" });
    let ask = || {
        let found = check(&officer, &team.collective, EXCELLENT);
        [2, 3, 4].map(|place| step(&found, place))
    };

    for step in ask() {
        is(&step, "UNKNOWN", "(có hồ sơ 0/10 người)");
    }
    for person in &team.people[..9] {
        record(&officer, person, &good);
    }
    entitle((&world, &world.a), &team.people[..7], "ADVANCED_LABOURER");
    entitle((&world, &world.a), &team.people[..1], "BASE_EMULATION_FIGHTER");
    let [all, share, any] = ask();
    is(&all, "UNKNOWN", "(có hồ sơ 9/10 người)");
    is(&share, "PASSED", "(theo hồ sơ của từng cá nhân: 7/10; có hồ sơ 9/10 người)");
    is(&any, "PASSED", "(theo hồ sơ của từng cá nhân: 1/10; có hồ sơ 9/10 người)");
    let typed = json!({
        "completionRating": "EXCELLENT", "membersTotal": 10, "membersCompleted": 10,
        "membersAdvanced": 10, "membersBaseFighter": 1, "membersDisciplined": 0,
    });
    record(&officer, &team.collective, &typed);
    let [all, share, _] = ask();
    is(&all, "PASSED", "(theo đơn vị ghi: 10/10; có hồ sơ 9/10 người)");
    is(&share, "PASSED", "7/10; có hồ sơ 9/10 người; đơn vị ghi 10/10, không tính)");
    let above = step(&in_english(&officer, &json!(world.a.collective), EXCELLENT), 2);
    let (verdict, message) = stands(&above);
    assert_eq!(verdict, "UNKNOWN", "the division belongs to the office: {message}");
    assert!(message.ends_with("(10 of 11 members recorded)"), "{message}");

    let failed = json!({ "completionRating": "NOT_COMPLETED" });
    record(&officer, &team.people[9], &failed);
    let [all, share, _] = ask();
    let differs = "(theo hồ sơ của từng cá nhân: 9/10; đơn vị ghi 10/10, không tính)";
    is(&all, "FAILED", differs);
    let names: Vec<_> = all["facts"].as_array().unwrap().iter().map(|it| &it["what"]).collect();
    assert_eq!(names, ["9/10", "Người phòng 9"]);
    assert_eq!(all["facts"][1]["id"], team.people[9]);
    is(&share, "PASSED", "7/10; đơn vị ghi 10/10, không tính)");
}

/// Both provinces have a division alike; in one of them somebody is warned.
fn a_record_against_it_wins_on_its_own_side_alone(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let [a, b] = [&world.a, &world.b].map(|province| {
        let officer = province.sign_in(&server, Role::StandingOfficer);
        let team = team((&world, province), &officer, 4);
        for person in &team.people {
            record(&officer, person, &json!({ "completionRating": "GOOD" }));
        }
        let typed = json!({
            "completionRating": "GOOD", "membersTotal": 4, "membersCompleted": 4,
            "membersAdvanced": 4, "membersDisciplined": 0,
        });
        record(&officer, &team.collective, &typed);
        (officer, team)
    });
    let warn = json!({
        "subjectId": b.1.people[2], "stage": "IMPOSED", "form": "WARNING",
        "fromDay": "2025-05-01", "decision": "12/QĐ-KL",
    });
    run(&b.0, "disciplineRecord", &warn).ok();

    let clean = step(&check(&a.0, &a.1.collective, ADVANCED), 3);
    is(&clean, "PASSED", "(theo hồ sơ của từng cá nhân: 0/4)");
    let found = check(&b.0, &b.1.collective, ADVANCED);
    assert_eq!(found["verdict"], "FAILED");
    let against = step(&found, 3);
    is(&against, "FAILED", "1/4; đơn vị ghi 0/4, không tính)");
    assert_eq!(against["facts"][1]["what"], "Người phòng 2");
    assert_eq!(step(&found, 2)["facts"][0]["what"], "4/4", "no title of the year is decided yet");
    is(&step(&found, 2), "PASSED", "(theo đơn vị ghi: 4/4; có hồ sơ 1/4 người)");
}

fn who_moved_counts_where_he_went(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let team = rated(&world, &officer, 3);
    let warn = |person: &Value| {
        let case = json!({
            "subjectId": person, "stage": "IMPOSED", "form": "WARNING", "fromDay": "2025-05-01",
        });
        run(&officer, "disciplineRecord", &case).ok();
    };
    let go = |person: &Value, on: &str| {
        let unit = world.a.other_office;
        let input = json!({ "id": person, "expectedVersion": 1, "unitId": unit, "movedOn": on });
        run(&officer, "subjectUpdate", &input).ok();
    };
    warn(&team.people[0]);
    go(&team.people[0], "2025-11-01");
    let without = step(&check(&officer, &team.collective, ADVANCED), 3);
    is(&without, "PASSED", "(theo hồ sơ của từng cá nhân: 0/2)");

    // He went after the year: he counts, and is named only to who may still read him.
    warn(&team.people[1]);
    go(&team.people[1], "2026-02-01");
    let [all, own] = [&officer, &head].map(|it| step(&check(it, &team.collective, ADVANCED), 3));
    for step in [&all, &own] {
        is(step, "FAILED", "(theo hồ sơ của từng cá nhân: 1/2)");
    }
    assert_eq!(all["facts"][1]["what"], "Người phòng 1");
    assert_eq!(own["facts"].as_array().unwrap().len(), 1, "{own}");
}

fn title(client: &Client, code: &str) -> Value {
    let query =
        "query($code: String!) { awardTypes(where: { code: { eq: $code } }) { nodes { id } } }";
    client.run(query, json!({ "code": code })).ok()["awardTypes"]["nodes"][0]["id"].clone()
}

/// Members who get their title by the same paper count; a member who was warned stops it.
fn a_decision_asks_the_members_too(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let team = rated(&world, &officer, 4);
    record(&officer, &team.collective, &json!({ "completionRating": "GOOD" }));
    entitle((&world, &world.a), &team.people[..1], "ADVANCED_LABOURER");
    let [to_person, to_all] = ["ADVANCED_LABOURER", ADVANCED].map(|code| title(&officer, code));
    let decide = |subjects: &[(&Value, &Value)]| {
        let named = subjects.iter().map(|(subject, award)| {
            json!({ "subjectId": subject, "awardTypeId": award, "countingFrom": YEAR })
        });
        let input = json!({
            "unitId": world.a.office, "paper": { "symbol": "QĐ-VP", "decidedOn": "2026-07-02" },
            "awards": named.collect::<Vec<_>>(),
        });
        run(&head, "decisionIssue", &input)
    };
    let all = (&team.collective, &to_all);
    let said = decide(&[all]).refused("ELIGIBILITY_FAILED");
    assert!(said.to_string().contains("Điều 28"), "one of four has a title: {said}");
    decide(&[(&team.people[1], &to_person), (&team.people[2], &to_person), all]).ok();

    let warned = rated(&world, &officer, 2);
    let warn = json!({
        "subjectId": warned.people[0], "stage": "IMPOSED", "form": "DEMOTION",
        "fromDay": "2025-05-01",
    });
    run(&officer, "disciplineRecord", &warn).ok();
    let typed = json!({
        "completionRating": "GOOD", "membersTotal": 2, "membersAdvanced": 2, "membersDisciplined": 0,
    });
    record(&officer, &warned.collective, &typed);
    decide(&[(&warned.collective, &to_all)]).refused("ELIGIBILITY_FAILED");
}

/// A team of the first province whose people completed their tasks well.
fn rated(world: &World, officer: &Client, count: usize) -> Team {
    let team = team((world, &world.a), officer, count);
    for person in &team.people {
        record(officer, person, &json!({ "completionRating": "GOOD" }));
    }
    team
}

/// Divisions as collectives, each with a person who was rated.
fn collectives(world: &World, count: usize) -> Vec<String> {
    let this = Condition::all().add(subject::Column::Id.eq(world.a.subject.uuid));
    let person = world.ground.rows::<subject::Entity>(this).unwrap().remove(0);
    let this = Condition::all().add(subject_membership::Column::SubjectId.eq(person.id));
    let member = world.ground.rows::<subject_membership::Entity>(this).unwrap().remove(0);
    let this = Condition::all().add(year_record::Column::SubjectId.eq(person.id));
    let year = world.ground.rows::<year_record::Entity>(this).unwrap().remove(0);
    let this = Condition::all().add(subject::Column::Id.eq(world.a.collective.uuid));
    let whole = world.ground.rows::<subject::Entity>(this).unwrap().remove(0);
    let one = |unit: Id| {
        let all = Id::new("Subject");
        let row = subject::Model { id: all.uuid, unit_id: unit.uuid, code: None, ..whole.clone() };
        world.ground.add(row).unwrap();
        let (id, unit_id, subject_id) = (Id::new("").uuid, unit.uuid, Id::new("Subject").uuid);
        let row = subject::Model { id: subject_id, unit_id, code: None, ..person.clone() };
        world.ground.add(row).unwrap();
        let row = subject_membership::Model { id, subject_id, unit_id, ..member.clone() };
        world.ground.add(row).unwrap();
        let id = Id::new("").uuid;
        let row = year_record::Model { id, subject_id, unit_id, ..year.clone() };
        world.ground.add(row).unwrap();
        all.to_string()
    };
    world.divisions(&world.a, count).into_iter().map(one).collect()
}

fn a_list_of_collectives_takes_as_many_statements_as_one(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let [advanced, flag] = [ADVANCED, FLAG].map(|code| title(&office, code));
    let all = collectives(&world, 60);
    let take = |count: usize| {
        let nominee = |(number, id): (usize, &String)| {
            let award = if number % 2 == 0 { &advanced } else { &flag };
            json!({
                "kind": "COLLECTIVE", "name": format!("Tập thể {number}"), "awardTypeId": award,
                "subjectId": id,
            })
        };
        let draft = json!({
            "unitId": world.a.office, "title": "Danh sách", "year": YEAR,
            "nominees": all[..count].iter().enumerate().map(nominee).collect::<Vec<_>>(),
        });
        let query = "mutation($input: SubmissionCreateInput!) {
          submissionCreate(input: $input) { submission { id } errors { code } }
        }";
        let made = office.run(query, json!({ "input": draft })).ok();
        let query = "query($id: ID!) { submission(id: $id) {
          nominees { eligibility { verdict outcomes { steps { message facts { what } } } } }
        } }";
        let id = &made["submissionCreate"]["submission"]["id"];
        let answer = office.run(query, json!({ "id": id }));
        let statements = answer.statements();
        let nominees = answer.ok()["submission"]["nominees"].as_array().unwrap().clone();
        assert_eq!(nominees.len(), count);
        let said = nominees[0].to_string();
        assert!(said.contains("0/1"), "the own record of its one member: {said}");
        statements
    };

    let (two, many) = (take(2), take(60));

    same_statements(two, many, "two nominees and 60");
    // Five more than a list of persons: four for members, one for places.
    assert!(two <= 21, "{two}");
}
