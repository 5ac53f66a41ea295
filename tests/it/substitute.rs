//! Who stands in for a member of a session: where nobody can, until when he has the right to, and which ties are his own.

use chrono::{Datelike, Days, NaiveDate};
use entity::role_grant::{self, Role};
use harness::cases;
use harness::client::{Answer, Client, same_statements};
use harness::stage::{Case, Stage};
use harness::world::{Person, World};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::Condition;
use serde_json::{Value, json};

use crate::assembly::{Assembly, today, with};
use crate::council::{anew, done, run};
use crate::operation;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        nobody_stands_in_for_one_who_takes_no_part,
        who_stands_in_no_more_has_no_right,
        the_right_holds_on_the_day_of_the_session,
        the_unit_of_who_stands_in_is_his_own,
        a_session_of_many_who_stand_in_is_closed_like_that_of_one,
    ]
}

/// Records how the second member takes part in a session.
fn record(here: (&Client, &Value), how: &Value) -> Answer {
    record_of(here, 1, how)
}

/// The same of the member at a place.
fn record_of((client, session): (&Client, &Value), place: usize, how: &Value) -> Answer {
    let read = client.run(operation::text("councilSession"), json!({ "id": session })).ok();
    let seat = &read["councilSession"]["seats"][place];
    let input = json!({ "id": seat["id"], "expectedVersion": seat["version"] });
    run(client, "attendanceRecord", &with(input, how))
}

fn sent(person: &Person) -> Value {
    json!({
        "presence": "PRESENT", "substituteId": person.id, "mandate": "Giấy ủy quyền số 7",
    })
}

/// The rights in councils that someone was given, oldest first.
fn rights(world: &World, person: &Person) -> Vec<role_grant::Model> {
    let of_person = Condition::all()
        .add(role_grant::Column::UserId.eq(person.id.uuid))
        .add(role_grant::Column::Role.eq(Role::CouncilMember));
    let mut rights = world.ground.rows::<role_grant::Entity>(of_person).unwrap();
    rights.sort_by_key(|row| row.id);
    rights
}

fn nobody_stands_in_for_one_who_takes_no_part(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 4);
    let here = (&assembly.secretary, &assembly.session);
    let person = &world.a.neighbour;

    for wrong in [
        with(sent(person), &json!({ "presence": "ABSENT" })),
        json!({ "presence": "ABSENT", "onPaper": true }),
        json!({ "presence": "WRITTEN", "onPaper": true }),
    ] {
        let refused = record(here, &wrong).refused("INVALID_COMBINATION");
        let path = &refused["attendanceRecord"]["errors"][0]["path"];
        assert_eq!(*path, json!(["input", "presence"]), "{wrong}");
    }

    assert!(rights(&world, person).is_empty());
    let _ = record(here, &json!({ "presence": "PRESENT", "onPaper": true })).ok();
    let _ = record(here, &with(sent(person), &json!({ "presence": "EXPECTED" }))).ok();
    assert_eq!(rights(&world, person).len(), 1);
}

fn who_stands_in_no_more_has_no_right(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 4);
    let here = (&assembly.secretary, &assembly.session);
    let person = &world.a.neighbour;
    let councils = |client: &Client| client.run("{ councils { nodes { id } } }", json!({}));
    let _ = record(here, &sent(person)).ok();
    let client = anew(&server, person);
    assert_eq!(councils(&client).ok()["councils"]["nodes"], json!([{ "id": assembly.council }]));

    let _ = record(here, &with(sent(person), &json!({ "onPaper": true }))).ok();
    let kept = rights(&world, person);
    assert!(kept.len() == 1 && kept[0].revoked_at.is_none(), "he still stands in: {kept:?}");
    let _ = councils(&client).ok();
    let _ = record(here, &json!({ "presence": "PRESENT" })).ok();

    let ended = rights(&world, person);
    assert!(ended.len() == 1 && ended[0].revoked_at.is_some(), "{ended:?}");
    assert_eq!(councils(&client).status, 401, "his token ends with it");
    assert_eq!(councils(&anew(&server, person)).ok()["councils"]["nodes"], json!([]));

    // One stands in after the other.
    let other = world.people(&world.a, 1).remove(0);
    let _ = record(here, &sent(&other)).ok();
    assert!(rights(&world, &other)[0].revoked_at.is_none());
    let _ = record(here, &sent(person)).ok();
    assert!(rights(&world, &other)[0].revoked_at.is_some());
    let given = rights(&world, person);
    assert!(given.len() == 2 && given[1].revoked_at.is_none(), "{given:?}");
    // What he holds beside it is not touched.
    assert_eq!(rights(&world, &assembly.members[1]).len(), 1);
    assert!(rights(&world, &assembly.members[1])[0].revoked_at.is_none());
}

fn the_right_holds_on_the_day_of_the_session(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 4);
    let secretary = &assembly.secretary;
    let now: NaiveDate = today().parse().unwrap();
    let day = now.checked_add_days(Days::new(1)).unwrap();
    for (form, days) in [("MEETING", 1), ("CONSULTATION", 31)] {
        let plan = json!({
            "councilId": assembly.council, "year": day.year(), "title": "Kỳ họp ngày mai",
            "plannedOn": day.to_string(), "form": form, "items": [],
        });
        let session = done(secretary, ("sessionPlan", "session"), &plan)["id"].clone();
        let person = world.people(&world.a, 1).remove(0);
        let expected = with(sent(&person), &json!({ "presence": "EXPECTED" }));
        let _ = record((secretary, &session), &expected).ok();

        let right = rights(&world, &person).remove(0);
        let last = now.checked_add_days(Days::new(days));
        assert_eq!((right.valid_from, right.valid_to), (now, last), "{form}");

        for (field, version) in [("sessionOpen", 1), ("sessionClose", 2)] {
            let step = json!({ "id": session, "expectedVersion": version });
            let _ = done(secretary, (field, "session"), &step);
        }
        let right = rights(&world, &person).remove(0);
        assert_eq!((right.valid_to, right.revoked_at), (Some(now), None), "{form} is closed");
    }
}

fn the_unit_of_who_stands_in_is_his_own(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 6);
    assembly.attend(&["PRESENT"; 6]);
    let head = world.a.person(Role::UnitHead);
    let _ = record((&assembly.secretary, &assembly.session), &sent(head)).ok();
    let asked = json!({ "itemId": assembly.item });
    let preview = assembly.secretary.run(operation::text("ballotPreview"), asked).ok();
    let conflicts = &preview["ballotPreview"]["conflicts"];
    assert_eq!(conflicts[0]["seatId"], assembly.seats[1], "{preview}");

    let ballot = assembly.open(&json!({}));

    let line = &ballot["roll"][1];
    assert_eq!(line["mode"], "RECUSED", "{ballot}");
    assert!(line["reason"].as_str().unwrap().contains("đơn vị của mình"), "{line}");
    assert!(ballot["roll"][2]["reason"].is_null(), "{ballot}");
}

fn a_session_of_many_who_stand_in_is_closed_like_that_of_one(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let assembly = Assembly::new(&server, &world, 8);
    let secretary = &assembly.secretary;
    let now: NaiveDate = today().parse().unwrap();
    let day = now.checked_add_days(Days::new(1)).unwrap();
    let plan = json!({
        "councilId": assembly.council, "year": day.year(), "title": "Kỳ họp ngày mai",
        "plannedOn": day.to_string(), "items": [],
    });
    let close = |people: &[Person]| {
        let session = done(secretary, ("sessionPlan", "session"), &plan)["id"].clone();
        for (place, person) in people.iter().enumerate() {
            let expected = with(sent(person), &json!({ "presence": "EXPECTED" }));
            let _ = record_of((secretary, &session), place + 1, &expected).ok();
        }
        let open = json!({ "id": session, "expectedVersion": 1 });
        let _ = done(secretary, ("sessionOpen", "session"), &open);
        let closing =
            run(secretary, "sessionClose", &json!({ "id": session, "expectedVersion": 2 }));
        let statements = closing.statements();
        let _ = closing.ok();
        for person in people {
            assert_eq!(rights(&world, person)[0].valid_to, Some(now), "his right ends today");
        }
        statements
    };
    let people = world.people(&world.a, 7);

    let (one, six) = (close(&people[..1]), close(&people[1..]));

    same_statements(one, six, "one who stands in and six");
}
