//! A WebSocket that speaks `graphql-transport-ws`: who may open one, how it begins, and how it is closed.
//!
//! Ours and not the library's, because that one breaks the protocol where it matters here: it closes with other
//! codes, takes an id twice, waits for ever for the first message, and queues without bounds.
//! No operation is run here.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use actix_web::http::header::{HeaderValue, SEC_WEBSOCKET_PROTOCOL, UPGRADE};
use actix_web::{HttpRequest, HttpResponse, web};
use actix_ws::{
    AggregatedMessage, AggregatedMessageStream, CloseCode, CloseReason, ProtocolError, Session,
};
use serde_json::Value;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::message::{Incoming, token};
use super::operation::{Operation, errors};
use super::outlet::{Event, Outlet};
use super::party::{Farewell, Origin, Party};
use crate::app::Credential;
use crate::http::connection::{Connection, Running};
use crate::http::fault::{Fault, STREAMS, SUBPROTOCOL, UNAVAILABLE};
use crate::http::graphql::Exchange;
use crate::http::negotiate;
use crate::http::params::Parameters;

/// The one subprotocol.
const PROTOCOL: &str = "graphql-transport-ws";
/// How long a client has to take the last message and to close its side.
const LAST: Duration = Duration::from_secs(1);
/// So many pings may stay without any answer.
const SILENCE: u32 = 3;

/// Whether a request is the beginning of a WebSocket.
pub(in crate::http) fn is_asked_for(request: &HttpRequest) -> bool {
    let upgrade = request.headers().get(UPGRADE).map(HeaderValue::as_bytes);
    upgrade.is_some_and(|value| value.eq_ignore_ascii_case(b"websocket"))
}

/// Opens it, or says why not.
pub(in crate::http) fn open(
    exchange: &mut Exchange,
    payload: web::Payload,
) -> Result<HttpResponse, Fault> {
    let (app, request) = (exchange.app.clone(), &exchange.request);
    if !app.ready.load(Ordering::Relaxed) {
        return Err(Fault::of(&UNAVAILABLE).header("retry-after", "1"));
    }
    negotiate::check_origin(request, &app.config.live.origins)?;
    let (peer, language) = (exchange.peer, exchange.language);
    let place = app.live.arrive(peer)?;
    let most = app.config.max_body;
    let opened = actix_ws::handle_with_protocols(request, payload, &[PROTOCOL]);
    let (response, session, messages) = opened.map_err(|_refused| Fault::of(&SUBPROTOCOL))?;
    if !response.headers().contains_key(SEC_WEBSOCKET_PROTOCOL) {
        return Err(Fault::of(&SUBPROTOCOL));
    }
    let connection = request.conn_data::<Arc<Connection>>().cloned();
    let socket = Socket {
        origin: Some(Origin { app, peer, language, transport: "websocket" }),
        header: negotiate::bearer(request).map(str::to_owned),
        session,
        running: connection.as_ref().map(Running::begin),
        connection,
    };
    let messages = messages.max_frame_size(most).aggregate_continuations();
    let messages = messages.max_continuation_size(most);
    actix_web::rt::spawn(async move {
        socket.live(messages).await;
        drop(place);
    });
    exchange.report.status = 101;
    Ok(response)
}

struct Socket {
    /// Goes to the party once that is known.
    origin: Option<Origin>,
    /// The token of the handshake; browsers cannot send one.
    header: Option<String>,
    session: Session,
    connection: Option<Arc<Connection>>,
    running: Option<Running>,
}

/// How a socket ends.
enum End {
    /// With a code, and why.
    Close(u16, &'static str),
    /// The client has closed it, or takes nothing.
    Gone,
}

impl From<Farewell> for End {
    fn from(farewell: Farewell) -> Self {
        let (code, why) = farewell.close();
        Self::Close(code, why)
    }
}

/// A message that is not of the protocol.
const INVALID: End = End::Close(4400, "Invalid message");

/// What a client has sent, in words; none for what the transport itself answers.
fn text(message: Result<AggregatedMessage, ProtocolError>) -> Result<Option<Incoming>, End> {
    match message {
        Ok(AggregatedMessage::Text(text)) => Incoming::read(&text).map(Some).ok_or(INVALID),
        Ok(AggregatedMessage::Binary(_)) => Err(INVALID),
        Ok(AggregatedMessage::Ping(_) | AggregatedMessage::Pong(_)) => Ok(None),
        Ok(AggregatedMessage::Close(_)) => Err(End::Close(1000, "")),
        Err(ProtocolError::Overflow) => Err(End::Close(1009, "Message too big")),
        Err(ProtocolError::Io(_)) => Err(End::Gone),
        Err(_) => Err(End::Close(1002, "Protocol error")),
    }
}

/// Reads what the client has sent until it closes its side.
async fn drain(messages: &mut AggregatedMessageStream) {
    while let Some(Ok(_)) = messages.recv().await {}
}

/// Lets an operation tell what it has to; a client that does not take it is cut off.
async fn tell(operation: Operation, mut outlet: Outlet, connection: Option<Arc<Connection>>) {
    let is_taken = operation.tell(&mut outlet).await;
    if let Some(connection) = connection.filter(|_| !is_taken) {
        connection.cut();
    }
}

impl Socket {
    async fn live(mut self, mut messages: AggregatedMessageStream) {
        let Some(origin) = self.origin.take() else { return };
        let end = self.serve(origin, &mut messages).await;
        let Self { session, connection, running, .. } = self;
        if let End::Close(code, why) = end {
            let reason = CloseReason { code: CloseCode::from(code), description: None };
            let reason =
                CloseReason { description: (!why.is_empty()).then(|| why.to_owned()), ..reason };
            drop(timeout(LAST, session.close(Some(reason))).await);
            // Its own close comes after whatever it has sent before; a connection cut earlier would lose ours.
            drop(timeout(LAST, drain(&mut messages)).await);
        }
        if let Some(connection) = connection {
            connection.end();
        }
        drop(running);
    }

    async fn serve(&mut self, origin: Origin, messages: &mut AggregatedMessageStream) -> End {
        let (app, deadline) = (origin.app.clone(), origin.app.config.deadline);
        let greeted = tokio::select! {
            () = app.live.stopped() => return Farewell::Stopping.into(),
            greeted = timeout(deadline, self.greet(&origin, messages)) => greeted,
        };
        let credential = match greeted {
            Ok(Ok(credential)) => credential,
            Ok(Err(end)) => return end,
            Err(_) => return End::Close(4408, "Connection initialisation timeout"),
        };
        let Ok(party) = Party::new(origin, credential) else {
            return End::Close(4429, "Too many connections");
        };
        if !self.say(r#"{"type":"connection_ack"}"#, deadline).await {
            return End::Gone;
        }
        self.talk(&Arc::new(party), messages).await
    }

    /// Waits for the first message, and says who has come.
    async fn greet(
        &mut self,
        origin: &Origin,
        messages: &mut AggregatedMessageStream,
    ) -> Result<Credential, End> {
        while let Some(message) = messages.recv().await {
            self.echo(&message).await;
            match text(message)? {
                Some(Incoming::ConnectionInit { payload }) => {
                    return self.sign_in(origin, &payload);
                }
                Some(Incoming::Ping) => {
                    self.say(r#"{"type":"pong"}"#, LAST).await;
                }
                Some(Incoming::Subscribe { .. }) => return Err(End::Close(4401, "Unauthorized")),
                Some(Incoming::Pong | Incoming::Complete { .. }) | None => {}
            }
        }
        Err(End::Gone)
    }

    fn sign_in(&self, origin: &Origin, payload: &Value) -> Result<Credential, End> {
        if !origin.app.hears() {
            return Err(Farewell::Deaf.into());
        }
        let bearer = token(payload).or(self.header.as_deref());
        match origin.app.credential(bearer) {
            Ok(Some(credential)) => Ok(credential),
            Ok(None) | Err(_) => Err(Farewell::Revoked.into()),
        }
    }

    async fn talk(&mut self, party: &Arc<Party>, messages: &mut AggregatedMessageStream) -> End {
        let patience = party.app.config.deadline;
        let mut farewell = pin!(party.farewell());
        let mut beats = tokio::time::interval(patience);
        let mut heard = Instant::now();
        let mut operations = Operations::default();
        loop {
            tokio::select! {
                message = messages.recv() => {
                    let Some(message) = message else { return End::Gone };
                    heard = Instant::now();
                    self.echo(&message).await;
                    if let Err(end) = self.take(message, party, &mut operations).await {
                        return end;
                    }
                }
                farewell = &mut farewell => return farewell.into(),
                _ = beats.tick() => {
                    let is_silent = heard.elapsed() > patience * SILENCE;
                    let ping = timeout(patience, self.session.ping(b""));
                    if is_silent || !matches!(ping.await, Ok(Ok(()))) {
                        return End::Gone;
                    }
                }
            }
        }
    }

    /// Answers a ping of the transport.
    async fn echo(&mut self, message: &Result<AggregatedMessage, ProtocolError>) {
        if let Ok(AggregatedMessage::Ping(bytes)) = message {
            drop(timeout(LAST, self.session.pong(bytes)).await);
        }
    }

    async fn say(&mut self, text: &'static str, patience: Duration) -> bool {
        matches!(timeout(patience, self.session.text(text)).await, Ok(Ok(())))
    }

    async fn take(
        &mut self,
        message: Result<AggregatedMessage, ProtocolError>,
        party: &Arc<Party>,
        operations: &mut Operations,
    ) -> Result<(), End> {
        match text(message)? {
            Some(Incoming::ConnectionInit { .. }) => {
                Err(End::Close(4429, "Too many initialisation requests"))
            }
            Some(Incoming::Ping) => {
                let is_heard = self.say(r#"{"type":"pong"}"#, party.app.config.deadline).await;
                if is_heard { Ok(()) } else { Err(End::Gone) }
            }
            Some(Incoming::Complete { id }) => {
                operations.0.remove(&id);
                Ok(())
            }
            Some(Incoming::Subscribe { id, payload }) => {
                self.subscribe((id, payload), party, operations).await
            }
            Some(Incoming::Pong) | None => Ok(()),
        }
    }

    async fn subscribe(
        &mut self,
        (id, payload): (String, Value),
        party: &Arc<Party>,
        operations: &mut Operations,
    ) -> Result<(), End> {
        operations.0.retain(|_, operation| !operation.0.is_finished());
        if operations.0.contains_key(&id) {
            return Err(End::Close(4409, "Subscriber already exists"));
        }
        let parameters = Parameters::from_value(payload).map_err(|_fault| INVALID)?;
        let mut outlet = Outlet::Socket(self.session.clone(), id.clone());
        let most = party.app.config.live.streams;
        let opened = if usize::try_from(most).is_ok_and(|most| operations.0.len() >= most) {
            Err(Fault::with(&STREAMS, most.to_string()))
        } else {
            Operation::open(party, parameters).await
        };
        match opened {
            Ok(operation) => {
                let task = tokio::spawn(tell(operation, outlet, self.connection.clone()));
                operations.0.insert(id, Task(task));
                Ok(())
            }
            Err(fault) => {
                let errors = errors(party, fault, &negotiate::new_id());
                let text = serde_json::to_string(&errors).unwrap_or_else(|_| "[]".to_owned());
                let patience = party.app.config.deadline;
                let is_heard = outlet.tell(Event::Errors(&text), patience).await;
                if is_heard { Ok(()) } else { Err(End::Gone) }
            }
        }
    }
}

/// The operations of a socket, by the ids that the client gave them; they end with it.
#[derive(Default)]
struct Operations(HashMap<String, Task>);

struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
