//! The attack surface: whatever a stranger can send is answered or refused, typed, in bounds, and without a leak.
//! What a signed-in caller may see or do is in `isolation` and `access`.

mod budget;
mod documents;
mod doors;
mod filled;
mod forwarded;
mod hostile;
mod load;
mod shapes;
mod slow;

use harness::client::{Answer, Client};
use harness::stage::Case;
use serde_json::{Value, json};

pub(crate) fn cases() -> Vec<Case> {
    [
        doors::cases(),
        documents::cases(),
        budget::cases(),
        slow::cases(),
        load::cases(),
        hostile::cases(),
        forwarded::cases(),
    ]
    .concat()
}

/// What no answer may hold: SQL, names of tables and of crates, places in source files and on disks.
const SECRETS: [&str; 24] = [
    "SELECT ",
    "INSERT ",
    "UPDATE ",
    "DELETE FROM",
    "relation \"",
    "no such table",
    "constraint",
    "SQLSTATE",
    "sqlite",
    "postgres",
    "sqlx",
    "sea_orm",
    "sea-orm",
    "async_graphql",
    "async-graphql",
    "actix",
    "tokio",
    "serde",
    "panicked",
    ".rs:",
    "src/",
    "/home",
    "/root",
    "/tmp/",
];

/// What of [`SECRETS`] stands in an answer and did not stand in what was sent.
fn leaks(answer: &Answer, sent: &str) -> Vec<&'static str> {
    let found = SECRETS.into_iter().filter(|secret| answer.text.contains(secret));
    found.filter(|secret| !sent.contains(secret)).collect()
}

/// Asserts an answer in the form of GraphQL without `data`, whose errors have this code, and nothing leaks.
#[track_caller]
fn assert_refused(answer: &Answer, code: &str, sent: &str) {
    let what: String = sent.chars().take(200).collect();
    assert_eq!(answer.top_codes().first().map(String::as_str), Some(code), "{what}: {answer}");
    assert!(answer.body.get("data").is_none(), "{what}: {answer}");
    assert!(answer.body["errors"].as_array().unwrap().len() <= 20, "{what}: {answer}");
    assert!(answer.body["errors"][0]["extensions"]["requestId"].is_string(), "{what}: {answer}");
    assert_eq!(leaks(answer, sent), [""; 0], "{what}: {answer}");
}

const CREATE: &str = "mutation($input: UnitCreateInput!) {
  unitCreate(input: $input) { unit { id } errors { code message } }
}";

/// A write: a new unit below another one.
fn create(client: &Client, parent: &str, code: &str) -> Answer {
    client.run(CREATE, json!({ "input": input(parent, code) }))
}

fn input(parent: &str, code: &str) -> Value {
    json!({
        "parentId": parent, "code": code, "name": format!("Phòng {code}"),
        "kind": "DEPARTMENT", "validFrom": "2025-01-01",
    })
}

/// How many units there are whose code is one of these.
fn count(client: &Client, codes: &[String]) -> i64 {
    let query =
        "query($codes: [String!]) { units(where: { code: { in: $codes } }) { totalCount } }";
    let data = client.run(query, json!({ "codes": codes })).ok();
    data["units"]["totalCount"].as_i64().unwrap()
}
