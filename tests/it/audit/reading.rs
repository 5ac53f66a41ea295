//! Who reads which entries, and what an entry tells.

use entity::role_grant::Role;
use harness::cases;
use harness::client::Client;
use harness::stage::{Case, Stage};
use harness::world::{World, this_year};
use serde_json::{Value, json};

use crate::contest::{Contest, points};
use crate::operation;

pub(super) fn cases() -> Vec<Case> {
    cases![
        an_office_reads_what_is_done_to_its_objects,
        a_member_reads_what_is_done_to_its_scores,
        an_entry_names_the_grant_that_covered_it,
    ]
}

fn events(client: &Client, variables: Value) -> Vec<Value> {
    let data = client.run(operation::text("auditEvents"), variables).ok();
    data["auditEvents"]["nodes"].as_array().unwrap().clone()
}

fn about(object: &Value) -> Value {
    json!({ "first": 100, "where": { "objectId": object } })
}

fn acts(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["action"].as_str().unwrap()).collect()
}

fn an_office_reads_what_is_done_to_its_objects(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let submission = world.submission(&world.a, entity::submission::State::Sent);
    let input = json!({ "id": submission.id, "expectedVersion": 1 });
    let received =
        officer.run(operation::text("submissionReceive"), json!({ "input": input })).ok();
    let id = &received["submissionReceive"]["submission"]["id"];

    for role in [Role::UnitHead, Role::UnitOfficer] {
        let office = world.a.sign_in(&server, role);
        let found = events(&office, about(id));
        assert_eq!(acts(&found), ["SubmissionReceive"], "{role:?}");
        assert_eq!(found[0]["unit"]["id"], json!(world.a.office));
        assert!(found[0]["actorName"].is_string());
        assert_eq!(found[0]["actor"], Value::Null, "who it is in the register is not told");
        let within = json!({ "withinUnit": world.a.office, "where": { "objectId": id } });
        assert_eq!(events(&office, within).len(), 1);
    }
    for stranger in [
        world.a.neighbour.sign_in(&server),
        world.a.sign_in(&server, Role::ClusterCoordinator),
        world.a.sign_in(&server, Role::CouncilSecretary),
        world.b.sign_in(&server, Role::UnitOfficer),
        world.b.sign_in(&server, Role::Auditor),
    ] {
        assert!(events(&stranger, about(id)).is_empty());
    }
    assert_eq!(events(&officer, about(id)).len(), 1, "what one did oneself");
    let auditor = world.a.sign_in(&server, Role::Auditor);
    let whole = events(&auditor, about(id));
    assert_eq!(acts(&whole), ["SubmissionReceive"]);
    assert_eq!(whole[0]["role"], "STANDING_OFFICER");
    assert_eq!(whole[0]["grantId"], json!(world.a.person(Role::StandingOfficer).grant));
    let state = json!({ "field": "state", "before": "\"SENT\"", "after": "\"RECEIVED\"" });
    assert!(whole[0]["changes"].as_array().unwrap().contains(&state), "{whole:?}");
}

fn a_member_reads_what_is_done_to_its_scores(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let contest = Contest::locked(&server, &world);
    let scores = json!([points("1.1", "7")]);
    contest.record(0, this_year(), &scores).ok();

    let read = |client: &Client| {
        let about = json!({ "first": 100, "where": { "action": { "eq": "ScoreSelfRecord" } } });
        events(client, about).len()
    };
    let head = world.a.sign_in(&server, Role::UnitHead);
    assert_eq!(read(&head), 1, "of its own member, by another person");
    assert_eq!(read(&world.a.neighbour.sign_in(&server)), 0, "of another member");
}

/// A unit officer who is also the chair: what is done as the one is not done as the other.
fn an_entry_names_the_grant_that_covered_it(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let both = world.officer_and(&world.a, Role::ProvinceChair);
    let client = both.sign_in(&server);
    let input = json!({ "unitId": world.a.office, "title": "Hai vai", "year": 2026 });
    let made = client.run(operation::text("submissionCreate"), json!({ "input": input })).ok();
    let id = &made["submissionCreate"]["submission"]["id"];

    let found = events(&client, about(id));

    assert_eq!(acts(&found), ["SubmissionCreate"]);
    assert_eq!(found[0]["role"], "UNIT_OFFICER");
    assert_eq!(found[0]["unit"]["id"], json!(world.a.office));
}
