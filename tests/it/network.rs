//! A bad network between client and server: requests are repeated until they are answered, and nothing is done
//! twice (D2).

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use harness::client::{Answer, Call, Client};
use harness::ground::Ground;
use harness::people::PASSWORD;
use harness::proxy::{End, Fate, Proxy};
use harness::server::{Options, Server};
use harness::stage::{Case, Stage};
use harness::world::Id;
use harness::{cases, setting};
use sea_orm::sea_query::Condition;
use serde_json::{Value, json};

use crate::operation;

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_lost_answer_without_a_key_is_done_twice_and_with_a_key_once,
        nothing_is_done_twice_through_a_network_that_cuts,
    ]
}

/// Requests that must be answered in the end; `TEST_REQUESTS` says otherwise.
const REQUESTS: usize = 300;
/// Clients at once.
const CLIENTS: usize = 4;
/// Requests of one submission: begin, a nominee, a document, send.
const STEPS: usize = 4;
/// A client that waits this long tries again.
const PATIENCE: Duration = Duration::from_secs(2);

/// The operations cost what they ask for: here only what is looked at.
fn document(field: &str) -> String {
    let kind = if field == "submissionSend" { "SubmissionStep" } else { &operation::pascal(field) };
    let noun = match field {
        "nomineeAdd" => "nominee",
        "documentAdd" => "document",
        _ => "submission",
    };
    format!(
        "mutation($input: {kind}Input!) {{ {field}(input: $input) {{ {noun} {{ id }} errors {{ code message }} }} }}"
    )
}

struct Office {
    client: Client,
    unit: Value,
    award: Value,
    /// Requests that had to be sent more than once.
    repeated: AtomicUsize,
}

impl Office {
    /// The office signs in past the proxy and asks through it.
    fn new(server: &Server, proxy: &Proxy) -> Self {
        let direct = server.client().sign_in("lai_chau", "lai_chau.office", PASSWORD);
        let query = "{
          units(where: { code: { eq: \"vp-dbqh\" } }) { nodes { id } }
          awardTypes(where: { code: { eq: \"ADVANCED_LABOURER\" } }) { nodes { id } }
        }";
        let data = direct.run(query, json!({})).ok();
        let id = |field: &str| data[field]["nodes"][0]["id"].clone();
        let through = Client::impatient(&format!("http://{}", proxy.address()), PATIENCE);
        Self {
            client: through.with_token(direct.token().unwrap()),
            unit: id("units"),
            award: id("awardTypes"),
            repeated: AtomicUsize::new(0),
        }
    }

    /// Asks until an answer comes; the id of what was made.
    fn ask(&self, field: &str, input: &Value) -> Value {
        let body = json!({ "query": document(field), "variables": { "input": input } }).to_string();
        let headers =
            [("content-type", "application/json"), ("accept", "application/graphql-response+json")];
        let call =
            Call { method: "POST", path: "/graphql", headers: &headers, body: body.as_bytes() };
        for attempt in 0..200 {
            let answered: Option<Answer> = self.client.try_request(&call).ok();
            // Half an answer is none, and so is one that asks to come again.
            let answered = answered.filter(|answer| answer.body["data"].is_object());
            if let Some(answer) = answered {
                self.repeated.fetch_add(usize::from(attempt > 0), Ordering::Relaxed);
                let data = answer.ok();
                let payload = data[field].as_object().unwrap();
                let made = payload.values().find(|value| value["id"].is_string());
                return made.unwrap_or_else(|| panic!("nothing was made: {data}"))["id"].clone();
            }
        }
        panic!("{field} was never answered");
    }

    fn create(&self, title: &str, key: Option<&str>) -> Value {
        let mut input = json!({ "unitId": self.unit, "title": title, "year": 2026 });
        if let Some(key) = key {
            input["idempotencyKey"] = key.into();
        }
        self.ask("submissionCreate", &input)
    }

    /// One submission in four requests; those that add have no version that would refuse a second time.
    fn work(&self, title: &str) {
        let key = || Id::new("key").to_string();
        let id = self.create(title, Some(&key()));
        let nominee =
            json!({ "kind": "INDIVIDUAL", "name": "Người mẫu", "awardTypeId": self.award });
        let input = json!({ "submissionId": id, "nominee": nominee, "idempotencyKey": key() });
        self.ask("nomineeAdd", &input);
        let document = json!({
            "title": "Tờ trình", "fileName": "a.pdf", "mediaType": "application/pdf",
            "sizeBytes": "1", "sha256": "a".repeat(64),
        });
        let input = json!({ "submissionId": id, "document": document, "idempotencyKey": key() });
        self.ask("documentAdd", &input);
        let input = json!({ "id": id, "expectedVersion": 3, "idempotencyKey": key() });
        assert_eq!(self.ask("submissionSend", &input), id);
    }
}

fn stand(stage: &Stage) -> (Server, Proxy) {
    let server = stage.own_server(Options { demo: true, ..Options::default() });
    let address = server.url().trim_start_matches("http://").parse().unwrap();
    let proxy = Proxy::to(address).unwrap();
    (server, proxy)
}

fn count(server: &Server, title: &str) -> u64 {
    let client = server.client().sign_in("lai_chau", "lai_chau.auditor", PASSWORD);
    let query = "query($title: String!) { submissions(where: { title: { startsWith: $title } }) { totalCount } }";
    client.run(query, json!({ "title": title })).ok()["submissions"]["totalCount"].as_u64().unwrap()
}

/// The case that shows what the others would see if keys did nothing.
fn a_lost_answer_without_a_key_is_done_twice_and_with_a_key_once(stage: &Stage) {
    let (server, proxy) = stand(stage);
    let office = Office::new(&server, &proxy);
    let lose_first = |end: End| {
        let first = proxy.taken();
        proxy.draw(move |number| {
            let down = (number == first).then_some(1);
            Fate { down, end, ..Fate::default() }
        });
    };
    for (end, name) in
        [(End::Close, "đóng"), (End::Reset, "ngắt"), (End::Silence(PATIENCE * 2), "im")]
    {
        for (key, title, times) in
            [(None, format!("Không khóa {name}"), 2), (Some("k"), format!("Có khóa {name}"), 1)]
        {
            proxy.cut();
            lose_first(end);
            let key = key.map(|key| format!("{key}-{}", Id::new("key")));
            office.create(&title, key.as_deref());
            assert_eq!(count(&server, &title), times, "{title}");
        }
    }
}

/// What happens to a connection: it ends somewhere in one of its first requests or answers.
fn fate(number: u64) -> Fate {
    let random = Id::new("").uuid.as_u128();
    let part = |shift: u32, most: u128| u64::try_from((random >> shift) % most).unwrap();
    let end = match part(0, 64) {
        0 => End::Silence(PATIENCE + Duration::from_millis(500)),
        1..32 => End::Reset,
        _ => End::Close,
    };
    let delay = Duration::from_millis(if part(8, 4) == 0 { part(12, 20) } else { 0 });
    let most = Some(1 + part(20, 4_000));
    if number.is_multiple_of(2) {
        Fate { delay, up: most, end, ..Fate::default() }
    } else {
        Fate { delay, down: most, end, ..Fate::default() }
    }
}

fn nothing_is_done_twice_through_a_network_that_cuts(stage: &Stage) {
    let requests = setting("TEST_REQUESTS").map_or(REQUESTS, |text| text.parse().unwrap());
    let submissions = requests / STEPS;
    let (server, proxy) = stand(stage);
    // The token outlives neither the test nor the patience of those who run it: signed in anew each round.
    let next = AtomicUsize::new(0);
    let repeated = AtomicUsize::new(0);
    while next.load(Ordering::Relaxed) < submissions {
        proxy.draw(|_| Fate::default());
        let office = Office::new(&server, &proxy);
        proxy.draw(fate);
        let until =
            next.load(Ordering::Relaxed) + 500.min(submissions - next.load(Ordering::Relaxed));
        thread::scope(|scope| {
            for _ in 0..CLIENTS {
                scope.spawn(|| work_until(until, &next, &office));
            }
        });
        next.store(until, Ordering::Relaxed);
        repeated.fetch_add(office.repeated.into_inner(), Ordering::Relaxed);
    }

    let repeated = repeated.into_inner();
    println_summary(requests, repeated, &proxy);
    assert!(repeated * 20 > requests, "{repeated} of {requests} requests were repeated");
    assert_eq!(count(&server, "Mạng xấu "), u64::try_from(submissions).unwrap());
    everything_is_there_once(&server, submissions);
}

#[expect(clippy::print_stdout, reason = "a long run reports its size")]
fn println_summary(requests: usize, repeated: usize, proxy: &Proxy) {
    println!(
        "{requests} requests, {repeated} sent more than once, {} of {} connections cut",
        proxy.ended(),
        proxy.taken()
    );
}

/// In the database: each submission sent once, with one nominee, one document and one entry for each act.
fn everything_is_there_once(server: &Server, submissions: usize) {
    use entity::{audit_event, nominee, submission, submission_document, submission_transition};
    use sea_orm::ColumnTrait;
    let ground = Ground::connect(&server.database_url().unwrap()).unwrap();
    let titled = Condition::all().add(submission::Column::Title.starts_with("Mạng xấu "));
    let rows = ground.rows::<submission::Entity>(titled).unwrap();
    let titles: std::collections::HashSet<&str> =
        rows.iter().map(|row| row.title.as_str()).collect();
    assert_eq!((rows.len(), titles.len()), (submissions, submissions));
    assert!(rows.iter().all(|row| row.state == submission::State::Sent && row.version == 4));
    let ids: std::collections::HashSet<_> = rows.iter().map(|row| row.id).collect();
    let all = Condition::all;
    let nominees = ground.rows::<nominee::Entity>(all()).unwrap();
    let documents = ground.rows::<submission_document::Entity>(all()).unwrap();
    let steps = ground.rows::<submission_transition::Entity>(all()).unwrap();
    let events = ground.rows::<audit_event::Entity>(all()).unwrap();
    let of_act = |act: &str, kind: &str| {
        events
            .iter()
            .filter(|event| {
                event.act == act && event.object_type == kind && event.request_id != "demo"
            })
            .count()
    };
    let found = [
        nominees.iter().filter(|row| ids.contains(&row.submission_id)).count(),
        documents.iter().filter(|row| ids.contains(&row.submission_id)).count(),
        steps.iter().filter(|row| ids.contains(&row.submission_id)).count(),
        of_act("SubmissionCreate", "submission"),
        of_act("NomineeAdd", "nominee"),
        of_act("DocumentAdd", "submission_document"),
        of_act("SubmissionSend", "submission"),
    ];
    assert_eq!(found, [submissions; 7]);
}

/// Takes numbers, one after the other, until there are no more of them.
fn work_until(until: usize, next: &AtomicUsize, office: &Office) {
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= until {
            return;
        }
        office.work(&format!("Mạng xấu {number}-"));
    }
}
