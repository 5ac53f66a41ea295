//! Reads the parameters of a GraphQL request from a body or a query string.
//! No documents: the text of a query is a text here.

use actix_web::HttpRequest;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::web::{Payload, Query};
use async_graphql::{Value, Variables};
use futures_util::StreamExt;
use serde::Deserialize;

use super::fault::{BATCH, Fault, MALFORMED, TOO_LARGE};

/// What a request asks to run; `extensions` are checked and not used.
pub(super) struct Parameters {
    pub(super) query: String,
    pub(super) operation_name: Option<String>,
    pub(super) variables: Variables,
}

/// The parameters before their types are checked, so that each fault has its own message.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    #[serde(default)]
    query: Value,
    #[serde(default)]
    operation_name: Value,
    #[serde(default)]
    variables: Value,
    #[serde(default)]
    extensions: Value,
}

impl Parameters {
    pub(super) fn from_json(body: &[u8]) -> Result<Self, Fault> {
        match body.trim_ascii_start().first() {
            Some(b'{') => {}
            Some(b'[') => return Err(Fault::of(&BATCH)),
            Some(_) | None => return Err(malformed("a JSON object")),
        }
        match serde_json::from_slice(body) {
            Ok(raw) => Self::checked(raw),
            Err(_) => Err(malformed("a JSON object")),
        }
    }

    /// The parameters in a message of a WebSocket.
    pub(super) fn from_value(value: serde_json::Value) -> Result<Self, Fault> {
        match serde_json::from_value(value) {
            Ok(raw) => Self::checked(raw),
            Err(_) => Err(malformed("a JSON object")),
        }
    }

    pub(super) fn from_query(text: &str) -> Result<Self, Fault> {
        let Ok(pairs) = Query::<Vec<(String, String)>>::from_query(text) else {
            return Err(malformed("a URL-encoded query string"));
        };
        let mut raw = Raw {
            query: Value::Null,
            operation_name: Value::Null,
            variables: Value::Null,
            extensions: Value::Null,
        };
        for (name, value) in pairs.into_inner() {
            match name.as_str() {
                "query" => raw.query = Value::String(value),
                "operationName" => raw.operation_name = Value::String(value),
                "variables" => raw.variables = json(&value, "variables as JSON")?,
                "extensions" => raw.extensions = json(&value, "extensions as JSON")?,
                _ => {}
            }
        }
        Self::checked(raw)
    }

    fn checked(raw: Raw) -> Result<Self, Fault> {
        let Value::String(query) = raw.query else {
            return Err(malformed("query as a string"));
        };
        if !matches!(raw.extensions, Value::Null | Value::Object(_)) {
            return Err(malformed("extensions as an object or null"));
        }
        if !matches!(raw.variables, Value::Null | Value::Object(_)) {
            return Err(malformed("variables as an object or null"));
        }
        let operation_name = match raw.operation_name {
            Value::Null => None,
            Value::String(name) => Some(name),
            Value::Number(_)
            | Value::Boolean(_)
            | Value::Binary(_)
            | Value::Enum(_)
            | Value::List(_)
            | Value::Object(_) => return Err(malformed("operationName as a string or null")),
        };
        Ok(Self { query, operation_name, variables: Variables::from_value(raw.variables) })
    }
}

fn json(text: &str, expected: &'static str) -> Result<Value, Fault> {
    match serde_json::from_str(text) {
        Ok(value) => Ok(value),
        Err(_) => Err(malformed(expected)),
    }
}

fn malformed(expected: &'static str) -> Fault {
    Fault::with(&MALFORMED, format!("expected {expected}"))
}

/// The whole body, refused before it is read if it says it is too long and while it is read if it
/// turns out to be.
pub(super) async fn body(
    request: &HttpRequest,
    mut payload: Payload,
    most: usize,
) -> Result<Vec<u8>, Fault> {
    let too_large = || Fault::with(&TOO_LARGE, most.to_string());
    let length = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if length.and_then(|length| length.parse().ok()).is_some_and(|length: usize| length > most) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        let Ok(chunk) = chunk else { return Err(malformed("a complete body")) };
        if body.len().saturating_add(chunk.len()) > most {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;

    #[test]
    fn reads_a_body() {
        let body = br#" {"query": "{a}", "operationName": null, "variables": {"b": [1]}, "x": 1}"#;
        let Ok(read) = Parameters::from_json(body) else { panic!("is well formed") };
        assert_eq!((read.query.as_str(), read.operation_name), ("{a}", None));
        assert_eq!(read.variables.into_value(), value!({"b": [1]}));
    }

    #[test]
    fn refuses_wrong_bodies() {
        for (body, code) in [
            ("", "BAD_REQUEST"),
            ("{ \"not a JSON", "BAD_REQUEST"),
            ("\"{a}\"", "BAD_REQUEST"),
            ("[{\"query\": \"{a}\"}]", "BATCH_NOT_SUPPORTED"),
            ("{}", "BAD_REQUEST"),
            ("{\"query\": null}", "BAD_REQUEST"),
            ("{\"query\": [\"a\"]}", "BAD_REQUEST"),
            ("{\"query\": \"{a}\", \"variables\": []}", "BAD_REQUEST"),
            ("{\"query\": \"{a}\", \"variables\": \"{}\"}", "BAD_REQUEST"),
            ("{\"query\": \"{a}\", \"operationName\": 0}", "BAD_REQUEST"),
            ("{\"query\": \"{a}\", \"extensions\": false}", "BAD_REQUEST"),
            (&format!("{{\"query\": {}", "[".repeat(100_000)), "BAD_REQUEST"),
        ] {
            let fault = Parameters::from_json(body.as_bytes()).err().expect("is refused");
            assert_eq!(fault.code(), code, "{body}");
        }
    }

    #[test]
    fn reads_a_query_string() {
        let text = "query=%7Ba%7D&variables=%7B%22b%22%3A1%7D&operationName=A&other=1";
        let Ok(read) = Parameters::from_query(text) else { panic!("is well formed") };
        assert_eq!((read.query.as_str(), read.operation_name.as_deref()), ("{a}", Some("A")));
        assert_eq!(read.variables.into_value(), value!({"b": 1}));
        for text in ["", "variables=%7B%7D", "query=a&variables=1", "query=a&extensions=x"] {
            assert!(Parameters::from_query(text).is_err(), "{text}");
        }
    }
}
