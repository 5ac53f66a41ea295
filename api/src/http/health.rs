//! Answers whoever decides whether this process gets traffic or is started anew.
//! No details: these routes are open.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, HttpResponseBuilder, web};
use tokio::sync::Mutex;

use crate::app::App;

/// Longer than this the database counts as out of reach.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long an answer of the database serves everybody who asks.
const KEPT: Duration = Duration::from_secs(1);

/// What the database has answered last, and when. The route is open and free, so whoever asks without end takes no
/// connection from those who work.
#[derive(Default)]
pub struct Health(Arc<Mutex<Option<(Instant, bool)>>>);

impl Health {
    /// Whether the database answers; one question at a time.
    async fn of(app: &web::Data<App>) -> bool {
        let mut last = Arc::clone(&app.health.0).lock_owned().await;
        if let Some((at, answer)) = *last
            && at.elapsed() < KEPT
        {
            return answer;
        }
        let app = app.clone();
        // A task: the question is asked to its end even when nobody waits for it any more.
        let question = tokio::spawn(async move {
            let answer = app.has_database().await;
            *last = Some((Instant::now(), answer));
            answer
        });
        question.await.unwrap_or_default()
    }
}

/// The process runs.
pub(super) async fn live() -> HttpResponse {
    say(HttpResponse::Ok(), "ok\n")
}

/// The process may get traffic: it neither starts nor stops, and its database answers.
pub(super) async fn ready(app: web::Data<App>) -> HttpResponse {
    let is_open = app.ready.load(Ordering::Relaxed);
    let answer = tokio::time::timeout(PATIENCE, Health::of(&app)).await;
    let has_database = app.hears() && answer == Ok(true);
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
