//! An operation answered as server-sent events: GraphQL over SSE, in its distinct connections mode.
//! No operation is run here.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY, X_CONTENT_TYPE_OPTIONS};
use actix_web::web::Bytes;
use async_graphql::parser::types::OperationType;
use futures_util::stream::unfold;
use tokio::sync::mpsc::{Sender, channel};
use tokio::time::timeout;

use super::operation::{Operation, errors};
use super::outlet::{Event, Outlet};
use super::party::{Farewell, Origin, Party};
use crate::app::Credential;
use crate::http::connection::{Connection, Running};
use crate::http::fault::{Fault, METHOD, SIGN_IN, UNAVAILABLE};
use crate::http::graphql::Exchange;
use crate::http::params::Parameters;

/// Events that wait for a client to read them.
const WAITING: usize = 4;
/// Says nothing; keeps the connection open and finds out whether somebody is still there.
const HEARTBEAT: &[u8] = b":\n\n";

/// Begins the stream, or says why not before anything of it is sent.
pub(in crate::http) async fn open(
    exchange: &mut Exchange,
    parameters: Parameters,
    caller: Option<Credential>,
) -> Result<HttpResponse, Fault> {
    let app = exchange.app.clone();
    let Some(credential) = caller else {
        return Err(Fault::of(&SIGN_IN).header("www-authenticate", "Bearer"));
    };
    if !app.ready.load(std::sync::atomic::Ordering::Relaxed) {
        return Err(Fault::of(&UNAVAILABLE).header("retry-after", "1"));
    }
    let (peer, language) = (exchange.peer, exchange.language);
    let place = app.live.arrive(peer)?;
    let origin = Origin { app, peer, language, transport: "sse" };
    let party = Arc::new(Party::new(origin, credential)?);
    let operation = Operation::open(&party, parameters).await?;
    if *exchange.request.method() == Method::GET && operation.kind() == OperationType::Mutation {
        return Err(Fault::of(&METHOD).header("allow", "POST"));
    }
    let running = exchange.request.conn_data::<Arc<Connection>>().map(Running::begin);
    let (sender, receiver) = channel(WAITING);
    tokio::spawn(async move {
        serve(&party, operation, sender).await;
        drop((place, running));
    });
    exchange.report.status = 200;
    let body = unfold(receiver, |mut receiver| async {
        let bytes = receiver.recv().await?;
        Some((Ok::<Bytes, Infallible>(bytes), receiver))
    });
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((VARY, "accept, accept-language, authorization"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // A proxy that gathers answers would keep the events to itself.
        .insert_header(("x-accel-buffering", "no"))
        .insert_header(("x-request-id", exchange.report.request_id.as_str()))
        .streaming(body))
}

/// Writes until the operation is over, its caller may not stay, or nobody reads.
async fn serve(party: &Arc<Party>, operation: Operation, sender: Sender<Bytes>) {
    let patience = party.app.config.deadline;
    let id = operation.id().to_owned();
    let mut outlet = Outlet::Events(sender.clone());
    let mut work = pin!(operation.tell(&mut outlet));
    let mut farewell = pin!(party.farewell());
    let mut beats = tokio::time::interval(patience);
    let farewell = loop {
        tokio::select! {
            _ = &mut work => return,
            farewell = &mut farewell => break farewell,
            () = sender.closed() => return,
            _ = beats.tick() => {
                let beat = sender.send(Bytes::from_static(HEARTBEAT));
                if !matches!(timeout(patience, beat).await, Ok(Ok(()))) {
                    return;
                }
            }
        }
    };
    say_farewell(party, farewell, (sender, &id)).await;
}

async fn say_farewell(party: &Party, farewell: Farewell, (sender, id): (Sender<Bytes>, &str)) {
    let Some(fault) = farewell.fault() else { return };
    let errors = errors(party, fault, id);
    let text = serde_json::to_string(&errors).unwrap_or_else(|_| "[]".to_owned());
    Outlet::Events(sender).tell(Event::Errors(&text), party.app.config.deadline).await;
}
