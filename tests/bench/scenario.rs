//! What is asked: of our server in GraphQL, of the floor by a path; and that both answer the same.
//! Nothing is measured here.

use std::net::SocketAddr;

use anyhow::{Result, ensure};
use api::scalar::encode;
use harness::client::Client;
use harness::people::PASSWORD;
use serde_json::{Value, json};

use crate::data::{Place, Targets, YEAR};
use crate::load::{Connection, Shot};

/// One thing that people do often.
#[derive(Debug)]
pub(crate) struct Scenario {
    /// Name in the table and on the command line.
    pub(crate) name: &'static str,
    /// What the answer holds.
    pub(crate) what: &'static str,
    query: &'static str,
    targets: fn(&Targets) -> &[Place],
    variables: fn(&Place) -> Value,
    floor: fn(&Place) -> String,
    asker: fn(&Place) -> String,
}

/// Everything that is measured.
pub(crate) const SCENARIOS: [Scenario; 6] = [
    Scenario {
        name: "comparison",
        what: "cluster of 20 members x 30 criteria, all cells, asked by its coordinator",
        query: "query Comparison($cluster: ID!, $year: Int!) {
  clusterComparison(clusterId: $cluster, year: $year) {
    state
    criteria { code name max }
    rows {
      rank previousRank rankChange total
      member { id name tenant { code slug } }
      cells { criterion self peer verified final reason }
    }
  }
}",
        targets: |targets| &targets.clusters,
        variables: |place| json!({ "cluster": encode("Cluster", place.id), "year": YEAR }),
        floor: |place| format!("/comparison?cluster={}&year={YEAR}", place.id),
        asker: |place| place.username.clone(),
    },
    Scenario {
        name: "comparison-organiser",
        what: "the same with the members' units, asked by an officer of the organising province",
        query: "query ComparisonOrganiser($cluster: ID!, $year: Int!) {
  clusterComparison(clusterId: $cluster, year: $year) {
    state
    criteria { code name max }
    rows {
      rank previousRank rankChange total
      member { id name tenant { code slug } unit { id name } }
      cells { criterion self peer verified final reason }
    }
  }
}",
        targets: |targets| &targets.clusters,
        variables: |place| json!({ "cluster": encode("Cluster", place.id), "year": YEAR }),
        floor: |place| {
            format!("/comparison?cluster={}&year={YEAR}&units={}", place.id, place.tenant)
        },
        asker: |_| OFFICER.to_owned(),
    },
    Scenario {
        name: "inbox",
        what: "50 submissions to be received, with unit, number of nominees, award types, allowed actions",
        query: "query Inbox {
  submissions(where: { state: { eq: SENT } }, first: 50) {
    nodes {
      id number title state createdAt sentAt version
      unit { id name }
      nomineesCount
      awardTypes { id code name }
      allowedActions { action allowed reason }
    }
    pageInfo { hasNextPage endCursor }
  }
}",
        targets: |targets| &targets.provinces,
        variables: |_| json!({}),
        floor: |place| format!("/inbox?tenant={}", place.tenant),
        asker: |_| OFFICER.to_owned(),
    },
    Scenario {
        name: "subtree",
        what: "100 units at or below the root of a province, by name, with the id of their parent",
        query: "query Subtree($unit: ID!, $on: Date!) {
  units(withinUnit: $unit, asOf: $on, first: 100) {
    nodes { id code name kind parent { id } }
    pageInfo { hasNextPage endCursor }
  }
}",
        targets: |targets| &targets.provinces,
        variables: |place| json!({ "unit": encode("Unit", place.id), "on": TODAY }),
        floor: |place| format!("/units?tenant={}&within={}&on={TODAY}", place.tenant, place.id),
        asker: |_| OFFICER.to_owned(),
    },
    Scenario {
        name: "statistics",
        what: "awards of a province over five years: events and distinct subjects by title, kind and year",
        query: "query Statistics($unit: ID!) {
  awardStatistics(
    where: { withinUnit: $unit, countingFrom: 2021, countingTo: 2025 }
    groupBy: [AWARD_TYPE, SUBJECT_KIND, YEAR]
  ) {
    events subjects
    groups { key { awardType { code } subjectKind year } events subjects }
  }
}",
        targets: |targets| &targets.provinces,
        variables: |place| json!({ "unit": encode("Unit", place.id) }),
        floor: |place| format!("/statistics?tenant={}&within={}", place.tenant, place.id),
        asker: |_| OFFICER.to_owned(),
    },
    Scenario {
        name: "eligibility",
        what: "a list of 500 nominees judged by the law, from their ratings, awards, initiatives and cases",
        query: "query Eligibility($submission: ID!) {
  submission(id: $submission) { nominees { name eligibility { verdict } } }
}",
        targets: |targets| &targets.lists,
        variables: |place| json!({ "submission": encode("Submission", place.id) }),
        floor: |place| {
            format!("/eligibility?tenant={}&submission={}&year={YEAR}", place.tenant, place.id)
        },
        asker: |_| OFFICER.to_owned(),
    },
];

const OFFICER: &str = crate::data::OFFICER;
const TODAY: &str = "2026-01-15";

/// The requests of one scenario for both contestants.
pub(crate) struct Shots {
    pub(crate) floor: Vec<Shot>,
    pub(crate) server: Vec<Shot>,
}

/// Writes the requests, asks each once and makes sure that both contestants say the same.
pub(crate) fn shots(
    scenario: &Scenario,
    targets: &Targets,
    (floor, server): (SocketAddr, SocketAddr),
) -> Result<Shots> {
    let mut shots = Shots { floor: Vec::new(), server: Vec::new() };
    let (mut to_floor, mut to_server) = (Connection::open(floor)?, Connection::open(server)?);
    let client = Client::new(&format!("http://{server}"));
    for place in (scenario.targets)(targets) {
        let client = client.sign_in(&place.slug, &(scenario.asker)(place), PASSWORD);
        let variables = (scenario.variables)(place);
        let token = client.token().unwrap_or_default();
        let request = graphql((scenario.query, &variables), token);
        let body = to_server.ask(&request)?.to_vec();
        shots.server.push(Shot { request, length: body.len() });
        let mut ours: Value = serde_json::from_slice(&body)?;
        let request = get(&(scenario.floor)(place)).into_bytes();
        let body = to_floor.ask(&request)?.to_vec();
        shots.floor.push(Shot { request, length: body.len() });
        let mut theirs: Value = serde_json::from_slice(&body)?;
        blank(&mut ours["data"]);
        blank(&mut theirs);
        ensure!(ours.get("errors").is_none(), "{}: {}", scenario.name, ours["errors"]);
        same(scenario.name, &ours["data"], &theirs)?;
    }
    Ok(shots)
}

/// Cursors are made differently.
fn blank(data: &mut Value) {
    for list in ["submissions", "units"] {
        if let Some(cursor) = data.pointer_mut(&format!("/{list}/pageInfo/endCursor")) {
            ensure_text(cursor);
        }
    }
}

fn ensure_text(cursor: &mut Value) {
    *cursor = cursor.is_string().into();
}

/// Says where two answers part.
fn same(place: &str, ours: &Value, theirs: &Value) -> Result<()> {
    match (ours, theirs) {
        (Value::Object(one), Value::Object(other)) => {
            ensure!(one.keys().all(|key| other.contains_key(key)), "{place}: {ours} and {theirs}");
            ensure!(one.len() == other.len(), "{place}: {ours} and {theirs}");
            one.iter()
                .try_for_each(|(key, value)| same(&format!("{place}.{key}"), value, &other[key]))
        }
        (Value::Array(one), Value::Array(other)) => {
            ensure!(one.len() == other.len(), "{place}: {} and {} items", one.len(), other.len());
            let mut pairs = one.iter().zip(other).enumerate();
            pairs
                .try_for_each(|(index, (one, other))| same(&format!("{place}.{index}"), one, other))
        }
        (one, other) => {
            ensure!(one == other, "{place}: the server says {one}, the floor {other}");
            Ok(())
        }
    }
}

pub(crate) fn graphql((query, variables): (&str, &Value), token: &str) -> Vec<u8> {
    let body = json!({ "query": query, "variables": variables }).to_string();
    format!(
        "POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n\
         accept: application/graphql-response+json\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

pub(crate) fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: application/json\r\n\r\n")
}
