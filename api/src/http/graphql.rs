//! GraphQL over HTTP: reads a request, runs its operation, answers.
//! No domain and no SQL: what the operation does is the schema's.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::Method;
use actix_web::http::header::ACCEPT_LANGUAGE;
use actix_web::{HttpRequest, HttpResponse, web};
use async_graphql::parser::types::OperationType;
use async_graphql::{Response, Value, value};
use tokio::sync::OwnedSemaphorePermit;

use super::answer::{self, Manner, Ran};
use super::budget::{Exhausted, Purse, seconds};
use super::connection::Connection;
use super::cost::Cost;
use super::document::Operation;
use super::door::Door;
use super::fault::{
    BROKEN, BUSY, BUSY_WITH_SIGN_INS, Fault, MALFORMED, METHOD, SIGN_IN, SLOW, SPENT, SUBSCRIPTION,
    TOKEN, UNAVAILABLE,
};
use super::line::{Class, Full};
use super::live::{events, socket};
use super::negotiate::{self, Media, Wish};
use super::params::{self, Parameters};
use super::peer;
use super::report::Report;
use super::run::{self, Task};
use crate::access::Actor;
use crate::app::{App, Caller, Credential};
use crate::config::Introspection;
use crate::domain::budget::RateLimit;
use crate::text::Language;

/// Points that every request costs before anything is read.
pub(super) const ENTRANCE: u32 = 1;
/// Points that a document costs which had to be refused.
pub(super) const REFUSED: u32 = 10;
/// How long the body of a request may take that its headers have refused.
const LEFTOVER: Duration = Duration::from_secs(1);

/// Runs a query or a mutation.
pub(super) async fn post(
    request: HttpRequest,
    payload: web::Payload,
    app: web::Data<App>,
) -> HttpResponse {
    let mut exchange = Exchange::open(request, app);
    let read = exchange.read(payload).await;
    exchange.answer(read).await
}

/// Runs a query, or opens a WebSocket; a mutation has to be sent in a way that no link and no picture can.
pub(super) async fn get(
    request: HttpRequest,
    payload: web::Payload,
    app: web::Data<App>,
) -> HttpResponse {
    let mut exchange = Exchange::open(request, app);
    if socket::is_asked_for(&exchange.request) {
        let entered = exchange.enter_socket();
        return match entered.and_then(|()| socket::open(&mut exchange, payload)) {
            Ok(opened) => opened,
            Err(fault) => exchange.close(Err(fault)),
        };
    }
    let read = exchange
        .enter()
        .and_then(|caller| Ok((Parameters::from_query(exchange.request.query_string())?, caller)));
    exchange.answer(read).await
}

/// Refuses any other method.
pub(super) async fn other(request: HttpRequest, app: web::Data<App>) -> HttpResponse {
    let mut exchange = Exchange::open(request, app);
    let refused = Fault::of(&METHOD).header("allow", "GET, POST");
    let outcome = exchange.pay_entrance(None).and(Err(refused));
    exchange.close(outcome)
}

/// One request on its way through the hall.
pub(super) struct Exchange {
    pub(super) request: HttpRequest,
    pub(super) app: web::Data<App>,
    media: Media,
    pub(super) language: Language,
    wish: Wish,
    /// Address of the client.
    pub(super) peer: Option<IpAddr>,
    purse: Option<Purse>,
    pub(super) report: Report,
}

/// What a request asks, and who: none is a stranger.
type Asked = (Parameters, Option<Credential>);

impl Exchange {
    fn open(request: HttpRequest, app: web::Data<App>) -> Self {
        let language = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let language = Language::from_header(language);
        let report = Report::new(app.clone(), negotiate::request_id(&request));
        let (wish, peer) = (Wish::of(&request), peer::of(&request, &app.config.proxies));
        Self { request, app, media: Media::Json, language, wish, peer, purse: None, report }
    }

    pub(super) fn close(mut self, outcome: Result<Ran, Fault>) -> HttpResponse {
        if let Some(limit) = outcome.as_ref().err().and_then(Fault::limit) {
            self.app.metrics.reject(limit);
        }
        let now = Instant::now();
        if let (Some(purse), Err(fault)) = (&self.purse, &outcome)
            && fault.is_of_document()
        {
            purse.fine(REFUSED, now);
        }
        let manner = Manner::of(&self.app, self.media, self.language);
        let means = self.purse.as_ref().map(|purse| purse.headers(now));
        answer::write(outcome, (manner, means), &mut self.report)
    }

    async fn read(&mut self, payload: web::Payload) -> Result<Asked, Fault> {
        let entered = self.enter();
        let entered = entered.and_then(|it| negotiate::require_json(&self.request).map(|()| it));
        let body = params::body(&self.request, payload, self.app.config.max_body);
        let caller = match entered {
            Ok(caller) => caller,
            Err(fault) => {
                // A connection whose request was not read to its end cannot serve the next one, and a client that was
                // refused would find it closed.
                if !matches!(tokio::time::timeout(LEFTOVER, body).await, Ok(Ok(_))) {
                    self.end();
                }
                return Err(fault);
            }
        };
        let Ok(body) = tokio::time::timeout(self.app.config.deadline, body).await else {
            self.end();
            return Err(Fault::of(&SLOW));
        };
        Ok((Parameters::from_json(&body?)?, caller))
    }

    /// Ends the connection after the answer.
    fn end(&self) {
        if let Some(connection) = self.request.conn_data::<Arc<Connection>>() {
            connection.end();
        }
    }

    /// Answers once, or, where the client takes them, with events.
    async fn answer(mut self, read: Result<Asked, Fault>) -> HttpResponse {
        let outcome = match read {
            Ok((parameters, caller)) if self.streams(&parameters) => {
                match events::open(&mut self, parameters, caller).await {
                    Ok(opened) => return opened,
                    Err(fault) => Err(fault),
                }
            }
            Ok((parameters, caller)) => self.run(parameters, caller).await,
            Err(fault) => Err(fault),
        };
        self.close(outcome)
    }

    /// Whether the answer is a stream of events: where the client takes nothing else, and for subscriptions. A
    /// price is none: nothing runs for it.
    fn streams(&self, parameters: &Parameters) -> bool {
        if self.wish == Wish::Validate || !negotiate::accepts_events(&self.request) {
            return false;
        }
        let is_subscription = || {
            let document = self.app.documents.read(&parameters.query).ok()?;
            let operation = document.operation(parameters.operation_name.as_deref()).ok()?;
            Some(operation.kind() == OperationType::Subscription)
        };
        Media::accepted(&self.request).is_err() || is_subscription() == Some(true)
    }

    /// Reads the headers: how to answer and who asks, which must not wait for a body. Whoever shows nothing that
    /// holds pays as a stranger: to find that out was work as well.
    fn enter(&mut self) -> Result<Option<Credential>, Fault> {
        let entered = self.identify();
        let actor = entered.as_ref().ok().and_then(|caller| Some(&*caller.as_ref()?.actor));
        self.pay_entrance(actor)?;
        self.report.tenant = actor.map(|actor| actor.tenant_slug().to_owned());
        entered
    }

    /// A WebSocket is opened by a stranger: who he is stands in its first message.
    fn enter_socket(&mut self) -> Result<(), Fault> {
        self.pay_entrance(None)?;
        if self.wish == Wish::Validate {
            let why =
                "GraphQL-Cost: validate asks for a price, and a connection runs what it is sent";
            return Err(Fault::with(&MALFORMED, why));
        }
        Ok(())
    }

    fn pay_entrance(&mut self, actor: Option<&Actor>) -> Result<(), Fault> {
        let purse = self.app.budgets.purse(actor, self.peer);
        let entrance = purse.spend(ENTRANCE, Instant::now());
        self.purse = Some(purse);
        entrance.map_err(Fault::from)
    }

    fn identify(&mut self) -> Result<Option<Credential>, Fault> {
        self.media = match Media::accepted(&self.request) {
            // What is refused before the first event is refused with a real status.
            Err(_) if negotiate::accepts_events(&self.request) => Media::GraphQl,
            media => media?,
        };
        let bearer = negotiate::bearer(&self.request);
        if bearer.is_some() && !self.app.hears() {
            return Err(Fault::of(&UNAVAILABLE).header("retry-after", "1"));
        }
        self.app.credential(bearer).map_err(|_refused| {
            let challenge = "Bearer error=\"invalid_token\"";
            Fault::of(&TOKEN).header("www-authenticate", challenge)
        })
    }

    async fn run(
        &mut self,
        parameters: Parameters,
        caller: Option<Credential>,
    ) -> Result<Ran, Fault> {
        let document = self.app.documents.read(&parameters.query)?;
        let operation = document.operation(parameters.operation_name.as_deref())?;
        self.report.operation(&operation);
        self.admit(&operation, caller.is_some())?;
        run::validate(&self.app, &document, &self.report.request_id).await?;
        let (mut request, cost) = self.app.documents.request(&operation, parameters.variables)?;
        if self.wish == Wish::Validate {
            return Ok(self.reported(Response::new(Value::Null), cost));
        }
        if let Some(standing) = self.pay(cost)? {
            request = request.data(standing);
        }
        let place = self.enter_line(operation.class(), cost).await?;

        let caller = Caller {
            actor: caller.map(|caller| caller.actor),
            language: self.language,
            request_id: self.report.request_id.clone(),
            peer: self.peer,
        };
        let (request, trace) = self.app.prepare(request, caller);
        self.report.trace = Some(trace);
        let left = self.app.config.deadline.saturating_sub(self.report.elapsed());
        let id = self.report.request_id.as_str();
        let task = Task { kind: operation.kind(), request, place, left, id };
        let response = run::execute(&self.app, task).await?;
        Ok(self.reported(response.ok_or_else(|| Fault::of(&BROKEN))?, cost))
    }

    /// Takes the price, less what was paid at the entrance; says what is left then.
    fn pay(&self, cost: Cost) -> Result<Option<RateLimit>, Fault> {
        let (Some(purse), now) = (&self.purse, Instant::now()) else { return Ok(None) };
        purse.spend(cost.points() - ENTRANCE, now)?;
        Ok(purse.standing(cost.points(), now))
    }

    /// A place to run in; whoever gets none has paid nothing but the entrance.
    async fn enter_line(&self, class: Class, cost: Cost) -> Result<OwnedSemaphorePermit, Fault> {
        let place = self.app.lines.enter(class).await;
        place.map_err(|full: Full| {
            if let Some(purse) = &self.purse {
                purse.refund(cost.points() - ENTRANCE);
            }
            full.into()
        })
    }

    /// The answer with its price, if that was asked for.
    fn reported(&self, mut response: Response, cost: Cost) -> Ran {
        if self.wish != Wish::Header {
            let remaining = self.purse.as_ref().map(|purse| purse.remaining(Instant::now()));
            let report = value!({
                "requested": (cost.points()), "rows": (cost.rows), "fields": (cost.cells),
                "maximum": (self.app.limits.cost), "remaining": (remaining),
            });
            response.extensions.insert("cost".to_owned(), report);
        }
        Ran { response, cost }
    }

    /// Decides from names alone, before the schema is asked: a stranger learns nothing of it.
    fn admit(&self, operation: &Operation<'_>, is_signed_in: bool) -> Result<(), Fault> {
        if operation.kind() == OperationType::Subscription && self.wish != Wish::Validate {
            return Err(Fault::of(&SUBSCRIPTION));
        }
        if *self.request.method() == Method::GET && operation.kind() == OperationType::Mutation {
            return Err(Fault::of(&METHOD).header("allow", "POST"));
        }
        let is_open = match (operation.door(), self.app.config.introspection) {
            (Door::Open, _) | (Door::Introspection, Introspection::Anyone) => true,
            (Door::Introspection, Introspection::SignedIn) | (Door::SignedIn, _) => is_signed_in,
        };
        if is_open { Ok(()) } else { Err(Fault::of(&SIGN_IN).header("www-authenticate", "Bearer")) }
    }
}

impl From<Exhausted> for Fault {
    fn from(Exhausted(wait): Exhausted) -> Self {
        let seconds = seconds(wait).to_string();
        Self::with(&SPENT, seconds.clone()).header("retry-after", seconds)
    }
}

impl From<Full> for Fault {
    fn from(Full(class): Full) -> Self {
        // Passwords are dear by design: who brings too many at once is asked too much of, not the server.
        let kind = if class == Class::SignIn { &BUSY_WITH_SIGN_INS } else { &BUSY };
        Self::of(kind).header("retry-after", "1")
    }
}
