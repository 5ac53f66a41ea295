//! The keys of an answer come in the order of the query: the version of async-graphql is pinned for it.

use entity::role_grant::Role;
use harness::cases;
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::json;

pub(crate) fn cases() -> Vec<Case> {
    cases![keys_come_in_the_order_of_the_query]
}

const QUERY: &str = "query($id: ID!) {
  zebra: unit(id: $id) { version name ...F apple: code ... on Unit { kind id } }
  viewer { tenant { slug code } displayName }
  unit(id: $id) { validTo code beta: tenant { name id } alpha: id }
}
fragment F on Unit { validFrom parent { name id } }";

/// The keys of [`QUERY`], each level from left to right.
const KEYS: [&str; 23] = [
    "data",
    "zebra",
    "version",
    "name",
    "validFrom",
    "parent",
    "name",
    "id",
    "apple",
    "kind",
    "id",
    "viewer",
    "tenant",
    "slug",
    "code",
    "displayName",
    "unit",
    "validTo",
    "code",
    "beta",
    "name",
    "id",
    "alpha",
];

fn keys_come_in_the_order_of_the_query(stage: &Stage) {
    let server = stage.server();
    let World { a, .. } = World::on(&server);
    let officer = a.sign_in(&server, Role::StandingOfficer);

    let answer = officer.run(QUERY, json!({ "id": a.office }));

    let text = answer.text.clone();
    assert_eq!(answer.data()["viewer"]["tenant"]["slug"], json!(a.slug));
    // In JSON a key is a text before a colon.
    let keys: Vec<&str> = text.split("\":").filter_map(|part| part.rsplit('"').next()).collect();
    let keys: Vec<&str> = keys.into_iter().filter(|key| is_key(key)).collect();
    assert_eq!(keys, KEYS, "{text}");
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && text.chars().all(char::is_alphanumeric)
}
