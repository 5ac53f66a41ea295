//! Exemplars: four stages in their order, written once, and the map of the fields.

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Client, same_statements};
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::{Value, json};

use crate::operation;
use crate::registry::run;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_story_goes_through_its_stages,
        a_step_follows_the_one_that_was_read,
        the_map_shows_what_is_missing,
        an_exemplar_is_the_units_own,
        a_page_of_exemplars_takes_what_one_takes,
    ]
}

fn with(mut input: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    input
}

pub(crate) fn enter(client: &Client, input: &Value) -> Value {
    run(client, "exemplarCreate", input).ok()["exemplarCreate"]["exemplar"].clone()
}

pub(crate) fn seen(client: &Client, id: &Value) -> Value {
    client.run(operation::text("exemplar"), json!({ "id": id })).ok()["exemplar"].clone()
}

/// The next step of an exemplar of which so many were read.
pub(crate) fn step(id: &Value, steps: i32, stage: &str, more: &Value) -> Value {
    let input = json!({
        "exemplarId": id, "expectedSteps": steps, "stage": stage, "on": "2026-05-01",
    });
    with(input, more)
}

fn found(world: &World, more: &Value) -> Value {
    let input = json!({
        "unitId": world.a.office, "kind": "GOOD_DEED", "title": "Cứu người đuối nước",
        "field": "cuu-nan", "discoveredOn": "2026-04-01",
    });
    with(input, more)
}

fn coached() -> Value {
    json!({ "owner": "Chị Mẫu", "plan": "Viết bài, kể lại ở ba cuộc họp" })
}

fn a_story_goes_through_its_stages(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let linked = json!({ "awardId": world.a.awards.valid, "movementId": world.a.movement, "subjectId": world.a.subject });
    let exemplar = enter(&officer, &found(&world, &linked));
    assert_eq!(exemplar["stage"], "DISCOVERED", "{exemplar}");
    assert_eq!(exemplar["award"]["id"], json!(world.a.awards.valid));
    assert_eq!(exemplar["movement"]["id"], json!(world.a.movement));
    let id = &exemplar["id"];
    let go = |input: &Value| run(&officer, "exemplarStepAdd", input);

    go(&step(id, 1, "REVIEWED", &json!({}))).refused("WRONG_STATE");
    go(&step(id, 1, "COACHED", &json!({ "owner": "Chị Mẫu" }))).refused("INVALID_COMBINATION");
    go(&step(id, 1, "COACHED", &with(coached(), &json!({ "on": "2026-03-31" }))))
        .refused("PERIOD_REVERSED");
    go(&step(id, 1, "COACHED", &with(coached(), &json!({ "on": "2099-01-01" }))))
        .refused("OUT_OF_RANGE");
    go(&step(id, 1, "COACHED", &coached())).ok();
    let done = go(&step(id, 2, "REVIEWED", &json!({ "note": "Bài học: phản ứng nhanh" }))).ok();
    let of = &done["exemplarStepAdd"]["exemplar"];
    assert_eq!((&of["id"], &of["stage"]), (id, &json!("REVIEWED")), "{done}");
    let spread = |steps: i32, unit| step(id, steps, "SPREAD", &json!({ "spreadToId": unit }));
    go(&step(id, 3, "SPREAD", &json!({}))).refused("INVALID_COMBINATION");
    go(&spread(3, world.a.other_office)).ok();
    go(&spread(4, world.a.other_office)).refused("ALREADY_EXISTS");
    go(&spread(4, world.a.division)).ok();
    go(&step(id, 5, "COACHED", &coached())).refused("WRONG_STATE");

    let now = seen(&officer, id);
    assert_eq!(now["stage"], "SPREAD");
    let stages: Vec<&Value> =
        now["steps"].as_array().unwrap().iter().map(|step| &step["stage"]).collect();
    assert_eq!(stages, ["DISCOVERED", "COACHED", "REVIEWED", "SPREAD", "SPREAD"], "{now}");
    assert_eq!(now["steps"][3]["spreadTo"]["id"], json!(world.a.other_office));
}

fn a_step_follows_the_one_that_was_read(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let exemplar = enter(&officer, &found(&world, &json!({})));
    let again = step(&exemplar["id"], 1, "COACHED", &coached());

    run(&officer, "exemplarStepAdd", &again).ok();
    let refused = run(&officer, "exemplarStepAdd", &again).refused("CONFLICT");
    assert_eq!(refused["exemplarStepAdd"]["errors"][0]["currentVersion"], 2, "{refused}");
    let other =
        step(&exemplar["id"], 2, "COACHED", &with(coached(), &json!({ "owner": "Anh Khác" })));
    run(&officer, "exemplarStepAdd", &other).ok();
    let owners = seen(&officer, &exemplar["id"])["steps"].clone();
    assert_eq!(owners[2]["owner"], "Anh Khác", "coaching changes hands, and the first stays");
    assert_eq!(owners[1]["owner"], "Chị Mẫu");
}

fn the_map_shows_what_is_missing(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let map = || {
        let asked = json!({ "withinUnit": world.a.root });
        let answer = officer.run(operation::text("exemplarCoverage"), asked);
        assert_eq!(answer.statements(), 1);
        answer.ok()["exemplarCoverage"].clone()
    };
    let line = |field: &Value, numbers: [i32; 4]| {
        let [discovered, coached, reviewed, spread] = numbers;
        json!({
            "field": field, "discovered": discovered, "coached": coached, "reviewed": reviewed,
            "spread": spread,
        })
    };
    let before = line(&json!(world.a.canary), [1, 1, 0, 0]);
    assert_eq!(map(), json!([before]));

    let one = enter(&officer, &found(&world, &json!({})));
    let _ = enter(&officer, &found(&world, &json!({ "field": null })));
    run(&officer, "exemplarStepAdd", &step(&one["id"], 1, "COACHED", &coached())).ok();
    run(&officer, "exemplarStepAdd", &step(&one["id"], 2, "COACHED", &coached())).ok();

    let nowhere = line(&Value::Null, [1, 0, 0, 0]);
    let rescue = line(&json!("cuu-nan"), [1, 1, 0, 0]);
    assert_eq!(map(), json!([nowhere, before, rescue]), "coached twice, one exemplar");
}

fn an_exemplar_is_the_units_own(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let clerk = world.a.sign_in(&server, Role::UnitOfficer);
    let elsewhere = found(&world, &json!({ "unitId": world.a.other_office }));
    run(&clerk, "exemplarCreate", &elsewhere).refused("NOT_FOUND");
    let keyed = found(&world, &json!({ "idempotencyKey": "e-1" }));
    let own = enter(&clerk, &keyed);
    assert_eq!(enter(&clerk, &keyed)["id"], own["id"], "once with one key");
    let neighbour = world.a.neighbour.sign_in(&server);
    assert_eq!(seen(&neighbour, &own["id"])["title"], "Cứu người đuối nước", "for everyone");
    let next = step(&own["id"], 1, "COACHED", &coached());
    run(&neighbour, "exemplarStepAdd", &next).refused("FORBIDDEN");
    let stranger = world.b.sign_in(&server, Role::StandingOfficer);
    assert_eq!(seen(&stranger, &own["id"]), Value::Null);
    run(&stranger, "exemplarStepAdd", &next).refused("NOT_FOUND");
}

fn a_page_of_exemplars_takes_what_one_takes(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let linked = json!({ "awardId": world.a.awards.valid, "movementId": world.a.movement, "subjectId": world.a.subject });
    for _ in 0..20 {
        let _ = enter(&officer, &found(&world, &linked));
    }
    let query = "query($first: Int!) {
      exemplars(first: $first) {
        nodes { id unit { name } subject { name } award { subjectName } movement { name } stage steps { stage } }
      }
    }";
    let count = |first: usize| {
        let answer = officer.run(query, json!({ "first": first }));
        let count = answer.statements();
        let data = answer.ok();
        assert_eq!(data["exemplars"]["nodes"].as_array().unwrap().len(), first);
        count
    };

    same_statements(count(1), count(20), "one exemplar and 20");
    assert!(count(20) <= 7);
}
