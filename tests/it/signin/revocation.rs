//! Rights that are taken back end at once on the node that is told, and within a second on every other.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use entity::role_grant::Role;
use harness::cases;
use harness::client::Client;
use harness::people::PASSWORD;
use harness::server::{Options, Server};
use harness::stage::{Case, Stage};
use harness::world::{Person, World};
use serde_json::{Value, json};

use super::person::{Session, reads, try_sign_in};
use crate::contest::mutate;
use crate::operation;

pub(super) fn cases() -> Vec<Case> {
    cases![
        no_read_succeeds_after_a_role_was_revoked,
        roles_that_change_end_tokens_on_every_node,
        sessions_that_end_end_tokens_on_every_node,
        an_administrator_ends_tokens_on_every_node,
        a_node_that_starts_knows_what_was_taken_back,
    ]
}

/// What another node may still let through.
const DELAY: Duration = Duration::from_secs(1);
/// Readers on each of the two nodes.
const READERS: usize = 50;

/// Two nodes on one database.
struct Nodes {
    one: Server,
    other: Server,
    world: World,
}

impl Nodes {
    fn start(stage: &Stage) -> Self {
        let one = stage.own_server(Options { demo: true, ..Options::default() });
        let other = one.node().unwrap();
        let world = World::on(&one);
        Self { one, other, world }
    }

    fn administrator(&self) -> Client {
        Session::begin(&self.one.client(), self.world.a.person(Role::TenantAdministrator)).client
    }

    /// The same token, shown to the other node.
    fn elsewhere(&self, client: &Client) -> Client {
        self.other.client().with_token(client.token().unwrap())
    }

    /// The token reads on both nodes; after the change on neither.
    #[track_caller]
    fn ends(&self, client: &Client, change: impl FnOnce()) {
        let elsewhere = self.elsewhere(client);
        assert!(reads(client) && reads(&elsewhere));

        change();

        assert!(!reads(client), "read on the node that was told");
        let told = Instant::now();
        // A read that began in time may end late on a busy machine.
        let mut begun = told;
        while reads(&elsewhere) {
            assert!(begun - told < DELAY, "still read on the other node");
            thread::sleep(Duration::from_millis(20));
            begun = Instant::now();
        }
    }
}

fn revoke(administrator: &Client, person: &Person) {
    let input = json!({ "id": person.grant, "expectedVersion": 1 });
    let field = ("grantRevoke", "GrantRevokeInput", "grant { revokedAt } errors { code }");
    let _ = mutate(administrator, field, &input).ok();
}

/// When successful reads began and ended.
type Reads = Vec<(Instant, Instant)>;

/// Reads again and again until the end.
fn read_on(client: &Client, over: &AtomicBool) -> Reads {
    let mut successes = Reads::new();
    while !over.load(Ordering::Relaxed) {
        let begun = Instant::now();
        if reads(client) {
            successes.push((begun, Instant::now()));
        }
    }
    successes
}

fn no_read_succeeds_after_a_role_was_revoked(stage: &Stage) {
    let nodes = Nodes::start(stage);
    let officer = nodes.world.a.person(Role::StandingOfficer);
    let here = Session::begin(&nodes.one.client(), officer).client;
    let there = nodes.elsewhere(&here);
    let administrator = nodes.administrator();
    let over = AtomicBool::new(false);

    let (told, here, there) = thread::scope(|scope| {
        let start = |client: Client| {
            let over = &over;
            scope.spawn(move || read_on(&client, over))
        };
        let here: Vec<_> = (0..READERS).map(|_| start(here.clone())).collect();
        let there: Vec<_> = (0..READERS).map(|_| start(there.clone())).collect();
        thread::sleep(Duration::from_secs(1));
        revoke(&administrator, officer);
        let told = Instant::now();
        thread::sleep(DELAY * 2);
        over.store(true, Ordering::Relaxed);
        let all = |readers: Vec<thread::ScopedJoinHandle<'_, Reads>>| {
            readers.into_iter().flat_map(|reader| reader.join().unwrap()).collect::<Reads>()
        };
        (told, all(here), all(there))
    });

    assert!(here.len() > READERS && there.len() > READERS, "{} {}", here.len(), there.len());
    let late = here.iter().filter(|(begun, _)| *begun > told).count();
    assert_eq!(late, 0, "reads that began after the answer succeeded on the node that gave it");
    let last = there.iter().map(|(begun, _)| *begun).max().unwrap();
    let delay = last.saturating_duration_since(told);
    eprintln!("the last read that succeeded on the other node began {delay:?} after the answer");
    assert!(delay < DELAY, "{delay:?}");
}

/// Does what must succeed.
fn run(client: &Client, field: &str, input: &Value) {
    let ty = format!("{}Input", operation::pascal(field));
    let _ = mutate(client, (field, &ty, "errors { code path message }"), input).ok();
}

fn roles_that_change_end_tokens_on_every_node(stage: &Stage) {
    let nodes = Nodes::start(stage);
    let administrator = nodes.administrator();
    let client = nodes.one.client();
    let person = nodes.world.a.person(Role::StandingOfficer);
    let session = Session::begin(&client, person);

    nodes.ends(&session.client, || revoke(&administrator, person));

    let session = session.refresh(&client);
    let grant = json!({ "userId": person.id, "role": "AUDITOR" });
    nodes.ends(&session.client, || run(&administrator, "grantCreate", &grant));
    assert!(reads(&session.refresh(&client).client), "with the rights of now");
}

fn sessions_that_end_end_tokens_on_every_node(stage: &Stage) {
    let nodes = Nodes::start(stage);
    let client = nodes.one.client();
    let person = nodes.world.a.person(Role::CouncilSecretary);
    let [session, other] = [(); 2].map(|()| Session::begin(&client, person));

    nodes.ends(&session.client, || session.sign_out(&client));
    assert!(reads(&other.client), "one session ended, not the other");

    let session = Session::begin(&client, person);
    let next = session.refresh(&client).refresh(&client);
    nodes.ends(&next.client, || {
        let _ = session.try_refresh(&client).refused("SESSION_EXPIRED");
    });

    let session = Session::begin(&client, person);
    let new = "một mật khẩu khác, dài";
    let change = json!({ "currentPassword": PASSWORD, "newPassword": new });
    nodes.ends(&other.client, || run(&session.client, "passwordChange", &change));
    assert!(reads(&session.client) && reads(&nodes.elsewhere(&session.client)), "the present one");
}

fn an_administrator_ends_tokens_on_every_node(stage: &Stage) {
    let nodes = Nodes::start(stage);
    let administrator = nodes.administrator();
    let client = nodes.one.client();
    let person = nodes.world.a.person(Role::ProvinceChair);
    let status = |version: i32, person: &Person| json!({ "id": person.id, "expectedVersion": version, "reason": "Nghỉ việc" });

    let session = Session::begin(&client, person);
    let user = json!({ "userId": person.id });
    nodes.ends(&session.client, || run(&administrator, "sessionsRevoke", &user));
    let _ = session.try_refresh(&client).refused("SESSION_EXPIRED");

    let session = Session::begin(&client, person);
    let closed = status(1, person);
    nodes.ends(&session.client, || run(&administrator, "userDeactivate", &closed));
    let _ = session.try_refresh(&client).refused("SESSION_EXPIRED");
    let _ = try_sign_in(&client, person, PASSWORD).refused("SIGN_IN_FAILED");

    run(&administrator, "userReactivate", &status(2, person));
    let _ = session.try_refresh(&client).refused("SESSION_EXPIRED");
    assert!(reads(&Session::begin(&client, person).client));
    let own = status(1, nodes.world.a.person(Role::TenantAdministrator));
    let field = ("userDeactivate", "UserDeactivateInput", "errors { code }");
    let _ = mutate(&administrator, field, &own).refused("FORBIDDEN");
}

fn a_node_that_starts_knows_what_was_taken_back(stage: &Stage) {
    let mut server = stage.own_server(Options { demo: true, ..Options::default() });
    let world = World::on(&server);
    let person = world.a.person(Role::StandingOfficer);
    let officer = Session::begin(&server.client(), person).client;
    let administrator = world.a.sign_in(&server, Role::TenantAdministrator);
    revoke(&administrator, person);

    server.kill_hard();
    server.restart().unwrap();

    assert!(!reads(&officer));
    assert!(reads(&administrator));
}
