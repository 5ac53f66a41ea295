//! The hall: bytes in, bytes out. Everything between a socket and the schema is here.
//! No domain, no SQL and no roles: the hall knows names of fields, not what they mean.
//!
//! A request walks through the rooms in this order, and leaves at the first that refuses it:
//! `peer` address, `negotiate` headers, `params` body, `lexer` words, `shape` size, `door` who,
//! `validate` schema (once a document, see `document`), `variables` values, `cost` price,
//! `budget` means, `line` place, `omitted`; then the schema runs (`run`) and `answer` writes, or, where the
//! answer goes on, `live`. Why it is refused is in `fault`.

mod answer;
pub mod budget;
mod connection;
mod cost;
pub mod document;
mod door;
mod fault;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod graphql;
pub mod health;
mod ide;
mod lexer;
pub mod limits;
pub mod line;
pub mod live;
pub mod metrics;
mod negotiate;
mod omitted;
mod params;
mod peer;
mod report;
mod run;
pub mod sdl;
mod shape;
mod types;
mod validate;
mod variables;
pub mod worker;
mod written;

use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::dev::{Server, Service};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{App as Site, HttpServer};
use anyhow::Context;

use crate::app::App;
use connection::{Connection, Connections, Running};

/// Seconds that connections under way may take after the signal to stop.
const GRACE: u64 = 15;
/// How long an idle connection is kept, in deadlines of a request.
const KEPT: f32 = 7.5;

/// Begins to listen, and says where; the server that is returned answers when it is awaited.
pub fn listen(app: &Data<App>) -> anyhow::Result<(Server, SocketAddr)> {
    let (config, site) = (&app.config, app.clone());
    let connections = Connections::default();
    let opened = connections.clone();
    let keep_alive = config.deadline.mul_f32(KEPT);
    let server = HttpServer::new(move || {
        let site = Site::new().app_data(site.clone()).configure(routes);
        site.wrap_fn(|request, service| {
            let running = request.conn_data::<Arc<Connection>>().map(Running::begin);
            let answer = service.call(request);
            async move {
                let answer = answer.await;
                drop(running);
                answer
            }
        })
    });
    let server = server
        .on_connect(move |io, extensions| opened.open(io, extensions))
        .workers(config.workers)
        .shutdown_timeout(GRACE)
        .keep_alive(keep_alive)
        .client_request_timeout(config.deadline)
        .disable_signals()
        .bind(config.bind)
        .with_context(|| format!("cannot listen on {}", config.bind))?;
    tokio::spawn(connections.watch(keep_alive + config.deadline));
    let address = server.addrs().first().copied().unwrap_or(config.bind);
    Ok((server.run(), address))
}

/// The routes of the service. `/metrics` has an address of its own: see [`metrics::routes`].
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(
            web::resource("/graphql")
                .route(web::post().to(graphql::post))
                .route(web::get().to(graphql::get))
                .default_service(web::to(graphql::other)),
        )
        .route("/", web::get().to(ide::page))
        .route("/assets/{name}", web::get().to(ide::asset))
        .route("/schema.graphql", web::get().to(sdl::show))
        .route("/healthz", web::get().to(health::live))
        .route("/readyz", web::get().to(health::ready));
}
