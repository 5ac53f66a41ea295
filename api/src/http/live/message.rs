//! What a client says over a WebSocket, in the words of `graphql-transport-ws`.
//! Nothing is answered here.

use serde::Deserialize;
use serde_json::Value;

use crate::http::negotiate;

/// The longest id of an operation.
const LONGEST_ID: usize = 128;

/// One message of a client.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Incoming {
    /// The first one.
    ConnectionInit {
        #[serde(default)]
        payload: Value,
    },
    /// Asks whether somebody is there.
    Ping,
    /// Somebody is.
    Pong,
    /// Begins an operation.
    Subscribe { id: String, payload: Value },
    /// Ends one.
    Complete { id: String },
}

impl Incoming {
    /// Reads a message; none when it is not of the protocol.
    pub(super) fn read(text: &str) -> Option<Self> {
        let message: Self = serde_json::from_str(text).ok()?;
        match &message {
            Self::Subscribe { id, .. } | Self::Complete { id } => {
                let is_fit = !id.is_empty() && id.len() <= LONGEST_ID;
                is_fit.then_some(message)
            }
            Self::ConnectionInit { payload } => {
                let is_fit = payload.is_null() || payload.is_object();
                is_fit.then_some(message)
            }
            Self::Ping | Self::Pong => Some(message),
        }
    }
}

/// The token in the payload of `connection_init`: as the header of the same name.
pub(super) fn token(payload: &Value) -> Option<&str> {
    let mut entries = payload.as_object()?.iter();
    let (_, value) = entries.find(|(name, _)| name.eq_ignore_ascii_case("authorization"))?;
    negotiate::token(value.as_str()?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_words_of_the_protocol_are_read() {
        for text in [
            r#"{"type":"connection_init"}"#,
            r#"{"type":"connection_init","payload":null}"#,
            r#"{"type":"ping","payload":{"a":1}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}"},"x":1}"#,
            r#"{"id":"1","type":"complete"}"#,
        ] {
            assert!(Incoming::read(text).is_some(), "{text}");
        }
        let long = format!(r#"{{"type":"complete","id":"{}"}}"#, "a".repeat(129));
        for text in [
            "",
            "null",
            "[]",
            r#"{"type":"start","id":"1"}"#,
            r#"{"type":"subscribe","payload":{}}"#,
            r#"{"type":"subscribe","id":"","payload":{}}"#,
            r#"{"type":"subscribe","id":1,"payload":{}}"#,
            r#"{"type":"connection_init","payload":"token"}"#,
            &format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)),
            &long,
        ] {
            assert!(Incoming::read(text).is_none(), "{text:.60}");
        }
    }

    #[test]
    fn a_token_stands_in_the_first_message() {
        assert_eq!(token(&json!({ "Authorization": "Bearer abc" })), Some("abc"));
        for payload in [json!({}), json!(null), json!({ "authorization": "abc" })] {
            assert_eq!(token(&payload), None, "{payload}");
        }
    }
}
