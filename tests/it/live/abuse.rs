//! What a client can do to a server that keeps connections open for it: nothing that others notice.

use std::time::Duration;

use entity::role_grant::Role;
use harness::cases;
use harness::client::Client;
use harness::server::Server;
use harness::socket::{Said, Socket};
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::json;
use tungstenite::Message;

use super::{follow, server};

pub(super) fn cases() -> Vec<Case> {
    cases![
        whoever_says_nothing_is_closed,
        a_frame_too_big_is_not_read,
        ten_thousand_subscriptions_are_twenty,
        whoever_does_not_read_is_cut_off,
        connections_are_counted_by_user_and_by_address,
    ]
}

const VIEWER: &str = "{ viewer { user { username } } }";

/// The server still answers, and soon.
#[track_caller]
fn assert_well(client: &Client) {
    let answer = client.run(VIEWER, json!({}));
    assert_eq!(answer.status, 200, "{answer}");
}

fn whoever_says_nothing_is_closed(stage: &Stage) {
    let server = server(stage, &[("THIDUA_DEADLINE_SECONDS", "1")]);
    let world = World::on(&server);
    let client = world.a.sign_in(&server, Role::CouncilSecretary);
    let mut nothing = Socket::open(&server);
    let mut pings = Socket::open(&server);
    pings.say(&json!({ "type": "ping" }));
    assert_eq!(nothing.closed(), 4408);
    assert_eq!(pings.closed(), 4408, "a ping is no greeting");

    // One that reads answers the pings of the server, and stays; one that is dead to them does not.
    let mut alive = Socket::of(&server, &client);
    let mut dead = Socket::of(&server, &client);
    alive.wait_for(Duration::from_secs(9));
    assert_eq!(alive.heard(), Said::Nothing);
    dead.wait_for(Duration::from_secs(20));
    assert_eq!(dead.heard(), Said::Gone);
    alive.say(&json!({ "type": "ping" }));
    assert_eq!(alive.message(), json!({ "type": "pong" }));
}

fn a_frame_too_big_is_not_read(stage: &Stage) {
    let server = server(stage, &[("THIDUA_MAX_BODY", "65536")]);
    let world = World::on(&server);
    let client = world.a.sign_in(&server, Role::CouncilSecretary);
    let mut socket = Socket::of(&server, &client);
    let long =
        |length: usize| format!("{{ viewer {{ user {{ username }} }} }}{}", " ".repeat(length));
    socket.subscribe("1", &long(60_000), &json!({}));
    assert!(socket.data("1")["viewer"].is_object(), "one that is just not too big");
    assert_eq!(socket.message()["type"], "complete");

    for length in [70_000, 8 << 20] {
        let mut socket = Socket::of(&server, &client);
        socket.subscribe("1", &long(length), &json!({}));
        let said = socket.heard();
        // While a client still writes, its own system may drop what it was told.
        assert!(matches!(said, Said::Closed(1009) | Said::Gone), "{length}: {said:?}");
    }
    let mut socket = Socket::open(&server);
    socket.send(Message::text("x".repeat(70_000)));
    assert_eq!(socket.closed(), 1009, "nor before the greeting");
    assert_well(&client);
}

fn ten_thousand_subscriptions_are_twenty(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let client = world.a.sign_in(&server, Role::CouncilSecretary);
    let mut socket = Socket::of(&server, &client);
    for first in (0..10_000).step_by(50) {
        for id in first..first + 50 {
            follow(&mut socket, &id.to_string(), &json!(world.a.board.sitting));
        }
        let (mut told, mut refused) = (0, 0);
        while told + refused < 50 {
            let message = socket.message();
            if message["type"] == "next" {
                told += 1;
            } else {
                let code = &message["payload"][0]["extensions"]["code"];
                assert_eq!(*code, "TOO_MANY_SUBSCRIPTIONS", "{message}");
                refused += 1;
            }
        }
        assert_eq!(told, if first == 0 { 20 } else { 0 }, "from {first}");
    }
    assert_well(&client);
    socket.say(&json!({ "type": "complete", "id": "0" }));
    follow(&mut socket, "again", &json!(world.a.board.sitting));
    assert!(socket.data("again")["sessionLive"].is_object(), "whoever ends one may begin one");
}

/// Answers of some hundred kilobytes that one connection asks for.
const ANSWERS: usize = 250;
const SCHEMA: &str = "{ __schema { types { name description fields { name description } } } }";

fn whoever_does_not_read_is_cut_off(stage: &Stage) {
    let server = server(stage, &[("THIDUA_DEADLINE_SECONDS", "1")]);
    let world = World::on(&server);
    let client = world.a.sign_in(&server, Role::CouncilSecretary);
    let mut socket = Socket::of(&server, &client);

    // One at a time, or they would exceed their deadline on a machine at work and be answered by a short error:
    // together they are far more than every buffer between here and there can hold.
    for id in 0..ANSWERS {
        socket.subscribe(&id.to_string(), SCHEMA, &json!({}));
        std::thread::sleep(Duration::from_millis(100));
    }

    // Nothing was read: when it begins, there is little, and then nothing.
    std::thread::sleep(Duration::from_secs(3));
    let mut answers = 0;
    let last = loop {
        match socket.heard() {
            Said::Message(_) => answers += 1,
            last @ (Said::Closed(_) | Said::Gone | Said::Nothing) => break last,
        }
    };
    assert!(last != Said::Nothing && answers < ANSWERS, "{answers} answers, then {last:?}");
    assert_well(&client);
}

fn connections_are_counted_by_user_and_by_address(stage: &Stage) {
    let variables = [("THIDUA_USER_CONNECTIONS", "2"), ("THIDUA_ADDRESS_CONNECTIONS", "5")];
    let server = server(stage, &variables);
    let world = World::on(&server);
    let client = world.a.sign_in(&server, Role::CouncilSecretary);
    let open = || Socket::of(&server, &client);
    let kept = [open(), open()];
    let mut third = Socket::open(&server);
    third.init(client.token());
    assert_eq!(third.closed(), 4429);
    drop(third);

    let silent = until_free(&server, 3);
    let headers = [("sec-websocket-protocol", "graphql-transport-ws")];
    let (status, body) = Socket::try_open(&server, &headers).err().unwrap();
    assert_eq!(
        (status, &body["errors"][0]["extensions"]["code"]),
        (429, &json!("TOO_MANY_CONNECTIONS"))
    );
    drop((kept, silent));
    assert_eq!(until_free(&server, 5).len(), 5);
}

/// So many opened at once, as soon as those before have been noticed to be gone.
fn until_free(server: &Server, count: usize) -> Vec<Socket> {
    let headers = [("sec-websocket-protocol", "graphql-transport-ws")];
    for _ in 0..400 {
        let opened: Result<Vec<_>, _> =
            (0..count).map(|_| Socket::try_open(server, &headers)).collect();
        if let Ok(opened) = opened {
            return opened;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("places that were left are not free again");
}
