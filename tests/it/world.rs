//! The worlds of the other cases: what is written beneath the gate comes back as it went, the server takes it
//! for its own, and no two worlds collide.

use entity::role_grant::Role;
use entity::submission::{self, State};
use harness::cases;
use harness::ground::Ground;
use harness::stage::{Case, Stage};
use harness::world::World;
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, EntityTrait, Iterable};
use serde_json::json;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        two_worlds_stand_side_by_side,
        a_world_has_submissions_in_every_state,
        every_row_of_a_world_can_be_read,
        the_server_understands_a_world,
    ]
}

fn two_worlds_stand_side_by_side(stage: &Stage) {
    let empty = stage.empty_database();
    empty.connect().migrate().unwrap();

    let one = World::connect(&empty.url).unwrap();
    let other = World::connect(&empty.url).unwrap();

    assert_ne!(one.a.slug, other.a.slug);
    assert!(Role::iter().all(|role| one.b.person(role).role == role));
    assert!(one.a.office.to_string().starts_with("Unit_"), "{}", one.a.office);
    let (mut seen, hidden) = (one.hidden_from_b(), one.hidden_from_a());
    seen.retain(|canary| hidden.contains(canary));
    assert!(seen.is_empty(), "canaries of both provinces: {seen:?}");
}

fn a_world_has_submissions_in_every_state(stage: &Stage) {
    let empty = stage.empty_database();
    empty.connect().migrate().unwrap();
    let world = World::connect(&empty.url).unwrap();

    for state in State::iter() {
        let submission = world.submission(&world.b, state);

        let row = submission::Column::Id.eq(submission.id.uuid);
        let rows = world.ground.rows::<submission::Entity>(Condition::all().add(row)).unwrap();
        assert_eq!(rows.iter().map(|row| row.state).collect::<Vec<_>>(), [state]);
    }
}

fn every_row_of_a_world_can_be_read(stage: &Stage) {
    let empty = stage.empty_database();
    empty.connect().migrate().unwrap();

    let world = World::connect(&empty.url).unwrap();

    macro_rules! read {
        ($($table:ident),* $(,)?) => { $(read::<entity::$table::Entity>(&world.ground);)* };
    }
    read![
        account,
        audit_event,
        award_type,
        cluster,
        cluster_head,
        cluster_member,
        agenda_item,
        ballot,
        ballot_candidate,
        ballot_listed,
        ballot_register,
        ballot_result,
        ballot_roll,
        candidate,
        council_session,
        declared_tie,
        open_vote,
        session_minutes,
        paper_count,
        tie_decision,
        session_paper,
        session_seat,
        session_task,
        council,
        council_seat,
        seat_holder,
        comparison,
        criteria_set,
        criterion,
        nominee,
        peer_assignment,
        role_grant,
        score,
        score_change,
        submission,
        submission_document,
        submission_transition,
        tenant,
        tenant_code,
        unit,
        unit_above,
    ];
}

fn read<E: EntityTrait>(ground: &Ground) {
    let rows = ground.rows::<E>(Condition::all());

    let table = E::default();
    assert!(
        rows.is_ok_and(|rows| !rows.is_empty()),
        "{} is empty or unreadable",
        table.table_name()
    );
}

const WHOLE: &str = "query($submission: ID!, $cluster: ID!, $year: Int!) {
  submission(id: $submission) {
    title note reason author { displayName } nominees { name achievement awardType { name } }
    documents { title fileName } transitions { action reason } allowedActions { action }
  }
  cluster(id: $cluster) { name heads(year: $year) { position } members(year: $year) { name } }
  criteriaSet(clusterId: $cluster, year: $year) { name source tieRules criteria { name parameters { __typename } } }
  clusterComparison(clusterId: $cluster, year: $year) {
    rows { total cells { criterion final } scores { explanation } }
  }
  auditEvents { nodes { actorName reason changes { __typename } } }
}";

fn the_server_understands_a_world(stage: &Stage) {
    let server = stage.server();
    let World { a, crossing, .. } = World::on(&server);
    let variables = json!({ "submission": a.submission.id, "cluster": crossing.id, "year": harness::world::YEAR });

    let officer = a.sign_in(&server, Role::StandingOfficer);
    let whole = officer.run(WHOLE, variables).ok();

    assert_eq!(whole["submission"]["nominees"].as_array().map(Vec::len), Some(2), "{whole}");
    assert_eq!(whole["submission"]["transitions"][0]["action"], "RETURN", "{whole}");
    assert_eq!(whole["criteriaSet"]["criteria"].as_array().map(Vec::len), Some(3), "{whole}");
    assert_eq!(whole["clusterComparison"]["rows"].as_array().map(Vec::len), Some(2), "{whole}");
    let text = whole.to_string();
    assert!(text.contains(&a.canary) && text.contains(&crossing.canary), "{whole}");
    assert!(crossing.seats.iter().all(|seat| text.contains(&seat.canary)), "{whole}");
}
