//! The protocol `graphql-transport-ws`, message by message, and the codes with which a socket is closed.

use entity::role_grant::Role;
use harness::cases;
use harness::client::Call;
use harness::socket::{Said, Socket};
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::{Value, json};
use tungstenite::Message;

use super::follow;
use crate::operation;

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_socket_is_greeted_and_answers,
        whoever_breaks_the_protocol_is_told_how,
        only_pages_of_this_server_open_a_socket,
        a_subscription_is_no_ordinary_request,
    ]
}

const VIEWER: &str = "{ viewer { user { username } } }";

fn a_socket_is_greeted_and_answers(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let name = &world.a.person(Role::CouncilSecretary).username;
    let mut socket = Socket::open(&server);
    socket.say(&json!({ "type": "ping" }));
    assert_eq!(socket.message(), json!({ "type": "pong" }), "before the first message too");
    socket.init(secretary.token());
    assert_eq!(socket.message(), json!({ "type": "connection_ack" }));

    socket.subscribe("1", VIEWER, &json!({}));
    assert_eq!(socket.data("1")["viewer"]["user"]["username"], **name);
    assert_eq!(socket.message(), json!({ "type": "complete", "id": "1" }));
    // An operation that is over leaves its id free.
    socket.subscribe("1", "{ viewer { ", &json!({}));
    assert_eq!(socket.refused("1"), ["GRAPHQL_PARSE_FAILED"]);
    socket.subscribe("1", "{ nope }", &json!({}));
    assert_eq!(socket.refused("1"), ["GRAPHQL_VALIDATION_FAILED"]);
    for root in ["__typename", "...F", "a: sessionLive(sessionId: \"x\") { state } b: __typename"] {
        let text = format!("subscription {{ {root} }} fragment F on Subscription {{ __typename }}");
        socket.subscribe("1", &text, &json!({}));
        assert_ne!(socket.refused("1"), [""; 0], "{root}");
    }
    let deep =
        format!("{{ units {{ nodes {}{{ id }}{} }} }}", "{ parent ".repeat(12), "}".repeat(12));
    socket.subscribe("1", &deep, &json!({}));
    assert_eq!(socket.refused("1"), ["DEPTH_LIMIT_EXCEEDED"], "the limits of requests hold here");

    follow(&mut socket, "one", &json!(world.a.board.sitting));
    let first = socket.data("one")["sessionLive"].clone();
    assert_eq!(first["state"], "OPEN");
    assert_eq!(first["present"].as_array().unwrap().len(), 1, "{first}");
    let ballots = first["ballots"].as_array().unwrap().iter();
    let of_item = ballots.filter(|ballot| ballot["itemId"] == json!(world.a.board.item));
    assert_eq!(of_item.count(), 3, "{first}");
    socket.say(&json!({ "type": "complete", "id": "one" }));
    socket.say(&json!({ "type": "complete", "id": "unknown" }));
    socket.say(&json!({ "type": "ping" }));
    assert_eq!(socket.message(), json!({ "type": "pong" }), "the end is not echoed");
    follow(&mut socket, "one", &json!(world.a.board.sitting));
    assert_eq!(socket.data("one")["sessionLive"], first, "its id is free");
}

/// What is said after the greeting, and the code of the answer.
fn wrongs() -> Vec<(Message, u16)> {
    let text = |value: Value| Message::text(value.to_string());
    let subscribe = |payload: Value| json!({ "type": "subscribe", "id": "1", "payload": payload });
    vec![
        (Message::text("not JSON"), 4400),
        (Message::text(""), 4400),
        (Message::text("[".repeat(50_000)), 4400),
        (text(json!([subscribe(json!({ "query": VIEWER }))])), 4400),
        (text(json!({ "type": "start", "id": "1", "payload": { "query": VIEWER } })), 4400),
        (text(json!({ "type": "connection_ack" })), 4400),
        (text(json!({ "type": "subscribe", "payload": { "query": VIEWER } })), 4400),
        (text(json!({ "type": "subscribe", "id": "", "payload": { "query": VIEWER } })), 4400),
        (text(json!({ "type": "subscribe", "id": "1" })), 4400),
        (text(subscribe(json!({}))), 4400),
        (text(subscribe(json!({ "query": VIEWER, "variables": [] }))), 4400),
        (text(json!({ "type": "complete" })), 4400),
        (Message::binary(b"{\"type\":\"ping\"}".to_vec()), 4400),
        (text(json!({ "type": "connection_init" })), 4429),
    ]
}

fn whoever_breaks_the_protocol_is_told_how(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    for (message, code) in wrongs() {
        let mut socket = Socket::of(&server, &secretary);
        let what: String = message.to_string().chars().take(80).collect();
        socket.send(message);
        assert_eq!(socket.closed(), code, "{what}");
    }
    // Twice the same id while the first is still told.
    let mut socket = Socket::of(&server, &secretary);
    for _ in 0..2 {
        follow(&mut socket, "same", &json!(world.a.board.sitting));
    }
    assert_eq!(socket.closed(), 4409);
    // Before the acknowledgement.
    let mut socket = Socket::open(&server);
    socket.subscribe("1", VIEWER, &json!({}));
    assert_eq!(socket.closed(), 4401);
    // Without a token, with one of another scheme, with one that is none.
    for payload in [
        json!(null),
        json!({}),
        json!({ "authorization": secretary.token() }),
        json!({ "authorization": "Bearer nonsense" }),
        json!({ "authorization": 1 }),
    ] {
        let mut socket = Socket::open(&server);
        socket.say(&json!({ "type": "connection_init", "payload": payload }));
        assert_eq!(socket.closed(), 4403, "{payload}");
    }
    // A client that is no browser may send its token with the handshake.
    let bearer = format!("Bearer {}", secretary.token().unwrap());
    let headers = [("sec-websocket-protocol", "graphql-transport-ws"), ("authorization", &bearer)];
    let mut socket = Socket::try_open(&server, &headers).unwrap_or_else(|it| panic!("{it:?}"));
    socket.init(None);
    assert_eq!(socket.message(), json!({ "type": "connection_ack" }));
}

fn only_pages_of_this_server_open_a_socket(stage: &Stage) {
    let own =
        super::server(stage, &[("THIDUA_SOCKET_ORIGINS", "https://app.example.vn/, http://b.vn")]);
    let protocol = ("sec-websocket-protocol", "graphql-transport-ws");
    for origin in [&own.url(), "https://app.example.vn", "http://b.vn"] {
        assert!(Socket::try_open(&own, &[protocol, ("origin", origin)]).is_ok(), "{origin}");
    }
    for origin in
        ["https://evil.example", "null", "https://app.example.vn.evil.example", "http://127.0.0.1"]
    {
        let (status, body) = Socket::try_open(&own, &[protocol, ("origin", origin)]).err().unwrap();
        assert_eq!((status, code(&body)), (403, "ORIGIN_NOT_ALLOWED"), "{origin}");
    }
    for subprotocol in ["graphql-ws", "bogus", "Graphql-Transport-Ws"] {
        let headers = [("sec-websocket-protocol", subprotocol)];
        let (status, body) = Socket::try_open(&own, &headers).err().unwrap();
        assert_eq!((status, code(&body)), (400, "SUBPROTOCOL_NOT_SUPPORTED"), "{subprotocol}");
    }
    let (status, _) = Socket::try_open(&own, &[]).err().unwrap();
    assert_eq!(status, 400, "no subprotocol at all");
}

fn code(body: &Value) -> &str {
    body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

fn a_subscription_is_no_ordinary_request(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let text = operation::text("sessionLive");
    let variables = json!({ "sessionId": world.a.board.sitting });

    let answer = secretary.run(text, variables);
    assert_eq!(answer.status, 400);
    let _ = answer.top("SUBSCRIPTION_NOT_SUPPORTED");
    let stranger = server.client().run(text, json!({ "sessionId": "x" }));
    let _ = stranger.top("SUBSCRIPTION_NOT_SUPPORTED");
    let query = "subscription%7BsessionLive(sessionId:%22x%22)%7Bstate%7D%7D";
    let path = format!("/graphql?query={query}");
    let answer = secretary.request(&Call { method: "GET", path: &path, ..Call::default() });
    let _ = answer.top("SUBSCRIPTION_NOT_SUPPORTED");
    let mut socket = Socket::of(&server, &secretary);
    socket.wait_for(std::time::Duration::from_millis(300));
    assert_eq!(socket.heard(), Said::Nothing, "nothing is told unasked");
}
