//! How many SQL statements an operation takes: few, and as many for one row as for a full page.

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Client, same_statements};
use harness::people;
use harness::stage::{Case, Stage};
use harness::world::{Id, World, YEAR};
use serde_json::{Value, json};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_comparison_takes_at_most_five,
        a_page_of_submissions_takes_at_most_six,
        two_roles_at_once_take_no_more,
        a_page_of_units_takes_what_one_takes,
        a_page_of_clusters_takes_what_one_takes,
        a_page_of_users_takes_what_one_takes,
        a_page_of_the_trail_takes_what_one_takes,
        a_page_of_the_catalogue_takes_what_one_takes,
        a_page_of_tenants_takes_what_one_takes,
    ]
}

const COMPARISON: &str = "query($cluster: ID!, $year: Int!) {
  clusterComparison(clusterId: $cluster, year: $year) {
    criteria { code name }
    rows {
      rank previousRank rankChange total
      member { name tenant { code slug } unit { id name } }
      cells { criterion self peer verified final reason }
      drivers { criterion places points }
    }
    state completeness { expected reported } inputsHash
  }
}";

const SUBMISSIONS: &str = "query($first: Int!) {
  submissions(first: $first) {
    nodes { id title state unit { id name } nomineesCount awardTypes { name } allowedActions { action allowed reason } }
    pageInfo { hasNextPage endCursor }
  }
}";

fn a_comparison_takes_at_most_five(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);

    let (one, _) = compared(&officer, world.table(1, 30));
    let (many, data) = compared(&officer, world.table(20, 30));

    let rows = data["clusterComparison"]["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 20);
    assert!(rows.iter().all(|row| row["cells"].as_array().unwrap().len() == 30), "{data}");
    assert!(rows.iter().all(|row| row["member"]["unit"]["id"].is_string()), "{data}");
    assert!(rows.iter().all(|row| row["rank"].is_i64() && row["total"].is_string()), "{data}");
    assert_eq!(data["clusterComparison"]["criteria"].as_array().unwrap().len(), 33);
    assert!(many <= 5, "{many} statements");
    same_statements(one, many, "one member and twenty");
}

fn compared(client: &Client, cluster: Id) -> (u32, Value) {
    let answer = client.run(COMPARISON, json!({ "cluster": cluster, "year": YEAR }));
    (answer.statements(), answer.ok())
}

fn a_page_of_submissions_takes_at_most_six(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    world.inbox(&world.a, 55);

    for role in [Role::StandingOfficer, Role::ProvinceChair, Role::UnitOfficer, Role::Auditor] {
        let client = world.a.sign_in(&server, role);
        inbox(&client, &format!("inbox of {role:?}"));
    }
}

/// Rights that come from several grants are asked for all at once.
fn two_roles_at_once_take_no_more(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    world.inbox(&world.a, 55);

    for role in [Role::StandingOfficer, Role::ProvinceChair] {
        let client = world.officer_and(&world.a, role).sign_in(&server);
        inbox(&client, &format!("inbox of UnitOfficer and {role:?}"));
    }
}

fn inbox(client: &Client, what: &str) {
    let (count, data) = page(client, (SUBMISSIONS, "submissions", 50), what);

    assert!(count <= 6, "{what}: {count} statements");
    for node in &data {
        assert_eq!(node["nomineesCount"], 5, "{node}");
        assert_eq!(node["awardTypes"].as_array().unwrap().len(), 3, "{node}");
        assert!(node["unit"]["id"].is_string(), "{node}");
        assert_eq!(node["allowedActions"].as_array().unwrap().len(), 9, "{node}");
    }
}

/// Asks for one row and for a full page: both take the same number of statements.
fn page(
    client: &Client,
    (query, field, size): (&str, &str, usize),
    what: &str,
) -> (u32, Vec<Value>) {
    let take = |first: usize| {
        let answer = client.run(query, json!({ "first": first }));
        let count = answer.statements();
        let data = answer.ok();
        let nodes = data[field]["nodes"].as_array().unwrap().clone();
        assert_eq!(nodes.len(), first, "{what}: {data}");
        (count, nodes)
    };
    // Rows of shared tables are remembered from here on.
    let _ = take(size);
    let (one, _) = take(1);
    let (many, nodes) = take(size);
    same_statements(one, many, &format!("{what}: one row and {size}"));
    (many, nodes)
}

fn a_page_of_units_takes_what_one_takes(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    assert_eq!(world.divisions(&world.a, 50).len(), 50);
    let query = "query($first: Int!) {
      units(first: $first, where: { kind: { eq: DIVISION } }) {
        nodes { id name parent { id name } tenant { slug } ancestors { id name } }
      }
    }";

    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let (_, nodes) = page(&officer, (query, "units", 50), "units");

    assert!(nodes.iter().all(|node| node["ancestors"].as_array().unwrap().len() == 2));
    assert!(nodes.iter().all(|node| node["parent"]["id"] == json!(world.a.office)));
}

fn a_page_of_clusters_takes_what_one_takes(stage: &Stage) {
    let server = stage.server();
    let officer = people::sign_in(&server, "quang_tri", "quang_tri.officer");
    let query = "query($first: Int!) {
      clusters(first: $first) {
        nodes {
          code organiser { slug } members(year: 2025) { name tenant { slug } unit { id } }
          heads(year: 2025) { position member { name } }
        }
      }
    }";

    let (_, nodes) = page(&officer, (query, "clusters", 15), "clusters");

    assert!(nodes.iter().all(|node| node["organiser"]["slug"] == "quang_tri"), "{nodes:?}");
    assert!(nodes.iter().all(|node| node["members"][0]["unit"]["id"].is_string()), "{nodes:?}");
    assert!(nodes.iter().all(|node| node["heads"][0]["member"]["name"].is_string()), "{nodes:?}");
}

fn a_page_of_users_takes_what_one_takes(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    // Who has no unit asks for none: the last one by name, a unit officer, has one.
    let query = "query($first: Int!) {
      users(first: $first, orderBy: [{ username: { direction: DESC } }]) {
        nodes { username grants { role unit { name } clusterId } }
      }
    }";

    let administrator = world.a.sign_in(&server, Role::TenantAdministrator);
    let (_, nodes) = page(&administrator, (query, "users", 10), "users");

    assert!(nodes.iter().all(|node| node["grants"].as_array().unwrap().len() == 1), "{nodes:?}");
}

fn a_page_of_the_trail_takes_what_one_takes(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    world.trail(&world.a, 50);
    let query = "query($first: Int!) {
      auditEvents(first: $first, where: { objectType: { eq: \"submission\" } }) {
        nodes { action actorName actor { username } changes { field } }
      }
    }";

    let auditor = world.a.sign_in(&server, Role::Auditor);
    let (_, nodes) = page(&auditor, (query, "auditEvents", 50), "audit events");

    assert!(nodes.iter().all(|node| node["actor"]["username"].is_string()), "{nodes:?}");
}

fn a_page_of_the_catalogue_takes_what_one_takes(stage: &Stage) {
    let server = stage.server();
    let officer = people::sign_in(&server, "lai_chau", "lai_chau.officer");
    let query = "query($first: Int!) {
      awardTypes(first: $first) { nodes { code name subjectKinds decidedBy cycles } }
    }";

    let (count, _) = page(&officer, (query, "awardTypes", 20), "award types");

    assert_eq!(count, 1);
}

fn a_page_of_tenants_takes_what_one_takes(stage: &Stage) {
    let server = stage.server();
    let officer = people::sign_in(&server, "lai_chau", "lai_chau.officer");
    let query = "query($first: Int!) {
      tenants(first: $first, where: { codeScheme: { eq: \"QD124_2004\" }, validTo: { isNull: false } }) {
        nodes { code name successors { code name } predecessors { code } }
      }
    }";

    let (_, nodes) = page(&officer, (query, "tenants", 20), "tenants");

    assert!(
        nodes.iter().all(|node| !node["successors"].as_array().unwrap().is_empty()),
        "{nodes:?}"
    );
}
