//! Subscriptions: what is told, to whom, how long, over both transports, and what no client can do with them.

mod abuse;
mod ending;
mod events;
mod protocol;
mod session;
mod watched;

use harness::server::{Options, Server};
use harness::socket::Socket;
use harness::stage::{Case, Stage};
use serde_json::{Value, json};

use crate::operation;

pub(crate) fn cases() -> Vec<Case> {
    [
        protocol::cases(),
        session::cases(),
        ending::cases(),
        events::cases(),
        abuse::cases(),
        watched::cases(),
    ]
    .concat()
}

/// A server of its own with other settings.
fn server(stage: &Stage, variables: &[(&str, &str)]) -> Server {
    let variables = variables.iter();
    let variables =
        variables.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    stage.own_server(Options { demo: true, variables, ..Options::default() })
}

/// Follows a session under an id.
fn follow(socket: &mut Socket, id: &str, session: &Value) {
    socket.subscribe(id, operation::text("sessionLive"), &json!({ "sessionId": session }));
}
