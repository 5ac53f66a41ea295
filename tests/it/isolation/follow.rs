//! What a stranger follows: every subscription of the schema, for what is another's.
//! Nothing is changed here.

use harness::cases;
use harness::server::Server;
use harness::socket::Socket;
use harness::stage::{Case, Stage};
use harness::world::{Id, Province, World};
use serde_json::{Value, json};

use super::sight::{self, Caller, Hidden, Side};
use super::{assert_none, each};
use crate::fitting::Fitting;
use crate::{operation, schema};

pub(super) fn cases() -> Vec<Case> {
    cases![a_stranger_follows_nothing, every_subscription_leads_those_who_may_to_something]
}

/// Variables that lead to what is a province's, and the same that lead to nothing.
fn paths(subscription: &str, province: &Province) -> Vec<(Value, Value)> {
    match subscription {
        "sessionLive" => {
            let sessions = [province.board.sitting, province.board.planned];
            let path = |id: Id| json!({ "sessionId": id });
            sessions.map(|id| (path(id), path(Id::new("CouncilSession")))).into()
        }
        _ => panic!("no path through {subscription}: write one here"),
    }
}

/// The first thing that is said, without its id.
fn first(server: &Server, caller: &Caller, (field, variables): (&str, &Value)) -> String {
    let mut socket = Socket::of(server, &caller.client);
    socket.subscribe("1", operation::text(field), variables);
    let mut said = socket.message();
    for error in said["payload"].as_array_mut().into_iter().flatten() {
        error["extensions"]["requestId"] = Value::Null;
    }
    said.to_string()
}

fn a_stranger_follows_nothing(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let fittings = [&world.a, &world.b].map(|province| Fitting::new(&world, province));
    let callers = sight::callers(&world, &server);

    let faults = each(&callers, |caller| {
        let hidden = Hidden::from(caller, &world, &fittings);
        let mut faults = Vec::new();
        for field in schema::subscriptions() {
            for (foreign, random) in paths(&field, caller.side.other().of(&world)) {
                let told = first(&server, caller, (&field, &foreign));
                let leaks = hidden.found_in(&told, &foreign.to_string());
                let twin = first(&server, caller, (&field, &random));
                let is_kept = leaks.is_empty() && told == twin && told.contains("NOT_FOUND");
                let fault = || format!("{} follows {field}: {leaks:?} {told}, {twin}", caller.name);
                faults.extend((!is_kept).then(fault));
            }
        }
        faults
    });

    assert_none(&faults);
}

fn every_subscription_leads_those_who_may_to_something(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let callers = sight::callers(&world, &server);
    for side in [Side::A, Side::B] {
        let mut own = Hidden::default();
        own.province(side.of(&world));
        for field in schema::subscriptions() {
            let (path, _) = paths(&field, side.of(&world)).remove(0);
            let insiders = callers.iter().filter(|caller| caller.side == side);
            let led = insiders
                .filter(|caller| {
                    let told = first(&server, caller, (&field, &path));
                    !own.found_in(&told, &path.to_string()).is_empty()
                })
                .count();
            assert!(led > 0, "nobody of {side:?} is told anything by {field}");
        }
    }
}
