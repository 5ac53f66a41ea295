//! What whoever watches the service sees of connections that are kept open.

use std::net::TcpListener;

use entity::role_grant::Role;
use harness::cases;
use harness::client::Client;
use harness::server::{Options, Server};
use harness::socket::Socket;
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::json;

use super::events::Events;
use super::follow;

pub(super) fn cases() -> Vec<Case> {
    cases![connections_and_events_are_counted]
}

/// A server and its metrics; tries again when another server was faster to take the port.
fn watched(stage: &Stage) -> (Server, Client) {
    let try_start = |_| {
        let address = TcpListener::bind(("127.0.0.1", 0)).ok()?.local_addr().ok()?.to_string();
        let arguments = vec!["--metrics-bind".to_owned(), address.clone()];
        let options =
            Options { demo: true, arguments, backend: stage.backend, ..Options::default() };
        let server = Server::start(options).ok()?;
        Some((server, Client::new(&format!("http://{address}"))))
    };
    (0..5).find_map(try_start).unwrap_or_else(|| panic!("no port for the metrics"))
}

/// The numbers of both transports under a name; none is zero.
fn read(metrics: &Client, name: &str) -> [u64; 2] {
    let text = metrics.get("/metrics").text;
    ["websocket", "sse"].map(|transport| {
        let begin = format!("{name}{{transport=\"{transport}\"}} ");
        let number = text.lines().find_map(|line| line.strip_prefix(&begin));
        number.map_or(0, |number| number.parse().unwrap())
    })
}

fn connections_and_events_are_counted(stage: &Stage) {
    let (server, metrics) = watched(stage);
    let world = World::on(&server);
    let client = world.a.sign_in(&server, Role::CouncilSecretary);
    let session = world.a.board.sitting;
    let silent = Socket::open(&server);
    let mut socket = Socket::of(&server, &client);
    for id in ["1", "2"] {
        follow(&mut socket, id, &json!(session));
        let _ = socket.data(id);
    }
    let mut events = Events::follow(&server, &client, session);
    assert_eq!(events.next().0, "next");

    assert_eq!(read(&metrics, "graphql_live_connections"), [1, 1], "those that were greeted");
    assert_eq!(read(&metrics, "graphql_live_events_total"), [2, 1]);
    drop((socket, silent));
    while read(&metrics, "graphql_live_connections")[0] > 0 {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert_eq!(read(&metrics, "graphql_live_events_total"), [2, 1]);
}
