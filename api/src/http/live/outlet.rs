//! Writes what an operation has to tell, in the words of its transport, no faster than the client reads.
//! No operation is run here.

use std::time::Duration;

use actix_web::web::Bytes;
use actix_ws::Session;
use serde::Serialize;
use tokio::sync::mpsc::Sender;

/// Where an operation writes to.
pub(super) enum Outlet {
    /// A WebSocket, under the id of the operation.
    Socket(Session, String),
    /// A stream of events.
    Events(Sender<Bytes>),
}

/// What an operation tells.
pub(super) enum Event<'a> {
    /// A response, as JSON.
    Next(&'a str),
    /// Why it did not run, a list as JSON; it is over.
    Errors(&'a str),
    /// It is over.
    Complete,
}

#[derive(Serialize)]
struct Message<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
}

impl Outlet {
    /// Writes an event; whether the client took it in time.
    pub(super) async fn tell(&mut self, event: Event<'_>, patience: Duration) -> bool {
        let told = async {
            match self {
                Self::Socket(session, id) => session.text(message(id, &event)).await.is_ok(),
                Self::Events(sender) => sender.send(Bytes::from(lines(&event))).await.is_ok(),
            }
        };
        tokio::time::timeout(patience, told).await == Ok(true)
    }
}

/// A message of `graphql-transport-ws`.
fn message(id: &str, event: &Event<'_>) -> String {
    let (kind, payload) = match event {
        Event::Next(response) => ("next", Some(response)),
        Event::Errors(errors) => ("error", Some(errors)),
        Event::Complete => ("complete", None),
    };
    // Two strings cannot fail to be written as JSON.
    let mut text = serde_json::to_string(&Message { id, kind }).unwrap_or_default();
    if let Some(payload) = payload {
        text.pop();
        text.push_str(",\"payload\":");
        text.push_str(payload);
        text.push('}');
    }
    text
}

/// An event of a stream, in the distinct connections mode of GraphQL over SSE. JSON has no line breaks of its own.
fn lines(event: &Event<'_>) -> String {
    match event {
        Event::Next(response) => format!("event: next\ndata: {response}\n\n"),
        Event::Errors(errors) => {
            let next = format!("event: next\ndata: {{\"errors\":{errors}}}\n\n");
            next + &lines(&Event::Complete)
        }
        Event::Complete => "event: complete\ndata:\n\n".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_written_for_either_transport() {
        let next = Event::Next("{\"data\":null}");
        let text = r#"{"id":"a\"b","type":"next","payload":{"data":null}}"#;
        assert_eq!(message("a\"b", &next), text);
        assert_eq!(message("1", &Event::Complete), r#"{"id":"1","type":"complete"}"#);
        assert_eq!(lines(&next), "event: next\ndata: {\"data\":null}\n\n");
        let errors = lines(&Event::Errors("[1]"));
        assert_eq!(errors, "event: next\ndata: {\"errors\":[1]}\n\nevent: complete\ndata:\n\n");
    }
}
