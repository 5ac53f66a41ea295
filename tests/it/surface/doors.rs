//! Ways in: methods, content types, upgrades, and what a stranger learns at the door.

use std::fmt::Write;

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Answer, Call, Client};
use harness::server::{Options, Server};
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::json;

use super::{CREATE, assert_refused, count, create, input, leaks};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        no_request_without_a_preflight_changes_anything,
        bodies_that_are_no_request_are_refused,
        no_upgrade_and_no_subscription,
        a_stranger_learns_nothing_in_production,
        errors_of_any_kind_leak_nothing,
    ]
}

/// Headers and body of one way to send a mutation from a foreign page without being asked first.
struct Way {
    name: &'static str,
    method: &'static str,
    content_type: Option<&'static str>,
}

/// 6 ways, by strangers and signed-in callers, with and without a foreign origin: 24 cells.
const WAYS: [Way; 6] = [
    Way { name: "GET", method: "GET", content_type: None },
    Way { name: "no content type", method: "POST", content_type: None },
    Way { name: "form", method: "POST", content_type: Some("application/x-www-form-urlencoded") },
    Way { name: "text", method: "POST", content_type: Some("text/plain") },
    Way {
        name: "multipart",
        method: "POST",
        content_type: Some("multipart/form-data; boundary=b"),
    },
    Way {
        name: "JSON as text",
        method: "POST",
        content_type: Some("text/plain; application/json"),
    },
];

const SIGN_IN: &str = "mutation($input: SignInInput!) {
  signIn(input: $input) { session { accessToken } errors { code } }
}";

fn no_request_without_a_preflight_changes_anything(stage: &Stage) {
    let server = stage.server();
    let World { a, .. } = World::on(&server);
    let officer = a.sign_in(&server, Role::StandingOfficer);
    let person = a.person(Role::UnitHead);
    let sign_in = json!({ "tenant": a.slug, "username": person.username, "password": harness::people::PASSWORD });
    let (mut codes, mut cells) = (Vec::new(), 0);
    for (at, way) in WAYS.iter().enumerate() {
        for origin in [None, Some("https://evil.example")] {
            let code = format!("csrf-{at}-{}", origin.is_some());
            let written = send(
                &officer,
                way,
                origin,
                (CREATE, &json!({ "input": input(&a.office.to_string(), &code) })),
            );
            let entered =
                send(&server.client(), way, origin, (SIGN_IN, &json!({ "input": sign_in })));
            for answer in [written, entered] {
                assert!([405, 415].contains(&answer.status), "{}: {answer}", way.name);
                assert!(
                    answer.body.get("data").is_none() && !answer.text.contains("accessToken"),
                    "{answer}"
                );
                assert!(answer.header("access-control-allow-origin").is_none(), "{}", way.name);
                cells += 1;
            }
            codes.push(code);
        }
    }
    let preflight = [("origin", "https://evil.example"), ("access-control-request-method", "POST")];
    let asked = officer.request(&Call {
        method: "OPTIONS",
        path: "/graphql",
        headers: &preflight,
        body: b"",
    });

    assert_eq!(cells, 24);
    assert_eq!(count(&officer, &codes), 0, "nothing was written");
    assert!(
        asked.header("access-control-allow-origin").is_none(),
        "no browser sends JSON after this"
    );
    create(&officer, &a.office.to_string(), &codes[0]).ok();
    assert_eq!(count(&officer, &codes), 1, "the same mutation as JSON is carried out");
}

/// Every byte as `%XX`.
fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        write!(encoded, "%{byte:02X}").unwrap();
        encoded
    })
}

fn send(
    client: &Client,
    way: &Way,
    origin: Option<&str>,
    (query, variables): (&str, &serde_json::Value),
) -> Answer {
    let form = format!("query={}&variables={}", encode(query), encode(&variables.to_string()));
    let body = match way.name {
        "GET" => String::new(),
        "form" => form.clone(),
        "multipart" => format!(
            "--b\r\ncontent-disposition: form-data; name=\"operations\"\r\n\r\n{}\r\n--b--\r\n",
            json!({ "query": query, "variables": variables })
        ),
        _ => json!({ "query": query, "variables": variables }).to_string(),
    };
    let path = if way.method == "GET" { format!("/graphql?{form}") } else { "/graphql".to_owned() };
    let kind = way.content_type.map(|kind| ("content-type", kind));
    let headers: Vec<_> = kind.into_iter().chain(origin.map(|origin| ("origin", origin))).collect();
    client.request(&Call {
        method: way.method,
        path: &path,
        headers: &headers,
        body: body.as_bytes(),
    })
}

fn bodies_that_are_no_request_are_refused(stage: &Stage) {
    let client = stage.server().client();
    let huge = format!("{{\"query\":\"{{__typename}}\",\"x\":\"{}\"}}", "x".repeat(2 << 20));
    for (body, status, code) in [
        ("", 400, "BAD_REQUEST"),
        ("\u{feff}{}", 400, "BAD_REQUEST"),
        ("null", 400, "BAD_REQUEST"),
        ("{\"query\":7}", 400, "BAD_REQUEST"),
        ("{\"query\":\"{__typename}\"", 400, "BAD_REQUEST"),
        ("{\"query\":\"{__typename}\",\"variables\":[]}", 400, "BAD_REQUEST"),
        ("{\"query\":\"{__typename}\",\"query\":\"{viewer{displayName}}\"}", 400, "BAD_REQUEST"),
        ("[{\"query\":\"{__typename}\"}]", 400, "BATCH_NOT_SUPPORTED"),
        (&"[".repeat(500_000), 400, "BATCH_NOT_SUPPORTED"),
        (&format!("{{\"query\":{}", "{\"a\":".repeat(100_000)), 400, "BAD_REQUEST"),
        (&huge, 413, "PAYLOAD_TOO_LARGE"),
    ] {
        let answer = client.post(body.as_bytes(), &[("content-type", "application/json")]);
        assert_eq!(answer.status, status, "{answer}");
        assert_refused(&answer, code, body);
    }
    let bytes = client.post(b"{\"query\":\"\xff\xfe\"}", &[("content-type", "application/json")]);
    assert_refused(&bytes, "BAD_REQUEST", "");
    for method in ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
        let answer = client.request(&Call { method, path: "/graphql", ..Call::default() });
        assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, POST")), "{method}");
    }
}

/// There are no subscriptions yet, by any transport; the answer is one of HTTP.
fn no_upgrade_and_no_subscription(stage: &Stage) {
    let client = stage.server().client();
    let upgrade = [
        ("connection", "Upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("sec-websocket-protocol", "graphql-transport-ws"),
        ("origin", "https://evil.example"),
    ];
    for path in ["/graphql", "/graphql?query=subscription%7Bx%7D", "/graphql?query=%7Bnope%7D"] {
        let answer = client.request(&Call { method: "GET", path, headers: &upgrade, body: b"" });
        assert!((400..500).contains(&answer.status), "{path}: {answer}");
        assert!(
            answer.header("upgrade").is_none() && answer.body["errors"].is_array(),
            "{path}: {answer}"
        );
    }
    let answer = client.run("subscription { submissionChanged { id } }", json!({}));
    assert!(answer.status == 401 || answer.status == 400, "{answer}");
}

fn production(stage: &Stage) -> (Server, World) {
    let server = stage.own_server(Options { demo: true, ..Options::default() });
    let world = World::on(&server);
    (server, world)
}

fn a_stranger_learns_nothing_in_production(stage: &Stage) {
    let (server, world) = production(stage);
    let (stranger, officer) = (server.client(), world.a.sign_in(&server, Role::StandingOfficer));
    let introspection = "{ __schema { queryType { name } types { name fields { name } } } }";
    let guesses = [
        introspection,
        "{ __type(name: \"Unit\") { fields { name } } }",
        "{ viewe { displayName } }",
        "{ viewer { displayNam } }",
        "{ units(first: 1) { node { id } } }",
        "mutation { signin { errors { code } } }",
        "query($a: Nope) { viewer { displayName } }",
        "{ ... on Nope { a } }",
    ];
    let answers: Vec<Answer> = guesses.iter().map(|guess| stranger.run(guess, json!({}))).collect();

    for (answer, guess) in answers.iter().zip(guesses) {
        assert_eq!(answer.status, 401, "{guess}: {answer}");
        assert_refused(answer, "UNAUTHENTICATED", guess);
        assert_eq!(
            answer.body["errors"][0]["message"], answers[0].body["errors"][0]["message"],
            "{guess}"
        );
    }
    let sdl = stranger.get("/schema.graphql");
    assert_eq!((sdl.status, sdl.text.as_str()), (401, ""));
    stranger.run("{ __typename }", json!({})).ok();
    officer.run(introspection, json!({})).ok();
    for guess in [
        "{ viewe { displayName } }",
        "{ viewer { displayNam } }",
        "{ units(frist: 1) { totalCount } }",
    ] {
        let answer = officer.run(guess, json!({}));
        assert_refused(&answer, "GRAPHQL_VALIDATION_FAILED", guess);
        assert!(!answer.text.contains("Did you mean"), "{answer}");
    }
    assert!(stranger.get("/readyz").header("server-timing").is_none());
}

/// Answers about wrong input of every kind, to a signed-in caller in production.
fn errors_of_any_kind_leak_nothing(stage: &Stage) {
    let (server, world) = production(stage);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let wrong = [
        "'",
        "\\",
        "' OR 1=1 --",
        "\u{0}",
        "%00",
        "Unit_",
        "Unit_00000000000000000000000000",
        "\u{202e}x",
        "🦀",
        "-1",
        "99999999999999999999",
        "9999-99-99",
        "\u{fffd}",
        "a\u{301}",
        "${7*7}",
        "../../etc/passwd",
    ];
    let mut asked = 0;
    for (field, text) in crate::operation::all() {
        for value in wrong {
            let variables = crate::surface::documents::filled(text, &json!(value));
            let answer = officer.run(text, variables.clone());
            let sent = variables.to_string();
            assert!(answer.status < 500, "{field} {sent}: {answer}");
            let found = leaks(&answer, &sent);
            assert!(found.is_empty(), "{field} {sent} tells {found:?}: {answer}");
            asked += 1;
        }
    }
    eprintln!("{asked} wrong inputs, no leak");
    assert!(!server.log_of_this_start().contains("panicked"), "{}", server.log_of_this_start());
}
