//! What is told of a session that sits: to followers on both of two nodes, in few statements, and to nobody else.

use std::collections::BTreeSet;
use std::time::Instant;

use harness::cases;
use harness::client::Client;
use harness::server::{Options, Server};
use harness::socket::Socket;
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::{Value, json};

use super::follow;
use crate::assembly::{Assembly, cast, with};
use crate::council::done;
use crate::operation;

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_session_is_told_on_every_node_as_it_goes_on,
        a_burst_is_told_as_one,
        an_event_takes_four_statements,
    ]
}

/// Two nodes, and a council that sits.
struct Hall {
    one: Server,
    other: Server,
    world: World,
    assembly: Assembly,
}

fn hall(stage: &Stage, members: usize) -> Hall {
    let one = stage.own_server(Options { demo: true, ..Options::default() });
    let other = one.node().unwrap();
    let world = World::on(&one);
    let assembly = Assembly::new(&one, &world, members);
    Hall { one, other, world, assembly }
}

/// Followers of the session on both nodes.
struct Followers([Socket; 2]);

impl Followers {
    fn new(hall: &Hall, client: &Client) -> Self {
        let mut sockets = [&hall.one, &hall.other].map(|server| Socket::of(server, client));
        for socket in &mut sockets {
            follow(socket, "live", &hall.assembly.session);
        }
        Self(sockets)
    }

    /// Reads until both were told what is looked for; what came in between is what a node saw in between.
    #[track_caller]
    fn see(&mut self, what: &str, is_there: impl Fn(&Value) -> bool) -> Value {
        let [one, other] = &mut self.0;
        until(one, (0, what), &is_there);
        until(other, (1, what), &is_there)
    }
}

#[track_caller]
fn until(socket: &mut Socket, at: (usize, &str), is_there: &impl Fn(&Value) -> bool) -> Value {
    for _ in 0..50 {
        let live = socket.data("live")["sessionLive"].clone();
        if is_there(&live) {
            return live;
        }
    }
    panic!("node {} is not told: {}", at.0, at.1)
}

fn count(live: &Value, name: &str) -> usize {
    live[name].as_array().unwrap().len()
}

fn a_session_is_told_on_every_node_as_it_goes_on(stage: &Stage) {
    let hall = hall(stage, 7);
    let assembly = &hall.assembly;
    let mut followers = Followers::new(&hall, &assembly.secretary);
    let first = followers.see("as it is", |_| true);
    assert_eq!((count(&first, "present"), count(&first, "ballots")), (0, 0));
    assert_eq!(first["sessionId"], assembly.session);

    assembly.attend(&["PRESENT"; 7]);
    let full = followers.see("who has come", |live| count(live, "present") == 7);
    let seats: Vec<_> =
        full["present"].as_array().unwrap().iter().map(|row| &row["seatId"]).collect();
    assert_eq!(seats, assembly.seats.iter().collect::<Vec<_>>(), "in the order of seats");
    let ballot = assembly.open(&json!({}));
    let open = followers.see("the ballot", |live| count(live, "ballots") == 1);
    let told = &open["ballots"][0];
    assert_eq!((&told["ballotId"], &told["itemId"]), (&ballot["id"], &assembly.item));
    assert_eq!((&told["voting"], &told["cast"]), (&json!(6), &json!(0)), "one has a tie");
    for (place, letters) in ["YY", "NN", "YN"].into_iter().enumerate() {
        let _ = cast(&assembly.member(&hall.one, place), &ballot, letters).ok();
        let live = followers.see("a vote", |live| live["ballots"][0]["cast"] == place + 1);
        assert_nothing_more(&live);
    }
    assembly.close(&hall.one, &ballot);
    let _ = followers.see("the end of the ballot", |live| live["ballots"][0]["state"] == "CLOSED");
    let end = json!({ "id": assembly.session, "expectedVersion": 2 });
    let _ = done(&assembly.secretary, ("sessionClose", "session"), &end);
    let over = followers.see("the end", |live| live["state"] == "CLOSED");
    assert_nothing_more(&over);
}

/// Names of everything in a value.
fn names(value: &Value, found: &mut BTreeSet<String>) {
    for (name, below) in value.as_object().into_iter().flatten() {
        found.insert(name.clone());
        names(below, found);
    }
    value.as_array().into_iter().flatten().for_each(|below| names(below, found));
}

/// The operation asks for everything there is: no word of who has voted, when, or what.
#[track_caller]
fn assert_nothing_more(live: &Value) {
    let mut found = BTreeSet::new();
    names(live, &mut found);
    let known = [
        "sessionId",
        "state",
        "version",
        "present",
        "sessionSeatId",
        "seatId",
        "name",
        "substituteName",
        "votes",
        "ballots",
        "ballotId",
        "itemId",
        "round",
        "voting",
        "cast",
    ];
    assert_eq!(found, known.map(str::to_owned).into(), "{live}");
}

fn a_burst_is_told_as_one(stage: &Stage) {
    let hall = hall(stage, 25);
    let mut socket = Socket::of(&hall.other, &hall.assembly.secretary);
    follow(&mut socket, "live", &hall.assembly.session);
    let begun = Instant::now();
    assert_eq!(count(&socket.data("live")["sessionLive"], "present"), 0);

    hall.assembly.attend(&["PRESENT"; 25]);

    let mut events = 0;
    while count(&socket.data("live")["sessionLive"], "present") < 25 {
        events += 1;
    }
    // At most one in 250 ms, however long the machine took for the changes.
    let most = begun.elapsed().as_millis() / 250 + 1;
    assert!(events <= most, "{events} events, at most {most}");
    // What is written and not told: nothing of it was asked for.
    let rule = json!({
        "councilId": hall.assembly.council, "awardCode": "PROVINCIAL_EMULATION_FLAG",
        "recusal": "SHRINKS_BASE", "citation": "Quy chế, Điều 9", "validFrom": "2026-01-01",
    });
    let _ = done(&hall.assembly.secretary, ("ballotRuleSet", "rule"), &rule);
    let invited = hall.assembly.read(&hall.assembly.secretary)["seats"][0].clone();
    let away =
        json!({ "id": invited["id"], "expectedVersion": invited["version"], "presence": "ABSENT" });
    let _ = done(&hall.assembly.secretary, ("attendanceRecord", "seat"), &with(away, &json!({})));
    let next = socket.data("live")["sessionLive"].clone();
    assert_eq!(count(&next, "present"), 24, "the rule alone told nothing");
}

/// The last line that was logged for a live operation.
fn line(server: &Server) -> Option<String> {
    let log = server.log();
    let line = log.lines().rev().find(|line| line.contains("operation=SessionLive"))?;
    Some(line.to_owned())
}

fn number(line: &str, name: &str) -> u32 {
    let found = line.split_whitespace().find_map(|word| word.strip_prefix(&format!("{name}=")));
    found.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no {name} in {line}"))
}

fn an_event_takes_four_statements(stage: &Stage) {
    let hall = hall(stage, 6);
    let mut socket = Socket::of(&hall.one, &hall.assembly.secretary);
    hall.assembly.attend(&["PRESENT"; 6]);
    let ballot = hall.assembly.open(&json!({}));
    follow(&mut socket, "live", &hall.assembly.session);
    let _ = socket.data("live");
    for place in 0..3 {
        let _ = cast(&hall.assembly.member(&hall.one, place), &ballot, "YY").ok();
        while socket.data("live")["sessionLive"]["ballots"][0]["cast"] != place + 1 {}
    }
    socket.say(&json!({ "type": "complete", "id": "live" }));
    let begun = Instant::now();
    let line = loop {
        if let Some(line) = line(&hall.one) {
            break line;
        }
        assert!(begun.elapsed().as_secs() < 20, "nothing was logged");
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    let [runs, events, statements] =
        ["runs", "events", "statements"].map(|name| number(&line, name));
    // The session, its seats, its ballots, their registers; and the session twice when it is first followed.
    assert_eq!(statements, 4 * runs + 1, "{line}");
    assert!(events >= 4 && runs >= events, "{line}");
    let secret = hall.assembly.session.as_str().unwrap();
    assert!(!line.contains(secret) && line.contains("tenant="), "no variables: {line}");
    assert!(operation::text("sessionLive").contains("cast"), "the operation asks for all of them");
    drop(hall.world);
}
