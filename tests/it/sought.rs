//! Lists are asked for what people look for: conditions and orders that look beyond one column, and the edges between a
//! submission, what answered it and what came of it.

use std::collections::BTreeSet;

use entity::role_grant::Role;
use entity::submission::State;
use entity::{award, council};
use harness::cases;
use harness::client::{Client, same_statements};
use harness::stage::{Case, Stage};
use harness::world::{Id, World, YEAR};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::Condition;
use serde_json::{Value, json};

use crate::operation;
use crate::registry::{issue, run};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_told_status_is_found_as_it_is_told,
        a_submission_is_found_by_its_nominees,
        what_has_no_time_comes_behind_the_others,
        a_moment_parts_a_list_in_two,
        awards_are_found_by_their_title_and_what_is_proposed,
        an_answer_leads_on_and_back,
        edges_of_a_page_take_what_one_takes,
        sessions_of_all_councils_are_one_list,
        councils_clusters_and_subjects_are_found_by_unit,
        proposals_above_are_found_by_where_they_stand,
    ]
}

/// The rows of a list under a condition, at most 100.
fn rows(client: &Client, (list, ty, fields): (&str, &str, &str), find: &Value) -> Vec<Value> {
    let query = format!(
        "query($where: {ty}Where) {{ {list}(first: 100, where: $where) {{ nodes {{ id {fields} }} totalCount }} }}"
    );
    let found = client.run(&query, json!({ "where": find })).ok()[list].clone();
    let nodes = found["nodes"].as_array().unwrap().clone();
    assert_eq!(json!(nodes.len()), found["totalCount"], "{list} is longer than a page");
    nodes
}

fn ids(rows: &[Value]) -> BTreeSet<String> {
    rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

const SUBMISSIONS: (&str, &str, &str) = ("submissions", "Submission", "officeStatus sentAt");
const AWARDS: (&str, &str, &str) =
    ("awards", "Award", "state decidedOn awardType { level family } proposal { state }");

fn a_told_status_is_found_as_it_is_told(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    for state in [State::Draft, State::Sent, State::Returned, State::Rejected, State::Recalled] {
        let _ = world.submission(&world.a, state);
    }
    let approved = world.submission(&world.a, State::Approved);
    let _ = world.submission(&world.a, State::Received);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let answer = issue(&world, &json!({ "awards": [], "submissionIds": [approved.id] }));
    let _ = run(&head, "decisionIssue", &answer).ok();
    let officer = world.a.sign_in(&server, Role::StandingOfficer);

    for client in [&officer, &head] {
        let all = rows(client, SUBMISSIONS, &json!({}));
        let told: BTreeSet<&str> =
            all.iter().map(|row| row["officeStatus"].as_str().unwrap()).collect();
        assert!(told.len() > 5 && told.contains("DECIDED"), "{told:?}");
        for status in &told {
            let meant: Vec<Value> =
                all.iter().filter(|row| row["officeStatus"] == *status).cloned().collect();
            let one = rows(client, SUBMISSIONS, &json!({ "officeStatus": { "eq": status } }));
            assert_eq!(ids(&one), ids(&meant), "{status}");
            let others = rows(client, SUBMISSIONS, &json!({ "officeStatus": { "neq": status } }));
            assert_eq!(others.len() + one.len(), all.len(), "{status}");
        }
        let every: Vec<&&str> = told.iter().collect();
        let none = rows(client, SUBMISSIONS, &json!({ "officeStatus": { "notIn": every } }));
        assert_eq!(none, Vec::<Value>::new());
    }
}

fn a_submission_is_found_by_its_nominees(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let draft = world.submission(&world.a, State::Draft);
    let office = world.a.sign_in(&server, Role::UnitOfficer);
    let find = |more: Value| ids(&rows(&office, SUBMISSIONS, &more));
    let canary = &world.a.canary;

    let named = find(json!({ "nomineeName": { "contains": format!("NGUOI THU 1 {canary}") } }));
    assert!(named.contains(&draft.id.to_string()), "{named:?}");
    let theirs = json!({ "nomineeName": { "contains": world.b.canary } });
    assert_eq!(find(theirs), BTreeSet::new());
    let of_subject = find(json!({ "subjectId": world.a.subject }));
    assert!(!of_subject.is_empty() && !of_subject.contains(&draft.id.to_string()));
    // Both are said of one nominee: nobody is called so and is that subject.
    let both = json!({
        "nomineeName": { "startsWith": "nguoi thu" }, "subjectId": world.a.subject,
    });
    assert_eq!(find(both), BTreeSet::new());
    let code = "query($id: ID!) { submission(id: $id) { awardTypes { code } } }";
    let code =
        office.run(code, json!({ "id": draft.id })).ok()["submission"]["awardTypes"][0]["code"]
            .clone();
    let of_title = find(json!({ "awardTypeCode": { "eq": code } }));
    assert!(of_title.contains(&draft.id.to_string()));
    assert_eq!(find(json!({ "awardTypeCode": { "eq": "NO_SUCH_TITLE" } })), BTreeSet::new());

    let renamed =
        json!({ "id": draft.nominees[0], "expectedVersion": 1, "name": "Lý Thị Đổi Tên" });
    let _ = run(&office, "nomineeUpdate", &renamed).ok();
    let found = find(json!({ "nomineeName": { "contains": "doi ten" } }));
    assert_eq!(found, BTreeSet::from([draft.id.to_string()]));
}

/// A whole list page by page, three rows at a time, in one order and from one end.
fn pages(
    client: &Client,
    (list, key): (&str, &str),
    (direction, back): (&str, bool),
) -> Vec<Value> {
    let (size, from, next) = if back {
        ("last", "before", "hasPreviousPage startCursor")
    } else {
        ("first", "after", "hasNextPage endCursor")
    };
    let query = format!(
        "query($cursor: String) {{
          {list}({size}: 3, {from}: $cursor, orderBy: [{{ {key}: {{ direction: {direction} }} }}]) {{
            pageInfo {{ {next} }} nodes {{ id {key} }}
          }}
        }}"
    );
    let (mut all, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let page = client.run(&query, json!({ "cursor": cursor })).ok()[list].clone();
        let nodes = page["nodes"].as_array().unwrap().iter().cloned();
        if back {
            all.extend(nodes.rev());
        } else {
            all.extend(nodes);
        }
        let info = &page["pageInfo"];
        let (more, at) = if back {
            (&info["hasPreviousPage"], &info["startCursor"])
        } else {
            (&info["hasNextPage"], &info["endCursor"])
        };
        if *more != json!(true) {
            return all;
        }
        cursor = at.clone();
    }
}

/// Adds awards of which no day of decision is known.
fn undated(world: &World, count: usize) {
    let this = Condition::all().add(award::Column::Id.eq(world.a.awards.valid.uuid));
    let known = world.ground.rows::<award::Entity>(this).unwrap().remove(0);
    for _ in 0..count {
        let id = Id::new("Award").uuid;
        let row = award::Model { id, decided_on: None, public_code: None, ..known.clone() };
        world.ground.add(row).unwrap();
    }
}

fn what_has_no_time_comes_behind_the_others(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    for state in [State::Draft, State::Sent, State::Draft, State::Received, State::Draft] {
        let _ = world.submission(&world.a, state);
    }
    undated(&world, 4);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);

    for (list, key) in [("submissions", "sentAt"), ("awards", "decidedOn")] {
        for direction in ["ASC", "DESC"] {
            let all = pages(&officer, (list, key), (direction, false));
            assert_eq!(ids(&all).len(), all.len(), "{list} {direction}: each row once");
            let (known, unknown): (Vec<&Value>, Vec<&Value>) =
                all.iter().partition(|row| row[key].is_string());
            assert!(known.len() > 1 && unknown.len() > 2, "{list}: {all:?}");
            let at = all.iter().position(|row| row[key].is_null());
            assert_eq!(at, Some(known.len()), "{list} {direction}: those without are behind");
            let times: Vec<&str> = known.iter().map(|row| row[key].as_str().unwrap()).collect();
            let mut sorted = times.clone();
            sorted.sort_unstable();
            if direction == "DESC" {
                sorted.reverse();
            }
            assert_eq!(times, sorted, "{list} {direction}");
            let mut back = pages(&officer, (list, key), (direction, true));
            back.reverse();
            assert_eq!(back, all, "{list} {direction}: the same from its end");
        }
    }
}

fn a_moment_parts_a_list_in_two(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let draft = world.submission(&world.a, State::Draft);
    let more = json!({ "id": draft.id, "expectedVersion": 1, "note": "Bổ sung" });
    let _ = run(&head, "submissionUpdate", &more).ok();
    let auditor = world.a.sign_in(&server, Role::Auditor);
    let events = |find: Value| rows(&auditor, ("auditEvents", "AuditEvent", "at action"), &find);
    let all = events(json!({}));
    let one = all.iter().find(|event| event["action"] == "SubmissionUpdate").unwrap();
    let at = &one["at"];

    assert!(ids(&events(json!({ "at": { "eq": at } }))).contains(one["id"].as_str().unwrap()));
    let parts = [("gte", "lt"), ("gt", "lte")];
    for (above, below) in parts {
        let (above, below) =
            (events(json!({ "at": { above: at } })), events(json!({ "at": { below: at } })));
        assert_eq!(above.len() + below.len(), all.len());
        assert!(ids(&above).is_disjoint(&ids(&below)));
    }
    let sent = |find: Value| rows(&head, SUBMISSIONS, &json!({ "sentAt": find }));
    assert!(sent(json!({ "isNull": true })).iter().all(|row| row["sentAt"].is_null()));
    assert!(sent(json!({ "lte": "2001-01-01T07:00:00+07:00" })).is_empty());
}

fn awards_are_found_by_their_title_and_what_is_proposed(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    world.certificate(&world.a);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let find = |more: Value| rows(&officer, AWARDS, &more);
    let all = find(json!({}));

    let awards = &world.a.awards;
    let open = find(json!({ "hasOpenProposal": true }));
    let meant = [awards.cancelling, awards.revoking, awards.revoked].map(|id| id.to_string());
    assert_eq!(ids(&open), BTreeSet::from(meant));
    let rest = find(json!({ "hasOpenProposal": false }));
    assert_eq!(rest.len() + open.len(), all.len());
    assert!(rest.iter().all(|row| row["proposal"].is_null()));
    for part in ["level", "family"] {
        let words: BTreeSet<&str> =
            all.iter().map(|row| row["awardType"][part].as_str().unwrap()).collect();
        assert!(part == "level" || words.len() > 1, "{part}: {words:?}");
        for word in words {
            let found = find(json!({ part: { "eq": word } }));
            assert!(found.iter().all(|row| row["awardType"][part] == word), "{part} {word}");
            let others = find(json!({ part: { "neq": word } }));
            assert_eq!(found.len() + others.len(), all.len(), "{part} {word}");
        }
    }
    assert!(all.iter().any(|row| row["state"] == "REVOKED"), "the list holds what was revoked");
}

fn an_answer_leads_on_and_back(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    let approved = world.submission(&world.a, State::Approved);
    let path = "query($id: ID!) { submission(id: $id) {
      decisions { id label }
      nominees { id name award { id subjectName submission { id } } }
    } }";
    let shown =
        |client: &Client| client.run(path, json!({ "id": approved.id })).ok()["submission"].clone();
    let before = shown(&head);
    assert_eq!((&before["decisions"], &before["nominees"][0]["award"]), (&json!([]), &Value::Null));

    let answer = issue(&world, &json!({ "awards": [], "submissionIds": [approved.id] }));
    let done = run(&head, "decisionIssue", &answer).ok();
    let decision = &done["decisionIssue"]["decision"];

    let after = shown(&head);
    assert_eq!(after["decisions"], json!([{ "id": decision["id"], "label": decision["label"] }]));
    for nominee in after["nominees"].as_array().unwrap() {
        assert_eq!(nominee["award"]["subjectName"], nominee["name"]);
        assert_eq!(nominee["award"]["submission"]["id"], json!(approved.id));
    }
    let award = operation::text("award");
    let direct = head.run(award, json!({ "id": world.a.awards.valid })).ok();
    assert_eq!(direct["award"]["submission"], Value::Null, "nobody proposed it");
    let stranger = world.b.sign_in(&server, Role::StandingOfficer);
    assert_eq!(shown(&stranger), Value::Null);
    crate::registry::assert_replayed(&world);
}

fn edges_of_a_page_take_what_one_takes(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let head = world.a.sign_in(&server, Role::UnitHead);
    world.inbox(&world.a, 20);
    let path = "query($first: Int!) { submissions(first: $first) { nodes {
      id decisions { id } nominees { id award { id submission { id } } }
    } } }";
    let approved = world.submission(&world.a, State::Approved);
    let answer = issue(&world, &json!({ "awards": [], "submissionIds": [approved.id] }));
    let _ = run(&head, "decisionIssue", &answer).ok();
    let take = |first: u32| {
        let answer = head.run(path, json!({ "first": first }));
        (answer.statements(), answer.ok()["submissions"]["nodes"].as_array().unwrap().len())
    };

    let ((one, _), (many, count)) = (take(1), take(25));

    assert!(count > 20, "{count}");
    same_statements(one, many, "one submission and a page");
}

fn sessions_of_all_councils_are_one_list(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let of_all = ("allCouncilSessions", "CouncilSession", "plannedOn year council { id }");
    let board = &world.a.board;

    let all = rows(&secretary, of_all, &json!({}));

    let known = [board.planned, board.sitting, board.idle, board.closed, board.hearing];
    assert!(known.iter().all(|id| ids(&all).contains(&id.to_string())), "{all:?}");
    let days: Vec<&str> = all.iter().map(|row| row["plannedOn"].as_str().unwrap()).collect();
    assert!(days.windows(2).all(|pair| pair[0] >= pair[1]), "newest first: {days:?}");
    let of_board = rows(&secretary, of_all, &json!({ "councilId": { "eq": board.id } }));
    assert!(of_board.len() < all.len(), "another council sits too");
    assert!(of_board.iter().all(|row| row["council"]["id"] == json!(board.id)));
    let closed = json!({ "id": { "eq": board.closed }, "state": { "eq": "CLOSED" } });
    assert_eq!(rows(&secretary, of_all, &closed).len(), 1);
    let theirs = json!({ "councilId": { "eq": world.b.board.id } });
    assert_eq!(rows(&secretary, of_all, &theirs), Vec::<Value>::new());
}

fn councils_clusters_and_subjects_are_found_by_unit(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let this = Condition::all().add(council::Column::Id.eq(world.a.board.inventors.uuid));
    let known = world.ground.rows::<council::Entity>(this).unwrap().remove(0);
    let office = Id::new("Council");
    let unit_id = Some(world.a.office.uuid);
    world.ground.add(council::Model { id: office.uuid, unit_id, ..known }).unwrap();
    let [ours, theirs] =
        [&world.a, &world.b].map(|province| province.sign_in(&server, Role::StandingOfficer));

    let by_unit = json!({ "unitId": { "eq": world.a.office } });
    let councils = |client: &Client| ids(&rows(client, ("councils", "Council", ""), &by_unit));
    assert_eq!(councils(&ours), BTreeSet::from([office.to_string()]));
    assert_eq!(councils(&theirs), BTreeSet::new());

    let by_member = json!({ "memberUnitId": world.crossing.seats[0].unit });
    let clusters = |client: &Client| ids(&rows(client, ("clusters", "Cluster", ""), &by_member));
    assert!(clusters(&ours).contains(&world.crossing.id.to_string()));
    // B leads the cluster in which the office sits, and is not told which unit of A that is.
    let deputy = world.crossing_deputy.sign_in(&server);
    assert_eq!((clusters(&deputy), clusters(&theirs)), (BTreeSet::new(), BTreeSet::new()));

    let subjects = |find: Value| rows(&ours, ("subjects", "Subject", "kind"), &find);
    let units = subjects(json!({ "isUnit": true }));
    assert!(!units.is_empty() && units.iter().all(|row| row["kind"] == "COLLECTIVE"));
    let others = subjects(json!({ "isUnit": false }));
    assert_eq!(units.len() + others.len(), subjects(json!({})).len());
}

fn proposals_above_are_found_by_where_they_stand(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let proposals = |find: Value| {
        rows(&secretary, ("onwardSubmissions", "OnwardSubmission", "state createdAt year"), &find)
    };
    let all = proposals(json!({}));
    let states: BTreeSet<&str> = all.iter().map(|row| row["state"].as_str().unwrap()).collect();
    assert!(states.len() > 1 && states.contains("DRAFT"), "{states:?}");

    for state in states {
        let found = proposals(json!({ "state": { "eq": state } }));
        assert!(found.iter().all(|row| row["state"] == state), "{state}: {found:?}");
        let others = proposals(json!({ "state": { "notIn": [state] } }));
        assert_eq!(found.len() + others.len(), all.len(), "{state}");
    }
    assert_eq!(proposals(json!({ "year": { "gt": YEAR + 10 } })), Vec::<Value>::new());
    let packages = |find: Value| {
        rows(&secretary, ("onwardPackages", "OnwardPackage", "sentAt letterDate"), &find)
    };
    let sent = packages(json!({ "sentAt": { "gte": "2000-01-01T00:00:00Z" } }));
    assert_eq!(sent.len(), packages(json!({})).len());
    assert!(packages(json!({ "letterDate": { "lt": "2000-01-01" } })).is_empty());
}
