//! The server, PostgreSQL or both are killed while people write: what was acknowledged is there, and nothing is there
//! by half.

use std::collections::HashMap;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use entity::{audit_event, nominee, submission, submission_transition};
use harness::client::{Answer, Call, Client};
use harness::ground::Ground;
use harness::people::PASSWORD;
use harness::server::{Options, Server};
use harness::stage::{Case, Stage};
use harness::world::Id;
use harness::{cases, setting};
use sea_orm::sea_query::Condition;
use sea_orm::{ActiveEnum, ColumnTrait};
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) fn cases() -> Vec<Case> {
    cases![a_kill_loses_nothing_acknowledged_and_leaves_nothing_by_half]
}

/// How often something is killed; `TEST_KILLS` says otherwise.
const KILLS: usize = 20;
/// How long a server may take to be sound again after its database came back.
const PATIENCE: Duration = Duration::from_secs(30);
/// Offices that write at the same time.
const WRITERS: usize = 3;
/// A kill comes between these times after the writers began.
const AFTER: (u64, u64) = (40, 640);
/// What every submission of the case is titled with.
const TITLE: &str = "Chịu sự cố";

/// The way a submission goes: what is done, by whom, and the state it is in afterwards.
const WAY: [(&str, &str, &str); 5] = [
    ("SubmissionCreate", "", "DRAFT"),
    ("SubmissionSend", "office", "SENT"),
    ("SubmissionReceive", "officer", "RECEIVED"),
    ("SubmissionAppraise", "officer", "APPRAISED"),
    ("SubmissionApprove", "chair", "APPROVED"),
];

/// What is known outside of one submission: its title, what was sent, and what was acknowledged.
#[derive(Clone, Debug)]
struct Entry {
    title: String,
    nominees: usize,
    /// Steps of [`WAY`] that were acknowledged.
    acknowledged: usize,
    /// Whether another step was sent whose answer never came.
    is_open: bool,
    id: Option<String>,
}

/// Kept by the test, outside the server.
type Ledger = Mutex<Vec<Entry>>;

struct People {
    office: Client,
    officer: Client,
    chair: Client,
    unit: String,
    award: String,
}

impl People {
    fn sign_in(server: &Server) -> Self {
        let person =
            |name: &str| server.client().sign_in("lai_chau", &format!("lai_chau.{name}"), PASSWORD);
        let office = person("office");
        let query = "{
          units(where: { code: { eq: \"vp-dbqh\" } }) { nodes { id } }
          awardTypes(where: { code: { eq: \"ADVANCED_LABOURER\" } }) { nodes { id } }
        }";
        let data = office.run(query, json!({})).ok();
        let id = |field: &str| data[field]["nodes"][0]["id"].as_str().unwrap().to_owned();
        let (unit, award) = (id("units"), id("awardTypes"));
        Self { officer: person("officer"), chair: person("chair"), office, unit, award }
    }

    /// The same people with connections of their own: those before died with the server.
    fn again(&self, server: &Server) -> Self {
        let again = |client: &Client| server.client().with_token(client.token().unwrap());
        Self {
            office: again(&self.office),
            officer: again(&self.officer),
            chair: again(&self.chair),
            unit: self.unit.clone(),
            award: self.award.clone(),
        }
    }
}

/// What is killed while the writers write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hit {
    Server,
    /// PostgreSQL alone: the server goes on by itself.
    Database,
    /// PostgreSQL, and a moment later the server that has just lost it.
    Both,
}

impl Hit {
    /// By turns, where there is a database to be killed.
    fn of(server: &Server, kill: usize) -> Self {
        match kill % 3 {
            0 if server.cluster().is_some() => Self::Both,
            1 if server.cluster().is_some() => Self::Database,
            _ => Self::Server,
        }
    }

    fn strike(self, server: &mut Server) {
        if self != Self::Server {
            server.cluster().unwrap().kill_hard().unwrap();
        }
        if self == Self::Both {
            thread::sleep(Duration::from_millis(AFTER.0));
        }
        if self != Self::Database {
            server.kill_hard();
        }
    }

    fn mend(self, server: &mut Server) {
        if self != Self::Server {
            server.cluster().unwrap().restart().unwrap();
        }
        if self != Self::Database {
            server.restart().unwrap_or_else(|fault| panic!("{self:?}: {fault:#}"));
        }
    }
}

fn a_kill_loses_nothing_acknowledged_and_leaves_nothing_by_half(stage: &Stage) {
    let kills = setting("TEST_KILLS").map_or(KILLS, |text| text.parse().unwrap());
    let options = Options { demo: true, durable: true, ..Options::default() };
    let mut server = stage.own_server(options);
    let mut people = People::sign_in(&server);
    let ledger = Ledger::default();

    for kill in 1..=kills {
        let hit = Hit::of(&server, kill);
        thread::scope(|scope| {
            for writer in 0..WRITERS {
                let (people, ledger) = (people.again(&server), &ledger);
                let title = format!("{TITLE} {kill}-{writer}");
                scope.spawn(move || write(&people, ledger, (&title, hit)));
            }
            thread::sleep(moment());
            hit.strike(&mut server);
        });
        hit.mend(&mut server);
        people = people.again(&server);
        sound(&people.office);
        let round = format!("{TITLE} {kill}-");
        acknowledged_are_there(&people.office, &entries(&ledger, &round), &round);
    }

    let entries = entries(&ledger, TITLE);
    everything_is_whole(&server, &entries);
    let sum: usize = entries.iter().map(|entry| entry.acknowledged).sum();
    let open = entries.iter().filter(|entry| entry.is_open).count();
    eprintln!("{kills} kills: {sum} acknowledged writes are there, {open} whose answer never came");
    assert!(sum > kills && open > 0, "{kills} kills hit nothing: {sum} writes, {open} open");
}

/// A random time.
fn moment() -> Duration {
    let random = Id::new("").uuid.as_u128() % u128::from(AFTER.1 - AFTER.0);
    Duration::from_millis(AFTER.0 + u64::try_from(random).unwrap())
}

fn entries(ledger: &Ledger, title: &str) -> Vec<Entry> {
    let entries = ledger.lock().unwrap();
    entries.iter().filter(|entry| entry.title.starts_with(title)).cloned().collect()
}

/// Waits until the server answers again.
fn sound(office: &Client) {
    let begun = Instant::now();
    loop {
        let answer = office.run("{ units(first: 1) { totalCount } }", json!({}));
        if answer.status == 200 && answer.top_codes().is_empty() {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "still {answer}");
        thread::sleep(Duration::from_millis(50));
    }
}

/// Writes until the server or its database is gone.
fn write(people: &People, ledger: &Ledger, (title, hit): (&str, Hit)) {
    let begun = Instant::now();
    for number in 0.. {
        let nominees = 1 + number % 6;
        let title = format!("{title}-{number}");
        let entry = Entry { title, nominees, acknowledged: 0, is_open: true, id: None };
        let place = {
            let mut entries = ledger.lock().unwrap();
            entries.push(entry.clone());
            entries.len() - 1
        };
        // A different part of the way each time, so that every state is left behind.
        let steps = 1 + number % WAY.len();
        let note = |entry: &Entry| ledger.lock().unwrap()[place] = entry.clone();
        if follow((people, hit), entry, steps, note).is_none() {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "the server was not killed");
    }
}

/// Takes a submission along its way and notes each answer; none when an answer did not come.
fn follow(
    (people, hit): (&People, Hit),
    mut entry: Entry,
    steps: usize,
    note: impl Fn(&Entry),
) -> Option<()> {
    let mut submission = create(people, &entry, hit)?;
    for done in 1..=steps {
        entry.acknowledged = done;
        entry.is_open = done < steps;
        entry.id = submission["id"].as_str().map(str::to_owned);
        note(&entry);
        let Some((act, actor, _)) = WAY.get(done).filter(|_| entry.is_open) else { break };
        let client = match *actor {
            "office" => &people.office,
            "officer" => &people.officer,
            _ => &people.chair,
        };
        submission = step(client, act, &submission, hit)?;
    }
    Some(())
}

fn create(people: &People, entry: &Entry, hit: Hit) -> Option<Value> {
    let nominee = |number: usize| {
        let name = format!("{} người {number}", entry.title);
        json!({ "kind": "INDIVIDUAL", "name": name, "awardTypeId": people.award })
    };
    let nominees: Vec<_> = (0..entry.nominees).map(nominee).collect();
    let input = json!({
        "unitId": people.unit, "title": entry.title, "year": 2026, "nominees": nominees,
    });
    ask(&people.office, ("SubmissionCreate", "SubmissionCreateInput"), &input, hit)
}

fn step(client: &Client, act: &str, submission: &Value, hit: Hit) -> Option<Value> {
    let input = json!({ "id": submission["id"], "expectedVersion": submission["version"] });
    ask(client, (act, "SubmissionStepInput"), &input, hit)
}

/// Runs a mutation; none when no whole answer came, or one that tells of a lost database.
fn ask(client: &Client, (act, kind): (&str, &str), input: &Value, hit: Hit) -> Option<Value> {
    let field = format!("s{}", &act[1..]);
    let query = format!(
        "mutation($input: {kind}!) {{ {field}(input: $input) {{ submission {{ id version state nomineesCount }} errors {{ code message path }} }} }}"
    );
    let body = json!({ "query": query, "variables": { "input": input } }).to_string();
    let headers =
        [("content-type", "application/json"), ("accept", "application/graphql-response+json")];
    let call = Call { method: "POST", path: "/graphql", headers: &headers, body: body.as_bytes() };
    let answer: Answer = client.try_request(&call).ok()?;
    // A node that has heard nothing of revocations for a moment, as on a machine that stands still, refuses.
    let is_refused = answer.top_codes() == ["SERVICE_UNAVAILABLE"];
    let is_lost = hit != Hit::Server && (answer.status >= 500 || !answer.top_codes().is_empty());
    if is_refused || is_lost {
        return None;
    }
    Some(answer.ok()[&field]["submission"].clone())
}

/// The number of steps of [`WAY`] behind a submission in this state.
fn steps_to(state: &str) -> usize {
    WAY.iter().position(|(.., reached)| *reached == state).map_or(0, |place| place + 1)
}

/// Through the API: every acknowledged submission in its state or the one after, with all its nominees.
fn acknowledged_are_there(office: &Client, entries: &[Entry], round: &str) {
    let query = "query($title: String!, $after: String) {
      submissions(first: 100, after: $after, where: { title: { startsWith: $title } }) {
        nodes { id title state version nomineesCount } pageInfo { hasNextPage endCursor }
      }
    }";
    let (mut found, mut after) = (HashMap::new(), Value::Null);
    loop {
        let data = office.run(query, json!({ "title": round, "after": after })).ok();
        for node in data["submissions"]["nodes"].as_array().unwrap() {
            found.insert(node["title"].as_str().unwrap().to_owned(), node.clone());
        }
        after = data["submissions"]["pageInfo"]["endCursor"].clone();
        if data["submissions"]["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    for entry in entries {
        let Some(node) = found.remove(&entry.title) else {
            assert_eq!(entry.acknowledged, 0, "lost: {entry:?}");
            continue;
        };
        let steps = steps_to(node["state"].as_str().unwrap());
        let most = entry.acknowledged + usize::from(entry.is_open);
        assert!((entry.acknowledged..=most).contains(&steps), "{entry:?} is {node}");
        assert_eq!(node["nomineesCount"], entry.nominees, "{entry:?} is {node}");
        assert_eq!(node["version"], steps, "{entry:?} is {node}");
        assert!(entry.id.is_none() || node["id"].as_str() == entry.id.as_deref(), "{entry:?}");
    }
    assert!(found.is_empty(), "nobody wrote {found:?}");
}

/// In the database: each submission has its nominees, steps and audit entries, and none is without it.
fn everything_is_whole(server: &Server, entries: &[Entry]) {
    let ground = Ground::connect(&server.database_url().unwrap()).unwrap();
    let titled = Condition::all().add(submission::Column::Title.starts_with(TITLE));
    let rows = ground.rows::<submission::Entity>(titled).unwrap();
    let trail = Trail::read(&ground);
    let sent: HashMap<&str, &Entry> =
        entries.iter().map(|entry| (entry.title.as_str(), entry)).collect();
    let kept = entries.iter().filter(|entry| entry.acknowledged > 0).count();
    assert!(rows.len() >= kept, "{} of {kept}", rows.len());
    for row in &rows {
        let entry = sent[row.title.as_str()];
        let state = row.state.to_value();
        let steps = steps_to(&state);
        assert!(steps >= entry.acknowledged.max(1), "{entry:?} is {state}");
        let acts: Vec<&str> = WAY.iter().take(steps).map(|(act, ..)| *act).collect();
        assert_eq!(trail.acts(row.id), acts, "the trail of {entry:?}");
        let states: Vec<&str> = WAY.iter().take(steps).skip(1).map(|(.., to)| *to).collect();
        assert_eq!(trail.states(row.id), states, "the steps of {entry:?}");
        assert_eq!(trail.nominees(row.id), (entry.nominees, entry.nominees), "{entry:?}");
    }
    trail.has_no_orphans(&ground, rows.len());
}

/// What stands beside the submissions of the case, by submission and in order of time.
#[derive(Default)]
struct Trail {
    acts: HashMap<Uuid, Vec<String>>,
    states: HashMap<Uuid, Vec<String>>,
    /// Nominees, and audit entries of them.
    nominees: HashMap<Uuid, (usize, usize)>,
}

impl Trail {
    fn read(ground: &Ground) -> Self {
        let mut trail = Self::default();
        let mut events = ground.rows::<audit_event::Entity>(Condition::all()).unwrap();
        events.sort_by_key(|event| event.id);
        let nominees = ground.rows::<nominee::Entity>(Condition::all()).unwrap();
        let of: HashMap<Uuid, Uuid> =
            nominees.iter().map(|row| (row.id, row.submission_id)).collect();
        for row in &nominees {
            trail.nominees.entry(row.submission_id).or_default().0 += 1;
        }
        for event in events {
            match event.object_type.as_str() {
                "submission" => trail.acts.entry(event.object_id).or_default().push(event.act),
                "nominee" => {
                    let of = of.get(&event.object_id);
                    let of = of.unwrap_or_else(|| panic!("an entry of no nominee: {event:?}"));
                    trail.nominees.entry(*of).or_default().1 += 1;
                }
                _ => {}
            }
        }
        let mut steps = ground.rows::<submission_transition::Entity>(Condition::all()).unwrap();
        steps.sort_by_key(|step| step.id);
        for step in steps {
            trail.states.entry(step.submission_id).or_default().push(step.to_state.to_value());
        }
        trail
    }

    fn acts(&self, id: Uuid) -> Vec<&str> {
        self.acts.get(&id).into_iter().flatten().map(String::as_str).collect()
    }

    fn states(&self, id: Uuid) -> Vec<&str> {
        self.states.get(&id).into_iter().flatten().map(String::as_str).collect()
    }

    fn nominees(&self, id: Uuid) -> (usize, usize) {
        self.nominees.get(&id).copied().unwrap_or_default()
    }

    /// Nothing tells of a submission that is not there.
    fn has_no_orphans(&self, ground: &Ground, least: usize) {
        let rows = ground.rows::<submission::Entity>(Condition::all()).unwrap();
        let known: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        assert!(known.len() >= least);
        let told = self.acts.keys().chain(self.states.keys()).chain(self.nominees.keys());
        for id in told {
            assert!(known.contains(id), "{id} is told of and is not there");
        }
    }
}
