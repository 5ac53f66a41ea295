//! How long an answer takes about what is another's and about what is nobody's, side by side. Only printed: times of
//! a machine that does other things as well prove nothing by themselves.

use std::time::Instant;

use entity::role_grant::Role;
use harness::cases;
use harness::client::Client;
use harness::stage::{Case, Stage};
use harness::world::{Id, World};
use serde_json::{Value, json};

use crate::operation;

pub(super) fn cases() -> Vec<Case> {
    cases![foreign_and_random_ids_are_told_in_the_same_time]
}

/// How often each is asked; two thousand in a full run.
const TRIES: &str = "ISOLATION_TRIES";

/// An operation, a foreign id, and the variables for an id.
type Asked<'a> = (&'a str, Id, &'a dyn Fn(Id) -> Value);

fn foreign_and_random_ids_are_told_in_the_same_time(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let tries = harness::size(TRIES, 40);
    let step = |id: Id| json!({ "input": { "id": id, "expectedVersion": 1 } });
    let alone = |id: Id| json!({ "id": id });
    let questions: [Asked<'_>; 5] = [
        ("unit", world.b.office, &alone),
        ("submission", world.b.submission.id, &alone),
        ("cluster", world.b.cluster.id, &alone),
        ("node", world.b.neighbour.id, &alone),
        ("submissionReceive", world.b.submission.id, &step),
    ];

    for (field, foreign, variables) in questions {
        let client = world.a.sign_in(&server, Role::StandingOfficer);
        let (mut of_foreign, mut of_random) = (Vec::new(), Vec::new());
        for number in 0..tries {
            let random = Id::new(foreign.prefix);
            let pair = [(foreign, &mut of_foreign), (random, &mut of_random)];
            // Neither is always the second.
            let pair = pair.into_iter();
            let ask =
                |(id, times): (Id, &mut Vec<u128>)| times.push(time(&client, field, variables(id)));
            if number % 2 == 0 { pair.for_each(ask) } else { pair.rev().for_each(ask) }
        }
        let (one, two) = (quartiles(of_foreign), quartiles(of_random));
        eprintln!(
            "{:?} {field}: {tries} tries each; foreign {one:?} us, random {two:?} us (quartiles)",
            stage.backend
        );
    }
}

/// Microseconds until the answer is there.
fn time(client: &Client, field: &str, variables: Value) -> u128 {
    let since = Instant::now();
    let answer = client.run(operation::text(field), variables);
    let time = since.elapsed().as_micros();
    let is_nothing =
        answer.body["data"][field].is_null() || answer.payload_codes() == ["NOT_FOUND"];
    assert!(is_nothing, "{answer}");
    time
}

fn quartiles(mut times: Vec<u128>) -> [u128; 3] {
    times.sort_unstable();
    [1, 2, 3].map(|quarter| times[(times.len() - 1) * quarter / 4])
}
