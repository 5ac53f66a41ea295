//! Counts requests for whoever watches the service.
//! No names of tenants, people, documents or operations: every label has a known, small set of
//! values.

use std::time::Duration;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpResponse, web};
use prometheus::{
    Encoder, Histogram, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry, TEXT_FORMAT, TextEncoder,
};

use super::limits::LimitError;
use crate::app::App;

/// Seconds; the last is beyond the deadline of a request.
const SECONDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0];
/// SQL statements; more than 15 means a list is read row by row.
const STATEMENTS: [f64; 8] = [0.0, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 100.0];

/// The counters of one application.
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    duration: HistogramVec,
    statements: Histogram,
    rejections: IntCounterVec,
    connections: IntGaugeVec,
    events: IntCounterVec,
}

/// What one request adds to the counters.
pub(super) struct Sample<'a> {
    /// `query`, `mutation` or `none` when the document was not read.
    pub(super) kind: &'a str,
    pub(super) status: u16,
    /// The first code of the answer; empty when there is none.
    pub(super) code: &'a str,
    pub(super) duration: Duration,
    /// None when the operation did not run.
    pub(super) statements: Option<u32>,
}

impl Metrics {
    /// Counters at zero.
    pub fn new() -> prometheus::Result<Self> {
        let metrics = Self {
            registry: Registry::new(),
            requests: IntCounterVec::new(
                Opts::new("graphql_requests_total", "Requests answered"),
                &["operation_kind", "status", "code"],
            )?,
            duration: HistogramVec::new(
                HistogramOpts::new("graphql_request_duration_seconds", "Time to answer")
                    .buckets(SECONDS.to_vec()),
                &["operation_kind"],
            )?,
            statements: Histogram::with_opts(
                HistogramOpts::new("graphql_sql_statements", "SQL statements of one request")
                    .buckets(STATEMENTS.to_vec()),
            )?,
            rejections: IntCounterVec::new(
                Opts::new("graphql_limit_rejections_total", "Documents refused for their size"),
                &["limit"],
            )?,
            connections: IntGaugeVec::new(
                Opts::new("graphql_live_connections", "Connections kept open for subscriptions"),
                &["transport"],
            )?,
            events: IntCounterVec::new(
                Opts::new("graphql_live_events_total", "Events sent to subscribers"),
                &["transport"],
            )?,
        };
        metrics.registry.register(Box::new(metrics.requests.clone()))?;
        metrics.registry.register(Box::new(metrics.duration.clone()))?;
        metrics.registry.register(Box::new(metrics.statements.clone()))?;
        metrics.registry.register(Box::new(metrics.rejections.clone()))?;
        metrics.registry.register(Box::new(metrics.connections.clone()))?;
        metrics.registry.register(Box::new(metrics.events.clone()))?;
        Ok(metrics)
    }

    /// The registry, for counters of other rooms.
    #[must_use]
    pub const fn registry(&self) -> &Registry {
        &self.registry
    }

    pub(super) fn count(&self, sample: &Sample<'_>) {
        let status = sample.status.to_string();
        self.requests.with_label_values(&[sample.kind, &status, sample.code]).inc();
        self.duration.with_label_values(&[sample.kind]).observe(sample.duration.as_secs_f64());
        if let Some(statements) = sample.statements {
            self.statements.observe(f64::from(statements));
        }
    }

    /// Connections that are open by one transport.
    pub(super) fn live(&self, transport: &str) -> IntGauge {
        self.connections.with_label_values(&[transport])
    }

    /// Counts an event sent by one transport.
    pub(super) fn event(&self, transport: &str) {
        self.events.with_label_values(&[transport]).inc();
    }

    pub(super) fn reject(&self, error: &LimitError) {
        self.rejections.with_label_values(&[error.code()]).inc();
    }
}

/// The routes of an application of its own, for an address that only the watcher reaches.
pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/metrics", web::get().to(show));
}

async fn show(app: web::Data<App>) -> HttpResponse {
    let mut text = Vec::new();
    match TextEncoder::new().encode(&app.metrics.registry.gather(), &mut text) {
        Ok(()) => HttpResponse::Ok().insert_header((CONTENT_TYPE, TEXT_FORMAT)).body(text),
        Err(error) => {
            tracing::error!(%error, "metrics cannot be written");
            HttpResponse::InternalServerError().finish()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::limits::Limit;
    use super::*;

    #[test]
    fn what_is_counted_is_shown() {
        let metrics = Metrics::new().expect("registers once");
        let duration = Duration::from_millis(3);
        let sample = Sample { kind: "query", status: 200, code: "", duration, statements: Some(2) };
        metrics.count(&sample);
        metrics.reject(&LimitError { kind: Limit::Depth, limit: 12, actual: 13 });

        let mut text = Vec::new();
        TextEncoder::new().encode(&metrics.registry.gather(), &mut text).expect("encodes");
        let text = String::from_utf8(text).expect("is UTF-8");
        for line in [
            "graphql_requests_total{code=\"\",operation_kind=\"query\",status=\"200\"} 1",
            "graphql_request_duration_seconds_count{operation_kind=\"query\"} 1",
            "graphql_sql_statements_sum 2",
            "graphql_limit_rejections_total{limit=\"DEPTH_LIMIT_EXCEEDED\"} 1",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }
}
