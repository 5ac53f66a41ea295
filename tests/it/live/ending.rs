//! How a connection ends when its client does nothing wrong: rights taken back, a token that expires, a server that
//! goes away.

use std::time::{Duration, Instant};

use api::access::{Issuer, KeySource, Keys};
use chrono::{TimeDelta, Utc};
use entity::role_grant::Role;
use harness::cases;
use harness::client::{Call, Client};
use harness::people::PASSWORD;
use harness::server::{Options, Server};
use harness::socket::{Said, Socket};
use harness::stage::{Case, Stage};
use harness::world::{Id, Person, World};
use serde_json::{Value, json};

use super::events::Events;
use super::follow;
use crate::contest::mutate;

pub(super) fn cases() -> Vec<Case> {
    cases![
        rights_that_are_taken_back_end_connections_on_every_node,
        a_token_that_expires_ends_its_connection,
        a_server_that_goes_away_says_so,
    ]
}

/// The promise is a second; the rest is for a machine at work.
const SOON: Duration = Duration::from_secs(3);

fn revoke_grant(administrator: &Client, grant: &Id) {
    let input = json!({ "id": grant, "expectedVersion": 1 });
    let field = ("grantRevoke", "GrantRevokeInput", "grant { revokedAt } errors { code }");
    let _ = mutate(administrator, field, &input).ok();
}

/// A session of a person, and its refresh token.
fn sign_in(server: &Server, person: &Person) -> (Client, Value) {
    let input =
        json!({ "tenant": person.tenant, "username": person.username, "password": PASSWORD });
    let selection = "session { accessToken refreshToken } errors { code }";
    let done = mutate(&server.client(), ("signIn", "SignInInput", selection), &input).ok();
    let session = &done["signIn"]["session"];
    let client = server.client().with_token(session["accessToken"].as_str().unwrap());
    (client, session["refreshToken"].clone())
}

fn sign_out(server: &Server, refresh: &Value) {
    let input = json!({ "refreshToken": refresh });
    let selection = "signedOut errors { code }";
    let _ = mutate(&server.client(), ("signOut", "SignOutInput", selection), &input).ok();
}

/// Sockets of a session on both nodes, following, and one stream of events.
struct Open {
    sockets: [Socket; 2],
    events: Events,
}

impl Open {
    fn new(servers: [&Server; 2], client: &Client, session: Id) -> Self {
        let mut sockets = servers.map(|server| Socket::of(server, client));
        for socket in &mut sockets {
            follow(socket, "live", &json!(session));
            let _ = socket.data("live");
        }
        let mut events = Events::follow(servers[1], client, session);
        assert_eq!(events.next().0, "next");
        Self { sockets, events }
    }

    #[track_caller]
    fn ends(mut self, change: impl FnOnce()) {
        let begun = Instant::now();
        change();
        for socket in &mut self.sockets {
            assert_eq!(socket.closed(), 4403);
        }
        let (kind, told) = self.events.next();
        assert_eq!(kind, "next");
        assert_eq!(told["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{told}");
        assert_eq!(self.events.next().0, "complete");
        let took = begun.elapsed();
        eprintln!(
            "what was open on two nodes ended within {took:?} of the request that took the right back"
        );
        assert!(took < SOON, "{took:?}");
    }
}

fn rights_that_are_taken_back_end_connections_on_every_node(stage: &Stage) {
    let one = stage.own_server(Options { demo: true, ..Options::default() });
    let other = one.node().unwrap();
    let world = World::on(&one);
    let sitting = world.a.board.sitting;
    let administrator = world.a.sign_in(&one, Role::TenantAdministrator);
    let open = |client: &Client| Open::new([&one, &other], client, sitting);

    let officer = world.a.person(Role::StandingOfficer);
    let (client, _) = sign_in(&one, officer);
    open(&client).ends(|| revoke_grant(&administrator, &officer.grant));

    let (client, refresh) = sign_in(&one, world.a.person(Role::ProvinceChair));
    open(&client).ends(|| sign_out(&one, &refresh));

    // A token that was taken back opens nothing.
    let mut socket = Socket::open(&one);
    socket.init(client.token());
    assert_eq!(socket.closed(), 4403);
}

#[expect(clippy::disallowed_methods, reason = "a token of another time is made here")]
fn a_token_that_expires_ends_its_connection(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let client = world.a.sign_in(&server, Role::CouncilSecretary);
    let issuer = Issuer { name: "thidua".to_owned(), audience: "thidua-api".to_owned() };
    let keys = Keys::open(&KeySource::Directory(server.data()), issuer).unwrap();
    let actor = keys.read(client.token().unwrap(), Utc::now()).unwrap();
    // A quarter of an hour and the leeway for clocks that differ, but three seconds, ago.
    let sign = |left: i64| {
        let issued = Utc::now() - TimeDelta::seconds(15 * 60 + 30 - left);
        server.client().with_token(&keys.sign(&actor, issued).unwrap().0)
    };

    let mut late = Socket::open(&server);
    late.init(sign(-1).token());
    assert_eq!(late.closed(), 4403, "it has expired");
    let mut socket = Socket::of(&server, &sign(4));
    follow(&mut socket, "live", &json!(world.a.board.sitting));
    let _ = socket.data("live");
    assert_eq!(socket.heard(), Said::Closed(4403), "it expires, and nothing else is said");
}

fn a_server_that_goes_away_says_so(stage: &Stage) {
    let mut server = stage.own_server(Options { demo: true, ..Options::default() });
    let world = World::on(&server);
    let client = world.a.sign_in(&server, Role::CouncilSecretary);
    let mut socket = Socket::of(&server, &client);
    follow(&mut socket, "live", &json!(world.a.board.sitting));
    let _ = socket.data("live");
    let mut silent = Socket::open(&server);
    let mut events = Events::follow(&server, &client, world.a.board.sitting);
    assert_eq!(events.next().0, "next");

    let ended = std::thread::scope(|scope| {
        let ending = scope.spawn(|| server.terminate());
        assert_eq!(socket.heard(), Said::Closed(1001));
        assert_eq!(silent.heard(), Said::Closed(1001), "before the first message too");
        assert_eq!(
            events.rest(),
            "",
            "the stream ends without a last word: its client comes again"
        );
        ending.join().unwrap()
    });

    assert!(ended.is_some_and(|status| status.success()), "it ends in order: {ended:?}");
    let log = server.log_of_this_start();
    assert!(log.contains("transport=\"websocket\"") && log.contains("transport=\"sse\""), "{log}");
    let gone = client.try_request(&Call { method: "GET", path: "/readyz", ..Call::default() });
    assert!(gone.is_err());
}
