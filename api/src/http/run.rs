//! Validates and runs in tasks of their own, so that a panic in the library becomes an answer, and whoever stops
//! waiting cuts nothing off: a task may hold a transaction, and a dropped one poisons its connection. The tasks run on
//! threads of their own: the deadline passes while one computes.
//! No answers are written here.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Data;
use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response};
use futures_util::StreamExt;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinError;
use tracing::Instrument;

use super::document::Document;
use super::fault::{BROKEN, Fault, TIMEOUT};
use crate::app::App;

/// An operation that is about to run.
pub(super) struct Task<'a> {
    pub(super) kind: OperationType,
    pub(super) request: Request,
    /// Kept until it has ended, also when nobody waits for it any more.
    pub(super) place: OwnedSemaphorePermit,
    /// How long somebody waits.
    pub(super) left: Duration,
    /// Id of the request, for the log.
    pub(super) id: &'a str,
}

/// Validates a document, once.
pub(super) async fn validate(
    app: &Data<App>,
    document: &Arc<Document>,
    id: &str,
) -> Result<(), Fault> {
    if document.is_valid() {
        return Ok(());
    }
    let (validator, document) = (app.clone(), Arc::clone(document));
    let task = async move { validator.documents.validate(&validator.schema, &document).await };
    match app.workers.spawn(task.in_current_span()).await {
        Ok(verdict) => verdict,
        Err(error) => Err(broken(id, &error)),
    }
}

/// Runs an operation once: of a subscription, the state of this moment. None where a subscription has nothing
/// to tell.
pub(super) async fn execute(app: &Data<App>, task: Task<'_>) -> Result<Option<Response>, Fault> {
    let Task { kind, request, place, left, id } = task;
    let schema = app.fast.clone();
    let span = tracing::info_span!("graphql", request_id = %id);
    let run = async move {
        let response = if kind == OperationType::Subscription {
            schema.execute_stream(request).next().await
        } else {
            Some(schema.execute(request).await)
        };
        drop(place);
        response
    };
    let run = app.workers.spawn(run.instrument(span));
    match tokio::time::timeout(left, run).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(error)) => Err(broken(id, &error)),
        Err(_) => Err(Fault::of(&TIMEOUT)),
    }
}

fn broken(id: &str, error: &JoinError) -> Fault {
    tracing::error!(request_id = %id, %error, "a task broke off");
    Fault::of(&BROKEN)
}
