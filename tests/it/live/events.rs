//! Subscriptions as server-sent events: GraphQL over SSE, distinct connections.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Answer, Client};
use harness::server::Server;
use harness::stage::{Case, Stage};
use harness::world::{Id, World};
use serde_json::{Value, json};

use crate::operation;

pub(super) fn cases() -> Vec<Case> {
    cases![a_session_is_told_as_events, what_is_no_stream_is_refused_before_it_begins]
}

/// A stream of events as it is read.
pub(super) struct Events {
    stream: TcpStream,
    /// What was read and not looked at.
    text: String,
}

impl Events {
    /// Follows a session.
    pub(super) fn follow(server: &Server, client: &Client, session: Id) -> Self {
        let variables = json!({ "sessionId": session });
        let body = json!({ "query": operation::text("sessionLive"), "variables": variables });
        let mut events = Self::send(server, client, &body.to_string());
        let head = events.until("\r\n\r\n");
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        assert!(
            head.contains("text/event-stream") && head.contains("x-accel-buffering: no"),
            "{head}"
        );
        events
    }

    fn send(server: &Server, client: &Client, body: &str) -> Self {
        let mut stream = TcpStream::connect(server.url().trim_start_matches("http://")).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let token = client.token().unwrap_or_default();
        let request = format!(
            "POST /graphql HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\
             content-type: application/json\r\nauthorization: Bearer {token}\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        Self { stream, text: String::new() }
    }

    /// Reads until a mark and hands back what stands before it.
    #[track_caller]
    fn until(&mut self, mark: &str) -> String {
        let mut buffer = [0; 4_096];
        loop {
            if let Some((before, after)) = self.text.split_once(mark) {
                let (before, after) = (before.to_owned(), after.to_owned());
                self.text = after;
                return before;
            }
            let length = self.stream.read(&mut buffer).unwrap();
            assert!(length > 0, "the stream has ended: {}", self.text);
            self.text.push_str(&String::from_utf8_lossy(&buffer[..length]));
        }
    }

    /// The next event: what it is, and its data.
    #[track_caller]
    pub(super) fn next(&mut self) -> (String, Value) {
        let _comments = self.until("event: ");
        let kind = self.until("\n");
        let data = self.until("\n\n");
        let data = data.trim_start_matches("data:").trim();
        (kind, serde_json::from_str(data).unwrap_or_default())
    }

    /// What comes until the stream ends, without the frames of the transport and heartbeats.
    pub(super) fn rest(&mut self) -> String {
        let mut rest = Vec::new();
        drop(self.stream.read_to_end(&mut rest));
        let text = format!("{}{}", self.text, String::from_utf8_lossy(&rest));
        let is_word = |line: &&str| line.starts_with("event") || line.starts_with("data");
        text.lines().filter(is_word).collect()
    }
}

fn a_session_is_told_as_events(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let board = &world.a.board;
    let mut events = Events::follow(&server, &secretary, board.planned);
    let (kind, first) = events.next();
    assert_eq!(
        (kind.as_str(), &first["data"]["sessionLive"]["state"]),
        ("next", &json!("PLANNED"))
    );

    let open = json!({ "id": board.planned, "expectedVersion": 1 });
    let _ = crate::council::done(&secretary, ("sessionOpen", "session"), &open);

    let (kind, then) = events.next();
    assert_eq!((kind.as_str(), &then["data"]["sessionLive"]["state"]), ("next", &json!("OPEN")));
    // A question is answered once, and that is the end of it.
    let mut events =
        Events::send(&server, &secretary, r#"{"query":"{ viewer { user { username } } }"}"#);
    let (kind, told) = events.next();
    let name = &world.a.person(Role::CouncilSecretary).username;
    assert_eq!(
        (kind.as_str(), &told["data"]["viewer"]["user"]["username"]),
        ("next", &json!(name))
    );
    assert_eq!(events.next().0, "complete");
    // What may not be read and what is not there are told alike.
    let told = [world.b.board.sitting, Id::new("CouncilSession"), Id::new("Unit")].map(|id| {
        let mut events = Events::follow(&server, &secretary, id);
        let (_, mut told) = events.next();
        assert_eq!(events.next().0, "complete");
        assert_eq!(told["errors"][0]["extensions"]["errorCode"], "NOT_FOUND", "{told}");
        told["errors"][0]["extensions"]["requestId"] = Value::Null;
        told
    });
    assert!(told[0] == told[1] && told[1] == told[2], "{told:?}");
}

fn post(client: &Client, query: &str, accept: &str) -> Answer {
    let body = json!({ "query": query }).to_string();
    client.post(body.as_bytes(), &[("content-type", "application/json"), ("accept", accept)])
}

fn what_is_no_stream_is_refused_before_it_begins(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let secretary = world.a.sign_in(&server, Role::CouncilSecretary);
    let follow = "subscription { sessionLive(sessionId: \"x\") { state } }";
    let events = "text/event-stream";

    for (client, query, status, code) in [
        (&server.client(), follow, 401, "UNAUTHENTICATED"),
        (&server.client().with_token("nonsense"), follow, 401, "UNAUTHENTICATED"),
        (&secretary, "subscription { nope }", 400, "GRAPHQL_VALIDATION_FAILED"),
        (&secretary, "subscription {", 400, "GRAPHQL_PARSE_FAILED"),
    ] {
        let answer = post(client, query, events);
        assert_eq!(answer.status, status, "{query}: {answer}");
        let _ = answer.top(code);
    }
    // Whoever takes both gets JSON, but for what goes on.
    let both = "application/json, text/event-stream";
    let answer = post(&secretary, "{ viewer { user { username } } }", both);
    assert!(answer.body["data"]["viewer"].is_object(), "{answer}");
    let answer = post(&secretary, follow, both);
    assert!(answer.text.contains("event: next") && answer.text.contains("NOT_FOUND"), "{answer}");
    let _ = post(&secretary, follow, "application/json").top("SUBSCRIPTION_NOT_SUPPORTED");
    let body = json!({ "query": follow }).to_string();
    let answer =
        secretary.post(body.as_bytes(), &[("content-type", "text/plain"), ("accept", events)]);
    assert_eq!(answer.status, 415, "{answer}");
}
