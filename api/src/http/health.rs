//! Answers whoever decides whether this process gets traffic or is started anew.
//! No details: these routes are open.

use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, HttpResponseBuilder, web};

use crate::app::App;

/// Longer than this the database counts as out of reach.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process runs.
pub(super) async fn live() -> HttpResponse {
    say(HttpResponse::Ok(), "ok\n")
}

/// The process may get traffic: it neither starts nor stops, and its database answers.
pub(super) async fn ready(app: web::Data<App>) -> HttpResponse {
    let is_open = app.ready.load(Ordering::Relaxed);
    // A task: the question is asked to its end even when nobody waits for it any more.
    let question = tokio::spawn(async move { app.is_ready().await });
    let has_database = matches!(tokio::time::timeout(PATIENCE, question).await, Ok(Ok(true)));
    match (is_open, has_database) {
        (true, true) => say(HttpResponse::Ok(), "ready\n"),
        (false, _) => say(HttpResponse::ServiceUnavailable(), "starting or stopping\n"),
        (true, false) => say(HttpResponse::ServiceUnavailable(), "database\n"),
    }
}

fn say(mut answer: HttpResponseBuilder, text: &'static str) -> HttpResponse {
    answer
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(text)
}
