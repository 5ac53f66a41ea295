//! Callers behind a proxy are told apart by the address that it forwards, if it is trusted, and by nothing else.

use harness::cases;
use harness::client::{Answer, Client};
use harness::people::PASSWORD;
use harness::server::{Options, Server};
use harness::socket::Socket;
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::{Value, json};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        wrong_passwords_behind_a_proxy_make_one_caller_wait,
        budgets_follow_the_forwarded_address,
        connections_follow_the_forwarded_address,
    ]
}

/// The tests themselves are the proxy.
const TRUST: (&str, &str) = ("THIDUA_TRUSTED_PROXIES", "127.0.0.1, ::1");
const JSON: (&str, &str) = ("content-type", "application/json");
/// Two callers, far enough from each other for every counter.
const ONE: &str = "203.0.113.7";
const OTHER: &str = "198.51.100.7";

fn server(stage: &Stage, variables: &[(&str, &str)]) -> Server {
    let variables = variables.iter();
    let variables =
        variables.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    stage.own_server(Options { demo: true, variables, ..Options::default() })
}

fn sign_in(client: &Client, username: &str, password: &str, forwarded: (&str, &str)) -> Answer {
    let query = "mutation($input: SignInInput!) {
      signIn(input: $input) { session { accessToken } errors { code message } }
    }";
    let input = json!({ "tenant": "lai_chau", "username": username, "password": password });
    let body = json!({ "query": query, "variables": { "input": input } }).to_string();
    client.post(body.as_bytes(), &[JSON, forwarded])
}

/// One wrong password, and its counters as after many.
fn guess_often(server: &Server, world: &World, forwarded: (&str, &str)) {
    let _ = sign_in(&server.client(), "nobody", "wrong", forwarded).refused("SIGN_IN_FAILED");
    world.ground.query("UPDATE sign_in_throttle SET failures = 50").unwrap();
}

const PLAIN: &str = "x-forwarded-for";

fn wrong_passwords_behind_a_proxy_make_one_caller_wait(stage: &Stage) {
    let server = server(stage, &[TRUST]);
    let (world, client) = (World::on(&server), server.client());
    guess_often(&server, &world, (PLAIN, "192.0.2.99, 203.0.113.7"));

    let try_from = |forwarded| sign_in(&client, "lai_chau.chair", PASSWORD, forwarded);
    for forwarded in [
        (PLAIN, ONE),
        (PLAIN, "198.51.100.7, 203.0.113.7"),
        (PLAIN, "203.0.113.7, 127.0.0.1"),
        ("forwarded", "for=\"203.0.113.7:4711\";proto=https"),
    ] {
        let _ = try_from(forwarded).refused("SIGN_IN_THROTTLED");
    }
    for forwarded in [(PLAIN, OTHER), (PLAIN, "unknown"), ("forwarded", "for=\"[2001:db8::1]\"")] {
        let _ = try_from(forwarded).ok();
    }

    let alone = self::server(stage, &[]);
    let world = World::on(&alone);
    guess_often(&alone, &world, (PLAIN, ONE));
    for forwarded in [(PLAIN, OTHER), ("forwarded", "for=198.51.100.7")] {
        // Nobody was named whose word is taken: whatever is forwarded, it is the same connection.
        let answer = sign_in(&alone.client(), "lai_chau.chair", PASSWORD, forwarded);
        let _ = answer.refused("SIGN_IN_THROTTLED");
    }
}

/// What is left of the budget of an address, after a request from there.
fn left(server: &Server, forwarded: &str) -> u64 {
    let body = json!({ "query": "{ __typename }" }).to_string();
    let answer = server.client().post(body.as_bytes(), &[JSON, (PLAIN, forwarded)]);
    let standing = answer.header("ratelimit").unwrap_or_else(|| panic!("{answer}"));
    let left = standing.split(';').find_map(|pair| pair.strip_prefix("r="));
    left.and_then(|left| left.parse().ok()).unwrap_or_else(|| panic!("{standing}"))
}

/// Refused documents from an address, each of which costs eleven points.
fn waste(server: &Server, forwarded: &str) {
    for _ in 0..200 {
        let answer = server.client().post(b"{\"query\":\"{ nope\"}", &[JSON, (PLAIN, forwarded)]);
        let _ = answer.top("GRAPHQL_PARSE_FAILED");
    }
}

fn budgets_follow_the_forwarded_address(stage: &Stage) {
    // What is wasted is far more than what flows back meanwhile.
    let rate = ("THIDUA_ADDRESS_RATE", "100");
    let trusting = server(stage, &[TRUST, rate]);
    waste(&trusting, &format!("{OTHER}, {ONE}"));
    let (one, other) = (left(&trusting, ONE), left(&trusting, OTHER));
    assert!(one < other && other >= 9_990, "{one} and {other} left");

    let alone = server(stage, &[rate]);
    waste(&alone, ONE);
    let other = left(&alone, OTHER);
    assert!(other < 9_990, "{other} left");
}

fn connections_follow_the_forwarded_address(stage: &Stage) {
    let most = ("THIDUA_ADDRESS_CONNECTIONS", "1");
    let trusting = server(stage, &[TRUST, most]);
    let open = |server: &Server, forwarded: &str| {
        let headers = [("sec-websocket-protocol", "graphql-transport-ws"), (PLAIN, forwarded)];
        Socket::try_open(server, &headers)
    };
    let crowded = |refused: Option<(u16, Value)>| {
        let (status, body) = refused.unwrap();
        assert_eq!(status, 429, "{body}");
        assert_eq!(body["errors"][0]["extensions"]["code"], "TOO_MANY_CONNECTIONS");
    };
    let kept = [open(&trusting, ONE).unwrap(), open(&trusting, OTHER).unwrap()];
    crowded(open(&trusting, &format!("192.0.2.1, {ONE}")).err());
    drop(kept);

    let alone = server(stage, &[most]);
    let kept = open(&alone, ONE).unwrap();
    crowded(open(&alone, OTHER).err());
    drop(kept);
}
