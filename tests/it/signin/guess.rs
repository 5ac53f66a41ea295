//! Guessing is bounded over every way a guess can be sent, costs a bounded part of the machine, and tells
//! nobody which accounts there are. What reaches the hash function is read off the metrics.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use entity::role_grant::Role;
use harness::cases;
use harness::client::{Answer, Client};
use harness::people::PASSWORD;
use harness::server::{Options, Server};
use harness::socket::Socket;
use harness::stage::{Case, Stage};
use harness::world::{Person, World};
use serde_json::{Value, json};
use strum::IntoEnumIterator;

use super::person::{Session, reads, try_sign_in};
use crate::operation;
use crate::pace::percentile;

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_thousand_guesses_reach_the_hash_ten_times,
        a_flood_of_sign_ins_waits_and_reads_go_on,
        an_unknown_account_costs_and_answers_the_same,
    ]
}

/// A server whose metrics can be read.
struct Watched {
    server: Server,
    metrics: Client,
}

impl Watched {
    /// Tries again when another server was faster to take the port.
    fn start(stage: &Stage) -> Self {
        let found = (0..5).find_map(|_| Self::try_start(stage).ok());
        found.unwrap_or_else(|| panic!("no port for the metrics"))
    }

    fn try_start(stage: &Stage) -> anyhow::Result<Self> {
        let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = free.local_addr().unwrap().to_string();
        drop(free);
        let arguments = vec!["--metrics-bind".to_owned(), address.clone()];
        let options =
            Options { demo: true, arguments, backend: stage.backend, ..Options::default() };
        let server = Server::start(options)?;
        Ok(Self { server, metrics: Client::new(&format!("http://{address}")) })
    }

    /// How many passwords were hashed so far.
    fn hashes(&self) -> u64 {
        let text = self.metrics.get("/metrics").text;
        let line = text.lines().find_map(|line| line.strip_prefix("thidua_password_hashes_total "));
        line.unwrap_or_else(|| panic!("no count in {text}")).parse().unwrap()
    }
}

/// Guesses sent each way.
const GUESSES: usize = 125;

fn sign_in_field(person: &Person, guess: usize) -> String {
    let Person { tenant, username, .. } = person;
    format!(
        r#"signIn(input: {{tenant: "{tenant}", username: "{username}", password: "guess number {guess}"}}) {{ session {{ accessToken }} errors {{ code }} }}"#
    )
}

fn post(client: &Client, body: &Value, headers: &[(&str, &str)]) -> Answer {
    let json = ("content-type", "application/json");
    client.post(body.to_string().as_bytes(), &[&[json], headers].concat())
}

/// The way that is open to those who are signed in alone.
const STREAM: &str = "as a stream of events";

type Way = (&'static str, fn(&Client, &Person, usize) -> Answer);

/// The ways to send a guess.
const WAYS: [Way; 9] = [
    ("POST", |client, person, guess| {
        let query = format!("mutation {{ {} }}", sign_in_field(person, guess));
        post(client, &json!({ "query": query }), &[])
    }),
    ("with variables, the name in another form", |client, person, guess| {
        let input = json!({
            "tenant": format!(" {} ", person.tenant.to_uppercase()),
            "username": format!("{} ", person.username.to_uppercase()),
            "password": format!("guess number {guess}"),
        });
        client.run(operation::text("signIn"), json!({ "input": input }))
    }),
    ("GET", |client, person, guess| {
        let query = format!("mutation {{ {} }}", sign_in_field(person, guess));
        let plain = query.bytes().fold(String::new(), |plain, byte| format!("{plain}%{byte:02x}"));
        client.get(&format!("/graphql?query={plain}"))
    }),
    ("aliases", |client, person, guess| {
        let fields: Vec<String> =
            (0..5).map(|n| format!("a{n}: {}", sign_in_field(person, guess * 5 + n))).collect();
        post(client, &json!({ "query": format!("mutation {{ {} }}", fields.join(" ")) }), &[])
    }),
    ("fragments", |client, person, guess| {
        let field = sign_in_field(person, guess);
        let query = format!(
            "mutation {{ ...A ...B }} fragment A on Mutation {{ a: {field} }} fragment B on Mutation {{ b: {field} }}"
        );
        post(client, &json!({ "query": query }), &[])
    }),
    ("a batch", |client, person, guess| {
        let query = format!("mutation {{ {} }}", sign_in_field(person, guess));
        post(client, &json!([{ "query": query }, { "query": query }]), &[])
    }),
    ("as if from other addresses", |client, person, guess| {
        let query = format!("mutation {{ {} }}", sign_in_field(person, guess));
        let address = format!("203.0.{}.{}", guess / 250, guess % 250);
        let forwarded = format!("for={address}");
        let headers = [("x-forwarded-for", address.as_str()), ("forwarded", forwarded.as_str())];
        post(client, &json!({ "query": query }), &headers)
    }),
    (STREAM, |client, person, guess| {
        let query = format!("mutation {{ {} }}", sign_in_field(person, guess));
        post(client, &json!({ "query": query }), &[("accept", "text/event-stream")])
    }),
    ("a form", |client, person, guess| {
        let query = format!("query=mutation {{ {} }}", sign_in_field(person, guess));
        client.post(query.as_bytes(), &[("content-type", "application/x-www-form-urlencoded")])
    }),
];

/// Sends all guesses over one WebSocket, as somebody else who is signed in; each is answered, and none comes in.
fn guess_over_socket(server: &Server, signed: &Client, person: &Person) {
    let mut socket = Socket::of(server, signed);
    for guess in 0..GUESSES {
        let id = guess.to_string();
        let query = format!("mutation {{ {} }}", sign_in_field(person, guess));
        socket.subscribe(&id, &query, &json!({}));
        loop {
            let message = socket.message();
            assert!(!message.to_string().contains("accessToken\":\""), "{message}");
            if message["id"] == id && message["type"] != "next" {
                break;
            }
        }
    }
}

/// Sends all guesses one way; none comes in, and none breaks anything.
fn guess_on(client: &Client, person: &Person, (what, send): Way) {
    for guess in 0..GUESSES {
        let answer = send(client, person, guess);
        assert!(answer.status < 500, "{what}: {answer}");
        assert!(!answer.text.contains("accessToken\":\""), "{what}: {answer}");
    }
}

fn a_thousand_guesses_reach_the_hash_ten_times(stage: &Stage) {
    let watched = Watched::start(stage);
    let world = World::with_dear_passwords(&watched.server);
    let person = world.a.person(Role::ProvinceChair);
    let client = watched.server.client();
    let signed = world.b.sign_in(&watched.server, Role::Auditor);
    let before = watched.hashes();

    thread::scope(|scope| {
        let (signed, server) = (&signed, &watched.server);
        for (what, send) in WAYS {
            let client = if what == STREAM { signed } else { &client };
            scope.spawn(move || guess_on(client, person, (what, send)));
        }
        scope.spawn(move || guess_over_socket(server, signed, person));
    });

    let hashed = watched.hashes() - before;
    eprintln!("{} guesses, {hashed} hashed", (WAYS.len() + 1) * GUESSES);
    assert_eq!(hashed, 10);
    let answer = try_sign_in(&client, person, PASSWORD);
    assert!(answer.header("retry-after").is_some());
    let _ = answer.refused("SIGN_IN_THROTTLED");
    assert_eq!(watched.hashes() - before, 10, "not even the right one");
}

fn a_flood_of_sign_ins_waits_and_reads_go_on(stage: &Stage) {
    let watched = Watched::start(stage);
    let worlds = [(); 2].map(|()| World::with_dear_passwords(&watched.server));
    let client = watched.server.client();
    let reader = Session::begin(&client, worlds[0].a.person(Role::Auditor)).client;
    let people: Vec<&Person> = worlds
        .iter()
        .flat_map(|world| [&world.a, &world.b])
        .flat_map(|province| Role::iter().map(|role| province.person(role)))
        .collect();
    let before = watched.hashes();

    let (answers, read) = thread::scope(|scope| {
        let tries: Vec<_> = people
            .iter()
            .map(|person| scope.spawn(|| try_sign_in(&client, person, PASSWORD)))
            .collect();
        let mut read = 0;
        while tries.iter().any(|it| !it.is_finished()) {
            assert!(reads(&reader));
            read += 1;
        }
        let answers: Vec<Answer> = tries.into_iter().map(|it| it.join().unwrap()).collect();
        (answers, read)
    });

    let throttled =
        answers.iter().filter(|answer| answer.payload_codes() == ["SIGN_IN_THROTTLED"]).count();
    let is_begun = |answer: &&Answer| answer.status == 200 && answer.payload_codes().is_empty();
    let begun = answers.iter().filter(is_begun).count();
    let shed = answers.iter().filter(|answer| answer.status == 429).count();
    eprintln!(
        "{} at once: {begun} signed in, {throttled} were told to wait, {shed} found the line full, {read} reads",
        people.len()
    );
    assert!(throttled + shed > 0 && begun > 0 && throttled + shed + begun == people.len());
    assert_eq!(watched.hashes() - before, u64::try_from(begun).unwrap());
    let waits = answers.iter().filter(|answer| answer.header("retry-after").is_some());
    assert_eq!(waits.count(), throttled + shed);
    assert!(read > 0);
    thread::sleep(Duration::from_secs(1));
    let _ = try_sign_in(&client, people[0], PASSWORD).ok();
}

/// An answer without what differs from one request to the next.
fn face(answer: &Answer) -> (u16, String, BTreeSet<(String, String)>) {
    let of_the_moment = ["date", "x-request-id"];
    let headers = answer.headers.iter().filter(|(name, _)| !of_the_moment.contains(&name.as_str()));
    (answer.status, answer.text.clone(), headers.cloned().collect())
}

/// `TEST_PAIRS=2000` measures more; the medians are printed, never asserted.
fn an_unknown_account_costs_and_answers_the_same(stage: &Stage) {
    let watched = Watched::start(stage);
    let world = World::with_dear_passwords(&watched.server);
    let client = watched.server.client();
    let known = world.a.person(Role::ProvinceChair).clone();
    let nobody = Person { username: "nobody.at.all".to_owned(), ..known.clone() };
    let nowhere = Person { tenant: "no_such_tenant".to_owned(), ..known.clone() };
    let pairs = harness::setting("TEST_PAIRS").map_or(20, |text| text.parse::<usize>().unwrap());
    let mut faces = BTreeSet::new();
    let mut times = [vec![], vec![], vec![]];

    for pair in 0..pairs {
        // The throttle is another case: here it would only stop the measuring.
        world.ground.query("DELETE FROM sign_in_throttle").unwrap();
        // By turns first: what comes after the deletion waits longer.
        for turn in 0..3 {
            let turn = (turn + pair) % 3;
            let (person, times) = ([&known, &nobody, &nowhere][turn], &mut times[turn]);
            let before = watched.hashes();
            let begun = Instant::now();
            let answer = try_sign_in(&client, person, "not the password");
            times.push(begun.elapsed());
            faces.insert(face(&answer));
            assert_eq!(watched.hashes() - before, 1, "{person:?}");
        }
    }

    let [known, nobody, nowhere] = times.map(|times| percentile(&times, 50));
    eprintln!("medians of {pairs}: known {known:?}, unknown {nobody:?}, no tenant {nowhere:?}");
    assert_eq!(faces.len(), 1, "{faces:?}");
}
