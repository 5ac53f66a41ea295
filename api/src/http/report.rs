//! The one line that is logged, and counted, for a request: also when its client went away.
//! No variables, no tokens, no document text.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::web::Data;
use async_graphql::parser::types::OperationType;
use async_graphql::{ServerError, Value};

use super::document::Operation;
use super::metrics::Sample;
use crate::app::{App, Trace};

/// Logged as the status when the client closed the connection before the answer.
const CLIENT_WENT_AWAY: u16 = 499;
/// Longest operation name that is logged: clients choose it.
const NAME_LENGTH: usize = 64;

/// Collects what is known of a request as it goes through the hall and logs it when dropped.
pub(super) struct Report {
    app: Data<App>,
    pub(super) request_id: String,
    started: Instant,
    operation: String,
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
            kind: "none",
            tenant: None,
            trace: None,
            status: CLIENT_WENT_AWAY,
            codes: Vec::new(),
        }
    }

    pub(super) fn operation(&mut self, operation: &Operation<'_>) {
        let name = operation.name.map_or("", |name| name.as_str());
        self.operation = name.chars().take(NAME_LENGTH).collect();
        self.kind = match operation.kind() {
            OperationType::Query => "query",
            OperationType::Mutation => "mutation",
            OperationType::Subscription => "subscription",
        };
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
