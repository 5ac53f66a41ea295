//! Isolation: a stranger with a valid token of another province learns nothing about any object by any path.
//! Every query and every mutation of the schema is asked by every role of two provinces for what is the other's;
//! a root field without a path ([`paths`]) or without an input ([`crate::fitting`]) fails.

mod clock;
mod crossing;
mod follow;
mod generated;
mod paths;
mod read;
mod sibling;
mod sight;
mod write;

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use harness::cases;
use harness::client::Answer;
use harness::stage::{Case, Needs, Stage};
use harness::world::World;
use serde_json::{Value, json};

use crate::operation;
use sight::{Caller, Hidden};

pub(crate) fn cases() -> Vec<Case> {
    let here = cases![the_log_names_nobody];
    if *WALL_1_OFF {
        // What roles may do inside a tenant or a shared cluster is the scope's alone, and SQLite has no other wall.
        let cases =
            [read::cases(), write::cases(), follow::cases(), generated::cases(), here].concat();
        return cases.into_iter().map(|case| Case { needs: Needs::Postgres, ..case }).collect();
    }
    let cases = [read::cases(), write::cases(), crossing::cases(), follow::cases(), here];
    [cases.concat(), sibling::cases(), generated::cases(), clock::cases()].concat()
}

/// The server runs without the scope of its queries: only row-level security keeps tenants apart.
static WALL_1_OFF: LazyLock<bool> = LazyLock::new(|| harness::setting("TEST_WALL_1_OFF").is_some());

/// A question: the operation of a root field and its variables.
struct Question<'a> {
    field: &'a str,
    variables: Value,
}

impl Question<'_> {
    fn ask(&self, caller: &Caller) -> Answer {
        caller.client.run(operation::text(self.field), self.variables.clone())
    }

    fn fault(&self, caller: &Caller, what: &str) -> String {
        format!("{} asks {} {}: {what}", caller.name, self.field, self.variables)
    }

    /// What of the answer must not be there, and how it differs from the answer about things that do not exist.
    fn faults(&self, caller: &Caller, hidden: &Hidden, twins: &mut Twins) -> (Answer, Vec<String>) {
        let answer = self.ask(caller);
        let mut faults = Vec::new();
        let leaks = hidden.found_in(&whole(&answer), &self.variables.to_string());
        if !leaks.is_empty() {
            faults.push(self.fault(caller, &format!("reads {leaks:?}")));
        }
        if let Some((variables, pairs)) = hidden.twin(&self.variables) {
            let (given, made): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
            let face = face(&answer, &given);
            let twin = Question { field: self.field, variables };
            let twin = twins.face(caller, &twin, (&made, is_empty(&answer, self.field)));
            if face != twin {
                faults.push(self.fault(caller, &format!("differs:\n{face}\nfrom\n{twin}")));
            }
        }
        (answer, faults)
    }
}

/// Whether the answer is a list without anything.
fn is_empty(answer: &Answer, field: &str) -> bool {
    let list = &answer.body["data"][field];
    list["nodes"] == json!([]) && list["totalCount"] == 0
}

/// Answers to one caller about things that do not exist.
#[derive(Default)]
struct Twins(HashMap<String, String>);

impl Twins {
    /// The answer about things that do not exist; that of one empty list is that of every other one of the field.
    fn face(
        &mut self,
        caller: &Caller,
        question: &Question<'_>,
        (made, is_empty): (&[String], bool),
    ) -> String {
        let masked = mask(question.variables.to_string(), made);
        let which = if is_empty { "empty" } else { masked.as_str() };
        let key = format!("{} {which}", question.field);
        let ask = || face(&question.ask(caller), made);
        self.0.entry(key).or_insert_with(ask).clone()
    }
}

/// Everything that was answered, headers included.
fn whole(answer: &Answer) -> String {
    let mut whole = answer.text.clone();
    for (name, value) in &answer.headers {
        write!(whole, "\n{name}: {value}").unwrap();
    }
    whole
}

/// Headers that differ from one answer to the next; the length differs by that of the cursors.
const OF_THE_MOMENT: [&str; 5] =
    ["content-length", "date", "ratelimit", "server-timing", "x-request-id"];

/// An answer without its id, its time, the marks in its cursors and what was given in the question.
fn face(answer: &Answer, given: &[String]) -> String {
    let mut face = answer.status.to_string();
    for (name, value) in &answer.headers {
        if !OF_THE_MOMENT.contains(&name.as_str()) {
            write!(face, "\n{name}: {value}").unwrap();
        }
    }
    let id = answer.header("x-request-id").unwrap_or_default();
    write!(face, "\n{}", sight::without_marks(&answer.text).replace(id, "(id)")).unwrap();
    mask(face, given)
}

fn mask(text: String, given: &[String]) -> String {
    given.iter().fold(text, |text, word| text.replace(word.as_str(), "(given)"))
}

/// So many callers work at a time.
const WORKERS: usize = 4;

/// Lets every caller work, several at a time, and gathers what each found; whoever is done takes the next.
fn each<T: Send>(callers: &[Caller], work: impl Fn(&Caller) -> Vec<T> + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let take = || callers.get(next.fetch_add(1, Ordering::Relaxed));
    let run = || std::iter::from_fn(take).flat_map(&work).collect::<Vec<T>>();
    let run = &run;
    thread::scope(|scope| {
        let started: Vec<_> = (0..WORKERS).map(|_| scope.spawn(run)).collect();
        started.into_iter().flat_map(|it| it.join().unwrap()).collect()
    })
}

/// Fails with the first of what was found.
#[track_caller]
fn assert_none(faults: &[String]) {
    let first = faults.iter().take(10).map(String::as_str).collect::<Vec<_>>().join("\n\n");
    assert!(faults.is_empty(), "{} faults, of them\n{first}", faults.len());
}

/// Requests that go right and wrong in many ways leave no text of a user and no id in the log.
fn the_log_names_nobody(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let callers = sight::callers(&world, &server);
    let canary = &world.a.canary;
    let queries = [
        format!("{{ {canary} }}"),
        format!("{{ unit(id: \"{canary}\") {{ id }} }}"),
        format!("{{ unit(id: \"{}\") {{ name }} }}", world.a.office),
        format!(
            "{{ submissions(where: {{ title: {{ contains: \"{canary}\" }} }}) {{ totalCount }} }}"
        ),
        format!("{{ units(after: \"{canary}\") {{ totalCount }} }}"),
        format!("{{ units(asOf: \"{canary}\") {{ totalCount }} }}"),
        format!("query($id: Int = \"{canary}\") {{ units(first: $id) {{ totalCount }} }}"),
        format!("\"{canary}"),
    ];

    for query in &queries {
        let _ = callers[0].client.run(query, json!({ "id": canary, "more": canary }));
        let _ = server.client().run(query, json!({ "id": canary }));
        let _ = server.client().with_token(canary).run(query, json!({}));
    }
    let _ = callers[0].client.get(&format!("/graphql?query={canary}"));
    let _ = callers[0].client.get(&format!("/{canary}"));
    let person = &world.a.neighbour;
    let sign_in = json!({
        "tenant": person.tenant, "username": person.username, "password": format!("{canary}-wrong"),
    });
    let answer = server.client().run(operation::text("signIn"), json!({ "input": sign_in }));
    let _ = answer.refused("SIGN_IN_FAILED");

    let log = server.log();
    let named = Hidden::everything(&world).found_in(&log, "");
    let with_text: Vec<&str> = log.lines().filter(|line| line.contains("canary")).collect();
    assert!(with_text.is_empty(), "the log repeats what users wrote: {with_text:?}");
    assert!(named.is_empty(), "the log names {named:?}");
    let tokens = callers.iter().filter_map(|caller| caller.client.token());
    assert!(tokens.into_iter().all(|token| !log.contains(token)), "a token stands in the log");
    assert!(!log.contains("(mẫu)") && !log.contains("argon2"), "a name or a hash is in the log");
}
