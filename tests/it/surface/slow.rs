//! Clients that are slow on purpose, and operations that take too long: everyone has a deadline.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use entity::role_grant::Role;
use harness::cases;
use harness::server::{Options, Server};
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::{Value, json};

use super::load::Locked;
use super::{assert_refused, count, create};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        slow_heads_and_bodies_are_ended,
        a_refused_request_leaves_its_connection_sound,
        an_operation_that_takes_too_long_is_answered_and_breaks_nothing
    ]
}

/// Long after the deadline: whoever is silent until then is not answered at all.
const SILENT: Duration = Duration::from_secs(40);

fn with_deadline(stage: &Stage, more: &[(&str, &str)]) -> Server {
    let variables = [("THIDUA_DEADLINE_SECONDS", "1")].iter().chain(more);
    let variables =
        variables.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    stage.own_server(Options { demo: true, variables, ..Options::default() })
}

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.url().trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(SILENT)).unwrap();
    stream
}

/// What the server says until it closes the connection; it does so, or the read times out and this panics.
fn rest(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    let mut buffer = [0; 4_096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => said.extend_from_slice(&buffer[..length]),
            Err(fault) if fault.kind() == std::io::ErrorKind::ConnectionReset => break,
            Err(fault) => panic!("the connection stays open: {fault}"),
        }
    }
    String::from_utf8_lossy(&said).into_owned()
}

const HEAD: &str =
    "POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";

/// The body of a request whose token is refused comes late; the next request of the connection is answered.
fn a_refused_request_leaves_its_connection_sound(stage: &Stage) {
    let server = stage.server();
    let body = "{\"query\":\"{ __typename }\"}";
    let length = format!("content-length: {}\r\n", body.len());
    let mut stream = connect(&server);

    let refused = format!("{HEAD}authorization: Bearer nonsense\r\n{length}\r\n");
    stream.write_all(refused.as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let next = format!("{body}{HEAD}connection: close\r\n{length}\r\n{body}");
    stream.write_all(next.as_bytes()).unwrap();

    let said = rest(&mut stream);
    assert!(said.starts_with("HTTP/1.1 401"), "{said}");
    assert!(said.contains("HTTP/1.1 200") && said.contains("__typename"), "{said}");
}

fn slow_heads_and_bodies_are_ended(stage: &Stage) {
    let server = with_deadline(stage, &[]);
    // Many at once, none of which ever sends a whole request.
    let starts = ["", "P", "POST /graphql HT", HEAD, "POST /graphql HTTP/1.1\r\nx: "];
    let mut open: Vec<TcpStream> = (0..200)
        .map(|at| {
            let mut stream = connect(&server);
            stream.write_all(starts[at % starts.len()].as_bytes()).unwrap();
            stream
        })
        .collect();
    for _ in 0..10 {
        server.client().run("{ __typename }", json!({})).ok();
    }
    for stream in &mut open {
        let said = rest(stream);
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 408"), "{said}");
    }

    let mut body = connect(&server);
    body.write_all(format!("{HEAD}content-length: 100\r\n\r\n{{\"query\":").as_bytes()).unwrap();
    let said = rest(&mut body);
    assert!(said.starts_with("HTTP/1.1 408"), "{said}");
    let (_, text) = said.split_once("\r\n\r\n").unwrap();
    let answer: Value =
        serde_json::from_str(text).unwrap_or_else(|fault| panic!("{fault}: {said}"));
    assert_eq!(answer["errors"][0]["extensions"]["code"], "REQUEST_TIMEOUT", "{said}");

    let mut dribble = connect(&server);
    dribble.write_all(format!("{HEAD}transfer-encoding: chunked\r\n\r\n").as_bytes()).unwrap();
    let mut sent = 0;
    while sent < 100 && dribble.write_all(b"1\r\nx\r\n").is_ok() {
        std::thread::sleep(Duration::from_millis(100));
        sent += 1;
    }
    let said = rest(&mut dribble);
    assert!(
        sent < 100 || said.starts_with("HTTP/1.1 408"),
        "a byte now and then is no progress: {said}"
    );
    // The second head of a connection, which the HTTP library would wait for without an end.
    let mut second = connect(&server);
    second.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\nGET /healthz HT").unwrap();
    let said = rest(&mut second);
    assert!(said.starts_with("HTTP/1.1 200") && said.matches("HTTP/1.1").count() == 1, "{said}");
    server.client().run("{ __typename }", json!({})).ok();
}

/// With few connections, so that a broken one would come back at once.
fn an_operation_that_takes_too_long_is_answered_and_breaks_nothing(stage: &Stage) {
    let server = with_deadline(stage, &[("THIDUA_DATABASE_CONNECTIONS", "2")]);
    let World { a, .. } = World::on(&server);
    let (officer, parent) = (a.sign_in(&server, Role::StandingOfficer), a.office.to_string());
    let codes: Vec<String> = (0..4).map(|at| format!("late-{at}")).collect();

    for code in &codes {
        let locked = Locked::units(&server);
        let answer = create(&officer, &parent, code);
        assert_eq!(answer.status, 504, "{answer}");
        assert_refused(&answer, "TIMEOUT", "");
        drop(locked);
        // The late write holds its place until it has ended.
        let mut tries = (0..30).map(|_| create(&officer, &parent, &format!("{code}-next")));
        let written = tries.find(|answer| answer.status == 200).unwrap();
        assert!(["", "ALREADY_EXISTS"].contains(&written.payload_codes().concat().as_str()));
    }

    // The writes were under way: each is carried out or not, and none by half.
    for at in 0..20 {
        create(&officer, &parent, &format!("after-{at}")).ok();
    }
    let done = count(&officer, &codes);
    assert!((0..=4).contains(&done), "{done}");
    let after: Vec<String> = (0..20).map(|at| format!("after-{at}")).collect();
    assert_eq!(count(&officer, &after), 20);
    assert!(!server.log_of_this_start().contains("panicked"));
}
