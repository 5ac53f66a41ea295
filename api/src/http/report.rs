//! The one line that is logged, and counted, for a request: also when its client went away.
//! No variables, no tokens, no document text.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::web::Data;
use async_graphql::parser::types::OperationType;
use async_graphql::{Name, ServerError, Value};

use super::document::Operation;
use super::metrics::Sample;
use crate::app::{App, Trace};

/// Logged as the status when the client closed the connection before the answer.
const CLIENT_WENT_AWAY: u16 = 499;
/// A longer operation name is not logged. Clients choose names, and whatever stands there would stand in our logs:
/// the grammar leaves letters, digits and `_` only, this leaves no room for more than a name.
/// Documents are told apart by their hash, which repeats nothing.
const LONGEST_NAME: usize = 64;

/// Collects what is known of a request as it goes through the hall and logs it when dropped.
pub(super) struct Report {
    app: Data<App>,
    pub(super) request_id: String,
    started: Instant,
    operation: String,
    document: String,
    kind: &'static str,
    pub(super) tenant: Option<String>,
    pub(super) trace: Option<Arc<Trace>>,
    pub(super) status: u16,
    codes: Vec<String>,
}

impl Report {
    pub(super) fn new(app: Data<App>, request_id: String) -> Self {
        Self {
            app,
            request_id,
            started: Instant::now(),
            operation: String::new(),
            document: String::new(),
            kind: "none",
            tenant: None,
            trace: None,
            status: CLIENT_WENT_AWAY,
            codes: Vec::new(),
        }
    }

    pub(super) fn operation(&mut self, operation: &Operation<'_>) {
        self.operation = name(operation);
        self.document = operation.hash();
        self.kind = kind(operation);
    }

    /// Remembers the codes of the answer, each once.
    pub(super) fn errors(&mut self, errors: &[ServerError]) {
        for error in errors {
            let code = code(error).unwrap_or_default();
            if !self.codes.iter().any(|known| known == code) {
                self.codes.push(code.to_owned());
            }
        }
    }

    /// None when the operation did not run.
    pub(super) fn statements(&self) -> Option<u32> {
        self.trace.as_ref().map(|trace| trace.statements())
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}

impl Drop for Report {
    fn drop(&mut self) {
        let duration = self.elapsed();
        let statements = self.statements();
        self.app.metrics.count(&Sample {
            kind: self.kind,
            status: self.status,
            code: self.codes.first().map_or("", String::as_str),
            duration,
            statements,
        });
        tracing::info!(
            request_id = %self.request_id,
            operation = %self.operation,
            document = %self.document,
            kind = self.kind,
            tenant = self.tenant.as_deref().unwrap_or_default(),
            status = self.status,
            duration_ms = (duration.as_secs_f64() * 1e6).round() / 1e3,
            statements = statements.unwrap_or_default(),
            codes = %self.codes.join(","),
            "graphql"
        );
    }
}

/// The name of an operation, if it may be logged.
pub(super) fn name(operation: &Operation<'_>) -> String {
    let name = operation.name.map(Name::as_str).filter(|name| is_plain(name));
    name.unwrap_or_default().to_owned()
}

/// What an operation is, as it is logged and counted.
pub(super) fn kind(operation: &Operation<'_>) -> &'static str {
    match operation.kind() {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    }
}

/// `[A-Za-z_][A-Za-z0-9_]{0,63}`, whatever the parser lets through.
fn is_plain(name: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    name.len() <= LONGEST_NAME
        && name.bytes().all(is_word)
        && !name.starts_with(|first: char| first.is_ascii_digit())
}

/// The code of an error, if whoever made it gave it one.
pub(super) fn code(error: &ServerError) -> Option<&str> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code),
        Value::Enum(code) => Some(code),
        Value::Null
        | Value::Number(_)
        | Value::Boolean(_)
        | Value::Binary(_)
        | Value::List(_)
        | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_is_logged_as_a_name() {
        assert!(["Comparison", "_a1", &"a".repeat(64)].into_iter().all(is_plain));
        assert!(["1a", "a b", "a\nb", "tên", &"a".repeat(65)].into_iter().all(|it| !is_plain(it)));
    }
}
