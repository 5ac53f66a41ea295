//! Subjects: who is entered where, what a kind can have, and how one moves without losing who it is.

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Answer, Client, same_statements};
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::{Value, json};

use crate::operation;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_subject_moves_and_stays_the_same,
        a_kind_has_its_own_fields,
        a_unit_is_one_collective,
        an_office_reads_its_own_subjects_alone,
        a_nominee_is_a_subject_of_its_kind,
        a_page_of_subjects_takes_what_one_takes,
    ]
}

fn run(client: &Client, field: &str, input: &Value) -> Answer {
    client.run(operation::text(field), json!({ "input": input }))
}

fn created(client: &Client, input: &Value) -> Value {
    run(client, "subjectCreate", input).ok()["subjectCreate"]["subject"].clone()
}

fn person(unit: impl serde::Serialize, name: &str) -> Value {
    json!({ "kind": "INDIVIDUAL", "name": name, "unitId": unit, "memberSince": "2020-03-01" })
}

fn a_subject_moves_and_stays_the_same(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let one = created(&officer, &person(world.a.office, "Vàng Thị Mẫu"));
    assert_eq!(one["memberships"][0]["validFrom"], "2020-03-01");

    let away = json!({
        "id": one["id"], "expectedVersion": 1, "unitId": world.a.other_office,
        "movedOn": "2025-07-01", "occupation": "Kế toán",
    });
    let early = json!({
        "id": one["id"], "expectedVersion": 1, "unitId": world.a.other_office, "movedOn": "2020-03-01",
    });
    run(&officer, "subjectUpdate", &early).refused("PERIOD_REVERSED");
    let moved = run(&officer, "subjectUpdate", &away).ok()["subjectUpdate"]["subject"].clone();

    assert_eq!(moved["id"], one["id"]);
    assert_eq!((&moved["version"], &moved["occupation"]), (&json!(2), &json!("Kế toán")));
    assert_eq!(moved["unit"]["id"], json!(world.a.other_office));
    let times: Vec<_> = moved["memberships"].as_array().unwrap().iter().collect();
    assert_eq!((times.len(), &times[0]["validTo"]), (2, &json!("2025-06-30")));
    assert_eq!(
        (&times[1]["validFrom"], &times[1]["validTo"]),
        (&json!("2025-07-01"), &json!(null))
    );
    run(&officer, "subjectUpdate", &away).refused("CONFLICT");
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let gone = office.run(operation::text("subject"), json!({ "id": one["id"] })).ok();
    assert_eq!(gone["subject"], Value::Null, "the office it left reads it no more");
}

fn a_kind_has_its_own_fields(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::UnitOfficer);
    let wrong = [
        json!({ "kind": "COLLECTIVE", "sex": "FEMALE" }),
        json!({ "kind": "HOUSEHOLD", "manager": true }),
        json!({ "kind": "INDIVIDUAL", "foundedOn": "1990-01-01" }),
        json!({ "kind": "INDIVIDUAL", "flagEligible": false }),
        json!({ "kind": "HOUSEHOLD", "isUnit": true }),
    ];

    for more in wrong {
        let mut input = person(world.a.office, "Ai đó");
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let data = run(&officer, "subjectCreate", &input).refused("INVALID_COMBINATION");
        assert_eq!(data["subjectCreate"]["subject"], Value::Null);
    }
    let household = json!({ "kind": "HOUSEHOLD", "name": "Hộ mẫu", "unitId": world.a.division });
    assert_eq!(created(&officer, &household)["kind"], "HOUSEHOLD");
}

fn a_unit_is_one_collective(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let unit = json!({
        "kind": "COLLECTIVE", "name": "Văn phòng mẫu", "unitId": world.a.other_office, "isUnit": true,
        "sizeClass": "LARGE", "flagEligible": true, "foundedOn": "1995-05-05", "code": "VP",
    });

    created(&officer, &unit);
    let mut again = unit.clone();
    again["code"] = json!("VP-2");
    let refused = run(&officer, "subjectCreate", &again).refused("ALREADY_EXISTS");

    let path = &refused["subjectCreate"]["errors"][0]["path"];
    assert_eq!(path, &json!(["input", "unitId"]));
    let mut taken = person(world.a.office, "Người khác");
    taken["code"] = json!("VP");
    let refused = run(&officer, "subjectCreate", &taken).refused("ALREADY_EXISTS");
    assert_eq!(refused["subjectCreate"]["errors"][0]["path"], json!(["input", "code"]));
}

fn an_office_reads_its_own_subjects_alone(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    created(&officer, &person(world.a.division, "Người ở phòng"));
    created(&officer, &person(world.a.other_office, "Người ở nơi khác"));
    let names = |client: &Client| {
        let data = client.run(operation::text("subjects"), json!({})).ok();
        let nodes = data["subjects"]["nodes"].as_array().unwrap().clone();
        nodes.iter().map(|node| node["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let own = format!("Lò Văn Mẫu {}", world.a.canary);

    let of_office = names(&world.a.sign_in(&server, Role::UnitOfficer));
    let of_neighbour = names(&world.a.neighbour.sign_in(&server));

    let group = format!("Tập thể mẫu {}", world.a.canary);
    assert_eq!(of_office, [own, "Người ở phòng".to_owned(), group]);
    assert_eq!(of_neighbour, ["Người ở nơi khác"]);
    assert_eq!(names(&officer).len(), 4);
    for role in [Role::TenantAdministrator, Role::ClusterCoordinator] {
        assert_eq!(names(&world.a.sign_in(&server, role)), Vec::<String>::new(), "{role:?}");
    }
    let elsewhere = person(world.a.other_office, "Không được");
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    run(&office, "subjectCreate", &elsewhere).refused("NOT_FOUND");
    let mut to_come = elsewhere.clone();
    to_come["memberSince"] = json!("2090-01-01");
    run(&office, "subjectCreate", &to_come).refused("OUT_OF_RANGE");
}

fn a_nominee_is_a_subject_of_its_kind(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let group = json!({ "kind": "COLLECTIVE", "name": "Tổ mẫu", "unitId": world.a.office });
    let group = created(&officer, &group);
    let stranger = created(&officer, &person(world.a.other_office, "Người khác"));
    let draft = world.submission(&world.a, entity::submission::State::Draft);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let add = |subject: &Value| {
        let nominee = json!({
            "kind": "INDIVIDUAL", "name": "Lò Văn Mẫu", "awardTypeId": world.award_type,
            "subjectId": subject,
        });
        run(&office, "nomineeAdd", &json!({ "submissionId": draft.id, "nominee": nominee }))
    };

    add(&group["id"]).refused("INVALID_COMBINATION");
    add(&stranger["id"]).refused("NOT_FOUND");
    let done = add(&json!(world.a.subject)).ok()["nomineeAdd"]["nominee"].clone();

    assert_eq!(done["subject"]["id"], json!(world.a.subject));
    let clear = json!({ "id": done["id"], "expectedVersion": 1, "subjectId": null });
    let cleared = run(&office, "nomineeUpdate", &clear).ok();
    assert_eq!(cleared["nomineeUpdate"]["nominee"]["subject"], Value::Null);
}

fn a_page_of_subjects_takes_what_one_takes(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    for number in 0..20 {
        created(&officer, &person(world.a.office, &format!("Người thứ {number}")));
    }
    let query = "query($first: Int!) {
      subjects(first: $first) { nodes { name unit { name } memberships { unit { name } validFrom } } }
    }";
    let take = |first: usize| {
        let answer = officer.run(query, json!({ "first": first }));
        let count = answer.statements();
        assert_eq!(answer.ok()["subjects"]["nodes"].as_array().unwrap().len(), first);
        count
    };

    let (one, many) = (take(1), take(20));

    same_statements(one, many, "one subject and 20");
    assert!(one <= 4, "{one}");
}
