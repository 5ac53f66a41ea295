//! GraphQL over HTTP: reads a request, runs its operation, answers.
//! No domain and no SQL: what the operation does is the schema's.

use std::sync::Arc;

use actix_web::http::Method;
use actix_web::http::header::ACCEPT_LANGUAGE;
use actix_web::{HttpRequest, HttpResponse, web};
use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response};
use tokio::task::JoinError;
use tracing::Instrument;

use super::answer::{self, Manner, Ran};
use super::document::{Document, Operation};
use super::door::Door;
use super::fault::{BROKEN, Fault, METHOD, SIGN_IN, TIMEOUT, TOKEN, UNAVAILABLE};
use super::negotiate::{self, Media};
use super::params::{self, Parameters};
use super::report::Report;
use crate::access::Actor;
use crate::app::{App, Caller};
use crate::config::Introspection;
use crate::text::Language;

/// Runs a query or a mutation.
pub(super) async fn post(
    request: HttpRequest,
    payload: web::Payload,
    app: web::Data<App>,
) -> HttpResponse {
    let mut exchange = Exchange::open(request, app);
    let outcome = exchange.post(payload).await;
    exchange.close(outcome)
}

/// Runs a query; a mutation has to be sent in a way that no link and no picture can.
pub(super) async fn get(request: HttpRequest, app: web::Data<App>) -> HttpResponse {
    let mut exchange = Exchange::open(request, app);
    let outcome = exchange.get().await;
    exchange.close(outcome)
}

/// Refuses any other method.
pub(super) async fn other(request: HttpRequest, app: web::Data<App>) -> HttpResponse {
    let exchange = Exchange::open(request, app);
    exchange.close(Err(Fault::of(&METHOD).header("allow", "GET, POST")))
}

/// One request on its way through the hall.
struct Exchange {
    request: HttpRequest,
    app: web::Data<App>,
    media: Media,
    language: Language,
    report: Report,
}

impl Exchange {
    fn open(request: HttpRequest, app: web::Data<App>) -> Self {
        let language = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let language = Language::from_header(language);
        let report = Report::new(app.clone(), negotiate::request_id(&request));
        Self { request, app, media: Media::Json, language, report }
    }

    fn close(mut self, outcome: Result<Ran, Fault>) -> HttpResponse {
        if let Some(limit) = outcome.as_ref().err().and_then(Fault::limit) {
            self.app.metrics.reject(limit);
        }
        let manner = Manner {
            media: self.media,
            language: self.language,
            development: self.app.config.development,
            errors: self.app.limits.errors,
        };
        answer::write(outcome, manner, &mut self.report)
    }

    async fn post(&mut self, payload: web::Payload) -> Result<Ran, Fault> {
        let actor = self.enter()?;
        negotiate::require_json(&self.request)?;
        let body = params::body(&self.request, payload, self.app.config.max_body).await?;
        self.run(Parameters::from_json(&body)?, actor).await
    }

    async fn get(&mut self) -> Result<Ran, Fault> {
        let actor = self.enter()?;
        self.run(Parameters::from_query(self.request.query_string())?, actor).await
    }

    /// Reads the headers: how to answer and who asks, which must not wait for a body.
    fn enter(&mut self) -> Result<Option<Arc<Actor>>, Fault> {
        self.media = Media::accepted(&self.request)?;
        let bearer = negotiate::bearer(&self.request);
        if bearer.is_some() && !self.app.hears() {
            return Err(Fault::of(&UNAVAILABLE).header("retry-after", "1"));
        }
        let Ok(actor) = self.app.actor(bearer) else {
            let challenge = "Bearer error=\"invalid_token\"";
            return Err(Fault::of(&TOKEN).header("www-authenticate", challenge));
        };
        self.report.tenant = actor.as_ref().map(|actor| actor.tenant_slug().to_owned());
        Ok(actor)
    }

    async fn run(
        &mut self,
        parameters: Parameters,
        actor: Option<Arc<Actor>>,
    ) -> Result<Ran, Fault> {
        let document = self.app.documents.read(&parameters.query)?;
        let operation = document.operation(parameters.operation_name.as_deref())?;
        self.report.operation(&operation);
        self.admit(&operation, actor.is_some())?;
        self.validate(&document).await?;
        let (request, cost) = self.app.documents.request(&operation, parameters.variables)?;

        let caller = Caller {
            actor,
            language: self.language,
            request_id: self.report.request_id.clone(),
            peer: self.request.peer_addr().map(|address| address.ip()),
        };
        let (request, trace) = self.app.prepare(request, caller);
        self.report.trace = Some(trace);
        Ok(Ran { response: self.execute(request).await?, cost })
    }

    /// Decides from names alone, before the schema is asked: a stranger learns nothing of it.
    fn admit(&self, operation: &Operation<'_>, is_signed_in: bool) -> Result<(), Fault> {
        if *self.request.method() == Method::GET && operation.kind() != OperationType::Query {
            return Err(Fault::of(&METHOD).header("allow", "POST"));
        }
        let is_open = match (operation.door(), self.app.config.introspection) {
            (Door::Open, _) | (Door::Introspection, Introspection::Anyone) => true,
            (Door::Introspection, Introspection::SignedIn) | (Door::SignedIn, _) => is_signed_in,
        };
        if is_open { Ok(()) } else { Err(Fault::of(&SIGN_IN).header("www-authenticate", "Bearer")) }
    }

    /// Validates in a task of its own, so that a panic in the library becomes an answer.
    async fn validate(&self, document: &Arc<Document>) -> Result<(), Fault> {
        if document.is_valid() {
            return Ok(());
        }
        let (app, document) = (self.app.clone(), Arc::clone(document));
        let task = async move { app.documents.validate(&app.schema, &document).await };
        match tokio::spawn(task.in_current_span()).await {
            Ok(verdict) => verdict,
            Err(error) => Err(self.broken(&error)),
        }
    }

    /// Runs in a task of its own. Neither the deadline nor a client that goes away drops the task:
    /// it may hold a transaction, and a dropped one poisons its connection.
    async fn execute(&self, request: Request) -> Result<Response, Fault> {
        let schema = self.app.fast.clone();
        let span = tracing::info_span!("graphql", request_id = %self.report.request_id);
        let task = tokio::spawn(async move { schema.execute(request).await }.instrument(span));
        match tokio::time::timeout(self.app.config.deadline, task).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(self.broken(&error)),
            Err(_) => Err(Fault::of(&TIMEOUT)),
        }
    }

    fn broken(&self, error: &JoinError) -> Fault {
        tracing::error!(request_id = %self.report.request_id, %error, "a task broke off");
        Fault::of(&BROKEN)
    }
}
